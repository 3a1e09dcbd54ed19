//! Reads edit decision lists, CMX 3600, as editing programs write them.
//!
//! A list says where each source begins in the film, and transitions by the frame at which they
//! begin. The cut is in the middle of a dissolve or a wipe, rounded down, as OpenTimelineIO takes it.

use super::exchange_timeline::{
    ExchangeClip, ExchangeClipKind, ExchangeMedia, ExchangeMediaKind, ExchangePlace,
    ExchangeTimeline, ExchangeTransition,
};
use super::otio_reader::{other_transition, speed_finding};
use super::reading_findings::{
    ExchangeSource, OTHER_TRANSITION, ReadingFindings, UNREADABLE, closing_gap, too_many_values,
};
use super::relative_url::url_stem;
use super::transition_words::wipe_by_number;
use crate::base::{Diagnostic, Diagnostics, FileSpan};
use crate::model::cut::{ScreenColour, Timecode, TransitionKind};
use std::ops::Range;

/// Reads a list of events. `None`: it has none, or one is damaged; the diagnostics say why.
pub fn read_edl(
    source: &ExchangeSource<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<ExchangeTimeline> {
    let mut reader = EdlReader {
        source,
        findings: ReadingFindings::new(source.file, diagnostics),
        title: String::new(),
        is_drop_frame: false,
        edits: Vec::new(),
        is_left_out: false,
        is_damaged: false,
    };
    // Timecode at such a rate has no standard, and any reading would be a guess.
    if !source.rate.has_timecode() {
        let message = format!(
            "a list of events counts in timecode, and {} frames a second have none",
            source.rate
        );
        let origin = reader.findings.origin(source.text, 0..source.text.len());
        let help = "bring the cut back as OpenTimelineIO (`.otio`)";
        let diagnostic = Diagnostic::error(super::reading_findings::OTHER_RATE, origin, message);
        reader.findings.push(diagnostic.with_help(help));
        reader.findings.finish();
        return None;
    }
    reader.read_lines();
    reader.into_timeline()
}

/// One line of an event with pictures.
struct EdlEdit {
    event: u32,
    bytes: Range<usize>,
    reel: String,
    code: String,
    /// Frames of the transition.
    frames: usize,
    source_start: u64,
    source_end: u64,
    start: u64,
    end: u64,
    /// `FROM CLIP NAME`.
    from_name: Option<String>,
    /// `TO CLIP NAME`.
    to_name: Option<String>,
    file: Option<String>,
    colour: Option<ScreenColour>,
    /// Frames a second of `M2`.
    speed: Option<f64>,
}

impl EdlEdit {
    fn is_black(&self) -> bool {
        ["BL", "BLACK"].contains(&self.reel.to_uppercase().as_str())
    }

    fn place(&self, findings: &ReadingFindings<'_>, text: &str) -> ExchangePlace {
        ExchangePlace {
            origin: findings.origin(text, self.bytes.clone()),
            event: Some(self.event),
        }
    }
}

struct EdlReader<'a, 'd> {
    source: &'a ExchangeSource<'a>,
    findings: ReadingFindings<'d>,
    title: String,
    is_drop_frame: bool,
    edits: Vec<EdlEdit>,
    /// Whether the last event is not read. The notes behind it are about no other one.
    is_left_out: bool,
    is_damaged: bool,
}

impl EdlReader<'_, '_> {
    fn origin(&self, bytes: Range<usize>) -> FileSpan {
        self.findings.origin(self.source.text, bytes)
    }

    fn report_damage(&mut self, bytes: Range<usize>, message: String, help: &str) {
        self.is_damaged = true;
        let origin = self.origin(bytes);
        self.findings
            .push(Diagnostic::error(UNREADABLE, origin, message).with_help(help));
    }

    fn read_lines(&mut self) {
        let text = self.source.text;
        let mut offset = 0;
        let mut lines = 0;
        // Either sign ends a line. A list of a Windows program then has empty lines, which are
        // skipped.
        for line in text.split_inclusive(['\n', '\r']) {
            let start = offset + (line.len() - line.trim_start().len());
            offset += line.len();
            let line = line.trim();
            // Empty lines do not count, because a list with the line ends of Windows has as many of
            // them as of events.
            lines += usize::from(!line.is_empty());
            if lines > self.source.most_values {
                self.is_damaged = true;
                let origin = self.origin(start..offset);
                return self
                    .findings
                    .push(too_many_values(origin, self.source.most_values));
            }
            if !line.is_empty() {
                self.read_line(line, start..start + line.len());
            }
        }
    }

    fn read_line(&mut self, line: &str, bytes: Range<usize>) {
        if let Some(title) = prefixed(line, "TITLE:") {
            title.clone_into(&mut self.title);
        } else if let Some(counting) = prefixed(line, "FCM:") {
            // The note may stand between events, and counts for those behind it.
            self.is_drop_frame = counting.to_uppercase().starts_with("DROP");
        } else if line.starts_with(|letter: char| letter.is_ascii_digit()) {
            self.read_event(line, bytes);
        // Notes are about the event before them. Those of an event of sound must not name the
        // pictures before it.
        } else if !self.is_left_out {
            match prefixed(line, "M2") {
                Some(speed) => self.read_speed(speed),
                // Programs mark notes with `*`, with `>` or not at all.
                None => self.read_note(line.trim_start_matches(['*', '>', ' '])),
            }
        }
    }

    /// Reads `M2   REEL   024.0   TIMECODE`.
    fn read_speed(&mut self, line: &str) {
        let mut words = line.split_whitespace().skip(1);
        let speed = words.next().and_then(|word| word.parse().ok());
        if let Some(edit) = self.edits.last_mut() {
            edit.speed = speed;
        }
    }

    fn read_note(&mut self, note: &str) {
        let Some(edit) = self.edits.last_mut() else {
            return;
        };
        let text = |name: &str| prefixed(note, name).map(str::to_owned);
        // Each program has its own word for the file.
        let mut file_names =
            ["SOURCE FILE:", "MEDIA FILE:", "FROM CLIP:", "FROM FILE:"].into_iter();
        if let Some(name) = text("FROM CLIP NAME:").or_else(|| text("FROM CLIP NAME IS")) {
            edit.from_name = Some(name);
        } else if let Some(name) = text("TO CLIP NAME:") {
            edit.to_name = Some(name);
        } else if let Some(file) = file_names.find_map(text) {
            edit.file = Some(file);
        } else if let Some(colour) = text("TRANSITION COLOUR:") {
            edit.colour = ScreenColour::from_hex(&colour);
        }
    }

    fn read_event(&mut self, line: &str, bytes: Range<usize>) {
        let words: Vec<&str> = line.split_whitespace().collect();
        // A number is only shown in findings, so one that is too large stops nothing.
        let event: u32 = words[0].parse().unwrap_or_default();
        let codes = words
            .len()
            .checked_sub(4)
            .map(|first| words.split_at(first));
        let Some((head, codes)) = codes.filter(|(head, _)| head.len() >= 4) else {
            // Some programs write tables or remarks that begin with a number. An event that is cut
            // off, as in half a file, has some of its timecodes.
            let is_cut_off = bytes.end == self.source.text.len();
            if is_cut_off || words.iter().any(|word| word.contains(':')) {
                let message = format!("event {event}: it is not complete");
                let help = "an event is a number, a reel, a channel, a transition and four \
                            timecodes";
                self.report_damage(bytes, message, help);
            }
            return;
        };
        let words = EventWords::split(head);
        let Some(places) = self.read_places(event, line, bytes.start, codes) else {
            return;
        };
        let [source_start, source_end, start, end] = places;
        // Remembered for the notes that follow, which are about this event.
        self.is_left_out = !is_picture_channel(&words.channel);
        if self.is_left_out {
            return self.leave_out_channel(event, &words.channel, bytes);
        }
        if end < start || source_end < source_start {
            let message = format!("event {event}: it ends before it begins");
            // Read as it is written, its frames would be subtracted below zero.
            let help = "a source that plays backwards cannot be read";
            return self.report_damage(bytes, message, help);
        }
        let transition = self.read_transition(event, &words, end - start, &bytes);
        self.edits.push(EdlEdit {
            event,
            bytes,
            reel: words.reel,
            code: transition.code,
            frames: transition.frames,
            source_start,
            source_end,
            start,
            end,
            from_name: None,
            to_name: None,
            file: None,
            colour: None,
            speed: None,
        });
    }

    /// Returns the four timecodes of an event in frames. `None`: one is none, which is reported.
    fn read_places(
        &mut self,
        event: u32,
        line: &str,
        line_start: usize,
        codes: &[&str],
    ) -> Option<[u64; 4]> {
        let mut places = [0; 4];
        for (place, code) in places.iter_mut().zip(codes) {
            let Some(frames) = self.read_timecode(code) else {
                // The wrong timecode alone is marked: an event has four, and one digit is easily
                // overlooked.
                let at = line.find(code).unwrap_or_default() + line_start;
                let message = format!(
                    "event {event}: `{code}` is no timecode at {} frames a second",
                    self.source.rate
                );
                let help = "export the list at the rate of the production";
                self.report_damage(at..at + code.len(), message, help);
                return None;
            };
            *place = frames;
        }
        Some(places)
    }

    /// Counts an event of sound. What is neither sound nor pictures is reported.
    fn leave_out_channel(&mut self, event: u32, channel: &str, bytes: Range<usize>) {
        if is_sound_channel(channel) {
            let origin = self.origin(bytes);
            return self.findings.leave_out("events of sound", origin);
        }
        let message =
            format!("event {event}: `{channel}` is no channel of pictures, and none of sound");
        let help = "write `V` for pictures, `A` for sound, or take the event out of the list";
        self.report_damage(bytes, message, help);
    }

    /// Returns the transition of an event that lasts `shown` frames. One that is not understood is
    /// reported, and its shot follows with a cut.
    fn read_transition(
        &mut self,
        event: u32,
        words: &EventWords,
        shown: u64,
        bytes: &Range<usize>,
    ) -> EventTransition {
        // A transition that cannot be read is a cut with a warning: the clips themselves are right,
        // and more than half of a list.
        let transition = words.transition();
        let shown = usize::try_from(shown).unwrap_or(usize::MAX);
        let message = match &transition {
            Err(reason) => format!("event {event}: {reason}, and is read as a cut"),
            Ok(EventTransition { code, frames }) if *frames > shown => format!(
                "event {event}: its transition `{code}` lasts {frames} frames, and is read with the \
                 {shown} that the event has"
            ),
            Ok(_) => String::new(),
        };
        if !message.is_empty() {
            let origin = self.origin(bytes.clone());
            let help = "a transition is `C`, or `D` or a wipe such as `W001` with its number of \
                        frames, no more than the event has";
            self.findings
                .push(Diagnostic::warning(OTHER_TRANSITION, origin, message).with_help(help));
        }
        transition.unwrap_or_else(|_| EventTransition::cut())
    }

    fn read_timecode(&self, code: &str) -> Option<u64> {
        // The last one of half a file may be short of a digit.
        if code.len() != "00:00:00:00".len() {
            return None;
        }
        let is_marked = code.contains([';', ',']);
        if self.is_drop_frame && !is_marked {
            let (head, frame) = code.rsplit_once([':', '.'])?;
            let dropped = Timecode::parse(&format!("{head};{frame}"), self.source.rate);
            // At 24 frames a second a list of some programs says `DROP FRAME` and drops nothing.
            return dropped
                .or_else(|| Timecode::parse(code, self.source.rate))
                .map(|code| code.frames);
        }
        Timecode::parse(code, self.source.rate).map(|code| code.frames)
    }

    fn into_timeline(mut self) -> Option<ExchangeTimeline> {
        if self.edits.is_empty() && !self.is_damaged {
            let end = self.source.text.len();
            let message = "the list has no event with pictures".to_owned();
            let help = "export the track of pictures as a CMX 3600 EDL";
            self.report_damage(0..end, message, help);
        }
        if self.is_damaged {
            self.findings.finish();
            return None;
        }
        let mut edits = std::mem::take(&mut self.edits);
        // A list may be in the order of the sources. Lines of one event stay together.
        edits.sort_by_key(|edit| edit.start);
        // Lists begin at any timecode, often an hour, and a film begins at 0.
        let first = edits.first().map_or(0, |edit| edit.start);
        let mut builder = EdlTrackBuilder {
            reader: &mut self,
            first,
            clips: Vec::new(),
            transitions: Vec::new(),
            left: None,
            black: None,
            black_end: 0,
        };
        for edit in &edits {
            builder.add_edit(edit);
        }
        let EdlTrackBuilder {
            clips,
            transitions,
            black_end,
            ..
        } = builder;
        if let Some(gap) = closing_gap(&clips, &transitions, black_end) {
            self.findings.push(gap);
        }
        self.findings.finish();
        Some(ExchangeTimeline {
            name: self.title,
            rate: self.source.rate,
            start: first,
            is_drop_frame: self.is_drop_frame,
            size: None,
            media_kind: ExchangeMediaKind::Shots,
            clips,
            transitions,
            sounds: Vec::new(),
            markers: Vec::new(),
        })
    }
}

/// Makes clips and transitions of the lines of a list, in order.
struct EdlTrackBuilder<'b, 'a, 'd> {
    reader: &'b mut EdlReader<'a, 'd>,
    /// Timecode of the first frame of the film.
    first: u64,
    clips: Vec<ExchangeClip>,
    transitions: Vec<ExchangeTransition>,
    /// The line of no length before: what a transition leaves.
    left: Option<LeftSource>,
    /// The black that a transition led to.
    black: Option<BlackStretch>,
    /// The frame behind the last black.
    black_end: usize,
}

