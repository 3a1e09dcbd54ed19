//! Explanations of the `document::` codes: YAML that is no valid document, and the files of one.
//! Data only.

use crate::base::{CodeExplanation, Severity};

/// The pages, in order.
pub(super) const PAGES: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::document::unknown_field",
        severity: Severity::Error,
        summary: "every field is known",
        explanation: "A misspelt field would silently do nothing, so fields that are not known are refused, \
            with the nearest name. Fields of your own begin with `x-`.",
        wrong: "\
shots:
  - {name: wide, tempalte: character_full, character: mara, location: pier}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, x-slate: 12A}
",
    },
    CodeExplanation {
        code: "production::document::missing_field",
        severity: Severity::Error,
        summary: "every required field is there",
        explanation: "A document begins with `production:`, and everything else is indented under it.",
        wrong: "\
# production.yaml
x-notes: The whole production is missing
",
        right: "\
title: The Lamp
",
    },
    CodeExplanation {
        code: "production::document::wrong_type",
        severity: Severity::Error,
        summary: "every value is of its field's type",
        explanation: "The field needs a number, a list, text or `true` or `false`, and has something else. \
            `yes`, `no`, `on` and `off` are text.",
        wrong: "\
render_settings: {chunk_size: many}
",
        right: "\
render_settings: {chunk_size: 48}
",
    },
    CodeExplanation {
        code: "production::document::wrong_length",
        severity: Severity::Error,
        summary: "every fixed list has its length",
        explanation: "Some lists have a fixed number of entries: a colour has red, green and blue.",
        wrong: "\
locations:
  - {name: pier, preset: harbour_dusk, ground: {colour: [0.2, 0.2]}}
",
        right: "\
locations:
  - {name: pier, preset: harbour_dusk, ground: {colour: [0.2, 0.2, 0.25]}}
",
    },
    CodeExplanation {
        code: "production::document::unknown_variant",
        severity: Severity::Error,
        summary: "every choice is one of those offered",
        explanation: "The field takes one of a few words, and this is none of them. The help line names the \
            nearest, or all.",
        wrong: "\
outputs:
  - {name: film, codec: h246, resolution: 1920x1080, frame_rate: 24, path: out/film.mp4}
",
        right: "\
outputs:
  - {name: film, codec: h264, resolution: 1920x1080, frame_rate: 24, path: out/film.mp4}
",
    },
    CodeExplanation {
        code: "production::document::out_of_range",
        severity: Severity::Error,
        summary: "every number fits its field",
        explanation: "The field takes whole numbers in a range, and this number is outside of it: numbers of frames \
            and samples, for example, are never negative.",
        wrong: "\
render_settings: {chunk_size: -1}
",
        right: "\
render_settings: {chunk_size: 48}
",
    },
    CodeExplanation {
        code: "production::document::name_mismatch",
        severity: Severity::Error,
        summary: "a name inside an entry agrees with its key",
        explanation: "Characters, locations, props and outputs are written as a list with `name`, or as a map \
            whose keys are the names. A name inside an entry that differs from its key is the name for people. If \
            the entry has a `display_name` as well, nobody knows which is meant. Remove one of them.",
        wrong: "\
characters:
  mara:
    name: Mara
    display_name: Mara Costa
    model: assets/mara.glb
",
        right: "\
characters:
  mara:
    display_name: Mara Costa
    model: assets/mara.glb
",
    },
    CodeExplanation {
        code: "production::document::duplicate_field",
        severity: Severity::Error,
        summary: "no field is given twice under two names",
        explanation: "A field that has two names may be written once.",
        wrong: "\
# no field of this version has two names
title: The Lamp
",
        right: "\
title: The Lamp
",
    },
    CodeExplanation {
        code: "production::document::refused",
        severity: Severity::Error,
        summary: "every value has the form of its field",
        explanation: "The value cannot be read as what the field is, for the reason given.",
        wrong: "\
# no field of this version refuses a value of the right type
title: The Lamp
",
        right: "\
title: The Lamp
",
    },
    CodeExplanation {
        code: "production::document::too_many_problems",
        severity: Severity::Error,
        summary: "a file does not have thousands of mistakes",
        explanation: "After ten thousand mistakes in one file, the rest is only counted. Usually one of the \
            first explains them all.",
        wrong: "\
# more than ten thousand mistakes
title: The Lamp
",
        right: "\
title: The Lamp
",
    },
    CodeExplanation {
        code: "production::document::bad_include",
        severity: Severity::Error,
        summary: "every include pattern names files of the project",
        explanation: "`include` takes paths and patterns below the file that includes, such as `shots/*.yaml`. \
            Absolute paths, paths over `..`, links out of the project and patterns without a match \
            are refused.",
        wrong: "\
include: [../*.yaml]
",
        right: "\
include: [more/*.yaml]

# more/cast.yaml
characters:
  - {name: gull, model: assets/mara.glb}
shots:
  - {name: gull, template: character_cu, character: gull, location: pier}
",
    },
    CodeExplanation {
        code: "production::document::include_cycle",
        severity: Severity::Error,
        summary: "files do not include each other",
        explanation: "A file that includes itself, by way of others or directly, would never end. The message \
            shows the chain.",
        wrong: "\
include: [more/one.yaml]

# more/one.yaml
include: [two.yaml]

# more/two.yaml
include: [one.yaml]
",
        right: "\
include: [more/one.yaml]

# more/one.yaml
characters: []
",
    },
    CodeExplanation {
        code: "production::document::include_repeated",
        severity: Severity::Error,
        summary: "every file is included once",
        explanation: "Lists of several files are joined, so a file that is included twice would give every \
            entry twice. Include it once.",
        wrong: "\
include: [more/one.yaml, more/*.yaml]

# more/one.yaml
characters: []
",
        right: "\
include: [more/*.yaml]

# more/one.yaml
characters: []
",
    },
    CodeExplanation {
        code: "production::document::said_twice",
        severity: Severity::Error,
        summary: "a single value is set in one file only",
        explanation: "Lists of several files are joined, but a production has one title and one script. Keep \
            the line in one of the files.",
        wrong: "\
include: [more/one.yaml]
title: The Lamp

# more/one.yaml
production:
  title: The Lantern
",
        right: "\
include: [more/one.yaml]
title: The Lamp

# more/one.yaml
characters: []
",
    },
    CodeExplanation {
        code: "production::document::too_many_files",
        severity: Severity::Error,
        summary: "a production does not have thousands of files",
        explanation: "At most 4096 files are read. Join some of them, or narrow the patterns under `include`.",
        wrong: "\
# a folder of more than 4096 files
include: [more/*.yaml]
",
        right: "\
title: The Lamp
",
    },
    CodeExplanation {
        code: "production::document::unreadable_file",
        severity: Severity::Error,
        summary: "every included file can be read",
        explanation: "The file exists, but the operating system refuses to read it. Check its owner and \
            permissions.",
        wrong: "\
# a file that may not be read
include: [more/one.yaml]
",
        right: "\
title: The Lamp
",
    },
    CodeExplanation {
        code: "production::document::outside_project",
        severity: Severity::Error,
        summary: "no file of a project folder is a link out of it",
        explanation: "The program reads a folder with its `characters.yaml`, `locations.yaml`, `props.yaml`, \
            `shots.yaml` and `outputs.yaml`. One of them is a link to a place outside the folder. It \
            is not read, so that a copy of the folder is a copy of the production. Put the file \
            itself into the folder.",
        wrong: "\
# shots.yaml is a link to a file outside the folder
title: The Lamp
",
        right: "\
title: The Lamp
",
    },
];
