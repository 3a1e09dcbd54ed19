//! Labels of scenes.

use super::brief_labels::yes_or_no;
use super::chart_reader::{ChartHead, read_chart_line};
use super::kpi_reader::{is_year, read_kpi};
use super::parse_notes::{note_guess, warn_repeated, warn_unreadable};
use super::scene_prose::{read_visual, spoken_line};
use crate::base::{Diagnostic, Diagnostics, FileSpan, Spanned};
use crate::treatment::reading::LocatedText;
use crate::treatment::treatment_value::{
    ChartKind, OverlayKind, ReferenceRole, SceneChart, SceneOverlay, ScenePurpose,
    TreatmentReference, TreatmentScene,
};
use crate::treatment::words::{
    LabelKind, camera_words, focal_words, is_cta_word, is_hook_word, language_tag, parse_length,
};

/// A scene that is being read.
#[derive(Debug, Default)]
pub(super) struct OpenScene {
    pub(super) scene: TreatmentScene,
    /// Paragraphs without a label.
    pub(super) loose: Vec<LocatedText>,
    /// Points without a label, each with the number of its list.
    pub(super) points: Vec<(usize, LocatedText)>,
    /// A chart whose data have not been found yet.
    pub(super) chart: Option<ChartHead>,
    /// The labels that were read, for paragraphs that begin a new scene with the same label.
    pub(super) seen: Vec<LabelKind>,
}

/// Returns whether a source is a file or an address, and not the name of who counted.
pub(super) fn names_file(text: &str) -> bool {
    let extension = text.rsplit_once('.').map(|(_, extension)| extension);
    let is_extension = |text: &str| {
        (2..=4).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric())
    };
    !text.contains(' ') && (text.contains('/') || extension.is_some_and(is_extension))
}

impl OpenScene {
    pub(super) fn has_seen(&self, kind: LabelKind) -> bool {
        self.seen.contains(&kind)
    }

    /// Sets what a label says about the scene. Returns whether it is a label of scenes.
    pub(super) fn apply_label(
        &mut self,
        kind: LabelKind,
        value: &LocatedText,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        self.seen.push(kind);
        let text = value.full_value();
        let scene = &mut self.scene;
        match kind {
            LabelKind::Title => scene.heading = Some(text),
            LabelKind::Duration => set_timing(scene, value, diagnostics),
            LabelKind::Language => scene.language = read_language(&text, diagnostics),
            LabelKind::Narration => scene.narration.extend(spoken_line(value, diagnostics)),
            LabelKind::Visual => scene.visuals.push(read_visual(&text)),
            LabelKind::Background => scene.visuals.push(read_visual(&text)),
            LabelKind::Text | LabelKind::Logo | LabelKind::LowerThird => {
                self.push_overlay(kind, value);
            }
            LabelKind::CallToAction => {
                // A scene that asks for something is the end card, unless its purpose is written.
                let cta = Spanned::new(ScenePurpose::Cta, text.origin);
                scene.purpose.get_or_insert(cta);
                self.push_overlay(kind, value);
            }
            LabelKind::List => self.push_list(value),
            LabelKind::Quote => scene
                .overlays
                .push(quote_overlay(std::slice::from_ref(value))),
            LabelKind::Effect => scene.effects.extend(listed(value)),
            LabelKind::Sound => scene.sounds.extend(listed(value)),
            LabelKind::Music => scene.music = Some(text),
            LabelKind::Purpose => set_purpose(scene, &text, diagnostics),
            LabelKind::Camera | LabelKind::Focal => self.set_camera(&text, diagnostics),
            LabelKind::Asset => scene
                .references
                .push(reference(text, ReferenceRole::Primary)),
            // `Source: WHO, 2024` is who counted, and is shown below a chart.
            LabelKind::Source if names_file(&text.value) => scene
                .references
                .push(reference(text, ReferenceRole::Primary)),
            LabelKind::Source => scene.source = Some(text),
            LabelKind::Subtitles => {
                scene.subtitles = yes_or_no(&text.value).map(|on| Spanned::new(on, text.origin));
            }
            LabelKind::Note | LabelKind::Style | LabelKind::Tone => scene.notes.push(text),
            _ => return self.apply_chart(kind, value, diagnostics),
        }
        true
    }

