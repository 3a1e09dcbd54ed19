//! Checks that the producers share. Checks of one kind of work are in its producer.
//!
//! An exit code is never enough. Every expected file must be there, decode to its end, and have the
//! right size, count and rate before the job has succeeded. Pictures are decoded in full, because a
//! header survives a full disk and its pixels do not. At 960x540 that costs 6 to 8 ms a frame on
//! one core, against seconds of rendering.

use super::contract::{FailureClass, JobFailure, OutputFile};
use super::encode::{SEGMENT_FACTS_FILE, SegmentFacts, picture_name};
use super::verify::{expect_animation, expect_pictures, mismatch_failure};
use crate::media::hls_playlist::RenditionPlaylist;
use crate::media::{animation, picture};
use crate::model::codec::AnimationFormat;
use crate::model::{Codec, CodecDelivery, FrameList, OutputFormat, PixelSize};
use std::path::Path;

/// Returns the file name of one frame, such as `0001.exr` or `-005.exr`.
#[must_use]
pub fn frame_name(frame: i32, extension: &str) -> String {
    // The sign is one of the four characters, as for printf, fileseq and Nuke. They find `-005` by
    // `%04d` and `####`, and would take `-0005` for a frame of another sequence.
    format!("{frame:04}.{extension}")
}

pub(super) fn frame_names(frames: &FrameList, extension: &str) -> Vec<String> {
    frames
        .iter()
        .map(|frame| frame_name(frame, extension))
        .collect()
}

/// The playlist of a stream that players open.
pub(super) const MAIN_PLAYLIST: &str = "main.m3u8";

/// The name, without extension, of the sound of a stream.
pub(super) const SOUND_STEM: &str = "sound";

/// Returns the expected file names of an encoded shot, in order.
pub(super) fn segment_names(codec: Codec, count: usize) -> Vec<String> {
    match codec.film_encoding() {
        Some(film) => vec![
            format!("segment.{}", film.segment_extension),
            SEGMENT_FACTS_FILE.to_owned(),
        ],
        None => (0..count).map(|index| picture_name(codec, index)).collect(),
    }
}

/// Returns the expected file names of a joined deliverable, in order.
#[must_use]
pub fn film_names(format: &OutputFormat, has_sound: bool, count: usize) -> Vec<String> {
    if format.codec.stream_format().is_some() {
        let stems = format.encoding.renditions.iter().map(ToString::to_string);
        let sound = has_sound.then(|| SOUND_STEM.to_owned());
        let files = stems
            .chain(sound)
            .flat_map(|stem| ["m3u8", "mp4"].map(|extension| format!("{stem}.{extension}")));
        return std::iter::once(MAIN_PLAYLIST.to_owned())
            .chain(files)
            .collect();
    }
    if format.codec.is_sequence() {
        let names = 0..count;
        names
            .map(|index| picture_name(format.codec, index))
            .collect()
    } else {
        vec![format!("film.{}", format.extension())]
    }
}

/// Compares the names of the outputs with the expected names, in order.
///
/// # Errors
/// Fails with the first file that is missing, unexpected or out of order.
pub(super) fn expect_names(expected: &[String], outputs: &[OutputFile]) -> Result<(), JobFailure> {
    let bad = |message: String| Err(JobFailure::new(FailureClass::BadOutput, message));
    // Missing and unexpected files are looked for before the order is compared. A comparison place
    // by place would report the file after the missing one, which is there.
    if let Some(missing) = expected
        .iter()
        .find(|name| outputs.iter().all(|output| output.name != **name))
    {
        let count = outputs.len();
        return bad(format!(
            "make {missing}: it is not among the {count} files made, {} were expected",
            expected.len()
        ));
    }
    if let Some(surplus) = outputs
        .iter()
        .find(|output| !expected.contains(&output.name))
    {
        return bad(format!(
            "make the expected files: {} is not one of them",
            surplus.name
        ));
    }
    if !outputs.iter().map(|output| &output.name).eq(expected) {
        return bad(
            "make the files in order: the expected names are in another order, or repeated"
                .to_owned(),
        );
    }
    Ok(())
}

/// Returns the failure of an output that cannot be read back.
pub(super) fn unreadable_output(path: &Path, error: &dyn std::fmt::Display) -> JobFailure {
    JobFailure::new(
        FailureClass::BadOutput,
        format!("read {} back: {error}", path.display()),
    )
}

