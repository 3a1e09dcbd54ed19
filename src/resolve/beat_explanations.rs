//! Explanations of the diagnostic codes of `resolve` about beats. Data only.

use crate::base::{CodeExplanation, Severity};

/// One page a code, in the order of `production explain`.
pub const BEAT_EXPLANATIONS: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::beats::none",
        severity: Severity::Error,
        summary: "an ad has beats",
        explanation: "`beats` is there, and empty, so there is nothing to show. List some beats, or \
            remove the field and write `shots`.",
        wrong: "\
shots: ~
characters: ~
beats: []
",
        right: "\
shots: ~
characters: ~
props:
  - {name: lamp, model: assets/lantern.glb}
beats: [hero_shot, call_to_action]
",
    },
    CodeExplanation {
        code: "production::beats::unnamed",
        severity: Severity::Error,
        summary: "every entry of `beats` names a beat",
        explanation: "An entry says which beat of the library it is with `beat`. The other fields \
            say how it differs.",
        wrong: "\
shots: ~
characters: ~
props:
  - {name: lamp, model: assets/lantern.glb}
beats:
  - {duration: 5s}
  - call_to_action
",
        right: "\
shots: ~
characters: ~
props:
  - {name: lamp, model: assets/lantern.glb}
beats:
  - {beat: hero_shot, duration: 5s}
  - call_to_action
",
    },
    CodeExplanation {
        code: "production::beats::bad_duration",
        severity: Severity::Error,
        summary: "beats are 5, 10 or 15 seconds long, and ads a multiple of 5",
        explanation: "Providers that animate pictures make chunks of five seconds, and the plans of \
            ads count in them. For another length, write the shots themselves.",
        wrong: "\
shots: ~
characters: ~
props:
  - {name: lamp, model: assets/lantern.glb}
beats:
  - {beat: hero_shot, duration: 7s}
  - call_to_action
",
        right: "\
shots: ~
characters: ~
props:
  - {name: lamp, model: assets/lantern.glb}
beats:
  - {beat: hero_shot, duration: 5s}
  - call_to_action
",
    },
    CodeExplanation {
        code: "production::beats::wrong_total",
        severity: Severity::Error,
        summary: "the beats have the length of the ad together",
        explanation: "`duration` of `ad` is the time that was bought. The beats must fill it \
            exactly: change their lengths, add or remove one, or correct `duration`.",
        wrong: "\
shots: ~
characters: ~
props:
  - {name: lamp, model: assets/lantern.glb}
ad: {duration: 15s}
beats: [hero_shot, call_to_action]
",
        right: "\
shots: ~
characters: ~
props:
  - {name: lamp, model: assets/lantern.glb}
ad: {duration: 15s}
beats: [hero_shot, detail_showcase, call_to_action]
",
    },
    CodeExplanation {
        code: "production::beats::first_not_opening",
        severity: Severity::Warning,
        summary: "an ad does not begin with a closing",
        explanation: "A closing asks for something or says a name, which means nothing before the \
            product was seen. A beat of the middle may come first.",
        wrong: "\
shots: ~
characters: ~
props:
  - {name: lamp, model: assets/lantern.glb}
beats: [call_to_action, detail_showcase, call_to_action]
",
        right: "\
shots: ~
characters: ~
props:
  - {name: lamp, model: assets/lantern.glb}
beats: [hero_shot, detail_showcase, call_to_action]
",
    },
    CodeExplanation {
        code: "production::beats::last_not_closing",
        severity: Severity::Warning,
        summary: "an ad ends with a closing",
        explanation: "Without a closing, nobody is told what to do, and the ad stops in the middle.",
        wrong: "\
shots: ~
characters: ~
props:
  - {name: lamp, model: assets/lantern.glb}
beats: [hero_shot, detail_showcase]
",
        right: "\
shots: ~
characters: ~
props:
  - {name: lamp, model: assets/lantern.glb}
beats: [hero_shot, call_to_action]
",
    },
    CodeExplanation {
        code: "production::beats::no_product",
        severity: Severity::Error,
        summary: "an ad has a product to show",
        explanation: "Beats frame a prop: the one that `product` of `ad` names, else the first of \
            the production. Add it to `props`.",
        wrong: "\
shots: ~
characters: ~
beats: [hero_shot, call_to_action]
",
        right: "\
shots: ~
characters: ~
props:
  - {name: lamp, model: assets/lantern.glb}
beats: [hero_shot, call_to_action]
",
    },
    CodeExplanation {
        code: "production::beats::unknown_shot",
        severity: Severity::Error,
        summary: "shots beside beats change shots of the beats",
        explanation: "Beside `beats`, an entry of `shots` is laid over the shot with its name, so \
            that a single shot of a beat can be changed. `production info` lists the names.",
        wrong: "\
characters: ~
props:
  - {name: lamp, model: assets/lantern.glb}
beats: [hero_shot, call_to_action]
shots:
  - {name: b01_hero, lens: 85}
",
        right: "\
characters: ~
props:
  - {name: lamp, model: assets/lantern.glb}
beats: [hero_shot, call_to_action]
shots:
  - {name: b01_hero_shot_1, lens: 85}
",
    },
];
