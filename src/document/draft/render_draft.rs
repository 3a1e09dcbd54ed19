//! How frames are rendered, as written: settings, quality tiers, and renderers that are commands.

use crate::base::Spanned;
use crate::document::field_types::{OneOrMany, OrderedMap, RawScalar, ScalarOrList};
use crate::document::notation;
use crate::model::price::PriceUnit;
use crate::model::provider::CallFrequency;
use crate::model::{Engine, RenderPass, defaults, value_ranges};
use schemars::JsonSchema;
use serde::Deserialize;

/// How frames are rendered.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RenderDraft {
    /// Renderer: `previz` (built in), `cycles`, `eevee` or `workbench` (Blender), or a command
    /// provider by name.
    #[schemars(extend("default" = defaults::ENGINE), extend("examples" = Engine::NAMES))]
    pub engine: Option<Spanned<String>>,
    /// Samples per pixel; the quality tier's if left out.
    #[schemars(range(min = value_ranges::SAMPLES.low, max = value_ranges::SAMPLES.high))]
    pub samples: Option<Spanned<u32>>,
    /// Size of rendered frames: `1920x1080`; derived from the outputs and the tier if left out.
    #[schemars(schema_with = "notation::size_schema")]
    pub resolution: Option<ScalarOrList>,
    /// Frames a second of the whole production; the first film output's if left out.
    #[schemars(schema_with = "notation::rate_schema")]
    pub frame_rate: Option<RawScalar>,
    /// The tier: `draft`, `preview`, `production` or `archive`.
    #[schemars(extend("x-preset" = "quality"), extend("default" = defaults::TIER))]
    pub quality_tier: Option<Spanned<String>>,
    /// A sensor preset by name, or a width in millimetres.
    #[schemars(schema_with = "notation::sensor_schema")]
    pub sensor: Option<RawScalar>,
    /// Whether Cycles removes noise, if its Blender has a denoiser.
    #[schemars(extend("default" = true))]
    pub denoise: Option<Spanned<bool>>,
    /// Frames in one render job.
    #[schemars(range(min = value_ranges::CHUNK.low, max = value_ranges::CHUNK.high), extend("default" = defaults::CHUNK))]
    pub chunk_size: Option<Spanned<u32>>,
    /// Further pictures of every frame, such as depth.
    #[schemars(extend("examples" = [["depth", "normal"]]))]
    pub passes: Option<OneOrMany<Spanned<RenderPass>>>,
    /// Folder that passes are delivered to, relative to the production's folder, with a folder for
    /// each shot.
    #[schemars(extend("default" = defaults::PASSES_PATH))]
    pub passes_path: Option<Spanned<String>>,
}

/// A quality tier preset.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct QualityDraft {
    /// Rendered size as a fraction of the largest output's, 0.05 to 1.
    #[schemars(range(min = value_ranges::SCALE.lowest(), max = value_ranges::SCALE.highest()))]
    pub scale: Option<Spanned<f32>>,
    /// Samples per pixel.
    #[schemars(range(min = value_ranges::SAMPLES.low, max = value_ranges::SAMPLES.high))]
    pub samples: Option<Spanned<u32>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// A renderer that is a command. In the words of the command, in `set` and in `writes`, names in
