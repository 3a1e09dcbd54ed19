//! Sound as samples: buffers, WAV files, and what is done with them. Knows nothing of jobs.
//!
//! A sample is a 32-bit float, and full scale is 1. Every function is deterministic: equal inputs
//! give equal samples, with any number of cores.

mod beats;
mod console_sound;
mod crate_peaks;
mod decoder_guard;
mod ducking;
mod extremes;
pub mod filters;
mod limiter;
mod loudness_meter;
mod mixing;
mod music_fit;
mod quiet_parts;
mod rated_stream;
mod resample;
mod reverb;
mod sound_buffer;
mod sound_file;
mod sound_likeness;
mod sound_loop;
mod sound_structure;
mod speech_level;
mod synthesis;
mod true_peak;
mod wav_file;
mod wav_stream;
mod waveform;
mod weighting_filter;

pub use beats::{BeatEstimate, USABLE_CONFIDENCE, find_beats};
pub use console_sound::ConsoleConverter;
pub use ducking::{DuckingGain, SpeechFinder};
pub use limiter::PeakLimiter;
pub use loudness_meter::{
    CURVE_RATE, LoudnessGap, LoudnessMeasure, LoudnessMeter, MeterError, StepEnergies,
};
pub use mixing::{FilmMix, MixError, PlacedTrack, TrackPlacement, TrackTreatment};
pub use music_fit::MusicFit;
pub use quiet_parts::{audible_range, quiet_parts};
pub use rated_stream::RatedStream;
pub use resample::{resample, resample_unless, resampled_length};
pub use reverb::{add_room, reverberate, reverberation_time, wetness_at};
pub use sound_buffer::{SoundBuffer, gain_factor};
pub use sound_file::{
    SOUND_FILE_KINDS, SoundFileError, SoundFileFacts, is_sound_rate, probe_sound_file,
    read_sound_at, read_sound_file,
};
pub use sound_likeness::{
    ComparedBands, ComparedPassage, SharedEnergy, SoundComparison, SoundLikeness, SourceLoudness,
};
pub use sound_loop::loop_to_length;
pub use speech_level::{SPEECH_LUFS, level_speech, speech_loudness};
pub use synthesis::{
    set_integrated_loudness, set_momentary_loudness, synthesise_ambience, synthesise_effect,
};
pub use wav_file::{WavFileError, WavFormat, read_streamed_wav, read_wav, wav_length, write_wav};
pub use wav_stream::{WavSink, WavStream};
pub use waveform::{MOST_BINS, WaveformSummary};
