//! The executor that works: threads that each do one job at a time, the machine's clock, the store.
//!
//! Completions arrive on an unbounded channel, so no worker ever waits for the dispatcher. The
//! channel is that of `std`, which sleeps at once; others first spin, on the core that a child
//! process could use. Progress is stored in the attempt: a worker overwrites its last report, and
//! the dispatcher looks at intervals. So neither delays the other, and the newest report always
//! arrives.

use super::ExecuteError;
use super::attempt::JobAttempt;
use super::cpu_meter::CpuMeter;
use super::executor::{ExecutorEvent, JobCompletion, JobExecutor};
use super::executor_config::ExecutorConfig;
use super::job_state::JobStateTable;
use super::memory_meter::{MemoryMeter, WorkerSlot};
use super::run_control::RunControl;
use super::work_queue::{QueuedJob, WorkQueue};
use super::worker::WorkerContext;
use crate::base::{CancelToken, Digest};
use crate::event::{Event, EventSink};
use crate::model::{Artefact, InputFile, InputFiles, InputSource, JobId, JobInput};
use crate::plan::Plan;
use crate::store::Journal;
use crate::store::checkpoint::save_checkpoint;
use crate::store::distrust::distrust_users;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::Scope;
use std::time::Duration;

/// Time between two looks for progress, and for a request to stop.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// After a job shorter than this, a worker may start a prefetched one by itself.
// Waking the dispatcher and then a worker takes longer than a small process lives. Beside a longer
// job it is nothing, and what became ready meanwhile may be more urgent.
const SHORT_JOB_SECONDS: f64 = 0.02;

/// What a worker sends: a job that ended, and the prefetched job that it has started.
type WorkerMessage = (JobCompletion, Option<(JobId, Arc<JobAttempt>)>);

/// Worker threads, and the journal and sinks for their events.
pub(super) struct LocalExecutor<'a, 'b> {
    plan: &'a Plan,
    context: &'a WorkerContext<'a>,
    journal: &'a mut Journal,
    sinks: &'a mut [&'b mut dyn EventSink],
    queue: Arc<WorkQueue>,
    completions: Receiver<WorkerMessage>,
    running: BTreeMap<JobId, Arc<JobAttempt>>,
    /// Events that were not passed to the dispatcher yet.
    events: VecDeque<ExecutorEvent>,
    /// When progress was last collected.
    last_progress_scan: Duration,
    meter: Option<MemoryMeter>,
    cpu_meter: Option<CpuMeter>,
}

impl<'a, 'b> LocalExecutor<'a, 'b> {
    /// Starts `parallel` workers. They end when the executor is dropped.
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
            let queue = Arc::clone(&queue);
            let sender = sender.clone();
            let slots = Arc::clone(&slots);
            let proc = config.proc_dir.clone();
            // Named, so that a debugger and a profiler show which thread works on what.
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
        let cpu_meter = config.proc_dir.as_deref().map(CpuMeter::new);
        let running = BTreeMap::new();
        let events = VecDeque::new();
        let last_progress_scan = Duration::ZERO;
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
            cpu_meter,
        })
    }

    /// Queues the end of a job after its last progress, and the start of the prefetched one.
    fn record_completion(&mut self, (completion, next): WorkerMessage) {
        // Progress that came after the last look would be lost with the attempt, and a display
        // would stop short of the end.
        if let Some(attempt) = self.running.remove(&completion.id) {
            self.events.extend(progress_event(completion.id, &attempt));
        }
        let memory = self
            .meter
            .as_mut()
            .and_then(|meter| meter.finish_job(completion.id));
        let seconds = completion.attempt_result.seconds;
        let cpu_seconds = self
            .cpu_meter
            .as_mut()
            .and_then(|meter| meter.finish_job(completion.id, seconds));
        let completion = JobCompletion {
            peak_memory: memory,
            cpu_seconds,
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
        if let Some(meter) = &mut self.cpu_meter {
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
            // Passes of a render are not frames. The grade and the encoder that read this job's
            // frames must not find a depth map among them.
            .filter(|artefact| artefact.is_handed_on())
            .map(|artefact| {
                InputFile::made_as(artefact, self.context.blobs.blob_path(&artefact.digest))
            })
            .collect()
    }
}

// The scope joins all workers. Without this, a run that ends with an error would wait for them for
// ever.
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

/// A worker thread: does jobs until the queue is closed.
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
        // The clocks begin here and not in the dispatcher: a prefetched job may have been queued
        // for as long as the job before it ran.
        attempt.mark_started(context.clock.elapsed());
        let progress = |units: usize, total: usize| {
            attempt.record_progress(context.clock.elapsed(), units, total);
            // Work within the program has no process that could be stopped. It stands still here,
            // between two units. With a process, this may be the very thread that has to stop it.
            let control = context.control.filter(|_| !attempt.has_children());
            if let Some(control) = control {
                control.pause().wait_while_frozen(&attempt.cancel);
            }
        };
        slot.start_job(id);
        let attempt_result = context.attempt_job(id, job, &input_files, &attempt, &progress);
        slot.finish_job();
        // Not after a failure: the dispatcher may have to stop the run, or to give the resources to
        // a retry.
        let may_go_on = attempt_result.result.is_ok()
            && attempt_result.seconds < SHORT_JOB_SECONDS
            && !context.cancel.is_draining();
        next = may_go_on.then(|| queue.take_prefetched(&claim)).flatten();
        let completion = JobCompletion {
            id,
            attempt_result,
            peak_memory: None,
            cpu_seconds: None,
        };
        let started = next
            .as_ref()
            .map(|queued_job| (queued_job.id, Arc::clone(&queued_job.attempt)));
        // One message for both: the dispatcher must not see the worker idle in between and give it
        // a third job.
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

    fn control(&self) -> Option<&RunControl> {
        self.context.control
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
        // Queued events first. Collecting more before they are applied would delay the start of the
        // next jobs.
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
                if let Some(meter) = &mut self.cpu_meter {
                    meter.sample();
                }
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

    fn distrust_users(&mut self, damaged: &[Digest]) -> Result<(), ExecuteError> {
        let damaged = damaged.iter().copied().collect();
        distrust_users(self.context.layout, &damaged)?;
        Ok(())
    }

    fn is_distrusted(&self, identity: &Digest) -> bool {
        let path = self.context.layout.distrusted_path(identity);
        self.context.layout.disk().symlink_metadata(&path).is_ok()
    }

    /// Journals the event, then passes it to the sinks.
    // In this order, so that nothing is shown that a later run would not know.
    fn record_event(&mut self, event: impl FnOnce() -> Event) -> Result<(), ExecuteError> {
        Ok(self.journal.append_and_show(&event(), self.sinks)?)
    }

    fn save_checkpoint(&mut self, shots: &BTreeSet<String>) -> Result<(), ExecuteError> {
        Ok(save_checkpoint(self.context.layout, shots)?)
    }
}
