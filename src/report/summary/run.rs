//! The end of a run: what was made, where the report is, and after a failure what to do next.

use super::columns::{Align, columns};
use crate::model::FailureClass;
use crate::report::facts::{
    DeliverableFacts, ErrorFacts, ExpectedFacts, PassesFacts, ReportFacts, ShotState,
};
use crate::report::figures::{beside, bytes, class, codec, count, harmless, money, rate, span};
use crate::report::paint::Paint;
use std::path::Path;

/// Most warnings written out; the report has all of them.
const WARNINGS: usize = 5;
/// Most failures written out.
const FAILURES: usize = 10;

/// What the closing text names besides the facts.
#[derive(Debug, Clone, Copy)]
pub struct Closing<'a> {
    /// The document as the user named it, for the command that resumes.
    pub document: &'a Path,
    /// The report, if one was written.
    pub report: Option<&'a Path>,
    /// The store's folder, where logs lie.
    pub store: &'a Path,
    /// Whether nothing was done, as what was published stands.
    pub stands: bool,
    /// Whether to colour.
    pub colour: bool,
}

/// Returns the closing text of a run.
#[must_use]
pub fn run(facts: &ReportFacts, closing: &Closing<'_>) -> String {
    let paint = Paint {
        colour: closing.colour,
    };
    let mut text = format!("\n{}\n", headline(facts, closing.stands, paint));
    text += &expectation(facts.run.expected.as_ref(), paint);
    text += &cost(facts);
    text += &deliverables(facts, paint);
    text += &failures(&facts.errors, closing.store, paint);
    text += &warnings(&facts.warnings, paint);
    if let Some(report) = closing.report {
        text += &format!("\n  report  {}\n", report.display());
    }
    if !facts.success {
        text += &next(facts, closing.document, paint);
    }
    text
}

fn headline(facts: &ReportFacts, stands: bool, paint: Paint) -> String {
    let title = paint.strong(&harmless(&facts.production.title));
    let revision = paint.faint(&facts.run.revision);
    let mark = match (facts.success, facts.cancelled) {
        (true, _) => paint.good("✓"),
        (false, true) => format!("{} stopped:", paint.odd("■")),
        (false, false) => format!("{} not finished:", paint.bad("✗")),
    };
    let lead = if stands { "up to date: " } else { "" };
    format!("{mark} {title}  {lead}{}  {revision}", tally(facts))
}

/// Returns how wrong the estimate was.
fn expectation(expected: Option<&ExpectedFacts>, paint: Paint) -> String {
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
    let from = if samples == 0 {
        "a rough guess".to_owned()
    } else {
        count(samples, "sample")
    };
    let range = format!(
        "{}, {} to {}, from {from}",
        span(middle),
        span(low),
        span(high)
    );
    format!(
        "  {} {}\n",
        beside(expected),
        paint.faint(&format!("({range})"))
    )
}

fn cost(facts: &ReportFacts) -> String {
    let amounts: Vec<String> = facts
        .costs
        .amounts()
        .map(|(currency, amount)| money(amount, currency))
        .collect();
    if amounts.is_empty() {
        String::new()
    } else {
        format!("  cost {}\n", amounts.join(", "))
    }
}

fn tally(facts: &ReportFacts) -> String {
    let shots = match (facts.shots_in(ShotState::Complete), facts.shots.len()) {
        (made, all) if made == all => count(all, "shot"),
        (made, all) => format!("{made} of {}", count(all, "shot")),
    };
    let jobs = facts.jobs;
    let parts = [
        (jobs.run, "run"),
        (jobs.reused, "already made"),
        (jobs.failed, "failed"),
    ];
    let open = jobs.total - jobs.run - jobs.reused - jobs.failed;
    let parts = parts
        .into_iter()
        .chain([(open, "not made")])
        .filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    format!(
        "{shots}, {} ({}) in {}",
        count(jobs.total, "job"),
        parts.join(", "),
        span(facts.seconds)
    )
}

