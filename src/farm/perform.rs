//! One attempt at one task, on whichever machine an engine chose: wait for what it needs, do it as a local run would, leave
//! the result.

use super::header::VERSION;
use super::listing::{Listing, Shard};
use super::manifest::{FarmError, TaskManifest};
use super::patience::{Patience, seen_in};
use super::pulse::{Beat, Pulse};
use super::record::{Record, Source};
use super::result::{TaskResult, Verdict};
use super::tasks::TaskId;
use crate::base::{CancelToken, Clock, Digest};
use crate::execute::{LogContext, WorkerContext, run_attempt};
use crate::model::{Artefact, InputFile, InputFiles, InputSlot};
use crate::plan::outputs_digest;
use crate::process::{ProcessReaper, SecretRedactor};
use crate::producers::{FailureClass, JobFailure, JobProducer};
use crate::store::{BlobStore, FileSnapshot};
use std::path::{Path, PathBuf};

/// Where and with what a task is done.
#[derive(Clone, Copy)]
pub struct Station<'a> {
    /// The manifest.
    pub manifest: &'a TaskManifest,
    /// The production's folder on this machine.
    pub root: &'a Path,
    /// Who does the work.
    pub crew: &'a dyn JobProducer,
    /// Asked to stop.
    pub cancel: &'a CancelToken,
    /// Measures time.
    pub clock: &'a dyn Clock,
    /// Ends child processes when we are killed ourselves.
    pub keeper: Option<&'a ProcessReaper>,
    /// What must not be written down.
    pub secrets: &'a SecretRedactor,
    /// This machine's name.
    pub host: &'a str,
    /// What the engine calls this job; empty when there is none.
    pub engine: &'a str,
    /// The kernel's folder of processes, to measure memory by.
    pub processes: &'a Path,
}

/// What became of the call.
#[derive(Debug)]
pub enum Performed {
    /// An attempt was made; its result is written.
    Attempted(TaskResult),
    /// The task has been done before, from the same inputs.
    Already(TaskResult),
    /// It was stopped on request, and left no result.
    Stopped,
    /// The run is over, and an engine that had forgotten so started it all the same.
    Over,
}

/// What a task begins with.
struct Ready {
    materials: InputFiles,
    snapshot: FileSnapshot,
    digest: Digest,
}

