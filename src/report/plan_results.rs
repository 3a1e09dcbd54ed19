//! Makes the facts of a report from a production, its plan and the results of its jobs. Reads no
//! file and no clock.

use super::ad_facts::{AdFacts, AdSources};
use super::report_facts::{
    DeliverableFacts, ErrorFacts, JobCounts, KindFacts, PassesFacts, PhaseFacts, ProductionFacts,
    ProviderFacts, REPORT_VERSION, ReportFacts, RunFacts, ShotFacts, ShotState,
};
use crate::base::SourceMap;
use crate::execute::{JobResult, RunOutcome};
use crate::model::codec::PictureDelays;
use crate::model::production::{Output, Production, Shot};
use crate::model::{Artefact, CostTotals, ExecutionMode, JobAction, JobId, Phase, RenderPass};
use crate::plan::{Plan, PlannedJob, RunReason, outputs_digest};
use crate::timeline::{FilmPlaces, TimelineMaker};
use std::collections::{BTreeMap, BTreeSet, HashMap};

impl ReportFacts {
    /// Gathers the facts of a run. They cover wanted jobs only.
    #[must_use]
    pub fn from_run(
        production: &Production,
        plan: &Plan,
        outcome: &RunOutcome,
        sources: &SourceMap,
        run: RunFacts,
    ) -> Self {
        let plan_results = PlanResults { plan, outcome };
        // A run can be complete and stopped: the user may press Ctrl-C while the last job ends.
        let success = outcome.is_complete(plan) && !outcome.cancelled;
        let deliverables: Vec<DeliverableFacts> = production
            .outputs
            .iter()
            .filter_map(|output| plan_results.deliverable_facts(output))
            .collect();
        let places = TimelineMaker::new(production).film_places();
        let shots = plan_results.facts_by_shot(production, &places);
        let jobs = plan_results.job_counts();
        let ad = AdFacts::from_report(
            production,
            &AdSources {
                shots: &shots,
                deliverables: &deliverables,
                jobs,
                open_phase: plan_results.open_phase(),
                success,
            },
        );
        Self {
            version: REPORT_VERSION,
            production: production_facts(production, &places),
            run,
            seconds: outcome.seconds,
            success,
            cancelled: outcome.cancelled,
            deliverables,
            ad,
            passes: plan_results.passes_facts(production),
            files: plan_results.other_files(production),
            shots,
            jobs,
            pinned: plan_results.pinned_jobs(),
            phases: plan_results.phase_facts(),
            kinds: plan_results.kind_facts(),
            providers: plan_results.provider_facts(),
            costs: plan_results.total_costs(),
            warnings: plan_results.distinct_warnings(),
            errors: plan_results.error_facts(sources),
        }
    }
}

fn production_facts(production: &Production, places: &FilmPlaces) -> ProductionFacts {
    let meta = &production.meta;
    let render = &production.render;
    let frames = places.length;
    ProductionFacts {
        title: meta.display_title().to_owned(),
        version: meta.version.clone(),
        author: meta.author.clone(),
        description: meta.description.trim().to_owned(),
        created: meta.created.clone(),
        modified: meta.modified.clone(),
        style: production.style.clone(),
        script: production.script.as_ref().map(|script| script.path.clone()),
        engine: render.engine.name.value.clone(),
        tier: render.tier.clone(),
        no_sound: production.silence.is_some(),
        width: render.size.width,
        height: render.size.height,
        fps: render.rate.as_f64(),
        rate: render.rate,
        samples: render.samples,
        frames,
        duration: render.rate.duration_seconds(frames),
        ruler: quarter_timecodes(production, places),
        characters: production
            .characters
            .iter()
            .map(|character| character.name.value.clone())
            .collect(),
        locations: production
            .locations
            .iter()
            .map(|location| location.name.value.clone())
            .collect(),
    }
}

/// Returns the timecodes at the quarters of all shots together, from the first frame to the last.
fn quarter_timecodes(production: &Production, places: &FilmPlaces) -> Vec<String> {
    let frames: usize = production.shots.iter().map(|shot| shot.frames.len()).sum();
    let at_frame = |mut left: usize| {
        let shots = production.shots.iter().zip(&places.starts);
        let mut end = 0;
        for (shot, start) in shots {
            if left < shot.frames.len() {
                return start + left;
            }
            left -= shot.frames.len();
            end = start + shot.frames.len();
        }
        end
    };
    (0..=4)
        .map(|quarter| {
            production
                .timecode(at_frame(frames * quarter / 4))
                .to_string()
        })
        .collect()
}

