//! Properties of the reader: for any bytes it returns, with findings inside them.

use super::film::{PLAIN, SampleFilm, read_with};
use crate::document::{InputLimits, UntypedValue};
use crate::report::diagnostic;
use proptest::prelude::*;

/// Fragments that meet often in real and in hostile documents.
fn fragment() -> impl Strategy<Value = String> {
    let marks = [
        "title: ",
        "settings: ",
        "shots:",
        "characters:",
        "name: a",
        "prompt: ",
        "- ",
        "\n",
        "  ",
        "{",
        "}",
        "[",
        "]",
        ", ",
        ": ",
        "&a ",
        "*a",
        "<<: ",
        "!t ",
        "!!str ",
        "|",
        ">-",
        "\"",
        "'",
        "#",
        "---",
        "...",
        "? ",
        "~",
        "é",
        "\t",
        "\r\n",
        "%YAML 1.2",
        "0x1F",
        "yes",
        "\u{feff}",
        "\u{85}",
        "\u{2028}",
        "\\u{0}",
    ];
    prop_oneof![
        prop::sample::select(marks.to_vec()).prop_map(str::to_owned),
        "[a-z0-9]{0,4}"
    ]
}

fn never_panics(text: &str) {
    let limits = InputLimits {
        passes: 8,
        ..InputLimits::default()
    };
    let (_, found, sources) = read_with::<SampleFilm>(text, &limits);
    for diagnostic in found.as_slice() {
        let source = sources.get(diagnostic.origin.file).unwrap();
        let range = diagnostic.origin.start as usize..diagnostic.origin.end as usize;
        assert!(
            source.text.get(range).is_some(),
            "a range of {diagnostic:?} lies outside of {text:?}"
        );
    }
    assert_eq!(
        diagnostic::render_diagnostics(&found, &sources, PLAIN).is_empty(),
        found.is_empty()
    );
    assert!(diagnostic::diagnostics_json(&found, &sources, false).is_object());
    read_with::<UntypedValue>(text, &limits);
}

proptest! {
    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        never_panics(&text);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        never_panics(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_arrangement_of_yaml_is_answered(parts in prop::collection::vec(fragment(), 0..60)) {
        never_panics(&parts.concat());
    }
}
