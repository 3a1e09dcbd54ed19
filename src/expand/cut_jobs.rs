//! The cut: which frames beyond its cuts each shot needs, and a job for each transition.

use super::shot_jobs::{GradedFrames, ShotChunks, ShotFrames};
use super::{JobBuilder, job_input, new_job};
use crate::base::Digest;
use crate::base::json::{serialized_name, to_json_bytes};
use crate::model::cut::{
    FrameFitting, FrameTrim, TimelineClip, TimelineTransition, TransitionWork,
};
use crate::model::production::{Output, Shot};
use crate::model::{InputSlot, JobAction, JobId, JobInput, PixelSize, Production};
use crate::timeline::{PictureTrack, ShotHandles};
use std::collections::HashMap;
use std::fmt::Display;

/// Returns the pictures of a file that a timeline refers to: its shot with its handles, without
/// transitions, which are in the timeline.
pub(super) fn shot_file_track(pictures: PictureTrack, handles: usize) -> PictureTrack {
    let mut track = PictureTrack::default();
    for clip in pictures.clips {
        let length = clip.length + 2 * handles;
        track.clips.push(TimelineClip {
            start: track.length,
            length,
            head: handles,
            tail: handles,
            ..clip
        });
        track.length += length;
    }
    track
}

/// Returns the frames beyond its cuts that each shot needs for any output.
pub(super) fn needed_handles<'t>(
    production: &Production,
    tracks: impl Iterator<Item = &'t PictureTrack>,
) -> Vec<ShotHandles> {
    let mut handles = vec![ShotHandles::default(); production.shots.len()];
    for clip in tracks.flat_map(|track| &track.clips) {
        if let Some(needed) = clip.shot.and_then(|shot| handles.get_mut(shot)) {
            // The most that any output needs, so that one render of the shot serves all outputs.
            needed.head = needed.head.max(clip.head);
            needed.tail = needed.tail.max(clip.tail);
        }
    }
    handles
}

/// The jobs of transitions so far, by the digest of their work and inputs: outputs share them.
#[derive(Default)]
pub(super) struct TransitionJobs {
    known: HashMap<Digest, JobId>,
}

/// Whole chunks that cover some frames, and what of them is not needed.
#[derive(Default)]
pub(super) struct CoveringChunks {
    pub(super) jobs: Vec<JobId>,
    pub(super) trim: FrameTrim,
}

impl CoveringChunks {
    /// Returns the chunks that cover `count` frames from index `start` on.
    pub(super) fn find<'c>(
        chunks: impl Iterator<Item = &'c ShotChunks>,
        start: usize,
        count: usize,
    ) -> Self {
        let mut covering = Self::default();
        // Otherwise the chunk around `start` would be an input that gives no frame.
        if count == 0 {
            return covering;
        }
        // Chunks are in order, so one pass counts the frames before each.
        let mut place = 0;
        let end = start + count;
        for (job, frames) in chunks.flatten() {
            let next = place + frames.len();
            if place < end && start < next {
                covering.jobs.push(*job);
                covering.trim.head += start.saturating_sub(place);
                covering.trim.tail += next.saturating_sub(end);
            }
            place = next;
        }
        covering
    }

    fn inputs(&self, slot: &InputSlot) -> impl Iterator<Item = JobInput> {
        let slot = slot.clone();
        self.jobs
            .iter()
            .map(move |job| job_input(slot.clone(), *job))
    }
}

