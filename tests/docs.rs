//! The documentation: every link between pages has a target, and the glossary names types that
//! exist.
//!
//! The pages are read as text. `tests/docs_run.rs` runs their commands.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Every page that people read, relative to the repository.
fn pages() -> Vec<PathBuf> {
    let root = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(PathBuf::from);
    let example = PathBuf::from("examples/short_film/README.md");
    let docs = std::fs::read_dir("docs")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    root.into_iter().chain([example]).chain(docs).collect()
}

/// The lines of a page outside its blocks of code.
fn prose(text: &str) -> Vec<&str> {
    let mut in_code = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            lines.push(line);
        }
    }
    lines
}

/// The targets of the links of a page, without those to other sites.
fn link_targets(text: &str) -> Vec<String> {
    let joined = prose(text).join(" ");
    joined
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.to_owned())
        .filter(|target| !target.contains("://"))
        .collect()
}

/// The anchors of a page, made of its headings as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    prose(text)
        .into_iter()
        .filter(|line| line.starts_with('#'))
        .map(|line| {
            line.trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
                .map(|letter| if letter == ' ' { '-' } else { letter })
                .collect()
        })
        .collect()
}

#[test]
fn every_link_between_pages_leads_to_a_file_and_to_a_heading() {
    let mut broken = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for target in link_targets(&text) {
            let (path, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let linked = if path.is_empty() {
                page.clone()
            } else {
                page.parent().unwrap().join(path)
            };
            let leads_there = anchor.is_empty()
                || std::fs::read_to_string(&linked)
                    .is_ok_and(|linked_text| anchors(&linked_text).contains(anchor));
            if !linked.exists() || !leads_there {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn the_readme_links_every_page() {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let documentation = readme.split("## Documentation").nth(1).unwrap();
    let linked = link_targets(documentation);
    let missing: Vec<PathBuf> = pages()
        .into_iter()
        .filter(|page| page.starts_with("docs"))
        .filter(|page| !linked.iter().any(|target| Path::new(target) == page))
        .collect();
    assert_eq!(missing, Vec::<PathBuf>::new(), "list them in README.md");
}

#[test]
fn links_and_anchors_are_read_as_github_reads_them() {
    assert_eq!(
        link_targets("see [a](b.md#c) and [site](https://d)\n```\n[no](e)\n```\n"),
        ["b.md#c"]
    );
    let found = anchors("## `production run --format json`\n# Disk faults\n");
    assert!(found.contains("production-run---format-json") && found.contains("disk-faults"));
}

/// Adds the name of every struct, enum, trait and alias that the sources below `folder` define.
fn collect_types(folder: &Path, types: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_types(&path, types);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            types.extend(text.lines().filter_map(defined_type));
        }
    }
}

/// Returns the type that a line of source defines.
fn defined_type(line: &str) -> Option<String> {
    let definition = line.trim_start();
    let definition = match definition.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(')')?.1,
        Some(rest) => rest,
        None => definition,
    };
    let (kind, rest) = definition.trim_start().split_once(' ')?;
    let name = rest
        .split(|letter: char| !letter.is_alphanumeric())
        .next()?;
    matches!(kind, "struct" | "enum" | "trait" | "type").then(|| name.to_owned())
}

#[test]
fn the_glossary_names_types_that_exist() {
    let mut types = BTreeSet::new();
    collect_types(Path::new("src"), &mut types);
    assert!(types.contains("Ledger"), "the sources were not read");
    let glossary = std::fs::read_to_string("docs/glossary.md").unwrap();
    let rows = glossary.lines().filter(|line| line.starts_with("| **"));
    let unknown: Vec<&str> = rows
        .filter_map(|row| row.split('|').nth(3))
        .flat_map(|column| column.split('`').skip(1).step_by(2))
        .map(|name| name.rsplit("::").next().unwrap_or(name))
        .filter(|name| !types.contains(*name))
        .collect();
    assert_eq!(
        unknown,
        Vec::<&str>::new(),
        "rename them in docs/glossary.md"
    );
}
