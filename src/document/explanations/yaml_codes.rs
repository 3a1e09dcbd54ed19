//! Explanations of the `yaml::` codes: text that cannot be read as YAML, or that is refused before
//! it is decoded. Data only.

use crate::base::{CodeExplanation, Severity};

/// The pages, in order.
pub(super) const PAGES: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::yaml::syntax",
        severity: Severity::Error,
        summary: "the document is YAML",
        explanation: "The text cannot be read as YAML from here on, so nothing below it is checked yet. The \
            usual causes are a quote that is not closed, a tab in front of a key, indentation that \
            differs within one list, or a `:` or `#` in text that needs quotes.",
        wrong: "\
title: \"The Lamp
",
        right: "\
title: \"The Lamp\"
",
    },
    CodeExplanation {
        code: "production::yaml::duplicate_key",
        severity: Severity::Error,
        summary: "no map has a key twice",
        explanation: "YAML readers differ on which of two equal keys wins, so neither wins here. Keep one of \
            them.",
        wrong: "\
title: The Lamp
title: The Lantern
",
        right: "\
title: The Lamp
",
    },
    CodeExplanation {
        code: "production::yaml::key_not_text",
        severity: Severity::Error,
        summary: "every key is plain text",
        explanation: "Keys are the names of fields, characters and presets, so they are text. A list or a map \
            as a key has no meaning here.",
        wrong: "\
? [a, b]
: c
",
        right: "\
x-notes: [a, b]
",
    },
    CodeExplanation {
        code: "production::yaml::second_document",
        severity: Severity::Error,
        summary: "a file holds one document",
        explanation: "A line of `---` begins another document, and only one is read from a file. Remove the \
            line, or move what follows to a file of its own and `include` it.",
        wrong: "\
title: The Lamp
---
author: A. Keeper
",
        right: "\
title: The Lamp
author: A. Keeper
",
    },
    CodeExplanation {
        code: "production::yaml::unknown_tag",
        severity: Severity::Error,
        summary: "values have no tags of their own",
        explanation: "A tag such as `!place` asks the reader for a special type. Here the field decides the \
            type of a value, and a tag changes nothing, so it is refused rather than ignored. Text that \
            begins with `!` needs quotes.",
        wrong: "\
description: !text A lamp must burn again
",
        right: "\
description: A lamp must burn again
",
    },
    CodeExplanation {
        code: "production::yaml::undefined_anchor",
        severity: Severity::Error,
        summary: "every alias has its anchor before it",
        explanation: "`*name` repeats the value that `&name` marks earlier in the same file. There is no such \
            mark above. Text that begins with `*` needs quotes.",
        wrong: "\
description: *about
",
        right: "\
title: &about The Lamp
description: *about
",
    },
    CodeExplanation {
        code: "production::yaml::cycle",
        severity: Severity::Error,
        summary: "no alias is inside the value that it names",
        explanation: "An alias stands for the whole value that its anchor marks. Inside that value, it would \
            repeat itself for ever.",
        wrong: "\
x-loop: &loop
  again: *loop
",
        right: "\
x-usual: &usual
  duration: 48
x-again: *usual
",
    },
    CodeExplanation {
        code: "production::yaml::bad_merge",
        severity: Severity::Error,
        summary: "`<<` merges a map",
        explanation: "`<<` takes the keys of another map into this one. Its value is an alias to a map, or a \
            list of such aliases.",
        wrong: "\
shots:
  - <<: usual
    template: character_full
    character: mara
",
        right: "\
x-usual: &usual {location: pier, duration: 48}
shots:
  - <<: *usual
    template: character_full
    character: mara
",
    },
    CodeExplanation {
        code: "production::yaml::not_utf8",
        severity: Severity::Error,
        summary: "the document is UTF-8 text",
        explanation: "The file has bytes that are not UTF-8, usually because an editor saved it in an older \
            encoding. Save it as UTF-8: then every machine shows the same accents.",
        wrong: "\
# bytes that no text shows, such as the single byte E9 for é
title: Phare
",
        right: "\
title: Pháre
",
    },
    CodeExplanation {
        code: "production::yaml::nul",
        severity: Severity::Error,
        summary: "the document has no NUL characters",
        explanation: "Text never contains a NUL character. The file may be damaged, or saved as UTF-16: save \
            it as UTF-8.",
        wrong: "\
# a byte 00 that no text shows
title: Lamp
",
        right: "\
title: Lamp
",
    },
    CodeExplanation {
        code: "production::yaml::too_deep",
        severity: Severity::Error,
        summary: "lists and maps are not nested too deep",
        explanation: "No production needs more than a few levels. A document that is nested deeper than the \
            limit is refused before it can exhaust the machine.",
        wrong: "\
x-deep: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
",
        right: "\
x-deep: [[[]]]
",
    },
    CodeExplanation {
        code: "production::yaml::too_large",
        severity: Severity::Error,
        summary: "no file and no text in it is too large",
        explanation: "One file may have 64 MB, all files of a production together 256 MB, and one value 1 MB \
            of text. Split the document with `include`.",
        wrong: "\
# a file of more than 64 MB
title: The Lamp
",
        right: "\
include: [more/*.yaml]

# more/cast.yaml
characters: []
",
    },
    CodeExplanation {
        code: "production::yaml::too_many_values",
        severity: Severity::Error,
        summary: "the document, with its aliases written out, does not have too many values",
        explanation: "A few aliases inside each other can stand for billions of values. Such a document is \
            refused before it can exhaust the machine.",
        wrong: "\
# nine lists of nine aliases, each to the list before
x-a: &a [1, 2, 3]
",
        right: "\
x-a: &a [1, 2, 3]
",
    },
];
