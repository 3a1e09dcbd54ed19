//! The probe behind a first estimate: a few frames of the real plan, made by the real producers, timed and thrown away.

use super::workplace::Workplace;
use crate::base::Clock;
use crate::cli::exit::CliError;
use crate::model::{Feed, Frames, Input, JobId, Material, Materials, Pass, Work};
use crate::plan::Plan;
use crate::process::Watch;
use crate::producers::{Assignment, Perform};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Frames of one shot that are tried.
const FRAMES: usize = 2;

type Samples = HashMap<String, Vec<(f64, usize)>>;

/// Makes a few frames and returns the seconds and units of each kind of work tried.
///
/// # Errors
/// Fails when a frame cannot be made: then a run would fail as well.
pub(super) fn probe(plan: &Plan, workplace: &Workplace, root: &Path) -> Result<Samples, CliError> {
    let folder = tempfile::tempdir()
        .map_err(|source| CliError::io("make a folder for the probe", source))?;
    let mut probe = Probe {
        plan,
        workplace,
        root,
        folder: folder.path(),
        made: HashMap::new(),
        samples: Samples::new(),
    };
    let renders: Vec<JobId> = kind(plan, |work| matches!(work, Work::Render { .. }));
    // The shot in the middle stands for the others.
    let Some(render) = renders.get(renders.len() / 2) else {
        return Ok(probe.samples);
    };
    // The first time also opens the adapter and compiles shaders, which a run does once and not for every frame.
    probe.make(*render)?;
    probe.samples.clear();
    probe.make(*render)?;
    let plate = kind(plan, |work| matches!(work, Work::Plate { .. }));
    if let Some(plate) = plate.first() {
        probe.make(*plate)?;
    }
    let downstream = |from: JobId, is: fn(&Work) -> bool| {
        plan.job(from)
            .dependants
            .iter()
            .copied()
            .filter(move |id| is(&plan.job(*id).job.work))
            .collect::<Vec<_>>()
    };
    for grade in downstream(*render, |work| matches!(work, Work::Grade { .. })) {
        probe.make(grade)?;
        for encode in downstream(grade, |work| matches!(work, Work::Encode { .. })) {
            probe.make(encode)?;
        }
    }
    Ok(probe.samples)
}

fn kind(plan: &Plan, is: impl Fn(&Work) -> bool) -> Vec<JobId> {
    plan.jobs()
        .filter(|(_, planned)| is(&planned.job.work))
        .map(|(id, _)| id)
        .collect()
}

struct Probe<'a> {
    plan: &'a Plan,
    workplace: &'a Workplace,
    root: &'a Path,
    folder: &'a Path,
    made: HashMap<JobId, Vec<Material>>,
    samples: Samples,
}

impl Probe<'_> {
    /// Makes a shortened job, and before it what it needs and was not made yet.
    fn make(&mut self, id: JobId) -> Result<(), CliError> {
        let planned = self.plan.job(id);
        let mut materials = Materials::default();
        for input in &planned.job.inputs {
            let files = self.input(input)?;
            materials
                .files
                .entry(input.slot.clone())
                .or_default()
                .extend(files);
        }
        let scratch = self.folder.join(id.0.to_string());
        std::fs::create_dir_all(&scratch)
            .map_err(|source| CliError::io("make a folder for the probe", source))?;
        let work = shortened(&planned.job.work, &materials);
        let assignment = Assignment {
            work: &work,
            materials: &materials,
            scratch: &scratch,
            watch: Watch::of(&self.workplace.cancel),
            progress: &|_, _| {},
        };
        let before = self.workplace.clock.elapsed();
        let finished = self.workplace.crew.perform(&assignment);
        let finished = finished.map_err(|failure| {
            CliError::Missing(format!("try `{}`: {failure}", planned.job.name))
        })?;
        let seconds = (self.workplace.clock.elapsed() - before).as_secs_f64();
        self.samples
            .entry(work.kind().into_owned())
            .or_default()
            .push((seconds, work.units()));
        let handed_on = finished
            .outputs
            .into_iter()
            .filter(|made| Pass::of_file(&made.name).is_none());
        let outputs = handed_on
            .map(|made| Material {
                name: made.name,
                path: made.path,
            })
            .collect();
        self.made.insert(id, outputs);
        Ok(())
    }

    /// Returns the files of one input; a chunk that the probe does not make stays out.
    fn input(&mut self, input: &Input) -> Result<Vec<Material>, CliError> {
        match &input.from {
            Feed::File(path) => Ok(vec![file(self.root, path)]),
            Feed::Job(id) => {
                if !self.made.contains_key(id)
                    && matches!(self.plan.job(*id).job.work, Work::Import { .. })
                {
                    self.make(*id)?;
                }
                Ok(self.made.get(id).cloned().unwrap_or_default())
            }
        }
    }
}

fn file(root: &Path, path: &PathBuf) -> Material {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Material {
        name,
        path: root.join(path),
    }
}

/// Returns the same work on only as many frames as the probe has.
fn shortened(work: &Work, materials: &Materials) -> Work {
    let mut work = work.clone();
    let came_in = materials.slot(&crate::model::Slot::new("frames")).len();
    match &mut work {
        Work::Render { frames, .. } => *frames = first(frames, FRAMES),
        Work::Grade { frames, .. } => *frames = first(frames, came_in),
        Work::Encode {
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

fn first(frames: &Frames, count: usize) -> Frames {
    frames.chunks(count).into_iter().next().unwrap_or_default()
}
