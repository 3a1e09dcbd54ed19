//! The producer of transitions. Needs no tool.

use super::picture_blend::{LightScale, dissolve_images, fade_image, wipe_images};
use super::transition_frames::{TransitionFrame, transition_frames};
use crate::media::DisplayImage;
use crate::media::picture::{self, PictureKind};
use crate::media::resample::{ResampleFilter, fit_to_size};
use crate::model::cut::{FrameTrim, ScreenColour, TransitionKind, TransitionWork};
use crate::model::{ActionKind, FrameList, InputFile, InputSlot, JobAction};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
use crate::producers::output_check::{check_pictures_alike, expect_names, frame_names};
use crate::producers::producer_tools::built_in_identity;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Blends the frames of transitions.
pub(in crate::producers) struct TransitionProducer;

/// The graded frames of the two shots that a transition shows.
struct TransitionPictures<'a> {
    work: &'a TransitionWork,
    from: &'a [InputFile],
    into: &'a [InputFile],
}

impl JobProducer for TransitionProducer {
    fn provider_identity(&self, _: &JobAction) -> String {
        built_in_identity()
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let work = transition_work(context)?;
        let pictures = TransitionPictures::find(work, context)?;
        let frames = transition_frames(work);
        let done = AtomicUsize::new(0);
        let outputs: Result<Vec<OutputFile>, JobFailure> = frames
            .par_iter()
            .zip(frame_names(&output_numbers(work), "png"))
            .map(|(frame, name)| {
                let path = context.scratch.join(&name);
                // Before each frame: a dissolve of 4K frames takes longer than a user waits for a
                // stop.
                stop_if_halting(context)?;
                // Sixteen bits, as graded frames have: a slow dissolve in eight shows steps.
                picture::write_png16(&path, &pictures.blend_frame(frame)?)?;
                (context.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, frames.len());
                Ok(OutputFile { name, path })
            })
            .collect();
        Ok(ProducerOutput {
            outputs: outputs?,
            provider: "transition (built in)".to_owned(),
            mode: ExecutionMode::Real,
            warnings: Vec::new(),
        })
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        let work = transition_work(context)?;
        expect_names(&frame_names(&output_numbers(work), "png"), outputs)?;
        // Without a fitting the size is that of the render, which the action does not have; then
        // the pictures need only agree.
        let size = work.fitting.map(|fitting| fitting.size);
        check_pictures_alike(outputs, PictureKind::Png, size)
    }
}

fn transition_work<'a>(context: &'a JobContext<'_>) -> Result<&'a TransitionWork, JobFailure> {
    match context.action {
        JobAction::Transition(work) => Ok(work),
        other => Err(JobFailure::wrong_action(ActionKind::Transition, other)),
    }
}

/// Returns the numbers of the frames that are made, from 1.
fn output_numbers(work: &TransitionWork) -> FrameList {
    FrameList::count_from(1, u32::try_from(work.length()).unwrap_or(u32::MAX))
}

impl<'a> TransitionPictures<'a> {
    fn find(work: &'a TransitionWork, context: &'a JobContext<'_>) -> Result<Self, JobFailure> {
        let files = |slot: InputSlot, trim: Option<FrameTrim>, count: usize| {
            // A fade has one side only.
            let Some(trim) = trim else {
                return Ok(&[][..]);
            };
            let files = context.inputs.files_in(&slot);
            trim.used(files, count).ok_or_else(|| {
                let message = format!(
                    "blend {count} frames of slot {slot}: the inputs have {}",
                    files.len().saturating_sub(trim.head + trim.tail)
                );
                JobFailure::new(FailureClass::MissingInput, message)
            })
        };
        Ok(Self {
            work,
            from: files(InputSlot::from_shot(), work.from, work.from_frames())?,
            into: files(InputSlot::into_shot(), work.into, work.into_frames())?,
        })
    }

    fn blend_frame(&self, frame: &TransitionFrame) -> Result<DisplayImage, JobFailure> {
        let from = frame.from.map(|index| self.read_frame(self.from, index));
        let into = frame.into.map(|index| self.read_frame(self.into, index));
        // Blends of two shots have no colour, and do not come here.
        let colour = self.work.kind.colour().unwrap_or(ScreenColour::BLACK);
        match (from.transpose()?, into.transpose()?) {
            (Some(from), Some(into)) => self.blend_pair(&from, &into, frame.share),
            (Some(picture), None) | (None, Some(picture)) => {
                Ok(fade_image(self.scale(), &picture, colour, frame.share))
            }
            (None, None) => Err(missing_picture(0)),
        }
    }

    fn blend_pair(
        &self,
        from: &DisplayImage,
        into: &DisplayImage,
        share: f32,
    ) -> Result<DisplayImage, JobFailure> {
        // `expand` plans a fitting where sizes differ, so this is damage and not a choice.
        if from.size != into.size {
            let message = format!(
                "blend frames: one is {} and the other {}",
                from.size, into.size
            );
            return Err(JobFailure::new(FailureClass::BadOutput, message));
        }
        Ok(match self.work.kind {
            TransitionKind::Wipe { direction } => {
                wipe_images(self.scale(), from, into, direction, share)
            }
            _ => dissolve_images(self.scale(), from, into, share),
        })
    }

    fn scale(&self) -> LightScale {
        LightScale::for_screens(self.work.high_range)
    }

    /// Reads a frame, at the size that all have.
    fn read_frame(&self, files: &[InputFile], index: usize) -> Result<DisplayImage, JobFailure> {
        let Some(file) = files.get(index) else {
            return Err(missing_picture(index));
        };
        // A frame that does not decode is a missing input: blending again would read the same.
        let shown = picture::read_png(&file.path).map_err(|error| {
            let message = format!("blend {}: {error}", file.name);
            JobFailure::new(FailureClass::MissingInput, message)
        })?;
        // Two frames, and the one that is made of them.
        picture::expect_memory(&file.path, shown.size)?;
        let Some(fitting) = self.work.fitting else {
            return Ok(shown);
        };
        let filter = if fitting.by_area {
            ResampleFilter::Area
        } else {
            ResampleFilter::Lanczos
        };
        Ok(fit_to_size(shown, fitting.size, fitting.fit, filter))
    }
}

fn missing_picture(index: usize) -> JobFailure {
    let message = format!("blend frames: there is no picture {}", index + 1);
    JobFailure::new(FailureClass::MissingInput, message)
}

fn stop_if_halting(context: &JobContext<'_>) -> Result<(), JobFailure> {
    if context.watch.cancel.is_halting() {
        let message = "blend frames: stopped on request";
        return Err(JobFailure::new(FailureClass::Cancelled, message));
    }
    Ok(())
}