/// braces are replaced by values: `{frame}`, `{output}`, `{input.set}`; see `docs/renderers.md`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProviderDraft {
    /// The program and its arguments, one word each; not read by a shell.
    #[schemars(extend("examples" = [["povray", "+I{file.scene}", "+O{output}", "+W{width}", "+H{height}"]]))]
    pub command: Option<Vec<Spanned<String>>>,
    /// Whether to join the words and run them with `/bin/sh`.
    #[schemars(extend("default" = false))]
    pub shell: Option<Spanned<bool>>,
    /// Whether to call it once for a job or once for each frame.
    pub per: Option<Spanned<CallFrequency>>,
    /// Name of the pictures, with a token for the frame: `####`, `@@@@`, `%04d` or `$F4`.
    #[schemars(extend("examples" = ["frame.####.exr"]))]
    pub output: Option<Spanned<String>>,
    /// Files of the project that it reads, by the name in `{file.NAME}`.
    pub files: Option<OrderedMap<Spanned<String>>>,
    /// Small files to write before each call, by name; their text may contain placeholders.
    pub writes: Option<OrderedMap<Spanned<String>>>,
    /// Command that prints its version: the first line with a digit, or the line of `version_line`.
    pub version: Option<Vec<Spanned<String>>>,
    /// Regular expression of the line with the version; the first group, if there is one, is the
    /// version.
    pub version_line: Option<Spanned<String>>,
    /// Environment variables that it may see, besides `PATH`, `HOME`, `TMPDIR`, `LANG` and similar
    /// ones. Another value renders again.
    pub env: Option<Vec<Spanned<String>>>,
    /// Environment variables that it may see and on which no picture depends, such as that of a
    /// licence server. Another value renders nothing again.
    #[schemars(extend("examples" = [["foundry_LICENSE"]]))]
    pub env_ignored: Option<Vec<Spanned<String>>>,
    /// Environment variables to set for it.
    pub set: Option<OrderedMap<Spanned<String>>>,
    /// Exit codes and signals that mean success, such as `3` and `SIGSEGV`; 0 if left out. Pictures
    /// are checked in any case.
    #[schemars(extend("examples" = [[0, "SIGSEGV"]]))]
    pub success: Option<Vec<RawScalar>>,
    /// Regular expression of progress lines; the group `percent` is the finished part of the call.
    pub progress: Option<Spanned<String>>,
    /// Regular expressions of warning lines.
    pub warnings: Option<Vec<Spanned<String>>>,
    /// Regular expressions of lines that say why it failed, by class. Such a line fails the job,
    /// also if the exit code is 0.
    pub failures: Option<FailuresDraft>,
    /// Whether the exit code alone decides. Lines of `failures` are then warnings if it means
    /// success.
    #[schemars(extend("default" = false))]
    pub trust_exit_code: Option<Spanned<bool>>,
    /// Whether it also draws the reference sheets of characters and the plates of locations.
    #[schemars(extend("default" = false))]
    pub references: Option<Spanned<bool>>,
    /// Cores that each call claims.
    pub cores: Option<Spanned<f32>>,
    /// Tokens that each call claims, such as licences. The machine profile says how many there are.
    pub tokens: Option<OrderedMap<Spanned<f32>>>,
    /// Price of its work. Estimates, reports and metrics then show the cost of a run.
    #[schemars(extend("examples" = [{"amount": 0.04, "currency": "EUR", "per": "frame"}]))]
    pub price: Option<PriceDraft>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// Price of a provider's work.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PriceDraft {
    /// Amount per unit.
    #[schemars(range(min = value_ranges::PRICE.low, max = value_ranges::PRICE.high))]
    pub amount: Option<Spanned<f32>>,
    /// Currency, three capital letters of ISO 4217.
    #[schemars(extend("examples" = ["EUR"], "pattern" = "^[A-Z]{3}$"))]
    pub currency: Option<Spanned<String>>,
    /// Unit: a picture, or an hour that a job runs.
    #[schemars(extend("default" = "frame"))]
    pub per: Option<Spanned<PriceUnit>>,
}

/// Regular expressions of lines that say why a command failed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FailuresDraft {
    /// Every licence is taken: the job waits and spends no attempt.
    pub licence: Option<Vec<Spanned<String>>>,
    /// Out of memory: the job is retried with more.
    pub out_of_memory: Option<Vec<Spanned<String>>>,
    /// An input is missing: the job is not retried.
    pub missing_input: Option<Vec<Spanned<String>>>,
    /// A plug-in or device is missing: the job is not retried.
    pub missing_tool: Option<Vec<Spanned<String>>>,
    /// The program crashed: the job is retried.
    pub crash: Option<Vec<Spanned<String>>>,
}
