//! Where a farm run stands, in text.

use super::columns::{Align, columns};
use crate::farm::{FarmRunSize, FarmStatus, TaskHeartbeat, TaskKindSize};
use crate::model::farm_profile::FarmProfile;
use crate::report::figures::{count, number, span};
use crate::report::paint::Paint;

/// Running tasks that are shown one by one.
const SHOWN: usize = 10;

/// Returns where the tasks of a farm run stand.
#[must_use]
pub fn standing(revision: &str, farm: &FarmProfile, standing: &FarmStatus) -> String {
    let FarmStatus {
        tasks,
        made,
        failed,
        running,
        at_work: at_work_now,
        queued,
        held,
        unknown,
        answered,
    } = standing;
    let engine = farm.engine.name();
    let mut text = format!(
        "\n{revision} is on the farm `{}` ({engine}): {} of {} tasks made, {} failed\n",
        farm.name,
        number(*made),
        number(*tasks),
        number(*failed)
    );
    if !answered {
        text += &format!(
            "  {engine} does not answer now, so of the other tasks only results are known\n"
        );
        return text;
    }
    if *running > 0 {
        text += &format!("  {} running\n", number(*running));
    }
    text += &at_work(at_work_now);
    for (reason, count) in queued {
        text += &format!("  {} waiting ({reason})\n", number(*count));
    }
    for (job, count) in held {
        text += &format!(
            "  {} held as job {job}, until someone lets them go: scontrol release {job}\n",
            number(*count)
        );
    }
    if *unknown > 0 {
        text += &format!(
            "  {} not sent, dropped or lost; `--resume` sends them again when their turn comes\n",
            number(*unknown)
        );
    }
    text
}

/// Returns how far running tasks are, as they said themselves, of a few of them.
fn at_work(pulses: &[TaskHeartbeat]) -> String {
    let row = |pulse: &TaskHeartbeat| {
        let TaskHeartbeat {
            job,
            host,
            done,
            total: of,
            written_at: at,
            ..
        } = pulse;
        vec![
            format!("  {job}"),
            host.clone(),
            format!("{done} of {of} at {}", at.strftime("%H:%M:%S UTC")),
        ]
    };
    let rows: Vec<Vec<String>> = pulses.iter().take(SHOWN).map(row).collect();
    let more = match pulses.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("    and {more} more\n"),
    };
    columns(
        &rows,
        &[Align::Left, Align::Left, Align::Left],
        false,
        Paint { colour: false },
    ) + &more
}

/// Returns how large a run on a farm would be; `unasked` says why the engine could not be asked for its limits.
#[must_use]
pub fn size(farm: &FarmProfile, size: &FarmRunSize, unasked: Option<&str>) -> String {
    let (name, engine) = (&farm.name, farm.engine.name());
    if size.tasks == 0 {
        return format!("\nOn the farm `{name}` ({engine}): nothing to send\n");
    }
    let (low, middle, high) = size.makespan;
    let mut text = format!(
        "\nOn the farm `{name}` ({engine}): {} in {}, about {} on {} (from {} to {})\n",
        count(size.tasks, "task"),
        count(size.arrays, "array"),
        span(middle),
        count(farm.slots as usize, "slot"),
        span(low),
        span(high)
    );
    text += &kinds(&size.kinds);
    text += &format!(
        "\n  files on the shared file system: {} to send it, {} of results, and what tasks make\n",
        number(size.files_to_send),
        number(size.files_of_results)
    );
    for shortfall in &size.shortfalls {
        text += &format!("  ! {shortfall}\n");
    }
    if let Some(why) = unasked {
        text += &format!(
            "  ! its limits are not known here, so arrays are cut as {engine} cuts them by itself: failed to {why}\n"
        );
    }
    text
}

fn kinds(kinds: &[TaskKindSize]) -> String {
    let heading = [
        "  Kind", "tasks", "arrays", "cores", "memory", "GPUs", "waits",
    ]
    .map(str::to_owned)
    .to_vec();
    let row = |kind: &TaskKindSize| {
        let claim = &kind.claim;
        vec![
            format!("  {}", kind.producer),
            number(kind.tasks as usize),
            number(kind.arrays),
            claim.cores.div_ceil(1000).max(1).to_string(),
            format!("{} MB", claim.memory),
            claim.gpu.div_ceil(1000).to_string(),
            kind.waits.to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = std::iter::once(heading)
        .chain(kinds.iter().map(row))
        .collect();
    let right = Align::Right;
    columns(
        &rows,
        &[Align::Left, right, right, right, right, right, Align::Left],
        true,
        Paint { colour: false },
    )
}
