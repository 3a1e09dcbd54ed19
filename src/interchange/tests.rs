//! What we write is read as the same cut, and files of other programs are read as they mean.

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

#[test]
fn an_edit_decision_list_has_the_columns_of_cmx_3600() {
    let edl = edl_text(&sample_timeline(FILM)).unwrap();
    let expected = "\
TITLE: Last Light & \"co\"
FCM: NON-DROP FRAME

001  BL       V     C        00:00:00:00 00:00:00:00 01:00:00:00 01:00:00:00
002  BL       V     C        00:00:00:00 00:00:00:00 01:00:00:00 01:00:00:00
002  SH010    V     D    012 00:00:41:17 00:00:43:11 01:00:00:00 01:00:01:18
* TO CLIP NAME: sh010
* SOURCE FILE: shots/sh010.mov
* LOC: 01:00:00:00 GREEN   sh010
003  SH010    V     C        00:00:43:11 00:00:43:11 01:00:01:18 01:00:01:18
003  SH020    V     D    013 00:00:41:11 00:00:43:11 01:00:01:18 01:00:03:18
* FROM CLIP NAME: sh010
* TO CLIP NAME: sh020
* SOURCE FILE: shots/sh020.mov
* LOC: 01:00:02:12 CYAN    MARA: It <went> out. Again.
004  SH020    V     C        00:00:43:11 00:00:43:11 01:00:03:18 01:00:03:18
004  SH030    V     W101 012 00:00:41:11 00:00:43:09 01:00:03:18 01:00:05:16
";
    assert!(edl.starts_with(expected), "{edl}");
    let short: Vec<&str> = edl
        .lines()
        .filter(|line| line.starts_with("005") || line.starts_with("006"))
        .collect();
    assert_eq!(
        short,
        [
            "005  SH030    V     C        00:00:43:09 00:00:43:09 01:00:05:16 01:00:05:16",
            "005  BL       V     D    008 00:00:00:00 00:00:00:08 01:00:05:16 01:00:06:00",
            "006  BL       V     C        00:00:00:00 00:00:00:00 01:00:06:00 01:00:06:00",
            "006  SH040    V     D    009 00:00:41:17 00:00:43:12 01:00:06:00 01:00:07:19",
        ]
    );
    assert_eq!(edl_text(&sample_timeline(FrameRate::from_fps(12))), None);
}

#[test]
fn what_a_list_of_events_cannot_express_is_reported() {
    let losses = edl_losses(&sample_timeline(FILM));
    assert_eq!(losses.len(), 2, "{losses:?}");
    assert!(losses[0].contains("the track of sound"));
    assert!(losses[1].contains("the colour of 2 transitions"));
    let losses = fcpxml_losses(&sample_timeline(FrameRate::from_fps(12)));
    assert!(losses[0].contains("12 frames a second"), "{losses:?}");
    assert!(losses[1].contains("6 transitions"), "{losses:?}");
}

#[test]
fn a_list_of_another_program_is_read() {
    // Premiere: a reel `AX`, sound of its own, names in notes. Avid: a speed of `M2`.
    let edl = "TITLE:   Recut \r\n\
        FCM: NON-DROP FRAME\r\n\
        \r\n\
        001  AX       V     C        00:00:41:17 00:00:43:17 01:00:00:00 01:00:02:00\r\n\
        * FROM CLIP NAME: sh020.mov\r\n\
        \r\n\
        002  AX       AA    C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00\r\n\
        003  SH010    V1    C        00:00:42:00 00:00:43:00 01:00:02:00 01:00:03:00\r\n\
        M2   SH010       048.0                00:00:42:00\r\n\
        004  SH030 B  B     W005 010 00:00:42:00 00:00:43:00 01:00:03:00 01:00:04:00\r\n";
    let mut diagnostics = Diagnostics::default();
    let read = read_edl(&source(edl, FILM), &mut diagnostics).unwrap();
    assert_eq!(read.clips[0].name, "sh020.mov");
    assert_eq!((read.clips[0].start, read.clips[0].length), (0, 48));
    assert_eq!(read.clips[1].name, "SH010");
    assert_eq!(read.clips[1].length, 24 + 5);
    assert_eq!(read.clips[2].name, "SH030 B");
    assert_eq!(read.clips[2].place.event, Some(4));
    let found = messages(&diagnostics);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].contains("event 3: the source is played at 48 frames"));
    assert!(found[1].contains("`W005 of event 4` is no transition"));
    assert!(found[2].contains("events of sound (1)"));
    let place = diagnostics.as_slice()[0].origin;
    let text = &edl[place.start as usize..place.end as usize];
    assert!(text.starts_with("003  SH010") && text.ends_with("01:00:03:00"));
}

