//! Every file may be read.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::sources::{Problem, by_file, report};
use crate::validate::{Facts, FileFact, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::files::refused",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every file that the document names can be opened",
    explanation: "The file is there, but the system does not let us read it. Check its owner and permissions, \
        and those of the folders above it.",
    wrong: "\
characters:
  - {name: mara, model: assets/secret.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    report(by_file(production), findings, |file| {
        let FileFact::Refused(why) = facts.of(file.asset)? else {
            return None;
        };
        let problem = Problem::new(format!("cannot be opened: {why}"), "cannot be opened");
        Some(problem.help("check who may read the file".to_owned()))
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::FileFact;
    use crate::validate::sample::{holds, only};

    #[test]
    fn a_file_that_may_not_be_read_is_told() {
        let found = only(&RULE, |_, facts| {
            holds(
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
