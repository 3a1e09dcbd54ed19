//! `espeak-ng` is installed if somebody speaks with it. A warning only: a murmur stands in.

use super::{SPOKEN_LINE, spoken_lines};
use crate::base::Severity;
use crate::model::Production;
use crate::model::sound::SpeechEngine;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::no_engine",
    severity: Severity::Warning,
    // Lines that were read are certain; errors elsewhere do not change what they need.
    skip_if_partial: false,
    summary: "espeak-ng is installed when it speaks",
    explanation: "Words are spoken by `espeak-ng` unless a voice names another provider, and it was \
        not found on the search path. The document is right. The built-in murmur stands in: it has \
        the rhythm of the words and none of their sounds, and lengths of lines are estimated. \
        Install `espeak-ng`, and the lines are spoken again.",
    wrong: SPOKEN_LINE,
    right: "\
sound: {speech: murmur}
shots:
  - name: talks
    template: character_mcu
    character: mara
    location: pier
    lines: [\"It went out.\"]
",
    check: report_missing_engine,
};

fn report_missing_engine(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    if facts.tools.espeak_ng {
        return;
    }
    let mut lines = spoken_lines(production).filter(|(_, line)| {
        // A murmur that the document chooses has a name of its own.
        line.voice.engine == SpeechEngine::Murmur && !line.voice.name.starts_with("murmur")
    });
    let Some((_, first)) = lines.next() else {
        return;
    };
    let count = 1 + lines.count();
    let lines = if count == 1 { "1 line" } else { "lines" };
    let message = match count {
        1 => format!("`espeak-ng` was not found, and {lines} needs it"),
        _ => format!("`espeak-ng` was not found, and {count} {lines} need it"),
    };
    let finding = findings.finding_at(first.text.origin, message);
    let finding = finding.with_label("a murmur without words stands in, of an estimated length");
    findings.push(
        finding
            .with_help("install it with `apt-get install espeak-ng` or `brew install espeak-ng`"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::sound::SpeechEngine;
    use crate::validate::sample::{add_sample_line, assert_no_findings, only_finding};

    #[test]
    fn a_murmur_that_stands_in_is_reported_once() {
        let found = only_finding(&RULE, |production, facts| {
            facts.tools.espeak_ng = false;
            for shot in 0..2 {
                add_sample_line(production, shot, |line| {
                    line.voice.engine = SpeechEngine::Murmur;
                });
            }
        });
        assert_eq!(
            found.message,
            "`espeak-ng` was not found, and 2 lines need it"
        );
    }

    #[test]
    fn a_murmur_by_choice_needs_nothing() {
        assert_no_findings(|production, facts| {
            facts.tools.espeak_ng = false;
            add_sample_line(production, 0, |line| {
                line.voice.engine = SpeechEngine::Murmur;
                line.voice.name = "murmur+f1".to_owned();
            });
        });
    }
}
