//! The encoding job: chooses the pictures, and writes them as a video segment or as numbered files.

use super::frame_cache::FrameCache;
use super::frame_source::{FrameSource, SourceFrames};
use super::{picture_sequence, video_segment, webp_stills};
use crate::captions::CaptionCue;
use crate::lettering::{FramePainter, LetteringError, TypefaceFile};
use crate::media::{FfmpegTools, hdr_tone};
use crate::model::codec::SequenceFormat;
use crate::model::cut::ScreenColour;
use crate::model::titles::{BlockLine, FrameOverlay, OverlayContent, TextBlock, font_slots};
use crate::model::{CodecDelivery, InputSlot, JobAction, OutputFormat};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, OutputFile, ProducerOutput,
};
use crate::producers::cut::read_cues;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Encodes shots: video with ffmpeg, pictures without a tool.
#[derive(Debug, Clone)]
pub struct ShotEncoder {
    /// ffmpeg and ffprobe; `None` if they are not installed, which matters for video only.
    pub tools: Option<FfmpegTools>,
}

impl ShotEncoder {
    /// Encodes the pictures of slot `frames` into `segment.mp4` or `segment.mov` with its facts, or
    /// into numbered pictures, also those of which an animation is joined.
    ///
    /// # Errors
    /// Fails if a picture is missing or damaged, if the size does not suit the codec, if ffmpeg
    /// fails or is missing, if an output cannot be written, or on a stop request.
    pub fn encode_shot(&self, context: &JobContext) -> Result<ProducerOutput, JobFailure> {
        // Nothing is cached for other encodes.
        self.encode_with(&FrameCache::new(0), context)
    }

    /// As [`Self::encode_shot`], with frames that encodes for other outputs have read.
    pub(in crate::producers) fn encode_with(
        &self,
        cache: &FrameCache,
        context: &JobContext,
    ) -> Result<ProducerOutput, JobFailure> {
        let JobAction::Encode {
            format,
            source_rate,
            source_frames,
            count,
            overlays,
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
        let used = match is_card(overlays) {
            true => Some(files).filter(|files| files.is_empty() && *source_frames > 0),
            false => trim
                .used(files, *source_frames)
                .filter(|inputs| !inputs.is_empty()),
        };
        let Some(inputs) = used else {
            let message = format!(
                "encode a shot of {source_frames} frames: the inputs have {}",
                files.len().saturating_sub(trim.head + trim.tail)
            );
            return Err(JobFailure::new(FailureClass::MissingInput, message));
        };
        expect_even_size(format)?;
        let frames = SourceFrames {
            inputs,
            count: *source_frames,
            rate: *source_rate,
            painter: prepare_painter(format, overlays, context)?,
        };
        let cancel = context.watch.cancel;
        let source = FrameSource::select_frames(format, frames, *count, cache, cancel)?;
        // The provider is that of the writer: pictures need no ffmpeg, whose version would encode
        // them again.
        let (outputs, provider) = self.write_frames(&source, context)?;
        Ok(ProducerOutput {
            outputs,
            provider,
            mode: ExecutionMode::Real,
            warnings: Vec::new(),
        })
    }

    /// Writes the frames as the codec has them. Returns the files, and what wrote them.
    fn write_frames(
        &self,
        source: &FrameSource<'_>,
        context: &JobContext,
    ) -> Result<(Vec<OutputFile>, String), JobFailure> {
        let pictures = |format| {
            let written = picture_sequence::write_pictures(source, format, context)?;
            Ok((written, "encode (built in)".to_owned()))
        };
        match &source.format().codec.spec().delivery {
            CodecDelivery::Sequence(format) => pictures(*format),
            // Without loss, since the sheet or poster that is made of it is compressed once more.
            CodecDelivery::Still(_) => pictures(SequenceFormat::Png),
            CodecDelivery::Stream(_) => {
                let message = "encode: a stream is encoded as its renditions";
                Err(JobFailure::new(FailureClass::Crash, message))
            }
            CodecDelivery::Animation(animation) => match &animation.still_encoding {
                // Indexed where the pictures have a palette, else 8 bits a channel.
                None => pictures(SequenceFormat::Png),
                Some(stills) => {
                    let tools = require_ffmpeg(self.tools.as_ref())?;
                    let written = webp_stills::write_stills(tools, source, stills, context)?;
                    let encoder = video_segment::encoder_identity(tools, stills, context.watch)?;
                    Ok((written, encoder))
                }
            },
            CodecDelivery::Film(film) => {
                let tools = require_ffmpeg(self.tools.as_ref())?;
                let segment = video_segment::write_segment(tools, source, film, context)?;
                let encoder = video_segment::encoder_identity(tools, film, context.watch)?;
                Ok((segment, encoder))
            }
        }
    }
}

/// Returns whether a colour stands for the frames.
fn is_card(overlays: &[FrameOverlay]) -> bool {
    // The backdrop is painted before everything else, so it is the first.
    let first = overlays.first().map(|overlay| &overlay.content);
    matches!(first, Some(OverlayContent::Backdrop(_)))
}

/// Lays out what is drawn over the frames, with the fonts among the inputs.
fn prepare_painter(
    format: &OutputFormat,
    overlays: &[FrameOverlay],
    context: &JobContext,
) -> Result<FramePainter, JobFailure> {
    let mut files = BTreeMap::new();
    for slot in font_slots(overlays) {
        // A font that is missing is reported by the painter, with its name.
        let Some(input) = context.inputs.single_file(&InputSlot::font(slot)) else {
            continue;
        };
        let bytes = std::fs::read(&input.path)
            .map_err(|error| JobFailure::from_io_error("read a font", &error))?;
        let file = TypefaceFile {
            name: input.name.clone(),
            bytes: bytes.into(),
        };
        files.insert(slot, file);
    }
    let overlays = with_captions(overlays, context)?;
    // On a screen of high range, the white of letters is reference white, and not the peak.
    let overlays: Cow<'_, [FrameOverlay]> = match format.encoding.hdr {
        None => overlays,
        Some(transfer) => {
            let signals = |colour: ScreenColour| {
                let signals = hdr_tone::colour_signals(transfer, colour.0);
                // Half of a step of 8 bits is 1 % of the light, which no eye sees of a letter.
                ScreenColour(signals.map(|signal| signal.to_be_bytes()[0]))
            };
            let shown = overlays.iter().map(|overlay| overlay.with_colours(signals));
            shown.collect()
        }
    };
    // Soft edges have colours between those of a palette of few.
    let is_hard = format.retro.is_some();
    FramePainter::new(&overlays, &files, format.size, is_hard).map_err(|error| {
        let class = match error {
            LetteringError::UnreadableFont(_) | LetteringError::DamagedFont(_) => {
                FailureClass::BadOutput
            }
            LetteringError::UnknownFont(_) | LetteringError::MissingFile(_) => {
                FailureClass::MissingInput
            }
        };
        JobFailure::new(class, error.to_string())
    })
}

