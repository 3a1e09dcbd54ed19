//! Reads footage and leaves it as half-float EXR of linear light, one file a frame, at its own
//! size: encoding fits it to each deliverable, as it does with drawn frames.

use crate::media::film_source::read_film_pictures;
use crate::media::{FfmpegTools, LinearImage, picture};
use crate::model::{FilmPart, FrameList, InputFile, InputSlot, JobAction};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, OutputFile, ProducerOutput,
};
use crate::producers::encode::require_ffmpeg;
use crate::producers::output_check::frame_names;
use rayon::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Brings footage in.
pub(in crate::producers) struct FootageImporter {
    /// ffmpeg, for films.
    pub(in crate::producers) tools: Option<FfmpegTools>,
}

impl FootageImporter {
    /// Reads the files of slot `frames` and leaves one `NNNN.exr` for each frame.
    ///
    /// # Errors
    /// Fails if a picture is missing or damaged, if the film ends too early, if an output cannot
    /// be written, or on a stop request.
    pub(in crate::producers) fn import_footage(
        &self,
        context: &JobContext<'_>,
    ) -> Result<ProducerOutput, JobFailure> {
        let JobAction::Footage { frames, film } = context.action else {
            return Err(JobFailure::new(
                FailureClass::Crash,
                "import footage: this job is another kind of work",
            ));
        };
        let outputs = output_files(context.scratch, frames);
        let provider = match film {
            Some(part) => self.import_film(context, part, &outputs)?,
            None => import_pictures(context, &outputs)?,
        };
        Ok(ProducerOutput {
            outputs,
            provider,
            mode: ExecutionMode::Real,
            warnings: Vec::new(),
        })
    }

    /// Writes the pictures of a film; returns the provider.
    fn import_film(
        &self,
        context: &JobContext<'_>,
        part: &FilmPart,
        outputs: &[OutputFile],
    ) -> Result<String, JobFailure> {
        let tools = require_ffmpeg(self.tools.as_ref())?;
        let file = context
            .inputs
            .single_file(&InputSlot::frames())
            .ok_or_else(|| missing_input("import footage: there is no film".to_owned()))?;
        let mut written = 0;
        read_film_pictures(tools, &file.path, part, context.watch, |index, light| {
            // A picture of the film may be that of several frames.
            let frames = part.pictures.iter().zip(outputs);
            for (_, output) in frames.filter(|(shown, _)| **shown == index) {
                stop_if_halting(context)?;
                picture::write_exr(&output.path, light)?;
                written += 1;
                (context.progress)(written, outputs.len());
            }
            Ok::<_, JobFailure>(())
        })
        .map_err(|failure| as_input_failure(&file.name, failure))?;
        Ok(format!("ffmpeg {}", tools.version(context.watch)?))
    }
}

/// Writes numbered pictures; returns the provider.
fn import_pictures(context: &JobContext<'_>, outputs: &[OutputFile]) -> Result<String, JobFailure> {
    let inputs = context.inputs.files_in(&InputSlot::frames());
    // Paired by their order, so one too few would shift all that follow.
    if inputs.len() != outputs.len() {
        return Err(missing_input(format!(
            "import {} frames of footage: the inputs have {}",
            outputs.len(),
            inputs.len()
        )));
    }
    let done = AtomicUsize::new(0);
    inputs
        .par_iter()
        .zip(outputs)
        .try_for_each(|(input, output)| {
            stop_if_halting(context)?;
            let light = read_light(input)?;
            picture::expect_memory(&output.path, light.size)?;
            picture::write_exr(&output.path, &light)?;
            (context.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, outputs.len());
            Ok::<_, JobFailure>(())
        })?;
    Ok("import (built in)".to_owned())
}

fn read_light(input: &InputFile) -> Result<LinearImage, JobFailure> {
    picture::read_picture(&input.path)
        .map_err(|error| as_input_failure(&input.name, JobFailure::from(error)))
}

fn output_files(scratch: &Path, frames: &FrameList) -> Vec<OutputFile> {
    frame_names(frames, "exr")
        .into_iter()
        .map(|name| OutputFile {
            path: scratch.join(&name),
            name,
        })
        .collect()
}

fn stop_if_halting(context: &JobContext<'_>) -> Result<(), JobFailure> {
    if context.watch.cancel.is_halting() {
        let message = "import footage: stopped on request";
        return Err(JobFailure::new(FailureClass::Cancelled, message));
    }
    Ok(())
}

fn missing_input(message: String) -> JobFailure {
    JobFailure::new(FailureClass::MissingInput, message)
}

