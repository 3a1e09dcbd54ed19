//! Compares measured facts with the expected ones. A failure names both.

use crate::base::have_equal_bytes;
use crate::media::film_probe::FilmReport;
use crate::media::video_probe::{self, VideoFacts};
use crate::media::{FfmpegTools, picture};
use crate::model::codec::{ContainerClock, ProbeCheck};
use crate::model::{Codec, FilmEncoding, FrameRate, OutputFormat, PixelSize};
use crate::process::CallOptions;
use crate::producers::contract::{FailureClass, JobFailure};
use rayon::prelude::*;
use std::fmt::Display;
use std::path::Path;

/// The most seconds at which the first frame of a film may be shown.
const MOST_START: f64 = 0.05;

/// What rounding two times to milliseconds may change in their difference, in seconds.
const MILLISECOND_ERROR: f64 = 0.001_5;

/// The share by which a rate may differ that the file has as the duration of a frame.
// A tenth of what 24 and 23.976 differ by.
const MOST_RATE_ERROR: f64 = 1e-4;

/// Returns the failure that names the expected and the actual value.
pub(in crate::producers) fn mismatch_failure(
    what: &str,
    expected: impl Display,
    actual: impl Display,
) -> JobFailure {
    JobFailure::new(
        FailureClass::BadOutput,
        format!("verify {what}: expected {expected}, found {actual}"),
    )
}

/// Returns how exactly the file of a film holds the times of its frames.
pub(in crate::producers) fn film_clock(format: &OutputFormat) -> ContainerClock {
    let container = format.container();
    container.map_or(ContainerClock::Ticks, |container| container.spec().clock)
}

/// Measures a video without decoding it: codec, profile, size, constant rate, frames and duration.
///
/// # Errors
/// Fails with the first fact that differs, or if the file cannot be read.
pub fn expect_video(
    tools: &FfmpegTools,
    path: &Path,
    format: &OutputFormat,
    film: &FilmEncoding,
    clock: ContainerClock,
    count: usize,
    watch: CallOptions<'_>,
) -> Result<VideoFacts, JobFailure> {
    let video = video_probe::probe_video(tools, path, watch)
        .map_err(|error| as_bad_output(error.into()))?;
    expect_stream(&video, format, film, clock, count)?;
    if clock == ContainerClock::Milliseconds {
        let times = video_probe::packet_times(tools, path, watch)
            .map_err(|error| as_bad_output(error.into()))?;
        expect_packet_times(&times, format.rate)?;
    }
    Ok(with_exact_duration(video, format, clock, count))
}

/// As [`expect_video`], for a film that was measured, and with the time of every frame.
///
/// # Errors
/// Fails with the first fact that differs.
pub(in crate::producers) fn expect_film(
    report: &FilmReport,
    format: &OutputFormat,
    film: &FilmEncoding,
    clock: ContainerClock,
    count: usize,
) -> Result<VideoFacts, JobFailure> {
    let video = report.video.clone();
    expect_stream(&video, format, film, clock, count)?;
    let mut times: Vec<f64> = report.packets.iter().filter_map(|one| one.time).collect();
    // Packets are listed in the order in which they are decoded.
    times.sort_by(f64::total_cmp);
    expect_packet_times(&times, format.rate)?;
    Ok(with_exact_duration(video, format, clock, count))
}

/// Compares everything but the times of frames.
fn expect_stream(
    video: &VideoFacts,
    format: &OutputFormat,
    film: &FilmEncoding,
    clock: ContainerClock,
    count: usize,
) -> Result<(), JobFailure> {
    expect_equal(
        "codec",
        format.codec.spec().probed_name,
        video.codec.as_str(),
    )?;
    let encoding = film.with_choice(&format.encoding);
    expect_variant(encoding.probe_check, video)?;
    // Without the tags, players guess the colour space by the size of the picture and show wrong
    // colours.
    let colours = encoding.colours(&format.encoding);
    expect_equal(
        "colour tags",
        colours.tags().as_str(),
        video.colours.as_str(),
    )?;
    // Values of RGB have one range only, which decoders leave out. FFV1 does not say its range, and
    // of its files Matroska alone does. Players take its YUV as limited, as it is.
    let is_ranged = colours.is_limited
        && (format.codec != Codec::Ffv1 || clock == ContainerClock::Milliseconds);
    if is_ranged {
        expect_equal("colour range", colours.range(), video.range.as_str())?;
    }
    expect_equal("size", format.size, video.size)?;
    expect_equal("frames", count, video.frames)?;
    // Times that are rounded to milliseconds give rate and duration with their error, so they are
    // compared one by one.
    if clock == ContainerClock::Milliseconds {
        return expect_near_rate(format.rate, video);
    }
    expect_rate(format.rate, count, video)?;
    let wanted = format.rate.duration_seconds(count);
    let frame = format.rate.duration_seconds(1);
    // Containers store durations in ticks, so they are not exact. A quarter of a frame is far above
    // their rounding, and a frame too many or too few is far above a quarter.
    if (video.duration - wanted).abs() > frame / 4.0 {
        return Err(mismatch_failure(
            "duration",
            format!("{wanted:.3} s"),
            format!("{:.3} s", video.duration),
        ));
    }
    Ok(())
}

