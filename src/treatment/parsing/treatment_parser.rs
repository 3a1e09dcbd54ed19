//! Walks over the blocks of a treatment: begins scenes, and gives every label and every paragraph to
//! the brief or to the scene that it is in.

use super::block_redaction::{note_redactions, redact_blocks};
use super::brief_labels::apply_brief_label;
use super::label_lines::{is_chart_label, is_scene_label, join_line, label_end, label_of};
use super::parse_notes::{note_guess, note_unknown_label};
use super::scene_division::{SceneDivision, is_section_heading, scene_division, title_heading};
use super::scene_labels::{
    OpenScene, names_file, overlay, quote_overlay, reference, text_lines, warn_reversed,
};
use super::scene_marks::{begins_with_times, read_scene_mark, scene_word_rank};
use super::scene_prose::speech_start;
use super::scene_slugs::name_scenes;
use super::scene_table::{label_rows, row_note, scene_columns};
use super::treatment_guesses::finish_treatment;
use crate::base::suggestions::SearchAllowance;
use crate::base::{Diagnostic, Diagnostics, FileSpan, Spanned};
use crate::document::quote::quote_value;
use crate::treatment::reading::{
    BlockReference, LocatedText, TreatmentBlock, TreatmentText, read_blocks,
};
use crate::treatment::treatment_value::{
    OverlayKind, ReferenceRole, SceneOverlay, ScenePurpose, Treatment, TreatmentBrief,
    TreatmentReference, TreatmentScene,
};
use crate::treatment::words::{
    LabelKind, is_brief_section, is_cta_word, is_hook_word, label_kind, name_before_speech,
    nearest_label, parse_times,
};

/// Most scenes of a treatment. A film of a second each would last over half an hour.
const MAX_SCENES: usize = 2000;

/// Longest rest of a mark that is a heading and not the text of the scene.
const MAX_HEADING: usize = 80;

/// Reads a treatment. What is guessed, and what cannot be read, is in the findings; only a text
/// without any scene is an error.
pub fn parse_treatment(text: &TreatmentText, diagnostics: &mut Diagnostics) -> Treatment {
    let blocks = read_blocks(&text.text, text.file, text.format);
    let mut redactions = Vec::new();
    // Before anything else reads them, so that no secret and no URL can come through.
    let mut blocks = redact_blocks(blocks, text, &mut redactions);
    note_redactions(&redactions, diagnostics);
    // Before the division, which looks at headings.
    raise_title(&mut blocks, diagnostics);
    // One way for the whole text: two ways at once would nest scenes in scenes.
    let division = scene_division(&blocks);
    let mut parser = TreatmentParser::new(division, title_heading(&blocks), diagnostics);
    for (index, block) in blocks.iter().enumerate() {
        parser.read_block(index, block);
    }
    let (brief, mut scenes) = parser.finish();
    name_scenes(&mut scenes);
    let mut treatment = Treatment {
        brief,
        scenes,
        redactions,
    };
    finish_treatment(&mut treatment, division, text, diagnostics);
    treatment
}

