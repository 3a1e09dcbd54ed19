//! Which of a production's jobs are in the store already, by phase.

use crate::cli::args::Info;
use crate::cli::commands::farm;
use crate::cli::commands::machine::Means;
use crate::cli::commands::workplace::{Hands, Workplace};
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::model::Phase;
use crate::model::farm_profile::NodeCapabilities;
use crate::plan::JobSelection;
use crate::validate::CheckedProduction;

/// How much of a plan a run would reuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    /// Each phase that has jobs: how many, and how many of them are in the store.
    pub(super) phases: Vec<(Phase, usize, usize)>,
}

impl Made {
    /// Plans the production against the store, and makes nothing.
    pub(super) fn of(
        checked: &CheckedProduction,
        args: &Info,
        settings: &Settings,
    ) -> Result<Self, CliError> {
        let layout = Workplace::layout(&checked.root, args.store.as_ref());
        let means = Means::look(args.machine.as_deref(), settings)?;
        let farm = args
            .farm
            .as_ref()
            .map(|name| farm::find(name, &checked.root, settings))
            .transpose()?;
        let hands = Hands {
            gpu: &args.gpu,
            means: &means,
            parallel: None,
            nodes: NodeCapabilities::default(),
        };
        let hands = hands.on(farm.as_ref());
        let (workplace, jobs) = Workplace::open(checked, layout, &hands, settings)?;
        let plan = workplace.plan(jobs, &JobSelection::default())?;
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
    pub(super) fn jobs(&self) -> usize {
        self.phases.iter().map(|(_, jobs, _)| jobs).sum()
    }

    /// Returns how many of them would be reused.
    pub(super) fn reused(&self) -> usize {
        self.phases.iter().map(|(_, _, reused)| reused).sum()
    }
}
