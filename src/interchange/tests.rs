//! What we write is read as the same cut, and files of other programs are read as they mean.

mod edl;
mod fcpxml;
mod otio;

use super::*;
use crate::base::{Diagnostics, FileId, FileSpan, Severity};
use crate::model::cut::{ScreenColour, TransitionKind, WipeDirection};
use crate::model::{FrameRate, PixelSize};

const FILM: FrameRate = FrameRate::from_fps(24);
const NTSC: FrameRate = FrameRate {
    num: 30_000,
    den: 1001,
};

fn source<'a>(text: &'a str, rate: FrameRate) -> ExchangeSource<'a> {
    ExchangeSource {
        file: FileId(0),
        text,
        rate,
        most_values: 1_000_000,
    }
}

fn sample_clip(name: &str, start: usize, length: usize) -> ExchangeClip {
    ExchangeClip {
        kind: ExchangeClipKind::Pictures,
        name: name.to_owned(),
        other_names: Vec::new(),
        reel: name.to_uppercase(),
        start,
        length,
        source_start: 1001,
        shot_offset: Some(0),
        media: Some(ExchangeMedia {
            url: format!("shots/{name}.mov"),
            start: 993,
            length: length + 16,
        }),
        place: ExchangePlace::default(),
    }
}

fn sample_transition(
    kind: TransitionKind,
    cut: usize,
    before: usize,
    after: usize,
) -> ExchangeTransition {
    ExchangeTransition {
        kind,
        cut,
        before,
        after,
        place: ExchangePlace::default(),
    }
}

/// A dissolve at this cut, with so many frames before it and behind it.
pub(super) fn dissolve(cut: usize, before: usize, after: usize) -> ExchangeTransition {
    sample_transition(TransitionKind::Dissolve, cut, before, after)
}

/// A cut with every kind of transition, at this rate.
fn sample_timeline(rate: FrameRate) -> ExchangeTimeline {
    let black = ScreenColour::BLACK;
    let orange = ScreenColour([255, 140, 0]);
    let names = ["sh010", "sh020", "sh030", "sh040", "sh050", "sh060"];
    let clips = names
        .iter()
        .enumerate()
        .map(|(index, name)| sample_clip(name, index * 48, 48))
        .collect();
    let wipe = TransitionKind::Wipe {
        direction: WipeDirection::Left,
    };
    ExchangeTimeline {
        name: "Last Light & \"co\"".to_owned(),
        rate,
        start: 86_400,
        is_drop_frame: rate == NTSC,
        size: Some(PixelSize::new(1920, 1080)),
        media_kind: ExchangeMediaKind::Shots,
        clips,
        transitions: vec![
            sample_transition(TransitionKind::FadeIn { colour: black }, 0, 0, 12),
            sample_transition(TransitionKind::Dissolve, 48, 6, 7),
            sample_transition(wipe, 96, 6, 6),
            sample_transition(TransitionKind::Dip { colour: orange }, 144, 8, 9),
            sample_transition(TransitionKind::FadeOut { colour: black }, 192, 5, 0),
            sample_transition(TransitionKind::FadeIn { colour: orange }, 240, 0, 4),
            sample_transition(TransitionKind::FadeOut { colour: black }, 288, 24, 0),
        ],
        sounds: vec![ExchangeSound {
            name: "dialogue".to_owned(),
            media: ExchangeMedia {
                url: "film.dialogue.wav".to_owned(),
                start: 0,
                length: 288,
            },
            sample_rate: 48_000,
        }],
        markers: vec![
            ExchangeMarker {
                frame: 0,
                name: "sh010".to_owned(),
                note: String::new(),
                is_line: false,
            },
            ExchangeMarker {
                frame: 60,
                name: "MARA".to_owned(),
                note: "It <went> out.\nAgain.".to_owned(),
                is_line: true,
            },
        ],
    }
}

/// What two timelines must agree on to be the same cut.
#[derive(Debug, PartialEq)]
struct SameCut {
    clips: Vec<(String, usize, usize, i64)>,
    transitions: Vec<(TransitionKind, usize, usize, usize)>,
    start: u64,
}

fn same_cut(timeline: &ExchangeTimeline) -> SameCut {
    let clips = timeline.clips.iter();
    let transitions = timeline.transitions.iter();
    SameCut {
        clips: clips
            .map(|clip| {
                (
                    clip.name.clone(),
                    clip.start,
                    clip.length,
                    clip.source_start,
                )
            })
            .collect(),
        transitions: transitions
            .map(|each| (each.kind, each.cut, each.before, each.after))
            .collect(),
        start: timeline.start,
    }
}

fn messages(diagnostics: &Diagnostics) -> Vec<String> {
    let found = diagnostics.as_slice().iter();
    found
        .map(|found| format!("{} {}", found.code, found.message))
        .collect()
}

#[test]
fn every_format_is_read_as_the_cut_that_was_written() {
    for rate in [FILM, NTSC, FrameRate::from_fps(25)] {
        let timeline = sample_timeline(rate);
        let mut diagnostics = Diagnostics::default();
        for schemas in [OtioSchemas::Current, OtioSchemas::Old] {
            let otio = otio_text(&timeline, schemas);
            let read = read_otio(&source(&otio, rate), &mut diagnostics).unwrap();
            assert_eq!(same_cut(&read), same_cut(&timeline));
        }
        for version in [
            FcpxmlVersion::V1_8,
            FcpxmlVersion::V1_9,
            FcpxmlVersion::V1_10,
        ] {
            let xml = fcpxml_text(&timeline, version);
            let read = read_fcpxml(&source(&xml, rate), &mut diagnostics).unwrap();
            assert_eq!(same_cut(&read), same_cut(&timeline), "{xml}");
        }
        let edl = edl_text(&timeline).unwrap();
        let read = read_edl(&source(&edl, rate), &mut diagnostics).unwrap();
        assert_eq!(same_cut(&read), same_cut(&timeline), "{edl}");
        assert!(!diagnostics.has_errors(), "{:?}", messages(&diagnostics));
    }
}

