//! The pictures of an animated WebP: ffmpeg writes them one after the other into one file, which is
//! split here.

use super::frame_source::FrameSource;
use super::picture_sequence::picture_name;
use super::video_segment::feed_encoder;
use crate::media::FfmpegTools;
use crate::media::animation::{read_webp_still, split_webp_stills};
use crate::media::grey_film::{GreyFilm, grey_sample};
use crate::model::FilmEncoding;
use crate::producers::contract::{FailureClass, JobContext, JobFailure, OutputFile};
use crate::producers::verify::as_bad_output;
use rayon::prelude::*;

/// Writes all pictures of the shot, numbered from 1.
pub(super) fn write_stills(
    tools: &FfmpegTools,
    source: &FrameSource,
    stills: &FilmEncoding,
    context: &JobContext,
) -> Result<Vec<OutputFile>, JobFailure> {
    let stream = context.scratch.join("stills");
    let wanted = feed_encoder(tools, source, stills, &stream, context)?;
    let outputs = split_stream(source, &stream, context)?;
    // What is left in the scratch folder would be taken for an output that nobody expects.
    std::fs::remove_file(&stream)
        .map_err(|error| JobFailure::from_io_error("remove the stream of pictures", &error))?;
    expect_same_pictures(source, &outputs, &wanted)?;
    Ok(outputs)
}

fn split_stream(
    source: &FrameSource,
    stream: &std::path::Path,
    context: &JobContext,
) -> Result<Vec<OutputFile>, JobFailure> {
    let bytes = std::fs::read(stream)
        .map_err(|error| JobFailure::from_io_error("read the stream of pictures", &error))?;
    let pictures = split_webp_stills(&bytes).map_err(|why| {
        JobFailure::new(
            // The encoder wrote it, so another attempt may come out right.
            FailureClass::BadOutput,
            format!("split the pictures: {why}"),
        )
    })?;
    let written = pictures.iter().enumerate().map(|(index, picture)| {
        let name = picture_name(source.format().codec, index);
        let path = context.scratch.join(&name);
        std::fs::write(&path, picture)
            .map_err(|error| JobFailure::from_io_error(&format!("write {name}"), &error))?;
        Ok(OutputFile { name, path })
    });
    written.collect()
}

/// Reads the pictures back and compares them with what was to be encoded.
fn expect_same_pictures(
    source: &FrameSource,
    outputs: &[OutputFile],
    wanted: &GreyFilm,
) -> Result<(), JobFailure> {
    let mut found = GreyFilm::for_pictures_of(source.output_size());
    let sample_size = found.sample_size();
    // Decoded side by side, but collected in order: the comparison is frame by frame.
    let samples: Result<Vec<Vec<u8>>, JobFailure> = outputs
        .par_iter()
        .map(|output| {
            let shown = read_webp_still(&output.path)
                .map_err(|error| as_bad_output(JobFailure::from(error)))?;
            Ok(grey_sample(&shown, sample_size))
        })
        .collect();
    for sample in samples? {
        found.push_values(&sample);
    }
    found.difference_from(wanted).map_or(Ok(()), |difference| {
        Err(JobFailure::new(
            FailureClass::BadOutput,
            format!("verify the pictures: {difference}"),
        ))
    })
}
