//! Which farm is meant, and how it runs jobs.

use crate::base::suggestions::did_you_mean;
use crate::execute::{AdapterCapacity, ExecutorConfig, MachineCapacity};
use crate::model::farm_profile::FarmProfile;
use crate::plan::Plan;
use crate::session::loaded_library::LoadedLibrary;
use crate::session::session_context::SessionContext;
use crate::session::session_error::SessionError;
use std::path::Path;

/// Returns the farm of this name, as a production in `folder` knows it. Mistakes in its profile are
/// reported; those in other profiles of the site and the user are reported as warnings.
pub(in crate::session) fn find_farm(
    name: &str,
    folder: &Path,
    context: SessionContext<'_>,
) -> Result<FarmProfile, SessionError> {
    let mut library_set = LoadedLibrary::read_with_farms(folder, &context.environment.farm_files);
    let downgraded = library_set.downgrade_foreign_errors(Some(name));
    let farms = &library_set.library.farms;
    context.report_findings(&downgraded, &library_set.sources);
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
        .map_err(|finding| library_set.diagnostics.push(*finding))
        .ok();
    let farm = farm.filter(|_| !library_set.diagnostics.has_errors());
    farm.ok_or_else(|| {
        context.report_findings(&library_set.diagnostics.into_sorted(), &library_set.sources);
        SessionError::InvalidFarmProfile(name.to_owned())
    })
}

/// Returns how a farm runs jobs: without limits of this machine, as many at a time as the engine
/// lets run.
pub(in crate::session) fn unlimited_config(plan: &Plan, config: ExecutorConfig) -> ExecutorConfig {
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
        limits: crate::execute::JobTimeLimits::default(),
        proc_dir: None,
        ..config
    }
}

/// Returns the configuration that a farm's estimate rests on: its slots, and no other limit.
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
