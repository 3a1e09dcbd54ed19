//! No path to a file leads to a folder.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::mentions_by_file;
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, FileFact, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::files::is_folder",
    // An error: opening a folder as a file fails on every system.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "no file that the document names is a folder",
    explanation: "The path leads to a folder, and a file is needed. Name a file in it.",
    wrong: "\
characters:
  - {name: mara, model: assets}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check: report_folders_as_files,
};

fn report_folders_as_files(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let problem = FileProblem::new("is a folder", "a file is needed");
    let problem = problem.with_help("name a file in it".to_owned());
    report_file_problems(mentions_by_file(production), findings, |file| {
        (facts.file_fact(file.asset) == Some(&FileFact::Folder)).then(|| problem.clone())
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::FileFact;
    use crate::validate::sample::{only_finding, set_file_fact};

    #[test]
    fn a_folder_is_no_file() {
        let found = only_finding(&RULE, |_, facts| {
            set_file_fact(facts, "assets/mara.glb", FileFact::Folder);
        });
        assert_eq!(
            found.message,
            "model `assets/mara.glb` of character `mara` is a folder"
        );
    }
}
