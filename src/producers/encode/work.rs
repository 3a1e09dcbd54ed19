//! The encoding job: picks the pictures, and hands them to the video or the picture side.

use super::source::Source;
use super::{pictures, segment};
use crate::media::FfmpegTools;
use crate::media::ffmpeg::codec;
use crate::model::{InputSlot, JobAction, PixelSize};
use crate::producers::task::{Assignment, ExecutionMode, Failure, FailureClass, Finished};

/// Encodes shots; video with ffmpeg, pictures without any tool.
#[derive(Debug, Clone)]
pub struct Encode {
    /// ffmpeg and ffprobe; `None` when they are not installed, which only video notices.
    pub tools: Option<FfmpegTools>,
}

impl Encode {
    /// Encodes the pictures of slot `frames` into `segment.mp4` or `segment.mov`, or into numbered pictures.
    ///
    /// # Errors
    /// Fails when a picture is missing or damaged, the size does not suit the codec, ffmpeg fails or is missing, an
    /// output cannot be written, or on a stop request.
    pub fn perform(&self, assignment: &Assignment) -> Result<Finished, Failure> {
        let JobAction::Encode {
            format,
            source_rate,
            source_frames,
            count,
        } = assignment.work
        else {
            return Err(Failure::new(
                FailureClass::Crash,
                "encode: this job is another kind of work",
            ));
        };
        let materials = assignment.materials.files_in(&InputSlot::new("frames"));
        if materials.len() != *source_frames || materials.is_empty() {
            let message = format!(
                "encode a shot of {source_frames} frames: {} came in",
                materials.len()
            );
            return Err(Failure::new(FailureClass::MissingInput, message));
        }
        if let Some(problem) = codec::size_problem(format.codec, final_size(format)) {
            return Err(Failure::new(FailureClass::BadOutput, problem));
        }
        let source = Source::of(
            format,
            *source_rate,
            materials,
            *count,
            assignment.watch.cancel,
        )?;
        let (outputs, provider) = if format.codec.is_sequence() {
            (
                pictures::write(&source, assignment)?,
                "encode (built in)".to_owned(),
            )
        } else {
            let tools = require(self.tools.as_ref())?;
            (
                vec![segment::write(tools, &source, assignment)?],
                segment::provider(tools, format, assignment.watch)?,
            )
        };
        Ok(Finished {
            outputs,
            provider,
            mode: ExecutionMode::Real,
            warnings: Vec::new(),
        })
    }
}

/// Returns the tools, or the failure that says how to install them.
pub(in crate::producers) fn require(tools: Option<&FfmpegTools>) -> Result<&FfmpegTools, Failure> {
    let missing = crate::media::ffmpeg::ToolError::Missing {
        tool: "ffmpeg",
        tried: "the search path".to_owned(),
    };
    tools.ok_or_else(|| missing.into())
}

/// Returns the size of the finished pictures: a retro treatment brings its own.
#[must_use]
pub(in crate::producers) fn final_size(format: &crate::model::OutputFormat) -> PixelSize {
    format
        .retro
        .as_ref()
        .map_or(format.size, |retro| retro.size)
}
