//! The presets that a production can name, with their text and the diagnostics about them.

use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, Severity, SourceMap};
use crate::library::{Library, PresetInfo};
use std::path::{Path, PathBuf};

/// The library, with the text that it was read from.
pub(crate) struct LoadedLibrary {
    pub(crate) library: Library,
    pub(crate) sources: SourceMap,
    pub(crate) diagnostics: Diagnostics,
    /// The files of farm profiles outside of the production.
    site_files: Vec<FileId>,
}

impl LoadedLibrary {
    /// Reads the built-in presets and those of a folder.
    pub(crate) fn read(folder: &Path) -> Self {
        Self::read_with_farms(folder, &[])
    }

    /// Like [`Self::read`], with farm profiles from `farms`. A later file overrides an earlier one.
    pub(crate) fn read_with_farms(folder: &Path, farms: &[PathBuf]) -> Self {
        let mut sources = SourceMap::default();
        let mut diagnostics = Diagnostics::default();
        let library = Library::read_with_site_farms(folder, farms, &mut sources, &mut diagnostics);
        let site_files = farms
            .iter()
            .filter_map(|path| sources.find_path(path))
            .collect();
        Self {
            library,
            sources,
            diagnostics,
            site_files,
        }
    }

    /// Turns errors in farm profiles outside of the production into warnings, except for the farm
    /// `used`. Returns these warnings.
    pub(crate) fn downgrade_foreign_errors(&mut self, used: Option<&str>) -> Diagnostics {
        // A site shares one file of profiles. A typo in one profile must not stop the runs of
        // everybody who uses another one.
        let used = self
            .library
            .farms
            .preset_infos()
            .find(|info| used == Some(&info.name.value))
            .map(PresetInfo::full_span);
        let is_used = |origin: &FileSpan| used.is_some_and(|used| used.contains_span(*origin));
        let mut remaining = Diagnostics::default();
        let mut downgraded = Diagnostics::default();
        for finding in std::mem::take(&mut self.diagnostics).into_sorted() {
            // A finding about two profiles, such as a duplicate name, is about both. Its origin
            // alone may be in the profile that is not used.
            let mut places = std::iter::once(&finding.origin)
                .chain(finding.related.iter().map(|(origin, _)| origin));
            let is_foreign = self.site_files.contains(&finding.origin.file) && !places.any(is_used);
            if is_foreign && finding.severity == Severity::Error {
                downgraded.push(Diagnostic {
                    severity: Severity::Warning,
                    ..finding
                });
            } else {
                remaining.push(finding);
            }
        }
        self.diagnostics = remaining;
        downgraded
    }
}
