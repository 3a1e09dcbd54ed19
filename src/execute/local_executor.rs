//! The floor that works: named threads that each do one job at a time, the machine's clock, the store.
//!
//! Completions arrive on an unbounded channel, so no worker ever waits for the dispatcher; the channel is that of `std`,
//! which sleeps at once, where others first spin on the core that a child process could use. Progress lies with the attempt:
//! a worker overwrites what it said last, and the dispatcher looks now and then, so neither holds up the other and the last
//! word always arrives.

use super::ExecuteError;
use super::attempt::JobAttempt;
use super::executor::{ExecutorEvent, JobCompletion, JobExecutor};
use super::executor_config::ExecutorConfig;
use super::job_state::JobStateTable;
use super::memory_meter::{MemoryMeter, WorkerSlot};
use super::work_queue::{QueuedJob, WorkQueue};
use super::worker::WorkerContext;
use crate::base::{CancelToken, Digest};
use crate::event::{Event, EventSink};
use crate::model::{Artefact, InputFile, InputFiles, InputSource, JobId, JobInput};
use crate::plan::Plan;
use crate::store::Journal;
use crate::store::checkpoint::save_checkpoint;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::Scope;
use std::time::Duration;

/// How often progress, and a request to stop, are looked for.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// How long a job may take after which a worker begins another without being told.
const SHORT_JOB_SECONDS: f64 = 0.02;

/// What a worker sends: a job that came back, and the job that it has begun since.
type WorkerMessage = (JobCompletion, Option<(JobId, Arc<JobAttempt>)>);

/// Worker threads, and where what they make and say is kept.
pub(super) struct LocalExecutor<'a, 'b> {
    plan: &'a Plan,
    context: &'a WorkerContext<'a>,
    journal: &'a mut Journal,
    sinks: &'a mut [&'b mut dyn EventSink],
    queue: Arc<WorkQueue>,
    completions: Receiver<WorkerMessage>,
    running: BTreeMap<JobId, Arc<JobAttempt>>,
    /// What was heard and not passed on yet.
    events: VecDeque<ExecutorEvent>,
    /// When progress was last looked for.
    last_progress_scan: Duration,
    meter: Option<MemoryMeter>,
}

impl<'a, 'b> LocalExecutor<'a, 'b> {
    /// Starts `parallel` workers; they end when the shop is dropped.
    pub(super) fn start_workers<'scope, 'env>(
        scope: &'scope Scope<'scope, 'env>,
        plan: &'env Plan,
        context: &'env WorkerContext<'env>,
        config: &ExecutorConfig,
        journal: &'a mut Journal,
        sinks: &'a mut [&'b mut dyn EventSink],
    ) -> Result<Self, ExecuteError>
    where
        'env: 'a,
    {
        let queue = Arc::new(WorkQueue::default());
        let (sender, completions) = channel();
        let slots: Arc<[WorkerSlot]> = (0..config.parallel.max(1))
            .map(|_| WorkerSlot::default())
            .collect();
        for number in 0..slots.len() {
            let (queue, sender) = (Arc::clone(&queue), sender.clone());
            let (slots, proc) = (Arc::clone(&slots), config.proc_dir.clone());
            let worker = std::thread::Builder::new().name(format!("worker-{number}"));
            let spawned = worker.spawn_scoped(scope, move || {
                let slot = &slots[number];
                proc.iter().for_each(|proc| slot.attach_thread(proc));
                worker_loop(plan, context, slot, &queue, &sender);
            });
            spawned.map_err(ExecuteError::SpawnWorker)?;
        }
        let meter = config
            .proc_dir
            .as_ref()
            .map(|proc| MemoryMeter::new(proc, slots));
        let (running, events, last_progress_scan) =
            (BTreeMap::new(), VecDeque::new(), Duration::ZERO);
        Ok(Self {
            plan,
            context,
            journal,
            sinks,
            queue,
            completions,
            running,
            events,
            last_progress_scan,
            meter,
        })
    }

    /// Takes note of a job that came back, after the last that it said, and of the one begun in its place.
    fn record_completion(&mut self, (completion, next): WorkerMessage) {
        if let Some(attempt) = self.running.remove(&completion.id) {
            self.events.extend(progress_event(completion.id, &attempt));
        }
        let memory = self
            .meter
            .as_mut()
            .and_then(|meter| meter.finish_job(completion.id));
        let completion = JobCompletion {
            peak_memory: memory,
            ..completion
        };
        let Some((next, attempt)) = next else {
            return self.events.push_back(ExecutorEvent::Completed(completion));
        };
        self.record_started(next, Arc::clone(&attempt));
        self.events.push_back(ExecutorEvent::CompletedAndStarted(
            completion, next, attempt,
        ));
    }

    fn record_started(&mut self, id: JobId, attempt: Arc<JobAttempt>) {
        if let Some(meter) = &mut self.meter {
            meter.start_job(id);
        }
        self.running.insert(id, attempt);
    }

    fn queued_job(&self, id: JobId, attempt: Arc<JobAttempt>, states: &JobStateTable) -> QueuedJob {
        let input_files = self.input_files(&self.plan.job(id).job.inputs, states);
        QueuedJob {
            id,
            claim: states.current_claim(self.plan, id).clone(),
            input_files,
            attempt,
        }
    }

    fn input_files(&self, inputs: &[JobInput], states: &JobStateTable) -> InputFiles {
        let mut input_files = InputFiles::default();
        for input in inputs {
            let files = match &input.from {
                InputSource::File(path) => {
                    vec![InputFile::in_project(self.context.project_root, path)]
                }
                InputSource::Job(need) => self.blob_inputs(*need, states),
            };
            input_files
                .files
                .entry(input.slot.clone())
                .or_default()
                .extend(files);
        }
        input_files
    }

    fn blob_inputs(&self, need: JobId, states: &JobStateTable) -> Vec<InputFile> {
        let outputs = states
            .job_outputs(need)
            .map(AsRef::as_ref)
            .unwrap_or_default();
        outputs
            .iter()
            .filter(|artefact| artefact.is_handed_on())
            .map(|artefact| {
                InputFile::made_as(artefact, self.context.blobs.blob_path(&artefact.digest))
            })
            .collect()
    }
}

