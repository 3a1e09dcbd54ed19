//! Writes Final Cut Pro XML, versions 1.8 to 1.10.
//!
//! Times are fractions of a second: frames times the length of a frame. What only we know is in
//! the metadata of clips and transitions, under keys that begin with `production.`.

use super::exchange_timeline::{
    ExchangeClip, ExchangeMarker, ExchangeMedia, ExchangeSound, ExchangeTimeline,
    ExchangeTransition,
};
use super::otio_writer::missing_media;
use super::transition_words::{transition_title, transition_word};
use super::xml_text::xml_escaped;
use crate::model::FrameRate;
use crate::model::cut::TransitionKind;
use std::collections::HashMap;
use std::fmt::Write;

/// The effect of Final Cut Pro for a dissolve.
const CROSS_DISSOLVE: &str = "FxPlug:4731E73A-8DAC-4113-9A30-AE85B1761265";

/// The version of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FcpxmlVersion {
    /// 1.8, of Final Cut Pro 10.4. Later programs read it, and many others read nothing newer.
    #[default]
    V1_8,
    /// 1.9, of Final Cut Pro 10.4.9.
    V1_9,
    /// 1.10, of Final Cut Pro 10.6.
    V1_10,
}

impl FcpxmlVersion {
    /// Returns the version of this number. `None`: it is not written.
    #[must_use]
    pub fn from_number(number: &str) -> Option<Self> {
        Some(match number {
            "1.8" => Self::V1_8,
            "1.9" => Self::V1_9,
            "1.10" => Self::V1_10,
            _ => return None,
        })
    }

    /// Returns its number.
    #[must_use]
    pub const fn number(self) -> &'static str {
        match self {
            Self::V1_8 => "1.8",
            Self::V1_9 => "1.9",
            Self::V1_10 => "1.10",
        }
    }
}

/// Returns the text of a timeline.
#[must_use]
pub fn fcpxml_text(timeline: &ExchangeTimeline, version: FcpxmlVersion) -> String {
    let mut writer = FcpxmlWriter {
        timeline,
        version,
        text: String::new(),
        assets: HashMap::new(),
    };
    writer.write_document();
    writer.text
}

struct FcpxmlWriter<'a> {
    timeline: &'a ExchangeTimeline,
    version: FcpxmlVersion,
    text: String,
    /// The id of the asset of each file.
    assets: HashMap<&'a str, String>,
}

impl<'a> FcpxmlWriter<'a> {
    fn push(&mut self, level: usize, line: &str) {
        let _ = writeln!(self.text, "{:width$}{line}", "", width = 2 * level);
    }