/// Returns a label as people write it.
fn capitalised(label: &str) -> String {
    let mut letters = label.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// Whether a line begins with the name of who says it.
fn begins_speech(text: &str) -> bool {
    let is_label =
        || label_end(text).is_some_and(|(end, _)| label_kind(text[..end].trim()).is_some());
    speech_start(text).is_some() || (name_before_speech(text).is_some() && !is_label())
}

/// Returns a title without the time in it, and without the marks that set the time apart.
fn without_time(text: &LocatedText, range: std::ops::Range<usize>) -> LocatedText {
    let marks = |c: char| c.is_whitespace() || "-–—:,|(".contains(c);
    let before = text.text[..range.start].trim_end_matches(marks).len();
    let after = &text.text[range.end..];
    let from = range.end + after.len() - after.trim_start_matches(marks).len();
    let mut title = text.part(0..before);
    let rest = text.part(from..text.text.len());
    if !title.is_blank() && !rest.is_blank() {
        let at = title.full_span().end as usize;
        title.push(", ", at..at);
    }
    title.append(&rest);
    title
}

/// Makes a heading of the first line of a text that has none, if it stands alone as titles do.
fn raise_title(blocks: &mut [TreatmentBlock], diagnostics: &mut Diagnostics) {
    let has_title = blocks
        .iter()
        .any(|block| matches!(block, TreatmentBlock::Heading { level: 1, .. }));
    // As a title, the only line would leave nothing to film.
    let is_followed = blocks.len() > 1;
    let Some(first) = blocks.first_mut() else {
        return;
    };
    let TreatmentBlock::Lines(lines) = &*first else {
        return;
    };
    let [line] = lines.as_slice() else { return };
    let text = line.text.trim();
    // Sentences, labels and directions end with a mark, and titles do not.
    let is_short =
        text.chars().count() <= MAX_HEADING && !text.ends_with(['.', '!', '?', ':', ']', ')']);
    // As a title, it would not be read as what it says.
    let is_content = label_of(line).is_some()
        || speech_start(text).is_some()
        || scene_word_rank(text).is_some()
        || begins_with_times(text);
    if has_title || !is_followed || !is_short || is_content {
        return;
    }
    note_guess(
        diagnostics,
        line.full_span(),
        "this is the title",
        "it is the first line, and stands alone",
    );
    let text = line.clone();
    *first = TreatmentBlock::Heading { level: 1, text };
}

/// What a label without a value was about, until the next label or heading.
struct PendingLabel {
    kind: LabelKind,
    /// Whether a heading is the label: then it holds for every block below it.
    is_heading: bool,
    /// Its place, and whether anything was behind it or followed it.
    origin: FileSpan,
    is_used: bool,
}

struct TreatmentParser<'a> {
    division: SceneDivision,
    title: Option<usize>,
    diagnostics: &'a mut Diagnostics,
    brief: TreatmentBrief,
    scenes: Vec<TreatmentScene>,
    open: Option<OpenScene>,
    pending: Option<PendingLabel>,
    /// The place of the label that was read last.
    label_origin: FileSpan,
    /// Whether what follows is about the whole film.
    in_brief: bool,
    /// Whether the next content begins a scene.
    wants_scene: bool,
    /// Whether there was a scene too many, which is reported once.
    is_full: bool,
    /// The level of the heading of the last scene.
    scene_level: Option<u8>,
    searches: SearchAllowance,
}

impl<'a> TreatmentParser<'a> {
    fn new(
        division: SceneDivision,
        title: Option<usize>,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        Self {
            division,
            title,
            diagnostics,
            brief: TreatmentBrief::default(),
            scenes: Vec::new(),
            open: None,
            pending: None,
            label_origin: FileSpan::default(),
            in_brief: true,
            wants_scene: true,
            is_full: false,
            scene_level: None,
            searches: SearchAllowance::default(),
        }
    }

    fn read_block(&mut self, index: usize, block: &TreatmentBlock) {
        match block {
            TreatmentBlock::Heading { text, .. } if Some(index) == self.title => {
                self.read_title(text);
            }
            TreatmentBlock::Heading { level, text } => self.read_heading(*level, text),
            TreatmentBlock::Lines(lines) => self.read_lines(lines),
            TreatmentBlock::Point {
                list, depth, lines, ..
            } => self.read_point(*list, *depth, lines),
            TreatmentBlock::Quote(lines) => self.read_quote(lines),
            TreatmentBlock::Code {
                language, lines, ..
            } => self.read_code(language.as_ref(), lines),
            TreatmentBlock::Table {
                header,
                rows,
                origin,
            } => self.read_table(header, rows, *origin),
            TreatmentBlock::Rule(_) => self.read_rule(),
            TreatmentBlock::Reference(found) => self.read_reference(found),
        }
    }

