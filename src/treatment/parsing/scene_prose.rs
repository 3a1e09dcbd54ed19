//! What prose without a label means in a scene: narration, a picture, or a text to show.

use super::chart_reader::{chart_from_table, guess_kind, kind_reason};
use super::chart_rows::list_rows;
use super::parse_notes::note_guess;
use super::scene_labels::{OpenScene, overlay, unquoted, warn_no_data};
use crate::base::{Diagnostics, FileSpan, Spanned};
use crate::document::quote::quote_value;
use crate::treatment::reading::LocatedText;
use crate::treatment::treatment_value::{
    OverlayKind, SceneChart, SceneNarration, SceneVisual, TreatmentScene, VisualSource,
};
use crate::treatment::words::{
    camera_words, focal_words, is_narrator_name, is_person, is_person_name, is_picture_prose,
    is_stock, name_before_speech,
};

/// Reads the description of a picture.
pub(super) fn read_visual(text: &Spanned<String>) -> SceneVisual {
    let inner = text
        .value
        .trim_matches(['[', ']', '(', ')', ' '])
        .to_owned();
    let source = if is_stock(&inner) {
        VisualSource::Stock
    } else {
        VisualSource::Generated
    };
    SceneVisual {
        camera: camera_words(&inner),
        focal: focal_words(&inner),
        has_person: is_person(&inner),
        source,
        description: Spanned::new(inner, text.origin),
    }
}

/// Reads narration. The name of a speaker before a colon is not spoken.
pub(super) fn spoken_line(
    value: &LocatedText,
    diagnostics: &mut Diagnostics,
) -> Option<SceneNarration> {
    let name = speech_start(&value.text).or_else(|| {
        let end = name_before_speech(&value.text)?;
        let guess = format!("{} says this", quote_value(value.text[..end].trim()));
        let reason = "a name is before it; write `Narrator:` in front if the narrator says it";
        note_guess(diagnostics, value.span(0..end), guess, reason);
        Some((end, end + 1))
    });
    let (speaker, rest) = match name {
        Some((end, after)) => (
            Some(value.value(0..end)),
            value.part(after..value.text.len()),
        ),
        None => (None, value.clone()),
    };
    let text = unquoted(rest.full_value());
    // A dash or a note of music says that nobody speaks.
    let is_spoken = text.value.contains(char::is_alphanumeric);
    is_spoken.then(|| SceneNarration {
        // The narrator is the usual voice, and no character.
        speaker: speaker.filter(|name| !is_narrator_name(&name.value)),
        text,
    })
}

/// Returns where the name of a speaker ends before the speech, and where that begins, if it surely
/// is one. The narrator and people with a title or a direction need no capitals.
pub(super) fn speech_start(text: &str) -> Option<(usize, usize)> {
    if let Some(end) = speaker_end(text) {
        return Some((end, end + 1));
    }
    let (end, mark) = text.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
    let name = text[..end].trim();
    let is_name = is_narrator_name(name) || is_person_name(name);
    is_name.then_some((end, end + mark.len_utf8()))
}

/// Returns where the name of a speaker ends: capitals before a colon.
fn speaker_end(text: &str) -> Option<usize> {
    let end = text.find(':')?;
    let name = text[..end].trim();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let is_name = (2..=24).contains(&letters)
        && name.chars().all(|c| !c.is_lowercase())
        && name
            .chars()
            .all(|c| c.is_alphabetic() || " .'’-()".contains(c));
    is_name.then_some(end)
}

impl OpenScene {
    /// Ends the scene: decides what its prose and its points are.
    pub(super) fn finish(mut self, diagnostics: &mut Diagnostics) -> TreatmentScene {
        self.place_points(diagnostics);
        self.place_prose(diagnostics);
        if let Some(head) = self.chart.take() {
            warn_no_data(diagnostics, head.origin, "chart");
        }
        // A camera whose words could not be read leaves a picture of nothing.
        self.scene.visuals.retain(|visual| {
            !visual.description.value.is_empty()
                || visual.camera.is_some()
                || visual.focal.is_some()
        });
        self.scene
    }

