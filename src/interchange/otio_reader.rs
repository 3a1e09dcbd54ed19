//! Reads OpenTimelineIO: the pictures of the first timeline, one track under the other.

use super::exchange_timeline::{
    ExchangeClip, ExchangeClipKind, ExchangeMedia, ExchangeMediaKind, ExchangePlace,
    ExchangeTimeline, ExchangeTransition,
};
use super::json_text::{JsonContent, JsonNode, first_value_beyond, read_json};
use super::otio_sequence::OtioSequence;
use super::otio_writer::OWN_METADATA;
use super::reading_findings::{
    ExchangeSource, OTHER_TRANSITION, ReadingFindings, SPEED, UNREADABLE, closing_gap, is_rate,
    is_same_rate, no_pictures, other_rate, too_many_values, whole_frames,
};
use super::relative_url::url_stem;
use super::track_layout::ExchangeTrack;
use super::transition_words::{transition_by_title, transition_by_word};
use crate::base::{Diagnostic, Diagnostics, FileSpan};
use crate::model::cut::TransitionKind;

/// Reads a timeline. `None`: it is damaged or has another rate; the diagnostics say why.
pub fn read_otio(
    source: &ExchangeSource<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<ExchangeTimeline> {
    let mut findings = ReadingFindings::new(source.file, diagnostics);
    // Before the text is read, since reading it is what would fill the memory.
    if let Some(at) = first_value_beyond(source.text, source.most_values) {
        let origin = findings.origin(source.text, at..at + 1);
        findings.push(too_many_values(origin, source.most_values));
        findings.finish();
        return None;
    }
    let root = match read_json(source.text) {
        Ok(root) => root,
        Err(fault) => {
            let origin = findings.origin(source.text, fault.offset..fault.offset + 1);
            let message = format!("the timeline is no JSON: {}", fault.reason);
            let help = "export it again as OpenTimelineIO (`.otio`)";
            let diagnostic = Diagnostic::error(UNREADABLE, origin, message).with_help(help);
            findings.push(diagnostic);
            findings.finish();
            return None;
        }
    };
    let mut reader = OtioReader { source, findings };
    let timeline = reader.read_root(&root);
    reader.findings.finish();
    timeline
}

/// Rates at which a timeline counts frames. Below and above are seconds, ticks and samples.
const FILM_RATES: std::ops::RangeInclusive<f64> = 10.0..=240.0;

struct OtioReader<'a, 'd> {
    source: &'a ExchangeSource<'a>,
    findings: ReadingFindings<'d>,
}

/// A start and a length, counted at the rate of the production.
#[derive(Debug, Clone, Copy)]
struct FrameExtent {
    start: i64,
    length: usize,
}

impl OtioReader<'_, '_> {
    fn origin(&self, node: &JsonNode) -> FileSpan {
        self.findings.origin(self.source.text, node.bytes.clone())
    }

    /// Returns the place of what names a node, else of the node.
    fn name_origin(&self, node: &JsonNode) -> FileSpan {
        self.origin(node.get("name").unwrap_or(node))
    }

    fn report_unreadable(&mut self, node: &JsonNode, message: String) {
        let origin = self.origin(node);
        let help = "export it again as OpenTimelineIO (`.otio`)";
        self.findings
            .push(Diagnostic::error(UNREADABLE, origin, message).with_help(help));
    }

    fn read_root(&mut self, root: &JsonNode) -> Option<ExchangeTimeline> {
        let timeline = match schema_name(root) {
            "Timeline" => Some(root),
            // Programs that have several timelines in one file write a collection.
            "SerializableCollection" => {
                let mut children = root.get("children").map_or(&[][..], JsonNode::list).iter();
                let first = children.find(|child| schema_name(child) == "Timeline");
                for other in children.filter(|child| schema_name(child) == "Timeline") {
                    let origin = self.name_origin(other);
                    self.findings.leave_out("further timelines", origin);
                }
                first
            }
            _ => None,
        };
        let Some(timeline) = timeline else {
            let message = "the file has no timeline of OpenTimelineIO".to_owned();
            self.report_unreadable(root, message);
            return None;
        };
        self.check_schema(timeline);
        let Some(stack) = timeline.get("tracks") else {
            self.report_unreadable(timeline, "the timeline has no tracks".to_owned());
            return None;
        };
        let shown = self.read_stack(timeline, stack)?;
        self.report_lost_parts(&shown);
        let own = timeline
            .get("metadata")
            .and_then(|metadata| metadata.get(OWN_METADATA));
        // Only our own export says it. Otherwise each clip has a file of its own.
        let is_film = own.and_then(|own| own.text_of("media")) == Some("film");
        Some(ExchangeTimeline {
            name: timeline.text_of("name").unwrap_or_default().to_owned(),
            rate: self.source.rate,
            start: self.global_start(timeline),
            is_drop_frame: false,
            size: None,
            media_kind: if is_film {
                ExchangeMediaKind::Film
            } else {
                ExchangeMediaKind::Shots
            },
            clips: shown.clips,
            transitions: shown.transitions,
            sounds: Vec::new(),
            markers: Vec::new(),
        })
    }

    /// Returns what is seen of all tracks together, which is one sequence of clips. Reports that there
    /// is none.
    fn read_stack(&mut self, timeline: &JsonNode, stack: &JsonNode) -> Option<ExchangeTrack> {
        self.leave_out_decoration(stack);
        let mut tracks = Vec::new();
        let mut sound = None;
        for track in stack.get("children").map_or(&[][..], JsonNode::list) {
            if schema_name(track) == "Track" && track.text_of("kind") == Some("Audio") {
                let origin = self.name_origin(track);
                self.findings.leave_out("tracks of sound", origin);
                sound.get_or_insert(origin);
                continue;
            }
            // All of them, since a clip of an upper track covers the one below.
            tracks.push(self.read_track(track)?);
        }
        let shown = self.trim_to_range(stack, ExchangeTrack::joined(tracks))?;
        let is_seen = |clip: &ExchangeClip| clip.kind == ExchangeClipKind::Pictures;
        if shown.clips.iter().any(is_seen) {
            return Some(shown);
        }
        let origin = sound.unwrap_or_else(|| self.name_origin(timeline));
        self.findings.push(no_pictures(origin, sound.is_some()));
        None
    }

    /// Returns what the own range of a track, or of all tracks, leaves of it.
    fn trim_to_range(&mut self, node: &JsonNode, track: ExchangeTrack) -> Option<ExchangeTrack> {
        if node.get("source_range").is_none() {
            return Some(track);
        }
        let span = self.item_span(node)?;
        // Some adapters count such a range from the timecode of the film, or back from it: then it is
        // outside of the track, and cuts nothing off.
        let first = usize::try_from(span.start).ok();
        Some(match first.filter(|first| *first < track.length) {
            Some(first) => track.trimmed(first, span.length),
            None => track,
        })
    }

    /// Reports transitions of which only a part would be seen, and black at the end.
    fn report_lost_parts(&mut self, shown: &ExchangeTrack) {
        for lost in &shown.half_covered {
            let message =
                "only a part of the transition is seen: the clips meet with a cut".to_owned();
            let help = "end the clip above it at the transition, or move the transition";
            let finding = Diagnostic::warning(OTHER_TRANSITION, lost.place.origin, message);
            self.findings.push(finding.with_help(help));
        }
        if let Some(gap) = closing_gap(&shown.clips, &shown.transitions, shown.length) {
            self.findings.push(gap);
        }
    }

    /// Returns the timecode at which the timeline begins. A cut does not depend on it, so one that is
    /// no frame is a note.
    fn global_start(&mut self, timeline: &JsonNode) -> u64 {
        let Some(time) = timeline.get("global_start_time") else {
            return 0;
        };
        let frames = self.time_frames(time);
        let start = frames.and_then(|frames| u64::try_from(frames).ok());
        if start.is_none() {
            let origin = self.origin(time);
            self.findings
                .leave_out("start times that are no frame", origin);
        }
        start.unwrap_or_default()
    }

    /// Reports an item of a schema that is newer than those that are read.
    fn check_schema(&mut self, node: &JsonNode) {
        let schema = node.text_of("OTIO_SCHEMA").unwrap_or_default();
        let Some((name, version)) = schema.split_once('.') else {
            return;
        };
        // A newer schema may mean something else by the same fields, and a wrong cut is worse than
        // none.
        let newest = if name == "Clip" { 2 } else { 1 };
        let is_known = version
            .parse::<u32>()
            .is_ok_and(|version| (1..=newest).contains(&version));
        if !is_known {
            let message = format!("`{schema}` is not known; `{name}.{newest}` is read");
            let origin = self.origin(node.get("OTIO_SCHEMA").unwrap_or(node));
            let help = "export it for OpenTimelineIO 0.15 to 0.17";
            self.findings
                .push(Diagnostic::error(UNREADABLE, origin, message).with_help(help));
        }
    }

    fn read_track(&mut self, track: &JsonNode) -> Option<ExchangeTrack> {
        if schema_name(track) != "Track" {
            let schema = track.text_of("OTIO_SCHEMA").unwrap_or("no schema");
            let message = format!("a track is expected here, and this is `{schema}`");
            self.report_unreadable(track, message);
            return None;
        }
        self.check_schema(track);
        let mut read = ExchangeTrack::default();
        let mut position: usize = 0;
        let is_shown = is_enabled(track);
        self.leave_out_decoration(track);
        if !is_shown {
            let origin = self.name_origin(track);
            self.findings
                .leave_out("tracks that are switched off", origin);
        }
        for child in track.get("children").map_or(&[][..], JsonNode::list) {
            self.check_schema(child);
            match schema_name(child) {
                "Transition" => {
                    let transition = self.read_transition(child, position)?;
                    read.transitions.extend(transition);
                }
                // Items of a track have no place, only an order, so each moves what follows, even
                // if nothing of it is shown.
                "Gap" => position = position.saturating_add(self.item_span(child)?.length),
                "Clip" if self.is_black(child) => {
                    position = position.saturating_add(self.item_span(child)?.length);
                }
                "Clip" => {
                    let clip = self.read_clip(child, position)?;
                    position = clip.end();
                    self.leave_out_unseen(child, &clip);
                    // What is switched off is not in the film, and would be a shot too many.
                    if is_shown && is_enabled(child) && clip.length > 0 {
                        read.clips.push(clip);
                    }
                }
                schema => {
                    let message = format!("the timeline has a `{schema}` inside of a track");
                    let origin = self.name_origin(child);
                    let help = "put its clips directly into the track: decompose compound clips \
                                and nested sequences before you export";
                    self.findings
                        .push(Diagnostic::error(UNREADABLE, origin, message).with_help(help));
                    return None;
                }
            }
        }
        if !is_shown {
            // Without its clips a transition would be at no cut, and be reported as lost.
            read.transitions.clear();
        } else {
            read.length = position;
        }
        self.trim_to_range(track, read)
    }

    /// Counts a clip that shows nothing.
    fn leave_out_unseen(&mut self, node: &JsonNode, clip: &ExchangeClip) {
        let origin = clip.place.origin;
        if clip.length == 0 {
            self.findings.leave_out("clips without a frame", origin);
        } else if !is_enabled(node) {
            self.findings
                .leave_out("clips that are switched off", origin);
        }
    }

    /// Returns whether a clip is black and no source. A list of events has such sources.
    fn is_black(&self, clip: &JsonNode) -> bool {
        let media = self
            .media_node(clip)
            .filter(|media| schema_name(media) == "GeneratorReference");
        let kind = media.and_then(|media| media.text_of("generator_kind"));
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case("black"))
    }

    /// Counts what a production does not have: markers and effects.
    fn leave_out_decoration(&mut self, item: &JsonNode) {
        for (key, what) in [("markers", "markers"), ("effects", "effects")] {
            for each in item.get(key).map_or(&[][..], JsonNode::list) {
                let origin = self.name_origin(each);
                if !is_enabled(each) {
                    continue;
                }
                if schema_name(each) == "LinearTimeWarp" || schema_name(each) == "FreezeFrame" {
                    self.report_speed(each, origin);
                } else {
                    self.findings.leave_out(what, origin);
                }
            }
        }
    }

    fn report_speed(&mut self, effect: &JsonNode, origin: FileSpan) {
        let factor = effect.get("time_scalar").and_then(JsonNode::number);
        // Some programs write an effect of speed beside every clip.
        if factor == Some(1.0) {
            return;
        }
        let message = match factor {
            Some(factor) if factor != 0.0 => format!("the clip is played {factor} times as fast"),
            _ => "the clip stands still".to_owned(),
        };
        self.findings.push(speed_finding(origin, message));
    }

    fn read_clip(&mut self, node: &JsonNode, start: usize) -> Option<ExchangeClip> {
        self.leave_out_decoration(node);
        let span = self.item_span(node)?;
        let media = self.active_media(node);
        let own = node
            .get("metadata")
            .and_then(|metadata| metadata.get(OWN_METADATA));
        let shot_offset = own.and_then(own_shot_offset);
        let reel = own.and_then(|own| own.text_of("reel")).or_else(|| {
            // The name under which the adapter for lists of events keeps it.
            let events = node.get("metadata")?.get("cmx_3600")?;
            events.text_of("reel")
        });
        let name = node.text_of("name").unwrap_or_default();
        let shot = own.and_then(|own| own.text_of("shot"));
        let card = own.and_then(|own| own.text_of("card"));
        let media_name = self
            .media_node(node)
            .and_then(|media| media.text_of("name"));
        let sequence = self
            .media_node(node)
            .and_then(|media| OtioSequence::read(media, self.source.rate));
        let sequence_names = sequence.as_ref().map(OtioSequence::names);
        let stem = media.as_ref().map(|media| url_stem(&media.url));
        let mut names = [
            // Names in the order in which they are likely to be that of the shot.
            card.or(shot).map(str::to_owned),
            Some(name.to_owned()),
            media_name.map(str::to_owned),
            stem.filter(|_| sequence.is_none()),
            reel.map(str::to_owned),
        ]
        .into_iter()
        .flatten()
        .chain(sequence_names.into_iter().flatten())
        .filter(|name| !name.trim().is_empty());
        Some(ExchangeClip {
            kind: match card {
                Some(_) => ExchangeClipKind::Card,
                None => ExchangeClipKind::Pictures,
            },
            name: names.next().unwrap_or_default(),
            other_names: names.collect(),
            reel: reel.unwrap_or_default().to_owned(),
            start,
            length: span.length,
            // Numbers in our own metadata are those of the range.
            source_start: match (&sequence, shot_offset) {
                (Some(sequence), None) => sequence.frame_number(span.start),
                _ => span.start,
            },
            shot_offset,
            media,
            place: ExchangePlace {
                origin: self.name_origin(node),
                event: None,
            },
        })
    }

    /// Returns the media reference that a clip shows.
    fn media_node<'n>(&self, clip: &'n JsonNode) -> Option<&'n JsonNode> {
        if let Some(media) = clip.get("media_reference") {
            return Some(media);
        }
        let key = clip.text_of("active_media_reference_key");
        let references = clip.get("media_references")?;
        // The key that OpenTimelineIO takes if a file names none.
        references.get(key.unwrap_or("DEFAULT_MEDIA"))
    }

    fn active_media(&self, clip: &JsonNode) -> Option<ExchangeMedia> {
        let media = self.media_node(clip)?;
        let span = media
            .get("available_range")
            .and_then(|range| self.range_span(range));
        if let Some(sequence) = OtioSequence::read(media, self.source.rate) {
            return Some(ExchangeMedia {
                url: sequence.first_url(),
                start: sequence.start_frame,
                length: span.map_or(0, |span| span.length),
            });
        }
        Some(ExchangeMedia {
            url: media.text_of("target_url")?.to_owned(),
            start: span.map_or(0, |span| span.start),
            length: span.map_or(0, |span| span.length),
        })
    }

    /// Returns what an item shows: its own range, else that of its media. Reports an item without
    /// either.
    fn item_span(&mut self, item: &JsonNode) -> Option<FrameExtent> {
        // A clip without a range of its own shows all of its file.
        let own = item.get("source_range");
        let media = self
            .media_node(item)
            .and_then(|media| media.get("available_range"));
        let Some(range) = own.or(media) else {
            self.report_unreadable(item, "the clip has no range of frames".to_owned());
            return None;
        };
        let counted = range_rate(range);
        if let Some(wrong) = counted.filter(|counted| !is_rate(*counted)) {
            let message = format!("`{wrong}` frames a second are no rate");
            self.report_unreadable(range, message);
            return None;
        }
        if let Some(counted) = counted.filter(|counted| !is_same_rate(*counted, self.source.rate)) {
            // Times in seconds or in samples are whole frames of any rate. What counts frames of
            // another rate is another timeline, even if its numbers can be divided.
            let counts_frames = own.is_some() && FILM_RATES.contains(&counted);
            if counts_frames || self.range_span(range).is_none() {
                let origin = self.origin(range);
                let rate = other_rate(origin, &format_rate(counted), self.source.rate);
                self.findings.push(rate);
                return None;
            }
        }
        let span = self.range_span(range);
        if span.is_none() {
            self.report_unreadable(range, "the range has no whole frames".to_owned());
        }
        span
    }

    fn range_span(&self, range: &JsonNode) -> Option<FrameExtent> {
        let start = range
            .get("start_time")
            .map_or(Some(0), |time| self.time_frames(time))?;
        Some(FrameExtent {
            start,
            length: self.length_frames(range.get("duration")?)?,
        })
    }

    /// Returns a length in frames. `None`: it is no whole number of them, negative, or shorter than
    /// one and not nothing.
    fn length_frames(&self, time: &JsonNode) -> Option<usize> {
        let frames = usize::try_from(self.time_frames(time)?).ok()?;
        let is_nothing = time.get("value")?.number()? == 0.0;
        (frames > 0 || is_nothing).then_some(frames)
    }

    fn time_frames(&self, time: &JsonNode) -> Option<i64> {
        let value = time.get("value")?.number()?;
        let counted = time.get("rate")?.number()?;
        whole_frames(value, counted, self.source.rate)
    }

    fn read_transition(
        &mut self,
        node: &JsonNode,
        cut: usize,
    ) -> Option<Option<ExchangeTransition>> {
        let offset = |key: &str| {
            node.get(key)
                .map_or(Some(0), |time| self.length_frames(time))
        };
        let offsets = offset("in_offset").zip(offset("out_offset"));
        let Some((before, after)) = offsets else {
            self.report_transition_time(node);
            return None;
        };
        let kind = self.transition_kind(node);
        let transition = ExchangeTransition {
            kind,
            cut,
            before,
            after,
            place: ExchangePlace {
                origin: self.name_origin(node),
                event: None,
            },
        };
        if transition.length() == 0 {
            let origin = transition.place.origin;
            self.findings
                .leave_out("transitions without a frame", origin);
        }
        Some((transition.length() > 0 && kind != TransitionKind::Cut).then_some(transition))
    }

    /// Reports a transition whose ends are between frames of the production.
    fn report_transition_time(&mut self, node: &JsonNode) {
        let ends = ["in_offset", "out_offset"].into_iter();
        let mut rates = ends.filter_map(|end| node.get(end)?.get("rate")?.number());
        match rates.find(|counted| !is_same_rate(*counted, self.source.rate)) {
            Some(counted) => {
                let origin = self.name_origin(node);
                let rate = other_rate(origin, &format_rate(counted), self.source.rate);
                self.findings.push(rate);
            }
            None => self.report_unreadable(node, "the transition has no whole frames".to_owned()),
        }
    }

    fn transition_kind(&mut self, node: &JsonNode) -> TransitionKind {
        let own = node
            .get("metadata")
            .and_then(|metadata| metadata.get(OWN_METADATA));
        let word = own.and_then(|own| own.text_of("transition"));
        let colour = own.and_then(|own| own.text_of("colour"));
        let known = word.and_then(|word| transition_by_word(word, colour));
        if let Some(kind) = known {
            return kind;
        }
        let name = node.text_of("name").unwrap_or_default();
        let kind = node.text_of("transition_type").unwrap_or_default();
        if kind == "SMPTE_Dissolve" {
            return TransitionKind::Dissolve;
        }
        transition_by_title(name).unwrap_or_else(|| {
            let origin = self.name_origin(node);
            self.findings.push(other_transition(origin, name));
            TransitionKind::Dissolve
        })
    }
}

