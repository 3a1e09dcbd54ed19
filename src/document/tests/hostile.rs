//! Hostile input: every case ends with a diagnostic and a bounded amount of work.

use super::film::{SampleFilm, read_with};
use crate::base::{Diagnostics, SourceMap};
use crate::document::{InputLimits, OrderedMap, UntypedValue, VariableOverrides, load_document};
use std::fmt::Write;

/// Reads an open value: the widest target, so that everything in the file is visited.
fn codes(text: &str) -> Vec<&'static str> {
    codes_of(&read_with::<UntypedValue>(text, &InputLimits::default()).1)
}

fn codes_of(found: &Diagnostics) -> Vec<&'static str> {
    let mut codes: Vec<_> = found
        .as_slice()
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect();
    codes.dedup();
    codes
}

fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, at| {
        let _ = writeln!(text, "{}", line(at));
        text
    })
}

#[test]
fn an_alias_bomb_stops_at_the_visit_limit() {
    let level = |at: usize| match at {
        0 => "a0: &a0 [x, x, x, x, x, x, x, x, x]".to_owned(),
        at => format!(
            "a{at}: &a{at} [{}]",
            vec![format!("*a{}", at - 1); 9].join(", ")
        ),
    };
    assert_eq!(
        codes(&lines(9, level)),
        ["production::yaml::too_many_values"]
    );
}

#[test]
fn a_long_text_behind_many_aliases_stops_at_the_visit_limit() {
    let uses = |count: usize, length: usize| {
        let text = format!("a: &a {}\nb:\n", "x".repeat(length));
        text + &lines(count, |_| "  - *a".to_owned())
    };
    assert_eq!(
        codes(&uses(10_000, 100_000)),
        ["production::yaml::too_many_values"]
    );
    assert_eq!(codes(&uses(10_000, 100)), [""; 0]);
    assert_eq!(codes(&uses(10, 100_000)), [""; 0]);
}

