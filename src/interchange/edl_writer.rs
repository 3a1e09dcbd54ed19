//! Writes edit decision lists, CMX 3600.
//!
//! An event with a transition is two lines: the source that is left, of no length, and the one that
//! comes, from the first frame of the transition on. A fade and a dip are dissolves with the source
//! `BL`, which is black.

use super::exchange_timeline::{ExchangeClip, ExchangeTimeline, ExchangeTransition};
use super::relative_url::relative_path;
use super::transition_words::wipe_number;
use crate::model::cut::{ScreenColour, Timecode, TransitionKind};
use std::fmt::Write;

/// The source that is black.
const BLACK_REEL: &str = "BL";

/// The most letters of a title.
const MOST_TITLE_LETTERS: usize = 70;

/// Returns the text of a timeline. `None`: its rate has no timecode.
#[must_use]
pub fn edl_text(timeline: &ExchangeTimeline) -> Option<String> {
    if !timeline.rate.has_timecode() {
        return None;
    }
    let mut writer = EdlWriter {
        timeline,
        text: String::new(),
        events: 0,
    };
    writer.write_head();
    writer.write_events();
    Some(writer.text)
}

struct EdlWriter<'a> {
    timeline: &'a ExchangeTimeline,
    text: String,
    events: usize,
}

/// One source in the film, from the first frame of its transition to that of the next.
struct EdlSource<'a> {
    reel: &'a str,
    /// Its name, if it is a shot.
    clip: Option<&'a ExchangeClip>,
    /// The number of its first frame in the source.
    source_start: i64,
    /// Its first frame in the film.
    start: usize,
    length: usize,
    /// How it follows the source before it.
    transition: Option<EdlTransition>,
}

/// The code of a transition, its length, and what the code cannot say.
struct EdlTransition {
    code: String,
    frames: usize,
    /// Whether it comes out of black, also if another clip is before it.
    is_from_black: bool,
    colour: Option<ScreenColour>,
}

