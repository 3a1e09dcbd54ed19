//! Films as sources: measured without decoding, and read picture by picture as light.

use super::LinearImage;
use super::ffmpeg::film_span::FILM_FORMATS;
use super::ffmpeg::{FfmpegTools, ToolError};
use super::film_memory::FilmMemory;
use super::image_types::expect_memory;
use super::integrity::check_film_complete;
use super::tone::srgb_to_linear;
use crate::model::footage::{FilmFacts, FilmReading};
use crate::model::{FilmPart, FrameRate, PixelSize};
use crate::process::CallOptions;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;

/// Transfer functions of screens of high dynamic range, as ffprobe names them.
const HDR_TRANSFERS: [&str; 2] = ["smpte2084", "arib-std-b67"];

/// By how much the number of pictures of a steady film may differ from its length: two pictures,
/// or this part of them.
const STEADY_TOLERANCE: f64 = 0.002;

#[derive(Deserialize)]
struct FilmProbe {
    #[serde(default)]
    streams: Vec<FilmProbeStream>,
    #[serde(default)]
    format: FilmProbeContainer,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct FilmProbeContainer {
    start_time: String,
    duration: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct FilmProbeStream {
    width: u32,
    height: u32,
    sample_aspect_ratio: String,
    color_space: String,
    color_transfer: String,
    r_frame_rate: String,
    avg_frame_rate: String,
    start_time: String,
    duration: String,
    nb_frames: String,
    nb_read_packets: String,
    side_data_list: Vec<FilmProbeSideData>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct FilmProbeSideData {
    rotation: f64,
}

/// Arguments of ffprobe for films.
const PROBE_ENTRIES: &str = "stream=width,height,sample_aspect_ratio,color_space,color_transfer,r_frame_rate,\
                             avg_frame_rate,start_time,duration,nb_frames,nb_read_packets:\
                             stream_side_data=rotation:format=start_time,duration";

/// Returns what is remembered of the films of the production in `root`.
#[must_use]
pub fn load_film_memory(
    tools: &FfmpegTools,
    cache_folder: &Path,
    root: &Path,
) -> Option<FilmMemory> {
    let question = format!("{FILM_FORMATS} {PROBE_ENTRIES}");
    FilmMemory::load(cache_folder, root, &tools.ffprobe, &question)
}

/// Measures a film from its header, unless `memory` has the answer. `path` is its path in the
/// production.
///
/// # Errors
/// Fails if ffprobe cannot read the file, or if it has no pictures.
pub fn survey_film(
    tools: &FfmpegTools,
    root: &Path,
    path: &Path,
    memory: Option<&FilmMemory>,
    watch: CallOptions<'_>,
) -> Result<FilmFacts, ToolError> {
    let place = root.join(path);
    let stamp = memory.and_then(|memory| memory.film_stamp(path));
    let recalled = memory.and_then(|memory| memory.recall(path, stamp));
    let report = match recalled.and_then(|answer| parse_answer(answer.as_bytes())) {
        Some(report) => report,
        None => {
            let answer = ask_ffprobe(tools, &place, watch)?;
            let report = read_answer(&answer, &place)?;
            if let Some(memory) = memory {
                memory.remember(path, stamp, &answer);
            }
            report
        }
    };
    let facts = film_facts(&report, path).ok_or_else(|| ToolError::Unreadable {
        path: place.clone(),
        why: "it has no pictures, or does not say at what rate".to_owned(),
    })?;
    Ok(FilmFacts {
        cut_short: check_film_complete(&place).err(),
        ..facts
    })
}

/// Returns what ffprobe prints about a film.
fn ask_ffprobe(
    tools: &FfmpegTools,
    place: &Path,
    watch: CallOptions<'_>,
) -> Result<Vec<u8>, ToolError> {
    let answer = run_probe(tools, place, &[], watch)?;
    let report = read_answer(&answer, place)?;
    // Matroska and raw streams do not say how many pictures they have. Counting them reads the
    // whole file, so it is done only for these.
    let stream = report.streams.first();
    if stream.is_some_and(|stream| stream.nb_frames.parse::<usize>().is_err()) {
        run_probe(tools, place, &["-count_packets"], watch)
    } else {
        Ok(answer)
    }
}

fn run_probe(
    tools: &FfmpegTools,
    place: &Path,
    more: &[&str],
    watch: CallOptions<'_>,
) -> Result<Vec<u8>, ToolError> {
    let fixed = [
        "-format_whitelist",
        FILM_FORMATS,
        "-select_streams",
        "v:0",
        "-show_entries",
        PROBE_ENTRIES,
        "-of",
        "json",
    ];
    let output = tools.run_ffprobe(&[more, &fixed].concat(), place, watch)?;
    Ok(output.stdout)
}

fn read_answer(answer: &[u8], place: &Path) -> Result<FilmProbe, ToolError> {
    parse_answer(answer).ok_or_else(|| ToolError::Unreadable {
        path: place.to_owned(),
        why: "ffprobe gave no answer that can be read".to_owned(),
    })
}

fn parse_answer(answer: &[u8]) -> Option<FilmProbe> {
    serde_json::from_slice(answer).ok()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "counts of pictures, and sides that are clamped"
)]
fn film_facts(report: &FilmProbe, path: &Path) -> Option<FilmFacts> {
    let stream = report.streams.first()?;
    let counted = stream.nb_frames.parse().or(stream.nb_read_packets.parse());
    let pictures: usize = counted.ok().filter(|count| *count > 0)?;
    let seconds = |text: &str| text.parse::<f64>().ok().filter(|time| time.is_finite());
    let nominal = FrameRate::parse(&stream.r_frame_rate);
    let average = FrameRate::parse(&stream.avg_frame_rate);
    let rate = nominal.or(average)?;
    let duration = seconds(&stream.duration).or_else(|| seconds(&report.format.duration));
    // The rate that ffprobe gives is the lowest that fits every time stamp. A film whose rate
    // changes has far fewer pictures than that rate gives.
    let expected = duration.map(|duration| duration * rate.as_f64());
    let is_steady = nominal.is_some()
        && expected.is_none_or(|expected| {
            let allowed = (expected * STEADY_TOLERANCE).max(2.0);
            (expected - pictures as f64).abs() <= allowed
        });
    let rate = if is_steady {
        rate
    } else {
        average.unwrap_or(rate)
    };
    let pictures = match duration.filter(|_| !is_steady) {
        Some(duration) => (duration * rate.as_f64()).round().max(1.0) as usize,
        None => pictures,
    };
    let first = seconds(&stream.start_time).unwrap_or(0.0);
    Some(FilmFacts {
        path: path.to_owned(),
        size: shown_size(stream)?,
        rate,
        pictures,
        reading: FilmReading {
            first,
            file_start: seconds(&report.format.start_time).unwrap_or(first),
            is_steady,
            is_untagged: matches!(&*stream.color_space, "" | "unknown" | "reserved"),
        },
        is_hdr: HDR_TRANSFERS.contains(&&*stream.color_transfer),
        cut_short: None,
    })
}

/// Returns the size as players show it: pixels made square, and turned as the file asks.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a side is clamped to what a picture may have"
)]
fn shown_size(stream: &FilmProbeStream) -> Option<PixelSize> {
    let (across, down) = stream
        .sample_aspect_ratio
        .split_once(':')
        .and_then(|(across, down)| Some((across.parse::<f64>().ok()?, down.parse::<f64>().ok()?)))
        // `0:1` is unknown.
        .filter(|(across, down)| *across > 0.0 && *down > 0.0)
        .unwrap_or((1.0, 1.0));
    let limit = f64::from(crate::model::codec::MAX_SIDE_PIXELS);
    let width = (f64::from(stream.width) * across / down)
        .round()
        .clamp(0.0, limit) as u32;
    let size = PixelSize::new(width, stream.height);
    let is_upright = stream
        .side_data_list
        .iter()
        .all(|data| (data.rotation.abs() % 180.0) < 45.0);
    let turned = PixelSize::new(size.height, size.width);
    let shown = if is_upright { size } else { turned };
    (shown.width > 0 && shown.height > 0).then_some(shown)
}

