//! Every file lies in the production's folder, so that a copy of the folder is a copy of the production, on a farm too.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::FileFact;
use crate::validate::sources::by_file;
use crate::validate::{Facts, Findings, Rule};

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
    for file in by_file(production) {
        if facts.files.get(&file.first.asset.path) == Some(&FileFact::Outside) {
            let message = format!("{} lies outside the production's folder", file.first.words());
            let found = findings
                .at(file.first.asset.origin, message)
                .label("absolute, above the folder, or behind a link");
            findings.push(file.mark(found.help("copy the file into the folder and name it from there")));
        }
    }
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
