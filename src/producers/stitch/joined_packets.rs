//! Checks a joined film: compares it with its output, and with its segments packet by packet, and by
//! small pictures where packets do not tell.

use super::segment_stitcher::concat_list;
use crate::media::FfmpegTools;
use crate::media::ffmpeg::ToolError;
use crate::media::film_probe::{self, FilmReport};
use crate::media::grey_film::GreyFilm;
use crate::media::video_probe::{self, VideoPacket};
use crate::model::{FilmEncoding, InputFile, OutputFormat, PixelSize};
use crate::process::CallOptions;
use crate::producers::contract::{FailureClass, JobContext, JobFailure};
use crate::producers::encode::{SegmentFacts, has_packets_of, segment_files};
use crate::producers::verify::{as_bad_output, expect_film, film_clock};
use std::path::Path;

/// A joined film, and what it was joined from.
struct JoinedFilm<'a> {
    tools: &'a FfmpegTools,
    /// The joined film.
    path: &'a Path,
    segments: &'a [&'a InputFile],
    size: PixelSize,
}

/// Checks that a film is as its output wants it, and shows what its segments show.
pub(super) fn check_joined_film(
    tools: &FfmpegTools,
    path: &Path,
    format: &OutputFormat,
    film: &FilmEncoding,
    context: &JobContext<'_>,
) -> Result<(), JobFailure> {
    let report = film_probe::probe_film(tools, path, context.watch).map_err(bad_film)?;
    let count = context.action.unit_count();
    // First what costs nothing more: one call of ffprobe has read all of it.
    expect_film(&report, format, film, film_clock(format), count)?;
    // Joining copies packets, so equal packets are equal pictures, and nothing is decoded.
    let facts = SegmentFacts::of_inputs(context.inputs);
    let is_same = facts.is_some_and(|facts| has_packets_of(&report, &facts));
    let segments = segment_files(context.inputs);
    if is_same || segments.is_empty() {
        return Ok(());
    }
    let joined = JoinedFilm {
        tools,
        path,
        segments: &segments,
        size: format.size,
    };
    joined.expect_segments(&report, context.watch)
}

fn bad_film(error: ToolError) -> JobFailure {
    as_bad_output(error.into())
}

impl JoinedFilm<'_> {
    /// Fails if the film does not show what its segments show, in their order.
    fn expect_segments(
        &self,
        report: &FilmReport,
        watch: CallOptions<'_>,
    ) -> Result<(), JobFailure> {
        // The segments are read through the list, as the join reads them.
        if same_packets(&self.listed_packets(watch)?, &report.packets) {
            return Ok(());
        }
        // A version of ffmpeg may write packets differently that show the same, so what they show
        // decides.
        let mut pictures = GreyFilm::for_pictures_of(self.size);
        for segment in self.segments {
            let shown = video_probe::decode_grey_film(self.tools, &segment.path, self.size, watch)
                .map_err(|error| JobFailure {
                    // A segment that cannot be decoded is damaged in the store, and joining again
                    // would read the same.
                    class: FailureClass::MissingInput,
                    ..JobFailure::from(error)
                })?;
            pictures.append(&shown);
        }
        let film = video_probe::decode_grey_film(self.tools, self.path, self.size, watch)
            .map_err(bad_film)?;
        film.difference_from(&pictures)
            .map_or(Ok(()), |difference| {
                Err(JobFailure::new(
                    FailureClass::BadOutput,
                    format!("verify the joined film: {difference}"),
                ))
            })
    }

    /// Returns the packets of the segments as they are there.
    fn listed_packets(&self, watch: CallOptions<'_>) -> Result<Vec<VideoPacket>, JobFailure> {
        let list = self.path.with_file_name("checked.ffconcat");
        let failed = |error| JobFailure::from_io_error("list the segments", &error);
        std::fs::write(&list, concat_list(self.segments)?).map_err(failed)?;
        let packets = video_probe::listed_packets(self.tools, &list, watch).map_err(bad_film)?;
        std::fs::remove_file(&list).map_err(failed)?;
        Ok(packets)
    }
}

/// Returns whether the packets of a film are those of its segments.
fn same_packets(wanted: &[VideoPacket], found: &[VideoPacket]) -> bool {
    let mut differing = wanted
        .iter()
        .zip(found)
        .filter(|(wanted, found)| wanted.digest != found.digest);
    // The muxer of H.264 writes the settings of the encoder into every key packet. Those show the
    // same if the packets that build on them are the same, which are most.
    let only_keys = differing.clone().all(|(wanted, _)| wanted.is_key);
    wanted.len() == found.len() && only_keys && differing.by_ref().count() * 2 <= wanted.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packets(text: &str) -> Vec<VideoPacket> {
        text.chars()
            .map(|letter| VideoPacket {
                is_key: letter.is_uppercase(),
                digest: letter.to_string(),
                time: None,
            })
            .collect()
    }

    #[test]
    fn only_key_packets_that_most_build_on_may_differ() {
        assert!(same_packets(&packets("AbcDef"), &packets("AbcDef")));
        assert!(same_packets(&packets("AbcDefG"), &packets("XbcYefZ")));
        for other in ["AbxDef", "DefAbc", "Abc", "AbcDe"] {
            assert!(
                !same_packets(&packets("AbcDef"), &packets(other)),
                "{other}"
            );
        }
        // Segments of one frame each.
        assert!(!same_packets(&packets("ABC"), &packets("XYZ")));
    }
}
