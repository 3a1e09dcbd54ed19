//! What the codes of this room mean. Data only.

use crate::base::{Explanation, Severity};

/// The pages, in order.
pub(super) const PAGES: &[Explanation] = &[
    Explanation {
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
    Explanation {
        code: "production::shots::given_twice",
        severity: Severity::Error,
        summary: "shots are given in one place",
        explanation: "`shots` and `shot_list` both give the shots of the production. Keep one of them.",
        wrong: "\
shot_list: list.yaml

# list.yaml
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
",
    },
];
