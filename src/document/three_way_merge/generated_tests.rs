//! Documents, edits and renewals as they come: no edit is lost, and nothing is there twice.

use super::document_outline::DocumentOutline;
use super::merge_documents;
use super::tests::BASE;
use proptest::prelude::*;
use std::collections::BTreeMap;

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
        if let Some(outline) = outline.ok().filter(|outline| !outline.is_flow) {
            // What was read is written again as it was, but for the end of the last line.
            let written = outline.to_text();
            prop_assert_eq!(written.trim_end(), text.trim_end());
        }
    }
}

/// A graphic, a title or a line of a film: something without a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct NamelessThing {
    shot: u8,
    kind: u8,
    /// What it says, which is its own in the base.
    words: u16,
    colour: u8,
}

/// Returns what a thing says. Most of it stays when it is changed.
fn thing_text(words: u16) -> String {
    let (version, number) = (words / 100, words % 100);
    format!("thing{number} of all things thing{number} version {version}")
}

/// Returns a thing for each shot and kind, numbered from 1.
fn nameless_things(places: &[(u8, u8)]) -> Vec<NamelessThing> {
    let numbered = places.iter().zip(1_u16..);
    let things = numbered.map(|((shot, kind), words)| NamelessThing {
        shot: *shot,
        kind: *kind,
        words,
        colour: 0,
    });
    things.collect()
}

/// Returns the number of a thing by its text.
fn thing_number(text: &str) -> u16 {
    let first = text.split(' ').next().unwrap();
    first.trim_start_matches("thing").parse().unwrap()
}

/// Returns the things that stay if a shot is removed: with it goes what is over it.
fn things_without(things: Vec<NamelessThing>, gone: Option<u8>) -> Vec<NamelessThing> {
    let mut things = things;
    things.retain(|thing| Some(thing.shot) != gone);
    things
}

/// Returns a film of shots and of things without names over them.
fn nameless_film(shots: &[u8], things: &[NamelessThing]) -> String {
    let mut text = "production:\n  shots:\n".to_owned();
    for shot in shots {
        text.push_str(&format!("    - name: s{shot}\n      duration: 100\n"));
    }
    text.push_str(if things.is_empty() {
        "  graphics: []\n"
    } else {
        "  graphics:\n"
    });
    for thing in things {
        let NamelessThing {
            shot,
            kind,
            words,
            colour,
        } = thing;
        let text_value = thing_text(*words);
        let item = format!("kind: k{kind}|shot: s{shot}|text: {text_value}|accent: c{colour}");
        if words % 2 == 0 {
            text.push_str(&format!("    - {{{}}}\n", item.replace('|', ", ")));
        } else {
            text.push_str(&format!("    - {}\n", item.replace('|', "\n      ")));
        }
    }
    text
}

/// Returns the shots and the things of a document.
fn read_film(text: &str) -> (Vec<String>, Vec<[String; 4]>) {
    let outline = DocumentOutline::from_text(text).unwrap();
    let production = &outline.entries[0].value;
    let list = |key: &str| {
        let (_, fields) = production.lines().unwrap();
        let list = fields.iter().find(|field| field.identity == key).unwrap();
        let items = list.value.lines().map(|(_, items)| items.clone());
        items.unwrap_or_default()
    };
    let shots = list("shots").into_iter().map(|shot| shot.identity.clone());
    let things = list("graphics");
    let things = things.iter().map(|thing| {
        ["shot", "kind", "text", "accent"].map(|key| {
            let meaning = thing.value.field_meaning(key).unwrap_or_default();
            meaning.trim_matches('"').to_owned()
        })
    });
    (shots.collect(), things.collect())
}

/// What happens to one thing, on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EntryHappening {
    Nothing,
    Removed,
    Coloured,
    Reworded,
}

fn happenings() -> impl Strategy<Value = Vec<EntryHappening>> {
    let one = prop_oneof![
        3 => Just(EntryHappening::Nothing),
        1 => Just(EntryHappening::Removed),
        1 => Just(EntryHappening::Coloured),
        1 => Just(EntryHappening::Reworded),
    ];
    prop::collection::vec(one, 8)
}

