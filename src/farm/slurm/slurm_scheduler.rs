//! Slurm as a scheduler: submits arrays with `sbatch`, reads the queue with `squeue`, and cancels
//! with `scancel`.

use super::batch_script::BatchScript;
use super::cluster_nodes::{self, ClusterNodes};
use super::exit_log::{ElementNumbers, exit_report, read_tail};
use super::slurm_messages::{NO_ANSWER, is_rejection, is_transient, is_unsatisfiable};
use super::squeue::{QueueLine, SQUEUE_FORMAT, parse_lines, queue_snapshot};
use crate::base::{CancelToken, Clock, find_program};
use crate::farm::manifest_header::TaskManifestHeader;
use crate::farm::poll_until::PollUntil;
use crate::farm::queue_snapshot::{QueueSnapshot, TaskRange};
use crate::farm::run_folder::FarmRunFolder;
use crate::farm::scheduler::{ExitReport, Scheduler, SubmitOutcome};
use crate::farm::scheduler_spec::{SchedulerSetup, SchedulerSpec};
use crate::farm::submission_log::SubmissionLog;
use crate::farm::task_array::{ArrayDependency, TaskArray};
use crate::farm::task_manifest::FarmError;
use crate::farm::task_map::{TaskGroup, TaskId};
use crate::farm::task_state::TaskState;
use crate::model::Claim;
use crate::model::farm_profile::FarmProfile;
use crate::process::{CallError, CallOptions, ChildCommand};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Tries to submit one array before it is deferred.
const SUBMIT_ATTEMPTS: u32 = 3;
/// The longest wait for an empty queue after cancelling. Slurm's own default grace period is 30 s.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(120);
/// Time after which one of Slurm's programs is killed.
// They give up a controller that is away by themselves, after `MessageTimeout` (10 s, unless the
// site changed it). Only a program that hangs, as on a dead network disk or behind a wrapper
// script, reaches this limit. A site that sets more also asks less often, so `poll` raises it.
const CALL_LIMIT: Duration = Duration::from_secs(20);

/// Slurm, for one farm run.
pub struct SlurmScheduler<'a> {
    farm: &'a FarmProfile,
    header: &'a TaskManifestHeader,
    folder: &'a FarmRunFolder,
    program: PathBuf,
    store: PathBuf,
    search_path: OsString,
    /// Variables of this process that would be options of Slurm's programs.
    removed_variables: Vec<String>,
    clock: &'a dyn Clock,
    call_limit: Duration,
    /// The machines of the cluster, after the first question.
    cluster: OnceCell<ClusterNodes>,
    /// Arrays that Slurm may have, because the answer to their submission did not come.
    unanswered: BTreeSet<u32>,
}

/// The error of a call of one of Slurm's programs.
struct SlurmCallError {
    text: String,
    /// Whether the program is missing, so that another try is useless.
    program_missing: bool,
}

impl From<CallError> for SlurmCallError {
    fn from(error: CallError) -> Self {
        let text = match error {
            // The programs name the cause in what they print. The exit status alone says nothing.
            CallError::Failed { evidence, .. } if !evidence.trim().is_empty() => {
                evidence.trim().replace('\n', "; ")
            }
            CallError::TimedOut { program, limit } => {
                format!("`{program}` {NO_ANSWER} {} s", limit.as_secs_f64())
            }
            other => other.to_string(),
        };
        Self {
            text,
            program_missing: false,
        }
    }
}

impl<'a> SlurmScheduler<'a> {
    /// The facts about Slurm.
    pub const SPEC: SchedulerSpec = SchedulerSpec {
        name: "slurm",
        survives_client: true,
        needs_shared_disk: true,
        may_run_windows: false,
        // `MaxArraySize` of every release so far, where `slurm.conf` does not set it.
        default_array_limit: 1001,
        release_command: Some("scontrol release"),
    };

    /// Returns the scheduler of one farm run. Slurm's programs are searched when they are needed,
    /// so that a submission can be previewed on a machine without Slurm.
    #[must_use]
    pub fn new(setup: SchedulerSetup<'a>) -> Self {
        let SchedulerSetup {
            manifest,
            program,
            store,
            search_path,
            clock,
            variable_names,
            // Slurm's programs are short calls of the controller and have a time limit, so no child
            // process can outlive us for long.
            reaper_program: _,
        } = setup;
        Self {
            farm: &manifest.header.farm,
            header: &manifest.header,
            folder: &manifest.folder,
            program,
            store,
            search_path,
            removed_variables: variable_names
                .into_iter()
                .filter(|name| is_slurm_option(name))
                .collect(),
            clock,
            call_limit: manifest.header.farm.poll.max(CALL_LIMIT),
            cluster: OnceCell::new(),
            unanswered: BTreeSet::new(),
        }
    }

