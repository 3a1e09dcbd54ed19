//! A farm as its profile is written: a preset of the kind `farms`, read with the same carets as all
//! others.

use super::field_types::{OneOrMany, OrderedMap, RawScalar};
use crate::base::Spanned;
use crate::base::duration::parse_duration;
use crate::model::farm_profile::SchedulerKind;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::time::Duration;

/// A farm profile: a scheduler, and what tasks ask it for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FarmDraft {
    /// The scheduler that starts tasks on machines.
    pub engine: Option<Spanned<SchedulerKind>>,
    /// Partition or queue for the tasks; the scheduler's default if left out.
    pub partition: Option<Spanned<String>>,
    /// Account that the tasks are charged to.
    pub account: Option<Spanned<String>>,
    /// Quality of service of the tasks.
    pub qos: Option<Spanned<String>>,
    /// Generic resource of one GPU, such as `gpu` or `gpu:l40`; tasks ask for no GPU if left out.
    pub gpu: Option<Spanned<String>>,
    /// Licence of the farm for each token of the machine profile.
    pub licences: Option<OrderedMap<Spanned<String>>>,
    /// Most tasks of one array that run at a time.
    pub throttle: Option<PositiveCount>,
    /// Most tasks of one array; Slurm's own limit if left out.
    pub array_limit: Option<PositiveCount>,
    /// Time limit of a task, such as `4h`; the partition's if left out.
    pub time: Option<DurationValue>,
    /// Tasks that run at a time on the whole farm, for estimates.
    pub slots: Option<PositiveCount>,
    /// Interval between two questions to the scheduler, such as `10s`.
    pub poll: Option<DurationValue>,
    /// How long to wait until a file that another machine wrote appears, such as `60s`.
    pub lag: Option<DurationValue>,
    /// Whether machines may differ in renderer and encoder. Their files may then differ too.
    pub mixed_hosts: Option<Spanned<bool>>,
    /// What the farm's machines have; `production doctor --for-farm` on one of them prints it. What
    /// this machine has if left out.
    pub nodes: Option<NodesDraft>,
    /// Path of this program on the farm's machines; the same as here if left out.
    pub program: Option<Spanned<String>>,
    /// Shell lines to run before each task, such as `module load ffmpeg`.
    pub setup: Option<OneOrMany<Spanned<String>>>,
    /// Further options of the submitting program, such as `--constraint=ib`.
    pub options: Option<OneOrMany<Spanned<String>>>,
    /// Paths on the farm's machines for folders of this machine.
    pub path_map: Option<OrderedMap<Spanned<String>>>,
    /// Folders of this machine that all machines of the farm see. A production or store elsewhere
    /// is not submitted.
    pub shared_roots: Option<OneOrMany<Spanned<String>>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// What a farm's machines have to render and encode with.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NodesDraft {
    /// Graphics adapter that `previz` renders on.
    pub adapter: Option<Spanned<String>>,
    /// Version of ffmpeg.
    pub ffmpeg: Option<Spanned<String>>,
    /// Version of Blender, and whether it has a denoiser.
    pub blender: Option<Spanned<String>>,
    /// Kind of graphics device that Cycles renders on; the processor if left out.
    pub cycles_device: Option<Spanned<String>>,
    /// What music is played with: a SoundFont by its digest, or the built-in instruments.
    pub sound_font: Option<Spanned<String>>,
    /// Version of each command renderer, by the name of its provider.
    pub programs: Option<OrderedMap<Spanned<String>>>,
}

/// A whole number from 1. `None` if the value was refused already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PositiveCount(pub Option<u32>);

/// A duration, such as `90s`. `None` if the value was refused already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DurationValue(pub Option<Duration>);

impl<'de> Deserialize<'de> for PositiveCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Each refusal costs a decoding pass, which is fine for the few amounts of a profile.
        parse_scalar(deserializer, "a whole number from 1", |text| {
            text.parse().ok().filter(|count| *count > 0)
        })
        .map(Self)
    }
}

impl<'de> Deserialize<'de> for DurationValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parse_scalar(
            deserializer,
            "a span of time, such as `90s`, `30m` or `2h`",
            |text| parse_duration(text).ok(),
        )
        .map(Self)
    }
}

fn parse_scalar<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    wanted: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, D::Error> {
    // The scalar is read as text: `90s` and `90` have different YAML types.
    let text = RawScalar::deserialize(deserializer)?;
    // A placeholder was reported. Refusing it again would cost a pass and remove the entry.
    if text.is_placeholder {
        return Ok(None);
    }
    let value = parse(text.value.trim());
    value
        .map(Some)
        .ok_or_else(|| D::Error::custom(format!("`{}` is not {wanted}", text.value)))
}

impl JsonSchema for PositiveCount {
    fn schema_name() -> Cow<'static, str> {
        "count".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": u32::MAX })
    }

    fn inline_schema() -> bool {
        true
    }
}

impl JsonSchema for DurationValue {
    fn schema_name() -> Cow<'static, str> {
        "lapse".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "[0-9]", "examples": ["90s", "30m", "2h"] })
    }

    fn inline_schema() -> bool {
        true
    }
}
