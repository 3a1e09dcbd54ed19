//! Slurm as an engine.

use super::last_words::{Numbered, ending_of, last_words};
use super::queue::{FORMAT, Line, lines, sighting};
use super::script::Scribe;
use super::site::{self, Site};
use super::words::{is_never_placed, may_pass, refuses};
use crate::base::{CancelToken, Clock};
use crate::farm::array::{After, Array};
use crate::farm::engine::{Engine, LastWords, Stage, Submitted};
use crate::farm::folder::Folder;
use crate::farm::header::{Group, Header};
use crate::farm::manifest::FarmError;
use crate::farm::patience::Patience;
use crate::farm::placements::Placements;
use crate::farm::sighting::{Run, Sighting};
use crate::farm::tasks::TaskId;
use crate::model::Claim;
use crate::model::farm_profile::FarmProfile;
use crate::process::{CallError, CallOptions, ChildCommand, find_program};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Tries to hand one array in before the engine is said to be away.
const TRIES: u32 = 3;
/// How long to wait for the queue to be empty after everything was cancelled: Slurm's own default grace is 30 s.
const EMPTYING: Duration = Duration::from_secs(120);

/// Slurm, for one farm run.
pub struct Slurm<'a> {
    farm: &'a FarmProfile,
    header: &'a Header,
    folder: &'a Folder,
    program: PathBuf,
    store: PathBuf,
    search_path: OsString,
    clock: &'a dyn Clock,
    /// What the machines have, once that was asked.
    site: OnceCell<Site>,
}

/// How a call of one of them went wrong.
struct Refusal {
    text: String,
    /// Whether there is no such program: it will not be there in a moment either.
    absent: bool,
}

impl From<CallError> for Refusal {
    fn from(error: CallError) -> Self {
        let text = match error {
            CallError::Failed { evidence, .. } if !evidence.trim().is_empty() => {
                evidence.trim().replace('\n', "; ")
            }
            other => other.to_string(),
        };
        Self {
            text,
            absent: false,
        }
    }
}

impl<'a> Slurm<'a> {
    /// Returns the engine for one farm run; `program` and `store` are paths on the farm's machines. Slurm's own programs are
    /// looked for when they are needed: what would be sent can be shown on any machine.
    #[must_use]
    pub fn new(
        (farm, header, folder): (&'a FarmProfile, &'a Header, &'a Folder),
        (program, store): (PathBuf, PathBuf),
        search_path: &OsStr,
        clock: &'a dyn Clock,
    ) -> Self {
        let site = OnceCell::new();
        Self {
            farm,
            header,
            folder,
            program,
            store,
            search_path: search_path.to_owned(),
            clock,
            site,
        }
    }

    fn command(&self, name: &str, words: &[impl AsRef<OsStr>]) -> Result<ChildCommand, Refusal> {
        let program = find_program(name, &self.search_path).ok_or_else(|| Refusal {
            text: format!(
                "there is no `{name}` here; tasks are sent from a machine that can submit to the cluster (Debian and Ubuntu: \
                 apt-get install slurm-client)"
            ),
            absent: true,
        })?;
        let mut command = Command::new(program);
        // Without this, squeue cuts long lists of elements off.
        command
            .args(words)
            .env("SLURM_BITSTR_LEN", "0")
            .env("LC_ALL", "C");
        Ok(ChildCommand::new(command))
    }

    /// Runs one of Slurm's programs, and returns what it printed.
    fn call(&self, name: &str, words: &[impl AsRef<OsStr>]) -> Result<String, Refusal> {
        let ran = self
            .command(name, words)?
            .run(CallOptions::new(&CancelToken::default()))
            .map_err(Refusal::from)?;
        Ok(String::from_utf8_lossy(&ran.stdout).into_owned())
    }

    fn scribe(&self) -> Scribe<'_> {
        let Self {
            farm,
            header,
            folder,
            program,
            store,
            ..
        } = self;
        Scribe {
            farm,
            header,
            folder,
            program,
            store,
        }
    }

