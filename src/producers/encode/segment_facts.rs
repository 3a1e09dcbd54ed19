//! The measured facts of a segment, stored beside it as `segment.json`.
//!
//! A segment is decoded once, where it is encoded. A film that is joined from it has the same
//! packets, so what was measured of the segments is true of the film, and the film need not be
//! decoded again. Whether the packets are the same is compared each time.

use crate::base::Digest;
use crate::base::json::to_pretty_json;
use crate::media::film_probe::{FilmReport, display_places};
use crate::media::video_probe::{PictureSums, VideoPacket};
use crate::model::{InputFile, InputFiles};
use crate::producers::contract::{JobFailure, OutputFile};
use crate::producers::output_check::unreadable_output;
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::path::Path;

/// The name of the facts of a segment.
pub(in crate::producers) const SEGMENT_FACTS_FILE: &str = "segment.json";

/// The measured facts of one segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::producers) struct SegmentFacts {
    /// Digest of the file.
    file: Digest,
    /// Number of packets.
    packets: usize,
    /// Digest of all packets, with their order of display.
    packet_digest: Digest,
    /// What the decoder is set up with.
    setup_digest: String,
    /// What was decoded.
    pictures: PictureSums,
}

impl SegmentFacts {
    /// Returns the facts of a segment that was measured and decoded. `None`: its packets have no
    /// order of display.
    pub(super) fn new(path: &Path, report: &FilmReport, pictures: PictureSums) -> Option<Self> {
        // Packets are in the order of decoding, and pictures in that of display.
        let places = display_places(&report.packets)?;
        Some(Self {
            file: file_digest(path).ok()?,
            packets: report.packets.len(),
            packet_digest: digest_packets(&report.packets, &places, 0)?,
            setup_digest: report.setup_digest.clone(),
            pictures,
        })
    }

    /// Writes the facts into a folder.
    pub(super) fn write_into(&self, folder: &Path) -> Result<OutputFile, JobFailure> {
        let path = folder.join(SEGMENT_FACTS_FILE);
        std::fs::write(&path, to_pretty_json(self) + "\n")
            .map_err(|error| JobFailure::from_io_error("write the facts of a segment", &error))?;
        Ok(OutputFile {
            name: SEGMENT_FACTS_FILE.to_owned(),
            path,
        })
    }

    /// Reads facts back.
    pub(in crate::producers) fn read(path: &Path) -> Result<Self, JobFailure> {
        let text = std::fs::read(path).map_err(|error| unreadable_output(path, &error))?;
        serde_json::from_slice(&text).map_err(|error| unreadable_output(path, &error))
    }

    /// Returns whether the facts are of this file, which shows this number of pictures.
    pub(in crate::producers) fn is_of(
        &self,
        path: &Path,
        count: usize,
    ) -> Result<bool, JobFailure> {
        let file = file_digest(path).map_err(|error| unreadable_output(path, &error))?;
        let counts = [self.packets, self.pictures.picture_count()];
        // All three: facts of another file, or of fewer pictures, would prove a film that was never
        // looked at.
        Ok(file == self.file && counts == [count; 2])
    }

    /// Returns the facts of all segments among the inputs of a job, in order. `None`: there are no
    /// segments, or one has no facts.
    pub(in crate::producers) fn of_inputs(inputs: &InputFiles) -> Option<Vec<Self>> {
        let slots = inputs.files.iter().filter(|(slot, _)| slot.is_segment());
        let facts: Option<Vec<Self>> = slots
            .map(|(_, files)| {
                let mut files = files.iter();
                let file = files.find(|file| file.name == SEGMENT_FACTS_FILE)?;
                // Facts that cannot be read prove nothing, and the film is decoded instead.
                Self::read(&file.path).ok()
            })
            .collect();
        // No facts at all would prove everything.
        facts.filter(|facts| !facts.is_empty())
    }
}

/// Returns the segments among the inputs of a job, in the order of the film.
pub(in crate::producers) fn segment_files(inputs: &InputFiles) -> Vec<&InputFile> {
    // Slots are sorted by name, and the numbers in them have leading zeros, so this is the order of
    // the shots in the film.
    let slots = inputs.files.iter().filter(|(slot, _)| slot.is_segment());
    slots
        .flat_map(|(_, files)| files)
        .filter(|file| file.name != SEGMENT_FACTS_FILE)
        .collect()
}

/// Returns whether one set-up decodes all segments, so that their packets can be joined as they
/// are.
pub(in crate::producers) fn have_one_setup(facts: &[SegmentFacts]) -> bool {
    facts
        .windows(2)
        .all(|pair| pair[0].setup_digest == pair[1].setup_digest)
}

/// Returns whether a film has the packets of these segments and no others, and shows them in the
/// same order.
pub(in crate::producers) fn has_packets_of(film: &FilmReport, segments: &[SegmentFacts]) -> bool {
    let packets = count_same_packets(film, segments);
    !segments.is_empty() && packets == Some(film.packets.len())
}

/// Returns the number of packets of these segments. `None`: the film has others.
fn count_same_packets(film: &FilmReport, segments: &[SegmentFacts]) -> Option<usize> {
    let places = display_places(&film.packets)?;
    let mut before = 0_usize;
    for segment in segments {
        // The numbers come from a file, so none is trusted not to overflow.
        let end = before.checked_add(segment.packets)?;
        let packets = film.packets.get(before..end)?;
        // Every segment begins with a picture that needs no other, so none shows otherwise behind
        // another segment than alone.
        let begins_alone = packets.first()?.is_key;
        let digest = digest_packets(packets, places.get(before..end)?, before)?;
        if !begins_alone || digest != segment.packet_digest {
            return None;
        }
        before = end;
    }
    Some(before)
}

