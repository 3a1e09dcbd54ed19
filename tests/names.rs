//! Names in the code: which types may be one word long, and that no two types share a name.
//!
//! Reads the sources as text, tests beside the code included: `grep` for a name must find that one
//! thing.

#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Types of one word that the glossary does not list, each with the reason why the word is enough.
const SINGLE_WORDS: &[(&str, &str)] = &[
    (
        "Budget",
        "the document's `budget:`, and nothing else has one",
    ),
    (
        "Camera",
        "the document's `camera:`, the word of every film tool",
    ),
    ("Clock", "the source of time that every module is handed"),
    ("Codec", "the word of every video tool"),
    ("Diagnostics", "a list of the glossary's diagnostics"),
    (
        "Easing",
        "the document's `easing:`, the word of every animation tool",
    ),
    (
        "Fingerprint",
        "what build systems call the named parts that a digest is made of",
    ),
    ("Palette", "the word of every picture tool"),
    (
        "Severity",
        "of a diagnostic, as compilers and SARIF name it",
    ),
    (
        "Spanned",
        "a value with its place in a file; `serde_spanned` and `toml` name it so",
    ),
];

/// Function names that say neither what is returned nor what is done.
const EMPTY_FUNCTION_NAMES: &[&str] = &["of", "told", "said", "check", "work", "look", "say"];

/// A definition: its name, and the file below `src` that it is in.
struct NamedItem {
    name: String,
    file: String,
}

/// Returns every Rust source below `src`: its path and its text.
fn source_files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut pending = vec![root.clone()];
    let mut files = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).unwrap();
            pending.extend(entries.map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            files.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    files
}

/// Returns the rest of the line behind its visibility and the words that may stand before an item.
fn without_modifiers(line: &str) -> &str {
    let mut rest = line.trim_start();
    if let Some(public) = rest.strip_prefix("pub(") {
        rest = public.split_once(") ").map_or("", |(_, rest)| rest);
    }
    for word in ["pub ", "default ", "const ", "async ", "unsafe "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    rest
}

/// Returns the name that `line` defines, where it defines an item with one of these keywords.
fn defined_name<'a>(line: &'a str, keywords: &[&str]) -> Option<&'a str> {
    let rest = without_modifiers(line);
    let name = keywords
        .iter()
        .find_map(|keyword| rest.strip_prefix(keyword)?.strip_prefix(' '))?;
    let end = name
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(name.len());
    (end > 0).then(|| &name[..end])
}

/// Returns every type that a line of its own defines. An alias inside an `impl` names what a trait
/// asks for, and is left out.
fn defined_types() -> Vec<NamedItem> {
    let mut types = Vec::new();
    for (file, text) in source_files() {
        for line in text.lines() {
            let alias = line.starts_with([' ', '\t']) && defined_name(line, &["type"]).is_some();
            let name = defined_name(line, &["struct", "enum", "trait", "union", "type"]);
            if let Some(name) = name.filter(|_| !alias) {
                types.push(NamedItem {
                    name: name.to_owned(),
                    file: file.clone(),
                });
            }
        }
    }
    assert!(
        types.len() > 500,
        "the sources were not read as they are written"
    );
    types
}

/// Returns the words that the glossary defines, as a type would be named: every noun in bold, and
/// every type in code.
fn glossary_words() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/glossary.md");
    let text = std::fs::read_to_string(path).unwrap();
    let mut words = BTreeSet::new();
    for row in text.lines().filter(|line| line.starts_with("| **")) {
        let nouns = row.split("**").nth(1).unwrap();
        words.extend(nouns.split(", ").map(|noun| {
            let (first, rest) = noun.split_at(1);
            first.to_uppercase() + rest
        }));
        let code = row.rsplit('|').nth(1).unwrap();
        let paths = code.split('`').skip(1).step_by(2);
        words.extend(paths.map(|path| path.rsplit("::").next().unwrap_or(path).to_owned()));
    }
    assert!(
        words.contains("Artefact"),
        "the glossary was not read: {words:?}"
    );
    words
}

/// Whether the name is one word in camel case.
fn is_single_word(name: &str) -> bool {
    name.chars().filter(char::is_ascii_uppercase).count() == 1
}

#[test]
fn no_two_types_share_a_name() {
    let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for item in defined_types() {
        files.entry(item.name).or_default().insert(item.file);
    }
    files.retain(|_, files| files.len() > 1);
    assert!(files.is_empty(), "one name, two types: {files:#?}");
}

#[test]
fn a_type_of_one_word_is_a_noun_of_the_glossary_or_has_a_reason() {
    let glossary = glossary_words();
    let listed: BTreeSet<&str> = SINGLE_WORDS.iter().map(|(word, _)| *word).collect();
    let types = defined_types();
    let unexplained: BTreeSet<String> = types
        .iter()
        .filter(|item| is_single_word(&item.name))
        .filter(|item| !glossary.contains(&item.name) && !listed.contains(item.name.as_str()))
        .map(|item| format!("{} in {}", item.name, item.file))
        .collect();
    assert!(
        unexplained.is_empty(),
        "say what these are without their module, or list them with a reason: {unexplained:#?}"
    );
    let used: BTreeSet<&str> = types.iter().map(|item| item.name.as_str()).collect();
    let unused: Vec<&str> = listed.difference(&used).copied().collect();
    assert!(
        unused.is_empty(),
        "listed, and no type any more: {unused:?}"
    );
}

#[test]
fn no_function_has_an_empty_name() {
    let mut found = BTreeSet::new();
    for (file, text) in source_files() {
        for line in text.lines() {
            let name = defined_name(line, &["fn"]);
            if let Some(name) = name.filter(|name| EMPTY_FUNCTION_NAMES.contains(name)) {
                found.insert(format!("{name} in {file}"));
            }
        }
    }
    assert!(found.is_empty(), "name the value or the verb: {found:#?}");
}

#[test]
fn definitions_are_found_behind_every_modifier() {
    let types = ["struct", "enum"];
    assert_eq!(
        defined_name("    pub(super) struct Gap<T> {", &types),
        Some("Gap")
    );
    assert_eq!(defined_name("pub enum Gap {", &types), Some("Gap"));
    assert_eq!(
        defined_name("pub const unsafe fn of(a: u8) {", &["fn"]),
        Some("of")
    );
    assert_eq!(defined_name("// struct Gap", &types), None);
    assert!(is_single_word("Gap") && !is_single_word("GapList"));
}