    fn slurm_command(
        &self,
        name: &str,
        args: &[impl AsRef<OsStr>],
    ) -> Result<ChildCommand, SlurmCallError> {
        let program = find_program(name, &self.search_path).ok_or_else(|| SlurmCallError {
            text: format!(
                "there is no `{name}` on this machine; submit from a machine that has Slurm's programs (Debian and Ubuntu: \
                 apt-get install slurm-client)"
            ),
            program_missing: true,
        })?;
        let mut command = Command::new(program);
        // Variables such as `SBATCH_PARTITION` and `SQUEUE_STATES` beat `#SBATCH` lines. Left from
        // another job, or set in a login file, they would send tasks elsewhere than the profile
        // says, or hide tasks from us, which would be submitted again.
        for name in &self.removed_variables {
            command.env_remove(name);
        }
        // squeue cuts long lists of elements off unless `SLURM_BITSTR_LEN` is 0, and messages are
        // recognised by their English text.
        command
            .args(args)
            .env("SLURM_BITSTR_LEN", "0")
            .env("LC_ALL", "C");
        Ok(ChildCommand::new(command))
    }

    const fn call_options<'t>(&self, cancel: &'t CancelToken) -> CallOptions<'t> {
        CallOptions {
            time_limit: Some(self.call_limit),
            ..CallOptions::new(cancel)
        }
    }

    /// Runs one of Slurm's programs, and returns its standard output.
    fn run_command(
        &self,
        name: &str,
        args: &[impl AsRef<OsStr>],
    ) -> Result<String, SlurmCallError> {
        let output = self
            .slurm_command(name, args)?
            // Not the run's token: an interrupt must not stop a submission half-way, which would
            // leave a job whose number nobody knows.
            .run(self.call_options(&CancelToken::default()))
            .map_err(SlurmCallError::from)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn batch_script(&self) -> BatchScript<'_> {
        let Self {
            farm,
            header,
            folder,
            program,
            store,
            ..
        } = self;
        BatchScript {
            farm,
            header,
            folder,
            program,
            store,
        }
    }

    /// Returns the lines of `squeue` about this farm run. With `include_ended`, also ended jobs
    /// that the controller still remembers.
    fn list_queue(&self, include_ended: bool) -> Result<Vec<QueueLine>, SlurmCallError> {
        let mut args = vec!["--noheader", "--all", "--me", "--format", SQUEUE_FORMAT];
        args.extend(include_ended.then_some("--states=all"));
        Ok(parse_lines(
            &self.run_command("squeue", &args)?,
            &self.batch_script().job_name_prefix(),
        ))
    }

    /// Returns Slurm's job number of an array. `None` if Slurm does not have the array.
    fn find_submitted(&self, number: u32) -> Result<Option<String>, SlurmCallError> {
        // Ended jobs are included: a short array may be over before the lost answer is noticed.
        Ok(self
            .list_queue(true)?
            .into_iter()
            .find(|line| line.array_number == number)
            .map(|line| line.scheduler_job))
    }

    fn run_sbatch(
        &self,
        array: &TaskArray,
        submissions: &SubmissionLog,
        script: &Path,
    ) -> Result<String, SlurmCallError> {
        let mut args = vec!["--parsable".to_owned()];
        let dependency = dependency_option(&array.after, submissions);
        if !dependency.is_empty() {
            args.extend([
                format!("--dependency={dependency}"),
                // Without it, an array whose dependency failed waits for ever. Dropped, it is
                // submitted again when its inputs are made.
                "--kill-on-invalid-dep=yes".to_owned(),
            ]);
        }
        args.push(script.to_string_lossy().into_owned());
        let output = self.run_command("sbatch", &args)?;
        // With several clusters, the answer is `number;cluster`.
        Ok(output
            .trim()
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned())
    }

    fn write_script(&self, array: &TaskArray) -> Result<PathBuf, FarmError> {
        let path = self
            .folder
            .scheduler_folder()
            .join(format!("{}.sh", array.number));
        self.folder
            .layout
            .replace_file(&path, self.batch_script().render_script(array).as_bytes())?;
        Ok(path)
    }

    /// Returns the output file of an array, by Slurm's job number.
    fn job_output_path(&self, job: &str, submissions: &SubmissionLog) -> Option<PathBuf> {
        let arrays = submissions
            .arrays()
            .filter(|array| submissions.scheduler_job(array.number) == Some(job));
        // A controller that lost its state can give a number out twice, so the newest array counts.
        arrays
            .last()
            .map(|array| self.batch_script().output_path(array))
    }

    fn config_value(&self, key: &str) -> Result<Option<u32>, SlurmCallError> {
        let output = self.run_command("scontrol", &["show", "config"])?;
        Ok(output.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            (name.trim() == key).then(|| value.trim().parse().ok())?
        }))
    }

    /// Returns the request that no machine can satisfy, with advice. `None` if a machine can, or if
    /// the cluster does not list its machines.
    fn unsatisfiable_reason(&self, producer: &str, claim: &Claim) -> Option<String> {
        // The answer does not change within a run, and every kind of task asks, so it is read once.
        // A cluster that does not answer counts as one without known machines, which refuses
        // nothing.
        let cluster = self.cluster.get_or_init(|| {
            let sinfo_output = self.run_command(
                "sinfo",
                &[
                    "--noheader",
                    "--Node",
                    "--all",
                    "--format",
                    cluster_nodes::SINFO_FORMAT,
                ],
            );
            // Only an explanation: if `sinfo` fails, nothing is known of the nodes, and no claim is
            // refused for it.
            ClusterNodes::parse_sinfo(&sinfo_output.unwrap_or_default(), self.farm)
        });
        cluster.unsatisfiable_reason(producer, claim, self.farm)
    }

    fn unavailable_error(&self, error: &SlurmCallError) -> FarmError {
        FarmError::Missing(format!(
            "ask the Slurm cluster of the farm `{}`: {}",
            self.farm.name, error.text
        ))
    }
}

