//! `production log --job`: prints the log of one attempt at a job: the output of its tools, and how
//! the attempt ended.

use crate::base::suggestions::did_you_mean;
use crate::cli::args::{LogArgs, ResultFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::event::{Event, JobStarted, JobSucceeded};
use crate::store::{StoreLayout, journal};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

/// The log of one attempt.
struct JobLogFile {
    revision: String,
    attempt: u32,
    /// Relative to the store.
    path: PathBuf,
}

/// What the journals record about one job.
#[derive(Default)]
struct JobLogIndex {
    /// Oldest first.
    logs: Vec<JobLogFile>,
    /// The newest revision that started the job.
    last_run: Option<String>,
    /// Every job that any run started, for suggestions.
    known_jobs: BTreeSet<String>,
}

pub(super) fn show_job_log(
    args: &LogArgs,
    job: &str,
    layout: &StoreLayout,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let index = JobLogIndex::read_journals(job, layout)?;
    // The newest log, because the last failure is what one looks for.
    let log = index
        .logs
        .iter()
        .rev()
        .find(|log| args.attempt.is_none_or(|attempt| log.attempt == attempt))
        .ok_or_else(|| index.no_log_error(job, args.attempt))?;
    let path = layout.root().join(&log.path);
    let bytes = std::fs::read(&path).map_err(|source| {
        CliError::io_error(
            format!("read {} of {}", path.display(), log.revision),
            source,
        )
    })?;
    // Tools print in any encoding. A log with replacement characters is better than an error.
    let text = String::from_utf8_lossy(&bytes);
    settings.print_stdout(&match args.format {
        ResultFormat::Text | ResultFormat::Short => text.into_owned(),
        ResultFormat::Json => json!({
            "job": job,
            "revision": log.revision,
            "attempt": log.attempt,
            "path": path.display().to_string(),
            "text": text,
        })
        .to_string(),
    });
    Ok(ExitCode::SUCCESS)
}

impl JobLogIndex {
    /// Reads every journal, the oldest run first.
    fn read_journals(job: &str, layout: &StoreLayout) -> Result<Self, CliError> {
        let mut index = Self::default();
        for path in journal::list_journals(layout)? {
            let revision = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            // Not every event that ends an attempt has its number, so it is that of the last start.
            // It begins anew with each journal: attempts are counted within a run.
            let mut started_attempt = 0;
            for event in journal::read_events(layout, &path)? {
                index.record_event(event, job, &revision, &mut started_attempt);
            }
        }
        Ok(index)
    }

    fn record_event(
        &mut self,
        event: Event,
        wanted: &str,
        revision: &str,
        started_attempt: &mut u32,
    ) {
        let (Event::JobSucceeded(JobSucceeded { job, log, .. })
        | Event::JobFailed { job, log, .. }
        | Event::JobRetried { job, log, .. }) = event
        else {
            if let Event::JobStarted(JobStarted { job, attempt, .. }) = event {
                if job == wanted {
                    *started_attempt = attempt;
                    self.last_run = Some(revision.to_owned());
                }
                self.known_jobs.insert(job);
            }
            return;
        };
        // An attempt whose tools printed nothing leaves no log, unless it failed.
        if let Some(path) = log.filter(|_| job == wanted) {
            self.logs.push(JobLogFile {
                revision: revision.to_owned(),
                attempt: *started_attempt,
                path,
            });
        }
    }

    /// Returns the error for a job or an attempt without a log.
    fn no_log_error(&self, job: &str, attempt: Option<u32>) -> CliError {
        let known_jobs = || self.known_jobs.iter().map(String::as_str);
        CliError::Usage(match (&self.last_run, attempt) {
            (Some(_), Some(attempt)) if !self.logs.is_empty() => {
                format!(
                    "find a log of attempt {attempt} of `{job}`: leave `--attempt` out for the last one"
                )
            }
            (Some(revision), _) => {
                format!(
                    "find a log of `{job}`: it last ran in {revision}, did not fail, and its tools printed nothing"
                )
            }
            (None, _) => {
                let hint = did_you_mean(job, known_jobs())
                    .map(|hint| format!("; {hint}"))
                    .unwrap_or_default();
                format!("find a run of job `{job}`{hint}")
            }
        })
    }
}
