//! Facts about tables: what spreadsheets and tracking tools write is read as it was meant.

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
            shot.scene.unwrap().value,
            shot.lens.as_ref().unwrap().value.as_str()
        ),
        (2, "35")
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
fn a_mistake_is_reported_with_row_column_and_cell_span() {
    let text = "Shot,Scene,Size\n# note\na,1,wide\nb,\"é\",\"clse_up\"\n";
    let (_, report) = shots(text);
    assert_eq!(
        report,
        "shots.csv:4:4: error[production::document::wrong_type]: row 4, column Scene: `scene` must be a whole number, 0 or more\n\
         shots.csv:4:8: error[production::document::unknown_variant]: row 4, column Size: `size` cannot be `clse_up`\n"
    );
    assert_eq!(underlined(text), ["é", "clse_up"]);
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts_them() {
    let text = "name,scene,notes\n\na,1,\"two\nlines\"\nb,x,\n";
    let (_, report) = shots(text);
    assert!(
        report.starts_with("shots.csv:5:3: ") && report.contains("row 4, column scene: "),
        "{report}"
    );
}

#[test]
fn pointers_lead_to_the_value() {
    let (_, _, found, _) = shots_with("name,scene\na,1\nb,x\n", &InputLimits::default());
    assert_eq!(found.as_slice()[0].path, "/production/shots/1/scene");
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
