//! Sets single fields in a document's text and leaves everything else, comments and layout too, as it is.
//!
//! Works on text and places; knows nothing of what a field means.

use super::limits::Limits;
use super::tree::{NodeId, Shape, Tree, parse};
use crate::base::{Diagnostics, FileId, FileSpan};
use std::ops::Range;

/// One step from the outermost value to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// Into the map's entry of this name.
    Key(&'a str),
    /// Into the list's entry at this index.
    At(usize),
}

/// Returns the text with `value`, which is YAML on one line or a block, at the end of `path`.
///
/// A field that is not there is added as the first of its map, and maps on the way are made. Nothing when the text is no
/// YAML, or the path leads through something that is no map or list, or to an alias.
#[must_use]
pub fn set(text: &str, path: &[Step<'_>], value: &str) -> Option<String> {
    let tree = parse(
        FileId(0),
        text.into(),
        &Limits::default(),
        &mut Diagnostics::default(),
    )?;
    let mut node = tree.root()?;
    for (at, step) in path.iter().enumerate() {
        let rest = &path[at + 1..];
        match *step {
            Step::At(index) => node = *tree.items(node)?.get(index)?,
            Step::Key(key) => match tree.find(node, key) {
                Some((key, found)) if rest.is_empty() => {
                    return replace(text, &tree, key, found, value);
                }
                Some((_, found)) if matches!(tree.shape(found), Shape::Map | Shape::List) => {
                    node = found
                }
                Some(_) => return None,
                None => return insert(text, &tree, node, &nested(key, rest, value)?),
            },
        }
    }
    None
}

/// Returns the text as a YAML scalar that every reader takes for this text: plain when it is plain words, else quoted.
#[must_use]
pub fn scalar(text: &str) -> String {
    let word = |c: char| {
        c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | ',' | '\'' | '(' | ')' | '!')
    };
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        .contains(&text.to_lowercase().as_str());
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

/// Returns the lines of a field below the maps that lead to it.
fn nested(key: &str, rest: &[Step<'_>], value: &str) -> Option<String> {
    let value = match rest {
        [] => value.to_owned(),
        [Step::Key(inner), rest @ ..] => format!("\n{}", nested(inner, rest, value)?),
        [Step::At(_), ..] => return None,
    };
    Some(field(key, &value))
}

fn field(key: &str, value: &str) -> String {
    match value.strip_prefix('\n') {
        Some(block) => format!("{key}:\n{}", indented(block, "  ")),
        None => format!("{key}: {value}"),
    }
}

fn replace(text: &str, tree: &Tree, key: NodeId, found: NodeId, value: &str) -> Option<String> {
    if tree.is_alias(found) {
        return None;
    }
    let after_key = bytes(tree.origin(key)).end;
    let range = bytes(tree.whole(found));
    let indent = indent_of(text, bytes(tree.origin(key)).start);
    let written = match value.strip_prefix('\n') {
        Some(block) => format!(":\n{}", indented(block, &format!("{indent}  "))),
        None => format!(": {}", value.trim_end()),
    };
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

/// Adds a field before the first one of a map.
fn insert(text: &str, tree: &Tree, map: NodeId, field: &str) -> Option<String> {
    let (first, _) = tree.pairs(map)?.next()?;
    let at = bytes(tree.origin(first)).start;
    if text.get(bytes(tree.origin(map)).start..)?.starts_with('{') {
        let flow = if field.contains('\n') {
            return None;
        } else {
            format!("{field}, ")
        };
        return Some(format!("{}{flow}{}", text.get(..at)?, text.get(at..)?));
    }
    let column = text.get(..at)?.rsplit('\n').next()?.chars().count();
    let indent = " ".repeat(column);
    let lines = indented(field, &indent);
    Some(format!(
        "{}{}\n{indent}{}",
        text.get(..at)?,
        lines.trim_start(),
        text.get(at..)?
    ))
}

fn indented(block: &str, indent: &str) -> String {
    let lines: Vec<String> = block
        .trim_end()
        .lines()
        .map(|line| format!("{indent}{line}"))
        .collect();
    lines.join("\n")
}

fn indent_of(text: &str, at: usize) -> String {
    let line = text
        .get(..at)
        .and_then(|before| before.rsplit('\n').next())
        .unwrap_or_default();
    " ".repeat(line.chars().count())
}

fn bytes(origin: FileSpan) -> Range<usize> {
    origin.start as usize..origin.end as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use Step::{At, Key};

    const FILM: &str = "# ours\nproduction:\n  title: Old # kept\n  outputs:\n    - format: a # one\n      path: b\n    - {format: c}\n";

    #[test]
    fn a_field_is_replaced_and_comments_stay() {
        let new = set(FILM, &[Key("production"), Key("title")], "New").unwrap();
        assert_eq!(new, FILM.replace("Old", "New"));
    }

    #[test]
    fn a_field_that_is_missing_is_added_with_the_maps_on_the_way() {
        let path = [Key("production"), Key("render_settings"), Key("frame_rate")];
        let new = set(FILM, &path, "25").unwrap();
        assert_eq!(
            new,
            FILM.replace("  title", "  render_settings:\n    frame_rate: 25\n  title")
        );
        let new = set(&new, &path, "30").unwrap();
        assert!(new.contains("    frame_rate: 30\n"), "{new}");
    }

    #[test]
    fn entries_of_lists_are_reached_in_block_and_flow() {
        let path = |at| [Key("production"), Key("outputs"), At(at), Key("frame_rate")];
        let new = set(FILM, &path(0), "25").unwrap();
        assert!(
            new.contains("    - frame_rate: 25\n      format: a # one\n"),
            "{new}"
        );
        let new = set(FILM, &path(1), "25").unwrap();
        assert!(new.contains("    - {frame_rate: 25, format: c}\n"), "{new}");
    }

    #[test]
    fn a_whole_list_gives_way_to_a_block() {
        let new = set(
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
            set("a:\n  b:\n", &[Key("a"), Key("b")], "1").unwrap(),
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
            let film = format!("title: {}\n", scalar(text));
            let tree = parse(
                FileId(0),
                film.as_str().into(),
                &Limits::default(),
                &mut Diagnostics::default(),
            )
            .unwrap();
            let (_, value) = tree.find(tree.root().unwrap(), "title").unwrap();
            assert_eq!(tree.scalar(value).unwrap().text, text);
            assert!(
                !tree.scalar(value).unwrap().plain || text == "Last Light",
                "{film}"
            );
        }
    }
}
