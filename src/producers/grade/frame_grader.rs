//! The grading job: every EXR of a chunk becomes a 16-bit PNG of the same number and size.

use super::grade_chain::{self, ToneStep};
use crate::media::picture;
use crate::model::{InputFile, InputSlot, JobAction};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, OutputFile, ProducerOutput,
};
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Grades frames. Needs no tool.
#[derive(Debug, Clone, Copy, Default)]
pub struct FrameGrader;

impl FrameGrader {
    /// Grades the files of slot `frames` and leaves one `NNNN.png` for each `NNNN.exr`, in order.
    ///
    /// # Errors
    /// Fails if a frame is missing or damaged, if an output cannot be written, or on a stop
    /// request.
    pub fn grade_frames(&self, context: &JobContext) -> Result<ProducerOutput, JobFailure> {
        let JobAction::Grade {
            grade,
            frames,
            for_screen,
            hdr,
        } = context.action
        else {
            return Err(JobFailure::new(
                FailureClass::Crash,
                "grade: this job is another kind of work",
            ));
        };
        let inputs = context.inputs.files_in(&InputSlot::frames());
        // The count is compared before any work. A lost frame would otherwise be found only by the
        // check of the outputs, after all others were graded.
        if inputs.len() != frames.len() {
            let message = format!(
                "grade {} frames: the inputs have {}",
                frames.len(),
                inputs.len()
            );
            return Err(JobFailure::new(FailureClass::MissingInput, message));
        }
        let tone = match (hdr, for_screen) {
            (Some(transfer), _) => ToneStep::HighRange(*transfer),
            (None, true) => ToneStep::Encode,
            (None, false) => ToneStep::Film,
        };
        let done = AtomicUsize::new(0);
        // Frames are independent of each other, and rayon keeps their order. The first error stops
        // the rest.
        let outputs: Result<Vec<OutputFile>, JobFailure> = inputs
            .par_iter()
            .map(|input| {
                let produced = grade_frame(context, grade, tone, input)?;
                (context.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, inputs.len());
                Ok(produced)
            })
            .collect();
        let provider = "grade (built in)".to_owned();
        Ok(ProducerOutput {
            outputs: outputs?,
            provider,
            mode: ExecutionMode::Real,
            warnings: Vec::new(),
        })
    }
}

fn grade_frame(
    context: &JobContext,
    grade: &crate::model::colour_grade::Grade,
    tone: ToneStep,
    input: &InputFile,
) -> Result<OutputFile, JobFailure> {
    if context.watch.cancel.is_halting() {
        return Err(JobFailure::new(
            FailureClass::Cancelled,
            "grade: stopped on request",
        ));
    }
    // Only the extension is cut: the stem is the frame number, which names the output and seeds its
    // grain.
    let stem = input
        .name
        .rsplit_once('.')
        .map_or(input.name.as_str(), |(stem, _)| stem);
    let light =
        picture::read_exr(&input.path).map_err(|error| damaged_frame(&input.name, error))?;
    let name = format!("{stem}.png");
    let path = context.scratch.join(&name);
    // The display picture and the glow come beside the light.
    picture::expect_memory(&path, light.size)?;
    picture::write_png16(&path, &grade_chain::grade_image(grade, tone, light, stem))?;
    Ok(OutputFile { name, path })
}

fn damaged_frame(name: &str, error: picture::PictureError) -> JobFailure {
    // A frame that does not decode is a missing input of this job, not its bad output. Grading
    // again would read the same bytes, so it must not be retried; the frame itself has to be made
    // again.
    let failure = JobFailure::from(error);
    JobFailure {
        class: FailureClass::MissingInput,
        message: format!("grade {name}: {}", failure.message),
        ..failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::CancelToken;
    use crate::media::LinearImage;
    use crate::model::{FrameList, InputFiles, PixelSize};
    use std::collections::BTreeMap;
    use std::path::Path;

    fn run(folder: &Path, count: u32, cancel: &CancelToken) -> Result<ProducerOutput, JobFailure> {
        let size = PixelSize::new(32, 18);
        let files = (1..=count).map(|frame| {
            let path = folder.join(format!("blob{frame}"));
            picture::write_exr(
                &path,
                &LinearImage::filled_with(size, [0.18 * frame as f32; 3]),
            )
            .unwrap();
            InputFile {
                name: format!("{frame:04}.exr"),
                path,
            }
        });
        let files = BTreeMap::from([(InputSlot::frames(), files.collect())]);
        let work = JobAction::Grade {
            grade: Default::default(),
            frames: FrameList::count_from(1, 3),
            for_screen: false,
            hdr: None,
        };
        let materials = InputFiles { files };
        let scratch = folder.join("out");
        std::fs::create_dir_all(&scratch).unwrap();
        FrameGrader.grade_frames(&JobContext {
            action: &work,
            inputs: &materials,
            scratch: &scratch,
            watch: crate::process::CallOptions::new(cancel),
            progress: &|_, _| {},
        })
    }

    #[test]
    fn every_exr_becomes_a_png_of_its_number_and_size() {
        let folder = tempfile::tempdir().unwrap();
        let finished = run(folder.path(), 3, &CancelToken::default()).unwrap();
        let names: Vec<&str> = finished
            .outputs
            .iter()
            .map(|produced| produced.name.as_str())
            .collect();
        assert_eq!(names, ["0001.png", "0002.png", "0003.png"]);
        let facts = picture::check_picture(&finished.outputs[2].path).unwrap();
        assert_eq!((facts.size, facts.depth), (PixelSize::new(32, 18), 16));
        let shades = finished
            .outputs
            .iter()
            .map(|p| picture::read_png(&p.path).unwrap().pixels[0][0]);
        assert!(shades.collect::<Vec<_>>().is_sorted());
    }

    #[test]
    fn a_missing_frame_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let failure = run(folder.path(), 2, &CancelToken::default()).unwrap_err();
        assert_eq!(
            (failure.class, failure.message.as_str()),
            (
                FailureClass::MissingInput,
                "grade 3 frames: the inputs have 2"
            )
        );
    }

    #[test]
    fn a_halted_grade_stops() {
        let folder = tempfile::tempdir().unwrap();
        let cancel = CancelToken::default();
        cancel.request_halt();
        assert_eq!(
            run(folder.path(), 3, &cancel).unwrap_err().class,
            FailureClass::Cancelled
        );
    }
}
