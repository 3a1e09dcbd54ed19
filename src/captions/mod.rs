//! Captions: the speech of a film as text: divided, timed and written.
//!
//! Times are frames of the film, so that a caption in the picture and one in a file begin
//! together. Nothing here knows of a document or opens a file.

mod caption_cues;
mod caption_text;
mod caption_words;
mod cue_segments;
mod line_breaks;

pub use caption_cues::{
    CaptionCue, CaptionFlaw, CaptionFlawKind, CaptionLine, CaptionSound, FilmCaptions,
    film_captions,
};
pub use caption_text::{srt_losses, srt_text, ttml_text, vtt_text};
pub use caption_words::HeardWord;

#[cfg(test)]
mod tests;