impl EdlWriter<'_> {
    fn write_head(&mut self) {
        let title: String = single_line(&self.timeline.name)
            .chars()
            // CMX 3600 ends a title there.
            .take(MOST_TITLE_LETTERS)
            .collect();
        let counting = match self.timeline.is_drop_frame {
            true => "DROP FRAME",
            false => "NON-DROP FRAME",
        };
        self.push_line(&format!("TITLE: {title}"));
        self.push_line(&format!("FCM: {counting}"));
        self.push_line("");
    }

    fn push_line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn write_events(&mut self) {
        let sources = edl_sources(self.timeline);
        self.write_black_before(&sources);
        for (index, source) in sources.iter().enumerate() {
            self.events += 1;
            let before = index.checked_sub(1).map(|index| &sources[index]);
            match &source.transition {
                None => self.write_edit(source, "C", None),
                Some(transition) => {
                    let left = before.filter(|_| !transition.is_from_black);
                    self.write_left(left, source);
                    let code = transition.code.clone();
                    self.write_edit(source, &code, Some(transition.frames));
                }
            }
            self.write_notes(before, source);
        }
    }

    /// Writes an event of black that lasts for no frame, if the film begins with a fade.
    /// OpenTimelineIO refuses a list whose first event has a transition.
    fn write_black_before(&mut self, sources: &[EdlSource<'_>]) {
        if let Some(first) = sources.first().filter(|first| first.transition.is_some()) {
            self.events += 1;
            self.write_left(None, first);
        }
    }

    /// Writes the line of the source that a transition leaves: its last frame, of no length.
    fn write_left(&mut self, before: Option<&EdlSource<'_>>, next: &EdlSource<'_>) {
        let black = EdlSource {
            reel: BLACK_REEL,
            clip: None,
            source_start: 0,
            start: next.start,
            length: 0,
            transition: None,
        };
        let left = match before {
            Some(before) => EdlSource {
                reel: before.reel,
                clip: before.clip,
                // Where the source is left, so that a program can find the frames of the
                // transition.
                source_start: before.source_start + frame_number(before.length),
                start: next.start,
                length: 0,
                transition: None,
            },
            None => black,
        };
        self.write_edit(&left, "C", None);
    }

    fn write_edit(&mut self, source: &EdlSource<'_>, code: &str, frames: Option<usize>) {
        // Timecode has no sign. `edl_losses` says it when a number below 0 begins at 0.
        let first = u64::try_from(source.source_start).unwrap_or_default();
        let length = source.length as u64;
        let shown = self.timeline.start + source.start as u64;
        let frames = frames.map_or_else(String::new, |frames| format!("{frames:03}"));
        // Columns as in CMX 3600, since some readers count columns and not blanks.
        let line = format!(
            "{:03}  {:<8} V     {code:<4} {frames:>3} {} {} {} {}",
            self.events,
            source.reel,
            self.timecode(first),
            self.timecode(first + length),
            self.timecode(shown),
            self.timecode(shown + length),
        );
        self.push_line(&line);
    }

    fn write_notes(&mut self, before: Option<&EdlSource<'_>>, source: &EdlSource<'_>) {
        let name = |clip: &ExchangeClip| single_line(&clip.name);
        match &source.transition {
            Some(transition) => {
                let left = before.filter(|_| !transition.is_from_black);
                if let Some(left) = left.and_then(|left| left.clip) {
                    self.push_line(&format!("* FROM CLIP NAME: {}", name(left)));
                }
                if let Some(clip) = source.clip {
                    self.push_line(&format!("* TO CLIP NAME: {}", name(clip)));
                }
                if let Some(colour) = transition.colour {
                    // A comment, which other programs ignore. Our reader takes the colour from it,
                    // so a list that comes back loses nothing.
                    self.push_line(&format!("* TRANSITION COLOUR: {colour}"));
                }
            }
            None => {
                if let Some(clip) = source.clip {
                    self.push_line(&format!("* FROM CLIP NAME: {}", name(clip)));
                }
            }
        }
        let Some(clip) = source.clip else { return };
        if let Some(media) = &clip.media {
            // A path and no address: programs look for the file as it is written here.
            self.push_line(&format!("* SOURCE FILE: {}", relative_path(&media.url)));
        }
        self.write_markers(source);
    }

    /// Writes the markers of a source as locators, with the colours that editors know.
    fn write_markers(&mut self, source: &EdlSource<'_>) {
        let markers = &self.timeline.markers;
        // Markers are sorted, and each belongs to the event during which it is.
        let first = markers.partition_point(|marker| marker.frame < source.start);
        for marker in &markers[first..] {
            if marker.frame >= source.start + source.length {
                break;
            }
            let colour = if marker.is_line { "CYAN" } else { "GREEN" };
            let code = self.timecode(self.timeline.start + marker.frame as u64);
            let mut text = single_line(&marker.name);
            if !marker.note.is_empty() {
                let _ = write!(text, ": {}", single_line(&marker.note));
            }
            self.push_line(&format!("* LOC: {code} {colour:<7} {text}"));
        }
    }

    fn timecode(&self, frames: u64) -> Timecode {
        let code = Timecode::from_frames(frames, self.timeline.rate);
        match self.timeline.is_drop_frame {
            true => code.with_dropped_numbers(),
            false => code,
        }
    }
}

/// Returns the sources of a film in order, each from the first frame of its transition on.
fn edl_sources(timeline: &ExchangeTimeline) -> Vec<EdlSource<'_>> {
    let mut sources = Vec::new();
    let mut end = 0;
    for clip in &timeline.clips {
        // A gap is black, or all that follows would move.
        if clip.start > end {
            sources.push(black_source(end, clip.start - end, None));
        }
        let into = transition_at(timeline, clip.start, |kind| !is_fade_out(kind));
        let next = transition_at(timeline, clip.end(), |kind| !is_fade_in(kind));
        // A dip is written as a dissolve to black and one from black, since a list knows no other.
        if let Some(dip) = into.filter(|into| is_dip(into.kind) && into.before > 0) {
            let out = colour_half(dip, dip.before);
            sources.push(black_source(clip.start - dip.before, dip.before, Some(out)));
        }
        sources.push(clip_source(clip, into, next));
        end = clip.end();
        if let Some(fade) = next.filter(|next| is_fade_out(next.kind) && next.before > 0) {
            let out = colour_half(fade, fade.before);
            sources.push(black_source(end - fade.before, fade.before, Some(out)));
        }
    }
    sources
}

/// Returns the transition at a cut whose kind is wanted.
fn transition_at(
    timeline: &ExchangeTimeline,
    cut: usize,
    is_wanted: impl Fn(TransitionKind) -> bool,
) -> Option<&ExchangeTransition> {
    let transitions = &timeline.transitions;
    let first = transitions.partition_point(|transition| transition.cut < cut);
    // A fade out and a fade in share a cut, so the place alone does not say which one is meant.
    let mut at_cut = transitions[first..]
        .iter()
        .take_while(|each| each.cut == cut && each.before <= cut);
    at_cut.find(|each| is_wanted(each.kind))
}

