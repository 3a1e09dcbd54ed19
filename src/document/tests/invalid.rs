//! The fixtures in `tests/invalid/` that break YAML itself: one mistake each, shown in full.

use super::film::{Film, PLAIN};
use crate::base::Sources;
use crate::document::{Limits, load};
use crate::report::diagnostic;
use std::path::Path;

fn report(name: &str) -> String {
    let path = Path::new("tests/invalid").join(name);
    let mut sources = Sources::default();
    let loaded = load::<Film>(&path, &Limits::default(), &mut sources).unwrap();
    assert_eq!(loaded.diagnostics.as_slice().len(), 1, "{name} has one mistake: {:?}", loaded.diagnostics);
    diagnostic::render(&loaded.diagnostics, &sources, PLAIN)
}

#[test]
fn every_way_to_break_yaml_is_shown_in_full() {
    let files = std::fs::read_dir("tests/invalid").unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = files.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| name.starts_with("yaml_"));
    names.sort();
    assert!(names.len() >= 16);
    for name in names {
        insta::assert_snapshot!(name.trim_end_matches(".yaml"), report(&name));
    }
}
