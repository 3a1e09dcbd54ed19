//! The encoding job: picks the pictures, and hands them to the video or the picture side.

use super::frame_source::FrameSource;
use super::{picture_sequence, video_segment};
use crate::media::FfmpegTools;
use crate::media::ffmpeg::codec;
use crate::model::{InputSlot, JobAction, PixelSize};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, ProducerOutput,
};

/// Encodes shots; video with ffmpeg, pictures without any tool.
#[derive(Debug, Clone)]
pub struct ShotEncoder {
    /// ffmpeg and ffprobe; `None` when they are not installed, which only video notices.
    pub tools: Option<FfmpegTools>,
}

impl ShotEncoder {
    /// Encodes the pictures of slot `frames` into `segment.mp4` or `segment.mov`, or into numbered pictures.
    ///
    /// # Errors
    /// Fails when a picture is missing or damaged, the size does not suit the codec, ffmpeg fails or is missing, an
    /// output cannot be written, or on a stop request.
    pub fn encode_shot(&self, context: &JobContext) -> Result<ProducerOutput, JobFailure> {
        let JobAction::Encode {
            format,
            source_rate,
            source_frames,
            count,
        } = context.action
        else {
            return Err(JobFailure::new(
                FailureClass::Crash,
                "encode: this job is another kind of work",
            ));
        };
        let inputs = context.inputs.files_in(&InputSlot::new("frames"));
        if inputs.len() != *source_frames || inputs.is_empty() {
            let message = format!(
                "encode a shot of {source_frames} frames: {} came in",
                inputs.len()
            );
            return Err(JobFailure::new(FailureClass::MissingInput, message));
        }
        if let Some(problem) = codec::size_problem(format.codec, final_size(format)) {
            return Err(JobFailure::new(FailureClass::BadOutput, problem));
        }
        let source =
            FrameSource::select_frames(format, *source_rate, inputs, *count, context.watch.cancel)?;
        let (outputs, provider) = if format.codec.is_sequence() {
            (
                picture_sequence::write_pictures(&source, context)?,
                "encode (built in)".to_owned(),
            )
        } else {
            let tools = require_ffmpeg(self.tools.as_ref())?;
            (
                vec![video_segment::write_segment(tools, &source, context)?],
                video_segment::encoder_identity(tools, format, context.watch)?,
            )
        };
        Ok(ProducerOutput {
            outputs,
            provider,
            mode: ExecutionMode::Real,
            warnings: Vec::new(),
        })
    }
}

/// Returns the tools, or the failure that says how to install them.
pub(in crate::producers) fn require_ffmpeg(
    tools: Option<&FfmpegTools>,
) -> Result<&FfmpegTools, JobFailure> {
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
