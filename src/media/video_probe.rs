//! Measures video files: the container by ffprobe, the frames by decoding all of them.

use super::ffmpeg::{FfmpegTools, ToolError};
use super::grey_film::GreyFilm;
use crate::model::{FrameRate, PixelSize};
use crate::process::CallOptions;
use serde::Deserialize;
use std::path::Path;

/// Size of the grey pictures that frames are measured in.
// Small enough that decoding is all of the cost. Black, frozen and missing frames show at any size.
const SAMPLE_FRAME_SIZE: PixelSize = PixelSize::new(64, 36);

/// Facts of the first video stream.
#[derive(Debug, Clone, PartialEq)]
pub struct VideoFacts {
    /// Codec as ffprobe names it, such as `h264`.
    pub codec: String,
    /// Profile, such as `High` or `4444`.
    pub profile: String,
    /// Pixel format, such as `yuv420p`.
    pub pixel_format: String,
    /// Colour matrix, primaries and transfer as tagged, such as `bt709 bt709 bt709`.
    pub colours: String,
    /// Range of values as tagged: `tv` or `pc`.
    pub range: String,
    /// Size in pixels.
    pub size: PixelSize,
    /// The lowest rate that fits the time of every frame.
    pub rate: FrameRate,
    /// Frames divided by duration. Differs from `rate` if the rate is not constant.
    pub average_rate: FrameRate,
    /// Number of frames, counted from packets.
    // The container's own count can be wrong or missing, so it is not read.
    pub frames: usize,
    /// Duration in seconds.
    pub duration: f64,
}

/// Statistics of all decoded frames.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DecodedVideoStats {
    /// Number of decoded frames.
    pub frames: usize,
    /// Mean brightness of all frames, 0 (black) to 1 (white).
    pub brightness: f64,
    /// Brightest pixel of any frame after scaling down, 0 to 1.
    pub peak: f64,
    /// Whether all frames are equal after scaling down.
    pub frozen: bool,
}

#[derive(Deserialize)]
struct ProbeReport {
    streams: Vec<ProbeStream>,
    #[serde(default)]
    format: ProbeFormat,
}

#[derive(Default, Deserialize)]
struct ProbeFormat {
    #[serde(default)]
    duration: String,
}

#[derive(Deserialize)]
struct ProbeStream {
    codec_name: String,
    #[serde(default)]
    profile: String,
    #[serde(default)]
    pix_fmt: String,
    #[serde(default)]
    color_space: String,
    #[serde(default)]
    color_primaries: String,
    #[serde(default)]
    color_transfer: String,
    #[serde(default)]
    color_range: String,
    width: u32,
    height: u32,
    r_frame_rate: String,
    avg_frame_rate: String,
    nb_read_packets: String,
    #[serde(default)]
    duration: String,
}

/// Measures the first video stream without decoding it.
///
/// # Errors
/// Fails if ffprobe cannot read the file, or if it has no video.
pub fn probe_video(
    tools: &FfmpegTools,
    path: &Path,
    watch: CallOptions<'_>,
) -> Result<VideoFacts, ToolError> {
    let entries = "stream=codec_name,profile,pix_fmt,color_space,color_primaries,color_transfer,color_range,\
                   width,height,r_frame_rate,avg_frame_rate,nb_read_packets,duration:format=duration";
    let arguments = [
        "-select_streams",
        "v:0",
        "-count_packets",
        "-show_entries",
        entries,
        "-of",
        "json",
    ];
    let output = tools.run_ffprobe(&arguments, path, watch)?;
    let unreadable = |why: String| ToolError::Unreadable {
        path: path.to_owned(),
        why,
    };
    let report: ProbeReport =
        serde_json::from_slice(&output.stdout).map_err(|error| unreadable(error.to_string()))?;
    let mut stream = report
        .streams
        .into_iter()
        .next()
        .ok_or_else(|| unreadable("it has no video".to_owned()))?;
    // Matroska has no duration of its streams, only of the file.
    if stream.duration.is_empty() {
        stream.duration = report.format.duration;
    }
    video_facts(&stream)
        .ok_or_else(|| unreadable("ffprobe gave no rate, count or duration".to_owned()))
}

