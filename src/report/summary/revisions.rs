//! The history of a store in text: its revisions, one revision, where things stand, and what differs between two.

use super::columns::{Align, columns};
use crate::event::RunStatus;
use crate::model::Phase;
use crate::report::figures::{bytes, class, count, harmless, number, span};
use crate::report::paint::Paint;
use crate::store::garbage_collection::GcSummary;
use crate::store::manifest::{Manifest, ManifestDifference};
use crate::store::publish::PublishRecovery;
use crate::store::revisions::Revision;
use crate::store::verify_store::{StoreFault, VerifyReport};
use std::collections::BTreeMap;
use std::path::Path;

/// Jobs named in a list before the rest is only counted.
const NAMED: usize = 20;

/// Returns how a revision ended, in a word.
#[must_use]
pub const fn ending(revision: &Revision) -> &'static str {
    if revision.reverted_to.is_some() {
        return "reverted";
    }
    match (revision.status, revision.published.is_some()) {
        (Some(RunStatus::Succeeded), true) => "published",
        (Some(RunStatus::Succeeded), false) => "done in part",
        (Some(RunStatus::Failed), _) => "failed",
        (Some(RunStatus::Cancelled), _) => "stopped",
        (None, _) => "cut off",
    }
}

/// Returns the table of revisions, newest first; `current` is marked.
#[must_use]
pub fn log(all: &[Revision], colour: bool) -> String {
    let current = Revision::find_current(all).map(|one| one.name.as_str());
    let heading = ["", "Revision", "begun", "took", "ended", "jobs"]
        .map(str::to_owned)
        .to_vec();
    let rows = all
        .iter()
        .rev()
        .map(|one| row(one, current == Some(&one.name)));
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(rows).collect();
    let left = [
        Align::Left,
        Align::Left,
        Align::Left,
        Align::Right,
        Align::Left,
        Align::Left,
    ];
    columns(&rows, &left, true, Paint { colour })
}

fn row(revision: &Revision, is_current: bool) -> Vec<String> {
    let mark = if is_current { "→" } else { "" };
    let ended = revision
        .reverted_to
        .as_ref()
        .map_or_else(|| ending(revision).to_owned(), |to| format!("back to {to}"));
    let cells = [
        mark,
        &revision.name,
        &begun(revision),
        &took(revision),
        &ended,
        &did(revision),
    ];
    cells.map(str::to_owned).to_vec()
}

fn begun(revision: &Revision) -> String {
    revision.started.map_or_else(String::new, |at| {
        at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
    })
}

fn took(revision: &Revision) -> String {
    revision.seconds.map_or_else(String::new, span)
}

