//! OpenTimelineIO of other programs.

use super::*;

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
    let shown = read.placed_clips();
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

#[test]
fn a_transition_without_a_name_is_named_by_that() {
    let origin = FileSpan::default();
    let found = crate::interchange::otio_reader::other_transition(origin, " ");
    assert_eq!(
        found.message,
        "a transition without a name is no transition of a production, and is read as a dissolve"
    );
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
fn a_timeline_without_pictures_says_so_at_its_sound() {
    let sound = small_otio("", "").replace(r#""kind":"Video","#, r#""kind":"Audio","name":"A1","#);
    let off = small_otio(r#""enabled":false,"#, "");
    for (text, place, message) in [
        (
            &sound,
            "\"A1\"",
            "the timeline has sound alone, and no pictures",
        ),
        (&off, "\"t\"", "the timeline shows no pictures"),
    ] {
        let mut diagnostics = Diagnostics::default();
        assert_eq!(read_otio(&source(text, FILM), &mut diagnostics), None);
        let found = placed(text, &diagnostics);
        let found: Vec<_> = found
            .iter()
            .filter(|found| found.0 == "unreadable")
            .collect();
        assert_eq!(found.len(), 1);
        assert_eq!((&*found[0].1, found[0].2), (message, place));
    }
}

#[test]
fn pictures_in_files_of_their_own_name_their_shot_and_count_its_frames() {
    let sequence = |available: &str| {
        format!(
            r#"{{"OTIO_SCHEMA":"ImageSequenceReference.1",{available}"target_url_base":"file:///x/","name_prefix":"sh020.","name_suffix":".exr","start_frame":1001,"frame_step":1,"rate":24.0,"frame_zero_padding":4}}"#
        )
    };
    for (available, first) in [
        (r#""available_range":RANGE(0,48),"#, 0),
        (r#""available_range":RANGE(1001,48),"#, 1001),
        ("", 0),
        ("", 1001),
    ] {
        let media = sequence(available);
        let references = [
            format!(r#""media_reference":{media}"#),
            format!(r#""media_references":{{"high":{media}}},"active_media_reference_key":"high""#),
        ];
        for reference in references {
            let clip = format!(
                r#"{{"OTIO_SCHEMA":"Clip.2","name":"Plate","source_range":RANGE({first},24),{reference}}}"#
            );
            let text = small_otio("", &clip);
            let read = read_otio(&source(&text, FILM), &mut Diagnostics::default()).unwrap();
            let clip = &read.clips[1];
            assert_eq!(clip.name, "Plate");
            assert!(clip.other_names.contains(&"sh020".to_owned()), "{clip:?}");
            assert_eq!(clip.source_start, 1001, "{text}");
            let media = clip.media.as_ref().unwrap();
            assert_eq!(media.url, "file:///x/sh020.1001.exr");
            assert_eq!(media.start, 1001);
        }
    }
}
