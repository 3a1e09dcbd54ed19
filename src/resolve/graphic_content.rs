//! Reads what a graphic shows: values, rows, points, words, lines of code.

use super::context::ResolveContext;
use super::graphics::BAD_VALUE;
use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostic, FileSpan, Spanned};
use crate::document::TextOr;
use crate::document::graphics_draft::{GraphicDraft, GraphicPointDraft, GraphicValueDraft};
use crate::document::quote::quote_value;
use crate::model::graphics::{
    GraphicContent, GraphicKind, GraphicPoint, GraphicValue, decimals_of, number_text,
    number_with_unit,
};

/// Spaces in place of a tab in code.
const TAB: &str = "    ";

/// What a graphic shows, with the places of its parts.
pub(super) struct ReadContent {
    pub(super) kind: GraphicKind,
    pub(super) content: GraphicContent,
    pub(super) values: Vec<Spanned<f64>>,
    pub(super) texts: Vec<Spanned<String>>,
}

/// Returns what a graphic shows. `None`: its kind is missing, which is reported.
pub(super) fn read_content(
    context: &mut ResolveContext<'_>,
    own: &GraphicDraft,
    origin: FileSpan,
) -> Option<ReadContent> {
    let Some(kind) = own.kind else {
        let message = "a graphic without a kind".to_owned();
        let help = "add `kind`: bar, line, pie, table, kpi, list, quote or code";
        context.report_error(BAD_VALUE, origin, message, Some(help.to_owned()));
        return None;
    };
    if kind.is_placeholder {
        return None;
    }
    let mut reader = ContentReader {
        context,
        own,
        kind: kind.value,
        values: Vec::new(),
        texts: Vec::new(),
    };
    reader.report_idle_fields();
    // Texts are added in the order in which a reader sees them, which is that of findings.
    reader.add_text(own.title.as_ref());
    let content = reader.read();
    reader.add_text(own.source.as_ref());
    Some(ReadContent {
        kind: kind.value,
        values: reader.values,
        texts: reader.texts,
        content,
    })
}

struct ContentReader<'a, 'c> {
    context: &'a mut ResolveContext<'c>,
    own: &'a GraphicDraft,
    kind: GraphicKind,
    values: Vec<Spanned<f64>>,
    texts: Vec<Spanned<String>>,
}

impl ContentReader<'_, '_> {
    fn read(&mut self) -> GraphicContent {
        match self.kind {
            GraphicKind::Bar => GraphicContent::Bars(self.read_values()),
            GraphicKind::Line => GraphicContent::Line(self.read_values()),
            GraphicKind::Pie => GraphicContent::Pie(self.read_values()),
            GraphicKind::Kpi => GraphicContent::Numbers(self.read_values()),
            GraphicKind::Table => self.read_table(),
            GraphicKind::List => GraphicContent::List(self.read_points()),
            GraphicKind::Quote => {
                let words: Vec<String> = self.read_lines();
                self.add_text(self.own.by.as_ref());
                let by = self.own.by.as_ref().map(|by| by.value.trim().to_owned());
                GraphicContent::Quote {
                    text: words.join(" ").trim().to_owned(),
                    by: by.filter(|by| !by.is_empty()),
                }
            }
            GraphicKind::Code => {
                let lines = self.read_lines().into_iter();
                // Fonts have no glyph for a tab.
                let lines = lines.map(|line| line.replace('\t', TAB).trim_end().to_owned());
                let mut lines: Vec<String> = lines.collect();
                // A block of YAML written with `|+` has all empty lines behind it.
                while lines.last().is_some_and(String::is_empty) {
                    lines.pop();
                }
                GraphicContent::Code(lines)
            }
        }
    }

    fn add_text(&mut self, text: Option<&Spanned<String>>) {
        let written = text.filter(|text| !text.is_placeholder);
        self.texts.extend(written.cloned());
    }

    fn read_values(&mut self) -> Vec<GraphicValue> {
        let written = self.own.data.as_deref().unwrap_or_default();
        let mut read = Vec::new();
        for entry in written {
            self.add_text(entry.label.as_deref());
            self.add_text(entry.shown.as_deref());
            if let Some(value) = self.read_number(entry) {
                self.values.push(value);
                read.push((entry, value));
            }
        }
        // All numbers of a chart have as many decimals, so that they are compared at a glance.
        let decimals = read.iter().map(|(_, value)| decimals_of(value.value)).max();
        let unit = self.own.unit.as_ref().map_or("", |unit| unit.value.trim());
        // Without numbers the unit is not drawn.
        self.add_text(self.own.unit.as_ref().filter(|_| !read.is_empty()));
        // Charts have no room for icons beside bars, points and slices.
        let has_icons = self.kind == GraphicKind::Kpi;
        let read = read.into_iter().map(|(entry, value)| GraphicValue {
            label: scalar_text(entry.label.as_deref()),
            value: value.value,
            shown: match &entry.shown {
                Some(shown) => shown.value.trim().to_owned(),
                None => number_with_unit(&number_text(value.value, decimals.unwrap_or(0)), unit),
            },
            icon: entry
                .icon
                .as_ref()
                .filter(|_| has_icons)
                .and_then(|icon| self.read_icon(icon)),
        });
        read.collect()
    }

    /// Returns the number of an entry. `None`: there is none, which is reported.
    fn read_number(&mut self, entry: &GraphicValueDraft) -> Option<Spanned<f64>> {
        let Some(value) = entry.value else {
            let places = [entry.label.as_deref(), entry.shown.as_deref()];
            let origin = places.into_iter().flatten().next();
            let origin = origin.map_or_else(|| self.kind_origin(), |text| text.origin);
            let message = "an entry of a chart without a value".to_owned();
            let help = "add `value`: a number; `shown` is how it is written in the picture";
            self.context
                .report_error(BAD_VALUE, origin, message, Some(help.to_owned()));
            return None;
        };
        (!value.is_placeholder).then_some(value)
    }

