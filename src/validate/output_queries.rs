//! Queries on outputs that several rules share.

use super::project_paths::normalized_path;
use crate::base::foreign_path::ForeignPath;
use crate::base::{FileSpan, Spanned};
use crate::model::Production;
use crate::model::cut::TextExport;
use crate::model::production::Output;
use crate::model::sound::SoundBesideKind;
use crate::model::sprites::{GameFiles, GameKind};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Returns the outputs whose path is readable and inside the project's folder. The others have
/// findings of their own.
pub(super) fn outputs_inside_project(production: &Production) -> impl Iterator<Item = &Output> {
    let outputs = production.outputs.iter();
    outputs.filter(|output| is_inside_project(&output.path))
}

/// What is delivered to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlaceKind {
    /// An output with pictures.
    Pictures,
    /// Sound beside an output.
    Sound(SoundBesideKind),
    /// A deliverable that is text.
    Text,
    /// The file of a deliverable for games that the document names.
    Game,
    /// What is beside it.
    GameBeside(GameKind),
}

/// A path that something is delivered to: an output, the sound beside it, or a text.
#[derive(Debug, Clone)]
pub(super) struct OutputPlace<'a> {
    /// Name of the output or the text.
    pub(super) name: &'a str,
    pub(super) path: Cow<'a, Path>,
    pub(super) kind: PlaceKind,
    /// Place of the path in the document.
    pub(super) origin: FileSpan,
    /// Number of the entry in the document.
    pub(super) entry: usize,
    pub(super) is_folder: bool,
}

impl<'a> OutputPlace<'a> {
    /// Returns whether it is sound beside an output.
    pub(super) const fn is_sound(&self) -> bool {
        matches!(self.kind, PlaceKind::Sound(_))
    }

    /// Returns what is delivered there, for messages.
    pub(super) fn subject(&self) -> String {
        let name = self.name;
        match self.kind {
            PlaceKind::Pictures | PlaceKind::Text | PlaceKind::Game => {
                format!("output `{name}`")
            }
            PlaceKind::GameBeside(kind) => format!("the {} of output `{name}`", kind.beside_noun()),
            PlaceKind::Sound(SoundBesideKind::Stems) => {
                format!("the folder of stems of output `{name}`")
            }
            PlaceKind::Sound(SoundBesideKind::Wav) => format!("the WAV file of output `{name}`"),
        }
    }

    /// Returns the places of an output, its own first.
    fn places(output: &'a Output) -> impl Iterator<Item = Self> {
        let own = Self {
            name: &output.name.value,
            path: Cow::Borrowed(&output.path.value),
            kind: PlaceKind::Pictures,
            origin: output.path.origin,
            entry: output.entry,
            is_folder: output.format.codec.is_folder(),
        };
        let beside = output.sound_beside().into_iter().map(move |beside| Self {
            name: &output.name.value,
            path: Cow::Owned(beside.path),
            kind: PlaceKind::Sound(beside.kind),
            origin: output.path.origin,
            entry: output.entry,
            is_folder: beside.kind.is_folder(),
        });
        std::iter::once(own).chain(beside)
    }

    /// Returns the places of a deliverable for games, its own first.
    fn game_places(files: GameFiles<'a>) -> [Self; 2] {
        let own = Self {
            name: &files.name.value,
            path: Cow::Borrowed(&files.path.value),
            kind: PlaceKind::Game,
            origin: files.path.origin,
            entry: files.entry,
            is_folder: false,
        };
        let beside = Self {
            path: Cow::Owned(files.beside_path()),
            kind: PlaceKind::GameBeside(files.kind),
            ..own.clone()
        };
        [own, beside]
    }

    fn from_text(export: &'a TextExport) -> Self {
        Self {
            name: &export.name.value,
            path: Cow::Borrowed(&export.path.value),
            kind: PlaceKind::Text,
            origin: export.path.origin,
            entry: export.entry,
            is_folder: false,
        }
    }
}

