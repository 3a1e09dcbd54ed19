//! The probe for a first estimate: renders a few frames of the real plan with the real producers,
//! and measures them.
//!
//! Frames of the final quality may take minutes. So they are rendered at their size with few
//! samples, and once more with a few samples more: the difference is the time of a sample.

use super::machine_resources::PROC_FOLDER;
use super::production_session::ProductionSession;
use super::session_error::SessionError;
use crate::base::json::to_json_bytes;
use crate::base::{Clock, Digest};
use crate::model::cut::FrameTrim;
use crate::model::{
    ActionKind, Engine, FrameList, InputFile, InputFiles, InputSlot, InputSource, Job, JobAction,
    JobId, JobInput, JobName, JobSample, PixelSize, RenderPass, UnitLoad,
};
use crate::plan::Plan;
use crate::process::{CallOptions, ProcessCpu};
use crate::producers::{JobContext, JobProducer};
use crate::store::probe_samples::ProbeSamples;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Frames of one shot that are rendered, graded and encoded.
const PROBE_FRAMES: usize = 3;

/// Frames that are encoded: the rendered ones, to and fro.
// An encoder works on many frames at a time, and takes longer for three than for a hundredth of
// three hundred.
const ENCODED_FRAMES: usize = 12;

/// Shots of one engine that are rendered at most.
const MAX_SHOTS: usize = 4;

/// Time after which no further shot is begun.
const TIME_BUDGET: Duration = Duration::from_secs(2);

/// Seconds that a frame with more samples may take.
const SECOND_FRAME_SECONDS: f64 = 0.7;

/// A first frame slower than this is the only one of its shot.
const SLOW_FRAME_SECONDS: f64 = 2.0;

/// Samples of a first frame from Blender, which renders fewer no faster.
const FIRST_BLENDER_SAMPLES: u32 = 4;

/// Renders a few frames of some of these jobs.
///
/// # Errors
/// Fails when a frame cannot be rendered. A run would fail as well.
pub(super) fn run_probe(
    plan: &Plan,
    session: &ProductionSession<'_>,
    renders: &[JobId],
) -> Result<ProbeSamples, SessionError> {
    // A folder outside of the store, so that the probe needs no lock and leaves nothing behind.
    let folder = tempfile::tempdir()
        .map_err(|source| SessionError::io_error("make a folder for the probe", source))?;
    let mut probe = FrameProbe {
        plan,
        session,
        folder: folder.path(),
        started: session.clock.elapsed(),
        imported: HashMap::new(),
        samples: ProbeSamples::new(),
        attempts: 0,
        warm: HashSet::new(),
    };
    for render in representative_renders(plan, renders) {
        // Always one, even if it alone takes longer.
        if probe.is_out_of_time() && !probe.samples.is_empty() {
            break;
        }
        let frames = probe.measure_render(render)?;
        probe.measure_exports(render, &frames)?;
    }
    Ok(probe.samples)
}

/// Returns a render job of some shots of each engine, in turn.
fn representative_renders(plan: &Plan, renders: &[JobId]) -> Vec<JobId> {
    let mut by_engine: BTreeMap<&str, Vec<JobId>> = BTreeMap::new();
    let mut seen = HashSet::new();
    for id in renders.iter().copied() {
        let job = &plan.job(id).job;
        if let JobAction::Render { engine, .. } = &job.work {
            let content = JobName::content(ActionKind::Render, job.name.as_str());
            // One job of a shot is enough: its other chunks cost about the same for each frame.
            if seen.insert((engine.name(), content)) {
                by_engine.entry(engine.name()).or_default().push(id);
            }
        }
    }
    let mut chosen: Vec<(usize, JobId)> = Vec::new();
    for shots in by_engine.values() {
        chosen.extend(spread_indices(shots.len()).map(|(turn, index)| (turn, shots[index])));
    }
    // In turn, because a probe may end early: then it has measured something of every engine.
    chosen.sort_by_key(|(turn, _)| *turn);
    chosen.into_iter().map(|(_, id)| id).collect()
}

