//! The one table of schedulers: a line for each that a profile can name. Code outside a scheduler's
//! folder finds it through this table.

use super::openjd::{ExportedScheduler, OpenJdScheduler};
use super::scheduler::Scheduler;
use super::scheduler_spec::{SchedulerSetup, SchedulerSpec};
use super::slurm::SlurmScheduler;
use crate::model::farm_profile::SchedulerKind;

/// Makes a list and two exhaustive matches from one line for each scheduler, so that the compiler
/// asks for the line of an added [`SchedulerKind`]. A type in the table has a constant `SPEC` and a
/// function `new` that takes a [`SchedulerSetup`].
// A map that is filled at run time would find a missing entry only when a user names that
// scheduler. The two matches fail to compile.
macro_rules! scheduler_table {
    ($($kind:ident => $scheduler:ident,)*) => {
        /// Every scheduler that a profile can name.
        pub const SCHEDULERS: &[&SchedulerSpec] = &[$(&$scheduler::SPEC),*];

        /// Returns the facts about a scheduler.
        #[must_use]
        pub const fn scheduler_spec(kind: SchedulerKind) -> &'static SchedulerSpec {
            match kind {
                $(SchedulerKind::$kind => &$scheduler::SPEC,)*
            }
        }

        fn build_named<'a>(kind: SchedulerKind, setup: SchedulerSetup<'a>) -> Box<dyn Scheduler + 'a> {
            match kind {
                $(SchedulerKind::$kind => Box::new($scheduler::new(setup)),)*
            }
        }
    };
}

scheduler_table! {
    Slurm => SlurmScheduler,
    Openjd => OpenJdScheduler,
}

/// Returns the scheduler of a farm run. For a run that was exported as a bundle it is an
/// [`ExportedScheduler`], because the bundle may have been submitted to any scheduler.
#[must_use]
pub fn build_scheduler(setup: SchedulerSetup<'_>) -> Box<dyn Scheduler + '_> {
    let header = &setup.manifest.header;
    // The profile's scheduler must not be polled for an exported run: it never had the tasks, so it
    // would report all of them as lost.
    if header.exported {
        Box::new(ExportedScheduler)
    } else {
        build_named(header.farm.scheduler, setup)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scheduler_is_named_as_profiles_name_it() {
        for spec in SCHEDULERS {
            let kind: SchedulerKind = serde_json::from_value(spec.name.into()).unwrap();
            assert_eq!(scheduler_spec(kind), *spec);
            assert_eq!(serde_json::to_value(kind).unwrap(), spec.name);
        }
    }
}