/// Puts a text in the place of each caption.
fn with_captions<'a>(
    overlays: &'a [FrameOverlay],
    context: &JobContext,
) -> Result<Cow<'a, [FrameOverlay]>, JobFailure> {
    let is_caption =
        |overlay: &FrameOverlay| matches!(overlay.content, OverlayContent::Captions(_));
    // Most segments have no captions, and their overlays are borrowed and not copied.
    if !overlays.iter().any(is_caption) {
        return Ok(overlays.into());
    }
    let cues = read_cues(context.inputs)?;
    let mut shown = Vec::new();
    for overlay in overlays {
        match &overlay.content {
            OverlayContent::Captions(look) => {
                shown.extend(cues.iter().map(|cue| caption_text(look, cue)));
            }
            _ => shown.push(overlay.clone()),
        }
    }
    Ok(shown.into())
}

fn caption_text(look: &TextBlock, cue: &CaptionCue) -> FrameOverlay {
    // The first line of the look says how each line of a caption is set.
    let lines = look.lines.first().into_iter();
    let lines = lines.flat_map(|line| {
        let texts = cue.lines.iter().cloned();
        texts.map(|text| BlockLine {
            text,
            ..line.clone()
        })
    });
    FrameOverlay {
        // A segment has far fewer frames.
        begin: i64::try_from(cue.start).unwrap_or(i64::MAX),
        length: cue.end.saturating_sub(cue.start),
        content: OverlayContent::Text(TextBlock {
            lines: lines.collect(),
            ..look.clone()
        }),
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
    // The same error as that of a start that fails, so the user reads one text for one cause.
    let missing = crate::media::ffmpeg::ToolError::Missing {
        tool: "ffmpeg",
        tried: "the search path".to_owned(),
    };
    tools.ok_or_else(|| missing.into())
}