impl JobBuilder<'_> {
    /// Returns the job that blends the frames of a transition of `output`.
    pub(super) fn transition_job(
        &mut self,
        known: &mut TransitionJobs,
        output: &Output,
        track: &PictureTrack,
        transition: &TimelineTransition,
        graded: &GradedFrames<'_>,
    ) -> JobId {
        let shot_of = |clip: Option<usize>| track.clips.get(clip?)?.shot;
        let from = shot_of(transition.from);
        let into = shot_of(transition.into);
        let mut work = TransitionWork {
            kind: transition.kind,
            before: transition.before,
            after: transition.after,
            from: None,
            into: None,
            fitting: self.transition_fitting(output, graded.size, [from, into]),
            high_range: output.format.encoding.hdr,
        };
        let mut inputs = Vec::new();
        if let Some(shot) = from {
            let covering = chunks_before_cut(&graded.shots[shot], &work);
            work.from = Some(covering.trim);
            inputs.extend(covering.inputs(&InputSlot::from_shot()));
        }
        if let Some(shot) = into {
            let covering = chunks_behind_cut(&graded.shots[shot], &work);
            work.into = Some(covering.trim);
            inputs.extend(covering.inputs(&InputSlot::into_shot()));
        }
        let key = Digest::hash_bytes(&to_json_bytes(&(&work, &inputs)));
        // Outputs of one size share their transitions.
        if let Some(job) = known.known.get(&key) {
            return *job;
        }
        let shots = &self.production.shots;
        let name = |shot: Option<usize>| shot.map(|index| &shots[index].name.value);
        // Only what two transitions of these shots differ in is in the name. Most are named after
        // their shots alone.
        let is_fitted = work.fitting.is_some().then_some(&output.name.value);
        let size = (graded.size != self.production.render.size).then_some(&graded.size);
        let kind = transition.kind.name();
        let range = output.format.encoding.hdr.map(|hdr| serialized_name(&hdr));
        let names = [name(from), name(into), is_fitted, range.as_ref()];
        let names = names.into_iter().flatten();
        let subjects: Vec<&dyn Display> = std::iter::once(&kind as &dyn Display)
            .chain(names.map(|name| name as &dyn Display))
            .chain(size.map(|size| size as &dyn Display))
            .collect();
        let mut job = new_job(&subjects, JobAction::Transition(work), transition.origin);
        job.inputs = inputs;
        job.source_size = Some(graded.size);
        // A fade belongs to its shot. What is between two shots belongs to neither: a run of one
        // shot alone would otherwise render a part of the other.
        job.shot = from.xor(into).map(|index| shots[index].name.value.clone());
        let id = self.add_job(job);
        known.known.insert(key, id);
        id
    }

    /// Returns how the frames of the shots are fitted to each other. `None`: they have one size.
    fn transition_fitting(
        &self,
        output: &Output,
        size: PixelSize,
        shots: [Option<usize>; 2],
    ) -> Option<FrameFitting> {
        let shots = shots.into_iter().flatten();
        // `None`: pictures of footage with several sizes, which are never taken for the same.
        let sizes: Vec<Option<PixelSize>> = shots
            .map(|index| frame_size(&self.production.shots[index], size))
            .collect();
        let first = sizes.first().copied().flatten();
        let is_same = first.is_some() && sizes.iter().all(|size| *size == first);
        // Footage is fitted to each output in the way of that output, so frames of two sizes are
        // blended at the output's own size.
        (!is_same).then_some(FrameFitting {
            size: output.format.size,
            fit: output.format.fit,
            by_area: output.format.retro.is_some(),
        })
    }
}

/// Returns the chunks with the frames of the shot that a transition leaves.
fn chunks_before_cut(shot: &ShotFrames, work: &TransitionWork) -> CoveringChunks {
    let length: usize = shot.chunks.iter().map(|(_, frames)| frames.len()).sum();
    let chunks = [&shot.chunks, &shot.tail];
    let start = length.saturating_sub(work.before);
    CoveringChunks::find(chunks.into_iter(), start, work.from_frames())
}

/// Returns the chunks with the frames of the shot that a transition leads to.
fn chunks_behind_cut(shot: &ShotFrames, work: &TransitionWork) -> CoveringChunks {
    let head: usize = shot.head.iter().map(|(_, frames)| frames.len()).sum();
    let chunks = [&shot.head, &shot.chunks];
    let shown_before = work.into_frames().saturating_sub(work.after);
    let start = head.saturating_sub(shown_before);
    CoveringChunks::find(chunks.into_iter(), start, work.into_frames())
}

/// Returns the size of the graded frames of a shot, if those that are drawn have `size`. `None`:
/// they have several.
fn frame_size(shot: &Shot, size: PixelSize) -> Option<PixelSize> {
    let Some(footage) = &shot.footage else {
        return Some(size);
    };
    let pictures = footage.facts.pictures();
    let is_mixed = pictures.is_some_and(|run| !run.other_sizes.is_empty());
    footage.facts.size().filter(|_| !is_mixed)
}
