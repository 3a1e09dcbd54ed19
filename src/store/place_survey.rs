//! Looks at what lies at the paths of deliverables, and decides what may be replaced.
//!
//! One rule: what no revision of this store put there, as it is now, is not the program's. It is
//! never replaced or removed unless the user allowed that by its path. Beside the files of a folder
//! that was delivered before, other files stay where they are. Some things can never be allowed:
//! the folders of version control, the store, and what the document reads.
//!
//! `validate` asks before a run, publishing asks again: files and links may have changed since.

use super::delivery_history::{DeliveredContent, DeliveryHistory};
use super::delivery_seal::{SealedDeliverable, SealedReport, folder_digest, read_sealed};
use super::disk::{DiskEntryKind, FileMetadata, StoreDisk, parent_folder};
use super::manifest::StoredFile;
use super::report_names::ReportNames;
use super::{FileSnapshot, StoreError, StoreLayout};
use crate::base::Digest;
use crate::base::paths::{escapes_root, normalized_path, real_path};
use crate::model::{ForeignEntry, ForeignKind, PlaceProblem};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io;
use std::ops::Bound;
use std::path::{Component, Path, PathBuf};

/// Folders of version control: a history that nothing brings back.
const HISTORY_FOLDERS: [&str; 6] = [".git", ".hg", ".svn", ".jj", ".bzr", "_darcs"];

/// Files that keep an empty folder in version control, or that file managers leave in every folder.
/// They stay, and a folder with nothing else counts as empty.
const FOLDER_FILES: [&str; 7] = [
    ".gitkeep",
    ".keep",
    ".gitignore",
    ".gitattributes",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
];

/// What the user allowed to be replaced, and what nobody can allow.
#[derive(Debug, Clone, Default)]
pub struct ReplacePermit {
    /// Paths of deliverables, or of files in them, whose foreign content may be replaced. In normal
    /// form, relative to the production's folder.
    pub replace: BTreeSet<PathBuf>,
    /// Files and folders that are never replaced, beside the store and folders of version control:
    /// by path on the disk, links followed, with what they are, such as ``the document
    /// `production.yaml` ``.
    pub protected: BTreeMap<PathBuf, String>,
    /// The file name of the document. What the report of another document of the folder says was
    /// delivered is not this one's to replace.
    pub document: String,
}

/// A deliverable that is about to be put in place.
#[derive(Debug, Clone)]
pub struct PlaceRequest {
    /// Its path, relative to the production's folder.
    pub path: PathBuf,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// Its files by path below `path`; a film has one, with an empty path. `None`: not known yet.
    pub files: Option<BTreeMap<PathBuf, StoredFile>>,
    /// The names that its files will have, as far as they are known without `files`.
    pub names: Option<ExpectedNames>,
}

/// Names of files that a folder will have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedNames {
    /// Pictures with the numbers from 1 to `count`.
    Pictures {
        /// The last number.
        count: usize,
        /// The extension of their names.
        extension: &'static str,
    },
    /// Frames of shots, each in a folder of its shot, by its name: the first and the last frame.
    Frames(BTreeMap<String, (i32, i32)>),
    /// Files of these names.
    Named(Vec<&'static str>),
}

impl ExpectedNames {
    /// Returns whether a file will have this path below that of its deliverable.
    #[must_use]
    pub fn contains(&self, inner: &Path) -> bool {
        let Some(parts) = inner.iter().map(OsStr::to_str).collect::<Option<Vec<_>>>() else {
            return false;
        };
        match (self, parts.as_slice()) {
            (Self::Pictures { count, extension }, [name]) => {
                let digits = name
                    .strip_suffix(extension)
                    .and_then(|name| name.strip_suffix('.'));
                let number: Option<usize> = digits.and_then(|digits| digits.parse().ok());
                number.is_some_and(|number| {
                    (1..=*count).contains(&number) && digits == Some(&*format!("{number:06}"))
                })
            }
            (Self::Named(names), [name]) => names.contains(name),
            // `sh010/sh010.1001.exr` and `sh010/sh010.depth.1001.exr`.
            (Self::Frames(shots), [folder, name]) => {
                let frame = name
                    .strip_prefix(folder)
                    .and_then(|rest| rest.strip_prefix('.'))
                    .and_then(|rest| rest.rsplit('.').nth(1)?.parse::<i32>().ok());
                let range = shots.get(*folder).zip(frame);
                range.is_some_and(|((first, last), frame)| (*first..=*last).contains(&frame))
            }
            _ => false,
        }
    }
}

