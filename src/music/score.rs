//! A score: who plays which note when. Times are ticks, which [`MusicGrid`] converts to samples.

use super::harmony::{HarmonyChord, MusicKey};
use super::music_grid::MusicGrid;

/// What a part does in the music. Its place in the balance follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartRole {
    /// The tune.
    Melody,
    /// A slower line beside the tune.
    Counterline,
    /// Chords that are held or repeated.
    Chords,
    /// Broken chords.
    Figure,
    /// The lowest voice.
    Bass,
    /// Percussion without pitch, on channel 10.
    Drums,
    /// What marks a cut.
    Accent,
}

/// One note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScoreNote {
    /// Tick at which it begins.
    pub start: u64,
    /// Its length in ticks, at least 1.
    pub length: u64,
    /// MIDI pitch. Middle C is 60.
    pub pitch: u8,
    /// MIDI velocity, 1 to 127.
    pub velocity: u8,
}

impl ScoreNote {
    /// Returns the tick at which it ends.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.start + self.length
    }
}

/// The loudness of a part from a tick on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpressionPoint {
    /// The tick.
    pub tick: u64,
    /// MIDI expression, 0 to 127.
    pub value: u8,
}

/// What one instrument plays.
#[derive(Debug, Clone, PartialEq)]
pub struct ScorePart {
    /// Its name, such as `Violin`.
    pub name: &'static str,
    /// What it does.
    pub role: PartRole,
    /// General MIDI program, from 0. Of a drum part: the kit.
    pub program: u8,
    /// MIDI channel, from 0. Percussion has 9.
    pub channel: u8,
    /// MIDI pan, 0 (left) to 127.
    pub pan: u8,
    /// Decibels on top of what is usual for its role.
    pub level: f32,
    /// Its notes, sorted.
    pub notes: Vec<ScoreNote>,
    /// How its loudness follows the film, sorted.
    pub expression: Vec<ExpressionPoint>,
}

/// A chord of the score, from one tick to the next chord.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChordSpan {
    /// Tick at which it begins.
    pub start: u64,
    /// Tick at which it ends.
    pub end: u64,
    /// The chord.
    pub chord: HarmonyChord,
    /// Pitch of the bass.
    pub bass: i32,
    /// Pitches of the three upper voices, ascending.
    pub upper: [i32; 3],
}

/// A place in the score with a name, for people who go on from the MIDI file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreMarker {
    /// The tick.
    pub tick: u64,
    /// Its text.
    pub text: String,
}

/// A piece of music.
#[derive(Debug, Clone, PartialEq)]
pub struct MusicScore {
    /// Its bars and tempo.
    pub grid: MusicGrid,
    /// Its key.
    pub key: MusicKey,
    /// Name of the mood.
    pub mood: &'static str,
    /// Amount of reverberation of the hall, 0 to 1.
    pub reverberation: f32,
    /// Its harmony, without gaps.
    pub chords: Vec<ChordSpan>,
    /// Its parts, at most eight that play at a time.
    pub parts: Vec<ScorePart>,
    /// Its places with names, sorted.
    pub markers: Vec<ScoreMarker>,
}

impl MusicScore {
    /// Returns the ticks of the end in which the last chord fades: the second half of it, at most
    /// 1.2 seconds.
    #[must_use]
    pub fn fade_ticks(&self) -> u64 {
        fade_ticks(&self.grid, &self.chords)
    }
}

/// See [`MusicScore::fade_ticks`].
pub(super) fn fade_ticks(grid: &MusicGrid, chords: &[ChordSpan]) -> u64 {
    let last_chord = chords.last().map_or(0, |span| span.start);
    let half = (grid.end() - last_chord.min(grid.end())) / 2;
    half.min(grid.ticks_of_seconds(1.2)).max(1)
}
