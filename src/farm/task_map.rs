//! The tasks of a plan: the jobs that a run must make, in an order in which tasks of one kind stand side by side.
//!
//! An array of an engine is a range of numbers whose tasks ask for the same, so tasks are numbered by how many others must
//! come before them, then by kind and claim, then as the document has them. Frame numbers are never task numbers: they
//! have gaps, and shots begin at 1001 where engines end.

use crate::model::{Claim, InputSource, Job, JobId, Phase};
use crate::plan::{Plan, PlannedJob};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Number of a task in its manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskId(pub u32);

impl TaskId {
    /// Returns the number as a `usize`.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Tasks side by side that do the same kind of work and ask for the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskGroup {
    /// The kind of work.
    pub producer: String,
    /// Their phase.
    pub phase: Phase,
    /// The first of them.
    pub first: TaskId,
    /// How many there are.
    pub count: u32,
    /// What each holds while it runs.
    pub claim: Claim,
}

impl TaskGroup {
    /// Returns whether the task is one of them.
    #[must_use]
    pub const fn contains(&self, task: TaskId) -> bool {
        task.0 >= self.first.0 && task.0 - self.first.0 < self.count
    }
}

/// Which job is which task.
#[derive(Debug, Clone)]
pub struct TaskMap {
    jobs: Vec<JobId>,
    task_ids: Vec<Option<TaskId>>,
    groups: Vec<TaskGroup>,
}

impl TaskMap {
    /// Returns the tasks of every job that a run of `plan` is expected to make.
    #[must_use]
    pub fn from_plan(plan: &Plan) -> Self {
        let is_task = |planned: &PlannedJob| planned.wanted && planned.reason.is_dirty();
        let levels = dependency_levels(plan, is_task);
        let mut jobs: Vec<JobId> = plan
            .jobs()
            .filter(|(_, planned)| is_task(planned))
            .map(|(id, _)| id)
            .collect();
        let key = |id: &JobId| {
            let job = &plan.job(*id).job;
            (levels[id.index()], job.work.kind(), &job.claim, *id)
        };
        jobs.sort_unstable_by(|left, right| key(left).cmp(&key(right)));
        let mut task_ids = vec![None; plan.len()];
        for (index, job) in jobs.iter().enumerate() {
            task_ids[job.index()] = Some(task_id_at(index));
        }
        let groups = build_groups(plan, &jobs, &levels);
        Self {
            jobs,
            task_ids,
            groups,
        }
    }

    /// Returns how many tasks there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Returns whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Returns the job of each task, in the order of tasks.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (TaskId, JobId)> + '_ {
        self.jobs
            .iter()
            .enumerate()
            .map(|(index, job)| (task_id_at(index), *job))
    }

    /// Returns the task of a job; none when the job is not to be made.
    #[must_use]
    pub fn task_of_job(&self, job: JobId) -> Option<TaskId> {
        self.task_ids[job.index()]
    }

    /// Returns the job of a task.
    #[must_use]
    pub fn job_of_task(&self, task: TaskId) -> JobId {
        self.jobs[task.index()]
    }

    /// Returns the ranges of tasks of one kind and claim, in order; together they are all tasks.
    #[must_use]
    pub fn groups(&self) -> &[TaskGroup] {
        &self.groups
    }

    /// Returns the tasks that `task` needs, as often as it needs something of them.
    pub fn task_dependencies<'a>(
        &'a self,
        plan: &'a Plan,
        task: TaskId,
    ) -> impl Iterator<Item = TaskId> + 'a {
        needed_jobs(&plan.job(self.job_of_task(task)).job).filter_map(|need| self.task_of_job(need))
    }
}

fn task_id_at(index: usize) -> TaskId {
    TaskId(u32::try_from(index).unwrap_or(u32::MAX))
}

/// Returns the jobs that a job needs something of, as often as it does: a plan of a million jobs is walked without a list for
/// each.
fn needed_jobs(job: &Job) -> impl Iterator<Item = JobId> + '_ {
    job.inputs.iter().filter_map(|input| match input.from {
        InputSource::Job(need) => Some(need),
        InputSource::File(_) => None,
    })
}

/// Returns how many tasks stand before each job on the longest way to it.
fn dependency_levels(plan: &Plan, is_task: impl Fn(&PlannedJob) -> bool) -> Vec<u32> {
    let mut levels = vec![0; plan.len()];
    for (id, planned) in plan.in_order().filter(|(_, planned)| is_task(planned)) {
        let above = needed_jobs(&planned.job).filter(|need| is_task(plan.job(*need)));
        levels[id.index()] = above
            .map(|need| levels[need.index()] + 1)
            .max()
            .unwrap_or(0);
    }
    levels
}

fn build_groups(plan: &Plan, jobs: &[JobId], levels: &[u32]) -> Vec<TaskGroup> {
    let mut groups: Vec<(u32, TaskGroup)> = Vec::new();
    for (index, id) in jobs.iter().enumerate() {
        let (job, level) = (&plan.job(*id).job, levels[id.index()]);
        let same =
            |claim: &Claim, producer: &str| *claim == job.claim && producer == job.work.kind().id();
        match groups.last_mut() {
            Some((last, group)) if *last == level && same(&group.claim, &group.producer) => {
                group.count += 1;
            }
            _ => groups.push((
                level,
                TaskGroup {
                    producer: job.work.kind().id().to_owned(),
                    phase: job.phase,
                    first: task_id_at(index),
                    count: 1,
                    claim: job.claim.clone(),
                },
            )),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