    fn apply_chart(
        &mut self,
        kind: LabelKind,
        value: &LocatedText,
        diagnostics: &mut Diagnostics,
    ) -> bool {
        let kind = match kind {
            LabelKind::Kpi => return self.push_kpi(value, diagnostics),
            LabelKind::Chart
            | LabelKind::BarChart
            | LabelKind::LineChart
            | LabelKind::PieChart
            | LabelKind::Table => chart_kind(kind),
            _ => return false,
        };
        let (head, (rows, passed)) = read_chart_line(kind, value);
        passed.iter().for_each(|row| row.note(diagnostics));
        if rows.is_empty() {
            self.set_chart_head(head, diagnostics);
        } else {
            let kind = head
                .kind
                .unwrap_or_else(|| super::chart_reader::guess_kind(&rows));
            self.scene.charts.push(SceneChart {
                kind,
                title: head.title,
                columns: Vec::new(),
                rows,
                origin: head.origin,
            });
        }
        true
    }

    /// Keeps a label of a chart of which nothing is on its line: its data may follow.
    pub(super) fn await_chart(
        &mut self,
        kind: LabelKind,
        origin: FileSpan,
        diagnostics: &mut Diagnostics,
    ) {
        self.seen.push(kind);
        let head = ChartHead {
            kind: chart_kind(kind),
            title: None,
            origin,
        };
        self.set_chart_head(head, diagnostics);
    }

    /// Keeps what is known of a chart until its data come. One that waited before has none.
    fn set_chart_head(&mut self, head: ChartHead, diagnostics: &mut Diagnostics) {
        if let Some(before) = self.chart.replace(head) {
            warn_no_data(diagnostics, before.origin, "chart");
        }
    }

    /// Reads one number with its words, or several: `$3.5M lost; 40% up`. What is no plain number, such
    /// as `1 in 3`, is shown as the words that it is.
    fn push_kpi(&mut self, value: &LocatedText, diagnostics: &mut Diagnostics) -> bool {
        let mut rows = Vec::new();
        for part in kpi_parts(value) {
            match read_kpi(&part) {
                Some(row) => rows.push(row),
                None => self.push_worded_kpi(&part, diagnostics),
            }
        }
        if rows.is_empty() {
            return true;
        }
        self.scene.charts.push(SceneChart {
            kind: ChartKind::Kpi,
            title: None,
            columns: Vec::new(),
            rows,
            origin: value.full_span(),
        });
        true
    }

    fn push_worded_kpi(&mut self, part: &LocatedText, diagnostics: &mut Diagnostics) {
        let text = unquoted(part.full_value());
        if !text.value.chars().any(char::is_alphanumeric) {
            return;
        }
        let reason = "it has no single number that can be counted up to";
        note_guess(diagnostics, text.origin, "this is shown as a text", reason);
        self.scene
            .overlays
            .push(overlay(OverlayKind::Text, vec![text]));
    }

    fn push_overlay(&mut self, kind: LabelKind, value: &LocatedText) {
        let kind = match kind {
            LabelKind::LowerThird => OverlayKind::LowerThird,
            LabelKind::Logo => OverlayKind::Logo,
            _ => OverlayKind::Text,
        };
        let lines = match kind {
            // `Mara Lind, keeper` is a name and what it is.
            OverlayKind::LowerThird => divided(value, &[" | ", " – ", " — ", " - ", ", "], 2),
            OverlayKind::Text => text_lines(value),
            _ => vec![value.full_value()],
        };
        self.scene.overlays.push(overlay(kind, lines));
    }

    fn push_list(&mut self, value: &LocatedText) {
        // An entry may have a comma if semicolons part the list.
        let lines = divided(value, &["; ", " | ", ", "], 12);
        match self.scene.overlays.last_mut() {
            // Several lines with this label are one list.
            Some(last) if last.kind == OverlayKind::List => last.lines.extend(lines),
            _ => self.scene.overlays.push(overlay(OverlayKind::List, lines)),
        }
    }

    /// Sets camera and framing of the last picture of the scene.
    fn set_camera(&mut self, text: &Spanned<String>, diagnostics: &mut Diagnostics) {
        let (camera, focal) = (camera_words(&text.value), focal_words(&text.value));
        if camera.is_none() && focal.is_none() {
            let help =
                "moves are static, push, pull, pan and tilt; framings are tight, mid and wide";
            warn_unreadable(
                diagnostics,
                text.origin,
                "camera that is known",
                &text.value,
                help,
            );
        }
        // A camera may be written before the picture that it is for.
        if self.scene.visuals.is_empty() {
            let mut visual = read_visual(text);
            visual.description.value = String::new();
            self.scene.visuals.push(visual);
        }
        if let Some(visual) = self.scene.visuals.last_mut() {
            visual.camera = camera.or(visual.camera);
            visual.focal = focal.or(visual.focal);
        }
    }
}

