//! The local runner of Open Job Description as an engine: `openjd run`, one array after the other.
//!
//! Its sessions end with the first task that fails; what was left of the array is dropped then, and placed anew.

use super::steps::{Batch, Draughtsman, is_amount};
use crate::base::CancelToken;
use crate::farm::array::Array;
use crate::farm::engine::{Engine, Stage, Submitted};
use crate::farm::folder::Folder;
use crate::farm::header::{Group, Header};
use crate::farm::manifest::FarmError;
use crate::farm::placements::Placements;
use crate::farm::sighting::{Run, Sighting, within};
use crate::model::farm_profile::FarmProfile;
use crate::process::{CallError, CallOptions, ChildCommand, ProcessReaper, find_program};
use std::collections::{BTreeSet, HashMap};
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// The local runner, for one farm run.
pub struct OpenJd<'a> {
    farm: &'a FarmProfile,
    header: &'a Header,
    folder: &'a Folder,
    program: PathBuf,
    store: PathBuf,
    runner: Option<PathBuf>,
    states: Arc<Mutex<HashMap<u32, State>>>,
    orders: Option<Sender<Order>>,
    worker: Option<JoinHandle<()>>,
    taken: Option<(Receiver<Order>, Option<ProcessReaper>)>,
    cancel: CancelToken,
}

/// An array on its way to the runner.
struct Order {
    number: u32,
    after: Vec<u32>,
    template: PathBuf,
}

/// Where an array stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Queued,
    Running,
    /// Every task has ended well.
    Done,
    /// A task failed, so that some of them never began; or the array waited for one of which that is so.
    Failed,
}

impl<'a> OpenJd<'a> {
    /// Returns the engine for one farm run; `program` and `store` are paths on this machine.
    #[must_use]
    pub fn new(
        (farm, header, folder): (&'a FarmProfile, &'a Header, &'a Folder),
        (program, store): (PathBuf, PathBuf),
        search_path: &OsStr,
        keeper: Option<ProcessReaper>,
    ) -> Self {
        let runner = find_program("openjd", search_path);
        let (orders, taken) = channel();
        Self {
            farm,
            header,
            folder,
            program,
            store,
            runner,
            states: Arc::default(),
            orders: Some(orders),
            worker: None,
            taken: Some((taken, keeper)),
            cancel: CancelToken::default(),
        }
    }

    fn draughtsman(&self) -> Draughtsman<'_> {
        let Self {
            farm,
            header,
            program,
            store,
            ..
        } = self;
        Draughtsman {
            farm,
            header,
            program,
            store,
            chunking: false,
        }
    }

    fn template(&self, array: &Array) -> Vec<u8> {
        let batch = Batch {
            name: array.producer.clone(),
            tasks: array.tasks().collect(),
            claim: array.claim.clone(),
            after: Vec::new(),
        };
        serde_json::to_vec_pretty(&self.draughtsman().template(&[batch])).unwrap_or_default()
    }

    fn states(&self) -> MutexGuard<'_, HashMap<u32, State>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the thread that runs arrays in the order in which they come.
    fn begin(&mut self, runner: PathBuf) -> Result<(), FarmError> {
        let Some((taken, keeper)) = self.taken.take() else {
            return Ok(());
        };
        let values = self.draughtsman().values();
        let bench = Bench {
            runner,
            values: values
                .iter()
                .map(|(name, text)| format!("{name}={text}"))
                .collect(),
            states: Arc::clone(&self.states),
            cancel: self.cancel.clone(),
            grace: self.header.rules.grace(),
            folder: self.folder.clone(),
            keeper,
        };
        let worker = std::thread::Builder::new()
            .name("openjd".into())
            .spawn(move || bench.work(&taken));
        self.worker = Some(worker.map_err(|error| {
            FarmError::Missing(format!("start a thread for `openjd`: {error}"))
        })?);
        Ok(())
    }
}

/// What the thread that runs arrays works with.
struct Bench {
    runner: PathBuf,
    /// Parameters of all templates.
    values: Vec<String>,
    states: Arc<Mutex<HashMap<u32, State>>>,
    cancel: CancelToken,
    grace: Duration,
    folder: Folder,
    keeper: Option<ProcessReaper>,
}

impl Bench {
    fn work(&self, orders: &Receiver<Order>) {
        for order in orders {
            let stuck = order
                .after
                .iter()
                .any(|need| self.get(*need) == Some(State::Failed));
            if stuck || self.cancel.is_draining() || self.folder.over().exists() {
                self.set(order.number, State::Failed);
                continue;
            }
            self.set(order.number, State::Running);
            let state = if self.run(&order).is_ok() {
                State::Done
            } else {
                State::Failed
            };
            self.set(order.number, state);
        }
    }

