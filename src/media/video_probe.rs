//! Measures video files: the container by ffprobe, the frames by decoding all of them.

use super::ffmpeg::{DecoderThreads, FfmpegTools, ToolError};
use super::grey_film::GreyFilm;
use crate::base::Digest;
use crate::model::{FrameRate, PixelSize};
use crate::process::CallOptions;
use serde::{Deserialize, Serialize};
use serde_json::Value;
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
    /// Counted by ffprobe. Empty: the packets themselves were listed.
    #[serde(default)]
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
        // Only the first stream: a film of this program has one.
        .ok_or_else(|| unreadable("it has no video".to_owned()))?;
    // Matroska has no duration of its streams, only of the file.
    if stream.duration.is_empty() {
        stream.duration = report.format.duration;
    }
    video_facts(&stream)
        .ok_or_else(|| unreadable("ffprobe gave no rate, count or duration".to_owned()))
}

/// Returns the facts of a stream as ffprobe printed it, whose packets were counted here.
pub(super) fn video_from_probe(
    stream: Value,
    format: &Value,
    packets: usize,
) -> Result<VideoFacts, String> {
    let mut stream: ProbeStream =
        serde_json::from_value(stream).map_err(|error| error.to_string())?;
    if stream.duration.is_empty() {
        let whole = format.get("duration").and_then(Value::as_str);
        whole.unwrap_or_default().clone_into(&mut stream.duration);
    }
    stream.nb_read_packets = packets.to_string();
    video_facts(&stream).ok_or_else(|| "ffprobe gave no rate or duration".to_owned())
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
    let mut viewer = FrameViewer::new(SAMPLE_FRAME_SIZE);
    let threads = DecoderThreads::Many;
    decode_without_errors(tools, path, SAMPLE_FRAME_SIZE, threads, watch, |bytes| {
        viewer.push_bytes(bytes);
        progress(viewer.pictures);
    })?;
    Ok(viewer.finish().summarize_video())
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
    // Many segments are decoded at once by jobs of their own.
    let threads = DecoderThreads::One;
    decode_without_errors(tools, path, sample_size, threads, watch, |bytes| {
        film.push_values(bytes);
    })?;
    Ok(film)
}

/// Returns a digest of each decoded picture of a film.
///
/// # Errors
/// Fails if the film cannot be decoded to its end without an error.
pub fn picture_digests(
    tools: &FfmpegTools,
    path: &Path,
    watch: CallOptions<'_>,
) -> Result<Vec<String>, ToolError> {
    let mut text = Vec::new();
    let log = tools.digest_pictures(path, watch, |bytes| text.extend_from_slice(bytes))?;
    expect_no_errors(path, &log)?;
    let text = String::from_utf8_lossy(&text);
    // The lines above the digests are a head.
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let digests = lines.filter_map(|line| line.rsplit(',').next());
    Ok(digests.map(|digest| digest.trim().to_owned()).collect())
}

fn decode_without_errors(
    tools: &FfmpegTools,
    path: &Path,
    size: PixelSize,
    threads: DecoderThreads,
    watch: CallOptions<'_>,
    sink: impl FnMut(&[u8]) + Send,
) -> Result<(), ToolError> {
    let log = tools.decode_grey(path, size, threads, watch, sink)?;
    expect_no_errors(path, &log)
}

fn expect_no_errors(path: &Path, log: &str) -> Result<(), ToolError> {
    match logged_error(log) {
        Some(line) => Err(ToolError::Unreadable {
            path: path.to_owned(),
            why: line.to_owned(),
        }),
        None => Ok(()),
    }
}

/// Returns the first error in a log of ffmpeg.
pub(super) fn logged_error(log: &str) -> Option<&str> {
    // ffmpeg continues after some errors and ends with 0. Its log is the only sign of them.
    log.lines()
        .find(|line| line.contains("[error]") || line.contains("[fatal]"))
}

/// One packet of a video stream.
#[derive(Debug, Clone, PartialEq)]
pub struct VideoPacket {
    /// Whether it is decoded without others.
    pub is_key: bool,
    /// The digest of its bytes, as ffprobe prints it.
    pub digest: String,
    /// When it is shown, in seconds. `None`: it is not known.
    pub time: Option<f64>,
}

/// Returns the packets of the segments of an ffconcat file, as they are in the segments, in the
/// order in which they are decoded and without their times.
///
/// # Errors
/// Fails if ffprobe cannot read a file.
pub fn listed_packets(
    tools: &FfmpegTools,
    list: &Path,
    watch: CallOptions<'_>,
) -> Result<Vec<VideoPacket>, ToolError> {
    // Without `-auto_convert 0`, the demuxer rewrites packets of H.264 for the joined stream.
    let arguments = [
        ["-f", "concat"],
        ["-safe", "0"],
        ["-auto_convert", "0"],
        ["-select_streams", "v:0"],
        ["-show_data_hash", "md5"],
        ["-show_entries", "packet=flags,data_hash"],
        ["-of", "csv=p=0"],
    ];
    let output = tools.run_ffprobe(arguments.as_flattened(), list, watch)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let packet = |line: &str| {
        let (flags, digest) = line.split_once(',')?;
        Some(VideoPacket {
            is_key: flags.starts_with('K'),
            digest: digest.to_owned(),
            time: None,
        })
    };
    Ok(text.lines().filter_map(packet).collect())
}

