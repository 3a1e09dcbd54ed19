//! Explanations of the codes of scripts. Data only.

use crate::base::{CodeExplanation, Severity};

/// The pages, in order.
pub const PAGES: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::fountain::cue_without_dialogue",
        severity: Severity::Warning,
        summary: "every character cue has dialogue below it",
        explanation: "A line in capitals after an empty line is a character cue, and the dialogue follows on the \
            next line. Here none follows. If the line is not a cue, begin it with `!`.",
        wrong: "\
# script.fountain
EXT. PIER - DUSK

MARA
Who is there?

MARA
",
        right: "\
# script.fountain
EXT. PIER - DUSK

MARA
Who is there?

MARA
Who?
",
    },
    CodeExplanation {
        code: "production::fountain::dialogue_without_scene",
        severity: Severity::Warning,
        summary: "every dialogue is in a scene",
        explanation: "Dialogue before the first scene heading belongs to no scene and is not in the film. \
            Write a heading above it.",
        wrong: "\
# script.fountain
MARA
Is anybody here?

EXT. PIER - DUSK

Mara waits.
",
        right: "\
# script.fountain
EXT. PIER - DUSK

MARA
Is anybody here?
",
    },
    CodeExplanation {
        code: "production::fountain::duplicate_scene_number",
        severity: Severity::Warning,
        summary: "every scene has a number of its own",
        explanation: "Shots belong to scenes by number. If two scenes have the same number, shots belong to the \
            first, and the second is counted as a scene without a number. Number them again, or remove the numbers. \
            Case and leading zeros make no other number: `05a` is `5A`.",
        wrong: "\
# script.fountain
EXT. PIER - DUSK #1#

Mara waits.

EXT. PIER - NIGHT #1#

She waits.
",
        right: "\
locations:
  - {name: pier, preset: harbour_dusk, headings: [EXT. PIER - DUSK, EXT. PIER - NIGHT]}

# script.fountain
EXT. PIER - DUSK #1#

Mara waits.

EXT. PIER - NIGHT #2#

She waits.
",
    },
    CodeExplanation {
        code: "production::fountain::heading_without_gap",
        severity: Severity::Warning,
        summary: "an empty line is above every scene heading",
        explanation: "A scene begins only where an empty line is above its heading. This line looks like a heading, \
            but the text above it goes on in it, so its scene is missing from the film. Put an empty line above it. If \
            it is no heading, begin it with `!`.",
        wrong: "\
# script.fountain
EXT. PIER - DUSK

Mara waits.
EXT. PIER - NIGHT

She waits.
",
        right: "\
# script.fountain
EXT. PIER - DUSK

Mara waits.

EXT. PIER - NIGHT

She waits.
",
    },
    CodeExplanation {
        code: "production::fountain::unclosed_boneyard",
        severity: Severity::Warning,
        summary: "every `/*` has its `*/`",
        explanation: "Text between `/*` and `*/` is left out. This one is never closed, so it is read as text. \
            Close it.",
        wrong: "\
# script.fountain
EXT. PIER - DUSK

Mara waits.

/* This was cut.
",
        right: "\
# script.fountain
EXT. PIER - DUSK

Mara waits.

/* This was cut. */
",
    },
    CodeExplanation {
        code: "production::fountain::unclosed_note",
        severity: Severity::Warning,
        summary: "every `[[` has its `]]`",
        explanation: "Text between `[[` and `]]` is a note and not in the film. This one is not closed in its \
            paragraph. Close it. An empty line inside a note needs two spaces.",
        wrong: "\
# script.fountain
EXT. PIER - DUSK

She lights [[ which match? the lamp.
",
        right: "\
# script.fountain
EXT. PIER - DUSK

She lights [[ which match? ]] the lamp.
",
    },
];