/// Returns the kind of chart that a label names. `None`: the data decide.
const fn chart_kind(label: LabelKind) -> Option<ChartKind> {
    match label {
        LabelKind::BarChart => Some(ChartKind::Bar),
        LabelKind::LineChart => Some(ChartKind::Line),
        LabelKind::PieChart => Some(ChartKind::Pie),
        LabelKind::Table => Some(ChartKind::Table),
        _ => None,
    }
}

/// Warns about a chart of which no number is written.
pub(super) fn warn_no_data(diagnostics: &mut Diagnostics, origin: FileSpan, what: &str) {
    let message = format!("the {what} has no data");
    let warning = Diagnostic::warning("production::treatment::chart_without_data", origin, message);
    let help = "write a table or a list with a number on each row below it; no number is invented";
    diagnostics.push(warning.with_label("left out").with_help(help));
}

pub(super) const fn overlay(kind: OverlayKind, lines: Vec<Spanned<String>>) -> SceneOverlay {
    SceneOverlay {
        kind,
        lines,
        is_attributed: false,
        code_language: None,
        at: None,
    }
}

/// Makes a quote. Its last line, or what follows a dash, is its source.
pub(super) fn quote_overlay(lines: &[LocatedText]) -> SceneOverlay {
    let mut texts: Vec<Spanned<String>> = Vec::new();
    let mut is_attributed = false;
    for (index, line) in lines.iter().enumerate() {
        // Dashes of the lines above are of what is said.
        let dash = source_dash(&line.text).filter(|_| index + 1 == lines.len());
        let (words, by) = match dash {
            Some(at) => (line.value(0..at), Some(line.value(at..line.text.len()))),
            None => (line.full_value(), None),
        };
        texts.extend(Some(words).filter(|words| !words.value.is_empty()));
        if let Some(by) = by {
            let name = by.value.trim_matches(['—', '–', '-', ' ']).to_owned();
            is_attributed = !name.is_empty();
            texts.extend(is_attributed.then(|| Spanned::new(name, by.origin)));
        }
    }
    for text in &mut texts {
        text.value = text
            .value
            .trim_matches(['"', '“', '”', '„', '«', '»', ' '])
            .to_owned();
    }
    SceneOverlay {
        is_attributed: is_attributed && texts.len() > 1,
        ..overlay(OverlayKind::Quote, texts)
    }
}

/// Returns where the dash before the source of a quote is.
fn source_dash(text: &str) -> Option<usize> {
    let dashes: Vec<usize> = match text.match_indices(['—', '–']).collect::<Vec<_>>() {
        long if !long.is_empty() => long.iter().map(|(at, _)| *at).collect(),
        _ => text.match_indices(" - ").map(|(at, _)| at).collect(),
    };
    // Two dashes stand around what is put in between, so the source is behind an odd one.
    dashes.last().copied().filter(|_| dashes.len() % 2 == 1)
}

/// Returns the lines of a text that is shown: ` | ` divides them.
pub(super) fn text_lines(value: &LocatedText) -> Vec<Spanned<String>> {
    divided(value, &[" | ", " / "], 4)
}

/// Divides a value at the first of the marks that it has, into at most `most` parts.
fn divided(value: &LocatedText, marks: &[&str], most: usize) -> Vec<Spanned<String>> {
    let Some(mark) = marks.iter().find(|mark| value.text.contains(**mark)) else {
        return vec![unquoted(value.full_value())];
    };
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, found) in value.text.match_indices(mark) {
        // What is too much for the screen stays together in the last part; nothing is lost.
        if parts.len() + 1 < most {
            parts.push(value.value(start..at));
            start = at + found.len();
        }
    }
    parts.push(value.value(start..value.text.len()));
    parts
        .into_iter()
        .map(unquoted)
        .filter(|part| !part.value.is_empty())
        .collect()
}

/// Words with which what a number means goes on behind a mark.
const KPI_JOINS: &[&str] = &[
    "and", "but", "or", "which", "und", "aber", "et", "mais", "y", "pero",
];

/// Returns the parts of a KPI: between semicolons and bars, and between commas or strokes if each of
/// those parts is a number with words of its own.
fn kpi_parts(value: &LocatedText) -> Vec<LocatedText> {
    // A year alone says when, and is no number of its own.
    let has_words = |part: &LocatedText| {
        let row = read_kpi(part).filter(|row| !row.label.value.is_empty());
        row.is_some_and(|row| !row.cells.iter().any(|cell| is_year(&cell.value)))
    };
    let parts = divided_parts(value, &[";", " | "]);
    // `40% up; and rising` is one number.
    let goes_on = |part: &LocatedText| {
        let first = part.text.split_whitespace().next().unwrap_or_default();
        KPI_JOINS.contains(&first)
    };
    if parts.iter().skip(1).any(goes_on) {
        return vec![value.clone()];
    }
    parts
        .into_iter()
        .flat_map(|part| {
            let finer = divided_parts(&part, &[" | ", ", ", " / "]);
            match finer.iter().all(has_words) {
                true => finer,
                false => vec![part],
            }
        })
        .collect()
}

