//! Characters, their costumes, and props as written.

use crate::base::Spanned;
use crate::document::field_types::{OneOrMany, OrderedMap};
use crate::document::sound_draft::VoiceDraft;
use crate::document::text_or::TextOr;
use crate::model::costume_condition::CostumeCondition;
use crate::model::model_mend::{ForwardAxis, UpAxis};
use crate::model::value_ranges;
use schemars::JsonSchema;
use serde::Deserialize;

// Characters, costumes, props and sets each spell out the fields of their model: serde buffers what
// `flatten` reads, and a mistake in it would lose its place in the document.

/// One character.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CharacterDraft {
    /// Name of the character in the document.
    pub name: Option<Spanned<String>>,
    /// Name for people, if it differs from `name`; of a map, the `name` inside an entry.
    pub display_name: Option<Spanned<String>>,
    /// Name of the character in the script, if it is not the name in capitals.
    pub script_name: Option<Spanned<String>>,
    /// The model, a glTF, GLB or .blend file relative to this file.
    #[schemars(extend("examples" = ["models/mara.glb"]))]
    pub model: Option<Spanned<String>>,
    /// Factor on every length of the model, from its unit to metres, such as `0.01`.
    #[schemars(range(min = value_ranges::MODEL_SCALE.lowest(), max = value_ranges::MODEL_SCALE.highest()), extend("default" = 1))]
    pub scale: Option<Spanned<f32>>,
    /// The axis of the model's file that is upwards; as its format says if left out.
    pub up: Option<Spanned<UpAxis>>,
    /// The axis of the model's file that its front looks along; as its format says if left out.
    pub forward: Option<Spanned<ForwardAxis>>,
    /// A variant of the model's materials by name, of those in its glTF file.
    #[schemars(extend("examples" = ["midnight"]))]
    pub variant: Option<Spanned<String>>,
    /// Costumes by scene range: `default`, `scenes_1_10`, `1-10` or `5A-7`.
    #[schemars(extend("examples" = [{ "scenes_1_10": "oilskin" }]))]
    pub wardrobe: Option<OrderedMap<TextOr<CostumeDraft>>>,
    /// Other models by name, such as `stunt_double`.
    #[schemars(extend("examples" = [{ "stunt_double": "models/stunt.glb" }]))]
    pub variants: Option<OrderedMap<Spanned<String>>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
    /// Free text for people.
    pub notes: Option<Spanned<String>>,
    /// Who plays the character, for the credits.
    pub played_by: Option<Spanned<String>>,
    /// Voice for speech: the name of a voice, or its fields. Other text is for people.
    pub voice: Option<TextOr<VoiceDraft>>,
}

/// One costume of a character.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CostumeDraft {
    /// Name of the costume.
    pub costume: Option<Spanned<String>>,
    /// The character's model in this costume.
    pub model: Option<Spanned<String>>,
    /// Factor on every length of the model, from its unit to metres, such as `0.01`; the character's if left out.
    #[schemars(range(min = value_ranges::MODEL_SCALE.lowest(), max = value_ranges::MODEL_SCALE.highest()), extend("default" = 1))]
    pub scale: Option<Spanned<f32>>,
    /// The axis of the model's file that is upwards; the character's if left out.
    pub up: Option<Spanned<UpAxis>>,
    /// The axis of the model's file that its front looks along; the character's if left out.
    pub forward: Option<Spanned<ForwardAxis>>,
    /// A variant of the model's materials by name, of those in its glTF file. Without `model` it is a variant of the
    /// character's.
    #[schemars(extend("examples" = ["midnight"]))]
    pub variant: Option<Spanned<String>>,
    /// State of the costume, in one word or a list, such as `torn` or `[torn, wet]`.
    pub condition: Option<OneOrMany<Spanned<CostumeCondition>>>,
    /// Free text for people.
    pub notes: Option<Spanned<String>>,
}

/// One prop.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PropDraft {
    /// Name of the prop in the document.
    pub name: Option<Spanned<String>>,
    /// Name for people, if it differs from `name`; of a map, the `name` inside an entry.
    pub display_name: Option<Spanned<String>>,
    /// The model, a glTF or GLB file relative to this file.
    #[schemars(extend("examples" = ["models/lantern.glb"]))]
    pub model: Option<Spanned<String>>,
    /// Factor on every length of the model, from its unit to metres, such as `0.01`.
    #[schemars(range(min = value_ranges::MODEL_SCALE.lowest(), max = value_ranges::MODEL_SCALE.highest()), extend("default" = 1))]
    pub scale: Option<Spanned<f32>>,
    /// The axis of the model's file that is upwards; as its format says if left out.
    pub up: Option<Spanned<UpAxis>>,
    /// The axis of the model's file that its front looks along; as its format says if left out.
    pub forward: Option<Spanned<ForwardAxis>>,
    /// A variant of the model's materials by name, of those in its glTF file.
    #[schemars(extend("examples" = ["midnight"]))]
    pub variant: Option<Spanned<String>>,
    /// Free text for people.
    pub notes: Option<Spanned<String>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}
