//! Why single jobs run, wait, failed or are reused: the answer of `production explain JOB`, as data
//! and as text.

use super::cause::{describe_causes, describe_change};
use super::paint::TextPaint;
use super::text_format::{failure_class_label, format_duration, last_lines};
use crate::base::printable::flatten_escaped;
use crate::base::{Digest, SourceMap};
use crate::model::JobId;
use crate::plan::{JobChange, Plan, PlannedJob, RunReason, needed_jobs};
use crate::store::job_history::{JobHistory, JobIdentities, JobOutcome};
use serde::Serialize;

/// Most lines of a tool's output in one explanation.
const MAX_EVIDENCE_LINES: usize = 12;
/// Most jobs named in one line.
const MAX_NAMED_JOBS: usize = 4;

/// The explanation of one job.
#[derive(Debug, Clone, Serialize)]
pub struct JobExplanation<'a> {
    /// Its name.
    pub job: &'a str,
    /// `file:line:column` of what requests it; empty if no line of the document does.
    pub place: String,
    /// Why it runs or not.
    #[serde(flatten)]
    pub reason: &'a RunReason,
    /// The reason in words, one text for each cause.
    pub causes: Vec<String>,
    /// The upstream jobs that make it run, nearest first. The last one is the job that changed.
    pub chain: Vec<CauseStep<'a>>,
    /// What it waits for; `None` if no run is active or it has ended.
    pub waits: Option<String>,
    /// Its result in the last run that had it; `None` if it never ran.
    pub last: Option<LastOutcome<'a>>,
}

/// One upstream job between the explained job and the change.
#[derive(Debug, Clone, Serialize)]
pub struct CauseStep<'a> {
    /// Its name.
    pub job: &'a str,
    /// `file:line:column` of what asks for it.
    pub place: String,
    /// Why it runs.
    pub causes: Vec<String>,
}

/// The last recorded result of a job.
#[derive(Debug, Clone, Serialize)]
pub struct LastOutcome<'a> {
    /// Name of the run's revision.
    pub revision: &'a str,
    /// The result.
    #[serde(flatten)]
    pub fate: &'a JobOutcome,
    /// Why it was made then, one text for each cause. Left out if it was not made, or nothing
    /// records why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
}

/// The facts that explanations are made from.
pub struct JobExplainer<'a, 'c> {
    /// The plan of the whole production.
    pub plan: &'a Plan,
    /// Results of jobs in all runs, from the journals.
    pub chronicle: &'a JobHistory,
    /// Files of the document, for places.
    pub sources: &'a SourceMap,
    /// Whether another process runs this production now.
    pub is_running: bool,
    /// Returns what a job with the second of two identities was made from that the first was not.
    pub changes: &'c dyn Fn(Digest, Digest) -> Vec<JobChange>,
}