/// Returns turns and indices of up to [`MAX_SHOTS`] of `count` things: the middle first, which is
/// less often a title or an empty frame than the first one, then others far from it.
fn spread_indices(count: usize) -> impl Iterator<Item = (usize, usize)> {
    let places = [count / 2, 0, count.saturating_sub(1), count / 4];
    let mut seen = HashSet::new();
    places
        .into_iter()
        .take(MAX_SHOTS)
        .enumerate()
        .filter(move |(_, index)| *index < count && seen.insert(*index))
        .collect::<Vec<_>>()
        .into_iter()
}

/// Wall and CPU seconds.
#[derive(Debug, Clone, Copy, Default)]
struct ProbeTime {
    seconds: f64,
    cpu: f64,
}

impl ProbeTime {
    /// Returns `self + (other - base) * factor`, at least zero.
    fn plus_difference(self, other: Self, base: Self, factor: f64) -> Self {
        let extend =
            |own: f64, other: f64, base: f64| (other - base).max(0.0).mul_add(factor, own).max(0.0);
        Self {
            seconds: extend(self.seconds, other.seconds, base.seconds),
            cpu: extend(self.cpu, other.cpu, base.cpu),
        }
    }
}

struct FrameProbe<'a> {
    plan: &'a Plan,
    session: &'a ProductionSession<'a>,
    folder: &'a Path,
    /// When the probe began, by the session's clock.
    started: Duration,
    imported: HashMap<JobId, Vec<InputFile>>,
    samples: ProbeSamples,
    /// Jobs tried so far.
    attempts: usize,
    /// Engines that have rendered something.
    warm: HashSet<String>,
}