impl Scheduler for SlurmScheduler<'_> {
    fn spec(&self) -> &'static SchedulerSpec {
        &Self::SPEC
    }

    fn validate_capabilities(&self, groups: &[TaskGroup]) -> Vec<String> {
        // A set, because groups of one kind with different claims repeat a sentence.
        let mut shortfalls = BTreeSet::new();
        for group in groups {
            let producer = &group.producer;
            let claim = &group.claim;
            if claim.gpu > 0 && self.farm.cluster.gpu.is_none() {
                shortfalls.insert(format!(
                    "{producer} needs a GPU; the profile has no `gpu`, so any machine may get it"
                ));
            }
            if claim.gpu % 1000 != 0 && self.farm.cluster.gpu.is_some() {
                shortfalls.insert(format!(
                    "{producer} claims a part of a GPU; it gets a whole one"
                ));
            }
            if claim.gpu_memory > 0 {
                shortfalls.insert(format!(
                    "{producer} claims memory of a GPU, which Slurm does not count"
                ));
            }
            shortfalls.extend(self.unsatisfiable_reason(producer, claim));
            for token in claim
                .tokens
                .keys()
                .filter(|token| !self.farm.licences.contains_key(*token))
            {
                shortfalls.insert(format!(
                    "{producer} claims the token `{token}`; the profile has no licence for it under `licences`, so it is \
                     not counted"
                ));
            }
        }
        shortfalls.into_iter().collect()
    }

    /// Returns the smaller of the profile's limit and `MaxArraySize`. The largest element number is
    /// one less than that.
    fn array_limit(&self) -> Result<u32, FarmError> {
        let limit = self.config_value("MaxArraySize").map_err(|error| {
            // A controller that does not answer this question would let the next one run into its
            // timeout too, so `sinfo` is not called.
            let _ = self.cluster.set(ClusterNodes::default());
            self.unavailable_error(&error)
        })?;
        let limit = limit.map(|limit| {
            self.farm
                .array_limit
                .map_or(limit, |profile_limit| profile_limit.min(limit))
        });
        match limit {
            Some(0) => Err(FarmError::Usage(format!(
                "send tasks to the farm `{}`: its Slurm cluster allows no arrays (MaxArraySize=0)",
                self.farm.name
            ))),
            Some(limit) => Ok(limit),
            // The configuration was printed without the key, so Slurm's own default holds.
            None => Ok(Self::SPEC.default_array_limit),
        }
    }

    fn dry_run(&self, array: &TaskArray) -> Result<(), FarmError> {
        let mut script = Some(self.batch_script().render_script(array).into_bytes());
        let response = self
            .slurm_command("sbatch", &["--test-only"])
            .and_then(|call| {
                call.feed_stdin(self.call_options(&CancelToken::default()), || {
                    Ok::<_, CallError>(script.take())
                })
                .map_err(SlurmCallError::from)
            });
        match response {
            Err(error) if is_rejection(&error.text) => Err(FarmError::Missing(format!(
                "send {} to the farm `{}`: its Slurm cluster refuses it: {}",
                array.producer, self.farm.name, error.text
            ))),
            // Slurm says the same when all fitting machines are down, and such a job will run
            // later. Only a request that exceeds what the machines have is refused.
            Err(error) if is_unsatisfiable(&error.text) => {
                let lack = self.unsatisfiable_reason(&array.producer, &array.claim);
                let with_context = |lack| {
                    format!(
                        "send {} to the farm `{}`: {lack}",
                        array.producer, self.farm.name
                    )
                };
                lack.map_or(Ok(()), |lack| Err(FarmError::Missing(with_context(lack))))
            }
            // Any other error may be transient. The submission itself will show it.
            _ => Ok(()),
        }
    }

    fn preview_submission(&self, array: &TaskArray) -> String {
        self.batch_script().render_script(array)
    }

    /// Submits an array, with further tries after transient errors. Before each further try, also
    /// in a later call, the queue is searched for the array's name: the answer may have been lost
    /// after the job was accepted, and a second job would run every task twice.
    fn submit(
        &mut self,
        array: &TaskArray,
        submissions: &SubmissionLog,
    ) -> Result<SubmitOutcome, FarmError> {
        let script = self.write_script(array)?;
        let mut last_error = String::new();
        for attempt in 0..SUBMIT_ATTEMPTS {
            if attempt > 0 {
                // A controller that restarts or is busy refuses connections for some seconds.
                std::thread::sleep(Duration::from_millis(250) * 4_u32.pow(attempt - 1));
            }
            if self.unanswered.contains(&array.number) {
                match self.find_submitted(array.number) {
                    Ok(Some(job)) => {
                        self.unanswered.remove(&array.number);
                        return Ok(SubmitOutcome::Accepted(job));
                    }
                    Ok(None) => {}
                    // Without an answer it is unknown whether the job exists, so nothing is
                    // submitted.
                    Err(error) => {
                        last_error = error.text;
                        continue;
                    }
                }
            }
            match self.run_sbatch(array, submissions, &script) {
                Ok(job) => {
                    self.unanswered.remove(&array.number);
                    return Ok(SubmitOutcome::Accepted(job));
                }
                Err(error) if is_transient(&error.text) => {
                    last_error = error.text;
                    self.unanswered.insert(array.number);
                }
                Err(error) => {
                    let producer = &array.producer;
                    let script = script.display();
                    let lack = self
                        .unsatisfiable_reason(producer, &array.claim)
                        .map(|lack| format!(". {lack}"));
                    return Err(FarmError::Missing(format!(
                        "submit {producer} ({script}): {}{}",
                        error.text,
                        lack.unwrap_or_default()
                    )));
                }
            }
        }
        Ok(SubmitOutcome::Deferred(last_error))
    }

    fn poll_queue(
        &mut self,
        submissions: &SubmissionLog,
    ) -> Result<Option<QueueSnapshot>, FarmError> {
        // No error of `squeue` is a failure of the run: results decide, and the next poll may
        // succeed.
        Ok(self
            .list_queue(true)
            .ok()
            .map(|lines| queue_snapshot(&lines, submissions)))
    }

    /// Slurm's daemons write why they ended a job into the job's output file. They name the job by
    /// a number that each element has for itself, so `squeue` lists these numbers first.
    fn exit_reports(
        &self,
        ended: &[(TaskId, TaskRange)],
        submissions: &SubmissionLog,
    ) -> HashMap<TaskId, ExitReport> {
        let jobs: BTreeSet<&str> = ended
            .iter()
            .map(|(_, range)| range.scheduler_job.as_str())
            .collect();
        let jobs = jobs.into_iter().collect::<Vec<_>>().join(",");
        let args = [
            "--noheader",
            "--all",
            "--me",
            "--states=all",
            "--jobs",
            &jobs,
            "--format",
            ElementNumbers::SQUEUE_NUMBER_FORMAT,
        ];
        let Ok(output) = self.run_command("squeue", &args) else {
            return HashMap::new();
        };
        let element_numbers = ElementNumbers::parse(&output);
        let mut printed: BTreeMap<&str, String> = BTreeMap::new();
        let mut exit_reports = HashMap::new();
        for (task, range) in ended {
            let (Some(number), Some(output_path)) = (
                element_numbers.element_number(&range.task_job_name(*task)),
                self.job_output_path(&range.scheduler_job, submissions),
            ) else {
                continue;
            };
            // All elements of an array share one output file, so it is read once.
            let printed = printed
                .entry(&range.scheduler_job)
                .or_insert_with(|| read_tail(&output_path));
            exit_reports.extend(
                exit_report(printed, *task, number, &output_path).map(|report| (*task, report)),
            );
        }
        exit_reports
    }

    fn withdraw_pending(&mut self, _: &SubmissionLog) -> Result<bool, FarmError> {
        let queued_lines = self
            .list_queue(false)
            .map_err(|error| self.unavailable_error(&error))?;
        let jobs: BTreeSet<String> = queued_lines
            .iter()
            .filter(|line| matches!(line.state, TaskState::Queued { .. } | TaskState::Dropped))
            .map(|line| line.scheduler_job.clone())
            .collect();
        if !jobs.is_empty() {
            // The state is given to scancel and not only checked here: an element may start between
            // the two calls, and a running task must not be killed.
            let args: Vec<&str> = std::iter::once("--state=PENDING")
                .chain(jobs.iter().map(String::as_str))
                .collect();
            self.run_command("scancel", &args)
                .map_err(|error| self.unavailable_error(&error))?;
        }
        Ok(true)
    }

    fn cancel(&mut self, _: &SubmissionLog) -> Result<(), FarmError> {
        let cancel = CancelToken::default();
        let mut remaining_jobs = Vec::new();
        let poll_until = PollUntil {
            timeout: CANCEL_TIMEOUT,
            clock: self.clock,
            cancel: &cancel,
        };
        let mut fault = String::new();
        // Cancelling is repeated until the queue is empty. An array may be accepted late, and a
        // controller that restarts forgets requests that it had acknowledged.
        let emptied = poll_until.wait_for(|| match self.list_queue(false) {
            Ok(lines) if lines.is_empty() => Some(()),
            Ok(lines) => {
                let jobs: BTreeSet<String> =
                    lines.into_iter().map(|line| line.scheduler_job).collect();
                remaining_jobs = jobs.into_iter().collect();
                let cancelled = self.run_command("scancel", &remaining_jobs);
                // Cleared by a success, so that the message has the fault of the last try alone.
                fault = cancelled.err().map(|error| error.text).unwrap_or_default();
                None
            }
            Err(error) if error.program_missing => {
                fault = error.text;
                // The program will not appear within the timeout, so the wait ends here.
                cancel.request_halt();
                None
            }
            Err(error) => {
                fault = error.text;
                None
            }
        });
        emptied.ok_or_else(|| {
            let jobs = remaining_jobs.join(" ");
            FarmError::Missing(format!(
                "empty the queue: {fault} the jobs {jobs} may still be there (`scancel {jobs}`)"
            ))
        })
    }
}

