//! A copy of an existing production: its documents, its script, the presets beside it and the files that it names.
//!
//! The store and the deliverables stay where they are. Nothing is copied that lies outside the production, by path or
//! through a symbolic link.

use crate::base::paths::{LocatedPath, locate_inside};
use crate::cli::exit_codes::CliError;
use crate::media::gltf;
use crate::project::OpenedProduction;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// What is to be copied: where from, the main document, and every other file.
#[derive(Debug)]
pub(super) struct ProductionCopy {
    root: PathBuf,
    main: PathBuf,
    files: BTreeSet<PathBuf>,
}

impl ProductionCopy {
    /// Gathers what belongs to a production that was opened from `asked`.
    ///
    /// # Errors
    /// Fails when the production has errors, or one of its files lies outside its folder.
    pub(super) fn from_opened(
        opened: &OpenedProduction,
        requested_path: &Path,
    ) -> Result<Self, CliError> {
        let refused =
            |why: String| CliError::Usage(format!("copy {}: {why}", requested_path.display()));
        let production = opened.checked.as_ref().ok_or_else(|| {
            refused(format!(
                "it has errors; see `production validate {}`",
                requested_path.display()
            ))
        })?;
        let root = production.root.clone();
        let read = opened
            .sources
            .iter()
            .map(|(_, source)| source.path.as_path());
        let read: Vec<PathBuf> = read
            .filter_map(|path| path.strip_prefix(&root).ok())
            .map(Path::to_owned)
            .collect();
        let main = read
            .first()
            .cloned()
            .ok_or_else(|| refused("it has no document".to_owned()))?;
        let mut files: BTreeSet<PathBuf> = read.into_iter().skip(1).collect();
        files.extend(production.assets().map(|asset| asset.path.clone()));
        files.extend(gltf_sidecars(&root, &files));
        files.remove(&main);
        let files: BTreeSet<PathBuf> = files
            .into_iter()
            .filter(|file| root.join(file).is_file())
            .collect();
        for file in files.iter().chain([&main]) {
            check_inside(&root, file).map_err(&refused)?;
        }
        Ok(Self { root, main, files })
    }

    /// Returns the text of the main document.
    pub(super) fn read_document(&self) -> std::io::Result<String> {
        std::fs::read_to_string(self.root.join(&self.main))
    }

    /// Copies all but the main document into a folder.
    pub(super) fn write_files(&self, folder: &Path) -> std::io::Result<()> {
        for file in &self.files {
            let to = folder.join(file);
            std::fs::create_dir_all(to.parent().unwrap_or(folder))?;
            std::fs::copy(self.root.join(file), to)?;
        }
        Ok(())
    }
}

/// Returns the files that glTF models refer to.
fn gltf_sidecars(root: &Path, files: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let models = files.iter().filter(|path| {
        path.extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("gltf"))
    });
    let inner =
        models.flat_map(|model| gltf::gltf_file_references(&root.join(model)).unwrap_or_default());
    inner
        .filter_map(|file| file.strip_prefix(root).map(Path::to_owned).ok())
        .collect()
}

fn check_inside(root: &Path, file: &Path) -> Result<(), String> {
    let climbs = file
        .components()
        .any(|part| !matches!(part, Component::Normal(_) | Component::CurDir));
    match locate_inside(root, &root.join(file)) {
        _ if climbs => Err(format!("`{}` lies outside the production", file.display())),
        Ok(LocatedPath::Outside) => Err(format!(
            "`{}` is a symbolic link that leads out of the production",
            file.display()
        )),
        Ok(LocatedPath::Inside { .. }) => Ok(()),
        Err(source) => Err(format!("`{}` cannot be read: {source}", file.display())),
    }
}
