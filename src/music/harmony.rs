//! Modes and chords: which tones belong to a key, and what a Roman numeral sounds.

/// A mode, which is the scale of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MusicMode {
    /// Major.
    Major,
    /// Natural minor; its dominants have the raised leading tone.
    Minor,
    /// Minor with the major sixth.
    Dorian,
    /// Minor with the minor second.
    Phrygian,
    /// Major with the augmented fourth.
    Lydian,
    /// Major with the minor seventh.
    Mixolydian,
}

impl MusicMode {
    /// Returns the semitones of its seven degrees above the tonic.
    #[must_use]
    pub const fn degrees(self) -> [i32; 7] {
        match self {
            Self::Major => [0, 2, 4, 5, 7, 9, 11],
            Self::Minor => [0, 2, 3, 5, 7, 8, 10],
            Self::Dorian => [0, 2, 3, 5, 7, 9, 10],
            Self::Phrygian => [0, 1, 3, 5, 7, 8, 10],
            Self::Lydian => [0, 2, 4, 6, 7, 9, 11],
            Self::Mixolydian => [0, 2, 4, 5, 7, 9, 10],
        }
    }

    /// Returns whether its third is minor.
    #[must_use]
    pub const fn is_minor(self) -> bool {
        matches!(self, Self::Minor | Self::Dorian | Self::Phrygian)
    }

    /// Returns the sharps of the key of this tonic as a key signature has them; flats are negative.
    #[must_use]
    pub const fn key_signature(self, tonic: i32) -> i8 {
        // Semitones from the tonic down to the tonic of the major key with the same tones.
        let above_major = match self {
            Self::Major => 0,
            Self::Minor => 9,
            Self::Dorian => 2,
            Self::Phrygian => 4,
            Self::Lydian => 5,
            Self::Mixolydian => 7,
        };
        match (tonic - above_major).rem_euclid(12) {
            0 => 0,
            1 => -5,
            2 => 2,
            3 => -3,
            4 => 4,
            5 => -1,
            6 => 6,
            7 => 1,
            8 => -4,
            9 => 3,
            10 => -2,
            _ => 5,
        }
    }
}

/// The tonic and the mode of a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MusicKey {
    /// Pitch class of the tonic, 0 (C) to 11.
    pub tonic: i32,
    /// The mode.
    pub mode: MusicMode,
}

impl MusicKey {
    /// Returns whether a pitch belongs to the key.
    #[must_use]
    pub fn has_pitch(self, pitch: i32) -> bool {
        let class = (pitch - self.tonic).rem_euclid(12);
        self.mode.degrees().contains(&class)
    }

    /// Returns the chord of a Roman numeral.
    ///
    /// Capitals are major, small letters minor. Degrees are those of the major scale with `b` and
    /// `#` before them, in every mode. `V7/V` is the dominant of the dominant.
    #[must_use]
    pub fn chord(self, symbol: &'static str) -> HarmonyChord {
        // `V7/V` is the first numeral in the key of the second, so their roots add up.
        let mut parts = symbol.split('/');
        let chord = parse_numeral(parts.next().unwrap_or_default());
        let target = parse_numeral(parts.next().unwrap_or("I"));
        // Pitch classes, since voices are chosen later: the same chord may be anywhere.
        let root = (self.tonic + chord.root + target.root).rem_euclid(12);
        let tones = chord.intervals.iter();
        HarmonyChord {
            symbol,
            root,
            degree: (chord.degree + target.degree) % 7,
            tones: tones.map(|above| (root + above).rem_euclid(12)).collect(),
        }
    }
}

/// A chord by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HarmonyChord {
    /// Its Roman numeral.
    pub symbol: &'static str,
    /// Pitch class of the root.
    pub root: i32,
    /// Degree of the key that the root is, or is raised or lowered from, from 0.
    pub degree: usize,
    /// Pitch classes: root, third (or what is suspended in its place), fifth, and more.
    pub tones: Vec<i32>,
}

impl HarmonyChord {
    /// Returns whether a pitch is a tone of the chord.
    #[must_use]
    pub fn has_pitch(&self, pitch: i32) -> bool {
        self.tones.contains(&pitch.rem_euclid(12))
    }

    /// Returns the pitch classes of the key while this chord sounds: a foreign tone of the chord
    /// takes the place of the degree that it is raised or lowered from.
    #[must_use]
    pub fn local_scale(&self, key: MusicKey) -> [i32; 7] {
        let mut scale = key.mode.degrees().map(|above| (key.tonic + above) % 12);
        for tone in &self.tones {
            // Degrees from the root: a third is two of them, major or minor.
            let steps = match (tone - self.root).rem_euclid(12) {
                0 => 0,
                1 | 2 => 1,
                3 | 4 => 2,
                5 => 3,
                6..=8 => 4,
                9 => 5,
                _ => 6,
            };
            scale[(self.degree + steps) % 7] = *tone;
        }
        scale
    }
}