/// Variables of Slurm that say how to reach a cluster. They are no options of one call.
const CONNECTION_VARIABLES: [&str; 4] = [
    "SLURM_CONF",
    "SLURM_CONF_SERVER",
    "SLURM_JWT",
    "SLURM_SACK_SOCKET",
];

/// Returns whether a variable is an option of Slurm's programs, or of the job in which we run.
fn is_slurm_option(name: &str) -> bool {
    let prefixes = [
        "SBATCH_",
        "SLURM_",
        "SLURMD_",
        "SQUEUE_",
        "SINFO_",
        "SCANCEL_",
        "SCONTROL_",
    ];
    prefixes.iter().any(|prefix| name.starts_with(prefix)) && !CONNECTION_VARIABLES.contains(&name)
}

/// Returns the value of the option `--dependency` of `sbatch`; empty if the array waits for
/// nothing.
fn dependency_option(after: &[ArrayDependency], submissions: &SubmissionLog) -> String {
    let jobs = |each: bool| {
        let jobs = after.iter().filter(|after| after.each == each);
        jobs.filter_map(|after| submissions.scheduler_job(after.array))
            .collect::<Vec<_>>()
            .join(":")
    };
    // `aftercorr` lets element 5 start when element 5 of the other array has succeeded, so a shot
    // need not wait for all shots. It fits only arrays whose elements correspond one by one.
    let kinds = [("afterok", jobs(false)), ("aftercorr", jobs(true))];
    let kinds = kinds.into_iter().filter(|(_, jobs)| !jobs.is_empty());
    kinds
        .map(|(kind, jobs)| format!("{kind}:{jobs}"))
        .collect::<Vec<_>>()
        .join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_hangs_is_an_answer_that_may_be_lost() {
        let error = SlurmCallError::from(CallError::TimedOut {
            program: "sbatch".to_owned(),
            limit: Duration::from_secs(20),
        });
        assert_eq!(error.text, "`sbatch` did not answer within 20 s");
        assert!(!error.program_missing && is_transient(&error.text));
        assert!(!is_rejection(&error.text) && !is_unsatisfiable(&error.text));
    }
}
