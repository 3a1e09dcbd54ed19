//! Every file holds something. Empty ones are left by interrupted copies and full disks.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::sources::{Problem, by_file, report};
use crate::validate::{Facts, FileFact, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::files::empty",
    severity: Severity::Error,
    needs_whole: false,
    summary: "no file that the document names is empty",
    explanation: "A file of no bytes is what an interrupted copy or a full disk leaves behind. Copy it again \
        from where it came.",
    wrong: "\
characters:
  - {name: mara, model: assets/empty.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    let problem = Problem::new("is empty", "0 bytes");
    let problem = problem.help("copy the file again".to_owned());
    report(by_file(production), findings, |file| {
        (facts.of(file.asset) == Some(&FileFact::Empty)).then(|| problem.clone())
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::FileFact;
    use crate::validate::sample::{holds, only};

    #[test]
    fn a_file_of_no_bytes_is_refused() {
        let found = only(&RULE, |_, facts| {
            holds(facts, "last_light.fountain", FileFact::Empty)
        });
        assert_eq!(found.message, "script `last_light.fountain` is empty");
    }
}
