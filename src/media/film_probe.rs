//! Measures a whole film by one call of ffprobe: its pictures with every packet, its sound and its
//! timecode.
//!
//! Starting ffprobe takes as long as reading a short film, so what several checks compare is read
//! once.

use super::ffmpeg::{FfmpegTools, ToolError};
use super::sound_probe::{self, SoundFacts};
use super::video_probe::{self, VideoFacts, VideoPacket};
use crate::process::CallOptions;
use serde::Deserialize;
use serde_json::Value;
use std::path::Path;

/// What one call of ffprobe reports of a film. Nothing was decoded.
#[derive(Debug, Clone, PartialEq)]
pub struct FilmReport {
    /// Its first video stream.
    pub video: VideoFacts,
    /// Digest of what the decoder of the video is set up with, as ffprobe prints it. Empty: the
    /// stream has none.
    pub setup_digest: String,
    /// The packets of the video, in the order in which they are decoded.
    pub packets: Vec<VideoPacket>,
    /// Its first sound. `None`: it is silent.
    pub sound: Option<SoundFacts>,
    /// Timecode of its first frame. `None`: it has none.
    pub timecode: Option<String>,
}

/// What ffprobe prints: streams, file and packets.
// QuickTime and MP4 have the timecode in a track of its own, MXF and Matroska in the file.
const ENTRIES: &str = "stream=index,codec_type,codec_name,profile,pix_fmt,color_space,color_primaries,\
    color_transfer,color_range,width,height,r_frame_rate,avg_frame_rate,duration,extradata_hash,channels,\
    sample_rate,start_time,sample_aspect_ratio:stream_side_data=rotation:\
    stream_tags=timecode,language,DURATION:format=duration,format_name:format_tags=timecode:\
    packet=stream_index,flags,pts_time,data_hash";

#[derive(Deserialize)]
struct FilmProbeReport {
    #[serde(default)]
    packets: Vec<PacketEntry>,
    #[serde(default)]
    streams: Vec<StreamEntry>,
    #[serde(default)]
    format: Value,
}

#[derive(Deserialize)]
struct PacketEntry {
    #[serde(default)]
    stream_index: Option<u64>,
    #[serde(default)]
    pts_time: Option<String>,
    #[serde(default)]
    flags: String,
    #[serde(default)]
    data_hash: String,
}

#[derive(Deserialize)]
struct StreamEntry {
    index: u64,
    #[serde(default)]
    codec_type: String,
    #[serde(default)]
    extradata_hash: String,
    #[serde(default)]
    sample_aspect_ratio: String,
    #[serde(default)]
    side_data_list: Vec<SideData>,
    #[serde(default)]
    tags: Value,
    /// The rest, which depends on the kind of the stream.
    #[serde(flatten)]
    facts: serde_json::Map<String, Value>,
}

#[derive(Deserialize)]
struct SideData {
    #[serde(default)]
    rotation: f64,
}

/// Measures the first video, the first sound and the timecode of a film without decoding them.
///
/// # Errors
/// Fails if ffprobe cannot read the file, if it has no video, or if a player would show something else
/// than the pictures of its video: turned, stretched, left out, or those of another one.
pub fn probe_film(
    tools: &FfmpegTools,
    path: &Path,
    watch: CallOptions<'_>,
) -> Result<FilmReport, ToolError> {
    let arguments = [
        "-show_data_hash",
        "md5",
        "-show_entries",
        ENTRIES,
        "-of",
        "json=compact=1",
    ];
    let output = tools.run_ffprobe(&arguments, path, watch)?;
    read_report(&output.stdout).map_err(|why| ToolError::Unreadable {
        path: path.to_owned(),
        why,
    })
}

fn read_report(text: &[u8]) -> Result<FilmReport, String> {
    let report: FilmProbeReport =
        serde_json::from_slice(text).map_err(|error| error.to_string())?;
    let first = |kind: &str| {
        let mut streams = report.streams.iter();
        streams.find(|stream| stream.codec_type == kind)
    };
    let video = first("video").ok_or("it has no video")?;
    require_plain_display(&report, video)?;
    let packets = video_packets(report.packets, video.index);
    let sound = first("audio").map(|stream| {
        let facts = with_tags(stream);
        sound_probe::sound_from_probe(facts, report.format.clone())
    });
    Ok(FilmReport {
        video: video_probe::video_from_probe(with_tags(video), &report.format, packets.len())?,
        setup_digest: video.extradata_hash.clone(),
        timecode: first_timecode(&report.streams, &report.format),
        packets,
        sound: sound.transpose()?,
    })
}

