//! Summary of a plan: number of jobs by phase and reason, and the causes behind them.

use crate::base::printable::flatten_escaped;
use crate::plan::RunReason;
use crate::report::cause::describe_causes;
use crate::report::paint::TextPaint;
use crate::report::plan_facts::{PlanCounts, PlanFacts, PlanPhase, PlannedJobFacts};
use crate::report::text_format::{format_count, format_number};
use crate::report::text_table::{ColumnAlign, format_columns};
use crate::report::{SilenceFacts, TierFacts};
use std::collections::HashMap;

/// Most causes that are listed.
const MAX_CAUSES: usize = 12;

/// Returns the table of a plan: jobs by phase, how many will run, their reasons and causes.
/// `all_jobs` lists every job in place of the causes.
#[must_use]
pub fn plan_table(facts: &PlanFacts<'_>, all_jobs: bool, colour: bool) -> String {
    let paint = TextPaint { colour };
    let heading = ["Phase", "jobs", "to run", "why"]
        .map(str::to_owned)
        .to_vec();
    let rows: Vec<Vec<String>> = std::iter::once(heading)
        .chain(facts.phases.iter().map(phase_row))
        .collect();
    let table = format_columns(
        &rows,
        &[
            ColumnAlign::Left,
            ColumnAlign::Right,
            ColumnAlign::Right,
            ColumnAlign::Left,
        ],
        true,
        paint,
    );
    let jobs = if all_jobs {
        every_job(facts, paint)
    } else {
        causes_table(facts, paint)
    };
    let presets = changed_presets(facts);
    format!("{}\n\n{table}{jobs}{presets}", plan_headline(facts, paint))
}

/// Returns a line for each preset that changed since the last run.
fn changed_presets(facts: &PlanFacts<'_>) -> String {
    let lines = facts.changed_presets.iter().map(|preset| {
        let place = match preset.place.as_str() {
            "" => "it is gone",
            place => place,
        };
        format!(
            "  changed since the last run: `{}` of presets/{}.yaml  {}\n",
            flatten_escaped(&preset.name),
            flatten_escaped(&preset.kind),
            flatten_escaped(place)
        )
    });
    lines.collect()
}

/// Returns the plan as a line, and a line with the causes of each job that will run.
#[must_use]
pub fn plan_lines(facts: &PlanFacts<'_>) -> String {
    let headline = plan_headline(facts, TextPaint { colour: false });
    let mut text = headline.replace("\n  ", "  ") + "\n";
    for job in facts.jobs.iter().filter(|job| job.reason.is_dirty()) {
        let causes = describe_causes(job.reason).join("; ");
        text += &format!("{}: {causes}\n", flatten_escaped(job.job));
    }
    text
}

fn plan_headline(facts: &PlanFacts<'_>, paint: TextPaint) -> String {
    let PlanCounts {
        total,
        run,
        reused,
        pinned,
    } = facts.counts;
    let pinned = if pinned == 0 {
        String::new()
    } else {
        format!(", {} pinned", format_number(pinned))
    };
    let title = paint.emphasis(&flatten_escaped(facts.production));
    let jobs = format!(
        "{}: {} to run, {} already made",
        format_count(total, "job"),
        format_number(run),
        format_number(reused)
    );
    // A run that finds everything made and in place adds no revision.
    let revision = match &facts.base {
        Some(base) if facts.up_to_date => format!("{base} is up to date"),
        _ => facts.revision.clone(),
    };
    let tier = facts.tier.as_ref().map(TierFacts::line);
    let silence = facts.silence.as_ref().map(SilenceFacts::line);
    let choices = tier.into_iter().chain(silence);
    let choices: String = choices.map(|line| format!("\n  {line}")).collect();
    format!(
        "{title}  {jobs}{pinned}  {}{choices}",
        paint.dimmed(&revision)
    )
}

fn phase_row(phase: &PlanPhase) -> Vec<String> {
    let reasons: Vec<String> = phase
        .reason_counts
        .iter()
        .map(|(word, count)| format!("{} {word}", format_number(*count)))
        .collect();
    vec![
        phase.phase.name().to_owned(),
        format_number(phase.jobs),
        format_number(phase.run),
        reasons.join(", "),
    ]
}

/// Returns the causes with the jobs that have them.
fn causes_table(facts: &PlanFacts<'_>, paint: TextPaint) -> String {
    let groups = group_by_cause(facts);
    let rows: Vec<Vec<String>> = groups
        .iter()
        .take(MAX_CAUSES)
        .map(|(cause, jobs)| cause_row(cause, jobs, paint))
        .collect();
    let table = format_columns(
        &rows,
        &[ColumnAlign::Left, ColumnAlign::Left, ColumnAlign::Left],
        false,
        paint,
    );
    let more = match groups.len().saturating_sub(MAX_CAUSES) {
        0 => String::new(),
        more => format!(
            "  and {} more; --all shows every job\n",
            format_number(more)
        ),
    };
    if groups.is_empty() {
        more
    } else {
        format!("\n{}\n{table}{more}", paint.emphasis("Why"))
    }
}

/// Returns the causes in order of first appearance, each with its jobs.
fn group_by_cause<'a>(facts: &'a PlanFacts<'_>) -> Vec<(String, Vec<&'a PlannedJobFacts<'a>>)> {
    // Grouped by text: one edit changes hundreds of chunks in the same way, and people want to see
    // the edit once.
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<(String, Vec<&PlannedJobFacts<'_>>)> = Vec::new();
    for job in facts.jobs.iter().filter(|job| is_cause(job.reason)) {
        for cause in describe_causes(job.reason) {
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
    // A job that runs because another does is an effect. New and reused jobs have no cause that a
    // table could explain.
    reason.upstream_job().is_none() && !matches!(reason, RunReason::Reused | RunReason::Initial)
}

fn cause_row(cause: &str, jobs: &[&PlannedJobFacts<'_>], paint: TextPaint) -> Vec<String> {
    // One example is enough to look it up with `production explain`.
    let first = jobs.first();
    let more = jobs.len().saturating_sub(1);
    let name = first
        .map(|job| flatten_escaped(job.job))
        .unwrap_or_default();
    let names = if more == 0 {
        name
    } else {
        format!("{name} and {} more", format_number(more))
    };
    let place = first
        .map(|job| paint.dimmed(&flatten_escaped(&job.place)))
        .unwrap_or_default();
    vec![cause.to_owned(), names, place]
}

fn every_job(facts: &PlanFacts<'_>, paint: TextPaint) -> String {
    let rows: Vec<Vec<String>> = facts
        .jobs
        .iter()
        .map(|job| {
            vec![
                flatten_escaped(job.job),
                describe_causes(job.reason).join("; "),
            ]
        })
        .collect();
    format!(
        "\n{}",
        format_columns(&rows, &[ColumnAlign::Left, ColumnAlign::Left], false, paint)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{JobChange, JobSelection};
    use crate::report::test_plan;
    use serde_json::json;

    fn shown(all: bool) -> String {
        let plan = test_plan::sample_plan();
        let sources = test_plan::sample_sources();
        let selection = JobSelection::default();
        let mut facts = PlanFacts::from_plan(
            &plan,
            "The Last Tape",
            &selection,
            "rev-0002".to_owned(),
            None,
            &test_plan::sample_estimate(),
            &sources,
        );
        let old = json!(85.0);
        let new = json!(60.0);
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
        facts.count_jobs();
        super::plan_table(&facts, all, false)
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
