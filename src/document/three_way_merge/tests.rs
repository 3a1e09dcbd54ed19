//! What is changed, what stays, and what is reported.

use super::document_outline::DocumentOutline;
use super::*;

pub(super) const BASE: &str = "\
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
            let Ok(outline) = DocumentOutline::from_text(&text) else {
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
fn a_value_that_both_changed_stays_as_edited_and_is_a_conflict() {
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
            cause: ConflictCause::BothChanged,
            renamed_to: None,
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
    let edited = BASE.replace("duration: 240", "duration: 250");
    let renewed = BASE.replace(
        "    # 2. The numbers\n    - name: numbers\n      duration: 240\n",
        "",
    );
    let result = merged(&edited, &renewed);
    assert_eq!(result.text, edited);
    assert_eq!(result.conflicts[0].renewed, None);
}

#[test]
fn a_renamed_entry_is_reported_as_renamed_and_a_removed_one_as_gone() {
    let renewed = BASE
        .replace("duration: 180 # 6.00 s", "duration: 90")
        .replace(
            "  outputs:",
            "  titles:\n    - {shot: hook, text: One in three}\n  outputs:",
        );
    let renamed = merged(&BASE.replace("name: hook", "name: opening"), &renewed);
    let conflicts: Vec<(&str, Option<&str>)> = renamed
        .conflicts
        .iter()
        .map(|conflict| (conflict.path.as_str(), conflict.renamed_to.as_deref()))
        .collect();
    assert_eq!(conflicts.len(), 2, "{renamed:?}");
    assert!(
        conflicts.iter().all(|(_, new)| *new == Some("opening")),
        "{conflicts:?}"
    );
    // Another shot in its place is no new name for it.
    let start = BASE.find("    - name: hook").unwrap();
    let end = BASE.find("    # 2. The numbers").unwrap();
    let other = "    - name: sunrise\n      template: wide\n      location: hill\n";
    let replaced = merged(&BASE.replace(&BASE[start..end], other), &renewed);
    assert!(!replaced.conflicts.is_empty(), "{replaced:?}");
    let conflicts = &replaced.conflicts;
    assert!(
        conflicts
            .iter()
            .all(|conflict| conflict.renamed_to.is_none()),
        "{conflicts:?}"
    );
}

const SCENES: &str = "production:
  shots:
    - name: hook
      duration: 90
      location: studio
      move: {kind: dolly_in, amount: 0.15}
      scene: 1
    - name: numbers
      duration: 240
      location: studio
      move: {kind: pan, amount: 0.4}
      scene: 2
    - name: end
      duration: 60
      location: studio
      move: {kind: orbit, amount: 0.2}
      scene: 3
  graphics:
    - {kind: kpi, shot: numbers, value: 42, label: of all hives}
    - {kind: list, shot: end, points: [Plant, Water]}
";

/// Returns the scenes without the second.
fn without_numbers(text: &str) -> String {
    let start = text.find("    - name: numbers").unwrap();
    let end = text.find("    - name: end").unwrap();
    let text = text.replace(&text[start..end], "");
    text.replace(
        "    - {kind: kpi, shot: numbers, value: 42, label: of all hives}\n",
        "",
    )
    .replace("scene: 3", "scene: 2")
}

fn merged_scenes(edited: &str, renewed: &str) -> MergedDocument {
    merge_documents(SCENES, edited, renewed).unwrap()
}

#[test]
fn what_a_person_removed_stays_removed_though_its_shot_and_its_number_change() {
    let kpi = "    - {kind: kpi, shot: numbers, value: 42, label: of all hives}\n";
    let edited = SCENES.replace(kpi, "");
    let renewed = SCENES
        .replace("name: numbers", "name: the_losses")
        .replace("shot: numbers, value: 42", "shot: the_losses, value: 38");
    let result = merged_scenes(&edited, &renewed);
    assert!(!result.text.contains("kpi"), "{}", result.text);
    assert!(result.text.contains("the_losses"), "{}", result.text);
    assert_eq!(result.conflicts.len(), 1, "{result:?}");
    assert_eq!(result.conflicts[0].edited, None);
    // Where nothing was removed, it goes with its shot.
    assert_eq!(merged_scenes(SCENES, &renewed).text, renewed);
}

#[test]
fn an_entry_that_was_only_renamed_goes_with_its_scene() {
    let edited = SCENES.replace("numbers", "the_losses");
    let renewed = without_numbers(SCENES);
    let result = merged_scenes(&edited, &renewed);
    assert_eq!(result.text, renewed, "{result:?}");
    assert!(result.conflicts.is_empty(), "{result:?}");
    // With another edit it stays, and so does what it names.
    let longer = edited.replace("duration: 240", "duration: 250");
    let kept = merged_scenes(&longer, &renewed);
    assert!(kept.text.contains("name: the_losses"), "{}", kept.text);
    assert!(!kept.conflicts.is_empty(), "{kept:?}");
}

#[test]
fn comments_alone_keep_nothing_and_survive() {
    let edited = BASE
        .replace(
            "    - name: numbers",
            "    - name: numbers # with the chart",
        )
        .replace(
            "{kind: dolly_in, amount: 0.15}",
            "{kind: dolly_in, amount: 0.15} # slow",
        );
    let renewed = BASE
        .replace(
            "    # 2. The numbers\n    - name: numbers\n      duration: 240\n",
            "",
        )
        .replace("      move: {kind: dolly_in, amount: 0.15}\n", "");
    let result = merged(&edited, &renewed);
    assert!(result.conflicts.is_empty(), "{result:?}");
    assert_eq!(
        result.text,
        renewed
            .replace("      lines:", "      # slow\n      lines:")
            .replace(
                "    # 1. The hook",
                "    # with the chart\n    # 1. The hook"
            )
    );
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
fn nothing_changes_if_nothing_changed_with_any_line_ends() {
    let half = BASE.find("  shots:").unwrap();
    let mixed = BASE[..half].replace('\n', "\r\n") + &BASE[half..];
    let edits = [
        mixed.clone(),
        BASE.trim_end().to_owned(),
        format!("{BASE}\n\n"),
        mixed
            .replace("duration: 240", "duration: 250")
            .trim_end()
            .to_owned(),
    ];
    for edited in edits {
        let result = merged(&edited, BASE);
        assert_eq!(result.text, edited);
        assert!(result.changes.is_empty() && result.conflicts.is_empty());
        // A person made the same change before.
        let renewed = BASE.replace("duration: 180", "duration: 170");
        let own = edited.replace("duration: 180", "duration: 170");
        assert_eq!(merged(&own, &renewed).text, own);
    }
}

#[test]
fn an_entry_that_comes_back_is_the_one_that_a_person_left_there() {
    let with = |graphics: &str| BASE.replace("  outputs:\n", &format!("{graphics}  outputs:\n"));
    let list = |title: &str| {
        format!(
            "  graphics:\n    - kind: list\n      shot: hook\n      title: {title}\n      points:\n        - Oil\n        - Wicks\n"
        )
    };
    // The words lost it, a person had changed its title, and the words have it again.
    let (edited, renewed) = (with(&list("Mine")), with(&list("Theirs")));
    let result = merged(&edited, &renewed);
    assert_eq!(result.text, edited);
    let paths: Vec<&str> = result
        .conflicts
        .iter()
        .map(|one| one.path.as_str())
        .collect();
    assert_eq!(paths, ["production.graphics.hook/list.title"]);
    // Another list of the same shot is another entry.
    let other = with(&list("Theirs"))
        .replace("Oil", "Salt")
        .replace("Wicks", "Bread");
    assert_eq!(
        merged(&edited, &other).text.matches("kind: list").count(),
        2
    );
}

#[test]
fn another_indentation_and_other_line_ends_stay() {
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
    let fault = |base: &str, edited: &str| {
        let error = merge_documents(base, edited, BASE).unwrap_err();
        (error.side, error.fault.line, error.fault.why)
    };
    let (side, line, _) = fault(BASE, "b: 1\na: [");
    assert_eq!((side, line), (MergeSide::Edited, 2));
    assert_eq!(fault("", BASE).0, MergeSide::Base);
    let (side, line, why) = fault(BASE, &format!("{BASE}  title: Again\n"));
    assert_eq!((side, line), (MergeSide::Edited, BASE.lines().count() + 1));
    assert!(why.contains("title"), "{why}");
    let (_, line, why) = fault(BASE, "a: 1\n&b b: 2\n");
    assert_eq!((line, why.contains("anchor")), (2, true), "{why}");
    let (_, line, why) = fault(BASE, "# A list.\n- a\n");
    assert_eq!((line, why.as_str()), (2, "it is no map of fields"));
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
fn comments_in_brackets_survive_a_change() {
    let edited = BASE.replace(
        "        - {who: NARRATOR, text: \"Every third bite, a bee.\"}\n",
        "        - { # keep: approved by Anna\n            who: NARRATOR, # low voice\n            # The third draft.\n            text: \"Every third bite, a bee.\" # 3rd\n            # The end.\n          } # mine\n",
    );
    assert_eq!(merged(&edited, BASE).text, edited);
    let renewed = BASE.replace("a bee.", "because of a bee.");
    let result = merged(&edited, &renewed);
    assert!(result.conflicts.is_empty(), "{result:?}");
    let lines = "        - # mine\n          # keep: approved by Anna\n          who: NARRATOR # low voice\n          # The third draft.\n          # The end.\n          text: \"Every third bite, because of a bee.\" # 3rd\n";
    assert!(result.text.contains(lines), "{}", result.text);
    // A whole document in brackets, with comments and a text of two lines.
    let edited = IN_BRACKETS
        .replace("duration: 240}", "duration: 240} # long\n ")
        .replace("third bite, a", "third bite,\n   a");
    let renewed = BASE.replace("180 # 6.00 s", "150 # 5.00 s");
    let result = merged(&edited, &renewed);
    assert!(result.conflicts.is_empty(), "{result:?}");
    assert!(result.text.contains("# long\n"), "{}", result.text);
    assert!(result.text.contains("duration: 150"), "{}", result.text);
    assert!(result.text.contains("\"Every third bite, a bee.\""));
}

#[test]
fn blanks_quotes_comments_and_anchors_are_no_edits() {
    let edited = BASE
        .replace('\n', "  \n")
        .replace("title: Bees", "title: \"Bees\"")
        .replace("    - name: numbers", "    - &n\n      name: 'numbers'")
        .replace("{who: NARRATOR, ", "&line {who: NARRATOR, ");
    // What the words have no more goes.
    let shorter = BASE.replace(
        "    # 2. The numbers\n    - name: numbers\n      duration: 240\n",
        "",
    );
    let result = merged(&edited, &shorter);
    assert!(result.conflicts.is_empty(), "{result:?}");
    assert!(!result.text.contains("numbers"), "{}", result.text);
    // What they change is changed behind its anchor.
    let renewed = BASE
        .replace("title: Bees", "title: More bees")
        .replace("a bee.", "because of a bee.");
    let result = merged(&edited, &renewed);
    assert!(result.conflicts.is_empty(), "{result:?}");
    assert_eq!(result.changes.len(), 2, "{result:?}");
    assert!(
        result
            .text
            .contains("- &line {who: NARRATOR, text: \"Every third bite, because of a bee.\"}"),
        "{}",
        result.text
    );
}

#[test]
fn an_alias_means_what_it_stands_for_and_keeps_its_anchor() {
    let base = "a: {x: 1}\nb: {x: 1}\nshots:\n  - name: c\n    move: {x: 1}\n";
    let edited = base
        .replace("    move: {x: 1}", "    move: &m {x: 1}")
        .replace("a: {x: 1}", "a: &a {x: 1}")
        .replace("b: {x: 1}", "b: *a")
        + "mine: *m\n";
    let both = base.replace("a: {x: 1}\nb: {x: 1}", "a: {x: 2}\nb: {x: 2}");
    let result = merge_documents(base, &edited, &both).unwrap();
    assert!(result.conflicts.is_empty(), "{result:?}");
    assert!(
        result.text.starts_with("a: &a {x: 2}\nb: {x: 2}\n"),
        "{}",
        result.text
    );
    // What an alias needs stays, and is a conflict.
    let result = merge_documents(base, &edited, "a: {x: 1}\nb: {x: 1}\nshots: []\n").unwrap();
    assert!(
        DocumentOutline::from_text(&result.text).is_ok(),
        "{}",
        result.text
    );
    assert_eq!(result.conflicts.len(), 1, "{result:?}");
}

#[test]
fn line_ends_of_old_macs_stay() {
    let edited = BASE.replace('\n', "\r");
    let renewed = BASE.replace("180 # 6.00 s", "150 # 5.00 s");
    assert_eq!(merged(&edited, &renewed).text, renewed.replace('\n', "\r"));
}
