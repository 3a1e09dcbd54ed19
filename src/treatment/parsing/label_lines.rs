//! Lines that begin with a label, and lines that go on.

use crate::treatment::reading::LocatedText;
use crate::treatment::words::{LabelKind, label_kind};

/// Whether a label is about a scene and never about the whole film.
pub(super) const fn is_scene_label(kind: LabelKind) -> bool {
    matches!(
        kind,
        LabelKind::Narration
            | LabelKind::Visual
            | LabelKind::Text
            | LabelKind::CallToAction
            | LabelKind::LowerThird
            | LabelKind::List
            | LabelKind::Quote
            | LabelKind::Chart
            | LabelKind::BarChart
            | LabelKind::LineChart
            | LabelKind::PieChart
            | LabelKind::Table
            | LabelKind::Kpi
            | LabelKind::Effect
            | LabelKind::Sound
            | LabelKind::Purpose
    )
}

/// Whether a label is of a chart, whose data may be below it.
pub(super) const fn is_chart_label(kind: LabelKind) -> bool {
    matches!(
        kind,
        LabelKind::Chart
            | LabelKind::BarChart
            | LabelKind::LineChart
            | LabelKind::PieChart
            | LabelKind::Table
    )
}

/// Returns the label that a line begins with, without a warning.
pub(super) fn label_of(line: &LocatedText) -> Option<LabelKind> {
    let (end, _) = label_end(&line.text)?;
    label_kind(line.text[..end].trim())
}

/// Returns where the label of a line ends, and where its value begins.
pub(super) fn label_end(text: &str) -> Option<(usize, usize)> {
    let (end, mark) = text.char_indices().find(|(_, c)| *c == ':' || *c == '：')?;
    // A longer text before a colon is prose.
    (end <= 40 && end > 0).then_some((end, end + mark.len_utf8()))
}

/// Adds a line to a text, behind a space.
pub(super) fn join_line(text: &mut LocatedText, line: &LocatedText) {
    if text.text.is_empty() {
        *text = line.clone();
        return;
    }
    let at = text.full_span().end as usize;
    text.push(" ", at..at);
    text.append(line);
}
