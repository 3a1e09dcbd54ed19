//! The state of a production as text: its last run with phases of totals and running jobs, what is
//! in place, its store. Also one line of it, for a log that is followed.

use super::revision_summary::{ending_label, job_counts_text, silence_part, started_text};
use crate::base::printable::flatten_escaped;
use crate::report::paint::TextPaint;
use crate::report::run_snapshot::{
    PhaseProgress, RunSnapshot, RunState, RunningJobFacts, UnitProgress,
};
use crate::report::text_format::{
    failure_class_label, format_bytes, format_count, format_duration, format_number,
    format_whole_seconds,
};
use crate::report::text_table::{ColumnAlign, format_columns};
use crate::store::Revision;
use crate::store::store_size::StoreSize;
use std::path::Path;

/// Most jobs that are listed; the rest is counted.
const MAX_NAMED_JOBS: usize = 20;

/// What the state of a production is made from.
#[derive(Debug, Clone, Copy)]
pub struct StatusFacts<'a> {
    /// Its last run.
    pub run: &'a RunSnapshot,
    /// The process that holds the store.
    pub holder: Option<&'a str>,
    /// The revision in place.
    pub current: Option<&'a Revision>,
    /// The revision whose publication was interrupted.
    pub half_published: Option<&'a str>,
    /// The folder of the store.
    pub store: &'a Path,
    /// Its size. `None`: it was not measured.
    pub size: Option<StoreSize>,
    /// When the last checkpoint was written.
    pub checkpoint: Option<jiff::Timestamp>,
}

/// Returns the state of a production.
#[must_use]
pub fn status_text(facts: &StatusFacts<'_>, colour: bool) -> String {
    let paint = TextPaint { colour };
    let StatusFacts { run, .. } = *facts;
    if run.state == RunState::Never {
        return match facts.holder {
            Some(holder) => format!("not run yet; {} holds the store\n", flatten_escaped(holder)),
            None => "not run yet\n".to_owned(),
        };
    }
    let mut text = headline(facts, paint);
    text += &work_line(run);
    text += &failure_lines(&run.revision, paint);
    text += &phases_table(run, paint);
    text += &running_table(run, paint);
    text += &checkpoint_line(facts);
    text += &places_text(facts);
    // Until this is settled the deliverables may be of two revisions, so it is marked as a failure.
    if let Some(revision) = facts.half_published {
        text += &format!(
            "\n  {} publishing {revision} was interrupted; the next `run`, `revert` or `gc` undoes or \
             completes it\n",
            paint.failure("✗"),
        );
    }
    text + &store_line(facts)
}

fn headline(facts: &StatusFacts<'_>, paint: TextPaint) -> String {
    let StatusFacts { run, holder, .. } = *facts;
    // The word of a run that is over says what it left: `published`, `done in part`, `cut off`.
    let state = if run.is_active() {
        let holder = holder.map(|holder| format!(" ({})", flatten_escaped(holder)));
        let frozen = if run.frozen { ", jobs stand still" } else { "" };
        format!("{}{frozen}{}", run.state.word(), holder.unwrap_or_default())
    } else {
        ending_label(&run.revision).to_owned()
    };
    let tier = run.revision.tier.as_ref();
    let silence = silence_part(run.revision.no_sound);
    let tier = tier.map(|tier| format!("  tier {}{silence}", flatten_escaped(tier)));
    format!(
        "{}  {}  {state}{}\n",
        paint.emphasis(&flatten_escaped(&run.revision.production)),
        run.revision.name,
        tier.unwrap_or_default()
    )
}

/// Returns how much is done, how long it took and how long it will take.
fn work_line(run: &RunSnapshot) -> String {
    let revision = &run.revision;
    let done = revision.made + revision.reused;
    let mut text = format!(
        "  {}%  {} of {}: {}",
        shown_percent(run),
        format_number(done),
        format_count(done + run.remaining_jobs(), "job"),
        job_counts_text(revision)
    );
    if let Some(seconds) = run.seconds {
        text += &format!("  after {}", format_duration(seconds));
    }
    text += &time_left(run).map_or_else(String::new, |left| format!(", {left}"));
    let where_it_is = [
        run.phase.map(|phase| phase.name().to_owned()),
        run.shot.clone(),
    ];
    let where_it_is: Vec<String> = where_it_is.into_iter().flatten().collect();
    if run.is_active() && !where_it_is.is_empty() {
        text += &format!("\n  now in {}", flatten_escaped(&where_it_is.join(", ")));
    }
    text + "\n"
}

fn time_left(run: &RunSnapshot) -> Option<String> {
    let seconds = run.seconds_left?;
    Some(format!("about {} left", format_whole_seconds(seconds)))
}

/// Returns the whole percent. Rounded down, so that 100 means that nothing is left.
fn shown_percent(run: &RunSnapshot) -> String {
    format!("{:.0}", run.percent.floor())
}

