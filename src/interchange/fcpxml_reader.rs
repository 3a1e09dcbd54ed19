//! Reads Final Cut Pro XML: the main storyline of the first project.
//!
//! Everything in it says its own place, so what is left out moves nothing.

use super::exchange_timeline::{
    ExchangeClip, ExchangeClipKind, ExchangeMedia, ExchangeMediaKind, ExchangePlace,
    ExchangeTimeline, ExchangeTransition,
};
use super::otio_reader::{other_transition, speed_finding};
use super::reading_findings::{
    ExchangeSource, OTHER_TRANSITION, ReadingFindings, UNREADABLE, closing_gap, is_same_rate,
    no_pictures, other_rate, too_many_values,
};
use super::relative_url::url_stem;
use super::transition_words::{transition_by_title, transition_by_word};
use crate::base::xml_document::{XmlFault, parse_xml_up_to};
use crate::base::{Diagnostic, Diagnostics, FileSpan};
use crate::model::FrameRate;
use crate::model::cut::TransitionKind;
use roxmltree::{Document, Node};
use std::collections::{HashMap, HashSet};

/// Reads a timeline. `None`: it is damaged or has another rate; the diagnostics say why.
pub fn read_fcpxml(
    source: &ExchangeSource<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<ExchangeTimeline> {
    let mut findings = ReadingFindings::new(source.file, diagnostics);
    let document = match parse_xml_up_to(source.text, source.most_values) {
        Ok(document) => document,
        Err(XmlFault {
            most_nodes: Some(most),
            ..
        }) => {
            let origin = findings.origin(source.text, 0..source.text.len());
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            findings.push(too_many_values(origin, most));
            findings.finish();
            return None;
        }
        Err(fault) => {
            let origin = findings.origin(source.text, fault.offset..fault.offset + 1);
            let message = if fault.is_limit {
                format!("the timeline is not read: {}", fault.reason)
            } else {
                format!("the timeline is no XML: {}", fault.reason)
            };
            let help = "export it again as Final Cut Pro XML (`.fcpxml`)";
            findings.push(Diagnostic::error(UNREADABLE, origin, message).with_help(help));
            findings.finish();
            return None;
        }
    };
    let mut reader = FcpxmlReader {
        source,
        findings,
        assets: HashMap::new(),
        others: HashSet::new(),
        formats: HashMap::new(),
        gap_end: 0,
    };
    let timeline = reader.read_root(&document);
    reader.findings.finish();
    timeline
}

/// A file of pictures or sound.
struct FcpxmlAsset {
    name: String,
    has_pictures: bool,
    url: Option<String>,
    start: i64,
    length: i64,
}

struct FcpxmlReader<'a, 'd> {
    source: &'a ExchangeSource<'a>,
    findings: ReadingFindings<'d>,
    assets: HashMap<String, FcpxmlAsset>,
    /// The names of resources that are no files, such as generators.
    others: HashSet<String>,
    /// Seconds of a frame of each format, as a fraction. `None`: it does not say.
    formats: HashMap<String, Option<SecondsFraction>>,
    /// The frame of the film behind the last gap.
    gap_end: usize,
}

/// The frames of a clip.
struct ClipTimes {
    /// Its first, in the film.
    start: usize,
    length: usize,
    /// Its first, in what it shows.
    source_start: i64,
}

/// A time as a fraction of a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SecondsFraction {
    num: i64,
    den: i64,
}

impl SecondsFraction {
    /// Reads `1001/24000s` or `5s`. `None`: it is written otherwise.
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim().strip_suffix('s')?;
        let (num, den) = text.split_once('/').unwrap_or((text, "1"));
        let den: i64 = den.trim().parse().ok()?;
        // Some programs write whole seconds with a point.
        let num = num.trim();
        let num = num.strip_suffix(".0").unwrap_or(num).parse().ok()?;
        (den > 0).then_some(Self { num, den })
    }

    /// Returns the whole frames that last so long. `None`: they are not whole.
    fn frames(self, rate: FrameRate) -> Option<i64> {
        let ticks = i128::from(self.num) * i128::from(rate.num);
        let frame = i128::from(self.den) * i128::from(rate.den);
        let is_whole = ticks % frame == 0;
        i64::try_from(ticks / frame)
            .ok()
            // More than any film has. What follows adds such numbers without a look.
            .filter(|frames| is_whole && frames.abs() < 10_000_000_000)
    }
}

