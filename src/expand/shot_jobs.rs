//! Phases `shots` and `post_process`: render every frame in chunks, and grade every chunk.

use super::{JobBuilder, add_renderer_files, job_input, new_job};
use crate::model::{FrameList, InputSlot, JobAction, JobId, RenderPass};
use std::fmt::Display;
use std::sync::Arc;

/// The chunks of one shot in order: the job that makes each, and its frames.
pub(super) type ShotChunks = Vec<(JobId, FrameList)>;

impl JobBuilder<'_> {
    /// Adds the render jobs; returns each shot's chunks in order.
    pub(super) fn add_render_jobs(&mut self) -> Vec<ShotChunks> {
        let shots = &self.production.shots;
        shots
            .iter()
            .map(|shot| self.add_shot_render_jobs(shot))
            .collect()
    }

    fn add_shot_render_jobs(&mut self, shot: &crate::model::production::Shot) -> ShotChunks {
        // Built once for the shot and shared by its chunks. It is most of what a render job
        // contains, and its digest is cached by address.
        let staged = self.shot_staging(shot);
        let render = &self.production.render;
        let engine = self.described_engine(shot.engine.as_ref(), &shot.description);
        // Each chunk has the frames of the whole shot, because moves of the camera and of clips run
        // over its whole length. Frame k then depends on the shot and k alone, and chunks can be
        // rendered on any machine and in any order.
        let shot_frames = Arc::new(shot.frames.clone());
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
                (self.add_job(render), frames)
            })
            .collect()
    }

    /// Adds the grade jobs; returns each shot's chunks in order.
    pub(super) fn add_grade_jobs(&mut self, rendered: &[ShotChunks]) -> Vec<ShotChunks> {
        let shots = self.production.shots.iter().zip(rendered);
        // Grading is a job of its own, so that a change of the look does not render again.
        let grade = Arc::new(self.production.grade);
        shots
            .map(|(shot, chunks)| {
                chunks
                    .iter()
                    .map(|(render, frames)| {
                        let work = JobAction::Grade {
                            grade: Arc::clone(&grade),
                            frames: frames.clone(),
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
