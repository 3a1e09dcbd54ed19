//! Writes OpenTimelineIO.
//!
//! What only we know is in the metadata under `production`: the shot of a clip and the number that
//! a frame of the source has in the shot, the exact kind of a transition. Programs that read and
//! write OTIO keep metadata.

use super::exchange_timeline::{
    ExchangeClip, ExchangeClipKind, ExchangeMarker, ExchangeMedia, ExchangeMediaKind,
    ExchangeSound, ExchangeTimeline, ExchangeTransition,
};
use super::transition_words::transition_word;
use crate::base::json::to_pretty_json;
use crate::model::FrameRate;
use crate::model::cut::TransitionKind;
use serde_json::{Map, Value, json};

/// The key of what only we know.
pub(super) const OWN_METADATA: &str = "production";

/// The schemas that a file is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OtioSchemas {
    /// Those of OpenTimelineIO 0.15 and later, with `Clip.2`.
    #[default]
    Current,
    /// Those of OpenTimelineIO 0.14, which reads `Clip.1` alone.
    Old,
}

impl OtioSchemas {
    /// Returns the schemas for readers of this version. `None`: the text is no version of two
    /// numbers, or has no 0.14 schemas.
    #[must_use]
    pub fn for_version(version: &str) -> Option<Self> {
        let mut numbers = version.split('.');
        let mut next = || numbers.next().map(str::parse::<u32>);
        match (next(), next()) {
            // Up to 0.14 a clip has one media reference. Those programs refuse a file with
            // `Clip.2`.
            (Some(Ok(0)), Some(Ok(12..=14))) => Some(Self::Old),
            (Some(Ok(0)), Some(Ok(15..))) | (Some(Ok(1..)), Some(Ok(_)) | None) => {
                Some(Self::Current)
            }
            _ => None,
        }
    }
}

/// Returns the text of a timeline.
#[must_use]
pub fn otio_text(timeline: &ExchangeTimeline, schemas: OtioSchemas) -> String {
    let writer = OtioWriter { timeline, schemas };
    let mut text = to_pretty_json(&writer.timeline_value());
    text.push('\n');
    text
}

struct OtioWriter<'a> {
    timeline: &'a ExchangeTimeline,
    schemas: OtioSchemas,
}

