//! From a farm's profile as written to a farm.

use crate::base::{Diagnostic, FileSpan, Spanned};
use crate::document::OrderedMap;
use crate::document::farm_draft::{DurationValue, FarmDraft, NodesDraft, PositiveCount};
use crate::model::farm_profile::{FarmProfile, NodeCapabilities};
use std::time::Duration;

/// Tasks at a time when the profile does not say.
const SLOTS: u32 = 1;
/// Time between two questions to the engine when the profile does not say.
const POLL: Duration = Duration::from_secs(10);
/// How long a file of another machine is waited for when the profile does not say.
const LAG: Duration = Duration::from_secs(60);

/// Returns the farm that a profile describes; `named` is where its name is written.
///
/// # Errors
/// Fails with a finding when the profile names no engine.
pub fn farm(
    name: &str,
    draft: &FarmDraft,
    named: FileSpan,
) -> Result<FarmProfile, Box<Diagnostic>> {
    let Some(engine) = draft.engine.as_ref().map(|engine| engine.value) else {
        let message = format!("the farm `{name}` names no engine");
        let finding = Diagnostic::error("production::farm::no_engine", named, message);
        let finding = finding.with_label("what starts its tasks?");
        return Err(Box::new(
            finding.with_help("write `engine: slurm` or `engine: openjd` in it"),
        ));
    };
    let count = |field: Option<PositiveCount>| field.and_then(|count| count.0);
    let lapse = |field: Option<DurationValue>| field.and_then(|lapse| lapse.0);
    let lines = |field: &Option<crate::document::OneOrMany<Spanned<String>>>| {
        field
            .iter()
            .flatten()
            .map(|line| line.value.clone())
            .collect()
    };
    Ok(FarmProfile {
        name: name.to_owned(),
        engine,
        partition: text(&draft.partition),
        account: text(&draft.account),
        qos: text(&draft.qos),
        gpu: text(&draft.gpu),
        licences: pairs(draft.licences.as_ref()).collect(),
        throttle: count(draft.throttle),
        array_limit: count(draft.array_limit),
        time: lapse(draft.time),
        slots: count(draft.slots).unwrap_or(SLOTS),
        poll: lapse(draft.poll).unwrap_or(POLL),
        lag: lapse(draft.lag).unwrap_or(LAG),
        mixed_hosts: draft.mixed_hosts.as_ref().is_some_and(|mixed| mixed.value),
        nodes: draft.nodes.as_ref().map(nodes).unwrap_or_default(),
        program: text(&draft.program),
        setup: lines(&draft.setup),
        options: lines(&draft.options),
        path_map: pairs(draft.path_map.as_ref()).collect(),
        shared_roots: lines(&draft.shared_roots),
    })
}

fn nodes(draft: &NodesDraft) -> NodeCapabilities {
    let NodesDraft {
        adapter,
        ffmpeg,
        blender,
        cycles_device,
        programs,
    } = draft;
    NodeCapabilities {
        adapter: text(adapter),
        ffmpeg: text(ffmpeg),
        blender: text(blender),
        cycles_device: text(cycles_device),
        programs: pairs(programs.as_ref()).collect(),
    }
}

fn text(field: &Option<Spanned<String>>) -> Option<String> {
    field.as_ref().map(|text| text.value.clone())
}

fn pairs(entries: Option<&OrderedMap<Spanned<String>>>) -> impl Iterator<Item = (String, String)> {
    entries
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.value.clone(), value.value.clone()))
}