    fn read_title(&mut self, text: &LocatedText) {
        let mut title = text.clone();
        if let Some(found) = parse_times(&text.text) {
            let origin = text.span(found.range.clone());
            let guess = format!("the film lasts {} s", found.timing.length.seconds());
            note_guess(self.diagnostics, origin, guess, "its title says so");
            self.brief.duration = Some(Spanned::new(found.timing.length, origin));
            title = without_time(text, found.range);
        }
        let end = title
            .text
            .trim_end_matches([' ', '-', '–', '—', ':', ',', '|'])
            .len();
        let value = title.value(0..end);
        let name = match value.value.split_once(':') {
            // `Title: Bees` as a heading.
            Some((label, rest)) if label_kind(label).is_some() => rest.trim().to_owned(),
            _ => value.value,
        };
        self.brief.title = Some(Spanned::new(name, value.origin));
    }

    fn read_heading(&mut self, level: u8, text: &LocatedText) {
        self.end_pending();
        if self.heading_begins_scene(level, text) {
            self.scene_level = Some(level);
            self.begin_marked(text);
            return;
        }
        // A heading that is as large as those of scenes ends the scene.
        if self.scene_level.is_some_and(|scene| level <= scene) {
            self.in_brief = true;
        }
        if let Some((kind, value)) = self.split_label(text) {
            self.apply_label(kind, &value);
        } else if let Some(kind) = label_kind(text.text.trim()) {
            self.pending = Some(PendingLabel {
                kind,
                is_heading: true,
                origin: text.full_span(),
                // It is the title of what follows, which may have labels of its own.
                is_used: true,
            });
            if is_chart_label(kind) {
                self.await_chart(kind, text.full_span());
            }
        } else if is_brief_section(&text.text) {
            self.in_brief = true;
        } else if let Some(open) = self.current() {
            open.scene.notes.push(text.full_value());
        }
    }

    fn heading_begins_scene(&self, level: u8, text: &LocatedText) -> bool {
        match self.division {
            SceneDivision::Marks(rank) => {
                scene_word_rank(&text.text) == Some(rank) || self.is_closing(level, text)
            }
            SceneDivision::Times => begins_with_times(&text.text) || self.is_closing(level, text),
            SceneDivision::Headings(wanted) => level == wanted && !is_section_heading(text),
            _ => false,
        }
    }

    /// Whether a heading behind numbered scenes, and as large, is the last of them without a number.
    fn is_closing(&self, level: u8, text: &LocatedText) -> bool {
        self.scene_level == Some(level) && is_cta_word(&text.text) && !is_brief_section(&text.text)
    }

    fn line_begins_scene(&self, line: &LocatedText) -> bool {
        match self.division {
            SceneDivision::Marks(rank) => scene_word_rank(&line.text) == Some(rank),
            SceneDivision::Times => begins_with_times(&line.text),
            _ => false,
        }
    }

    /// Begins a scene at a heading or a line that says number, time or name of it.
    fn begin_marked(&mut self, text: &LocatedText) {
        self.begin_scene(text.full_span());
        let mark = read_scene_mark(text);
        let is_reversed = mark.time.as_ref().is_some_and(|time| time.is_reversed);
        let rest = mark.rest;
        let Some(open) = &mut self.open else { return };
        open.scene.number = mark.number;
        match mark.timing {
            Some(timing) if is_reversed => warn_reversed(self.diagnostics, timing.origin),
            timing => open.scene.timing = timing,
        }
        self.read_mark_rest(&rest);
    }

    /// Reads what is left of the line that begins a scene: a label, a purpose, a heading or prose.
    fn read_mark_rest(&mut self, rest: &LocatedText) {
        if rest.is_blank() {
            return;
        }
        if let Some((kind, value)) = self.split_label(rest) {
            if kind == LabelKind::CallToAction {
                // It is the name of the scene, too.
                let end = label_end(&rest.text).map_or(0, |(end, _)| end);
                if let Some(open) = &mut self.open {
                    open.scene.heading = Some(rest.value(0..end));
                }
            }
            self.apply_label(kind, &value);
            return;
        }
        let Some(open) = &mut self.open else { return };
        let (name, text) = match rest.text.split_once(':') {
            // What is longer before a colon is a sentence and no name.
            Some((name, _)) if name.len() <= MAX_HEADING / 2 => {
                let text = rest.part(name.len() + 1..rest.text.len());
                (rest.part(0..name.len()), Some(text))
            }
            _ => (rest.clone(), None),
        };
        let value = name.full_value();
        if is_hook_word(&value.value) {
            open.scene.purpose = Some(Spanned::new(ScenePurpose::Hook, value.origin));
        } else if is_cta_word(&value.value) {
            open.scene.purpose = Some(Spanned::new(ScenePurpose::Cta, value.origin));
        }
        if value.value.chars().count() > MAX_HEADING {
            open.loose.push(name);
        } else {
            open.scene.heading = Some(value);
        }
        open.loose.extend(text.filter(|text| !text.is_blank()));
    }

