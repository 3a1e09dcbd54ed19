//! The floor that works: named threads that each do one job at a time, the machine's clock, the store.
//!
//! Completions arrive on an unbounded channel, so no worker ever waits for the dispatcher; the channel is that of `std`,
//! which sleeps at once, where others first spin on the core that a child process could use. Progress lies with the attempt:
//! a worker overwrites what it said last, and the dispatcher looks now and then, so neither holds up the other and the last
//! word always arrives.

use super::ExecuteError;
use super::attempt::Attempt;
use super::dispatch::Settings;
use super::floor::{Floor, Return, Word};
use super::meter::{Desk, Meter};
use super::orders::{Order, Orders};
use super::state::States;
use super::work::Workshop;
use crate::base::{CancelToken, Digest};
use crate::event::{Event, EventSink};
use crate::model::{Artefact, InputFile, InputFiles, InputSource, JobId, JobInput};
use crate::plan::Plan;
use crate::store::Journal;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::Scope;
use std::time::Duration;

/// How often progress, and a request to stop, are looked for.
const GLANCE: Duration = Duration::from_millis(50);

/// How long a job may take after which a worker begins another without being told.
const SHORT: f64 = 0.02;

/// What a worker sends: a job that came back, and the job that it has begun since.
type Sent = (Return, Option<(JobId, Arc<Attempt>)>);

/// Worker threads, and where what they make and say is kept.
pub(super) struct Shop<'a, 'b> {
    plan: &'a Plan,
    workshop: &'a Workshop<'a>,
    journal: &'a mut Journal,
    sinks: &'a mut [&'b mut dyn EventSink],
    orders: Arc<Orders>,
    returns: Receiver<Sent>,
    running: BTreeMap<JobId, Arc<Attempt>>,
    /// What was heard and not passed on yet.
    heard: VecDeque<Word>,
    /// When progress was last looked for.
    looked: Duration,
    meter: Option<Meter>,
}

impl<'a, 'b> Shop<'a, 'b> {
    /// Starts `parallel` workers; they end when the shop is dropped.
    pub(super) fn open<'scope, 'env>(
        scope: &'scope Scope<'scope, 'env>,
        plan: &'env Plan,
        workshop: &'env Workshop<'env>,
        settings: &Settings,
        journal: &'a mut Journal,
        sinks: &'a mut [&'b mut dyn EventSink],
    ) -> Result<Self, ExecuteError>
    where
        'env: 'a,
    {
        let orders = Arc::new(Orders::default());
        let (done, returns) = channel();
        let desks: Arc<[Desk]> = (0..settings.parallel.max(1))
            .map(|_| Desk::default())
            .collect();
        for number in 0..desks.len() {
            let (orders, done) = (Arc::clone(&orders), done.clone());
            let (desks, proc) = (Arc::clone(&desks), settings.processes.clone());
            let worker = std::thread::Builder::new().name(format!("worker-{number}"));
            let spawned = worker.spawn_scoped(scope, move || {
                let desk = &desks[number];
                proc.iter().for_each(|proc| desk.sit(proc));
                labour(plan, workshop, desk, &orders, &done);
            });
            spawned.map_err(ExecuteError::Thread)?;
        }
        let meter = settings
            .processes
            .as_ref()
            .map(|proc| Meter::new(proc, desks));
        let (running, heard, looked) = (BTreeMap::new(), VecDeque::new(), Duration::ZERO);
        Ok(Self {
            plan,
            workshop,
            journal,
            sinks,
            orders,
            returns,
            running,
            heard,
            looked,
            meter,
        })
    }

    /// Takes note of a job that came back, after the last that it said, and of the one begun in its place.
    fn note_back(&mut self, (back, next): Sent) {
        if let Some(attempt) = self.running.remove(&back.id) {
            self.heard.extend(progress(back.id, &attempt));
        }
        let memory = self.meter.as_mut().and_then(|meter| meter.end(back.id));
        let back = Return { memory, ..back };
        let Some((next, attempt)) = next else {
            return self.heard.push_back(Word::Back(back));
        };
        self.note_begun(next, Arc::clone(&attempt));
        self.heard.push_back(Word::Passed(back, next, attempt));
    }

    fn note_begun(&mut self, id: JobId, attempt: Arc<Attempt>) {
        if let Some(meter) = &mut self.meter {
            meter.begin(id);
        }
        self.running.insert(id, attempt);
    }

    fn order(&self, id: JobId, attempt: Arc<Attempt>, states: &States) -> Order {
        let materials = self.materials(&self.plan.job(id).job.inputs, states);
        Order {
            id,
            claim: states.claim(self.plan, id).clone(),
            materials,
            attempt,
        }
    }

    fn materials(&self, inputs: &[JobInput], states: &States) -> InputFiles {
        let mut materials = InputFiles::default();
        for input in inputs {
            let files = match &input.from {
                InputSource::File(path) => vec![self.file_material(path)],
                InputSource::Job(need) => self.blob_materials(*need, states),
            };
            materials
                .files
                .entry(input.slot.clone())
                .or_default()
                .extend(files);
        }
        materials
    }

    fn file_material(&self, path: &Path) -> InputFile {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        InputFile {
            name,
            path: self.workshop.root.join(path),
        }
    }

    fn blob_materials(&self, need: JobId, states: &States) -> Vec<InputFile> {
        let outputs = states.outputs(need).map(AsRef::as_ref).unwrap_or_default();
        let material = |artefact: &Artefact| InputFile {
            name: artefact.name.clone(),
            path: self.workshop.blobs.blob_path(&artefact.digest),
        };
        outputs
            .iter()
            .filter(|artefact| artefact.is_handed_on())
            .map(material)
            .collect()
    }
}

