//! Every file can be opened.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::mentions_by_file;
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, FileFact, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::files::refused",
    // An error: what this user cannot read, its jobs cannot read either.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every file that the document names can be opened",
    explanation: "The file is there, but the system does not let us read it. Check its owner and \
        permissions, and those of the folders above it.",
    wrong: "\
characters:
  - {name: mara, model: assets/secret.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check: report_refused_files,
};

fn report_refused_files(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_file_problems(mentions_by_file(production), findings, |file| {
        let FileFact::Refused(why) = facts.file_fact(file.asset)? else {
            return None;
        };
        // The text of the system names the cause better than we could: permission, a loop of links,
        // a lost network disk.
        let problem = FileProblem::new(format!("cannot be opened: {why}"), "cannot be opened");
        Some(problem.with_help("check who may read the file".to_owned()))
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::FileFact;
    use crate::validate::sample::{only_finding, set_file_fact};

    #[test]
    fn a_file_without_read_permission_is_reported() {
        let found = only_finding(&RULE, |_, facts| {
            set_file_fact(
                facts,
                "assets/mara.glb",
                FileFact::Refused("permission denied".to_owned()),
            );
        });
        assert_eq!(
            found.message,
            "model `assets/mara.glb` of character `mara` cannot be opened: permission denied"
        );
    }
}
