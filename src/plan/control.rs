//! What a person decided about single jobs: made again although the store has them, or kept although they changed.

use super::PlanError;
use super::graph::Links;
use super::select::Selection;
use super::target::target;
use crate::base::Digest;
use crate::model::{Artefact, Job, JobId};
use crate::store::RunHistory;

/// What was decided about a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Control {
    /// Nothing: its identity decides.
    #[default]
    Free,
    /// It is made again; it was named itself.
    Regen,
    /// It is made again, with all of its shot or phase.
    RegenWide,
    /// What was last made under this identity is used.
    Pin(Digest),
}

impl Control {
    /// Returns whether the job is made again whatever the store has.
    #[must_use]
    pub const fn is_regen(self) -> bool {
        matches!(self, Self::Regen | Self::RegenWide)
    }
}

/// Returns what was decided about each job.
pub(super) fn controls(
    jobs: &[Job],
    links: &Links,
    selection: &Selection,
    history: &RunHistory,
    holds: &dyn Fn(&Artefact) -> bool,
) -> Result<Vec<Control>, PlanError> {
    let mut controls = vec![Control::Free; jobs.len()];
    for word in &selection.regen {
        let found = target(jobs.iter(), word)?;
        let control = if found.by_name {
            Control::Regen
        } else {
            Control::RegenWide
        };
        for id in found.jobs {
            if controls[id.index()] != Control::Regen {
                controls[id.index()] = control;
            }
        }
    }
    let keeper = Keeper {
        jobs,
        history,
        holds,
    };
    for word in &selection.pin {
        for id in target(jobs.iter(), word)?.jobs {
            if controls[id.index()].is_regen() {
                return Err(PlanError::RegenAndPin(jobs[id.index()].name.clone()));
            }
            controls[id.index()] = Control::Pin(keeper.keep(id)?);
        }
    }
    keeper.keep_sources(links, &mut controls);
    Ok(controls)
}

/// Finds what jobs last made.
struct Keeper<'a> {
    jobs: &'a [Job],
    history: &'a RunHistory,
    holds: &'a dyn Fn(&Artefact) -> bool,
}

impl Keeper<'_> {
    /// Returns the identity under which the job was last made, if that can stand in for what is asked for now.
    fn keep(&self, id: JobId) -> Result<Digest, PlanError> {
        let job = &self.jobs[id.index()];
        let last = self.history.records.last_identity(&job.name);
        let record = last.and_then(|last| Some((last, self.history.records.get(&last)?)));
        let Some((digest, record)) = record else {
            return Err(self.never_made(job));
        };
        if record.units != job.work.unit_count() {
            let (made, now) = (record.units, job.work.unit_count());
            return Err(PlanError::PinDoesNotFit {
                job: job.name.clone(),
                made,
                now,
            });
        }
        match record.outputs.iter().find(|output| !(self.holds)(output)) {
            Some(lost) => Err(PlanError::PinLost {
                job: job.name.clone(),
                file: lost.name.clone(),
            }),
            None => Ok(digest),
        }
    }

    /// A chunk bears its frames in its name, so a shot whose length changed has chunks that were never made.
    fn never_made(&self, job: &Job) -> PlanError {
        let beginning = job
            .name
            .rsplit_once('/')
            .map_or("", |(beginning, _)| beginning);
        let made = |name: &&str| {
            name.rsplit_once('/')
                .is_some_and(|(other, _)| other == beginning)
        };
        let settled = self.history.records.last_identities().map(|(name, _)| name);
        let mut near: Vec<&str> = settled.filter(made).collect();
        near.sort_unstable();
        let hint = match near.first() {
            Some(one) if job.shot.is_some() => {
                format!("`{one}` was, so the shot has other frames now; a pin cannot fill them")
            }
            _ => "there is nothing to keep; run it without the pin first".to_owned(),
        };
        PlanError::NeverMade {
            job: job.name.clone(),
            hint,
        }
    }

    /// Keeps what only pinned jobs need, too: to make it would change nothing.
    fn keep_sources(&self, links: &Links, controls: &mut [Control]) {
        for id in links.order.iter().rev() {
            let behind = &links.dependants[id.index()];
            let is_source = !behind.is_empty()
                && behind
                    .iter()
                    .all(|next| matches!(controls[next.index()], Control::Pin(_)));
            if is_source && controls[id.index()] == Control::Free {
                controls[id.index()] = self.keep(*id).map_or(Control::Free, Control::Pin);
            }
        }
    }
}