impl Drop for Shop<'_, '_> {
    fn drop(&mut self) {
        self.orders.close();
    }
}

fn progress(id: JobId, attempt: &Attempt) -> Option<Word> {
    attempt
        .take_progress()
        .map(|(done, of)| Word::Progress(id, done, of))
}

/// A worker thread: takes orders until there are no more.
fn labour(plan: &Plan, shop: &Workshop<'_>, desk: &Desk, orders: &Orders, done: &Sender<Sent>) {
    let mut next = None;
    while let Some(order) = next.take().or_else(|| orders.take()) {
        let Order {
            id,
            claim,
            materials,
            attempt,
        } = order;
        let job = &plan.job(id).job;
        attempt.begin(shop.clock.elapsed());
        let progress = |units: usize, of: usize| {
            attempt.progress(shop.clock.elapsed(), units, of);
        };
        desk.begin(id);
        let attempted = shop.attempt(id, job, &materials, &attempt, &progress);
        desk.end();
        let may_go_on =
            attempted.result.is_ok() && attempted.seconds < SHORT && !shop.cancel.is_draining();
        next = may_go_on.then(|| orders.take_left(&claim)).flatten();
        let back = Return {
            id,
            attempted,
            memory: None,
        };
        let begun = next
            .as_ref()
            .map(|order| (order.id, Arc::clone(&order.attempt)));
        if done.send((back, begun)).is_err() {
            return;
        }
    }
}

impl Floor for Shop<'_, '_> {
    fn elapsed(&self) -> Duration {
        self.workshop.clock.elapsed()
    }

    fn cancel(&self) -> &CancelToken {
        self.workshop.cancel
    }

    fn hand_over(&mut self, id: JobId, attempt: Arc<Attempt>, states: &States) {
        let order = self.order(id, Arc::clone(&attempt), states);
        self.note_begun(id, attempt);
        self.orders.give(order);
    }

    fn takes_ahead(&self) -> bool {
        true
    }

    fn leave(&mut self, id: JobId, attempt: Arc<Attempt>, states: &States) {
        self.orders.leave(self.order(id, attempt, states));
    }

    fn retrieve(&mut self) -> Vec<JobId> {
        self.orders.retrieve()
    }

    fn hear(&mut self) -> Option<Word> {
        if self.heard.is_empty() {
            let back = self.returns.recv_timeout(GLANCE);
            let now = self.workshop.clock.elapsed();
            if let Some(meter) = &mut self.meter {
                meter.look(now);
            }
            if let Ok(back) = back {
                self.note_back(back);
            }
            if now >= self.looked + GLANCE {
                self.looked = now;
                self.heard.extend(
                    self.running
                        .iter()
                        .filter_map(|(id, attempt)| progress(*id, attempt)),
                );
            }
        }
        self.heard.pop_front()
    }

    fn file(&self, path: &Path) -> Option<Digest> {
        self.workshop.snapshot.file_digest(path)
    }

    fn holds(&self, _: JobId, outputs: &[Artefact]) -> bool {
        outputs
            .iter()
            .all(|output| self.workshop.blobs.is_intact(output))
    }

    /// Journals the event, then shows it.
    fn note(&mut self, event: impl FnOnce() -> Event) -> Result<(), ExecuteError> {
        let event = event();
        self.journal.append(&event)?;
        for sink in self.sinks.iter_mut() {
            sink.record_event(&event);
        }
        Ok(())
    }

    fn save_checkpoint(&mut self, shots: &BTreeSet<String>) -> Result<(), ExecuteError> {
        let json = serde_json::json!({ "completed_shots": shots, "shots": shots.len() });
        let bytes = serde_json::to_vec_pretty(&json).unwrap_or_default();
        Ok(self
            .workshop
            .layout
            .replace_file(&self.workshop.layout.checkpoint_path(), &bytes)?)
    }
}
