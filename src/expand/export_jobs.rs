//! Phases `export` and `finalize`: encode every shot and every transition for every output, join the
//! segments, and verify the result.

use super::cut_jobs::{CoveringChunks, TransitionJobs};
use super::shot_jobs::SizedFrames;
use super::sound_jobs::{OutputMix, SoundJobs};
use super::{JobBuilder, job_input, new_job};
use crate::model::cut::{FrameTrim, TimelineTransition};
use crate::model::frame_sizes::FrameSizes;
use crate::model::production::Output;
use crate::model::sound::SoundFormat;
use crate::model::{InputSlot, JobAction, JobId};
use crate::timeline::{PartSource, PictureTrack, TrackPart};
use std::fmt::Display;

/// The job that joins one output, and the number of frames of that output.
pub(super) struct JoinedOutput {
    stitch_job: JobId,
    count: usize,
    mix: Option<OutputMix>,
    /// The sound within the film, if it has one.
    format: Option<SoundFormat>,
}

/// What the segments of all outputs are made from.
pub(super) struct ExportSources<'a> {
    /// The graded frames in each size.
    pub(super) graded: &'a [SizedFrames],
    pub(super) sizes: &'a FrameSizes,
    /// The pictures of each output, in order.
    pub(super) tracks: &'a [PictureTrack],
}

/// The frames of one segment.
struct SegmentSource {
    inputs: Vec<JobId>,
    /// Frames of the inputs that belong to a transition.
    trim: FrameTrim,
    /// The names of the segment behind that of its output.
    names: Vec<String>,
    shot: Option<String>,
}

impl JobBuilder<'_> {
    pub(super) fn add_export_jobs(
        &mut self,
        sources: &ExportSources<'_>,
        mut sound: Option<SoundJobs<'_>>,
    ) -> Vec<JoinedOutput> {
        let outputs = &self.production.outputs;
        let mut transitions = TransitionJobs::default();
        outputs
            .iter()
            .zip(sources.tracks)
            .enumerate()
            .map(|(index, (output, track))| {
                let graded = &sources.graded[sources.sizes.index_of_output(index)];
                let segments = self.add_segment_jobs(output, track, graded, &mut transitions);
                self.add_joined_output(output, track, &segments, sound.as_mut())
            })
            .collect()
    }

    /// Adds an encode job for each part of an output.
    fn add_segment_jobs(
        &mut self,
        output: &Output,
        track: &PictureTrack,
        graded: &SizedFrames,
        transitions: &mut TransitionJobs,
    ) -> Vec<JobId> {
        let rate = self.production.render.rate;
        let mut segments = Vec::new();
        for part in track.parts() {
            // The frame count of a segment is a difference of two totals. If each part were rounded
            // for itself, the rates of outputs would give films of different length.
            let first = output.format.rate.resampled_count(part.start, rate);
            let end = part.start + part.length;
            let count = output.format.rate.resampled_count(end, rate) - first;
            // A shot of one frame may have no frame at a lower rate. An encoder cannot write an
            // empty segment.
            if count == 0 {
                continue;
            }
            let source = match part.source {
                PartSource::Clip(clip) => self.clip_source(track, clip, &part, graded),
                PartSource::Transition(index) => {
                    let transition = &track.transitions[index];
                    let job = self.transition_job(transitions, output, track, transition, graded);
                    self.transition_source(track, transition, job)
                }
            };
            // One segment per part and output, and not one encode of the whole film: after an edit
            // only the segments of that shot are encoded again, and segments are encoded in
            // parallel.
            let work = JobAction::Encode {
                format: output.format.clone(),
                source_rate: rate,
                source_frames: part.length,
                count,
                trim: source.trim,
            };
            let names = source.names.iter().map(|name| name as &dyn Display);
            let subjects: Vec<&dyn Display> = std::iter::once(&output.name.value as &dyn Display)
                .chain(names)
                .collect();
            let mut encode = new_job(&subjects, work, output.origin);
            let inputs = source.inputs.into_iter();
            encode.inputs = inputs
                .map(|job| job_input(InputSlot::frames(), job))
                .collect();
            encode.shot = source.shot;
            encode.output = Some(output.name.value.clone());
            encode.source_size = Some(graded.size);
            segments.push(self.add_job(encode));
        }
        segments
    }

    /// Returns the frames of a part of a clip.
    fn clip_source(
        &self,
        track: &PictureTrack,
        clip: usize,
        part: &TrackPart,
        graded: &SizedFrames,
    ) -> SegmentSource {
        let clip = &track.clips[clip];
        let chunks = clip.shot.map(|shot| &graded.shots[shot].chunks).into_iter();
        let covering = CoveringChunks::find(chunks, part.start - clip.start, part.length);
        SegmentSource {
            inputs: covering.jobs,
            trim: covering.trim,
            names: vec![clip.name.clone()],
            shot: Some(clip.name.clone()),
        }
    }

    /// Returns the frames of a transition, which `job` makes.
    fn transition_source(
        &self,
        track: &PictureTrack,
        transition: &TimelineTransition,
        job: JobId,
    ) -> SegmentSource {
        let name_of = |clip: Option<usize>| track.clips.get(clip?).map(|clip| clip.name.clone());
        let clips = [name_of(transition.from), name_of(transition.into)];
        let kind = transition.kind.name().to_owned();
        SegmentSource {
            inputs: vec![job],
            trim: FrameTrim::default(),
            names: std::iter::once(kind)
                .chain(clips.into_iter().flatten())
                .collect(),
            shot: self.jobs[job.index()].shot.clone(),
        }
    }

    /// Adds the job that joins the segments of an output, and its mix.
    fn add_joined_output(
        &mut self,
        output: &Output,
        track: &PictureTrack,
        segments: &[JobId],
        sound: Option<&mut SoundJobs<'_>>,
    ) -> JoinedOutput {
        let rate = self.production.render.rate;
        let count = output.format.rate.resampled_count(track.length, rate);
        let mix = self.mix_job(output, sound, track, count);
        let format = mix.and_then(|mix| self.sound_format(output, mix.length));
        JoinedOutput {
            stitch_job: self.add_stitch_job(output, segments, count, mix.zip(format.clone())),
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