    fn begin_scene(&mut self, origin: FileSpan) {
        self.end_scene();
        self.in_brief = false;
        self.wants_scene = false;
        self.end_pending();
        // What is written in a scene too many goes with it, and not into the brief.
        let mut open = OpenScene::default();
        open.scene.origin = origin;
        self.open = Some(open);
        if self.scenes.len() == MAX_SCENES && !std::mem::replace(&mut self.is_full, true) {
            let message = format!("the treatment has more than {MAX_SCENES} scenes");
            let code = "production::treatment::too_many_scenes";
            let warning = Diagnostic::warning(code, origin, message);
            let help = "divide it: one treatment for each film";
            self.diagnostics
                .push(warning.with_label("left out from here on").with_help(help));
        }
    }

    fn end_scene(&mut self) {
        let open = self.open.take();
        if let Some(open) = open.filter(|_| self.scenes.len() < MAX_SCENES) {
            let scene = open.finish(self.diagnostics);
            self.scenes.push(scene);
        }
    }

    /// Returns the scene that content belongs to. `None` while the text is about the whole film.
    const fn current(&mut self) -> Option<&mut OpenScene> {
        if self.in_brief {
            None
        } else {
            self.open.as_mut()
        }
    }

    /// Returns the scene that content belongs to. Begins one where any content does.
    fn scene_for_content(&mut self, origin: FileSpan) -> Option<&mut OpenScene> {
        let begins = matches!(
            self.division,
            SceneDivision::Rules | SceneDivision::Paragraphs
        );
        if begins && self.wants_scene {
            self.begin_scene(origin);
        }
        self.current()
    }

    fn read_rule(&mut self) {
        self.end_pending();
        if self.division == SceneDivision::Rules {
            // Begun here, a rule at the end or a second one would make an empty scene.
            self.wants_scene = true;
        }
    }

    fn read_lines(&mut self, lines: &[LocatedText]) {
        let Some(first) = lines.first() else { return };
        self.begin_paragraph(first);
        // The label that the lines below it go on with.
        let mut last: Option<(LabelKind, LocatedText)> = None;
        let mut prose = LocatedText::default();
        // One line with a name before it may be prose; two of them talk.
        let talking = lines.iter().filter(|line| begins_speech(&line.text));
        let is_dialogue = talking.count() > 1;
        for line in lines {
            if self.line_begins_scene(line) {
                self.end_label(&mut last);
                self.end_prose(&mut prose);
                self.begin_marked(line);
            } else if let Some((kind, value)) = self.split_label(line) {
                self.end_label(&mut last);
                self.end_prose(&mut prose);
                last = Some((kind, value));
            } else if let Some((kind, value)) = &mut last {
                // Below `Narration:`, a name before a line is another speaker and no words of the
                // first.
                let is_next_speaker = *kind == LabelKind::Narration && begins_speech(&line.text);
                if is_next_speaker {
                    let said = std::mem::replace(value, line.clone());
                    self.apply_label(LabelKind::Narration, &said);
                } else {
                    note_unknown_label(line, *kind, self.diagnostics);
                    join_line(value, line);
                }
            } else if is_dialogue && begins_speech(&line.text) {
                self.end_prose(&mut prose);
                last = Some((LabelKind::Narration, line.clone()));
            } else if speech_start(&line.text).is_some() {
                // What is said is a part of its own, apart from the prose above it.
                self.end_prose(&mut prose);
                prose = line.clone();
            } else {
                join_line(&mut prose, line);
            }
        }
        self.end_label(&mut last);
        self.end_prose(&mut prose);
    }

