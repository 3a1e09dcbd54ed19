//! Deliverables that are text.

use crate::base::{FileSpan, Spanned};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// What a text deliverable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextExportKind {
    /// A table of the cuts as CSV.
    CutList,
    /// An OpenTimelineIO timeline.
    Otio,
    /// An edit decision list, CMX 3600.
    Edl,
    /// A Final Cut Pro project.
    Fcpxml,
    /// A table of the reels of a timeline, which leads back to the names of shots.
    Reels,
    /// SubRip captions.
    Srt,
    /// WebVTT captions.
    Vtt,
    /// TTML captions, IMSC 1.1 text.
    Ttml,
    /// Captions by frames, for drawing them. No output is one.
    Cues,
}

impl TextExportKind {
    /// All kinds of outputs, in the order of the documentation.
    pub const ALL: &'static [Self] = &[
        Self::Otio,
        Self::Edl,
        Self::Fcpxml,
        Self::CutList,
        Self::Reels,
        Self::Srt,
        Self::Vtt,
        Self::Ttml,
    ];

    /// Returns its name in documents: the `format` of an output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CutList => "cut_list",
            Self::Otio => "otio",
            Self::Edl => "edl",
            Self::Fcpxml => "fcpxml",
            Self::Reels => "reels",
            Self::Srt => "srt",
            Self::Vtt => "vtt",
            Self::Ttml => "ttml",
            Self::Cues => "cues",
        }
    }

    /// Returns what it is, for people.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::CutList => "cut list",
            Self::Otio => "OpenTimelineIO",
            Self::Edl => "edit decision list",
            Self::Fcpxml => "Final Cut Pro XML",
            Self::Reels => "table of reels",
            Self::Srt => "SubRip",
            Self::Vtt => "WebVTT",
            Self::Ttml => "TTML",
            Self::Cues => "captions by frames",
        }
    }

    /// Returns the kind of this name. `None`: there is none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut kinds = Self::ALL.iter().copied();
        kinds.find(|kind| kind.name() == name)
    }

    /// Returns the extension of its file.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::CutList | Self::Reels => "csv",
            Self::Otio => "otio",
            Self::Edl => "edl",
            Self::Fcpxml => "fcpxml",
            Self::Srt => "srt",
            Self::Vtt => "vtt",
            Self::Ttml => "ttml",
            Self::Cues => "json",
        }
    }

    /// Returns the kind of timeline that a file of this name is. `None`: it is none.
    #[must_use]
    pub fn from_timeline_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?;
        let timelines = [Self::Otio, Self::Edl, Self::Fcpxml];
        let mut timelines = timelines.into_iter();
        timelines.find(|kind| kind.extension().eq_ignore_ascii_case(extension))
    }

    /// Returns whether it is a timeline for other programs.
    #[must_use]
    pub const fn is_timeline(self) -> bool {
        matches!(self, Self::Otio | Self::Edl | Self::Fcpxml | Self::Reels)
    }

    /// Returns whether it is captions.
    #[must_use]
    pub const fn is_captions(self) -> bool {
        matches!(self, Self::Srt | Self::Vtt | Self::Ttml)
    }
}

/// Returns the path of the table of reels beside a timeline, which is read with it.
#[must_use]
pub fn reel_table_path(timeline: &Path) -> PathBuf {
    timeline.with_extension("reels.csv")
}

/// One deliverable that is text.
#[derive(Debug, Clone)]
pub struct TextExport {
    /// Its name. Unique among all deliverables.
    pub name: Spanned<String>,
    /// What it is.
    pub kind: TextExportKind,
    /// Its path, relative to the production's folder. It may contain the revision and the date, as
    /// that of an output.
    pub path: Spanned<PathBuf>,
    /// The output of which it is the timeline, as written: `of`.
    pub of: Option<Spanned<String>>,
    /// Index of that output. `None`: there is no such output, or no output at all.
    pub output: Option<usize>,
    /// Number of the entry whose files of single shots a timeline refers to. `None`: it refers to
    /// the film.
    pub media: Option<usize>,
    /// The version of the format, as written. `None`: the usual one.
    pub version: Option<Spanned<String>>,
    /// The language of captions. `None`: that of the script.
    pub language: Option<Spanned<String>>,
    /// Whether files at the path that no run put there may be replaced.
    pub replace: bool,
    /// Number of its entry in the document, counted with the outputs.
    pub entry: usize,
    /// Place of the whole entry.
    pub origin: FileSpan,
}
