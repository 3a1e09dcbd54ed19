//! A timeline as the files of other programs say it, whichever the format: what writers take and
//! readers return.
//!
//! Positions are whole frames. Those of the film count from its start; those of a source are the
//! numbers of its frames, as its timecode counts them.

use crate::base::FileSpan;
use crate::model::cut::TransitionKind;
use crate::model::{FrameRate, PixelSize};

/// A timeline of another program.
#[derive(Debug, Clone, PartialEq)]
pub struct ExchangeTimeline {
    /// Its name.
    pub name: String,
    /// Frames a second.
    pub rate: FrameRate,
    /// Number of its first frame in timecode, in frames since midnight.
    pub start: u64,
    /// Whether its timecode leaves numbers out, so that it keeps the time of a clock.
    pub is_drop_frame: bool,
    /// Size of the picture. `None`: the file does not say.
    pub size: Option<PixelSize>,
    /// What its clips are parts of.
    pub media_kind: ExchangeMediaKind,
    /// Its clips, in order, without overlaps.
    pub clips: Vec<ExchangeClip>,
    /// Its transitions, in order.
    pub transitions: Vec<ExchangeTransition>,
    /// Its sound, one entry a track.
    pub sounds: Vec<ExchangeSound>,
    /// Its markers, in order.
    pub markers: Vec<ExchangeMarker>,
}

impl ExchangeTimeline {
    /// Returns its length in frames.
    #[must_use]
    pub fn length(&self) -> usize {
        self.clips.last().map_or(0, ExchangeClip::end)
    }

    /// Returns the index of the clip that shows `frame`. `None`: none does.
    #[must_use]
    pub fn clip_at(&self, frame: usize) -> Option<usize> {
        let behind = self.clips.partition_point(|clip| clip.start <= frame);
        let index = behind.checked_sub(1)?;
        (frame < self.clips[index].end()).then_some(index)
    }
}

/// What the clips of a timeline are parts of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExchangeMediaKind {
    /// Each of a file of its own shot. Sources count the frames of the shot.
    Shots,
    /// All of the finished film. Sources count the frames of the film.
    Film,
}

/// What a clip of a timeline shows, as far as the file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExchangeClipKind {
    /// Pictures. Its name says of which shot, or that it is a card.
    #[default]
    Pictures,
    /// A title card, the end credits or the slate of the production: no source, and a name.
    Card,
    /// Nothing, under a name. It may be a card in a format that has no clips without a source.
    NamedGap,
}

/// A part of one source in a timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct ExchangeClip {
    /// What it shows.
    pub kind: ExchangeClipKind,
    /// Its name; of a clip that we write, that of the shot.
    pub name: String,
    /// Other names by which its shot may be known, the most certain first.
    pub other_names: Vec<String>,
    /// The name of its source in formats that have short names alone.
    pub reel: String,
    /// Its first frame in the film.
    pub start: usize,
    /// Its length in frames.
    pub length: usize,
    /// The number of its first frame in its source.
    pub source_start: i64,
    /// The frame of its shot that is number 0 of the source. `None`: the numbers are those of the
    /// shot, as far as the file says.
    pub shot_offset: Option<i64>,
    /// The file that it is a part of. `None`: the file does not say.
    pub media: Option<ExchangeMedia>,
    /// Where the file says it.
    pub place: ExchangePlace,
}

impl ExchangeClip {
    /// Returns the frame of the film behind its last.
    #[must_use]
    pub const fn end(&self) -> usize {
        self.start + self.length
    }
}

/// A file with pictures or sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeMedia {
    /// Its address, relative to the timeline where that is possible.
    pub url: String,
    /// The number of its first frame.
    pub start: i64,
    /// Its length in frames.
    pub length: usize,
}

/// A transition of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeTransition {
    /// What happens.
    pub kind: TransitionKind,
    /// The frame of the film at the cut.
    pub cut: usize,
    /// How many of its frames are before the cut.
    pub before: usize,
    /// How many of its frames are behind the cut.
    pub after: usize,
    /// Where the file says it.
    pub place: ExchangePlace,
}

impl ExchangeTransition {
    /// Returns its length in frames.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.before + self.after
    }
}

/// One track of sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeSound {
    /// Its name, such as `dialogue`.
    pub name: String,
    /// Its file, which begins with the film.
    pub media: ExchangeMedia,
    /// Samples a second.
    pub sample_rate: u32,
}

/// A marked frame of a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeMarker {
    /// The frame of the film.
    pub frame: usize,
    /// Its name.
    pub name: String,
    /// What to know there. May be empty.
    pub note: String,
    /// Whether it marks a line, and not the beginning of a shot or a scene.
    pub is_line: bool,
}

/// Where a file says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExchangePlace {
    /// The bytes.
    pub origin: FileSpan,
    /// The number of the event, of a list of events.
    pub event: Option<u32>,
}

#[cfg(test)]
impl ExchangeTimeline {
    /// Returns the name, start, length and first source frame of each clip.
    pub(super) fn placed_clips(&self) -> Vec<(&str, usize, usize, i64)> {
        let clips = self.clips.iter();
        clips
            .map(|clip| {
                let name = clip.name.as_str();
                (name, clip.start, clip.length, clip.source_start)
            })
            .collect()
    }
}
