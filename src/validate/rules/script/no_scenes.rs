//! A script that was read has scenes. Without shots as well, `shots::none` says so.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::script::is_foreign;
use crate::validate::{Facts, Findings, Rule};
use crate::validate::{FileFact, Kind};

pub(super) const RULE: Rule = Rule {
    code: "production::script::no_scenes",
    severity: Severity::Warning,
    needs_whole: true,
    summary: "the script has a scene heading",
    explanation: "Scenes begin with a heading on a line of its own, after an empty line, such as `EXT. PIER - \
        DUSK`. Without one, nothing ties the script to shots and locations.",
    wrong: "\
# script.fountain
The sea. Nobody is there.
",
    right: "\
# script.fountain
EXT. PIER - DUSK

The sea. Nobody is there.
",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    let Some(script) = production
        .script
        .as_ref()
        .filter(|_| production.scenes.is_empty() && !production.shots.is_empty())
    else {
        return;
    };
    if !is_foreign(script)
        && matches!(
            facts.files.get(&script.path),
            Some(FileFact::Holds(Kind::Other))
        )
    {
        let message = format!("script `{}` has no scene headings", script.path.display());
        let found = findings
            .at(script.origin, message)
            .with_label("no scenes found");
        findings.push(found.with_help(
            "a heading is a line such as `EXT. HARBOUR PIER - DUSK`, with an empty line before it",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only, origin};

    #[test]
    fn a_script_without_headings_is_told() {
        let found = only(&RULE, |production, _| production.scenes.clear());
        assert_eq!(found.origin, origin(1));
    }
}