impl PlaceRequest {
    /// Returns whether the names of its files lead nowhere else.
    // They come from a manifest, and a store may come from somebody else.
    pub(super) fn has_plain_names(&self) -> bool {
        self.files
            .iter()
            .flat_map(BTreeMap::keys)
            .all(|name| normalized_path(name).as_ref() == Some(name))
    }
}

/// What lies at the path of one deliverable, if the deliverable may be put there.
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

/// One entry below the path of a deliverable, or that path itself.
#[derive(Debug, Clone)]
struct FoundEntry {
    /// Its path below that of the deliverable. Empty: the path itself.
    inner: PathBuf,
    metadata: FileMetadata,
}

/// What happens to one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EntryFate {
    /// It is wanted as it is.
    InPlace,
    /// An earlier revision put it there, and it is replaced.
    Replaced,
    /// An earlier revision put it there, and nothing takes its path.
    Removed,
    /// It is not the program's, and stays.
    Kept,
    /// It is not the program's, and has to go.
    Foreign(ForeignKind),
}

/// What is known of one entry that is no folder. The decision depends on nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct EntryFacts {
    /// Whether it is a file. Otherwise it is a link or a device.
    is_file: bool,
    /// Whether its content is the wanted one. `None`: nothing is wanted at its path.
    wanted: Option<bool>,
    /// Whether its content was delivered to its path. `None`: no content ever was.
    delivered: Option<bool>,
    /// Whether it was delivered as a part of this deliverable.
    of_this_place: bool,
    /// Whether it is in a folder that was delivered before.
    beside_ours: bool,
}

/// Decides about one entry.
const fn entry_fate(facts: EntryFacts) -> EntryFate {
    let EntryFacts {
        is_file,
        wanted,
        delivered,
        of_this_place,
        beside_ours,
    } = facts;
    match (is_file, wanted, delivered) {
        (true, Some(true), _) => EntryFate::InPlace,
        (true, Some(false), Some(true)) => EntryFate::Replaced,
        (true, None, Some(true)) if of_this_place => EntryFate::Removed,
        // Another deliverable put it there, and the document does not have that one any more.
        (true, None, Some(true)) => EntryFate::Kept,
        // Also if nothing takes its path any more: a frame that is left would be taken for one.
        (true, None, Some(false)) if of_this_place => EntryFate::Foreign(ForeignKind::Changed),
        (_, None, _) if beside_ours => EntryFate::Kept,
        (true, _, Some(false)) => EntryFate::Foreign(ForeignKind::Changed),
        (true, ..) => EntryFate::Foreign(ForeignKind::File),
        (false, ..) => EntryFate::Foreign(ForeignKind::Link),
    }
}

impl ReplacePermit {
    /// Returns what is never replaced and is, contains or is in `real`.
    fn protected_over(&self, real: &Path) -> Option<&str> {
        // By look-ups in order, not by comparing all: a document may have thousands of outputs and
        // of files.
        let inside = self
            .protected
            .range::<Path, _>((Bound::Included(real), Bound::Unbounded))
            .next()
            .filter(|(path, _)| path.starts_with(real))
            .map(|(_, description)| description);
        let above = || real.ancestors().find_map(|above| self.protected.get(above));
        inside.or_else(above).map(String::as_str)
    }

    /// Returns whether what lies at `path` may be replaced by the deliverable at `place`.
    fn allows(&self, place: &Path, path: &Path) -> bool {
        // A folder above the deliverable would allow more than was looked at when it was typed.
        path.ancestors()
            .take_while(|above| above.starts_with(place))
            .any(|above| self.replace.contains(above))
    }
}

