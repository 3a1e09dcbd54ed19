//! The local runner of Open Job Description as a scheduler: `openjd run`, one array after the
//! other.
//!
//! A session ends with the first task that fails. The rest of the array is dropped then, and
//! submitted again.

use super::template_builder::{TaskBatch, TemplateBuilder, is_amount};
use crate::base::CancelToken;
use crate::base::find_program;
use crate::base::json::to_pretty_json;
use crate::farm::manifest_header::TaskManifestHeader;
use crate::farm::queue_snapshot::{QueueSnapshot, TaskRange, array_task_ranges};
use crate::farm::run_folder::FarmRunFolder;
use crate::farm::scheduler::{Scheduler, SubmitOutcome};
use crate::farm::scheduler_spec::{SchedulerSetup, SchedulerSpec};
use crate::farm::submission_log::SubmissionLog;
use crate::farm::task_array::TaskArray;
use crate::farm::task_manifest::FarmError;
use crate::farm::task_map::TaskGroup;
use crate::farm::task_state::TaskState;
use crate::model::farm_profile::FarmProfile;
use crate::process::{CallError, CallOptions, ChildCommand, ProcessReaper};
use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// The local runner, for one farm run.
pub struct OpenJdScheduler<'a> {
    farm: &'a FarmProfile,
    header: &'a TaskManifestHeader,
    folder: &'a FarmRunFolder,
    program: PathBuf,
    store: PathBuf,
    runner: Option<PathBuf>,
    states: Arc<Mutex<HashMap<u32, ArrayState>>>,
    /// Closed by dropping it, which ends the worker's loop.
    array_queue: Option<Sender<QueuedArray>>,
    worker: Option<JoinHandle<()>>,
    /// The worker's inputs until it is started.
    worker_inputs: Option<(Receiver<QueuedArray>, Option<ProcessReaper>)>,
    /// Ends the runner when this value is dropped, so that no session outlives the process.
    cancel: CancelToken,
}

/// An array that waits for the runner.
struct QueuedArray {
    number: u32,
    after: Vec<u32>,
    template: PathBuf,
}

/// The state of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ArrayState {
    Queued,
    Running,
    /// Every task has succeeded.
    Done,
    /// A task failed, so the tasks after it did not start; or an array on which this one depends
    /// failed.
    Failed,
}

impl<'a> OpenJdScheduler<'a> {
    /// The facts about the local runner.
    pub const SPEC: SchedulerSpec = SchedulerSpec {
        name: "openjd",
        survives_client: false,
        // The local runner runs its tasks on this machine.
        needs_shared_disk: false,
        // A template that was tried here may be submitted to a farm with Windows.
        may_run_windows: true,
        default_array_limit: u32::MAX,
        release_command: None,
    };

    /// Returns the scheduler of one farm run.
    #[must_use]
    pub fn new(setup: SchedulerSetup<'a>) -> Self {
        let header = &setup.manifest.header;
        let token = &header.token;
        let reaper = setup
            .reaper_program
            .map(|program| ProcessReaper::new(program, token.clone()));
        let (array_queue, receiver) = channel();
        Self {
            farm: &header.farm,
            header,
            folder: &setup.manifest.folder,
            program: setup.program,
            store: setup.store,
            // A missing runner is no error here: a preview needs only the templates.
            runner: find_program("openjd", &setup.search_path),
            states: Arc::default(),
            array_queue: Some(array_queue),
            worker: None,
            worker_inputs: Some((receiver, reaper)),
            cancel: CancelToken::default(),
        }
    }

