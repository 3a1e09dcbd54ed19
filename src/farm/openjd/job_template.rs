//! The job template in the form of its file: the part of the specification `jobtemplate-2023-09`
//! that this program writes.

use serde::Serialize;
use std::collections::BTreeMap;

/// A job template.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobTemplate {
    /// The version of the specification.
    pub specification_version: &'static str,
    /// The names of extensions that the template uses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<&'static str>,
    /// The job's name.
    pub name: String,
    /// A description for people.
    pub description: String,
    /// The parameters, which the person who submits the job may change.
    pub parameter_definitions: Vec<JobParameter>,
    /// The environments in which all steps run.
    pub job_environments: Vec<JobEnvironment>,
    /// The steps, each after its dependencies.
    pub steps: Vec<StepTemplate>,
}

/// A parameter of the job.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobParameter {
    /// The name, as in `{{Param.NAME}}`.
    pub name: &'static str,
    /// The type: `STRING` or `PATH`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// For a path: `FILE` or `DIRECTORY`. Unset for other types.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_type: Option<&'static str>,
    /// For a path: whether tasks read it, write it, or both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_flow: Option<&'static str>,
    /// A description for people.
    pub description: &'static str,
    /// The form field in programs that submit jobs.
    pub user_interface: UserInterface,
    /// The value if none is given at submission. A path has none: the specification wants a default
    /// path relative to the template.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
}

/// The form field of a parameter in programs that submit jobs.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserInterface {
    /// The kind of field, such as `LINE_EDIT`.
    pub control: &'static str,
    /// The label of the field. A hidden field has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<&'static str>,
    /// The label of the group in which the field is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_label: Option<&'static str>,
}

/// Environment variables of all steps.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JobEnvironment {
    /// Its name.
    pub name: &'static str,
    /// The values by name.
    pub variables: BTreeMap<&'static str, String>,
}

/// Tasks that make the same request and may run at the same time.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepTemplate {
    /// The name, unique in the template.
    pub name: String,
    /// A description for people.
    pub description: String,
    /// The steps that must succeed first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dependencies: Vec<StepDependency>,
    /// The tasks, as values of a parameter.
    pub parameter_space: StepParameterSpace,
    /// The requirements on a machine.
    pub host_requirements: HostRequirements,
    /// The command of each task.
    pub script: StepScript,
}

/// A dependency on another step.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepDependency {
    /// The name of the other step.
    pub depends_on: String,
}

/// The tasks of a step.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepParameterSpace {
    /// The parameters. There is one, the number of the task.
    pub task_parameter_definitions: Vec<TaskParameter>,
}

/// A parameter of a task.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskParameter {
    /// The name, as in `{{Task.Param.NAME}}`.
    pub name: &'static str,
    /// The type: `INT`, or `CHUNK[INT]` if several tasks may share one start of the program.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The values, such as `0-9,12`.
    pub range: String,
    /// The rule for chunks. Unset for single tasks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chunks: Option<TaskChunks>,
}

/// The rule by which a scheduler cuts tasks into chunks.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskChunks {
    /// The number of tasks in a chunk, for schedulers that do not measure.
    pub default_task_count: u32,
    /// The wanted duration of a chunk in seconds, for schedulers that measure.
    pub target_runtime_seconds: u32,
    /// `CONTIGUOUS` or `NONCONTIGUOUS`: whether a chunk may have gaps.
    pub range_constraint: &'static str,
}

/// The requirements on a machine.
#[derive(Debug, Clone, Serialize)]
pub struct HostRequirements {
    /// The amounts that must be available.
    pub amounts: Vec<AmountRequirement>,
}

/// An amount that must be available.
#[derive(Debug, Clone, Serialize)]
pub struct AmountRequirement {
    /// The name, such as `amount.worker.vcpu`.
    pub name: String,
    /// The smallest amount that is enough.
    pub min: u32,
}

/// The script of a step.
#[derive(Debug, Clone, Serialize)]
pub struct StepScript {
    /// The actions of the script.
    pub actions: StepActions,
}

/// The one action of a step.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepActions {
    /// The command for each task or chunk of tasks.
    pub on_run: StepAction,
}

/// A command with its limits.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepAction {
    /// The program, which may be a format string such as `{{Param.Program}}`.
    pub command: &'static str,
    /// The arguments.
    pub args: Vec<&'static str>,
    /// The time limit in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// The way in which it is stopped.
    pub cancelation: CancelationMethod,
}

/// The way in which an action is stopped. The field names have the specification's spelling.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CancelationMethod {
    /// `NOTIFY_THEN_TERMINATE`: first a request to stop, then the kill.
    pub mode: &'static str,
    /// The time between the two in seconds.
    pub notify_period_in_seconds: u64,
}
