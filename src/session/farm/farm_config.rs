//! Finds a farm by name, and builds the configuration for runs on it.

use crate::base::suggestions::did_you_mean;
use crate::execute::{AdapterCapacity, ExecutorConfig, MachineCapacity};
use crate::model::farm_profile::FarmProfile;
use crate::plan::Plan;
use crate::session::loaded_library::LoadedLibrary;
use crate::session::session_context::SessionContext;
use crate::session::session_error::SessionError;
use std::path::Path;

/// Returns the farm of this name for a production in `folder`. Errors in its profile are reported
/// as errors, and those in other profiles outside of the production as warnings.
pub(in crate::session) fn find_farm(
    name: &str,
    folder: &Path,
    context: SessionContext<'_>,
) -> Result<FarmProfile, SessionError> {
    let mut loaded = LoadedLibrary::read_with_farms(folder, &context.environment.farm_files);
    let downgraded = loaded.downgrade_foreign_errors(Some(name));
    let farms = &loaded.library.farms;
    context.report_findings(&downgraded, &loaded.sources);
    let (Some(draft), Some(info)) = (
        farms.get(name),
        farms.preset_infos().find(|info| info.name.value == name),
    ) else {
        return Err(SessionError::UnknownFarm {
            name: name.to_owned(),
            hint: did_you_mean(name, farms.preset_names()),
        });
    };
    let farm = crate::farm::farm_from_profile(name, draft, info.name.origin);
    let farm = farm
        .map_err(|finding| loaded.diagnostics.push(*finding))
        .ok();
    let farm = farm.filter(|_| !loaded.diagnostics.has_errors());
    farm.ok_or_else(|| {
        context.report_findings(&loaded.diagnostics.into_sorted(), &loaded.sources);
        SessionError::InvalidFarmProfile(name.to_owned())
    })
}

/// Returns the configuration for following a farm run: no limits of this machine.
pub(in crate::session) fn unlimited_config(plan: &Plan, config: ExecutorConfig) -> ExecutorConfig {
    // Each token needs an entry, because a job that claims an unknown token is refused. The
    // scheduler counts the real licences.
    let tokens = plan
        .jobs()
        .flat_map(|(_, planned)| planned.job.claim.tokens.keys().cloned());
    let capacity = MachineCapacity {
        cores: u32::MAX,
        memory: u32::MAX,
        gpus: vec![AdapterCapacity {
            name: "farm".to_owned(),
            slots: u32::MAX,
            memory: u32::MAX,
        }],
        tokens: tokens.map(|token| (token, u32::MAX)).collect(),
    };
    ExecutorConfig {
        parallel: usize::MAX,
        capacity,
        // Time limits are enforced by the task on its machine. Here they would count the time in
        // the queue as well.
        limits: crate::execute::JobTimeLimits::default(),
        // The processes are on other machines, so there is nothing to sample here.
        proc_dir: None,
        shared_cores: None,
        ..config
    }
}

/// Returns the configuration for estimates of a farm run: its slots, and no other limit.
pub(in crate::session) fn farm_slots_config(
    plan: &Plan,
    farm: &FarmProfile,
    local: &ExecutorConfig,
) -> ExecutorConfig {
    ExecutorConfig {
        parallel: usize::try_from(farm.slots).unwrap_or(usize::MAX),
        ..unlimited_config(plan, local.clone())
    }
}