/// A plan with the results of its jobs.
// Plan and results are parallel lists. Pairing them in one place keeps every table from indexing
// one with an id of the other.
pub(super) struct PlanResults<'a> {
    plan: &'a Plan,
    pub(super) outcome: &'a RunOutcome,
}

impl<'a> PlanResults<'a> {
    /// Returns the first phase with a wanted job that was neither made nor reused.
    fn open_phase(&self) -> Option<Phase> {
        self.wanted_jobs()
            .filter(|(_, _, result)| {
                !matches!(result, JobResult::Succeeded(_) | JobResult::Reused(_))
            })
            .map(|(_, planned, _)| planned.job.phase)
            .min()
    }

    /// Returns the wanted jobs in document order, each with its result.
    pub(super) fn wanted_jobs(
        &self,
    ) -> impl Iterator<Item = (JobId, &'a PlannedJob, &'a JobResult)> + use<'a> {
        let results = &self.outcome.results;
        self.plan
            .jobs()
            .filter(|(_, planned)| planned.wanted)
            .map(|(id, planned)| (id, planned, &results[id.index()]))
    }

    fn job_counts(&self) -> JobCounts {
        let count = |predicate: fn(&JobResult) -> bool| {
            self.wanted_jobs()
                .filter(|(_, _, result)| predicate(result))
                .count()
        };
        JobCounts {
            total: self.wanted_jobs().count(),
            run: count(|result| matches!(result, JobResult::Succeeded(_))),
            reused: count(|result| matches!(result, JobResult::Reused(_))),
            failed: count(|result| matches!(result, JobResult::Failed(_))),
        }
    }

    fn facts_by_shot(&self, production: &Production, places: &FilmPlaces) -> Vec<ShotFacts> {
        // Jobs are sorted to their shots once. A search for each shot would take time in proportion
        // to shots times jobs, and films have thousands of both.
        let mut results: HashMap<&str, Vec<&JobResult>> = HashMap::new();
        for (_, planned, result) in self.wanted_jobs() {
            if let Some(shot) = planned.job.shot.as_deref() {
                results.entry(shot).or_default().push(result);
            }
        }
        // A shot that was not selected still has its place.
        let mut shots = Vec::with_capacity(production.shots.len());
        for (shot, starts) in production.shots.iter().zip(&places.starts) {
            let results = results
                .get(shot.name.value.as_str())
                .map_or(&[][..], Vec::as_slice);
            shots.push(shot_facts(production, shot, *starts, results));
        }
        shots
    }

    /// Returns the facts of `output`; `None` unless all its jobs succeeded.
    fn deliverable_facts(&self, output: &Output) -> Option<DeliverableFacts> {
        let jobs: Vec<_> = self
            .wanted_jobs()
            .filter(|(_, planned, _)| planned.job.output.as_ref() == Some(&output.name.value))
            .collect();
        // An output without wanted jobs was not selected. `all` is true of an empty list and would
        // call it delivered.
        let is_complete = !jobs.is_empty()
            && jobs
                .iter()
                .all(|(id, ..)| self.outcome.job_outputs(*id).is_some());
        let files = is_complete.then(|| self.deliverable_files(&jobs))?;
        let format = &output.format;
        let frames = deliverable_frames(&jobs);
        Some(DeliverableFacts {
            output: output.name.value.clone(),
            path: output.path.value.clone(),
            codec: format.codec,
            codec_name: format.codec.spec().chosen_name(&format.encoding),
            width: format.size.width,
            height: format.size.height,
            fps: format.rate.as_f64(),
            frames,
            duration: format.rate.duration_seconds(frames),
            digest: digest_of_files(&files),
            bytes: files.iter().map(|file| file.stamp.size).sum(),
            rate: format.rate,
            // Its measures are in the store, which is not read here.
            sound: None,
            timing: format
                .codec
                .animation_format()
                .map(|kind| PictureDelays::for_animation(kind, format.rate).words(frames)),
        })
    }

    /// Returns the facts of render passes; `None` unless all their jobs succeeded.
    fn passes_facts(&self, production: &Production) -> Option<PassesFacts> {
        let jobs: Vec<_> = self
            .wanted_jobs()
            .filter(|(_, planned, _)| !planned.job.work.passes().is_empty())
            .collect();
        let files: Vec<&[Artefact]> = jobs
            .iter()
            .map(|(id, ..)| self.outcome.job_outputs(*id))
            // Passes are published as one folder, all or nothing, so one missing job means that
            // there is none.
            .collect::<Option<_>>()?;
        // Shots may have different passes. A set gives each once and in the order of the
        // enumeration, so the report does not depend on the order of jobs.
        let passes: BTreeSet<RenderPass> = jobs
            .iter()
            .flat_map(|(_, planned, _)| planned.job.work.passes())
            .copied()
            .collect();
        let shots: BTreeSet<&String> = jobs
            .iter()
            .filter_map(|(_, planned, _)| planned.job.shot.as_ref())
            .collect();
        (!jobs.is_empty()).then(|| PassesFacts {
            path: production.render.passes_path.value.clone(),
            passes: passes.into_iter().collect(),
            shots: shots.len(),
            frames: jobs
                .iter()
                .map(|(_, planned, _)| planned.job.work.unit_count())
                .sum(),
            width: production.render.size.width,
            height: production.render.size.height,
            bytes: files
                .into_iter()
                .flatten()
                .map(|file| file.stamp.size)
                .sum(),
        })
    }

    /// Returns the files of a deliverable: those that were stitched, or all encoded ones if there
    /// was one segment.
    fn deliverable_files(&self, jobs: &[(JobId, &PlannedJob, &JobResult)]) -> Vec<Artefact> {
        let outputs_where = |wanted: fn(&JobAction) -> bool| -> Vec<Artefact> {
            let ids = jobs
                .iter()
                .filter(|(_, planned, _)| wanted(&planned.job.work))
                .map(|(id, ..)| *id);
            ids.filter_map(|id| self.outcome.job_outputs(id))
                .flatten()
                .cloned()
                .collect()
        };
        // The segments of a stitched film stay in the store but are not delivered; counting them
        // too would double its size.
        let stitched = outputs_where(|work| matches!(work, JobAction::Stitch { .. }));
        if stitched.is_empty() {
            outputs_where(|work| matches!(work, JobAction::Encode { .. }))
        } else {
            stitched
        }
    }

    fn phase_facts(&self) -> Vec<PhaseFacts> {
        let mut phases: BTreeMap<Phase, PhaseFacts> = BTreeMap::new();
        for (_, planned, result) in self.wanted_jobs() {
            let phase = planned.job.phase;
            let facts = phases.entry(phase).or_insert(PhaseFacts {
                phase,
                jobs: 0,
                seconds: 0.0,
                reused: 0,
            });
            facts.jobs += 1;
            // A reused job took its time in another run.
            facts.seconds += made_seconds(result).unwrap_or(0.0);
            facts.reused += usize::from(matches!(result, JobResult::Reused(_)));
        }
        phases.into_values().collect()
    }

    fn kind_facts(&self) -> Vec<KindFacts> {
        // In order of first appearance, which is that of the pipeline. There are about ten kinds,
        // so a search is as fast as a map.
        let mut kinds: Vec<KindFacts> = Vec::new();
        for (_, planned, result) in self.wanted_jobs() {
            let Some(seconds) = made_seconds(result) else {
                continue;
            };
            let producer = planned.job.work.kind().id();
            let index = kinds
                .iter()
                .position(|kind| kind.producer == producer)
                .unwrap_or_else(|| {
                    kinds.push(KindFacts {
                        producer: producer.to_owned(),
                        jobs: 0,
                        units: 0,
                        seconds: 0.0,
                    });
                    kinds.len() - 1
                });
            let kind = &mut kinds[index];
            kind.jobs += 1;
            kind.units += planned.job.work.unit_count();
            kind.seconds += seconds;
        }
        kinds
    }

    fn provider_facts(&self) -> Vec<ProviderFacts> {
        let mut providers: Vec<ProviderFacts> = Vec::new();
        for (provider, mode) in self
            .wanted_jobs()
            .filter_map(|(id, ..)| self.outcome.success_facts(id))
            .map(|facts| (facts.1, facts.2))
        {
            // One provider can make real and simulated results in one run. They are listed apart,
            // so that a simulated one cannot hide.
            match providers
                .iter_mut()
                .find(|known| known.provider == provider && known.mode == mode)
            {
                Some(known) => known.jobs += 1,
                None => providers.push(ProviderFacts {
                    provider: provider.to_owned(),
                    mode,
                    jobs: 1,
                }),
            }
        }
        // By name, so that reports of two runs can be compared line by line.
        providers.sort_by(|a, b| a.provider.cmp(&b.provider));
        providers
    }

    fn total_costs(&self) -> CostTotals {
        let mut costs = CostTotals::default();
        for (_, planned, result) in self.wanted_jobs() {
            // Reused jobs were paid for in the run that made them.
            if let JobResult::Succeeded(made) = result {
                planned
                    .job
                    .work
                    .cost(made.seconds)
                    .iter()
                    .for_each(|cost| costs.add(cost));
            }
        }
        costs
    }

    fn distinct_warnings(&self) -> Vec<String> {
        // The same model gives the same warning in each of its jobs. One of them is enough.
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
        for (id, planned, _) in self.wanted_jobs() {
            let facts = self.outcome.success_facts(id);
            for warning in facts.iter().flat_map(|facts| facts.4) {
                let place = *places.entry(warning).or_insert_with(|| {
                    found.push((warning, Vec::new()));
                    found.len() - 1
                });
                let (_, outputs) = &mut found[place];
                // The facts of a text come from the text alone.
                let is_text = matches!(planned.job.work, JobAction::TextExport(_));
                let output = planned.job.output.as_deref().filter(|_| is_text);
                outputs.extend(output.filter(|output| !outputs.contains(output)));
            }
        }
        let job_warnings = found.into_iter().map(|(warning, outputs)| {
            let names: Vec<String> = outputs.iter().map(|name| format!("`{name}`")).collect();
            match names.is_empty() {
                true => warning.to_owned(),
                false => format!("{}: {warning}", names.join(", ")),
            }
        });
        // First in the list: it is about the whole delivery, and the terminal shows only the first
        // few.
        pinned_warning(&self.pinned_jobs())
            .into_iter()
            .chain(job_warnings)
            .collect()
    }

    fn pinned_jobs(&self) -> Vec<String> {
        let pinned = self
            .wanted_jobs()
            .filter(|(_, planned, _)| planned.reason == RunReason::Pinned);
        pinned
            .map(|(_, planned, _)| planned.job.name.to_string())
            .collect()
    }

    fn error_facts(&self, sources: &SourceMap) -> Vec<ErrorFacts> {
        self.outcome
            .failed_jobs()
            .map(|(id, failure)| {
                let job = &self.plan.job(id).job;
                let place = if job.origin.is_empty() {
                    String::new()
                } else {
                    sources.format_position(job.origin)
                };
                let message = failure.message.clone();
                let evidence = failure.evidence.clone();
                ErrorFacts {
                    job: job.name.to_string(),
                    class: failure.class,
                    message,
                    evidence,
                    place,
                    log: failure.log.clone(),
                }
            })
            .collect()
    }
}

