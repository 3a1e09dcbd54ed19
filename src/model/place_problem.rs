//! Why a deliverable cannot be put at its path: what is there is not the program's to replace.
//!
//! The store finds the problem when it looks at a path, and `validate` reports it. Both need the
//! words, so they are here.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a deliverable cannot be put at its path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceProblem {
    /// The path leads out of the production's folder once links are followed, or is that folder.
    Outside,
    /// The path is in the store that is used, or contains it.
    InStore,
    /// The path is, contains or is in something that is never replaced. The text names it, such as
    /// ``the folder `.git` ``.
    Protected(String),
    /// Another deliverable has this path, contains it or is in it, once links are followed and the
    /// case of letters is ignored.
    SharedWith(PathBuf),
    /// A folder of the path is a file.
    FileInPath(PathBuf),
    /// This folder cannot be written, for this reason.
    NotWritable(PathBuf, String),
    /// A folder of the path is a link to nothing, or to itself.
    DeadLinkInPath(PathBuf),
    /// Things that no revision put there, or that were changed since. Never empty.
    NotOurs(Vec<ForeignEntry>),
}

/// Something at the path of a deliverable that no revision put there as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignEntry {
    /// Its path, relative to the production's folder.
    pub path: PathBuf,
    /// What it is.
    pub kind: ForeignKind,
}

/// What a [`ForeignEntry`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ForeignKind {
    /// A file that was delivered and has other content now.
    Changed,
    /// A file that another document of the folder delivered.
    OtherDocument,
    /// A file that no revision delivered.
    File,
    /// A link or a device.
    Link,
    /// A folder where a file must be, or the other way round. It is never replaced.
    WrongKind,
}

impl PlaceProblem {
    /// Returns whether `--replace` can allow the deliverable.
    #[must_use]
    pub fn can_be_allowed(&self) -> bool {
        match self {
            Self::NotOurs(entries) => entries
                .iter()
                .all(|entry| entry.kind != ForeignKind::WrongKind),
            _ => false,
        }
    }
}

impl fmt::Display for PlaceProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside => f.write_str("it is outside the production's folder"),
            Self::InStore => f.write_str("it is in the store, or contains it"),
            Self::Protected(what) => write!(f, "it is, contains or is in {what}"),
            Self::SharedWith(path) => write!(
                f,
                "it shares the path {} of another deliverable, once links are followed and the case of letters is ignored",
                quoted(path)
            ),
            Self::FileInPath(path) => write!(f, "{} is a file, not a folder", quoted(path)),
            Self::NotWritable(folder, reason) => {
                write!(
                    f,
                    "the folder {} cannot be written: {reason}",
                    quoted(folder)
                )
            }
            Self::DeadLinkInPath(path) => write!(f, "{} is a link to nothing", quoted(path)),
            Self::NotOurs(entries) => f.write_str(&entries_text(entries)),
        }
    }
}

/// Returns what the entries are: the first by name, the others by number.
fn entries_text(entries: &[ForeignEntry]) -> String {
    // The gravest first: a file that somebody worked on since it was delivered.
    let Some(first) = entries.iter().min_by_key(|entry| entry.kind) else {
        return String::new();
    };
    let path = quoted(&first.path);
    let is_what = match first.kind {
        ForeignKind::Changed => format!("{path} was changed since it was delivered"),
        ForeignKind::OtherDocument => {
            format!("another document of this folder delivered {path}")
        }
        ForeignKind::File => format!("no run put {path} there"),
        ForeignKind::Link => format!("{path} is a link or a device, which no run put there"),
        ForeignKind::WrongKind => {
            format!("{path} is a folder in place of a file, or a file in place of a folder")
        }
    };
    match entries.len() {
        1 => is_what,
        count if first.kind == ForeignKind::OtherDocument => {
            format!("{is_what}, one of {count} files")
        }
        2 => format!("{is_what}; nor is 1 other file there as a run put it"),
        count => format!(
            "{is_what}; nor are {} other files there as a run put them",
            count - 1
        ),
    }
}

fn quoted(path: &Path) -> String {
    let path = if path.as_os_str().is_empty() {
        Path::new(".")
    } else {
        path
    };
    format!("`{}`", path.display().to_string().replace('\\', "/"))
}
