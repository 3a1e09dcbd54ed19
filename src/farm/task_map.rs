//! The tasks of a plan: the jobs that a run must make, in an order in which tasks of one kind are
//! neighbours.
//!
//! An array of a scheduler is a range of numbers whose tasks make the same request. Tasks are
//! therefore numbered by the length of the longest chain of tasks before them, then by kind and
//! claim, then in the order of the document. Frame numbers are never task numbers: they have gaps,
//! and shots begin at 1001, which is where arrays of some schedulers end.

use crate::model::{Claim, InputSource, Job, JobId, Phase};
use crate::plan::{Plan, PlannedJob};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The number of a task in its manifest, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskId(pub u32);

impl TaskId {
    /// Returns the number as an index of a slice.
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

/// Neighbouring tasks of the same kind and claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskGroup {
    /// The kind of their action, such as `render.shot`.
    pub producer: String,
    /// Their phase.
    pub phase: Phase,
    /// The first of them.
    pub first: TaskId,
    /// The number of tasks.
    pub count: u32,
    /// The claim of each task.
    pub claim: Claim,
}

impl TaskGroup {
    /// Returns whether the task is in the group.
    #[must_use]
    pub const fn contains(&self, task: TaskId) -> bool {
        task.0 >= self.first.0 && task.0 - self.first.0 < self.count
    }
}

/// The two-way mapping between the jobs of a plan and its tasks.
#[derive(Debug, Clone)]
pub struct TaskMap {
    jobs: Vec<JobId>,
    task_ids: Vec<Option<TaskId>>,
    groups: Vec<TaskGroup>,
}

impl TaskMap {
    /// Returns the tasks of every wanted job of `plan` that must run.
    #[must_use]
    pub fn from_plan(plan: &Plan) -> Self {
        // Only what must be made: a reused job has its outputs in the store, and needs no machine.
        let is_task = |planned: &PlannedJob| planned.wanted && planned.reason.is_dirty();
        // Tasks of one level never depend on each other. A range within one level can therefore be
        // one array, and each array depends only on earlier ones.
        let levels = dependency_levels(plan, is_task);
        let mut jobs: Vec<JobId> = plan
            .jobs()
            .filter(|(_, planned)| is_task(planned))
            .map(|(id, _)| id)
            .collect();
        let key = |id: &JobId| {
            let job = &plan.job(*id).job;
            // The claim comes before the document's order: an array has one request for all its
            // elements, so tasks with another claim would split it. The job's id makes the order
            // total, which an unstable sort needs to number tasks the same way in every process.
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

    /// Returns the number of tasks.
    #[must_use]
    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Returns whether no job must run.
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

    /// Returns the task of a job. `None` if the job need not run.
    #[must_use]
    pub fn task_of_job(&self, job: JobId) -> Option<TaskId> {
        self.task_ids[job.index()]
    }

    /// Returns the job of a task. Panics if the plan has no such task.
    #[must_use]
    pub fn job_of_task(&self, task: TaskId) -> JobId {
        self.jobs[task.index()]
    }

    /// Returns the groups in the order of tasks. Together they cover every task once.
    #[must_use]
    pub fn groups(&self) -> &[TaskGroup] {
        &self.groups
    }

    /// Returns the tasks on which `task` depends, one for each input, so possibly with repetitions.
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

/// Returns the jobs on which a job depends, one for each input. It is an iterator, because a plan
/// of a million jobs must not allocate a list for each.
fn needed_jobs(job: &Job) -> impl Iterator<Item = JobId> + '_ {
    job.inputs.iter().filter_map(|input| match input.from {
        InputSource::Job(need) => Some(need),
        InputSource::File(_) => None,
    })
}

/// Returns the length of the longest chain of tasks before each job.
fn dependency_levels(plan: &Plan, is_task: impl Fn(&PlannedJob) -> bool) -> Vec<u32> {
    let mut levels = vec![0; plan.len()];
    for (id, planned) in plan.in_order().filter(|(_, planned)| is_task(planned)) {
        // Reused jobs do not count: their outputs are in the store, so nothing waits for them.
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
        let job = &plan.job(*id).job;
        let level = levels[id.index()];
        let same =
            |claim: &Claim, producer: &str| *claim == job.claim && producer == job.work.kind().id();
        // The level is compared too. Two levels may meet with the same kind and claim, and merged
        // into one array, an element would wait for an element of its own array.
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