const fn is_fade_in(kind: TransitionKind) -> bool {
    matches!(kind, TransitionKind::FadeIn { .. })
}

const fn is_fade_out(kind: TransitionKind) -> bool {
    matches!(kind, TransitionKind::FadeOut { .. })
}

const fn is_dip(kind: TransitionKind) -> bool {
    matches!(kind, TransitionKind::Dip { .. })
}

fn black_source<'a>(
    start: usize,
    length: usize,
    transition: Option<EdlTransition>,
) -> EdlSource<'a> {
    EdlSource {
        reel: BLACK_REEL,
        clip: None,
        source_start: 0,
        start,
        length,
        transition,
    }
}

/// Returns one half of a transition that goes through a colour.
fn colour_half(transition: &ExchangeTransition, frames: usize) -> EdlTransition {
    EdlTransition {
        code: "D".to_owned(),
        frames,
        is_from_black: false,
        colour: written_colour(transition.kind),
    }
}

/// Returns the colour of a transition, unless it is the black of `BL`.
fn written_colour(kind: TransitionKind) -> Option<ScreenColour> {
    kind.colour()
        .filter(|colour| *colour != ScreenColour::BLACK)
}

fn clip_source<'a>(
    clip: &'a ExchangeClip,
    into: Option<&ExchangeTransition>,
    next: Option<&ExchangeTransition>,
) -> EdlSource<'a> {
    // The source begins with the transition, and so before the cut.
    let early = match into.map(|into| into.kind) {
        Some(kind) if kind.needs_handles() => into.map_or(0, |into| into.before),
        _ => 0,
    };
    let transition = into.and_then(clip_transition);
    let start = clip.start - early.min(clip.start);
    // The next source begins with its transition, so this one ends there.
    let end = clip.end() - next.map_or(0, |next| next.before).min(clip.length);
    EdlSource {
        reel: &clip.reel,
        clip: Some(clip),
        source_start: clip.source_start - frame_number(early),
        start,
        length: end.saturating_sub(start),
        transition,
    }
}

/// Returns how a clip comes in. `None`: by a cut.
fn clip_transition(into: &ExchangeTransition) -> Option<EdlTransition> {
    let plain = |code: String| EdlTransition {
        code,
        frames: into.length(),
        is_from_black: false,
        colour: None,
    };
    match into.kind {
        TransitionKind::Cut | TransitionKind::FadeOut { .. } => None,
        TransitionKind::Dissolve => Some(plain("D".to_owned())),
        TransitionKind::Wipe { direction } => {
            Some(plain(format!("W{:03}", wipe_number(direction))))
        }
        // The half before the cut is an event of its own, of black.
        TransitionKind::FadeIn { .. } | TransitionKind::Dip { .. } => {
            (into.after > 0).then(|| EdlTransition {
                is_from_black: true,
                ..colour_half(into, into.after)
            })
        }
    }
}

fn frame_number(frames: usize) -> i64 {
    i64::try_from(frames).unwrap_or(i64::MAX)
}

/// Returns a text on one line, with single spaces.
pub(super) fn single_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns what of a timeline a list of events cannot say, one phrase each.
#[must_use]
pub fn edl_losses(timeline: &ExchangeTimeline) -> Vec<String> {
    let mut losses = Vec::new();
    match timeline.sounds.len() {
        0 => {}
        1 => losses.push("the track of sound".to_owned()),
        count => losses.push(format!("{count} tracks of sound")),
    }
    let transitions = timeline.transitions.iter();
    let coloured = transitions.filter(|each| written_colour(each.kind).is_some());
    match coloured.count() {
        0 => {}
        count => losses.push(format!(
            "the colour of {count} transition{}, which {} black (a comment has it)",
            if count == 1 { "" } else { "s" },
            if count == 1 { "is" } else { "are" },
        )),
    }
    let sources = edl_sources(timeline);
    if sources.iter().any(|source| source.source_start < 0) {
        losses.push("numbers of frames below 0, which begin at 0".to_owned());
    }
    // The number of an event has three digits.
    if sources.len() > 999 {
        losses.push("events behind number 999, which some programs do not read".to_owned());
    }
    losses
}