/// Refuses what changes the look of a film and is in none of its packets.
fn require_plain_display(report: &FilmProbeReport, video: &StreamEntry) -> Result<(), String> {
    // A stream for networks has a video in each of its sizes.
    let is_network_stream = report.format["format_name"] == "hls";
    let streams = report.streams.iter();
    let videos = streams
        .filter(|stream| stream.codec_type == "video")
        .count();
    if videos > 1 && !is_network_stream {
        return Err(format!("it has {videos} videos"));
    }
    let shape = video.sample_aspect_ratio.as_str();
    // ffprobe writes `0:1` for a shape that it does not know.
    if !["", "N/A", "0:1", "1:1"].contains(&shape) {
        return Err(format!("its pixels are not square, but {shape}"));
    }
    if let Some(turned) = video
        .side_data_list
        .iter()
        .find(|data| data.rotation.abs() > f64::EPSILON)
    {
        return Err(format!("it is turned by {} degrees", turned.rotation));
    }
    let mut packets = report.packets.iter();
    // ffprobe marks a packet with `D` that is decoded and not shown.
    let is_left_out = |packet: &PacketEntry| {
        packet.stream_index == Some(video.index) && packet.flags.contains('D')
    };
    match packets.any(is_left_out) {
        true => Err("a picture of it is not shown".to_owned()),
        false => Ok(()),
    }
}

fn with_tags(stream: &StreamEntry) -> Value {
    let mut facts = stream.facts.clone();
    if !stream.tags.is_null() {
        facts.insert("tags".to_owned(), stream.tags.clone());
    }
    Value::Object(facts)
}

fn video_packets(packets: Vec<PacketEntry>, stream: u64) -> Vec<VideoPacket> {
    packets
        .into_iter()
        .filter(|packet| packet.stream_index == Some(stream))
        .map(|packet| VideoPacket {
            is_key: packet.flags.starts_with('K'),
            time: packet.pts_time.and_then(|time| time.parse().ok()),
            digest: packet.data_hash,
        })
        .collect()
}

fn first_timecode(streams: &[StreamEntry], format: &Value) -> Option<String> {
    let of_file = format.get("tags").unwrap_or(&Value::Null);
    let mut tags = streams
        .iter()
        .map(|stream| &stream.tags)
        .chain([of_file])
        .filter_map(Value::as_object)
        .flatten();
    // Names of tags differ in case.
    tags.find(|(name, _)| name.eq_ignore_ascii_case("timecode"))
        .and_then(|(_, value)| Some(value.as_str()?.trim().to_owned()))
}