impl FcpxmlReader<'_, '_> {
    fn origin(&self, node: Node<'_, '_>) -> FileSpan {
        self.findings.origin(self.source.text, node.range())
    }

    /// Returns the place of an attribute, else that of the element.
    fn attribute_origin(&self, node: Node<'_, '_>, name: &str) -> FileSpan {
        match node.attribute_node(name) {
            Some(attribute) => self
                .findings
                .origin(self.source.text, attribute.range_value()),
            None => self.origin(node),
        }
    }

    fn report_unreadable(&mut self, node: Node<'_, '_>, attribute: &str, message: String) {
        let origin = self.attribute_origin(node, attribute);
        let help = "export it again as Final Cut Pro XML (`.fcpxml`)";
        self.findings
            .push(Diagnostic::error(UNREADABLE, origin, message).with_help(help));
    }

    fn read_root(&mut self, document: &Document<'_>) -> Option<ExchangeTimeline> {
        let root = document.root_element();
        if root.tag_name().name() != "fcpxml" {
            let message = format!("`{}` is no Final Cut Pro XML", root.tag_name().name());
            self.report_unreadable(root, "version", message);
            return None;
        }
        let mut sequences = root
            .descendants()
            // Compound clips are sequences too, among the resources. They are not the film.
            .filter(|node| node.has_tag_name("sequence") && !is_inside_resources(*node));
        let Some(sequence) = sequences.next() else {
            let message = "the file has no sequence".to_owned();
            self.report_unreadable(root, "version", message);
            return None;
        };
        for other in sequences {
            let origin = self.origin(other);
            self.findings.leave_out("further sequences", origin);
        }
        for resource in root
            .children()
            .filter(|node| node.has_tag_name("resources"))
        {
            self.read_resources(resource);
        }
        // Before any time is read: at another rate none of them would be whole frames, and one
        // finding says it.
        self.check_rate(sequence)?;
        let start = self.time(sequence, "tcStart", 0)?;
        let spine = sequence.children().find(|node| node.has_tag_name("spine"));
        let Some(spine) = spine else {
            let message = "the sequence has no storyline".to_owned();
            self.report_unreadable(sequence, "format", message);
            return None;
        };
        let mut timeline = ExchangeTimeline {
            name: sequence_name(sequence),
            rate: self.source.rate,
            start: u64::try_from(start).unwrap_or_default(),
            is_drop_frame: sequence.attribute("tcFormat") == Some("DF"),
            size: None,
            media_kind: ExchangeMediaKind::Shots,
            clips: Vec::new(),
            transitions: Vec::new(),
            sounds: Vec::new(),
            markers: Vec::new(),
        };
        for item in spine.children().filter(Node::is_element) {
            self.read_item(item, start, &mut timeline)?;
        }
        // Each item says its place, and some programs write them in another order.
        timeline.clips.sort_by_key(|clip| clip.start);
        place_cuts(&mut timeline);
        if let Some(gap) = closing_gap(&timeline.clips, &timeline.transitions, self.gap_end) {
            self.findings.push(gap);
        }
        self.with_pictures(sequence, timeline)
    }

    /// Returns a timeline in which something is seen. Reports one in which nothing is.
    fn with_pictures(
        &mut self,
        sequence: Node<'_, '_>,
        timeline: ExchangeTimeline,
    ) -> Option<ExchangeTimeline> {
        let is_seen = |clip: &ExchangeClip| clip.kind == ExchangeClipKind::Pictures;
        if timeline.clips.iter().any(is_seen) {
            return Some(timeline);
        }
        let origin = self.attribute_origin(sequence, "format");
        self.findings.push(no_pictures(origin, false));
        None
    }

