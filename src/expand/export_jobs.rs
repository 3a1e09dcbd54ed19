//! Phases `export` and `finalize`: encode every shot for every output, join the segments, and
//! verify the result.

use super::shot_jobs::ShotChunks;
use super::sound_jobs::{OutputMix, SoundJobs};
use super::{JobBuilder, job_input, new_job};
use crate::model::production::Output;
use crate::model::sound::SoundFormat;
use crate::model::{InputSlot, JobAction, JobId};
use std::fmt::Display;

/// The job that joins one output, and the number of frames of that output.
pub(super) struct JoinedOutput {
    stitch_job: JobId,
    count: usize,
    mix: Option<OutputMix>,
    /// The sound within the film, if it has one.
    format: Option<SoundFormat>,
}

impl JobBuilder<'_> {
    pub(super) fn add_export_jobs(
        &mut self,
        graded: &[ShotChunks],
        mut sound: Option<SoundJobs>,
    ) -> Vec<JoinedOutput> {
        let outputs = &self.production.outputs;
        outputs
            .iter()
            .map(|output| self.add_output_jobs(output, graded, sound.as_mut()))
            .collect()
    }

    /// Adds the encode job of each shot and the job that joins them.
    fn add_output_jobs(
        &mut self,
        output: &Output,
        graded: &[ShotChunks],
        sound: Option<&mut SoundJobs>,
    ) -> JoinedOutput {
        let rate = self.production.render.rate;
        let mut segments = Vec::new();
        // Frames of the production before this shot. The frame count of a segment is a difference
        // of two totals. If each shot were rounded for itself, the rates of outputs would give
        // films of different length.
        let mut before = 0;
        let production = self.production;
        for index in output.shown_shots(production.shots.len()) {
            let shot = &production.shots[index];
            let chunks = &graded[index];
            let source_frames = shot.frames.len();
            let first = output.format.rate.resampled_count(before, rate);
            before += source_frames;
            let count = output.format.rate.resampled_count(before, rate) - first;
            // A shot of one frame may have no frame at a lower rate. An encoder cannot write an
            // empty segment.
            if count == 0 {
                continue;
            }
            // One segment per shot and output, and not one encode of the whole film: after an edit
            // only the segment of that shot is encoded again, and segments are encoded in parallel.
            let format = output.format.clone();
            let work = JobAction::Encode {
                format,
                source_rate: rate,
                source_frames,
                count,
            };
            let subjects: [&dyn Display; 2] = [&output.name.value, &shot.name.value];
            let mut encode = new_job(&subjects, work, output.origin);
            encode.inputs = chunks
                .iter()
                .map(|(grade, _)| job_input(InputSlot::frames(), *grade))
                .collect();
            encode.shot = Some(shot.name.value.clone());
            encode.output = Some(output.name.value.clone());
            encode.source_size = Some(self.production.render.size);
            segments.push(self.add_job(encode));
        }
        let count = output.format.rate.resampled_count(before, rate);
        let mix = self.mix_job(output, sound, count);
        let format = mix.and_then(|mix| self.sound_format(output, mix.length));
        JoinedOutput {
            stitch_job: self.add_stitch_job(output, &segments, count, mix.zip(format.clone())),
            count,
            mix,
            format,
        }
    }

    /// Returns the sound within the film of an output. `None`: the film is silent, or the output
    /// is a folder of pictures.
    fn sound_format(&self, output: &Output, length: u64) -> Option<SoundFormat> {
        let sound = self.production.sound.as_ref()?;
        let own = output.sound.as_ref()?;
        Some(SoundFormat {
            codec: own.codec?,
            sample_rate: sound.sample_rate,
            length,
            bit_rate: own.bit_rate,
            language: Some(sound.language.clone()),
        })
    }

    fn add_stitch_job(
        &mut self,
        output: &Output,
        segments: &[JobId],
        count: usize,
        sound: Option<(OutputMix, SoundFormat)>,
    ) -> JobId {
        let work = JobAction::Stitch {
            format: output.format.clone(),
            count,
            sound: sound.as_ref().map(|(_, format)| format.clone()),
        };
        let mut stitch = new_job(&[&output.name.value], work, output.origin);
        stitch.inputs = segments
            .iter()
            .enumerate()
            // A slot for each segment, so that a plan can name the one that changed.
            .map(|(index, segment)| job_input(InputSlot::segment(index), *segment))
            .chain(sound.map(|(mix, _)| job_input(InputSlot::mix(), mix.job)))
            .collect();
        stitch.output = Some(output.name.value.clone());
        self.add_job(stitch)
    }

    pub(super) fn add_verify_jobs(&mut self, joined_outputs: &[JoinedOutput]) {
        for (output, joined) in self.production.outputs.iter().zip(joined_outputs) {
            // A job of its own, and not a step of the join, so that a verified file is not opened
            // again by the next run.
            let work = JobAction::Verify {
                format: output.format.clone(),
                count: joined.count,
                sound: joined.format.clone(),
            };
            let mut verify = new_job(&[&output.name.value], work, output.origin);
            verify
                .inputs
                .push(job_input(InputSlot::deliverable(), joined.stitch_job));
            // The mix is delivered with the output: in the film, or as files beside it.
            if joined.format.is_some() || !output.sound_beside().is_empty() {
                let mix = joined.mix.map(|mix| job_input(InputSlot::mix(), mix.job));
                verify.inputs.extend(mix);
            }
            verify.output = Some(output.name.value.clone());
            self.add_job(verify);
        }
    }
}
