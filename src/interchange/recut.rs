//! A cut that comes back: the shots of a production in the order, with the frames and with the
//! transitions of a timeline of another program.
//!
//! A shot keeps the frames that its moves run over, so what an editor trims or lengthens shows the
//! same pictures. Its lines and sounds move with its frames.

use super::exchange_timeline::{
    ExchangeClip, ExchangeClipKind, ExchangePlace, ExchangeTimeline, ExchangeTransition,
};
use super::fades_at_gaps::fade_at_gaps;
use super::reading_findings::{GAP, OTHER_TRANSITION, closing_gap};
use super::recut_cards::{RecutCard, WrittenCards, fade_at_cards, mark_cards, recut_cards};
use super::recut_match::RecutNames;
use super::recut_unknown::unknown_clip;
use super::reel_names::ReelEntry;
use crate::base::{Diagnostic, DiagnosticCode, Diagnostics};
use crate::model::cut::{ShotTransition, TransitionKind};
use crate::model::production::{Shot, ShotRecut};
use crate::model::sound::sample_at_frame;
use crate::model::{FrameList, FrameRate};
use std::collections::HashSet;
use std::sync::Arc;

pub(super) const UNKNOWN_CLIP: DiagnosticCode = "production::recut::unknown_clip";
const BEYOND_SHOT: DiagnosticCode = "production::recut::beyond_shot";
const OVERLAP: DiagnosticCode = "production::recut::overlap";
const UNUSED_SHOT: DiagnosticCode = "production::recut::unused_shot";
const LOST_LINE: DiagnosticCode = "production::recut::lost_line";

/// What a cut is brought back into.
#[derive(Debug, Clone, Copy)]
pub struct RecutFacts<'a> {
    /// Frames a second of the production.
    pub rate: FrameRate,
    /// Samples a second of its sound.
    pub sample_rate: u32,
    /// The table of reels beside the timeline. Empty: there is none.
    pub reels: &'a [ReelEntry],
    /// The cards that the document may have.
    pub cards: WrittenCards,
}

/// A cut that came back.
#[derive(Debug, Clone)]
pub struct RecutProduction {
    /// The shots, in the order of the timeline.
    pub shots: Vec<Shot>,
    /// The title cards and credits of the timeline, in order.
    pub cards: Vec<RecutCard>,
}

/// Returns the cut of a timeline, in its order. Clips that are neither shot nor card are reported
/// and left out.
#[must_use]
pub fn recut_shots(
    shots: &[Shot],
    mut timeline: ExchangeTimeline,
    facts: &RecutFacts<'_>,
    diagnostics: &mut Diagnostics,
) -> RecutProduction {
    let clip_shots = RecutNames::new(shots, facts.reels);
    // First, so that no later step takes a title card for a missing shot.
    let black_end = mark_cards(&mut timeline, facts.cards, &clip_shots);
    // The reader took such black for a clip.
    if let Some(gap) = closing_gap(&timeline.clips, &timeline.transitions, black_end) {
        diagnostics.push(gap);
    }
    for lost in fade_at_gaps(&mut timeline) {
        diagnostics.push(transition_at_no_cut(&lost));
    }
    // Before clips are joined and cuts are centred: both look at which transitions are at a cut.
    fade_at_cards(&mut timeline);
    join_through_edits(&mut timeline, &clip_shots);
    centre_blends(&mut timeline);
    // After the cuts were moved, since moving them keeps clips together that were together.
    report_uneven_joins(&timeline, diagnostics);
    let parts = shot_parts(shots, &timeline, &clip_shots, diagnostics);
    let next_part = |clip: usize| {
        let next = parts.partition_point(|part| part.clip < clip);
        Some(next).filter(|next| *next < parts.len())
    };
    let cards = recut_cards(&timeline, facts.cards, next_part, diagnostics);
    // A clip that was not found may be one of the shots that seem to be missing.
    if parts.len() + cards.len() == timeline.clips.len() {
        report_unused(shots, &timeline, &parts, diagnostics);
    }
    report_lost_lines(shots, &parts, facts, diagnostics);
    let mut recut = named_parts(shots, &parts, facts);
    set_transitions(&mut recut, &parts, &timeline);
    RecutProduction {
        shots: recut,
        cards,
    }
}

