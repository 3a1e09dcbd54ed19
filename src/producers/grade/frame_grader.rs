//! The grading job: every EXR of a chunk becomes a 16-bit PNG of the same number and size.

use super::grade_chain::{self, ToneStep};
use crate::media::picture;
use crate::model::colour_grade::Grade;
use crate::model::{InputFile, InputSlot, JobAction};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, OutputFile, ProducerOutput,
};
use crate::producers::producer_tools::copy_output;
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
        let outputs: Result<Vec<Vec<OutputFile>>, JobFailure> = equal_runs(inputs, grade)
            .par_iter()
            .map(|run| {
                let produced = grade_run(context, grade, tone, run)?;
                let count = done.fetch_add(run.len(), Ordering::Relaxed) + run.len();
                (context.progress)(count, inputs.len());
                Ok(produced)
            })
            .collect();
        let provider = "grade (built in)".to_owned();
        Ok(ProducerOutput {
            outputs: outputs?.into_iter().flatten().collect(),
            provider,
            mode: ExecutionMode::Real,
            warnings: Vec::new(),
        })
    }
}

/// Returns the frames in runs that are graded to the same picture.
fn equal_runs<'a>(inputs: &'a [InputFile], grade: &Grade) -> Vec<&'a [InputFile]> {
    // A file of the store has its digest for a name, so equal frames are one file. Grain is another
    // for each frame.
    let is_same = |a: &InputFile, b: &InputFile| grade.grain <= 0.0 && a.path == b.path;
    inputs.chunk_by(is_same).collect()
}

/// Grades the first frame of a run and copies it for the others.
fn grade_run(
    context: &JobContext,
    grade: &Grade,
    tone: ToneStep,
    run: &[InputFile],
) -> Result<Vec<OutputFile>, JobFailure> {
    let Some((first, others)) = run.split_first() else {
        return Ok(Vec::new());
    };
    let first = grade_frame(context, grade, tone, first)?;
    let mut outputs = vec![first.clone()];
    for input in others {
        let name = graded_name(input);
        let path = context.scratch.join(&name);
        copy_output(&first.path, &path)?;
        outputs.push(OutputFile { name, path });
    }
    Ok(outputs)
}

/// Returns the name of the picture that a frame becomes.
fn graded_name(input: &InputFile) -> String {
    format!("{}.png", frame_stem(input))
}

/// Returns the name of a frame without its extension.
// Only the extension is cut: the stem is the frame number, which names the output and seeds its
// grain.
fn frame_stem(input: &InputFile) -> &str {
    let name = input.name.as_str();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn grade_frame(
    context: &JobContext,
    grade: &Grade,
    tone: ToneStep,
    input: &InputFile,
) -> Result<OutputFile, JobFailure> {
    if context.watch.cancel.is_halting() {
        return Err(JobFailure::new(
            FailureClass::Cancelled,
            "grade: stopped on request",
        ));
    }
    let light =
        picture::read_exr(&input.path).map_err(|error| damaged_frame(&input.name, error))?;
    let name = graded_name(input);
    let path = context.scratch.join(&name);
    // The display picture and the glow come beside the light.
    picture::expect_memory(&path, light.size)?;
    picture::write_png16(
        &path,
        &grade_chain::grade_image(grade, tone, light, frame_stem(input)),
    )?;
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

    #[test]
    fn equal_frames_are_one_picture_unless_they_have_grain() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("blob");
        let light = LinearImage::filled_with(PixelSize::new(32, 18), [0.18; 3]);
        picture::write_exr(&path, &light).unwrap();
        let files = (1..=3).map(|frame| InputFile {
            name: format!("{frame:04}.exr"),
            path: path.clone(),
        });
        let inputs = InputFiles {
            files: BTreeMap::from([(InputSlot::frames(), files.collect())]),
        };
        for grain in [0.0, 0.5] {
            let grade = Grade {
                grain,
                ..Grade::default()
            };
            let scratch = folder.path().join(format!("out{grain}"));
            std::fs::create_dir(&scratch).unwrap();
            let outputs = grade_all(&inputs, grade, &scratch, &CancelToken::default());
            let outputs = outputs.unwrap().outputs;
            assert_eq!(outputs[2].name, "0003.png");
            let bytes: Vec<Vec<u8>> = outputs
                .iter()
                .map(|output| std::fs::read(&output.path).unwrap())
                .collect();
            assert_eq!(bytes[0] == bytes[1], grain == 0.0);
            assert_eq!(bytes[1] == bytes[2], grain == 0.0);
        }
    }

    fn grade_all(
        inputs: &InputFiles,
        grade: Grade,
        scratch: &Path,
        cancel: &CancelToken,
    ) -> Result<ProducerOutput, JobFailure> {
        let work = JobAction::Grade {
            grade: grade.into(),
            frames: FrameList::count_from(1, 3),
            for_screen: false,
            hdr: None,
        };
        FrameGrader.grade_frames(&JobContext {
            action: &work,
            inputs,
            scratch,
            watch: crate::process::CallOptions::new(cancel),
            progress: &|_, _| {},
        })
    }

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
        let inputs = InputFiles { files };
        let scratch = folder.join("out");
        std::fs::create_dir_all(&scratch).unwrap();
        grade_all(&inputs, Grade::default(), &scratch, cancel)
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