    fn read_resources(&mut self, resources: Node<'_, '_>) {
        let others = resources.children().filter(Node::is_element);
        let others = others.filter(|node| !node.has_tag_name("asset"));
        self.others
            .extend(others.filter_map(|node| node.attribute("id").map(str::to_owned)));
        for format in resources
            .children()
            .filter(|node| node.has_tag_name("format"))
        {
            let frame = self.frame_duration(format);
            if let Some(id) = format.attribute("id") {
                self.formats.insert(id.to_owned(), frame);
            }
        }
        for asset in resources
            .children()
            .filter(|node| node.has_tag_name("asset"))
        {
            let Some(id) = asset.attribute("id") else {
                continue;
            };
            let file = asset.children().find(|node| node.has_tag_name("media-rep"));
            let url = asset
                .attribute("src")
                .or_else(|| file.and_then(|file| file.attribute("src")));
            let frames = |name: &str| {
                let time = asset.attribute(name).and_then(SecondsFraction::parse);
                time.and_then(|time| time.frames(self.source.rate))
                    .unwrap_or_default()
            };
            let read = FcpxmlAsset {
                name: asset.attribute("name").unwrap_or_default().to_owned(),
                has_pictures: asset.attribute("hasVideo") == Some("1"),
                url: url.map(str::to_owned),
                start: frames("start"),
                length: frames("duration"),
            };
            self.assets.insert(id.to_owned(), read);
        }
    }

    /// Returns the length of a frame. Reports one that is none.
    fn frame_duration(&mut self, format: Node<'_, '_>) -> Option<SecondsFraction> {
        let text = format.attribute("frameDuration")?;
        let frame = SecondsFraction::parse(text).filter(|frame| frame.num > 0);
        if frame.is_none() {
            let message = format!("`{text}` is no length of a frame");
            self.report_unreadable(format, "frameDuration", message);
        }
        frame
    }

    /// Reports a sequence of another rate, or of a format that the file has not.
    fn check_rate(&mut self, sequence: Node<'_, '_>) -> Option<()> {
        let Some(format) = sequence.attribute("format") else {
            return Some(());
        };
        let Some(frame) = self.formats.get(format).copied() else {
            let message = format!("the file has no format `{format}`");
            self.report_unreadable(sequence, "format", message);
            return None;
        };
        // Without a rate, each time is still checked for whole frames.
        let Some(frame) = frame else {
            return Some(());
        };
        let rate = self.source.rate;
        // Multiplied across and compared exactly: 1001/24000 and 1/24 differ by too little for a
        // tolerance.
        let is_own = i128::from(frame.num) * i128::from(rate.num)
            == i128::from(frame.den) * i128::from(rate.den);
        if is_own {
            return Some(());
        }
        let num = u32::try_from(frame.num).ok();
        let counted = num
            .zip(u32::try_from(frame.den).ok())
            .and_then(|(num, den)| FrameRate::from_fraction(den, num));
        let counted =
            counted.map_or_else(|| "another number of".to_owned(), |rate| rate.to_string());
        let origin = self.attribute_origin(sequence, "format");
        self.findings.push(other_rate(origin, &counted, rate));
        None
    }

    /// Returns the frames of a time. Reports one that is none.
    fn time(&mut self, node: Node<'_, '_>, name: &str, absent: i64) -> Option<i64> {
        let Some(text) = node.attribute(name) else {
            return Some(absent);
        };
        let frames = SecondsFraction::parse(text).and_then(|time| time.frames(self.source.rate));
        if frames.is_none() {
            let message = format!(
                "`{text}` is no whole number of frames at {} frames a second",
                self.source.rate
            );
            self.report_unreadable(node, name, message);
        }
        frames
    }

