//! The video side: frames are read ahead on their own thread and fed to ffmpeg, which encodes meanwhile.

use super::frame_source::FrameSource;
use crate::media::FfmpegTools;
use crate::media::ffmpeg::FilmStream;
use crate::model::FilmEncoding;
use crate::process::CallOptions;
use crate::producers::contract::{FailureClass, JobContext, JobFailure, OutputFile};
use rayon::prelude::*;
use std::sync::mpsc;

/// How many encoded frames may wait; enough to never starve ffmpeg, few enough to fit 4K in memory.
const READ_AHEAD_FRAMES: usize = 4;

/// Encodes all pictures into one segment.
pub(super) fn write_segment(
    tools: &FfmpegTools,
    source: &FrameSource,
    film: &FilmEncoding,
    context: &JobContext,
) -> Result<OutputFile, JobFailure> {
    let format = source.format();
    let name = format!("segment.{}", format.codec.extension());
    let path = context.scratch.join(&name);
    let stream = FilmStream {
        encoding: film,
        size: source.output_size(),
        rate: format.rate,
    };
    let (sender, receiver) =
        mpsc::sync_channel::<Result<(Vec<u8>, usize), JobFailure>>(READ_AHEAD_FRAMES);
    std::thread::scope(|scope| {
        scope.spawn(move || read_ahead(source, &sender));
        let mut frames = RepeatedFrames::new(receiver);
        let mut fed = 0;
        tools.encode(stream, &path, context.watch, || {
            let next = frames.next_frame()?;
            if next.is_some() {
                fed += 1;
                (context.progress)(fed, source.picture_count());
            }
            Ok::<_, JobFailure>(next)
        })
    })?;
    Ok(OutputFile { name, path })
}

/// Returns who encoded, for the record.
pub(super) fn encoder_identity(
    tools: &FfmpegTools,
    film: &FilmEncoding,
    watch: CallOptions<'_>,
) -> Result<String, JobFailure> {
    Ok(format!("ffmpeg {} {}", tools.version(watch)?, film.encoder))
}

/// Reads frames a few at a time on all cores and hands them on in order, until the other side hangs up.
fn read_ahead(
    source: &FrameSource,
    sender: &mpsc::SyncSender<Result<(Vec<u8>, usize), JobFailure>>,
) {
    for batch in source.distinct_frames().chunks(READ_AHEAD_FRAMES) {
        let raw = |pick: &usize| {
            Ok((
                raw_frame(source, *pick)?,
                source.pictures_showing(*pick).len(),
            ))
        };
        let frames: Vec<Result<(Vec<u8>, usize), JobFailure>> = batch.par_iter().map(raw).collect();
        for frame in frames {
            if sender.send(frame).is_err() {
                return;
            }
        }
    }
}

/// Returns a frame as ffmpeg's `rgb48le`.
fn raw_frame(source: &FrameSource, pick: usize) -> Result<Vec<u8>, JobFailure> {
    let shown = source.prepare_frame(pick)?.into_display_image();
    if shown.size != source.output_size() {
        return Err(JobFailure::new(
            FailureClass::BadOutput,
            format!("encode: a frame is {}", shown.size),
        ));
    }
    let values: Vec<u16> = shown
        .pixels
        .as_flattened()
        .iter()
        .map(|value| value.to_le())
        .collect();
    Ok(bytemuck::cast_slice(&values).to_vec())
}

/// Yields each frame as often as it is shown.
struct RepeatedFrames {
    receiver: mpsc::Receiver<Result<(Vec<u8>, usize), JobFailure>>,
    frame: Vec<u8>,
    repeats_left: usize,
}

impl RepeatedFrames {
    const fn new(receiver: mpsc::Receiver<Result<(Vec<u8>, usize), JobFailure>>) -> Self {
        Self {
            receiver,
            frame: Vec::new(),
            repeats_left: 0,
        }
    }

    fn next_frame(&mut self) -> Result<Option<Vec<u8>>, JobFailure> {
        if self.repeats_left == 0 {
            let Ok(frame) = self.receiver.recv() else {
                return Ok(None);
            };
            (self.frame, self.repeats_left) = frame?;
        }
        self.repeats_left -= 1;
        // The last showing gives the bytes away; a copy is only made for a repeat.
        Ok(Some(if self.repeats_left == 0 {
            std::mem::take(&mut self.frame)
        } else {
            self.frame.clone()
        }))
    }
}
