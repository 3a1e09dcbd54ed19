//! Collects what was measured of mixes from the store, for the report.

use super::planned_deliverables::mix_jobs;
use crate::execute::RunOutcome;
use crate::model::production::Output;
use crate::model::sound::{MIX_FACTS_FILE, MixFacts, MixReasonKind, SoundBeside};
use crate::model::{Artefact, Production};
use crate::plan::Plan;
use crate::report::{ReportFacts, SoundBesideFacts, SoundReport};
use crate::store::BlobStore;
use std::collections::HashMap;

/// Adds to each deliverable with sound what was measured of it, and a warning where stems do not
/// add up. Facts that cannot be read are left out, because a report never fails a run.
pub(super) fn add_sound_facts(
    facts: &mut ReportFacts,
    production: &Production,
    plan: &Plan,
    outcome: &RunOutcome,
    blobs: &BlobStore,
) {
    let mix_jobs = mix_jobs(plan);
    let outputs = production.outputs.iter();
    let outputs: HashMap<&str, &Output> = outputs
        .map(|output| (output.name.value.as_str(), output))
        .collect();
    for made in &mut facts.deliverables {
        let Some(output) = outputs.get(made.output.as_str()) else {
            continue;
        };
        let Some(sound) = &output.sound else {
            continue;
        };
        let job = mix_jobs.get(made.output.as_str());
        let made_files = job.and_then(|job| outcome.job_outputs(*job));
        let made_files = made_files.unwrap_or_default();
        let mut files = made_files.iter();
        let file = files.find(|file| file.name == MIX_FACTS_FILE);
        let mix = file.and_then(|file| {
            let bytes = blobs
                .disk()
                .read_bytes(&blobs.blob_path(&file.digest))
                .ok()?;
            serde_json::from_slice::<MixFacts>(&bytes).ok()
        });
        let Some(mut mix) = mix else {
            continue;
        };
        // Where no stems are delivered, nobody can add them up.
        mix.reasons
            .retain(|reason| sound.stems || reason.kind != MixReasonKind::StemClipped);
        let clipped = mix
            .reasons
            .iter()
            .filter(|reason| reason.kind == MixReasonKind::StemClipped);
        let name = &output.name.value;
        facts
            .warnings
            .extend(clipped.map(|reason| format!("output `{name}`: {}", reason.text)));
        let beside = output.sound_beside().into_iter();
        made.sound = Some(SoundReport {
            codec: sound.codec.filter(|_| !made.codec.is_sequence()),
            beside: beside
                .map(|beside| beside_facts(beside, made_files))
                .collect(),
            mix_job: job.map_or_else(String::new, |job| plan.job(*job).job.name.to_string()),
            mix,
        });
    }
}

/// Returns a deliverable of sound with the size of its files among those that its mix made.
fn beside_facts(beside: SoundBeside, made: &[Artefact]) -> SoundBesideFacts {
    let names = beside.kind.files();
    let delivered = made
        .iter()
        .filter(|file| names.iter().any(|name| name.name() == file.name));
    SoundBesideFacts {
        bytes: delivered.map(|file| file.stamp.size).sum(),
        path: beside.path,
        kind: beside.kind,
    }
}
