//! Columns with the first and the last frame of a shot.

use super::*;
use crate::document::ScalarOrList;

/// Returns the range and the length of each shot, as they are read.
fn ranges(text: &str) -> Vec<(String, Option<String>)> {
    let (list, _) = shots(text);
    let words = |range: &ScalarOrList| match range {
        ScalarOrList::One(one) => one.value.clone(),
        ScalarOrList::List(list) => {
            let ends: Vec<&str> = list.value.iter().map(|end| end.value.as_str()).collect();
            ends.join("-")
        }
    };
    list.iter()
        .map(|shot| {
            let range = shot.frame_range.as_ref().map_or(String::new(), words);
            (
                range,
                shot.duration.as_ref().map(|length| length.value.clone()),
            )
        })
        .collect()
}

#[test]
fn a_length_says_how_many_frames_follow_the_first() {
    let text = "Shot,Template,Start Frame,Frames\na,wide,1001,24\nb,wide,1025.0,48\n";
    assert_eq!(
        ranges(text),
        [
            ("1001".to_owned(), Some("24".to_owned())),
            ("1025".to_owned(), Some("48".to_owned()))
        ]
    );
    assert_eq!(codes(text).1, [""; 0]);
}

#[test]
fn without_a_length_a_shot_goes_on_to_the_next() {
    let text = "Shot,Template,Start Frame,End Frame,Duration\n\
                SC 1,,,,\na,wide,1001,,\n\nb,wide,1025,,2s\nc,wide,1100,1147,\nd,wide,1148,,\n";
    assert_eq!(
        ranges(text),
        [
            ("1001-1024".to_owned(), None),
            ("1025".to_owned(), Some("2s".to_owned())),
            ("1100-1147".to_owned(), None),
            (String::new(), None)
        ]
    );
    let (_, report) = shots(text);
    assert!(
        report.contains(
            "error[production::frames::bad_range]: row 7: the shot has a first frame, and nothing \
             says how many follow it"
        ),
        "{report}"
    );
}

#[test]
fn the_ends_of_a_range_have_many_titles() {
    for titles in [
        "Frame In,Frame Out",
        "In,Out",
        "Cut In,Cut Out",
        "fstart,fend",
        "frameStart,frameEnd",
        "First Frame,Last Frame",
        "Start Frame,End Frame",
        "Clip In,Clip Out",
    ] {
        let (list, found) = codes(&format!("Shot,{titles}\na,1001.0,1048\n"));
        assert_eq!(found, [""; 0], "{titles}");
        let range = format!("{:?}", list[0].frame_range);
        assert!(
            range.contains("\"1001\"") && range.contains("\"1048\""),
            "{titles}: {range}"
        );
    }
}

#[test]
fn times_are_no_frames() {
    let (list, found) = codes("Shot,In,Out\na,01:00:00:00,01:00:02:00\n");
    assert_eq!(found, ["production::csv::unknown_column"; 2]);
    assert!(list[0].frame_range.is_none());
}
