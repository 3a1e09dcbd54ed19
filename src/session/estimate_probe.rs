//! The probe for a first estimate: renders a few frames of the real plan with the real producers,
//! and measures them.

use super::production_session::ProductionSession;
use super::session_error::SessionError;
use crate::base::Clock;
use crate::model::{
    FrameList, InputFile, InputFiles, InputSource, JobAction, JobId, JobInput, RenderPass,
};
use crate::plan::Plan;
use crate::process::CallOptions;
use crate::producers::{JobContext, JobProducer};
use std::collections::HashMap;
use std::path::Path;

/// Frames of one shot that are rendered.
const PROBE_FRAMES: usize = 2;

type ProbeSamples = HashMap<String, Vec<(f64, usize)>>;

/// Renders a few frames. Returns seconds and units of each kind of work.
///
/// # Errors
/// Fails when a frame cannot be rendered. A run would fail as well.
pub(super) fn run_probe(
    plan: &Plan,
    session: &ProductionSession<'_>,
) -> Result<ProbeSamples, SessionError> {
    // A folder outside of the store, so that the probe needs no lock and leaves nothing behind.
    let folder = tempfile::tempdir()
        .map_err(|source| SessionError::io_error("make a folder for the probe", source))?;
    let mut probe = FrameProbe {
        plan,
        session,
        folder: folder.path(),
        made: HashMap::new(),
        samples: ProbeSamples::new(),
        attempts: 0,
    };
    let renders: Vec<JobId> = jobs_where(plan, |work| matches!(work, JobAction::Render { .. }));
    // One shot is measured for all. The one in the middle is less often a title or an empty frame
    // than the first.
    let Some(render) = renders.get(renders.len() / 2) else {
        return Ok(probe.samples);
    };
    // The first attempt also opens the adapter and compiles shaders. A run does that once and not
    // for every chunk, so only the second attempt counts.
    probe.make_job(*render)?;
    probe.samples.clear();
    probe.make_job(*render)?;
    let plate = jobs_where(plan, |work| matches!(work, JobAction::Plate { .. }));
    if let Some(plate) = plate.first() {
        probe.make_job(*plate)?;
    }
    let downstream = |from: JobId, is: fn(&JobAction) -> bool| {
        plan.job(from)
            .dependants
            .iter()
            .copied()
            .filter(move |id| is(&plan.job(*id).job.work))
            .collect::<Vec<_>>()
    };
    for grade in downstream(*render, |work| matches!(work, JobAction::Grade { .. })) {
        probe.make_job(grade)?;
        for encode in downstream(grade, |work| matches!(work, JobAction::Encode { .. })) {
            probe.make_job(encode)?;
        }
    }
    Ok(probe.samples)
}

fn jobs_where(plan: &Plan, is: impl Fn(&JobAction) -> bool) -> Vec<JobId> {
    plan.jobs()
        .filter(|(_, planned)| is(&planned.job.work))
        .map(|(id, _)| id)
        .collect()
}

struct FrameProbe<'a> {
    plan: &'a Plan,
    session: &'a ProductionSession<'a>,
    folder: &'a Path,
    made: HashMap<JobId, Vec<InputFile>>,
    samples: ProbeSamples,
    /// Jobs tried so far.
    attempts: usize,
}

impl FrameProbe<'_> {
    /// Runs a shortened job, and first the imports that it needs.
    fn make_job(&mut self, id: JobId) -> Result<(), SessionError> {
        let planned = self.plan.job(id);
        let mut inputs = InputFiles::default();
        for input in &planned.job.inputs {
            let files = self.input_files(input)?;
            inputs
                .files
                .entry(input.slot.clone())
                .or_default()
                .extend(files);
        }
        // A folder for each attempt, as in a run: a job may be tried twice, and must not meet the
        // files of its first attempt.
        let attempt = self.attempts;
        self.attempts += 1;
        let scratch = self.folder.join(format!("{}.{attempt}", id.0));
        std::fs::create_dir_all(&scratch)
            .map_err(|source| SessionError::io_error("make a folder for the probe", source))?;
        let work = shorten_action(&planned.job.work, &inputs);
        let job_context = JobContext {
            action: &work,
            inputs: &inputs,
            scratch: &scratch,
            watch: CallOptions {
                reaper: self.session.reaper.as_deref(),
                ..CallOptions::new(&self.session.cancel)
            },
            progress: &|_, _| {},
        };
        // Only the producer is timed. Inputs and folders are prepared by the dispatcher in a run.
        let before = self.session.clock.elapsed();
        let finished = self.session.registry.run_job(&job_context);
        let finished = finished.map_err(|failure| {
            SessionError::MissingTool(format!("try `{}`: {failure}", planned.job.name))
        })?;
        let seconds = (self.session.clock.elapsed() - before).as_secs_f64();
        self.samples
            .entry(work.sample_key().into_owned())
            .or_default()
            .push((seconds, work.unit_count()));
        let handed_on = finished
            .outputs
            .into_iter()
            // Passes are delivered and not read by later jobs.
            .filter(|made| RenderPass::from_file_name(&made.name).is_none());
        let outputs = handed_on
            .map(|made| InputFile {
                name: made.name,
                path: made.path,
            })
            .collect();
        self.made.insert(id, outputs);
        Ok(())
    }

    /// Returns the files of one input. A chunk that the probe did not render has none.
    fn input_files(&mut self, input: &JobInput) -> Result<Vec<InputFile>, SessionError> {
        match &input.from {
            InputSource::File(path) => Ok(vec![InputFile::in_project(
                &self.session.checked.root,
                path,
            )]),
            InputSource::Job(id) => {
                if !self.made.contains_key(id)
                    // Only imports are made on demand. An encode job needs every chunk of its shot,
                    // and rendering these would be the run itself.
                    && matches!(self.plan.job(*id).job.work, JobAction::Import { .. })
                {
                    self.make_job(*id)?;
                }
                Ok(self.made.get(id).cloned().unwrap_or_default())
            }
        }
    }
}

/// Returns the same work on only as many frames as the probe has.
fn shorten_action(work: &JobAction, inputs: &InputFiles) -> JobAction {
    let mut work = work.clone();
    let input_frames = inputs.files_in(&crate::model::InputSlot::frames()).len();
    match &mut work {
        JobAction::Render { frames, .. } => *frames = first_frames(frames, PROBE_FRAMES),
        JobAction::Grade { frames, .. } => *frames = first_frames(frames, input_frames),
        JobAction::Encode {
            source_frames,
            count,
            ..
        } => {
            *source_frames = input_frames;
            // The encoder checks its number of frames, so an unchanged count would fail.
            *count = (*count).min(input_frames);
        }
        _ => {}
    }
    work
}

fn first_frames(frames: &FrameList, count: usize) -> FrameList {
    frames.chunks(count).into_iter().next().unwrap_or_default()
}
