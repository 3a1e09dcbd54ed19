//! Composes and plays music: from a mood and the sections of a film to a score, a MIDI file and
//! sound. Knows nothing of jobs.
//!
//! A piece is written in this order: [`MusicGrid`] fits bars to the cue, [`MusicalForm`] divides
//! them into phrases, the chords of each phrase get their voices, and then every part is written
//! over them. Nothing is chance: each choice comes from the seed of the cue and the name of the
//! part that makes it.

mod accompaniment;
mod built_in_font;
mod chord_plan;
mod composer;
mod composition;
mod drum_patterns;
mod font_facts;
mod font_tables;
mod harmony;
mod instrument_sounds;
mod melody;
mod midi_file;
mod mood_table;
mod music_grid;
mod music_hall;
mod musical_form;
mod musical_mood;
mod percussion_sounds;
mod score;
mod sound_font;
mod synthesiser;

pub use composer::{CueTooShort, compose};
pub use font_facts::FontFacts;
pub use font_tables::FontTableError;
pub use harmony::{HarmonyChord, MusicKey, MusicMode};
pub use midi_file::{has_notes, is_midi, midi_bytes, silent_midi_bytes};
pub use mood_table::{MUSICAL_MOODS, find_mood};
pub use music_grid::{MusicGrid, SHORTEST_MUSIC, TICKS_PER_BEAT};
pub use musical_form::{MusicHit, MusicPhrase, MusicalForm, PhraseCadence};
pub use musical_mood::{HarmonicRhythm, MoodPart, MusicalMood, PlayPattern};
pub use score::{
    ChordSpan, ExpressionPoint, MusicScore, PartRole, ScoreMarker, ScoreNote, ScorePart,
};
pub use sound_font::{
    FontFile, FontSource, LoadedFont, SYNTHESISER_VERSION, SoundFontError, installed_font,
    machine_font,
};
pub use synthesiser::{PlayError, ScorePlayer};