    /// Returns what `squeue` lists of this farm run; with `all`, what has ended too.
    fn queue(&self, all: bool) -> Result<Vec<Line>, Refusal> {
        let mut words = vec!["--noheader", "--all", "--me", "--format", FORMAT];
        words.extend(all.then_some("--states=all"));
        Ok(lines(
            &self.call("squeue", &words)?,
            &self.scribe().prefix(),
        ))
    }

    /// Returns the number that Slurm gave to an array, if it has it.
    fn known(&self, number: u32) -> Result<Option<String>, Refusal> {
        Ok(self
            .queue(true)?
            .into_iter()
            .find(|line| line.array == number)
            .map(|line| line.job))
    }

    fn sbatch(
        &self,
        array: &Array,
        placements: &Placements,
        script: &Path,
    ) -> Result<String, Refusal> {
        let mut words = vec!["--parsable".to_owned()];
        let dependency = dependency(&array.after, placements);
        if !dependency.is_empty() {
            words.extend([
                format!("--dependency={dependency}"),
                "--kill-on-invalid-dep=yes".to_owned(),
            ]);
        }
        words.push(script.to_string_lossy().into_owned());
        let said = self.call("sbatch", &words)?;
        // With several clusters the answer is `number;cluster`.
        Ok(said.trim().split(';').next().unwrap_or_default().to_owned())
    }

    fn write(&self, array: &Array) -> Result<PathBuf, FarmError> {
        let path = self.folder.engine().join(format!("{}.sh", array.number));
        self.folder
            .layout
            .replace_file(&path, self.scribe().script(array).as_bytes())?;
        Ok(path)
    }

    /// Returns the file that an array prints to, by the number that Slurm gave it.
    fn out_of(&self, job: &str, placements: &Placements) -> Option<PathBuf> {
        let arrays = placements
            .arrays()
            .filter(|array| placements.job(array.number) == Some(job));
        arrays.last().map(|array| self.scribe().out(array))
    }

    fn config(&self, key: &str) -> Result<Option<u32>, Refusal> {
        let said = self.call("scontrol", &["show", "config"])?;
        let value = |line: &str| {
            let (name, value) = line.split_once('=')?;
            (name.trim() == key).then(|| value.trim().parse().ok())?
        };
        Ok(said.lines().find_map(value))
    }

    /// Returns what tasks ask for that no machine has, and what to do; none too where the cluster does not say what it has.
    fn lacks(&self, producer: &str, claim: &Claim) -> Option<String> {
        let site = self.site.get_or_init(|| {
            let listed = self.call(
                "sinfo",
                &["--noheader", "--Node", "--all", "--format", site::FORMAT],
            );
            Site::read(&listed.unwrap_or_default(), self.farm)
        });
        site.lacks(producer, claim, self.farm)
    }

    fn away(&self, refusal: &Refusal) -> FarmError {
        FarmError::Missing(format!(
            "ask the Slurm cluster of the farm `{}`: {}",
            self.farm.name, refusal.text
        ))
    }
}

