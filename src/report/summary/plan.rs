//! What a plan will do, by phase, and why: how many jobs run for which reason, and what is behind it.

use super::columns::{Align, columns};
use crate::plan::RunReason;
use crate::report::cause::causes;
use crate::report::figures::{count, harmless, number};
use crate::report::paint::Paint;
use crate::report::plan_facts::{PlanCounts, PlanFacts, PlanPhase, PlannedFacts};
use std::collections::HashMap;

/// Most causes written out.
const CAUSES: usize = 12;

/// Returns the table of a plan: jobs by phase, how many will run, for what reasons, and the causes behind them. With
/// `all`, every job follows.
#[must_use]
pub fn plan(facts: &PlanFacts<'_>, all: bool, colour: bool) -> String {
    let paint = Paint { colour };
    let heading = ["Phase", "jobs", "to run", "why"]
        .map(str::to_owned)
        .to_vec();
    let rows: Vec<Vec<String>> = std::iter::once(heading)
        .chain(facts.phases.iter().map(row))
        .collect();
    let table = columns(
        &rows,
        &[Align::Left, Align::Right, Align::Right, Align::Left],
        true,
        paint,
    );
    let jobs = if all {
        every_job(facts, paint)
    } else {
        why(facts, paint)
    };
    format!("{}\n\n{table}{jobs}", headline(facts, paint))
}

fn headline(facts: &PlanFacts<'_>, paint: Paint) -> String {
    let PlanCounts {
        total,
        run,
        reused,
        pinned,
    } = facts.counts;
    let pinned = if pinned == 0 {
        String::new()
    } else {
        format!(", {} pinned", number(pinned))
    };
    let title = paint.strong(&harmless(facts.production));
    let jobs = format!(
        "{}: {} to run, {} already made",
        count(total, "job"),
        number(run),
        number(reused)
    );
    format!("{title}  {jobs}{pinned}  {}", paint.faint(&facts.revision))
}

fn row(phase: &PlanPhase) -> Vec<String> {
    let why: Vec<String> = phase
        .words
        .iter()
        .map(|(word, count)| format!("{} {word}", number(*count)))
        .collect();
    vec![
        phase.phase.name().to_owned(),
        number(phase.jobs),
        number(phase.run),
        why.join(", "),
    ]
}

/// Returns the causes that are more than one job running after another, each with the jobs that it concerns.
fn why(facts: &PlanFacts<'_>, paint: Paint) -> String {
    let groups = groups(facts);
    let row = |(cause, jobs): &(String, Vec<_>)| group(cause, jobs, paint);
    let rows: Vec<Vec<String>> = groups.iter().take(CAUSES).map(row).collect();
    let table = columns(
        &rows,
        &[Align::Left, Align::Left, Align::Left],
        false,
        paint,
    );
    let more = match groups.len().saturating_sub(CAUSES) {
        0 => String::new(),
        more => format!("  and {} more; --all shows every job\n", number(more)),
    };
    if groups.is_empty() {
        more
    } else {
        format!("\n{}\n{table}{more}", paint.strong("Why"))
    }
}

/// Returns the causes in the order in which they first appear, each with its jobs.
fn groups<'a>(facts: &'a PlanFacts<'_>) -> Vec<(String, Vec<&'a PlannedFacts<'a>>)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<(String, Vec<&PlannedFacts<'_>>)> = Vec::new();
    for job in facts.jobs.iter().filter(|job| is_cause(job.reason)) {
        for cause in causes(job.reason) {
            let place = *places.entry(cause).or_insert_with_key(|cause| {
                groups.push((cause.clone(), Vec::new()));
                groups.len() - 1
            });
            groups[place].1.push(job);
        }
    }
    groups
}

fn is_cause(reason: &RunReason) -> bool {
    reason.upstream_job().is_none() && !matches!(reason, RunReason::Reused | RunReason::Initial)
}

fn group(cause: &str, jobs: &[&PlannedFacts<'_>], paint: Paint) -> Vec<String> {
    let (first, more) = (jobs.first(), jobs.len().saturating_sub(1));
    let name = first.map(|job| harmless(job.job)).unwrap_or_default();
    let names = if more == 0 {
        name
    } else {
        format!("{name} and {} more", number(more))
    };
    let place = first
        .map(|job| paint.faint(&harmless(&job.place)))
        .unwrap_or_default();
    vec![cause.to_owned(), names, place]
}

fn every_job(facts: &PlanFacts<'_>, paint: Paint) -> String {
    let row = |job: &PlannedFacts<'_>| vec![harmless(job.job), causes(job.reason).join("; ")];
    let rows: Vec<Vec<String>> = facts.jobs.iter().map(row).collect();
    format!(
        "\n{}",
        columns(&rows, &[Align::Left, Align::Left], false, paint)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{JobChange, JobSelection};
    use crate::report::fixture;
    use serde_json::json;

    fn shown(all: bool) -> String {
        let plan = fixture::planned();
        let (sources, selection) = (fixture::sources(), JobSelection::default());
        let named = ("rev-0002".to_owned(), None);
        let mut facts = PlanFacts::gather(
            &plan,
            "The Last Tape",
            &selection,
            named,
            &fixture::estimate(),
            &sources,
        );
        let (old, new) = (json!(85.0), json!(60.0));
        let lens = JobChange::Parameter {
            name: "staging.camera.lens_mm".into(),
            old,
            new,
        };
        let changed = RunReason::InputsHashChanged {
            changes: vec![lens],
        };
        let after = RunReason::Propagated {
            from: "render.shot/sh020/1049-1072".into(),
        };
        for job in &mut facts.jobs {
            job.reason = match job.job {
                name if name.starts_with("render.shot/sh020") => &changed,
                name if name.contains("sh020") => &after,
                _ => &RunReason::Reused,
            };
        }
        facts.count();
        super::plan(&facts, all, false)
    }

    #[test]
    fn a_plan_shows_jobs_by_phase_with_their_reasons_and_the_causes() {
        insta::assert_snapshot!(shown(false));
    }

    #[test]
    fn every_job_of_a_plan_can_be_listed_with_its_reason() {
        insta::assert_snapshot!(shown(true));
    }
}