/// Returns what decoding a film shows that has the packets of these segments. `None`: its decoder
/// is set up otherwise, as some containers write it, so only decoding can tell.
pub(in crate::producers) fn pictures_of_segments(
    film: &FilmReport,
    segments: &[SegmentFacts],
) -> Option<PictureSums> {
    let (first, rest) = segments.split_first()?;
    // The same packets decode to other pictures if the decoder is set up otherwise.
    let has_setup = |segment: &SegmentFacts| segment.setup_digest == film.setup_digest;
    segments.iter().all(has_setup).then(|| {
        let rest = rest.iter().map(|segment| &segment.pictures);
        rest.fold(first.pictures.clone(), PictureSums::followed_by)
    })
}

/// Returns the digest of packets whose places in the film begin with `first`. `None`: a packet is
/// shown before that.
fn digest_packets(packets: &[VideoPacket], places: &[usize], first: usize) -> Option<Digest> {
    let mut text = String::new();
    for (packet, place) in packets.iter().zip(places) {
        // Counted from the segment's own start, so the digest is the same wherever it is in the
        // film.
        let place = place.checked_sub(first)?;
        let _ = writeln!(text, "{place} {} {}", packet.is_key, packet.digest);
    }
    Some(Digest::hash_bytes(text.as_bytes()))
}

fn file_digest(path: &Path) -> std::io::Result<Digest> {
    Digest::hash_reader(std::fs::File::open(path)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::grey_film::GreyFilm;
    use crate::media::video_probe::VideoFacts;
    use crate::model::{FrameRate, PixelSize};

    /// A film whose packets are letters. Capitals need no other packet.
    fn report(letters: &str, times: &[f64], setup: &str) -> FilmReport {
        let packets: Vec<VideoPacket> = letters
            .chars()
            .zip(times)
            .map(|(letter, time)| VideoPacket {
                is_key: letter.is_uppercase(),
                digest: letter.to_string(),
                time: Some(*time),
            })
            .collect();
        FilmReport {
            video: VideoFacts {
                codec: String::new(),
                profile: String::new(),
                pixel_format: String::new(),
                colours: String::new(),
                range: String::new(),
                size: PixelSize::new(64, 36),
                rate: FrameRate::from_fps(24),
                average_rate: FrameRate::from_fps(24),
                frames: packets.len(),
                duration: 1.0,
            },
            setup_digest: setup.to_owned(),
            packets,
            sound: None,
            timecode: None,
        }
    }

    fn facts(letters: &str, times: &[f64]) -> SegmentFacts {
        let mut film = GreyFilm::for_pictures_of(PixelSize::new(64, 36));
        for letter in letters.bytes() {
            film.push_values(&[letter; 64 * 36]);
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("segment");
        std::fs::write(&path, letters).unwrap();
        let pictures = PictureSums::of_film(&film);
        let facts = SegmentFacts::new(&path, &report(letters, times, "x"), pictures).unwrap();
        assert!(facts.is_of(&path, letters.len()).unwrap());
        assert!(!facts.is_of(&path, letters.len() + 1).unwrap());
        std::fs::write(&path, "other").unwrap();
        assert!(!facts.is_of(&path, letters.len()).unwrap());
        facts
    }

    #[test]
    fn a_film_of_the_same_packets_shows_what_its_segments_show() {
        let segments = [facts("Abc", &[0.0, 0.2, 0.1]), facts("De", &[0.0, 0.1])];
        let times = [0.0, 0.2, 0.1, 0.3, 0.4];
        let film = report("AbcDe", &times, "x");
        assert!(has_packets_of(&film, &segments));
        let shown = pictures_of_segments(&film, &segments).unwrap();
        assert_eq!(shown.picture_count(), 5);
        assert!(!shown.summarize_video().frozen);
        for (what, film) in [
            ("a changed packet", report("AbcDf", &times, "x")),
            ("a changed key packet", report("AbcEe", &times, "x")),
            ("a packet less", report("AbcD", &times[..4], "x")),
            (
                "a packet more",
                report("AbcDef", &[0.0, 0.2, 0.1, 0.3, 0.4, 0.5], "x"),
            ),
            (
                "segments exchanged",
                report("DeAbc", &[0.0, 0.1, 0.2, 0.4, 0.3], "x"),
            ),
            (
                "another order of display",
                report("AbcDe", &[0.0, 0.1, 0.2, 0.3, 0.4], "x"),
            ),
            (
                "a segment shown within another",
                report("AbcDe", &[0.0, 0.3, 0.1, 0.2, 0.4], "x"),
            ),
            ("two packets at a time", report("AbcDe", &[0.0; 5], "x")),
            ("nothing", report("", &[], "x")),
        ] {
            assert!(!has_packets_of(&film, &segments), "{what}");
        }
        let other = report("AbcDe", &times, "y");
        assert!(has_packets_of(&other, &segments));
        assert_eq!(pictures_of_segments(&other, &segments), None);
        assert!(!has_packets_of(&report("", &[], "x"), &[]));
        assert!(have_one_setup(&segments));
    }
}
