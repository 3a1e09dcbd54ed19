//! The words of treatments: labels, times, numbers, moods, pictures, languages. Tables and the
//! functions that look a word up; nothing here knows where a word was written.

mod aspect_words;
mod effect_words;
mod label_words;
mod language_words;
mod mood_words;
mod number_words;
mod picture_words;
mod speaker_words;
mod time_words;

pub(super) use aspect_words::{parse_aspect, parse_platform};
pub(super) use effect_words::{EffectUse, effect_use, sound_effect};
pub(super) use label_words::{
    LabelKind, SCENE_WORDS, is_brief_section, is_cta_word, is_hook_word, is_narrator_name,
    is_person_name, label_form, label_kind, nearest_label,
};
pub(super) use language_words::language_tag;
pub(super) use mood_words::music_mood;
pub(super) use number_words::{digits_end, parse_number};
pub(super) use picture_words::{camera_words, focal_words, is_person, is_picture_prose, is_stock};
pub(super) use speaker_words::{is_womans_name, name_before_speech};
pub(super) use time_words::{TimeMatch, parse_length, parse_times};
