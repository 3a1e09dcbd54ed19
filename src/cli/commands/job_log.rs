//! `production log --job`: what the tools of one job printed, and how its attempt ended.

use crate::base::suggestions::did_you_mean;
use crate::cli::args::{Format, Log};
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::event::{Event, JobStarted, JobSucceeded};
use crate::store::{StoreLayout, journal};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

/// One log that a job left.
struct Left {
    revision: String,
    attempt: u32,
    path: PathBuf,
}

/// What the journals say of one job.
#[derive(Default)]
struct Heard {
    logs: Vec<Left>,
    /// The newest run that began it.
    ran: Option<String>,
    /// Every job that any run began.
    known: BTreeSet<String>,
}

pub(super) fn show(
    args: &Log,
    job: &str,
    layout: &StoreLayout,
    settings: &Settings,
) -> Result<ExitCode, CliError> {
    let heard = Heard::of(job, layout)?;
    let asked = |left: &&Left| args.attempt.is_none_or(|attempt| left.attempt == attempt);
    let left = heard
        .logs
        .iter()
        .rev()
        .find(asked)
        .ok_or_else(|| heard.nothing(job, args.attempt))?;
    let path = layout.root().join(&left.path);
    let bytes = std::fs::read(&path).map_err(|source| {
        CliError::io(
            format!("read {} of {}", path.display(), left.revision),
            source,
        )
    })?;
    let text = String::from_utf8_lossy(&bytes);
    settings.say(&match args.format {
        Format::Text => text.into_owned(),
        Format::Json => json!({
            "job": job,
            "revision": left.revision,
            "attempt": left.attempt,
            "path": path.display().to_string(),
            "text": text,
        })
        .to_string(),
    });
    Ok(ExitCode::SUCCESS)
}

impl Heard {
    /// Reads every journal, oldest run first.
    fn of(job: &str, layout: &StoreLayout) -> Result<Self, CliError> {
        let mut heard = Self::default();
        for path in journal::list_journals(layout)? {
            let revision = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let mut begun = 0;
            for event in journal::read_events(layout, &path)? {
                heard.note(event, job, &revision, &mut begun);
            }
        }
        Ok(heard)
    }

    fn note(&mut self, event: Event, wanted: &str, revision: &str, begun: &mut u32) {
        let (Event::JobSucceeded(JobSucceeded { job, log, .. })
        | Event::JobFailed { job, log, .. }
        | Event::JobRetried { job, log, .. }) = event
        else {
            if let Event::JobStarted(JobStarted { job, attempt, .. }) = event {
                if job == wanted {
                    (*begun, self.ran) = (attempt, Some(revision.to_owned()));
                }
                self.known.insert(job);
            }
            return;
        };
        if let Some(path) = log.filter(|_| job == wanted) {
            self.logs.push(Left {
                revision: revision.to_owned(),
                attempt: *begun,
                path,
            });
        }
    }

    /// Returns why there is nothing to show.
    fn nothing(&self, job: &str, attempt: Option<u32>) -> CliError {
        let known = || self.known.iter().map(String::as_str);
        CliError::Usage(match (&self.ran, attempt) {
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
                let hint = did_you_mean(job, known())
                    .map(|hint| format!("; {hint}"))
                    .unwrap_or_default();
                format!("find a run of job `{job}`{hint}")
            }
        })
    }
}
