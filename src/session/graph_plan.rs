//! Plans a production for a picture of its jobs: without a lock, without claims and without a
//! forecast.

use super::production_session::SessionSetup;
use super::program_access::ProgramUse;
use super::session_context::{SessionContext, SessionOptions};
use super::session_error::SessionError;
use crate::plan::JobSelection;
use crate::project::OpenedProduction;
use crate::report::GraphFacts;

/// Returns the graph of the jobs that `selection` selects. `collapsed` is `None` for a choice by
/// their number.
///
/// # Errors
/// Fails when the production has mistakes, a profile cannot be used, the store is damaged, or the
/// selection names no job.
pub fn plan_graph(
    opened: &OpenedProduction,
    options: &SessionOptions,
    selection: &JobSelection,
    collapsed: Option<bool>,
    context: SessionContext<'_>,
) -> Result<GraphFacts, SessionError> {
    let setup = SessionSetup::new(opened, options, context)?;
    let title = setup.checked.meta.display_title().to_owned();
    let (session, jobs) = setup.open(ProgramUse::Look)?;
    let plan = session.plan_jobs(jobs, selection)?;
    Ok(GraphFacts::from_plan(&plan, &title, collapsed))
}
