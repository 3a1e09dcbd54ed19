//! Video segments: a thread of their own reads frames ahead and prepares them, while ffmpeg
//! encodes.

use super::frame_cache::FrameWait;
use super::frame_source::FrameSource;
use super::segment_facts::SegmentFacts;
use crate::media::ffmpeg::FilmStream;
use crate::media::grey_film::{GreyFilm, grey_sample};
use crate::media::picture::DisplayImage;
use crate::media::video_probe::PictureSums;
use crate::media::{FfmpegTools, film_probe, video_probe};
use crate::model::codec::ContainerClock;
use crate::model::{FilmEncoding, PixelSize};
use crate::process::CallOptions;
use crate::producers::contract::{FailureClass, JobContext, JobFailure, OutputFile};
use crate::producers::output_check::unreadable_output;
use crate::producers::verify::{as_bad_output, expect_film};
use std::path::Path;
use std::sync::mpsc;

/// The most frames that wait for ffmpeg: enough that it never waits, few enough that 4K frames fit
/// in memory.
const READ_AHEAD_FRAMES: usize = 4;

/// Encodes all pictures into one segment. Returns it and its facts.
pub(super) fn write_segment(
    tools: &FfmpegTools,
    source: &FrameSource,
    film: &FilmEncoding,
    context: &JobContext,
) -> Result<Vec<OutputFile>, JobFailure> {
    let name = format!("segment.{}", film.segment_extension);
    let path = context.scratch.join(&name);
    // Small grey pictures of what went in are compared with those of the film that came out.
    let wanted = feed_encoder(tools, source, film, &path, context)?;
    let found = expect_same_film(tools, &path, source.output_size(), &wanted, context.watch)?;
    let report = film_probe::probe_film(tools, &path, context.watch)
        .map_err(|error| as_bad_output(error.into()))?;
    let clock = ContainerClock::Ticks;
    expect_film(
        &report,
        source.format(),
        film,
        clock,
        source.picture_count(),
    )?;
    let facts = SegmentFacts::new(&path, &report, PictureSums::of_film(&found));
    // Without an order of its packets, the segment could not be compared with the film that it is
    // joined into.
    let facts = facts.ok_or_else(|| unreadable_output(&path, &"its packets have no order"))?;
    let facts = facts.write_into(context.scratch)?;
    Ok(vec![OutputFile { name, path }, facts])
}

/// Encodes all pictures into one file, and returns small pictures of what was fed.
pub(super) fn feed_encoder(
    tools: &FfmpegTools,
    source: &FrameSource,
    film: &FilmEncoding,
    path: &Path,
    context: &JobContext,
) -> Result<GreyFilm, JobFailure> {
    let format = source.format();
    let picks = source.distinct_frames();
    // A frame that is shown several times goes through the pipe once, and a filter of ffmpeg
    // repeats it.
    let repeats: Vec<usize> = picks
        .iter()
        .map(|pick| source.pictures_showing(*pick).len())
        .collect();
    let stream = FilmStream {
        encoding: film,
        choice: &format.encoding,
        size: source.output_size(),
        rate: format.rate,
        repeats: &repeats,
    };
    // The channel is bounded. Frames may be read faster than they are encoded, and an unbounded
    // queue would hold the whole shot: a 4K frame is 50 MB.
    let (sender, receiver) = mpsc::sync_channel::<Result<RawFrame, JobFailure>>(READ_AHEAD_FRAMES);
    let mut wanted = GreyFilm::for_pictures_of(source.output_size());
    // The scope joins the reader also when ffmpeg fails. The reader ends then, because its channel
    // is closed.
    std::thread::scope(|scope| {
        let picks = &picks;
        scope.spawn(move || read_ahead(source, picks, &sender));
        let mut frames = repeats.iter().zip(receiver);
        let mut fed = 0;
        tools.encode(stream, path, context.watch, || {
            // A closed channel is the end of the shot. Errors of the reader arrive through the
            // channel, so none is taken for the end.
            let Some((repeat, frame)) = frames.next() else {
                return Ok(None);
            };
            let frame = frame?;
            fed += repeat;
            // The film that comes back has the repeats, so the comparison needs them too.
            (0..*repeat).for_each(|_| wanted.push_values(&frame.sample));
            (context.progress)(fed, source.picture_count());
            Ok::<_, JobFailure>(Some(frame.bytes))
        })
    })?;
    Ok(wanted)
}

