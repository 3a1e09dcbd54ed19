//! Outputs as written, with their retro treatment and palettes.

use crate::base::Spanned;
use crate::document::captions_draft::OutputCaptionsDraft;
use crate::document::field_types::{OneOrMany, RawScalar, ScalarOrList};
use crate::document::notation;
use crate::document::sound_draft::{OutputSoundDraft, RetroSoundDraft};
use crate::document::sprite_draft::{SpritesDraft, TilesDraft};
use crate::document::text_or::TextOr;
use crate::document::titles_draft::{BurnInDraft, WatermarkDraft};
use crate::model::HdrTransfer;
use crate::model::codec::{Codec, FilmContainer};
use crate::model::retro_treatment::{DitherMethod, FitMode};
use crate::model::titles::GuideKind;
use crate::model::value_ranges;
use schemars::JsonSchema;
use serde::Deserialize;

/// One deliverable. Output presets have the same fields.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutputDraft {
    /// Name of the output; the format if left out.
    pub name: Option<Spanned<String>>,
    /// Name for people, if it differs from `name`; of a map, the `name` inside an entry.
    pub display_name: Option<Spanned<String>>,
    /// An output preset by name, such as `cinema_4k`, a text deliverable such as `cut_list`, or
    /// `sprite_sheet` or `tile_map`.
    #[schemars(extend("x-preset" = "outputs"))]
    pub format: Option<Spanned<String>>,
    /// Path of the deliverable, relative to the production's folder: a file, or a folder for
    /// picture sequences. A film in a path that ends with `/` has the name of the output.
    #[schemars(extend("examples" = ["deliverables/film.mp4"]))]
    pub path: Option<Spanned<String>>,
    /// The output of which a text deliverable such as a cut list is the timeline; the first film if
    /// left out.
    pub of: Option<Spanned<String>>,
    /// Whether files at the path that no run put there may be replaced.
    #[schemars(extend("default" = false))]
    pub replace: Option<Spanned<bool>>,
    /// Codec of the deliverable.
    #[schemars(extend("default" = Codec::default()))]
    pub codec: Option<Spanned<Codec>>,
    /// Size: `1920x1080`.
    #[schemars(schema_with = "notation::size_schema")]
    pub resolution: Option<ScalarOrList>,
    /// Frames a second: `24`, `23.976`, `30000/1001`.
    #[schemars(schema_with = "notation::rate_schema")]
    pub frame_rate: Option<RawScalar>,
    /// The shots that it shows, in the order of the production: names, patterns such as `sh01*`,
    /// ranges such as `sh010..sh040`, and scenes such as `scenes_2_5`. All if left out.
    #[schemars(extend("examples" = ["sh010", ["sh010..sh040", "scene_7"]]))]
    pub shots: Option<Spanned<OneOrMany<RawScalar>>>,
    /// Whether every shot is a file of its own; so it is if `path` contains `${shot}`.
    #[schemars(extend("default" = false))]
    pub per_shot: Option<Spanned<bool>>,
    /// Constant rate factor, 1 (largest and best) to 51 for `h264` and `h265`, to 63 for `av1` and
    /// `vp9`.
    #[schemars(range(min = 1, max = 63))]
    pub crf: Option<Spanned<u32>>,
    /// Bits a second of `h264` and `h265`, such as `8M` or `800k`.
    #[schemars(extend("examples" = ["8M", "800k"]))]
    pub bit_rate: Option<RawScalar>,
    /// Variant of the codec, such as `high422` or `proxy`.
    #[schemars(extend("examples" = ["main10", "high422", "proxy"]))]
    pub profile: Option<RawScalar>,
    /// Pixel format as ffmpeg names it, such as `yuv422p10le`.
    #[schemars(extend("examples" = ["yuv420p10le", "yuv422p10le"]))]
    pub pixel_format: Option<Spanned<String>>,
    /// The kind of file: that of the extension of `path`, or the usual one of the codec.
    pub container: Option<Spanned<FilmContainer>>,
    /// Sizes of the films of a stream beside `resolution`; smaller ones if left out.
    #[schemars(extend("examples" = [["1280x720", "640x360"]]))]
    pub renditions: Option<OneOrMany<RawScalar>>,
    /// High dynamic range: how light brighter than a usual screen is encoded.
    pub hdr: Option<Spanned<HdrTransfer>>,
    /// Its sound: a codec, `on`, `off`, `wav`, or its fields.
    pub sound: Option<TextOr<OutputSoundDraft>>,
    /// Short for `stems` of `sound`: whether dialogue, music and effects are delivered as WAV files
    /// beside it.
    #[schemars(extend("default" = false))]
    pub stems: Option<Spanned<bool>>,
    /// Its captions: `track`, `off`, or their fields.
    #[schemars(extend("examples" = ["track", { "track": ["en", "de"] }]))]
    pub captions: Option<TextOr<OutputCaptionsDraft>>,
    /// The language of a text deliverable with captions; that of the script if left out.
    #[schemars(extend("examples" = ["en", "de"]))]
    pub language: Option<Spanned<String>>,
    /// The version of the format of a timeline: `0.14` of `otio` for older readers, `1.8` to `1.10`
    /// of `fcpxml`.
    #[schemars(extend("examples" = ["0.14", "1.10"]))]
    pub version: Option<RawScalar>,
    /// What a timeline refers to: an output with one file a shot, by name, or `film`. The first such
    /// output if left out, else the film.
    #[schemars(extend("examples" = ["shots", "film"]))]
    pub media: Option<Spanned<String>>,
    /// How a picture with another aspect ratio is fitted.
    #[schemars(extend("default" = FitMode::default()))]
    pub fit: Option<Spanned<FitMode>>,
    /// Whether it shows the titles and credits of the production.
    #[schemars(extend("default" = true))]
    pub titles: Option<Spanned<bool>>,
    /// Facts on every frame: `shot`, `frame`, `timecode`, `title`, `output`, `revision`, `date`.
    #[schemars(extend("examples" = [["shot", "timecode", "frame"]]))]
    pub burn_in: Option<OneOrMany<TextOr<BurnInDraft>>>,
    /// A text on every frame.
    #[schemars(extend("examples" = ["NOT FOR RELEASE"]))]
    pub watermark: Option<TextOr<WatermarkDraft>>,
    /// Lines on every frame that show what every screen shows.
    #[schemars(extend("examples" = [["action", "title"]]))]
    pub guides: Option<OneOrMany<Spanned<GuideKind>>>,
    /// Length of a slate before the film: frames, or seconds as `2s`.
    #[schemars(extend("examples" = ["2s"]))]
    pub slate: Option<RawScalar>,
    /// A retro treatment.
    pub retro: Option<RetroDraft>,
    /// What a sprite sheet shows: an output whose `format` is `sprite_sheet`.
    pub sprites: Option<SpritesDraft>,
    /// What a tile map consists of: an output whose `format` is `tile_map`.
    pub tiles: Option<TilesDraft>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// A retro treatment. Console presets have the same fields.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RetroDraft {
    /// A console preset by name, such as `snes`.
    #[schemars(extend("x-preset" = "consoles"))]
    pub preset: Option<Spanned<String>>,
    /// Whether the treatment applies.
    #[schemars(extend("default" = true))]
    pub enabled: Option<Spanned<bool>>,
    /// A palette preset by name, such as `snes` or `gameboy`.
    #[schemars(extend("x-preset" = "palettes"))]
    pub palette: Option<Spanned<String>>,
    /// Dither: how patterns of available colours imitate missing ones.
    #[schemars(extend("default" = DitherMethod::default()))]
    pub dither: Option<Spanned<DitherMethod>>,
    /// Strength of the dither, 0 to 1.
    #[schemars(range(min = value_ranges::SHARE.lowest(), max = value_ranges::SHARE.highest()), extend("default" = 1))]
    pub strength: Option<Spanned<f32>>,
    /// Size of the small picture: `256x224`.
    #[schemars(schema_with = "notation::size_schema")]
    pub target_resolution: Option<ScalarOrList>,
    /// Largest number of colours, 2 to 256.
    #[schemars(range(min = value_ranges::COLOURS.low, max = value_ranges::COLOURS.high))]
    pub colors: Option<Spanned<u32>>,
    /// The sound of the console, for a mix that is delivered beside the output.
    pub sound: Option<RetroSoundDraft>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// A palette preset: fixed colours, or a lattice to choose them from.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PaletteDraft {
    /// Bits per channel of the lattice that colours are chosen from, 1 to 8.
    #[schemars(range(min = value_ranges::BITS.low, max = value_ranges::BITS.high))]
    pub bits: Option<Spanned<u32>>,
    /// Largest number of colours on screen, 2 to 256.
    #[schemars(range(min = value_ranges::COLOURS.low, max = value_ranges::COLOURS.high))]
    pub colors: Option<Spanned<u32>>,
    /// Fixed colours as `rrggbb`, or as web colour names such as `olive`.
    #[schemars(extend("examples" = [["9bbc0f", "olive"]]))]
    pub fixed: Option<Vec<Spanned<String>>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}