    fn read_item(
        &mut self,
        item: Node<'_, '_>,
        film_start: i64,
        timeline: &mut ExchangeTimeline,
    ) -> Option<()> {
        match item.tag_name().name() {
            "ref-clip" | "sync-clip" | "mc-clip" => {
                self.report_container(item);
                return None;
            }
            "asset-clip" | "clip" | "video" => {
                let clip = self.read_clip(item, film_start, timeline.length())?;
                let is_shown = item.attribute("enabled") != Some("0");
                if !is_shown {
                    let origin = clip.place.origin;
                    self.findings
                        .leave_out("clips that are switched off", origin);
                }
                // The clip is read although it is not taken: a fault in it is a fault of the file.
                timeline.clips.extend(Some(clip).filter(|_| is_shown));
            }
            "transition" => {
                let transition = self.read_transition(item, film_start)?;
                timeline.transitions.extend(transition);
            }
            // The picked one is the first.
            "audition" => {
                let picked = item.children().find(Node::is_element);
                if let Some(picked) = picked {
                    self.read_item(picked, film_start, timeline)?;
                }
            }
            "gap" => {
                let clip = self.read_gap(item, film_start, timeline.length());
                timeline.clips.extend(clip);
            }
            "title" => {
                let origin = self.origin(item);
                self.findings.leave_out("titles", origin);
            }
            _ => {
                let origin = self.origin(item);
                self.findings
                    .leave_out("other items of the storyline", origin);
            }
        }
        Some(())
    }

    /// Reports a clip that holds a timeline of its own, whatever it is called.
    fn report_container(&mut self, item: Node<'_, '_>) {
        let what = match item.tag_name().name() {
            "sync-clip" => "a synchronized clip",
            "mc-clip" => "a multicam clip",
            _ => "a compound clip",
        };
        let name = item.attribute("name").unwrap_or_default();
        let message = format!("`{name}` is {what}, which is not read");
        let origin = self.attribute_origin(item, "name");
        let help = "break it apart in the program it is from, so that its clips are in the \
                    storyline, and export again";
        self.findings
            .push(Diagnostic::error(UNREADABLE, origin, message).with_help(help));
    }

    /// Reports pictures that cover the storyline. Without them the film would be another one.
    fn report_cutaway(&mut self, item: Node<'_, '_>) {
        let message = "pictures above the storyline are not read".to_owned();
        let origin = self.attribute_origin(item, "name");
        let help = "overwrite them into the primary storyline and export again, or export \
                    OpenTimelineIO, of which all tracks are read";
        self.findings
            .push(Diagnostic::error(UNREADABLE, origin, message).with_help(help));
    }

    /// Whether a connected item has pictures that cover the storyline.
    fn is_cutaway(&self, item: Node<'_, '_>) -> bool {
        let is_above = item
            .attribute("lane")
            .and_then(|lane| lane.trim().parse::<i32>().ok())
            .is_some_and(|lane| lane > 0);
        let is_shown = item.attribute("enabled") != Some("0");
        if !is_above || !is_shown || item.attribute("srcEnable") == Some("audio") {
            return false;
        }
        match item.tag_name().name() {
            "spine" => item.children().any(|child| self.has_pictures(child)),
            _ => self.has_pictures(item),
        }
    }

    fn has_pictures(&self, item: Node<'_, '_>) -> bool {
        match item.tag_name().name() {
            "video" | "ref-clip" | "sync-clip" | "mc-clip" => true,
            "clip" => item.children().any(|child| child.has_tag_name("video")),
            "asset-clip" => self.asset(item).is_some_and(|asset| asset.has_pictures),
            _ => false,
        }
    }

    /// Returns a gap with a name. A clip needs a file, so a card of the production is a gap.
    fn read_gap(
        &mut self,
        item: Node<'_, '_>,
        film_start: i64,
        end: usize,
    ) -> Option<ExchangeClip> {
        self.leave_out_children(item);
        let name = item.attribute("name").unwrap_or_default().trim();
        let end = i64::try_from(end).unwrap_or(i64::MAX);
        let offset = self.time(item, "offset", film_start.saturating_add(end))?;
        let length = self.time(item, "duration", 0)?;
        let start = usize::try_from(offset.saturating_sub(film_start)).ok()?;
        let length = usize::try_from(length).ok().filter(|length| *length > 0)?;
        self.gap_end = self.gap_end.max(start.saturating_add(length));
        // `Gap` is what Final Cut Pro calls every gap.
        (!name.is_empty() && !name.eq_ignore_ascii_case("gap")).then(|| ExchangeClip {
            kind: ExchangeClipKind::NamedGap,
            name: name.to_owned(),
            other_names: Vec::new(),
            reel: String::new(),
            start,
            length,
            source_start: 0,
            shot_offset: None,
            media: None,
            place: ExchangePlace {
                origin: self.attribute_origin(item, "name"),
                event: None,
            },
        })
    }

