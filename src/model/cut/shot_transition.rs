//! Transitions as a document asks for them, and the settings of the edit.

use super::screen_colour::ScreenColour;
use super::timecode::{Timecode, TimecodeCounting};
use crate::base::FileSpan;
use crate::model::FrameRate;
use serde::{Deserialize, Serialize};

/// The most frames of one transition.
// A minute at 60 frames a second. A slip such as `dissolve 100000` would render as many handles.
pub const MOST_TRANSITION_FRAMES: usize = 3600;

/// How one shot gives way to the next, or how a film begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransitionKind {
    /// One picture follows the other.
    Cut,
    /// The next picture shows through the one before more and more.
    Dissolve,
    /// An edge moves over the picture, and the next picture is behind it.
    Wipe {
        /// Where the edge moves.
        direction: WipeDirection,
    },
    /// The picture comes out of a colour.
    FadeIn {
        /// The colour.
        colour: ScreenColour,
    },
    /// The picture goes into a colour.
    FadeOut {
        /// The colour.
        colour: ScreenColour,
    },
    /// The picture goes into a colour, and the next picture comes out of it.
    Dip {
        /// The colour.
        colour: ScreenColour,
    },
}

/// Where the edge of a wipe moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WipeDirection {
    /// From the right side to the left.
    Left,
    /// From the left side to the right.
    Right,
    /// From the lower side to the upper.
    Up,
    /// From the upper side to the lower.
    Down,
}

impl TransitionKind {
    /// Returns whether both shots are seen at once, so that each needs frames beyond its cut.
    #[must_use]
    pub const fn needs_handles(self) -> bool {
        matches!(self, Self::Dissolve | Self::Wipe { .. })
    }

    /// Returns whether it is about one shot alone: a fade.
    #[must_use]
    pub const fn is_fade(self) -> bool {
        matches!(self, Self::FadeIn { .. } | Self::FadeOut { .. })
    }

    /// Returns its name in documents, such as `wipe_left` or `fade_to_black`. A colour that is
    /// neither black nor white is left out.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Dissolve => "dissolve",
            Self::Wipe { direction } => match direction {
                WipeDirection::Left => "wipe_left",
                WipeDirection::Right => "wipe_right",
                WipeDirection::Up => "wipe_up",
                WipeDirection::Down => "wipe_down",
            },
            Self::FadeIn { colour } => match colour.0 {
                [0, 0, 0] => "fade_from_black",
                [255, 255, 255] => "fade_from_white",
                _ => "fade_in",
            },
            Self::FadeOut { colour } => match colour.0 {
                [0, 0, 0] => "fade_to_black",
                [255, 255, 255] => "fade_to_white",
                _ => "fade_out",
            },
            Self::Dip { colour } => match colour.0 {
                [0, 0, 0] => "dip_to_black",
                [255, 255, 255] => "dip_to_white",
                _ => "dip",
            },
        }
    }

    /// Returns its colour, if it has one.
    #[must_use]
    pub const fn colour(self) -> Option<ScreenColour> {
        match self {
            Self::FadeIn { colour } | Self::FadeOut { colour } | Self::Dip { colour } => {
                Some(colour)
            }
            _ => None,
        }
    }
}

/// A transition as the document asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShotTransition {
    /// What happens.
    pub kind: TransitionKind,
    /// Its length in frames at the production's rate. 0 for a cut.
    pub frames: usize,
    /// Its place in the document.
    pub origin: FileSpan,
}

impl ShotTransition {
    /// Returns how many of its frames are before the cut, if it is between two shots: half of them,
    /// rounded down.
    #[must_use]
    pub const fn frames_before_cut(&self) -> usize {
        self.frames / 2
    }

    /// Returns how many of its frames are behind the cut, if it is between two shots.
    #[must_use]
    pub const fn frames_after_cut(&self) -> usize {
        self.frames - self.frames_before_cut()
    }
}

/// What a document sets for its cut: `edit`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EditSettings {
    /// The transition between two shots of which neither names one. `None`: a cut.
    pub transition: Option<ShotTransition>,
    /// Number of the first frame of every film in timecode, in frames since midnight.
    pub start: u64,
    /// Whether the document sets `start`.
    pub has_start: bool,
    /// How timecode counts, as `start` is written.
    pub counting: TimecodeCounting,
    /// Frames beyond its cuts that each shot has in timelines for other programs.
    pub handles: usize,
}

impl EditSettings {
    /// Returns the timecode of the first frame of every film, at the production's rate.
    #[must_use]
    pub const fn start_timecode(&self, rate: FrameRate) -> Timecode {
        self.counted(self.start, rate)
    }

    /// Returns the timecode of a frame since midnight, counted as the document counts.
    #[must_use]
    pub const fn counted(&self, frames: u64, rate: FrameRate) -> Timecode {
        Timecode {
            frames,
            rate,
            counting: self.counting,
        }
    }
}
