//! Captions as plain data: what a document asks for, the numbers of style guides, and the work of a
//! job that writes them.

mod caption_profile;
mod caption_settings;
mod caption_work;
mod sound_labels;

pub use caption_profile::{
    CAPTION_GUIDES, CaptionAudience, CaptionGuide, CaptionProfile, SpeakerForm, frames_of,
};
pub use caption_settings::{CaptionSettings, CaptionTranslation, SpeakerNaming};
pub use caption_work::{CaptionLineWork, CaptionSoundWork, CaptionWork, WORDS_FILE};
pub use sound_labels::{effect_label, music_label, sound_text};
