//! A farm as its profile describes it. Plain data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// What starts tasks on machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Engine")]
pub enum SchedulerKind {
    /// Slurm, by its command-line programs.
    Slurm,
    /// Open Job Description, by its local runner.
    #[serde(alias = "open_job_description")]
    #[schemars(extend("x-also" = ["open_job_description"]))]
    Openjd,
}

/// The renderers and encoders of a farm's machines, as `production doctor --for-farm` prints them
/// there. What is `None` is taken from the machine that plans.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeCapabilities {
    /// The graphics adapter, with its kind and interface.
    // Providers are part of the identity of jobs. A bare machine can plan for a farm only if the
    // profile names what the farm has.
    pub adapter: Option<String>,
    /// The version of ffmpeg.
    pub ffmpeg: Option<String>,
    /// The version of Blender, and whether it has a denoiser.
    pub blender: Option<String>,
    /// The kind of graphics device that Cycles renders on. `None`: the processor.
    pub cycles_device: Option<String>,
    /// The instruments of music: the digest of the SoundFont, or the version of the built-in ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sound_font: Option<String>,
    /// The version of each command renderer, by the name of its provider.
    pub programs: BTreeMap<String, String>,
}

/// Requests to the scheduler of a cluster, besides claims. A scheduler that has no word for one of
/// these reports it before the run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterRequest {
    /// The queue of tasks. `None`: the scheduler's default.
    pub partition: Option<String>,
    /// The account that is charged.
    pub account: Option<String>,
    /// Quality of service.
    pub qos: Option<String>,
    /// The generic resource that is one GPU, such as `gpu` or `gpu:l40`. `None`: tasks request no
    /// GPU.
    pub gpu: Option<String>,
}

/// One farm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FarmProfile {
    /// Name of the profile.
    pub name: String,
    /// The scheduler.
    // Profiles and manifests call it `engine`.
    #[serde(rename = "engine")]
    pub scheduler: SchedulerKind,
    /// Requests to the scheduler of a cluster.
    // Manifests have these fields beside the others, from before they were a struct.
    #[serde(flatten)]
    pub cluster: ClusterRequest,
    /// The farm's licence for each token that jobs claim. Other tokens cannot be requested.
    pub licences: BTreeMap<String, String>,
    /// The most tasks of one array that run at a time. `None`: no limit.
    pub throttle: Option<u32>,
    /// The most tasks of one array. `None`: the scheduler's own limit.
    pub array_limit: Option<u32>,
    /// The time limit of a task. `None`: the scheduler's default.
    pub time: Option<Duration>,
    /// Tasks that run at a time on the whole farm, for estimates only.
    pub slots: u32,
    /// Time between two queries of the queue.
    pub poll: Duration,
    /// How long to wait for a file that another machine has written.
    // A shared file system shows new files late. Without the wait, a finished task would count as
    // lost.
    pub lag: Duration,
    /// Whether machines may have another renderer or encoder than planned.
    pub mixed_hosts: bool,
    /// The renderers and encoders of the machines.
    #[serde(default)]
    pub nodes: NodeCapabilities,
    /// Path of this program on the farm's machines. `None`: the path on this one.
    pub program: Option<String>,
    /// Lines of shell that run before each task.
    pub setup: Vec<String>,
    /// Further options for the scheduler's submit command.
    pub options: Vec<String>,
    /// Folders of this machine and their paths on the farm's machines.
    pub path_map: Vec<(String, String)>,
    /// Folders of this machine that all machines of the farm share. Empty: the profile does not
    /// list them.
    #[serde(default)]
    pub shared_roots: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_in_a_manifest_has_the_request_beside_the_other_fields() {
        let text = r#"{"name":"night","engine":"slurm","partition":"render","account":null,"qos":null,"gpu":"gpu:l40","licences":{},"throttle":null,"array_limit":null,"time":{"secs":60,"nanos":0},"slots":4,"poll":{"secs":10,"nanos":0},"lag":{"secs":60,"nanos":0},"mixed_hosts":false,"nodes":{"adapter":null,"ffmpeg":null,"blender":null,"cycles_device":null,"programs":{}},"program":null,"setup":[],"options":[],"path_map":[["/a","/b"]],"shared_roots":[]}"#;
        let profile: FarmProfile = serde_json::from_str(text).unwrap();
        assert_eq!(profile.cluster.partition.as_deref(), Some("render"));
        assert_eq!(serde_json::to_string(&profile).unwrap(), text);
    }
}
