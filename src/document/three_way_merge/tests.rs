//! What is changed, what stays, and what is reported.

use super::document_outline::DocumentOutline;
use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

const BASE: &str = "\
# Made from bees.md.
production:
  title: Bees
  created: 2026-11-30

  # The look.
  style: documentary
  shots:
    # 1. The hook (0:00 to 0:06)
    - name: hook
      duration: 180 # 6.00 s
      move: {kind: dolly_in, amount: 0.15}
      lines:
        - {who: NARRATOR, text: \"Every third bite, a bee.\"}
    # 2. The numbers
    - name: numbers
      duration: 240
  outputs:
    - {name: film, path: film.mp4}
";

fn merged(edited: &str, renewed: &str) -> MergedDocument {
    merge_documents(BASE, edited, renewed).unwrap()
}

#[test]
fn an_outline_is_written_as_it_was_read() {
    let folders = ["examples", "templates", "configs"];
    let mut count = 0;
    for folder in folders {
        for file in yaml_files(std::path::Path::new(folder)) {
            let text = std::fs::read_to_string(&file).unwrap();
            let Some(outline) = DocumentOutline::from_text(&text) else {
                continue;
            };
            if outline.is_flow {
                continue;
            }
            count += 1;
            assert_eq!(outline.to_text(), text, "{}", file.display());
        }
    }
    assert!(count > 20, "{count}");
}

fn yaml_files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(yaml_files(&path));
        } else if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            files.push(path);
        }
    }
    files
}

#[test]
fn what_nobody_changed_stays_byte_for_byte() {
    let edited = BASE
        .replace("# The look.", "# My look.")
        .replace("180", "200");
    assert_eq!(merged(&edited, BASE).text, edited);
    let both = merged(&edited, &edited);
    assert_eq!(both.text, edited);
    assert!(both.changes.is_empty() && both.conflicts.is_empty());
}

#[test]
fn a_change_is_taken_over_without_edits() {
    let renewed = BASE.replace("180 # 6.00 s", "150 # 5.00 s");
    let result = merged(BASE, &renewed);
    assert_eq!(result.text, renewed);
    assert_eq!(
        result.changes,
        [MergedChange {
            path: "production.shots.hook.duration".to_owned(),
            before: Some("180".to_owned()),
            after: Some("150".to_owned()),
        }]
    );
}

#[test]
fn edits_beside_a_change_survive() {
    let edited = BASE
        .replace("  title: Bees", "  title: Bees # ours\n  author: Mara")
        .replace("amount: 0.15", "amount: 0.4");
    let renewed = BASE
        .replace("kind: dolly_in", "kind: pan")
        .replace("a bee.", "because of a bee.");
    let result = merged(&edited, &renewed);
    assert!(result.conflicts.is_empty(), "{result:?}");
    assert_eq!(
        result.text,
        edited
            .replace("kind: dolly_in", "kind: pan")
            .replace("a bee.", "because of a bee.")
    );
}

#[test]
fn a_value_that_both_changed_stays_as_edited_and_is_told() {
    let base = BASE.replace("duration: 240", "duration: 240 # 8.00 s");
    let edited = base.replace("duration: 240", "duration: 300");
    let renewed = base.replace("duration: 240 # 8.00 s", "duration: 120 # 4.00 s");
    let result = merge_documents(&base, &edited, &renewed).unwrap();
    assert_eq!(result.text, edited);
    assert_eq!(
        result.conflicts,
        [MergeConflict {
            path: "production.shots.numbers.duration".to_owned(),
            edited: Some("300".to_owned()),
            renewed: Some("120".to_owned()),
            is_in_brackets: false,
        }]
    );
}