impl<'a> JobExplainer<'a, '_> {
    /// Returns the explanation of one job.
    #[must_use]
    pub fn explain_job(&self, id: JobId) -> JobExplanation<'a> {
        let planned = self.plan.job(id);
        let last = self.chronicle.outcomes.get(planned.job.name.as_str());
        JobExplanation {
            job: planned.job.name.as_str(),
            place: self.place_text(planned),
            reason: &planned.reason,
            causes: describe_causes(&planned.reason),
            chain: self.cause_chain(planned),
            // The last event of a job that was killed is also "started". Only the lock of the store
            // shows that a run is active.
            waits: self.waiting_reason(planned).filter(|_| self.is_running),
            last: last.map(|(revision, fate)| LastOutcome {
                revision,
                fate,
                causes: self.past_causes(planned.job.name.as_str(), fate),
            }),
        }
    }

    /// Returns why a job was made when it last was.
    fn past_causes(&self, job: &str, fate: &JobOutcome) -> Vec<String> {
        let identities = self.chronicle.identities.get(job);
        match (fate, identities) {
            (JobOutcome::Made { .. }, Some(JobIdentities { last, before })) => match before {
                None => vec!["never made before".to_owned()],
                Some(before) => {
                    let changes = (self.changes)(*before, *last);
                    changes.iter().map(describe_change).collect()
                }
            },
            _ => Vec::new(),
        }
    }

    fn place_text(&self, planned: &PlannedJob) -> String {
        let origin = planned.job.origin;
        if origin.is_empty() {
            String::new()
        } else {
            self.sources.format_position(origin)
        }
    }

    fn cause_chain(&self, planned: &'a PlannedJob) -> Vec<CauseStep<'a>> {
        // The reason names one upstream job, even if several will run. Following that one is enough
        // to reach a change, and the whole graph would be unreadable.
        let next = |planned: &'a PlannedJob| {
            let from = planned.reason.upstream_job()?;
            Some(
                self.plan
                    // An id and not a search by name: a plan has up to millions of jobs, a job has
                    // few inputs.
                    .job(
                        needed_jobs(&planned.job)
                            .into_iter()
                            .find(|need| self.plan.job(*need).job.name == from)?,
                    ),
            )
        };
        std::iter::successors(next(planned), |planned| next(planned))
            .map(|planned| {
                let causes = describe_causes(&planned.reason);
                CauseStep {
                    job: planned.job.name.as_str(),
                    place: self.place_text(planned),
                    causes,
                }
            })
            .collect()
    }

    fn waiting_reason(&self, planned: &PlannedJob) -> Option<String> {
        let latest_outcome = |job: &str| self.chronicle.newest_outcome(job);
        match latest_outcome(planned.job.name.as_str()) {
            Some(JobOutcome::Started { attempt }) => {
                return Some(format!("nothing: it runs now, try {attempt}"));
            }
            Some(JobOutcome::Retried {
                attempt,
                wait,
                class: kind,
                message,
            }) => {
                let cause = format!(
                    "{}: {}",
                    failure_class_label(*kind),
                    flatten_escaped(message)
                );
                return Some(format!(
                    "try {}, {} after the last ({cause})",
                    attempt + 1,
                    format_duration(*wait)
                ));
            }
            // It ended in this run, so it waits for nothing.
            Some(_) => return None,
            None => {}
        }
        let is_open = |job: &str| {
            !matches!(
                latest_outcome(job),
                Some(JobOutcome::Made { .. } | JobOutcome::Reused { .. })
            )
        };
        let needs = needed_jobs(&planned.job)
            .into_iter()
            .map(|need| self.plan.job(need).job.name.as_str());
        // The journal has no event for "ready". A job without an open input is ready, and only
        // resources can hold it back.
        let open: Vec<&str> = needs.filter(|job| is_open(job)).collect();
        if open.is_empty() {
            Some(self.resource_wait(planned))
        } else {
            Some(list_jobs(&open))
        }
    }

    fn resource_wait(&self, planned: &PlannedJob) -> String {
        let claim = &planned.job.claim;
        let running = self.plan.jobs().map(|(_, other)| other).filter(|other| {
            matches!(
                self.chronicle.newest_outcome(other.job.name.as_str()),
                Some(JobOutcome::Started { .. })
            )
        });
        // Events do not record which resource a job waits for. GPU slots are the scarcest, so a job
        // that claims one is assumed to wait for that.
        let on_gpu = claim.gpu > 0;
        let holders: Vec<&str> = running
            // A job without GPU slots cannot release one, so it is not named.
            .filter(|other| !on_gpu || other.job.claim.gpu > 0)
            .map(|other| other.job.name.as_str())
            .collect();
        let what = if on_gpu {
            "a GPU slot"
        } else {
            "a worker, cores or memory"
        };
        if holders.is_empty() {
            format!("{what}; it starts next")
        } else {
            format!("{what}, held by {}", list_jobs(&holders))
        }
    }
}

fn list_jobs(jobs: &[&str]) -> String {
    let shown: Vec<String> = jobs
        .iter()
        .take(MAX_NAMED_JOBS)
        .map(|job| flatten_escaped(job))
        .collect();
    let more = jobs.len().saturating_sub(MAX_NAMED_JOBS);
    let rest = if more == 0 {
        String::new()
    } else {
        format!(" and {more} more")
    };
    format!("{}{rest}", shown.join(", "))
}

/// Returns the explanation of one job for a terminal.
#[must_use]
pub fn job_explanation_text(explanation: &JobExplanation<'_>, colour: bool) -> String {
    let paint = TextPaint { colour };
    let mut text = job_headline(explanation.job, &explanation.place, paint);
    // A plan is a prediction: `run` decides when the inputs exist. So it says "will" and not
    // "must".
    let lead = if explanation.reason.is_dirty() {
        "will run"
    } else {
        "will not run"
    };
    text += &explanation
        .causes
        .iter()
        .map(|cause| format!("  {lead}: {cause}\n"))
        .collect::<String>();
    // Indented under the cause that they explain, and without a mark, because they are facts about
    // other jobs.
    for link in &explanation.chain {
        text += &link
            .causes
            .iter()
            .map(|cause| format!("    {}: {cause}\n", flatten_escaped(link.job)))
            .collect::<String>();
    }
    // Only the last job of the chain gets its place: there is the change that a person would look
    // at.
    if let Some(link) = explanation
        .chain
        .last()
        .filter(|link| !link.place.is_empty())
    {
        text += &format!("    asked for at {}\n", flatten_escaped(&link.place));
    }
    text += &explanation
        .waits
        .iter()
        .map(|what| format!("  waits for {what}\n"))
        .collect::<String>();
    text + &explanation
        .last
        .iter()
        .map(last_outcome_text)
        .collect::<String>()
}

fn job_headline(job: &str, place: &str, paint: TextPaint) -> String {
    let place = if place.is_empty() {
        String::new()
    } else {
        format!("  {}", paint.dimmed(&flatten_escaped(place)))
    };
    format!("{}{place}\n", paint.emphasis(&flatten_escaped(job)))
}

