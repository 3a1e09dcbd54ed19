//! What a run may put where: asked before it renders, and again when it publishes.
//!
//! Brings together what the document names, what the user allowed, and what the store knows of
//! earlier deliveries. [`crate::store::place_survey`] decides.

use super::session_error::SessionError;
use super::store_access::{StoreLocation, main_document_name};
use crate::base::SourceMap;
use crate::base::paths::{normalized_path, real_path};
use crate::media::{blend, gltf};
use crate::model::{PlaceProblem, Production};
use crate::store::StoreLayout;
use crate::store::place_survey::{PlaceRequest, ReplacePermit, survey_places};
use crate::validate::{PlaceProbe, named_files, passes_path, report_paths};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Looks at the places of deliverables for the rules of `validate`.
#[derive(Debug)]
pub struct StorePlaces<'a> {
    store: Option<&'a Path>,
    replace: &'a [PathBuf],
    unmatched: RefCell<Vec<PathBuf>>,
    failure: RefCell<Option<SessionError>>,
}

impl<'a> StorePlaces<'a> {
    /// Returns a probe for the store of `--store` (`None`: that of the production) and the paths of
    /// `--replace`.
    #[must_use]
    pub const fn new(store: Option<&'a Path>, replace: &'a [PathBuf]) -> Self {
        Self {
            store,
            replace,
            unmatched: RefCell::new(Vec::new()),
            failure: RefCell::new(None),
        }
    }

    /// Returns the paths of `--replace` that no deliverable has, as they were given. Empty if the
    /// production was not looked at.
    #[must_use]
    pub fn unmatched_paths(&self) -> Vec<PathBuf> {
        self.unmatched.borrow().clone()
    }

    /// Returns why the places could not be looked at.
    #[must_use]
    pub fn take_failure(&self) -> Option<SessionError> {
        self.failure.take()
    }
}

impl PlaceProbe for StorePlaces<'_> {
    fn find_problems(
        &self,
        production: &Production,
        sources: &SourceMap,
    ) -> BTreeMap<PathBuf, PlaceProblem> {
        let document = main_document_name(sources);
        let location = StoreLocation::in_folder(&production.root, document, self.store);
        let layout = match location {
            Ok(location) => location.layout,
            Err(error) => {
                *self.failure.borrow_mut() = Some(error);
                return BTreeMap::new();
            }
        };
        let permit = DeliveryPermit::new(production, sources, &layout, self.replace);
        *self.unmatched.borrow_mut() = permit.unmatched;
        let requests = place_requests(production);
        match survey_places(&layout, &production.root, &requests, &permit.permit) {
            Ok(places) => requests
                .into_iter()
                .zip(places)
                .filter_map(|(request, place)| Some((request.path, place.err()?)))
                .collect(),
            Err(error) => {
                *self.failure.borrow_mut() = Some(error.into());
                BTreeMap::new()
            }
        }
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
    /// Returns what the document and the paths of `--replace` allow.
    pub(super) fn new(
        production: &Production,
        sources: &SourceMap,
        layout: &StoreLayout,
        replace: &[PathBuf],
    ) -> Self {
        let places: Vec<PathBuf> = place_requests(production)
            .iter()
            .filter_map(|request| normalized_path(&request.path))
            .collect();
        let (matched, unmatched) = match_replace_paths(&production.root, &places, replace);
        let of_document = production
            .outputs
            .iter()
            .filter(|output| output.replace)
            .filter_map(|output| normalized_path(&output.path.value));
        Self {
            permit: ReplacePermit {
                replace: matched.into_iter().chain(of_document).collect(),
                protected: protected_paths(
                    &production.root,
                    Some(production),
                    Some(sources),
                    layout,
                ),
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
            .find(|path| places.iter().any(|place| path.starts_with(place)))
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

/// Returns what a complete run delivers: outputs, passes and the report.
fn place_requests(production: &Production) -> Vec<PlaceRequest> {
    let request = |path: &Path, is_folder: bool| PlaceRequest {
        path: path.to_owned(),
        is_folder,
        files: None,
    };
    let outputs = production
        .outputs
        .iter()
        // A path that is no text is reported where it was read.
        .filter(|output| !output.path.is_placeholder)
        .map(|output| request(&output.path.value, output.format.codec.is_sequence()));
    let passes = passes_path(production)
        .filter(|path| !path.is_placeholder)
        .map(|path| request(&path.value, true));
    let mut requests: Vec<PlaceRequest> = outputs.chain(passes).collect();
    let reports: Vec<PlaceRequest> = report_paths(production)
        .iter()
        .filter(|path| !requests.iter().any(|other| other.path == **path))
        .map(|path| request(path, false))
        .collect();
    requests.extend(reports);
    requests
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
                .or_insert_with(|| format!("{what} `{shown}`"));
        }
    };
    protect(&root.join("presets"), "the folder of presets");
    protect(layout.root(), "the store");
    for (_, source) in sources.into_iter().flat_map(SourceMap::iter) {
        if source.path.is_file() {
            protect(&source.path, "a file that the document consists of,");
        }
    }
    for path in production.map(named_files).unwrap_or_default() {
        let full = root.join(&path);
        protect(&full, "a file that the document names,");
        for file in sidecar_files(&full) {
            protect(&file, "a file that a model refers to,");
        }
    }
    protected
}

/// Returns the files that a model refers to.
fn sidecar_files(model: &Path) -> Vec<PathBuf> {
    let extension = model
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    // A model that cannot be read has a finding of its own.
    match extension.as_deref() {
        Some("gltf") => gltf::gltf_file_references(model).unwrap_or_default(),
        Some("blend") => blend::blend_file_references(model).unwrap_or_default(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
