//! Sets single fields in a document's text. Everything else, comments and layout included, stays as
//! it is.
//!
//! Works on text and places. Does not know what a field means.

use super::input_limits::InputLimits;
use super::span_tree::{NodeId, SpanTree, ValueShape, parse_yaml};
use super::variables::escape_references;
use crate::base::{Diagnostics, FileId, FileSpan};
use std::ops::Range;

/// Widest line of a comment that is written.
const COMMENT_WIDTH: usize = 110;

/// One step from the outermost value to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldStep<'a> {
    /// Into the map's entry of this name.
    Key(&'a str),
    /// Into the list's entry at this index.
    Index(usize),
}

/// Returns the text with `value` at the end of `path`. `value` is YAML on one line, or a block that
/// begins with a line break.
///
/// A missing field is added as the first one of its map, and missing maps on the way are added too.
/// Returns `None` if the text is not YAML, or if the path leads through a scalar or to an alias.
#[must_use]
pub fn set_field(text: &str, path: &[FieldStep<'_>], value: &str) -> Option<String> {
    // The text is edited, not the tree: writing a tree out again would lose comments and layout.
    let tree = parse_yaml(
        FileId(0),
        text.into(),
        &InputLimits::default(),
        &mut Diagnostics::default(),
    )?;
    let mut node = tree.root()?;
    for (depth, step) in path.iter().enumerate() {
        let rest = &path[depth + 1..];
        match *step {
            FieldStep::Index(index) => node = *tree.items(node)?.get(index)?,
            FieldStep::Key(key) => match tree.find_key(node, key) {
                // An existing value is replaced in its place, so that the order of fields stays the
                // user's.
                Some((key, value_node)) if rest.is_empty() => {
                    return replace_value(text, &tree, key, value_node, value);
                }
                Some((_, value_node))
                    if matches!(tree.shape(value_node), ValueShape::Map | ValueShape::List) =>
                {
                    node = value_node;
                }
                // A scalar on the way cannot hold a field. Replacing it would delete what the user
                // wrote.
                Some(_) => return None,
                None => return insert_field(text, &tree, node, &nested_field(key, rest, value)?),
            },
        }
    }
    None
}

/// Returns the text as a YAML scalar that is read back as it is, also inside of braces, where a
/// comma ends a plain scalar. A `${x}` in it is text and no variable.
#[must_use]
pub fn yaml_inline_scalar(text: &str) -> String {
    let escaped = escape_references(text);
    if escaped.contains(',') {
        serde_json::Value::from(escaped).to_string()
    } else {
        yaml_scalar(&escaped)
    }
}

/// Returns texts as a YAML list inside of brackets.
#[must_use]
pub fn yaml_inline_list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let items: Vec<String> = texts.map(yaml_inline_scalar).collect();
    format!("[{}]", items.join(", "))
}

/// Returns the text as a YAML scalar that every reader takes for text: plain if it is words, else
/// quoted.
#[must_use]
pub fn yaml_scalar(text: &str) -> String {
    // These characters have no meaning in the middle of a plain scalar, to any reader of YAML.
    let word = |c: char| {
        c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | ',' | '\'' | '(' | ')' | '!')
    };
    // YAML 1.1 readers take these words for booleans and null. Documents are also read by other
    // programs.
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        .contains(&text.to_lowercase().as_str());
    // With a letter first, the text is no number, date, list entry, tag or anchor.
    let plain = text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.len() <= 80
        && text.chars().all(word)
        && !reserved;
    // JSON is YAML: a JSON string is a double-quoted scalar.
    if plain {
        text.to_owned()
    } else {
        serde_json::Value::from(text).to_string()
    }
}