fn pinned_warning(pinned: &[String]) -> Option<String> {
    let more = match pinned.len() {
        0 | 1 => String::new(),
        total => format!(" and {} more", total - 1),
    };
    pinned.first().map(|first| {
        format!(
            "pinned, so the last result was reused although the document may have changed: \
             {first}{more}"
        )
    })
}

/// Returns the facts of a shot. `starts` is its first frame in the cut, from 0.
fn shot_facts(
    production: &Production,
    shot: &Shot,
    starts: usize,
    results: &[&JobResult],
) -> ShotFacts {
    let rate = production.render.rate;
    let frames = shot.frames.len();
    ShotFacts {
        name: shot.name.value.clone(),
        state: shot_state(results),
        scene: shot.scene.value.clone(),
        heading: production
            .scene_by_number(&shot.scene.value)
            .map(|scene| scene.heading.value.clone()),
        template: shot
            .template
            .as_ref()
            .map(|template| template.value.clone()),
        frames,
        first: shot.frames.first(),
        last: shot.frames.last(),
        duration: rate.duration_seconds(frames),
        seconds: results
            .iter()
            .filter_map(|result| made_seconds(result))
            // The sum of no numbers is -0.0, which JSON shows.
            .fold(0.0, |sum, seconds| sum + seconds),
        starts,
        timecode_in: production.timecode(starts).to_string(),
        timecode_out: production.timecode(starts + frames).to_string(),
        lens_mm: shot.camera.lens_mm,
        size: shot.camera.size,
        angle: shot.camera.angle,
        travel: shot.camera.travel.kind,
        location: shot
            .location
            .as_ref()
            .map(|location| location.name.value.clone()),
        cast: shot
            .cast
            .iter()
            .map(|role| role.character.name.value.clone())
            .collect(),
        thumbnail: None,
    }
}

