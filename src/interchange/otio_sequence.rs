//! Pictures in one file each, as OpenTimelineIO refers to them: a folder, what is before the number
//! and behind it, and the number of the first.

use super::json_text::JsonNode;
use super::reading_findings::{is_same_rate, whole_frames};
use crate::model::FrameRate;

/// The most digits of the number in a file name.
const MOST_DIGITS: usize = 32;

/// A sequence of pictures.
pub(super) struct OtioSequence {
    folder: String,
    prefix: String,
    suffix: String,
    digits: usize,
    /// The number in the name of the first file.
    pub(super) start_frame: i64,
    /// The time of the first file, in frames. `None`: the sequence does not say.
    first_time: Option<i64>,
}

impl OtioSequence {
    /// Reads a media reference. `None`: it is no sequence.
    pub(super) fn read(media: &JsonNode, rate: FrameRate) -> Option<Self> {
        let schema = media.text_of("OTIO_SCHEMA")?;
        if schema.split('.').next() != Some("ImageSequenceReference") {
            return None;
        }
        let text = |key: &str| media.text_of(key).unwrap_or_default().to_owned();
        let number = |key: &str| {
            let number = media.get(key)?.number()?;
            whole_frames(number, 1.0, FrameRate::from_fps(1))
        };
        let digits = number("frame_zero_padding").and_then(|digits| usize::try_from(digits).ok());
        let own_rate = media.get("rate").and_then(JsonNode::number);
        // Frames of another rate are other pictures, and which of them a time shows is not known.
        let is_own_rate = own_rate.is_none_or(|own| is_same_rate(own, rate));
        let first_time = media
            .get("available_range")
            .and_then(|range| range.get("start_time"))
            .and_then(|time| {
                let counted = time.get("rate")?.number()?;
                whole_frames(time.get("value")?.number()?, counted, rate)
            });
        let start_frame = number("start_frame").filter(|_| is_own_rate);
        Some(Self {
            folder: text("target_url_base"),
            prefix: text("name_prefix"),
            suffix: text("name_suffix"),
            digits: digits.unwrap_or_default().min(MOST_DIGITS),
            start_frame: start_frame.or(first_time).unwrap_or_default(),
            first_time,
        })
    }

    /// Returns the number of the file that is shown at a time, in frames. A picture may be shown for
    /// several frames (`frame_step`), which are numbered on.
    pub(super) fn frame_number(&self, time: i64) -> i64 {
        match self.first_time {
            Some(first) => time.saturating_sub(first).saturating_add(self.start_frame),
            // Without a range, some programs count from 0, and most as the files are numbered.
            None if time < self.start_frame => time.saturating_add(self.start_frame),
            None => time,
        }
    }

    /// Returns the address of the first file.
    pub(super) fn first_url(&self) -> String {
        let number = format!("{:0digits$}", self.start_frame, digits = self.digits);
        let folder = self.folder.trim_end_matches('/');
        let slash = if folder.is_empty() { "" } else { "/" };
        format!("{folder}{slash}{}{number}{}", self.prefix, self.suffix)
    }

    /// Returns names by which its shot may be known: that of the files, without their numbers, and
    /// that of their folder.
    pub(super) fn names(&self) -> Vec<String> {
        let path = format!("{}/{}", self.folder.trim_end_matches('/'), self.prefix);
        // What is between the name and the number.
        let is_joint = |letter: char| "._- ".contains(letter);
        let mut parts = path.rsplit('/').map(|part| part.trim_end_matches(is_joint));
        let names = [parts.next(), parts.next()].into_iter().flatten();
        names
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::json_text::read_json;
    use super::*;

    const FILM: FrameRate = FrameRate::from_fps(24);

    fn sequence(fields: &str) -> OtioSequence {
        let text = format!(r#"{{"OTIO_SCHEMA":"ImageSequenceReference.1",{fields}}}"#);
        OtioSequence::read(&read_json(&text).unwrap(), FILM).unwrap()
    }

    #[test]
    fn a_sequence_is_named_by_its_files_and_their_folder() {
        let named = |base: &str, prefix: &str| {
            let sequence = sequence(&format!(
                r#""target_url_base":"{base}","name_prefix":"{prefix}","name_suffix":".exr","start_frame":7,"frame_zero_padding":4"#
            ));
            (sequence.names(), sequence.first_url())
        };
        assert_eq!(
            named("file:///x/sh010/", "plate."),
            (
                vec!["plate".to_owned(), "sh010".to_owned()],
                "file:///x/sh010/plate.0007.exr".to_owned()
            )
        );
        assert_eq!(
            named("", "sh010/sh010_"),
            (
                vec!["sh010".to_owned(), "sh010".to_owned()],
                "sh010/sh010_0007.exr".to_owned()
            )
        );
        assert_eq!(
            named("sh010", ""),
            (vec!["sh010".to_owned()], "sh010/0007.exr".to_owned())
        );
    }

    #[test]
    fn a_time_is_the_number_of_a_file() {
        let range = |start: u32| {
            let time = |value: u32| {
                format!(r#"{{"OTIO_SCHEMA":"RationalTime.1","rate":24.0,"value":{value}}}"#)
            };
            format!(
                r#""available_range":{{"start_time":{},"duration":{}}},"#,
                time(start),
                time(48)
            )
        };
        let from_zero = sequence(&format!(r#"{}"start_frame":1001,"rate":24.0"#, range(0)));
        assert_eq!(from_zero.frame_number(12), 1013);
        let numbered = sequence(&format!(r#"{}"start_frame":1001,"rate":24.0"#, range(1001)));
        assert_eq!(numbered.frame_number(1013), 1013);
        let bare = sequence(r#""start_frame":1001"#);
        assert_eq!(
            (bare.frame_number(12), bare.frame_number(1013)),
            (1013, 1013)
        );
        let other_rate = sequence(&format!(r#"{}"start_frame":9,"rate":12.0"#, range(1001)));
        assert_eq!(other_rate.frame_number(1013), 1013);
    }
}
