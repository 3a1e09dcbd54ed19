//! Explanations of the codes of `library`. Data only.

use crate::base::{CodeExplanation, Severity};

/// The pages, in order.
pub const LIBRARY_CODES: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::library::preset_shadowed",
        severity: Severity::Info,
        summary: "presets of your own have names of their own",
        explanation: "A preset in the folder `presets` has the name of a built-in one, and replaces it \
            everywhere in this production. That is allowed, but easily forgotten. Give it another \
            name unless you mean to replace it.",
        wrong: "\
# presets/lenses.yaml
normal: {mm: 40}
",
        right: "\
# presets/lenses.yaml
my_normal: {mm: 40}
",
    },
    CodeExplanation {
        code: "production::library::outside_project",
        severity: Severity::Error,
        summary: "presets of your own are in the project",
        explanation: "A file in the folder `presets`, or the folder itself, is a link to a place outside the \
            project. It is not read, so that a copy of the folder is a copy of the production. Put the \
            file itself into the folder.",
        wrong: "\
# presets is a link to a folder outside the project
title: The Lamp
",
        right: "\
# presets/lenses.yaml
my_normal: {mm: 40}
",
    },
];
