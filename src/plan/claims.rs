//! Sets what each job claims while it runs: as the machine profile says, otherwise as measured in
//! earlier runs, otherwise as guessed by `expand`.

use crate::model::machine_profile::ClaimProfile;
use crate::model::{ActionKind, Job};
use crate::store::{RunHistory, run_history::MemoryStats};
use std::collections::BTreeMap;

/// Step of memory claims, in mebibytes. Also the smallest claim.
const MEMORY_STEP: u32 = 64;

/// Sets the claim of every job. Memory that no profile sets is at most `max_memory` mebibytes.
pub fn assign_claims(
    jobs: &mut [Job],
    profile: &BTreeMap<ActionKind, ClaimProfile>,
    history: &RunHistory,
    max_memory: u32,
) {
    for job in jobs {
        let measured = history
            .memory
            .get(&*job.work.sample_key())
            .and_then(measured_memory);
        // A job that may need more than the machine has claims all of it and runs alone, rather
        // than not at all: a guess may be wrong. What a profile sets is not limited, so a wrong
        // profile is refused before the run starts.
        job.claim.memory = measured.unwrap_or(job.claim.memory).min(max_memory);
        if let Some(profile) = profile.get(&job.work.kind()) {
            apply_profile(profile, job);
        }
        // Last: the author of the document knows the shot, and the profile only the machine.
        if let Some(limits) = &job.limits {
            limits.apply_to(&mut job.claim);
        }
    }
}

/// Returns the claim for the measured memory, in mebibytes, with a quarter to spare.
fn measured_memory(stats: &MemoryStats) -> Option<u32> {
    // What a job held alone is exact, so the largest counts. What it held beside others includes
    // their memory, so the smallest of those is nearest, and it counts only if no job ran alone.
    let peak = stats.alone.or(stats.shared)?;
    // Rounded up to whole steps, since measured peaks differ a little from run to run.
    Some((peak.saturating_add(peak / 4) / MEMORY_STEP + 1).saturating_mul(MEMORY_STEP))
}

fn apply_profile(profile: &ClaimProfile, job: &mut Job) {
    let claim = &mut job.claim;
    claim.cores = profile.cores.unwrap_or(claim.cores);
    claim.memory = profile.memory.unwrap_or(claim.memory);
    claim.gpu = profile.gpu.unwrap_or(claim.gpu);
    claim.gpu_memory = profile.gpu_memory.unwrap_or(claim.gpu_memory);
    // Tokens of the profile are added to those of the provider: a site may count licences that the
    // document does not know of. For the same name the profile wins.
    claim.tokens.extend(
        profile
            .tokens
            .iter()
            .map(|(name, amount)| (name.clone(), *amount)),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AssetKind, Claim, JobAction, JobName, PeakMemory, Phase};

    const KIND: ActionKind = ActionKind::Import;

    fn claim(profiles: &[(ActionKind, ClaimProfile)], peaks: &[PeakMemory], most: u32) -> Claim {
        let mut history = RunHistory::default();
        let held = history.memory.entry(KIND.id().to_owned()).or_default();
        peaks.iter().for_each(|peak| held.add_peak(*peak));
        let mut jobs = [Job {
            name: JobName::new(KIND, &[&"a"]),
            phase: Phase::Prepare,
            work: JobAction::Import {
                kind: AssetKind::Model,
                mend: Default::default(),
            },
            inputs: Vec::new(),
            claim: Claim {
                cores: 1000,
                memory: 256,
                ..Claim::default()
            },
            shot: None,
            output: None,
            source_size: None,
            limits: None,
            origin: crate::base::FileSpan::default(),
        }];
        assign_claims(
            &mut jobs,
            &profiles.iter().cloned().collect(),
            &history,
            most,
        );
        let [job] = jobs;
        job.claim
    }

    fn peak(own: u32, child: u32, shared: bool) -> PeakMemory {
        PeakMemory { own, child, shared }
    }

    #[test]
    fn without_measurements_the_default_claim_is_capped_by_the_machine() {
        assert_eq!(claim(&[], &[], 4096).memory, 256);
        assert_eq!(claim(&[], &[], 200).memory, 200);
    }

    #[test]
    fn the_largest_job_alone_is_claimed_with_a_quarter_to_spare() {
        let peaks = [
            peak(100, 300, false),
            peak(100, 20, false),
            peak(10, 10, true),
        ];
        assert_eq!(claim(&[], &peaks, 4096).memory, 512);
    }

    #[test]
    fn beside_others_the_smallest_is_nearest() {
        assert_eq!(
            claim(&[], &[peak(900, 0, true), peak(300, 100, true)], 4096).memory,
            512
        );
    }

    #[test]
    fn a_profile_claim_overrides_measurements_and_the_cap() {
        let profile = ClaimProfile {
            cores: Some(500),
            memory: Some(9000),
            tokens: BTreeMap::from([("nvenc".to_owned(), 1000)]),
            ..ClaimProfile::default()
        };
        let claim = claim(&[(KIND, profile)], &[peak(100, 0, false)], 4096);
        assert_eq!(
            (claim.cores, claim.memory, claim.tokens["nvenc"]),
            (500, 9000, 1000)
        );
    }
}
