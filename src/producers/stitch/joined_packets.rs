//! Compares a joined film with its segments, packet by packet, and by small pictures where packets
//! do not tell.

use crate::media::FfmpegTools;
use crate::media::grey_film::GreyFilm;
use crate::media::video_probe::{self, VideoPacket};
use crate::model::{InputFile, PixelSize};
use crate::process::CallOptions;
use crate::producers::contract::{FailureClass, JobFailure};
use crate::producers::verify::as_bad_output;
use std::path::Path;

/// A joined film, and what it was joined from.
pub(super) struct JoinedFilm<'a> {
    pub(super) tools: &'a FfmpegTools,
    /// The joined film.
    pub(super) path: &'a Path,
    /// The ffconcat file of its segments.
    pub(super) list: &'a Path,
    pub(super) segments: &'a [&'a InputFile],
    pub(super) size: PixelSize,
}

impl JoinedFilm<'_> {
    /// Fails if the film does not show what its segments show, in their order.
    pub(super) fn expect_segments(&self, watch: CallOptions<'_>) -> Result<(), JobFailure> {
        // Joining copies packets, so equal packets are equal pictures, and nothing is decoded: that
        // costs as much as reading both from the disk.
        let measured = |error: crate::media::ffmpeg::ToolError| as_bad_output(error.into());
        let wanted = video_probe::listed_packets(self.tools, self.list, watch).map_err(measured)?;
        let found = video_probe::film_packets(self.tools, self.path, watch).map_err(measured)?;
        if same_packets(&wanted, &found) {
            return Ok(());
        }
        // A version of ffmpeg may write packets differently that show the same, so what they show
        // decides.
        let mut pictures = GreyFilm::for_pictures_of(self.size);
        for segment in self.segments {
            let shown = video_probe::decode_grey_film(self.tools, &segment.path, self.size, watch)
                .map_err(|error| JobFailure {
                    class: FailureClass::MissingInput,
                    ..JobFailure::from(error)
                })?;
            pictures.append(&shown);
        }
        let film = video_probe::decode_grey_film(self.tools, self.path, self.size, watch)
            .map_err(measured)?;
        film.difference_from(&pictures)
            .map_or(Ok(()), |difference| {
                Err(JobFailure::new(
                    FailureClass::BadOutput,
                    format!("verify the joined film: {difference}"),
                ))
            })
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
