//! A file is named where a file is needed.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::FileFact;
use crate::validate::sources::by_file;
use crate::validate::{Facts, Findings, Rule};

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
    for file in by_file(production) {
        if facts.files.get(&file.first.asset.path) == Some(&FileFact::Folder) {
            let found = findings.at(file.first.asset.origin, format!("{} is a folder", file.first.words()));
            findings.push(file.mark(found.label("a file is needed").help("name a file in it")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::FileFact;
    use crate::validate::sample::{holds, only};

    #[test]
    fn a_folder_is_no_file() {
        let found = only(&RULE, |_, facts| holds(facts, "assets/mara.glb", FileFact::Folder));
        assert_eq!(found.message, "model `assets/mara.glb` of character `mara` is a folder");
    }
}
