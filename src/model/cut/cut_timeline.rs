//! The timeline of one film: its clips and sounds by frame.

use super::screen_colour::ScreenColour;
use super::shot_transition::TransitionKind;
use super::timecode::{Timecode, TimecodeCounting};
use crate::base::FileSpan;
use crate::model::frame_rate::FrameRate;

/// The timeline of one output.
///
/// `timeline` makes it, and everything that needs to know when something begins reads it.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// Frames a second of every position, the production's rate.
    pub rate: FrameRate,
    /// Number of its first frame in timecode, in frames since midnight.
    pub start: u64,
    /// Number of frames.
    pub length: usize,
    /// Samples a second of positions of sound.
    pub sample_rate: u32,
    /// Clips in order, without gaps: each begins where the one before ends.
    pub clips: Vec<TimelineClip>,
    /// Transitions, in order of their first frame. No two share a frame.
    pub transitions: Vec<TimelineTransition>,
    /// Spoken lines, in order.
    pub lines: Vec<TimelineLine>,
    /// Effects, in order.
    pub effects: Vec<TimelineEffect>,
    /// Music, in order.
    pub cues: Vec<TimelineCue>,
    /// Titles and captions, in order.
    pub titles: Vec<TimelineTitle>,
    /// Graphics, in order.
    pub graphics: Vec<TimelineGraphic>,
    /// Places that other programs show, in order.
    pub markers: Vec<TimelineMarker>,
}

impl Timeline {
    /// Returns the timecode of a frame.
    #[must_use]
    pub fn timecode(&self, frame: usize, counting: TimecodeCounting) -> Timecode {
        let frame = u64::try_from(frame).unwrap_or(u64::MAX);
        Timecode {
            frames: self.start.saturating_add(frame),
            rate: self.rate,
            counting,
        }
    }

    /// Returns the frame that is shown while a sample plays.
    #[must_use]
    pub fn frame_at_sample(&self, sample: u64) -> usize {
        // Frames begin at the nearest sample, which may be half a sample early.
        let frames = (2 * u128::from(sample) + 1) * u128::from(self.rate.num);
        let samples = u128::from(self.sample_rate.max(1)) * u128::from(self.rate.den.max(1));
        usize::try_from(frames / (2 * samples)).unwrap_or(usize::MAX)
    }
}

/// One shot in a film, from cut to cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineClip {
    /// Index of its shot. `None`: it is a colour, such as that of a title card.
    pub shot: Option<usize>,
    /// The colour, if it has no shot.
    pub backdrop: Option<ScreenColour>,
    /// What is over the colour, if it has no shot.
    pub card: Option<ClipCard>,
    /// Its name.
    pub name: String,
    /// Its first frame.
    pub start: usize,
    /// Its length in frames, from cut to cut.
    pub length: usize,
    /// The sample at which it begins.
    // Not that of `start`: the ends of shots are rounded on the time of the film with all shots, so
    // that what is made for one shot fits into every film.
    pub start_sample: u64,
    /// Its length in samples.
    pub samples: u64,
    /// Frames that a transition shows of it before its first.
    pub head: usize,
    /// Frames that a transition shows of it behind its last.
    pub tail: usize,
}

impl TimelineClip {
    /// Returns the frame at which the next clip begins.
    #[must_use]
    pub const fn end(&self) -> usize {
        self.start + self.length
    }
}

/// What a clip without a shot shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClipCard {
    /// A title, by its index in the production.
    Title(usize),
    /// The end credits.
    Credits,
    /// The slate before the film.
    Slate,
}

impl ClipCard {
    /// Returns what it is in a word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Title(_) => "title",
            Self::Credits => "credits",
            Self::Slate => "slate",
        }
    }
}

/// One transition in a film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelineTransition {
    /// What happens. Never a cut.
    pub kind: TransitionKind,
    /// The frame at the cut: the first of the clip behind it, or the length of the film.
    pub cut: usize,
    /// How many of its frames are before the cut.
    pub before: usize,
    /// How many of its frames are behind the cut.
    pub after: usize,
    /// Index of the clip that is left. `None`: a fade in.
    pub from: Option<usize>,
    /// Index of the clip that comes. `None`: a fade out.
    pub into: Option<usize>,
    /// Its place in the document.
    pub origin: FileSpan,
}

impl TimelineTransition {
    /// Returns its first frame.
    #[must_use]
    pub const fn start(&self) -> usize {
        self.cut - self.before
    }

    /// Returns the frame behind its last.
    #[must_use]
    pub const fn end(&self) -> usize {
        self.cut + self.after
    }

    /// Returns its length in frames.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.before + self.after
    }
}

/// One line in a film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineLine {
    /// Index of its clip.
    pub clip: usize,
    /// Index of the line in its shot.
    pub line: usize,
    /// Sample at which it begins.
    pub start: u64,
    /// Its length in samples, as measured or estimated.
    pub length: u64,
}

/// One effect in a film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineEffect {
    /// Index of its clip.
    pub clip: usize,
    /// Index of the effect in its shot.
    pub effect: usize,
    /// Sample at which it begins.
    pub start: u64,
}

/// A part of a music cue in a film. A film of some shots has the parts that belong to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineCue {
    /// Index of the cue.
    pub cue: usize,
    /// Sample of the film at which it begins.
    pub start: u64,
    /// Its length in samples.
    pub length: u64,
    /// Samples of the cue that are left out before it.
    pub skip: u64,
    /// Whether the cue continues under the titles between its shots, and is longer by them.
    pub with_cards: bool,
}

/// One graphic in a film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelineGraphic {
    /// Index of the graphic in the production.
    pub graphic: usize,
    /// Its first frame.
    pub start: usize,
    /// Its length in frames.
    pub length: usize,
}

/// A title in a film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineTitle {
    /// Index of the title in the production.
    pub title: usize,
    /// Its first frame.
    pub start: usize,
    /// Its length in frames.
    pub length: usize,
}

/// What a marker is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimelineMarkerKind {
    /// Another scene begins.
    Scene,
    /// A shot begins.
    Shot,
    /// A line begins.
    Line,
}

/// A place in a film that other programs show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineMarker {
    /// What it is about.
    pub kind: TimelineMarkerKind,
    /// Its frame.
    pub frame: usize,
    /// Its name, such as that of the shot.
    pub name: String,
    /// A note about it, such as the words of a line. May be empty.
    pub note: String,
}
