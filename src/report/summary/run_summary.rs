//! Summary at the end of a run: what was made, where the report is, and after a failure what to do
//! next.

use super::revision_summary::silence_part;
use crate::base::printable::flatten_escaped;
use crate::model::FailureClass;
use crate::model::sound::MixFacts;
use crate::report::paint::TextPaint;
use crate::report::report_facts::{
    DeliverableFacts, ErrorFacts, ExpectedFacts, PassesFacts, ReportFacts, ShotState, SoundReport,
};
use crate::report::text_format::{
    compare_with_estimate, failure_class_label, format_bytes, format_count, format_duration,
    format_frame_rate, format_money,
};
use crate::report::text_table::{ColumnAlign, format_columns};
use std::path::Path;

/// Most warnings that are listed; the report has all.
const MAX_WARNINGS: usize = 5;
/// Most outputs that are named beside the mix that they share.
const MAX_SHARING: usize = 3;
/// Most failures that are listed; the report has all.
// A broken set fails every shot that shows it. Ten failures are enough to see the pattern, and the
// next step must stay on the screen.
const MAX_FAILURES: usize = 10;

/// What the summary needs besides the facts of the report.
#[derive(Debug, Clone)]
pub struct RunSummaryOptions<'a> {
    /// The command that runs the production again, with the options that were given.
    pub resume_command: String,
    /// Path of the HTML report; `None` if none was written.
    pub report: Option<&'a Path>,
    /// Folder with the pictures of a run that published nothing.
    pub stills: Option<&'a Path>,
    /// The store's folder; paths of logs are relative to it.
    pub store: &'a Path,
    /// Whether nothing had to be made and no revision was added.
    pub up_to_date: bool,
    /// Whether to use colour.
    pub colour: bool,
}

/// Returns the summary of a run.
#[must_use]
pub fn run_summary_text(facts: &ReportFacts, options: &RunSummaryOptions<'_>) -> String {
    let paint = TextPaint {
        colour: options.colour,
    };
    let mut text = format!("\n{}\n", run_headline(facts, options.up_to_date, paint));
    text += &estimate_line(facts.run.expected.as_ref(), paint);
    text += &cost_line(facts);
    text += &deliverables_table(facts, paint);
    text += &sound_lines(facts);
    // Failures and warnings behind what was delivered: people read the last lines first.
    text += &failure_list(&facts.errors, options.store, paint);
    text += &warning_list(&facts.warnings, paint);
    if let Some(stills) = options.stills {
        text += &format!("\n  stills  {}\n", stills.display());
    }
    if let Some(report) = options.report {
        text += &format!("\n  report  {}\n", report.display());
    }
    // The next step is the last line: it is what people look for, right above the prompt.
    if !facts.success {
        text += &next_steps(facts, &options.resume_command, paint);
    }
    text
}

/// Returns a run as a line, and a line for each failed job and each deliverable.
#[must_use]
pub fn run_summary_lines(facts: &ReportFacts, up_to_date: bool) -> String {
    let state = match (facts.success, facts.cancelled) {
        (true, _) if up_to_date => "up to date",
        (true, _) => "done",
        (false, true) => "stopped",
        (false, false) => "failed",
    };
    let mut text = format!(
        "{state}: {} {}, tier {}{}: {}\n",
        flatten_escaped(&facts.production.title),
        facts.run.revision,
        flatten_escaped(&facts.production.tier),
        silence_part(facts.production.no_sound),
        job_tally(facts)
    );
    for error in &facts.errors {
        text += &format!(
            "failed: {} ({}): {}\n",
            flatten_escaped(&error.job),
            failure_class_label(error.class),
            flatten_escaped(&error.message)
        );
    }
    for path in facts.delivered_paths() {
        let path = flatten_escaped(&path.display().to_string());
        text += &format!("delivered: {path}\n");
    }
    text
}