fn video_facts(stream: &ProbeStream) -> Option<VideoFacts> {
    // Rates stay fractions. As decimals, 24000/1001 and 23.976 would differ.
    let rate = FrameRate::parse(&stream.r_frame_rate)?;
    let frames = stream.nb_read_packets.parse().ok()?;
    // A single frame has no average: ffprobe says 0/0 of some containers.
    let average_rate = FrameRate::parse(&stream.avg_frame_rate).or((frames == 1).then_some(rate));
    Some(VideoFacts {
        codec: stream.codec_name.clone(),
        profile: stream.profile.clone(),
        pixel_format: stream.pix_fmt.clone(),
        colours: [
            &*stream.color_space,
            &*stream.color_primaries,
            &*stream.color_transfer,
        ]
        .join(" "),
        range: stream.color_range.clone(),
        size: PixelSize::new(stream.width, stream.height),
        rate,
        average_rate: average_rate?,
        frames,
        duration: stream.duration.parse().ok()?,
    })
}

/// Returns the timecode of the first frame of a film, as the file has it. `None`: it has none.
///
/// # Errors
/// Fails if ffprobe cannot read the file.
pub fn start_timecode(
    tools: &FfmpegTools,
    path: &Path,
    watch: CallOptions<'_>,
) -> Result<Option<String>, ToolError> {
    // QuickTime and MP4 have it in a track of its own, MXF and Matroska in the file. Names of tags
    // differ in case.
    let arguments = [
        "-show_entries",
        "stream_tags=timecode:format_tags=timecode",
        "-of",
        "default=noprint_wrappers=1",
    ];
    let output = tools.run_ffprobe(&arguments, path, watch)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let found = text.lines().find_map(|line| {
        let (name, value) = line.split_once('=')?;
        name.eq_ignore_ascii_case("TAG:timecode")
            .then(|| value.trim().to_owned())
    });
    Ok(found)
}

/// Returns when each packet of the first video is shown, in seconds, in the order of display.
///
/// # Errors
/// Fails if ffprobe cannot read the file.
pub fn packet_times(
    tools: &FfmpegTools,
    path: &Path,
    watch: CallOptions<'_>,
) -> Result<Vec<f64>, ToolError> {
    let arguments = [
        "-select_streams",
        "v:0",
        "-show_entries",
        "packet=pts_time",
        "-of",
        "csv=p=0",
    ];
    let output = tools.run_ffprobe(&arguments, path, watch)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut times: Vec<f64> = text
        .lines()
        .filter_map(|line| line.trim_end_matches(',').parse().ok())
        .collect();
    // ffprobe prints packets in the order in which they are decoded.
    times.sort_by(f64::total_cmp);
    Ok(times)
}

/// Decodes every frame to a small grey picture, and reports the number of frames to `progress`.
///
/// # Errors
/// Fails if the file cannot be decoded to its end without an error.
pub fn decode_video_stats(
    tools: &FfmpegTools,
    path: &Path,
    watch: CallOptions<'_>,
    mut progress: impl FnMut(usize) + Send,
) -> Result<DecodedVideoStats, ToolError> {
    let mut statistics = FrameStatistics::default();
    decode_without_errors(tools, path, SAMPLE_FRAME_SIZE, watch, |bytes| {
        statistics.push_bytes(bytes);
        progress(statistics.frames);
    })?;
    Ok(statistics.summarize_video())
}

/// Decodes every frame of a film of pictures of this size to the small grey picture of
/// [`GreyFilm`].
///
/// # Errors
/// Fails if the file cannot be decoded to its end without an error.
pub fn decode_grey_film(
    tools: &FfmpegTools,
    path: &Path,
    size: PixelSize,
    watch: CallOptions<'_>,
) -> Result<GreyFilm, ToolError> {
    let mut film = GreyFilm::for_pictures_of(size);
    let sample_size = film.sample_size();
    decode_without_errors(tools, path, sample_size, watch, |bytes| {
        film.push_values(bytes);
    })?;
    Ok(film)
}

fn decode_without_errors(
    tools: &FfmpegTools,
    path: &Path,
    size: PixelSize,
    watch: CallOptions<'_>,
    sink: impl FnMut(&[u8]) + Send,
) -> Result<(), ToolError> {
    let log = tools.decode_grey(path, size, watch, sink)?;
    match logged_error(&log) {
        Some(line) => Err(ToolError::Unreadable {
            path: path.to_owned(),
            why: line.to_owned(),
        }),
        None => Ok(()),
    }
}

/// Returns the first error in a log of ffmpeg.
pub(super) fn logged_error(log: &str) -> Option<&str> {
    // ffmpeg goes on after some errors and ends with 0. Its log is the only sign of them.
    log.lines()
        .find(|line| line.contains("[error]") || line.contains("[fatal]"))
}

