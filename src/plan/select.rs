//! The selection of a run: all jobs, some shots, one phase or all phases through one. It also
//! carries the targets of `--regen` and `--pin`.

use super::PlanError;
use super::graph::needed_jobs;
use crate::base::suggestions::did_you_mean;
use crate::model::{Job, JobId, Phase};
use std::collections::BTreeSet;

/// The jobs that a run should make, as the command line selects them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobSelection {
    /// Only these shots, and the jobs that they need. Empty means all.
    pub shots: Vec<String>,
    /// Only jobs of this phase, and the jobs that they need.
    pub phase: Option<Phase>,
    /// Only jobs of the phases through this one.
    pub up_to: Option<Phase>,
    /// Only jobs of this output, and the jobs that they need.
    pub output: Option<String>,
    /// Jobs to make again even if the store has them, as targets of
    /// [`resolve_target`](super::resolve_target()).
    pub regen: Vec<String>,
    /// Jobs whose last result is used although the document asks for something else.
    pub pin: Vec<String>,
}

/// Why a job is part of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InclusionReason {
    /// The run leaves it out.
    Excluded,
    /// The selection names it.
    ByScope,
    /// A selected job needs it.
    AsUpstream,
}

impl JobSelection {
    /// Returns whether it selects less than everything.
    #[must_use]
    pub const fn is_partial(&self) -> bool {
        !self.shots.is_empty()
            || self.phase.is_some()
            || self.up_to.is_some()
            || self.output.is_some()
    }

    fn includes_phase(&self, phase: Phase) -> bool {
        self.phase.is_none_or(|only| phase == only) && self.up_to.is_none_or(|last| phase <= last)
    }

    fn includes_shot(&self, job: &Job) -> bool {
        self.shots.is_empty()
            || job
                .shot
                .as_ref()
                .is_some_and(|shot| self.shots.contains(shot))
    }

    /// Returns the outputs of jobs that the selection names. `None`: it names none, and all count.
    fn selected_outputs<'a>(
        &self,
        jobs: &'a [Job],
    ) -> Result<Option<BTreeSet<&'a str>>, PlanError> {
        let Some(output) = &self.output else {
            return Ok(None);
        };
        let known: BTreeSet<&str> = jobs
            .iter()
            .filter_map(|job| job.output.as_deref())
            .collect();
        // An output with a file for each shot is one in the document and many here.
        let shots: BTreeSet<&str> = jobs.iter().filter_map(|job| job.shot.as_deref()).collect();
        let is_file_of_shot = |name: &str| {
            let rest = name.strip_prefix(output.as_str());
            rest.and_then(|rest| rest.strip_prefix('_'))
                .is_some_and(|shot| shots.contains(shot))
        };
        let selected: BTreeSet<&str> = known
            .iter()
            .copied()
            .filter(|name| name == output || is_file_of_shot(name))
            .collect();
        if !selected.is_empty() {
            return Ok(Some(selected));
        }
        // The option takes phases too, so a misspelt phase arrives here.
        let mut names: Vec<&str> = known.into_iter().collect();
        names.extend(Phase::ALL.map(Phase::name));
        let hint = did_you_mean(output, names).unwrap_or_default();
        Err(PlanError::NoSuchOutput {
            output: output.clone(),
            hint,
        })
    }

    fn check_known_shots(&self, jobs: &[Job]) -> Result<(), PlanError> {
        // An unknown shot is an error and not an empty selection: a misspelt `--only` would
        // otherwise end with success and without a frame.
        let known: BTreeSet<&str> = jobs.iter().filter_map(|job| job.shot.as_deref()).collect();
        let unknown = self
            .shots
            .iter()
            .find(|shot| !known.contains(shot.as_str()));
        unknown.map_or(Ok(()), |shot| {
            let hint = did_you_mean(shot, known.iter().copied()).unwrap_or_default();
            Err(PlanError::NoSuchShot {
                shot: shot.clone(),
                hint,
            })
        })
    }

    fn nothing_selected_error(&self, jobs: &[Job]) -> PlanError {
        // The phases that have jobs are listed, since a production without characters has no
        // `characters` phase and its absence is easy to overlook.
        let phases: BTreeSet<Phase> = jobs.iter().map(|job| job.phase).collect();
        let phases: Vec<&str> = phases.into_iter().map(Phase::name).collect();
        let scope = match (self.phase, self.up_to) {
            (Some(phase), _) => format!("of phase `{}`", phase.name()),
            (None, Some(phase)) => format!("through phase `{}`", phase.name()),
            (None, None) => "at all".to_owned(),
        };
        let whose = if self.shots.is_empty() {
            String::new()
        } else {
            format!(" that shot `{}` needs", self.shots.join("`, `"))
        };
        PlanError::NothingSelected {
            what: format!("{scope}{whose}"),
            phases: phases.join(", "),
        }
    }
}