    /// In a text without headings, a paragraph begins a scene: any prose, and a label that the scene
    /// has already.
    fn begin_paragraph(&mut self, first: &LocatedText) {
        if self.division != SceneDivision::Paragraphs || self.pending.is_some() {
            return;
        }
        // A second picture or a second narration belongs to the next scene.
        self.wants_scene |= match label_of(first) {
            Some(kind) => self.open.as_ref().is_some_and(|open| {
                open.has_seen(kind) || (!open.loose.is_empty() && kind == LabelKind::Narration)
            }),
            None => true,
        };
    }

    fn end_label(&mut self, last: &mut Option<(LabelKind, LocatedText)>) {
        if let Some((kind, value)) = last.take() {
            self.apply_label(kind, &value);
        }
    }

    fn end_prose(&mut self, prose: &mut LocatedText) {
        let prose = std::mem::take(prose);
        if !prose.is_blank() {
            self.read_prose(&prose);
        }
    }

    /// Reads prose without a label of its own.
    fn read_prose(&mut self, prose: &LocatedText) {
        if let Some(pending) = &self.pending {
            let kind = pending.kind;
            let is_heading = pending.is_heading;
            self.use_pending();
            // A heading is the label of all blocks below it; a line is that of the next one.
            if !is_heading {
                self.pending = None;
            }
            self.apply_value(kind, prose);
            return;
        }
        match self.scene_for_content(prose.full_span()) {
            Some(open) => open.loose.push(prose.clone()),
            None => self.brief.notes.push(prose.full_value()),
        }
    }

    fn read_point(&mut self, list: usize, depth: usize, lines: &[LocatedText]) {
        let Some(first) = lines.first() else { return };
        // Deeper points are about the scene of the point above them.
        if self.division == SceneDivision::Points(list) && depth == 1 {
            self.begin_marked(first);
            for line in &lines[1..] {
                self.read_prose(line);
            }
            return;
        }
        if self.line_begins_scene(first) || self.split_label(first).is_some() {
            // `Audio:` above points with labels of their own is their title.
            self.use_pending();
            self.read_lines(lines);
            return;
        }
        let mut point = LocatedText::default();
        for line in lines {
            join_line(&mut point, line);
        }
        if let Some(pending) = &self.pending {
            let kind = pending.kind;
            self.use_pending();
            self.apply_point(kind, list, &point);
            return;
        }
        match self.scene_for_content(point.full_span()) {
            Some(open) => open.points.push((list, point)),
            None => self.brief.notes.push(point.full_value()),
        }
    }

    /// Reads a point below a label.
    fn apply_point(&mut self, kind: LabelKind, list: usize, point: &LocatedText) {
        let is_chart = is_chart_label(kind);
        match self.current() {
            Some(open) if is_chart => open.points.push((list, point.clone())),
            Some(open) if kind == LabelKind::List => {
                let line = point.full_value();
                match open.scene.overlays.last_mut() {
                    Some(last) if last.kind == OverlayKind::List => last.lines.push(line),
                    _ => open
                        .scene
                        .overlays
                        .push(overlay(OverlayKind::List, vec![line])),
                }
            }
            _ => self.apply_value(kind, point),
        }
    }

    fn read_quote(&mut self, lines: &[LocatedText]) {
        self.use_pending();
        // Below `Narration:`, a quote is what is said, and no card.
        let is_narration = self
            .pending
            .as_ref()
            .is_some_and(|pending| pending.kind == LabelKind::Narration);
        if is_narration || lines.iter().any(|line| self.split_label(line).is_some()) {
            self.read_lines(lines);
            return;
        }
        let origin = lines
            .first()
            .map(LocatedText::full_span)
            .unwrap_or_default();
        match self.scene_for_content(origin) {
            Some(open) => open.scene.overlays.push(quote_overlay(lines)),
            None => self
                .brief
                .notes
                .extend(lines.iter().map(LocatedText::full_value)),
        }
    }