    fn read_clip(
        &mut self,
        item: Node<'_, '_>,
        film_start: i64,
        end: usize,
    ) -> Option<ExchangeClip> {
        self.leave_out_children(item);
        // A `clip` is a container; what it shows is inside of it.
        let inner = item.children().find(|node| node.has_tag_name("video"));
        let shown = inner.filter(|_| item.has_tag_name("clip")).unwrap_or(item);
        if let Some(wrong) = self.unknown_reference(shown) {
            let origin = self.attribute_origin(shown, "ref");
            self.findings.leave_out(wrong, origin);
        }
        let times = self.clip_times(item, shown, film_start, end)?;
        let own = own_metadata(item);
        let own_number = |key: &str| own.get(key)?.parse::<i64>().ok();
        let shot_offset = own_number("shot_frame")
            .zip(own_number("source_frame"))
            .map(|(shot, source)| shot.saturating_sub(source));
        let asset = self.asset(shown);
        let url = asset.and_then(|asset| asset.url.clone());
        let names = clip_names(item, &own, asset, url.as_deref());
        let mut names = names.into_iter();
        Some(ExchangeClip {
            kind: ExchangeClipKind::Pictures,
            name: names.next().unwrap_or_default(),
            other_names: names.collect(),
            reel: own
                .get("reel")
                .map(|reel| (*reel).to_owned())
                .unwrap_or_default(),
            start: times.start,
            length: times.length,
            source_start: times.source_start,
            shot_offset,
            media: url.map(|url| ExchangeMedia {
                url,
                start: asset.map_or(0, |asset| asset.start),
                length: asset.map_or(0, |asset| usize::try_from(asset.length).unwrap_or_default()),
            }),
            place: ExchangePlace {
                origin: self.attribute_origin(item, "name"),
                event: None,
            },
        })
    }

    /// Returns the frames of a clip. `None`: it has none in the film, which is reported. `shown` is
    /// what is inside of it.
    fn clip_times(
        &mut self,
        item: Node<'_, '_>,
        shown: Node<'_, '_>,
        film_start: i64,
        end: usize,
    ) -> Option<ClipTimes> {
        // A clip without a start begins where its file does, which may be at any timecode.
        let asset_start = self.asset(shown).map_or(0, |asset| asset.start);
        let asset_length = self.asset(shown).map_or(0, |asset| asset.length);
        let end = i64::try_from(end).unwrap_or(i64::MAX);
        let offset = self.time(item, "offset", film_start.saturating_add(end))?;
        let length = self.time(item, "duration", asset_length)?;
        let mut source_start = self.time(item, "start", asset_start)?;
        if shown != item {
            let inner_offset = self.time(shown, "offset", 0)?;
            let inner_start = self.time(shown, "start", asset_start)?;
            // The times of a container are its own, and those of the file begin where the inner
            // item does.
            source_start = source_start - inner_offset + inner_start;
        }
        let start = usize::try_from(offset.saturating_sub(film_start)).ok();
        let place = start.zip(usize::try_from(length).ok());
        let Some((start, length)) = place.filter(|(_, length)| *length > 0) else {
            let message = "the clip begins before the sequence, or has no length".to_owned();
            self.report_unreadable(item, "offset", message);
            return None;
        };
        Some(ClipTimes {
            start,
            length,
            source_start,
        })
    }

    fn asset(&self, item: Node<'_, '_>) -> Option<&FcpxmlAsset> {
        self.assets.get(item.attribute("ref")?)
    }

