//! A job template as it is written: the part of the specification `jobtemplate-2023-09` that we
//! use.

use serde::Serialize;
use std::collections::BTreeMap;

/// A job template.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobTemplate {
    /// The specification.
    pub specification_version: &'static str,
    /// What it uses beyond the specification's core.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<&'static str>,
    /// The job's name.
    pub name: String,
    /// For people.
    pub description: String,
    /// What whoever submits it may change.
    pub parameter_definitions: Vec<JobParameter>,
    /// What all steps run in.
    pub job_environments: Vec<JobEnvironment>,
    /// The steps, each after those that it needs.
    pub steps: Vec<StepTemplate>,
}

/// A parameter of the job.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobParameter {
    /// Its name.
    pub name: &'static str,
    /// `STRING` or `PATH`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// For a path: `FILE` or `DIRECTORY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_type: Option<&'static str>,
    /// For a path: who reads and writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_flow: Option<&'static str>,
    /// For people.
    pub description: &'static str,
    /// How programs ask for it that submit jobs.
    pub user_interface: UserInterface,
    /// Its value, unless whoever submits it gives one. A path has none: the specification wants one
    /// relative to the template then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// How programs that submit jobs ask for a parameter.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserInterface {
    /// By what kind of field.
    pub control: &'static str,
    /// What stands beside the field; a hidden one has nothing beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<&'static str>,
    /// Fields of one group stand together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_label: Option<&'static str>,
}

/// Variables that all steps see.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobEnvironment {
    /// Its name.
    pub name: &'static str,
    /// Name and value.
    pub variables: BTreeMap<&'static str, String>,
}

/// Tasks that ask for the same and may run side by side.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepTemplate {
    /// Its name; unique.
    pub name: String,
    /// For people.
    pub description: String,
    /// Steps that must be done before.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<StepDependency>,
    /// Its tasks.
    pub parameter_space: StepParameterSpace,
    /// What a machine must have.
    pub host_requirements: HostRequirements,
    /// What is run.
    pub script: StepScript,
}

/// A step that must be done before.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepDependency {
    /// Its name.
    pub depends_on: String,
}

/// The tasks of a step.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepParameterSpace {
    /// One parameter: the number of the task.
    pub task_parameter_definitions: Vec<TaskParameter>,
}

/// A parameter of a task.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskParameter {
    /// Its name.
    pub name: &'static str,
    /// `INT`, or `CHUNK[INT]` where several tasks may share a start of the program.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Its values.
    pub range: String,
    /// How chunks are cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chunks: Option<TaskChunks>,
}

/// How chunks are cut.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskChunks {
    /// Tasks of one chunk, unless the scheduler knows better.
    pub default_task_count: u32,
    /// Seconds that a chunk should take, for schedulers that measure.
    pub target_runtime_seconds: u32,
    /// Which tasks may share a chunk.
    pub range_constraint: &'static str,
}

/// What a machine must have.
#[derive(Debug, Clone, Serialize)]
pub struct HostRequirements {
    /// Amounts.
    pub amounts: Vec<AmountRequirement>,
}

/// An amount that a machine must have.
#[derive(Debug, Clone, Serialize)]
pub struct AmountRequirement {
    /// Its name.
    pub name: String,
    /// At least so much.
    pub min: u32,
}

/// What is run.
#[derive(Debug, Clone, Serialize)]
pub struct StepScript {
    /// Its actions.
    pub actions: StepActions,
}

/// The one action of a step.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepActions {
    /// For each task, or chunk of tasks.
    pub on_run: StepAction,
}

/// A command.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepAction {
    /// The program.
    pub command: &'static str,
    /// Its words.
    pub args: Vec<&'static str>,
    /// Seconds after which it is stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// How it is stopped.
    pub cancelation: CancelationMethod,
}

/// How an action is stopped.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CancelationMethod {
    /// First asked, then killed.
    pub mode: &'static str,
    /// Seconds between the two.
    pub notify_period_in_seconds: u64,
}
