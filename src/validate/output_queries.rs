//! Queries on outputs that several rules share.

use super::project_paths::normalized_path;
use crate::base::foreign_path::ForeignPath;
use crate::model::Production;
use crate::model::production::Output;

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

/// Returns the first output that is a film.
pub(super) fn first_film(production: &Production) -> Option<&Output> {
    production
        .outputs
        .iter()
        .find(|output| output.format.codec.needs_ffmpeg())
}