struct LeftSource {
    event: u32,
    is_black: bool,
    /// The name that the event gives it.
    name: Option<String>,
}

struct BlackStretch {
    end: usize,
    /// Index of the fade that led to it.
    fade: usize,
}

impl EdlTrackBuilder<'_, '_, '_> {
    fn frame(&self, timecode: u64) -> usize {
        usize::try_from(timecode - self.first).unwrap_or(usize::MAX)
    }

    fn add_edit(&mut self, edit: &EdlEdit) {
        // A transition without frames is a cut by another name.
        let is_cut = edit.code == "C" || edit.frames == 0;
        // The first line of an event with a transition: the source that is left, of no length.
        if is_cut && edit.start == edit.end {
            self.left = Some(LeftSource {
                event: edit.event,
                is_black: edit.is_black(),
                name: edit.from_name.clone(),
            });
            return;
        }
        // Of the same event only: a line of no length that no transition follows says nothing of
        // the next event.
        let left = self.left.take().filter(|left| left.event == edit.event);
        self.check_speed(edit);
        match (edit.is_black(), is_cut) {
            // Nothing is seen, as in a gap.
            (true, true) => self.black_end = self.black_end.max(self.frame(edit.end)),
            (true, false) => self.add_fade_out(edit),
            (false, true) => self.add_clip(edit, 0),
            (false, false) => self.add_transition(edit, left.as_ref()),
        }
    }

    fn check_speed(&mut self, edit: &EdlEdit) {
        let rate = self.reader.source.rate.as_f64();
        let source = edit.source_end - edit.source_start;
        let shown = edit.end - edit.start;
        // Programs write `M2` with one decimal, so 23.976 comes as 24.0.
        let is_own = edit.speed.is_none_or(|speed| (speed - rate).abs() < 0.1);
        if (is_own && source == shown) || edit.is_black() {
            return;
        }
        let origin = self.reader.origin(edit.bytes.clone());
        let message = match edit.speed.filter(|_| !is_own) {
            Some(speed) => format!(
                "event {}: the source is played at {speed} frames a second",
                edit.event
            ),
            None => format!(
                "event {}: {source} frames of the source last {shown} frames",
                edit.event
            ),
        };
        self.reader.findings.push(speed_finding(origin, message));
    }

    fn add_fade_out(&mut self, edit: &EdlEdit) {
        let before = edit
            .frames
            .min(self.frame(edit.end) - self.frame(edit.start));
        let cut = self.frame(edit.start) + before;
        self.lengthen_last(before, self.frame(edit.start));
        self.transitions.push(ExchangeTransition {
            kind: TransitionKind::FadeOut {
                colour: edit.colour.unwrap_or_default(),
            },
            cut,
            before,
            after: 0,
            place: edit.place(&self.reader.findings, self.reader.source.text),
        });
        self.black_end = self.black_end.max(self.frame(edit.end));
        // Remembered, because a fade in that follows at once makes both a dip.
        self.black = Some(BlackStretch {
            end: self.frame(edit.end),
            fade: self.transitions.len() - 1,
        });
    }

    /// Lets the last clip be seen for `frames` more, if it ends at `end`.
    fn lengthen_last(&mut self, frames: usize, end: usize) {
        if let Some(last) = self.clips.last_mut().filter(|last| last.end() == end) {
            last.length += frames;
        }
    }

    fn add_transition(&mut self, edit: &EdlEdit, left: Option<&LeftSource>) {
        let start = self.frame(edit.start);
        let length = self.frame(edit.end) - start;
        let frames = edit.frames.min(length);
        // A gap before it is black, too.
        let follows = self.clips.last().is_some_and(|last| last.end() == start);
        let colour = edit.colour.unwrap_or_default();
        // Some programs write a fade in without the line of black before it. Then a clip that
        // nothing precedes can only come from black.
        let is_from_black = left.map_or(!follows, |left| left.is_black);
        let place = edit.place(&self.reader.findings, self.reader.source.text);
        if is_from_black {
            self.add_from_black(edit, frames, colour);
            return;
        }
        if let Some(name) = edit
            .from_name
            .as_ref()
            .or(left.and_then(|left| left.name.as_ref()))
            && let Some(last) = self.clips.last_mut()
            && last.name != *name
        {
            // The clip before it may be named by its reel alone, and this event says its name.
            last.other_names.push(name.clone());
        }
        let kind = self.mixing_kind(edit);
        // The middle, rounded down, as it was rounded when we wrote it.
        let before = frames / 2;
        self.lengthen_last(before, start);
        self.transitions.push(ExchangeTransition {
            kind,
            cut: start + before,
            before,
            after: frames - before,
            place,
        });
        self.add_clip(edit, before);
    }

    /// Adds a clip that comes out of black. A fade to that black just before it makes a dip of both.
    fn add_from_black(&mut self, edit: &EdlEdit, frames: usize, colour: ScreenColour) {
        let start = self.frame(edit.start);
        let black = self.black.take().filter(|black| black.end == start);
        let fade = black.and_then(|black| self.transitions.get_mut(black.fade));
        match fade.filter(|fade| fade.cut == start) {
            // Read as two fades, the black between them would be a gap of the film.
            Some(fade) => {
                let colour = fade.kind.colour().unwrap_or(colour);
                fade.kind = TransitionKind::Dip { colour };
                fade.after = frames;
            }
            None => self.transitions.push(ExchangeTransition {
                kind: TransitionKind::FadeIn { colour },
                cut: start,
                before: 0,
                after: frames,
                place: edit.place(&self.reader.findings, self.reader.source.text),
            }),
        }
        self.add_clip(edit, 0);
    }

    fn mixing_kind(&mut self, edit: &EdlEdit) -> TransitionKind {
        if edit.code == "D" {
            return TransitionKind::Dissolve;
        }
        let number = edit
            .code
            .strip_prefix('W')
            .and_then(|number| number.parse().ok());
        match number.and_then(wipe_by_number) {
            Some(direction) => TransitionKind::Wipe { direction },
            None => {
                let origin = self.reader.origin(edit.bytes.clone());
                let name = format!("{} of event {}", edit.code, edit.event);
                self.reader.findings.push(other_transition(origin, &name));
                TransitionKind::Dissolve
            }
        }
    }

    /// Adds the frames of an event behind its first `skip`.
    fn add_clip(&mut self, edit: &EdlEdit, skip: usize) {
        let start = self.frame(edit.start) + skip;
        let source_start = i64::try_from(edit.source_start + skip as u64).unwrap_or(i64::MAX);
        let is_mixed = edit.code != "C" && edit.frames > 0;
        // Of an event with a transition, `FROM CLIP NAME` is the source that is left.
        let name = match (&edit.to_name, &edit.from_name) {
            (Some(name), _) => Some(name),
            (None, Some(name)) if !is_mixed => Some(name),
            _ => None,
        };
        let file = edit.file.as_deref().map(url_stem);
        let mut names = [name.cloned(), file, Some(edit.reel.clone())]
            .into_iter()
            .flatten()
            // A reel with spaces alone is one that the program left out.
            .filter(|name| !name.trim().is_empty());
        self.clips.push(ExchangeClip {
            kind: ExchangeClipKind::Pictures,
            name: names.next().unwrap_or_default(),
            other_names: names.collect(),
            reel: edit.reel.clone(),
            start,
            length: self.frame(edit.end).saturating_sub(start),
            source_start,
            shot_offset: None,
            media: edit.file.as_ref().map(|file| ExchangeMedia {
                url: file.clone(),
                start: 0,
                length: 0,
            }),
            place: edit.place(&self.reader.findings, self.reader.source.text),
        });
    }
}

