//! Tests of timelines: positions, transitions at each kind of cut, and that no frame is counted
//! twice or left out.

use super::*;
use crate::base::FileSpan;
use crate::model::cut::{
    ClipCard, ScreenColour, ShotTransition, Timeline, TransitionKind, WipeDirection,
};
use crate::model::production::ShotFile;
use crate::model::sound::{MusicCue, MusicSource};
use crate::model::titles::{CreditsKind, EndCredits, ScreenTitle};
use crate::model::{FrameList, Production};
use crate::validate::sample::{sample_name, sample_output, sample_production, sample_sound};
use proptest::prelude::*;

const DISSOLVE: TransitionKind = TransitionKind::Dissolve;
const FADE_IN: TransitionKind = TransitionKind::FadeIn {
    colour: ScreenColour::BLACK,
};
const FADE_OUT: TransitionKind = TransitionKind::FadeOut {
    colour: ScreenColour::BLACK,
};
const DIP: TransitionKind = TransitionKind::Dip {
    colour: ScreenColour::WHITE,
};

fn transition(kind: TransitionKind, frames: usize) -> Option<ShotTransition> {
    Some(ShotTransition {
        kind,
        frames,
        origin: FileSpan::default(),
    })
}

/// Returns a production of shots with these lengths.
fn production(lengths: &[u32]) -> Production {
    let mut production = sample_production();
    let shot = production.shots[0].clone();
    production.shots = lengths
        .iter()
        .enumerate()
        .map(|(index, length)| {
            let mut shot = shot.clone();
            shot.name.value = format!("sh{index}");
            shot.frames = FrameList::count_from(1001, *length);
            shot
        })
        .collect();
    production
}

/// Returns the transitions as kind, first frame, cut and end.
fn facts(timeline: &Timeline) -> Vec<(&'static str, usize, usize, usize)> {
    let transitions = timeline.transitions.iter();
    transitions
        .map(|found| (found.kind.name(), found.start(), found.cut, found.end()))
        .collect()
}

#[test]
fn a_film_without_transitions_has_cuts_alone() {
    let timeline = build_full_timeline(&production(&[48, 24, 12]));
    assert_eq!(timeline.length, 84);
    let starts: Vec<usize> = timeline.clips.iter().map(|clip| clip.start).collect();
    assert_eq!(starts, [0, 48, 72]);
    assert!(timeline.transitions.is_empty());
    assert!(timeline.clips.iter().all(|clip| clip.head + clip.tail == 0));
}

#[test]
fn a_dissolve_is_centred_on_its_cut_and_needs_both_handles() {
    let mut production = production(&[48, 24]);
    production.shots[0].transition_out = transition(DISSOLVE, 13);
    // Both sides may say the same.
    production.shots[1].transition_in = transition(DISSOLVE, 13);
    let timeline = build_full_timeline(&production);
    assert_eq!(facts(&timeline), [("dissolve", 42, 48, 55)]);
    assert_eq!((timeline.clips[0].head, timeline.clips[0].tail), (0, 7));
    assert_eq!((timeline.clips[1].head, timeline.clips[1].tail), (6, 0));
    assert_eq!(timeline.length, 72);
    assert_eq!(
        shot_handles(&production, 0),
        ShotHandles { head: 0, tail: 7 }
    );
}

#[test]
fn fades_are_within_their_shot_and_need_no_handles() {
    let mut production = production(&[48, 48]);
    production.shots[0].transition_in = transition(FADE_IN, 24);
    production.shots[0].transition_out = transition(FADE_OUT, 12);
    production.shots[1].transition_in = transition(FADE_IN, 6);
    production.shots[1].transition_out = transition(FADE_OUT, 48);
    let timeline = build_full_timeline(&production);
    assert_eq!(
        facts(&timeline),
        [
            ("fade_from_black", 0, 0, 24),
            ("fade_to_black", 36, 48, 48),
            ("fade_from_black", 48, 48, 54),
            // Six of its frames are those of the fade in. A rule refuses it.
            ("fade_to_black", 54, 96, 96),
        ]
    );
    assert!(timeline.clips.iter().all(|clip| clip.head + clip.tail == 0));
}

#[test]
fn the_default_is_at_every_cut_at_which_nothing_is_written() {
    let mut production = production(&[24, 24, 24, 24]);
    production.edit.transition = transition(DIP, 12);
    production.shots[1].transition_out = transition(TransitionKind::Cut, 0);
    production.shots[3].transition_in = transition(FADE_IN, 12);
    let timeline = build_full_timeline(&production);
    assert_eq!(
        facts(&timeline),
        [
            ("dip_to_white", 18, 24, 30),
            ("fade_from_black", 72, 72, 84)
        ]
    );
}

