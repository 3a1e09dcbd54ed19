//! The diagnostic codes that the sources name, for tests that compare other lists with them.

#![expect(clippy::unwrap_used, reason = "a test stops at what it cannot read")]

use std::collections::BTreeSet;
use std::path::Path;

/// Returns every code that the program can report, by its sources.
pub(crate) fn in_sources(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
    {
        if path.is_dir() && !path.ends_with("tests") {
            found.extend(in_sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !is_page(&path) {
            let text = std::fs::read_to_string(&path).unwrap();
            let program = text.split("#[cfg(test)]").next().unwrap();
            found.extend(
                program
                    .split('"')
                    .filter(|text| is_code(text))
                    .map(str::to_owned),
            );
        }
    }
    found
}

/// Pages explain codes; they do not write them.
fn is_page(path: &Path) -> bool {
    path.ends_with("explain.rs")
        || path
            .parent()
            .is_some_and(|folder| folder.ends_with("explain"))
}

fn is_code(text: &str) -> bool {
    let mut parts = text.split("::");
    let is_word = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    parts.next() == Some("production") && text.split("::").count() == 3 && parts.all(is_word)
}