impl Engine for Slurm<'_> {
    fn name(&self) -> &'static str {
        "slurm"
    }

    fn outlives(&self) -> bool {
        true
    }

    fn validate_capabilities(&self, groups: &[Group]) -> Vec<String> {
        let mut found = BTreeSet::new();
        for group in groups {
            let (producer, claim) = (&group.producer, &group.claim);
            if claim.gpu > 0 && self.farm.gpu.is_none() {
                found.insert(format!(
                    "{producer} draws on a GPU; the profile names no `gpu`, so any machine may get it"
                ));
            }
            if claim.gpu % 1000 != 0 && self.farm.gpu.is_some() {
                found.insert(format!(
                    "{producer} asks for a part of a GPU; it gets a whole one"
                ));
            }
            if claim.gpu_memory > 0 {
                found.insert(format!(
                    "{producer} asks for memory of a GPU, which Slurm does not count"
                ));
            }
            found.extend(self.lacks(producer, claim));
            for token in claim
                .tokens
                .keys()
                .filter(|token| !self.farm.licences.contains_key(*token))
            {
                found.insert(format!(
                    "{producer} claims the token `{token}`; the profile names no licence for it under `licences`, so it is \
                     not counted"
                ));
            }
        }
        found.into_iter().collect()
    }

    /// Returns the smaller of the profile's limit and the controller's: the largest number of an element is one less than that.
    fn array_limit(&self) -> Result<u32, FarmError> {
        let limit = self.config("MaxArraySize").map_err(|refusal| {
            // Whoever does not answer one question is not asked the next.
            let _ = self.site.set(Site::default());
            self.away(&refusal)
        })?;
        let limit = limit.map(|limit| self.farm.array_limit.map_or(limit, |most| most.min(limit)));
        match limit {
            Some(0) => Err(FarmError::Usage(format!(
                "send tasks to the farm `{}`: its Slurm cluster allows no arrays (MaxArraySize=0)",
                self.farm.name
            ))),
            Some(limit) => Ok(limit),
            // The default of every release so far.
            None => Ok(1001),
        }
    }

    fn try_out(&self, array: &Array) -> Result<(), FarmError> {
        let mut script = Some(self.scribe().script(array).into_bytes());
        let asked = self.command("sbatch", &["--test-only"]).and_then(|call| {
            call.feed_stdin(CallOptions::new(&CancelToken::default()), || {
                Ok::<_, CallError>(script.take())
            })
            .map_err(Refusal::from)
        });
        match asked {
            Err(refusal) if refuses(&refusal.text) => Err(FarmError::Missing(format!(
                "send {} to the farm `{}`: its Slurm cluster refuses it: {}",
                array.producer, self.farm.name, refusal.text
            ))),
            Err(refusal) if is_never_placed(&refusal.text) => {
                let lack = self.lacks(&array.producer, &array.claim);
                let told = |lack| {
                    format!(
                        "send {} to the farm `{}`: {lack}",
                        array.producer, self.farm.name
                    )
                };
                lack.map_or(Ok(()), |lack| Err(FarmError::Missing(told(lack))))
            }
            _ => Ok(()),
        }
    }

    fn plan(&self, array: &Array) -> String {
        self.scribe().script(array)
    }

    /// An answer that is lost on the way leaves a job behind that nobody asked for twice: before each further try the queue
    /// is looked at for its name.
    fn submit(&mut self, array: &Array, placements: &Placements) -> Result<Submitted, FarmError> {
        let script = self.write(array)?;
        let mut why = String::new();
        for tried in 0..TRIES {
            if tried > 0 {
                std::thread::sleep(Duration::from_millis(250) * 4_u32.pow(tried - 1));
                match self.known(array.number) {
                    Ok(Some(job)) => return Ok(Submitted::As(job)),
                    Ok(None) => {}
                    Err(refusal) => {
                        why = refusal.text;
                        continue;
                    }
                }
            }
            match self.sbatch(array, placements, &script) {
                Ok(job) => return Ok(Submitted::As(job)),
                Err(refusal) if may_pass(&refusal.text) => why = refusal.text,
                Err(refusal) => {
                    let (producer, script) = (&array.producer, script.display());
                    let lack = self
                        .lacks(producer, &array.claim)
                        .map(|lack| format!(". {lack}"));
                    return Err(FarmError::Missing(format!(
                        "submit {producer} ({script}): {}{}",
                        refusal.text,
                        lack.unwrap_or_default()
                    )));
                }
            }
        }
        Ok(Submitted::Later(why))
    }

    fn poll(&mut self, placements: &Placements) -> Result<Option<Sighting>, FarmError> {
        // Whatever the fault, not to know is not to fail: results decide, and the next question may be answered.
        Ok(self
            .queue(true)
            .ok()
            .map(|lines| sighting(&lines, placements)))
    }

    /// Its daemons print why they ended a job to where the job prints, and call it by a number that each element has for itself.
    fn last_words(
        &self,
        ended: &[(TaskId, Run)],
        placements: &Placements,
    ) -> HashMap<TaskId, LastWords> {
        let jobs: BTreeSet<&str> = ended.iter().map(|(_, run)| run.job.as_str()).collect();
        let jobs = jobs.into_iter().collect::<Vec<_>>().join(",");
        let words = [
            "--noheader",
            "--all",
            "--me",
            "--states=all",
            "--jobs",
            &jobs,
            "--format",
            Numbered::FORMAT,
        ];
        let Ok(said) = self.call("squeue", &words) else {
            return HashMap::new();
        };
        let numbered = Numbered::read(&said);
        let mut printed: BTreeMap<&str, String> = BTreeMap::new();
        let mut found = HashMap::new();
        for (task, run) in ended {
            let (Some(number), Some(out)) = (
                numbered.of(&run.job_of(*task)),
                self.out_of(&run.job, placements),
            ) else {
                continue;
            };
            let printed = printed.entry(&run.job).or_insert_with(|| ending_of(&out));
            found.extend(last_words(printed, number, &out).map(|words| (*task, words)));
        }
        found
    }

    fn withdraw(&mut self, _: &Placements) -> Result<bool, FarmError> {
        let left = self.queue(false).map_err(|refusal| self.away(&refusal))?;
        let waiting = |line: &&Line| matches!(line.stage, Stage::Queued { .. } | Stage::Dropped);
        let jobs: BTreeSet<String> = left
            .iter()
            .filter(waiting)
            .map(|line| line.job.clone())
            .collect();
        if !jobs.is_empty() {
            let words: Vec<&str> = std::iter::once("--state=PENDING")
                .chain(jobs.iter().map(String::as_str))
                .collect();
            self.call("scancel", &words)
                .map_err(|refusal| self.away(&refusal))?;
        }
        Ok(true)
    }

    fn cancel(&mut self, _: &Placements) -> Result<(), FarmError> {
        let (cancel, mut left) = (CancelToken::default(), Vec::new());
        let patience = Patience {
            most: EMPTYING,
            clock: self.clock,
            cancel: &cancel,
        };
        let mut fault = String::new();
        let gone = patience.until(|| match self.queue(false) {
            Ok(lines) if lines.is_empty() => Some(()),
            Ok(lines) => {
                let jobs: BTreeSet<String> = lines.into_iter().map(|line| line.job).collect();
                left = jobs.into_iter().collect();
                let told = self.call("scancel", &left);
                fault = told.err().map(|refusal| refusal.text).unwrap_or_default();
                None
            }
            Err(refusal) if refusal.absent => {
                fault = refusal.text;
                cancel.request_halt();
                None
            }
            Err(refusal) => {
                fault = refusal.text;
                None
            }
        });
        gone.ok_or_else(|| {
            let jobs = left.join(" ");
            FarmError::Missing(format!(
                "empty the queue: {fault} the jobs {jobs} may still be there (`scancel {jobs}`)"
            ))
        })
    }
}

/// Returns what an array waits for, as `sbatch` reads it.
fn dependency(after: &[After], placements: &Placements) -> String {
    let jobs = |each: bool| {
        let jobs = after.iter().filter(|after| after.each == each);
        jobs.filter_map(|after| placements.job(after.array))
            .collect::<Vec<_>>()
            .join(":")
    };
    let kinds = [("afterok", jobs(false)), ("aftercorr", jobs(true))];
    let kinds = kinds.into_iter().filter(|(_, jobs)| !jobs.is_empty());
    kinds
        .map(|(kind, jobs)| format!("{kind}:{jobs}"))
        .collect::<Vec<_>>()
        .join(",")
}