/// Decodes pictures that must be of one kind, and of `size`. Without a size, all must have the size
/// of the first.
pub(super) fn check_pictures_alike(
    outputs: &[OutputFile],
    kind: picture::PictureKind,
    size: Option<PixelSize>,
) -> Result<(), JobFailure> {
    let files: Vec<(&str, &Path)> = outputs
        .iter()
        .map(|output| (output.name.as_str(), output.path.as_path()))
        .collect();
    // No outputs is not an error here: `expect_names` has compared the count already.
    let Some((_, first)) = files.first() else {
        return Ok(());
    };
    // A grade has no size in its action: graded frames are as large as their inputs. So the first
    // picture sets the size, and a single frame of another size is still found.
    let size = size.map_or_else(|| picture::check_picture(first).map(|facts| facts.size), Ok);
    expect_pictures(
        &files,
        kind,
        size.map_err(|error| unreadable_output(first, &error))?,
    )
}

/// Checks an encoded shot.
pub(super) fn check_segment(
    outputs: &[OutputFile],
    format: &OutputFormat,
    count: usize,
) -> Result<(), JobFailure> {
    match &format.codec.spec().delivery {
        CodecDelivery::Sequence(pictures) => {
            check_pictures_alike(outputs, (*pictures).into(), Some(format.size))
        }
        CodecDelivery::Still(_) => {
            check_pictures_alike(outputs, picture::PictureKind::Png, Some(format.size))
        }
        // Its segments are those of its renditions, which are films.
        CodecDelivery::Stream(_) => Err(mismatch_failure("segment", "a film", "a stream")),
        CodecDelivery::Animation(animation) => match animation.format {
            AnimationFormat::Gif | AnimationFormat::Apng => {
                check_pictures_alike(outputs, picture::PictureKind::Png, Some(format.size))
            }
            AnimationFormat::Webp => check_webp_stills(outputs, format.size),
        },
        CodecDelivery::Film(_) => check_measured_segment(outputs, count),
    }
}

/// Checks that a segment is the file that was measured, to its last byte.
fn check_measured_segment(outputs: &[OutputFile], count: usize) -> Result<(), JobFailure> {
    let [segment, facts] = outputs else {
        return Err(mismatch_failure("files", 2, outputs.len()));
    };
    // It was decoded and compared where it was encoded, because the frames are there.
    let measured = SegmentFacts::read(&facts.path)?;
    match measured.is_of(&segment.path, count)? {
        true => Ok(()),
        false => Err(mismatch_failure(
            &segment.name,
            format!("the file of {count} frames that was measured"),
            "another",
        )),
    }
}

/// Checks that every playlist of a stream lasts as long as the film, within the file beside it.
fn check_playlists(
    outputs: &[OutputFile],
    format: &OutputFormat,
    count: usize,
) -> Result<(), JobFailure> {
    let wanted = format.rate.duration_seconds(count);
    // The first is the main playlist; then each playlist is followed by its file.
    for pair in outputs.get(1..).unwrap_or_default().chunks(2) {
        let [list, file] = pair else {
            return Err(mismatch_failure("files", "a playlist and its file", 1));
        };
        let text = std::fs::read_to_string(&list.path)
            .map_err(|error| unreadable_output(&list.path, &error))?;
        let playlist = RenditionPlaylist::parse(&text).filter(|found| found.is_complete);
        let playlist =
            playlist.ok_or_else(|| unreadable_output(&list.path, &"it is no complete playlist"))?;
        if !playlist.is_within(&file.name) {
            return Err(unreadable_output(&list.path, &"it names other files"));
        }
        // Sound ends with a frame of its own.
        if (playlist.seconds() - wanted).abs() > 0.1 {
            return Err(mismatch_failure(
                &format!("{}, duration", list.name),
                format!("{wanted:.3} s"),
                format!("{:.3} s", playlist.seconds()),
            ));
        }
    }
    Ok(())
}

fn check_webp_stills(outputs: &[OutputFile], size: PixelSize) -> Result<(), JobFailure> {
    for output in outputs {
        let shown = animation::read_webp_still(&output.path)
            .map_err(|error| unreadable_output(&output.path, &error))?;
        if shown.size != size {
            return Err(mismatch_failure(
                &format!("{}, size", output.name),
                size,
                shown.size,
            ));
        }
    }
    Ok(())
}

/// Checks a joined deliverable that is no film.
pub(super) fn check_joined(
    outputs: &[OutputFile],
    format: &OutputFormat,
    count: usize,
) -> Result<(), JobFailure> {
    match &format.codec.spec().delivery {
        CodecDelivery::Sequence(pictures) => {
            check_pictures_alike(outputs, (*pictures).into(), Some(format.size))
        }
        CodecDelivery::Stream(_) => check_playlists(outputs, format, count),
        CodecDelivery::Still(still) => {
            let size = still.picture_size(format.size, count);
            check_pictures_alike(outputs, picture::PictureKind::Jpeg, Some(size))
        }
        CodecDelivery::Animation(animation) => {
            expect_animation(&outputs[0].path, format, animation.format, count, |_, _| {})
                .map(|_| ())
        }
        CodecDelivery::Film(_) => Err(mismatch_failure("deliverable", "no film", "a film")),
    }
}
