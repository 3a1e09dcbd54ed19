//! A screenplay in Fountain, the plain-text screenplay syntax of fountain.io, as scenes with places.
//!
//! Owns the syntax and the length estimates. Does not know shots, and never refuses a text: what looks like a slip
//! becomes a warning, and the text stays.

mod cue;
mod estimate;
mod heading;
mod lines;
mod markup;
mod read;
mod screenplay;
mod title;

#[cfg(test)]
mod tests;

pub use estimate::{action_seconds, speech_seconds};
pub use markup::plain;
pub use read::read;
pub use screenplay::{Dialogue, Element, Place, Scene, Screenplay, Setting};