#[test]
fn damaged_lists_say_which_event() {
    for (edl, message) in [
        ("", "the list has no event"),
        ("TITLE: x\n* note\n", "the list has no event"),
        (
            "001 AX V C 00:00:00:24 00:00:01:00 01:00:00:00 01:00:01:00\n",
            "event 1: `00:00:00:24` is no timecode",
        ),
        (
            "007 AX V C 00:00:02:00 00:00:01:00 01:00:00:00 01:00:01:00\n",
            "event 7: it ends before it begins",
        ),
        (
            "001 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n",
            "event 1: it is not complete",
        ),
        (
            "001 AX V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n002 AX V C 00:00:0",
            "event 2: it is not complete",
        ),
        (
            "001 AX V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n002 A",
            "event 2: it is not complete",
        ),
        (
            "001 AX V C 00:00:00:00 00:00:01:12 01:00:00:00 01:00:01:1",
            "event 1: `01:00:01:1` is no timecode",
        ),
    ] {
        let mut diagnostics = Diagnostics::default();
        assert_eq!(read_edl(&source(edl, FILM), &mut diagnostics), None);
        let found = messages(&diagnostics);
        assert!(found[0].contains(message), "{found:?}");
    }
    let mut diagnostics = Diagnostics::default();
    let game = source("", FrameRate::from_fps(12));
    assert_eq!(read_edl(&game, &mut diagnostics), None);
    assert!(messages(&diagnostics)[0].contains("other_rate"));
}

/// Two tracks, a gap, a disabled clip, a freeze, and sound.
const FOREIGN_OTIO: &str = r#"{
  "OTIO_SCHEMA": "SerializableCollection.1",
  "children": [{
    "OTIO_SCHEMA": "Timeline.1", "name": "theirs", "global_start_time": null,
    "tracks": {"OTIO_SCHEMA": "Stack.1", "children": [
      {"OTIO_SCHEMA": "Track.1", "kind": "Video", "name": "V1", "children": [
        {"OTIO_SCHEMA": "Clip.1", "name": "sh010.mov", "source_range": {
          "duration": {"rate": 24.0, "value": 48}, "start_time": {"rate": 24.0, "value": 1001}},
          "effects": [{"OTIO_SCHEMA": "FreezeFrame.1", "name": "hold", "time_scalar": 0}],
          "media_reference": {"OTIO_SCHEMA": "MissingReference.1"}},
        {"OTIO_SCHEMA": "Gap.1", "source_range": {
          "duration": {"rate": 24.0, "value": 12}, "start_time": {"rate": 24.0, "value": 0}}},
        {"OTIO_SCHEMA": "Clip.2", "name": "off", "enabled": false, "source_range": {
          "duration": {"rate": 24.0, "value": 10}, "start_time": {"rate": 24.0, "value": 0}}},
        {"OTIO_SCHEMA": "Clip.2", "name": "", "source_range": null, "active_media_reference_key": "A",
          "media_references": {"A": {"OTIO_SCHEMA": "ExternalReference.1",
            "target_url": "file:///x/sh%20020.mov", "available_range": {
            "duration": {"rate": 48, "value": 48}, "start_time": {"rate": 24.0, "value": 5}}}}}]},
      {"OTIO_SCHEMA": "Track.1", "kind": "Video", "children": [
        {"OTIO_SCHEMA": "Gap.1", "source_range": {
          "duration": {"rate": 24.0, "value": 40}, "start_time": {"rate": 24.0, "value": 0}}},
        {"OTIO_SCHEMA": "Clip.2", "name": "over", "source_range": {
          "duration": {"rate": 24.0, "value": 20}, "start_time": {"rate": 24.0, "value": 7}}}]},
      {"OTIO_SCHEMA": "Track.1", "kind": "Audio", "name": "A1", "children": []}
    ]}
  }]
}"#;

