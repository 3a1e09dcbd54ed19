//! Explanations of the diagnostic codes of `resolve` about graphics. Data only.

use crate::base::{CodeExplanation, Severity};

/// One page a code, in the order of `production explain`.
pub const GRAPHIC_EXPLANATIONS: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::graphics::bad_value",
        severity: Severity::Error,
        summary: "every value about graphics can be read",
        explanation: "A graphic needs a `kind`, and each entry of `data` a `value`, which is a number without \
            its unit. Each row of a table has a cell for each column. Moments are frames of the shot, \
            counted from 0, or seconds such as `1.5s`.",
        wrong: "\
graphics:
  - kind: bar
    data: [{label: \"2007\", shown: \"32%\"}, {label: \"2012\", value: 22}]
",
        right: "\
graphics:
  - kind: bar
    data: [{label: \"2007\", value: 32, shown: \"32%\"}, {label: \"2012\", value: 22}]
",
    },
    CodeExplanation {
        code: "production::graphics::unknown_shot",
        severity: Severity::Error,
        summary: "every graphic is in a shot of the production",
        explanation: "`shot` is the name of the shot in which the graphic begins. Without it, the graphic \
            begins in the first shot.",
        wrong: "\
graphics:
  - {kind: quote, text: We keep the light., shot: wid}
",
        right: "\
graphics:
  - {kind: quote, text: We keep the light., shot: wide}
",
    },
    CodeExplanation {
        code: "production::graphics::idle_field",
        severity: Severity::Warning,
        summary: "a graphic has the fields of its kind",
        explanation: "The field belongs to another kind of graphic, so nothing of it is shown. Charts and \
            numbers have `data` and `unit`, tables `columns` and `rows`, lists `points`, quotes \
            `text` and `by`, code `text`.",
        wrong: "\
graphics:
  - {kind: quote, text: We keep the light., points: [Oil, Wicks]}
",
        right: "\
graphics:
  - {kind: quote, text: We keep the light.}
",
    },
];
