//! The names that commands and completion share: templates, subjects of schemas and presets. Also
//! the options that open a production when only its path was typed.
//!
//! The file is below both, so that completion does not depend on a command.

use super::cli_settings::{CliSettings, environment_variable};
use crate::document::VariableOverrides;
use crate::project::ProjectOptions;
use crate::session::LoadedLibrary;
use std::path::Path;

pub(super) use super::production_template::{TemplateMap, load_templates};

/// Subjects of `production schema` besides the kinds of presets, each with a line about it. The
/// kinds come from the library.
pub(super) const SCHEMA_SUBJECTS: [(&str, &str); 2] = [
    ("document", "A whole document"),
    ("part", "A file that a document includes"),
];

/// Returns the options of a command that takes nothing but the path of a production.
pub(super) fn default_options(settings: &CliSettings) -> ProjectOptions<'_> {
    // Documents may take variables from the environment without an option. Without this source a
    // production that `run` accepts would be broken for `list` and for completion.
    let variable_sources = VariableOverrides {
        environment: Some(environment_variable),
        ..VariableOverrides::default()
    };
    ProjectOptions {
        search_path: &settings.session.search_path,
        variable_sources,
        cache_folder: settings.cache_folder.as_deref(),
        ..ProjectOptions::default()
    }
}

/// Returns the built-in presets and those of `presets/` in `folder`.
pub(super) fn folder_presets(folder: &Path) -> LoadedLibrary {
    LoadedLibrary::read(folder)
}