/// Returns the facts with the duration by the times of all frames, where the container rounds it.
fn with_exact_duration(
    mut video: VideoFacts,
    format: &OutputFormat,
    clock: ContainerClock,
    count: usize,
) -> VideoFacts {
    if clock == ContainerClock::Milliseconds {
        video.duration = format.rate.duration_seconds(count);
    }
    video
}

fn expect_variant(check: ProbeCheck, video: &VideoFacts) -> Result<(), JobFailure> {
    match check {
        ProbeCheck::Profile(profile) => expect_equal("profile", profile, video.profile.as_str()),
        ProbeCheck::PixelFormat(format) => {
            expect_equal("pixel format", format, video.pixel_format.as_str())
        }
    }
}

fn expect_rate(wanted: FrameRate, count: usize, video: &VideoFacts) -> Result<(), JobFailure> {
    // A single frame has no rate of its own; its duration is compared instead. Both rates are
    // compared, because a film with one late frame still has the right nominal rate.
    if count > 1 {
        expect_equal("rate", wanted, video.rate)?;
        expect_equal("average rate", wanted, video.average_rate)?;
    }
    Ok(())
}

/// Fails if a frame is shown at another time than that of its number, to the millisecond. The times
/// are in order.
fn expect_packet_times(times: &[f64], rate: FrameRate) -> Result<(), JobFailure> {
    let first = times.first().copied().unwrap_or_default();
    // Sound whose encoder begins with silence moves the whole film by that, a few milliseconds, and
    // a stream begins with the frames by which decoding is ahead.
    let most = MOST_START.max(rate.duration_seconds(2) + MILLISECOND_ERROR);
    if !(0.0..=most).contains(&first) {
        return Err(mismatch_failure("start", "0 s", format!("{first:.3} s")));
    }
    for (index, time) in times.iter().enumerate() {
        let wanted = first + rate.duration_seconds(index);
        if (time - wanted).abs() > MILLISECOND_ERROR {
            return Err(mismatch_failure(
                &format!("time of frame {}", index + 1),
                format!("{wanted:.3} s"),
                format!("{time:.3} s"),
            ));
        }
    }
    Ok(())
}

/// Compares the rate that the file names.
fn expect_near_rate(wanted: FrameRate, video: &VideoFacts) -> Result<(), JobFailure> {
    let found = video.average_rate.as_f64();
    // The duration of a frame is a whole number of nanoseconds there.
    if (found / wanted.as_f64() - 1.0).abs() > MOST_RATE_ERROR {
        return Err(mismatch_failure("rate", wanted, video.average_rate));
    }
    Ok(())
}

pub(super) fn expect_equal<T: PartialEq + Display>(
    what: &str,
    expected: T,
    actual: T,
) -> Result<(), JobFailure> {
    if expected == actual {
        Ok(())
    } else {
        Err(mismatch_failure(what, expected, actual))
    }
}

/// Decodes pictures to their end and compares kind and size.
///
/// # Errors
/// Fails with the first picture, in order, that is missing, damaged, or of another kind or size.
pub fn expect_pictures<'a>(
    files: &[(&'a str, &'a Path)],
    kind: picture::PictureKind,
    size: PixelSize,
) -> Result<(), JobFailure> {
    // What stands still is the same file for many frames, and is decoded once. Another length tells
    // other files apart, so those of a moving picture are not read for this.
    let runs: Vec<_> = files
        .chunk_by(|(_, one), (_, next)| have_equal_bytes(one, next).unwrap_or(false))
        .filter_map(|run| run.first())
        .collect();
    // All results are collected before the first failure is taken. Stopping at once would report
    // the failure of the fastest thread, and the same damage would have a different message each
    // time.
    let checked: Vec<Result<(), JobFailure>> = runs
        .par_iter()
        .map(|(name, path)| expect_picture(name, path, kind, size))
        .collect();
    checked.into_iter().collect()
}

fn expect_picture(
    name: &str,
    path: &Path,
    kind: picture::PictureKind,
    size: PixelSize,
) -> Result<(), JobFailure> {
    let image_facts = picture::check_picture(path).map_err(|error| as_bad_output(error.into()))?;
    if image_facts.kind != kind {
        return Err(mismatch_failure(
            &format!("{name}, kind"),
            format!("{kind:?}"),
            format!("{:?}", image_facts.kind),
        ));
    }
    expect_equal(&format!("{name}, size"), size, image_facts.size)
}

pub(in crate::producers) fn as_bad_output(failure: JobFailure) -> JobFailure {
    // A file that cannot be read is a bad output. The classes that stay are about the machine or
    // the run: blaming the output would make a job run again that did nothing wrong.
    match failure.class {
        FailureClass::Cancelled
        | FailureClass::MissingTool
        | FailureClass::OutOfMemory
        | FailureClass::DiskFull
        | FailureClass::HostLost
        | FailureClass::Timeout => failure,
        _ => JobFailure {
            class: FailureClass::BadOutput,
            message: format!("verify: {}", failure.message),
            ..failure
        },
    }
}
