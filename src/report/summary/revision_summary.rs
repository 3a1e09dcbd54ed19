//! The history of a store as text: its revisions, one revision, and differences between revisions.

use crate::base::printable::flatten_escaped;
use crate::event::RunStatus;
use crate::report::paint::TextPaint;
use crate::report::revision_changes::RevisionChanges;
use crate::report::text_format::{format_bytes, format_count, format_duration, format_number};
use crate::report::text_table::{ColumnAlign, format_columns};
use crate::store::garbage_collection::GcSummary;
use crate::store::manifest::{Manifest, ManifestDifference, ManifestJob, StoredFile};
use crate::store::publish_recovery::PublishRecovery;
use crate::store::revisions::Revision;
use crate::store::verify_store::{StoreFault, VerifyReport};
use std::path::{Path, PathBuf};

/// Most files of a job that are named beside it. A shot has hundreds.
const MAX_FILE_NAMES: usize = 3;
/// Most missing files that are listed.
const MAX_MISSING: usize = 10;

/// Returns how a revision ended, in one or two words.
#[must_use]
pub const fn ending_label(revision: &Revision) -> &'static str {
    // A revert is a revision of its own, without a run, so its status says nothing.
    if revision.reverted_to.is_some() {
        return "reverted";
    }
    match (revision.status, revision.published.is_some()) {
        (Some(RunStatus::Succeeded), true) => "published",
        // A run that was limited to some shots or phases succeeds but publishes nothing.
        (Some(RunStatus::Succeeded), false) => "done in part",
        (Some(RunStatus::Failed), _) => "failed",
        (Some(RunStatus::Cancelled), _) => "stopped",
        (None, _) => "cut off",
    }
}

/// Returns the table of revisions, newest first. An arrow marks the current one.
#[must_use]
pub fn revision_log(revisions: &[Revision], colour: bool) -> String {
    let current = Revision::find_current(revisions).map(|revision| revision.name.as_str());
    let heading = ["", "Revision", "tier", "begun", "took", "ended", "jobs"]
        .map(str::to_owned)
        .to_vec();
    let rows = revisions
        .iter()
        .rev()
        .map(|revision| revision_row(revision, current == Some(&revision.name)));
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(rows).collect();
    let alignments = [
        ColumnAlign::Left,
        ColumnAlign::Left,
        ColumnAlign::Left,
        ColumnAlign::Left,
        ColumnAlign::Right,
        ColumnAlign::Left,
        ColumnAlign::Left,
    ];
    format_columns(&rows, &alignments, true, TextPaint { colour })
}

fn revision_row(revision: &Revision, is_current: bool) -> Vec<String> {
    let mark = if is_current { "→" } else { "" };
    let ended = revision.reverted_to.as_ref().map_or_else(
        || ending_label(revision).to_owned(),
        |to| format!("back to {to}"),
    );
    let cells = [
        mark,
        &revision.name,
        &format!("{}{}", tier_name(revision), silence_part(revision.no_sound)),
        &started_text(revision),
        &elapsed_text(revision),
        &ended,
        &job_counts_text(revision),
    ];
    cells.map(str::to_owned).to_vec()
}

/// Returns the name of the tier. Empty for a revision without one.
fn tier_name(revision: &Revision) -> String {
    revision
        .tier
        .as_deref()
        .map(flatten_escaped)
        .unwrap_or_default()
}

/// Returns the tier, and that sound was left out, as the part of a line. Empty for a revision
/// without a tier.
fn tier_part(revision: &Revision) -> String {
    match tier_name(revision) {
        tier if tier.is_empty() => tier,
        tier => format!("  tier {tier}{}", silence_part(revision.no_sound)),
    }
}

/// Returns the text behind the tier of a run that left sound out. Empty: it did not.
pub(super) const fn silence_part(no_sound: bool) -> &'static str {
    if no_sound { ", no sound" } else { "" }
}

