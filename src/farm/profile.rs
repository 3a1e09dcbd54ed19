//! From a farm's profile as written to a farm.

use super::manifest::FarmError;
use crate::base::Spanned;
use crate::document::Entries;
use crate::document::farm::{Count, FarmDraft, Lapse};
use crate::model::farm::Farm;
use std::time::Duration;

/// Tasks at a time when the profile does not say.
const SLOTS: u32 = 1;
/// Time between two questions to the engine when the profile does not say.
const POLL: Duration = Duration::from_secs(10);
/// How long a file of another machine is waited for when the profile does not say.
const LAG: Duration = Duration::from_secs(60);

/// Returns the farm that a profile describes.
///
/// # Errors
/// Fails when the profile names no engine.
pub fn farm(name: &str, draft: &FarmDraft) -> Result<Farm, FarmError> {
    let Some(engine) = draft.engine.as_ref().map(|engine| engine.value) else {
        let message = format!(
            "use the farm `{name}`: its profile names no engine; write `engine: slurm` or `engine: openjd`"
        );
        return Err(FarmError::Usage(message));
    };
    let text = |field: &Option<Spanned<String>>| field.as_ref().map(|text| text.value.clone());
    let count = |field: Option<Count>| field.and_then(|count| count.0);
    let lapse = |field: Option<Lapse>| field.and_then(|lapse| lapse.0);
    let lines = |field: &Option<crate::document::OneOrMany<Spanned<String>>>| {
        field.iter().flatten().map(|line| line.value.clone()).collect()
    };
    Ok(Farm {
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
        program: text(&draft.program),
        setup: lines(&draft.setup),
        options: lines(&draft.options),
        path_map: pairs(draft.path_map.as_ref()).collect(),
    })
}

fn pairs(entries: Option<&Entries<Spanned<String>>>) -> impl Iterator<Item = (String, String)> {
    entries.into_iter().flatten().map(|(key, value)| (key.value.clone(), value.value.clone()))
}
