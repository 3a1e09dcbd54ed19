//! The look as written: style, contrast and colour grade.

use crate::base::Spanned;
use crate::model::{defaults, value_ranges};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The look of the whole production: a style preset, and the values that override it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StyleDraft {
    /// A style preset by name, such as `cinematic_teal_orange`.
    #[schemars(extend("x-preset" = "styles"), extend("default" = defaults::STYLE))]
    pub preset: Option<Spanned<String>>,
    /// When it plays, such as `present`, `1980s`, `future`: changes the grade.
    #[schemars(extend("x-preset" = "eras"))]
    pub era: Option<Spanned<String>>,
    /// The mood, such as `dramatic` or `warm`: changes the grade, if it differs from the preset's.
    #[schemars(extend("x-preset" = "moods"))]
    pub mood: Option<Spanned<String>>,
    /// A colour grade preset by name, such as `teal_orange`.
    #[schemars(extend("x-preset" = "grades"))]
    pub color_grade: Option<Spanned<String>>,
    /// How far light and dark are apart.
    pub contrast: Option<Spanned<ContrastLevel>>,
    /// Single values of the grade that override the presets.
    pub grade: Option<GradeDraft>,
}

/// How far light and dark are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContrastLevel {
    /// Soft, like a documentary.
    VeryLow,
    /// Gentle.
    Low,
    /// Neutral.
    Medium,
    /// Strong.
    High,
    /// Harsh, like film noir.
    VeryHigh,
}

/// Values of a colour grade. `docs/document.md` has the order in which they are applied.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GradeDraft {
    /// Stops of exposure, -8 to 8.
    #[schemars(range(min = value_ranges::EXPOSURE.lowest(), max = value_ranges::EXPOSURE.highest()), extend("default" = 0))]
    pub exposure: Option<Spanned<f32>>,
    /// White balance from -1 (cool) to 1 (warm).
    #[schemars(range(min = value_ranges::BALANCE.lowest(), max = value_ranges::BALANCE.highest()), extend("default" = 0))]
    pub warmth: Option<Spanned<f32>>,
    /// White balance from -1 (green) to 1 (magenta).
    #[schemars(range(min = value_ranges::BALANCE.lowest(), max = value_ranges::BALANCE.highest()), extend("default" = 0))]
    pub tint: Option<Spanned<f32>>,
    /// Slope around middle grey, 0.2 to 3; 1 has no effect.
    #[schemars(range(min = value_ranges::CONTRAST.lowest(), max = value_ranges::CONTRAST.highest()), extend("default" = 1))]
    pub contrast: Option<Spanned<f32>>,
    /// Saturation, 0 (black and white) to 3; 1 has no effect.
    #[schemars(range(min = value_ranges::SATURATION.lowest(), max = value_ranges::SATURATION.highest()), extend("default" = 1))]
    pub saturation: Option<Spanned<f32>>,
    /// Added to the shadows: red, green, blue.
    #[schemars(inner(range(min = value_ranges::BALANCE.lowest(), max = value_ranges::BALANCE.highest())), extend("examples" = [[0.02, 0.01, 0.0]]))]
    pub lift: Option<Spanned<[f32; 3]>>,
    /// Power of the midtones: red, green, blue.
    #[schemars(inner(range(min = value_ranges::GAMMA.lowest(), max = value_ranges::GAMMA.highest())), extend("examples" = [[1.0, 1.0, 1.05]]))]
    pub gamma: Option<Spanned<[f32; 3]>>,
    /// Factor on the highlights: red, green, blue.
    #[schemars(inner(range(min = value_ranges::GAIN.lowest(), max = value_ranges::GAIN.highest())), extend("examples" = [[1.02, 1.0, 0.97]]))]
    pub gain: Option<Spanned<[f32; 3]>>,
    /// Colour towards which shadows are shifted, each channel 0 to 1.
    #[schemars(inner(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest())))]
    pub shadow_tone: Option<Spanned<[f32; 3]>>,
    /// Colour towards which highlights are shifted, each channel 0 to 1.
    #[schemars(inner(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest())))]
    pub highlight_tone: Option<Spanned<[f32; 3]>>,
    /// Strength of the two tones, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()))]
    pub split: Option<Spanned<f32>>,
    /// Glow around highlights, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()))]
    pub bloom: Option<Spanned<f32>>,
    /// Darkening of the corners, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()))]
    pub vignette: Option<Spanned<f32>>,
    /// Film grain, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()))]
    pub grain: Option<Spanned<f32>>,
}
