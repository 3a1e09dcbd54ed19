//! Writes a resolved production: as YAML with the origin of each value as a comment, or as JSON.
//!
//! Owns the layout. The caller supplies the values and the texts of origins.

use crate::base::FileSpan;
use crate::document::value_tree::{ScalarText, ValueTree};
use serde_json::{Map, Value, json};

/// Returns YAML. `describe_origin` gives the comment of each value.
#[must_use]
pub fn document_yaml(tree: &ValueTree, describe_origin: &dyn Fn(FileSpan) -> String) -> String {
    let mut page = YamlWriter {
        text: String::new(),
        describe_origin,
    };
    page.write_value(tree, 0, false);
    page.text
}

/// Returns JSON with `{value, from}` in place of each value.
#[must_use]
pub fn document_json(tree: &ValueTree, describe_origin: &dyn Fn(FileSpan) -> String) -> Value {
    match tree {
        ValueTree::Scalar(word, origin) => {
            json!({ "value": json_value(word), "from": describe_origin(*origin) })
        }
        ValueTree::Row(words, origin) => {
            json!({ "value": words.iter().map(json_value).collect::<Vec<_>>(), "from": describe_origin(*origin) })
        }
        ValueTree::List(entries) => entries
            .iter()
            .map(|entry| document_json(entry, describe_origin))
            .collect(),
        ValueTree::Map(fields) => {
            let fields = fields
                .iter()
                .map(|(key, tree)| (key.clone(), document_json(tree, describe_origin)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
    }
}

/// Returns the value without the escapes of YAML.
fn json_value(word: &ScalarText) -> Value {
    // `$${` is the escape of `${` in documents. JSON readers see no variables and need the text
    // that is meant.
    let meant = || Value::String(word.text.replace("$${", "${"));
    if word.plain {
        // A plain scalar that is not JSON stays text.
        serde_json::from_str(&word.text).unwrap_or_else(|_| meant())
    } else {
        meant()
    }
}

struct YamlWriter<'a> {
    text: String,
    describe_origin: &'a dyn Fn(FileSpan) -> String,
}

impl YamlWriter<'_> {
    /// Writes a value after `key:` or `-`. The first field of a list entry is on the line of its
    /// dash.
    fn write_value(&mut self, tree: &ValueTree, indent: usize, on_dash: bool) {
        match tree {
            ValueTree::Scalar(word, origin) => self.write_line(&yaml_scalar(word), *origin),
            ValueTree::Row(words, origin) => {
                let words: Vec<String> = words.iter().map(yaml_scalar).collect();
                self.write_line(&format!("[{}]", words.join(", ")), *origin);
            }
            // An empty block would be null in YAML, so empty lists and maps need the flow form.
            ValueTree::List(entries) if entries.is_empty() => self.text.push_str(" []\n"),
            ValueTree::Map(fields) if fields.is_empty() => self.text.push_str(" {}\n"),
            ValueTree::List(entries) => self.write_entries(entries, indent),
            ValueTree::Map(fields) => self.write_fields(fields, indent, on_dash),
        }
    }

    fn write_entries(&mut self, entries: &[ValueTree], indent: usize) {
        self.begin_block();
        for entry in entries {
            self.text.push_str(&" ".repeat(indent));
            self.text.push('-');
            self.write_value(entry, indent + 2, true);
        }
    }

    fn write_fields(&mut self, fields: &[(String, ValueTree)], indent: usize, on_dash: bool) {
        if !on_dash {
            self.begin_block();
        }
        for (index, (key, tree)) in fields.iter().enumerate() {
            let first = on_dash && index == 0;
            self.text.push_str(if first { " " } else { "" });
            self.text
                .push_str(&" ".repeat(if first { 0 } else { indent }));
            // Keys are names that users choose, so they need the same quoting as values.
            self.text.push_str(&yaml_scalar(&ScalarText {
                text: key.clone(),
                plain: false,
            }));
            self.text.push(':');
            self.write_value(tree, indent + 2, false);
        }
    }

    /// Ends the line of the key above a block. The document itself has no key.
    fn begin_block(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    fn write_line(&mut self, text: &str, origin: FileSpan) {
        // A path could hold a line break, and end the comment.
        let from: String = (self.describe_origin)(origin)
            .chars()
            .filter(|c| !c.is_control())
            .collect();
        self.text.push_str(&format!(" {text}  # {from}\n"));
    }
}

/// Returns the text as a YAML scalar. Text that YAML could read as something else is quoted as JSON
/// does, which is valid YAML.
fn yaml_scalar(word: &ScalarText) -> String {
    if word.plain || is_safe(&word.text) {
        word.text.clone()
    } else {
        Value::String(word.text.clone()).to_string()
    }
}

fn is_safe(text: &str) -> bool {
    // The words that YAML 1.1 takes for booleans and null. The output may be read by a tool that is
    // still 1.1.
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    // A list of what is safe and not of what is not: quoting too much is harmless.
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-./ ".contains(c))
        && !text.ends_with(' ')
        && !words.contains(&text.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, plain: bool) -> ValueTree {
        ValueTree::Scalar(
            ScalarText {
                text: text.to_owned(),
                plain,
            },
            FileSpan::default(),
        )
    }

    fn map(fields: &[(&str, ValueTree)]) -> ValueTree {
        ValueTree::Map(
            fields
                .iter()
                .map(|(key, tree)| ((*key).to_owned(), tree.clone()))
                .collect(),
        )
    }

    #[test]
    fn the_layout_is_yaml_with_a_place_on_each_value() {
        let row = ValueTree::Row(
            vec![
                ScalarText {
                    text: "0.5".into(),
                    plain: true,
                },
                ScalarText {
                    text: "1".into(),
                    plain: true,
                },
            ],
            FileSpan::default(),
        );
        let entry = map(&[
            ("name", word("a", false)),
            ("key", map(&[("lit", word("true", true))])),
            ("colour", row),
        ]);
        let document = map(&[
            ("title", word("No: 1 \"é\"\n", false)),
            ("list", ValueTree::List(vec![entry, word("no", false)])),
        ]);
        assert_eq!(
            document_yaml(&document, &|_| "p.yaml:1".to_owned()),
            "title: \"No: 1 \\\"é\\\"\\n\"  # p.yaml:1\nlist:\n  - name: a  # p.yaml:1\n    key:\n      lit: true  # p.yaml:1\n    colour: [0.5, 1]  # p.yaml:1\n  - \"no\"  # p.yaml:1\n"
        );
    }

    #[test]
    fn json_has_value_and_place() {
        let document = map(&[("fps", word("24", true)), ("title", word("$${a}", false))]);
        let written = document_json(&document, &|_| "default".to_owned());
        let title = json!({ "value": "${a}", "from": "default" });
        assert_eq!(
            written,
            json!({ "fps": { "value": 24, "from": "default" }, "title": title })
        );
    }
}