/// Returns the things after what happened to them. `side` makes the changes of one side its own.
fn after(things: &[NamelessThing], happenings: &[EntryHappening], side: u16) -> Vec<NamelessThing> {
    let changed = things
        .iter()
        .zip(happenings)
        .filter_map(|(thing, happening)| {
            let mut thing = *thing;
            match happening {
                EntryHappening::Nothing => {}
                EntryHappening::Removed => return None,
                EntryHappening::Coloured => thing.colour = u8::try_from(side).unwrap(),
                EntryHappening::Reworded => thing.words += side * 100,
            }
            Some(thing)
        });
    changed.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn of_things_without_names_none_is_doubled_and_no_edit_is_lost(
        places in prop::collection::vec((0_u8..3, 0_u8..2), 1..8),
        edits in happenings(),
        renewals in happenings(),
        removed_shot in prop::option::of(0_u8..3),
        gone_shot in prop::option::of(0_u8..3),
        own in prop::option::of((0_u8..3, 0_u8..2)),
    ) {
        let things = nameless_things(&places);
        let shots_without = |gone: Option<u8>| -> Vec<u8> {
            (0..3).filter(|shot| Some(*shot) != gone).collect()
        };
        let mut edited = things_without(after(&things, &edits, 1), removed_shot);
        if let Some((shot, kind)) = own.filter(|(shot, _)| Some(*shot) != removed_shot) {
            edited.insert(0, NamelessThing { shot, kind, words: 999, colour: 9 });
        }
        let mut renewed = things_without(after(&things, &renewals, 2), gone_shot);
        // A new thing of the words, of a kind of its own.
        renewed.push(NamelessThing { shot: 1, kind: 5, words: 777, colour: 7 });
        let renewed = things_without(renewed, gone_shot);
        let base_text = nameless_film(&[0, 1, 2], &things);
        let edited_text = nameless_film(&shots_without(removed_shot), &edited);
        let renewed_text = nameless_film(&shots_without(gone_shot), &renewed);
        let result = merge_documents(&base_text, &edited_text, &renewed_text).unwrap();
        let (shots, merged) = read_film(&result.text);
        // What is over a shot has its shot.
        for thing in &merged {
            prop_assert!(shots.contains(&thing[0]), "{thing:?} in {}", result.text);
        }
        // Nothing is doubled: each thing of the base is there once at most, with its old text or
        // another.
        let mut numbers: Vec<u16> = merged.iter().map(|thing| thing_number(&thing[2])).collect();
        numbers.sort_unstable();
        let count = numbers.len();
        numbers.dedup();
        prop_assert_eq!(numbers.len(), count, "{}", result.text);
        // Every edit is there: a colour and words of the person's, and what the person added.
        for thing in &edited {
            let [colour, words] = [format!("c{}", thing.colour), thing_text(thing.words)];
            if thing.colour == 1 {
                let found = merged.iter().any(|one| one[3] == colour && thing_number(&one[2]) == thing.words % 100);
                prop_assert!(found, "{thing:?} in {}", result.text);
            }
            if thing.words > 100 {
                prop_assert!(merged.iter().any(|one| one[2] == words), "{thing:?} in {}", result.text);
            }
        }
        // What the person removed is not there, and a change of it by the words is a conflict.
        for (thing, edit) in things.iter().zip(&edits) {
            let is_removed = *edit == EntryHappening::Removed || Some(thing.shot) == removed_shot;
            if is_removed {
                prop_assert!(!numbers.contains(&thing.words), "{thing:?} in {}", result.text);
            }
        }
        // Without edits, the result is what the words say.
        let untouched = merge_documents(&base_text, &base_text, &renewed_text).unwrap();
        prop_assert!(untouched.conflicts.is_empty());
        prop_assert_eq!(read_film(&untouched.text), read_film(&renewed_text));
    }
}