/// Decodes the film and compares it with small pictures of what was fed to the encoder. Returns
/// what was decoded.
fn expect_same_film(
    tools: &FfmpegTools,
    path: &Path,
    size: PixelSize,
    wanted: &GreyFilm,
    watch: CallOptions<'_>,
) -> Result<GreyFilm, JobFailure> {
    // An encoder that ends with 0 and leaves a film of the right length may still have written
    // something else: broken drivers write black. It is looked at here, where the frames are.
    let found = video_probe::decode_grey_film(tools, path, size, watch)
        .map_err(|error| as_bad_output(error.into()))?;
    match found.difference_from(wanted) {
        None => Ok(found),
        Some(difference) => Err(JobFailure::new(
            FailureClass::BadOutput,
            format!("verify the encoded film: {difference}"),
        )),
    }
}

/// A frame as ffmpeg takes it.
struct RawFrame {
    /// In `gbrp16le`.
    bytes: Vec<u8>,
    /// Its small grey picture.
    sample: Vec<u8>,
}

/// Returns ffmpeg with its version and encoder, for the provenance.
pub(super) fn encoder_identity(
    tools: &FfmpegTools,
    film: &FilmEncoding,
    watch: CallOptions<'_>,
) -> Result<String, JobFailure> {
    // The encoder is named as well: ffmpeg has several for one codec, and each writes other bytes.
    Ok(format!("ffmpeg {} {}", tools.version(watch)?, film.encoder))
}

/// Reads frames on all cores and sends them in order, until the receiver is gone.
fn read_ahead(
    source: &FrameSource,
    picks: &[usize],
    sender: &mpsc::SyncSender<Result<RawFrame, JobFailure>>,
) {
    // Batches keep the order without a reordering buffer.
    for batch in picks.chunks(READ_AHEAD_FRAMES) {
        let frames = raw_frames(source, batch);
        for frame in frames {
            if sender.send(frame).is_err() {
                // The receiver is gone: ffmpeg has failed or was stopped, and its error is the one
                // to report.
                return;
            }
        }
    }
}

/// Prepares the frames of a batch, in order.
fn raw_frames(source: &FrameSource, batch: &[usize]) -> Vec<Result<RawFrame, JobFailure>> {
    // Threads of their own and none of the pool: they may wait for the encode of another output
    // that is at the same frame.
    std::thread::scope(|scope| {
        let threads: Vec<_> = batch
            .iter()
            .map(|pick| scope.spawn(|| raw_frame(source, *pick)))
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread.join().unwrap_or_else(|_| {
                    let message = "encode: a thread that reads frames panicked";
                    Err(JobFailure::new(FailureClass::Crash, message))
                })
            })
            .collect()
    })
}

fn raw_frame(source: &FrameSource, pick: usize) -> Result<RawFrame, JobFailure> {
    let prepared = source.prepare_frame(pick, FrameWait::Allowed)?;
    let shown = prepared.display_image();
    // ffmpeg reads frames by their size alone, so one wrong frame would shift all bytes behind it.
    if shown.size != source.output_size() {
        return Err(JobFailure::new(
            FailureClass::BadOutput,
            format!(
                "encode: a frame is {} and not {}",
                shown.size,
                source.output_size()
            ),
        ));
    }
    let sample_size = GreyFilm::for_pictures_of(shown.size).sample_size();
    Ok(RawFrame {
        bytes: planes_of(&shown),
        sample: grey_sample(&shown, sample_size),
    })
}

/// Returns the planes of green, blue and red, one behind the other, as `gbrp16le` wants them.
fn planes_of(image: &DisplayImage) -> Vec<u8> {
    let plane_size = image.pixels.len() * size_of::<u16>();
    let mut bytes = vec![0; plane_size * 3];
    // `chunks_exact_mut` panics at 0, which a picture without pixels would give.
    let planes = bytes.chunks_exact_mut(plane_size.max(1));
    // ffmpeg's planar format has the order green, blue, red.
    for (plane, channel) in planes.zip([1, 2, 0]) {
        let values = plane.chunks_exact_mut(size_of::<u16>());
        for (value, pixel) in values.zip(&image.pixels) {
            // The format is little-endian by name, so the bytes are the same on every machine.
            value.copy_from_slice(&pixel[channel].to_le_bytes());
        }
    }
    bytes
}
