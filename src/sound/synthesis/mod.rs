//! Effects and ambiences that are synthesised by name.
//!
//! Everything is made from the seed alone: noise through filters, struck modes, chirps, grains. A
//! sound has the same samples for ever, on every machine.

mod ambience_places;
mod ambience_weather;
mod doors;
mod footsteps;
mod impacts;
mod named_ambience;
mod named_effect;
mod sound_bed;
mod sound_level;
mod sound_sketch;

pub use named_ambience::synthesise_ambience;
pub use named_effect::synthesise_effect;
pub use sound_level::{set_integrated_loudness, set_momentary_loudness};

#[cfg(test)]
mod tests;
