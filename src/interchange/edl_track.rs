//! Makes clips and transitions of the events of an edit decision list.
//!
//! A list says where each source begins in the film, and transitions by the frame at which they
//! begin. The cut is in the middle of a dissolve or a wipe, rounded down, as OpenTimelineIO takes it.

use super::edl_event::EdlEdit;
use super::exchange_timeline::{ExchangeClip, ExchangeClipKind, ExchangeMedia, ExchangeTransition};
use super::otio_reader::{other_transition, speed_finding};
use super::reading_findings::{ExchangeSource, ReadingFindings};
use super::relative_url::{path_stem, url_stem};
use super::transition_words::wipe_by_number;
use crate::model::cut::{ScreenColour, TransitionKind};

/// Makes clips and transitions of the lines of a list, in order.
pub(super) struct EdlTrackBuilder<'b, 'd> {
    source: &'b ExchangeSource<'b>,
    findings: &'b mut ReadingFindings<'d>,
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

/// What an event with a transition calls its two sources.
struct TransitionNames<'e> {
    /// The one that is left.
    from: Option<&'e String>,
    /// The one that comes.
    into: Option<&'e String>,
}

impl<'e> TransitionNames<'e> {
    fn new(edit: &'e EdlEdit, left: Option<&'e LeftSource>) -> Self {
        let left = left.and_then(|left| left.name.as_ref());
        let own = edit.from_name.as_ref();
        // `FROM CLIP NAME` is the source that is left. Behind a line for that one with its own name,
        // another name is that of the source that comes: such programs have no other note.
        let is_own = left.is_some() && own.is_some() && own != left;
        match (&edit.to_name, is_own) {
            (None, true) => Self {
                from: left,
                into: own,
            },
            (into, _) => Self {
                from: own.or(left),
                into: into.as_ref(),
            },
        }
    }
}

struct BlackStretch {
    end: usize,
    /// Index of the fade that led to it.
    fade: usize,
}

/// The track of a list.
pub(super) struct EdlTrack {
    pub(super) clips: Vec<ExchangeClip>,
    pub(super) transitions: Vec<ExchangeTransition>,
    /// The frame behind the last black.
    pub(super) black_end: usize,
}

impl<'b, 'd> EdlTrackBuilder<'b, 'd> {
    /// Returns the builder of a film that begins at this timecode.
    pub(super) const fn new(
        source: &'b ExchangeSource<'b>,
        findings: &'b mut ReadingFindings<'d>,
        first: u64,
    ) -> Self {
        Self {
            source,
            findings,
            first,
            clips: Vec::new(),
            transitions: Vec::new(),
            left: None,
            black: None,
            black_end: 0,
        }
    }

    pub(super) fn into_track(self) -> EdlTrack {
        EdlTrack {
            clips: self.clips,
            transitions: self.transitions,
            black_end: self.black_end,
        }
    }

    fn frame(&self, timecode: u64) -> usize {
        usize::try_from(timecode - self.first).unwrap_or(usize::MAX)
    }

    pub(super) fn add_edit(&mut self, edit: &EdlEdit) {
        // A transition without frames is a cut by another name.
        let is_cut = edit.code == "C" || edit.frames == 0;
        // The first line of an event with a transition: the source that is left, of no length.
        if is_cut && edit.times.film.length() == 0 {
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
            (true, true) => self.black_end = self.black_end.max(self.frame(edit.times.film.end)),
            (true, false) => self.add_fade_out(edit),
            (false, true) => {
                self.add_clip(edit, 0, edit.to_name.as_ref().or(edit.from_name.as_ref()));
            }
            (false, false) => self.add_transition(edit, left.as_ref()),
        }
    }

    fn check_speed(&mut self, edit: &EdlEdit) {
        let rate = self.source.rate.as_f64();
        let source = edit.times.source.length();
        let shown = edit.times.film.length();
        // Programs write `M2` with one decimal, so 23.976 comes as 24.0.
        let is_own = edit.speed.is_none_or(|speed| (speed - rate).abs() < 0.1);
        if (is_own && source == shown) || edit.is_black() {
            return;
        }
        let origin = self.findings.origin(self.source.text, edit.bytes.clone());
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
        self.findings.push(speed_finding(origin, message));
    }

    fn add_fade_out(&mut self, edit: &EdlEdit) {
        let before = edit
            .frames
            .min(self.frame(edit.times.film.end) - self.frame(edit.times.film.start));
        let cut = self.frame(edit.times.film.start) + before;
        self.lengthen_last(before, self.frame(edit.times.film.start));
        self.transitions.push(ExchangeTransition {
            kind: TransitionKind::FadeOut {
                colour: edit.colour.unwrap_or_default(),
            },
            cut,
            before,
            after: 0,
            place: edit.place(self.findings, self.source.text),
        });
        self.black_end = self.black_end.max(self.frame(edit.times.film.end));
        // Remembered, because a fade in that follows at once makes both a dip.
        self.black = Some(BlackStretch {
            end: self.frame(edit.times.film.end),
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
        let start = self.frame(edit.times.film.start);
        let length = self.frame(edit.times.film.end) - start;
        let frames = edit.frames.min(length);
        // A gap before it is black, too.
        let follows = self.clips.last().is_some_and(|last| last.end() == start);
        let colour = edit.colour.unwrap_or_default();
        // Some programs write a fade in without the line of black before it. Then a clip that
        // nothing precedes can only come from black.
        let is_from_black = left.map_or(!follows, |left| left.is_black);
        let place = edit.place(self.findings, self.source.text);
        if is_from_black {
            self.add_from_black(edit, left, frames, colour);
            return;
        }
        let names = TransitionNames::new(edit, left);
        if let Some(name) = names.from
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
        self.add_clip(edit, before, names.into);
    }

    /// Adds a clip that comes out of black. A fade to that black just before it makes a dip of both.
    fn add_from_black(
        &mut self,
        edit: &EdlEdit,
        left: Option<&LeftSource>,
        frames: usize,
        colour: ScreenColour,
    ) {
        let start = self.frame(edit.times.film.start);
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
                place: edit.place(self.findings, self.source.text),
            }),
        }
        self.add_clip(edit, 0, TransitionNames::new(edit, left).into);
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
                let origin = self.findings.origin(self.source.text, edit.bytes.clone());
                let name = format!("{} of event {}", edit.code, edit.event);
                self.findings.push(other_transition(origin, &name));
                TransitionKind::Dissolve
            }
        }
    }

    /// Adds the frames of an event behind its first `skip`, under this name.
    fn add_clip(&mut self, edit: &EdlEdit, skip: usize, name: Option<&String>) {
        let start = self.frame(edit.times.film.start) + skip;
        let source_start = edit.times.source.start + skip as u64;
        let source_start = i64::try_from(source_start).unwrap_or(i64::MAX);
        let file = edit.file.as_deref().unwrap_or_default();
        // A path as we write it, and an address as others do.
        let path_name = path_stem(file);
        let url_name = Some(url_stem(file)).filter(|name| *name != path_name);
        let reel = edit.reel.clone();
        let mut names = [name.cloned(), Some(path_name), url_name, Some(reel)]
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
            length: self.frame(edit.times.film.end).saturating_sub(start),
            source_start,
            shot_offset: None,
            media: edit.file.as_ref().map(|file| ExchangeMedia {
                url: file.clone(),
                start: 0,
                length: 0,
            }),
            place: edit.place(self.findings, self.source.text),
        });
    }
}
