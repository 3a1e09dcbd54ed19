//! A farm as its profile describes it: which engine, and what tasks ask it for. Plain data.

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

/// What a farm's machines have to draw and encode with, in the words of `production doctor --for-farm` on one of them. What
/// is left out is what the machine has that plans.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeCapabilities {
    /// The graphics adapter, with its kind and interface.
    pub adapter: Option<String>,
    /// The version of ffmpeg.
    pub ffmpeg: Option<String>,
    /// The version of Blender, and whether it has a denoiser.
    pub blender: Option<String>,
    /// The kind of graphics device that Cycles draws on; none is the processor.
    pub cycles_device: Option<String>,
    /// The version of each renderer that is a command, by its provider's name.
    pub programs: BTreeMap<String, String>,
}

/// What jobs ask the scheduler of a cluster for, besides what they claim. A scheduler without a word for one of these says
/// so before a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterRequest {
    /// The queue that tasks go to; the scheduler's own choice when left out.
    pub partition: Option<String>,
    /// The account that pays.
    pub account: Option<String>,
    /// Quality of service.
    pub qos: Option<String>,
    /// The generic resource that is one GPU, such as `gpu` or `gpu:l40`; tasks ask for no GPU when left out.
    pub gpu: Option<String>,
}

/// One farm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FarmProfile {
    /// The profile's name.
    pub name: String,
    /// What starts tasks.
    pub engine: SchedulerKind,
    /// What jobs ask the scheduler of a cluster for. The manifest of a run has these fields beside the others.
    #[serde(flatten)]
    pub cluster: ClusterRequest,
    /// The farm's licence for each token that jobs claim; other tokens cannot be asked for.
    pub licences: BTreeMap<String, String>,
    /// Tasks of one array that run at a time.
    pub throttle: Option<u32>,
    /// Most tasks of one array; the engine is asked when left out.
    pub array_limit: Option<u32>,
    /// The time limit that the engine is told.
    pub time: Option<Duration>,
    /// Tasks that run at a time on the whole farm, for estimates.
    pub slots: u32,
    /// Time between two questions to the engine.
    pub poll: Duration,
    /// How long a file that another machine wrote is waited for.
    pub lag: Duration,
    /// Whether machines may differ in renderer and encoder.
    pub mixed_hosts: bool,
    /// What the machines have to draw and encode with.
    #[serde(default)]
    pub nodes: NodeCapabilities,
    /// This program on the farm's machines; the same path as here when left out.
    pub program: Option<String>,
    /// Lines of shell that each machine runs before a task.
    pub setup: Vec<String>,
    /// Further options for the engine's submitting program.
    pub options: Vec<String>,
    /// Where folders of this machine lie on the farm's.
    pub path_map: Vec<(String, String)>,
    /// Folders of this machine that all machines of the farm see; empty when the profile does not say.
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
