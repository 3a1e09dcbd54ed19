//! The facts about a preset that do not depend on its kind: its name, its place, and its
//! description.

use crate::base::{FileSpan, SourceMap, Spanned};
use crate::document::span_tree::SpanTree;

/// One preset, as `production library` and editors show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresetInfo {
    /// The name, and the place of the name.
    pub name: Spanned<String>,
    /// The bytes of its fields.
    pub body: FileSpan,
    /// Its field `description`. None if it has none.
    pub description: Option<String>,
    /// Whether it is part of the program.
    pub built_in: bool,
    /// The place of the name of the preset that it replaces. None if it replaces none.
    pub replaced: Option<FileSpan>,
}

impl PresetInfo {
    /// Returns its bytes, from its name to its last field.
    #[must_use]
    pub const fn full_span(&self) -> FileSpan {
        FileSpan::new(self.name.origin.file, self.name.origin.start, self.body.end)
    }

    /// Returns the text of the preset, from its name to its last field, with a comment at the end
    /// of that line.
    #[must_use]
    pub fn yaml_text<'a>(&self, sources: &'a SourceMap) -> &'a str {
        let Some(source) = sources.get(self.name.origin.file) else {
            return "";
        };
        let start = self.name.origin.start as usize;
        let end = self.body.end as usize;
        // A comment at the end of the last line often says what the preset is for.
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

    /// Returns one line about the preset: its description, or its fields if it has none.
    #[must_use]
    pub fn summary_line(&self, sources: &SourceMap) -> String {
        match &self.description {
            Some(description) => description.clone(),
            None => on_one_line(sources.span_text(self.body)),
        }
    }
}

/// Returns the facts about every entry of a preset file.
pub(super) fn read_preset_infos(tree: &SpanTree, built_in: bool) -> Vec<PresetInfo> {
    // Read from the tree and not from the decoded entries, since only the tree has the whole text.
    let pairs = tree.root().and_then(|root| tree.pairs(root));
    pairs
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| {
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
        })
        .collect()
}

/// Joins the lines of a block of fields. Braces, comments and line breaks are removed.
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