/// Returns the parts as shots, each with a name of its own.
fn named_parts(shots: &[Shot], parts: &[ShotPart], facts: &RecutFacts<'_>) -> Vec<Shot> {
    // All names of the production and not only of the cut: a part must not get the name of a shot
    // that comes back later.
    let mut names: HashSet<String> = shots.iter().map(|shot| shot.name.value.clone()).collect();
    let mut lines: HashSet<String> = HashSet::new();
    let mut uses: Vec<PartUse> = shots.iter().map(|_| PartUse::default()).collect();
    let mut recut: Vec<Shot> = Vec::with_capacity(parts.len());
    for part in parts {
        let whole = &shots[part.shot];
        let used = &mut uses[part.shot];
        let frames = used
            .frames
            .get_or_insert_with(|| Arc::new(whole.frames.clone()));
        let mut shot = part_of_shot(whole, part, Arc::clone(frames), facts);
        // The first part keeps the name, so that a cut without doubled shots renames nothing.
        if used.number > 0 {
            let name = used.next_name(&whole.name.value, &names);
            names.insert(name.clone());
            shot.name.value = name;
        }
        used.number = used.number.max(1);
        // Names of lines are names of jobs, of which no two may be equal.
        rename_repeated_lines(&mut shot, &lines);
        lines.extend(shot.lines.iter().map(|line| line.name.clone()));
        recut.push(shot);
    }
    recut
}

/// What the parts of one shot share.
#[derive(Default)]
struct PartUse {
    /// The number behind the last name. 0: the shot is in no part so far.
    number: u32,
    /// The frames of the whole shot.
    frames: Option<Arc<FrameList>>,
}

impl PartUse {
    /// Returns a name for the second part of a shot and those behind it. Numbers below the last one
    /// are taken, so that none is looked at twice.
    fn next_name(&mut self, name: &str, taken: &HashSet<String>) -> String {
        loop {
            // The first use has no number, so the second is `_2`.
            self.number = self.number.saturating_add(1).max(2);
            let next = format!("{name}_{}", self.number);
            // The production may have a shot of that name already.
            if !taken.contains(&next) || self.number == u32::MAX {
                return next;
            }
        }
    }
}

/// Returns the finding that a transition has no clip on either side.
fn transition_at_no_cut(lost: &ExchangeTransition) -> Diagnostic {
    let message = "a transition is at no cut, and is not read".to_owned();
    let message = placed_message(lost.place, &message);
    Diagnostic::warning(OTHER_TRANSITION, lost.place.origin, message)
        .with_help("put it between two clips, or at the end of one")
}

/// A part of a shot in the cut.
struct ShotPart {
    /// Index of the shot.
    shot: usize,
    /// Index of the clip.
    clip: usize,
    /// Its first frame, counted from the first of the shot. Negative: before it.
    first: i64,
    length: usize,
    frames: FrameList,
    place: ExchangePlace,
}

/// Returns a message that begins with the number of the event, if the place has one.
pub(super) fn placed_message(place: ExchangePlace, message: &str) -> String {
    match place.event {
        Some(event) => format!("event {event}: {message}"),
        None => message.to_owned(),
    }
}

/// Moves each cut to the middle of its dissolve or wipe, rounded down. What is seen stays the same:
/// in these frames both shots are seen, wherever the cut is.
fn centre_blends(timeline: &mut ExchangeTimeline) {
    let blends = timeline.transitions.iter_mut();
    for transition in blends.filter(|each| each.kind.needs_handles()) {
        let start = transition.cut.saturating_sub(transition.before);
        // Our own cut is there too, so a cut that comes back unchanged makes no job again.
        let cut = start + transition.length() / 2;
        let clips = &mut timeline.clips;
        // By halves: a timeline may have thousands of both.
        let into = clips.partition_point(|clip| clip.start < transition.cut);
        let Some(from) = into.checked_sub(1) else {
            continue;
        };
        let meets = clips.get(into).is_some_and(|clip| {
            clip.start == transition.cut && clips[from].end() == transition.cut
        });
        // A clip that is all transition has no frame to give.
        if !meets || cut <= clips[from].start || cut >= clips[into].end() {
            continue;
        }
        let old = i64::try_from(transition.cut).unwrap_or(i64::MAX);
        let moved = i64::try_from(cut).unwrap_or(i64::MAX) - old;
        clips[from].length = cut - clips[from].start;
        let into = &mut clips[into];
        into.length = into.end() - cut;
        into.start = cut;
        // Its pictures stay at their times, so its source begins earlier or later by as much.
        into.source_start = into.source_start.saturating_add(moved);
        transition.before = cut - start;
        transition.after = transition.after + transition.cut - cut;
        transition.cut = cut;
    }
}

