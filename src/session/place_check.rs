//! What a run may put where: checked before it renders, and again when it publishes.
//!
//! Brings together what the document names, what the user allowed, and what the store knows of
//! earlier deliveries. [`crate::store::place_survey`] decides.

use super::path_values::is_path_of_some_run;
use super::production_session::asset_references;
use super::sequence_name::sequence_name;
use super::session_error::SessionError;
use super::store_access::{StoreLocation, main_document_name};
use crate::base::SourceMap;
use crate::base::paths::{normalized_path, real_path};
use crate::event::DeliveredOutput;
use crate::model::cut::{TextExportKind, reel_table_path};
use crate::model::production::Output;
use crate::model::sound::SoundBesideKind;
use crate::model::{PlaceProblem, Production};
use crate::producers::output_check::film_names;
use crate::store::place_survey::{ExpectedNames, PlaceRequest, ReplacePermit, survey_places};
use crate::store::report_names::{ReportNames, ReportSubject};
use crate::store::{StoreError, StoreLayout};
use crate::timeline::TimelineMaker;
use crate::validate::{PlaceProbe, ProbedPlaces, named_files, passes_path, report_paths};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What a run may replace beside what the document allows.
#[derive(Debug, Clone, Copy)]
pub(super) enum ReplaceAllowance<'a> {
    /// These paths, which are those of `--replace`.
    Paths(&'a [PathBuf]),
    /// Everything but what is protected: which paths a later run is given is not known.
    Unknown,
}

/// Looks at the places of deliverables for the rules of `validate`.
#[derive(Debug)]
pub struct StorePlaces<'a> {
    store: Option<&'a Path>,
    allowance: ReplaceAllowance<'a>,
    unmatched: RefCell<Vec<PathBuf>>,
    refusals: RefCell<BTreeMap<PathBuf, PlaceProblem>>,
    failure: RefCell<Option<SessionError>>,
}

impl<'a> StorePlaces<'a> {
    /// Returns a probe for the store of `--store` (`None`: that of the production) and the paths of
    /// `--replace`.
    #[must_use]
    pub const fn new(store: Option<&'a Path>, replace: &'a [PathBuf]) -> Self {
        Self::with_allowance(store, ReplaceAllowance::Paths(replace))
    }

    /// Returns a probe for a look at what a later run would do: only places that no run is ever
    /// allowed are problems.
    #[must_use]
    pub const fn of_later_run(store: Option<&'a Path>) -> Self {
        Self::with_allowance(store, ReplaceAllowance::Unknown)
    }

    const fn with_allowance(store: Option<&'a Path>, allowance: ReplaceAllowance<'a>) -> Self {
        Self {
            store,
            allowance,
            unmatched: RefCell::new(Vec::new()),
            refusals: RefCell::new(BTreeMap::new()),
            failure: RefCell::new(None),
        }
    }

    /// Returns the paths of `--replace` that no deliverable has, as they were given. Empty if the
    /// production was not looked at.
    #[must_use]
    pub fn unmatched_paths(&self) -> Vec<PathBuf> {
        self.unmatched.borrow().clone()
    }

    /// Returns the places, as written, that a later run refuses unless it is allowed to replace what is
    /// there.
    #[must_use]
    pub fn take_refusals(&self) -> BTreeMap<PathBuf, PlaceProblem> {
        self.refusals.take()
    }

    /// Returns why the places could not be looked at.
    #[must_use]
    pub fn take_failure(&self) -> Option<SessionError> {
        self.failure.take()
    }
}