/// Returns the failures. Skipped jobs follow from them and are not named.
fn failure_lines(last: &Revision, paint: TextPaint) -> String {
    let mut text = String::new();
    for failed in last.failed.iter().take(MAX_NAMED_JOBS) {
        text += &format!(
            "  {} {}  {}: {}\n",
            paint.failure("✗"),
            flatten_escaped(&failed.job),
            failure_class_label(failed.class),
            flatten_escaped(&failed.message)
        );
    }
    text + &hidden_job_count(last.failed.len())
}

fn phases_table(run: &RunSnapshot, paint: TextPaint) -> String {
    let rows: Vec<Vec<String>> = run.phases.iter().map(phase_row).collect();
    if rows.is_empty() {
        return String::new();
    }
    let align = [ColumnAlign::Left, ColumnAlign::Left, ColumnAlign::Left];
    format!("\n{}", format_columns(&rows, &align, false, paint))
}

fn phase_row(row: &PhaseProgress) -> Vec<String> {
    let done = format_number(row.done);
    let jobs = match row.jobs {
        Some(jobs) => format!("{done} of {}", format_count(jobs, "job")),
        None => format_count(row.done, "job"),
    };
    // Jobs are counted before it already.
    let units = row.units.as_ref().filter(|units| units.noun != "job");
    let mut rest: Vec<String> = units.map(units_text).into_iter().collect();
    let counts = [(row.failed, "failed"), (row.skipped, "skipped")];
    rest.extend(
        counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{} {word}", format_number(count))),
    );
    vec![row.phase.name().to_owned(), jobs, rest.join(", ")]
}

fn units_text(units: &UnitProgress) -> String {
    format!(
        "{} of {}",
        format_number(units.done),
        format_count(units.total, &units.noun)
    )
}

fn running_table(run: &RunSnapshot, paint: TextPaint) -> String {
    if run.running.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = run
        .running
        .iter()
        .take(MAX_NAMED_JOBS)
        .map(running_row)
        .collect();
    let align = [ColumnAlign::Left, ColumnAlign::Right, ColumnAlign::Left];
    let table = format_columns(&rows, &align, false, paint);
    // One step further in than the heading.
    let table: String = table.lines().map(|line| format!("  {line}\n")).collect();
    let hidden = hidden_job_count(run.running.len());
    format!("\n  running\n{table}{hidden}")
}

fn running_row(job: &RunningJobFacts) -> Vec<String> {
    let mut rest: Vec<String> = job.units.iter().map(units_text).collect();
    if job.attempt > 1 {
        rest.push(format!("try {}", job.attempt));
    }
    vec![
        flatten_escaped(&job.job),
        format_whole_seconds(job.seconds),
        rest.join(", "),
    ]
}

fn hidden_job_count(named: usize) -> String {
    if named > MAX_NAMED_JOBS {
        format!("    and {} more\n", format_number(named - MAX_NAMED_JOBS))
    } else {
        String::new()
    }
}

fn checkpoint_line(facts: &StatusFacts<'_>) -> String {
    let StatusFacts {
        run, checkpoint, ..
    } = *facts;
    // A file of an earlier run says nothing about this one.
    let Some(at) = checkpoint.filter(|at| run.revision.started.is_some_and(|began| began <= *at))
    else {
        return String::new();
    };
    let shots = match run.shots {
        Some(shots) => format!(
            "{} of {} complete",
            format_number(run.completed_shots),
            format_count(shots, "shot")
        ),
        None => format!("{} complete", format_count(run.completed_shots, "shot")),
    };
    let at = at.strftime("%Y-%m-%d %H:%M:%S UTC");
    format!("\n  shots     {shots}; last checkpoint {at}\n")
}

fn places_text(facts: &StatusFacts<'_>) -> String {
    let Some(current) = facts.current else {
        return String::new();
    };
    let mut text = format!(
        "\n  in place  {} of {}\n",
        current.name,
        started_text(current)
    );
    let published = current.published.iter();
    for deliverable in published.flat_map(|published| &published.deliverables) {
        let path = flatten_escaped(&deliverable.path.display().to_string());
        text += &format!("    {path}\n");
    }
    text
}

fn store_line(facts: &StatusFacts<'_>) -> String {
    let path = flatten_escaped(&facts.store.display().to_string());
    let size = match facts.size {
        None => String::new(),
        Some(size) if size.is_complete => format!(
            ": {}, {}",
            format_count(size.files, "file"),
            format_bytes(size.bytes)
        ),
        Some(size) => format!(
            ": more than {}; `--size` counts them all",
            format_count(size.files, "file")
        ),
    };
    format!("\n  store     {path}{size}\n")
}

