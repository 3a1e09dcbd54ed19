//! One attempt at one task, on the machine that the scheduler chose: wait for the inputs, run the
//! job as a local run would, and write the result.

use super::heartbeat::{HeartbeatWriter, TaskHeartbeat};
use super::manifest_header::TASK_MANIFEST_VERSION;
use super::poll_until::{PollUntil, describe_folder};
use super::result_listing::ResultListing;
use super::result_name::ResultShard;
use super::task_manifest::{FarmError, TaskManifest};
use super::task_map::TaskId;
use super::task_record::{TaskInputSource, TaskRecord};
use super::task_result::{TaskResult, TaskVerdict};
use crate::base::{CancelToken, Clock, Digest};
use crate::execute::{AttemptResult, LogContext, StoredOutputs, WorkerContext, run_attempt};
use crate::model::{Artefact, InputFile, InputFiles, InputSlot, PeakMemory};
use crate::plan::outputs_digest;
use crate::process::{ProcessReaper, SecretRedactor};
use crate::producers::{FailureClass, JobFailure, JobProducer};
use crate::store::{BlobStore, FileSnapshot};
use std::path::{Path, PathBuf};

/// The environment in which a task runs.
#[derive(Clone, Copy)]
pub struct TaskContext<'a> {
    /// The task manifest.
    pub manifest: &'a TaskManifest,
    /// The production's folder on this machine.
    pub root: &'a Path,
    /// The producer of all kinds.
    pub producer: &'a dyn JobProducer,
    /// The cancel token, which a signal sets.
    pub cancel: &'a CancelToken,
    /// The clock for limits and timeouts.
    pub clock: &'a dyn Clock,
    /// Ends child processes if this process is killed. If it is unset, nothing ends them.
    pub reaper: Option<&'a ProcessReaper>,
    /// Hides secrets in logs.
    pub secrets: &'a SecretRedactor,
    /// This machine's name.
    pub host: &'a str,
    /// The scheduler's name of this job; empty if the task was started by hand.
    pub scheduler_job: &'a str,
    /// The kernel's folder of processes, usually `/proc`, from which memory is measured.
    pub proc_folder: &'a Path,
}

/// The outcome of a call of [`run_task`].
#[derive(Debug)]
pub enum TaskRunOutcome {
    /// An attempt was made, and its result is written.
    Attempted(TaskResult),
    /// The task had succeeded before with the same inputs. The value is that result.
    AlreadyDone(TaskResult),
    /// The attempt was stopped on request, and left no result.
    Stopped,
    /// The run is closed, but the scheduler started the task anyway.
    RunClosed,
}

/// The inputs of a task, all of them visible on this machine.
struct ResolvedInputs {
    materials: InputFiles,
    snapshot: FileSnapshot,
    digest: Digest,
}

