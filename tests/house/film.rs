//! The folder of a tiny film: a document, and the lantern that it shows.

use std::path::Path;

/// Returns a folder with this document, and the example's lantern as `lantern.glb` beside it.
pub(crate) fn folder(document: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/short_film/assets");
    std::fs::copy(
        assets.join("lantern_lit.glb"),
        folder.path().join("lantern.glb"),
    )
    .unwrap();
    std::fs::write(folder.path().join("production.yaml"), document).unwrap();
    folder
}