impl FrameProbe<'_> {
    /// Measures a render job, as it would be with all its frames and samples. Returns a few frames
    /// of it.
    fn measure_render(&mut self, id: JobId) -> Result<Vec<InputFile>, SessionError> {
        let job = &self.plan.job(id).job;
        let JobAction::Render {
            engine,
            frames,
            size,
            samples,
            ..
        } = &job.work
        else {
            return Ok(Vec::new());
        };
        let inputs = self.job_inputs(job)?;
        let few = first_sample_count(engine, *samples);
        let first_frame = shortened_render(&job.work, 1, few);
        // The first attempt also opens the adapter and compiles shaders. A run does that once and
        // not for every chunk, so it does not count.
        if matches!(engine, Engine::Previz) && self.warm.insert(engine.name().to_owned()) {
            self.time_job(&job.name, &first_frame, &inputs)?;
        }
        let (one, picture) = self.time_job(&job.name, &first_frame, &inputs)?;
        if one.seconds >= SLOW_FRAME_SECONDS {
            let load = UnitLoad {
                pixels: size.pixel_count(),
                samples: few,
            };
            self.add_sample(job, &first_frame, load, one);
            return Ok(picture);
        }
        let count = PROBE_FRAMES.min(frames.len());
        let several = shortened_render(&job.work, count, few);
        let (several, pictures) = self.time_job(&job.name, &several, &inputs)?;
        // What the frames after the first took, for each frame of the job after its first.
        let factor = ratio(
            frames.len().saturating_sub(1),
            count.saturating_sub(1).max(1),
        );
        let mut whole = one.plus_difference(several, one, factor);
        let more = second_sample_count(*size, few, *samples);
        if more > few {
            let finer = shortened_render(&job.work, 1, more);
            let (finer, _) = self.time_job(&job.name, &finer, &inputs)?;
            let each = f64::from(*samples - few) / f64::from(more - few);
            whole = whole.plus_difference(finer, one, each * ratio(frames.len(), 1));
        }
        self.add_sample(job, &job.work, UnitLoad::for_job(job), whole);
        Ok(pictures)
    }

    fn is_out_of_time(&self) -> bool {
        self.session.clock.elapsed().saturating_sub(self.started) > TIME_BUDGET
    }

    /// Measures the grade of these frames, and every kind of encode job that needs it.
    fn measure_exports(&mut self, render: JobId, frames: &[InputFile]) -> Result<(), SessionError> {
        for grade in self.dependants_of_kind(render, ActionKind::Grade) {
            let job = &self.plan.job(grade).job;
            let work = shortened_grade(&job.work, frames.len());
            let (time, graded) = self.time_job(&job.name, &work, &frames_input(frames.to_vec()))?;
            self.add_sample(job, &work, UnitLoad::for_job(job), time);
            let to_and_fro = to_and_fro(&graded, ENCODED_FRAMES);
            // A production may have thousands of outputs. Those of one format take as long as each
            // other, and behind the budget one of each codec must do.
            let mut measured = HashSet::new();
            for encode in self.dependants_of_kind(grade, ActionKind::Encode) {
                let job = &self.plan.job(encode).job;
                let work = shortened_encode(&job.work, to_and_fro.len());
                let is_known = self.samples.contains_key(&*work.sample_key());
                if !measured.insert(Digest::hash_bytes(&to_json_bytes(&work)))
                    || (is_known && self.is_out_of_time())
                {
                    continue;
                }
                let (time, _) =
                    self.time_job(&job.name, &work, &frames_input(to_and_fro.clone()))?;
                self.add_sample(job, &work, UnitLoad::for_job(job), time);
            }
        }
        Ok(())
    }

    fn dependants_of_kind(&self, id: JobId, kind: ActionKind) -> Vec<JobId> {
        let dependants = self.plan.job(id).dependants.iter().copied();
        dependants
            .filter(|next| self.plan.job(*next).job.work.kind() == kind)
            .collect()
    }

    fn add_sample(&mut self, job: &Job, work: &JobAction, load: UnitLoad, time: ProbeTime) {
        let sample = JobSample {
            seconds: time.seconds,
            units: work.unit_count(),
            cpu_seconds: (time.cpu > 0.0).then_some(time.cpu),
            load,
            content: JobName::content(work.kind(), job.name.as_str()).into(),
            provider: self.session.registry.provider_identity(work).into(),
        };
        let key = work.sample_key().into_owned();
        self.samples.entry(key).or_default().push(sample);
    }

    /// Runs a job. Returns what it took and the files that it hands on.
    fn time_job(
        &mut self,
        name: &JobName,
        work: &JobAction,
        inputs: &InputFiles,
    ) -> Result<(ProbeTime, Vec<InputFile>), SessionError> {
        // A folder for each attempt, as in a run: a job may be tried twice, and must not meet the
        // files of its first attempt.
        let scratch = self.folder.join(self.attempts.to_string());
        self.attempts += 1;
        std::fs::create_dir_all(&scratch)
            .map_err(|source| SessionError::io_error("make a folder for the probe", source))?;
        let job_context = JobContext {
            action: work,
            inputs,
            scratch: &scratch,
            watch: CallOptions {
                reaper: self.session.reaper.as_deref(),
                ..CallOptions::new(&self.session.cancel)
            },
            progress: &|_, _| {},
        };
        // Only the producer is timed. Inputs and folders are prepared by the dispatcher in a run.
        let before = self.clocks();
        let finished = self.session.registry.run_job(&job_context);
        let finished = finished.map_err(|failure| SessionError::ProbeFailed {
            job: name.to_string(),
            class: failure.class,
            message: failure.to_string(),
        })?;
        let after = self.clocks();
        let handed_on = finished
            .outputs
            .into_iter()
            // Passes are delivered and not read by later jobs.
            .filter(|made| RenderPass::from_file_name(&made.name).is_none());
        let outputs = handed_on.map(|made| InputFile {
            name: made.name,
            path: made.path,
        });
        let time = ProbeTime {
            seconds: after.seconds - before.seconds,
            cpu: after.cpu - before.cpu,
        };
        Ok((time, outputs.collect()))
    }

    fn clocks(&self) -> ProbeTime {
        // Without `/proc` the probe measures time alone.
        let cpu = ProcessCpu::read(Path::new(PROC_FOLDER)).unwrap_or_default();
        ProbeTime {
            seconds: self.session.clock.elapsed().as_secs_f64(),
            cpu: cpu.total(),
        }
    }

    /// Returns the input files of a render job. Its imports are done once.
    fn job_inputs(&mut self, job: &Job) -> Result<InputFiles, SessionError> {
        let mut inputs = InputFiles::default();
        for input in &job.inputs {
            let files = self.input_files(input)?;
            let slot = inputs.files.entry(input.slot.clone()).or_default();
            slot.extend(files);
        }
        Ok(inputs)
    }

    fn input_files(&mut self, input: &JobInput) -> Result<Vec<InputFile>, SessionError> {
        let id = match &input.from {
            InputSource::File(path) => {
                let root = &self.session.checked.root;
                return Ok(vec![InputFile::in_project(root, path)]);
            }
            InputSource::Job(id) => *id,
        };
        // Measured once: many shots use the same asset.
        if !self.imported.contains_key(&id) {
            let job = &self.plan.job(id).job;
            let inputs = self.job_inputs(job)?;
            let (time, made) = self.time_job(&job.name, &job.work, &inputs)?;
            self.add_sample(job, &job.work, UnitLoad::for_job(job), time);
            self.imported.insert(id, made);
        }
        Ok(self.imported.get(&id).cloned().unwrap_or_default())
    }
}