fn run_headline(facts: &ReportFacts, up_to_date: bool, paint: TextPaint) -> String {
    let title = paint.emphasis(&flatten_escaped(&facts.production.title));
    let revision = paint.dimmed(&facts.run.revision);
    // The words repeat what the mark says, because a log has no colour and a font may lack the
    // mark.
    let mark = match (facts.success, facts.cancelled) {
        (true, _) => paint.success("✓"),
        (false, true) => format!("{} stopped:", paint.warning("■")),
        (false, false) => format!("{} not finished:", paint.failure("✗")),
    };
    let lead = if up_to_date { "up to date: " } else { "" };
    let tier = flatten_escaped(&facts.production.tier);
    format!(
        "{mark} {title}  {lead}{}  tier {tier}{}  {revision}",
        job_tally(facts),
        silence_part(facts.production.no_sound)
    )
}

/// Returns the comparison with the estimate.
fn estimate_line(expected: Option<&ExpectedFacts>, paint: TextPaint) -> String {
    let Some(expected) = expected else {
        return String::new();
    };
    let ExpectedFacts {
        low,
        middle,
        high,
        samples,
        ..
    } = *expected;
    // A rough guess can be off by a factor. People must not take it for a measurement.
    let from = if samples == 0 {
        "a rough guess".to_owned()
    } else {
        format_count(samples, "sample")
    };
    let range = format!(
        "{}, {} to {}, from {from}",
        format_duration(middle),
        format_duration(low),
        format_duration(high)
    );
    format!(
        "  {} {}\n",
        compare_with_estimate(expected),
        paint.dimmed(&format!("({range})"))
    )
}

fn cost_line(facts: &ReportFacts) -> String {
    let amounts: Vec<String> = facts
        .costs
        .amounts()
        .map(|(currency, amount)| format_money(amount, currency))
        .collect();
    if amounts.is_empty() {
        String::new()
    } else {
        format!("  cost {}\n", amounts.join(", "))
    }
}

fn job_tally(facts: &ReportFacts) -> String {
    // "3 of 3 shots" reads like something is missing.
    let shots = match (facts.count_shots_in(ShotState::Complete), facts.shots.len()) {
        (_, 0) => String::new(),
        (made, total) if made == total => format!("{}, ", format_count(total, "shot")),
        (made, total) => format!("{made} of {}, ", format_count(total, "shot")),
    };
    let jobs = facts.jobs;
    let parts = [
        (jobs.run, "run"),
        (jobs.reused, "already made"),
        (jobs.failed, "failed"),
    ];
    // Skipped and unreached jobs together: neither was made, and both run next time.
    let open = jobs.total - jobs.run - jobs.reused - jobs.failed;
    let parts = parts
        .into_iter()
        .chain([(open, "not made")])
        .filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    format!(
        "{shots}{} ({}) in {}",
        format_count(jobs.total, "job"),
        parts.join(", "),
        format_duration(facts.seconds)
    )
}

/// Returns a line for each mix: the outputs that have it if there are several mixes, its loudness
/// and its peak, beside the targets.
fn sound_lines(facts: &ReportFacts) -> String {
    let mixes = facts.mixes();
    // Names are needed only where several outputs sound different.
    let is_only = mixes.len() == 1;
    let lines = mixes.iter().map(|(sound, sharing)| {
        let names: Vec<&str> = sharing.iter().map(|made| made.output.as_str()).collect();
        let of = match is_only {
            true => String::new(),
            false => format!(" of {}", flatten_escaped(&first_names(&names))),
        };
        format!("  sound{of}: {}\n", sound_text(&sound.mix))
    });
    lines.collect()
}