impl PlaceProbe for StorePlaces<'_> {
    fn probe_places(&self, production: &Production, sources: &SourceMap) -> ProbedPlaces {
        let document = main_document_name(sources);
        let location = StoreLocation::in_folder(&production.root, document, self.store);
        let layout = match location {
            Ok(location) => location.layout,
            Err(error) => {
                // A validation has no way to fail. The command asks for the failure afterwards.
                *self.failure.borrow_mut() = Some(error);
                return ProbedPlaces::default();
            }
        };
        let permit_of = |allowance| DeliveryPermit::new(production, sources, &layout, allowance);
        let is_later = matches!(self.allowance, ReplaceAllowance::Unknown);
        let permit = permit_of(match self.allowance {
            ReplaceAllowance::Unknown => ReplaceAllowance::Paths(&[]),
            paths @ ReplaceAllowance::Paths(_) => paths,
        });
        *self.unmatched.borrow_mut() = permit.unmatched;
        let found = named_report_paths(production, sources, &layout, None).and_then(|reports| {
            let requests = place_requests(production, &reports);
            let problems_with = |permit: &ReplacePermit| -> Result<BTreeMap<_, _>, StoreError> {
                let places = survey_places(&layout, &production.root, &requests, permit)?;
                let paths = requests.iter().map(|request| request.path.clone());
                let problems = paths
                    .zip(places)
                    .filter_map(|(path, place)| Some((path, place.err()?)));
                Ok(problems.collect())
            };
            let mut problems = problems_with(&permit.permit)?;
            // A second look only where there is something to allow: each reads what is there.
            if is_later && problems.values().any(PlaceProblem::can_be_allowed) {
                let never_allowed = problems_with(&permit_of(ReplaceAllowance::Unknown).permit)?;
                let mut refused = std::mem::replace(&mut problems, never_allowed);
                refused.retain(|path, _| !problems.contains_key(path));
                *self.refusals.borrow_mut() = refused;
            }
            Ok(ProbedPlaces { problems, reports })
        });
        found.unwrap_or_else(|error| {
            *self.failure.borrow_mut() = Some(error.into());
            ProbedPlaces::default()
        })
    }
}

/// What a run may replace.
#[derive(Debug)]
pub(super) struct DeliveryPermit {
    pub(super) permit: ReplacePermit,
    /// Paths of `--replace` that no deliverable has.
    pub(super) unmatched: Vec<PathBuf>,
}

impl DeliveryPermit {
    /// Returns what the document and the command allow.
    pub(super) fn new(
        production: &Production,
        sources: &SourceMap,
        layout: &StoreLayout,
        allowance: ReplaceAllowance<'_>,
    ) -> Self {
        // Without a look at journals, the plain names are good enough for the report. A journal that
        // cannot be read is reported where it is read.
        let reports = named_report_paths(production, sources, layout, None)
            .unwrap_or_else(|_| report_paths(production));
        let places: Vec<PathBuf> = place_requests(production, &reports)
            .iter()
            .filter_map(|request| normalized_path(&request.path))
            .collect();
        let (matched, unmatched) = match allowance {
            ReplaceAllowance::Paths(paths) => match_replace_paths(&production.root, &places, paths),
            ReplaceAllowance::Unknown => (places, Vec::new()),
        };
        // `replace: true` in the document allows what `--replace` allows on the command line.
        let of_document = production
            .outputs
            .iter()
            .filter(|output| output.replace)
            .flat_map(delivered_paths)
            .chain(replaced_texts(production))
            .chain(replaced_games(production))
            .filter_map(|path| normalized_path(&path));
        Self {
            permit: ReplacePermit {
                replace: matched.into_iter().chain(of_document).collect(),
                protected: protected_paths(
                    &production.root,
                    Some(production),
                    Some(sources),
                    layout,
                ),
                document: main_document_name(sources)
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned(),
            },
            unmatched,
        }
    }
}

/// Finds the deliverables that paths of `--replace` name: the path of one, or of something in it.
/// Returns the paths in normal form, and those that match none as they were given.
pub fn match_replace_paths(
    root: &Path,
    places: &[PathBuf],
    replace: &[PathBuf],
) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let real_root = real_path(root);
    let find_match = |path: &PathBuf| {
        // As the document has it; otherwise as it is typed in a shell.
        let as_typed = || {
            let real = real_path(path.parent()?)?.join(path.file_name()?);
            Some(real.strip_prefix(real_root.as_ref()?).ok()?.to_owned())
        };
        [normalized_path(path), as_typed()]
            .into_iter()
            .flatten()
            .find(|path| {
                // Paths with `${revision}` or `${date}` are other ones in each run, so the pattern
                // is compared.
                let mut places = places.iter();
                places.any(|place| is_path_of_some_run(path, place))
            })
    };
    let mut matched = Vec::new();
    let mut unmatched = Vec::new();
    for path in replace {
        match find_match(path) {
            Some(found) => matched.push(found),
            None => unmatched.push(path.clone()),
        }
    }
    (matched, unmatched)
}