impl Drop for LocalExecutor<'_, '_> {
    fn drop(&mut self) {
        self.queue.close();
    }
}

fn progress_event(id: JobId, attempt: &JobAttempt) -> Option<ExecutorEvent> {
    attempt
        .take_progress()
        .map(|(done, total)| ExecutorEvent::Progress(id, done, total))
}

/// A worker thread: takes orders until there are no more.
fn worker_loop(
    plan: &Plan,
    context: &WorkerContext<'_>,
    slot: &WorkerSlot,
    queue: &WorkQueue,
    sender: &Sender<WorkerMessage>,
) {
    let mut next = None;
    while let Some(queued_job) = next.take().or_else(|| queue.wait_for_job()) {
        let QueuedJob {
            id,
            claim,
            input_files,
            attempt,
        } = queued_job;
        let job = &plan.job(id).job;
        attempt.mark_started(context.clock.elapsed());
        let progress = |units: usize, total: usize| {
            attempt.record_progress(context.clock.elapsed(), units, total);
        };
        slot.start_job(id);
        let attempt_result = context.attempt_job(id, job, &input_files, &attempt, &progress);
        slot.finish_job();
        let may_go_on = attempt_result.result.is_ok()
            && attempt_result.seconds < SHORT_JOB_SECONDS
            && !context.cancel.is_draining();
        next = may_go_on.then(|| queue.take_prefetched(&claim)).flatten();
        let completion = JobCompletion {
            id,
            attempt_result,
            peak_memory: None,
        };
        let started = next
            .as_ref()
            .map(|queued_job| (queued_job.id, Arc::clone(&queued_job.attempt)));
        if sender.send((completion, started)).is_err() {
            return;
        }
    }
}

impl JobExecutor for LocalExecutor<'_, '_> {
    fn elapsed(&self) -> Duration {
        self.context.clock.elapsed()
    }

    fn cancel(&self) -> &CancelToken {
        self.context.cancel
    }

    fn submit(&mut self, id: JobId, attempt: Arc<JobAttempt>, states: &JobStateTable) {
        let queued_job = self.queued_job(id, Arc::clone(&attempt), states);
        self.record_started(id, attempt);
        self.queue.submit_job(queued_job);
    }

    fn supports_prefetch(&self) -> bool {
        true
    }

    fn prefetch(&mut self, id: JobId, attempt: Arc<JobAttempt>, states: &JobStateTable) {
        self.queue
            .prefetch_job(self.queued_job(id, attempt, states));
    }

    fn reclaim_prefetched(&mut self) -> Vec<JobId> {
        self.queue.take_all_prefetched()
    }

    fn next_event(&mut self) -> Option<ExecutorEvent> {
        if self.events.is_empty() {
            let completion = self.completions.recv_timeout(POLL_INTERVAL);
            let now = self.context.clock.elapsed();
            if let Some(meter) = &mut self.meter {
                meter.sample_if_due(now);
            }
            if let Ok(completion) = completion {
                self.record_completion(completion);
            }
            if now >= self.last_progress_scan + POLL_INTERVAL {
                self.last_progress_scan = now;
                self.events.extend(
                    self.running
                        .iter()
                        .filter_map(|(id, attempt)| progress_event(*id, attempt)),
                );
            }
        }
        self.events.pop_front()
    }

    fn file_digest(&self, path: &Path) -> Option<Digest> {
        self.context.snapshot.file_digest(path)
    }

    fn has_outputs(&self, _: JobId, outputs: &[Artefact]) -> bool {
        outputs
            .iter()
            .all(|output| self.context.blobs.is_intact(output))
    }

    /// Journals the event, then shows it.
    fn record_event(&mut self, event: impl FnOnce() -> Event) -> Result<(), ExecuteError> {
        Ok(self.journal.append_and_show(&event(), self.sinks)?)
    }

    fn save_checkpoint(&mut self, shots: &BTreeSet<String>) -> Result<(), ExecuteError> {
        Ok(save_checkpoint(self.context.layout, shots)?)
    }
}
