//! Every file lies in the production's folder, so that a copy of the folder is a copy of the production, on a farm too.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::sources::{Problem, by_file, report};
use crate::validate::{Facts, FileFact, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::files::outside_project",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every file that the document names lies in the project's folder",
    explanation: "Everything that a production is made from lies in its folder, so that a copy of the folder \
        is a copy of the production, on a render farm too, and no document can read the rest of the \
        disk. Absolute paths, paths over `..` and links out of the folder are refused. Copy the file \
        into the folder.",
    wrong: "\
characters:
  - {name: mara, model: ../models/mara.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    let problem = Problem::new(
        "lies outside the production's folder",
        "absolute, above the folder, or behind a link",
    );
    let problem = problem.help("copy the file into the folder and name it from there".to_owned());
    report(by_file(production), findings, |file| {
        (facts.of(file.asset) == Some(&FileFact::Outside)).then(|| problem.clone())
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::FileFact;
    use crate::validate::sample::{asset, holds, only};

    #[test]
    fn a_file_from_elsewhere_is_refused() {
        let found = only(&RULE, |production, facts| {
            production.props[0].model = Some(asset("../lantern.glb", 26));
            holds(facts, "../lantern.glb", FileFact::Outside);
        });
        assert_eq!(
            found.message,
            "model `../lantern.glb` of prop `lantern` lies outside the production's folder"
        );
    }
}