fn last_outcome_text(last: &LastOutcome<'_>) -> String {
    let outcome = match last.fate {
        JobOutcome::Started { attempt } => {
            format!("was started (try {attempt}) and left no result")
        }
        JobOutcome::Made { seconds } => format!("was made, in {}", format_duration(*seconds)),
        JobOutcome::Reused { pinned: false } => "was reused".to_owned(),
        JobOutcome::Reused { pinned: true } => {
            "was pinned, so its earlier result was reused (--pin)".to_owned()
        }
        JobOutcome::Retried {
            attempt,
            class: kind,
            message,
            ..
        } => {
            format!(
                "failed at try {attempt} ({}): {}",
                failure_class_label(*kind),
                flatten_escaped(message)
            )
        }
        JobOutcome::Skipped { because } => {
            format!("was skipped: {} did not succeed", flatten_escaped(because))
        }
        JobOutcome::Failed {
            class: kind,
            message,
            evidence,
            log,
        } => {
            // A last failure is explained here in full, because the screen of that run is long
            // gone.
            let lines = last_lines(evidence, MAX_EVIDENCE_LINES)
                .into_iter()
                .map(|line| format!("\n      {line}"));
            let log = log.iter().map(|log| {
                format!(
                    "\n      log: {}",
                    flatten_escaped(&log.display().to_string())
                )
            });
            format!(
                "failed ({}): {}{}",
                failure_class_label(*kind),
                flatten_escaped(message),
                lines.chain(log).collect::<String>()
            )
        }
    };
    let causes = last.causes.iter();
    let causes: String = causes.map(|cause| format!("    {cause}\n")).collect();
    format!("  in {} it {outcome}\n{causes}", last.revision)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FailureClass;
    use crate::report::test_plan;

    fn explanation_text(fates: &[(&str, JobOutcome)], is_running: bool, job: &str) -> String {
        let plan = test_plan::sample_plan();
        let sources = test_plan::sample_sources();
        let fates = fates
            .iter()
            .map(|(job, fate)| ((*job).to_owned(), ("rev-0001".to_owned(), fate.clone())));
        let chronicle = JobHistory {
            outcomes: fates.collect(),
            newest_run: Some("rev-0001".to_owned()),
            ..JobHistory::default()
        };
        let explainer = JobExplainer {
            plan: &plan,
            chronicle: &chronicle,
            sources: &sources,
            is_running,
            changes: &|_, _| Vec::new(),
        };
        let (id, _) = plan
            .jobs()
            .find(|(_, planned)| planned.job.name == job)
            .unwrap();
        job_explanation_text(&explainer.explain_job(id), false)
    }

    const MADE: JobOutcome = JobOutcome::Made { seconds: 2.0 };

    #[test]
    fn a_job_that_never_ran_is_explained_with_its_document_line() {
        let text = explanation_text(&[], false, "render.shot/sh020/1049-1072");
        assert_eq!(
            text,
            "render.shot/sh020/1049-1072  production.yaml:5:7\n  will run: never made before\n"
        );
    }

    #[test]
    fn a_job_whose_needs_are_open_waits_for_them() {
        let text = explanation_text(
            &[("asset.import/hero", JobOutcome::Started { attempt: 1 })],
            true,
            "render.sheet/Hero",
        );
        assert!(text.contains("waits for asset.import/hero\n"), "{text}");
    }

    #[test]
    fn a_ready_job_waits_for_resources_and_names_their_holders() {
        let fates = [
            ("asset.import/hero", MADE),
            ("render.plate/Archive", JobOutcome::Started { attempt: 1 }),
        ];
        let text = explanation_text(&fates, true, "render.sheet/Hero");
        assert!(
            text.contains("a worker, cores or memory, held by render.plate/Archive"),
            "{text}"
        );
    }

    #[test]
    fn a_failure_is_explained_with_class_and_evidence_and_a_skipped_job_names_it() {
        let class = FailureClass::BadOutput;
        let message = "render frame 1049: it is black".to_owned();
        let evidence = "vulkan: device lost".to_owned();
        let failed = JobOutcome::Failed {
            class,
            message,
            evidence,
            log: Some("runs/rev-0001/logs/a.log".into()),
        };
        let job = "render.shot/sh020/1049-1072";
        let text_of = |explained: &str| {
            let skipped = JobOutcome::Skipped {
                because: job.to_owned(),
            };
            explanation_text(
                &[
                    (job, failed.clone()),
                    ("grade.frames/sh020/1049-1072", skipped),
                ],
                false,
                explained,
            )
        };
        let text = text_of(job);
        assert!(text.contains("failed (bad output): render frame 1049: it is black\n      vulkan: device lost\n      log: runs/"), "{text}");
        assert!(
            text_of("grade.frames/sh020/1049-1072")
                .contains("was skipped: render.shot/sh020/1049-1072 did not succeed")
        );
    }

    #[test]
    fn a_job_that_backs_off_is_explained_with_time_and_reason() {
        let class = FailureClass::Crash;
        let message = "run ffmpeg".to_owned();
        let fates = [(
            "asset.import/hero",
            JobOutcome::Retried {
                attempt: 1,
                wait: 4.0,
                class,
                message,
            },
        )];
        let text = explanation_text(&fates, true, "asset.import/hero");
        assert!(
            text.contains("waits for try 2, 4.0s after the last (crash: run ffmpeg)"),
            "{text}"
        );
    }
}
