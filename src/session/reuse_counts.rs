//! Which of a production's jobs are in the store already, by phase.

use crate::cli::args::InfoArgs;
use crate::cli::cli_settings::CliSettings;
use crate::cli::commands::farm;
use crate::cli::commands::machine_resources::MachineResources;
use crate::cli::commands::session::{ProductionSession, RendererOptions};
use crate::cli::exit_codes::CliError;
use crate::model::Phase;
use crate::model::farm_profile::NodeCapabilities;
use crate::plan::JobSelection;
use crate::validate::CheckedProduction;

/// How much of a plan a run would reuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReuseCounts {
    /// Each phase that has jobs: how many, and how many of them are in the store.
    pub(super) phases: Vec<(Phase, usize, usize)>,
}

impl ReuseCounts {
    /// Plans the production against the store, and makes nothing.
    pub(super) fn from_plan(
        checked: &CheckedProduction,
        args: &InfoArgs,
        settings: &CliSettings,
    ) -> Result<Self, CliError> {
        let layout = ProductionSession::store_layout(&checked.root, args.store.as_ref());
        let resources = MachineResources::detect_resources(args.machine.as_deref(), settings)?;
        let farm = args
            .farm
            .as_ref()
            .map(|name| farm::find_farm(name, &checked.root, settings))
            .transpose()?;
        let renderer_options = RendererOptions {
            gpu: &args.gpu,
            resources: &resources,
            parallel: None,
            nodes: NodeCapabilities::default(),
        };
        let renderer_options = renderer_options.for_farm(farm.as_ref());
        let (session, jobs) =
            ProductionSession::open(checked, layout, &renderer_options, settings)?;
        let plan = session.plan_jobs(jobs, &JobSelection::default())?;
        let counted = Phase::ALL.into_iter().map(|phase| {
            let jobs = || {
                plan.jobs()
                    .filter(|(_, planned)| planned.job.phase == phase)
            };
            (
                phase,
                jobs().count(),
                jobs()
                    .filter(|(_, planned)| !planned.reason.is_dirty())
                    .count(),
            )
        });
        Ok(Self {
            phases: counted.filter(|(_, jobs, _)| *jobs > 0).collect(),
        })
    }

    /// Returns how many jobs there are.
    pub(super) fn job_count(&self) -> usize {
        self.phases.iter().map(|(_, jobs, _)| jobs).sum()
    }

    /// Returns how many of them would be reused.
    pub(super) fn reused_count(&self) -> usize {
        self.phases.iter().map(|(_, _, reused)| reused).sum()
    }
}
