//! Collects what was measured of mixes from the store, for the report.

use super::planned_deliverables::mix_jobs;
use crate::execute::RunOutcome;
use crate::model::Production;
use crate::model::sound::{MIX_FACTS_FILE, MixFacts};
use crate::plan::Plan;
use crate::report::{ReportFacts, SoundReport};
use crate::store::BlobStore;

/// Adds to each deliverable with sound what was measured of it. Facts that cannot be read are left
/// out, because a report never fails a run.
pub(super) fn add_sound_facts(
    facts: &mut ReportFacts,
    production: &Production,
    plan: &Plan,
    outcome: &RunOutcome,
    blobs: &BlobStore,
) {
    let mix_jobs = mix_jobs(plan);
    for made in &mut facts.deliverables {
        let mut outputs = production.outputs.iter();
        let Some(output) = outputs.find(|output| output.name.value == made.output) else {
            continue;
        };
        let Some(sound) = &output.sound else {
            continue;
        };
        let job = mix_jobs.get(made.output.as_str());
        let outputs = job.and_then(|job| outcome.job_outputs(*job));
        let file = outputs.and_then(|outputs| {
            let mut files = outputs.iter();
            files.find(|file| file.name == MIX_FACTS_FILE)
        });
        let mix = file.and_then(|file| {
            let bytes = blobs
                .disk()
                .read_bytes(&blobs.blob_path(&file.digest))
                .ok()?;
            serde_json::from_slice::<MixFacts>(&bytes).ok()
        });
        let codec = sound.codec.filter(|_| !made.codec.is_sequence());
        let beside = output.sound_beside().into_iter();
        made.sound = mix.map(|mix| SoundReport {
            codec,
            beside: beside.map(|beside| beside.path).collect(),
            mix,
        });
    }
}
