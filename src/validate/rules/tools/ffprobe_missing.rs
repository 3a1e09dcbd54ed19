//! ffprobe is installed if an output is a film. Silent if ffmpeg is missing too.

use super::{FILM_OUTPUT, PICTURES_OUTPUT};
use crate::base::Severity;
use crate::model::Production;
use crate::validate::output_queries::first_film;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::tools::ffprobe_missing",
    // A warning: the document is right, and may be run on another machine.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "ffprobe is installed when an output is a film",
    explanation: "Finished films are measured by ffprobe before they are delivered, and it was not \
        found on the search path. It comes with ffmpeg; `production doctor` shows what is \
        installed.",
    wrong: FILM_OUTPUT,
    right: PICTURES_OUTPUT,
    check: report_missing_ffprobe,
};

fn report_missing_ffprobe(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    // ffprobe comes with ffmpeg, so one installation mends both.
    let alone = facts.tools.ffmpeg && !facts.tools.ffprobe;
    let Some(film) = first_film(production).filter(|_| alone) else {
        return;
    };
    let message = format!(
        "`ffprobe` was not found, and output `{}` is checked with it: a run here is refused",
        film.name.value
    );
    let finding = findings
        .finding_at(film.name.origin, message)
        .with_label("every film is measured before it is delivered");
    findings.push(
        finding
            .with_help("it comes with ffmpeg: `apt-get install ffmpeg` or `brew install ffmpeg`"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Codec;
    use crate::validate::sample::{assert_no_findings, only_finding};
    use std::path::PathBuf;

    #[test]
    fn a_film_without_ffprobe_is_reported_once() {
        let found = only_finding(&RULE, |_, facts| facts.tools.ffprobe = false);
        assert_eq!(
            found.message,
            "`ffprobe` was not found, and output `film` is checked with it: a run here is refused"
        );
    }

    #[test]
    fn without_either_only_ffmpeg_is_reported() {
        assert_no_findings(|production, facts| {
            facts.tools.ffprobe = false;
            production.outputs[0].format.codec = Codec::Exr;
            production.outputs[0].path.value = PathBuf::from("out/film");
        });
    }
}
