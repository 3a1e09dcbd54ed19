//! State and size of a farm run as text.

use crate::farm::{FarmRunSize, FarmStatus, TaskHeartbeat, TaskKindSize, scheduler_spec};
use crate::model::farm_profile::FarmProfile;
use crate::report::paint::TextPaint;
use crate::report::text_format::{format_count, format_duration, format_number};
use crate::report::text_table::{ColumnAlign, format_columns};

/// Most running tasks that are listed.
// A farm runs hundreds of tasks at a time; a few show that work proceeds.
const MAX_SHOWN_TASKS: usize = 10;

/// Returns the state of the tasks of a farm run.
#[must_use]
pub fn farm_status_text(revision: &str, farm: &FarmProfile, status: &FarmStatus) -> String {
    let FarmStatus {
        tasks,
        made,
        failed,
        running,
        at_work: heartbeats,
        queued,
        held,
        unknown,
        answered,
        unreadable,
    } = status;
    let spec = scheduler_spec(farm.scheduler);
    let scheduler = spec.name;
    let mut text = format!(
        "\n{revision} is on the farm `{}` ({scheduler}): {} of {} tasks made, {} failed\n",
        farm.name,
        format_number(*made),
        format_number(*tasks),
        format_number(*failed)
    );
    for result in unreadable.iter().take(MAX_SHOWN_TASKS) {
        text += &format!("  failed to {result}; `--resume` makes its task again\n");
    }
    // Results are files in the store and are known without the scheduler. What waits or is held is
    // known to the scheduler alone, so nothing is printed about it.
    if !answered {
        text +=
            &format!("  {scheduler} does not answer, so the state of all other tasks is unknown\n");
        return text;
    }
    if *running > 0 {
        text += &format!("  {} running\n", format_number(*running));
    }
    text += &running_tasks_text(heartbeats);
    for (reason, count) in queued {
        text += &format!("  {} waiting ({reason})\n", format_number(*count));
    }
    // A held job waits for a person, so the command that releases it is part of the line.
    for (job, count) in held {
        text += &format!(
            "  {} held as job {job} until released{}\n",
            format_number(*count),
            spec.release_hint(job)
        );
    }
    // These three look the same from outside, and the remedy is the same.
    if *unknown > 0 {
        text += &format!(
            "  {} not sent, dropped or lost; `--resume` sends them again when their turn comes\n",
            format_number(*unknown)
        );
    }
    text
}

/// Returns the progress of the first few running tasks, from their heartbeats.
fn running_tasks_text(pulses: &[TaskHeartbeat]) -> String {
    let rows: Vec<Vec<String>> = pulses
        .iter()
        .take(MAX_SHOWN_TASKS)
        .map(|pulse| {
            let TaskHeartbeat {
                job,
                host,
                done,
                total,
                written_at: timestamp,
                ..
            } = pulse;
            vec![
                format!("  {job}"),
                host.clone(),
                format!(
                    "{done} of {total} at {}",
                    timestamp.strftime("%H:%M:%S UTC")
                ),
            ]
        })
        .collect();
    let more = match pulses.len().saturating_sub(MAX_SHOWN_TASKS) {
        0 => String::new(),
        more => format!("    and {more} more\n"),
    };
    format_columns(
        &rows,
        &[ColumnAlign::Left, ColumnAlign::Left, ColumnAlign::Left],
        false,
        TextPaint { colour: false },
    ) + &more
}

/// Returns the size of a run on a farm. `limits_error` says why the scheduler's limits are unknown.
#[must_use]
pub fn farm_size_text(
    farm: &FarmProfile,
    size: &FarmRunSize,
    limits_error: Option<&str>,
) -> String {
    let name = &farm.name;
    let scheduler = scheduler_spec(farm.scheduler).name;
    if size.tasks == 0 {
        return format!("\nOn the farm `{name}` ({scheduler}): nothing to send\n");
    }
    let (low, middle, high) = size.makespan;
    let mut text = format!(
        "\nOn the farm `{name}` ({scheduler}): {} in {}, about {} on {} (from {} to {})\n",
        format_count(size.tasks, "task"),
        format_count(size.arrays, "array"),
        format_duration(middle),
        format_count(farm.slots as usize, "slot"),
        format_duration(low),
        format_duration(high)
    );
    text += &task_kinds_table(&size.kinds);
    text += &format!(
        "\n  files on the shared file system: {} to send it, {} of results, and what tasks make\n",
        format_number(size.files_to_send),
        format_number(size.files_of_results)
    );
    // What the scheduler cannot express of the claims of jobs is listed here, before anything is
    // sent.
    for shortfall in &size.shortfalls {
        text += &format!("  ! {shortfall}\n");
    }
    if let Some(why) = limits_error {
        text += &format!(
            "  ! the limits of {scheduler} are unknown, so arrays have its default size: failed to {why}\n"
        );
    }
    text
}

fn task_kinds_table(kinds: &[TaskKindSize]) -> String {
    let heading = [
        "  Kind", "tasks", "arrays", "cores", "memory", "GPUs", "waits",
    ]
    .map(str::to_owned)
    .to_vec();
    let rows: Vec<Vec<String>> = std::iter::once(heading)
        .chain(kinds.iter().map(|kind| {
            let claim = &kind.claim;
            vec![
                format!("  {}", kind.producer),
                format_number(kind.tasks as usize),
                format_number(kind.arrays),
                // Claims are in thousandths. Rounded up, because a scheduler gives whole cores.
                claim.cores.div_ceil(1000).max(1).to_string(),
                format!("{} MB", claim.memory),
                claim.gpu.div_ceil(1000).to_string(),
                kind.waits.to_owned(),
            ]
        }))
        .collect();
    let right = ColumnAlign::Right;
    format_columns(
        &rows,
        &[
            ColumnAlign::Left,
            right,
            right,
            right,
            right,
            right,
            ColumnAlign::Left,
        ],
        true,
        TextPaint { colour: false },
    )
}
