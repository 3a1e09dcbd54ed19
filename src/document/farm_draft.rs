//! A farm as its profile is written: a preset of the kind `farms`, read with the same carets as all others.

use super::field_types::{OneOrMany, OrderedMap, RawScalar};
use crate::base::Spanned;
use crate::base::duration::parse_duration;
use crate::model::farm_profile::SchedulerKind;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::time::Duration;

/// A farm: an engine, and what tasks ask it for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FarmDraft {
    /// What starts tasks on machines.
    pub engine: Option<Spanned<SchedulerKind>>,
    /// The partition or queue that tasks go to; the engine's own choice when left out.
    pub partition: Option<Spanned<String>>,
    /// The account that pays.
    pub account: Option<Spanned<String>>,
    /// Quality of service.
    pub qos: Option<Spanned<String>>,
    /// The generic resource that is one GPU, such as `gpu` or `gpu:l40`; tasks ask for none when left out.
    pub gpu: Option<Spanned<String>>,
    /// The farm's licence for each token that a machine profile lets jobs claim.
    pub licences: Option<OrderedMap<Spanned<String>>>,
    /// Most tasks of one array that run at a time.
    pub throttle: Option<PositiveCount>,
    /// Most tasks of one array; Slurm is asked for its own limit when left out.
    pub array_limit: Option<PositiveCount>,
    /// The time limit that the engine is told, such as `4h`; the partition's own when left out.
    pub time: Option<DurationValue>,
    /// Tasks that run at a time on the whole farm, for estimates.
    pub slots: Option<PositiveCount>,
    /// Time between two questions to the engine, such as `10s`.
    pub poll: Option<DurationValue>,
    /// How long a file that another machine wrote is waited for, such as `60s`.
    pub lag: Option<DurationValue>,
    /// Whether machines may differ in renderer and encoder; their files may then differ, too.
    pub mixed_hosts: Option<Spanned<bool>>,
    /// What the farm's machines have, as `production doctor --for-farm` says it on one of them; what this machine has when
    /// left out.
    pub nodes: Option<NodesDraft>,
    /// The path of this program on the farm's machines; the same as here when left out.
    pub program: Option<Spanned<String>>,
    /// Lines of shell that each machine runs before a task, such as `module load ffmpeg`.
    pub setup: Option<OneOrMany<Spanned<String>>>,
    /// Further options for the engine's submitting program, such as `--constraint=ib`.
    pub options: Option<OneOrMany<Spanned<String>>>,
    /// Where folders of this machine lie on the farm's machines.
    pub path_map: Option<OrderedMap<Spanned<String>>>,
    /// Folders of this machine that all machines of the farm see; a production or store elsewhere is not sent.
    pub shared_roots: Option<OneOrMany<Spanned<String>>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// What a farm's machines have to draw and encode with.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NodesDraft {
    /// The graphics adapter that `previz` draws on.
    pub adapter: Option<Spanned<String>>,
    /// The version of ffmpeg.
    pub ffmpeg: Option<Spanned<String>>,
    /// The version of Blender, and whether it has a denoiser.
    pub blender: Option<Spanned<String>>,
    /// The kind of graphics device that Cycles draws on; the processor when left out.
    pub cycles_device: Option<Spanned<String>>,
    /// The version of each renderer that is a command, by its provider's name.
    pub programs: Option<OrderedMap<Spanned<String>>>,
}

/// A whole number from 1; none when the value was refused already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PositiveCount(pub Option<u32>);

/// A span of time, such as `90s`; none when the value was refused already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DurationValue(pub Option<Duration>);

impl<'de> Deserialize<'de> for PositiveCount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
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
    let text = RawScalar::deserialize(deserializer)?;
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
