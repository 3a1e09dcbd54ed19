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
            "event 7: its source ends before it begins",
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
            "event 2: `K O` is a key without its background `K B`, and is read as a cut",
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
            "event 2: `K O 006` is a key without its background `K B`, and is read as a cut",
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

#[test]
fn a_key_is_reported_once_and_its_background_is_the_clip() {
    let times = "00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00";
    let notes = "* FROM CLIP NAME: sh010\n";
    let key = "* KEY CLIP NAME: logo.mov\n";
    let logo = "`logo.mov` is keyed over other pictures, and is not drawn; what is behind it is";
    for (text, message) in [
        // Notes behind their lines, and both behind the second.
        (
            format!("001 AX V K B {times}\n{notes}001 AX V K 012 {times}\n{key}"),
            logo,
        ),
        (
            format!("001 AX V K B (F) {times}\n001 AX V K O 012 {times}\n{notes}{key}"),
            logo,
        ),
        // Notes without a word for keys.
        (
            format!(
                "001 AX V K B 012 {times}\n{notes}001 AX V K {times}\n* FROM CLIP NAME: logo.mov\n\
                 M2 AX 048.0 00:00:00:00\n"
            ),
            logo,
        ),
        (
            format!("001 AX V K B {times}\n{notes}001 LOGO V K 006 {times}\n"),
            "`LOGO` is keyed over other pictures, and is not drawn; what is behind it is",
        ),
    ] {
        let behind = "002 AX V C 00:00:01:00 00:00:02:00 00:00:01:00 00:00:02:00\n\
                      * FROM CLIP NAME: sh020\n";
        let edl = text + behind;
        let mut diagnostics = Diagnostics::default();
        let read = read_edl(&source(&edl, FILM), &mut diagnostics).unwrap();
        let names: Vec<&str> = read.clips.iter().map(|clip| clip.name.as_str()).collect();
        assert_eq!(names, ["sh010", "sh020"], "{edl}");
        assert!(read.transitions.is_empty());
        let found = placed(&edl, &diagnostics);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, "other_transition");
        assert_eq!(found[0].1, format!("event 1: {message}"));
        assert!(found[0].2.contains(" K "), "{found:?}");
    }
}

#[test]
fn a_list_with_two_ways_to_count_is_one_film() {
    // One clock for the film, as numbers that go on say.
    let one_clock = "FCM: NON-DROP FRAME\n\
        001  A  V  C  00:00:33:11 00:00:34:11 01:00:59:20 01:01:00:20\n\
        FCM: DROP FRAME\n\
        002  B  V  C  00:01:00:02 00:01:01:02 01:01:00:20 01:01:01:20\n\
        FCM: NON-DROP FRAME\n\
        003  C  V  C  00:01:00:02 00:01:01:02 01:01:01:20 01:01:02:20\n";
    // The same frames, with the film counted anew: the 110th number is left out by then.
    let anew = one_clock.replace("01:01:00:20 01:01:01:20", "01:01:04:10 01:01:05:10");
    let marked = one_clock.replace("01:01:00:20 01:01:01:20", "01:01:04;10 01:01:05;10");
    for (text, what) in [(one_clock, "one"), (&anew, "anew"), (&marked, "marked")] {
        let mut diagnostics = Diagnostics::default();
        let read = read_edl(&source(text, NTSC), &mut diagnostics).unwrap();
        let clips = read.clips.iter();
        let clips: Vec<(usize, usize, i64)> = clips
            .map(|clip| (clip.start, clip.length, clip.source_start))
            .collect();
        assert_eq!(
            clips,
            [(0, 30, 1001), (30, 30, 1800), (60, 30, 1802)],
            "{what}"
        );
        assert_eq!(messages(&diagnostics), [""; 0]);
        assert!(!read.is_drop_frame);
    }
    let left_out = "FCM: DROP FRAME\n\
        001  A  V  C  00:00:33:11 00:00:34:11 01:00:59:00 01:01:00:00\n";
    let mut diagnostics = Diagnostics::default();
    assert_eq!(read_edl(&source(left_out, NTSC), &mut diagnostics), None);
    let found = placed(left_out, &diagnostics);
    assert_eq!(
        found[0].1,
        "event 1: drop frame leaves the number `01:01:00:00` out"
    );
    assert_eq!(found[0].2, "01:01:00:00");
}

