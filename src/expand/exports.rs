//! Phases `export` and `finalize`: every shot encoded for every output, joined, and measured.

use super::shots::Chunks;
use super::{Book, from_job, job};
use crate::model::production::Output;
use crate::model::{JobAction, JobId, Phase};

/// The joined deliverable of one output, and how many frames it has.
pub(super) struct Film {
    stitch: JobId,
    count: usize,
}

impl Book<'_> {
    pub(super) fn export(&mut self, graded: &[Chunks]) -> Vec<Film> {
        let outputs = &self.production.outputs;
        outputs
            .iter()
            .map(|output| self.export_one(output, graded))
            .collect()
    }

    /// Encodes each shot and joins the segments. A shot's place among outgoing frames follows from all frames before it,
    /// so rounding never adds up.
    fn export_one(&mut self, output: &Output, graded: &[Chunks]) -> Film {
        let rate = self.production.render.rate;
        let mut segments = Vec::new();
        let mut before = 0;
        for (shot, chunks) in self.production.shots.iter().zip(graded) {
            let source_frames = shot.frames.len();
            let first = output.format.rate.resampled_count(before, rate);
            before += source_frames;
            let count = output.format.rate.resampled_count(before, rate) - first;
            if count == 0 {
                continue;
            }
            let format = output.format.clone();
            let work = JobAction::Encode {
                format,
                source_rate: rate,
                source_frames,
                count,
            };
            let name = format!("export.encode/{}/{}", output.name.value, shot.name.value);
            let mut encode = job(name, Phase::Export, work, output.origin);
            encode.inputs = chunks
                .iter()
                .map(|(grade, _)| from_job("frames", *grade))
                .collect();
            encode.shot = Some(shot.name.value.clone());
            encode.output = Some(output.name.value.clone());
            segments.push(self.add(encode));
        }
        let count = output.format.rate.resampled_count(before, rate);
        Film {
            stitch: self.stitch(output, &segments, count),
            count,
        }
    }

    fn stitch(&mut self, output: &Output, segments: &[JobId], count: usize) -> JobId {
        let name = format!("export.stitch/{}", output.name.value);
        let work = JobAction::Stitch {
            format: output.format.clone(),
            count,
        };
        let mut stitch = job(name, Phase::Export, work, output.origin);
        let input = |(at, segment): (usize, &JobId)| from_job(format!("segment.{at:06}"), *segment);
        stitch.inputs = segments.iter().enumerate().map(input).collect();
        stitch.output = Some(output.name.value.clone());
        self.add(stitch)
    }

    pub(super) fn verify(&mut self, films: &[Film]) {
        for (output, film) in self.production.outputs.iter().zip(films) {
            let name = format!("finalize.verify/{}", output.name.value);
            let work = JobAction::Verify {
                format: output.format.clone(),
                count: film.count,
            };
            let mut verify = job(name, Phase::Finalize, work, output.origin);
            verify.inputs.push(from_job("deliverable", film.stitch));
            verify.output = Some(output.name.value.clone());
            self.add(verify);
        }
    }
}