/// Joins clips that go on where the one before them ends, as lists of events write what is behind a
/// dissolve.
fn join_through_edits(timeline: &mut ExchangeTimeline, names: &RecutNames<'_>) {
    let mut joined: Vec<ExchangeClip> = Vec::with_capacity(timeline.clips.len());
    for clip in timeline.clips.drain(..) {
        // A transition within one shot is meant, even if both sides are the same source.
        let is_cut = transitions_at(&timeline.transitions, clip.start)
            .next()
            .is_none();
        match joined.last_mut() {
            Some(last) if is_cut && goes_on(last, &clip, names) => last.length += clip.length,
            _ => joined.push(clip),
        }
    }
    timeline.clips = joined;
}

/// Returns whether a clip shows the frames of the same shot that follow those of another.
fn goes_on(last: &ExchangeClip, clip: &ExchangeClip, names: &RecutNames<'_>) -> bool {
    let length = i64::try_from(last.length).unwrap_or(i64::MAX);
    let follows = last.end() == clip.start;
    // A card that was cut in two is one card.
    if last.kind == ExchangeClipKind::Card || clip.kind == ExchangeClipKind::Card {
        return follows && last.kind == clip.kind && last.name == clip.name;
    }
    let is_next = last.source_start.saturating_add(length) == clip.source_start;
    follows
        && is_next
        // Equal numbers of two files are not the same frames.
        && last.shot_offset == clip.shot_offset
        && names
            .find_shot(last)
            .is_some_and(|shot| names.find_shot(clip) == Some(shot))
}

/// Reports clips that do not begin where the clip before them ends.
fn report_uneven_joins(timeline: &ExchangeTimeline, diagnostics: &mut Diagnostics) {
    let mut end = 0;
    for clip in &timeline.clips {
        if clip.start > end {
            diagnostics.push(gap_before(clip, clip.start - end));
        // Both are errors, because it is unknown which frames are meant: to guess would change the
        // length of the film.
        } else if clip.start < end {
            diagnostics.push(overlap_before(clip, end - clip.start));
        }
        end = clip.end().max(end);
    }
}

fn gap_before(clip: &ExchangeClip, frames: usize) -> Diagnostic {
    let message = match frames {
        1 => "1 frame before the clip shows nothing".to_owned(),
        frames => format!("{frames} frames before the clip show nothing"),
    };
    let message = placed_message(clip.place, &message);
    Diagnostic::error(GAP, clip.place.origin, message)
        .with_label("a gap before it")
        .with_help("close the gap, or lengthen a clip over it")
}

fn overlap_before(clip: &ExchangeClip, frames: usize) -> Diagnostic {
    let s = if frames == 1 { "" } else { "s" };
    let message = format!("the clip begins {frames} frame{s} before the one before it ends");
    let message = placed_message(clip.place, &message);
    Diagnostic::error(OVERLAP, clip.place.origin, message)
        .with_label("two clips at one time")
        .with_help("trim one of them, so that each begins where the one before it ends")
}