/// Returns the failure with the name of the file. What cannot be read must be replaced by a
/// person: another attempt would read the same bytes.
fn as_input_failure(name: &str, failure: JobFailure) -> JobFailure {
    let class = match failure.class {
        FailureClass::BadOutput | FailureClass::Crash => FailureClass::MissingInput,
        other => other,
    };
    JobFailure {
        class,
        message: format!("import {name}: {}", failure.message),
        ..failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::picture::read_exr;
    use crate::model::footage::FilmReading;
    use crate::model::{FrameRate, PixelSize};
    use crate::producers::testing::{TestBench, find_tools};

    const SIZE: PixelSize = PixelSize::new(64, 36);

    fn footage(first: i32, count: u32, film: Option<FilmPart>) -> JobAction {
        JobAction::Footage {
            frames: FrameList::count_from(first, count),
            film,
        }
    }

    fn import(
        bench: &TestBench,
        work: &JobAction,
        files: Vec<InputFile>,
        tools: Option<FfmpegTools>,
    ) -> Result<ProducerOutput, JobFailure> {
        bench.run_job(work, &TestBench::input_files([("frames", files)]), |job| {
            FootageImporter { tools }.import_footage(job)
        })
    }

    #[test]
    fn pictures_for_a_screen_become_light_under_the_frame_numbers_of_the_shot() {
        let bench = TestBench::new();
        let files = bench.graded_frames(SIZE, 2, 0);
        let first = picture::read_picture(&files[0].path).unwrap();
        let made = import(&bench, &footage(1001, 2, None), files, None).unwrap();
        let names: Vec<&str> = made.outputs.iter().map(|file| &*file.name).collect();
        assert_eq!(names, ["1001.exr", "1002.exr"]);
        let read = read_exr(&made.outputs[0].path).unwrap();
        assert_eq!(read.size, SIZE);
        let off = |(found, wanted): (&[f32; 3], &[f32; 3])| (found[1] - wanted[1]).abs();
        let worst = read.pixels.iter().zip(&first.pixels).map(off);
        assert!(worst.fold(0.0, f32::max) < 1e-3);
    }

    #[test]
    fn a_damaged_picture_is_named() {
        let bench = TestBench::new();
        let mut files = bench.graded_frames(SIZE, 1, 0);
        let path = bench.folder_path().join("cut");
        let bytes = std::fs::read(&files[0].path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
        files[0] = InputFile {
            name: "sh010.0001.png".to_owned(),
            path,
        };
        let failure = import(&bench, &footage(1, 1, None), files, None).unwrap_err();
        assert_eq!(failure.class, FailureClass::MissingInput);
        assert!(
            failure.message.contains("sh010.0001.png"),
            "{}",
            failure.message
        );
    }

    /// A film whose picture `k` is grey of a brightness that grows with `k`.
    fn grey_film(tools: &FfmpegTools, folder: &Path, name: &str, more: &[&str]) -> InputFile {
        let path = folder.join(name);
        let mut command = std::process::Command::new(&tools.ffmpeg);
        command.args(["-v", "error", "-f", "lavfi", "-i"]);
        // Made in the range of films: a grey picture would be tagged as having the full one.
        let source = "color=black:size=64x36:rate=25,format=yuv420p,geq=lum='16+N*2':cb=128:cr=128";
        command.arg(source);
        command.args(["-frames:v", "100"]).args(more).arg(&path);
        assert!(command.status().unwrap().success());
        InputFile {
            name: name.to_owned(),
            path,
        }
    }

    fn film_part(pictures: &[u64]) -> FilmPart {
        FilmPart {
            pictures: pictures.to_vec(),
            rate: FrameRate::from_fps(25),
            size: SIZE,
            reading: FilmReading {
                first: 0.0,
                file_start: 0.0,
                is_steady: true,
                is_untagged: true,
            },
        }
    }

    /// Every picture must be the requested one, also behind a seek: containers round times, and
    /// B-frames start films late.
    #[test]
    fn the_pictures_of_a_film_are_those_that_were_requested() {
        let Some(tools) = find_tools() else { return };
        let bench = TestBench::new();
        let kinds: [(&str, &[&str]); 3] = [
            (
                "a.mp4",
                &["-c:v", "libx264", "-bf", "3", "-g", "12", "-crf", "1"],
            ),
            ("b.mkv", &["-c:v", "ffv1"]),
            ("c.mov", &["-c:v", "prores_ks"]),
        ];
        for (name, arguments) in kinds {
            let file = grey_film(&tools, bench.folder_path(), name, arguments);
            for pictures in [&[0_u64, 0, 1, 3][..], &[70, 71, 71, 99], &[90, 91, 10, 11]] {
                let work = footage(1, 4, Some(film_part(pictures)));
                let made = import(&bench, &work, vec![file.clone()], Some(tools.clone())).unwrap();
                for (output, index) in made.outputs.iter().zip(pictures) {
                    let light = read_exr(&output.path).unwrap().pixels[0][1];
                    let shown = crate::media::tone::linear_to_srgb(light) * 255.0;
                    let wanted = *index as f32 * 2.0 * 255.0 / 219.0;
                    assert!(
                        (shown - wanted).abs() < 1.2,
                        "{name} {index}: {shown} and not {wanted}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_film_that_ends_too_early_says_how_far_it_came() {
        let Some(tools) = find_tools() else { return };
        let bench = TestBench::new();
        let file = grey_film(&tools, bench.folder_path(), "a.mkv", &["-c:v", "ffv1"]);
        let work = footage(1, 3, Some(film_part(&[98, 99, 100])));
        let failure = import(&bench, &work, vec![file], Some(tools)).unwrap_err();
        assert_eq!(failure.class, FailureClass::MissingInput);
        assert!(
            failure.message.contains("ends after 2 of the 3 pictures"),
            "{}",
            failure.message
        );
    }
}
