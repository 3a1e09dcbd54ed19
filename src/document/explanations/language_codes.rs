//! Explanations of the codes of `extends`, `variables` and `defaults`: how documents are put
//! together. Data only.

use crate::base::{CodeExplanation, Severity};

/// The pages, in order.
pub(super) const PAGES: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::document::misplaced",
        severity: Severity::Error,
        summary: "`extends`, `drop` and `variables` are in the main document",
        explanation: "`extends`, `drop` and `variables` concern the whole production. In an included file, or in a \
            section file such as `shots.yaml`, they would act at a distance, so they are refused there. Move them to the \
            main document, or to one that it extends.",
        wrong: "\
include: more.yaml
# more.yaml
variables: {lens: 85}
",
        right: "\
variables: {lens: 85}
include: more.yaml
# more.yaml
x-lenses: The lens is a variable of the main document
",
    },
    CodeExplanation {
        code: "production::extends::missing",
        severity: Severity::Error,
        summary: "every extended production exists",
        explanation: "`extends` names a file beside its own document, or below it. The finding shows every \
            file on the way there, and the nearest name in that folder.",
        wrong: "\
extends: bsae.yaml
# base.yaml
production:
  version: '2'
",
        right: "\
extends: base.yaml
# base.yaml
production:
  version: '2'
",
    },
    CodeExplanation {
        code: "production::extends::outside",
        severity: Severity::Error,
        summary: "every extended production is in the project",
        explanation: "Nothing outside the folder of the document is read: no `..`, no absolute path, no link that leads \
            out. So a production can be moved and shared as a folder. Copy the file into the project.",
        wrong: "\
extends: ../base.yaml
",
        right: "\
extends: bases/base.yaml
# bases/base.yaml
production:
  version: '2'
",
    },
    CodeExplanation {
        code: "production::extends::cycle",
        severity: Severity::Error,
        summary: "no production extends itself, directly or through others",
        explanation: "Each production needs the one that it extends, so a circle never ends. The finding shows \
            every step. Remove one of them.",
        wrong: "\
extends: a.yaml
# a.yaml
production: {extends: b.yaml}
# b.yaml
production: {extends: a.yaml}
",
        right: "\
extends: a.yaml
# a.yaml
production: {extends: b.yaml}
# b.yaml
production: {version: '2'}
",
    },
    CodeExplanation {
        code: "production::extends::unknown_drop",
        severity: Severity::Error,
        summary: "every dropped entry exists",
        explanation: "`drop` removes entries of the extended production, by name. A name that it does not have is \
            probably misspelt, and the entry would stay. An output without a name is called by its format.",
        wrong: "\
extends: base.yaml
drop: {shots: clsoe}
# base.yaml
production:
  shots:
    - {name: close, template: character_cu, character: mara, location: pier}
",
        right: "\
extends: base.yaml
drop: {shots: close}
# base.yaml
production:
  shots:
    - {name: close, template: character_cu, character: mara, location: pier}
",
    },
    CodeExplanation {
        code: "production::shots::default_name",
        severity: Severity::Error,
        summary: "`defaults` give no name",
        explanation: "`defaults` are fields of every shot that does not set them itself. A name in `defaults` would \
            be the name of many shots. Shots without a name are numbered.",
        wrong: "\
defaults: {name: wide, lens: 50}
",
        right: "\
defaults: {lens: 50}
",
    },
    CodeExplanation {
        code: "production::variables::unknown",
        severity: Severity::Error,
        summary: "every variable that is used is declared",
        explanation: "`${name}` stands for a value under `variables:` of the main document, or of one that it extends. \
            For the characters themselves, write `$${`.",
        wrong: "\
variables: {town: Peniche}
title: The Lamp of ${twon}
",
        right: "\
variables: {town: Peniche}
title: The Lamp of ${town}, not $${town}
",
    },
    CodeExplanation {
        code: "production::variables::unset",
        severity: Severity::Error,
        summary: "every variable has a value",
        explanation: "A variable without a `default` must be set: with `--set name=value`, or with the environment \
            variable that its `env` names. A template uses this for values that it cannot know.",
        wrong: "\
variables:
  client: {description: Whose film it is}
author: ${client}
",
        right: "\
variables:
  client: {description: Whose film it is, default: nobody yet}
author: ${client}
",
    },
    CodeExplanation {
        code: "production::variables::cycle",
        severity: Severity::Error,
        summary: "no variable is made from itself, directly or through others",
        explanation: "The value of a variable may contain variables, but the last one must have a value of its own. \
            The finding shows every step of the circle.",
        wrong: "\
variables: {film: 'The Lamp of ${town}', town: 'where ${film} plays'}
",
        right: "\
variables: {film: 'The Lamp of ${town}', town: Peniche}
",
    },
    CodeExplanation {
        code: "production::variables::bad_reference",
        severity: Severity::Error,
        summary: "`${` begins the name of a variable",
        explanation: "`${` needs a name and a `}`. A name begins with a letter or `_`, and continues with letters, \
            digits, `_` and `-`. For the characters themselves, write `$${`.",
        wrong: "\
title: The price is ${5
",
        right: "\
title: The price is $${5
",
    },
    CodeExplanation {
        code: "production::variables::bad_name",
        severity: Severity::Error,
        summary: "the name of a variable can be written in `${}`",
        explanation: "A name begins with a letter or `_`, and continues with letters, digits, `_` and `-`. Spaces and \
            full stops are not allowed.",
        wrong: "\
variables: {the town: Peniche}
",
        right: "\
variables: {the_town: Peniche}
",
    },
    CodeExplanation {
        code: "production::variables::too_large",
        severity: Severity::Error,
        summary: "values made from variables stay within the limits",
        explanation: "A few variables made from one another can become more text than a machine can hold. The value \
            of one variable may have 64 KiB, all values with variables in one file 64 MiB, and a chain of variables \
            64 steps.",
        wrong: "\
variables:
  a: '${b}${b}${b}${b}${b}${b}${b}${b}'
  b: '${c}${c}${c}${c}${c}${c}${c}${c}'
  c: '${d}${d}${d}${d}${d}${d}${d}${d}'
  d: '${e}${e}${e}${e}${e}${e}${e}${e}'
  e: '${f}${f}${f}${f}${f}${f}${f}${f}'
  f: light
description: ${a}
",
        right: "\
variables:
  a: '${b} and ${b}'
  b: light
description: ${a}
",
    },
];
