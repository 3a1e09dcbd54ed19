//! Files of a folder that are links out of it.

use crate::base::{Diagnostics, Sources};
use crate::document::draft::ProductionDraft;
use crate::document::{Limits, Loaded, load};

#[cfg(unix)]
#[test]
fn a_section_file_that_is_a_link_out_of_the_project_is_refused_and_not_read() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let secret = elsewhere.path().join("shots.yaml");
    std::fs::write(&secret, "- {name: stolen}\n").unwrap();
    std::fs::write(folder.path().join("production.yaml"), "production:\n  title: The Lamp\n").unwrap();
    std::os::unix::fs::symlink(&secret, folder.path().join("shots.yaml")).unwrap();
    let mut sources = Sources::default();
    let loaded: Loaded<ProductionDraft> = load(folder.path(), &Limits::default(), &mut sources).unwrap();
    let codes = |found: &Diagnostics| found.as_slice().iter().map(|one| one.code).collect::<Vec<_>>();
    assert_eq!(codes(&loaded.diagnostics), ["production::document::outside_project"]);
    assert!(loaded.draft.unwrap().shots.is_none() && !loaded.complete);
    assert!(sources.iter().all(|(_, source)| !source.text.contains("stolen")));
}
