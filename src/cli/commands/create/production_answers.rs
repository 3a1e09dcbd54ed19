//! The title, author, frame rate and outputs of a new production, and how they are written into its
//! document.
//!
//! The text is edited in place. Decoding the document and writing it anew would lose its comments
//! and its layout.

use crate::cli::exit_codes::CliError;
use crate::document::variables::escape_references;
use crate::document::yaml_edit::FieldStep::{Index, Key};
use crate::document::yaml_edit::{set_field, yaml_scalar};
use crate::model::production::Output;
use crate::model::{FrameRate, Production, value_ranges};

/// The first line of a document, by which editors find its schema and check it while it is typed.
pub(super) const MODELINE: &str = "# yaml-language-server: $schema=./production.schema.json\n";

/// The differences from the template or from the production that is copied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ProductionAnswers {
    pub(super) title: String,
    pub(super) author: Option<String>,
    /// The day of its creation; `None` leaves what the document says.
    pub(super) created: Option<String>,
    /// Frames a second as it was typed, such as `24` or `30000/1001`; `None` changes no rate.
    pub(super) rate: Option<String>,
    /// Names of presets that replace all outputs; an empty list changes none.
    pub(super) outputs: Vec<String>,
}

impl ProductionAnswers {
    /// Returns the document with the answers in it.
    ///
    /// `before` is the production that the document describes. Without it only new outputs get a
    /// changed frame rate.
    ///
    /// # Errors
    /// Fails when a field cannot be set, because it is an alias or is inside a scalar.
    pub(super) fn fill_document(
        &self,
        document: &str,
        before: Option<&Production>,
    ) -> Result<String, CliError> {
        let top = |key| [Key("production"), Key(key)];
        // `{{title}}` in a template is not text for YAML but a map, so it is replaced before any
        // edit that parses the document.
        let mut text = document.replace("{{title}}", &yaml_literal(&self.title));
        set_production_field(&mut text, &top("title"), &yaml_literal(&self.title))?;
        if let Some(author) = &self.author {
            set_production_field(&mut text, &top("author"), &yaml_literal(author))?;
        }
        if let Some(created) = &self.created {
            set_production_field(&mut text, &top("created"), created)?;
        }
        if !self.outputs.is_empty() {
            let entries: String = self
                .outputs
                .iter()
                .map(|name| format!("\n- format: {}", yaml_scalar(name)))
                .collect();
            set_production_field(&mut text, &top("outputs"), &entries)?;
        }
        if let Some(rate) = &self.rate {
            set_production_field(
                &mut text,
                &[Key("production"), Key("render_settings"), Key("frame_rate")],
                rate,
            )?;
            for index in self.outputs_at_rate(before) {
                set_production_field(
                    &mut text,
                    &[
                        Key("production"),
                        Key("outputs"),
                        Index(index),
                        Key("frame_rate"),
                    ],
                    rate,
                )?;
            }
        }
        // A copied document may have a schema of its own; a second modeline would contradict it.
        let has_modeline = text
            .lines()
            .take(3)
            .any(|line| line.starts_with("# yaml-language-server:"));
        Ok(if has_modeline {
            text
        } else {
            format!("{MODELINE}{text}")
        })
    }

    /// Returns the indices of the outputs that follow the production's rate: all films, and the
    /// image sequences that had the old rate. Another rate of a sequence was chosen for it and
    /// stays.
    fn outputs_at_rate(&self, before: Option<&Production>) -> Vec<usize> {
        // New outputs are bare presets, with the preset's rate.
        if !self.outputs.is_empty() {
            return (0..self.outputs.len()).collect();
        }
        let Some(production) = before else {
            return Vec::new();
        };
        let follows = |output: &Output| {
            !output.format.codec.is_sequence() || output.format.rate == production.render.rate
        };
        let outputs = production.outputs.iter().enumerate();
        outputs
            .filter(|(_, output)| follows(output))
            .map(|(index, _)| index)
            .collect()
    }
}

/// Returns the document with this author. One in which the field cannot be set stays as it is.
pub(super) fn with_author(document: String, author: Option<&str>) -> String {
    let place = [Key("production"), Key("author")];
    author
        .and_then(|author| set_field(&document, &place, &yaml_scalar(author)))
        .unwrap_or(document)
}

/// Returns typed text as a YAML scalar that is read back as it was typed. A `${x}` in it is
/// escaped, because a title is no place for a variable that was never declared.
fn yaml_literal(text: &str) -> String {
    yaml_scalar(&escape_references(text))
}

fn set_production_field(
    text: &mut String,
    path: &[crate::document::yaml_edit::FieldStep<'_>],
    value: &str,
) -> Result<(), CliError> {
    let changed = set_field(text, path, value);
    *text = changed.ok_or_else(|| {
        let names = path.iter().filter_map(|step| {
            if let Key(name) = step {
                Some(*name)
            } else {
                None
            }
        });
        let field = names.collect::<Vec<_>>().join(".");
        CliError::Usage(format!(
            "set `{field}` in the new document: the field is an alias or is inside a plain value"
        ))
    })?;
    Ok(())
}

/// Returns whether the text is a frame rate in the range that `validate` accepts.
pub(super) fn is_valid_rate(text: &str) -> bool {
    FrameRate::parse(text).is_some_and(|rate| value_ranges::RATE.contains(rate.as_f64()))
}

/// Returns `my_film` as `My film`.
pub(super) fn title_from_name(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.trim().chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_title() {
        assert_eq!(title_from_name("my_film"), "My film");
    }

    #[test]
    fn a_title_is_quoted_so_that_yaml_reads_it_as_text() {
        let answers = ProductionAnswers {
            title: "No: \"x\"".to_owned(),
            ..ProductionAnswers::default()
        };
        let filled = answers
            .fill_document("production:\n  title: {{title}}\n", None)
            .unwrap();
        assert_eq!(
            filled,
            format!("{MODELINE}production:\n  title: \"No: \\\"x\\\"\"\n")
        );
    }

    #[test]
    fn outputs_and_rate_are_written_together() {
        let answers = ProductionAnswers {
            title: "A".to_owned(),
            author: Some("B".to_owned()),
            created: None,
            rate: Some("25".to_owned()),
            outputs: vec!["cinema_2k".to_owned()],
        };
        let filled = answers
            .fill_document(
                "production:\n  title: X\n  outputs:\n    - format: y\n",
                None,
            )
            .unwrap();
        let expected = "production:\n  render_settings:\n    frame_rate: 25\n  author: B\n  title: A\n  outputs:\n    \
                        - frame_rate: 25\n      format: cinema_2k\n";
        assert_eq!(filled, format!("{MODELINE}{expected}"));
    }
}