/// Reads the pictures that `part` takes, each once and in the order of the film, as light. `take`
/// gets each with its index.
///
/// # Errors
/// Fails if the film cannot be decoded, ends too early, or with the error of `take`.
pub fn read_film_pictures<E: From<ToolError> + Send>(
    tools: &FfmpegTools,
    path: &Path,
    part: &FilmPart,
    watch: CallOptions<'_>,
    mut take: impl FnMut(u64, &LinearImage) -> Result<(), E> + Send,
) -> Result<(), E> {
    let no_memory = |error: super::PictureError| ToolError::Unreadable {
        path: path.to_owned(),
        why: error.to_string(),
    };
    expect_memory(path, part.size).map_err(no_memory)?;
    let mut frames = FrameSplitter::new(part);
    let wanted = frames.wanted.len();
    let mut outcome = Ok(());
    tools
        .decode_pictures(path, part, watch, |bytes| {
            // ffmpeg writes on after an error, which must stay the first one.
            if outcome.is_ok() {
                outcome = frames.push_bytes(bytes, &mut take);
            }
        })
        .map_err(E::from)?;
    outcome?;
    if frames.wanted.is_empty() {
        return Ok(());
    }
    Err(E::from(ToolError::Unreadable {
        path: path.to_owned(),
        why: format!(
            "it ends after {} of the {wanted} pictures that the shot shows",
            wanted - frames.wanted.len()
        ),
    }))
}

