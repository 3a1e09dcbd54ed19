//! Facts about tables: what spreadsheets and tracking tools write is read as it was meant.

mod frame_columns;

use super::read_shot_table;
use super::shot_columns::SHOT_FIELDS;
use crate::base::{Diagnostics, FileId, SourceMap};
use crate::document::draft::ShotDraft;
use crate::document::json_pointer::add_pointers;
use crate::document::{DecodeScope, InputLimits, SourceTrees, TextOr, decode_node, span_tree};
use crate::report::diagnostic;
use proptest::prelude::*;

const SCOPE: DecodeScope<'_> = DecodeScope {
    path: "/production/shots",
    free_keys: &[],
};

/// Reads a table; returns the shots, the report in short form, and the source.
fn shots_with(
    text: &str,
    limits: &InputLimits,
) -> (Vec<ShotDraft>, String, Diagnostics, SourceMap) {
    let mut sources = SourceMap::default();
    let mut found = Diagnostics::default();
    let file = sources.add_file("shots.csv", text);
    let table = read_shot_table(file, &text.into(), limits, &mut found);
    let shots = table
        .and_then(|table| decode_node(&table.tree, table.tree.root()?, SCOPE, limits, &mut found))
        .unwrap_or_default();
    let found = add_pointers(
        found.into_sorted(),
        &mut SourceTrees::new(&sources, limits),
        &[],
    );
    let report = diagnostic::short_diagnostics(&found, &sources);
    (shots, report, found, sources)
}

fn shots(text: &str) -> (Vec<ShotDraft>, String) {
    let (shots, report, _, _) = shots_with(text, &InputLimits::default());
    (shots, report)
}

/// Returns the bytes underlined by each finding.
fn underlined(text: &str) -> Vec<String> {
    let (_, _, found, sources) = shots_with(text, &InputLimits::default());
    found
        .as_slice()
        .iter()
        .map(|found| sources.span_text(found.origin).to_owned())
        .collect()
}

fn from_yaml(text: &str) -> Vec<ShotDraft> {
    let limits = InputLimits::default();
    let mut found = Diagnostics::default();
    let tree = span_tree::parse_yaml(FileId(0), text.into(), &limits, &mut found).unwrap();
    let shots = decode_node(&tree, tree.root().unwrap(), SCOPE, &limits, &mut found).unwrap();
    assert!(found.is_empty(), "{found:?}");
    shots
}

/// Shows shots without the places that their values come from.
fn values(shots: &[ShotDraft]) -> Vec<String> {
    let without_origins = |text: String| {
        let mut parts = text.split("origin: FileSpan { file: ");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |text, part| {
            text + part.split_once(" }").map_or("", |(_, rest)| rest)
        })
    };
    shots
        .iter()
        .map(|shot| without_origins(format!("{shot:?}")))
        .collect()
}

fn names(shots: &[ShotDraft]) -> Vec<&str> {
    shots
        .iter()
        .filter_map(|shot| Some(shot.name.as_ref()?.value.as_str()))
        .collect()
}

