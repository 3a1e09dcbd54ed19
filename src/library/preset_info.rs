//! What is known of a preset without knowing its kind: its name, where it is written, and what it says of itself.

use crate::base::{FileSpan, SourceMap, Spanned};
use crate::document::span_tree::SpanTree;

/// One preset, as `production library` and editors show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresetInfo {
    /// What the preset is called, and where that is written.
    pub name: Spanned<String>,
    /// Where its fields are written.
    pub body: FileSpan,
    /// What it says of itself.
    pub description: Option<String>,
    /// Whether it came with the program.
    pub built_in: bool,
    /// The name of the preset that it replaces.
    pub replaced: Option<FileSpan>,
}

impl PresetInfo {
    /// Returns where it is written, from its name to its last field.
    #[must_use]
    pub const fn full_span(&self) -> FileSpan {
        FileSpan::new(self.name.origin.file, self.name.origin.start, self.body.end)
    }

    /// Returns the preset as it is written, from its name to its last field, with a comment at the end of that line.
    #[must_use]
    pub fn yaml_text<'a>(&self, sources: &'a SourceMap) -> &'a str {
        let Some(source) = sources.get(self.name.origin.file) else {
            return "";
        };
        let (start, end) = (self.name.origin.start as usize, self.body.end as usize);
        let rest = source.text.get(end..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        let comment = if line.trim_start().starts_with('#') {
            line.trim_end().len()
        } else {
            0
        };
        source
            .text
            .get(start..end + comment)
            .unwrap_or_default()
            .trim_end()
    }

    /// Returns one line about the preset: its description, else its fields.
    #[must_use]
    pub fn summary_line(&self, sources: &SourceMap) -> String {
        match &self.description {
            Some(description) => description.clone(),
            None => on_one_line(sources.span_text(self.body)),
        }
    }
}

/// Returns the cards of every entry of a file of presets.
pub(super) fn read_preset_infos(tree: &SpanTree, built_in: bool) -> Vec<PresetInfo> {
    let pairs = tree.root().and_then(|root| tree.pairs(root));
    let card = |(key, value)| {
        let name = Spanned::new(tree.scalar(key)?.text.to_owned(), tree.origin(key));
        let description = tree
            .find_key(value, "description")
            .and_then(|(_, node)| tree.scalar(node));
        let description = description.map(|scalar| scalar.text.to_owned());
        Some(PresetInfo {
            name,
            body: tree.full_origin(value),
            description,
            built_in,
            replaced: None,
        })
    };
    pairs.into_iter().flatten().filter_map(card).collect()
}

/// Joins the lines of a block of fields, without braces, comments and line breaks.
fn on_one_line(yaml: &str) -> String {
    let lines = yaml
        .trim()
        .trim_start_matches('{')
        .trim_end_matches('}')
        .lines();
    let fields: Vec<&str> = lines
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    fields.join(", ")
}
