//! What is to be put where, and what the user allowed to be replaced there.

use crate::base::paths::normalized_path;
use crate::store::manifest::StoredFile;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::ops::Bound;
use std::path::{Path, PathBuf};

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

impl ReplacePermit {
    /// Returns what is never replaced and is, contains or is in `real`.
    pub(super) fn protected_over(&self, real: &Path) -> Option<&str> {
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

    /// Returns whether what is at `path` may be replaced by the deliverable at `place`.
    pub(super) fn allows(&self, place: &Path, path: &Path) -> bool {
        // A folder above the deliverable would allow more than was looked at when it was typed.
        path.ancestors()
            .take_while(|above| above.starts_with(place))
            .any(|above| self.replace.contains(above))
    }
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

impl PlaceRequest {
    /// Returns whether the names of its files lead nowhere else.
    // They come from a manifest, and a store may come from somebody else.
    pub(in crate::store) fn has_plain_names(&self) -> bool {
        self.files
            .iter()
            .flat_map(BTreeMap::keys)
            .all(|name| normalized_path(name).as_ref() == Some(name))
    }
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
    Named(Vec<String>),
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
            (Self::Named(names), [name]) => names.iter().any(|known| known == name),
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

/// Returns the path of an entry, relative to the production's folder and in normal form.
pub(super) fn entry_path(request: &PlaceRequest, inner: &Path) -> PathBuf {
    // A place without a normal form was refused before its entries were listed (`forbidden_paths`).
    inner_path(&normalized_path(&request.path).unwrap_or_default(), inner)
}

/// Returns the path of what is in a place. An empty `inner` is the place itself.
pub(super) fn inner_path(place: &Path, inner: &Path) -> PathBuf {
    // Joined with an empty path, a path would end with a slash and be no file.
    if inner.as_os_str().is_empty() {
        place.to_owned()
    } else {
        place.join(inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
