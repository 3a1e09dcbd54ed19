//! A copy of an existing production: its documents, its script, the presets beside it and the files
//! that it names.
//!
//! The store and the deliverables are not copied. A file outside the production's folder, by its
//! path or through a symbolic link, is an error: the copy would lack it or still depend on it.

use crate::base::paths::{LocatedPath, locate_inside};
use crate::cli::exit_codes::CliError;
use crate::media::gltf;
use crate::model::model_format::ModelFormat;
use crate::project::OpenedProduction;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// The files to copy. Paths are relative to `root`.
#[derive(Debug)]
pub(super) struct ProductionCopy {
    root: PathBuf,
    main: PathBuf,
    files: BTreeSet<PathBuf>,
}

impl ProductionCopy {
    /// Lists the files of a production that was opened from `requested_path`.
    ///
    /// # Errors
    /// Fails when the production has errors, or one of its files is outside its folder.
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
        // The sources are every file that was read: includes, shot lists, the script and presets.
        // Built-in presets have no path below the root.
        let read = opened
            .sources
            .iter()
            .map(|(_, source)| source.path.as_path());
        let read: Vec<PathBuf> = read
            .filter_map(|path| path.strip_prefix(&root).ok())
            .map(Path::to_owned)
            .collect();
        // The main document is opened before anything that it includes.
        let main = read
            .first()
            .cloned()
            .ok_or_else(|| refused("it has no document".to_owned()))?;
        let mut files: BTreeSet<PathBuf> = read.into_iter().skip(1).collect();
        files.extend(production.assets().map(|asset| asset.path.clone()));
        files.extend(production.footage_files().map(Path::to_owned));
        files.extend(model_sidecars(&root, &files));
        // The main document is written apart, with the answers in it.
        files.remove(&main);
        // The production is valid, so a missing file is at most a warning. The copy gets the same
        // one.
        let files: BTreeSet<PathBuf> = files
            .into_iter()
            .filter(|file| root.join(file).is_file())
            .collect();
        for file in files.iter().chain([&main]) {
            check_inside(&root, file).map_err(&refused)?;
        }
        Ok(Self { root, main, files })
    }

    pub(super) fn read_document(&self) -> std::io::Result<String> {
        std::fs::read_to_string(self.root.join(&self.main))
    }

    /// Copies every file but the main document to a folder.
    pub(super) fn write_files(&self, folder: &Path) -> std::io::Result<()> {
        for file in &self.files {
            let to = folder.join(file);
            std::fs::create_dir_all(to.parent().unwrap_or(folder))?;
            std::fs::copy(self.root.join(file), to)?;
        }
        Ok(())
    }
}

/// Returns the buffers, materials and pictures that models refer to, relative to `root`.
fn model_sidecars(root: &Path, files: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
    let models = files
        .iter()
        .filter(|path| ModelFormat::from_path(path).is_some());
    let inner = models.flat_map(|model| gltf::model_file_references(&root.join(model)));
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