#[test]
fn a_film_of_some_shots_keeps_fades_and_leaves_out_what_is_between_others() {
    let mut production = production(&[24, 24, 24]);
    production.shots[0].transition_out = transition(DISSOLVE, 12);
    production.shots[1].transition_out = transition(DISSOLVE, 12);
    production.shots[2].transition_out = transition(FADE_OUT, 12);
    let mut output = sample_output("part", "part.mp4", 80);
    let shown = |production: &Production,
                 shots: &[usize],
                 output: &mut crate::model::production::Output| {
        output.shots = Some(shots.to_vec());
        facts(&build_timeline(production, output))
    };
    assert_eq!(
        shown(&production, &[0, 2], &mut output),
        [("fade_to_black", 36, 48, 48)]
    );
    assert_eq!(
        shown(&production, &[1, 2], &mut output),
        [("dissolve", 18, 24, 30), ("fade_to_black", 36, 48, 48)]
    );
    assert_eq!(shown(&production, &[0], &mut output), []);
    assert_eq!(shown(&production, &[], &mut output), []);
}

#[test]
fn a_transition_before_the_first_shot_or_behind_the_last_is_left_out() {
    let mut production = production(&[24]);
    production.shots[0].transition_in = transition(DISSOLVE, 12);
    production.shots[0].transition_out = transition(DIP, 12);
    assert_eq!(facts(&build_full_timeline(&production)), []);
    production.shots.clear();
    let empty = build_full_timeline(&production);
    assert_eq!((empty.length, empty.clips.len()), (0, 0));
}

#[test]
fn a_sample_sounds_in_the_frame_that_begins_with_it() {
    let mut production = production(&[48]);
    production.render.rate = crate::model::FrameRate::from_fraction(24000, 1001).unwrap();
    let timeline = build_full_timeline(&production);
    for frame in 0..48 {
        let sample =
            crate::model::sound::sample_at_frame(frame, timeline.rate, timeline.sample_rate);
        assert_eq!(timeline.frame_at_sample(sample), frame);
        assert_eq!(timeline.frame_at_sample(sample + 1000), frame);
    }
}

fn any_transition() -> impl Strategy<Value = Option<ShotTransition>> {
    let kinds = vec![
        TransitionKind::Cut,
        DISSOLVE,
        FADE_IN,
        FADE_OUT,
        DIP,
        TransitionKind::Wipe {
            direction: WipeDirection::Left,
        },
    ];
    let written = (prop::sample::select(kinds), 0usize..60);
    prop::option::of(written.prop_map(|(kind, frames)| ShotTransition {
        kind,
        frames,
        origin: FileSpan::default(),
    }))
}

/// Adds a title to a production, with this colour behind it.
fn add_title(production: &mut Production, shot: usize, start: usize, colour: Option<ScreenColour>) {
    let block = serde_json::json!({
        "lines": [], "fonts": [], "place": "centre", "align": "centre", "margin": 0.05,
    });
    let number = production.titles.titles.len() + 1;
    production.titles.titles.push(ScreenTitle {
        number,
        block: serde_json::from_value(block).unwrap(),
        texts: Vec::new(),
        fonts: Vec::new(),
        shot,
        start,
        last_shot: shot,
        length: 10,
        is_length_written: true,
        backdrop: colour,
        origin: FileSpan::default(),
    });
}

#[test]
fn titles_over_a_colour_are_clips_and_move_what_is_behind_them() {
    let mut production = production(&[48, 24, 12]);
    add_title(&mut production, 1, 0, Some(ScreenColour::BLACK));
    add_title(&mut production, 2, 5, None);
    let timeline = build_full_timeline(&production);
    let clips: Vec<(&str, usize, Option<usize>)> = timeline
        .clips
        .iter()
        .map(|clip| (clip.name.as_str(), clip.start, clip.shot))
        .collect();
    assert_eq!(
        clips,
        [
            ("sh0", 0, Some(0)),
            ("title_1", 48, None),
            ("sh1", 58, Some(1)),
            ("sh2", 82, Some(2))
        ]
    );
    assert_eq!(timeline.length, 94);
    assert_eq!(timeline.clips[1].card, Some(ClipCard::Title(0)));
    assert_eq!(timeline.clips[2].start_sample, 58 * 2000);
    let titles: Vec<(usize, usize, usize)> = timeline
        .titles
        .iter()
        .map(|place| (place.title, place.start, place.length))
        .collect();
    // The second is cut off by the end of the film.
    assert_eq!(titles, [(0, 48, 10), (1, 87, 7)]);
}