    fn template_builder(&self) -> TemplateBuilder<'_> {
        let Self {
            farm,
            header,
            program,
            store,
            ..
        } = self;
        TemplateBuilder {
            farm,
            header,
            program,
            store,
            chunking: false,
        }
    }

    fn array_template(&self, array: &TaskArray) -> String {
        let batch = TaskBatch {
            name: array.producer.clone(),
            tasks: array.task_ids().collect(),
            claim: array.claim.clone(),
            // Each array is a template of its own, so its dependencies are not in it: the worker
            // checks them before it starts the array.
            after: Vec::new(),
        };
        to_pretty_json(&self.template_builder().build_template(&[batch]))
    }

    fn lock_states(&self) -> MutexGuard<'_, HashMap<u32, ArrayState>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the thread that runs arrays in the order of submission. Does nothing if it runs
    /// already.
    fn start_worker(&mut self, runner: PathBuf) -> Result<(), FarmError> {
        let Some((receiver, reaper)) = self.worker_inputs.take() else {
            return Ok(());
        };
        let values = self.template_builder().parameter_values();
        let array_worker = ArrayWorker {
            runner,
            values: values
                .iter()
                .map(|(name, text)| format!("{name}={text}"))
                .collect(),
            states: Arc::clone(&self.states),
            cancel: self.cancel.clone(),
            grace: self.header.rules.grace_period(),
            folder: self.folder.clone(),
            reaper,
        };
        let worker = std::thread::Builder::new()
            .name("openjd".into())
            .spawn(move || array_worker.run_arrays(&receiver));
        self.worker = Some(worker.map_err(|error| {
            FarmError::Missing(format!("start a thread for `openjd`: {error}"))
        })?);
        Ok(())
    }
}

/// The thread that runs arrays.
struct ArrayWorker {
    runner: PathBuf,
    /// The parameters of all templates, as `NAME=VALUE`.
    values: Vec<String>,
    states: Arc<Mutex<HashMap<u32, ArrayState>>>,
    cancel: CancelToken,
    grace: Duration,
    folder: FarmRunFolder,
    reaper: Option<ProcessReaper>,
}

impl ArrayWorker {
    fn run_arrays(&self, arrays: &Receiver<QueuedArray>) {
        for array in arrays {
            // Arrays run one after the other, so the dependencies have ended before. Only their
            // outcome is left to check.
            let dependency_failed = array
                .after
                .iter()
                .any(|need| self.array_state(*need) == Some(ArrayState::Failed));
            if dependency_failed
                || self.cancel.is_draining()
                || self.folder.closed_marker_path().exists()
            {
                // Not run, and so dropped: the dispatcher submits its tasks again when their inputs
                // are made.
                self.set_array_state(array.number, ArrayState::Failed);
                continue;
            }
            self.set_array_state(array.number, ArrayState::Running);
            let state = if self.run_array(&array).is_ok() {
                ArrayState::Done
            } else {
                ArrayState::Failed
            };
            self.set_array_state(array.number, state);
        }
    }

    fn run_array(&self, array: &QueuedArray) -> Result<(), CallError> {
        let mut command = Command::new(&self.runner);
        command.arg("run").arg(&array.template);
        self.values.iter().for_each(|value| {
            command.arg("-p").arg(value);
        });
        let watch = CallOptions {
            reaper: self.reaper.as_ref(),
            grace_period: self.grace,
            ..CallOptions::new(&self.cancel)
        };
        let mut printed = Vec::new();
        let outcome = ChildCommand::new(command)
            .stream_stdout(watch, |bytes| printed.extend_from_slice(bytes));
        // The output only helps to explain a failure, so an error of the disk must not replace the
        // outcome.
        let _ = self
            .folder
            .layout
            .replace_file(&array.template.with_extension("out"), &printed);
        outcome.map(|_| ())
    }

    fn array_state(&self, number: u32) -> Option<ArrayState> {
        self.states
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&number)
            .copied()
    }

    fn set_array_state(&self, number: u32, state: ArrayState) {
        self.states
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(number, state);
    }
}