    fn read_code(&mut self, language: Option<&String>, lines: &[LocatedText]) {
        self.use_pending();
        let code = SceneOverlay {
            code_language: language.cloned(),
            ..overlay(
                OverlayKind::Code,
                lines.iter().map(LocatedText::verbatim_value).collect(),
            )
        };
        let origin = lines
            .first()
            .map(LocatedText::full_span)
            .unwrap_or_default();
        match self.scene_for_content(origin) {
            Some(open) => open.scene.overlays.push(code),
            None => self.brief.notes.extend(code.lines),
        }
    }

    fn read_table(&mut self, header: &[LocatedText], rows: &[Vec<LocatedText>], origin: FileSpan) {
        self.use_pending();
        if let (SceneDivision::Table, Some(columns)) = (self.division, scene_columns(header)) {
            for row in rows {
                self.read_scene_row(header, &columns, row);
            }
        } else if let Some(labels) = label_rows(header, rows) {
            for (kind, label, value) in labels {
                self.label_origin = label.full_span();
                self.apply_label(kind, value);
            }
        } else {
            self.pending = None;
            let diagnostics = &mut *self.diagnostics;
            match self.open.as_mut().filter(|_| !self.in_brief) {
                Some(open) => open.push_table(header, rows, origin, diagnostics),
                None => {
                    let rows = std::iter::once(header).chain(rows.iter().map(Vec::as_slice));
                    self.brief.notes.extend(rows.filter_map(row_note));
                }
            }
        }
    }

    fn read_scene_row(
        &mut self,
        header: &[LocatedText],
        columns: &[Option<LabelKind>],
        row: &[LocatedText],
    ) {
        let Some(first) = row.iter().find(|cell| !cell.is_blank()) else {
            return;
        };
        self.begin_scene(first.full_span());
        for ((name, kind), cell) in header.iter().zip(columns).zip(row) {
            match kind {
                _ if cell.is_blank() => {}
                Some(kind) => self.apply_label(*kind, cell),
                None => self.read_other_cell(name, cell),
            }
        }
    }

    /// Reads a cell of a column that is no label: the number of the scene, or a remark.
    fn read_other_cell(&mut self, name: &LocatedText, cell: &LocatedText) {
        let Some(open) = &mut self.open else { return };
        let is_number = [
            "#", "no", "nr", "scene", "szene", "shot", "n°", "scène", "escena",
        ]
        .contains(
            &name
                .text
                .trim()
                .trim_end_matches('.')
                .to_lowercase()
                .as_str(),
        );
        if !is_number {
            open.scene.notes.push(cell.full_value());
            return;
        }
        let mark = read_scene_mark(cell);
        open.scene.number = mark.number.clone();
        if open.scene.timing.is_none() {
            open.scene.timing = mark.timing;
        }
        let rest = mark.rest.full_value();
        // A number alone has no word or mark from which `read_scene_mark` would know it.
        let is_plain_number = rest.value.parse::<u32>().is_ok();
        if is_plain_number && mark.number.is_none() {
            open.scene.number = Some(rest);
        } else if !rest.value.is_empty() {
            open.scene.heading = Some(rest);
        }
    }

    fn read_reference(&mut self, found: &BlockReference) {
        self.use_pending();
        // A picture in the text is to be seen; a link is more often a source.
        let role = if found.is_picture {
            ReferenceRole::Primary
        } else {
            ReferenceRole::Reference
        };
        let kept = TreatmentReference {
            about: found.about.clone(),
            ..reference(found.destination.clone(), role)
        };
        match self.current() {
            Some(open) => open.scene.references.push(kept),
            None => self.brief.references.push(kept),
        }
    }