/// Returns the text behind a word at the start of a line.
fn prefixed<'t>(line: &'t str, prefix: &str) -> Option<&'t str> {
    let head = line.get(..prefix.len())?;
    let rest = &line[prefix.len()..];
    head.eq_ignore_ascii_case(prefix).then(|| rest.trim())
}

/// The words of an event before its timecodes.
struct EventWords {
    reel: String,
    channel: String,
    /// The transition, in capitals, with its number of frames.
    transition: Vec<String>,
}

/// A transition as an event has it.
struct EventTransition {
    code: String,
    frames: usize,
}

impl EventTransition {
    fn cut() -> Self {
        Self {
            code: "C".to_owned(),
            frames: 0,
        }
    }
}

impl EventWords {
    /// Takes the words of an event apart: its number, a reel that may have spaces, a channel, a
    /// transition.
    fn split(head: &[&str]) -> Self {
        let upper = |index: usize| {
            head.get(index)
                .map(|word| word.to_uppercase())
                .unwrap_or_default()
        };
        let channels = || (2..head.len().saturating_sub(1)).filter(|at| is_channel(&upper(*at)));
        // The word before a known transition is the channel: a reel may have the name of a channel.
        let known = channels().rfind(|at| is_transition_code(&upper(at + 1)));
        let first = known.or_else(|| channels().next());
        let channel = first.unwrap_or_else(|| head.len().saturating_sub(2).clamp(1, 2));
        Self {
            reel: head[1..channel].join(" "),
            channel: upper(channel),
            transition: (channel + 1..head.len()).map(upper).collect(),
        }
    }

