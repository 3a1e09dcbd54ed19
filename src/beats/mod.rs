//! Plans advertising films: words become an archetype and a sequence of beats of exactly the length
//! asked for.
//!
//! Owns lengths, placeholders, chunks and prices, the choice of beats, and the document that is
//! written from a plan. Pure: the same words and the same library give the same plan. Does not know
//! how a beat is staged; `resolve` makes shots of beats by the library.

mod ad_document;
mod ad_plan;
mod ad_spec;
mod ad_words;
mod archetype_choice;
mod beat_length;
mod beat_sequence;
mod chunk_record;
mod library_beat;
mod placeholder_text;
mod plan_text;
mod product_brand;
mod product_colour;
mod prompt_intent;
mod prompt_length;
mod prompt_negation;
mod prompt_product;
mod prompt_shape;
mod prompt_words;
mod sequence_score;
mod spoken_line;
#[cfg(test)]
mod tests;
mod unknown_words;

pub use ad_document::{AdFiles, AdNeeds, ad_document, needs_plinth, plan_setting, plan_stage};
pub use ad_plan::{AdPlan, AdPlanError, AdRequest, DEFAULT_CREATIVITY, PlannedBeat, plan_ad};
pub use ad_spec::{AdReasoning, AdSpec, AdStyle, SpecBeat};
pub use ad_words::{AdWords, IMAGE_PARAMETERS, ImageParameters, NEGATIVE_PROMPT};
pub use archetype_choice::ArchetypeScore;
pub use beat_length::{
    is_ad_length, is_beat_length, nearest_ad_lengths, nearest_beat_length, parse_seconds,
};
pub use beat_sequence::SequenceError;
pub use chunk_record::{
    AdCost, AdPrices, BUILT_IN_PRICES, CATALOGUE_PRICES, ChunkInput, ChunkRecord, NoBeats,
    TimedBeat, chunk_records, storyboard_path,
};
pub use library_beat::{AdLibrary, LibraryArchetype, LibraryBeat, LibraryProduct};
pub use placeholder_text::AdPlaceholders;
pub use plan_text::plan_text;
pub use product_colour::product_colour;
pub use prompt_intent::{LeftOutSound, PromptError, PromptIntent, check_prompt_size};
pub use prompt_product::{ANY_KIND, BOX_MODEL, PromptProduct};
pub use prompt_shape::AdShape;
pub use spoken_line::{narrated_seconds, speaking_beat, speaking_shot};
pub use unknown_words::UnknownWord;
