//! A production in full, as YAML with a comment on each value that says where it comes from, or as JSON.
//!
//! Owns the layout. What is said, and the words for a place, come from the caller.

use crate::base::FileSpan;
use crate::document::value_tree::{ScalarText, ValueTree};
use serde_json::{Map, Value, json};

/// Writes YAML; `from` gives the comment of each value.
#[must_use]
pub fn document_yaml(tree: &ValueTree, describe_origin: &dyn Fn(FileSpan) -> String) -> String {
    let mut page = YamlWriter {
        text: String::new(),
        describe_origin,
    };
    page.write_value(tree, 0, false);
    page.text
}

/// Returns JSON: `{value, from}` for every value.
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

/// Returns the value itself; a variable's notation, which YAML needs escaped, as it is meant.
fn json_value(word: &ScalarText) -> Value {
    let meant = || Value::String(word.text.replace("$${", "${"));
    if word.plain {
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
    /// Writes a value behind `key:` or `-`. The first field of an entry goes on the line of its dash.
    fn write_value(&mut self, tree: &ValueTree, indent: usize, on_dash: bool) {
        match tree {
            ValueTree::Scalar(word, origin) => self.write_line(&yaml_scalar(word), *origin),
            ValueTree::Row(words, origin) => {
                let words: Vec<String> = words.iter().map(yaml_scalar).collect();
                self.write_line(&format!("[{}]", words.join(", ")), *origin);
            }
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
            self.text.push_str(&yaml_scalar(&ScalarText {
                text: key.clone(),
                plain: false,
            }));
            self.text.push(':');
            self.write_value(tree, indent + 2, false);
        }
    }

    /// Ends the line of the key that a block stands under.
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

/// Returns the word as a YAML scalar; text that could be read as anything else is quoted, as JSON does and YAML reads.
fn yaml_scalar(word: &ScalarText) -> String {
    if word.plain || is_safe(&word.text) {
        word.text.clone()
    } else {
        Value::String(word.text.clone()).to_string()
    }
}

fn is_safe(text: &str) -> bool {
    let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
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
                .map(|(key, said)| ((*key).to_owned(), said.clone()))
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
        let said = map(&[
            ("title", word("No: 1 \"é\"\n", false)),
            ("list", ValueTree::List(vec![entry, word("no", false)])),
        ]);
        assert_eq!(
            document_yaml(&said, &|_| "p.yaml:1".to_owned()),
            "title: \"No: 1 \\\"é\\\"\\n\"  # p.yaml:1\nlist:\n  - name: a  # p.yaml:1\n    key:\n      lit: true  # p.yaml:1\n    colour: [0.5, 1]  # p.yaml:1\n  - \"no\"  # p.yaml:1\n"
        );
    }

    #[test]
    fn json_has_value_and_place() {
        let said = map(&[("fps", word("24", true)), ("title", word("$${a}", false))]);
        let told = document_json(&said, &|_| "default".to_owned());
        let title = json!({ "value": "${a}", "from": "default" });
        assert_eq!(
            told,
            json!({ "fps": { "value": 24, "from": "default" }, "title": title })
        );
    }
}