#[test]
fn entries_come_and_go_in_the_order_of_the_renewed_document() {
    let edited = BASE.replace(
        "  outputs:",
        "    - name: mine\n      duration: 50\n  outputs:",
    );
    let renewed = BASE.replace(
        "    # 2. The numbers\n    - name: numbers\n      duration: 240\n",
        "    # 2. The hive\n    - name: hive\n      duration: 90\n",
    );
    let result = merged(&edited, &renewed);
    assert!(result.conflicts.is_empty(), "{result:?}");
    let text = result.text;
    let places: Vec<usize> = ["name: hook", "# 2. The hive", "name: hive", "name: mine"]
        .iter()
        .map(|part| text.find(part).unwrap())
        .collect();
    assert!(places.is_sorted(), "{text}");
    assert!(!text.contains("numbers"), "{text}");
}

#[test]
fn a_removed_entry_that_was_edited_stays() {
    let edited = BASE.replace(
        "    - name: numbers",
        "    - name: numbers # with the chart",
    );
    let renewed = BASE.replace(
        "    # 2. The numbers\n    - name: numbers\n      duration: 240\n",
        "",
    );
    let result = merged(&edited, &renewed);
    assert_eq!(result.text, edited);
    assert_eq!(result.conflicts[0].renewed, None);
}

#[test]
fn a_removal_of_the_user_stays_a_removal() {
    let edited = BASE.replace("      move: {kind: dolly_in, amount: 0.15}\n", "");
    let renewed = BASE.replace("title: Bees", "title: More bees");
    let result = merged(&edited, &renewed);
    assert_eq!(
        result.text,
        edited.replace("title: Bees", "title: More bees")
    );
}

#[test]
fn another_indentation_and_other_line_ends_are_kept() {
    let edited = BASE
        .replace("      duration: 240", "      duration: 240\r")
        .replace('\r', "")
        .replace('\n', "\r\n");
    let renewed = BASE.replace("180 # 6.00 s", "150 # 5.00 s");
    let result = merged(&edited, &renewed);
    assert_eq!(result.text, renewed.replace('\n', "\r\n"));
    // Four blanks for each level, and the items of a list under its key.
    let edited =
        "production:\n    title: Bees\n    shots:\n    -   name: hook\n        duration: 180\n";
    let base = "production:\n  title: Bees\n  shots:\n    - name: hook\n      duration: 180\n";
    let renewed = format!(
        "{base}      lines:\n        - {{who: A, text: b}}\n    - name: next\n      duration: 2\n"
    );
    let result = merge_documents(base, edited, &renewed).unwrap();
    assert_eq!(
        result.text,
        format!(
            "{edited}        lines:\n          - {{who: A, text: b}}\n    - name: next\n      duration: 2\n"
        )
    );
}

#[test]
fn the_text_that_is_no_yaml_is_named() {
    assert_eq!(
        merge_documents(BASE, "a: [", BASE).unwrap_err(),
        MergeSide::Edited
    );
    assert_eq!(
        merge_documents("", BASE, BASE).unwrap_err(),
        MergeSide::Base
    );
    let twice = format!("{BASE}  title: Again\n");
    assert_eq!(
        merge_documents(BASE, &twice, BASE).unwrap_err(),
        MergeSide::Edited
    );
}

/// What a list of items without names becomes.
fn merged_list(base: &str, edited: &str, renewed: &str) -> MergedDocument {
    let list = |items: &str| {
        let items: Vec<String> = items.lines().map(|item| format!("  - {item}\n")).collect();
        format!("rows:\n{}", items.concat())
    };
    let merged = merge_documents(&list(base), &list(edited), &list(renewed)).unwrap();
    let lines = merged.text.lines().skip(1);
    let items = lines.map(|line| line.trim_start_matches([' ', '-']).to_owned());
    MergedDocument {
        text: items.collect::<Vec<_>>().join("\n"),
        ..merged
    }
}

