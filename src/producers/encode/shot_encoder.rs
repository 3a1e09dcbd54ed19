//! The encoding job: chooses the pictures, and writes them as a video segment or as numbered files.

use super::frame_source::FrameSource;
use super::{picture_sequence, video_segment};
use crate::media::FfmpegTools;
use crate::model::{CodecDelivery, InputSlot, JobAction, OutputFormat};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, ProducerOutput,
};

/// Encodes shots: video with ffmpeg, pictures without a tool.
#[derive(Debug, Clone)]
pub struct ShotEncoder {
    /// ffmpeg and ffprobe; `None` if they are not installed, which matters for video only.
    pub tools: Option<FfmpegTools>,
}

impl ShotEncoder {
    /// Encodes the pictures of slot `frames` into `segment.mp4` or `segment.mov`, or into numbered
    /// pictures.
    ///
    /// # Errors
    /// Fails if a picture is missing or damaged, if the size does not suit the codec, if ffmpeg
    /// fails or is missing, if an output cannot be written, or on a stop request.
    pub fn encode_shot(&self, context: &JobContext) -> Result<ProducerOutput, JobFailure> {
        let JobAction::Encode {
            format,
            source_rate,
            source_frames,
            count,
            trim,
        } = context.action
        else {
            return Err(JobFailure::new(
                FailureClass::Crash,
                "encode: this job is another kind of work",
            ));
        };
        let files = context.inputs.files_in(&InputSlot::frames());
        // Frames are chosen by their position in the shot. With one frame missing, every later
        // picture would show the wrong one.
        let used = trim.used(files, *source_frames);
        let Some(inputs) = used.filter(|inputs| !inputs.is_empty()) else {
            let message = format!(
                "encode a shot of {source_frames} frames: the inputs have {}",
                files.len().saturating_sub(trim.head + trim.tail)
            );
            return Err(JobFailure::new(FailureClass::MissingInput, message));
        };
        expect_even_size(format)?;
        let source =
            FrameSource::select_frames(format, *source_rate, inputs, *count, context.watch.cancel)?;
        let (outputs, provider) = match &format.codec.spec().delivery {
            CodecDelivery::Sequence(pictures) => (
                picture_sequence::write_pictures(&source, *pictures, context)?,
                "encode (built in)".to_owned(),
            ),
            CodecDelivery::Film(film) => {
                let tools = require_ffmpeg(self.tools.as_ref())?;
                (
                    vec![video_segment::write_segment(tools, &source, film, context)?],
                    video_segment::encoder_identity(tools, film, context.watch)?,
                )
            }
        };
        Ok(ProducerOutput {
            outputs,
            provider,
            mode: ExecutionMode::Real,
            warnings: Vec::new(),
        })
    }
}

/// Fails if the codec needs another size, and names the next one that suits.
fn expect_even_size(format: &OutputFormat) -> Result<(), JobFailure> {
    // Codecs that store colour at half resolution need even sides. ffmpeg would refuse too, but
    // without naming a size that works.
    let size = format.size;
    let spec = format.codec.spec();
    let even = spec.size_grid.next_size(size);
    if even == size {
        return Ok(());
    }
    let message = format!(
        "encode {size} as {}: its sides must be even; use {even}",
        spec.id
    );
    Err(JobFailure::new(FailureClass::BadOutput, message))
}

/// Returns the tools, or the failure with how to install them.
pub(in crate::producers) fn require_ffmpeg(
    tools: Option<&FfmpegTools>,
) -> Result<&FfmpegTools, JobFailure> {
    let missing = crate::media::ffmpeg::ToolError::Missing {
        tool: "ffmpeg",
        tried: "the search path".to_owned(),
    };
    tools.ok_or_else(|| missing.into())
}
