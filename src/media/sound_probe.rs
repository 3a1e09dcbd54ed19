//! Measures the sound of files: the track by ffprobe, the samples by decoding all of them.

use super::ffmpeg::{FfmpegTools, ToolError};
use crate::process::CallOptions;
use serde::Deserialize;
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
    /// Seconds from the first picture to the first sample that is heard.
    pub start: f64,
    /// Length in seconds, as players show it.
    pub duration: f64,
    /// Language tag. `None`: it has none.
    pub language: Option<String>,
}

#[derive(Deserialize)]
struct SoundProbeReport {
    streams: Vec<SoundProbeStream>,
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
    let entries = "stream=codec_name,channels,sample_rate,start_time,duration:stream_tags=language";
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
    let facts = sound_facts(stream);
    facts
        .map(Some)
        .ok_or_else(|| unreadable("ffprobe gave no rate or length of its sound"))
}

fn sound_facts(stream: SoundProbeStream) -> Option<SoundFacts> {
    Some(SoundFacts {
        codec: stream.codec_name,
        channels: stream.channels,
        sample_rate: stream.sample_rate.parse().ok()?,
        start: stream.start_time.parse().unwrap_or(0.0),
        duration: stream.duration.parse().ok()?,
        // What ffmpeg writes for no language.
        language: stream.tags.language.filter(|language| language != "und"),
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
