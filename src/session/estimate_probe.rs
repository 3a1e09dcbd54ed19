//! The probe behind a first estimate: a few frames of the real plan, made by the real producers,
//! timed and thrown away.

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

/// Frames of one shot that are tried.
const PROBE_FRAMES: usize = 2;

type ProbeSamples = HashMap<String, Vec<(f64, usize)>>;

/// Makes a few frames and returns the seconds and units of each kind of work tried.
///
/// # Errors
/// Fails when a frame cannot be made: then a run would fail as well.
pub(super) fn run_probe(
    plan: &Plan,
    session: &ProductionSession<'_>,
) -> Result<ProbeSamples, SessionError> {
    let folder = tempfile::tempdir()
        .map_err(|source| SessionError::io_error("make a folder for the probe", source))?;
    let mut probe = FrameProbe {
        plan,
        session,
        folder: folder.path(),
        made: HashMap::new(),
        samples: ProbeSamples::new(),
    };
    let renders: Vec<JobId> = jobs_where(plan, |work| matches!(work, JobAction::Render { .. }));
    // The shot in the middle stands for the others.
    let Some(render) = renders.get(renders.len() / 2) else {
        return Ok(probe.samples);
    };
    // The first time also opens the adapter and compiles shaders, which a run does once and not for
    // every frame.
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
}

impl FrameProbe<'_> {
    /// Makes a shortened job, and before it what it needs and was not made yet.
    fn make_job(&mut self, id: JobId) -> Result<(), SessionError> {
        let planned = self.plan.job(id);
        let mut materials = InputFiles::default();
        for input in &planned.job.inputs {
            let files = self.input_files(input)?;
            materials
                .files
                .entry(input.slot.clone())
                .or_default()
                .extend(files);
        }
        let scratch = self.folder.join(id.0.to_string());
        std::fs::create_dir_all(&scratch)
            .map_err(|source| SessionError::io_error("make a folder for the probe", source))?;
        let work = shorten_action(&planned.job.work, &materials);
        let assignment = JobContext {
            action: &work,
            inputs: &materials,
            scratch: &scratch,
            watch: CallOptions::new(&self.session.cancel),
            progress: &|_, _| {},
        };
        let before = self.session.clock.elapsed();
        let finished = self.session.registry.run_job(&assignment);
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

    /// Returns the files of one input; a chunk that the probe does not make stays out.
    fn input_files(&mut self, input: &JobInput) -> Result<Vec<InputFile>, SessionError> {
        match &input.from {
            InputSource::File(path) => Ok(vec![InputFile::in_project(
                &self.session.checked.root,
                path,
            )]),
            InputSource::Job(id) => {
                if !self.made.contains_key(id)
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
fn shorten_action(work: &JobAction, materials: &InputFiles) -> JobAction {
    let mut work = work.clone();
    let came_in = materials.files_in(&crate::model::InputSlot::frames()).len();
    match &mut work {
        JobAction::Render { frames, .. } => *frames = first_frames(frames, PROBE_FRAMES),
        JobAction::Grade { frames, .. } => *frames = first_frames(frames, came_in),
        JobAction::Encode {
            source_frames,
            count,
            ..
        } => {
            *source_frames = came_in;
            *count = (*count).min(came_in);
        }
        _ => {}
    }
    work
}

fn first_frames(frames: &FrameList, count: usize) -> FrameList {
    frames.chunks(count).into_iter().next().unwrap_or_default()
}
