//! Mixes the sound of a film: tracks to buses, buses to a mix of the wanted loudness, and stems.
//!
//! Everything is done in blocks, so that memory does not grow with the film. What is computed once
//! and read several times is stored in files of the scratch folder.

mod bus_stems;
mod film_mix;
mod mastering;
mod mix_measures;
mod placed_track;
mod stem_file;

pub use film_mix::{FilmMix, MixError};
pub use placed_track::{PlacedTrack, TrackPlacement, TrackTreatment};

/// Samples of a block.
const BLOCK_LENGTH: usize = 16_384;
