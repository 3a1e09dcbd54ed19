//! A screenplay in Fountain, the plain-text screenplay syntax of fountain.io, as scenes with
//! places.
//!
//! Owns the syntax and the estimates of length. Does not know shots. It refuses no text: a probable
//! slip is a warning, and the text is read as it is.

mod character_cue;
mod emphasis;
mod fountain_writer;
mod manuscript;
mod page_furniture;
mod reader;
mod scene_count;
mod scene_heading;
mod screenplay;
mod timing;
mod title_page;
mod unspaced;

#[cfg(test)]
mod round_trip_tests;
#[cfg(test)]
mod tests;

pub(super) use character_cue::parse_cue;
pub use emphasis::strip_emphasis;
pub(super) use emphasis::{escape_all_marks, escape_marks};
pub use fountain_writer::fountain_text;
pub use page_furniture::is_page_furniture;
pub use reader::parse_screenplay;
pub(super) use scene_heading::{
    HeadingLine, is_omitted, parse_heading, parse_omission, parse_place, without_marks,
};
pub use screenplay::{
    DialogueSpeech, SceneElement, ScenePlace, SceneSetting, Screenplay, ScriptScene, SpeechPart,
};
pub use timing::{SpokenLength, TURN_PAUSE, action_seconds, speech_seconds};
pub(super) use unspaced::printed_columns;