/// Returns the codes, messages and places of the findings of a text.
fn placed<'t>(text: &'t str, diagnostics: &Diagnostics) -> Vec<(&'static str, String, &'t str)> {
    let found = diagnostics.as_slice().iter();
    found
        .map(|each| {
            let place = &text[each.origin.start as usize..each.origin.end as usize];
            let code = each.code.rsplit("::").next().unwrap();
            (code, each.message.clone(), place)
        })
        .collect()
}

#[test]
fn a_timeline_with_more_values_than_it_may_have_is_not_read() {
    let ours = sample_timeline(FILM);
    let texts = [
        otio_text(&ours, OtioSchemas::Current),
        edl_text(&ours).unwrap(),
        fcpxml_text(&ours, FcpxmlVersion::V1_8),
    ];
    let readers = [read_otio, read_edl, read_fcpxml];
    for (text, read) in texts.iter().zip(readers) {
        let limited = ExchangeSource {
            most_values: 10,
            ..source(text, FILM)
        };
        let mut diagnostics = Diagnostics::default();
        assert_eq!(read(&limited, &mut diagnostics), None);
        assert!(messages(&diagnostics)[0].contains("more than 10 values"));
        assert!(read(&source(text, FILM), &mut Diagnostics::default()).is_some());
    }
}

#[test]
fn cards_are_written_as_cards_in_every_format() {
    let mut ours = sample_timeline(FILM);
    ours.transitions.clear();
    ours.clips[1].kind = ExchangeClipKind::Card;
    ours.clips[1].name = "title_1".to_owned();
    ours.clips[1].media = None;
    ours.clips[1].shot_offset = None;
    let mut diagnostics = Diagnostics::default();
    let otio = otio_text(&ours, OtioSchemas::Current);
    let read = read_otio(&source(&otio, FILM), &mut diagnostics).unwrap();
    assert_eq!(read.clips[1].kind, ExchangeClipKind::Card);
    let list = edl_text(&ours).unwrap();
    let read = read_edl(&source(&list, FILM), &mut diagnostics).unwrap();
    assert_eq!(read.clips[1].kind, ExchangeClipKind::Pictures);
    assert_eq!(read.clips[1].name, "title_1");
    let xml = fcpxml_text(&ours, FcpxmlVersion::V1_8);
    let read = read_fcpxml(&source(&xml, FILM), &mut diagnostics).unwrap();
    assert_eq!(read.clips[1].kind, ExchangeClipKind::NamedGap);
    let place = (read.clips[1].start, read.clips[1].length);
    assert_eq!((&*read.clips[1].name, place), ("title_1", (48, 48)));
}

#[test]
fn black_behind_the_last_clip_is_a_warning() {
    let edl = "001  SH010  V  C  00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n\
               002  BL     V  C  00:00:00:00 00:00:05:00 00:00:01:00 00:00:06:00\n";
    let faded = "001  SH010  V  C  00:00:00:00 00:00:00:12 00:00:00:00 00:00:00:12\n\
                 001  BL     V  D  012  00:00:00:00 00:00:00:12 00:00:00:12 00:00:01:00\n";
    for (text, count) in [(edl, 1), (faded, 0)] {
        let mut diagnostics = Diagnostics::default();
        assert!(read_edl(&source(text, FILM), &mut diagnostics).is_some());
        let found = messages(&diagnostics);
        let gaps = found.iter().filter(|one| one.contains("recut::gap"));
        assert_eq!(gaps.count(), count, "{found:?}");
    }
    let otio = small_otio("", r#"{"OTIO_SCHEMA":"Gap.1","source_range":RANGE(0,120)}"#);
    let mut diagnostics = Diagnostics::default();
    let read = read_otio(&source(&otio, FILM), &mut diagnostics).unwrap();
    assert_eq!(read.length(), 48);
    let found = messages(&diagnostics);
    assert!(
        found[0].contains("recut::gap 120 frames behind the last clip"),
        "{found:?}"
    );
}

/// A timeline of one track with the clip `sh010`, of 48 frames from 1001 on. `track` is fields of
/// the track, and `behind` items behind the clip; `RANGE(start,length)` is a range in them.
fn small_otio(track: &str, behind: &str) -> String {
    let range = |start: &str, length: &str| {
        let time = |value: &str| {
            format!(r#"{{"OTIO_SCHEMA":"RationalTime.1","rate":24.0,"value":{value}}}"#)
        };
        let (start, length) = (time(start), time(length));
        format!(r#"{{"OTIO_SCHEMA":"TimeRange.1","start_time":{start},"duration":{length}}}"#)
    };
    let clip = r#"{"OTIO_SCHEMA":"Clip.2","name":"sh010","source_range":RANGE(1001,48)}"#;
    let items = [clip, behind].into_iter().filter(|item| !item.is_empty());
    let items = items.collect::<Vec<_>>().join(",");
    let mut text = format!(
        r#"{{"OTIO_SCHEMA":"Timeline.1","name":"t","tracks":{{"OTIO_SCHEMA":"Stack.1","children":[{{"OTIO_SCHEMA":"Track.1","kind":"Video",{track}"children":[{items}]}}]}}}}"#
    );
    while let Some(at) = text.find("RANGE(") {
        let end = at + text[at..].find(')').unwrap();
        let (start, length) = text[at + 6..end].split_once(',').unwrap();
        let written = range(start, length);
        text.replace_range(at..=end, &written);
    }
    text
}