/// Returns text as comment lines, wrapped, each with the indent.
#[must_use]
pub fn yaml_comment(indent: &str, text: &str) -> String {
    let mut lines = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let width = indent.len() + 3 + line.chars().count() + word.chars().count();
        if !line.is_empty() && width > COMMENT_WIDTH {
            lines.push_str(&format!("{indent}# {line}\n"));
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push_str(&format!("{indent}# {line}\n"));
    // An `allow` comment in a remark would silence a rule.
    lines.replace("production: allow", "production\u{2236} allow")
}

/// Returns the lines of a field with the missing maps that lead to it.
fn nested_field(key: &str, rest: &[FieldStep<'_>], value: &str) -> Option<String> {
    let value = match rest {
        [] => value.to_owned(),
        [FieldStep::Key(inner), rest @ ..] => format!("\n{}", nested_field(inner, rest, value)?),
        // A missing list has no entry at this index, and the entries before it cannot be invented.
        [FieldStep::Index(_), ..] => return None,
    };
    Some(field_lines(key, &value))
}

fn field_lines(key: &str, value: &str) -> String {
    match value.strip_prefix('\n') {
        Some(block) => format!("{key}:\n{}", indent_block(block, "  ")),
        None => format!("{key}: {value}"),
    }
}

fn replace_value(
    text: &str,
    tree: &SpanTree,
    key: NodeId,
    value_node: NodeId,
    value: &str,
) -> Option<String> {
    // The value of an alias is written elsewhere and used by others, so it must not change here.
    if tree.is_alias(value_node) {
        return None;
    }
    let after_key = byte_range(tree.origin(key)).end;
    // The whole value is replaced, also one of many lines.
    let range = byte_range(tree.full_origin(value_node));
    let indent = indent_at(text, byte_range(tree.origin(key)).start);
    let written = match value.strip_prefix('\n') {
        Some(block) => format!(":\n{}", indent_block(block, &format!("{indent}  "))),
        None => format!(": {}", value.trim_end()),
    };
    // An empty value has no place of its own, so the text after the key's colon is where it
    // belongs.
    let end = if range.is_empty() {
        after_key + text.get(after_key..)?.find(':')? + 1
    } else {
        range.end
    };
    Some(format!(
        "{}{written}{}",
        text.get(..after_key)?,
        text.get(end..)?
    ))
}

/// Adds a field before the first one of a map. Only there is the indentation certain: after the
/// last field, comments and nested values make it ambiguous.
fn insert_field(text: &str, tree: &SpanTree, map: NodeId, field: &str) -> Option<String> {
    // A map without entries has no line to copy the indentation from.
    let (first, _) = tree.pairs(map)?.next()?;
    let offset = byte_range(tree.origin(first)).start;
    if text
        .get(byte_range(tree.origin(map)).start..)?
        .starts_with('{')
    {
        // A block cannot be written between braces.
        let flow = if field.contains('\n') {
            return None;
        } else {
            format!("{field}, ")
        };
        return Some(format!(
            "{}{flow}{}",
            text.get(..offset)?,
            text.get(offset..)?
        ));
    }
    // The text in front of the key may be the dash of a list entry. The next line needs blanks of
    // the same width.
    let column = text.get(..offset)?.rsplit('\n').next()?.chars().count();
    let indent = " ".repeat(column);
    let lines = indent_block(field, &indent);
    Some(format!(
        "{}{}\n{indent}{}",
        text.get(..offset)?,
        lines.trim_start(),
        text.get(offset..)?
    ))
}

fn indent_block(block: &str, indent: &str) -> String {
    let lines: Vec<String> = block
        .trim_end()
        .lines()
        .map(|line| format!("{indent}{line}"))
        .collect();
    lines.join("\n")
}

fn indent_at(text: &str, offset: usize) -> String {
    let line = text
        .get(..offset)
        .and_then(|before| before.rsplit('\n').next())
        .unwrap_or_default();
    " ".repeat(line.chars().count())
}

fn byte_range(origin: FileSpan) -> Range<usize> {
    origin.start as usize..origin.end as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use FieldStep::{Index, Key};

    const FILM: &str = "# ours\nproduction:\n  title: Old # kept\n  outputs:\n    - format: a # one\n      path: b\n    - {format: c}\n";

    #[test]
    fn a_field_is_replaced_and_comments_stay() {
        let new = set_field(FILM, &[Key("production"), Key("title")], "New").unwrap();
        assert_eq!(new, FILM.replace("Old", "New"));
    }

    #[test]
    fn a_field_that_is_missing_is_added_with_the_maps_on_the_way() {
        let path = [Key("production"), Key("render_settings"), Key("frame_rate")];
        let new = set_field(FILM, &path, "25").unwrap();
        assert_eq!(
            new,
            FILM.replace("  title", "  render_settings:\n    frame_rate: 25\n  title")
        );
        let new = set_field(&new, &path, "30").unwrap();
        assert!(new.contains("    frame_rate: 30\n"), "{new}");
    }

    #[test]
    fn entries_of_lists_are_reached_in_block_and_flow() {
        let path = |at| {
            [
                Key("production"),
                Key("outputs"),
                Index(at),
                Key("frame_rate"),
            ]
        };
        let new = set_field(FILM, &path(0), "25").unwrap();
        assert!(
            new.contains("    - frame_rate: 25\n      format: a # one\n"),
            "{new}"
        );
        let new = set_field(FILM, &path(1), "25").unwrap();
        assert!(new.contains("    - {frame_rate: 25, format: c}\n"), "{new}");
    }

    #[test]
    fn a_whole_list_gives_way_to_a_block() {
        let new = set_field(
            FILM,
            &[Key("production"), Key("outputs")],
            "\n- format: x\n- format: y",
        )
        .unwrap();
        assert!(
            new.ends_with("  outputs:\n    - format: x\n    - format: y\n"),
            "{new}"
        );
    }

    #[test]
    fn an_empty_field_is_filled() {
        assert_eq!(
            set_field("a:\n  b:\n", &[Key("a"), Key("b")], "1").unwrap(),
            "a:\n  b: 1\n"
        );
    }

    #[test]
    fn text_stays_text_for_every_reader() {
        for text in [
            "No: \"x\"",
            "no",
            "12",
            "1.0",
            "~",
            "",
            "- a",
            "a # b",
            "é: ü",
            "a\nb",
            "2026-01-31",
            "Last Light",
        ] {
            let film = format!("title: {}\n", yaml_scalar(text));
            let tree = parse_yaml(
                FileId(0),
                film.as_str().into(),
                &InputLimits::default(),
                &mut Diagnostics::default(),
            )
            .unwrap();
            let (_, value) = tree.find_key(tree.root().unwrap(), "title").unwrap();
            assert_eq!(tree.scalar(value).unwrap().text, text);
            assert!(
                !tree.scalar(value).unwrap().plain || text == "Last Light",
                "{film}"
            );
        }
    }
}