impl Scheduler for OpenJdScheduler<'_> {
    fn spec(&self) -> &'static SchedulerSpec {
        &Self::SPEC
    }

    fn validate_capabilities(&self, groups: &[TaskGroup]) -> Vec<String> {
        let mut shortfalls = BTreeSet::from([
            "the local runner runs one task at a time and ends with this process: it cannot be left"
                .to_owned(),
        ]);
        let tokens: BTreeSet<&String> = groups
            .iter()
            .flat_map(|group| group.claim.tokens.keys())
            .collect();
        let is_counted = |token: &&String| {
            self.farm
                .licences
                .get(*token)
                .is_some_and(|name| is_amount(name))
        };
        for token in tokens.into_iter().filter(|token| !is_counted(token)) {
            shortfalls.insert(format!(
                "the token `{token}` is not counted; where the scheduler counts it, name its amount under `licences`, such as \
                 `{token}: amount.{token}`"
            ));
        }
        let cluster_options = [
            ("partition", &self.farm.cluster.partition),
            ("account", &self.farm.cluster.account),
            ("qos", &self.farm.cluster.qos),
        ];
        for (name, _) in cluster_options.iter().filter(|(_, value)| value.is_some()) {
            shortfalls.insert(format!("`{name}` has no place in a job template"));
        }
        shortfalls.into_iter().collect()
    }

    fn array_limit(&self) -> Result<u32, FarmError> {
        match self.runner {
            Some(_) => Ok(self
                .farm
                .array_limit
                .unwrap_or(Self::SPEC.default_array_limit)),
            None => Err(FarmError::Missing(
                "find `openjd` among the programs of this machine: it runs job templates here (pip install openjd-cli)"
                    .to_owned(),
            )),
        }
    }

    fn dry_run(&self, _: &TaskArray) -> Result<(), FarmError> {
        Ok(())
    }

    fn preview_submission(&self, array: &TaskArray) -> String {
        self.array_template(array) + "\n"
    }

    fn submit(&mut self, array: &TaskArray, _: &SubmissionLog) -> Result<SubmitOutcome, FarmError> {
        // Reports a missing runner. Without this, the arrays would wait for a worker that never
        // starts.
        self.array_limit()?;
        let template = self
            .folder
            .scheduler_folder()
            .join(format!("{}.json", array.number));
        self.folder
            .layout
            .replace_file(&template, self.array_template(array).as_bytes())?;
        if let Some(runner) = self.runner.clone() {
            self.start_worker(runner)?;
        }
        // Marked before it is sent: the worker may start it at once, and its state must not be set
        // back.
        self.lock_states().insert(array.number, ArrayState::Queued);
        let after = array.after.iter().map(|after| after.array).collect();
        if let Some(array_queue) = &self.array_queue {
            let _ = array_queue.send(QueuedArray {
                number: array.number,
                after,
                template,
            });
        }
        Ok(SubmitOutcome::Accepted(array.number.to_string()))
    }

    fn poll_queue(
        &mut self,
        submissions: &SubmissionLog,
    ) -> Result<Option<QueueSnapshot>, FarmError> {
        let states = self.lock_states();
        let task_state = |array: &TaskArray| match states.get(&array.number) {
            Some(ArrayState::Queued) => TaskState::Queued {
                reason: "its turn".to_owned(),
                held: false,
            },
            Some(ArrayState::Running) => TaskState::Running,
            // Results show which tasks of an ended array ran. A task without a result did not
            // start, so it counts as dropped. An array without a state was submitted by an earlier
            // process, whose runner ended with it.
            Some(ArrayState::Done | ArrayState::Failed) | None => TaskState::Dropped,
        };
        let ranges = submissions.arrays().flat_map(|array| {
            let task_state = task_state(array);
            array_task_ranges(array, &array.elements).map(move |(first, last, _)| TaskRange {
                first,
                last,
                attempt: array.attempt,
                scheduler_job: array.number.to_string(),
                element: None,
                state: task_state.clone(),
            })
        });
        Ok(Some(QueueSnapshot::from_ranges(ranges.collect())))
    }

    /// Does nothing: the worker checks whether the run is closed before each array, and so does
    /// each task.
    fn withdraw_pending(&mut self, _: &SubmissionLog) -> Result<bool, FarmError> {
        Ok(true)
    }

    fn cancel(&mut self, _: &SubmissionLog) -> Result<(), FarmError> {
        self.cancel.request_halt();
        self.array_queue = None;
        // Joined, so that no task of the run writes to the store after this returns.
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
        Ok(())
    }
}

impl Drop for OpenJdScheduler<'_> {
    fn drop(&mut self) {
        self.cancel.request_halt();
        // Closes the channel, which ends the worker after its current array.
        self.array_queue = None;
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}