/// Makes one attempt at a task. If `attempt` is `None`, it is the next after the newest result.
/// `progress` receives the finished units and the number of all units.
///
/// # Errors
/// Fails if the manifest has no such task or is damaged, or if the store cannot be written. An
/// attempt that fails is no error: its result says so.
pub fn run_task(
    context: &TaskContext<'_>,
    task: TaskId,
    attempt: Option<u32>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<TaskRunOutcome, FarmError> {
    let record = context.manifest.read_record(task)?;
    for words in record.work.provider_commands() {
        context.secrets.learn_option_values(words);
    }
    // Only a scheduler starts tasks of a closed run by mistake. A person who runs the command by
    // hand wants the task to run.
    if !context.scheduler_job.is_empty() && context.manifest.folder.closed_marker_path().exists() {
        return Ok(TaskRunOutcome::RunClosed);
    }
    let newest = ResultListing::new(&context.manifest.folder).read_result(task);
    // Slurm passes the attempt, so that an element that is requeued stays the same attempt. Open
    // Job Description has no such number, and its own retries count up here.
    let number = attempt.unwrap_or_else(|| newest.as_ref().map_or(1, |newest| newest.attempt + 1));
    let attempt_folder = context.attempt_folder(task, number);
    // The outcome is not returned by `?` here: the scratch folder is removed also after an error.
    let outcome = context.attempt_task(&record, newest, number, &attempt_folder, progress);
    let _ = context
        .manifest
        .folder
        .layout
        .disk()
        .remove_all(&attempt_folder);
    outcome
}

impl TaskContext<'_> {
    fn attempt_folder(&self, task: TaskId, attempt: u32) -> PathBuf {
        // Host and process are in the name, because a requeued element may run on two machines for
        // a moment. They must not write into one folder.
        let name = format!("{task}.{attempt}.{}.{}", self.host, std::process::id());
        self.manifest.folder.scratch_folder().join(name)
    }

    fn attempt_task(
        &self,
        record: &TaskRecord,
        newest: Option<TaskResult>,
        attempt: u32,
        attempt_folder: &Path,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<TaskRunOutcome, FarmError> {
        let inputs = match self.resolve_inputs(record) {
            Ok(inputs) => inputs,
            // The wait was cut short by the signal. A result would report a failure to the run,
            // although the scheduler may only have moved the task to another machine.
            Err(_) if self.cancel.is_draining() => return Ok(TaskRunOutcome::Stopped),
            Err(verdict) => {
                return self.write_result(record, attempt, None, verdict, attempt_folder);
            }
        };
        // An administrator may requeue a task that has ended. Running it again would only replace
        // files by equal ones.
        if let Some(finished) = newest.filter(|newest| self.is_still_valid(newest, inputs.digest)) {
            return Ok(TaskRunOutcome::AlreadyDone(finished));
        }
        if let Err(failure) = self.check_provider(record) {
            return self.write_result(
                record,
                attempt,
                Some(inputs.digest),
                TaskVerdict::Failed(failure),
                attempt_folder,
            );
        }
        self.execute_task(record, &inputs, attempt, attempt_folder, progress)
    }

    /// Returns whether the result is a success with these inputs whose files are still in the
    /// store.
    fn is_still_valid(&self, result: &TaskResult, digest: Digest) -> bool {
        let blobs = self.blob_store();
        match &result.verdict {
            TaskVerdict::Succeeded(outputs) => {
                result.digest == Some(digest)
                    && outputs.outputs.iter().all(|output| blobs.is_intact(output))
            }
            TaskVerdict::Failed(_) | TaskVerdict::Unready(_) => false,
        }
    }

    /// Fails if this machine would make other files than the identity of the job stands for.
    fn check_provider(&self, record: &TaskRecord) -> Result<(), JobFailure> {
        // The provider is a part of the identity. Files of another renderer under that identity
        // would be reused in later runs as if they were the planned ones.
        let local_provider = self.producer.provider_identity(&record.work);
        if local_provider == record.provider || self.manifest.header.rules.mixed_hosts {
            return Ok(());
        }
        let message = format!(
            "run it as planned: the plan expects `{}`, and {} has `{local_provider}`, which makes other files. Use \
             machines that are alike, plan for what they have (`nodes` in the farm's profile; `production doctor --for-farm` on \
             one of them prints it), or allow both with `mixed_hosts: true`",
            record.provider, self.host
        );
        Err(JobFailure::new(FailureClass::MissingTool, message))
    }

    fn execute_task(
        &self,
        record: &TaskRecord,
        inputs: &ResolvedInputs,
        attempt: u32,
        attempt_folder: &Path,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<TaskRunOutcome, FarmError> {
        let folder = &self.manifest.folder;
        // A heartbeat in each poll period is enough: the process that follows the run reads no
        // more often.
        let heartbeat = HeartbeatWriter::new(
            folder,
            attempt_folder.to_owned(),
            self.manifest.header.farm.poll,
            self.clock.elapsed(),
        );
        let report_progress = |done: usize, total: usize| {
            progress(done, total);
            heartbeat.write_if_due(self.clock.elapsed(), || {
                self.build_heartbeat(record, attempt, done, total)
            });
        };
        let (attempted, memory) =
            self.run_job(record, inputs, attempt, attempt_folder, &report_progress);
        heartbeat.remove_file(record.task);
        // No result is written, so that the scheduler may start the same attempt again.
        let Some(verdict) = self.attempt_verdict(record, attempted.result) else {
            return Ok(TaskRunOutcome::Stopped);
        };
        let result = self.build_result(record, attempt, Some(inputs.digest), verdict);
        let result = TaskResult {
            seconds: attempted.seconds,
            memory,
            ..result
        };
        result.write(folder, attempt_folder)?;
        Ok(TaskRunOutcome::Attempted(result))
    }

    /// Runs the job as a local run would.
    fn run_job(
        &self,
        record: &TaskRecord,
        inputs: &ResolvedInputs,
        attempt: u32,
        attempt_folder: &Path,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> (AttemptResult, Option<PeakMemory>) {
        let header = &self.manifest.header;
        // There is no document on this machine, so every origin is the recorded place.
        let place = |_| record.place.clone();
        let worker_context = WorkerContext {
            producer: self.producer,
            blobs: &self.blob_store(),
            layout: &self.manifest.folder.layout,
            project_root: self.root,
            scratch: attempt_folder,
            snapshot: &inputs.snapshot,
            cancel: self.cancel,
            control: None,
            clock: self.clock,
            reaper: self.reaper,
            grace_period: header.rules.grace_period(),
            log_context: LogContext {
                revision: &header.revision,
                host: self.host,
                secrets: self.secrets,
                locate_origin: &place,
            },
        };
        run_attempt(
            &worker_context,
            &record.to_job(),
            &inputs.materials,
            attempt,
            header.rules.attempt_limits(),
            self.proc_folder,
            progress,
        )
    }

    /// Returns the verdict on what an attempt came to. `None` if it was stopped.
    fn attempt_verdict(
        &self,
        record: &TaskRecord,
        result: Result<StoredOutputs, JobFailure>,
    ) -> Option<TaskVerdict> {
        let mut outputs = match result {
            Ok(outputs) => outputs,
            Err(failure) if failure.class == FailureClass::Cancelled => return None,
            Err(failure) => return Some(TaskVerdict::Failed(failure)),
        };
        let local_provider = self.producer.provider_identity(&record.work);
        // Only `mixed_hosts: true` comes here with another provider. The files are accepted, and
        // the warning is the only trace of the difference.
        if local_provider != record.provider {
            outputs.warnings.push(format!(
                "planned for `{}`, done by `{local_provider}`",
                record.provider
            ));
        }
        Some(TaskVerdict::Succeeded(outputs))
    }

    /// Writes the result of an attempt that did not run.
    fn write_result(
        &self,
        record: &TaskRecord,
        attempt: u32,
        digest: Option<Digest>,
        verdict: TaskVerdict,
        attempt_folder: &Path,
    ) -> Result<TaskRunOutcome, FarmError> {
        let result = self.build_result(record, attempt, digest, verdict);
        result.write(&self.manifest.folder, attempt_folder)?;
        Ok(TaskRunOutcome::Attempted(result))
    }

    fn build_result(
        &self,
        record: &TaskRecord,
        attempt: u32,
        digest: Option<Digest>,
        verdict: TaskVerdict,
    ) -> TaskResult {
        TaskResult {
            version: TASK_MANIFEST_VERSION,
            task: record.task,
            job: record.name.to_string(),
            attempt,
            digest,
            verdict,
            seconds: 0.0,
            ended: self.clock.now(),
            host: self.host.to_owned(),
            engine: self.scheduler_job.to_owned(),
            memory: None,
        }
    }

    fn build_heartbeat(
        &self,
        record: &TaskRecord,
        attempt: u32,
        done: usize,
        total: usize,
    ) -> TaskHeartbeat {
        let task = record.task;
        let job = record.name.to_string();
        let host = self.host.to_owned();
        TaskHeartbeat {
            task,
            job,
            attempt,
            host,
            done,
            total,
            written_at: self.clock.now(),
        }
    }

    fn blob_store(&self) -> BlobStore {
        BlobStore::new(self.manifest.folder.layout.clone())
    }

    fn visibility_wait(&self) -> PollUntil<'_> {
        PollUntil {
            timeout: self.manifest.header.rules.lag_duration(),
            clock: self.clock,
            cancel: self.cancel,
        }
    }

    /// Waits for all inputs of the task. The digest is the identity with these inputs.
    fn resolve_inputs(&self, record: &TaskRecord) -> Result<ResolvedInputs, TaskVerdict> {
        let snapshot = self.wait_for_snapshot(record)?;
        let mut listing = ResultListing::new(&self.manifest.folder);
        // Digests are taken from results and not from files: blobs are named by their content, so
        // reading them again would only cost time.
        let mut materials = InputFiles::default();
        let mut contents = Vec::<(&InputSlot, Digest)>::new();
        for input in &record.inputs {
            let (files, digest) = match &input.from {
                TaskInputSource::File { path, digest } => {
                    (vec![InputFile::in_project(self.root, path)], *digest)
                }
                TaskInputSource::Stored(outputs) => {
                    (self.wait_for_blobs(outputs)?, outputs_digest(outputs))
                }
                TaskInputSource::Task(task) => {
                    let outputs = self.wait_for_outputs(*task, &mut listing)?;
                    (self.wait_for_blobs(&outputs)?, outputs_digest(&outputs))
                }
            };
            materials
                .files
                .entry(input.slot.clone())
                .or_default()
                .extend(files);
            contents.push((&input.slot, digest));
        }
        let digest = record.identity.with_inputs(contents);
        Ok(ResolvedInputs {
            materials,
            snapshot,
            digest,
        })
    }

    /// Returns what another task made, once its result can be seen.
    fn wait_for_outputs(
        &self,
        task: TaskId,
        listing: &mut ResultListing,
    ) -> Result<Vec<Artefact>, TaskVerdict> {
        let folder = &self.manifest.folder;
        let mut newest = listing.read_result(task);
        let outputs = self.visibility_wait().wait_for(|| {
            // A failed attempt may be retried while this task waits, so a failure does not end the
            // wait.
            if !newest.as_ref().is_some_and(TaskResult::is_success) {
                listing.refresh_shard(ResultShard::for_task(task));
                newest = listing.read_result(task);
            }
            match newest.as_ref().map(|newest| &newest.verdict) {
                Some(TaskVerdict::Succeeded(outputs)) => Some(outputs.outputs.clone()),
                _ => None,
            }
        });
        outputs.ok_or_else(|| {
            let reason = match newest.map(|newest| (newest.attempt, newest.job, newest.verdict)) {
                Some((
                    attempt,
                    job,
                    TaskVerdict::Failed(failure) | TaskVerdict::Unready(failure),
                )) => {
                    format!("attempt {attempt} at it ({job}) failed to {failure}")
                }
                _ => format!(
                    "it left no result; {}",
                    describe_folder(&folder.shard_folder(ResultShard::for_task(task)))
                ),
            };
            unready_verdict(format!(
                "start: it needs task {task}, and after {}: {reason}",
                self.lag_text()
            ))
        })
    }

    /// Returns the paths of these artefacts, once all of them are visible with their whole size.
    fn wait_for_blobs(&self, outputs: &[Artefact]) -> Result<Vec<InputFile>, TaskVerdict> {
        let layout = &self.manifest.folder.layout;
        let is_there = |path: &Path, size: u64| {
            // A network file system caches that a file was missing. Listing its folder clears that.
            let _ = path.parent().map(std::fs::read_dir);
            // The size is compared, because a new file may be visible before its content is.
            std::fs::metadata(path).is_ok_and(|facts| facts.len() == size)
        };
        outputs
            .iter()
            .filter(|output| output.is_handed_on())
            .map(|output| {
                let path = layout.blob_path(&output.digest);
                let visible = self
                    .visibility_wait()
                    .wait_for(|| is_there(&path, output.stamp.size).then_some(()));
                visible.ok_or_else(|| {
                    let folder = describe_folder(path.parent().unwrap_or(Path::new(".")));
                    let name = &output.name;
                    let size = output.stamp.size;
                    let what = path.display();
                    unready_verdict(format!(
                        "read {name} ({size} bytes) from the store as {what}: after {}, {folder}",
                        self.lag_text()
                    ))
                })?;
                Ok(InputFile::made_as(output, path))
            })
            .collect()
    }

    fn lag_text(&self) -> String {
        format!("{} s", self.manifest.header.rules.lag)
    }

    /// Returns the snapshot of the project's input files on this machine, if they are those of the
    /// plan.
    fn wait_for_snapshot(&self, record: &TaskRecord) -> Result<FileSnapshot, TaskVerdict> {
        let wanted = record.inputs.iter().filter_map(|input| match &input.from {
            TaskInputSource::File { path, digest } => Some((path.clone(), *digest)),
            _ => None,
        });
        let wanted: Vec<(PathBuf, Digest)> = wanted.collect();
        let paths: Vec<PathBuf> = wanted.iter().map(|(path, _)| path.clone()).collect();
        let layout = &self.manifest.folder.layout;
        let mut fault = String::new();
        let snapshot_taken = self.visibility_wait().wait_for(|| {
            FileSnapshot::hash_inputs(self.root, &paths, layout)
                .map_err(|error| fault = error.to_string())
                .ok()
        });
        // The last error names the file, which "not in time" alone would not.
        let Some(snapshot) = snapshot_taken else {
            return Err(unready_verdict(format!(
                "{fault}; looked for {}",
                self.lag_text()
            )));
        };
        // Another content is a failure and not a reason to wait: it would make other outputs under
        // the planned identity. Its class is not retried, because a person must copy the file.
        match wanted
            .iter()
            .find(|(path, digest)| snapshot.file_digest(path) != Some(*digest))
        {
            None => Ok(snapshot),
            Some((path, _)) => {
                let revision = &self.manifest.header.revision;
                let message = format!(
                    "use `{}`: on this machine it differs from the file that {revision} was planned with",
                    self.root.join(path).display()
                );
                Err(TaskVerdict::Failed(JobFailure::new(
                    FailureClass::MissingInput,
                    message,
                )))
            }
        }
    }
}

fn unready_verdict(message: String) -> TaskVerdict {
    // The class is one that is retried without spending an attempt: the task itself did nothing
    // wrong.
    TaskVerdict::Unready(JobFailure::new(FailureClass::HostLost, message))
}
