//! The presets that a production can name, with the text that they were read from and what is wrong
//! with them.

use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, Severity, SourceMap};
use crate::library::{Library, PresetInfo};
use std::path::{Path, PathBuf};

/// The library, with the text that it was read from.
pub(crate) struct LoadedLibrary {
    pub(crate) library: Library,
    pub(crate) sources: SourceMap,
    pub(crate) diagnostics: Diagnostics,
    /// The files of farms outside the production.
    site_files: Vec<FileId>,
}

impl LoadedLibrary {
    /// Reads the built-in presets and those of a folder.
    pub(crate) fn read(folder: &Path) -> Self {
        Self::read_with_farms(folder, &[])
    }

    /// Reads them with the farms of these files, each over those before it.
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

    /// Makes warnings of mistakes in files that the site and the user keep for all productions, but
    /// for those in the farm that is `used`: a profile that nobody asks for stops nobody. Returns
    /// those warnings.
    pub(crate) fn downgrade_foreign_errors(&mut self, used: Option<&str>) -> Diagnostics {
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