fn deliverables(facts: &ReportFacts, paint: Paint) -> String {
    let row = |made: &DeliverableFacts| {
        vec![
            harmless(&made.path.display().to_string()),
            format!("{}x{}", made.width, made.height),
            format!("{} fps", rate(made.rate)),
            codec(made.codec).to_owned(),
            count(made.frames, "frame"),
            span(made.duration),
            bytes(made.bytes),
        ]
    };
    let passes = |made: &PassesFacts| {
        vec![
            harmless(&made.path.display().to_string()),
            format!("{}x{}", made.width, made.height),
            String::new(),
            format!("EXR with {}", made.names()),
            count(made.frames, "frame"),
            count(made.shots, "shot"),
            bytes(made.bytes),
        ]
    };
    let rows: Vec<Vec<String>> = facts
        .deliverables
        .iter()
        .map(row)
        .chain(facts.passes.iter().map(passes))
        .collect();
    let (left, right) = (Align::Left, Align::Right);
    let table = columns(
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

fn failures(errors: &[ErrorFacts], store: &Path, paint: Paint) -> String {
    let one = |error: &ErrorFacts| {
        let place = if error.place.is_empty() {
            String::new()
        } else {
            paint.faint(&format!("  {}", harmless(&error.place)))
        };
        let log = error.log.as_ref().map(|log| {
            let path = harmless(&store.join(log).display().to_string());
            format!("    {}\n", paint.faint(&format!("log {path}")))
        });
        format!(
            "  {} {} ({}){place}\n    {}\n{}",
            paint.bad("✗"),
            harmless(&error.job),
            class(error.class),
            harmless(&error.message),
            log.unwrap_or_default()
        )
    };
    let shown: String = errors.iter().take(FAILURES).map(one).collect();
    if errors.is_empty() {
        shown
    } else {
        format!("\n{shown}{}", more(errors.len(), FAILURES))
    }
}

fn warnings(warnings: &[String], paint: Paint) -> String {
    let one = |warning: &String| format!("  {} {}\n", paint.odd("!"), harmless(warning));
    let shown: String = warnings.iter().take(WARNINGS).map(one).collect();
    if warnings.is_empty() {
        shown
    } else {
        format!("\n{shown}{}", more(warnings.len(), WARNINGS))
    }
}

fn more(all: usize, shown: usize) -> String {
    if all > shown {
        format!("  and {} more\n", all - shown)
    } else {
        String::new()
    }
}

/// Returns what to do next: look closer, remove the cause, go on.
fn next(facts: &ReportFacts, document: &Path, paint: Paint) -> String {
    let document = shell_word(&document.display().to_string());
    let mut steps: Vec<(String, &str)> = Vec::new();
    if facts
        .errors
        .iter()
        .any(|error| error.class == FailureClass::MissingTool)
    {
        steps.push((
            "production doctor".to_owned(),
            "shows what is missing and how to get it",
        ));
    }
    steps.push((
        format!("production run {document}"),
        "resumes: what is made already is not made again",
    ));
    let rows: Vec<Vec<String>> = steps
        .into_iter()
        .map(|(command, what)| vec![command, what.to_owned()])
        .collect();
    format!(
        "\n{}\n{}",
        paint.strong("Next"),
        columns(&rows, &[Align::Left, Align::Left], false, paint)
    )
}

/// Returns the text as one word for a shell.
fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+=:@%,".contains(c);
    let text = harmless(text);
    if !text.is_empty() && text.chars().all(is_plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn closing(colour: bool) -> Closing<'static> {
        Closing {
            document: Path::new("my films/production.yaml"),
            report: Some(Path::new("out/report.html")),
            store: Path::new(".production"),
            stands: false,
            colour,
        }
    }

    #[test]
    fn a_whole_run_closes_with_what_was_made() {
        insta::assert_snapshot!(run(&fixture::facts(&[]), &closing(false)));
    }

    #[test]
    fn a_failed_run_closes_with_how_to_go_on() {
        let lost = [
            "grade.frames/sh020/1049-1072",
            "export.encode/web/sh020",
            "export.stitch/web",
            "finalize.verify/web",
        ];
        insta::assert_snapshot!(run(&fixture::facts(&lost), &closing(false)));
    }

    #[test]
    fn without_colour_there_is_no_escape_code() {
        assert!(!run(&fixture::facts(&[]), &closing(false)).contains('\u{1b}'));
        assert!(run(&fixture::facts(&[]), &closing(true)).contains('\u{1b}'));
    }
}