/// Returns the folder of the report of a revision that delivered this.
pub(super) fn report_folder(delivered: &[DeliveredOutput]) -> Option<&Path> {
    delivered.first().and_then(|made| made.path.parent())
}

/// Returns the paths of the page and of the data of the report, relative to the production's
/// folder. Empty if nothing is delivered. `folder` is where they go; `None`: as the document writes
/// it, with `${date}` and the like in it.
pub(super) fn named_report_paths(
    production: &Production,
    sources: &SourceMap,
    layout: &StoreLayout,
    folder: Option<&Path>,
) -> Result<Vec<PathBuf>, StoreError> {
    let paths = report_paths(production);
    let written = || paths.first().and_then(|path| path.parent());
    // Nothing is delivered, so there is no folder for a report.
    let Some(folder) = folder.or_else(written) else {
        return Ok(Vec::new());
    };
    let deliverables = place_requests(production, &[])
        .iter()
        .filter_map(|request| normalized_path(&request.path))
        .collect();
    let document = main_document_name(sources).unwrap_or_default();
    let names = ReportNames::find(
        layout,
        &ReportSubject {
            root: &production.root,
            document: &document.to_string_lossy(),
            folder,
            deliverables: &deliverables,
        },
    )?;
    Ok([names.page(), names.data()]
        .map(|name| folder.join(name))
        .to_vec())
}

/// Returns the paths of texts that may replace files that no run put there.
fn replaced_texts(production: &Production) -> impl Iterator<Item = PathBuf> {
    let exports = production.exports.iter().filter(|export| export.replace);
    exports.map(|export| export.path.value.clone())
}

/// Returns the paths of deliverables for games that may replace files that no run put there.
fn replaced_games(production: &Production) -> impl Iterator<Item = PathBuf> {
    let games = production.game_files().filter(|files| files.replace);
    games.flat_map(|files| files.paths())
}

/// Returns what a complete run delivers: outputs, passes, texts, what is made for games, and the report.
fn place_requests(production: &Production, reports: &[PathBuf]) -> Vec<PlaceRequest> {
    let request = |path: &Path, names: Option<ExpectedNames>| PlaceRequest {
        path: path.to_owned(),
        is_folder: names.is_some(),
        files: None,
        names,
    };
    let timelines = TimelineMaker::new(production);
    let outputs = production
        .outputs
        .iter()
        // A path that is no text is reported where it was read.
        .filter(|output| !output.path.is_placeholder)
        .map(|output| {
            let names = picture_names(production, &timelines, output);
            request(&output.path.value, names)
        });
    let passes = passes_path(production)
        .filter(|path| !path.is_placeholder)
        .map(|path| request(&path.value, Some(frame_names(production))));
    let sounds = production
        .outputs
        .iter()
        .filter(|output| !output.path.is_placeholder)
        .flat_map(Output::sound_beside)
        .map(|beside| request(&beside.path, stem_names(beside.kind)));
    let texts = production
        .exports
        .iter()
        .filter(|export| !export.path.is_placeholder)
        .map(|export| request(&export.path.value, None));
    let games = production
        .game_files()
        .filter(|files| !files.path.is_placeholder)
        .flat_map(|files| files.paths())
        .map(|path| request(&path, None));
    let mut requests: Vec<PlaceRequest> = outputs
        .chain(passes)
        .chain(sounds)
        .chain(texts)
        .chain(games)
        .collect();
    let reports: Vec<PlaceRequest> = reports
        .iter()
        // A deliverable may have the name of the report. Its place is surveyed once.
        .filter(|path| !requests.iter().any(|other| other.path == **path))
        .map(|path| request(path, None))
        .collect();
    requests.extend(reports);
    requests
}