    /// Makes a chart or a list of the points.
    fn place_points(&mut self, diagnostics: &mut Diagnostics) {
        let points = std::mem::take(&mut self.points);
        let mut lists: Vec<(usize, Vec<LocatedText>)> = Vec::new();
        for (list, point) in points {
            match lists.last_mut() {
                // Two lists in a scene may be a chart and a text.
                Some((last, lines)) if *last == list => lines.push(point),
                _ => lists.push((list, vec![point])),
            }
        }
        for (_, lines) in lists {
            self.place_list(&lines, diagnostics);
        }
    }

    fn place_list(&mut self, lines: &[LocatedText], diagnostics: &mut Diagnostics) {
        let origin = joined_span(lines);
        match list_rows(lines, self.chart.is_some()) {
            Some((rows, passed)) => {
                passed.iter().for_each(|row| row.note(diagnostics));
                let head = self.chart.take();
                let written = head.as_ref().and_then(|head| head.kind);
                let kind = written.unwrap_or_else(|| guess_kind(&rows));
                if written.is_none() {
                    let guess = format!("the list is a {} chart", kind.name());
                    note_guess(diagnostics, origin, guess, kind_reason(kind));
                }
                let title = head.and_then(|head| head.title);
                let columns = Vec::new();
                self.scene.charts.push(SceneChart {
                    kind,
                    title,
                    columns,
                    rows,
                    origin,
                });
            }
            None => {
                let texts = lines.iter().map(LocatedText::full_value).collect();
                note_guess(
                    diagnostics,
                    origin,
                    "the points are a list on screen",
                    "no label says what they are",
                );
                self.scene.overlays.push(overlay(OverlayKind::List, texts));
            }
        }
    }

    /// Adds the chart of a table, with the head that a label before it gave.
    pub(super) fn push_table(
        &mut self,
        header: &[LocatedText],
        rows: &[Vec<LocatedText>],
        origin: FileSpan,
        diagnostics: &mut Diagnostics,
    ) {
        let head = self.chart.take();
        let is_guess = head.as_ref().is_none_or(|head| head.kind.is_none());
        let (chart, passed) = chart_from_table(head, header, rows, origin);
        passed.iter().for_each(|row| row.note(diagnostics));
        if is_guess {
            let guess = format!("the table is a {} chart", chart.kind.name());
            note_guess(diagnostics, origin, guess, kind_reason(chart.kind));
        }
        self.scene.charts.push(chart);
    }

    /// Decides about paragraphs without a label.
    fn place_prose(&mut self, diagnostics: &mut Diagnostics) {
        let has_narration = !self.scene.narration.is_empty();
        for paragraph in std::mem::take(&mut self.loose) {
            let text = paragraph.full_value();
            if text.value.is_empty() {
                continue;
            }
            // A quote is speech, also in a scene that has narration.
            let is_quoted = text.value.starts_with(['"', '“', '„', '«']);
            if !is_quoted && is_picture_prose(&text.value) {
                let reason = "it begins as descriptions of pictures do";
                note_guess(diagnostics, text.origin, "this is what is seen", reason);
                self.scene.visuals.push(read_visual(&text));
            } else if !has_narration || is_quoted || speech_start(&text.value).is_some() {
                let reason = if speech_start(&text.value).is_some() {
                    "the name of who says it is before it"
                } else if is_quoted {
                    "it is in quotes"
                } else {
                    "no label says what it is, and the scene has no narration"
                };
                note_guess(diagnostics, text.origin, "this is what is said", reason);
                self.scene
                    .narration
                    .extend(spoken_line(&paragraph, diagnostics));
            } else if self.scene.visuals.is_empty() {
                let reason = "no label says what it is, and the scene has narration already";
                note_guess(diagnostics, text.origin, "this is what is seen", reason);
                self.scene.visuals.push(read_visual(&text));
            } else {
                let reason = "the scene has narration and a picture already";
                note_guess(diagnostics, text.origin, "this is a remark", reason);
                self.scene.notes.push(text);
            }
        }
    }
}

/// Returns the bytes from the first line to the last. Empty lines have no place.
fn joined_span(lines: &[LocatedText]) -> FileSpan {
    let mut spans = lines
        .iter()
        .filter(|line| !line.text.is_empty())
        .map(LocatedText::full_span);
    let first = spans.next().unwrap_or_default();
    let last = spans.next_back().unwrap_or(first);
    FileSpan::new(first.file, first.start, last.end)
}