/// Sums over decoded pictures, which can be added for parts of a film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureSums {
    /// Number of pictures.
    pictures: usize,
    /// Number of grey values of all of them.
    values: u64,
    /// Sum of the grey values.
    sum: u64,
    /// The brightest grey value.
    peak: u8,
    /// Digest of the first small picture.
    first: Digest,
    /// Whether all small pictures are as the first.
    is_still: bool,
}

impl PictureSums {
    /// Returns the sums of all pictures of a film.
    #[must_use]
    pub fn of_film(film: &GreyFilm) -> Self {
        let mut viewer = FrameViewer::new(film.sample_size());
        viewer.push_bytes(film.values());
        viewer.finish()
    }

    /// Returns the number of pictures.
    #[must_use]
    pub const fn picture_count(&self) -> usize {
        self.pictures
    }

    /// Returns the sums of this part of a film and the part after it.
    #[must_use]
    pub fn followed_by(self, next: &Self) -> Self {
        Self {
            pictures: self.pictures.saturating_add(next.pictures),
            values: self.values.saturating_add(next.values),
            sum: self.sum.saturating_add(next.sum),
            peak: self.peak.max(next.peak),
            first: self.first,
            is_still: self.is_still && next.is_still && self.first == next.first,
        }
    }

    /// Returns what the sums say of the film.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "sums of bytes stay far below 2^52"
    )]
    pub fn summarize_video(&self) -> DecodedVideoStats {
        DecodedVideoStats {
            frames: self.pictures,
            brightness: self.sum as f64 / self.values.max(1) as f64 / 255.0,
            peak: f64::from(self.peak) / 255.0,
            frozen: self.pictures > 1 && self.is_still,
        }
    }
}

/// Adds up grey pictures as they come. Pieces may end anywhere in a picture.
struct FrameViewer {
    /// Values of one picture.
    length: usize,
    first: Vec<u8>,
    current: Vec<u8>,
    pictures: usize,
    sum: u64,
    peak: u8,
    is_still: bool,
}

impl FrameViewer {
    fn new(size: PixelSize) -> Self {
        Self {
            length: (size.width as usize * size.height as usize).max(1),
            first: Vec::new(),
            current: Vec::new(),
            pictures: 0,
            sum: 0,
            peak: 0,
            is_still: true,
        }
    }

    fn push_bytes(&mut self, mut bytes: &[u8]) {
        // A pipe gives pieces of any length, and a picture may be in several of them.
        while !bytes.is_empty() {
            let (now, rest) = bytes.split_at(bytes.len().min(self.length - self.current.len()));
            self.current.extend_from_slice(now);
            bytes = rest;
            if self.current.len() == self.length {
                self.finish_picture();
            }
        }
    }

    fn finish_picture(&mut self) {
        self.pictures += 1;
        let values = &self.current;
        self.sum += values.iter().map(|value| u64::from(*value)).sum::<u64>();
        self.peak = values.iter().copied().fold(self.peak, u8::max);
        // Compared with the first picture and not the one before: a slow change counts as movement,
        // too.
        if self.pictures == 1 {
            self.first.clone_from(&self.current);
        }
        self.is_still &= self.first == self.current;
        self.current.clear();
    }

    fn finish(self) -> PictureSums {
        PictureSums {
            pictures: self.pictures,
            values: self.pictures as u64 * self.length as u64,
            sum: self.sum,
            peak: self.peak,
            first: Digest::hash_bytes(&self.first),
            is_still: self.is_still,
        }
    }
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "test patterns")]
mod tests {
    use super::*;

    #[test]
    fn sums_of_parts_are_those_of_the_whole() {
        let size = PixelSize::new(96, 54);
        let film = |shades: &[u8]| {
            let mut film = GreyFilm::for_pictures_of(size);
            for shade in shades {
                film.push_values(&[*shade; 64 * 36]);
            }
            film
        };
        for (one, other) in [
            (&[9_u8, 9][..], &[9, 9][..]),
            (&[9, 9], &[7, 7]),
            (&[9], &[250, 3, 1]),
        ] {
            let parts =
                PictureSums::of_film(&film(one)).followed_by(&PictureSums::of_film(&film(other)));
            let whole = [one, other].concat();
            assert_eq!(parts, PictureSums::of_film(&film(&whole)));
            assert_eq!(parts.picture_count(), whole.len());
            let frozen = whole.iter().all(|shade| *shade == whole[0]);
            assert_eq!(parts.summarize_video().frozen, frozen);
        }
    }

    #[test]
    fn pieces_of_any_length_are_the_same_frames() {
        let frames: Vec<u8> = (0..3 * 64 * 36)
            .map(|i| (i / (64 * 36) * 40) as u8)
            .collect();
        let watch = |piece: usize| {
            let mut viewer = FrameViewer::new(SAMPLE_FRAME_SIZE);
            frames
                .chunks(piece)
                .for_each(|bytes| viewer.push_bytes(bytes));
            viewer.finish().summarize_video()
        };
        assert_eq!(watch(1), watch(5000));
        assert_eq!((watch(7).frames, watch(7).frozen), (3, false));
    }
}