struct ParsedNumeral {
    root: i32,
    degree: usize,
    intervals: &'static [i32],
}

/// Longest first, so that `VII` is not read as `V`.
const NUMERALS: [NumeralName; 7] = [
    numeral_name("VII", 6, 11),
    numeral_name("III", 2, 4),
    numeral_name("VI", 5, 9),
    numeral_name("IV", 3, 5),
    numeral_name("II", 1, 2),
    numeral_name("V", 4, 7),
    numeral_name("I", 0, 0),
];

/// A Roman numeral: its degree, and the semitones of the degree in major.
struct NumeralName {
    text: &'static str,
    degree: usize,
    semitones: i32,
}

const fn numeral_name(text: &'static str, degree: usize, semitones: i32) -> NumeralName {
    NumeralName {
        text,
        degree,
        semitones,
    }
}

fn parse_numeral(text: &str) -> ParsedNumeral {
    let bare = text.trim_start_matches(['b', '#']);
    let accidentals = &text[..text.len() - bare.len()];
    let shift: i32 = accidentals
        .chars()
        .map(|sign| if sign == 'b' { -1 } else { 1 })
        .sum();
    let upper = bare.to_ascii_uppercase();
    let found = NUMERALS.iter().find(|name| upper.starts_with(name.text));
    // The table of moods has no other words, which its tests check.
    let name = found.unwrap_or(&NUMERALS[6]);
    let suffix = bare.get(name.text.len()..).unwrap_or_default();
    let is_major = bare.starts_with(|first: char| first.is_ascii_uppercase());
    ParsedNumeral {
        root: name.semitones + shift,
        degree: name.degree,
        intervals: chord_intervals(is_major, suffix),
    }
}

/// Returns the semitones of a chord above its root.
const fn chord_intervals(is_major: bool, suffix: &str) -> &'static [i32] {
    match (is_major, suffix.as_bytes()) {
        (_, b"sus4") => &[0, 5, 7],
        (_, b"sus2") => &[0, 2, 7],
        (_, b"o") => &[0, 3, 6],
        (_, b"h7") => &[0, 3, 6, 10],
        (true, b"7") => &[0, 4, 7, 10],
        (true, b"M7") => &[0, 4, 7, 11],
        (true, b"6") => &[0, 4, 7, 9],
        (true, b"add9") => &[0, 4, 7, 2],
        (true, _) => &[0, 4, 7],
        (false, b"7") => &[0, 3, 7, 10],
        (false, b"add9") => &[0, 3, 7, 2],
        (false, b"6") => &[0, 3, 7, 9],
        (false, _) => &[0, 3, 7],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals_are_the_chords_of_the_textbook() {
        let key = MusicKey {
            tonic: 0,
            mode: MusicMode::Major,
        };
        for (symbol, tones) in [
            ("I", vec![0, 4, 7]),
            ("vi", vec![9, 0, 4]),
            ("V7", vec![7, 11, 2, 5]),
            ("iiih7", vec![4, 7, 10, 2]),
            ("bVII", vec![10, 2, 5]),
            ("bII", vec![1, 5, 8]),
            ("V7/V", vec![2, 6, 9, 0]),
            ("V/vi", vec![4, 8, 11]),
            ("IVadd9", vec![5, 9, 0, 7]),
            ("viio", vec![11, 2, 5]),
            ("Vsus4", vec![7, 0, 2]),
        ] {
            assert_eq!(key.chord(symbol).tones, tones, "{symbol}");
        }
    }

    #[test]
    fn a_dominant_raises_the_seventh_of_minor() {
        let key = MusicKey {
            tonic: 9,
            mode: MusicMode::Minor,
        };
        let mut scale = key.chord("V7").local_scale(key);
        scale.sort_unstable();
        assert_eq!(scale, [0, 2, 4, 5, 8, 9, 11], "A harmonic minor");
        let lowered = MusicKey {
            tonic: 0,
            mode: MusicMode::Major,
        };
        let scale = lowered.chord("iv").local_scale(lowered);
        assert_eq!(
            scale,
            [0, 2, 4, 5, 7, 8, 11],
            "a minor subdominant lowers the sixth"
        );
        let phrygian = MusicKey {
            tonic: 4,
            mode: MusicMode::Phrygian,
        };
        let scale = phrygian.chord("V7").local_scale(phrygian);
        assert_eq!(
            scale,
            [4, 6, 7, 9, 11, 0, 3],
            "a dominant raises the second and the seventh"
        );
    }

    #[test]
    fn key_signatures_are_those_of_the_circle_of_fifths() {
        assert_eq!(MusicMode::Major.key_signature(7), 1);
        assert_eq!(MusicMode::Minor.key_signature(0), -3);
        assert_eq!(MusicMode::Dorian.key_signature(2), 0);
        assert_eq!(MusicMode::Lydian.key_signature(5), 0);
        assert_eq!(MusicMode::Mixolydian.key_signature(7), 0);
        assert_eq!(MusicMode::Phrygian.key_signature(4), 0);
    }
}