    fn write_document(&mut self) {
        self.push(0, r#"<?xml version="1.0" encoding="UTF-8"?>"#);
        self.push(0, "<!DOCTYPE fcpxml>");
        let number = self.version.number();
        self.push(0, &format!(r#"<fcpxml version="{number}">"#));
        self.write_resources();
        let name = xml_escaped(&self.timeline.name);
        self.push(1, &format!(r#"<project name="{name}">"#));
        let sequence = format!(
            r#"<sequence format="r1" duration="{}" tcStart="{}" tcFormat="{}">"#,
            self.time(frame_number(self.timeline.length())),
            self.time(self.start()),
            self.counting(),
        );
        self.push(2, &sequence);
        self.push(3, "<spine>");
        self.write_spine();
        self.push(3, "</spine>");
        self.push(2, "</sequence>");
        self.push(1, "</project>");
        self.push(0, "</fcpxml>");
    }

    const fn counting(&self) -> &'static str {
        if self.timeline.is_drop_frame {
            "DF"
        } else {
            "NDF"
        }
    }

    fn start(&self) -> i64 {
        i64::try_from(self.timeline.start).unwrap_or(i64::MAX)
    }

    fn time(&self, frames: i64) -> String {
        seconds_text(frames, self.timeline.rate)
    }

    /// Returns the time at which a frame of the film is, in the timecode of the sequence.
    fn film_time(&self, frame: usize) -> String {
        self.time(self.start().saturating_add(frame_number(frame)))
    }

    fn write_resources(&mut self) {
        self.push(1, "<resources>");
        let size = self.timeline.size.map_or_else(String::new, |size| {
            format!(r#" width="{}" height="{}""#, size.width, size.height)
        });
        let frame = self.time(1);
        let format = format!(
            r#"<format id="r1" frameDuration="{frame}"{size} colorSpace="1-1-1 (Rec. 709)"/>"#
        );
        self.push(2, &format);
        self.push(
            2,
            &format!(r#"<effect id="r2" name="Cross Dissolve" uid="{CROSS_DISSOLVE}"/>"#),
        );
        let timeline = self.timeline;
        for clip in &timeline.clips {
            if let Some(media) = &clip.media {
                let video = r#" hasVideo="1" format="r1""#;
                self.write_asset(media, &media_name(clip), video);
            }
        }
        for sound in &timeline.sounds {
            let audio = format!(
                r#" hasAudio="1" audioSources="1" audioChannels="2" audioRate="{}""#,
                sound.sample_rate
            );
            self.write_asset(&sound.media, &sound.name, &audio);
        }
        self.push(1, "</resources>");
    }

    /// Writes a file once, however many clips are parts of it.
    fn write_asset(&mut self, media: &'a ExchangeMedia, name: &str, kind: &str) {
        // Otherwise a film of which all clips are parts would be imported once for each clip.
        if self.assets.contains_key(media.url.as_str()) {
            return;
        }
        // From 3: the format and the effect have the first two.
        let id = format!("r{}", self.assets.len() + 3);
        let name = xml_escaped(name);
        let start = self.time(media.start);
        let duration = self.time(frame_number(media.length));
        let url = xml_escaped(&media_address(&media.url));
        let head = format!(
            r#"<asset id="{id}" name="{name}" start="{start}" duration="{duration}"{kind}"#
        );
        match self.version {
            FcpxmlVersion::V1_8 => self.push(2, &format!(r#"{head} src="{url}"/>"#)),
            FcpxmlVersion::V1_9 | FcpxmlVersion::V1_10 => {
                self.push(2, &format!("{head}>"));
                self.push(
                    3,
                    &format!(r#"<media-rep kind="original-media" src="{url}"/>"#),
                );
                self.push(2, "</asset>");
            }
        }
        self.assets.insert(&media.url, id);
    }

    fn write_spine(&mut self) {
        let timeline = self.timeline;
        let mut transitions = timeline.transitions.iter().peekable();
        let mut end = 0;
        for (index, clip) in timeline.clips.iter().enumerate() {
            if clip.start > end {
                self.write_gap("Gap", end, clip.start - end);
            }
            // A transition is between its clips, before the one that comes.
            while let Some(transition) = transitions.next_if(|each| each.cut <= clip.start) {
                self.write_transition(transition);
            }
            self.write_clip(clip, index == 0);
            end = clip.end();
        }
        transitions.for_each(|transition| self.write_transition(transition));
    }

    fn write_gap(&mut self, name: &str, start: usize, length: usize) {
        let name = xml_escaped(name);
        let offset = self.film_time(start);
        let duration = self.time(frame_number(length));
        let gap =
            format!(r#"<gap name="{name}" offset="{offset}" start="0s" duration="{duration}"/>"#);
        self.push(4, &gap);
    }

    fn write_clip(&mut self, clip: &ExchangeClip, is_first: bool) {
        let asset = clip
            .media
            .as_ref()
            .map(|media| &self.assets[media.url.as_str()]);
        let Some(asset) = asset else {
            // An asset must have a file.
            return self.write_gap(&clip.name, clip.start, clip.length);
        };
        let head = format!(
            r#"<asset-clip ref="{asset}" name="{}" offset="{}" start="{}" duration="{}" tcFormat="{}">"#,
            xml_escaped(&clip.name),
            self.film_time(clip.start),
            self.time(clip.source_start),
            self.time(frame_number(clip.length)),
            self.counting(),
        );
        self.push(4, &head);
        // A connected clip needs an item of the storyline, and the sound begins with the film.
        if is_first {
            let timeline = self.timeline;
            for (lane, sound) in (1..).zip(&timeline.sounds) {
                self.write_sound(sound, lane, clip);
            }
        }
        self.write_markers(clip);
        self.push(5, "<metadata>");
        self.push_metadata("shot", &clip.name);
        self.push_metadata("reel", &clip.reel);
        if let Some(offset) = clip.shot_offset {
            let source = clip.source_start;
            self.push_metadata("source_frame", &source.to_string());
            self.push_metadata("shot_frame", &source.saturating_add(offset).to_string());
        }
        self.push(5, "</metadata>");
        self.push(4, "</asset-clip>");
    }

    fn push_metadata(&mut self, key: &str, value: &str) {
        let value = xml_escaped(value);
        self.push(
            6,
            &format!(r#"<md key="production.{key}" value="{value}"/>"#),
        );
    }

    /// Writes a track of sound below the first clip, to which it is connected.
    fn write_sound(&mut self, sound: &ExchangeSound, lane: i64, clip: &ExchangeClip) {
        let asset = &self.assets[sound.media.url.as_str()];
        let connected = format!(
            r#"<asset-clip ref="{asset}" lane="{}" name="{}" offset="{}" start="{}" duration="{}" audioRole="{}"/>"#,
            // Lanes below 0 are drawn below the storyline, where editors expect sound.
            -lane,
            xml_escaped(&sound.name),
            self.time(clip.source_start),
            self.time(sound.media.start),
            self.time(frame_number(sound.media.length)),
            xml_escaped(&sound.name),
        );
        self.push(5, &connected);
    }

    fn write_markers(&mut self, clip: &ExchangeClip) {
        let timeline = self.timeline;
        let markers = &timeline.markers;
        let first = markers.partition_point(|marker| marker.frame < clip.start);
        for marker in &markers[first..] {
            if marker.frame >= clip.end() {
                break;
            }
            self.write_marker(marker, clip);
        }
    }

    fn write_marker(&mut self, marker: &ExchangeMarker, clip: &ExchangeClip) {
        let within = frame_number(marker.frame - clip.start);
        let note = match marker.note.is_empty() {
            true => String::new(),
            false => format!(r#" note="{}""#, xml_escaped(&marker.note)),
        };
        let line = format!(
            r#"<marker start="{}" duration="{}" value="{}"{note}/>"#,
            self.time(clip.source_start.saturating_add(within)),
            self.time(1),
            xml_escaped(&marker.name),
        );
        self.push(5, &line);
    }

    fn write_transition(&mut self, transition: &ExchangeTransition) {
        let kind = transition.kind;
        let head = format!(
            r#"<transition name="{}" offset="{}" duration="{}">"#,
            transition_title(kind),
            self.film_time(transition.cut.saturating_sub(transition.before)),
            self.time(frame_number(transition.length())),
        );
        self.push(4, &head);
        // The only effect whose identifier we know. Other kinds have their names, and our metadata.
        if kind == TransitionKind::Dissolve {
            self.push(5, r#"<filter-video ref="r2" name="Cross Dissolve"/>"#);
        }
        self.push(5, "<metadata>");
        self.push_metadata("transition", transition_word(kind));
        if let Some(colour) = kind.colour() {
            self.push_metadata("colour", &colour.to_string());
        }
        // A transition is placed by its first frame, and an odd one has no middle.
        self.push_metadata("before", &transition.before.to_string());
        self.push(5, "</metadata>");
        self.push(4, "</transition>");
    }
}

fn media_name(clip: &ExchangeClip) -> String {
    match clip.shot_offset {
        Some(0) | None => clip.name.clone(),
        // A part of the film: the file has the name of none of its shots.
        Some(_) => clip.media.as_ref().map_or_else(
            || clip.name.clone(),
            |media| super::relative_url::url_stem(&media.url),
        ),
    }
}

/// Returns an address as Final Cut Pro takes one: relative ones begin with `./`.
fn media_address(url: &str) -> String {
    if url.contains("://") || url.starts_with(['.', '/']) {
        url.to_owned()
    } else {
        format!("./{url}")
    }
}

/// Returns frames as a fraction of a second, in lowest terms: `1001/24s`, `2s`.
pub(super) fn seconds_text(frames: i64, rate: FrameRate) -> String {
    let num = i128::from(frames) * i128::from(rate.den);
    let den = i128::from(rate.num.max(1));
    let mut divisor = num.abs();
    let mut rest = den;
    while rest > 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    let num = num / divisor.max(1);
    match den / divisor.max(1) {
        1 => format!("{num}s"),
        den => format!("{num}/{den}s"),
    }
}

fn frame_number(frames: usize) -> i64 {
    i64::try_from(frames).unwrap_or(i64::MAX)
}

/// Returns what of a timeline Final Cut Pro cannot say, one phrase each.
#[must_use]
pub fn fcpxml_losses(timeline: &ExchangeTimeline) -> Vec<String> {
    let mut losses = Vec::new();
    let rates = [(24, 1), (25, 1), (30, 1), (50, 1), (60, 1)];
    let slowed = [(24_000, 1001), (30_000, 1001), (60_000, 1001)];
    let own = (timeline.rate.num, timeline.rate.den);
    if !rates.contains(&own) && !slowed.contains(&own) {
        losses.push(format!(
            "{} frames a second, a rate that Final Cut Pro has not",
            timeline.rate
        ));
    }
    let others = timeline.transitions.iter();
    let others = others.filter(|each| each.kind != TransitionKind::Dissolve);
    match others.count() {
        0 => {}
        1 => losses.push(
            "the look of 1 transition, which has its name and the look of a dissolve".to_owned(),
        ),
        count => losses.push(format!(
            "the look of {count} transitions, which have their names and the look of a dissolve"
        )),
    }
    losses.extend(missing_media(timeline));
    losses
}
