//! Lists of events: what is written, and what other programs write.

use super::*;

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
