//! A screenplay in Fountain, the plain-text screenplay syntax of fountain.io, as scenes with
//! places.
//!
//! Owns the syntax and the estimates of length. Does not know shots. It refuses no text: a probable
//! slip is a warning, and the text is read as it is.

mod character_cue;
mod emphasis;
mod manuscript;
mod reader;
mod scene_count;
mod scene_heading;
mod screenplay;
mod timing;
mod title_page;
mod unspaced;

#[cfg(test)]
mod tests;

pub use emphasis::strip_emphasis;
pub use reader::parse_screenplay;
pub use screenplay::{
    DialogueSpeech, SceneElement, ScenePlace, SceneSetting, Screenplay, ScriptScene,
};
pub use timing::{SpokenLength, TURN_PAUSE, action_seconds, speech_seconds};
