//! The sound department: speech, music, effects, and the mix.

mod effects;
mod mix;
mod music;
mod speech;

pub(super) use effects::EffectsProducer;
pub(super) use mix::MixProducer;
pub(super) use music::MusicProducer;
pub use speech::{EspeakProgram, spoken_samples};
pub(super) use speech::{PiperVoice, SpeechProducer, SpeechPrograms, require_voice};
