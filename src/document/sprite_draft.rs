//! Sprite sheets and tile maps of a document as written: the fields `sprites` and `tiles` of an
//! output.
//!
//! Like [`super::draft`], of which it is the part about games.

use super::field_types::{OneOrMany, OrderedMap, RawScalar, ScalarOrList};
use super::notation;
use super::text_or::TextOr;
use crate::base::Spanned;
use crate::model::sprites::{SheetDialect, TurnOrder};
use crate::model::value_ranges;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a sprite sheet shows, and how.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SpritesDraft {
    /// The character that it shows.
    pub character: Option<Spanned<String>>,
    /// The prop that it shows.
    pub prop: Option<Spanned<String>>,
    /// The clips of the model, by name or with their fields; the model at rest if left out.
    #[schemars(extend("examples" = [["idle", {"clip": "walk", "frames": 8}]]))]
    pub clips: Option<OneOrMany<TextOr<SpriteClipDraft>>>,
    /// From how many directions each clip is drawn: 1, 4, 8 or 16.
    #[schemars(extend("default" = 1), extend("examples" = [1, 4, 8, 16]))]
    pub directions: Option<Spanned<u32>>,
    /// The first direction, such as `south_east`. South faces the viewer.
    #[schemars(extend("default" = "south"))]
    pub first_direction: Option<Spanned<String>>,
    /// The order of the directions, as seen from above.
    #[schemars(extend("default" = TurnOrder::default()))]
    pub order: Option<Spanned<TurnOrder>>,
    /// How it is seen: `true_isometric`, `pixel`, `pixel_perfect`, `military`, `dimetric`, `side`,
    /// `top`, or degrees above the horizon.
    #[schemars(extend("default" = "side"), extend("examples" = ["pixel", 40]))]
    pub angle: Option<RawScalar>,
    /// Size of one frame: `64x64`.
    #[schemars(schema_with = "notation::size_schema")]
    pub cell: Option<ScalarOrList>,
    /// Pixels a metre; what fits into the cell if left out.
    #[schemars(range(min = value_ranges::SPRITE_SCALE.lowest(), max = value_ranges::SPRITE_SCALE.highest()))]
    pub pixels_per_metre: Option<Spanned<f32>>,
    /// Whether transparent edges are cut off and the frames packed. If not, they are in a grid with
    /// a row for each clip and direction.
    #[schemars(extend("default" = true))]
    pub trim: Option<Spanned<bool>>,
    /// Pixels between two frames.
    #[schemars(range(min = value_ranges::SPRITE_PADDING.low, max = value_ranges::SPRITE_PADDING.high), extend("default" = 2))]
    pub padding: Option<Spanned<u32>>,
    /// For whom the data beside the picture is written.
    #[schemars(extend("default" = SheetDialect::default()))]
    pub dialect: Option<Spanned<SheetDialect>>,
}

/// What a tile map consists of.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TilesDraft {
    /// The prop of each tile, by the character that stands for it in the map.
    #[schemars(extend("examples" = [{"g": "grass", "w": "water"}]))]
    pub set: Option<OrderedMap<RawScalar>>,
    /// Rows of the map, one character for each place. `.` and spaces are empty.
    #[schemars(extend("examples" = [["ggww", "gg.w"]]))]
    pub map: Option<OneOrMany<RawScalar>>,
    /// How it is seen, as for `sprites`. Between `side` and `top`, places are diamonds.
    #[schemars(extend("default" = "top"), extend("examples" = ["pixel"]))]
    pub angle: Option<RawScalar>,
    /// Width of a place, in pixels. Its height follows from the angle.
    #[schemars(range(min = value_ranges::TILE_WIDTH.low, max = value_ranges::TILE_WIDTH.high), extend("default" = 64))]
    pub tile_width: Option<Spanned<u32>>,
    /// Size of the picture of a tile, of which the lower part is its ground; a square as wide as a
    /// place if left out.
    #[schemars(schema_with = "notation::size_schema")]
    pub cell: Option<ScalarOrList>,
    /// Metres that a side of a tile has.
    #[schemars(range(min = value_ranges::TILE_METRES.lowest(), max = value_ranges::TILE_METRES.highest()), extend("default" = 1))]
    pub metres: Option<Spanned<f32>>,
}

/// One clip of a sprite sheet. Written as text, it is the name of the clip.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SpriteClipDraft {
    /// The name of the clip in the model.
    pub clip: Option<Spanned<String>>,
    /// Its name in the data; that of the clip if left out.
    pub tag: Option<Spanned<String>>,
    /// How many frames it has.
    #[schemars(range(min = value_ranges::SPRITE_FRAMES.low, max = value_ranges::SPRITE_FRAMES.high))]
    pub frames: Option<Spanned<u32>>,
    /// Its frames a second, in place of `frames`; the `frame_rate` of the output if left out, and 12
    /// without one.
    #[schemars(schema_with = "notation::rate_schema")]
    pub rate: Option<RawScalar>,
    /// Makes it a turntable: so many frames in which the model turns once around, held at the first
    /// moment of `clip`, or at rest.
    #[schemars(range(min = value_ranges::SPRITE_FRAMES.low, max = value_ranges::SPRITE_FRAMES.high))]
    pub turn: Option<Spanned<u32>>,
    /// Whether it repeats.
    #[schemars(extend("default" = true))]
    pub repeat: Option<Spanned<bool>>,
}
