//! The captions of a document as written: of the production, and of outputs.
//!
//! Like [`super::draft`], of which it is the part about captions.

use super::field_types::OneOrMany;
use crate::base::Spanned;
use crate::model::captions::CaptionAudience;
use crate::model::value_ranges;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The captions of the production. Written as text, they are those of a style guide by name.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CaptionsDraft {
    /// The style guide that numbers come from where none is written: `netflix` or `bbc`.
    #[schemars(extend("default" = "netflix"), extend("examples" = ["netflix", "bbc"]))]
    pub profile: Option<Spanned<String>>,
    /// Who reads the captions: children read more slowly, where the guide says so.
    #[schemars(extend("default" = "adults"))]
    pub audience: Option<Spanned<CaptionAudience>>,
    /// The most letters of a line, 8 to 80.
    #[schemars(range(min = value_ranges::CAPTION_LETTERS.low, max = value_ranges::CAPTION_LETTERS.high))]
    pub line_length: Option<Spanned<u32>>,
    /// The most lines of a caption, 1 to 4.
    #[schemars(range(min = value_ranges::CAPTION_LINES.low, max = value_ranges::CAPTION_LINES.high))]
    pub lines: Option<Spanned<u32>>,
    /// The most letters a second, 4 to 40.
    #[schemars(range(min = value_ranges::READING_SPEED.lowest(), max = value_ranges::READING_SPEED.highest()))]
    pub reading_speed: Option<Spanned<f32>>,
    /// The shortest time of a caption in seconds, 0.2 to 10.
    #[schemars(range(min = value_ranges::CAPTION_SECONDS.lowest(), max = value_ranges::CAPTION_SECONDS.highest()))]
    pub shortest: Option<Spanned<f32>>,
    /// The longest time of a caption in seconds, 0.2 to 10.
    #[schemars(range(min = value_ranges::CAPTION_SECONDS.lowest(), max = value_ranges::CAPTION_SECONDS.highest()))]
    pub longest: Option<Spanned<f32>>,
    /// The least time between two captions in frames, 0 to 120.
    #[schemars(range(min = value_ranges::CAPTION_GAP.low, max = value_ranges::CAPTION_GAP.high))]
    pub gap: Option<Spanned<u32>>,
    /// When a caption names its speaker.
    #[schemars(extend("default" = "never"))]
    pub speakers: Option<Spanned<SpeakerNamingDraft>>,
    /// Whether sounds are named, such as `[door slams]`: for the hard of hearing.
    #[schemars(extend("default" = false))]
    pub sounds: Option<Spanned<bool>>,
    /// A table with the lines in other languages, `.csv` or `.tsv`: a column `line` with the names
    /// of lines, and a column for each language.
    #[schemars(extend("examples" = ["captions.csv"]))]
    pub table: Option<Spanned<String>>,
}

/// When a caption names its speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SpeakerNamingDraft {
    /// Never.
    Never,
    /// When the speaker is out of view.
    OffScreen,
    /// When another person speaks than before, and when the speaker is out of view.
    Changes,
    /// Before every line.
    Always,
}

/// The captions within a film.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutputCaptionsDraft {
    /// The language whose captions are drawn on the pictures.
    #[schemars(extend("examples" = ["de"]))]
    pub burn_in: Option<Spanned<String>>,
    /// Languages that are tracks of text, which a player shows or not.
    #[schemars(extend("examples" = ["en", ["en", "de"]]))]
    pub track: Option<Spanned<OneOrMany<Spanned<String>>>>,
}