/// Returns the finding that a clip is not played at its own speed.
pub(super) fn speed_finding(origin: FileSpan, message: String) -> Diagnostic {
    let help = "shots play at their own speed: give the shot another length in the document, and \
                remove the change of speed from the timeline";
    Diagnostic::error(SPEED, origin, message)
        .with_label("another speed")
        .with_help(help)
}

/// Returns the finding that a transition is read as a dissolve.
pub(super) fn other_transition(origin: FileSpan, name: &str) -> Diagnostic {
    let subject = match name.trim() {
        "" => "a transition without a name".to_owned(),
        name => format!("`{name}`"),
    };
    let message = format!("{subject} is no transition of a production, and is read as a dissolve");
    let help = "use a dissolve, a wipe, a fade or a dip to a colour, or write the transition in \
                the document";
    Diagnostic::warning(OTHER_TRANSITION, origin, message).with_help(help)
}

/// Returns what is between the numbers of the source and those of the shot in the metadata of our own
/// export. With it, the frames of the shot are known, however the source counts.
fn own_shot_offset(own: &JsonNode) -> Option<i64> {
    let number = |key: &str| {
        let number = own.get(key)?.number()?;
        // At one frame a second a number is its own time, so it is checked as times are.
        whole_frames(number, 1.0, crate::model::FrameRate::from_fps(1))
    };
    Some(number("shot_frame")?.saturating_sub(number("source_frame")?))
}

/// Returns the name of the schema of a node, without its version.
fn schema_name(node: &JsonNode) -> &str {
    let schema = node.text_of("OTIO_SCHEMA").unwrap_or_default();
    schema.split('.').next().unwrap_or_default()
}

/// Returns whether a clip is shown. Older files have no such field.
fn is_enabled(node: &JsonNode) -> bool {
    node.get("enabled")
        .is_none_or(|enabled| enabled.value != JsonContent::Switch(false))
}

fn range_rate(range: &JsonNode) -> Option<f64> {
    range.get("duration")?.get("rate")?.number()
}

/// Returns a rate with three decimals at most.
fn format_rate(rate: f64) -> String {
    let text = format!("{rate:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
