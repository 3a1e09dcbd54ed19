//! Looks at what is at the paths of deliverables, and decides what may be replaced.
//!
//! One rule: what no revision of this store put there, as it is now, is not the program's. It is
//! never replaced or removed unless the user allowed that by its path. Beside the files of a folder
//! that was delivered before, other files stay where they are. Some things can never be allowed:
//! the folders of version control, the store, and what the document reads.
//!
//! `validate` asks before a run, publishing asks again: files and links may have changed since.

mod entry_fate;
mod forbidden_paths;
mod place_request;
mod sealed_reports;
#[cfg(test)]
mod tests;

pub use place_request::{ExpectedNames, PlaceRequest, ReplacePermit};

use super::delivery_history::DeliveryHistory;
use super::disk::{DiskEntryKind, parent_folder};
use super::{FileSnapshot, StoreError, StoreLayout};
use crate::base::paths::{merged_path, real_path};
use crate::model::{ForeignEntry, ForeignKind, PlaceProblem};
use entry_fate::{
    EntryFate, FoundEntry, entry_facts, entry_fate, folder_fate, is_wrong_kind, must_be_read,
};
use forbidden_paths::is_history_folder;
use place_request::entry_path;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// What is at the path of one deliverable, if the deliverable may be put there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SurveyedPlace {
    /// Whether anything is there.
    pub(super) exists: bool,
    /// Wanted files that are there already, to the byte.
    pub(super) in_place: BTreeSet<PathBuf>,
    /// Files of earlier revisions that are not wanted any more.
    pub(super) stale: BTreeSet<PathBuf>,
    /// Whether something stays there that is not the program's.
    pub(super) keeps: bool,
    /// What is not the program's and is replaced because the user allowed it, relative to the
    /// production's folder.
    pub(super) replaced: Vec<PathBuf>,
}

/// Looks at the path of every request. Returns what is there, or why the deliverable cannot be
/// put there, in the order of the requests.
///
/// # Errors
/// Fails if a path cannot be read, or a journal is damaged.
pub fn survey_places(
    layout: &StoreLayout,
    root: &Path,
    requests: &[PlaceRequest],
    permit: &ReplacePermit,
) -> Result<Vec<Result<SurveyedPlace, PlaceProblem>>, StoreError> {
    let survey = PlaceSurvey {
        layout,
        root,
        permit,
    };
    let mut found = requests
        .iter()
        .map(|request| survey.find_entries(request))
        .collect::<Result<Vec<_>, _>>()?;
    survey.mark_shared_places(requests, &mut found);
    let current = DeliveryHistory::read_current(layout);
    let decided = survey.decide_all(requests, &found, &current)?;
    // Nearly always the revision in place explains everything. The others are read when something
    // is left: the path of an output may have changed and changed back.
    let is_unexplained = |result: &Result<SurveyedPlace, PlaceProblem>| match result {
        Ok(place) => !place.replaced.is_empty(),
        Err(problem) => matches!(problem, PlaceProblem::NotOurs(_)),
    };
    if decided.iter().any(is_unexplained) {
        let mut history = DeliveryHistory::read_all(layout)?;
        if history.is_empty() {
            survey.add_reported(requests, &found, &mut history);
        }
        let mut decided = survey.decide_all(requests, &found, &history)?;
        survey.name_other_documents(requests, &mut decided);
        return Ok(decided);
    }
    Ok(decided)
}

/// Returns the error for the first of these deliverables whose folder cannot be written. Paths are
/// relative to the production's folder.
// Before a run renders, and also for what is in place: `validate` does not ask for that, since a
// run may have nothing to change there.
#[must_use]
pub fn find_unwritable<'p>(
    layout: &StoreLayout,
    root: &Path,
    mut paths: impl Iterator<Item = &'p Path>,
) -> Option<StoreError> {
    let survey = PlaceSurvey {
        layout,
        root,
        permit: &ReplacePermit::default(),
    };
    paths.find_map(|path| {
        let problem = survey.unwritable_folder(&root.join(path))?;
        Some(StoreError::NotReplaceable {
            path: path.to_owned(),
            problem,
        })
    })
}

/// The disk and the permission of a survey.
struct PlaceSurvey<'a> {
    layout: &'a StoreLayout,
    root: &'a Path,
    permit: &'a ReplacePermit,
}

/// The entries at the path of one request, or why nobody may look there.
type FoundPlace = Result<Vec<FoundEntry>, PlaceProblem>;