fn shot_parts(
    shots: &[Shot],
    timeline: &ExchangeTimeline,
    names: &RecutNames<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<ShotPart> {
    let mut parts = Vec::with_capacity(timeline.clips.len());
    let mut unknown = 0;
    let clips = timeline.clips.iter().enumerate();
    for (index, clip) in clips.filter(|(_, clip)| clip.kind != ExchangeClipKind::Card) {
        let Some(shot) = names.find_shot(clip) else {
            unknown += 1;
            diagnostics.push(unknown_clip(clip, names, unknown));
            continue;
        };
        let first = names.first_frame(clip, shot);
        // Without the frames of the source, where the clip begins in the shot would be a guess.
        let found = first.and_then(|first| {
            let frames = frames_between(&shots[shot].frames, first, clip.length)?;
            Some(ShotPart {
                shot,
                clip: index,
                first,
                length: clip.length,
                frames,
                place: clip.place,
            })
        });
        match found {
            Some(part) => parts.push(part),
            None => diagnostics.push(beyond_shot(clip, &shots[shot], names.offset(clip, shot))),
        }
    }
    parts
}

/// Returns the finding that a clip shows no frame of its shot. `offset` is what the numbers of the
/// source need to be those of the shot, if a table or the timeline says so.
fn beyond_shot(clip: &ExchangeClip, shot: &Shot, offset: Option<i64>) -> Diagnostic {
    let last = clip
        .source_start
        .saturating_add(i64::try_from(clip.length).unwrap_or(0))
        .saturating_sub(1);
    let source = clip.source_start;
    let name = &shot.name.value;
    let (message, help) = match offset.filter(|offset| *offset != 0) {
        Some(offset) => (
            format!(
                "frames {source} to {last} of the source are frames {} to {} of shot `{name}`, \
                 which has {}",
                source.saturating_add(offset),
                last.saturating_add(offset),
                shot.frames
            ),
            "what is between both numbers is in the table of reels, or in what was written about \
             the clip",
        ),
        None => (
            format!(
                "frames {source} to {last} are none of shot `{name}`, which has {}",
                shot.frames
            ),
            "the source of a clip counts the frames of its shot, or begins at 0",
        ),
    };
    let message = placed_message(clip.place, &message);
    Diagnostic::error(BEYOND_SHOT, clip.place.origin, message).with_help(help)
}

/// Returns `length` frames from place `first` of a list on, with those before and behind it that
/// are needed. `None`: frame numbers end before.
fn frames_between(frames: &FrameList, first: i64, length: usize) -> Option<FrameList> {
    let count = i64::try_from(frames.len()).ok()?;
    // Checked: numbers of another program may be any.
    let end = first.checked_add(i64::try_from(length).ok()?)?;
    let head = usize::try_from(-first.min(0)).ok()?;
    // An editor may lengthen a clip beyond the shot, into its handles.
    let tail = usize::try_from((end - count).max(0)).ok()?;
    let beyond = frames.frames_beyond(head, tail)?;
    // A clip that is all handle has none of the shot's own frames.
    let skip = usize::try_from(first.max(0)).ok()?;
    let own = usize::try_from(end.min(count)).ok()?.saturating_sub(skip);
    let own = frames.slice(skip, own);
    Some(
        beyond
            .head
            .iter()
            .chain(own.iter())
            .chain(beyond.tail.iter())
            .collect(),
    )
}

fn report_unused(
    shots: &[Shot],
    timeline: &ExchangeTimeline,
    parts: &[ShotPart],
    diagnostics: &mut Diagnostics,
) {
    let used: HashSet<usize> = parts.iter().map(|part| part.shot).collect();
    let unused: Vec<&Shot> = (0..shots.len())
        .filter(|index| !used.contains(index))
        .map(|index| &shots[index])
        .collect();
    let Some(first) = unused.first() else { return };
    let names: Vec<String> = unused
        .iter()
        .take(8)
        .map(|shot| format!("`{}`", shot.name.value))
        .collect();
    let more = match unused.len().saturating_sub(names.len()) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!("not in the cut: {}{more}", names.join(", "));
    // It is about no clip, so it is shown at the first.
    let place = timeline.clips.first().map(|clip| clip.place.origin);
    let diagnostic = Diagnostic::info(UNUSED_SHOT, place.unwrap_or_default(), message);
    let help = "they are not rendered; put them into the timeline to bring them back";
    diagnostics.push(
        diagnostic
            .with_related(first.origin, "the first of them")
            .with_help(help),
    );
}

/// Reports lines in frames that the cut has not.
fn report_lost_lines(
    shots: &[Shot],
    parts: &[ShotPart],
    facts: &RecutFacts<'_>,
    diagnostics: &mut Diagnostics,
) {
    let mut windows_of: Vec<Vec<SampleWindow>> = vec![Vec::new(); shots.len()];
    let mut places: Vec<Option<ExchangePlace>> = vec![None; shots.len()];
    for part in parts {
        windows_of[part.shot].push(SampleWindow::new(part, facts));
        // The first use of the shot: one message for each line is enough.
        places[part.shot].get_or_insert(part.place);
    }
    for ((shot, windows), place) in shots.iter().zip(windows_of).zip(places) {
        let Some(first) = place else {
            continue;
        };
        // A shot may be used a hundred times. A look through all parts for each line would be
        // quadratic.
        let windows = joined_windows(windows);
        for line in &shot.lines {
            if windows_hold(&windows, line.start) {
                continue;
            }
            let message = format!(
                "line `{}` begins in frames of shot `{}` that the cut has not, and is not heard",
                line.name, shot.name.value
            );
            let message = placed_message(first, &message);
            let help = "lengthen the clip to where the line begins, or move the line to another \
                        shot";
            let diagnostic = Diagnostic::warning(LOST_LINE, first.origin, message);
            diagnostics.push(
                diagnostic
                    .with_related(line.text.origin, "the line")
                    .with_help(help),
            );
        }
    }
}

/// Returns the same samples as windows that are apart from each other, in order.
fn joined_windows(mut windows: Vec<SampleWindow>) -> Vec<SampleWindow> {
    windows.sort_by_key(|window| window.start);
    let mut joined: Vec<SampleWindow> = Vec::new();
    for window in windows {
        match joined.last_mut().filter(|last| window.start <= last.end) {
            // A window may be within another one.
            Some(last) => last.end = last.end.max(window.end),
            None => joined.push(window),
        }
    }
    joined
}

/// Returns whether one of these windows has a sample. They are apart from each other, in order.
fn windows_hold(windows: &[SampleWindow], sample: u64) -> bool {
    let start = i64::try_from(sample).unwrap_or(i64::MAX);
    let behind = windows.partition_point(|window| window.start <= start);
    let last = behind.checked_sub(1).map(|index| windows[index]);
    last.is_some_and(|window| window.holds(sample))
}

/// The samples of a shot that a part of it has.
#[derive(Debug, Clone, Copy)]
struct SampleWindow {
    start: i64,
    end: i64,
}

impl SampleWindow {
    fn new(part: &ShotPart, facts: &RecutFacts<'_>) -> Self {
        let length = i64::try_from(part.length).unwrap_or(i64::MAX);
        Self {
            start: signed_sample(part.first, facts),
            end: signed_sample(part.first.saturating_add(length), facts),
        }
    }

    fn holds(self, sample: u64) -> bool {
        i64::try_from(sample).is_ok_and(|sample| (self.start..self.end).contains(&sample))
    }

    /// Returns a sample of the shot as one of the part.
    fn within(self, sample: u64) -> u64 {
        let sample = i64::try_from(sample).unwrap_or(i64::MAX);
        u64::try_from(sample.saturating_sub(self.start)).unwrap_or_default()
    }
}

fn signed_sample(frame: i64, facts: &RecutFacts<'_>) -> i64 {
    let distance = usize::try_from(frame.unsigned_abs()).unwrap_or(usize::MAX);
    let samples = sample_at_frame(distance, facts.rate, facts.sample_rate);
    let samples = i64::try_from(samples).unwrap_or(i64::MAX);
    if frame < 0 { -samples } else { samples }
}

/// Returns the shot with the frames of a part, and with the sounds in them.
fn part_of_shot(
    shot: &Shot,
    part: &ShotPart,
    frames: Arc<FrameList>,
    facts: &RecutFacts<'_>,
) -> Shot {
    let window = SampleWindow::new(part, facts);
    let mut own = shot.clone();
    // Moves run over the whole shot, so each part needs to know what it is a part of.
    own.recut = Some(ShotRecut {
        shot: part.shot,
        frames,
        first: part.first,
    });
    // An unchanged shot stays as it is written, and makes no job again.
    if part.frames != shot.frames {
        own.frames.clone_from(&part.frames);
        // What is written is the length before the cut.
        own.duration = None;
        if let Some(footage) = &mut own.footage {
            footage.picks = part
                .frames
                .iter()
                .map(|frame| footage.pace.pick(frame))
                .collect();
        }
    }
    // By where a line begins: a shot that is cut in two must not speak it twice.
    own.lines.retain(|line| window.holds(line.start));
    for line in &mut own.lines {
        line.start = window.within(line.start);
    }
    let end = part
        .first
        .saturating_add(i64::try_from(part.length).unwrap_or(i64::MAX));
    own.effects.retain(|effect| {
        i64::try_from(effect.frame).is_ok_and(|frame| (part.first..end).contains(&frame))
    });
    // From the start of the part, as the frames of a shot count.
    for effect in &mut own.effects {
        let frame = i64::try_from(effect.frame).unwrap_or(i64::MAX);
        effect.frame = usize::try_from(frame - part.first).unwrap_or_default();
    }
    own
}

/// Names lines spoken once more after their part of the shot. The others keep their names, by
/// which a table of captions knows them.
fn rename_repeated_lines(shot: &mut Shot, taken: &HashSet<String>) {
    let name = &shot.name.value;
    for line in shot
        .lines
        .iter_mut()
        .filter(|line| taken.contains(&line.name))
    {
        // The number of the line stays, so that it is found in the document.
        let number = line.name.rsplit('.').next().unwrap_or_default();
        line.name = format!("{name}.{number}");
    }
}

/// Gives the shots the transitions of the timeline, and a cut where it has none.
fn set_transitions(shots: &mut [Shot], parts: &[ShotPart], timeline: &ExchangeTimeline) {
    for (shot, part) in shots.iter_mut().zip(parts) {
        let clip = &timeline.clips[part.clip];
        // Every shot has a transition on both sides, or the default of the document would come in
        // where the editor has a plain cut.
        let cut = ShotTransition {
            kind: TransitionKind::Cut,
            frames: 0,
            origin: part.place.origin,
        };
        shot.transition_in = Some(cut);
        shot.transition_out = Some(cut);
        for transition in transitions_at(&timeline.transitions, clip.start) {
            if let Some(into) = side_in(transition) {
                shot.transition_in = Some(into);
            }
        }
        for transition in transitions_at(&timeline.transitions, clip.end()) {
            if let Some(out) = side_out(transition) {
                shot.transition_out = Some(out);
            }
        }
    }
}

fn transitions_at(
    transitions: &[ExchangeTransition],
    cut: usize,
) -> impl Iterator<Item = &ExchangeTransition> {
    let first = transitions.partition_point(|transition| transition.cut < cut);
    transitions[first..]
        .iter()
        .take_while(move |transition| transition.cut == cut)
}

/// Returns how a shot begins with a transition at its first frame.
fn side_in(transition: &ExchangeTransition) -> Option<ShotTransition> {
    let kind = match transition.kind {
        TransitionKind::FadeOut { .. } => return None,
        // A dip of unequal halves is a fade out and a fade in.
        TransitionKind::Dip { colour } if !is_even(transition) => TransitionKind::FadeIn { colour },
        kind => kind,
    };
    Some(ShotTransition {
        kind,
        frames: if kind.is_fade() {
            transition.after
        } else {
            transition.length()
        },
        origin: transition.place.origin,
    })
}

/// Returns how a shot ends with a transition at its last frame.
fn side_out(transition: &ExchangeTransition) -> Option<ShotTransition> {
    let kind = match transition.kind {
        TransitionKind::FadeIn { .. } => return None,
        TransitionKind::Dip { colour } if !is_even(transition) => {
            TransitionKind::FadeOut { colour }
        }
        kind => kind,
    };
    Some(ShotTransition {
        kind,
        frames: if kind.is_fade() {
            transition.before
        } else {
            transition.length()
        },
        origin: transition.place.origin,
    })
}

/// Returns whether the cut is in the middle, rounded down, where a transition of a document has it.
const fn is_even(transition: &ExchangeTransition) -> bool {
    transition.before == transition.length() / 2
}
