//! The record of one task in the manifest: everything that an attempt needs without the document
//! and without the plan. The manifest reads and writes records.

use super::task_map::{TaskId, TaskMap};
use crate::base::{Digest, FileId, FileSpan};
use crate::model::{
    Artefact, Claim, InputSlot, InputSource, Job, JobAction, JobId, JobInput, JobLimits, JobName,
    Phase, ProviderPrice,
};
use crate::plan::{ActionIdentity, JobControl, Plan, PlannedJob};
use crate::store::{FileSnapshot, RunHistory};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;

/// The record of one task, a line of the manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// The number of the task.
    pub task: TaskId,
    /// The job's name.
    pub name: JobName,
    /// The job's phase.
    pub phase: Phase,
    /// The shot of the job; `None` if the job is for no single shot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shot: Option<String>,
    /// The output of the job; `None` if the job is for no single output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The action. The expected outputs follow from it.
    pub work: JobAction,
    /// The inputs, in the order of the job's inputs.
    pub inputs: Vec<TaskInput>,
    /// The provider that the plan expects, with its version.
    pub provider: String,
    /// The provider's price, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<ProviderPrice>,
    /// The identity without the inputs. The provider is a part of it.
    pub identity: ActionIdentity,
    /// The resources that the task claims while it runs.
    pub claim: Claim,
    /// What the document sets for the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Arc<JobLimits>>,
    /// The place in the document, such as `film.yaml:12`; empty if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
}

/// One input of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskInput {
    /// The slot of the job.
    pub slot: InputSlot,
    /// The source of the files.
    pub from: TaskInputSource,
}

/// Where an input comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskInputSource {
    /// The outputs of another task of the same run.
    Task(TaskId),
    /// Artefacts that are in the store already.
    #[serde(rename = "made")]
    Stored(Vec<Artefact>),
    /// An input file of the project, which each machine has or sees.
    File {
        /// The path, relative to the production's folder.
        path: PathBuf,
        /// The digest of its content when the run was planned.
        digest: Digest,
    },
}

/// Builds the records of all tasks of a plan.
pub struct TaskRecordBuilder<'a> {
    /// The plan of the run.
    pub plan: &'a Plan,
    /// The tasks of the plan.
    pub tasks: &'a TaskMap,
    /// The history, which has the outputs of reused jobs.
    pub history: &'a RunHistory,
    /// The digests of the project's input files.
    pub snapshot: &'a FileSnapshot,
    /// Returns a place in the document as text.
    pub describe_origin: &'a dyn Fn(FileSpan) -> String,
}

impl TaskRecordBuilder<'_> {
    /// Returns the record of a task. `None` if an input is neither in the store nor made by a task;
    /// a correct plan has no such input.
    #[must_use]
    pub fn build_record(&self, task: TaskId) -> Option<TaskRecord> {
        let PlannedJob {
            job,
            identity,
            provider,
            ..
        } = self.plan.job(self.tasks.job_of_task(task));
        let inputs = job
            .inputs
            .iter()
            .map(|input| {
                Some(TaskInput {
                    slot: input.slot.clone(),
                    from: self.input_source(&input.from)?,
                })
            })
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
            limits: job.limits.clone(),
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
                // The machine of the farm compares this digest with its own copy: a file that was
                // changed since would make other outputs under the planned identity.
                digest: self.snapshot.file_digest(path)?,
            }),
            // The outputs of a reused job are written into the record. A machine of the farm would
            // otherwise have to replay the journals to find them.
            InputSource::Job(need) => match self.tasks.task_of_job(*need) {
                Some(task) => Some(TaskInputSource::Task(task)),
                None => Some(TaskInputSource::Stored(self.stored_outputs(*need)?)),
            },
        }
    }

    fn stored_outputs(&self, job: JobId) -> Option<Vec<Artefact>> {
        let planned = self.plan.job(job);
        let identity = match planned.control {
            // A pinned job keeps the artefact of an older identity, which the plan's digest would
            // not find in the history.
            JobControl::Pin(pinned) => pinned,
            _ => planned.digest?,
        };
        Some(self.history.records.get(&identity)?.outputs.to_vec())
    }
}

impl TaskRecord {
    /// Returns the job as an attempt sees it. Of its inputs only the project's files are left,
    /// because the others are resolved to files of the store before.
    #[must_use]
    pub fn to_job(&self) -> Job {
        Job {
            name: self.name.clone(),
            phase: self.phase,
            work: self.work.clone(),
            inputs: self
                .inputs
                .iter()
                .filter_map(|input| match &input.from {
                    TaskInputSource::File { path, .. } => Some(JobInput {
                        slot: input.slot.clone(),
                        from: InputSource::File(path.clone()),
                    }),
                    // Files of other jobs are resolved apart: only those of the project can change
                    // during the attempt.
                    _ => None,
                })
                .collect(),
            claim: self.claim.clone(),
            limits: self.limits.clone(),
            shot: self.shot.clone(),
            output: self.output.clone(),
            source_size: None,
            // The machine of the farm has no document, so a real span would mean nothing there. A
            // span that is not empty makes the log print the recorded place.
            origin: FileSpan::new(FileId(0), 0, u32::from(!self.place.is_empty())),
        }
    }
}
