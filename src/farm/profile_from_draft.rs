//! Builds a [`FarmProfile`] from the profile as written, and owns the defaults of its fields.

use super::scheduler_table::SCHEDULERS;
use crate::base::{Diagnostic, FileSpan, Spanned};
use crate::document::OrderedMap;
use crate::document::farm_draft::{DurationValue, FarmDraft, NodesDraft, PositiveCount};
use crate::document::quote::quote_value;
use crate::model::farm_profile::{ClusterRequest, FarmProfile, NodeCapabilities};
use std::time::Duration;

/// The number of tasks at a time, if the profile has no `slots`.
const DEFAULT_SLOTS: u32 = 1;
/// The time between two polls of the scheduler, if the profile has no `poll`.
const DEFAULT_POLL: Duration = Duration::from_secs(10);
/// The longest wait for a file of another machine, if the profile has no `lag`.
const DEFAULT_LAG: Duration = Duration::from_secs(60);

/// Returns the farm that a profile describes. `name_origin` is the place of its name in the file.
///
/// # Errors
/// Fails with a diagnostic if the profile has no `engine`, or if a value with a line break would
/// reach a line of a script.
pub fn farm_from_profile(
    name: &str,
    draft: &FarmDraft,
    name_origin: FileSpan,
) -> Result<FarmProfile, Box<Diagnostic>> {
    // There is no default scheduler. A guess would send the tasks to one that the user never
    // named, and the mistake would show only when its programs are called.
    let Some(scheduler) = draft.engine.as_ref().map(|engine| engine.value) else {
        return Err(Box::new(missing_engine_finding(name, name_origin)));
    };
    if let Some(finding) = line_break_finding(draft) {
        return Err(Box::new(finding));
    }
    let count = |field: Option<PositiveCount>| field.and_then(|count| count.0);
    let duration = |field: Option<DurationValue>| field.and_then(|duration| duration.0);
    let lines = |field: &Option<crate::document::OneOrMany<Spanned<String>>>| {
        field
            .iter()
            .flatten()
            .map(|line| line.value.clone())
            .collect()
    };
    Ok(FarmProfile {
        name: name.to_owned(),
        scheduler,
        cluster: ClusterRequest {
            partition: optional_text(&draft.partition),
            account: optional_text(&draft.account),
            qos: optional_text(&draft.qos),
            gpu: optional_text(&draft.gpu),
        },
        licences: entry_pairs(draft.licences.as_ref()).collect(),
        // These three stay unset: the scheduler has limits of its own, and a default from here
        // would override them.
        throttle: count(draft.throttle),
        array_limit: count(draft.array_limit),
        time: duration(draft.time),
        // The other numbers are for this program alone, so they need a value.
        slots: count(draft.slots).unwrap_or(DEFAULT_SLOTS),
        poll: duration(draft.poll).unwrap_or(DEFAULT_POLL),
        lag: duration(draft.lag).unwrap_or(DEFAULT_LAG),
        mixed_hosts: draft.mixed_hosts.as_ref().is_some_and(|mixed| mixed.value),
        nodes: draft
            .nodes
            .as_ref()
            .map(nodes_from_draft)
            .unwrap_or_default(),
        program: optional_text(&draft.program),
        setup: lines(&draft.setup),
        options: lines(&draft.options),
        path_map: entry_pairs(draft.path_map.as_ref()).collect(),
        shared_roots: lines(&draft.shared_roots),
    })
}

fn missing_engine_finding(name: &str, name_origin: FileSpan) -> Diagnostic {
    let message = format!("the farm `{name}` names no engine");
    // The choices come from the table of schedulers, so an added scheduler is offered here too.
    let choices: Vec<String> = SCHEDULERS
        .iter()
        .map(|spec| format!("`engine: {}`", spec.name))
        .collect();
    Diagnostic::error("production::farm::no_engine", name_origin, message)
        .with_label("what starts its tasks?")
        .with_help(format!("write {} in it", choices.join(" or ")))
}

/// Returns the diagnostic for the first value that must be one line and is not.
fn line_break_finding(draft: &FarmDraft) -> Option<Diagnostic> {
    let FarmDraft {
        partition,
        account,
        qos,
        gpu,
        program,
        options,
        licences,
        path_map,
        ..
    } = draft;
    // Schedulers read options to the end of a line, quotes or not. What follows would be commands
    // on every machine of the farm. `setup` is commands anyway, and may have several lines.
    let texts = [partition, account, qos, gpu, program]
        .into_iter()
        .flatten();
    let entries = [licences, path_map].into_iter().flatten().flatten();
    let entries = entries.flat_map(|(key, value)| [key, value]);
    let mut all = texts.chain(options.iter().flatten()).chain(entries);
    let broken = all.find(|text| text.value.contains(char::is_control))?;
    let message = format!(
        "{} has a line break or another control character",
        quote_value(&broken.value)
    );
    let finding = Diagnostic::error("production::farm::line_break", broken.origin, message);
    Some(
        finding.with_help(
            "write it in one line; YAML reads `\\n` within double quotes as a line break",
        ),
    )
}

fn nodes_from_draft(draft: &NodesDraft) -> NodeCapabilities {
    // Every field is named, so that the compiler asks for a field that is added to the draft.
    let NodesDraft {
        adapter,
        ffmpeg,
        blender,
        cycles_device,
        sound_font,
        programs,
    } = draft;
    NodeCapabilities {
        adapter: optional_text(adapter),
        ffmpeg: optional_text(ffmpeg),
        blender: optional_text(blender),
        cycles_device: optional_text(cycles_device),
        sound_font: optional_text(sound_font),
        programs: entry_pairs(programs.as_ref()).collect(),
    }
}

fn optional_text(field: &Option<Spanned<String>>) -> Option<String> {
    field.as_ref().map(|text| text.value.clone())
}

fn entry_pairs(
    entries: Option<&OrderedMap<Spanned<String>>>,
) -> impl Iterator<Item = (String, String)> {
    entries
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.value.clone(), value.value.clone()))
}
