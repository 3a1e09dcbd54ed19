//! Reports and saves a plan. Saving creates no journal, so a revision that was only planned is not
//! a run, and the next run takes its name.

use super::followed_plan::{FollowedPlan, job_basis};
use super::preset_changes::preset_changes;
use super::production_session::ProductionSession;
use super::session_context::SessionContext;
use super::session_error::SessionError;
use super::session_notice::SessionNotice;
use crate::execute::RunEstimate;
use crate::plan::{JobChange, JobSelection, Plan, RunReason};
use crate::report::plan_facts::ChangedPreset;
use crate::report::{PlanFacts, SilenceFacts, TierFacts};
use crate::store::{StoreError, StoreLayout};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Size of the buffer in bytes. A plan of a million jobs is a quarter of a gigabyte.
const WRITE_BUFFER_BYTES: usize = 1 << 20;

/// Reports targets of `--regen` and `--pin` without a job in the run.
pub(super) fn report_idle_controls(
    plan: &Plan,
    selection: &JobSelection,
    context: SessionContext<'_>,
) {
    for (option, target) in plan.idle_controls(selection) {
        context.report(&SessionNotice::IdleControl { option, target });
    }
}

/// Returns the facts of a plan that are printed and saved.
pub(super) fn plan_facts<'a>(
    session: &'a ProductionSession<'_>,
    plan: &'a Plan,
    selection: &'a JobSelection,
    expected: &RunEstimate,
) -> PlanFacts<'a> {
    let title = session.checked.meta.display_title();
    let facts = PlanFacts::from_plan(
        plan,
        title,
        selection,
        session.history.next_revision(),
        session.history.published.clone(),
        expected,
        &session.opened.sources,
    );
    let render = &session.checked.render;
    let mut facts = PlanFacts {
        tier: Some(TierFacts::from_render(render, &session.opened.sources)),
        tier_override: render.tier_source.is_override(),
        silence: SilenceFacts::from_production(session.checked),
        ..facts
    };
    name_changed_presets(&mut facts, session);
    let wanted = plan.jobs().filter(|(_, planned)| planned.wanted);
    for (job, (_, planned)) in facts.jobs.iter_mut().zip(wanted) {
        // Where the identity is known it says more, and a plan of a million jobs is long enough.
        job.basis = job
            .digest
            .is_none()
            .then(|| job_basis(planned, plan, session));
    }
    facts
}

/// Names the presets that changed since the last run, if a job changed. If nothing else did, they are
/// the cause of every change, and not the lines that ask for the jobs.
fn name_changed_presets(facts: &mut PlanFacts<'_>, session: &ProductionSession<'_>) {
    let mut changed = facts.jobs.iter_mut().filter(|job| {
        matches!(job.reason, RunReason::InputsHashChanged { changes }
            if changes.iter().any(|change| matches!(change, JobChange::Parameter { .. })))
    });
    let Some(first) = changed.next() else {
        return;
    };
    let Some(changes) = preset_changes(session).filter(|changes| !changes.presets.is_empty())
    else {
        return;
    };
    // Only then is the preset the one cause. Otherwise the place in the document says more.
    if changes.is_document_same {
        let place: Rc<str> = changed_place(&changes.presets).into();
        for job in std::iter::once(first).chain(changed) {
            job.place = Rc::clone(&place);
        }
    }
    facts.changed_presets = changes.presets;
}

/// Returns the place of the first changed preset, and how many others there are.
fn changed_place(presets: &[ChangedPreset]) -> String {
    let first = presets.first().map_or("", |preset| preset.place.as_str());
    match presets.len() {
        0 | 1 => first.to_owned(),
        // Each job shows the place, so it is one and not a list.
        count => format!("{first} and {} more", count - 1),
    }
}

/// Fails when a run of `plan` is not what the plan to follow lists.
pub(super) fn require_followed(
    follow: Option<&FollowedPlan>,
    plan: &Plan,
    session: &ProductionSession<'_>,
) -> Result<(), SessionError> {
    follow.map_or(Ok(()), |follow| {
        follow
            .require_same(plan, session)
            .map_err(|source| SessionError::PlanNotFollowed {
                path: follow.path().to_owned(),
                source,
            })
    })
}

/// Writes a plan into the store under the revision of the next run. Returns its path.
pub(super) fn save_plan(
    layout: &StoreLayout,
    facts: &PlanFacts<'_>,
) -> Result<PathBuf, StoreError> {
    let path = layout.run_folder(&facts.revision).join("plan.json");
    write_plan(layout, facts, &path)?;
    Ok(path)
}

/// Writes a plan to a file.
pub(super) fn write_plan(
    layout: &StoreLayout,
    facts: &PlanFacts<'_>,
    path: &Path,
) -> Result<(), StoreError> {
    let written = layout.disk().replace_with(path, |file| {
        // Serialized in pieces and not into one string, which would need the size of the plan in
        // memory a second time.
        let mut buffered_file = BufWriter::with_capacity(WRITE_BUFFER_BYTES, file);
        serde_json::to_writer(&mut buffered_file, facts)?;
        buffered_file.flush()
    });
    written.map_err(|source| StoreError::io("write", path, source))
}