    fn kind_origin(&self) -> FileSpan {
        self.own.kind.map(|kind| kind.origin).unwrap_or_default()
    }

    fn read_table(&mut self) -> GraphicContent {
        for column in self.own.columns.iter().flatten() {
            self.add_text(Some(column));
        }
        let columns: Vec<String> = self.own.columns.iter().flatten().map(plain_text).collect();
        let mut rows = Vec::new();
        for row in self.own.rows.iter().flatten() {
            for cell in row {
                self.add_text(Some(&cell.0));
            }
            let cells: Vec<String> = row.iter().map(|cell| plain_text(&cell.0)).collect();
            rows.push(cells);
        }
        self.report_uneven_rows(columns.len());
        let width = rows.iter().map(Vec::len).chain([columns.len()]).max();
        let width = width.unwrap_or(0);
        // Uneven rows were reported. The drawing takes every row as wide as the table.
        let padded = |mut cells: Vec<String>| {
            cells.resize(width, String::new());
            cells
        };
        GraphicContent::Table {
            columns: if columns.is_empty() {
                columns
            } else {
                padded(columns)
            },
            rows: rows.into_iter().map(padded).collect(),
        }
    }

    /// Reports rows with more or fewer cells than the table has columns.
    fn report_uneven_rows(&mut self, columns: usize) {
        let rows = self.own.rows.as_deref().unwrap_or_default();
        let first = rows.first().map_or(0, Vec::len);
        // Titles say how many cells a row should have. Without them, the first row does.
        let wanted = if columns > 0 { columns } else { first };
        for row in rows.iter().filter(|row| row.len() != wanted) {
            let origin = row.first().map_or_else(|| self.kind_origin(), |c| c.origin);
            let message = format!("this row has {} of {wanted} cells", row.len());
            let help = "write a cell for each column; \"\" is an empty one".to_owned();
            self.context
                .report_error(BAD_VALUE, origin, message, Some(help));
        }
    }

    fn read_points(&mut self) -> Vec<GraphicPoint> {
        let mut points = Vec::new();
        for point in self.own.points.iter().flatten() {
            let own = match point {
                TextOr::Text(text) => GraphicPointDraft {
                    text: Some(text.0.clone()),
                    icon: None,
                },
                TextOr::Full(own) => own.clone(),
            };
            let Some(text) = own.text.filter(|text| !text.is_placeholder) else {
                continue;
            };
            self.add_text(Some(&text));
            points.push(GraphicPoint {
                text: plain_text(&text),
                icon: own.icon.as_ref().and_then(|icon| self.read_icon(icon)),
            });
        }
        points
    }

    /// Returns the glyph of an icon by name. `None`: there is none, which is reported.
    fn read_icon(&mut self, name: &Spanned<String>) -> Option<String> {
        if name.is_placeholder {
            return None;
        }
        let icons = &self.context.library.icons;
        let wanted = name.value.trim();
        let glyph = icons.get(wanted).and_then(|icon| icon.glyph.as_ref());
        if let Some(glyph) = glyph {
            return Some(glyph.value.clone());
        }
        let message = format!("{} is no icon", quote_value(&name.value));
        let near = self
            .context
            .allowance
            .search(|| did_you_mean(wanted, icons.preset_names()));
        let help = near.unwrap_or_else(|| "`production library icons` lists them".to_owned());
        self.context
            .report_error(BAD_VALUE, name.origin, message, Some(help));
        None
    }

    fn read_lines(&mut self) -> Vec<String> {
        let written: Vec<&Spanned<String>> = self.own.text.iter().flatten().collect();
        for text in &written {
            self.add_text(Some(text));
        }
        let lines = written.iter().filter(|text| !text.is_placeholder);
        lines
            .flat_map(|text| text.value.lines().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    /// Reports fields that a graphic of this kind does not have.
    fn report_idle_fields(&mut self) {
        let own = self.own;
        let is_written = [
            ("data", own.data.is_some()),
            ("rows", own.rows.is_some()),
            ("columns", own.columns.is_some()),
            ("points", own.points.is_some()),
            ("text", own.text.is_some()),
            ("by", own.by.is_some()),
            ("unit", own.unit.is_some()),
        ];
        let has = |field: &str| match field {
            "columns" => self.kind == GraphicKind::Table,
            "by" => self.kind == GraphicKind::Quote,
            "unit" => self.kind.content_field() == "data",
            field => self.kind.content_field() == field,
        };
        let idle = is_written
            .into_iter()
            .filter(|(field, is_written)| *is_written && !has(field));
        let idle: Vec<String> = idle.map(|(field, _)| format!("`{field}`")).collect();
        if idle.is_empty() {
            return;
        }
        let verb = if idle.len() == 1 { "is" } else { "are" };
        let message = format!(
            "{} {verb} not shown by `kind: {}`",
            idle.join(", "),
            self.kind.name()
        );
        // A warning: what is not shown harms nothing, but somebody expected to see it.
        let diagnostic = Diagnostic::warning(
            "production::graphics::idle_field",
            self.kind_origin(),
            message,
        );
        let help = format!(
            "its content is `{}`; remove what is not shown, or write another kind",
            self.kind.content_field()
        );
        self.context.diagnostics.push(diagnostic.with_help(help));
    }
}

fn plain_text(text: &Spanned<String>) -> String {
    text.value.trim().to_owned()
}

fn scalar_text(text: Option<&Spanned<String>>) -> String {
    text.map(plain_text).unwrap_or_default()
}
