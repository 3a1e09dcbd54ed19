//! A file is named where a file is needed.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::sources::{Problem, by_file, report};
use crate::validate::{Facts, FileFact, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::files::is_folder",
    severity: Severity::Error,
    needs_whole: false,
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
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    let problem = Problem::new("is a folder", "a file is needed");
    let problem = problem.help("name a file in it".to_owned());
    report(by_file(production), findings, |file| {
        (facts.of(file.asset) == Some(&FileFact::Folder)).then(|| problem.clone())
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::FileFact;
    use crate::validate::sample::{holds, only};

    #[test]
    fn a_folder_is_no_file() {
        let found = only(&RULE, |_, facts| {
            holds(facts, "assets/mara.glb", FileFact::Folder)
        });
        assert_eq!(
            found.message,
            "model `assets/mara.glb` of character `mara` is a folder"
        );
    }
}
