//! No picture or Blender file is cut short. Models are parsed whole, by `unreadable_model`.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::mentions_by_file;
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::files::truncated",
    // An error: a reader would fail on the missing part, or render with black in its place.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "no file that the document names is cut short",
    explanation: "The file begins well and ends too soon, as after an interrupted copy or a render \
        that was stopped. Pictures for light are followed line by line and Blender files block by \
        block, without decoding them. Copy the file again from where it came.",
    wrong: "\
locations:
  - {name: pier, hdri: assets/cut_short.hdr}
",
    right: "\
locations:
  - {name: pier, hdri: assets/sky.hdr}
",
    check: report_truncated_files,
};

fn report_truncated_files(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_file_problems(mentions_by_file(production), findings, |file| {
        // Only formats whose end can be found without decoding are in the facts; all others pass.
        let why = facts.truncated.get(&file.asset.path)?;
        Some(
            FileProblem::new("is cut short", why)
                .with_help("copy the file again from where it came".to_owned()),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::file_kind::FileKind;
    use crate::validate::FileFact;
    use crate::validate::sample::{only_finding, sample_asset, set_file_fact};
    use std::path::PathBuf;

    #[test]
    fn a_truncated_picture_is_reported_with_its_end() {
        let found = only_finding(&RULE, |production, facts| {
            production.locations[0].hdri = Some(sample_asset("assets/sky.hdr", 21));
            set_file_fact(facts, "assets/sky.hdr", FileFact::Holds(FileKind::Hdr));
            facts.truncated.insert(
                PathBuf::from("assets/sky.hdr"),
                "ends in line 3 of 9".to_owned(),
            );
        });
        assert_eq!(
            found.message,
            "hdri `assets/sky.hdr` of location `pier` is cut short"
        );
        assert_eq!(found.label, "ends in line 3 of 9");
    }
}