/// Makes one attempt at a task: that of this number, or else the next.
///
/// # Errors
/// Fails when the manifest has no such task or is damaged, or the store cannot be written. A failed attempt is a result.
pub fn perform(
    station: &Station<'_>,
    task: TaskId,
    attempt: Option<u32>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Performed, FarmError> {
    let record = station.manifest.record(task)?;
    if !station.engine.is_empty() && station.manifest.folder.over().exists() {
        return Ok(Performed::Over);
    }
    let newest = Listing::new(&station.manifest.folder).read(task);
    let number = attempt.unwrap_or_else(|| newest.as_ref().map_or(1, |newest| newest.attempt + 1));
    let desk = station.desk(task, number);
    let performed = station.attempt(&record, newest, number, &desk, progress);
    let _ = station.manifest.folder.layout.disk().remove_all(&desk);
    performed
}

impl Station<'_> {
    fn desk(&self, task: TaskId, attempt: u32) -> PathBuf {
        let name = format!("{task}.{attempt}.{}.{}", self.host, std::process::id());
        self.manifest.folder.scratch().join(name)
    }

    fn attempt(
        &self,
        record: &Record,
        newest: Option<TaskResult>,
        attempt: u32,
        desk: &Path,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Performed, FarmError> {
        let ready = match self.gather(record) {
            Ok(ready) => ready,
            Err(_) if self.cancel.is_draining() => return Ok(Performed::Stopped),
            Err(verdict) => return self.leave(record, attempt, None, verdict, desk),
        };
        if let Some(done) = newest.filter(|newest| self.still_counts(newest, ready.digest)) {
            return Ok(Performed::Already(done));
        }
        if let Err(failure) = self.fits(record) {
            return self.leave(
                record,
                attempt,
                Some(ready.digest),
                Verdict::Failed(failure),
                desk,
            );
        }
        self.work(record, &ready, attempt, desk, progress)
    }

    fn still_counts(&self, result: &TaskResult, digest: Digest) -> bool {
        let blobs = self.blobs();
        match &result.verdict {
            Verdict::Succeeded(made) => {
                result.digest == Some(digest)
                    && made.outputs.iter().all(|output| blobs.is_intact(output))
            }
            Verdict::Failed(_) | Verdict::Unready(_) => false,
        }
    }

    /// Refuses work whose outcome would be another than its identity says.
    fn fits(&self, record: &Record) -> Result<(), JobFailure> {
        let here = self.crew.provider_identity(&record.work);
        if here == record.provider || self.manifest.header.rules.mixed_hosts {
            return Ok(());
        }
        let message = format!(
            "do it as planned: it was planned for `{}`, and {} has `{here}`, which makes other files of it. Send it to \
             machines that are alike, plan for what they have (`nodes` in the farm's profile; `production doctor --for-farm` on \
             one of them prints it), or allow both with `mixed_hosts: true`",
            record.provider, self.host
        );
        Err(JobFailure::new(FailureClass::MissingTool, message))
    }

    fn work(
        &self,
        record: &Record,
        ready: &Ready,
        attempt: u32,
        desk: &Path,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Performed, FarmError> {
        let (header, folder) = (&self.manifest.header, &self.manifest.folder);
        let place = |_| record.place.clone();
        let workshop = WorkerContext {
            producer: self.crew,
            blobs: &self.blobs(),
            layout: &folder.layout,
            project_root: self.root,
            scratch: desk,
            snapshot: &ready.snapshot,
            cancel: self.cancel,
            clock: self.clock,
            reaper: self.keeper,
            grace_period: header.rules.grace(),
            log_context: LogContext {
                revision: &header.revision,
                host: self.host,
                secrets: self.secrets,
                locate_origin: &place,
            },
        };
        let limits = header.rules.limits();
        let job = record.job();
        let beat = Beat::new(
            folder,
            desk.to_owned(),
            header.farm.poll,
            self.clock.elapsed(),
        );
        let told = |done: usize, of: usize| {
            progress(done, of);
            beat.beat(self.clock.elapsed(), || {
                self.pulse(record, attempt, (done, of))
            });
        };
        let (attempted, memory) = run_attempt(
            &workshop,
            &job,
            &ready.materials,
            attempt,
            limits,
            self.processes,
            &told,
        );
        beat.end(record.task);
        let verdict = match attempted.result {
            Err(failure) if failure.class == FailureClass::Cancelled => {
                return Ok(Performed::Stopped);
            }
            Err(failure) => Verdict::Failed(failure),
            Ok(mut made) => {
                let here = self.crew.provider_identity(&record.work);
                if here != record.provider {
                    made.warnings.push(format!(
                        "planned for `{}`, done by `{here}`",
                        record.provider
                    ));
                }
                Verdict::Succeeded(made)
            }
        };
        let result = self.result(record, attempt, Some(ready.digest), verdict);
        let result = TaskResult {
            seconds: attempted.seconds,
            memory,
            ..result
        };
        result.write(folder, desk)?;
        Ok(Performed::Attempted(result))
    }

    fn leave(
        &self,
        record: &Record,
        attempt: u32,
        digest: Option<Digest>,
        verdict: Verdict,
        desk: &Path,
    ) -> Result<Performed, FarmError> {
        let result = self.result(record, attempt, digest, verdict);
        result.write(&self.manifest.folder, desk)?;
        Ok(Performed::Attempted(result))
    }

    fn result(
        &self,
        record: &Record,
        attempt: u32,
        digest: Option<Digest>,
        verdict: Verdict,
    ) -> TaskResult {
        TaskResult {
            version: VERSION,
            task: record.task,
            job: record.name.clone(),
            attempt,
            digest,
            verdict,
            seconds: 0.0,
            ended: self.clock.now(),
            host: self.host.to_owned(),
            engine: self.engine.to_owned(),
            memory: None,
        }
    }

    fn pulse(&self, record: &Record, attempt: u32, (done, of): (usize, usize)) -> Pulse {
        let (task, job, host) = (record.task, record.name.clone(), self.host.to_owned());
        Pulse {
            task,
            job,
            attempt,
            host,
            done,
            of,
            at: self.clock.now(),
        }
    }

    fn blobs(&self) -> BlobStore {
        BlobStore::new(self.manifest.folder.layout.clone())
    }

    fn patience(&self) -> Patience<'_> {
        Patience {
            most: self.manifest.header.rules.lag(),
            clock: self.clock,
            cancel: self.cancel,
        }
    }

    /// Waits for everything that the task needs.
    fn gather(&self, record: &Record) -> Result<Ready, Verdict> {
        let snapshot = self.snapshot(record)?;
        let mut listing = Listing::new(&self.manifest.folder);
        let (mut materials, mut contents) =
            (InputFiles::default(), Vec::<(&InputSlot, Digest)>::new());
        for input in &record.inputs {
            let (files, digest) = match &input.from {
                Source::File { path, digest } => (vec![self.file(path)], *digest),
                Source::Made(outputs) => (self.blobs_of(outputs)?, outputs_digest(outputs)),
                Source::Task(task) => {
                    let outputs = self.outputs_of(*task, &mut listing)?;
                    (self.blobs_of(&outputs)?, outputs_digest(&outputs))
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
        Ok(Ready {
            materials,
            snapshot,
            digest,
        })
    }

    fn file(&self, path: &Path) -> InputFile {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        InputFile {
            name,
            path: self.root.join(path),
        }
    }

    /// Returns what another task made, once its result can be seen.
    fn outputs_of(&self, task: TaskId, listing: &mut Listing) -> Result<Vec<Artefact>, Verdict> {
        let folder = &self.manifest.folder;
        let mut newest = listing.read(task);
        let seen = self.patience().until(|| {
            if !newest.as_ref().is_some_and(TaskResult::is_success) {
                listing.again(Shard::of(task));
                newest = listing.read(task);
            }
            match newest.as_ref().map(|newest| &newest.verdict) {
                Some(Verdict::Succeeded(made)) => Some(made.outputs.clone()),
                _ => None,
            }
        });
        seen.ok_or_else(|| {
            let why = match newest.map(|newest| (newest.attempt, newest.job, newest.verdict)) {
                Some((attempt, job, Verdict::Failed(failure) | Verdict::Unready(failure))) => {
                    format!("attempt {attempt} at it ({job}) failed to {failure}")
                }
                _ => format!("it left no result; {}", seen_in(&folder.shard(task))),
            };
            unready(format!(
                "begin: it needs task {task}, and after {}: {why}",
                self.waited()
            ))
        })
    }

    /// Returns where files of the store lie, once all of them can be seen in full.
    fn blobs_of(&self, outputs: &[Artefact]) -> Result<Vec<InputFile>, Verdict> {
        let layout = &self.manifest.folder.layout;
        let is_there = |path: &Path, size: u64| {
            // Listing makes a network file system forget that the file was not there.
            let _ = path.parent().map(std::fs::read_dir);
            std::fs::metadata(path).is_ok_and(|facts| facts.len() == size)
        };
        let one = |output: &Artefact| {
            let path = layout.blob_path(&output.digest);
            let seen = self
                .patience()
                .until(|| is_there(&path, output.stamp.size).then_some(()));
            seen.ok_or_else(|| {
                let folder = seen_in(path.parent().unwrap_or(Path::new(".")));
                let (name, size) = (&output.name, output.stamp.size);
                let what = path.display();
                unready(format!(
                    "read {name} ({size} bytes) from the store as {what}: after {}, {folder}",
                    self.waited()
                ))
            })?;
            Ok(InputFile {
                name: output.name.clone(),
                path,
            })
        };
        outputs
            .iter()
            .filter(|output| output.is_handed_on())
            .map(one)
            .collect()
    }

    fn waited(&self) -> String {
        format!("{} s", self.manifest.header.rules.lag)
    }

    /// Returns the project's files as they are here, if they are what they were when the run was planned.
    fn snapshot(&self, record: &Record) -> Result<FileSnapshot, Verdict> {
        let wanted = record.inputs.iter().filter_map(|input| match &input.from {
            Source::File { path, digest } => Some((path.clone(), *digest)),
            _ => None,
        });
        let wanted: Vec<(PathBuf, Digest)> = wanted.collect();
        let paths: Vec<PathBuf> = wanted.iter().map(|(path, _)| path.clone()).collect();
        let layout = &self.manifest.folder.layout;
        let mut fault = String::new();
        let taken = self.patience().until(|| {
            FileSnapshot::hash_inputs(self.root, &paths, layout)
                .map_err(|error| fault = error.to_string())
                .ok()
        });
        let Some(snapshot) = taken else {
            return Err(unready(format!("{fault}; looked for {}", self.waited())));
        };
        match wanted
            .iter()
            .find(|(path, digest)| snapshot.file_digest(path) != Some(*digest))
        {
            None => Ok(snapshot),
            Some((path, _)) => {
                let revision = &self.manifest.header.revision;
                let message = format!(
                    "use `{}`: here it is another file than when {revision} was planned",
                    self.root.join(path).display()
                );
                Err(Verdict::Failed(JobFailure::new(
                    FailureClass::MissingInput,
                    message,
                )))
            }
        }
    }
}

fn unready(message: String) -> Verdict {
    Verdict::Unready(JobFailure::new(FailureClass::HostLost, message))
}
