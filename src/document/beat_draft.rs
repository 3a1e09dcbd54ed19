//! Advertising films as written: the beats and archetypes of the library, the kinds of products, and
//! the beats of a document.
//!
//! Like [`super::draft`], of which it is the part about ads. What beats become is for `resolve`.

use super::draft::{LocationDraft, ShotDraft};
use super::field_types::{OneOrMany, OrderedMap, RawScalar, ScalarOrList};
use super::notation;
use super::titles_draft::TitleDraft;
use crate::base::Spanned;
use crate::model::beats::{BeatPosition, EnergyCurve, EnergyLevel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A beat of the library: a timed intention, and the shots that it becomes.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BeatDraft {
    /// Its usual length: `5s`, `10s` or `15s`.
    #[schemars(schema_with = "notation::beat_length_schema")]
    pub duration: Option<RawScalar>,
    /// The type of its picture, for people and for providers that draw from words.
    #[schemars(extend("examples" = ["close_up", "macro", "dynamic_multi"]))]
    pub shot_type: Option<Spanned<String>>,
    /// What happens in it.
    #[schemars(extend("examples" = ["product_reveal", "before_after"]))]
    pub action: Option<Spanned<String>>,
    /// Its picture in words, with placeholders such as `{product_name}`.
    pub prompt_template: Option<Spanned<String>>,
    /// How the camera moves.
    #[schemars(extend("examples" = ["slow_dolly_in", "fast_cuts"]))]
    pub camera_movement: Option<Spanned<String>>,
    /// Where in an ad it belongs.
    pub typical_position: Option<Spanned<BeatPosition>>,
    /// The products that it suits; `all` for every product.
    #[schemars(extend("examples" = [["luxury", "tech"], ["all"]]))]
    pub compatible_products: OneOrMany<Spanned<String>>,
    /// How lively it is.
    pub energy_level: Option<Spanned<EnergyLevel>>,
    /// The shots that it becomes, in order.
    pub shots: Option<Vec<BeatShotDraft>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// One shot of a beat.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BeatShotDraft {
    /// Its part of the length of the beat, beside the shares of the other shots; 1 if left out.
    #[schemars(extend("default" = 1))]
    pub share: Option<Spanned<f32>>,
    /// What an ad must have for this shot to be made; it is left out otherwise.
    pub needs: Option<Spanned<BeatNeed>>,
    /// The shot. `product`, `person`, `logo`, `stage` and `setting` in it are those of the ad.
    pub shot: Option<ShotDraft>,
    /// Titles over it, with placeholders. A title is left out if a placeholder has no value.
    pub titles: Option<Vec<TitleDraft>>,
}

/// What an ad must have for a shot of a beat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BeatNeed {
    /// A person.
    Person,
    /// A logo.
    Logo,
    /// No logo.
    NoLogo,
}