/// Returns the names of the pictures of a sequence. `None`: the output is a film.
fn picture_names(
    production: &Production,
    timelines: &TimelineMaker<'_>,
    output: &Output,
) -> Option<ExpectedNames> {
    let format = &output.format;
    let is_stream = format.codec.stream_format().is_some();
    // A film is one file, and has no names inside.
    if !is_stream && !format.codec.is_sequence() {
        return None;
    }
    let frames = timelines.output_length(output);
    if is_stream {
        let has_sound = output.sound.as_ref().is_some_and(|own| own.codec.is_some());
        return Some(ExpectedNames::Named(film_names(format, has_sound, frames)));
    }
    Some(ExpectedNames::Pictures {
        // At the rate of the output, whose pictures are numbered on from 1.
        count: format.rate.resampled_count(frames, production.render.rate),
        extension: format.codec.extension(),
    })
}

/// Returns the paths of an output and of the sound beside it.
fn delivered_paths(output: &Output) -> impl Iterator<Item = PathBuf> {
    let beside = output.sound_beside().into_iter();
    std::iter::once(output.path.value.clone()).chain(beside.map(|beside| beside.path))
}

/// Returns the names of the files of a folder of stems. `None`: it is one file.
fn stem_names(kind: SoundBesideKind) -> Option<ExpectedNames> {
    let names = kind.files().iter().map(|file| file.name().to_owned());
    kind.is_folder()
        .then(|| ExpectedNames::Named(names.collect()))
}

/// Returns the names of the frames of shots with passes.
fn frame_names(production: &Production) -> ExpectedNames {
    let with_passes = production
        .shots
        .iter()
        .filter(|shot| !shot.passes.is_empty());
    let frames = with_passes
        .filter_map(|shot| Some((sequence_name(&shot.name.value), shot.frames.bounds()?)));
    ExpectedNames::Frames(frames.collect())
}

/// Returns what is never replaced: the documents, what they name, what that refers to, and the
/// presets.
pub(super) fn protected_paths(
    root: &Path,
    production: Option<&Production>,
    sources: Option<&SourceMap>,
    layout: &StoreLayout,
) -> BTreeMap<PathBuf, String> {
    let mut protected = BTreeMap::new();
    let mut protect = |path: &Path, what: &str| {
        let shown = path.strip_prefix(root).unwrap_or(path).display();
        if let Some(real) = real_path(path) {
            protected
                .entry(real)
                // The first description stays: a file may be here for several reasons, and one is
                // enough for the message.
                .or_insert_with(|| format!("{what} `{shown}`"));
        }
    };
    // Whole folders, since a deliverable in one of them would be read by the next run.
    protect(&root.join("presets"), "the folder of presets");
    protect(layout.root(), "the store");
    for (_, source) in sources.into_iter().flat_map(SourceMap::iter) {
        if source.path.is_file() {
            protect(&source.path, "a file that the document consists of,");
        }
        // Read if it is there, so a run must not put one there.
        if TextExportKind::from_timeline_path(&source.path).is_some() {
            let table = reel_table_path(&source.path);
            protect(&table, "the table of reels beside the timeline,");
        }
    }
    for path in production.map(named_files).unwrap_or_default() {
        let full = root.join(&path);
        protect(&full, "a file that the document names,");
        for file in asset_references(&full) {
            protect(&file, "a file that a model refers to,");
        }
    }
    protected
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Codec;
    use crate::producers::encode::picture_name;

    #[test]
    fn the_pictures_of_a_sequence_have_the_names_that_are_expected() {
        let names = ExpectedNames::Pictures {
            count: 12,
            extension: Codec::Png.extension(),
        };
        for index in 0..12 {
            assert!(names.contains(Path::new(&picture_name(Codec::Png, index))));
        }
        assert!(!names.contains(Path::new(&picture_name(Codec::Png, 12))));
    }

    #[test]
    fn a_path_of_replace_names_a_deliverable_or_something_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir(root.join("out")).unwrap();
        let places = [PathBuf::from("out/film.mp4"), PathBuf::from("out/frames")];
        let given = [
            PathBuf::from("./out/film.mp4"),
            PathBuf::from("out/frames/a.png"),
            root.join("out/frames"),
            PathBuf::from("out"),
            PathBuf::from("elsewhere"),
        ];
        let (matched, unmatched) = match_replace_paths(root, &places, &given);
        assert_eq!(
            matched,
            ["out/film.mp4", "out/frames/a.png", "out/frames"].map(PathBuf::from)
        );
        assert_eq!(unmatched, ["out", "elsewhere"].map(PathBuf::from));
    }
}
