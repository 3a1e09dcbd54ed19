//! ffmpeg is installed if an output is a film. A warning only: the document may be run elsewhere.

use super::{FILM_OUTPUT, PICTURES_OUTPUT};
use crate::base::Severity;
use crate::model::Production;
use crate::validate::output_queries::first_film;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::tools::ffmpeg_missing",
    severity: Severity::Warning,
    // Outputs that were read are certain; errors elsewhere do not change what they need.
    skip_if_partial: false,
    summary: "ffmpeg is installed when an output is a film",
    explanation: "Films are encoded by ffmpeg, which was not found on the search path. The \
        document is right, and picture sequences can be made without it. Install ffmpeg; \
        `production doctor` then shows it.",
    wrong: FILM_OUTPUT,
    right: PICTURES_OUTPUT,
    check: report_missing_ffmpeg,
};

fn report_missing_ffmpeg(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    // One finding for the first film. Installing ffmpeg serves all of them.
    let Some(film) = first_film(production).filter(|_| !facts.tools.ffmpeg) else {
        return;
    };
    let finding = findings.finding_at(
        film.name.origin,
        format!(
            "`ffmpeg` was not found, and output `{}` needs it: a run here is refused",
            film.name.value
        ),
    );
    let finding = finding.with_label(format!("{} is encoded by ffmpeg", film.format.codec.id()));
    findings.push(
        finding.with_help("install it with `apt-get install ffmpeg` or `brew install ffmpeg`"),
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Codec;
    use crate::validate::sample::{assert_no_findings, only_finding};
    use std::path::PathBuf;

    #[test]
    fn a_film_without_ffmpeg_is_reported() {
        let found = only_finding(&RULE, |_, facts| facts.tools.ffmpeg = false);
        assert_eq!(
            found.message,
            "`ffmpeg` was not found, and output `film` needs it: a run here is refused"
        );
    }

    #[test]
    fn pictures_need_no_ffmpeg() {
        assert_no_findings(|production, facts| {
            facts.tools.ffmpeg = false;
            production.outputs[0].format.codec = Codec::Png;
            production.outputs[0].path.value = PathBuf::from("out/film");
        });
    }
}