/// Returns for each job whether the selection includes it, and why.
pub(super) fn job_inclusions(
    jobs: &[Job],
    order: &[JobId],
    selection: &JobSelection,
) -> Result<Vec<InclusionReason>, PlanError> {
    selection.check_known_shots(jobs)?;
    let outputs = selection.selected_outputs(jobs)?;
    let is_named = |job: &Job| {
        let of_output = outputs.as_ref().is_none_or(|outputs| {
            job.output
                .as_deref()
                .is_some_and(|name| outputs.contains(name))
        });
        of_output && selection.includes_shot(job)
    };
    // Two steps. A job that a shot needs, such as the import of its model, belongs to no shot
    // itself, so `--only` with `--phase prepare` has to expand the shots before it filters by
    // phase.
    let of_shots = with_dependencies(jobs, order, jobs.iter().map(is_named).collect());
    let selected: Vec<bool> = jobs
        .iter()
        .zip(&of_shots)
        .map(|(job, is_needed)| *is_needed && selection.includes_phase(job.phase))
        .collect();
    if !jobs.is_empty() && !selected.contains(&true) {
        return Err(selection.nothing_selected_error(jobs));
    }
    // The phase filter may have removed jobs of earlier phases that the selected ones need, so they
    // are added again.
    let wanted = with_dependencies(jobs, order, selected.clone());
    Ok(jobs
        .iter()
        .zip(selected)
        .zip(wanted)
        .map(
            |((job, selected), wanted)| match (wanted, selected && is_named(job)) {
                (false, _) => InclusionReason::Excluded,
                (true, true) => InclusionReason::ByScope,
                (true, false) => InclusionReason::AsUpstream,
            },
        )
        .collect())
}

fn with_dependencies(jobs: &[Job], order: &[JobId], mut wanted: Vec<bool>) -> Vec<bool> {
    // In reverse order, each job is complete before the jobs that it needs are visited, so one pass
    // is enough and there is no recursion over deep chains.
    for id in order.iter().rev() {
        if wanted[id.index()] {
            for need in needed_jobs(&jobs[id.index()]) {
                wanted[need.index()] = true;
            }
        }
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::sample::sample_jobs;

    fn chosen(selection: &JobSelection) -> Result<Vec<(String, InclusionReason)>, PlanError> {
        let jobs = sample_jobs();
        let order = super::super::graph::build_graph(&jobs)?.order;
        let found = job_inclusions(&jobs, &order, selection)?;
        let named = jobs.into_iter().map(|job| job.name.to_string()).zip(found);
        Ok(named
            .filter(|(_, included)| *included != InclusionReason::Excluded)
            .collect())
    }

    fn names(selection: &JobSelection, included: InclusionReason) -> Vec<String> {
        let found = chosen(selection).unwrap().into_iter();
        found
            .filter(|(_, why)| *why == included)
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn a_selected_shot_includes_its_inputs_as_such() {
        let only = JobSelection {
            shots: vec!["two".into()],
            ..JobSelection::default()
        };
        let selected = [
            "render.shot/two/1-4",
            "grade.frames/two/1-4",
            "export.encode/film/two",
        ];
        assert_eq!(names(&only, InclusionReason::ByScope), selected);
        assert_eq!(
            names(&only, InclusionReason::AsUpstream),
            ["asset.import/mara.glb"]
        );
    }

    #[test]
    fn up_to_a_phase_is_every_phase_through_it() {
        let up_to = JobSelection {
            up_to: Some(Phase::Shots),
            ..JobSelection::default()
        };
        let found = chosen(&up_to).unwrap();
        assert!(
            found
                .iter()
                .all(|(name, _)| name.starts_with("asset") || name.starts_with("render"))
        );
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn an_output_is_its_jobs_and_what_they_need() {
        let output = |name: &str| JobSelection {
            output: Some(name.to_owned()),
            ..JobSelection::default()
        };
        let selected = names(&output("film"), InclusionReason::ByScope);
        assert!(
            !selected.is_empty() && selected.iter().all(|name| name.contains("/film")),
            "{selected:?}"
        );
        assert!(
            names(&output("film"), InclusionReason::AsUpstream)
                .contains(&"asset.import/mara.glb".to_owned())
        );
        let refusal = chosen(&output("flim")).unwrap_err().to_string();
        assert!(refusal.contains("did you mean `film`?"), "{refusal}");
        let refusal = chosen(&output("shot")).unwrap_err().to_string();
        assert!(refusal.contains("did you mean `shots`?"), "{refusal}");
    }

    #[test]
    fn a_phase_of_a_shot_is_what_the_shot_needs_of_that_phase() {
        let both = |phase| JobSelection {
            shots: vec!["one".into()],
            phase: Some(phase),
            ..JobSelection::default()
        };
        assert_eq!(
            names(&both(Phase::Prepare), InclusionReason::AsUpstream),
            ["asset.import/mara.glb"]
        );
        assert_eq!(
            names(&both(Phase::Shots), InclusionReason::ByScope).len(),
            2
        );
    }

    #[test]
    fn an_empty_selection_is_refused_with_what_there_is() {
        let phase = JobSelection {
            phase: Some(Phase::Locations),
            ..JobSelection::default()
        };
        let refusal = chosen(&phase).unwrap_err().to_string();
        assert!(
            refusal.contains("`locations`") && refusal.contains("shots, post_process"),
            "{refusal}"
        );
        let shot = JobSelection {
            shots: vec!["tow".into()],
            ..JobSelection::default()
        };
        assert!(
            chosen(&shot)
                .unwrap_err()
                .to_string()
                .contains("did you mean `two`?")
        );
    }
}
