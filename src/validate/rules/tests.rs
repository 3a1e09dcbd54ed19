//! Checks the tables of rules against the files that define them.

use super::all_rules;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn files() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/validate/rules");
    let areas = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir());
    let code = |path: &Path| {
        format!(
            "production::{}::{}",
            stem(path.parent().unwrap()),
            stem(path)
        )
    };
    let rules = areas.flat_map(|area| {
        fs::read_dir(area)
            .unwrap()
            .map(|entry| entry.unwrap().path())
    });
    rules
        .filter(|path| stem(path) != "mod")
        .map(|path| code(&path))
        .collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

#[test]
fn every_rule_is_in_the_file_that_its_code_names() {
    let codes: Vec<String> = all_rules().map(|rule| rule.code.to_owned()).collect();
    let distinct: BTreeSet<String> = codes.iter().cloned().collect();
    assert_eq!(distinct.len(), codes.len());
    assert_eq!(distinct, files());
}

#[test]
fn every_rule_has_a_summary_of_one_line() {
    for rule in all_rules() {
        let summary = rule.summary;
        assert!(
            summary.starts_with(|c: char| !c.is_uppercase()) && !summary.ends_with('.'),
            "{}: {summary}",
            rule.code
        );
    }
}