#[test]
fn nothing_is_written_into_an_item_that_somebody_added() {
    // A row of one's own above the first.
    let base = "{label: '2007', value: 32}\n{label: '2012', value: 22}";
    let own = format!("{{label: '2005', value: 32}}\n{base}");
    let result = merged_list(base, &own, &base.replace("32", "33"));
    assert_eq!(
        result.text,
        "{label: '2005', value: 32}\n{label: 2007, value: 33}\n{label: '2012', value: 22}"
            .replace("label: 2007", "label: '2007'")
    );
    // A chart of one's own above the generated one.
    let base = "{kind: line, shot: a, title: Ours, at: 3}";
    let own = format!("{{kind: line, shot: a, title: Mine, at: 3}}\n{base}");
    let result = merged_list(base, &own, &base.replace("at: 3", "at: 5"));
    assert!(
        result.text.contains("title: Mine, at: 3}"),
        "{}",
        result.text
    );
    assert!(
        result.text.contains("title: Ours, at: 5}"),
        "{}",
        result.text
    );
    assert!(
        !result.text.contains("title: Ours, at: 3}"),
        "{}",
        result.text
    );
}

#[test]
fn an_item_that_nobody_touched_stays_when_others_go() {
    let base = "{who: N, text: Alpha}\n{who: N, text: Beta}\n{who: N, text: Gamma}";
    let edited = base.replace("Beta", "My beta");
    let renewed = "{who: N, text: Beta}\n{who: N, text: Gamma}";
    let result = merged_list(base, &edited, renewed);
    assert_eq!(
        result.text,
        "{who: N, text: My beta}\n{who: N, text: Gamma}"
    );
    // A line that somebody removed stays away, and a change of the next one arrives.
    let base = "{who: N, text: Alpha}\n{who: N, text: Beta}";
    let result = merged_list(base, "{who: N, text: Beta}", &base.replace("Beta", "Delta"));
    assert_eq!(result.text, "{who: N, text: Delta}");
}

#[test]
fn comments_stay_where_the_form_of_a_value_changes() {
    let base = "titles:\n  - {text: A, for: 180}\nmusic: calm\n";
    let edited = "titles:\n  - text: A # a\n    # b\n    for: 180 # c\nmusic: calm # mine\n";
    let renewed = "titles:\n  - {text: A, for: 150}\nmusic:\n  - {mood: calm}\n  - {mood: epic}\n";
    let result = merge_documents(base, edited, renewed).unwrap();
    assert_eq!(
        result.text,
        "titles:\n  - text: A # a\n    # b\n    for: 150 # c\nmusic: # mine\n  - {mood: calm}\n  - {mood: epic}\n"
    );
}

