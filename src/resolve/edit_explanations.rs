//! Explanations of the diagnostic codes of `resolve` about the cut. Data only.

use crate::base::{CodeExplanation, Severity};

/// One page a code, in the order of `production explain`.
pub const EDIT_EXPLANATIONS: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::edit::bad_transition",
        severity: Severity::Error,
        summary: "every transition has a known kind and a length",
        explanation: "A transition is a kind such as `dissolve`, `wipe_left`, `fade_from_black`, \
            `fade_to_black` or `dip_to_white`, and a length in frames or seconds behind it if it \
            is not the usual one: `dissolve 12`, `fade_to_black 1s`. Written in full it has \
            `kind`, `frames` and `colour`. `docs/editing.md` lists the kinds.",
        wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: close, template: character_cu, character: mara, location: pier, transition_in: disolve 12}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: close, template: character_cu, character: mara, location: pier, transition_in: dissolve 12}
",
    },
    CodeExplanation {
        code: "production::edit::wrong_side",
        severity: Severity::Error,
        summary: "a shot begins with a fade in and ends with a fade out",
        explanation: "A fade is about one shot: out of a colour at its beginning, and into one at \
            its end. Between any two shots, `dip_to_black` is both.",
        wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, transition_in: fade_to_black}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, transition_out: fade_to_black}
",
    },
    CodeExplanation {
        code: "production::edit::bad_timecode",
        severity: Severity::Error,
        summary: "a timecode has hours, minutes, seconds and frames",
        explanation: "Timecode is written `hh:mm:ss:ff`, with fewer frames than a second has. At \
            29.97 and 59.94 frames a second, `hh:mm:ss;ff` leaves numbers out, so that it follows \
            the clock.",
        wrong: "\
edit: {start_timecode: \"01:00:00\"}
",
        right: "\
edit: {start_timecode: \"01:00:00:00\"}
",
    },
    CodeExplanation {
        code: "production::exports::unknown_output",
        severity: Severity::Error,
        summary: "a text deliverable is about an output that exists",
        explanation: "`of` names the output of which a cut list or another text is the timeline. \
            Without it, that is the first film. A single picture has no times to list.",
        wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: cuts, format: cut_list, of: flim, path: out/film.csv}
",
        right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: cuts, format: cut_list, of: film, path: out/film.csv}
",
    },
    CodeExplanation {
        code: "production::exports::unused_field",
        severity: Severity::Error,
        summary: "an output has no field that means nothing for it",
        explanation: "A deliverable that is text has no codec, size or sound, and shows the shots \
            of the output that `of` names. An output with pictures has no `of`.",
        wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: cuts, format: cut_list, codec: h264, path: out/film.csv}
",
        right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: cuts, format: cut_list, path: out/film.csv}
",
    },
];
