//! Names of the moods that music is composed for. The module `music` says what each sounds like.

/// All moods: those of `configs/moods.yaml`, and those of advertising films.
pub const MUSIC_MOODS: [&str; 19] = [
    "neutral",
    "dramatic",
    "comedic",
    "suspenseful",
    "romantic",
    "action",
    "bright",
    "dark",
    "playful",
    "sophisticated",
    "melancholic",
    "mysterious",
    "warm",
    "cold",
    "energetic",
    "elegant",
    "minimalist",
    "emotional",
    "informative",
];
