//! Records what each job that was made is made from, for later plans to compare with.
//!
//! A sink: it follows the run by its events and decides nothing. If its file cannot be written, it
//! stops recording. Later plans then name no detail for these jobs, and nothing else is lost.

use crate::base::Digest;
use crate::event::{Event, EventSink, JobReused, JobSucceeded};
use crate::model::JobId;
use crate::plan::{Plan, job_provenance, outputs_digest};
use crate::process::SecretRedactor;
use crate::store::{FileSnapshot, RunHistory, provenance::ProvenanceWriter as File};
use std::collections::HashMap;

/// Follows one run.
pub struct ProvenanceSink<'a> {
    plan: &'a Plan,
    history: &'a RunHistory,
    snapshot: &'a FileSnapshot,
    secrets: &'a SecretRedactor,
    ids_by_name: HashMap<&'a str, JobId>,
    /// The digest of what each job made, by job id. `None`: it was not made yet.
    contents: Vec<Option<Digest>>,
    file: Option<File>,
}

impl<'a> ProvenanceSink<'a> {
    /// Returns the sink for a run of `plan`, which writes to `file`.
    #[must_use]
    pub fn new(
        plan: &'a Plan,
        history: &'a RunHistory,
        snapshot: &'a FileSnapshot,
        secrets: &'a SecretRedactor,
        file: File,
    ) -> Self {
        let ids_by_name = plan
            .jobs()
            .map(|(id, planned)| (planned.job.name.as_str(), id))
            .collect();
        Self {
            plan,
            history,
            snapshot,
            secrets,
            ids_by_name,
            contents: vec![None; plan.len()],
            file: Some(file),
        }
    }

    fn record_job(&mut self, id: JobId, identity: Digest) {
        let planned = self.plan.job(id);
        let mut provenance = job_provenance(
            &planned.job,
            &planned.provider,
            |need: JobId| self.plan.job(need).job.name.to_string(),
            |need: JobId| self.contents[need.index()],
            |path| self.snapshot.file_digest(path),
        );
        // A variable of the document may hold a password, and this file lives as long as the
        // store.
        self.secrets.redact_json(&mut provenance.parameters);
        // The first error ends the recording. Trying again for every job of a long run would only
        // repeat it, and no render may fail for a cache.
        if let Some(file) = &mut self.file
            && file.record_job(identity, provenance).is_err()
        {
            self.file = None;
        }
    }
}

impl EventSink for ProvenanceSink<'_> {
    fn record_event(&mut self, event: &Event) {
        match event {
            Event::JobSucceeded(JobSucceeded {
                job,
                digest,
                outputs,
                ..
            }) => {
                let Some(id) = self.ids_by_name.get(job.as_str()).copied() else {
                    return;
                };
                self.contents[id.index()] = Some(outputs_digest(outputs));
                self.record_job(id, *digest);
            }
            Event::JobReused(JobReused { job, digest, .. }) => {
                let Some(id) = self.ids_by_name.get(job.as_str()).copied() else {
                    return;
                };
                // A reused job is not recorded again: the run that made it did that. Its content is
                // noted, because jobs behind it that run have it as an input.
                let record = self.history.records.get(digest);
                self.contents[id.index()] = record.map(|record| outputs_digest(&record.outputs));
            }
            _ => {}
        }
    }
}
