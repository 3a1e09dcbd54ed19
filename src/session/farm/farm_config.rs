//! Which farm is meant, and how it runs jobs.

use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostics, SourceMap};
use crate::cli::cli_settings::CliSettings;
use crate::cli::commands::library;
use crate::cli::exit_codes::CliError;
use crate::execute::{AdapterCapacity, ExecutorConfig as Pool, MachineCapacity};
use crate::model::farm_profile::FarmProfile;
use crate::plan::Plan;
use crate::report::diagnostic;
use std::path::Path;

/// Returns the farm of this name, as a production in `folder` knows it. Mistakes in its profile are shown; those in other
/// profiles of the site and the user are told and passed over.
pub(in crate::cli::commands) fn find_farm(
    name: &str,
    folder: &Path,
    settings: &CliSettings,
) -> Result<FarmProfile, CliError> {
    let mut library_set = library::read_with_site_farms(folder, settings);
    let show = |diagnostics: &Diagnostics, sources: &SourceMap| {
        if !diagnostics.is_empty() {
            settings.print_stderr(&diagnostic::render_diagnostics(
                diagnostics,
                sources,
                settings.diagnostic_style(),
            ));
        }
    };
    let downgraded = library_set.downgrade_foreign_errors(Some(name));
    let farms = &library_set.library.farms;
    show(&downgraded, &library_set.sources);
    let (Some(draft), Some(card)) = (
        farms.get(name),
        farms.preset_infos().find(|card| card.name.value == name),
    ) else {
        let hint = did_you_mean(name, farms.preset_names());
        let hint = hint.unwrap_or_else(|| "`production library farms` names them all".to_owned());
        return Err(CliError::Usage(format!("find the farm `{name}`; {hint}")));
    };
    let farm = crate::farm::farm_from_profile(name, draft, card.name.origin);
    let farm = farm
        .map_err(|finding| library_set.diagnostics.push(*finding))
        .ok();
    farm.filter(|_| !library_set.diagnostics.has_errors())
        .ok_or_else(|| {
            show(&library_set.diagnostics.into_sorted(), &library_set.sources);
            CliError::Usage(format!(
                "use the farm `{name}`: its profile has the mistakes above"
            ))
        })
}

/// Returns how a farm runs jobs: without limits of this machine, as many at a time as the engine lets run.
pub(in crate::cli::commands) fn unlimited_config(plan: &Plan, config: Pool) -> Pool {
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
    Pool {
        parallel: usize::MAX,
        capacity,
        limits: crate::execute::JobTimeLimits::default(),
        proc_dir: None,
        ..config
    }
}

/// Returns the pool that a farm's estimate rests on: its slots, with nothing else in the way.
pub(in crate::cli::commands) fn farm_slots_config(
    plan: &Plan,
    farm: &FarmProfile,
    local: &Pool,
) -> Pool {
    Pool {
        parallel: usize::try_from(farm.slots).unwrap_or(usize::MAX),
        ..unlimited_config(plan, local.clone())
    }
}
