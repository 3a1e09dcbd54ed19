//! Phases `shots` and `post_process`: render every frame in chunks or bring its footage in, and
//! grade every chunk.

use super::{JobBuilder, add_renderer_files, job_input, new_job};
use crate::model::footage::{FilmFacts, Footage, FootageFacts};
use crate::model::production::Shot;
use crate::model::{
    FilmPart, FrameList, InputSlot, InputSource, JobAction, JobId, JobInput, JobLimits, RenderPass,
};
use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;

/// The chunks of one shot in order: the job that makes each, and its frames.
pub(super) type ShotChunks = Vec<(JobId, FrameList)>;

impl JobBuilder<'_> {
    /// Adds the render jobs; returns each shot's chunks in order.
    pub(super) fn add_render_jobs(&mut self) -> Vec<ShotChunks> {
        let shots = &self.production.shots;
        shots
            .iter()
            .map(|shot| match &shot.footage {
                Some(footage) => self.add_footage_jobs(shot, footage),
                None => self.add_shot_render_jobs(shot),
            })
            .collect()
    }

    /// Adds the jobs that bring the footage of a shot in, chunk by chunk.
    fn add_footage_jobs(&mut self, shot: &Shot, footage: &Footage) -> ShotChunks {
        let chunks = shot.frames.chunks(self.production.render.chunk);
        let mut picks = footage.picks.as_slice();
        let limits = shot_limits(shot);
        chunks
            .into_iter()
            .map(|frames| {
                let taken = picks.split_at(frames.len().min(picks.len()));
                picks = taken.1;
                let work = JobAction::Footage {
                    frames: frames.clone(),
                    film: footage.facts.film().map(|film| film_part(film, taken.0)),
                };
                let subjects: [&dyn Display; 2] = [&shot.name.value, &frames];
                let mut job = new_job(&subjects, work, footage.source.origin);
                job.inputs = footage_files(footage, taken.0);
                job.shot = Some(shot.name.value.clone());
                job.source_size = Some(self.production.render.size);
                job.limits.clone_from(&limits);
                (self.add_job(job), frames)
            })
            .collect()
    }

    fn add_shot_render_jobs(&mut self, shot: &Shot) -> ShotChunks {
        // Built once for the shot and shared by its chunks. It is most of what a render job
        // contains, and its digest is cached by address.
        let staged = self.shot_staging(shot);
        let render = &self.production.render;
        let engine = self.described_engine(shot.engine.as_ref(), &shot.description);
        // Each chunk has the frames of the whole shot, because moves of the camera and of clips run
        // over its whole length. Frame k then depends on the shot and k alone, and chunks can be
        // rendered on any machine and in any order.
        let shot_frames = Arc::new(shot.frames.clone());
        let limits = shot_limits(shot);
        let passes: Arc<[RenderPass]> = shot.passes.iter().map(|pass| pass.value).collect();
        // Slices of an ordered list, and not a start and a count: a range such as `1-100x2` has no
        // count that is a length.
        let chunks = shot.frames.chunks(render.chunk).into_iter();
        chunks
            .map(|frames| {
                let engine = engine.clone();
                let work = JobAction::Render {
                    noisy: self.keeps_noise(&engine),
                    engine,
                    staging: Arc::clone(&staged.staging),
                    frames: frames.clone(),
                    shot_frames: Arc::clone(&shot_frames),
                    rate: render.rate,
                    size: render.size,
                    samples: render.samples,
                    passes: Arc::clone(&passes),
                };
                // The frames are in the name, since numbers of chunks would mean other frames after
                // a change of `chunk_size`.
                let subjects: [&dyn Display; 2] = [&shot.name.value, &frames];
                let mut render = new_job(&subjects, work, shot.origin);
                render.inputs.clone_from(&staged.inputs);
                add_renderer_files(&mut render);
                render.shot = Some(shot.name.value.clone());
                render.limits.clone_from(&limits);
                (self.add_job(render), frames)
            })
            .collect()
    }

    /// Adds the grade jobs; returns each shot's chunks in order.
    pub(super) fn add_grade_jobs(&mut self, rendered: &[ShotChunks]) -> Vec<ShotChunks> {
        let shots = self.production.shots.iter().zip(rendered);
        // Grading is a job of its own, so that a change of the look does not render again.
        let grade = Arc::new(self.production.grade);
        let neutral = Arc::default();
        shots
            .map(|(shot, chunks)| {
                chunks
                    .iter()
                    .map(|(render, frames)| {
                        let work = JobAction::Grade {
                            grade: Arc::clone(if is_graded(shot) { &neutral } else { &grade }),
                            frames: frames.clone(),
                            for_screen: shot
                                .footage
                                .as_ref()
                                .is_some_and(|footage| !footage.is_linear()),
                        };
                        let subjects: [&dyn Display; 2] = [&shot.name.value, frames];
                        let mut grade = new_job(&subjects, work, shot.origin);
                        // A grade per chunk, not per shot, so that grading starts when the first
                        // chunk is rendered.
                        grade.inputs.push(job_input(InputSlot::frames(), *render));
                        grade.shot = Some(shot.name.value.clone());
                        grade.source_size = Some(self.production.render.size);
                        (self.add_job(grade), frames.clone())
                    })
                    .collect()
            })
            .collect()
    }
}

/// Returns what the document sets for the jobs that make the frames of a shot.
fn shot_limits(shot: &Shot) -> Option<Arc<JobLimits>> {
    (!shot.limits.is_default()).then(|| Arc::new(shot.limits.clone()))
}

/// Returns whether the pictures of a shot have their look already.
fn is_graded(shot: &Shot) -> bool {
    shot.footage.as_ref().is_some_and(|footage| footage.graded)
}

/// Returns the pictures of a film that a chunk shows.
fn film_part(film: &FilmFacts, picks: &[i64]) -> FilmPart {
    FilmPart {
        // A rule has refused what lies before the film or behind it.
        pictures: picks
            .iter()
            .map(|pick| u64::try_from(*pick).unwrap_or_default())
            .collect(),
        rate: film.rate,
        size: film.size,
        reading: film.reading,
    }
}

/// Returns the files that a chunk of footage is read from: the film, or the picture of each frame
/// in order.
fn footage_files(footage: &Footage, picks: &[i64]) -> Vec<JobInput> {
    let files: Vec<&PathBuf> = match &*footage.facts {
        FootageFacts::Film(film) => vec![&film.path],
        FootageFacts::Pictures(run) => picks
            .iter()
            .filter_map(|pick| run.files.get(&i32::try_from(*pick).ok()?))
            .collect(),
        FootageFacts::Unusable(_) => Vec::new(),
    };
    // Files of the project as inputs: they are hashed when the run is planned, so that a repaired
    // picture makes its chunk again and no other.
    files
        .into_iter()
        .map(|path| JobInput {
            slot: InputSlot::frames(),
            from: InputSource::File(path.clone()),
        })
        .collect()
}