/// An archetype of ads: a kind of story with a usual order of beats.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ArchetypeDraft {
    /// Its name for people.
    pub name: Option<Spanned<String>>,
    /// The shortest and the longest usual length in seconds.
    pub typical_duration_range: Option<Spanned<[u32; 2]>>,
    /// Its beats in their usual order, by name.
    pub suggested_beat_sequence: Option<Vec<Spanned<String>>>,
    /// Products that it is made for.
    pub typical_products: OneOrMany<Spanned<String>>,
    /// Words for its look; a prompt with one of them means this archetype.
    pub style_hints: OneOrMany<Spanned<String>>,
    /// Further words of prompts that mean this archetype.
    pub keywords: OneOrMany<Spanned<String>>,
    /// How its energy changes.
    pub energy_curve: Option<Spanned<EnergyCurve>>,
    /// What the viewer does, step by step.
    pub narrative_structure: OneOrMany<Spanned<String>>,
    /// Its mood, which its grade and its music have.
    #[schemars(extend("x-preset" = "moods"))]
    pub mood: Option<Spanned<String>>,
    /// A style preset for its look.
    #[schemars(extend("x-preset" = "styles"))]
    pub style: Option<Spanned<String>>,
    /// Three to five colours by name.
    pub palette: OneOrMany<Spanned<String>>,
    /// Its light in words.
    pub lighting: Option<Spanned<String>>,
    /// Where its product is shown alone.
    pub stage: Option<LocationDraft>,
    /// Where people are seen with its product.
    pub setting: Option<LocationDraft>,
    /// The text of its end card.
    pub call_to_action: Option<Spanned<String>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// A kind of products: the words that name it, and its model.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProductKindDraft {
    /// The words that name such a product in a prompt.
    pub words: OneOrMany<Spanned<String>>,
    /// What beats and archetypes call such products.
    pub categories: OneOrMany<Spanned<String>>,
    /// The built-in model.
    #[schemars(extend("examples" = ["product_shoe.glb"]))]
    pub model: Option<Spanned<String>>,
    /// Where it is beside a person: a mark of the set by name, or `[x, y, z]` in metres.
    #[schemars(schema_with = "notation::mark_schema")]
    pub mark: Option<ScalarOrList>,
    /// Whether it stands on a plinth beside a person, where the set has no table for it.
    #[schemars(extend("default" = false))]
    pub on_plinth: Option<Spanned<bool>>,
    /// Where people are seen with it, if that is not the setting of the archetype.
    pub setting: Option<LocationDraft>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// What the beats of a production are about.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AdDraft {
    /// The words from which the ad was planned, for the record.
    pub prompt: Option<Spanned<String>>,
    /// The length of the whole ad, which the beats must have together, such as `30s`.
    #[schemars(schema_with = "notation::ad_length_schema")]
    pub duration: Option<RawScalar>,
    /// The archetype by which the beats were chosen, for the record.
    #[schemars(extend("x-preset" = "archetypes"))]
    pub archetype: Option<Spanned<String>>,
    /// The prop that is advertised; the only one if left out.
    pub product: Option<Spanned<String>>,
    /// The name of the product, for titles.
    pub product_name: Option<Spanned<String>>,
    /// The name of the brand, for titles.
    pub brand_name: Option<Spanned<String>>,
    /// Where the product is beside a person: a mark of the set by name, or `[x, y, z]` in metres.
    #[schemars(schema_with = "notation::mark_schema")]
    pub product_mark: Option<ScalarOrList>,
    /// The prop on which the product stands beside a person, at `mark_prop` of the set.
    pub stand: Option<Spanned<String>>,
    /// The prop with the logo, for the end card.
    pub logo: Option<Spanned<String>>,
    /// The character who is seen with the product; the first if left out.
    pub person: Option<Spanned<String>>,
    /// The location where the product is shown alone; the first if left out.
    pub stage: Option<Spanned<String>>,
    /// The location where people are seen with the product; the last if left out.
    pub setting: Option<Spanned<String>>,
    /// The look in words.
    pub aesthetic: Option<Spanned<String>>,
    /// The mood in one word.
    #[schemars(extend("x-preset" = "moods"))]
    pub mood: Option<Spanned<String>>,
    /// Its colours by name.
    pub palette: Option<OneOrMany<Spanned<String>>>,
    /// The light in words.
    pub lighting: Option<Spanned<String>>,
    /// What the ad says in one sentence, for titles.
    pub key_message: Option<Spanned<String>>,
    /// The text of the end card.
    #[schemars(extend("examples" = ["Find yours today"]))]
    pub call_to_action: Option<Spanned<String>>,
    /// Further placeholders of titles and prompts, such as `feature_1`.
    pub placeholders: Option<OrderedMap<RawScalar>>,
}

/// One beat of a production. Written as text, it is the name of the beat.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BeatUseDraft {
    /// A beat of the library.
    #[schemars(extend("x-preset" = "beats"))]
    pub beat: Option<Spanned<String>>,
    /// Its id, which begins the names of its shots; its number and its beat if left out.
    #[schemars(extend("examples" = ["b01_hero_shot"]))]
    pub id: Option<Spanned<String>>,
    /// Its length: `5s`, `10s` or `15s`; that of the library if left out.
    #[schemars(schema_with = "notation::beat_length_schema")]
    pub duration: Option<RawScalar>,
    /// The prop that it shows; that of the ad if left out.
    pub product: Option<Spanned<String>>,
    /// The character in it; that of the ad if left out.
    pub person: Option<Spanned<String>>,
    /// The location of all its shots; those of the ad if left out.
    pub location: Option<Spanned<String>>,
    /// The text of its title, in place of that of the library.
    pub text: Option<OneOrMany<Spanned<String>>>,
    /// What the narrator says in it.
    pub voice_over: Option<Spanned<String>>,
    /// Placeholders of its titles and its prompt, over those of the ad.
    pub placeholders: Option<OrderedMap<RawScalar>>,
    /// The fields of a shot, over those of each of its shots.
    pub shot: Option<ShotDraft>,
    /// Free text for people.
    pub notes: Option<Spanned<String>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}
