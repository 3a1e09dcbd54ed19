//! Footage: pictures or a film that exist already, and that a shot shows in place of drawn frames.
//!
//! Plain data. `project` looks at the files, `resolve` decides which picture each frame shows, and
//! rules report what is wrong with them.

use super::frame_rate::{FrameRate, PixelSize};
use super::production::AssetRef;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The footage of one shot.
#[derive(Debug, Clone)]
pub struct Footage {
    /// The path as written: a pattern, a folder, a picture or a film.
    pub source: AssetRef,
    /// What was found there.
    pub facts: Arc<FootageFacts>,
    /// Whether the pictures have their look already, so that the production's grade is left out.
    pub graded: bool,
    /// The picture that each frame of the shot shows, in order: its number, or its index in a film.
    pub picks: Vec<i64>,
    /// Which picture any frame shows, also one beyond the shot.
    pub pace: FootagePace,
}

/// How pictures follow the frames of a shot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FootagePace {
    /// The lowest frame of the shot.
    pub first_frame: i64,
    /// The picture that it shows.
    pub first_pick: i64,
    /// Frames a second of the shot.
    pub rate: FrameRate,
    /// Pictures a second.
    pub source_rate: FrameRate,
    /// Whether one picture is held.
    pub is_still: bool,
}

impl FootagePace {
    /// Returns the picture that a frame shows.
    #[must_use]
    pub fn pick(&self, frame: i32) -> i64 {
        if self.is_still {
            return 0;
        }
        let index = i128::from(frame) - i128::from(self.first_frame);
        let ticks = index * i128::from(self.rate.den) * i128::from(self.source_rate.num);
        let shown = ticks
            // Rounded down, also before the first frame: a picture is shown until the next one
            // begins.
            .div_euclid(i128::from(self.rate.num.max(1)) * i128::from(self.source_rate.den.max(1)));
        let shown = i64::try_from(shown).unwrap_or(if shown < 0 { i64::MIN } else { i64::MAX });
        self.first_pick.saturating_add(shown)
    }
}

/// What is at the path of footage.
#[derive(Debug, Clone, PartialEq)]
pub enum FootageFacts {
    /// Pictures.
    Pictures(PictureRun),
    /// A film.
    Film(FilmFacts),
    /// Nothing that can be used.
    Unusable(FootageProblem),
}

/// Pictures that follow each other, or one that is held.
#[derive(Debug, Clone, PartialEq)]
pub struct PictureRun {
    /// The files by frame number, relative to the production's folder.
    pub files: BTreeMap<i32, PathBuf>,
    /// Whether it is one picture for all frames of the shot. Its number is 0.
    pub is_still: bool,
    /// Size of the first picture.
    pub size: PixelSize,
    /// Whether the pictures are scene-linear light, as EXR and HDR are.
    pub is_linear: bool,
    /// Pictures of another size than the first.
    pub other_sizes: Vec<(i32, PixelSize)>,
    /// Pictures that cannot be read, with the reason.
    pub damaged: Vec<(i32, String)>,
    /// The pattern of which the still is one picture, if others of that pattern are beside it.
    pub siblings: Option<PictureSiblings>,
}

/// Numbered pictures beside a still.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureSiblings {
    /// Their pattern, such as `sh010.####.exr`.
    pub pattern: String,
    /// How many there are, with the still.
    pub count: usize,
}

/// The facts of a film.
#[derive(Debug, Clone, PartialEq)]
pub struct FilmFacts {
    /// The file, relative to the production's folder.
    pub path: PathBuf,
    /// Size of its pictures as they are shown.
    pub size: PixelSize,
    /// Pictures a second.
    pub rate: FrameRate,
    /// Number of pictures.
    pub pictures: usize,
    /// How its pictures are read.
    pub reading: FilmReading,
    /// Whether its light is for a screen of high dynamic range.
    pub is_hdr: bool,
    /// Why its end is missing, if it is.
    pub cut_short: Option<String>,
}

/// How the pictures of a film are read.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FilmReading {
    /// Time of the first picture, in seconds.
    pub first: f64,
    /// Time at which the file begins, in seconds. Sound may begin before the pictures.
    pub file_start: f64,
    /// Whether every picture is shown for equally long.
    pub is_steady: bool,
    /// Whether the file does not say by which matrix its colours were made.
    pub is_untagged: bool,
}

