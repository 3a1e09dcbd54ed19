//! Pages of the codes that `project` reports. Data only.

use crate::base::{CodeExplanation, Severity};

/// The pages, in the order of the documentation.
pub(super) const PAGES: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::farm::no_engine",
        severity: Severity::Error,
        summary: "a farm names what starts its tasks",
        explanation: "A preset of the kind `farms` says what the machines of a site have and are called, but not what \
            starts tasks on them, so nothing can be sent there. Write `engine` with the name of the scheduler; \
            `production schema farms` lists them.",
        wrong: "\
# presets/farms.yaml
night: {partition: render}
",
        right: "\
# presets/farms.yaml
night: {engine: slurm, partition: render}
",
    },
    CodeExplanation {
        code: "production::farm::line_break",
        severity: Severity::Error,
        summary: "what a farm's scheduler is asked for is one line",
        explanation: "Partition, account, options and paths of a profile are written into the scripts of a scheduler, \
            which reads them to the end of the line. What follows a line break would be run as a command on every \
            machine. Only `setup` may have several lines.",
        wrong: "\
# presets/farms.yaml
night: {engine: slurm, partition: \"render\\nreboot\"}
",
        right: "\
# presets/farms.yaml
night: {engine: slurm, partition: render}
",
    },
    CodeExplanation {
        code: "production::files::too_large",
        severity: Severity::Error,
        summary: "a script or shot list stays below the limit for one file",
        explanation: "Files that the document names are read whole, so a huge one is refused \
            before it uses up the memory of the machine. Split it, or raise the limit with \
            `--max-size`.",
        wrong: "\
script: script.fountain
# script.fountain
INT. LAMP ROOM - NIGHT

Far more than 64 MiB of text.
",
        right: "\
script: script.fountain

# script.fountain
EXT. PIER - DUSK

Mara waits.
",
    },
    CodeExplanation {
        code: "production::files::not_text",
        severity: Severity::Error,
        summary: "scripts and shot lists are UTF-8 text",
        explanation: "The file has bytes that are not UTF-8, usually because an editor saved it in an older \
            encoding. Save it as UTF-8; accents then survive on every machine.",
        wrong: "\
script: assets/latin_1.fountain
",
        right: "\
script: script.fountain

# script.fountain
EXT. PIER - DUSK

Mara waits.
",
    },
    CodeExplanation {
        code: "production::shots::given_twice",
        severity: Severity::Error,
        summary: "shots are given in one place",
        explanation: "`shots` and `shot_list` both give the shots of the production. Keep one of them.",
        wrong: "\
shot_list: list.yaml
shots:
  - {name: wide, template: character_full, character: mara, location: pier}

# list.yaml
shots:
  - {name: close, template: character_cu, character: mara, location: pier}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
",
    },
    CodeExplanation {
        code: "production::rules::unknown_code",
        severity: Severity::Warning,
        summary: "`rules` and comments name codes that exist",
        explanation: "Severities are given, and findings allowed, by the code that `production validate` prints in \
            brackets, with or without `production::` in front. A name that is no code changes nothing.",
        wrong: "\
rules:
  meta::no_auther: off
",
        right: "\
rules:
  meta::no_author: info
",
    },
    CodeExplanation {
        code: "production::rules::cannot_silence",
        severity: Severity::Warning,
        summary: "errors are corrected, not silenced",
        explanation: "An error means that the run would fail, or that the document cannot be read \
            as it is meant. No comment and no entry of `rules` lowers it. Remove the entry, and \
            correct what the error points at.",
        wrong: "\
rules:
  shots::none: off
",
        right: "\
rules:
  shots::none: error
",
    },
    CodeExplanation {
        code: "production::rules::unused_entry",
        severity: Severity::Info,
        summary: "an entry of `rules` that lowers a finding has one to lower",
        explanation: "Nothing in this production has the code, so the entry only hides what may \
            come later. Remove it, or keep it where several productions share it. It is not \
            reported while other errors keep rules from running, nor for codes about this machine \
            (`tools::`).",
        wrong: "\
rules:
  meta::no_author: off
",
        right: "\
rules:
  meta::no_author: warning
",
    },
    CodeExplanation {
        code: "production::rules::unused_allow",
        severity: Severity::Warning,
        summary: "a comment that allows a finding has one on its line",
        explanation: "`# production: allow CODE` is about its own line or, on a line of its own, \
            about the line below. That line has no finding with the code: it was corrected, or the \
            comment is in the wrong place. Remove it or move it. It is not reported while other \
            errors keep rules from running.",
        wrong: "\
title: The Lamp # production: allow meta::empty_title
",
        right: "\
title: '' # production: allow meta::empty_title -- named when it is cut
",
    },
    CodeExplanation {
        code: "production::rules::empty_allow",
        severity: Severity::Warning,
        summary: "a comment that allows findings names their codes",
        explanation: "`# production: allow` allows nothing without a code: silence for a whole \
            line would hide new mistakes. Write the codes, separated by commas, and preferably the \
            reason after `--`.",
        wrong: "\
title: '' # production: allow meta::empty_title
version: '1.0' # production: allow -- not needed
",
        right: "\
title: '' # production: allow meta::empty_title -- named when it is cut
version: '1.0'
",
    },
];
