//! Resolves limits and resources of jobs, by kind of work and by shot, and the workers.

use super::budget::{TIME_UNITS, parse_amount};
use super::context::ResolveContext;
use crate::base::suggestions::did_you_mean;
use crate::document::RawScalar;
use crate::document::draft::{LimitsDraft, ProductionDraft, WorkerBackend};
use crate::document::quote::quote_value;
use crate::model::{ActionKind, JobLimits, KindLimits, value_ranges};

/// Units of memory, in MiB.
// Renderers and schedulers count memory in binary units and write them like this.
const MEMORY_UNITS: [(&str, f64); 6] = [
    ("MB", 1.0),
    ("MiB", 1.0),
    ("M", 1.0),
    ("GB", 1024.0),
    ("GiB", 1024.0),
    ("G", 1024.0),
];

/// Returns the limits of each kind of work.
pub(super) fn resolve_kind_limits(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
) -> KindLimits {
    let mut limits = KindLimits::new();
    for (kind, written) in draft.limits.iter().flatten() {
        let Ok(known) = kind.value.parse::<ActionKind>() else {
            let message = format!("{} is not a kind of work", quote_value(&kind.value));
            let ids = ActionKind::IDS.iter().copied();
            let help = did_you_mean(&kind.value, ids)
                .unwrap_or_else(|| format!("write one of {}", ActionKind::IDS.join(", ")));
            context.report_error(
                "production::limits::unknown_kind",
                kind.origin,
                message,
                Some(help),
            );
            continue;
        };
        limits.insert(known, resolve_limits(context, written));
    }
    limits
}

/// Returns the limits of one entry. What cannot be read is reported and left out.
pub(super) fn resolve_limits(context: &mut ResolveContext<'_>, written: &LimitsDraft) -> JobLimits {
    let seconds = read_amount(
        context,
        written.time.as_ref(),
        &TIME_UNITS,
        "write a time with its unit, such as `90s`, `30m` or `2h`",
    );
    let memory = read_amount(
        context,
        written.memory.as_ref(),
        &MEMORY_UNITS,
        "write an amount with its unit, such as `800MB` or `16GB`",
    );
    let cores = context.in_range_opt("cores", &written.cores, value_ranges::CORES);
    JobLimits {
        retries: context.in_range_opt("retries", &written.retries, value_ranges::RETRIES),
        seconds,
        memory: memory.map(whole_number),
        // In thousandths, as the ledger counts them: a job may claim half a core.
        cores: cores.map(|cores| whole_number(f64::from(cores) * 1000.0)),
    }
}

fn read_amount(
    context: &mut ResolveContext<'_>,
    text: Option<&RawScalar>,
    units: &[(&str, f64)],
    help: &str,
) -> Option<f64> {
    let text = text.filter(|text| !text.is_placeholder)?;
    let amount = parse_amount(&text.value, units);
    if amount.is_none() {
        let message = format!("{} is not a limit", quote_value(&text.value));
        context.report_error(
            "production::value::bad_limit",
            text.origin,
            message,
            Some(help.to_owned()),
        );
    }
    amount
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range"
)]
fn whole_number(value: f64) -> u32 {
    value.round().clamp(1.0, f64::from(u32::MAX)) as u32
}

/// Returns how many jobs run at a time. `None`: unset.
pub(super) fn resolve_workers(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
) -> Option<u16> {
    let workers = draft.workers.as_ref()?;
    let backend = workers.backend.filter(|backend| !backend.is_placeholder);
    if let Some(backend) = backend.filter(|backend| backend.value == WorkerBackend::Process) {
        let message = "workers of this machine are threads".to_owned();
        let help = "write `backend: thread`: Blender, commands and ffmpeg are processes of their \
            own already, and a farm gives every job one (`production run --farm NAME`)"
            .to_owned();
        context.report_error(
            "production::workers::process_backend",
            backend.origin,
            message,
            Some(help),
        );
    }
    let count = context.in_range_opt("count", &workers.count, value_ranges::WORKERS)?;
    u16::try_from(count).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_has_binary_units() {
        assert_eq!(parse_amount("16GB", &MEMORY_UNITS), Some(16_384.0));
        assert_eq!(parse_amount("800 MiB", &MEMORY_UNITS), Some(800.0));
        assert_eq!(parse_amount("16", &MEMORY_UNITS), None);
    }
}
