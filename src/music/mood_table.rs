//! What each mood sounds like: the one table of tempo, mode, metre, harmony and instruments.
//!
//! The names are those of `configs/moods.yaml`, and the five of advertising films: energetic,
//! elegant, minimalist, emotional and informative. The numbers are ours, as composers for film
//! are used to them.

use super::harmony::MusicMode;
use super::musical_mood::{HarmonicRhythm, MoodPart, MusicalMood, PlayPattern};
use super::score::PartRole::{self, Accent, Bass, Chords, Counterline, Drums, Figure, Melody};

/// Returns the mood of this name.
#[must_use]
pub fn find_mood(name: &str) -> Option<&'static MusicalMood> {
    MUSICAL_MOODS.iter().find(|mood| mood.name == name)
}

#[expect(clippy::too_many_arguments, reason = "a row of the table below")]
const fn part(
    name: &'static str,
    role: PartRole,
    program: u8,
    low: i32,
    high: i32,
    pattern: PlayPattern,
    enters: f32,
    pan: u8,
    level: f32,
) -> MoodPart {
    MoodPart {
        name,
        role,
        program,
        low,
        high,
        pattern,
        enters,
        pan,
        level,
    }
}

use HarmonicRhythm::{Bar, TwoBars};
use MusicMode::{Dorian, Lydian, Major, Minor, Mixolydian, Phrygian};
use PlayPattern::{
    AfterBeat, Alberti, Band, Brushes, Crash, Dance, Deep, FastWave, Held, Line, OffBeat, Ostinato,
    Pedal, Pulse, Rising, RootFifth, Sparkle, Stabs, Struck, Strum, Syncopated, Ticking, Walking,
    Wave,
};

const MAJOR_OPENINGS: &[&[&str]] = &[
    &["I", "vi", "IV", "I", "iii", "vi", "ii"],
    &["I", "IV", "vi", "iii", "IV", "I", "ii"],
    &["I", "iii", "vi", "IV", "I", "IV", "vi"],
];
const MAJOR_CONTRASTS: &[&[&str]] = &[
    &["vi", "IV", "ii", "vi", "iii", "IV", "I"],
    &["IV", "I", "V/vi", "vi", "ii", "IV", "I"],
];
const POP_OPENINGS: &[&[&str]] = &[
    &["I", "V", "vi", "IV", "I", "V", "vi"],
    &["I", "IV", "vi", "V", "I", "IV", "vi"],
];
const MINOR_OPENINGS: &[&[&str]] = &[
    &["i", "bVI", "iv", "i", "bVII", "bIII", "bVI"],
    &["i", "iv", "bVI", "bIII", "i", "bVII", "bVI"],
    &["i", "bVII", "bVI", "i", "iv", "i", "bVI"],
];
const MINOR_CONTRASTS: &[&[&str]] = &[
    &["bIII", "bVII", "iv", "bVI", "bIII", "iv", "i"],
    &["bVI", "bIII", "bVII", "iv", "bVI", "i", "iv"],
];