#[test]
fn the_fields_are_those_of_a_shot() {
    let schema = serde_json::to_value(schemars::schema_for!(ShotDraft)).unwrap();
    let mut fields: Vec<&str> = schema["properties"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut known = SHOT_FIELDS.to_vec();
    fields.sort_unstable();
    known.sort_unstable();
    assert_eq!(known, fields);
}

#[test]
fn a_table_and_a_yaml_list_of_the_same_shots_are_the_same() {
    let yaml = "\
- name: sq010_sh010
  template: hero_cu
  scene: 1
  characters: [mara, ilya]
  location: pier
  props: [lantern]
  subject: everyone
  action: talk
  size: close_up
  angle: low
  azimuth: -12.5
  lens: 85mm
  move: dolly_in
  frame_range: 1001-1100x2
  exposure: 0.25
  engine: cycles
  notes: 'says \"now\", and turns'
  description: |-
    Two lines:
    the second.
- name: sq010_sh020
  scene: 1
  character: mara
  duration: 4s
";
    let csv = "\
name,template,scene,characters,character,location,props,subject,action,size,angle,azimuth,lens,move,frame_range,duration,exposure,engine,notes,description
sq010_sh010,hero_cu,1,mara; ilya,,pier,lantern,everyone,talk,close_up,low,-12.5,85mm,dolly_in,1001-1100x2,,0.25,cycles,\"says \"\"now\"\", and turns\",\"Two lines:
the second.\"
sq010_sh020,,1,,mara,,,,,,,,,,,4s,,,,
";
    let expected = values(&from_yaml(yaml));
    let tabs = csv
        .replace("mara; ilya", "mara| ilya")
        .replace(',', "\t")
        .replace("\"now\"\"\t", "\"now\"\",");
    let semicolons = csv
        .replace(';', "|")
        .replace(',', ";")
        .replace("\"now\"\";", "\"now\"\",");
    for text in [csv, &tabs, &semicolons] {
        let (shots, report) = shots(text);
        assert_eq!(report, "");
        assert_eq!(values(&shots), expected, "{text}");
    }
}

#[test]
fn titles_are_read_in_every_spelling() {
    let (list, report) = shots(
        "Shot Code,SCENE-NO,Focal Length,Shot Size,Camera Move,Cast,x-status,#\nA,2,35,wide,orbit,a|b,done,7\n",
    );
    assert_eq!(report, "");
    let shot = &list[0];
    assert_eq!(names(&list), ["A"]);
    assert_eq!(
        (
            shot.scene.as_ref().unwrap().value.as_str(),
            shot.lens.as_ref().unwrap().value.as_str()
        ),
        ("2", "35")
    );
    assert!(shot.size.is_some() && shot.travel.is_some());
    assert_eq!(shot.characters.as_ref().map(Vec::len), Some(2));
}

#[test]
fn a_spreadsheet_of_windows_is_read() {
    let (list, report) = shots(
        "sep=;\r\nShot;Cut In;Cut Out\r\n\r\n# the pier\r\nA;1001;1048\r\nB;1049;1096\r\n;;\r\n",
    );
    assert_eq!((names(&list), report.as_str()), (vec!["A", "B"], ""));
    let range = format!("{:?}", values(&list)[1]);
    assert!(range.contains("1049") && range.contains("1096"), "{range}");
}

#[test]
fn line_ends_of_every_system_end_a_row() {
    for end in ["\n", "\r\n", "\r"] {
        let text = ["name,notes", "a,x", "", "b,\"y", "z\"", "c,"].join(end);
        let (list, report) = shots(&text);
        assert_eq!(
            (names(&list), report.as_str()),
            (vec!["a", "b", "c"], ""),
            "{end:?}"
        );
    }
}

#[test]
fn sizes_and_angles_are_read_as_shot_lists_write_them() {
    use crate::model::camera::{CameraAngle, ShotSize};
    let text =
        "Shot,Size,Angle,Take\na,CU,High Angle,3\nb,Medium Close-Up,eye_level,1\nc,W,LOW_ANGLE,\n";
    let (list, found) = shots(text);
    assert!(!found.contains("error"), "{found}");
    let sizes: Vec<ShotSize> = list
        .iter()
        .filter_map(|shot| Some(shot.size.as_ref()?.value))
        .collect();
    let angles: Vec<CameraAngle> = list
        .iter()
        .filter_map(|shot| Some(shot.angle.as_ref()?.value))
        .collect();
    assert_eq!(
        sizes,
        [ShotSize::CloseUp, ShotSize::MediumCloseUp, ShotSize::Wide]
    );
    assert_eq!(
        angles,
        [CameraAngle::High, CameraAngle::Eye, CameraAngle::Low]
    );
    assert!(list.iter().all(|shot| shot.take.is_none()));
}

#[test]
fn a_column_of_paths_names_pictures_and_one_of_frames_counts_them() {
    let (list, found) = shots("Shot,Frames,Frames Path\na,48,\nb,,plates/b.%04d.exr\n");
    assert_eq!(found, "");
    assert!(list[0].duration.is_some() && list[0].frames.is_none());
    assert!(list[1].duration.is_none() && list[1].frames.is_some());
}

#[test]
fn a_mistake_is_reported_with_row_column_and_cell_span() {
    let text = "Shot,Exposure,Size\n# note\na,1,wide\nb,\"é\",\"clse_up\"\n";
    let (_, report) = shots(text);
    assert_eq!(
        report,
        "shots.csv:4:4: error[production::document::wrong_type]: row 4, column Exposure: `exposure` must be a number\n\
         shots.csv:4:8: error[production::document::unknown_variant]: row 4, column Size: `size` cannot be `clse_up`\n"
    );
    assert_eq!(underlined(text), ["é", "clse_up"]);
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts_them() {
    let text = "name,exposure,notes\n\na,1,\"two\nlines\"\nb,x,\n";
    let (_, report) = shots(text);
    assert!(
        report.starts_with("shots.csv:5:3: ") && report.contains("row 4, column exposure: "),
        "{report}"
    );
}

#[test]
fn pointers_lead_to_the_value() {
    let (_, _, found, _) = shots_with("name,exposure\na,1\nb,x\n", &InputLimits::default());
    assert_eq!(found.as_slice()[0].path, "/production/shots/1/exposure");
}

#[test]
fn each_name_of_a_list_has_its_own_bytes() {
    let text = "name,characters\na, mara ; |ilya\n";
    let (list, report) = shots(text);
    assert_eq!(report, "");
    let origins = list[0]
        .characters
        .iter()
        .flatten()
        .map(|character| match character {
            TextOr::Text(name) => &text[name.origin.start as usize..name.origin.end as usize],
            TextOr::Full(_) => "",
        });
    assert_eq!(origins.collect::<Vec<_>>(), ["mara", "ilya"]);
}

#[test]
fn unclosed_quotes_are_reported_where_they_open() {
    let text = "name,notes\na,\"never\nb,x\n";
    let (_, report) = shots(text);
    assert_eq!(
        report,
        "shots.csv:2:3: error[production::csv::bad_quote]: row 2, column notes: a quote opens here and is never closed\n"
    );
    assert_eq!(underlined(text), ["\""]);
    assert!(
        shots("name,notes\na,\"x\"y\n")
            .1
            .contains("text follows the quote")
    );
}

#[test]
fn rows_of_wrong_length_are_reported() {
    let (list, report) = shots("name,scene\na\nb,1,\nc,1,x\n");
    assert_eq!(names(&list), ["a", "b", "c"]);
    assert_eq!(
        report,
        "shots.csv:2:1: error[production::csv::wrong_cell_count]: row 2, column name: the row has 1 cell, but there are 2 titles\n\
         shots.csv:4:5: error[production::csv::wrong_cell_count]: row 4: the row has 3 cells, but there are 2 titles\n"
    );
}

#[test]
fn columns_that_are_no_field_are_passed_over_with_a_warning() {
    let (list, report) = shots("name,Status,lenz,\na,done,85,\nb,,,stray\nc,,,more\n");
    assert_eq!(names(&list), ["a", "b", "c"]);
    assert_eq!(
        report
            .matches("warning[production::csv::unknown_column]")
            .count(),
        3,
        "{report}"
    );
    assert!(
        report.contains("column Status: a shot has no field of this name"),
        "{report}"
    );
    assert!(
        report.contains("row 3: this cell is in a column without a title"),
        "{report}"
    );
}

#[test]
fn two_columns_for_one_field_are_reported() {
    for titles in [
        "name,Shot Name",
        "name,frame_range,Frame In",
        "name,Frame In,Cut In",
    ] {
        assert!(
            shots(&format!("{titles}\na,b,c\n"))
                .1
                .contains("production::csv::duplicate_column"),
            "{titles}"
        );
    }
}

#[test]
fn a_table_without_titles_is_refused() {
    for text in [
        "",
        "\n\n# only a comment\n",
        "a1,b2\nc3,d4\n",
        "{\"json\": 1}\n",
    ] {
        assert!(
            shots(text).1.contains("production::csv::no_titles"),
            "{text:?}"
        );
    }
}

/// Reads a table whose only findings are notes and warnings about rows and columns.
fn codes(text: &str) -> (Vec<ShotDraft>, Vec<&'static str>) {
    let (list, _, found, _) = shots_with(text, &InputLimits::default());
    let codes = found.as_slice().iter().map(|found| found.code);
    (list, codes.collect())
}

mod hash_marks {
    use super::*;

    #[test]
    fn a_row_whose_name_begins_with_a_hash_is_a_shot() {
        for (text, expected) in [
            (
                "Shot,Scene,Size\n#1,1,wide\n#2,1,\n3,2,wide\n",
                vec!["#1", "#2", "3"],
            ),
            ("Shot;Notes\n#1;a\n\"#2\";b\n", vec!["#1", "#2"]),
            ("Shot\tNotes\n#intro\ta, b\n", vec!["#intro"]),
            ("Shot\n#1\n# a note\n#2b\n", vec!["#1", "#2b"]),
        ] {
            let (list, found) = codes(text);
            assert_eq!((names(&list), found), (expected, vec![]), "{text}");
        }
        let (list, found) = codes("Notes,Shot,Size\n#teaser,a,wide\nx,b,wide\n");
        assert_eq!((names(&list), found), (vec!["a", "b"], vec![]));
    }

    #[test]
    fn a_text_for_people_is_no_row() {
        let text = "# made by hand\nShot,Scene,Size\n# the pier, at dusk\n# again,,\n#\n## notes\n#todo\na,1,wide\n# the \"pier\n";
        let (list, found) = codes(text);
        assert_eq!((names(&list), found), (vec!["a"], vec![]));
    }

    #[test]
    fn a_row_that_may_have_been_meant_is_reported_with_its_number() {
        let text = "Shot,Scene,Size\n# 1,1,wide\n#2,1\n#3,,\na,1,wide\n";
        let (list, report) = shots(text);
        assert_eq!(names(&list), ["a"]);
        let is_reported = |row: u32| {
            report.contains(&format!(
                "row {row}: the row begins with `#`, so it is passed over as a comment"
            ))
        };
        assert!((2..=4).all(is_reported) && !is_reported(5), "{report}");
        assert_eq!(
            report
                .matches("warning[production::csv::not_a_shot]")
                .count(),
            3,
            "{report}"
        );
    }

    #[test]
    fn titles_may_begin_with_a_hash() {
        let (list, found) = codes("# a list\n#Shot,Scene,Size\na,1,wide\n");
        assert_eq!((names(&list), found), (vec!["a"], vec![]));
    }
}

mod other_rows {
    use super::*;

    const TITLES: &str = "Shot,Template,Scene,Duration,Notes\n";
    const SHOTS: &str = "a,wide,1,24,\nb,wide,1,24,dark\n";

    fn names_and_codes(row: &str) -> (Vec<String>, Vec<&'static str>) {
        let (list, found) = codes(&format!("{TITLES}{row}\n{SHOTS}"));
        (names(&list).into_iter().map(str::to_owned).collect(), found)
    }

    #[test]
    fn headings_sums_and_titles_are_skipped_and_reported() {
        for row in [
            "SCENE 1,,,,",
            "Scene 2: the pier,,,,",
            "EXT. PIER - NIGHT,,,,by day",
            "ACT ONE,,,,",
            "--- Day 2 ---,,,,",
            "Pier (night),,,,",
            "SQ010,,,,",
            "Scene 1,,,48,",
            "The pier at night,,,48,",
            ",,2,,",
            ",,,,the pier",
            "TOTAL,,,48,",
            "Total:,,,48,",
            "TOTAL,2,,48,",
            "TOTAL,,,,two shots",
            "Grand total,,,48,",
            "Subtotal,,,2.0 s,",
            "Σ,,,48,",
            "Summe,,,48,",
            ",,,48,",
            ",,,48,in all",
            ",TOTAL,,48,",
            "Shot,Template,Scene,Duration,Notes",
        ] {
            let (list, found) = names_and_codes(row);
            assert_eq!(list, ["a", "b"], "{row}");
            assert_eq!(found, ["production::csv::not_a_shot"], "{row}");
        }
    }

    #[test]
    fn a_name_alone_is_a_shot_and_reported() {
        let (list, found) = names_and_codes("c,,,,");
        assert_eq!(list, ["c", "a", "b"]);
        assert_eq!(found, ["production::csv::not_a_shot"]);
        let report = shots(&format!("{TITLES}c,,,,\n{SHOTS}")).1;
        assert!(
            report.contains(
                "row 2, column Shot: the row has nothing but a name; it is read as a shot"
            ),
            "{report}"
        );
    }

    #[test]
    fn a_row_with_something_of_a_shot_is_a_shot() {
        for row in [
            "c,,1,,",
            "c,,,48,",
            "insert_clock,,2,,",
            "insert_clock,,,12,",
            "total_recall,wide,1,48,",
            "Scene 1,wide,1,48,",
        ] {
            let (list, found) = names_and_codes(row);
            assert_eq!((list.len(), found), (3, vec![]), "{row}");
        }
    }

    #[test]
    fn where_no_row_has_more_a_name_is_a_shot() {
        for text in [
            "name\nScene 1\nsh010\n",
            "name,notes\nScene 1,\nsh010,dark\n",
        ] {
            let (list, found) = codes(text);
            assert_eq!(
                (names(&list), found),
                (vec!["Scene 1", "sh010"], vec![]),
                "{text}"
            );
        }
        let (list, found) = codes("template,duration\nwide,\ntwo_shot,48\n");
        assert_eq!((list.len(), found), (2, vec![]));
    }

    #[test]
    fn a_finding_after_a_heading_has_the_number_of_its_row() {
        let text = "Shot,Exposure,Size\nSCENE 1,,\na,x,wide\nTOTAL,1,\nb,1,wide\n";
        let (list, report) = shots(text);
        assert_eq!(names(&list), ["a", "b"]);
        assert!(
            report.contains("row 2: the row looks like a heading"),
            "{report}"
        );
        assert!(report.contains("row 3, column Exposure: "), "{report}");
        assert!(
            report.contains("row 4: the row looks like a sum"),
            "{report}"
        );
    }
}

mod trackers {
    use super::*;

    fn lengths(text: &str) -> Vec<(String, Option<String>)> {
        let (list, found) = codes(text);
        assert!(
            !found.iter().any(|code| code.contains("document")),
            "{text}: {found:?}"
        );
        list.iter()
            .map(|shot| {
                let name = shot.name.as_ref().map_or("", |name| &name.value);
                let length = shot.duration.as_ref().map(|length| length.value.clone());
                (name.to_owned(), length)
            })
            .collect()
    }

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, Option<String>)> {
        let pair = |(name, length): &(&str, &str)| ((*name).to_owned(), Some((*length).to_owned()));
        list.iter().map(pair).collect()
    }

    #[test]
    fn kitsu_writes_names_that_are_unique_in_a_sequence() {
        let rows = "E01,SQ01,SH010,48,,\nE01,SQ01,SH020,24,,\nE01,SQ02,SH010,36,,\n";
        let expected = pairs(&[
            ("SQ01_SH010", "48"),
            ("SQ01_SH020", "24"),
            ("SQ02_SH010", "36"),
        ]);
        for titles in [
            "Episode,Sequence,Name,Nb Frames,Frame In,Frame Out",
            "Episode,Sequence,Name,Frames,In,Out",
        ] {
            let text = format!("{titles}\n{rows}");
            assert_eq!(lengths(&text), expected);
            assert_eq!(codes(&text).1, ["production::csv::joined_names"]);
        }
    }

    #[test]
    fn an_episode_is_part_of_a_name_only_if_it_must_be() {
        let text = "Episode,Sequence,Name\nE01,SQ01,SH010\nE02,SQ01,SH010\n";
        assert_eq!(names(&shots(text).0), ["E01_SQ01_SH010", "E02_SQ01_SH010"]);
    }

    #[test]
    fn names_that_are_unique_stay() {
        for text in [
            "Sequence,Name\nSQ01,SQ01_SH010\nSQ02,SQ02_SH010\n",
            "Sequence,Name\nSQ01,SH010\nSQ02,SH020\n",
        ] {
            assert_eq!(codes(text).1, [""; 0]);
            assert!(!names(&shots(text).0)[0].contains("SQ01_SQ01"));
        }
        // Joined, a name does not get its sequence twice.
        let text = "Sequence,Name\nSQ01,SQ01_SH010\nSQ02,SH010\nSQ03,SH010\n";
        assert_eq!(
            names(&shots(text).0),
            ["SQ01_SH010", "SQ02_SH010", "SQ03_SH010"]
        );
    }

    #[test]
    fn shots_that_are_numbered_in_each_scene_are_distinguished_by_it() {
        let text = "Scene,Shot #,Size\n1,1,wide\n1,2,wide\n2,1,wide\n";
        assert_eq!(names(&shots(text).0), ["1_1", "1_2", "2_1"]);
    }

    #[test]
    fn names_that_nothing_tells_apart_stay_equal() {
        let text = "Sequence,Name\nSQ01,SH010\nSQ01,SH010\n";
        assert_eq!(names(&shots(text).0), ["SQ01_SH010", "SQ01_SH010"]);
        assert_eq!(names(&shots("Name,Size\na,wide\na,wide\n").0), ["a", "a"]);
    }

    #[test]
    fn lengths_have_many_titles() {
        for title in [
            "Duration",
            "Frames",
            "Nb Frames",
            "nb_frames",
            "Frame Count",
            "# Frames",
            "No. of Frames",
            "Number of Frames",
            "Duration (frames)",
            "Length (Frames)",
            "Length",
            "Cut Duration",
            "frameCount",
            "Shot Length",
            "Total Frames",
        ] {
            assert_eq!(
                lengths(&format!("Shot,{title}\na,48\n")),
                pairs(&[("a", "48")]),
                "{title}"
            );
        }
        for title in [
            "Duration (s)",
            "Duration (sec)",
            "Seconds",
            "Length in seconds",
            "durationSeconds",
        ] {
            let text = format!("Shot,{title}\na,2.5\nb,3s\n");
            assert_eq!(
                lengths(&text),
                pairs(&[("a", "2.5s"), ("b", "3s")]),
                "{title}"
            );
        }
        assert_eq!(lengths("Shot,Frames\na,48.0\n"), pairs(&[("a", "48")]));
    }

    #[test]
    fn frames_may_be_a_range() {
        let (list, found) = codes("Shot,Frames\na,1001-1048\nb,48\n");
        assert_eq!(found, [""; 0]);
        assert!(list[0].frame_range.is_some() && list[0].duration.is_none());
        assert!(list[1].frame_range.is_none() && list[1].duration.is_some());
    }

    #[test]
    fn the_surer_of_two_columns_is_read() {
        let text = "Shot,Frames,Duration\na,48,24\n";
        assert_eq!(lengths(text), pairs(&[("a", "24")]));
        let (_, report) = shots(text);
        assert!(
            report.contains("warning[production::csv::unknown_column]: row 1, column Frames: column `Duration` gives this already"),
            "{report}"
        );
        assert!(
            shots("Shot,Frame Out,frame_range\na,1,1-2\n")
                .1
                .contains("duplicate_column")
        );
    }

    #[test]
    fn sections_and_sums_of_trackers_are_no_shots() {
        let text = "Episode,Sequence,Name,Frames\nE01,SQ01,,\nE01,SQ01,SH010,48\n,SQ02,,\nE01,SQ02,SH020,24\nTotal,,,72\n,,,72\n";
        let (list, found) = codes(text);
        assert_eq!(names(&list), ["SH010", "SH020"]);
        assert_eq!(found, ["production::csv::not_a_shot"; 4]);
    }
}

#[test]
fn one_column_is_a_table() {
    assert_eq!(names(&shots("name\na\nb").0), ["a", "b"]);
}

mod hostile {
    use super::*;

    #[test]
    fn a_nul_is_refused_at_its_byte_with_the_likely_cause() {
        let (list, report) = shots("n\0a\0m\0e\0");
        assert!(list.is_empty());
        assert!(
            report.contains("production::csv::nul") && report.contains("byte 1"),
            "{report}"
        );
    }

    #[test]
    fn a_cell_over_the_limit_is_refused() {
        let limits = InputLimits {
            scalar_bytes: 100,
            ..InputLimits::default()
        };
        let (list, report, _, _) = shots_with(&format!("name\n{}\n", "x".repeat(101)), &limits);
        assert!(
            list.is_empty() && report.contains("production::csv::too_large"),
            "{report}"
        );
    }

    #[test]
    fn an_unclosed_quote_over_a_long_file_is_reported_as_one() {
        let limits = InputLimits {
            scalar_bytes: 100,
            ..InputLimits::default()
        };
        let (_, report, _, _) = shots_with(
            &format!("name,notes\na,\"x\n{}", "b,c\n".repeat(100)),
            &limits,
        );
        assert!(report.contains("production::csv::bad_quote"), "{report}");
    }

    #[test]
    fn more_rows_than_allowed_are_refused() {
        let limits = InputLimits {
            nodes: 1000,
            ..InputLimits::default()
        };
        let (list, report, _, _) = shots_with(&format!("name\n{}", "a\n".repeat(1000)), &limits);
        assert!(
            list.is_empty() && report.contains("more than 1000 values"),
            "{report}"
        );
    }

    #[test]
    fn mistakes_beyond_the_limit_are_only_counted() {
        let limits = InputLimits {
            problems: 10,
            ..InputLimits::default()
        };
        let (_, report, found, _) =
            shots_with(&format!("name,scene\n{}", "a\n".repeat(1000)), &limits);
        assert_eq!(found.as_slice().len(), 11);
        assert!(report.contains("990 more problems"), "{report}");
    }

    #[test]
    fn a_line_of_only_delimiters_is_one_row() {
        let (list, report) = shots(&format!("name\n{}\na\n", ",".repeat(1 << 20)));
        assert_eq!((names(&list), report.as_str()), (vec!["a"], ""));
    }

    proptest! {
        #[test]
        fn any_text_is_answered_with_places_inside_of_it(text in "[a-z,;\t\"#|\r\n é=-]{0,80}") {
            for text in [text.clone(), format!("name,scene,Frame In,cast\n{text}")] {
                let (_, _, found, sources) = shots_with(&text, &InputLimits::default());
                for diagnostic in found.as_slice() {
                    let range = diagnostic.origin.start as usize..diagnostic.origin.end as usize;
                    prop_assert!(sources.get(diagnostic.origin.file).unwrap().text.get(range).is_some());
                }
            }
        }

        #[test]
        fn any_cells_written_as_a_spreadsheet_does_are_read_back(
            cells in prop::collection::vec("[a-z\",;#\n é]{1,12}", 1..20)
        ) {
            let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
            let lines: Vec<String> = cells.iter().map(|cell| format!("s,{}", quoted(cell))).collect();
            let (list, _) = shots(&format!("name,notes\n{}", lines.join("\r\n")));
            let notes: Vec<String> =
                list.iter().map(|shot| shot.notes.as_ref().map_or(String::new(), |notes| notes.value.clone())).collect();
            let expected: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
            prop_assert_eq!(notes, expected);
        }
    }
}
