//! The folder of a tiny film: a document, and the lantern that it shows.

use std::path::Path;

/// Copies a model of the example into a folder, under a name of its own.
pub(crate) fn copy_model(model: &str, to: &Path) {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/short_film/assets");
    std::fs::copy(assets.join(model), to).unwrap();
}

/// Returns a folder with this document, and the example's lantern as `lantern.glb` beside it.
pub(crate) fn folder(document: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_model("lantern_lit.glb", &folder.path().join("lantern.glb"));
    std::fs::write(folder.path().join("production.yaml"), document).unwrap();
    folder
}
