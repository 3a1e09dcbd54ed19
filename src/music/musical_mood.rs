//! What a mood of music is made of. The table of all moods is beside it.

use super::harmony::MusicMode;
use super::score::PartRole;

/// How long a chord lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HarmonicRhythm {
    /// A chord a bar.
    Bar,
    /// A chord for two bars.
    TwoBars,
}

/// How a part plays the harmony. [`PartRole::Melody`] and [`PartRole::Counterline`] have lines of
/// their own and take no pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlayPattern {
    /// A line of its own.
    Line,
    /// Held for the whole chord.
    Held,
    /// Repeated eighths.
    Pulse,
    /// Short chords between the beats.
    OffBeat,
    /// Short chords on the first beat and before the third.
    Stabs,
    /// The rhythm of a strummed guitar.
    Strum,
    /// Chords on all beats but the first.
    AfterBeat,
    /// Broken upwards in eighths.
    Rising,
    /// Broken up and down in eighths.
    Wave,
    /// Broken up and down in sixteenths.
    FastWave,
    /// Low, high, middle, high.
    Alberti,
    /// A repeated short figure.
    Ostinato,
    /// Few high tones.
    Sparkle,
    /// Bass: root and fifth.
    RootFifth,
    /// Bass: a step on every beat to the next root.
    Walking,
    /// Bass: the tonic below every chord.
    Pedal,
    /// Bass: ahead of the beat.
    Syncopated,
    /// Drums of a band.
    Band,
    /// A bass drum on every beat.
    Dance,
    /// Soft cymbals and brushes.
    Brushes,
    /// Deep drums.
    Deep,
    /// A light high rhythm.
    Ticking,
    /// A cymbal and a drum.
    Crash,
    /// A chord, struck.
    Struck,
}

/// One instrument of a mood.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MoodPart {
    /// Its name in the score.
    pub name: &'static str,
    /// What it does.
    pub role: PartRole,
    /// General MIDI program, from 0. Of drums: the kit.
    pub program: u8,
    /// Lowest pitch.
    pub low: i32,
    /// Highest pitch.
    pub high: i32,
    /// How it plays.
    pub pattern: PlayPattern,
    /// Energy of the film from which it plays, 0 to 1.
    pub enters: f32,
    /// MIDI pan, 0 (left) to 127.
    pub pan: u8,
    /// Decibels on top of what is usual for its role.
    pub level: f32,
}

/// What one mood sounds like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MusicalMood {
    /// Its name in documents.
    pub name: &'static str,
    /// Slowest tempo in beats a minute.
    pub slowest: u32,
    /// Fastest tempo in beats a minute.
    pub fastest: u32,
    /// Mode of its key.
    pub mode: MusicMode,
    /// Pitch classes of the tonics that its instruments are at ease with.
    pub tonics: &'static [i32],
    /// Beats of a bar.
    pub beats_per_bar: u64,
    /// How long a chord lasts.
    pub harmonic_rhythm: HarmonicRhythm,
    /// Beginnings of phrases.
    pub openings: &'static [&'static [&'static str]],
    /// Beginnings of contrasting phrases.
    pub contrasts: &'static [&'static [&'static str]],
    /// Ends of phrases that ask for another.
    pub half_cadence: [&'static str; 2],
    /// Ends of phrases that close: what prepares the dominant, and the dominant. The tonic follows.
    pub full_cadence: [&'static str; 2],
    /// The chord of rest.
    pub tonic_chord: &'static str,
    /// How many notes the melody has, 0 (few) to 2 (many).
    pub density: i32,
    /// Part of its length that a note of the melody sounds.
    pub articulation: f32,
    /// Amount of reverberation of the hall, 0 to 1.
    pub reverberation: f32,
    /// Its instruments.
    pub parts: &'static [MoodPart],
}
