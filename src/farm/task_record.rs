//! One task as it is written down: everything that one attempt needs, without the document and without the plan.

use super::task_map::{TaskId, TaskMap};
use crate::base::{Digest, FileId, FileSpan};
use crate::model::{
    Artefact, Claim, InputSlot, InputSource, Job, JobAction, JobId, JobInput, JobName, Phase,
    ProviderPrice,
};
use crate::plan::{ActionIdentity, JobControl, Plan, PlannedJob};
use crate::store::{FileSnapshot, RunHistory};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// Its number.
    pub task: TaskId,
    /// The job's name.
    pub name: JobName,
    /// The job's phase.
    pub phase: Phase,
    /// The job's shot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shot: Option<String>,
    /// The job's output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// What it does; what it must have made follows from it.
    pub work: JobAction,
    /// What it needs, in order.
    pub inputs: Vec<TaskInput>,
    /// Who it was planned for, with version.
    pub provider: String,
    /// What they ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<ProviderPrice>,
    /// Its identity before its inputs are known; the provider is part of it.
    pub identity: ActionIdentity,
    /// What it holds while it runs.
    pub claim: Claim,
    /// Where the document asked for it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
}

/// One input of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskInput {
    /// What the job calls it.
    pub slot: InputSlot,
    /// Where it comes from.
    pub from: TaskInputSource,
}

/// Where an input comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskInputSource {
    /// Whatever this task makes.
    Task(TaskId),
    /// Files that are in the store already.
    #[serde(rename = "made")]
    Stored(Vec<Artefact>),
    /// A file of the project.
    File {
        /// Relative to the production's folder.
        path: PathBuf,
        /// Its content when the run was planned.
        digest: Digest,
    },
}

/// What records are made from.
pub struct TaskRecordBuilder<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Which job is which task.
    pub tasks: &'a TaskMap,
    /// What earlier runs left.
    pub history: &'a RunHistory,
    /// The input files.
    pub snapshot: &'a FileSnapshot,
    /// Says where the document asked for something.
    pub describe_origin: &'a dyn Fn(FileSpan) -> String,
}

impl TaskRecordBuilder<'_> {
    /// Returns the record of a task; none when an input is neither made nor about to be, which no plan leaves.
    #[must_use]
    pub fn build_record(&self, task: TaskId) -> Option<TaskRecord> {
        let PlannedJob {
            job,
            identity,
            provider,
            ..
        } = self.plan.job(self.tasks.job_of_task(task));
        let task_input = |(slot, feed): (&InputSlot, &InputSource)| {
            Some(TaskInput {
                slot: slot.clone(),
                from: self.input_source(feed)?,
            })
        };
        let inputs = job
            .inputs
            .iter()
            .map(|job_input| task_input((&job_input.slot, &job_input.from)))
            .collect::<Option<_>>()?;
        Some(TaskRecord {
            task,
            name: job.name.clone(),
            phase: job.phase,
            shot: job.shot.clone(),
            output: job.output.clone(),
            work: job.work.clone(),
            inputs,
            provider: provider.to_string(),
            price: job.work.price().cloned(),
            identity: *identity,
            claim: job.claim.clone(),
            place: if job.origin.is_empty() {
                String::new()
            } else {
                (self.describe_origin)(job.origin)
            },
        })
    }

    fn input_source(&self, feed: &InputSource) -> Option<TaskInputSource> {
        match feed {
            InputSource::File(path) => Some(TaskInputSource::File {
                path: path.clone(),
                digest: self.snapshot.file_digest(path)?,
            }),
            InputSource::Job(need) => match self.tasks.task_of_job(*need) {
                Some(task) => Some(TaskInputSource::Task(task)),
                None => Some(TaskInputSource::Stored(self.stored_outputs(*need)?)),
            },
        }
    }

    fn stored_outputs(&self, job: JobId) -> Option<Vec<Artefact>> {
        let planned = self.plan.job(job);
        let identity = match planned.control {
            JobControl::Pin(pinned) => pinned,
            _ => planned.digest?,
        };
        Some(self.history.records.get(&identity)?.outputs.to_vec())
    }
}

impl TaskRecord {
    /// Returns the job as an attempt sees it: inputs are materials by then, only files of the project are still watched.
    #[must_use]
    pub fn to_job(&self) -> Job {
        let project_file = |input: &TaskInput| match &input.from {
            TaskInputSource::File { path, .. } => Some(JobInput {
                slot: input.slot.clone(),
                from: InputSource::File(path.clone()),
            }),
            _ => None,
        };
        Job {
            name: self.name.clone(),
            phase: self.phase,
            work: self.work.clone(),
            inputs: self.inputs.iter().filter_map(project_file).collect(),
            claim: self.claim.clone(),
            shot: self.shot.clone(),
            output: self.output.clone(),
            // The place itself stays with the document; that there is one makes the log say it.
            origin: FileSpan::new(FileId(0), 0, u32::from(!self.place.is_empty())),
        }
    }
}
