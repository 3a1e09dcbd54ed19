//! The video side: frames are read ahead on their own thread and fed to ffmpeg, which encodes meanwhile.

use super::source::Source;
use crate::media::FfmpegTools;
use crate::media::ffmpeg::codec;
use crate::model::OutputFormat;
use crate::process::CallOptions;
use crate::producers::task::{Assignment, Failure, FailureClass, Produced};
use rayon::prelude::*;
use std::sync::mpsc;

/// How many encoded frames may wait; enough to never starve ffmpeg, few enough to fit 4K in memory.
const AHEAD: usize = 4;

/// Encodes all pictures into one segment.
pub(super) fn write(
    tools: &FfmpegTools,
    source: &Source,
    assignment: &Assignment,
) -> Result<Produced, Failure> {
    let format = source.format();
    let name = format!("segment.{}", format.codec.extension());
    let path = assignment.scratch.join(&name);
    let what = (format.codec, source.size(), format.rate);
    let (give, take) = mpsc::sync_channel::<Result<(Vec<u8>, usize), Failure>>(AHEAD);
    std::thread::scope(|scope| {
        scope.spawn(move || read_ahead(source, &give));
        let mut frames = Repeats::new(take);
        let mut fed = 0;
        tools.encode(what, &path, assignment.watch, || {
            let next = frames.next()?;
            if next.is_some() {
                fed += 1;
                (assignment.progress)(fed, source.len());
            }
            Ok::<_, Failure>(next)
        })
    })?;
    Ok(Produced { name, path })
}

/// Returns who encoded, for the record.
pub(super) fn provider(
    tools: &FfmpegTools,
    format: &OutputFormat,
    watch: CallOptions<'_>,
) -> Result<String, Failure> {
    let encoder = codec::encoder_name(format.codec).unwrap_or_default();
    Ok(format!("ffmpeg {} {encoder}", tools.version(watch)?))
}

/// Reads frames a few at a time on all cores and hands them on in order, until the other side hangs up.
fn read_ahead(source: &Source, give: &mpsc::SyncSender<Result<(Vec<u8>, usize), Failure>>) {
    for few in source.distinct().chunks(AHEAD) {
        let raw = |pick: &usize| Ok((raw_frame(source, *pick)?, source.shown_by(*pick).len()));
        let frames: Vec<Result<(Vec<u8>, usize), Failure>> = few.par_iter().map(raw).collect();
        for frame in frames {
            if give.send(frame).is_err() {
                return;
            }
        }
    }
}

/// Returns a frame as ffmpeg's `rgb48le`.
fn raw_frame(source: &Source, pick: usize) -> Result<Vec<u8>, Failure> {
    let shown = source.ready(pick)?.into_shown();
    if shown.size != source.size() {
        return Err(Failure::new(
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
struct Repeats {
    take: mpsc::Receiver<Result<(Vec<u8>, usize), Failure>>,
    frame: Vec<u8>,
    left: usize,
}

impl Repeats {
    const fn new(take: mpsc::Receiver<Result<(Vec<u8>, usize), Failure>>) -> Self {
        Self {
            take,
            frame: Vec::new(),
            left: 0,
        }
    }

    fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        if self.left == 0 {
            let Ok(frame) = self.take.recv() else {
                return Ok(None);
            };
            (self.frame, self.left) = frame?;
        }
        self.left -= 1;
        // The last showing gives the bytes away; a copy is only made for a repeat.
        Ok(Some(if self.left == 0 {
            std::mem::take(&mut self.frame)
        } else {
            self.frame.clone()
        }))
    }
}
