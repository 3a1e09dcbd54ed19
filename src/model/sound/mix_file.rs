//! The WAV files of a mix.

/// One WAV file that a mix makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MixFile {
    /// The sum of all buses, limited.
    Mix,
    /// The stem of speech.
    Dialogue,
    /// The stem of music, lowered under speech.
    Music,
    /// The stem of effects and ambience.
    Effects,
    /// Music and effects together, for a film that is dubbed.
    MusicAndEffects,
}

impl MixFile {
    /// All of them, in the order in which a mix makes them.
    pub const ALL: [Self; 5] = [
        Self::Mix,
        Self::Dialogue,
        Self::Music,
        Self::Effects,
        Self::MusicAndEffects,
    ];

    /// Returns its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mix => "mix.wav",
            Self::Dialogue => "dialogue.wav",
            Self::Music => "music.wav",
            Self::Effects => "effects.wav",
            Self::MusicAndEffects => "music_and_effects.wav",
        }
    }
}