#[test]
fn a_title_ends_with_its_shot_or_with_the_last_that_it_may_be_over() {
    let mut production = production(&[24, 24, 24]);
    add_title(&mut production, 0, 20, None);
    add_title(&mut production, 0, 24, None);
    add_title(&mut production, 0, 4, None);
    production.titles.titles[2].length = 60;
    production.titles.titles[2].last_shot = 1;
    let places = |timeline: &Timeline| -> Vec<(usize, usize, usize)> {
        let places = timeline.titles.iter();
        places
            .map(|place| (place.title, place.start, place.length))
            .collect()
    };
    let film = build_full_timeline(&production);
    // The second begins behind its shot.
    assert_eq!(places(&film), [(0, 20, 4), (2, 4, 44)]);
    // Where a shot is left out, what follows is no shot of the title.
    let mut output = sample_output("film", "out/film.mp4", 60);
    output.shots = Some(vec![0, 2]);
    let part = build_timeline(&production, &output);
    assert_eq!(places(&part), [(0, 20, 4), (2, 4, 20)]);
    // A clip without a shot ends it too.
    add_title(&mut production, 1, 0, Some(ScreenColour::BLACK));
    let film = build_full_timeline(&production);
    assert_eq!(places(&film), [(0, 20, 4), (2, 4, 20), (3, 24, 10)]);
}

#[test]
fn no_blend_goes_over_a_title_between_shots() {
    let mut production = production(&[48, 24]);
    production.edit.transition = transition(DISSOLVE, 12);
    add_title(&mut production, 1, 0, Some(ScreenColour::BLACK));
    let timeline = build_full_timeline(&production);
    assert!(
        timeline.transitions.is_empty(),
        "{:?}",
        timeline.transitions
    );
    assert!(timeline.clips.iter().all(|clip| clip.head + clip.tail == 0));
}

#[test]
fn an_output_chooses_whether_it_has_titles_and_a_slate() {
    let mut production = production(&[48, 24]);
    production.shots[1].name.value = "title_1".to_owned();
    add_title(&mut production, 0, 0, Some(ScreenColour::BLACK));
    add_title(&mut production, 0, 0, None);
    let mut output = sample_output("film", "out/film.mp4", 60);
    let names = |output: &crate::model::production::Output| -> Vec<String> {
        let timeline = build_timeline(&production, output);
        timeline.clips.into_iter().map(|clip| clip.name).collect()
    };
    assert_eq!(names(&output), ["title_1_", "sh0", "title_1"]);
    output.marks.is_textless = true;
    output.marks.slate = Some(crate::base::Spanned::new(48, FileSpan::default()));
    assert_eq!(names(&output), ["slate", "sh0", "title_1"]);
    let timeline = build_timeline(&production, &output);
    assert!(timeline.titles.is_empty());
    assert_eq!(timeline.length, 120);
}

#[test]
fn only_an_output_with_the_last_shot_has_credits_and_a_poster_is_of_a_shot() {
    let mut production = production(&[10, 24]);
    add_title(&mut production, 0, 0, Some(ScreenColour::BLACK));
    let block = production.titles.titles[0].block.clone();
    production.titles.credits = Some(EndCredits {
        kind: CreditsKind::Roll,
        block,
        lines: Vec::new(),
        fonts: Vec::new(),
        length: 500,
        reading: 500,
        backdrop: ScreenColour::BLACK,
        origin: FileSpan::default(),
    });
    let maker = TimelineMaker::new(&production);
    let mut output = sample_output("film", "out/film.mp4", 60);
    let film = maker.output_pictures(&output);
    assert_eq!(film.length, 544);
    // A title of 10 frames, and 17 of the 34 frames of shots.
    assert_eq!(film.middle_frame(), 27);
    output.shots = Some(vec![0]);
    let first = maker.output_pictures(&output);
    assert_eq!(first.length, 20);
    assert_eq!(first.middle_frame(), 15);
}

/// Returns the parts of the music of a film: frame, length and left-out part in frames.
fn music_parts(timeline: &Timeline) -> Vec<(u64, u64, u64)> {
    let frame = u64::from(timeline.sample_rate / timeline.rate.num);
    let cues = timeline.cues.iter();
    cues.map(|cue| (cue.start / frame, cue.length / frame, cue.skip / frame))
        .collect()
}

