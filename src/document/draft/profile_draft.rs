//! Profiles of films made from treatments.

use crate::base::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

/// A profile: colours, pace, effects and limits of a film that is made from a treatment.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileDraft {
    /// Colours as `rrggbb`: background, text, accent, second accent, quiet.
    #[schemars(extend("examples" = [["16324f", "f4f7fa", "2ec4b6", "ff9f1c", "8aa2b8"]]))]
    pub palette: Option<Vec<Spanned<String>>>,
    /// How strong effects are, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub effect_intensity: Option<Spanned<f32>>,
    /// Most scenes a minute.
    #[schemars(range(min = 0.1, max = 240))]
    pub max_pace: Option<Spanned<f32>>,
    /// Most that one job may cost.
    #[schemars(range(min = 0, max = 100_000))]
    pub cost_per_job: Option<Spanned<f32>>,
    /// Most that all jobs together may cost.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub cost_total: Option<Spanned<f32>>,
    /// Seconds after which a job is given up.
    #[schemars(range(min = 1, max = 86_400))]
    pub time_limit: Option<Spanned<u32>>,
    /// Effects that suit it.
    pub allowed_effects: Option<Vec<Spanned<String>>>,
    /// Effects that it never has.
    pub forbidden_effects: Option<Vec<Spanned<String>>>,
    /// A style preset.
    #[schemars(extend("x-preset" = "styles"))]
    pub style: Option<Spanned<String>>,
    /// The mood of the music.
    #[schemars(extend("x-preset" = "moods"))]
    pub music: Option<Spanned<String>>,
    /// The transition between scenes.
    pub transition: Option<Spanned<String>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}
