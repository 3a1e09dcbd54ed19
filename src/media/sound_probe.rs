//! Measures the sound of files: the track by ffprobe, the samples by decoding all of them.

use super::ffmpeg::{FfmpegTools, ToolError};
use crate::process::CallOptions;
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

/// Bytes of one sample of both channels.
const FRAME_BYTES: usize = 8;

/// Facts of the first sound track.
#[derive(Debug, Clone, PartialEq)]
pub struct SoundFacts {
    /// Codec as ffprobe names it, such as `aac`.
    pub codec: String,
    /// Number of channels.
    pub channels: u32,
    /// Samples a second.
    pub sample_rate: u32,
    /// Seconds from the first picture to the first sample that a player plays.
    pub start: f64,
    /// Length in seconds, as players show it.
    pub duration: f64,
    /// Language tag. `None`: it has none.
    pub language: Option<String>,
}

#[derive(Deserialize)]
struct SoundProbeReport {
    streams: Vec<SoundProbeStream>,
    #[serde(default)]
    format: SoundProbeFormat,
}

#[derive(Default, Deserialize)]
struct SoundProbeFormat {
    #[serde(default)]
    duration: String,
}

#[derive(Deserialize)]
struct SoundProbeStream {
    codec_name: String,
    channels: u32,
    sample_rate: String,
    #[serde(default)]
    start_time: String,
    #[serde(default)]
    duration: String,
    #[serde(default)]
    tags: ProbeTags,
}

#[derive(Default, Deserialize)]
struct ProbeTags {
    language: Option<String>,
    /// The length of a track of Matroska, such as `00:00:01.568000000`.
    #[serde(rename = "DURATION")]
    duration: Option<String>,
}

/// Measures the first sound track without decoding it. `None`: the file has no sound.
///
/// # Errors
/// Fails if ffprobe cannot read the file.
pub fn probe_sound(
    tools: &FfmpegTools,
    path: &Path,
    watch: CallOptions<'_>,
) -> Result<Option<SoundFacts>, ToolError> {
    let entries = "stream=codec_name,channels,sample_rate,start_time,duration:\
                   stream_tags=language,DURATION:format=duration";
    let arguments = [
        "-select_streams",
        "a:0",
        "-show_entries",
        entries,
        "-of",
        "json",
    ];
    let output = tools.run_ffprobe(&arguments, path, watch)?;
    let unreadable = |why: &str| ToolError::Unreadable {
        path: path.to_owned(),
        why: why.to_owned(),
    };
    let report: SoundProbeReport =
        serde_json::from_slice(&output.stdout).map_err(|error| unreadable(&error.to_string()))?;
    let Some(stream) = report.streams.into_iter().next() else {
        return Ok(None);
    };
    let facts = sound_facts(stream, &report.format);
    facts
        .map(Some)
        .ok_or_else(|| unreadable("ffprobe gave no rate or length of its sound"))
}

/// Returns the facts of a stream as ffprobe printed it, of a file as it printed that.
pub(super) fn sound_from_probe(stream: Value, format: Value) -> Result<SoundFacts, String> {
    let stream = serde_json::from_value(stream).map_err(|error| error.to_string())?;
    let whole: Option<SoundProbeFormat> =
        serde_json::from_value(format).map_err(|error| error.to_string())?;
    sound_facts(stream, &whole.unwrap_or_default())
        .ok_or_else(|| "ffprobe gave no rate or length of its sound".to_owned())
}

fn sound_facts(stream: SoundProbeStream, whole: &SoundProbeFormat) -> Option<SoundFacts> {
    // Matroska has a tag in place of the length of a track, or the length of the whole alone.
    let tagged = stream.tags.duration.as_deref().and_then(clock_seconds);
    let known = stream.duration.parse().ok().or(tagged);
    let duration = known.or_else(|| whole.duration.parse().ok());
    Some(SoundFacts {
        codec: stream.codec_name,
        channels: stream.channels,
        sample_rate: stream.sample_rate.parse().ok()?,
        start: stream.start_time.parse().unwrap_or(0.0),
        duration: duration?,
        // What ffmpeg writes for no language.
        language: stream.tags.language.filter(|language| language != "und"),
    })
}

/// Returns the seconds of a time in hours, minutes and seconds.
fn clock_seconds(text: &str) -> Option<f64> {
    text.split(':').try_fold(0.0, |sum, part| {
        let part: f64 = part.trim().parse().ok()?;
        Some(sum * 60.0 + part)
    })
}

/// Decodes the first sound track, and passes samples of the left and the right channel to `sink`,
/// as many at a time as come.
///
/// # Errors
/// Fails if it cannot be decoded to its end without an error.
pub fn decode_sound(
    tools: &FfmpegTools,
    path: &Path,
    watch: CallOptions<'_>,
    mut sink: impl FnMut(Vec<f32>, Vec<f32>) + Send,
) -> Result<(), ToolError> {
    let mut rest: Vec<u8> = Vec::new();
    let log = tools.decode_sound(path, watch, |bytes| {
        // Bytes may end within a sample, whose rest comes with the next ones.
        rest.extend_from_slice(bytes);
        let whole = rest.len() - rest.len() % FRAME_BYTES;
        let sample = |bytes: &[u8]| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        let frames = rest[..whole].chunks_exact(FRAME_BYTES);
        let left = frames.clone().map(|frame| sample(&frame[..4])).collect();
        let right = frames.map(|frame| sample(&frame[4..])).collect();
        rest.drain(..whole);
        sink(left, right);
    })?;
    match super::video_probe::logged_error(&log) {
        Some(line) => Err(ToolError::Unreadable {
            path: path.to_owned(),
            why: line.to_owned(),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_track_of_matroska_has_its_length_as_a_tag() {
        let stream = r#"{"codec_name": "flac", "channels": 2, "sample_rate": "48000",
            "tags": {"DURATION": "00:01:02.500000000"}}"#;
        let facts = |stream: &str, whole: &str| {
            let whole = SoundProbeFormat {
                duration: whole.to_owned(),
            };
            sound_facts(serde_json::from_str(stream).unwrap(), &whole)
        };
        let duration = |stream: &str, whole: &str| facts(stream, whole).map(|facts| facts.duration);
        assert_eq!(duration(stream, "63"), Some(62.5));
        let bare = r#"{"codec_name": "flac", "channels": 2, "sample_rate": "48000"}"#;
        assert_eq!(duration(bare, "63"), Some(63.0));
        assert_eq!(duration(bare, ""), None);
        assert_eq!(clock_seconds("long"), None);
    }
}