/// Returns the state of the last run in one line, for a log. Two lines are equal if nothing has
/// changed that is worth a line: it has no times.
#[must_use]
pub fn status_line(run: &RunSnapshot) -> String {
    if run.state == RunState::Never {
        return "not run yet".to_owned();
    }
    let mut parts = vec![run.revision.name.clone()];
    parts.extend(run.revision.tier.as_deref().map(flatten_escaped));
    parts.extend(run.revision.no_sound.then(|| "no sound".to_owned()));
    parts.push(run.state.word().to_owned());
    if run.frozen {
        parts.push("jobs stand still".to_owned());
    }
    parts.push(format!("{}%", shown_percent(run)));
    let row = run
        .phases
        .iter()
        .find(|row| Some(row.phase) == run.phase && run.is_active());
    if let Some(row) = row {
        let of = row
            .jobs
            .map_or_else(String::new, |jobs| format!(" of {}", format_number(jobs)));
        let phase = row.phase.name();
        parts.push(format!("{phase} {}{of}", format_number(row.done)));
    }
    parts.extend(run.shot.as_deref().map(flatten_escaped));
    let failed = run.revision.failed.len();
    if failed > 0 {
        parts.push(format!("{} failed", format_number(failed)));
    }
    parts.join("  ")
}

/// Returns how long a run has taken and will take, behind the line of [`status_line`].
#[must_use]
pub fn status_times(run: &RunSnapshot) -> String {
    let after = run
        .seconds
        .map(|seconds| format!("  after {}", format_whole_seconds(seconds)));
    let left = time_left(run).map(|left| format!(", {left}"));
    after.unwrap_or_default() + &left.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Event, RunTotals};
    use crate::plan::Plan;
    use crate::report::LiveRun;
    use crate::report::test_plan;
    use std::sync::Arc;
    use std::time::Duration;

    /// The run of the story at this moment.
    fn snapshot_at(now: Duration) -> RunSnapshot {
        let plan = test_plan::sample_plan();
        let index = Arc::new(test_plan::sample_index(20.0));
        let mut run = LiveRun::new(index, "rev-0001");
        run.apply_event(&started_event(&plan), Duration::ZERO);
        for (millis, event) in test_plan::run_events() {
            let at = Duration::from_millis(millis);
            if at <= now {
                run.apply_event(&event, at);
            }
        }
        run.snapshot(now, false)
    }

    fn started_event(plan: &Plan) -> Event {
        let mut totals = RunTotals {
            shots: 2,
            ..RunTotals::default()
        };
        for (_, planned) in plan.jobs() {
            *totals.phases.entry(planned.job.phase).or_default() += 1;
        }
        Event::RunStarted {
            version: 1,
            revision: "rev-0001".to_owned(),
            production: "The Last Tape".to_owned(),
            at: jiff::Timestamp::UNIX_EPOCH,
            jobs: plan.len(),
            programs: Vec::new(),
            totals: Some(totals),
            tier: "draft".to_owned(),
            tier_override: false,
            no_sound: false,
        }
    }

    fn shown(run: &RunSnapshot, holder: Option<&str>) -> String {
        let size = StoreSize {
            files: 5000,
            bytes: 1,
            is_complete: false,
        };
        let facts = StatusFacts {
            run,
            holder,
            current: None,
            half_published: None,
            store: Path::new("film/.production"),
            size: Some(size),
            checkpoint: None,
        };
        status_text(&facts, false)
    }

    #[test]
    fn a_running_run_is_shown_with_phases_of_totals_and_its_running_jobs() {
        let run = snapshot_at(Duration::from_millis(7500));
        let text = shown(&run, Some("process 7 (`production run`)"));
        let mut lines = text.lines();
        let headline =
            "The Last Tape  rev-0001  running (process 7 (`production run`))  tier draft";
        assert_eq!(lines.next(), Some(headline));
        let work = lines.next().unwrap();
        assert!(
            work.contains(" of 13 jobs: ") && work.contains("about "),
            "{text}"
        );
        assert!(lines.next().unwrap().starts_with("  now in "), "{text}");
        let running = &run.running[0];
        let row = format!("\n  running\n    {}  2s", running.job);
        assert!(text.contains(&row), "{text}");
        for phase in &run.phases {
            let jobs = format!("{} of {} job", phase.done, phase.jobs.unwrap());
            let row = text.lines().find(|line| {
                line.trim_start().starts_with(phase.phase.name()) && line.contains(&jobs)
            });
            assert!(row.is_some(), "{phase:?}: {text}");
        }
        assert!(text.contains("more than 5,000 files; `--size`"), "{text}");
    }

    #[test]
    fn a_line_of_a_run_has_no_times_and_changes_with_its_state() {
        let mut run = snapshot_at(Duration::from_millis(3000));
        let before = status_line(&run);
        run.seconds = Some(4000.0);
        assert_eq!(status_line(&run), before);
        run.adopt_pause(crate::base::PauseLevel::Frozen);
        let paused = status_line(&run);
        assert!(paused.contains("paused  jobs stand still"), "{paused}");
    }

    #[test]
    fn a_production_that_never_ran_says_so() {
        let run = RunSnapshot::from_revision(None);
        assert_eq!(shown(&run, None), "not run yet\n");
        assert_eq!(status_line(&run), "not run yet");
    }
}
