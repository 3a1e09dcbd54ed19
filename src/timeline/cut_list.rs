//! The cut list: a table of the cuts of a film as CSV, one row a clip.

use crate::model::Production;
use crate::model::cut::{Timeline, TimelineClip, TimelineTransition};
use std::fmt::Write;

/// The titles of the columns. Later versions add columns behind them.
const COLUMNS: [&str; 21] = [
    "event",
    "shot",
    "scene",
    "record_in",
    "record_out",
    "start_frame",
    "frames",
    "frame_rate",
    "start_seconds",
    "seconds",
    "source_first",
    "source_last",
    "transition_in",
    "transition_in_frames",
    "transition_out",
    "transition_out_frames",
    "head_frames",
    "tail_frames",
    "location",
    "template",
    "description",
];

/// Returns the cut list of a timeline.
///
/// `record_out` is the timecode of the frame behind the last, as in edit decision lists. Seconds are
/// rounded; frames and the rate are exact.
#[must_use]
pub fn cut_list_csv(production: &Production, timeline: &Timeline) -> String {
    let mut text = COLUMNS.join(",");
    // RFC 4180 ends lines so.
    text.push_str("\r\n");
    let sides = clip_sides(timeline);
    for (index, clip) in timeline.clips.iter().enumerate() {
        let cells = clip_cells(production, timeline, index, clip, &sides[index]);
        for (column, cell) in cells.iter().enumerate() {
            if column > 0 {
                text.push(',');
            }
            push_cell(&mut text, cell);
        }
        text.push_str("\r\n");
    }
    text
}

fn clip_cells(
    production: &Production,
    timeline: &Timeline,
    index: usize,
    clip: &TimelineClip,
    sides: &ClipSides<'_>,
) -> [String; COLUMNS.len()] {
    let shot = clip.shot.and_then(|shot| production.shots.get(shot));
    let rate = timeline.rate;
    let counting = production.edit.counting;
    let code = |frame: usize| timeline.timecode(frame, counting).to_string();
    // Six places are finer than a sample at any rate in use.
    let seconds = |frames: usize| format!("{:.6}", rate.duration_seconds(frames));
    // Empty and not 0: a card has no frames of a source, and 0 is a frame.
    let frame = |number: Option<i32>| number.map_or_else(String::new, |frame| frame.to_string());
    let length = |found: Option<&TimelineTransition>| {
        found.map_or(0, TimelineTransition::length).to_string()
    };
    let name = |found: Option<&TimelineTransition>| {
        found.map_or("cut", |found| found.kind.name()).to_owned()
    };
    [
        (index + 1).to_string(),
        clip.name.clone(),
        shot.map_or_else(String::new, |shot| shot.scene.value.to_string()),
        code(clip.start),
        code(clip.end()),
        clip.start.to_string(),
        clip.length.to_string(),
        rate.to_string(),
        seconds(clip.start),
        seconds(clip.length),
        frame(shot.and_then(|shot| shot.frames.first())),
        frame(shot.and_then(|shot| shot.frames.last())),
        name(sides.before),
        length(sides.before),
        name(sides.behind),
        length(sides.behind),
        clip.head.to_string(),
        clip.tail.to_string(),
        shot.and_then(|shot| shot.location.as_ref())
            .map_or_else(String::new, |place| place.name.value.clone()),
        shot.and_then(|shot| shot.template.as_ref())
            .map_or_else(String::new, |template| template.value.clone()),
        shot.map_or_else(String::new, |shot| shot.description.clone()),
    ]
}

/// The transitions of one clip.
#[derive(Clone, Copy, Default)]
struct ClipSides<'a> {
    before: Option<&'a TimelineTransition>,
    behind: Option<&'a TimelineTransition>,
}

/// Returns the transitions of each clip.
fn clip_sides(timeline: &Timeline) -> Vec<ClipSides<'_>> {
    let mut sides = vec![ClipSides::default(); timeline.clips.len()];
    for transition in &timeline.transitions {
        if let Some(clip) = transition.into.and_then(|into| sides.get_mut(into)) {
            clip.before = Some(transition);
        }
        if let Some(clip) = transition.from.and_then(|from| sides.get_mut(from)) {
            clip.behind = Some(transition);
        }
    }
    sides
}

/// Appends a cell as in RFC 4180.
fn push_cell(text: &mut String, cell: &str) {
    if cell.contains(['"', ',', '\r', '\n']) {
        // Writing to a `String` does not fail.
        let _ = write!(text, "\"{}\"", cell.replace('"', "\"\""));
    } else {
        text.push_str(cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileSpan;
    use crate::model::FrameRate;
    use crate::model::cut::{ShotTransition, TimecodeCounting, TransitionKind};
    use crate::timeline::build_full_timeline;
    use crate::validate::sample::sample_production;

    #[test]
    fn timecode_counts_as_the_start_is_written() {
        let mut production = sample_production();
        production.render.rate = FrameRate::from_fraction(30000, 1001).unwrap();
        production.edit.counting = TimecodeCounting::Drop;
        // An hour of the clock.
        production.edit.start = 107_892;
        let text = cut_list_csv(&production, &build_full_timeline(&production));
        assert!(text.contains("1,wide,1,01:00:00;00,01:00:01;18,"), "{text}");
    }

    #[test]
    fn each_clip_is_a_row_with_its_places_and_its_transitions() {
        let mut production = sample_production();
        production.edit.start = 3600 * 24;
        production.shots[0].transition_out = Some(ShotTransition {
            kind: TransitionKind::Dissolve,
            frames: 13,
            origin: FileSpan::default(),
        });
        production.shots[1].description = "a \"lamp\", lit".to_owned();
        let text = cut_list_csv(&production, &build_full_timeline(&production));
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(lines[0], COLUMNS.join(","));
        assert_eq!(
            lines[1],
            "1,wide,1,01:00:00:00,01:00:02:00,0,48,24,0.000000,2.000000,1,48,cut,0,dissolve,13,0,7,\
             pier,two_shot,"
        );
        assert_eq!(
            lines[2],
            "2,close,1,01:00:02:00,01:00:04:00,48,48,24,2.000000,2.000000,49,96,dissolve,13,cut,0,\
             6,0,pier,two_shot,\"a \"\"lamp\"\", lit\""
        );
        assert_eq!(lines[3..], [""]);
    }
}