    /// Returns the transition, else why there is none.
    fn transition(&self) -> Result<EventTransition, String> {
        let shown = self.transition.join(" ");
        let is_number =
            |word: &&String| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        let number = self.transition.last().filter(is_number);
        let length = self.transition.len() - usize::from(number.is_some());
        let code = self.transition[..length].concat();
        if code == "C" {
            return Ok(EventTransition::cut());
        }
        if !is_transition_code(&code) {
            return Err(format!("`{shown}` is no transition"));
        }
        let frames = number.and_then(|number| number.parse().ok());
        match frames {
            Some(frames) => Ok(EventTransition { code, frames }),
            None => Err(format!("`{shown}` has no number of frames")),
        }
    }
}

fn is_transition_code(word: &str) -> bool {
    ["C", "D", "K", "KB", "KO"].contains(&word) || {
        let number = word.strip_prefix('W');
        number.is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    }
}

/// Returns whether a word may be a channel: letters of pictures and sound with their numbers.
fn is_channel(word: &str) -> bool {
    let is_letter = |letter: char| "AVB0123456789/,+".contains(letter);
    word == "NONE" || (word.starts_with(['A', 'V', 'B']) && word.chars().all(is_letter))
}

/// Returns whether a channel has pictures: `V`, `V1`, `AA/V`, `B`.
fn is_picture_channel(channel: &str) -> bool {
    channel.contains('V') || channel == "B" || channel.starts_with("B/")
}

/// Returns whether a channel has sound alone: `A`, `A2`, `AA`, `A1/A2`.
fn is_sound_channel(channel: &str) -> bool {
    channel.starts_with('A') && is_channel(channel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_an_event_are_known_by_its_transition() {
        for (line, reel, channel, transition) in [
            ("001 A V C", "A", "V", "C"),
            ("001 A B V C", "A B", "V", "C"),
            ("001 A1 B V2 D 006", "A1 B", "V2", "D 006"),
            ("001 R AA/V K B 006", "R", "AA/V", "K B 006"),
            ("001 R V X 006", "R", "V", "X 006"),
            ("001 R V D -05", "R", "V", "D -05"),
            ("001 R NONE C", "R", "NONE", "C"),
            ("001 R Q C", "R", "Q", "C"),
            ("001 V V C", "V", "V", "C"),
        ] {
            let head: Vec<&str> = line.split(' ').collect();
            let words = EventWords::split(&head);
            let found = (&*words.reel, &*words.channel, &*words.transition.join(" "));
            assert_eq!(found, (reel, channel, transition), "{line}");
        }
    }
}
