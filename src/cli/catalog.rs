//! The names that commands and completion share: starter templates, subjects of schemas, presets,
//! and how a production is opened of which nothing but the place is typed.
//!
//! It is below both, so that completion needs no command.

use super::cli_settings::{CliSettings, environment_variable};
use crate::document::VariableOverrides;
use crate::project::ProjectOptions;
use crate::session::LoadedLibrary;
use std::path::Path;

pub(super) use super::production_template::{TemplateMap, load_templates};

/// What `production schema` describes besides kinds of presets, with a line about each.
pub(super) const SCHEMA_SUBJECTS: [(&str, &str); 2] = [
    ("document", "A whole document"),
    ("part", "A file that a document includes"),
];

/// Returns how to open a production of which the command line says nothing but where it is.
pub(super) fn default_options(settings: &CliSettings) -> ProjectOptions<'_> {
    let variable_sources = VariableOverrides {
        environment: Some(environment_variable),
        ..VariableOverrides::default()
    };
    ProjectOptions {
        search_path: &settings.session.search_path,
        variable_sources,
        ..ProjectOptions::default()
    }
}

/// Returns the presets that a production in `folder` can name.
pub(super) fn folder_presets(folder: &Path) -> LoadedLibrary {
    LoadedLibrary::read(folder)
}
