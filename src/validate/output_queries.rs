//! Queries on outputs that several rules share.

use super::project_paths::normalized_path;
use crate::base::Spanned;
use crate::base::foreign_path::ForeignPath;
use crate::model::Production;
use crate::model::production::Output;
use crate::model::sound::SoundBesideKind;
use std::borrow::Cow;
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

/// A path that an output delivers to: its own, or that of the sound beside it.
#[derive(Debug, Clone)]
pub(super) struct OutputPlace<'a> {
    pub(super) output: &'a Output,
    pub(super) path: Cow<'a, Path>,
    /// What of its sound it is. `None`: it is the output itself.
    pub(super) sound: Option<SoundBesideKind>,
}

impl<'a> OutputPlace<'a> {
    /// Returns what is delivered there, for messages.
    pub(super) fn subject(&self) -> String {
        let name = &self.output.name.value;
        match self.sound {
            None => format!("output `{name}`"),
            Some(SoundBesideKind::Stems) => format!("the folder of stems of output `{name}`"),
            Some(SoundBesideKind::Wav) => format!("the WAV file of output `{name}`"),
        }
    }

    /// Returns the places of an output, its own first.
    fn places(output: &'a Output) -> impl Iterator<Item = Self> {
        let own = Self {
            output,
            path: Cow::Borrowed(&output.path.value),
            sound: None,
        };
        let beside = output.sound_beside().into_iter().map(move |beside| Self {
            output,
            path: Cow::Owned(beside.path),
            sound: Some(beside.kind),
        });
        std::iter::once(own).chain(beside)
    }
}

/// Returns the places of the outputs whose path is readable and inside the project's folder: first
/// those of all outputs, then those of sound.
pub(super) fn places_inside_project(production: &Production) -> Vec<OutputPlace<'_>> {
    let mut places: Vec<OutputPlace<'_>> = outputs_inside_project(production)
        .flat_map(OutputPlace::places)
        .collect();
    places.sort_by_key(|place| place.sound.is_some());
    places
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