impl OtioWriter<'_> {
    fn timeline_value(&self) -> Value {
        let timeline = self.timeline;
        let rate = timeline.rate;
        let pictures = self.track("pictures", "Video", self.picture_items());
        let sounds = timeline.sounds.iter().map(|sound| self.sound_track(sound));
        let tracks: Vec<Value> = std::iter::once(pictures).chain(sounds).collect();
        let media = match timeline.media_kind {
            ExchangeMediaKind::Shots => "shots",
            ExchangeMediaKind::Film => "film",
        };
        json!({
            "OTIO_SCHEMA": "Timeline.1",
            "metadata": {
                OWN_METADATA: {
                    "frame_rate": rate.to_string(),
                    "drop_frame": timeline.is_drop_frame,
                    "media": media,
                },
            },
            "name": timeline.name,
            "global_start_time": self.time(frame_number(timeline.start)),
            "tracks": {
                "OTIO_SCHEMA": "Stack.1",
                "metadata": {},
                "name": "tracks",
                "source_range": null,
                "effects": [],
                "markers": [],
                "enabled": true,
                "children": tracks,
            },
        })
    }

    fn track(&self, name: &str, kind: &str, children: Vec<Value>) -> Value {
        json!({
            "OTIO_SCHEMA": "Track.1",
            "metadata": {},
            "name": name,
            "source_range": null,
            "effects": [],
            "markers": [],
            "enabled": true,
            "children": children,
            "kind": kind,
        })
    }

    /// Returns clips, gaps and transitions in their order.
    fn picture_items(&self) -> Vec<Value> {
        let mut transitions = self.timeline.transitions.iter().peekable();
        let mut items = Vec::new();
        let mut end = 0;
        for clip in &self.timeline.clips {
            if clip.start > end {
                items.push(self.gap(clip.start - end));
            }
            // The format has a transition between the two items that it joins.
            while let Some(transition) = transitions.next_if(|each| each.cut <= clip.start) {
                items.push(self.transition(transition));
            }
            items.push(self.clip(clip));
            end = clip.end();
        }
        items.extend(transitions.map(|transition| self.transition(transition)));
        items
    }

    fn clip(&self, clip: &ExchangeClip) -> Value {
        let key = match clip.kind {
            ExchangeClipKind::Card => "card",
            _ => "shot",
        };
        let mut own = json!({ key: clip.name, "reel": clip.reel });
        if let Some(offset) = clip.shot_offset {
            // Both numbers and not their difference: an editor may trim the clip, and the pair
            // still says which frame is which.
            own["source_frame"] = json!(clip.source_start);
            own["shot_frame"] = json!(clip.source_start + offset);
        }
        let markers = self.clip_markers(clip);
        let range = self.range(clip.source_start, clip.length);
        self.clip_value(ClipParts {
            name: &clip.name,
            metadata: json!({ OWN_METADATA: own }),
            range,
            markers,
            media: self.media(clip.media.as_ref(), &clip.name),
        })
    }

    fn clip_value(&self, parts: ClipParts<'_>) -> Value {
        let mut value = json!({
            "OTIO_SCHEMA": "Clip.2",
            "metadata": parts.metadata,
            "name": parts.name,
            "source_range": parts.range,
            "effects": [],
            "markers": parts.markers,
            "enabled": true,
        });
        match self.schemas {
            OtioSchemas::Current => {
                value["media_references"] = json!({ "DEFAULT_MEDIA": parts.media });
                value["active_media_reference_key"] = json!("DEFAULT_MEDIA");
            }
            OtioSchemas::Old => {
                value["OTIO_SCHEMA"] = json!("Clip.1");
                value["media_reference"] = parts.media;
            }
        }
        value
    }

    fn media(&self, media: Option<&ExchangeMedia>, name: &str) -> Value {
        match media {
            Some(media) => json!({
                "OTIO_SCHEMA": "ExternalReference.1",
                "metadata": {},
                "name": name,
                "available_range": self.range(media.start, media.length),
                "available_image_bounds": null,
                "target_url": media.url,
            }),
            None => json!({
                "OTIO_SCHEMA": "MissingReference.1",
                "metadata": {},
                "name": name,
                "available_range": null,
                "available_image_bounds": null,
            }),
        }
    }

    /// Returns the markers of a clip. They move with it when it is moved.
    fn clip_markers(&self, clip: &ExchangeClip) -> Vec<Value> {
        let markers = &self.timeline.markers;
        let first = markers.partition_point(|marker| marker.frame < clip.start);
        let own = markers[first..]
            .iter()
            .take_while(|marker| marker.frame < clip.end());
        own.map(|marker| self.marker(marker, clip)).collect()
    }

    fn marker(&self, marker: &ExchangeMarker, clip: &ExchangeClip) -> Value {
        // Markers of a clip count as the frames of its source do.
        let frame = clip.source_start + frame_number((marker.frame - clip.start) as u64);
        json!({
            "OTIO_SCHEMA": "Marker.2",
            "metadata": {},
            "name": marker.name,
            "color": if marker.is_line { "CYAN" } else { "GREEN" },
            "marked_range": self.range(frame, 1),
            "comment": marker.note,
        })
    }

    fn transition(&self, transition: &ExchangeTransition) -> Value {
        let kind = transition.kind;
        let is_dissolve = kind == TransitionKind::Dissolve;
        let mut own = Map::new();
        own.insert("transition".to_owned(), json!(transition_word(kind)));
        if let Some(colour) = kind.colour() {
            own.insert("colour".to_owned(), json!(colour.to_string()));
        }
        json!({
            "OTIO_SCHEMA": "Transition.1",
            "metadata": { OWN_METADATA: own },
            "name": kind.name(),
            "in_offset": self.time(frame_number(transition.before as u64)),
            "out_offset": self.time(frame_number(transition.after as u64)),
            // OpenTimelineIO knows these two alone. Our metadata has the kind.
            "transition_type": if is_dissolve { "SMPTE_Dissolve" } else { "Custom_Transition" },
        })
    }

    fn gap(&self, length: usize) -> Value {
        json!({
            "OTIO_SCHEMA": "Gap.1",
            "metadata": {},
            "name": "",
            "source_range": self.range(0, length),
            "effects": [],
            "markers": [],
            "enabled": true,
        })
    }

    fn sound_track(&self, sound: &ExchangeSound) -> Value {
        let clip = self.clip_value(ClipParts {
            name: &sound.name,
            metadata: json!({}),
            range: self.range(sound.media.start, sound.media.length),
            markers: Vec::new(),
            media: self.media(Some(&sound.media), &sound.name),
        });
        self.track(&sound.name, "Audio", vec![clip])
    }

    fn range(&self, start: i64, length: usize) -> Value {
        json!({
            "OTIO_SCHEMA": "TimeRange.1",
            "duration": self.time(frame_number(length as u64)),
            "start_time": self.time(start),
        })
    }

    fn time(&self, frames: i64) -> Value {
        json!({
            "OTIO_SCHEMA": "RationalTime.1",
            "rate": rate_number(self.timeline.rate),
            "value": frames as f64,
        })
    }
}

/// What differs between the clips of pictures and of sound.
struct ClipParts<'a> {
    name: &'a str,
    metadata: Value,
    range: Value,
    markers: Vec<Value>,
    media: Value,
}

/// Returns frames a second as OpenTimelineIO counts them: the nearest number, since 29.97 itself is
/// no rate of timecode.
fn rate_number(rate: FrameRate) -> f64 {
    rate.as_f64()
}

fn frame_number(frames: u64) -> i64 {
    i64::try_from(frames).unwrap_or(i64::MAX)
}

/// Returns what of a timeline OpenTimelineIO cannot say, one phrase each.
#[must_use]
pub fn otio_losses(timeline: &ExchangeTimeline) -> Vec<String> {
    missing_media(timeline).into_iter().collect()
}

/// Returns what to report about clips whose files have no address yet.
pub(super) fn missing_media(timeline: &ExchangeTimeline) -> Option<String> {
    // A card that is a colour has no file.
    let shots = timeline
        .clips
        .iter()
        .filter(|clip| clip.shot_offset.is_some());
    let missing = shots.filter(|clip| clip.media.is_none());
    match missing.count() {
        0 => None,
        1 => Some("the file of 1 clip, whose path is not known before it is published".to_owned()),
        count => Some(format!(
            "the files of {count} clips, whose paths are not known before they are published"
        )),
    }
}
