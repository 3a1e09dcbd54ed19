//! Reads edit decision lists, CMX 3600, as editing programs write them: their lines.

use super::edl_clock::{EdlClock, EdlTimeFault};
use super::edl_event::{
    EdlEdit, EdlKey, EventTransition, EventWords, KeyLayer, is_picture_channel, is_sound_channel,
};
use super::edl_track::{EdlTrack, EdlTrackBuilder};
use super::exchange_timeline::{ExchangeMediaKind, ExchangeTimeline};
use super::reading_findings::{
    ExchangeSource, OTHER_TRANSITION, ReadingFindings, UNREADABLE, closing_gap, too_many_values,
};
use crate::base::{Diagnostic, Diagnostics, FileSpan};
use crate::model::cut::ScreenColour;
use std::ops::Range;

/// What to do about a key.
const KEY_HELP: &str = "draw it in the document, as a graphic or a title over the shot, or take its \
                        line out of the list";

/// Reads a list of events. `None`: it has none, or one is damaged; the diagnostics say why.
pub fn read_edl(
    source: &ExchangeSource<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<ExchangeTimeline> {
    let mut reader = EdlReader {
        source,
        findings: ReadingFindings::new(source.file, diagnostics),
        title: String::new(),
        clock: EdlClock::new(source.rate),
        edits: Vec::new(),
        key: None,
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

struct EdlReader<'a, 'd> {
    source: &'a ExchangeSource<'a>,
    findings: ReadingFindings<'d>,
    title: String,
    clock: EdlClock,
    edits: Vec<EdlEdit>,
    /// The key whose notes are read.
    key: Option<EdlKey>,
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
            self.clock.read_counting(counting);
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
        // A key is not drawn, at any speed.
        let edit = self.edits.last_mut().filter(|_| self.key.is_none());
        if let Some(edit) = edit {
            edit.speed = speed;
        }
    }

    fn read_note(&mut self, note: &str) {
        let Some(edit) = self.edits.last_mut() else {
            return;
        };
        let text = |name: &str| prefixed(note, name).map(str::to_owned);
        if let Some(key) = &mut self.key {
            return read_key_note(note, key, edit);
        }
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
        self.report_key();
        let times = self.clock.read_times(codes);
        if let Err(EdlTimeFault::NoTimecode(index)) = times {
            return self.report_timecode(event, line, bytes.start, codes, index);
        }
        // Remembered for the notes that follow, which are about this event.
        self.is_left_out = !is_picture_channel(&words.channel);
        if self.is_left_out {
            return self.leave_out_channel(event, &words.channel, bytes);
        }
        let times = match times {
            Ok(times) => times,
            Err(fault) => return self.report_backwards(event, fault, bytes),
        };
        let transition = self.read_transition(event, &words, times.film.length(), &bytes);
        let Some(transition) = self.read_key(event, &words, transition, &bytes) else {
            return;
        };
        self.edits.push(EdlEdit {
            event,
            bytes,
            reel: words.reel,
            code: transition.code,
            frames: transition.frames,
            times,
            from_name: None,
            to_name: None,
            file: None,
            colour: None,
            speed: None,
        });
    }

    fn report_backwards(&mut self, event: u32, fault: EdlTimeFault, bytes: Range<usize>) {
        let (subject, help) = match fault {
            EdlTimeFault::SourceBackwards => {
                ("its source", "a source that plays backwards cannot be read")
            }
            _ => (
                "it",
                "only a clip of less than 12 hours may go on behind midnight",
            ),
        };
        let message = format!("event {event}: {subject} ends before it begins");
        self.report_damage(bytes, message, help);
    }

    /// Reports the timecode of this index. It alone is marked: an event has four, and one digit is
    /// easily overlooked.
    fn report_timecode(
        &mut self,
        event: u32,
        line: &str,
        line_start: usize,
        codes: &[&str],
        index: usize,
    ) {
        let code = codes.get(index).copied().unwrap_or_default();
        // Two of the four may be equal.
        let from = codes.iter().take(index).fold(0, |from, code| {
            line[from..]
                .find(code)
                .map_or(from, |at| from + at + code.len())
        });
        let at = line[from..].find(code).map_or(0, |at| from + at) + line_start;
        let rate = self.source.rate;
        let (message, help) = match self.clock.is_left_out(code) {
            true => (
                format!("event {event}: drop frame leaves the number `{code}` out"),
                "write `FCM: NON-DROP FRAME` if the list counts every number",
            ),
            false => (
                format!("event {event}: `{code}` is no timecode at {rate} frames a second"),
                "export the list at the rate of the production",
            ),
        };
        self.report_damage(at..at + code.len(), message, help);
    }

    /// Returns the transition of an event that is read. `None`: it is keyed over another one of its
    /// event. What is keyed is not drawn, which is reported behind its notes.
    fn read_key(
        &mut self,
        event: u32,
        words: &EventWords,
        transition: EventTransition,
        bytes: &Range<usize>,
    ) -> Option<EventTransition> {
        match transition.key_layer() {
            KeyLayer::None => return Some(transition),
            // It is seen from its first frame on, whenever the key comes.
            KeyLayer::Background => return Some(EventTransition::cut()),
            KeyLayer::Foreground => {}
        }
        if self.edits.last().is_some_and(|last| last.event == event) {
            self.key = Some(EdlKey {
                event,
                bytes: bytes.clone(),
                reel: words.reel.clone(),
                name: None,
            });
            return None;
        }
        let message = format!(
            "event {event}: `{}` is a key without its background `K B`, and is read as a cut",
            words.transition.join(" ")
        );
        self.report_transition(bytes.clone(), message, KEY_HELP);
        Some(EventTransition::cut())
    }

    /// Reports the key whose notes end here.
    fn report_key(&mut self) {
        let Some(key) = self.key.take() else { return };
        let message = format!(
            "event {}: `{}` is keyed over other pictures, and is not drawn; what is behind it is",
            key.event,
            key.name.as_ref().unwrap_or(&key.reel),
        );
        self.report_transition(key.bytes, message, KEY_HELP);
    }

    fn report_transition(&mut self, bytes: Range<usize>, message: String, help: &str) {
        let origin = self.origin(bytes);
        self.findings
            .push(Diagnostic::warning(OTHER_TRANSITION, origin, message).with_help(help));
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
            let help = "a transition is `C`, or `D` or a wipe such as `W001` with its number of \
                        frames, no more than the event has";
            self.report_transition(bytes.clone(), message, help);
        }
        transition.unwrap_or_else(|_| EventTransition::cut())
    }

    fn into_timeline(mut self) -> Option<ExchangeTimeline> {
        self.report_key();
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
        self.clock.sort_edits(&mut edits);
        // Lists begin at any timecode, often an hour, and a film begins at 0.
        let first = edits.first().map_or(0, |edit| edit.times.film.start);
        let mut builder = EdlTrackBuilder::new(self.source, &mut self.findings, first);
        for edit in &edits {
            builder.add_edit(edit);
        }
        let EdlTrack {
            clips,
            transitions,
            black_end,
        } = builder.into_track();
        if let Some(gap) = closing_gap(&clips, &transitions, black_end) {
            self.findings.push(gap);
        }
        self.findings.finish();
        Some(ExchangeTimeline {
            name: self.title,
            rate: self.source.rate,
            start: first,
            is_drop_frame: self.clock.is_drop_frame(),
            size: None,
            media_kind: ExchangeMediaKind::Shots,
            clips,
            transitions,
            sounds: Vec::new(),
            markers: Vec::new(),
        })
    }
}

/// Reads a note behind a key, which is about it or about its background.
fn read_key_note(note: &str, key: &mut EdlKey, background: &mut EdlEdit) {
    let text = |name: &str| prefixed(note, name).map(str::to_owned);
    if let Some(name) = text("KEY CLIP NAME:").or_else(|| text("KEY CLIP NAME IS")) {
        key.name = Some(name);
    } else if let Some(name) = text("FROM CLIP NAME:").or_else(|| text("FROM CLIP NAME IS")) {
        // Some programs write the notes of both behind the second line.
        match background.from_name {
            None => background.from_name = Some(name),
            Some(_) => key.name = key.name.take().or(Some(name)),
        }
    } else if let Some(name) = text("TO CLIP NAME:") {
        key.name = key.name.take().or(Some(name));
    }
}

/// Returns the text behind a word at the start of a line.
fn prefixed<'t>(line: &'t str, prefix: &str) -> Option<&'t str> {
    let head = line.get(..prefix.len())?;
    let rest = &line[prefix.len()..];
    head.eq_ignore_ascii_case(prefix).then(|| rest.trim())
}
