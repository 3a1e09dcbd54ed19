//! Playlists of HTTP Live Streaming (RFC 8216): reads those of one rendition, and writes the one
//! that names all of them.

use crate::model::{FrameRate, PixelSize};
use std::fmt::Write;

/// One rendition, as its playlist describes it: segments within one file.
#[derive(Debug, Clone, PartialEq)]
pub struct RenditionPlaylist {
    /// The file that holds what begins every segment.
    pub init: String,
    /// The segments, in order.
    pub segments: Vec<PlaylistSegment>,
    /// Whether the playlist says that nothing follows.
    pub is_complete: bool,
}

/// One segment of a rendition.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaylistSegment {
    /// Its file.
    pub file: String,
    /// How long it lasts, in seconds.
    pub seconds: f64,
    /// Its length in the file.
    pub bytes: u64,
}

/// What the main playlist says of one rendition of pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct RenditionEntry {
    /// Its playlist.
    pub file: String,
    /// Size of its pictures.
    pub size: PixelSize,
    /// Bits a second of its largest segment, with sound.
    pub peak_bits: u64,
    /// Bits a second of all of it, with sound.
    pub average_bits: u64,
    /// Its codecs as RFC 6381 names them.
    pub codecs: String,
}

/// The rendition of sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundEntry {
    /// Its playlist.
    pub file: String,
    /// Its language as in BCP 47. `None`: unknown.
    pub language: Option<String>,
}

impl RenditionPlaylist {
    /// Parses the playlist of one rendition. `None`: it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::trim);
        if lines.next()? != "#EXTM3U" {
            return None;
        }
        let mut playlist = Self {
            init: String::new(),
            segments: Vec::new(),
            is_complete: false,
        };
        let mut seconds = None;
        let mut bytes = None;
        for line in lines {
            if let Some(map) = line.strip_prefix("#EXT-X-MAP:URI=") {
                playlist.init = map.split('"').nth(1)?.to_owned();
            } else if let Some(length) = line.strip_prefix("#EXTINF:") {
                seconds = length.split(',').next()?.parse().ok();
            } else if let Some(range) = line.strip_prefix("#EXT-X-BYTERANGE:") {
                bytes = range.split('@').next()?.parse().ok();
            } else if line == "#EXT-X-ENDLIST" {
                playlist.is_complete = true;
            } else if !line.is_empty() && !line.starts_with('#') {
                // Both are said of the next file alone, so a file without them makes this none of
                // our playlists.
                playlist.segments.push(PlaylistSegment {
                    file: line.to_owned(),
                    seconds: seconds.take()?,
                    bytes: bytes.take()?,
                });
            }
        }
        Some(playlist)
    }

    /// Returns how long it lasts, in seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.segments.iter().map(|segment| segment.seconds).sum()
    }

    /// Returns whether all of it is in one file of this name.
    #[must_use]
    pub fn is_within(&self, file: &str) -> bool {
        let mut segments = self.segments.iter();
        self.init == file && segments.all(|segment| segment.file == file)
    }

    /// Returns bits a second of its largest segment.
    #[must_use]
    pub fn peak_bits(&self) -> u64 {
        let rates = self
            .segments
            .iter()
            .map(|segment| bits_a_second(segment.bytes, segment.seconds));
        rates.max().unwrap_or_default()
    }

    /// Returns bits a second of all of it.
    #[must_use]
    pub fn average_bits(&self) -> u64 {
        let bytes = self.segments.iter().map(|segment| segment.bytes).sum();
        bits_a_second(bytes, self.seconds())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "`as` saturates, and a rate for people has no use for the last bits"
)]
fn bits_a_second(bytes: u64, seconds: f64) -> u64 {
    if seconds > 0.0 {
        // Rounded up: players take the rate as one that no segment exceeds.
        (bytes as f64 * 8.0 / seconds).ceil() as u64
    } else {
        0
    }
}