fn did(revision: &Revision) -> String {
    let parts = [
        (revision.made, "run"),
        (revision.reused, "already made"),
        (revision.failed.len(), "failed"),
        (revision.skipped, "skipped"),
        (revision.retried, "tried again"),
    ];
    let told = parts.into_iter().filter(|(jobs, _)| *jobs > 0);
    told.map(|(jobs, what)| format!("{} {what}", number(jobs)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Returns where a production stands: the last run, what failed in it, what is in place, and how much the store holds.
#[must_use]
pub fn status(
    all: &[Revision],
    (holder, half_published): (Option<&str>, Option<&str>),
    held: &GcSummary,
    colour: bool,
) -> String {
    let paint = Paint { colour };
    let Some(last) = Revision::find_by_name(all, "latest") else {
        return "not run yet\n".to_owned();
    };
    let state = match holder {
        Some(owner) => format!("running ({})", harmless(owner)),
        None => ending(last).to_owned(),
    };
    let mut text = format!(
        "{}  {}  {state}\n",
        paint.strong(&harmless(&last.production)),
        last.name
    );
    let done = last.made + last.reused;
    text += &format!("  {} of {}", number(done), count(last.planned, "job"));
    text += &format!(": {}\n", did(last));
    for failed in last.failed.iter().take(NAMED) {
        text += &format!(
            "  {} {}  {}: {}\n",
            paint.bad("✗"),
            harmless(&failed.job),
            class(failed.class),
            harmless(&failed.message)
        );
    }
    text += &more(last.failed.len());
    text += &phases(last, colour);
    if let Some(current) = Revision::find_current(all) {
        text += &format!("\n  in place  {} of {}\n", current.name, begun(current));
        for made in current
            .published
            .iter()
            .flat_map(|published| &published.deliverables)
        {
            text += &format!("    {}\n", harmless(&made.path.display().to_string()));
        }
    }
    if let Some(revision) = half_published {
        text += &format!("\n  {} {}\n", paint.bad("✗"), cut_off(revision));
    }
    text + &format!(
        "\n  store     {}, {}\n",
        count(held.kept + held.removed, "file"),
        bytes(held.kept_bytes + held.freed_bytes)
    )
}

fn cut_off(revision: &str) -> String {
    format!(
        "publishing {revision} was cut off; the next `run`, `revert` or `gc` undoes it or carries it through"
    )
}

/// Returns what became of a publication that was cut off.
#[must_use]
pub fn mended(mended: &PublishRecovery) -> String {
    match mended {
        PublishRecovery::Undone(revision) => {
            format!(
                "publishing {revision} was cut off before anything was replaced; what it left is cleared away"
            )
        }
        PublishRecovery::Completed(revision) => {
            format!(
                "publishing {revision} was cut off; it is now carried through: deliverables and records are whole"
            )
        }
        PublishRecovery::Abandoned(revision, file) => format!(
            "publishing {revision} was cut off, and `{file}` of it is no longer in the store: what is in place may be \
             of two revisions until the next run or `revert` replaces it"
        ),
    }
}

fn phases(revision: &Revision, colour: bool) -> String {
    let mut tally: BTreeMap<Phase, usize> = BTreeMap::new();
    for (phase, _) in revision.jobs.values() {
        *tally.entry(*phase).or_default() += 1;
    }
    let rows: Vec<Vec<String>> = tally
        .into_iter()
        .map(|(phase, jobs)| vec![phase.name().to_owned(), count(jobs, "job")])
        .collect();
    columns(&rows, &[Align::Left, Align::Left], false, Paint { colour })
}

fn more(named: usize) -> String {
    if named > NAMED {
        format!("    and {} more\n", number(named - NAMED))
    } else {
        String::new()
    }
}

/// Returns one published revision: what it delivered and every job's files.
#[must_use]
pub fn show(revision: &Revision, manifest: &Manifest, colour: bool) -> String {
    let paint = Paint { colour };
    let title = paint.strong(&harmless(&manifest.production));
    let mut text = format!(
        "{title}  {}  {}, took {}\n",
        revision.name,
        begun(revision),
        took(revision)
    );
    for made in &manifest.deliverables {
        let size = made
            .jobs()
            .filter_map(|job| manifest.jobs.get(job))
            .flat_map(|job| &job.outputs)
            .map(|file| file.size)
            .sum();
        text += &format!(
            "  {}  {}\n",
            harmless(&made.path.display().to_string()),
            bytes(size)
        );
    }
    let rows: Vec<Vec<String>> = manifest
        .jobs
        .iter()
        .map(|(name, job)| {
            let size: u64 = job.outputs.iter().map(|file| file.size).sum();
            vec![
                harmless(name),
                count(job.outputs.len(), "file"),
                bytes(size),
                job.digest.short_hex(),
                harmless(&job.provider),
            ]
        })
        .collect();
    let align = [
        Align::Left,
        Align::Right,
        Align::Right,
        Align::Left,
        Align::Left,
    ];
    text + "\n" + &columns(&rows, &align, false, paint)
}

/// Returns what differs between two revisions, job by job.
#[must_use]
pub fn differences(from: &str, to: &str, found: &[ManifestDifference], colour: bool) -> String {
    let paint = Paint { colour };
    if found.is_empty() {
        return format!("{from} and {to} hold the same\n");
    }
    let line = |one: &ManifestDifference| match one {
        ManifestDifference::Added(job) => format!("  {} {}\n", paint.good("+"), harmless(job)),
        ManifestDifference::Removed(job) => format!("  {} {}\n", paint.bad("-"), harmless(job)),
        ManifestDifference::Changed {
            job,
            files,
            total: of,
            ..
        } => {
            format!(
                "  {} {}  {} of {}\n",
                paint.odd("~"),
                harmless(job),
                number(*files),
                count(*of, "file")
            )
        }
    };
    let lines: String = found.iter().map(line).collect();
    format!(
        "{} between {from} and {to}\n{lines}",
        count(found.len(), "difference")
    )
}

/// Returns what was, or would be, removed.
#[must_use]
pub fn collected(done: &GcSummary, kept: &[String], dry_run: bool) -> String {
    let verb = if dry_run { "would remove" } else { "removed" };
    format!(
        "{verb} {}, {}; kept {}, {} (revisions {})\n",
        count(done.removed, "file"),
        bytes(done.freed_bytes),
        count(done.kept, "file"),
        bytes(done.kept_bytes),
        kept.join(", ")
    )
}

/// Returns what verifying found; `fixing` when it was asked to mend.
#[must_use]
pub fn verified(verified: &VerifyReport, fixing: bool, colour: bool) -> String {
    let paint = Paint { colour };
    let read = format!(
        "{}, {}",
        count(verified.files, "file"),
        bytes(verified.bytes)
    );
    let mut text = if verified.faults.is_empty() {
        format!("{} {read}: everything is as it was made\n", paint.good("✓"))
    } else {
        format!("{read}: {}\n", count(verified.faults.len(), "fault"))
    };
    for found in &verified.faults {
        text += &format!("  {} {}\n", paint.bad("✗"), harmless(&fault(found)));
    }
    for path in &verified.edited {
        let path = harmless(&path.display().to_string());
        text += &format!(
            "  {} {path} is not as it was delivered; `revert current` puts it back\n",
            paint.odd("~")
        );
    }
    let can_mend =
        |fault: &StoreFault| !matches!(fault, StoreFault::Journal { .. } | StoreFault::Lost { .. });
    if !fixing && verified.faults.iter().any(can_mend) {
        text += "`--fix` mends this\n";
    }
    text
}

fn fault(fault: &StoreFault) -> String {
    let mends = |mended: bool, how: &str| {
        if mended {
            format!("; {how}")
        } else {
            String::new()
        }
    };
    match fault {
        StoreFault::Blob { path, jobs, mended } => {
            let of = jobs.first().map_or_else(
                || "which no job of the revision in place or the last run needs".to_owned(),
                |job| format!("made by {job}"),
            );
            let removed = mends(
                *mended,
                "removed: the next run makes it again if it is needed",
            );
            format!("{} is damaged, {of}{removed}", path.display())
        }
        StoreFault::Lost { job, file } => {
            format!("{file} of {job} is gone; the next run makes it again")
        }
        StoreFault::Journal { message } => format!("cannot {message}"),
        StoreFault::Manifest { revision, mended } => {
            format!(
                "the manifest of {revision} is damaged or gone{}",
                mends(*mended, "made again from the journals")
            )
        }
        StoreFault::Pointer { revision, mended } => {
            format!(
                "current.json does not say that {revision} is in place{}",
                mends(*mended, "written again")
            )
        }
    }
}

/// Returns what was put back.
#[must_use]
pub fn reverted(manifest: &Manifest, root: &Path) -> String {
    let place = |path: &Path| harmless(&root.join(path).display().to_string());
    let lines: String = manifest
        .deliverables
        .iter()
        .map(|made| format!("  {}\n", place(&made.path)))
        .collect();
    format!("{} is in place again\n{lines}", manifest.revision)
}
