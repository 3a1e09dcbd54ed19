//! Tables whose rows are scenes, as scripts in two columns have them, and tables of labels.

use crate::base::Spanned;
use crate::treatment::reading::{LocatedText, TreatmentBlock};
use crate::treatment::words::{LabelKind, label_kind};

/// Returns what each column of a table of scenes is about. `None` for a table of data.
pub(super) fn scene_columns(header: &[LocatedText]) -> Option<Vec<Option<LabelKind>>> {
    let columns: Vec<_> = header
        .iter()
        .map(|cell| label_kind(cell.text.trim()))
        .collect();
    // A table of data may have a column such as `Time` or `Notes`, but says and shows nothing.
    let says_or_shows = columns
        .iter()
        .flatten()
        .any(|kind| matches!(kind, LabelKind::Narration | LabelKind::Visual));
    (says_or_shows && columns.iter().flatten().count() >= 2).then_some(columns)
}

/// Returns a row of a table as a line of text. `None`: its cells are empty.
pub(super) fn row_note(cells: &[LocatedText]) -> Option<Spanned<String>> {
    let values: Vec<_> = cells
        .iter()
        .filter(|cell| !cell.is_blank())
        .map(LocatedText::full_value)
        .collect();
    let first = values.first()?.origin;
    let words: Vec<&str> = values.iter().map(|value| value.value.as_str()).collect();
    Some(Spanned::new(words.join(" | "), first))
}

/// Whether a block is a table of scenes.
pub(super) fn is_scene_table(block: &TreatmentBlock) -> bool {
    matches!(block, TreatmentBlock::Table { header, rows, .. }
        if !rows.is_empty() && scene_columns(header).is_some())
}

/// Returns the rows of a table whose first cells are labels, the header included. `None` for a table
/// of data.
pub(super) fn label_rows<'a>(
    header: &'a [LocatedText],
    rows: &'a [Vec<LocatedText>],
) -> Option<Vec<(LabelKind, &'a LocatedText, &'a LocatedText)>> {
    let all: Vec<&[LocatedText]> = std::iter::once(header)
        .chain(rows.iter().map(Vec::as_slice))
        .filter(|row| row.iter().any(|cell| !cell.is_blank()))
        .collect();
    let read = |row: &&'a [LocatedText]| match row {
        [label, value] => Some((label_kind(label.text.trim())?, label, value)),
        _ => None,
    };
    let labels: Vec<_> = all.iter().filter_map(read).collect();
    // One row may be a header such as `| Field | Value |`.
    let others = all.len() - labels.len();
    (labels.len() >= 2 && others <= 1).then_some(labels)
}