const IN_BRACKETS: &str = "\
# Mine.
production: {title: Bees, created: 2026-11-30, style: noir,
  shots: [
    {name: hook, duration: 180, move: {kind: dolly_in, amount: 0.4},
     lines: [{who: NARRATOR, text: \"Every third bite, a bee.\"}]},
    {name: numbers, duration: 240}],
  outputs: [{name: film, path: film.mp4}]}
";

#[test]
fn a_map_in_brackets_is_merged_field_by_field() {
    // Nothing of it changes, so it stays as it is written.
    assert_eq!(merged(IN_BRACKETS, BASE).text, IN_BRACKETS);
    let renewed = BASE
        .replace("duration: 240", "duration: 200")
        .replace("a bee.", "because of a bee.");
    let result = merged(IN_BRACKETS, &renewed);
    assert!(result.conflicts.is_empty(), "{result:?}");
    let changed: Vec<&str> = result
        .changes
        .iter()
        .map(|change| change.path.as_str())
        .collect();
    assert_eq!(changed.len(), 2, "{changed:?}");
    let wanted = "\
# Mine.
production:
  title: Bees
  created: 2026-11-30
  style: noir
  shots:
    - name: hook
      duration: 180
      move:
        kind: dolly_in
        amount: 0.4
      lines:
        - who: NARRATOR
          text: \"Every third bite, because of a bee.\"
    - name: numbers
      duration: 200
  outputs:
    - name: film
      path: film.mp4
";
    assert_eq!(result.text, wanted);
    // An entry that is gone and one that is new.
    let renewed = BASE.replace(
        "    - name: numbers\n      duration: 240",
        "    - name: hive",
    );
    let result = merged(IN_BRACKETS, &renewed);
    assert!(result.conflicts.is_empty(), "{result:?}");
    assert!(!result.text.contains("name: numbers") && result.text.contains("- name: hive\n"));
}

#[test]
fn a_document_of_json_is_merged_field_by_field() {
    let base = "production:\n  title: Bees\n  shots:\n    - name: a\n      duration: 5\n";
    let json = "{\"production\": {\"title\": \"My bees\", \"shots\": [{\"name\": \"a\", \"duration\": 5}], \"tags\": []}}\n";
    assert_eq!(merge_documents(base, json, base).unwrap().text, json);
    let renewed = base.replace("duration: 5", "duration: 7");
    assert_eq!(
        merge_documents(base, json, &renewed).unwrap().text,
        "\"production\":\n  \"title\": \"My bees\"\n  \"shots\":\n    - \"name\": \"a\"\n      \"duration\": 7\n  \"tags\": []\n"
    );
}

#[test]
fn what_would_lose_a_comment_is_not_written_anew_and_is_told() {
    let edited = IN_BRACKETS.replace("duration: 240}", "duration: 240} # long\n ");
    let renewed = BASE.replace("180 # 6.00 s", "150 # 5.00 s");
    let result = merged(&edited, &renewed);
    assert_eq!(result.text, edited);
    let [conflict] = result.conflicts.as_slice() else {
        panic!("{result:?}")
    };
    assert!(
        conflict.is_in_brackets && conflict.path == "production",
        "{conflict:?}"
    );
    let all = format!(
        "{{ # mine\n  {}}}\n",
        IN_BRACKETS.lines().skip(1).collect::<Vec<_>>().join("\n")
    );
    assert_eq!(
        merge_documents(BASE, &all, &renewed),
        Err(MergeSide::Edited)
    );
}

/// Returns a document of shots, each with three fields of these values.
fn film(values: &BTreeMap<(usize, usize), u8>, order: &[usize]) -> String {
    let mut text = "production:\n  shots:\n".to_owned();
    for shot in order {
        text.push_str(&format!("    # Shot {shot}.\n    - name: s{shot}\n"));
        for field in 0..3 {
            if let Some(value) = values.get(&(*shot, field)) {
                text.push_str(&format!("      field_{field}: {value}\n"));
            }
        }
    }
    text
}

proptest! {
    #[test]
    fn every_field_is_that_of_the_side_that_changed_it(
        edits in prop::collection::btree_map((0_usize..5, 0_usize..3), 100_u8..150, 0..8),
        renewals in prop::collection::btree_map((0_usize..5, 0_usize..3), 200_u8..250, 0..8),
        added in 5_usize..8,
    ) {
        let order: Vec<usize> = (0..5).collect();
        let base: BTreeMap<(usize, usize), u8> =
            (0..5).flat_map(|shot| (0..3).map(move |field| ((shot, field), 1))).collect();
        let with = |changes: &BTreeMap<(usize, usize), u8>| {
            let mut values = base.clone();
            values.extend(changes);
            values
        };
        let longer: Vec<usize> = (0..added).collect();
        let result = merge_documents(
            &film(&base, &order),
            &film(&with(&edits), &order),
            &film(&with(&renewals), &longer),
        )
        .unwrap();
        let mut wanted = with(&renewals);
        wanted.extend(&edits);
        prop_assert_eq!(&result.text, &film(&wanted, &longer));
        let both = edits.keys().filter(|key| renewals.contains_key(key)).count();
        prop_assert_eq!(result.conflicts.len(), both);
    }

    #[test]
    fn nothing_that_is_typed_makes_it_panic(text in "[a-c:{}\\[\\]\\- #\n&*|>\"']{0,60}") {
        let _ = merge_documents(BASE, &text, BASE);
        let _ = merge_documents(&text, BASE, &text);
        let outline = DocumentOutline::from_text(&text);
        if let Some(outline) = outline.filter(|outline| !outline.is_flow) {
            // What was read is written again as it was, but for the end of the last line.
            let written = outline.to_text();
            prop_assert_eq!(written.trim_end(), text.trim_end());
        }
    }
}