pub(super) fn started_text(revision: &Revision) -> String {
    revision.started.map_or_else(String::new, |timestamp| {
        timestamp.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
    })
}

fn elapsed_text(revision: &Revision) -> String {
    revision.seconds.map_or_else(String::new, format_duration)
}

pub(super) fn job_counts_text(revision: &Revision) -> String {
    let parts = [
        (revision.made, "run"),
        (revision.reused, "already made"),
        (revision.failed.len(), "failed"),
        (revision.skipped, "skipped"),
        (revision.retried, "tried again"),
    ];
    let nonzero = parts.into_iter().filter(|(jobs, _)| *jobs > 0);
    nonzero
        .map(|(jobs, what)| format!("{} {what}", format_number(jobs)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Returns a revision as one line: name, tier, ending, start, jobs.
#[must_use]
pub fn revision_line(revision: &Revision) -> String {
    let tier = match tier_name(revision) {
        tier if tier.is_empty() => "-".to_owned(),
        tier => tier,
    };
    let name = &revision.name;
    let ending = ending_label(revision);
    let counts = job_counts_text(revision);
    format!(
        "{name} {tier} {ending}, {}: {counts}\n",
        started_text(revision)
    )
}

/// Returns the paths of the deliverables of a revision, a line each.
#[must_use]
pub fn deliverable_lines(manifest: &Manifest) -> String {
    let paths = manifest.deliverables.iter();
    paths
        .map(|deliverable| {
            let path = flatten_escaped(&deliverable.path.display().to_string());
            format!("{path}\n")
        })
        .collect()
}

/// Returns the outcome of a publication that was interrupted.
#[must_use]
pub fn publish_recovery_text(recovery: &PublishRecovery) -> String {
    match recovery {
        PublishRecovery::Undone(revision) => {
            format!(
                "publishing {revision} was interrupted before any file was replaced; its temporary files are removed"
            )
        }
        PublishRecovery::Completed(revision) => {
            format!("publishing {revision} was interrupted and is now completed")
        }
        PublishRecovery::Abandoned(revision, file) => format!(
            "publishing {revision} was interrupted, and its `{file}` is no longer in the store: the deliverables may be \
             of two revisions until the next `run` or `revert` replaces them"
        ),
        PublishRecovery::Blocked(revision, error) => format!(
            "publishing {revision} was interrupted, and now it failed to {}: the deliverables may be of two revisions \
             until the next `run` or `revert` replaces them",
            flatten_escaped(error)
        ),
        PublishRecovery::Untidied(revision, error) => format!(
            "files beside the deliverables of {revision} are left over: failed to {}",
            flatten_escaped(error)
        ),
    }
}

/// Returns a published revision: its deliverables with sizes, and the files of every job.
#[must_use]
pub fn revision_details(revision: &Revision, manifest: &Manifest, colour: bool) -> String {
    let paint = TextPaint { colour };
    let title = paint.emphasis(&flatten_escaped(&manifest.production));
    let mut text = format!(
        "{title}  {}  {}, took {}{}\n",
        revision.name,
        started_text(revision),
        elapsed_text(revision),
        tier_part(revision)
    );
    for deliverable in &manifest.deliverables {
        // A deliverable of several segments has the files of several jobs.
        let size = deliverable
            .jobs()
            .filter_map(|job| manifest.jobs.get(job))
            .flat_map(|job| &job.outputs)
            // A mix makes more files than the stems or the WAV file beside a film.
            .filter(|file| deliverable.files.is_empty() || deliverable.files.contains(&file.name))
            .map(|file| file.size)
            .sum();
        text += &format!(
            "  {}  {}\n",
            flatten_escaped(&deliverable.path.display().to_string()),
            format_bytes(size)
        );
    }
    let rows: Vec<Vec<String>> = manifest
        .jobs
        .iter()
        .map(|(name, job)| {
            let size: u64 = job.outputs.iter().map(|file| file.size).sum();
            vec![
                flatten_escaped(name),
                file_names(job),
                format_bytes(size),
                job.digest.short_hex(),
                flatten_escaped(&job.provider),
            ]
        })
        .collect();
    let align = [
        ColumnAlign::Left,
        ColumnAlign::Left,
        ColumnAlign::Right,
        ColumnAlign::Left,
        ColumnAlign::Left,
    ];
    text + "\n" + &format_columns(&rows, &align, false, paint)
}

/// Returns the names of a few files, or how many there are.
fn file_names(job: &ManifestJob) -> String {
    if job.outputs.len() > MAX_FILE_NAMES {
        return format_count(job.outputs.len(), "file");
    }
    let names = job.outputs.iter().map(|file| flatten_escaped(&file.name));
    names.collect::<Vec<_>>().join(", ")
}

/// Returns the files of one job, each with its size and the path at which it is.
#[must_use]
pub fn job_files_text(
    job: &str,
    made: &ManifestJob,
    path: impl Fn(&StoredFile) -> PathBuf,
    colour: bool,
) -> String {
    let paint = TextPaint { colour };
    let row = |file: &StoredFile| {
        vec![
            flatten_escaped(&file.name),
            format_bytes(file.size),
            flatten_escaped(&path(file).display().to_string()),
        ]
    };
    let rows: Vec<Vec<String>> = made.outputs.iter().map(row).collect();
    let align = [ColumnAlign::Left, ColumnAlign::Right, ColumnAlign::Left];
    format!(
        "{}  {}\n{}",
        paint.emphasis(&flatten_escaped(job)),
        flatten_escaped(&made.provider),
        format_columns(&rows, &align, false, paint)
    )
}

/// Returns the differences between two revisions: by job, then files of the project and the
/// timeline.
#[must_use]
pub fn differences_text(
    from: &str,
    to: &str,
    differences: &[ManifestDifference],
    changes: &RevisionChanges,
    colour: bool,
) -> String {
    let paint = TextPaint { colour };
    let inputs = changes.text(colour);
    if differences.is_empty() && inputs.is_empty() {
        return format!("{from} and {to} are the same\n");
    }
    if differences.is_empty() {
        return format!("{from} and {to} made the same files\n{inputs}");
    }
    let lines: String = differences
        .iter()
        .map(|difference| match difference {
            ManifestDifference::Added(job) => {
                format!("  {} {}\n", paint.success("+"), flatten_escaped(job))
            }
            ManifestDifference::Removed(job) => {
                format!("  {} {}\n", paint.failure("-"), flatten_escaped(job))
            }
            ManifestDifference::Changed {
                job, files, total, ..
            } => {
                format!(
                    "  {} {}  {} of {}{}\n",
                    paint.warning("~"),
                    flatten_escaped(job),
                    format_number(*files),
                    format_count(*total, "file"),
                    changes.cause_text(job)
                )
            }
        })
        .collect();
    format!(
        "{} between {from} and {to}\n{lines}{inputs}",
        format_count(differences.len(), "difference")
    )
}

/// Returns what was removed, or would be with `dry_run`.
#[must_use]
pub fn collection_text(done: &GcSummary, revisions: &[String], dry_run: bool) -> String {
    let verb = if dry_run { "would remove" } else { "removed" };
    format!(
        "{verb} {}, {}; kept {}, {} (revisions {})\n",
        format_count(done.removed, "file"),
        format_bytes(done.freed_bytes),
        format_count(done.remaining, "file"),
        format_bytes(done.remaining_bytes),
        revisions.join(", ")
    )
}

/// Returns whether any deliverable is not as it was delivered.
fn has_differences(verified: &VerifyReport) -> bool {
    !verified.edited.is_empty() || !verified.missing.is_empty()
}

/// Returns the result of verifying. `fixing` is whether `--fix` was given.
#[must_use]
pub fn verification_text(verified: &VerifyReport, fixing: bool, colour: bool) -> String {
    let paint = TextPaint { colour };
    // A tick would say that something was found to be whole.
    if verified.files == 0 && verified.faults.is_empty() && !has_differences(verified) {
        return "nothing to verify: no run has made anything yet\n".to_owned();
    }
    let read = format!(
        "{}, {}",
        format_count(verified.files, "file"),
        format_bytes(verified.bytes)
    );
    let mut text = if verified.faults.is_empty() {
        format!(
            "{} {read}: every file is as it was made\n",
            paint.success("✓")
        )
    } else {
        format!("{read}: {}\n", format_count(verified.faults.len(), "fault"))
    };
    for fault in &verified.faults {
        text += &format!(
            "  {} {}\n",
            paint.failure("✗"),
            flatten_escaped(&fault_text(fault))
        );
    }
    // Not a fault: deliverables belong to the user, who may edit them. Verifying only says so.
    for path in &verified.edited {
        let path = flatten_escaped(&path.display().to_string());
        text += &format!(
            "  {} {path} was changed after delivery; `revert current` restores it\n",
            paint.warning("~")
        );
    }
    let missing = verified.missing.iter().take(MAX_MISSING);
    for path in missing {
        let path = flatten_escaped(&path.display().to_string());
        text += &format!(
            "  {} {path} is missing; `revert current` restores it\n",
            paint.warning("~")
        );
    }
    let hidden = verified.missing.len().saturating_sub(MAX_MISSING);
    if hidden > 0 {
        text += &format!("  and {hidden} more are missing\n");
    }
    // A damaged journal is the truth itself and has no second source. A lost file is made by a run,
    // not by `--fix`.
    let can_mend = |fault: &StoreFault| {
        matches!(
            fault,
            StoreFault::Blob { .. } | StoreFault::Manifest { .. } | StoreFault::Pointer { .. }
        )
    };
    if !fixing && verified.faults.iter().any(can_mend) {
        text += "`--fix` repairs this\n";
    }
    text
}

fn fault_text(fault: &StoreFault) -> String {
    let mends = |mended: bool, how: &str| {
        if mended {
            format!("; {how}")
        } else {
            String::new()
        }
    };
    match fault {
        StoreFault::Blob { path, jobs, mended } => {
            let producer = jobs.first().map_or_else(
                || "which no job of the current revision or the last run needs".to_owned(),
                |job| format!("made by {job}"),
            );
            let removed = mends(
                *mended,
                "removed: the next run makes it again if it is needed",
            );
            format!("{} is damaged, {producer}{removed}", path.display())
        }
        StoreFault::Lost { job, file } => {
            format!("{file} of {job} is gone; the next run makes it again")
        }
        StoreFault::Foreign { path } => {
            format!(
                "{} was not put there by this program, and stays",
                path.display()
            )
        }
        StoreFault::Distrusted { job } => {
            format!("{job} may have been made from a damaged file; the next run makes it again")
        }
        StoreFault::Unrecorded { revision, path } => format!(
            "{} names {revision}, whose end no journal records; `gc` removes nothing",
            path.display()
        ),
        StoreFault::Journal { message } => format!("cannot {message}"),
        StoreFault::Manifest { revision, mended } => {
            format!(
                "the manifest of {revision} is damaged or gone{}",
                mends(*mended, "made again from the journals")
            )
        }
        StoreFault::Pointer { revision, mended } => {
            format!(
                "current.json does not name {revision} as the current revision{}",
                mends(*mended, "written again")
            )
        }
    }
}

/// Returns the deliverables that a revert restored.
#[must_use]
pub fn revert_text(manifest: &Manifest, root: &Path) -> String {
    let place = |path: &Path| flatten_escaped(&root.join(path).display().to_string());
    let lines: String = manifest
        .deliverables
        .iter()
        .map(|deliverable| format!("  {}\n", place(&deliverable.path)))
        .collect();
    format!("{} is in place again\n{lines}", manifest.revision)
}
