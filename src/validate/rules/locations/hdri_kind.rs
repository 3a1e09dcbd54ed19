//! A panorama for light is in a format with more than the range of a screen.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::{FileUsage, mentions_with_usage};
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::locations::hdri_kind",
    // An error, although other pictures could be read: the flat light shows only in the finished
    // film.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "an hdri is a .hdr or .exr file, or a preset",
    explanation: "Light from all around comes from a picture that knows how bright a lamp or the \
        sun is. Ordinary pictures end at white, so the light would be flat. Use a .hdr or .exr \
        picture, or an environment preset by name.",
    wrong: "\
locations:
  - {name: pier, hdri: assets/sky.jpg}
",
    right: "\
locations:
  - {name: pier, hdri: dawn}
",
    check: report_unsupported_hdris,
};

fn report_unsupported_hdris(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_file_problems(
        mentions_with_usage(FileUsage::Hdri, production),
        findings,
        |file| {
            let asset = file.asset;
            // Names without an extension are presets and never get here.
            let is_wrong = !asset.has_extension("hdr")
                && !asset.has_extension("exr")
                && facts.may_exist(asset);
            let problem =
                FileProblem::new("is of an unsupported kind", "has no light beyond white");
            let help = "use a .hdr or .exr picture, or an environment preset by name".to_owned();
            is_wrong.then(|| problem.with_help(help))
        },
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_asset};

    #[test]
    fn a_jpeg_gives_no_light() {
        let found = only_finding(&RULE, |production, _| {
            production.locations[0].hdri = Some(sample_asset("assets/sky.jpg", 21));
        });
        assert_eq!(
            found.message,
            "hdri `assets/sky.jpg` of location `pier` is of an unsupported kind"
        );
    }
}
