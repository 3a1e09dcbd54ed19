//! Deliverables that are numbered PNG, EXR, TIFF or JPEG files. The first picture is number 1.

use super::frame_cache::FrameWait;
use super::frame_source::{FrameSource, PreparedImage};
use crate::media::grey_film::{GreyFilm, grey_sample};
use crate::media::picture::{self, DisplayImage, LinearImage, PictureError};
use crate::media::resample::linear_table;
use crate::media::tone;
use crate::model::Codec;
use crate::model::codec::SequenceFormat;
use crate::producers::contract::{FailureClass, JobContext, JobFailure, OutputFile};
use crate::producers::verify::as_bad_output;
use rayon::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Returns the name of picture `index` (from 0) of a deliverable, such as `000001.png` for the
/// first.
#[must_use]
pub fn picture_name(codec: Codec, index: usize) -> String {
    // Six digits: 999,999 pictures are more than ten hours at 24 frames a second, and names sort
    // like numbers.
    format!("{:06}.{}", index + 1, codec.still_extension())
}

/// Writes all pictures of the shot, numbered from 1.
pub(super) fn write_pictures(
    source: &FrameSource,
    pictures: SequenceFormat,
    context: &JobContext,
) -> Result<Vec<OutputFile>, JobFailure> {
    // Frames finish in any order, so progress counts them together. A repeated frame is prepared
    // once, for all pictures that show it.
    let done = AtomicUsize::new(0);
    let groups: Result<Vec<Vec<OutputFile>>, JobFailure> = source
        .distinct_frames()
        .par_iter()
        .map(|pick| {
            let group = write_repeats(source, *pick, pictures, context.scratch)?;
            (context.progress)(
                done.fetch_add(group.len(), Ordering::Relaxed) + group.len(),
                source.picture_count(),
            );
            Ok(group)
        })
        .collect();
    Ok(groups?.into_iter().flatten().collect())
}

/// Writes one frame, and copies it for each further picture that shows it.
fn write_repeats(
    source: &FrameSource,
    pick: usize,
    pictures: SequenceFormat,
    folder: &Path,
) -> Result<Vec<OutputFile>, JobFailure> {
    let codec = source.format().codec;
    let group: Vec<OutputFile> = source
        .pictures_showing(pick)
        .map(|index| {
            let name = picture_name(codec, index);
            OutputFile {
                path: folder.join(&name),
                name,
            }
        })
        .collect();
    // A frame that no picture shows is not read at all.
    let Some((original, copies)) = group.split_first() else {
        return Ok(group);
    };
    // This runs on the pool, where nothing may wait for another encode.
    let ready = source.prepare_frame(pick, FrameWait::Refused)?;
    // Before the picture is written, because writing takes it.
    let wanted = small_picture(&ready.display_image(), pictures);
    write_picture(pictures, &original.path, ready)?;
    expect_same_picture(original, pictures, &wanted)?;
    for copy in copies {
        // Copied and not encoded again: what was compared above is then true of every copy.
        std::fs::copy(&original.path, &copy.path)
            .map_err(|error| JobFailure::from_io_error("copy a repeated picture", &error))?;
    }
    Ok(group)
}

/// Reads a picture back and compares it with what was to be written.
fn expect_same_picture(
    made: &OutputFile,
    format: SequenceFormat,
    wanted: &GreyFilm,
) -> Result<(), JobFailure> {
    // The check of the outputs decodes every picture, and does not know what it should show.
    let unreadable = |error| as_bad_output(JobFailure::from(error));
    let found = match format {
        SequenceFormat::Png => small_grey_film(&picture::read_png(&made.path).map_err(unreadable)?),
        SequenceFormat::Exr => small_grey_film(&comparable_light(
            &picture::read_exr(&made.path).map_err(unreadable)?,
        )),
        SequenceFormat::Tiff | SequenceFormat::Jpeg => small_grey_film(&tone::encode_srgb(
            &picture::read_picture(&made.path).map_err(unreadable)?,
        )),
    };
    found.difference_from(wanted).map_or(Ok(()), |difference| {
        let name = &made.name;
        Err(JobFailure::new(
            FailureClass::BadOutput,
            format!("verify {name}: {difference}"),
        ))
    })
}

/// Returns the small picture of what a file of this format should show.
fn small_picture(shown: &DisplayImage, format: SequenceFormat) -> GreyFilm {
    match format {
        SequenceFormat::Exr => small_grey_film(&comparable_light(&to_linear_light(shown))),
        SequenceFormat::Png | SequenceFormat::Tiff | SequenceFormat::Jpeg => small_grey_film(shown),
    }
}

fn small_grey_film(shown: &DisplayImage) -> GreyFilm {
    let mut film = GreyFilm::for_pictures_of(shown.size);
    let sample = grey_sample(shown, film.sample_size());
    film.push_values(&sample);
    film
}

/// Returns light as values of about equal steps to the eye.
fn comparable_light(light: &LinearImage) -> DisplayImage {
    // A root and no transfer function: both sides of the comparison have it, and it is far faster.
    let pixels = light
        .pixels
        .iter()
        .map(|pixel| pixel.map(|value| tone::to_16_bits(value.max(0.0).sqrt())))
        .collect();
    DisplayImage {
        size: light.size,
        pixels,
    }
}

fn write_picture(
    format: SequenceFormat,
    path: &Path,
    ready: PreparedImage,
) -> Result<(), JobFailure> {
    match format {
        SequenceFormat::Exr => {
            picture::write_exr(path, &to_linear_light(&ready.into_display_image()))?;
        }
        SequenceFormat::Tiff => picture::write_tiff(path, &ready.into_display_image())?,
        SequenceFormat::Jpeg => picture::write_jpeg(path, &ready.into_display_image())?,
        SequenceFormat::Png => write_png(path, ready)?,
    }
    Ok(())
}

fn write_png(path: &Path, ready: PreparedImage) -> Result<(), PictureError> {
    // A retro picture keeps its palette, so that no reader can round its colours to others.
    match ready {
        PreparedImage::Paletted(paletted) => {
            picture::write_indexed(path, paletted.size, paletted.palette(), &paletted.indices)
        }
        PreparedImage::FullColour(shown) => {
            picture::write_png8(path, shown.size, &shown.to_8_bits())
        }
    }
}

/// Returns the light that a screen of gamma 2.2 emits.
fn to_linear_light(shown: &DisplayImage) -> LinearImage {
    // EXR is linear by definition, and graded frames are not: display values written as they are
    // would be shown too bright. A table, because there are only 65,536 values and millions of
    // pixels.
    let table = linear_table();
    let pixels = shown
        .pixels
        .iter()
        .map(|pixel| pixel.map(|value| table[usize::from(value)]))
        .collect();
    LinearImage {
        size: shown.size,
        pixels,
    }
}