/// Returns how many samples the first frame has.
fn first_sample_count(engine: &Engine, samples: u32) -> u32 {
    match engine {
        Engine::Previz => 1,
        // A command may do anything with its samples, so the probe passes what the run passes.
        Engine::Command(_) => samples,
        _ => FIRST_BLENDER_SAMPLES.min(samples),
    }
}

/// Returns how many samples the finer frame has: as many as take a noticeable time, at most as many
/// as the run.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rough choice, clamped"
)]
fn second_sample_count(size: PixelSize, few: u32, samples: u32) -> u32 {
    let sample_seconds = size.pixel_count() as f64 * 6e-8;
    let more = (SECOND_FRAME_SECONDS / sample_seconds).clamp(1.0, 1e6) as u32;
    few.saturating_add(more).min(samples)
}

#[expect(clippy::cast_precision_loss, reason = "a number of frames")]
fn ratio(count: usize, by: usize) -> f64 {
    count as f64 / by as f64
}

fn frames_input(frames: Vec<InputFile>) -> InputFiles {
    let mut inputs = InputFiles::default();
    inputs.files.insert(InputSlot::frames(), frames);
    inputs
}

/// Returns `count` of these frames, to and fro: each differs from the one before as much as in the
/// film.
fn to_and_fro(frames: &[InputFile], count: usize) -> Vec<InputFile> {
    let back = frames.iter().rev().skip(1);
    let cycle: Vec<&InputFile> = if frames.len() > 2 {
        frames.iter().chain(back.take(frames.len() - 2)).collect()
    } else {
        frames.iter().collect()
    };
    cycle.into_iter().cycle().take(count).cloned().collect()
}

/// Returns the same work on so many frames from the middle of the chunk, with so many samples.
fn shortened_render(work: &JobAction, count: usize, few: u32) -> JobAction {
    let mut work = work.clone();
    if let JobAction::Render {
        frames, samples, ..
    } = &mut work
    {
        *frames = middle_frames(frames, count);
        *samples = few;
    }
    work
}

fn shortened_grade(work: &JobAction, count: usize) -> JobAction {
    let mut work = work.clone();
    if let JobAction::Grade { frames, .. } = &mut work {
        *frames = middle_frames(frames, count);
    }
    work
}

fn shortened_encode(work: &JobAction, source: usize) -> JobAction {
    let mut work = work.clone();
    if let JobAction::Encode {
        format,
        source_rate,
        source_frames,
        count,
        trim,
        overlays,
    } = &mut work
    {
        *source_frames = source;
        *trim = FrameTrim::default();
        // Text costs next to nothing, and its fonts are not among the inputs of a try.
        *overlays = Arc::default();
        // The encoder checks its number of frames, so an unchanged count would fail.
        *count = format.rate.resampled_count(source, *source_rate);
    }
    work
}

/// Returns `count` frames that follow each other, from about the middle.
fn middle_frames(frames: &FrameList, count: usize) -> FrameList {
    let parts = frames.chunks(count.max(1));
    // The last part may be shorter; this one is not, unless it is the only one.
    let middle = parts.len().saturating_sub(1) / 2;
    parts.into_iter().nth(middle).unwrap_or_default()
}