impl PlaceSurvey<'_> {
    /// Lists what is at the path of a request.
    fn find_entries(&self, request: &PlaceRequest) -> Result<FoundPlace, StoreError> {
        if let Some(problem) = self.path_problem(&request.path) {
            return Ok(Err(problem));
        }
        let disk = self.layout.disk();
        let path = self.root.join(&request.path);
        let metadata = match disk.symlink_metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if is_absence(&error) => {
                // Only before a run: afterwards an error of the system says more.
                let problem = request
                    .files
                    .is_none()
                    .then(|| self.unwritable_folder(&path));
                return Ok(problem.flatten().map_or(Ok(Vec::new()), Err));
            }
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                let found = self.unwritable_folder(&path);
                let problem =
                    found.unwrap_or_else(|| self.unwritable(parent_folder(&path), &error));
                return Ok(Err(problem));
            }
            Err(source) => return Err(StoreError::io("look at", &path, source)),
        };
        let mut entries = vec![FoundEntry {
            inner: PathBuf::new(),
            metadata,
        }];
        if request.is_folder
            && metadata.kind == DiskEntryKind::Folder
            && let Err(problem) = self.list_folder(&path, &mut entries)?
        {
            return Ok(Err(problem));
        }
        Ok(Ok(entries))
    }

    /// Adds everything that is in the folder at `path`, at any depth.
    fn list_folder(
        &self,
        path: &Path,
        entries: &mut Vec<FoundEntry>,
    ) -> Result<Result<(), PlaceProblem>, StoreError> {
        let disk = self.layout.disk();
        let mut pending = vec![PathBuf::new()];
        while let Some(folder) = pending.pop() {
            let full = path.join(&folder);
            let listed = match disk.sorted_paths(&full) {
                Ok(listed) => listed,
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    return Ok(Err(self.unwritable(&full, &error)));
                }
                Err(source) => return Err(StoreError::io("list", &full, source)),
            };
            for inner_path in listed {
                let Ok(inner) = inner_path.strip_prefix(path).map(Path::to_owned) else {
                    continue;
                };
                let metadata = disk
                    .symlink_metadata(&inner_path)
                    .map_err(|source| StoreError::io("look at", &inner_path, source))?;
                // Nothing in a folder of version control is ever read or listed: it may have a
                // million files, and none of them is a deliverable.
                if metadata.kind == DiskEntryKind::Folder && !is_history_folder(&inner) {
                    pending.push(inner.clone());
                }
                entries.push(FoundEntry { inner, metadata });
            }
        }
        Ok(Ok(()))
    }

    /// Decides about every place with what `history` knows.
    fn decide_all(
        &self,
        requests: &[PlaceRequest],
        found: &[FoundPlace],
        history: &DeliveryHistory,
    ) -> Result<Vec<Result<SurveyedPlace, PlaceProblem>>, StoreError> {
        let places = || requests.iter().zip(found);
        let read: BTreeSet<PathBuf> = places()
            .filter_map(|(request, found)| Some((request, found.as_ref().ok()?)))
            .flat_map(|(request, entries)| {
                entries
                    .iter()
                    .filter(|entry| must_be_read(request, entry, history))
                    .map(|entry| entry_path(request, &entry.inner))
            })
            .collect();
        let read: Vec<PathBuf> = read.into_iter().collect();
        // In one call for all places, so that files are read side by side and unchanged ones come
        // from the cache.
        let digests = FileSnapshot::hash_files(
            self.root,
            &read,
            self.layout,
            &self.layout.placed_cache_path(),
        )?;
        let decide = |(request, found): (&PlaceRequest, &FoundPlace)| match found {
            Ok(entries) => self.decide_place(request, entries, history, &digests),
            Err(problem) => Err(problem.clone()),
        };
        Ok(places().map(decide).collect())
    }

    fn decide_place(
        &self,
        request: &PlaceRequest,
        entries: &[FoundEntry],
        history: &DeliveryHistory,
        digests: &FileSnapshot,
    ) -> Result<SurveyedPlace, PlaceProblem> {
        let place = entry_path(request, Path::new(""));
        let is_removal = request.files.as_ref().is_some_and(BTreeMap::is_empty);
        let beside_ours = request.is_folder && history.is_delivered_folder(&place);
        let mut surveyed = SurveyedPlace {
            exists: !entries.is_empty(),
            ..SurveyedPlace::default()
        };
        let mut foreign = Vec::new();
        for entry in entries {
            let path = entry_path(request, &entry.inner);
            let fate = if is_wrong_kind(request, entry) {
                EntryFate::Foreign(ForeignKind::WrongKind)
            } else if entry.metadata.kind == DiskEntryKind::Folder {
                folder_fate(entry, beside_ours)?
            } else {
                entry_fate(entry_facts(request, entry, history, digests, beside_ours))
            };
            match fate {
                EntryFate::InPlace => _ = surveyed.in_place.insert(entry.inner.clone()),
                EntryFate::Replaced => {}
                EntryFate::Removed => _ = surveyed.stale.insert(entry.inner.clone()),
                EntryFate::Retained => surveyed.keeps = true,
                // What is only to be removed stays if it is not ours.
                EntryFate::Foreign(_) if is_removal => surveyed.keeps = true,
                EntryFate::Foreign(kind)
                    if kind != ForeignKind::WrongKind && self.permit.allows(&place, &path) =>
                {
                    // Nothing takes its path, so it has to be removed.
                    if let Some(files) = &request.files
                        && !files.contains_key(&entry.inner)
                    {
                        surveyed.stale.insert(entry.inner.clone());
                    }
                    surveyed.replaced.push(path);
                }
                EntryFate::Foreign(kind) => foreign.push(ForeignEntry { path, kind }),
            }
        }
        let is_replaced_whole =
            !beside_ours && !surveyed.replaced.is_empty() && self.permit.allows(&place, &place);
        if is_replaced_whole {
            surveyed.replaced = vec![place];
        }
        surveyed.keeps = !is_replaced_whole
            && (surveyed.keeps || has_other_folders(request, entries, &surveyed));
        if foreign.is_empty() {
            Ok(surveyed)
        } else {
            Err(PlaceProblem::NotOurs(foreign))
        }
    }

    /// Finds places that are one place, or in each other, once links are followed and the case of
    /// letters is ignored.
    fn mark_shared_places(&self, requests: &[PlaceRequest], found: &mut [FoundPlace]) {
        // On many disks `Film.mp4` and `film.mp4` are one file, and a production is moved between
        // disks.
        let compared = |(index, request): (usize, &PlaceRequest)| {
            let full = self.root.join(entry_path(request, Path::new("")));
            let real = real_path(&full).unwrap_or(full);
            // Only before a run: a revision of an earlier version can still be put in place on a
            // disk that has room for both.
            let place = if request.files.is_none() {
                merged_path(&real)
            } else {
                real
            };
            (place, index)
        };
        let mut places: Vec<(PathBuf, usize)> = requests
            .iter()
            .enumerate()
            .filter(|(index, _)| found[*index].is_ok())
            .map(compared)
            .collect();
        // Sorted by components, what is in a folder follows the folder. So one pass finds all, and
        // thousands of outputs cost no square of their number.
        places.sort();
        let mut top: Option<&(PathBuf, usize)> = None;
        for entry in &places {
            match top {
                Some((outer, first)) if entry.0.starts_with(outer) => {
                    let other = requests[*first].path.clone();
                    found[entry.1] = Err(PlaceProblem::SharedWith(other));
                }
                _ => top = Some(entry),
            }
        }
    }
}

/// Returns whether there are folders that have neither wanted nor delivered files.
fn has_other_folders(
    request: &PlaceRequest,
    entries: &[FoundEntry],
    surveyed: &SurveyedPlace,
) -> bool {
    let mut folders: BTreeSet<&Path> = BTreeSet::new();
    let wanted = request.files.iter().flat_map(BTreeMap::keys);
    let ours = surveyed.stale.iter().chain(wanted);
    ours.for_each(|path| folders.extend(path.ancestors().skip(1)));
    entries
        .iter()
        .filter(|entry| entry.metadata.kind == DiskEntryKind::Folder)
        .any(|entry| !entry.inner.as_os_str().is_empty() && !folders.contains(&*entry.inner))
}

// `NotADirectory`: a folder of the path is a file, which has a problem of its own.
fn is_absence(error: &io::Error) -> bool {
    // Nothing has a name that the file system cannot take. `validate` refuses to write there.
    matches!(
        error.kind(),
        io::ErrorKind::NotFound
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::InvalidFilename
            // A path with a NUL, which no call of a system accepts.
            | io::ErrorKind::InvalidInput
    )
}
