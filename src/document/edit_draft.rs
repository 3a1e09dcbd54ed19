//! The cut of a document as written: transitions of shots, and the settings of the edit.
//!
//! Like [`super::draft`], of which it is the part about the cut.

use super::field_types::RawScalar;
use super::text_or::TextOr;
use crate::base::Spanned;
use crate::model::value_ranges;
use schemars::JsonSchema;
use serde::Deserialize;

/// How the shots of the production follow each other.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EditDraft {
    /// The transition between two shots of which neither names one; a cut if left out.
    #[schemars(extend("examples" = ["dissolve 12", "dip_to_black"]))]
    pub transition: Option<TextOr<TransitionDraft>>,
    /// Timecode of the first frame of every film, such as `01:00:00:00`.
    #[schemars(extend("default" = "00:00:00:00"), extend("examples" = ["01:00:00:00"]))]
    pub start_timecode: Option<RawScalar>,
    /// Frames beyond its cuts that each shot has in timelines for other programs.
    #[schemars(range(min = value_ranges::HANDLES.low, max = value_ranges::HANDLES.high), extend("default" = 0))]
    pub handles: Option<Spanned<u32>>,
}

/// A transition. Written as text, it is its kind, or its kind and its length: `dissolve 12`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TransitionDraft {
    /// What happens: `cut`, `dissolve`, `wipe_left`, `fade_from_black`, `fade_to_black`,
    /// `dip_to_white` and more.
    #[schemars(extend("examples" = ["dissolve", "wipe_left", "fade_in", "fade_out", "dip"]))]
    pub kind: Option<Spanned<String>>,
    /// Its length in frames, or in seconds such as `0.5s`; the usual one of its kind if left out.
    pub frames: Option<RawScalar>,
    /// The colour of a fade or a dip, as `"#rrggbb"` or by its CSS name; black if left out.
    pub colour: Option<Spanned<String>>,
}