#[test]
fn music_goes_on_under_a_title_between_its_shots() {
    let mut production = production(&[48, 24, 12, 6]);
    // Before its first shot, between two of its shots, and behind its last.
    for shot in [0, 1, 3] {
        add_title(&mut production, shot, 0, Some(ScreenColour::BLACK));
    }
    let mut sound = sample_sound();
    sound.music = vec![MusicCue {
        name: sample_name("theme", 80),
        source: MusicSource::Composed {
            mood: sample_name("mystery", 81),
            seed: 1,
        },
        first_shot: 0,
        last_shot: 2,
        gain: 0.0,
        fade_in: 0.0,
        fade_out: 0.0,
    }];
    production.sound = Some(sound);
    let film = build_full_timeline(&production);
    assert_eq!(music_parts(&film), [(10, 48 + 10 + 24 + 12, 0)]);
    let maker = TimelineMaker::new(&production);
    let cue = &production.sound.as_ref().unwrap().music[0];
    let shots = |with_cards| maker.cue_shots(cue, with_cards);
    let frame = film.sample_rate / film.rate.num;
    assert_eq!(shots(true).length, u64::from(94 * frame));
    assert_eq!(shots(true).starts[1], u64::from(58 * frame));
    assert_eq!(shots(false).length, u64::from(84 * frame));
    // Without titles it is shorter, and without a break.
    let mut output = sample_output("textless", "textless.mp4", 60);
    output.marks.is_textless = true;
    let textless = build_timeline(&production, &output);
    assert_eq!(music_parts(&textless), [(0, 84, 0)]);
    assert!(!textless.cues[0].with_cards);
    // It jumps with the picture where a shot is left out, and the title of the shot behind it is
    // silent.
    let mut output = sample_output("part", "part.mp4", 60);
    output.shots = Some(vec![1, 2]);
    let part = build_timeline(&production, &output);
    assert_eq!(music_parts(&part), [(10, 36, 58)]);
}

#[test]
fn the_file_of_a_single_shot_is_without_titles() {
    let mut production = production(&[48, 24]);
    add_title(&mut production, 0, 0, Some(ScreenColour::BLACK));
    add_title(&mut production, 0, 0, None);
    let mut output = sample_output("sh0", "shots/sh0.mov", 60);
    output.shots = Some(vec![0]);
    output.marks.slate = Some(crate::base::Spanned::new(48, FileSpan::default()));
    for (is_media, length) in [(false, 96), (true, 48)] {
        output.shot_file = Some(ShotFile {
            is_media,
            ..ShotFile::default()
        });
        let timeline = build_timeline(&production, &output);
        assert!(timeline.titles.is_empty());
        assert_eq!(
            timeline.length, length,
            "a timeline counts from the first frame of its file"
        );
    }
}

proptest! {
    #[test]
    fn every_frame_is_one_of_a_clip_or_of_one_transition(
        shots in prop::collection::vec((0u32..40, any_transition(), any_transition()), 0..8),
        usual in any_transition(),
        chosen in prop::option::of(prop::collection::btree_set(0usize..8, 0..8)),
    ) {
        let lengths: Vec<u32> = shots.iter().map(|shot| shot.0).collect();
        let mut production = production(&lengths);
        for (shot, (_, before, behind)) in production.shots.iter_mut().zip(&shots) {
            shot.transition_in = *before;
            shot.transition_out = *behind;
        }
        production.edit.transition = usual;
        let mut output = sample_output("part", "part.mp4", 80);
        output.shots = chosen.map(|chosen| chosen.into_iter().filter(|index| *index < lengths.len()).collect());
        let timeline = build_timeline(&production, &output);
        // The length never changes by a transition.
        prop_assert_eq!(timeline.length, production.output_frames(&output));
        let mut end = 0;
        for clip in &timeline.clips {
            prop_assert_eq!(clip.start, end);
            end = clip.end();
        }
        prop_assert_eq!(end, timeline.length);
        let mut taken = 0;
        for found in &timeline.transitions {
            prop_assert!(found.length() > 0 && found.start() >= taken && found.end() <= timeline.length);
            taken = found.end();
            // Its frames are those of its two clips.
            let from = found.from.map_or(found.cut, |from| timeline.clips[from].start);
            let into = found.into.map_or(found.cut, |into| timeline.clips[into].end());
            prop_assert!(from <= found.start() && found.end() <= into);
            if found.kind.needs_handles() {
                let (from, into) = (&timeline.clips[found.from.unwrap()], &timeline.clips[found.into.unwrap()]);
                prop_assert_eq!((from.tail, into.head), (found.after, found.before));
            }
        }
        // Every frame of the film is in exactly one part.
        let track = TimelineMaker::new(&production).output_pictures(&output);
        let mut next = 0;
        let parts = track.parts();
        for part in &parts {
            prop_assert_eq!(part.start, next);
            prop_assert!(part.length > 0);
            next += part.length;
        }
        prop_assert_eq!(next, timeline.length);
        let blended = parts.iter().filter(|part| matches!(part.source, PartSource::Transition(_)));
        prop_assert_eq!(blended.count(), timeline.transitions.len());
        // No handle without a transition that shows it.
        let shown: usize = timeline.transitions.iter().filter(|found| found.kind.needs_handles()).map(|found| found.length()).sum();
        let handles: usize = timeline.clips.iter().map(|clip| clip.head + clip.tail).sum();
        prop_assert_eq!(shown, handles);
    }
}
