//! Charts and cards that a document cannot say yet, as comments beside their scene.

use super::yaml_text::comment;
use crate::base::{Diagnostic, Diagnostics};
use crate::treatment::treatment_value::{ChartKind, OverlayKind, SceneChart, SceneOverlay};

const INDENT: &str = "    ";

/// Returns a chart as comment lines, and notes that it is not drawn.
pub(super) fn chart_comment(chart: &SceneChart, diagnostics: &mut Diagnostics) -> String {
    let code = "production::treatment::not_drawn";
    let message = format!("the {} chart is not drawn yet", chart.kind.name());
    let note = Diagnostic::info(code, chart.origin, message);
    diagnostics.push(note.with_label("kept as a comment beside its scene, with its data"));
    let title = chart
        .title
        .as_ref()
        .map_or("", |title| title.value.as_str());
    let mut text = comment(INDENT, &format!("chart: {} {title}", chart.kind.name()));
    if !chart.columns.is_empty() {
        let names: Vec<&str> = chart
            .columns
            .iter()
            .map(|column| column.value.as_str())
            .collect();
        text.push_str(&comment(
            INDENT,
            &format!("  columns: {}", names.join(" | ")),
        ));
    }
    for row in &chart.rows {
        let cells: Vec<&str> = row.cells.iter().map(|cell| cell.value.as_str()).collect();
        text.push_str(&comment(
            INDENT,
            &format!("  {}: {}", row.label.value, cells.join(" | ")),
        ));
    }
    text
}

/// Returns code and logos as comment lines, and notes that they are not drawn. Other texts are titles.
pub(super) fn card_comment(overlay: &SceneOverlay, diagnostics: &mut Diagnostics) -> String {
    let is_card = matches!(overlay.kind, OverlayKind::Code | OverlayKind::Logo);
    let Some(first) = overlay.lines.first().filter(|_| is_card) else {
        return String::new();
    };
    let what = overlay.kind.name();
    let code = "production::treatment::not_drawn";
    let note = Diagnostic::info(code, first.origin, format!("the {what} is not drawn yet"));
    diagnostics.push(note.with_label("kept as a comment beside its scene"));
    if overlay.kind == OverlayKind::Logo {
        return comment(INDENT, &format!("logo: {}", first.value));
    }
    let language = overlay.code_language.as_deref().unwrap_or("text");
    let mut text = comment(INDENT, &format!("code: {language}"));
    for line in &overlay.lines {
        // An `allow` comment in the code would silence a rule.
        let line = line.value.replace("production:", "production\u{2236}");
        text.push_str(&format!("{INDENT}#   {line}\n"));
    }
    text
}

/// Returns the text of a chart that a title can show: a number and what it means.
pub(super) fn kpi_lines(chart: &SceneChart) -> Option<Vec<String>> {
    let row = chart
        .rows
        .first()
        .filter(|_| chart.kind == ChartKind::Kpi)?;
    let number = row.cells.first()?.value.clone();
    let label = Some(row.label.value.clone()).filter(|label| !label.is_empty());
    let title = chart.title.as_ref().map(|title| title.value.clone());
    Some(
        [Some(number), label.or(title)]
            .into_iter()
            .flatten()
            .collect(),
    )
}