/// Returns the place of each packet in the order of display. `None`: one has no time, or two have
/// the same.
#[must_use]
pub fn display_places(packets: &[VideoPacket]) -> Option<Vec<usize>> {
    let times: Option<Vec<f64>> = packets.iter().map(|packet| packet.time).collect();
    let times = times?;
    let mut order: Vec<usize> = (0..times.len()).collect();
    order.sort_by(|one, other| times[*one].total_cmp(&times[*other]));
    if order
        .windows(2)
        .any(|pair| times[pair[0]] >= times[pair[1]])
    {
        return None;
    }
    let mut places = vec![0; order.len()];
    for (place, packet) in order.into_iter().enumerate() {
        places[packet] = place;
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FrameRate, PixelSize};

    const REPORT: &str = r#"{
        "packets": [
            {"stream_index": 1, "pts_time": "-0.021333", "flags": "KD", "data_hash": "MD5:s"},
            {"stream_index": 0, "pts_time": "0.000000", "flags": "K_", "data_hash": "MD5:a"},
            {"stream_index": 0, "pts_time": "0.120000", "flags": "__", "data_hash": "MD5:b"},
            {"stream_index": 0, "pts_time": "0.040000", "flags": "__", "data_hash": "MD5:c"}
        ],
        "streams": [
            {"index": 0, "codec_name": "h264", "profile": "High", "codec_type": "video", "width": 640,
             "height": 360, "pix_fmt": "yuv420p", "r_frame_rate": "25/1", "avg_frame_rate": "25/1",
             "start_time": "0.000000", "extradata_hash": "MD5:x", "tags": {"language": "und"}},
            {"index": 1, "codec_name": "aac", "codec_type": "audio", "sample_rate": "48000",
             "channels": 2, "r_frame_rate": "0/0", "avg_frame_rate": "0/0", "duration": "0.128",
             "tags": {"language": "deu"}}
        ],
        "format": {"duration": "0.120000", "tags": {"TIMECODE": "01:00:00:00"}}
    }"#;

    #[test]
    fn one_report_has_pictures_sound_timecode_and_packets() {
        let report = read_report(REPORT.as_bytes()).unwrap();
        assert_eq!(report.video.size, PixelSize::new(640, 360));
        assert_eq!(report.video.rate, FrameRate::from_fps(25));
        // Counted from the packets of the video alone.
        assert_eq!(report.video.frames, 3);
        // Of the file, because the stream has none.
        assert!((report.video.duration - 0.12).abs() < 1e-9);
        assert_eq!(report.setup_digest, "MD5:x");
        assert_eq!(report.sound.unwrap().language.as_deref(), Some("deu"));
        assert_eq!(report.timecode.as_deref(), Some("01:00:00:00"));
        let keys: Vec<bool> = report.packets.iter().map(|packet| packet.is_key).collect();
        assert_eq!(keys, [true, false, false]);
        assert_eq!(display_places(&report.packets), Some(vec![0, 2, 1]));
    }

    #[test]
    fn what_is_no_film_is_refused() {
        let error = |text: &str| read_report(text.as_bytes()).unwrap_err();
        assert_eq!(error("{}"), "it has no video");
        assert!(error("").contains("EOF"));
        let video = r#"{"streams": [{"index": 0, "codec_type": "video", "codec_name": "h264"}]}"#;
        assert!(!error(video).is_empty());
    }

    #[test]
    fn a_film_that_is_shown_otherwise_is_refused() {
        assert!(read_report(REPORT.as_bytes()).is_ok());
        let video = "\"codec_type\": \"video\",";
        let second = "\"streams\": [{\"index\": 2, \"codec_type\": \"video\"},";
        let later = "\"streams\": [";
        for (from, to, why) in [
            (
                video,
                "\"codec_type\": \"video\", \"sample_aspect_ratio\": \"9:4\",",
                "its pixels are not square, but 9:4",
            ),
            (
                video,
                "\"codec_type\": \"video\", \"side_data_list\": [{}, {\"rotation\": -90}],",
                "it is turned by -90 degrees",
            ),
            (
                "\"flags\": \"__\"",
                "\"flags\": \"_D\"",
                "a picture of it is not shown",
            ),
            (later, second, "it has 2 videos"),
        ] {
            let text = REPORT.replacen(from, to, 1);
            assert_eq!(read_report(text.as_bytes()).unwrap_err(), why);
        }
        let square = REPORT.replacen(
            video,
            "\"codec_type\": \"video\", \"sample_aspect_ratio\": \"1:1\",",
            1,
        );
        assert!(read_report(square.as_bytes()).is_ok());
    }

    #[test]
    fn packets_without_an_order_have_no_places() {
        let packet = |time: Option<f64>| VideoPacket {
            is_key: true,
            digest: String::new(),
            time,
        };
        let places = |times: &[Option<f64>]| {
            let packets: Vec<_> = times.iter().map(|time| packet(*time)).collect();
            display_places(&packets)
        };
        assert_eq!(places(&[Some(0.0), Some(0.1)]), Some(vec![0, 1]));
        assert_eq!(places(&[Some(0.0), None]), None);
        assert_eq!(places(&[Some(0.1), Some(0.1)]), None);
        assert_eq!(places(&[]), Some(Vec::new()));
    }
}