    /// Returns what to say about an item that refers to a file which the list does not have.
    fn unknown_reference(&self, item: Node<'_, '_>) -> Option<&'static str> {
        // Compound clips refer to media, which are no assets.
        let is_asset = item.has_tag_name("asset-clip") || item.has_tag_name("video");
        let reference = item.attribute("ref").filter(|_| is_asset)?;
        let is_known = self.assets.contains_key(reference) || self.others.contains(reference);
        (!is_known).then_some("references to no file")
    }

    /// Counts what is connected to an item or changes it, and is not read.
    fn leave_out_children(&mut self, item: Node<'_, '_>) {
        for child in item.children().filter(Node::is_element) {
            let origin = self.origin(child);
            let name = child.tag_name().name();
            let is_connected = child.attribute("lane").is_some();
            match name {
                "marker" | "chapter-marker" | "rating" | "keyword" | "analysis-marker" => {
                    self.findings.leave_out("markers", origin);
                }
                "timeMap" => {
                    let message = "the clip is not played at its own speed".to_owned();
                    self.findings.push(speed_finding(origin, message));
                }
                // Programs write it beside a file of another rate, and it changes what is seen.
                "conform-rate" if child.attribute("scaleEnabled") == Some("1") => {
                    self.report_conform_rate(child);
                }
                "title" => self.findings.leave_out("titles", origin),
                "filter-video" | "filter-audio" | "filter-video-mask" => {
                    self.findings.leave_out("effects", origin);
                }
                "adjust-crop" | "adjust-corners" | "adjust-blend" | "adjust-stabilization" => {
                    self.findings.leave_out("effects", origin);
                }
                // Some programs write it beside every clip.
                "adjust-transform" if !is_neutral_transform(child) => {
                    self.findings.leave_out("effects", origin);
                }
                _ if self.is_cutaway(child) => self.report_cutaway(child),
                "audio" => self.findings.leave_out("tracks of sound", origin),
                _ if is_connected && child.attribute("audioRole").is_some() => {
                    self.findings.leave_out("tracks of sound", origin);
                }
                _ if is_connected => self.findings.leave_out("connected clips", origin),
                _ => {}
            }
        }
    }

    /// Reports a file that is played faster or slower to suit the sequence.
    fn report_conform_rate(&mut self, child: Node<'_, '_>) {
        let Some(rate) = child.attribute("srcFrameRate") else {
            return;
        };
        let is_own = rate
            .parse::<f64>()
            .is_ok_and(|counted| is_same_rate(counted, self.source.rate));
        if !is_own {
            let message = format!("the clip has {rate} frames a second, and is conformed");
            let origin = self.attribute_origin(child, "srcFrameRate");
            self.findings.push(speed_finding(origin, message));
        }
    }

    /// Returns a transition. `Some(None)`: it has no frame, and its clips follow with a cut.
    fn read_transition(
        &mut self,
        item: Node<'_, '_>,
        film_start: i64,
    ) -> Option<Option<ExchangeTransition>> {
        let offset = self.time(item, "offset", film_start)?;
        let length = self.time(item, "duration", 0)?;
        let name = item.attribute("name").unwrap_or_default();
        let places = usize::try_from(offset.saturating_sub(film_start)).ok();
        let length = usize::try_from(length).ok().filter(|length| *length > 0);
        let Some((start, length)) = places.zip(length) else {
            self.report_lost_transition(item, name, length.is_some());
            return Some(None);
        };
        let own = own_metadata(item);
        let kind = self.transition_kind(item, name, &own);
        let before = own.get("before").and_then(|before| before.parse().ok());
        // The middle, as Final Cut Pro places a transition, unless our own metadata says how it
        // was.
        let before: usize = before.unwrap_or(length / 2).min(length);
        Some(Some(ExchangeTransition {
            kind,
            cut: start.saturating_add(before),
            before,
            after: length - before,
            place: ExchangePlace {
                origin: self.attribute_origin(item, "name"),
                event: None,
            },
        }))
    }

    fn transition_kind(
        &mut self,
        item: Node<'_, '_>,
        name: &str,
        own: &HashMap<&str, &str>,
    ) -> TransitionKind {
        let word = own.get("transition");
        let known = word.and_then(|word| transition_by_word(word, own.get("colour").copied()));
        known
            .or_else(|| transition_by_title(name))
            .unwrap_or_else(|| {
                let origin = self.attribute_origin(item, "name");
                self.findings.push(other_transition(origin, name));
                TransitionKind::Dissolve
            })
    }

    /// Reports a transition that cannot be read.
    fn report_lost_transition(&mut self, item: Node<'_, '_>, name: &str, has_length: bool) {
        // A warning only: without the transition the clips still meet.
        let (attribute, reason) = match has_length {
            true => ("offset", "begins before the sequence"),
            false => ("duration", "has no length"),
        };
        let message = format!("the transition `{name}` {reason}, and is read as a cut");
        let origin = self.attribute_origin(item, attribute);
        let help = "give it a length of one frame or more, at the cut of two clips";
        self.findings
            .push(Diagnostic::warning(OTHER_TRANSITION, origin, message).with_help(help));
    }
}

