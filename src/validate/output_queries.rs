//! Queries on outputs that several rules share.

use super::project_paths::normalized_path;
use crate::base::Spanned;
use crate::base::foreign_path::ForeignPath;
use crate::model::Production;
use crate::model::production::Output;
use std::path::{Path, PathBuf};

/// Returns the outputs whose path is readable and inside the project's folder. The others have
/// findings of their own.
pub(super) fn outputs_inside_project(production: &Production) -> impl Iterator<Item = &Output> {
    production.outputs.iter().filter(|output| {
        let place =
            normalized_path(&output.path.value).filter(|place| !place.as_os_str().is_empty());
        let is_foreign = output.path.value.to_str().and_then(ForeignPath::find);
        place.is_some() && is_foreign.is_none() && !output.path.is_placeholder
    })
}

/// Returns the first output of each entry whose path is readable and inside the project's folder.
pub(super) fn entries_inside_project(production: &Production) -> impl Iterator<Item = &Output> {
    let mut last = None;
    outputs_inside_project(production)
        .filter(move |output| last.replace(output.entry) != Some(output.entry))
}

/// Returns the first output that is a film.
pub(super) fn first_film(production: &Production) -> Option<&Output> {
    production
        .outputs
        .iter()
        .find(|output| output.format.codec.needs_ffmpeg())
}

/// Returns the folder of passes. `None` if no shot has any, because nothing is written there then.
#[must_use]
pub fn passes_path(production: &Production) -> Option<&Spanned<PathBuf>> {
    production
        .shots
        .iter()
        .any(|shot| !shot.passes.is_empty())
        .then_some(&production.render.passes_path)
}

/// Returns the paths of the report beside the first deliverable, if it shares the folder with no
/// other document's.
#[must_use]
pub fn report_paths(production: &Production) -> Vec<PathBuf> {
    let outputs = production.outputs.iter().map(|output| &output.path);
    let folder = outputs
        .chain(passes_path(production))
        .next()
        .and_then(|path| path.value.parent());
    folder.map_or_else(Vec::new, |folder: &Path| {
        ["report.html", "report.json"]
            .map(|name| folder.join(name))
            .to_vec()
    })
}