/// Why footage cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FootageProblem {
    /// There is nothing at the path, or no file fits the pattern.
    Missing {
        /// A name that is there and is like the one written.
        near: Option<String>,
    },
    /// The folder has no numbered pictures.
    EmptyFolder,
    /// The folder has more than one run of pictures.
    SeveralRuns {
        /// The patterns.
        patterns: Vec<String>,
    },
    /// The path leads out of the production's folder.
    Outside,
    /// It is no picture and no film, or it is damaged.
    Unreadable {
        /// What is wrong.
        why: String,
    },
    /// Only ffprobe can measure it, and it is not installed.
    NoProbe,
}

/// What is at each path of footage, by the path as written.
#[derive(Debug, Clone, Default)]
pub struct FootageSurvey(pub BTreeMap<String, Arc<FootageFacts>>);

impl FootageSurvey {
    /// Returns what is at this path. `None`: nobody looked.
    #[must_use]
    pub fn facts_at(&self, path: &str) -> Option<&Arc<FootageFacts>> {
        self.0.get(path)
    }
}

impl FootageFacts {
    /// Returns the number of pictures that a shot has by itself, and the number of the first.
    /// `None`: a still, or nothing usable.
    #[must_use]
    pub fn own_length(&self) -> Option<(i64, usize)> {
        match self {
            Self::Pictures(run) if !run.is_still => {
                let first = i64::from(*run.files.keys().next()?);
                // Gaps count: what is missing between them is reported, and must not shorten the
                // shot.
                let last = i64::from(*run.files.keys().next_back()?);
                Some((first, usize::try_from(last - first + 1).ok()?))
            }
            Self::Film(film) => Some((0, film.pictures)),
            _ => None,
        }
    }

    /// Returns the pictures, if they are files of their own.
    #[must_use]
    pub const fn pictures(&self) -> Option<&PictureRun> {
        match self {
            Self::Pictures(run) => Some(run),
            _ => None,
        }
    }

    /// Returns the film, if it is one.
    #[must_use]
    pub const fn film(&self) -> Option<&FilmFacts> {
        match self {
            Self::Film(film) => Some(film),
            _ => None,
        }
    }

    /// Returns the size of its pictures.
    #[must_use]
    pub const fn size(&self) -> Option<PixelSize> {
        match self {
            Self::Pictures(run) => Some(run.size),
            Self::Film(film) => Some(film.size),
            Self::Unusable(_) => None,
        }
    }
}

impl Footage {
    /// Returns whether its pictures are scene-linear light, and not made for a screen.
    #[must_use]
    pub fn is_linear(&self) -> bool {
        self.facts.pictures().is_some_and(|run| run.is_linear)
    }

    /// Returns its files, relative to the production's folder.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let pictures = self.facts.pictures();
        let pictures = pictures.into_iter().flat_map(|run| run.files.values());
        let film = self.facts.film().into_iter().map(|film| &film.path);
        pictures.chain(film).map(PathBuf::as_path)
    }

    /// Returns the numbers of pictures that frames of the shot show and that are not there, each
    /// once, in order.
    #[must_use]
    pub fn missing_pictures(&self) -> Vec<i64> {
        self.missing_of(self.picks.iter().copied())
    }

    /// Returns those of these pictures that are not there, each once, in order.
    #[must_use]
    pub fn missing_of(&self, picks: impl Iterator<Item = i64>) -> Vec<i64> {
        let mut missing: Vec<i64> = match &*self.facts {
            FootageFacts::Pictures(run) => picks
                .filter(|pick| !i32::try_from(*pick).is_ok_and(|n| run.files.contains_key(&n)))
                .collect(),
            FootageFacts::Film(film) => picks
                .filter(|pick| !usize::try_from(*pick).is_ok_and(|n| n < film.pictures))
                .collect(),
            FootageFacts::Unusable(_) => Vec::new(),
        };
        // A slow shot shows a picture several times.
        missing.sort_unstable();
        missing.dedup();
        missing
    }
}