    /// Returns the label of a line and what follows it. A misspelt label is taken for the nearest,
    /// with a warning.
    fn split_label(&mut self, line: &LocatedText) -> Option<(LabelKind, LocatedText)> {
        let (end, after) = label_end(&line.text)?;
        let label = line.text[..end].trim();
        let value = line.part(after..line.text.len());
        self.label_origin = line.span(0..end);
        if let Some(kind) = label_kind(label) {
            return Some((kind, value));
        }
        // A label has few words, and the searches of a text have a limit.
        if label.split_whitespace().count() > 3 || !label.starts_with(char::is_uppercase) {
            return None;
        }
        let (near, kind) = self.searches.search(|| nearest_label(label))?;
        let origin = line.span(0..end);
        let message = format!("{} is no label", quote_value(label));
        let warning = Diagnostic::warning("production::treatment::unknown_label", origin, message);
        self.diagnostics.push(
            warning
                .with_label(format!("read as `{near}`"))
                .with_help(format!("write `{}:`", capitalised(near))),
        );
        Some((kind, value))
    }

    /// Applies a label; one without a value waits for what follows.
    fn apply_label(&mut self, kind: LabelKind, value: &LocatedText) {
        self.end_pending();
        let is_chart = is_chart_label(kind);
        if value.is_blank() || is_chart {
            self.pending = Some(PendingLabel {
                kind,
                is_heading: false,
                origin: self.label_origin,
                // A chart without data is reported by its scene.
                is_used: !value.is_blank() || is_chart && !self.in_brief && self.open.is_some(),
            });
        }
        if !value.is_blank() {
            self.apply_value(kind, value);
        } else if is_chart {
            self.await_chart(kind, self.label_origin);
        }
    }

    /// Keeps a label of a chart whose data may follow.
    fn await_chart(&mut self, kind: LabelKind, origin: FileSpan) {
        let diagnostics = &mut *self.diagnostics;
        if !self.in_brief
            && let Some(open) = &mut self.open
        {
            open.await_chart(kind, origin, diagnostics);
        }
    }

    /// Marks the label before as one that something follows.
    const fn use_pending(&mut self) {
        if let Some(pending) = &mut self.pending {
            pending.is_used = true;
        }
    }

    /// Ends the label before. If nothing followed it, it is reported: somebody forgot the value, or it
    /// is where nobody reads it.
    fn end_pending(&mut self) {
        let Some(pending) = self.pending.take().filter(|pending| !pending.is_used) else {
            return;
        };
        let message = "nothing follows this label";
        let code = "production::treatment::unreadable_value";
        let warning = Diagnostic::warning(code, pending.origin, message);
        let help = "write its value behind the colon or below it, or remove the label";
        self.diagnostics
            .push(warning.with_label("left out").with_help(help));
    }

    fn apply_value(&mut self, kind: LabelKind, value: &LocatedText) {
        // At the top of a text, a call to action is that of the whole film.
        let is_of_film = kind == LabelKind::CallToAction && self.open.is_none();
        if is_scene_label(kind) && !is_of_film {
            // A label of a scene where any content begins one.
            let _ = self.scene_for_content(value.full_span());
        }
        let diagnostics = &mut *self.diagnostics;
        let open = if self.in_brief {
            None
        } else {
            self.open.as_mut()
        };
        let is_done = open.is_some_and(|open| open.apply_label(kind, value, diagnostics));
        if !is_done && !apply_brief_label(&mut self.brief, kind, value, diagnostics) {
            self.read_stray_label(kind, value);
        }
    }

    /// Keeps what a label of a scene says outside of any scene.
    fn read_stray_label(&mut self, kind: LabelKind, value: &LocatedText) {
        if kind == LabelKind::CallToAction {
            self.brief.calls_to_action.push(text_lines(value));
            return;
        }
        let is_file = kind == LabelKind::Source && names_file(&value.full_value().value);
        if kind == LabelKind::Asset || is_file {
            let kept = reference(value.full_value(), ReferenceRole::Reference);
            self.brief.references.push(kept);
        } else {
            self.brief.notes.push(value.full_value());
        }
    }

    fn finish(mut self) -> (TreatmentBrief, Vec<TreatmentScene>) {
        self.end_pending();
        self.end_scene();
        (self.brief, self.scenes)
    }
}
