//! Resolves a target of the command line to jobs of a plan: one job, several that share the
//! beginning of a name, a shot, or a phase.

use super::PlanError;
use crate::base::suggestions::nearest_match;
use crate::model::{Job, JobId, Phase};
use std::collections::BTreeSet;

/// The jobs that a target names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetJobs {
    /// The jobs, in document order.
    pub jobs: Vec<JobId>,
    /// Whether the target named jobs, and not a shot or a phase.
    pub by_name: bool,
}

/// Returns the jobs that `word` names: `render.shot/sh010/1-24`, the beginning of such names up to
/// a slash, a shot, or a phase. The prefixes `job:`, `shot:` and `phase:` choose one of these
/// readings.
///
/// # Errors
/// Fails when nothing has this name, with the nearest one, or when a shot and a phase share it.
pub fn resolve_target<'a>(
    jobs: impl Iterator<Item = &'a Job> + Clone,
    word: &str,
) -> Result<TargetJobs, PlanError> {
    // A document may call a shot `export` or `shots`, so a word alone cannot always say which is
    // meant. The prefix is optional because it is hardly ever needed.
    let (kind, name) = ["job", "shot", "phase"]
        .into_iter()
        .find_map(|kind| Some((kind, word.strip_prefix(kind)?.strip_prefix(':')?)))
        // A word with another prefix is taken whole: the names of assets may contain colons.
        .unwrap_or(("", word));
    let matching = |wanted: &str, is: &dyn Fn(&Job) -> bool| -> Vec<JobId> {
        let numbered = jobs
            .clone()
            .enumerate()
            .filter(|(_, job)| (kind.is_empty() || kind == wanted) && is(job));
        numbered.map(|(index, _)| super::job_id(index)).collect()
    };
    let named = matching("job", &|job| job.name.has_prefix(name));
    let shot = matching("shot", &|job| job.shot.as_deref() == Some(name));
    let phase = matching("phase", &|job| job.phase.name() == name);
    // Jobs win over shots and phases without an error, so that a whole job name always means that
    // job.
    match (named.is_empty(), shot.is_empty(), phase.is_empty()) {
        (false, _, _) => Ok(TargetJobs {
            jobs: named,
            by_name: true,
        }),
        (_, false, false) => Err(PlanError::Ambiguous(name.to_owned())),
        (_, false, _) => Ok(TargetJobs {
            jobs: shot,
            by_name: false,
        }),
        (_, _, false) => Ok(TargetJobs {
            jobs: phase,
            by_name: false,
        }),
        _ => Err(PlanError::NoSuchTarget {
            word: word.to_owned(),
            hint: target_hint(jobs, name),
        }),
    }
}

fn target_hint<'a>(jobs: impl Iterator<Item = &'a Job> + Clone, word: &str) -> String {
    let shots = jobs.clone().filter_map(|job| job.shot.as_deref());
    let names = jobs.clone().map(|job| job.name.as_str());
    // Beginnings of names are candidates too: for a misspelt `render.sho` the nearest whole job
    // name would be far away.
    let beginnings = jobs.clone().flat_map(|job| job.name.prefixes());
    let phases = Phase::ALL.map(Phase::name).into_iter();
    let known: BTreeSet<&str> = phases.chain(shots).chain(beginnings).chain(names).collect();
    nearest_match(word, known).map_or_else(
        || "`production plan` with --all lists every job".to_owned(),
        |near| format!("did you mean `{near}`?"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::sample::sample_jobs;

    fn names(word: &str) -> Vec<String> {
        let jobs = sample_jobs();
        let found = resolve_target(jobs.iter(), word).unwrap();
        found
            .jobs
            .iter()
            .map(|id| jobs[id.index()].name.to_string())
            .collect()
    }

    fn refusal(word: &str) -> String {
        resolve_target(sample_jobs().iter(), word)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_job_is_named_whole_or_by_a_beginning_up_to_a_slash() {
        assert_eq!(names("render.shot/one/1-4"), ["render.shot/one/1-4"]);
        assert_eq!(
            names("render.shot/one"),
            ["render.shot/one/1-4", "render.shot/one/5-8"]
        );
        assert_eq!(names("render.shot").len(), 3);
        assert!(refusal("render.sho").contains("did you mean `render.shot`?"));
    }

    #[test]
    fn a_shot_is_all_its_jobs_and_a_phase_all_of_its() {
        assert_eq!(
            names("two"),
            [
                "render.shot/two/1-4",
                "grade.frames/two/1-4",
                "export.encode/film/two"
            ]
        );
        assert_eq!(names("phase:shots").len(), 3);
        assert_eq!(names("shot:two"), names("two"));
    }

    #[test]
    fn an_unknown_target_is_refused_with_the_nearest_name() {
        assert!(refusal("tow").contains("did you mean `two`?"));
        assert!(refusal("grade.frames/tow/1-4").contains("did you mean `grade.frames/two/1-4`?"));
        assert!(refusal("charcters").contains("did you mean `characters`?"));
        assert!(refusal("zebra").contains("--all"));
        assert!(refusal("shot:shots").contains("find `shot:shots`"));
    }

    #[test]
    fn a_name_of_a_shot_and_a_phase_is_ambiguous() {
        let mut jobs = sample_jobs();
        jobs[1].shot = Some("export".into());
        let refusal = resolve_target(jobs.iter(), "export")
            .unwrap_err()
            .to_string();
        assert!(
            refusal.contains("`shot:export`") && refusal.contains("`phase:export`"),
            "{refusal}"
        );
    }
}