/// All moods.
pub const MUSICAL_MOODS: &[MusicalMood] = &[
    MusicalMood {
        name: "neutral",
        slowest: 84,
        fastest: 104,
        mode: Major,
        tonics: &[0, 5, 7],
        beats_per_bar: 4,
        harmonic_rhythm: Bar,
        openings: MAJOR_OPENINGS,
        contrasts: MAJOR_CONTRASTS,
        half_cadence: ["ii", "V"],
        full_cadence: ["IV", "V7"],
        tonic_chord: "I",
        density: 1,
        articulation: 0.9,
        reverberation: 0.3,
        parts: &[
            part("Vibraphone", Melody, 11, 60, 84, Line, 0.2, 74, 0.0),
            part("Piano", Figure, 0, 48, 76, Wave, 0.0, 54, 0.0),
            part("Strings", Chords, 49, 48, 76, Held, 0.0, 64, 0.0),
            part("Cello", Counterline, 42, 45, 64, Line, 0.5, 80, 0.0),
            part("Acoustic Bass", Bass, 32, 33, 52, RootFifth, 0.1, 64, 0.0),
            part("Brushes", Drums, 0, 0, 127, Brushes, 0.45, 64, -4.0),
            part("Bell", Accent, 9, 60, 88, Struck, 0.0, 70, -2.0),
        ],
    },
    MusicalMood {
        name: "dramatic",
        slowest: 76,
        fastest: 100,
        mode: Minor,
        tonics: &[0, 2, 9],
        beats_per_bar: 4,
        harmonic_rhythm: Bar,
        openings: MINOR_OPENINGS,
        contrasts: MINOR_CONTRASTS,
        half_cadence: ["bVI", "V"],
        full_cadence: ["iv", "V7"],
        tonic_chord: "i",
        density: 1,
        articulation: 0.98,
        reverberation: 0.5,
        parts: &[
            part("Horn", Melody, 60, 53, 74, Line, 0.15, 50, 0.0),
            part("Strings", Chords, 48, 48, 77, Held, 0.0, 64, 0.0),
            part(
                "Ostinato Strings",
                Figure,
                45,
                48,
                76,
                Ostinato,
                0.3,
                46,
                0.0,
            ),
            part("Violins", Counterline, 40, 67, 88, Line, 0.55, 40, 0.0),
            part("Choir", Chords, 52, 55, 79, Held, 0.75, 76, -2.0),
            part("Double Basses", Bass, 43, 28, 50, Held, 0.0, 80, 0.0),
            part("Drums", Drums, 48, 0, 127, Deep, 0.5, 64, 0.0),
            part("Timpani", Accent, 47, 36, 57, Struck, 0.0, 64, 0.0),
        ],
    },
    MusicalMood {
        name: "comedic",
        slowest: 112,
        fastest: 138,
        mode: Major,
        tonics: &[0, 5, 10],
        beats_per_bar: 4,
        harmonic_rhythm: Bar,
        openings: &[
            &["I", "V7", "I", "IV", "I", "V7/V", "V"],
            &["I", "vi", "ii", "V7", "I", "V7/ii", "ii"],
        ],
        contrasts: &[&["IV", "iv", "I", "V7/V", "ii", "V7", "I"]],
        half_cadence: ["V7/V", "V"],
        full_cadence: ["ii", "V7"],
        tonic_chord: "I",
        density: 2,
        articulation: 0.5,
        reverberation: 0.2,
        parts: &[
            part("Clarinet", Melody, 71, 60, 86, Line, 0.1, 76, 0.0),
            part("Pizzicato", Chords, 45, 52, 76, AfterBeat, 0.0, 50, 0.0),
            part("Bassoon", Bass, 70, 36, 55, RootFifth, 0.0, 64, 0.0),
            part("Xylophone", Counterline, 13, 72, 96, Line, 0.5, 84, -2.0),
            part("Tuba", Bass, 58, 29, 48, RootFifth, 0.65, 60, -3.0),
            part("Piccolo", Figure, 72, 74, 96, Sparkle, 0.7, 90, -3.0),
            part("Percussion", Drums, 0, 0, 127, Ticking, 0.3, 64, -3.0),
            part(
                "Woodblock and Bells",
                Accent,
                9,
                72,
                91,
                Struck,
                0.0,
                64,
                -2.0,
            ),
        ],
    },
    MusicalMood {
        name: "suspenseful",
        slowest: 72,
        fastest: 92,
        mode: Phrygian,
        tonics: &[2, 4, 9],
        beats_per_bar: 4,
        harmonic_rhythm: TwoBars,
        openings: &[
            &["i", "bII", "i", "bvii", "i", "bVI"],
            &["i", "bVI", "bII", "i", "iv", "bII"],
        ],
        contrasts: &[&["bVI", "iv", "bII", "bVI", "i"]],
        half_cadence: ["bVI", "bII"],
        full_cadence: ["bII", "V7"],
        tonic_chord: "i",
        density: 0,
        articulation: 1.0,
        reverberation: 0.55,
        parts: &[
            part("Viola", Melody, 41, 53, 76, Line, 0.3, 72, -1.0),
            part("Tremolo Strings", Chords, 44, 50, 76, Held, 0.0, 50, 0.0),
            part("Pizzicato", Figure, 45, 45, 69, Ostinato, 0.35, 84, 0.0),
            part("Celesta", Figure, 8, 72, 96, Sparkle, 0.15, 90, -2.0),
            part("Dark Pad", Chords, 89, 43, 67, Held, 0.0, 64, -3.0),
            part("Double Basses", Bass, 43, 28, 48, Pedal, 0.0, 64, 0.0),
            part("Drums", Drums, 48, 0, 127, Deep, 0.6, 64, -3.0),
            part("Timpani", Accent, 47, 36, 55, Struck, 0.0, 64, -1.0),
        ],
    },
    MusicalMood {
        name: "romantic",
        slowest: 66,
        fastest: 84,
        mode: Major,
        tonics: &[3, 5, 10],
        beats_per_bar: 3,
        harmonic_rhythm: Bar,
        openings: &[
            &["I", "vi", "ii", "V7/ii", "ii", "IV", "I"],
            &["I", "V/vi", "vi", "IV", "I", "iii", "IV"],
        ],
        contrasts: MAJOR_CONTRASTS,
        half_cadence: ["ii7", "V7"],
        full_cadence: ["IV", "V7"],
        tonic_chord: "I",
        density: 1,
        articulation: 1.0,
        reverberation: 0.45,
        parts: &[
            part("Violin", Melody, 40, 62, 88, Line, 0.2, 50, 0.0),
            part("Piano", Figure, 0, 43, 74, Wave, 0.0, 70, 0.0),
            part("Strings", Chords, 49, 50, 77, Held, 0.1, 64, 0.0),
            part("Cello", Counterline, 42, 45, 65, Line, 0.4, 82, 0.0),
            part("Harp", Figure, 46, 55, 86, Rising, 0.55, 36, -2.0),
            part("Double Bass", Bass, 43, 31, 50, Held, 0.15, 72, 0.0),
            part("Harp Chord", Accent, 46, 48, 86, Struck, 0.0, 44, -3.0),
        ],
    },
    MusicalMood {
        name: "action",
        slowest: 138,
        fastest: 168,
        mode: Minor,
        tonics: &[2, 4, 0],
        beats_per_bar: 4,
        harmonic_rhythm: Bar,
        openings: MINOR_OPENINGS,
        contrasts: MINOR_CONTRASTS,
        half_cadence: ["bVII", "V"],
        full_cadence: ["bVI", "V7"],
        tonic_chord: "i",
        density: 2,
        articulation: 0.8,
        reverberation: 0.3,
        parts: &[
            part("Brass", Melody, 61, 57, 79, Line, 0.3, 58, 0.0),
            part(
                "Ostinato Strings",
                Figure,
                48,
                48,
                74,
                Ostinato,
                0.0,
                46,
                2.0,
            ),
            part("Trombones", Chords, 57, 45, 67, Stabs, 0.45, 78, 0.0),
            part("Violins", Counterline, 48, 67, 89, Line, 0.6, 40, 0.0),
            part("Choir", Chords, 52, 55, 79, Held, 0.8, 64, -2.0),
            part("Synth Bass", Bass, 38, 28, 47, Pulse, 0.0, 64, 0.0),
            part("Drums", Drums, 48, 0, 127, Band, 0.25, 64, 1.0),
            part("Orchestra Hit", Accent, 55, 48, 67, Struck, 0.0, 64, -1.0),
        ],
    },
    MusicalMood {
        name: "bright",
        slowest: 112,
        fastest: 134,
        mode: Lydian,
        tonics: &[0, 5, 7],
        beats_per_bar: 4,
        harmonic_rhythm: Bar,
        openings: &[
            &["I", "II", "vi", "I", "V", "II", "vi"],
            &["I", "V", "II", "vi", "I", "iii", "II"],
        ],
        contrasts: &[&["vi", "II", "iii", "V", "vi", "II", "I"]],
        half_cadence: ["II", "V"],
        full_cadence: ["II", "V"],
        tonic_chord: "I",
        density: 1,
        articulation: 0.85,
        reverberation: 0.25,
        parts: &[
            part("Flute", Melody, 73, 65, 91, Line, 0.2, 56, 0.0),
            part("Guitar", Chords, 25, 50, 74, Strum, 0.0, 80, 0.0),
            part("Piano", Figure, 0, 60, 86, Rising, 0.3, 46, 0.0),
            part("Strings", Chords, 48, 52, 79, Held, 0.5, 64, -1.0),
            part("Glockenspiel", Counterline, 9, 79, 103, Line, 0.6, 88, -3.0),
            part("Bass", Bass, 33, 31, 50, RootFifth, 0.15, 64, 0.0),
            part("Drums", Drums, 0, 0, 127, Band, 0.4, 64, -2.0),
            part(
                "Glockenspiel Chord",
                Accent,
                9,
                72,
                96,
                Struck,
                0.0,
                64,
                -2.0,
            ),
        ],
    },
    MusicalMood {
        name: "dark",
        slowest: 56,
        fastest: 72,
        mode: Minor,
        tonics: &[0, 2, 4],
        beats_per_bar: 4,
        harmonic_rhythm: TwoBars,
        openings: &[
            &["i", "bVI", "iv", "bII", "i", "bVI"],
            &["i", "iv", "bVI", "v", "i", "bII"],
        ],
        contrasts: &[&["bVI", "bII", "iv", "bVI", "i"]],
        half_cadence: ["iv", "V"],
        full_cadence: ["bII", "V"],
        tonic_chord: "i",
        density: 0,
        articulation: 1.0,
        reverberation: 0.6,
        parts: &[
            part("Cello", Melody, 42, 43, 65, Line, 0.3, 70, 0.0),
            part("Dark Pad", Chords, 89, 43, 67, Held, 0.0, 64, 0.0),
            part("Low Strings", Chords, 49, 41, 62, Held, 0.2, 50, 0.0),
            part("Choir", Counterline, 52, 55, 72, Line, 0.5, 80, -2.0),
            part("Double Basses", Bass, 43, 28, 46, Pedal, 0.0, 64, 0.0),
            part("Drums", Drums, 48, 0, 127, Deep, 0.5, 64, -1.0),
            part("Tubular Bell", Accent, 14, 48, 67, Struck, 0.0, 64, -2.0),
        ],
    },
    MusicalMood {
        name: "playful",
        slowest: 116,
        fastest: 144,
        mode: Mixolydian,
        tonics: &[0, 5, 7],
        beats_per_bar: 4,
        harmonic_rhythm: Bar,
        openings: &[
            &["I", "bVII", "IV", "I", "ii", "IV", "I"],
            &["I", "IV", "bVII", "IV", "I", "vi", "ii"],
        ],
        contrasts: &[&["ii", "IV", "bVII", "vi", "ii", "I"]],
        half_cadence: ["bVII", "IV"],
        full_cadence: ["bVII", "V7"],
        tonic_chord: "I",
        density: 2,
        articulation: 0.6,
        reverberation: 0.2,
        parts: &[
            part("Recorder", Melody, 74, 67, 89, Line, 0.2, 58, 0.0),
            part("Marimba", Figure, 12, 55, 81, Alberti, 0.0, 44, 0.0),
            part("Nylon Guitar", Chords, 24, 52, 74, OffBeat, 0.1, 84, 0.0),
            part("Pizzicato", Counterline, 45, 60, 79, Line, 0.45, 72, 0.0),
            part("Glockenspiel", Figure, 9, 79, 100, Sparkle, 0.6, 92, -3.0),
            part("Acoustic Bass", Bass, 32, 33, 52, RootFifth, 0.0, 64, 0.0),
            part("Percussion", Drums, 0, 0, 127, Ticking, 0.3, 64, -2.0),
            part("Marimba Chord", Accent, 12, 60, 86, Struck, 0.0, 64, -1.0),
        ],
    },
    MusicalMood {
        name: "sophisticated",
        slowest: 92,
        fastest: 116,
        mode: Dorian,
        tonics: &[2, 5, 7],
        beats_per_bar: 4,
        harmonic_rhythm: Bar,
        openings: &[
            &["i7", "IV7", "i7", "bVIIM7", "bIIIM7", "IV7", "ii7"],
            &["i7", "ii7", "bIIIM7", "IV7", "i7", "bVIIM7", "IV7"],
        ],
        contrasts: &[&["bIIIM7", "bVIIM7", "ii7", "IV7", "bIIIM7", "i7"]],
        half_cadence: ["ii7", "IV7"],
        full_cadence: ["ii7", "V7"],
        tonic_chord: "i7",
        density: 1,
        articulation: 0.8,
        reverberation: 0.25,
        parts: &[
            part("Vibraphone", Melody, 11, 60, 84, Line, 0.2, 54, 0.0),
            part("Electric Piano", Chords, 4, 50, 74, Stabs, 0.0, 76, 0.0),
            part("Upright Bass", Bass, 32, 31, 52, Walking, 0.0, 64, 1.0),
            part("Jazz Guitar", Counterline, 26, 52, 72, Line, 0.4, 40, 0.0),
            part("Strings", Chords, 49, 52, 77, Held, 0.6, 64, -2.0),
            part("Brushes", Drums, 40, 0, 127, Brushes, 0.15, 64, 0.0),
            part("Piano Chord", Accent, 0, 50, 81, Struck, 0.0, 70, -2.0),
        ],
    },
    MusicalMood {
        name: "melancholic",
        slowest: 58,
        fastest: 76,
        mode: Minor,
        tonics: &[9, 2, 4],
        beats_per_bar: 3,
        harmonic_rhythm: Bar,
        openings: MINOR_OPENINGS,
        contrasts: MINOR_CONTRASTS,
        half_cadence: ["iv", "V"],
        full_cadence: ["iv", "V7"],
        tonic_chord: "i",
        density: 1,
        articulation: 1.0,
        reverberation: 0.45,
        parts: &[
            part("Oboe", Melody, 68, 60, 81, Line, 0.2, 72, 0.0),
            part("Piano", Figure, 0, 45, 74, Wave, 0.0, 56, 0.0),
            part("Strings", Chords, 49, 48, 76, Held, 0.15, 64, 0.0),
            part("Cello", Counterline, 42, 43, 62, Line, 0.4, 82, 0.0),
            part("Double Bass", Bass, 43, 31, 48, Held, 0.25, 64, 0.0),
            part("Piano Chord", Accent, 0, 40, 76, Struck, 0.0, 60, -2.0),
        ],
    },
    MusicalMood {
        name: "mysterious",
        slowest: 64,
        fastest: 84,
        mode: Dorian,
        tonics: &[2, 4, 11],
        beats_per_bar: 4,
        harmonic_rhythm: TwoBars,
        openings: &[
            &["i", "IV", "i", "bVII", "ii", "IV"],
            &["iadd9", "bIII", "IV", "i", "bVII", "ii"],
        ],
        contrasts: &[&["bIII", "IV", "ii", "bVII", "i"]],
        half_cadence: ["ii", "IV"],
        full_cadence: ["IV", "V"],
        tonic_chord: "i",
        density: 0,
        articulation: 1.0,
        reverberation: 0.6,
        parts: &[
            part("Clarinet", Melody, 71, 52, 74, Line, 0.3, 74, 0.0),
            part("Harp", Figure, 46, 50, 79, Rising, 0.1, 40, 0.0),
            part("Celesta", Figure, 8, 72, 96, Sparkle, 0.0, 90, -1.0),
            part("Pad", Chords, 88, 48, 74, Held, 0.0, 64, 0.0),
            part("Tremolo Strings", Chords, 44, 52, 77, Held, 0.55, 50, -2.0),
            part("Low Strings", Bass, 43, 28, 48, Pedal, 0.1, 64, 0.0),
            part("Flute", Counterline, 73, 67, 86, Line, 0.6, 60, -2.0),
            part("Celesta Chord", Accent, 8, 67, 91, Struck, 0.0, 80, -2.0),
        ],
    },
    MusicalMood {
        name: "warm",
        slowest: 76,
        fastest: 96,
        mode: Major,
        tonics: &[7, 2, 5],
        beats_per_bar: 4,
        harmonic_rhythm: Bar,
        openings: &[
            &["I", "IV", "I", "vi", "IV", "I", "ii"],
            &["Iadd9", "vi", "IV", "I", "iii", "IV", "ii"],
        ],
        contrasts: MAJOR_CONTRASTS,
        half_cadence: ["IV", "V"],
        full_cadence: ["IV", "V7"],
        tonic_chord: "I",
        density: 1,
        articulation: 0.95,
        reverberation: 0.35,
        parts: &[
            part("Horn", Melody, 60, 55, 76, Line, 0.3, 72, -1.0),
            part("Nylon Guitar", Figure, 24, 48, 72, Wave, 0.0, 50, 0.0),
            part("Strings", Chords, 49, 50, 76, Held, 0.15, 64, 0.0),
            part("Piano", Chords, 0, 52, 76, Strum, 0.55, 76, -2.0),
            part("Flute", Counterline, 73, 65, 84, Line, 0.5, 56, -1.0),
            part("Acoustic Bass", Bass, 32, 31, 50, RootFifth, 0.1, 64, 0.0),
            part("Brushes", Drums, 40, 0, 127, Brushes, 0.55, 64, -3.0),
            part("Harp Chord", Accent, 46, 50, 84, Struck, 0.0, 50, -2.0),
        ],
    },
    MusicalMood {
        name: "cold",
        slowest: 60,
        fastest: 78,
        mode: Phrygian,
        tonics: &[4, 6, 11],
        beats_per_bar: 4,
        harmonic_rhythm: TwoBars,
        openings: &[
            &["i", "bII", "bvii", "i", "bVI", "bII"],
            &["i", "bvii", "bII", "bIII", "i", "bvii"],
        ],
        contrasts: &[&["bIII", "bII", "bvii", "bVI", "i"]],
        half_cadence: ["bvii", "bII"],
        full_cadence: ["bII", "V"],
        tonic_chord: "i",
        density: 0,
        articulation: 0.9,
        reverberation: 0.6,
        parts: &[
            part("Crystal", Melody, 98, 64, 88, Line, 0.2, 70, -1.0),
            part("Bowed Pad", Chords, 92, 48, 74, Held, 0.0, 64, 0.0),
            part("High Strings", Chords, 49, 67, 91, Held, 0.35, 48, -2.0),
            part("Piano", Figure, 0, 60, 88, Sparkle, 0.0, 82, 0.0),
            part("Deep Pad", Bass, 89, 28, 50, Pedal, 0.0, 64, 0.0),
            part("Pulse", Figure, 45, 52, 72, Ostinato, 0.6, 44, -2.0),
            part("Bell", Accent, 14, 60, 79, Struck, 0.0, 64, -3.0),
        ],
    },
    MusicalMood {
        name: "energetic",
        slowest: 122,
        fastest: 142,
        mode: Mixolydian,
        tonics: &[9, 2, 4],
        beats_per_bar: 4,
        harmonic_rhythm: Bar,
        openings: &[
            &["I", "bVII", "vi", "IV", "I", "bVII", "IV"],
            &["I", "IV", "bVII", "vi", "I", "IV", "ii"],
        ],
        contrasts: &[&["vi", "IV", "I", "bVII", "ii", "IV", "I"]],
        half_cadence: ["bVII", "IV"],
        full_cadence: ["bVII", "V"],
        tonic_chord: "I",
        density: 2,
        articulation: 0.75,
        reverberation: 0.25,
        parts: &[
            part("Saw Lead", Melody, 81, 60, 84, Line, 0.3, 64, -1.0),
            part("Synth Bass", Bass, 38, 28, 48, OffBeat, 0.0, 64, 0.0),
            part("Dance Kit", Drums, 25, 0, 127, Dance, 0.1, 64, 1.0),
            part("Arpeggio", Figure, 80, 60, 86, FastWave, 0.2, 84, -2.0),
            part("Synth Chords", Chords, 90, 50, 76, Stabs, 0.0, 48, 0.0),
            part("Pad", Chords, 89, 50, 76, Held, 0.45, 64, -1.0),
            part("Bells", Counterline, 98, 72, 94, Line, 0.6, 40, -3.0),
            part("Cymbal", Accent, 0, 0, 127, Crash, 0.0, 64, -2.0),
        ],
    },
    MusicalMood {
        name: "elegant",
        slowest: 88,
        fastest: 108,
        mode: Major,
        tonics: &[2, 7, 9],
        beats_per_bar: 3,
        harmonic_rhythm: Bar,
        openings: &[
            &["I", "V/vi", "vi", "iii", "IV", "I", "ii"],
            &["I", "ii", "V7", "I", "vi", "V7/V", "V"],
        ],
        contrasts: MAJOR_CONTRASTS,
        half_cadence: ["ii", "V"],
        full_cadence: ["ii", "V7"],
        tonic_chord: "I",
        density: 1,
        articulation: 0.92,
        reverberation: 0.4,
        parts: &[
            part("Violins", Melody, 48, 64, 88, Line, 0.1, 44, 1.0),
            part("Violas", Figure, 48, 53, 76, Alberti, 0.2, 70, -1.0),
            part("Strings", Chords, 49, 50, 77, Held, 0.0, 64, 0.0),
            part("Cellos", Counterline, 42, 43, 65, Line, 0.3, 82, 0.0),
            part("Pizzicato", Chords, 45, 52, 74, AfterBeat, 0.4, 56, -2.0),
            part("Double Basses", Bass, 43, 31, 50, RootFifth, 0.0, 78, 0.0),
            part("Harp", Figure, 46, 60, 88, Rising, 0.6, 34, -2.0),
            part("Harp Chord", Accent, 46, 50, 84, Struck, 0.0, 40, -2.0),
        ],
    },
    MusicalMood {
        name: "minimalist",
        slowest: 58,
        fastest: 74,
        mode: Lydian,
        tonics: &[0, 5, 10],
        beats_per_bar: 4,
        harmonic_rhythm: TwoBars,
        openings: &[
            &["IM7", "II", "IM7", "vi7", "IM7", "II"],
            &["Iadd9", "vi7", "II", "IM7", "iii7", "II"],
        ],
        contrasts: &[&["vi7", "II", "iii7", "IM7", "vi7"]],
        half_cadence: ["vi7", "II"],
        full_cadence: ["II", "V"],
        tonic_chord: "Iadd9",
        density: 0,
        articulation: 1.0,
        reverberation: 0.6,
        parts: &[
            part("Piano", Melody, 0, 60, 84, Line, 0.15, 60, 0.0),
            part("Warm Pad", Chords, 89, 48, 74, Held, 0.0, 64, 0.0),
            part("Clean Bells", Figure, 98, 72, 94, Sparkle, 0.3, 88, -3.0),
            part("Bowed Pad", Chords, 92, 60, 84, Held, 0.5, 44, -2.0),
            part("Soft Bass", Bass, 89, 31, 52, Held, 0.1, 64, 0.0),
            part("Piano Chord", Accent, 0, 48, 79, Struck, 0.0, 60, -4.0),
        ],
    },
    MusicalMood {
        name: "emotional",
        slowest: 64,
        fastest: 82,
        mode: Minor,
        tonics: &[9, 4, 0],
        beats_per_bar: 4,
        harmonic_rhythm: Bar,
        openings: &[
            &["i", "bVI", "bIII", "bVII", "i", "bVI", "iv"],
            &["iadd9", "bIII", "bVI", "iv", "i", "bVII", "bVI"],
        ],
        contrasts: &[&["bVI", "bIII", "bVII", "iv", "bVI", "i", "iv"]],
        half_cadence: ["bVI", "bVII"],
        full_cadence: ["iv", "V"],
        tonic_chord: "i",
        density: 1,
        articulation: 1.0,
        reverberation: 0.4,
        parts: &[
            part("Piano Melody", Melody, 0, 62, 86, Line, 0.1, 70, 0.0),
            part("Piano", Figure, 0, 43, 72, Wave, 0.0, 58, 0.0),
            part("Strings", Chords, 49, 48, 76, Held, 0.25, 64, 0.0),
            part("Cello", Counterline, 42, 45, 65, Line, 0.4, 82, 0.0),
            part("Violins", Chords, 48, 64, 86, Held, 0.65, 46, -1.0),
            part("Double Bass", Bass, 43, 31, 48, Held, 0.3, 64, 0.0),
            part("Piano Chord", Accent, 0, 41, 76, Struck, 0.0, 60, -3.0),
        ],
    },
    MusicalMood {
        name: "informative",
        slowest: 100,
        fastest: 120,
        mode: Major,
        tonics: &[0, 2, 7],
        beats_per_bar: 4,
        harmonic_rhythm: Bar,
        openings: POP_OPENINGS,
        contrasts: &[
            &["vi", "IV", "I", "V", "vi", "IV", "I"],
            &["IV", "I", "vi", "V", "IV", "I", "ii"],
        ],
        half_cadence: ["IV", "V"],
        full_cadence: ["IV", "V"],
        tonic_chord: "I",
        density: 1,
        articulation: 0.8,
        reverberation: 0.2,
        parts: &[
            part("Piano", Melody, 0, 60, 84, Line, 0.25, 58, -1.0),
            part("Muted Guitar", Figure, 28, 48, 72, Ostinato, 0.0, 84, 0.0),
            part("Electric Piano", Chords, 4, 50, 74, Pulse, 0.1, 46, 0.0),
            part("Strings", Chords, 49, 52, 77, Held, 0.4, 64, -1.0),
            part("Marimba", Counterline, 12, 67, 88, Line, 0.55, 78, -2.0),
            part("Bass", Bass, 33, 28, 48, Syncopated, 0.1, 64, 0.0),
            part("Drums", Drums, 0, 0, 127, Band, 0.3, 64, -2.0),
            part("Marimba Chord", Accent, 12, 60, 84, Struck, 0.0, 64, -2.0),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sound::MUSIC_MOODS;
    use crate::music::harmony::MusicKey;

    #[test]
    fn the_model_has_the_names_of_all_moods() {
        let names: Vec<&str> = MUSICAL_MOODS.iter().map(|mood| mood.name).collect();
        assert_eq!(names, MUSIC_MOODS);
    }

    #[test]
    fn every_mood_of_the_library_has_music() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/configs/moods.yaml");
        let text = std::fs::read_to_string(path).unwrap();
        let names = text.lines().filter(|line| !line.starts_with('#'));
        let names: Vec<&str> = names
            .filter_map(|line| Some(line.split_once(':')?.0))
            .collect();
        assert!(names.len() >= 14, "{names:?}");
        for name in names {
            assert!(find_mood(name).is_some(), "{name}");
        }
    }

    #[test]
    fn the_moods_of_advertising_differ_in_tempo_and_mode() {
        let mood = |name| find_mood(name).unwrap();
        assert!(mood("energetic").slowest >= 120, "fast");
        assert!(mood("minimalist").fastest < 80, "calm");
        assert!(mood("emotional").fastest < mood("elegant").slowest);
        assert!(mood("elegant").fastest < mood("energetic").slowest);
        assert_eq!(mood("emotional").parts[0].program, 0, "a piano");
        assert!(
            mood("elegant")
                .parts
                .iter()
                .all(|part| (40..=49).contains(&part.program))
        );
        let modes = ["energetic", "elegant", "minimalist", "emotional"].map(|name| mood(name).mode);
        for (index, mode) in modes.iter().enumerate() {
            assert!(!modes[..index].contains(mode), "{mode:?}");
        }
    }

    #[test]
    fn every_row_can_be_played() {
        for mood in MUSICAL_MOODS {
            assert!(mood.slowest < mood.fastest, "{}", mood.name);
            assert!((1..=8).contains(&mood.parts.len()), "{}", mood.name);
            for role in [Melody, Bass, Accent] {
                let has_role = mood.parts.iter().any(|part| part.role == role);
                assert!(has_role, "{}: {role:?}", mood.name);
            }
            let plays_at_rest = mood
                .parts
                .iter()
                .any(|part| part.role == Chords || part.role == Figure);
            assert!(plays_at_rest, "{}", mood.name);
            for part in mood.parts {
                assert!(part.high - part.low >= 12, "{}: {}", mood.name, part.name);
            }
        }
    }

    #[test]
    fn most_chords_are_of_the_key_and_cadences_lead_to_the_tonic() {
        for mood in MUSICAL_MOODS {
            let key = MusicKey {
                tonic: mood.tonics[0],
                mode: mood.mode,
            };
            let symbols = mood
                .openings
                .iter()
                .chain(mood.contrasts)
                .flat_map(|list| list.iter());
            let symbols: Vec<&'static str> = symbols.copied().collect();
            let chords = symbols.iter().map(|symbol| key.chord(symbol));
            let diatonic =
                chords.filter(|chord| chord.tones.iter().all(|tone| key.has_pitch(*tone)));
            let diatonic = diatonic.count();
            assert!(diatonic * 10 >= symbols.len() * 7, "{}", mood.name);
            assert_eq!(
                key.chord(mood.full_cadence[1]).root,
                (key.tonic + 7) % 12,
                "{}",
                mood.name
            );
            assert_eq!(key.chord(mood.tonic_chord).root, key.tonic, "{}", mood.name);
        }
    }
}