    fn run(&self, order: &Order) -> Result<(), CallError> {
        let mut command = Command::new(&self.runner);
        command.arg("run").arg(&order.template);
        self.values.iter().for_each(|value| {
            command.arg("-p").arg(value);
        });
        let watch = CallOptions {
            reaper: self.keeper.as_ref(),
            grace_period: self.grace,
            ..CallOptions::new(&self.cancel)
        };
        let mut printed = Vec::new();
        let ran = ChildCommand::new(command)
            .stream_stdout(watch, |bytes| printed.extend_from_slice(bytes));
        let _ = self
            .folder
            .layout
            .replace_file(&order.template.with_extension("out"), &printed);
        ran.map(|_| ())
    }

    fn get(&self, number: u32) -> Option<State> {
        self.states
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&number)
            .copied()
    }

    fn set(&self, number: u32, state: State) {
        self.states
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(number, state);
    }
}

impl Engine for OpenJd<'_> {
    fn name(&self) -> &'static str {
        "openjd"
    }

    fn outlives(&self) -> bool {
        false
    }

    fn validate_capabilities(&self, groups: &[Group]) -> Vec<String> {
        let mut found = BTreeSet::from([
            "the local runner does one task after the other, and ends with this process: it cannot be left"
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
            found.insert(format!(
                "the token `{token}` is not counted; where the scheduler counts it, name its amount under `licences`, such as \
                 `{token}: amount.{token}`"
            ));
        }
        let site = [
            ("partition", &self.farm.partition),
            ("account", &self.farm.account),
            ("qos", &self.farm.qos),
        ];
        for (name, _) in site.iter().filter(|(_, value)| value.is_some()) {
            found.insert(format!("`{name}` has no place in a job template"));
        }
        found.into_iter().collect()
    }

    fn array_limit(&self) -> Result<u32, FarmError> {
        match self.runner {
            Some(_) => Ok(self.farm.array_limit.unwrap_or(u32::MAX)),
            None => Err(FarmError::Missing(
                "find `openjd` among the programs of this machine: it runs job templates here (pip install openjd-cli)"
                    .to_owned(),
            )),
        }
    }

    fn try_out(&self, _: &Array) -> Result<(), FarmError> {
        Ok(())
    }

    fn plan(&self, array: &Array) -> String {
        String::from_utf8(self.template(array)).unwrap_or_default() + "\n"
    }

    fn submit(&mut self, array: &Array, _: &Placements) -> Result<Submitted, FarmError> {
        self.array_limit()?;
        let template = self.folder.engine().join(format!("{}.json", array.number));
        self.folder
            .layout
            .replace_file(&template, &self.template(array))?;
        if let Some(runner) = self.runner.clone() {
            self.begin(runner)?;
        }
        self.states().insert(array.number, State::Queued);
        let after = array.after.iter().map(|after| after.array).collect();
        if let Some(orders) = &self.orders {
            let _ = orders.send(Order {
                number: array.number,
                after,
                template,
            });
        }
        Ok(Submitted::As(array.number.to_string()))
    }

    fn poll(&mut self, placements: &Placements) -> Result<Option<Sighting>, FarmError> {
        let states = self.states();
        let stage = |array: &Array| match states.get(&array.number) {
            Some(State::Queued) => Stage::Queued {
                reason: "its turn".to_owned(),
                held: false,
            },
            Some(State::Running) => Stage::Running,
            // Whether a task of it was run says its result; what has none was dropped.
            Some(State::Done | State::Failed) | None => Stage::Dropped,
        };
        let runs = placements.arrays().flat_map(|array| {
            let stage = stage(array);
            within(array, &array.elements).map(move |(first, last, _)| Run {
                first,
                last,
                attempt: array.attempt,
                job: array.number.to_string(),
                element: None,
                stage: stage.clone(),
            })
        });
        Ok(Some(Sighting::of(runs.collect())))
    }

    /// What waits finds that the run is over, and so do tasks of the array that runs.
    fn withdraw(&mut self, _: &Placements) -> Result<bool, FarmError> {
        Ok(true)
    }

    fn cancel(&mut self, _: &Placements) -> Result<(), FarmError> {
        self.cancel.request_halt();
        self.orders = None;
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
        Ok(())
    }
}

impl Drop for OpenJd<'_> {
    fn drop(&mut self) {
        self.cancel.request_halt();
        self.orders = None;
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}