/// Returns the playlist that names all renditions, the first of which players begin with.
#[must_use]
pub fn main_playlist(
    renditions: &[RenditionEntry],
    sound: Option<&SoundEntry>,
    rate: FrameRate,
) -> String {
    let mut text = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n".to_owned();
    if let Some(sound) = sound {
        let language = sound
            .language
            .as_ref()
            .map_or_else(String::new, |language| format!(",LANGUAGE=\"{language}\""));
        let _ = writeln!(
            text,
            "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"sound\",DEFAULT=YES,AUTOSELECT=YES{language},\
             URI=\"{}\"",
            sound.file
        );
    }
    // All renditions refer to one group of sound, so that it is in the files once.
    for entry in renditions {
        let group = if sound.is_some() {
            ",AUDIO=\"sound\""
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},RESOLUTION={},FRAME-RATE={:.3},CODECS=\"{}\"{group}",
            entry.peak_bits,
            entry.average_bits,
            entry.size,
            rate.as_f64(),
            entry.codecs
        );
        text.push_str(&entry.file);
        text.push('\n');
    }
    text
}

/// Returns the playlists that a main playlist names: those of pictures, then those of sound.
#[must_use]
pub fn named_playlists(main: &str) -> Vec<String> {
    let lines = main.lines().map(str::trim);
    let pictures = lines
        .clone()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let sound = lines
        .filter(|line| line.starts_with("#EXT-X-MEDIA:"))
        .filter_map(|line| line.split("URI=\"").nth(1)?.split('"').next());
    pictures.chain(sound).map(str::to_owned).collect()
}

/// Returns the codec of H.264 as RFC 6381 names it, such as `avc1.640028`, from the start of an MP4
/// file. `None`: it has none.
#[must_use]
pub fn avc_codec(init: &[u8]) -> Option<String> {
    let place = init.windows(4).position(|word| word == b"avcC")?;
    // Version, then profile, its constraints, and the level.
    let [version, profile, constraints, level] = *init.get(place + 4..place + 8)? else {
        return None;
    };
    (version == 1).then(|| format!("avc1.{profile:02x}{constraints:02x}{level:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RENDITION: &str = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:6\n\
        #EXT-X-MAP:URI=\"v.mp4\",BYTERANGE=\"800@0\"\n\
        #EXTINF:6.000000,\n#EXT-X-BYTERANGE:6000@800\nv.mp4\n\
        #EXTINF:1.500000,\n#EXT-X-BYTERANGE:3000@6800\nv.mp4\n#EXT-X-ENDLIST\n";

    #[test]
    fn a_rendition_names_its_files_and_its_length() {
        let playlist = RenditionPlaylist::parse(RENDITION).unwrap();
        assert!(playlist.is_within("v.mp4") && !playlist.is_within("w.mp4"));
        assert_eq!(playlist.peak_bits(), 16_000);
        assert_eq!(playlist.average_bits(), 9600);
        assert!((playlist.seconds() - 7.5).abs() < 1e-9 && playlist.is_complete);
        assert_eq!(RenditionPlaylist::parse("hello"), None);
        assert_eq!(RenditionPlaylist::parse("#EXTM3U\nv_0.m4s\n"), None);
    }

    #[test]
    fn the_main_playlist_names_what_players_choose_by() {
        let entry = RenditionEntry {
            file: "720p.m3u8".to_owned(),
            size: PixelSize::new(1280, 720),
            peak_bits: 3_000_000,
            average_bits: 2_000_000,
            codecs: "avc1.64001f,mp4a.40.2".to_owned(),
        };
        let sound = SoundEntry {
            file: "sound.m3u8".to_owned(),
            language: Some("en".to_owned()),
        };
        let rate = FrameRate::parse("23.976").unwrap();
        let text = main_playlist(&[entry], Some(&sound), rate);
        assert!(text.contains(
            "BANDWIDTH=3000000,AVERAGE-BANDWIDTH=2000000,RESOLUTION=1280x720,FRAME-RATE=23.976,\
             CODECS=\"avc1.64001f,mp4a.40.2\",AUDIO=\"sound\"\n720p.m3u8\n"
        ));
        assert_eq!(named_playlists(&text), ["720p.m3u8", "sound.m3u8"]);
    }

    #[test]
    fn the_codec_is_read_from_the_configuration_of_the_decoder() {
        let init = b"....avcC\x01\x64\x00\x28\xff";
        assert_eq!(avc_codec(init).as_deref(), Some("avc1.640028"));
        assert_eq!(avc_codec(b"avcC\x01"), None);
        assert_eq!(avc_codec(b""), None);
    }
}