/// One packet of a video stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoPacket {
    /// Whether it is decoded without others.
    pub is_key: bool,
    /// The digest of its bytes, as ffprobe prints it.
    pub digest: String,
}

/// Returns the packets of a film, in the order in which they are decoded.
///
/// # Errors
/// Fails if ffprobe cannot read the file.
pub fn film_packets(
    tools: &FfmpegTools,
    path: &Path,
    watch: CallOptions<'_>,
) -> Result<Vec<VideoPacket>, ToolError> {
    read_packets(tools, &[], path, watch)
}

/// Returns the packets of the segments of an ffconcat file, as they are in the segments.
///
/// # Errors
/// Fails if ffprobe cannot read a file.
pub fn listed_packets(
    tools: &FfmpegTools,
    list: &Path,
    watch: CallOptions<'_>,
) -> Result<Vec<VideoPacket>, ToolError> {
    // Without this option, the demuxer rewrites packets of H.264 for the joined stream.
    let arguments = ["-f", "concat", "-safe", "0", "-auto_convert", "0"];
    read_packets(tools, &arguments, list, watch)
}

fn read_packets(
    tools: &FfmpegTools,
    input: &[&str],
    path: &Path,
    watch: CallOptions<'_>,
) -> Result<Vec<VideoPacket>, ToolError> {
    let entries = [
        "-show_data_hash",
        "md5",
        "-show_entries",
        "packet=flags,data_hash",
    ];
    let arguments = [
        input,
        &["-select_streams", "v:0"],
        &entries,
        &["-of", "csv=p=0"],
    ]
    .concat();
    let output = tools.run_ffprobe(&arguments, path, watch)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let packet = |line: &str| {
        let (flags, digest) = line.split_once(',')?;
        Some(VideoPacket {
            is_key: flags.starts_with('K'),
            digest: digest.to_owned(),
        })
    };
    Ok(text.lines().filter_map(packet).collect())
}

/// Accumulates statistics of grey pictures. Pieces may end anywhere in a frame.
#[derive(Default)]
struct FrameStatistics {
    first: Vec<u8>,
    current: Vec<u8>,
    frames: usize,
    sum: u64,
    peak: u8,
    moved: bool,
}

impl FrameStatistics {
    fn push_bytes(&mut self, mut bytes: &[u8]) {
        let length = (SAMPLE_FRAME_SIZE.width * SAMPLE_FRAME_SIZE.height) as usize;
        while !bytes.is_empty() {
            let (now, rest) = bytes.split_at(bytes.len().min(length - self.current.len()));
            self.current.extend_from_slice(now);
            bytes = rest;
            if self.current.len() == length {
                self.finish_frame();
            }
        }
    }

    fn finish_frame(&mut self) {
        self.frames += 1;
        self.sum += self
            .current
            .iter()
            .map(|value| u64::from(*value))
            .sum::<u64>();
        self.peak = self
            .peak
            .max(self.current.iter().copied().max().unwrap_or(0));
        // Compared with the first frame and not the one before: a slow change counts as movement,
        // too.
        if self.frames == 1 {
            self.first.clone_from(&self.current);
        }
        self.moved |= self.first != self.current;
        self.current.clear();
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "sums of bytes stay far below 2^52"
    )]
    fn summarize_video(&self) -> DecodedVideoStats {
        let values =
            (self.frames * (SAMPLE_FRAME_SIZE.width * SAMPLE_FRAME_SIZE.height) as usize).max(1);
        let brightness = self.sum as f64 / values as f64 / 255.0;
        DecodedVideoStats {
            frames: self.frames,
            brightness,
            peak: f64::from(self.peak) / 255.0,
            frozen: self.frames > 1 && !self.moved,
        }
    }
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "test patterns")]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_any_length_are_the_same_frames() {
        let frames: Vec<u8> = (0..3 * 64 * 36)
            .map(|i| (i / (64 * 36) * 40) as u8)
            .collect();
        let watch = |piece: usize| {
            let mut viewer = FrameStatistics::default();
            frames
                .chunks(piece)
                .for_each(|bytes| viewer.push_bytes(bytes));
            viewer.summarize_video()
        };
        assert_eq!(watch(1), watch(5000));
        assert_eq!((watch(7).frames, watch(7).frozen), (3, false));
    }
}
