//! Which farm is meant, and how it runs jobs.

use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostics, SourceMap};
use crate::cli::commands::library;
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::execute::{AdapterCapacity, ExecutorConfig as Pool, MachineCapacity};
use crate::model::farm_profile::FarmProfile;
use crate::plan::Plan;
use crate::report::diagnostic;
use std::path::Path;

/// Returns the farm of this name, as a production in `folder` knows it. Mistakes in its profile are shown; those in other
/// profiles of the site and the user are told and passed over.
pub(in crate::cli::commands) fn find(
    name: &str,
    folder: &Path,
    settings: &Settings,
) -> Result<FarmProfile, CliError> {
    let mut shelves = library::read_on_site(folder, settings);
    let show = |found: &Diagnostics, sources: &SourceMap| {
        if !found.is_empty() {
            settings.say_error(&diagnostic::render_diagnostics(
                found,
                sources,
                settings.style(),
            ));
        }
    };
    let forgiven = shelves.forgive(Some(name));
    let farms = &shelves.library.farms;
    show(&forgiven, &shelves.sources);
    let (Some(draft), Some(card)) = (
        farms.get(name),
        farms.preset_infos().find(|card| card.name.value == name),
    ) else {
        let hint = did_you_mean(name, farms.preset_names());
        let hint = hint.unwrap_or_else(|| "`production library farms` names them all".to_owned());
        return Err(CliError::Usage(format!("find the farm `{name}`; {hint}")));
    };
    let farm = crate::farm::farm_from_profile(name, draft, card.name.origin);
    let farm = farm.map_err(|finding| shelves.found.push(*finding)).ok();
    farm.filter(|_| !shelves.found.has_errors()).ok_or_else(|| {
        show(&shelves.found.into_sorted(), &shelves.sources);
        CliError::Usage(format!(
            "use the farm `{name}`: its profile has the mistakes above"
        ))
    })
}

/// Returns how a farm runs jobs: without limits of this machine, as many at a time as the engine lets run.
pub(in crate::cli::commands) fn pool(plan: &Plan, pool: Pool) -> Pool {
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
        ..pool
    }
}

/// Returns the pool that a farm's estimate rests on: its slots, with nothing else in the way.
pub(in crate::cli::commands) fn slots(plan: &Plan, farm: &FarmProfile, local: &Pool) -> Pool {
    Pool {
        parallel: usize::try_from(farm.slots).unwrap_or(usize::MAX),
        ..pool(plan, local.clone())
    }
}
