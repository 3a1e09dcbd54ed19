//! No file is empty. Interrupted copies and full disks leave such files.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::mentions_by_file;
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, FileFact, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::files::empty",
    // An error: no format has a valid file of 0 bytes.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "no file that the document names is empty",
    explanation: "A file of no bytes is what an interrupted copy or a full disk leaves behind. \
        Copy it again from where it came.",
    wrong: "\
characters:
  - {name: mara, model: assets/empty.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check: report_empty_files,
};

fn report_empty_files(production: &Production, facts: &ExternalFacts, findings: &mut RuleFindings) {
    let problem = FileProblem::new("is empty", "0 bytes");
    let problem = problem.with_help("copy the file again".to_owned());
    report_file_problems(mentions_by_file(production), findings, |file| {
        (facts.file_fact(file.asset) == Some(&FileFact::Empty)).then(|| problem.clone())
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::FileFact;
    use crate::validate::sample::{only_finding, set_file_fact};

    #[test]
    fn a_file_of_no_bytes_is_refused() {
        let found = only_finding(&RULE, |_, facts| {
            set_file_fact(facts, "last_light.fountain", FileFact::Empty);
        });
        assert_eq!(found.message, "script `last_light.fountain` is empty");
    }
}