/// Returns the state of a shot from the results of its jobs.
fn shot_state(results: &[&JobResult]) -> ShotState {
    // Failure wins: a shot with one lost chunk is incomplete, however many were rendered.
    if results
        .iter()
        .any(|result| matches!(result, JobResult::Failed(_) | JobResult::Skipped { .. }))
    {
        ShotState::Failed
    // A shot without jobs was not selected. It is pending and not complete.
    } else if !results.is_empty()
        && results
            .iter()
            .all(|result| matches!(result, JobResult::Succeeded(_) | JobResult::Reused(_)))
    {
        ShotState::Complete
    } else {
        ShotState::Pending
    }
}

/// Returns the seconds of a job that succeeded in this run; `None` for reused and failed ones.
fn made_seconds(result: &JobResult) -> Option<f64> {
    if let JobResult::Succeeded(made) = result {
        Some(made.seconds)
    } else {
        None
    }
}

/// Returns the number of frames of a deliverable: that of its join or verification, or else the sum
/// of its segments.
fn deliverable_frames(jobs: &[(JobId, &PlannedJob, &JobResult)]) -> usize {
    let joined_frames = jobs
        .iter()
        .find_map(|(_, planned, _)| match planned.job.work {
            JobAction::Verify { count, .. } | JobAction::Stitch { count, .. } => Some(count),
            _ => None,
        });
    joined_frames.unwrap_or_else(|| {
        jobs.iter()
            .map(|(_, planned, _)| match planned.job.work {
                JobAction::Encode { count, .. } => count,
                _ => 0,
            })
            .sum()
    })
}

