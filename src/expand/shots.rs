//! Phases `shots` and `post_process`: every frame rendered in chunks, every chunk graded.

use super::{Book, add_files, from_job, job};
use crate::model::{FrameList, JobAction, JobId, Phase, RenderPass};
use std::sync::Arc;

/// The chunks of one shot: the job that makes each, and its frames.
pub(super) type Chunks = Vec<(JobId, FrameList)>;

impl Book<'_> {
    /// Adds the render jobs; returns each shot's chunks in order.
    pub(super) fn render_shots(&mut self) -> Vec<Chunks> {
        let shots = &self.production.shots;
        shots.iter().map(|shot| self.render_shot(shot)).collect()
    }

    fn render_shot(&mut self, shot: &crate::model::production::Shot) -> Chunks {
        let staged = self.stage(shot);
        let render = &self.production.render;
        let engine = self.engine(shot.engine.as_ref(), &shot.description);
        let of = Arc::new(shot.frames.clone());
        let passes: Arc<[RenderPass]> = shot.passes.iter().map(|pass| pass.value).collect();
        let chunks = shot.frames.chunks(render.chunk).into_iter();
        chunks
            .map(|frames| {
                let engine = engine.clone();
                let work = JobAction::Render {
                    noisy: self.noisy(&engine),
                    engine,
                    staging: Arc::clone(&staged.staging),
                    frames: frames.clone(),
                    shot_frames: Arc::clone(&of),
                    rate: render.rate,
                    size: render.size,
                    samples: render.samples,
                    passes: Arc::clone(&passes),
                };
                let name = format!("render.shot/{}/{frames}", shot.name.value);
                let mut render = job(name, Phase::Shots, work, shot.origin);
                render.inputs.clone_from(&staged.inputs);
                add_files(&mut render);
                render.shot = Some(shot.name.value.clone());
                (self.add(render), frames)
            })
            .collect()
    }

    /// Adds the grade jobs; returns each shot's chunks in order.
    pub(super) fn grade_shots(&mut self, rendered: &[Chunks]) -> Vec<Chunks> {
        let shots = self.production.shots.iter().zip(rendered);
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
                        let name = format!("grade.frames/{}/{frames}", shot.name.value);
                        let mut grade = job(name, Phase::PostProcess, work, shot.origin);
                        grade.inputs.push(from_job("frames", *render));
                        grade.shot = Some(shot.name.value.clone());
                        (self.add(grade), frames.clone())
                    })
                    .collect()
            })
            .collect()
    }
}
