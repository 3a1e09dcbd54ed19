//! Explanations of the diagnostic codes of `resolve` about titles. Data only.

use crate::base::{CodeExplanation, Severity};

/// One page a code, in the order of `production explain`.
pub const TITLE_EXPLANATIONS: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::titles::bad_value",
        severity: Severity::Error,
        summary: "every value about titles can be read",
        explanation: "Moments are frames of the shot, counted from 0, or seconds such as `1.5s`. A title and \
            a watermark need a text, credits a name, and a burn-in one of its fields. The help \
            names the form of the field.",
        wrong: "\
titles:
  - {text: The Lamp, enter: rises}
",
        right: "\
titles:
  - {text: The Lamp, enter: rise}
",
    },
    CodeExplanation {
        code: "production::titles::no_cast",
        severity: Severity::Warning,
        summary: "credits that name the cast have somebody to name",
        explanation: "`cast: true` names the characters that have `played_by`. If none has it, the section \
            is a heading with nothing below it.",
        wrong: "\
characters:
  - {name: mara, model: assets/mara.glb}
credits:
  sections:
    - {heading: Cast, cast: true, names: [A. Berg]}
",
        right: "\
characters:
  - {name: mara, model: assets/mara.glb, played_by: Ada Berg}
credits:
  sections:
    - {heading: Cast, cast: true}
",
    },
    CodeExplanation {
        code: "production::titles::unused_field",
        severity: Severity::Warning,
        summary: "every field of a title has an effect",
        explanation: "A title over a colour is a clip of its own before its shot, so `at` has nothing to \
            count from, and `until` nothing to end. Remove one of the two.",
        wrong: "\
titles:
  - {text: The Lamp, over: black, at: 12}
",
        right: "\
titles:
  - {text: The Lamp, over: black}
",
    },
    CodeExplanation {
        code: "production::titles::unknown_shot",
        severity: Severity::Error,
        summary: "every title is in a shot of the production",
        explanation: "`shot` is the name of the shot in which the title begins. Without it, the title \
            begins in the first shot.",
        wrong: "\
titles:
  - {text: The Lamp, shot: wid}
",
        right: "\
titles:
  - {text: The Lamp, shot: wide}
",
    },
    CodeExplanation {
        code: "production::titles::unknown_font",
        severity: Severity::Error,
        summary: "every font is a file, is installed, or is that of the program",
        explanation: "A name with a slash or with the extension of a font is a file of the project. Any \
            other name is looked for among the fonts of this machine, in any case of its letters; \
            its file is then an input of the film like a model. `Noto Sans` is the font of the \
            program and needs no file.",
        wrong: "\
titles:
  - {text: The Lamp, font: No Such Font 7}
",
        right: "\
titles:
  - {text: The Lamp, font: Noto Sans}
",
    },
    CodeExplanation {
        code: "production::titles::unreadable_font",
        severity: Severity::Error,
        summary: "every font file can be read",
        explanation: "The file is no OpenType or TrueType font, or it is damaged. Fonts of web pages \
            (.woff, .woff2) are packed; unpack them first.",
        wrong: "\
titles:
  - {text: The Lamp, font: fonts/title.ttf}
# fonts/title.ttf
This is a licence, and no font.
",
        right: "\
titles:
  - {text: The Lamp, font: Noto Sans}
",
    },
];