#[test]
fn a_timeline_of_another_program_is_read() {
    let mut diagnostics = Diagnostics::default();
    let read = read_otio(&source(FOREIGN_OTIO, FILM), &mut diagnostics).unwrap();
    let shown: Vec<(&str, usize, usize, i64)> = read
        .clips
        .iter()
        .map(|clip| {
            (
                clip.name.as_str(),
                clip.start,
                clip.length,
                clip.source_start,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("sh010.mov", 0, 40, 1001),
            ("over", 40, 20, 7),
            ("sh 020", 70, 24, 5),
        ]
    );
    let found = messages(&diagnostics);
    assert!(
        found[0].contains("recut::speed the clip stands still"),
        "{found:?}"
    );
    assert!(found[1].contains("tracks of sound (1)"), "{found:?}");
}

#[test]
fn damaged_timelines_say_where() {
    let rate_25 = FOREIGN_OTIO.replace("24.0", "25.0");
    let half = "{\"OTIO_SCHEMA\": \n";
    for (text, code, at) in [
        ("{\"a\": }", "unreadable", "}"),
        ("[]", "unreadable", "[]"),
        ("{\"OTIO_SCHEMA\": \"Timeline.1\"}", "unreadable", "{"),
        (rate_25.as_str(), "other_rate", "{"),
        (half, "unreadable", ""),
    ] {
        let mut diagnostics = Diagnostics::default();
        assert_eq!(read_otio(&source(text, FILM), &mut diagnostics), None);
        let mut found = diagnostics.as_slice().iter();
        let error = found.find(|found| found.code.ends_with(code)).unwrap();
        assert_eq!(error.severity, Severity::Error);
        assert!(text[error.origin.start as usize..].starts_with(at));
    }
}

/// Final Cut Pro: a clip inside of a container, a connected title, an odd transition.
const FOREIGN_FCPXML: &str = r#"<?xml version="1.0"?>
<!DOCTYPE fcpxml>
<fcpxml version="1.9"><resources>
<format id="r1" frameDuration="100/2400s" width="1920" height="1080"/>
<asset id="r2" name="sh020" src="file:///x/sh020.mov" start="3600s" duration="10s" hasVideo="1"/>
</resources>
<library><event><project name="theirs"><sequence format="r1" tcStart="3600s" tcFormat="NDF"><spine>
<asset-clip ref="r2" offset="3600s" name="sh020 &amp; co" start="86500/24s" duration="2s">
<adjust-transform scale="1 1" position="0 0"/><title lane="1" offset="3600s" duration="1s"/><marker start="3601s" value="x"/></asset-clip>
<transition name="Page Peel" offset="86442/24s" duration="10/24s"/>
<clip name="box" offset="3602s" duration="1s" start="1s"><adjust-transform scale="2 2"/><video ref="r2" offset="0s" start="3601s"/></clip>
<gap offset="3603s" duration="1s"/>
</spine></sequence></project></event></library></fcpxml>"#;

#[test]
fn a_project_of_final_cut_is_read() {
    let mut diagnostics = Diagnostics::default();
    let read = read_fcpxml(&source(FOREIGN_FCPXML, FILM), &mut diagnostics).unwrap();
    assert_eq!(read.name, "theirs");
    assert_eq!(read.start, 86_400);
    let shown: Vec<(&str, usize, usize, i64)> = read
        .clips
        .iter()
        .map(|clip| {
            (
                clip.name.as_str(),
                clip.start,
                clip.length,
                clip.source_start,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [("sh020 & co", 0, 48, 86_500), ("box", 48, 24, 86_448)]
    );
    assert_eq!(read.clips[1].other_names, ["sh020", "sh020"]);
    let transition = &read.transitions[0];
    assert_eq!(
        (transition.cut, transition.before, transition.after),
        (48, 6, 4)
    );
    let found = messages(&diagnostics);
    assert!(
        found[0].contains("`Page Peel` is no transition"),
        "{found:?}"
    );
    assert!(
        found[1].contains("recut::gap 24 frames behind the last clip"),
        "{found:?}"
    );
    assert!(
        found[2].contains("effects (1), markers (1), titles (1)"),
        "{found:?}"
    );
}

#[test]
fn a_damaged_project_of_final_cut_is_refused_at_its_place() {
    let wrong = FOREIGN_FCPXML.replace("duration=\"2s\"", "duration=\"1/7s\"");
    let mut diagnostics = Diagnostics::default();
    assert_eq!(read_fcpxml(&source(&wrong, FILM), &mut diagnostics), None);
    let error = &diagnostics.as_slice()[0];
    assert_eq!(
        &wrong[error.origin.start as usize..error.origin.end as usize],
        "1/7s"
    );
    let half = &FOREIGN_FCPXML[..FOREIGN_FCPXML.find("<marker").unwrap()];
    let mut diagnostics = Diagnostics::default();
    assert_eq!(read_fcpxml(&source(half, FILM), &mut diagnostics), None);
    let error = &diagnostics.as_slice()[0];
    assert!(error.message.contains("ends before its elements"));
    assert_eq!(&half[error.origin.start as usize..], ">");
    for text in [
        "",
        "<a",
        "<a/>",
        "<fcpxml/>",
        "<fcpxml><sequence/></fcpxml>",
    ] {
        let mut diagnostics = Diagnostics::default();
        assert_eq!(read_fcpxml(&source(text, FILM), &mut diagnostics), None);
        assert!(diagnostics.has_errors(), "{text}");
    }
}

#[test]
fn entities_that_grow_are_refused() {
    let bomb = format!(
        "<!DOCTYPE a [<!ENTITY a \"{}\">{}]><fcpxml>&j;</fcpxml>",
        "x".repeat(1000),
        ('b'..='j')
            .map(|name| {
                let before = char::from(name as u8 - 1);
                format!("<!ENTITY {name} \"{}\">", format!("&{before};").repeat(10))
            })
            .collect::<String>()
    );
    let mut diagnostics = Diagnostics::default();
    assert_eq!(read_fcpxml(&source(&bomb, FILM), &mut diagnostics), None);
    assert!(diagnostics.has_errors());
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
fn an_event_whose_transition_is_not_understood_follows_with_a_cut() {
    for (transition, message) in [
        (
            "X    006",
            "event 2: `X 006` is no transition, and is read as a cut",
        ),
        (
            "D    -05",
            "event 2: `D -05` is no transition, and is read as a cut",
        ),
        (
            "D    6.5",
            "event 2: `D 6.5` is no transition, and is read as a cut",
        ),
        (
            "D",
            "event 2: `D` has no number of frames, and is read as a cut",
        ),
        (
            "W     006",
            "event 2: `W 006` is no transition, and is read as a cut",
        ),
        (
            "K O",
            "event 2: `K O` has no number of frames, and is read as a cut",
        ),
        (
            "D    99999999999999999999999",
            "event 2: `D 99999999999999999999999` has no number of frames, and is read as a cut",
        ),
        (
            "D    999",
            "event 2: its transition `D` lasts 999 frames, and is read with the 12 that the event \
             has",
        ),
        (
            "K O  006",
            "`KO of event 2` is no transition of a production, and is read as a dissolve",
        ),
    ] {
        let edl = format!(
            "001  ONE  V  C  00:00:00:11 00:00:00:23 00:00:00:00 00:00:00:12\n\
             002  TWO  V  {transition} 00:00:00:11 00:00:00:23 00:00:00:12 00:00:01:00\n"
        );
        let mut diagnostics = Diagnostics::default();
        let read = read_edl(&source(&edl, FILM), &mut diagnostics).unwrap();
        let names: Vec<&str> = read.clips.iter().map(|clip| clip.name.as_str()).collect();
        assert_eq!(names, ["ONE", "TWO"], "{transition}");
        assert_eq!(read.length(), 24, "{transition}");
        let found = placed(&edl, &diagnostics);
        assert_eq!(found[0].0, "other_transition");
        assert_eq!(found[0].1, message);
        assert!(found[0].2.starts_with("002  TWO"), "{found:?}");
        let is_cut = message.ends_with("a cut");
        assert_eq!(read.transitions.is_empty(), is_cut, "{transition}");
    }
}

#[test]
fn an_event_of_neither_pictures_nor_sound_is_an_error() {
    let event = "00:00:00:11 00:00:00:23 00:00:00:00 00:00:00:12\n";
    for channel in ["NONE", "Q"] {
        let edl = format!("001  ONE  {channel}  C  {event}");
        let mut diagnostics = Diagnostics::default();
        assert_eq!(read_edl(&source(&edl, FILM), &mut diagnostics), None);
        let found = placed(&edl, &diagnostics);
        assert!(
            found[0]
                .1
                .starts_with(&format!("event 1: `{channel}` is no channel"))
        );
    }
}

#[test]
fn notes_behind_an_event_of_sound_are_not_about_the_pictures_before_it() {
    let edl = "001  ONE  V  C  00:00:00:11 00:00:00:23 00:00:00:00 00:00:00:12\n\
               * FROM CLIP NAME: one\n\
               002  MIX  AA  C  00:00:00:00 00:00:00:12 00:00:00:00 00:00:00:12\n\
               * FROM CLIP NAME: music\nM2   MIX   048.0   00:00:00:00\n";
    let mut diagnostics = Diagnostics::default();
    let read = read_edl(&source(edl, FILM), &mut diagnostics).unwrap();
    assert_eq!(read.clips[0].name, "one");
    assert_eq!(messages(&diagnostics).len(), 1);
}

#[test]
fn numbers_of_opentimelineio_that_no_timeline_has_are_findings() {
    let ours = sample_timeline(FILM);
    let text = otio_text(&ours, OtioSchemas::Current);
    let global = text.find("\"global_start_time\"").unwrap();
    let rate_of_start = global + text[global..].find("24.0").unwrap();
    let duration = text.find("\"duration\"").unwrap();
    let rate = duration + text[duration..].find("24.0").unwrap();
    let with =
        |at: usize, number: &str| format!("{}{number}{}", &text[..at], &text[at + "24.0".len()..]);
    for (wrong, code, message) in [
        (
            with(rate, "Infinity"),
            "unreadable",
            "`inf` frames a second are no rate",
        ),
        (
            with(rate, "NaN"),
            "unreadable",
            "`NaN` frames a second are no rate",
        ),
        (
            with(rate, "-24"),
            "unreadable",
            "`-24` frames a second are no rate",
        ),
        (
            with(rate, "1e12"),
            "other_rate",
            "the timeline has 1000000000000 frames a second",
        ),
        (
            with(rate_of_start, "NaN"),
            "left_out",
            "start times that are no frame (1)",
        ),
        (
            text.replacen("Clip.2", "Clip.9", 1),
            "unreadable",
            "`Clip.9` is not known",
        ),
        (
            text.replacen("Track.1", "Track.2", 1),
            "unreadable",
            "`Track.2` is not known",
        ),
    ] {
        let mut diagnostics = Diagnostics::default();
        read_otio(&source(&wrong, FILM), &mut diagnostics);
        let found = placed(&wrong, &diagnostics);
        assert!(
            found
                .iter()
                .any(|found| found.0 == code && found.1.contains(message)),
            "{message}: {found:?}"
        );
    }
}

/// What of the file is replaced, by what, the code of the finding, and its message.
const WRONG_FCPXML: [(&str, &str, &str, &str); 8] = [
    (
        "100/2400s",
        "1/0s",
        "unreadable",
        "`1/0s` is no length of a frame",
    ),
    (
        "100/2400s",
        "NaNs",
        "unreadable",
        "`NaNs` is no length of a frame",
    ),
    (
        "100/2400s",
        "-1/24s",
        "unreadable",
        "`-1/24s` is no length of a frame",
    ),
    (
        "duration=\"10/24s\"",
        "duration=\"0s\"",
        "other_transition",
        "has no length",
    ),
    (
        "duration=\"10/24s\"",
        "duration=\"-1s\"",
        "other_transition",
        "has no length",
    ),
    (
        "86442/24s",
        "0s",
        "other_transition",
        "begins before the sequence",
    ),
    (
        "ref=\"r2\" offset=\"3600s\"",
        "ref=\"r9\" offset=\"3600s\"",
        "left_out",
        "references to no file (1)",
    ),
    (
        "format=\"r1\"",
        "format=\"r7\"",
        "unreadable",
        "the file has no format `r7`",
    ),
];

#[test]
fn values_of_final_cut_that_no_timeline_has_are_findings() {
    for (from, to, code, message) in WRONG_FCPXML {
        assert!(FOREIGN_FCPXML.contains(from), "{from}");
        let wrong = FOREIGN_FCPXML.replace(from, to);
        let mut diagnostics = Diagnostics::default();
        read_fcpxml(&source(&wrong, FILM), &mut diagnostics);
        let found = placed(&wrong, &diagnostics);
        assert!(
            found
                .iter()
                .any(|found| found.0 == code && found.1.contains(message)),
            "{message}: {found:?}"
        );
    }
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
fn a_transition_without_a_name_is_named_by_that() {
    let origin = FileSpan::default();
    let found = super::otio_reader::other_transition(origin, " ");
    assert_eq!(
        found.message,
        "a transition without a name is no transition of a production, and is read as a dissolve"
    );
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

#[test]
fn the_own_range_of_a_track_trims_it() {
    let text = small_otio(r#""source_range":RANGE(12,24),"#, "");
    let mut diagnostics = Diagnostics::default();
    let read = read_otio(&source(&text, FILM), &mut diagnostics).unwrap();
    let clip = &read.clips[0];
    assert_eq!((clip.start, clip.length, clip.source_start), (0, 24, 1013));
    assert!(messages(&diagnostics).is_empty());
    // As the adapter for lists of events writes it.
    for outside in ["-86400", "86400"] {
        let track = format!(r#""source_range":RANGE({outside},48),"#);
        let text = small_otio(&track, "");
        let mut diagnostics = Diagnostics::default();
        let read = read_otio(&source(&text, FILM), &mut diagnostics).unwrap();
        assert_eq!(read.length(), 48, "{outside}");
    }
}

#[test]
fn frames_counted_at_another_rate_are_refused_even_if_they_can_be_divided() {
    let text = small_otio("", "").replace("24.0", "48.0");
    let mut diagnostics = Diagnostics::default();
    assert_eq!(read_otio(&source(&text, FILM), &mut diagnostics), None);
    assert!(messages(&diagnostics)[0].contains("recut::other_rate"));
    // Samples are no frames.
    let samples = small_otio("", "")
        .replace("24.0", "48000.0")
        .replace("1001}", "2002000}")
        .replace("48}", "96000}");
    let mut diagnostics = Diagnostics::default();
    let read = read_otio(&source(&samples, FILM), &mut diagnostics).unwrap();
    assert_eq!(read.length(), 48);
}

#[test]
fn a_change_of_speed_that_is_switched_off_changes_nothing() {
    let effect =
        r#""effects":[{"OTIO_SCHEMA":"LinearTimeWarp.1","time_scalar":2.0,"enabled":ON}],"#;
    for (on, count) in [("true", 1), ("false", 0)] {
        let text = small_otio(&effect.replace("ON", on), "");
        let mut diagnostics = Diagnostics::default();
        read_otio(&source(&text, FILM), &mut diagnostics);
        assert_eq!(messages(&diagnostics).len(), count);
    }
}

#[test]
fn clips_that_hold_timelines_and_pictures_above_the_storyline_are_refused() {
    let plain = r#"<asset-clip ref="r2" offset="3600s" name="sh020" start="3600s" duration="2s">INSIDE</asset-clip>"#;
    let (head, rest) = FOREIGN_FCPXML.split_once("<asset-clip").unwrap();
    let (_, tail) = rest.split_once("<gap").unwrap();
    let (_, tail) = tail.split_once("/>").unwrap();
    let film = |item: &str| format!("{head}{item}{tail}");
    let above = |inside: &str| film(&plain.replace("INSIDE", inside));
    let cutaway = r#"<asset-clip ref="r2" lane="1" offset="3600s" name="sh020" duration="1s"/>"#;
    for (text, message) in [
        (
            film(&plain.replace("asset-clip", "ref-clip")),
            "`sh020` is a compound clip",
        ),
        (
            film(&plain.replace("asset-clip", "mc-clip")),
            "`sh020` is a multicam clip",
        ),
        (
            film(&plain.replace("asset-clip", "sync-clip")),
            "`sh020` is a synchronized clip",
        ),
        (above(cutaway), "pictures above the storyline"),
        (
            above(&format!(
                r#"<spine lane="1" offset="3600s">{cutaway}</spine>"#
            )),
            "pictures above the storyline",
        ),
        (
            above(r#"<conform-rate scaleEnabled="1" srcFrameRate="29.97"/>"#),
            "29.97 frames a second",
        ),
    ] {
        let mut diagnostics = Diagnostics::default();
        read_fcpxml(&source(&text, FILM), &mut diagnostics);
        let errors = diagnostics.as_slice().iter();
        let mut errors = errors.filter(|found| found.severity == Severity::Error);
        assert!(
            errors.any(|found| found.message.contains(message)),
            "{message}: {:?}",
            messages(&diagnostics)
        );
    }
    for harmless in [
        r#"<conform-rate scaleEnabled="1" srcFrameRate="24"/>"#.to_owned(),
        cutaway.replace("lane=\"1\"", "lane=\"-1\""),
        cutaway.replace("name=", "srcEnable=\"audio\" name="),
        cutaway.replace("name=", "enabled=\"0\" name="),
    ] {
        let mut diagnostics = Diagnostics::default();
        read_fcpxml(&source(&above(&harmless), FILM), &mut diagnostics).unwrap();
        let errors = diagnostics.as_slice().iter();
        let errors = errors.filter(|found| found.severity == Severity::Error);
        assert_eq!(
            errors.count(),
            0,
            "{harmless}: {:?}",
            messages(&diagnostics)
        );
    }
}

#[test]
fn a_table_that_gives_a_reel_two_shots_is_refused() {
    let table = "reel,shot,source_start,shot_frame,frames,media\nR1,sh020,0,1001,48,\n";
    assert!(read_reel_table(&format!("{table}R1,sh020,48,1049,48,\n"), 100).is_ok());
    // Two cards.
    let cards = format!("{table}AX,title_1,4,4,6,\nAX,credits,4,4,10,\n");
    assert!(read_reel_table(&cards, 100).is_ok());
    let fault = read_reel_table(&format!("{table}r1,sh030,0,1001,48,\n"), 100).unwrap_err();
    assert_eq!(fault.offset, table.len());
    assert!(fault.reason.contains("`sh020`") && fault.reason.contains("`sh030`"));
}