pub(super) fn digest_of_files(files: &[Artefact]) -> String {
    // One file has its own digest, so that `b3sum` of the deliverable shows what the report says.
    if let [file] = files {
        file.digest.hex_string()
    } else {
        outputs_digest(files).hex_string()
    }
}

/// Returns whether any result is simulated.
pub(super) fn is_simulated(facts: &ReportFacts) -> bool {
    facts
        .providers
        .iter()
        // Compared with `Real`, so that a further mode counts as not real until somebody decides
        // otherwise.
        .any(|provider| provider.mode != ExecutionMode::Real)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_plan;

    const LOST: [&str; 4] = [
        "grade.frames/sh020/1049-1072",
        "export.encode/web/sh020",
        "export.stitch/web",
        "finalize.verify/web",
    ];

    #[test]
    fn a_failed_job_fails_its_shot_and_withholds_its_deliverable() {
        let facts = test_plan::sample_report_facts(&LOST);
        let states: Vec<ShotState> = facts.shots.iter().map(|shot| shot.state).collect();
        assert_eq!(states, [ShotState::Complete, ShotState::Failed]);
        assert!(facts.deliverables.is_empty() && !facts.success);
    }

    #[test]
    fn a_job_that_could_not_start_is_neither_run_nor_failed() {
        let counts = test_plan::sample_report_facts(&LOST).jobs;
        assert_eq!(
            counts,
            JobCounts {
                total: 13,
                run: 8,
                reused: 1,
                failed: 1
            }
        );
    }

    #[test]
    fn work_that_was_there_already_takes_no_time_in_this_run() {
        let facts = test_plan::sample_report_facts(&[]);
        let prepare = &facts.phases[0];
        assert_eq!(
            (prepare.phase, prepare.reused, prepare.jobs),
            (Phase::Prepare, 1, 1)
        );
        assert!(prepare.seconds.abs() < f64::EPSILON);
    }

    #[test]
    fn a_run_that_was_stopped_is_not_a_success() {
        let plan = test_plan::sample_plan();
        let mut outcome = test_plan::sample_outcome(&plan, &[]);
        outcome.cancelled = true;
        let facts = ReportFacts::from_run(
            &test_plan::sample_production(),
            &plan,
            &outcome,
            &test_plan::sample_sources(),
            test_plan::sample_run_facts(),
        );
        assert!(facts.cancelled && !facts.success);
    }

    #[test]
    fn one_file_keeps_its_digest_and_many_are_digested_together() {
        let file = |name: &str| Artefact {
            name: name.to_owned(),
            digest: crate::base::Digest::hash_bytes(name.as_bytes()),
            stamp: crate::model::FileStamp {
                size: 1,
                modified: 0,
                inode: 0,
            },
        };
        let one = file("0001.png");
        let two = file("0002.png");
        assert_eq!(
            digest_of_files(std::slice::from_ref(&one)),
            one.digest.hex_string()
        );
        assert_ne!(
            digest_of_files(&[one.clone(), two.clone()]),
            digest_of_files(&[two, one])
        );
    }
}