/// Returns the places of the deliverables whose path is readable and inside the project's folder:
/// first those of all outputs, then those of sound, then those of texts.
pub(super) fn places_inside_project(production: &Production) -> Vec<OutputPlace<'_>> {
    let outputs = outputs_inside_project(production);
    let mut places: Vec<OutputPlace<'_>> = outputs.flat_map(OutputPlace::places).collect();
    let exports = production.exports.iter();
    let exports = exports.filter(|export| is_inside_project(&export.path));
    places.extend(exports.map(OutputPlace::from_text));
    let games = production.game_files();
    // A path with another extension has a finding of its own, and what is beside it would be in its
    // place.
    let games = games.filter(|files| is_inside_project(files.path) && has_own_extension(files));
    places.extend(games.flat_map(OutputPlace::game_places));
    // A stable sort: places of one kind stay in the order of the document, so findings name the
    // later one.
    places.sort_by_key(|place| match place.kind {
        PlaceKind::Pictures => 0,
        PlaceKind::Sound(_) => 1,
        PlaceKind::Text => 2,
        PlaceKind::Game | PlaceKind::GameBeside(_) => 3,
    });
    places
}

/// Returns whether the path of a deliverable for games has the extension of its kind.
pub(super) fn has_own_extension(files: &GameFiles<'_>) -> bool {
    let extension = files.path.value.extension();
    extension.is_some_and(|own| own.eq_ignore_ascii_case(files.kind.extension()))
}

/// A path as the document writes it, once for each entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct WrittenOutput<'a> {
    /// Name of the output.
    pub(super) name: &'a Spanned<String>,
    pub(super) path: &'a Spanned<PathBuf>,
    /// The extension of its file. `None`: it is a folder.
    pub(super) extension: Option<&'static str>,
}

/// Returns the path of every entry of `outputs`, pictures first.
pub(super) fn written_outputs(production: &Production) -> impl Iterator<Item = WrittenOutput<'_>> {
    let outputs = production.distinct_outputs().map(|output| WrittenOutput {
        name: &output.name,
        path: &output.path,
        extension: file_extension(output),
    });
    let exports = production.exports.iter().map(|export| WrittenOutput {
        name: &export.name,
        path: &export.path,
        extension: Some(export.kind.extension()),
    });
    let games = production.game_files().map(|files| WrittenOutput {
        name: files.name,
        path: files.path,
        extension: Some(files.kind.extension()),
    });
    outputs.chain(exports).chain(games)
}

impl WrittenOutput<'_> {
    /// Returns whether the document leaves its path out, so that it follows from the name.
    pub(super) fn has_path_of_name(&self) -> bool {
        // A path that is not written is made of the name, and points to it.
        self.path.origin == self.name.origin
    }
}

fn file_extension(output: &Output) -> Option<&'static str> {
    (!output.format.codec.is_folder()).then(|| output.format.extension())
}

/// Returns whether a path is readable and inside the project's folder.
pub(super) fn is_inside_project(path: &Spanned<PathBuf>) -> bool {
    let place = normalized_path(&path.value).filter(|place| !place.as_os_str().is_empty());
    let is_foreign = path.value.to_str().and_then(ForeignPath::find);
    place.is_some() && is_foreign.is_none() && !path.is_placeholder
}

/// Returns the first output of each entry whose path is readable and inside the project's folder.
pub(super) fn entries_inside_project(production: &Production) -> impl Iterator<Item = &Output> {
    let mut last = None;
    outputs_inside_project(production)
        // Outputs of one entry follow each other, such as one for each shot.
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
        // Without a pass nothing is written to that folder, and its state does not matter.
        .any(|shot| !shot.passes.is_empty())
        .then_some(&production.render.passes_path)
}

/// Returns the paths of the report beside the first deliverable, if it shares the folder with no
/// other document's.
#[must_use]
pub fn report_paths(production: &Production) -> Vec<PathBuf> {
    let outputs = production.outputs.iter().map(|output| &output.path);
    let exports = production.exports.iter().map(|export| &export.path);
    let games = production.game_files().map(|files| files.path);
    let folder = outputs
        .chain(passes_path(production))
        .chain(exports)
        .chain(games)
        .next()
        .and_then(|path| path.value.parent());
    folder.map_or_else(Vec::new, |folder: &Path| {
        ["report.html", "report.json"]
            .map(|name| folder.join(name))
            .to_vec()
    })
}
