//! One job on a worker thread: make room, perform, check, and move what was made into the store.

use crate::base::{Cancel, Clock};
use crate::model::{Artefact, Feed, Job, JobId, Materials};
use crate::producers::{Assignment, Failure, FailureClass, Finished, Perform};
use crate::store::{Blobs, Layout, Snapshot};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};

/// Everything workers share, all of it read only.
pub struct Workshop<'a> {
    /// Who does the work.
    pub crew: &'a dyn Perform,
    /// Where outputs go.
    pub blobs: &'a Blobs,
    /// Where the store lies.
    pub layout: &'a Layout,
    /// The production's folder.
    pub root: &'a Path,
    /// The input files as they were when the run began.
    pub snapshot: &'a Snapshot,
    /// Asked to stop the whole run.
    pub cancel: &'a Cancel,
    /// Measures how long jobs take.
    pub clock: &'a dyn Clock,
}

/// What a worker sends back.
pub(super) struct Made {
    pub(super) outputs: Vec<Artefact>,
    pub(super) provider: String,
    pub(super) mode: crate::model::Mode,
    pub(super) warnings: Vec<String>,
}

impl Workshop<'_> {
    /// Does one job from start to finish.
    pub(super) fn run(
        &self,
        id: JobId,
        job: &Job,
        materials: &Materials,
        cancel: &Cancel,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Made, Failure> {
        let scratch = self.layout.scratch().join(format!("job-{}", id.0));
        let made = self.run_in(&scratch, job, materials, cancel, progress);
        let _ = self.layout.disk().remove_all(&scratch);
        made
    }

    fn run_in(
        &self,
        scratch: &Path,
        job: &Job,
        materials: &Materials,
        cancel: &Cancel,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Made, Failure> {
        let disk = self.layout.disk();
        let room = disk.remove_all(scratch).and_then(|()| disk.make_folders(scratch));
        room.map_err(|error| Failure::io("make a folder to work in", &error))?;
        let assignment = Assignment { work: &job.work, materials, scratch, cancel, progress };
        let finished = self.perform(&assignment)?;
        self.crew.check(&job.work, &finished.outputs)?;
        self.inputs_unchanged(job)?;
        self.keep(finished)
    }

    /// A producer that panics fails its job and nothing else.
    fn perform(&self, assignment: &Assignment<'_>) -> Result<Finished, Failure> {
        let caught = std::panic::catch_unwind(AssertUnwindSafe(|| self.crew.perform(assignment)));
        caught.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
            Err(Failure::new(FailureClass::Crash, format!("the producer panicked: {text}")))
        })
    }

    fn inputs_unchanged(&self, job: &Job) -> Result<(), Failure> {
        let changed = job.inputs.iter().find_map(|input| match &input.from {
            Feed::File(path) if !self.snapshot.still_holds(self.layout, self.root, path) => Some(path),
            _ => None,
        });
        changed.map_or(Ok(()), |path: &PathBuf| {
            let message = format!("`{}` changed while the run was going; run again", path.display());
            Err(Failure::new(FailureClass::MissingInput, message))
        })
    }

    fn keep(&self, finished: Finished) -> Result<Made, Failure> {
        let files: Vec<_> =
            finished.outputs.iter().map(|made| (made.name.as_str(), made.path.as_path())).collect();
        let outputs = self.blobs.ingest(&files).map_err(store_failure)?;
        Ok(Made { outputs, provider: finished.provider, mode: finished.mode, warnings: finished.warnings })
    }
}

fn store_failure(error: crate::store::StoreError) -> Failure {
    match error {
        crate::store::StoreError::Io { what, path, source } => {
            Failure::io(&format!("{what} {}", path.display()), &source)
        }
        other => Failure::new(FailureClass::Crash, other.to_string()),
    }
}