/// Moves transitions to the cuts that they are at: one says its first frame and its length alone,
/// and may begin or end with its cut.
fn place_cuts(timeline: &mut ExchangeTimeline) {
    let mut cuts: Vec<usize> = timeline
        .clips
        .iter()
        .flat_map(|clip| [clip.start, clip.end()])
        .collect();
    // Clips of several heights may overlap, so their ends are in no order.
    cuts.sort_unstable();
    for transition in &mut timeline.transitions {
        let start = transition.cut - transition.before;
        let end = transition.cut + transition.after;
        // The nearest is the one before or the one behind.
        let behind = cuts.partition_point(|cut| *cut < transition.cut);
        let near = [behind.checked_sub(1), Some(behind)].into_iter().flatten();
        let near = near.filter_map(|index| cuts.get(index).copied());
        let within = near.filter(|cut| (start..=end).contains(cut));
        if let Some(cut) = within.min_by_key(|cut| cut.abs_diff(transition.cut)) {
            transition.cut = cut;
            transition.before = cut - start;
            transition.after = end - cut;
        }
    }
}

/// Returns whether a transform leaves the picture as it is.
fn is_neutral_transform(node: Node<'_, '_>) -> bool {
    let neutral = [("position", "0 0"), ("scale", "1 1"), ("rotation", "0")];
    let has_keys = node.children().any(|child| child.is_element());
    !has_keys
        && neutral.iter().all(|(name, value)| {
            let written = node.attribute(*name);
            written.is_none_or(|written| written.trim() == *value)
        })
}

fn is_inside_resources(node: Node<'_, '_>) -> bool {
    node.ancestors()
        .any(|above| above.has_tag_name("resources"))
}

fn sequence_name(sequence: Node<'_, '_>) -> String {
    let project = sequence
        .parent()
        .filter(|parent| parent.has_tag_name("project"));
    let name = project.and_then(|project| project.attribute("name"));
    name.or_else(|| sequence.attribute("name"))
        .unwrap_or_default()
        .to_owned()
}

/// Returns what a clip may be called, the surest first.
fn clip_names(
    item: Node<'_, '_>,
    own: &HashMap<&str, &str>,
    asset: Option<&FcpxmlAsset>,
    url: Option<&str>,
) -> Vec<String> {
    let names = [
        own.get("shot").map(|name| (*name).to_owned()),
        item.attribute("name").map(str::to_owned),
        asset.map(|asset| asset.name.clone()),
        url.map(url_stem),
        own.get("reel").map(|name| (*name).to_owned()),
    ];
    let names = names.into_iter().flatten();
    names.filter(|name| !name.trim().is_empty()).collect()
}

/// Returns what we wrote about an item, by its key without `production.`.
fn own_metadata<'n>(item: Node<'n, '_>) -> HashMap<&'n str, &'n str> {
    let metadata = item.children().filter(|node| node.has_tag_name("metadata"));
    let entries = metadata.flat_map(|metadata| metadata.children());
    entries
        .filter_map(|entry| {
            let key = entry.attribute("key")?.strip_prefix("production.")?;
            Some((key, entry.attribute("value")?))
        })
        .collect()
}