/// Looks at the path of every request. Returns what lies there, or why the deliverable cannot be
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

/// Returns the error for the first of these deliverables whose folder cannot be written. Paths are relative to the production's folder.
// Before a run renders, and also for what is in place: `validate` does not ask for that, since a run
// may have nothing to change there.
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
    /// Lists what lies at the path of a request.
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
        let mut pending = vec![PathBuf::new()];
        while request.is_folder
            && metadata.kind == DiskEntryKind::Folder
            && let Some(folder) = pending.pop()
        {
            let full = path.join(&folder);
            let listed = match disk.sorted_paths(&full) {
                Ok(listed) => listed,
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    return Ok(Err(self.unwritable(&full, &error)));
                }
                Err(source) => return Err(StoreError::io("list", &full, source)),
            };
            for inner_path in listed {
                let Ok(inner) = inner_path.strip_prefix(&path).map(Path::to_owned) else {
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
        Ok(Ok(entries))
    }

    /// Returns the problem of a path at which there is nothing: the folder in which it would be made
    /// cannot be written.
    fn unwritable_folder(&self, path: &Path) -> Option<PlaceProblem> {
        let disk = self.layout.disk();
        let folder = path
            .ancestors()
            .skip(1)
            .map(|folder| match folder.as_os_str().is_empty() {
                true => Path::new("."),
                false => folder,
            })
            .find(|folder| disk.metadata(folder).is_ok())?;
        let error = disk.require_writable(folder).err()?;
        Some(self.unwritable(folder, &error))
    }

    fn unwritable(&self, folder: &Path, error: &io::Error) -> PlaceProblem {
        let shown = folder.strip_prefix(self.root).unwrap_or(folder);
        PlaceProblem::NotWritable(shown.to_owned(), error.to_string())
    }

    /// Returns why nothing may ever be put at a path, whatever the user allows.
    fn path_problem(&self, path: &Path) -> Option<PlaceProblem> {
        let Some(place) = normalized_path(path).filter(|place| !place.as_os_str().is_empty())
        else {
            return Some(PlaceProblem::Outside);
        };
        if escapes_root(self.root, path) {
            return Some(PlaceProblem::Outside);
        }
        if let Some(problem) = blocked_folder(self.layout.disk(), self.root, &place) {
            return Some(problem);
        }
        // Compared as text and as the disk sees it: a link leads elsewhere, and a disk in memory or
        // a folder that does not exist yet has no real paths.
        let full = self.root.join(&place);
        let real = real_path(&full);
        let is_root = |root: PathBuf| real.as_ref().is_some_and(|real| root.starts_with(real));
        if real_path(self.root).is_some_and(is_root) {
            return Some(PlaceProblem::Outside);
        }
        let is_over = |other: &Path| {
            paths_contain(&full, other)
                || real.as_ref().is_some_and(|real| paths_contain(real, other))
        };
        let store = self.layout.root();
        if is_over(store) || real_path(store).is_some_and(|store| is_over(&store)) {
            return Some(PlaceProblem::InStore);
        }
        if let Some(name) = history_folder_in(&place) {
            return Some(PlaceProblem::Protected(format!("the folder `{name}`")));
        }
        let real = real_path(&full)?;
        if let Some(name) = real_path(self.root)
            .and_then(|root| real.strip_prefix(root).ok().map(Path::to_owned))
            .and_then(|inner| history_folder_in(&inner))
        {
            return Some(PlaceProblem::Protected(format!("the folder `{name}`")));
        }
        self.permit
            .protected_over(&real)
            .map(|description| PlaceProblem::Protected(description.to_owned()))
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
                EntryFate::Kept => surveyed.keeps = true,
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

    /// Adds what the report beside the deliverables says, for a store that was deleted. What cannot
    /// be read is left out.
    fn add_reported(
        &self,
        requests: &[PlaceRequest],
        found: &[FoundPlace],
        history: &mut DeliveryHistory,
    ) {
        let disk = self.layout.disk();
        let paths = requests
            .iter()
            .map(|request| entry_path(request, Path::new("")));
        let found_at: BTreeMap<PathBuf, &FoundPlace> = paths.zip(found).collect();
        for request in requests.iter().filter(|request| !request.is_folder) {
            let path = entry_path(request, Path::new(""));
            // Its name may begin with that of the document.
            let name = path.file_name().unwrap_or_default().as_encoded_bytes();
            if !name.ends_with(b"report.json") {
                continue;
            }
            let Ok(bytes) = disk.read_bytes(&self.root.join(&path)) else {
                continue;
            };
            let Some(sealed) = std::str::from_utf8(&bytes).ok().and_then(read_sealed) else {
                continue;
            };
            let folder = path.parent().unwrap_or(Path::new(""));
            if !sealed.is_of_folder(folder)
                || sealed.is_of_other_document(self.root, &self.permit.document)
            {
                continue;
            }
            // The report itself is not in its own list. Its seal says that it is as it was written.
            let report = DeliveredContent {
                size: bytes.len() as u64,
                digest: Digest::hash_bytes(&bytes),
                place: path.clone(),
            };
            history.add_file(path, report);
            for deliverable in sealed.delivered {
                if let Some(Ok(entries)) = found_at.get(&deliverable.path) {
                    self.add_sealed(&deliverable, entries, history);
                }
            }
        }
    }

    /// Says of deliverables of another document that they are, by the report beside them. Otherwise
    /// it would be said that no run put them there.
    fn name_other_documents(
        &self,
        requests: &[PlaceRequest],
        decided: &mut [Result<SurveyedPlace, PlaceProblem>],
    ) {
        let mut reports: BTreeMap<PathBuf, Option<SealedReport>> = BTreeMap::new();
        for (request, decision) in requests.iter().zip(decided) {
            let Err(PlaceProblem::NotOurs(entries)) = decision else {
                continue;
            };
            let place = entry_path(request, Path::new(""));
            let folder = place.parent().unwrap_or(Path::new("")).to_owned();
            let report = reports.entry(folder).or_insert_with_key(|folder| {
                let path = self.root.join(folder).join(ReportNames::default().data());
                let bytes = self.layout.disk().read_bytes(&path).ok()?;
                let sealed = read_sealed(std::str::from_utf8(&bytes).ok()?)?;
                sealed
                    .is_of_other_document(self.root, &self.permit.document)
                    .then_some(sealed)
            });
            let delivered = report.iter().flat_map(|report| &report.delivered);
            if delivered
                .map(|other| &other.path)
                .any(|path| *path == place)
            {
                entries
                    .iter_mut()
                    .filter(|entry| entry.kind == ForeignKind::File)
                    .for_each(|entry| entry.kind = ForeignKind::OtherDocument);
            }
        }
    }

    /// Adds the files of one deliverable, if they are all there as the report says.
    fn add_sealed(
        &self,
        deliverable: &SealedDeliverable,
        entries: &[FoundEntry],
        history: &mut DeliveryHistory,
    ) {
        let disk = self.layout.disk();
        let mut contents = Vec::new();
        for entry in entries {
            let path = self.root.join(inner_path(&deliverable.path, &entry.inner));
            match entry.metadata.kind {
                DiskEntryKind::Folder => {}
                DiskEntryKind::Other => return,
                DiskEntryKind::File => match disk.hash_file(&path) {
                    Ok(digest) => contents.push((entry, digest)),
                    Err(_) => return,
                },
            }
        }
        // No deliverable of ours has a name that is no text.
        let named: Option<Vec<(&str, Digest)>> = contents
            .iter()
            .map(|(entry, digest)| Some((entry.inner.to_str()?, *digest)))
            .collect();
        let digest = match contents.as_slice() {
            [(_, digest)] if !deliverable.folder => Some(*digest),
            _ => named.map(|named| folder_digest(named.into_iter())),
        };
        if digest != Some(deliverable.digest) {
            return;
        }
        for (entry, digest) in contents {
            let content = DeliveredContent {
                size: entry.metadata.stamp.size,
                digest,
                place: deliverable.path.clone(),
            };
            history.add_file(inner_path(&deliverable.path, &entry.inner), content);
        }
        if deliverable.folder {
            history.add_folder(deliverable.path.clone());
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
                PathBuf::from(real.to_string_lossy().to_lowercase())
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

/// Returns the path of an entry, relative to the production's folder and in normal form.
fn entry_path(request: &PlaceRequest, inner: &Path) -> PathBuf {
    inner_path(&normalized_path(&request.path).unwrap_or_default(), inner)
}

/// Returns the path of what is in a place. An empty `inner` is the place itself.
fn inner_path(place: &Path, inner: &Path) -> PathBuf {
    // Joined with an empty path, a path would end with a slash and be no file.
    if inner.as_os_str().is_empty() {
        place.to_owned()
    } else {
        place.join(inner)
    }
}

/// Returns whether an entry is a folder where a file is wanted, or the other way round.
fn is_wrong_kind(request: &PlaceRequest, entry: &FoundEntry) -> bool {
    let is_folder = entry.metadata.kind == DiskEntryKind::Folder;
    if entry.inner.as_os_str().is_empty() {
        return match entry.metadata.kind {
            DiskEntryKind::Folder => !request.is_folder,
            DiskEntryKind::File => request.is_folder,
            DiskEntryKind::Other => false,
        };
    }
    let Some(files) = &request.files else {
        return false;
    };
    if is_folder {
        files.contains_key(&entry.inner)
    } else {
        // The next path in order is in the folder, if any is.
        files
            .range::<Path, _>((Bound::Excluded(entry.inner.as_path()), Bound::Unbounded))
            .next()
            .is_some_and(|(path, _)| path.starts_with(&entry.inner))
    }
}

/// Decides about a folder in a deliverable. What is in it is decided by itself.
fn folder_fate(entry: &FoundEntry, beside_ours: bool) -> Result<EntryFate, PlaceProblem> {
    match (is_history_folder(&entry.inner), beside_ours) {
        (true, true) => Ok(EntryFate::Kept),
        (true, false) => Err(PlaceProblem::Protected(format!(
            "the folder `{}`",
            entry.inner.display()
        ))),
        (false, _) => Ok(EntryFate::Replaced),
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

fn entry_facts(
    request: &PlaceRequest,
    entry: &FoundEntry,
    history: &DeliveryHistory,
    digests: &FileSnapshot,
    beside_ours: bool,
) -> EntryFacts {
    let path = entry_path(request, &entry.inner);
    let place = entry_path(request, Path::new(""));
    let digest = digests.file_digest(&path);
    let contents = history.delivered_contents(&path);
    let of_this_place = contents.iter().any(|content| content.place == place);
    let wanted = match &request.files {
        Some(files) => files
            .get(&entry.inner)
            .map(|file| digest == Some(file.digest)),
        // Before a run is planned its files are not known. What this deliverable had is taken to be
        // wanted again, so that a file that was changed by hand is found now and not at the end.
        None => {
            let is_expected = || {
                let names = request.names.as_ref();
                names.is_some_and(|names| names.contains(&entry.inner))
            };
            (of_this_place || !request.is_folder || is_expected()).then_some(false)
        }
    };
    EntryFacts {
        is_file: entry.metadata.kind == DiskEntryKind::File,
        wanted,
        delivered: (!contents.is_empty()).then(|| {
            contents
                .iter()
                .any(|content| digest == Some(content.digest))
        }),
        of_this_place,
        beside_ours: beside_ours || is_folder_file(&entry.inner),
    }
}

/// Returns whether an entry says something about the folder that it is in, and nothing else.
fn is_folder_file(inner: &Path) -> bool {
    FOLDER_FILES.iter().any(|name| inner == Path::new(name))
}

/// Returns whether the content of an entry decides about it. A size that nothing has decides
/// without.
fn must_be_read(request: &PlaceRequest, entry: &FoundEntry, history: &DeliveryHistory) -> bool {
    let size = entry.metadata.stamp.size;
    let is_wanted = || {
        let wanted = request.files.as_ref()?.get(&entry.inner)?;
        Some(wanted.size == size)
    };
    let is_delivered = || {
        history
            .delivered_contents(&entry_path(request, &entry.inner))
            .iter()
            .any(|content| content.size == size)
    };
    entry.metadata.kind == DiskEntryKind::File && (is_wanted() == Some(true) || is_delivered())
}

/// Returns why a folder of a path is none and cannot be made: the first from the production's
/// folder on.
fn blocked_folder(disk: &dyn StoreDisk, root: &Path, place: &Path) -> Option<PlaceProblem> {
    let folders: Vec<&Path> = place
        .ancestors()
        .skip(1)
        .filter(|folder| !folder.as_os_str().is_empty())
        .collect();
    folders.into_iter().rev().find_map(|folder| {
        let full = root.join(folder);
        match disk.metadata(&full) {
            Ok(metadata) if metadata.kind == DiskEntryKind::Folder => None,
            Ok(_) => Some(PlaceProblem::FileInPath(folder.to_owned())),
            // Something has the name, and leads nowhere: no folder can be made in its place.
            Err(_) if disk.symlink_metadata(&full).is_ok() => {
                Some(PlaceProblem::DeadLinkInPath(folder.to_owned()))
            }
            Err(_) => None,
        }
    })
}

/// Returns the name of the first folder of version control in a path.
fn history_folder_in(path: &Path) -> Option<String> {
    path.components().find_map(|component| match component {
        Component::Normal(name) => {
            let name = name.to_string_lossy();
            // Without the case of letters: `.GIT` is `.git` on many disks.
            HISTORY_FOLDERS
                .iter()
                .any(|folder| folder.eq_ignore_ascii_case(&name))
                .then(|| name.into_owned())
        }
        _ => None,
    })
}

/// Returns whether a path ends in a folder of version control.
fn is_history_folder(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| history_folder_in(Path::new(name)).is_some())
}

/// Returns whether one path is, or is in, the other.
fn paths_contain(first: &Path, second: &Path) -> bool {
    first.starts_with(second) || second.starts_with(first)
}

// `NotADirectory`: a folder of the path is a file, which has a problem of its own.
fn is_absence(error: &io::Error) -> bool {
    // Nothing has a name that the file system cannot take. `validate` refuses to write there.
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::disk::LocalDisk;
    use crate::store::disk::testing::FaultyDisk;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn facts() -> impl Strategy<Value = EntryFacts> {
        let known = || prop::option::of(any::<bool>());
        (
            any::<bool>(),
            known(),
            known(),
            any::<bool>(),
            any::<bool>(),
        )
            .prop_map(|(is_file, wanted, delivered, of_this_place, beside_ours)| {
                EntryFacts {
                    is_file,
                    wanted,
                    delivered,
                    of_this_place,
                    beside_ours,
                }
            })
    }

    proptest! {
        /// The one guarantee: whatever else is known, what has to go without being allowed is a
        /// file with the very bytes that a run delivered there.
        #[test]
        fn only_what_a_run_delivered_as_it_is_goes_unasked(facts in facts()) {
            let fate = entry_fate(facts);
            if matches!(fate, EntryFate::Replaced | EntryFate::Removed) {
                prop_assert!(facts.is_file && facts.delivered == Some(true));
            }
            if fate == EntryFate::Removed {
                prop_assert!(facts.of_this_place && facts.wanted.is_none());
            }
            if fate == EntryFate::Kept {
                prop_assert!(facts.wanted.is_none(), "nothing stays where a file has to be");
            }
            if fate == EntryFate::InPlace {
                prop_assert!(facts.is_file && facts.wanted == Some(true));
            }
        }
    }

    #[test]
    fn each_case_has_its_fate() {
        let base = EntryFacts {
            is_file: true,
            wanted: None,
            delivered: None,
            of_this_place: false,
            beside_ours: false,
        };
        let cases = [
            (base, EntryFate::Foreign(ForeignKind::File)),
            (
                EntryFacts {
                    beside_ours: true,
                    ..base
                },
                EntryFate::Kept,
            ),
            (
                EntryFacts {
                    wanted: Some(false),
                    beside_ours: true,
                    ..base
                },
                EntryFate::Foreign(ForeignKind::File),
            ),
            (
                EntryFacts {
                    wanted: Some(true),
                    ..base
                },
                EntryFate::InPlace,
            ),
            (
                EntryFacts {
                    wanted: Some(false),
                    delivered: Some(true),
                    ..base
                },
                EntryFate::Replaced,
            ),
            (
                EntryFacts {
                    wanted: Some(false),
                    delivered: Some(false),
                    beside_ours: true,
                    ..base
                },
                EntryFate::Foreign(ForeignKind::Changed),
            ),
            (
                EntryFacts {
                    delivered: Some(true),
                    of_this_place: true,
                    ..base
                },
                EntryFate::Removed,
            ),
            (
                EntryFacts {
                    delivered: Some(false),
                    of_this_place: true,
                    beside_ours: true,
                    ..base
                },
                EntryFate::Foreign(ForeignKind::Changed),
            ),
            (
                EntryFacts {
                    delivered: Some(true),
                    ..base
                },
                EntryFate::Kept,
            ),
            (
                EntryFacts {
                    is_file: false,
                    wanted: Some(false),
                    beside_ours: true,
                    ..base
                },
                EntryFate::Foreign(ForeignKind::Link),
            ),
        ];
        for (facts, fate) in cases {
            assert_eq!(entry_fate(facts), fate, "{facts:?}");
        }
    }

    /// Returns the problem of putting a film at a path of a folder on the disk.
    fn film_problem(root: &Path, store: &str, path: &str) -> Option<PlaceProblem> {
        let request = PlaceRequest {
            path: path.into(),
            is_folder: false,
            files: None,
            names: None,
        };
        let layout = StoreLayout::new(root.join(store));
        let permit = ReplacePermit {
            replace: [path.into()].into(),
            protected: [(
                root.canonicalize().unwrap().join("production.yaml"),
                "the document".to_owned(),
            )]
            .into(),
            document: String::new(),
        };
        let mut surveyed = survey_places(&layout, root, &[request], &permit).unwrap();
        surveyed.remove(0).err()
    }

    #[test]
    fn a_folder_without_permission_is_found_before_anything_is_made() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("out")).unwrap();
        let locked = folder.path().join("out");
        let faulty = FaultyDisk::with_faults(LocalDisk, move |_, path| {
            (path == locked).then(|| io::ErrorKind::ReadOnlyFilesystem.into())
        });
        let layout = StoreLayout::on_disk(Arc::new(faulty), folder.path().join("store"));
        let problem = |path: &str| {
            let request = PlaceRequest {
                path: path.into(),
                is_folder: false,
                files: None,
                names: None,
            };
            let permit = ReplacePermit::default();
            let mut surveyed = survey_places(&layout, folder.path(), &[request], &permit).unwrap();
            surveyed.remove(0).err()
        };
        for path in ["out/film.mp4", "out/deep/er/film.mp4"] {
            let Some(PlaceProblem::NotWritable(found, reason)) = problem(path) else {
                panic!("{path}");
            };
            assert_eq!(found, Path::new("out"));
            assert!(reason.contains("read-only"), "{reason}");
        }
        assert_eq!(problem("film.mp4"), None);
    }

    #[test]
    fn the_names_of_pictures_and_frames_are_expected() {
        let pictures = ExpectedNames::Pictures {
            count: 24,
            extension: "png",
        };
        for (name, expected) in [
            ("000001.png", true),
            ("000024.png", true),
            ("000025.png", false),
            ("000000.png", false),
            ("24.png", false),
            ("000024.jpg", false),
            ("000024png", false),
            ("deep/000024.png", false),
        ] {
            assert_eq!(pictures.contains(Path::new(name)), expected, "{name}");
        }
        let frames = ExpectedNames::Frames([("sh".to_owned(), (-2, 8))].into());
        for (name, expected) in [
            ("sh/sh.0008.exr", true),
            ("sh/sh.depth.-002.exr", true),
            ("sh/sh.depth.0009.exr", false),
            ("sh/notes.0008.exr", false),
            ("other/other.0008.exr", false),
            ("sh.0008.exr", false),
        ] {
            assert_eq!(frames.contains(Path::new(name)), expected, "{name}");
        }
    }

    #[test]
    fn some_paths_cannot_be_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in ["production.yaml", "file"] {
            std::fs::write(root.join(name), "").unwrap();
        }
        let problem = |path: &str| film_problem(root, "out/store", path);
        let git = Some(PlaceProblem::Protected("the folder `.git`".to_owned()));
        assert_eq!(problem(".git"), git);
        assert_eq!(problem("out/.git/film.mp4"), git);
        assert_eq!(
            problem(".GIT/film.mp4"),
            Some(PlaceProblem::Protected("the folder `.GIT`".to_owned()))
        );
        for path in ["", ".", "out/..", "../film.mp4", "/film.mp4"] {
            assert_eq!(problem(path), Some(PlaceProblem::Outside), "{path}");
        }
        for path in ["out", "out/store", "out/store/blobs/film.mp4"] {
            assert_eq!(problem(path), Some(PlaceProblem::InStore), "{path}");
        }
        assert_eq!(
            problem("production.yaml"),
            Some(PlaceProblem::Protected("the document".to_owned()))
        );
        assert_eq!(
            problem("file/film.mp4"),
            Some(PlaceProblem::FileInPath("file".into()))
        );
        assert_eq!(problem("film.mp4"), None);
        // `validate` has a rule for names that are too long; looking there is no failure.
        assert_eq!(problem(&"n".repeat(300)), None);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_before_a_path_is_judged() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("kept/store/blobs")).unwrap();
        std::fs::create_dir(root.join(".git")).unwrap();
        symlink("kept", root.join("to_store_parent")).unwrap();
        symlink("kept/store/blobs", root.join("to_store")).unwrap();
        symlink(".git", root.join("to_git")).unwrap();
        symlink(".", root.join("to_root")).unwrap();
        symlink(elsewhere.path(), root.join("to_elsewhere")).unwrap();
        symlink("nothing", root.join("dead")).unwrap();
        let problem = |path: &str| film_problem(root, "kept/store", path);
        assert_eq!(problem("to_store/film.mp4"), Some(PlaceProblem::InStore));
        assert_eq!(problem("to_store_parent"), Some(PlaceProblem::InStore));
        assert_eq!(problem("to_root"), Some(PlaceProblem::Outside));
        assert_eq!(
            problem("to_elsewhere/film.mp4"),
            Some(PlaceProblem::Outside)
        );
        assert_eq!(
            problem("to_git/film.mp4"),
            Some(PlaceProblem::Protected("the folder `.git`".to_owned()))
        );
        // The link itself is what would be replaced, and that is allowed here.
        assert_eq!(problem("dead"), None);
        // A folder behind it cannot be made.
        symlink("round", root.join("round")).unwrap();
        for name in ["dead", "round"] {
            assert_eq!(
                problem(&format!("{name}/film.mp4")),
                Some(PlaceProblem::DeadLinkInPath(name.into()))
            );
        }
        assert_eq!(
            film_problem(root, "to_store_parent/store", "kept/a.mp4"),
            None
        );
        assert_eq!(
            film_problem(root, "to_store_parent/store", "kept/store/a.mp4"),
            Some(PlaceProblem::InStore)
        );
    }

    #[test]
    fn outputs_that_differ_only_in_the_case_of_letters_share_a_place() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path().join("store"));
        let paths = [".", "out/Film.mp4", "out/other.mp4", "out/film.mp4"];
        let requests = paths.map(|path| PlaceRequest {
            path: path.into(),
            is_folder: false,
            files: None,
            names: None,
        });
        let permit = ReplacePermit::default();
        let surveyed = survey_places(&layout, folder.path(), &requests, &permit).unwrap();
        let problems: Vec<_> = surveyed.into_iter().map(Result::err).collect();
        assert_eq!(
            problems,
            [
                Some(PlaceProblem::Outside),
                None,
                None,
                Some(PlaceProblem::SharedWith("out/Film.mp4".into()))
            ],
            "a path that is wrong by itself takes no place from the others"
        );
    }
}