#[test]
fn a_film_goes_on_behind_midnight() {
    let edl = "\
        002  B  V  C  23:59:59:12 00:00:00:12 00:00:00:00 00:00:01:00\n\
        001  A  V  C  00:00:10:00 00:00:11:00 23:59:59:00 00:00:00:00\n\
        003  B  V  C  00:00:00:12 00:00:00:12 00:00:01:00 00:00:01:00\n\
        003  C  V  D  012 00:00:00:00 00:00:01:00 00:00:01:00 00:00:02:00\n";
    let drop = format!("FCM: DROP FRAME\n{edl}");
    for (text, rate, second) in [(edl, FILM, 24), (&drop, NTSC, 30)] {
        let mut diagnostics = Diagnostics::default();
        let read = read_edl(&source(text, rate), &mut diagnostics).unwrap();
        assert_eq!(messages(&diagnostics), [""; 0]);
        let names: Vec<&str> = read.clips.iter().map(|clip| clip.name.as_str()).collect();
        assert_eq!(names, ["A", "B", "C"]);
        let places: Vec<usize> = read.clips.iter().map(|clip| clip.start).collect();
        assert_eq!(places, [0, second, 2 * second + 6]);
        assert_eq!(read.length(), 3 * second);
        assert_eq!(read.transitions[0].cut, 2 * second + 6);
    }
}

#[test]
fn a_note_behind_each_line_of_a_transition_names_both_clips() {
    let left = "001  AX  V  C  00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n\
                * FROM CLIP NAME: one\n\
                002  AX  V  C  00:00:01:00 00:00:01:00 00:00:01:00 00:00:01:00\n";
    let into = "002  AX  V  D  010 00:00:01:00 00:00:02:00 00:00:01:00 00:00:02:00\n";
    let named = |left_note: &str, note: &str| {
        let edl = format!("{left}{left_note}{into}{note}");
        let read = read_edl(&source(&edl, FILM), &mut Diagnostics::default()).unwrap();
        let names = read.clips.iter().map(|clip| clip.name.clone());
        names.collect::<Vec<_>>()
    };
    let (one, two) = ("* FROM CLIP NAME: one\n", "* FROM CLIP NAME: two\n");
    assert_eq!(named(one, two), ["one", "two"]);
    assert_eq!(named("", one), ["one", "AX"]);
    assert_eq!(named(one, one), ["one", "AX"]);
    assert_eq!(named("", "* TO CLIP NAME: two\n"), ["one", "two"]);
    assert_eq!(
        named(one, &format!("{one}* TO CLIP NAME: two\n")),
        ["one", "two"]
    );
}

#[test]
fn files_are_paths_in_lists_and_addresses_elsewhere() {
    let mut ours = sample_timeline(FILM);
    let media = ours.clips[1].media.as_mut().unwrap();
    media.url = "shots/Gr%C3%B6%C3%9Fe%20&%20x%20%232.mp4".to_owned();
    let list = edl_text(&ours).unwrap();
    let line = "* SOURCE FILE: shots/Größe & x #2.mp4\n";
    assert!(list.contains(line), "{list}");
    let table = reel_table(&reel_entries(&ours));
    assert!(table.contains(",shots/Größe & x #2.mp4\n"), "{table}");
    assert!(otio_text(&ours, OtioSchemas::Current).contains("%C3%B6"));
    assert!(fcpxml_text(&ours, FcpxmlVersion::V1_8).contains("%C3%B6"));
    // Either is read, and an escape in a path may be meant.
    let encoded = list.replace("Größe & x #2", "Gr%C3%B6%C3%9Fe%20&%20x%20%232");
    for text in [&list, &encoded] {
        let read = read_edl(&source(text, FILM), &mut Diagnostics::default()).unwrap();
        let names = &read.clips[1].other_names;
        assert!(names.contains(&"Größe & x #2".to_owned()), "{names:?}");
    }
    let escaped = list.replace("Größe & x #2", "a%20b");
    let read = read_edl(&source(&escaped, FILM), &mut Diagnostics::default()).unwrap();
    assert_eq!(read.clips[1].other_names[..2], ["a%20b", "a b"]);
}