/// Puts the bytes of ffmpeg together to pictures.
struct FrameSplitter {
    size: PixelSize,
    frame_bytes: usize,
    held: Vec<u8>,
    /// Index in the film of the next picture.
    next: u64,
    /// Indices of the pictures that are still to come.
    wanted: BTreeSet<u64>,
}

impl FrameSplitter {
    fn new(part: &FilmPart) -> Self {
        let pixels = usize::try_from(part.size.pixel_count()).unwrap_or(usize::MAX);
        let wanted: BTreeSet<u64> = part.pictures.iter().copied().collect();
        Self {
            size: part.size,
            frame_bytes: pixels.saturating_mul(6),
            held: Vec::new(),
            next: wanted.first().copied().unwrap_or_default(),
            wanted,
        }
    }

    fn push_bytes<E>(
        &mut self,
        mut bytes: &[u8],
        take: &mut impl FnMut(u64, &LinearImage) -> Result<(), E>,
    ) -> Result<(), E> {
        while !bytes.is_empty() {
            let missing = (self.frame_bytes - self.held.len()).min(bytes.len());
            let (now, later) = bytes.split_at(missing);
            self.held.extend_from_slice(now);
            bytes = later;
            if self.held.len() == self.frame_bytes {
                if self.wanted.remove(&self.next) {
                    take(self.next, &linear_image(self.size, &self.held))?;
                }
                self.next += 1;
                self.held.clear();
            }
        }
        Ok(())
    }
}

/// Returns the light of a picture in `rgb48le`, whose values are those of sRGB.
// Films are tagged BT.709, whose curve is not that of sRGB. Screens show both with about the same
// gamma, and the films that this program makes carry sRGB values under that tag, so a film that
// comes back in is unchanged.
fn linear_image(size: PixelSize, bytes: &[u8]) -> LinearImage {
    // `powf` for every channel of every pixel is slow.
    static TABLE: OnceLock<Vec<f32>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        (0..=u16::MAX)
            .map(|value| srgb_to_linear(f32::from(value) / 65535.0))
            .collect()
    });
    let channel = |pair: &[u8]| table[usize::from(u16::from_le_bytes([pair[0], pair[1]]))];
    let pixels = bytes
        .chunks_exact(6)
        .map(|pixel| {
            [
                channel(&pixel[..2]),
                channel(&pixel[2..4]),
                channel(&pixel[4..]),
            ]
        })
        .collect();
    LinearImage { size, pixels }
}