/// Returns the parts of a value between the first of the marks that it has.
fn divided_parts(value: &LocatedText, marks: &[&str]) -> Vec<LocatedText> {
    let Some(mark) = marks.iter().find(|mark| value.text.contains(**mark)) else {
        return vec![value.clone()];
    };
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, found) in value.text.match_indices(mark) {
        parts.push(value.part(start..at));
        start = at + found.len();
    }
    parts.push(value.part(start..value.text.len()));
    parts.retain(|part| !part.is_blank());
    parts
}

/// Returns a text without the quotes around it.
pub(super) fn unquoted(text: Spanned<String>) -> Spanned<String> {
    let pairs = [
        ('"', '"'),
        ('“', '”'),
        ('„', '“'),
        ('«', '»'),
        ('\'', '\''),
        ('‘', '’'),
    ];
    let inner = pairs.iter().find_map(|(open, close)| {
        let inner = text.value.strip_prefix(*open)?.strip_suffix(*close)?;
        // `"a" and "b"` begins and ends with quotes that are not around it.
        (!inner.contains(*open)).then(|| inner.trim().to_owned())
    });
    match inner {
        Some(inner) => Spanned::new(inner, text.origin),
        None => text,
    }
}

/// Returns the parts of a list in a line.
fn listed(value: &LocatedText) -> Vec<Spanned<String>> {
    divided(value, &["; ", ", ", " + "], 12)
}

pub(super) fn reference(location: Spanned<String>, role: ReferenceRole) -> TreatmentReference {
    let is_local = !location.value.contains("://") && !location.value.starts_with("www.");
    TreatmentReference {
        location,
        about: String::new(),
        role,
        is_local,
    }
}

fn read_language(text: &Spanned<String>, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let tag = language_tag(&text.value);
    if tag.is_none() {
        let help = "name it, such as `English`, or write its tag, such as `en`";
        warn_unreadable(diagnostics, text.origin, "language", &text.value, help);
    }
    tag.map(|tag| Spanned::new(tag, text.origin))
}

fn set_timing(scene: &mut TreatmentScene, value: &LocatedText, diagnostics: &mut Diagnostics) {
    let Some(found) = parse_length(&value.text) else {
        let text = value.full_value();
        let help = "write it as `5 sec`, `0:05` or `0:05-0:12`";
        warn_unreadable(diagnostics, text.origin, "length", &text.value, help);
        return;
    };
    let origin = value.span(found.range.clone());
    if found.is_between {
        let guess = format!("the scene lasts {} s", found.timing.length.seconds());
        note_guess(diagnostics, origin, guess, "the middle of the two lengths");
    }
    // Which of the two is meant is not known, and a guess would move all scenes behind it.
    if found.is_reversed {
        warn_reversed(diagnostics, origin);
        return;
    }
    match &scene.timing {
        Some(first) if first.value.length != found.timing.length => {
            warn_repeated(diagnostics, origin, first.origin, "length of the scene");
        }
        Some(_) => {}
        None => scene.timing = Some(Spanned::new(found.timing, origin)),
    }
}

/// Warns about a range of times whose end is before its beginning.
pub(super) fn warn_reversed(diagnostics: &mut Diagnostics, origin: FileSpan) {
    let message = "the scene ends before it begins";
    let warning = Diagnostic::warning("production::treatment::contradiction", origin, message);
    let help = "write the earlier time first";
    diagnostics.push(warning.with_label("left out").with_help(help));
}

fn set_purpose(scene: &mut TreatmentScene, text: &Spanned<String>, diagnostics: &mut Diagnostics) {
    let form = text.value.to_lowercase();
    let purpose = if is_hook_word(&form) {
        Some(ScenePurpose::Hook)
    } else if is_cta_word(&form) {
        Some(ScenePurpose::Cta)
    } else if ["body", "main", "content", "middle", "hauptteil", "corps"]
        .iter()
        .any(|word| form.contains(word))
    {
        Some(ScenePurpose::Body)
    } else {
        None
    };
    match purpose {
        Some(purpose) => scene.purpose = Some(Spanned::new(purpose, text.origin)),
        None => {
            let help = "purposes are `hook`, `body` and `cta`";
            warn_unreadable(diagnostics, text.origin, "purpose", &text.value, help);
        }
    }
}