/// Returns the first names of a list, and how many more there are.
fn first_names(names: &[&str]) -> String {
    let shown = names.len().min(MAX_SHARING);
    let text = names[..shown].join(", ");
    match names.len() - shown {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}

fn sound_text(mix: &MixFacts) -> String {
    let target = mix.target;
    let Some(loudness) = mix.integrated else {
        let reason = mix.reasons.first().map_or("", |reason| &*reason.text);
        return format!("no loudness: {reason}");
    };
    let peak = mix
        .true_peak
        .map_or_else(String::new, |peak| format!(", true peak {peak:.1} dBTP"));
    let range = mix
        .range
        .map_or_else(String::new, |range| format!(", range {range:.1} LU"));
    format!("{loudness:.1} LUFS of {target:.1}{peak}{range}")
}

fn deliverables_table(facts: &ReportFacts, paint: TextPaint) -> String {
    let rows = deliverable_rows(facts);
    let left = ColumnAlign::Left;
    let right = ColumnAlign::Right;
    let table = format_columns(
        &rows,
        &[left, right, right, left, right, right, right],
        false,
        paint,
    );
    if rows.is_empty() {
        String::new()
    } else {
        format!("\n{table}")
    }
}

/// Returns a row of cells for everything that was delivered.
fn deliverable_rows(facts: &ReportFacts) -> Vec<Vec<String>> {
    let sounds = facts.sounds_beside().map(|(made, beside)| {
        vec![
            flatten_escaped(&beside.path.display().to_string()),
            String::new(),
            made.sound
                .as_ref()
                .map_or_else(String::new, SoundReport::rate_text),
            beside.kind_name(),
            String::new(),
            format_duration(made.duration),
            format_bytes(beside.bytes),
        ]
    });
    let others = facts.files.iter().map(|made| {
        vec![
            flatten_escaped(&made.path.display().to_string()),
            String::new(),
            String::new(),
            made.kind_name.to_owned(),
            String::new(),
            String::new(),
            format_bytes(made.bytes),
        ]
    });
    facts
        .deliverables
        .iter()
        .map(deliverable_row)
        .chain(facts.passes.iter().map(passes_row))
        .chain(sounds)
        .chain(others)
        .collect()
}

fn deliverable_row(made: &DeliverableFacts) -> Vec<String> {
    let [rate, count, duration] = match made.is_still() {
        true => [String::new(), "1 picture".to_owned(), String::new()],
        false => [
            format!("{} fps", format_frame_rate(made.rate)),
            format_count(made.frames, "frame"),
            format_duration(made.duration),
        ],
    };
    vec![
        flatten_escaped(&made.path.display().to_string()),
        format!("{}x{}", made.width, made.height),
        rate,
        made.codec_name.to_owned(),
        count,
        duration,
        format_bytes(made.bytes),
    ]
}

fn passes_row(made: &PassesFacts) -> Vec<String> {
    vec![
        flatten_escaped(&made.path.display().to_string()),
        format!("{}x{}", made.width, made.height),
        String::new(),
        format!("EXR with {}", made.pass_names()),
        format_count(made.frames, "frame"),
        format_count(made.shots, "shot"),
        format_bytes(made.bytes),
    ]
}

fn failure_list(errors: &[ErrorFacts], store: &Path, paint: TextPaint) -> String {
    let shown: String = errors
        .iter()
        .take(MAX_FAILURES)
        .map(|error| {
            let place = if error.place.is_empty() {
                String::new()
            } else {
                paint.dimmed(&format!("  {}", flatten_escaped(&error.place)))
            };
            let log = error.log.as_ref().map(|log| {
                let path = flatten_escaped(&store.join(log).display().to_string());
                format!("    {}\n", paint.dimmed(&format!("log {path}")))
            });
            format!(
                "  {} {} ({}){place}\n    {}\n{}",
                paint.failure("✗"),
                flatten_escaped(&error.job),
                failure_class_label(error.class),
                flatten_escaped(&error.message),
                log.unwrap_or_default()
            )
        })
        .collect();
    if errors.is_empty() {
        shown
    } else {
        format!("\n{shown}{}", hidden_count(errors.len(), MAX_FAILURES))
    }
}

fn warning_list(warnings: &[String], paint: TextPaint) -> String {
    let shown: String = warnings
        .iter()
        .take(MAX_WARNINGS)
        .map(|warning| format!("  {} {}\n", paint.warning("!"), flatten_escaped(warning)))
        .collect();
    if warnings.is_empty() {
        shown
    } else {
        format!("\n{shown}{}", hidden_count(warnings.len(), MAX_WARNINGS))
    }
}

fn hidden_count(total: usize, shown: usize) -> String {
    if total > shown {
        format!("  and {} more\n", total - shown)
    } else {
        String::new()
    }
}

/// Returns the next steps after a failure as commands that can be pasted.
fn next_steps(facts: &ReportFacts, resume_command: &str, paint: TextPaint) -> String {
    let mut steps: Vec<(String, &str)> = Vec::new();
    if facts
        .errors
        .iter()
        // Running again helps only after the tool is installed, and `doctor` says how.
        .any(|error| error.class == FailureClass::MissingTool)
    {
        steps.push((
            "production doctor".to_owned(),
            "shows what is missing and how to get it",
        ));
    }
    steps.push((
        resume_command.to_owned(),
        "resumes: what is made already is not made again",
    ));
    let rows: Vec<Vec<String>> = steps
        .into_iter()
        .map(|(command, what)| vec![command, what.to_owned()])
        .collect();
    format!(
        "\n{}\n{}",
        paint.emphasis("Next"),
        format_columns(&rows, &[ColumnAlign::Left, ColumnAlign::Left], false, paint)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_plan;

    fn closing(colour: bool) -> RunSummaryOptions<'static> {
        RunSummaryOptions {
            resume_command: "production run 'my films/production.yaml' --only sh020".to_owned(),
            report: Some(Path::new("out/report.html")),
            stills: None,
            store: Path::new(".production"),
            up_to_date: false,
            colour,
        }
    }

    #[test]
    fn a_whole_run_closes_with_what_was_made() {
        insta::assert_snapshot!(run_summary_text(
            &test_plan::sample_report_facts(&[]),
            &closing(false)
        ));
    }

    #[test]
    fn a_still_has_no_rate_and_no_length() {
        let mut facts = test_plan::sample_report_facts(&[]);
        let still = &mut facts.deliverables[0];
        still.codec = crate::model::Codec::Poster;
        let path = still.path.display().to_string();
        let text = run_summary_text(&facts, &closing(false));
        let mut lines = text.lines().filter(|line| line.contains(&path));
        let line = lines.find(|line| line.contains("1 picture"));
        assert!(line.is_some_and(|line| !line.contains("fps")), "{text}");
    }

    #[test]
    fn a_failed_run_closes_with_how_to_go_on() {
        let lost = [
            "grade.frames/sh020/1049-1072",
            "export.encode/web/sh020",
            "export.stitch/web",
            "finalize.verify/web",
        ];
        insta::assert_snapshot!(run_summary_text(
            &test_plan::sample_report_facts(&lost),
            &closing(false)
        ));
    }

    #[test]
    fn a_run_in_short_names_what_failed_and_what_was_made_a_line_each() {
        let text = run_summary_lines(&test_plan::sample_report_facts(&[]), false);
        let mut lines = text.lines();
        let first = lines.next().unwrap();
        assert!(first.starts_with("done: "), "{first}");
        assert!(first.contains(", tier final: "), "{first}");
        assert!(lines.all(|line| line.starts_with("delivered: ")), "{text}");
        let lost = ["finalize.verify/web"];
        let text = run_summary_lines(&test_plan::sample_report_facts(&lost), false);
        assert!(text.starts_with("failed: "), "{text}");
        assert!(text.contains("failed: finalize.verify/web ("), "{text}");
    }

    #[test]
    fn without_colour_there_is_no_escape_code() {
        assert!(
            !run_summary_text(&test_plan::sample_report_facts(&[]), &closing(false))
                .contains('\u{1b}')
        );
        assert!(
            run_summary_text(&test_plan::sample_report_facts(&[]), &closing(true))
                .contains('\u{1b}')
        );
    }
}
