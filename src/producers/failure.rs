//! Gives errors of pictures and tools their failure class.

use super::contract::{FailureClass, JobFailure};
use crate::media::PictureError;
use crate::media::ffmpeg::ToolError;
use crate::media::gltf::{GltfFault, ModelError};
use crate::process::{CallError, classify_failure, machine_class};

impl From<PictureError> for JobFailure {
    fn from(error: PictureError) -> Self {
        let class = match &error {
            // The rules for I/O errors are in one place: a full disk is the same class for a
            // picture as for any other file.
            PictureError::Io { source, .. } => Self::from_io_error("", source).class,
            // Encoders keep the error of the system in types of their own, some without a way to
            // it. Its text is always there.
            PictureError::Refused { why, .. } => {
                machine_class(why).unwrap_or(FailureClass::BadOutput)
            }
            PictureError::Damaged { .. } => FailureClass::BadOutput,
            PictureError::NoMemory { .. } => FailureClass::OutOfMemory,
            // A picture of an unknown kind or over the limits comes from outside, so it is an input
            // that a person must replace. Another attempt would read the same bytes.
            PictureError::TooLarge { .. } | PictureError::Unknown { .. } => {
                FailureClass::MissingInput
            }
        };
        Self::new(class, error.to_string())
    }
}

impl From<ModelError> for JobFailure {
    fn from(error: ModelError) -> Self {
        let class = match &error.fault {
            GltfFault::NoMemory(_) => FailureClass::OutOfMemory,
            GltfFault::Unreadable(source) => Self::from_io_error("", source).class,
            // A model comes from outside, so a person must replace it.
            _ => FailureClass::MissingInput,
        };
        Self::new(class, error.to_string())
    }
}

impl From<ToolError> for JobFailure {
    fn from(error: ToolError) -> Self {
        let class = match &error {
            ToolError::Missing { .. } | ToolError::NoEncoder { .. } => FailureClass::MissingTool,
            ToolError::Call(call) => call_failure_class(call),
            // The tool ran and its answer makes no sense, so what it looked at is damaged.
            ToolError::Unreadable { why, .. } => {
                machine_class(why).unwrap_or(FailureClass::BadOutput)
            }
        };
        // The evidence stays apart from the message, so that a report can show the last lines of
        // the tool as such.
        let evidence = error.evidence().to_owned();
        Self::new(class, error.to_string()).with_evidence(evidence)
    }
}

impl From<CallError> for JobFailure {
    fn from(error: CallError) -> Self {
        // One conversion gives all calls the same classes, with or without ffmpeg.
        ToolError::from(error).into()
    }
}

fn call_failure_class(call: &CallError) -> FailureClass {
    match call {
        CallError::Cancelled => FailureClass::Cancelled,
        // Only questions about a program have a limit here; jobs have theirs in `execute`.
        CallError::TimedOut { .. } => FailureClass::MissingTool,
        // Only a start that does not find the program is a missing tool. `NotFound` from a pipe of
        // a running program means that a file is missing, which somebody else must repair.
        CallError::Start { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            FailureClass::MissingTool
        }
        CallError::Start { source, .. } | CallError::Io { source, .. } => {
            JobFailure::from_io_error("", source).class
        }
        CallError::Failed {
            ending, evidence, ..
        } => classify_failure(ending, evidence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::animation::join_pictures;
    use crate::media::{DisplayImage, LinearImage, picture};
    use crate::model::codec::AnimationFormat;
    use crate::model::{FrameRate, PixelSize};
    use std::io;
    use std::path::Path;

    fn not_found() -> io::Error {
        io::Error::from(io::ErrorKind::NotFound)
    }

    /// A disk that is full, as a file of the system.
    #[cfg(target_os = "linux")]
    const FULL_DISK: &str = "/dev/full";

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_has_one_class_for_every_writer() {
        let full = Path::new(FULL_DISK);
        // More than any buffer holds, and nothing that an encoder makes small.
        let size = PixelSize::new(256, 256);
        let noise = |index: u64| u16::try_from(index.wrapping_mul(40_503) % 65_521).unwrap();
        let pixels: Vec<[u16; 3]> = (0..size.pixel_count())
            .map(|index| [0, 1, 2].map(|channel| noise(index * 3 + channel)))
            .collect();
        let shown = DisplayImage { size, pixels };
        let small = shown.to_8_bits();
        let light = LinearImage {
            size,
            pixels: shown
                .pixels
                .iter()
                .map(|pixel| pixel.map(|value| f32::from(value) / 65535.0))
                .collect(),
        };
        let mut results = vec![
            ("png", picture::write_png16(full, &shown)),
            ("png of 8 bits", picture::write_png8(full, size, &small)),
            ("exr", picture::write_exr(full, &light)),
            ("tiff", picture::write_tiff(full, &shown)),
            ("jpeg", picture::write_jpeg(full, &shown)),
        ];
        let folder = tempfile::tempdir().unwrap();
        let still = folder.path().join("still.png");
        picture::write_png8(&still, size, &small).unwrap();
        let indexed = folder.path().join("indexed.png");
        let indices: Vec<u8> = (0..size.pixel_count())
            .map(|index| noise(index).to_le_bytes()[0] % 64)
            .collect();
        let palette: Vec<[u8; 3]> = (0..64).map(|shade| [shade * 4, shade, 0]).collect();
        picture::write_indexed(&indexed, size, &palette, &indices).unwrap();
        let rate = FrameRate::from_fps(24);
        for (name, format, still) in [
            ("gif", AnimationFormat::Gif, &indexed),
            ("apng", AnimationFormat::Apng, &still),
        ] {
            let stills = [still.as_path(), still.as_path()];
            results.push((name, join_pictures(format, &stills, rate, full, |_| Ok(()))));
        }
        for (name, result) in results {
            let failure = JobFailure::from(result.unwrap_err());
            assert_eq!(failure.class, FailureClass::DiskFull, "{name}: {failure:?}");
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_a_missing_tool_and_a_lost_pipe_is_not() {
        let start = CallError::Start {
            program: "ffmpeg".into(),
            source: not_found(),
        };
        assert_eq!(start.to_string(), "start ffmpeg: entity not found");
        assert_eq!(JobFailure::from(start).class, FailureClass::MissingTool);
        let feed = CallError::Io {
            what: "feed",
            program: "ffmpeg".into(),
            source: not_found(),
        };
        assert_eq!(JobFailure::from(feed).class, FailureClass::MissingInput);
    }
}