#[test]
fn a_merge_bomb_stops_at_the_visit_limit() {
    let level = |at: usize| match at {
        0 => format!(
            "a0: &a0 {{{}}}",
            (0..9)
                .map(|key| format!("k{key}: 1"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        at => format!(
            "a{at}: &a{at} {{<<: [{}]}}",
            vec![format!("*a{}", at - 1); 9].join(", ")
        ),
    };
    assert_eq!(
        codes(&lines(9, level)),
        ["production::yaml::too_many_values"]
    );
}

#[test]
fn an_alias_chain_stops_at_the_depth_counted_through_aliases() {
    let link = |at: usize| match at {
        0 => "- &a0 [x]".to_owned(),
        at => format!("- &a{at} [*a{}]", at - 1),
    };
    assert_eq!(codes(&lines(20_000, link)), ["production::yaml::too_deep"]);
}

#[test]
fn a_merge_chain_stops_at_the_depth_counted_through_aliases() {
    let link = |at: usize| match at {
        0 => "- &a0 {x: 1}".to_owned(),
        at => format!("- &a{at} {{<<: *a{}}}", at - 1),
    };
    assert_eq!(codes(&lines(20_000, link)), ["production::yaml::too_deep"]);
}

#[test]
fn ten_thousand_levels_are_refused_in_every_style() {
    let block = lines(10_000, |at| format!("{}a:", " ".repeat(at)));
    for text in [
        "[".repeat(10_000),
        "{a: ".repeat(10_000),
        block,
        "- ".repeat(10_000),
        "? ".repeat(5_000),
    ] {
        assert_eq!(
            codes(&text),
            ["production::yaml::too_deep"],
            "{}",
            &text[..10]
        );
    }
}

#[test]
fn a_cycle_is_an_error_at_the_alias() {
    let (_, found, sources) = read_with::<UntypedValue>("&a {b: *a}", &InputLimits::default());
    assert_eq!(codes_of(&found), ["production::yaml::cycle"]);
    assert_eq!(sources.span_text(found.as_slice()[0].origin), "*a");
}

#[test]
fn every_undefined_alias_is_reported() {
    let (_, found, _) = read_with::<UntypedValue>("[*a, *b, {c: *d}]", &InputLimits::default());
    assert_eq!(found.as_slice().len(), 3);
}

#[test]
fn a_nul_is_refused_at_its_byte() {
    let (value, found, _) = read_with::<SampleFilm>("title: é\0x", &InputLimits::default());
    assert!(value.is_none());
    assert_eq!(found.as_slice()[0].message, "NUL character at byte 9");
}

#[test]
fn a_second_document_is_an_error_and_the_first_is_read() {
    let (film, found, _) =
        read_with::<SampleFilm>("title: one\n---\ntitle: two\n", &InputLimits::default());
    assert_eq!(codes_of(&found), ["production::yaml::second_document"]);
    assert_eq!(
        film.and_then(|film| film.title)
            .map(|title| title.value)
            .as_deref(),
        Some("one")
    );
}

#[test]
fn a_duplicate_key_is_an_error_that_shows_both_places() {
    let (_, found, sources) = read_with::<SampleFilm>(
        "title: one\nversion: a\ntitle: two\n",
        &InputLimits::default(),
    );
    assert_eq!(codes_of(&found), ["production::yaml::duplicate_key"]);
    let [second] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(
        [
            sources.format_position(second.origin),
            sources.format_position(second.related[0].0)
        ],
        ["film.yaml:3:1", "film.yaml:1:1"]
    );
}

#[test]
fn numbers_too_long_or_too_large_are_refused_and_never_infinite() {
    let digits = "123456789".repeat(5);
    let text = format!("settings:\n  fps: {digits}\n  mode: -{digits}\n  gain: 1e999\n");
    let (film, found, _) = read_with::<SampleFilm>(&text, &InputLimits::default());
    assert_eq!(found.as_slice().len(), 3, "{found:?}");
    assert_eq!(codes_of(&found), ["production::document::out_of_range"]);
    assert!(film.is_none_or(|film| film.settings.gain.is_none_or(f32::is_finite)));
}

#[test]
fn bytes_that_are_not_utf8_are_refused_at_the_first_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.yaml");
    std::fs::write(&path, b"production:\n  title: caf\xe9\n").unwrap();
    let mut sources = SourceMap::default();
    let loaded = load_document::<SampleFilm>(
        &path,
        &InputLimits::default(),
        &VariableOverrides::default(),
        &mut sources,
    )
    .unwrap();
    assert!(loaded.draft.is_none());
    assert_eq!(
        codes_of(&loaded.diagnostics),
        ["production::yaml::not_utf8"]
    );
    assert_eq!(
        loaded.diagnostics.as_slice()[0].message,
        "not UTF-8 at byte 24"
    );
}

#[test]
fn an_unknown_tag_is_an_error_and_a_core_tag_is_not() {
    assert_eq!(
        codes("a: !include b.yaml"),
        ["production::yaml::unknown_tag"]
    );
    assert_eq!(
        codes("a: !!python/object:os.system {}"),
        ["production::yaml::unknown_tag"]
    );
    assert!(codes("{a: !!str 12, b: !!int 3, c: ! x, d: !!seq [], e: !!map {}}").is_empty());
}

#[test]
fn a_tab_indent_is_explained() {
    let (_, found, _) = read_with::<SampleFilm>("settings:\n\tfps: 24\n", &InputLimits::default());
    assert_eq!(codes_of(&found), ["production::yaml::syntax"]);
    assert!(
        found.as_slice()[0]
            .help
            .as_deref()
            .is_some_and(|help| help.contains("spaces")),
        "{found:?}"
    );
}

#[test]
fn a_byte_order_mark_and_windows_lines_are_no_mistakes() {
    let (film, found, _) = read_with::<SampleFilm>(
        "\u{feff}title: one\r\nversion: 1.10\r\n",
        &InputLimits::default(),
    );
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(film.and_then(|film| film.version).as_deref(), Some("1.10"));
}

#[test]
fn a_scalar_of_more_than_a_mebibyte_is_refused() {
    assert!(codes(&"x".repeat(1 << 20)).is_empty());
    assert_eq!(
        codes(&"x".repeat((1 << 20) + 1)),
        ["production::yaml::too_large"]
    );
}

#[test]
fn a_file_over_the_byte_limit_is_refused() {
    let limits = InputLimits {
        file_bytes: 10,
        ..InputLimits::default()
    };
    assert_eq!(
        codes_of(&read_with::<SampleFilm>("title: a film", &limits).1),
        ["production::yaml::too_large"]
    );
}

#[test]
fn more_nodes_than_allowed_are_refused() {
    let limits = InputLimits {
        nodes: 100,
        ..InputLimits::default()
    };
    let found = read_with::<UntypedValue>("- x", &limits).1;
    assert!(found.is_empty());
    let found = read_with::<UntypedValue>(&format!("[{}]", "x, ".repeat(200)), &limits).1;
    assert_eq!(codes_of(&found), ["production::yaml::too_many_values"]);
}

#[test]
fn two_hundred_thousand_keys_are_read() {
    let text = lines(200_000, |at| format!("k{at}: {at}"));
    let (map, found, _) = read_with::<OrderedMap<u32>>(&text, &InputLimits::default());
    assert!(found.is_empty());
    assert_eq!(map.map(|map| map.0.len()), Some(200_000));
}

#[test]
fn two_hundred_thousand_unknown_fields_are_counted_and_not_all_recorded() {
    let text = lines(200_000, |at| format!("k{at}: {at}"));
    let (_, found, _) = read_with::<SampleFilm>(
        &text,
        &InputLimits {
            problems: 50,
            ..InputLimits::default()
        },
    );
    assert_eq!(found.as_slice().len(), 51);
    let rest = found
        .as_slice()
        .iter()
        .find(|found| found.code == "production::document::too_many_problems");
    assert_eq!(
        rest.map(|rest| rest.message.as_str()),
        Some("199950 more problems in this file are not listed")
    );
}

#[test]
fn a_hundred_thousand_anchors_are_read() {
    let text = lines(100_000, |at| format!("- [&a{at} x, *a{at}]"));
    assert!(codes(&text).is_empty());
}

#[test]
fn a_key_that_is_a_list_is_an_error() {
    assert_eq!(codes("? [a]\n: b\n"), ["production::yaml::key_not_text"]);
}

#[test]
fn an_unclosed_quote_and_bracket_are_syntax_errors() {
    for text in [
        "a: \"x", "a: [x", "a: {b: c", "a: b: c", "- a\nb", "%", "@a", "a: `b`", "\u{b}",
    ] {
        assert_eq!(codes(text), ["production::yaml::syntax"], "{text}");
    }
}
