//! A script that could be read has scenes. Without shots as well, `shots::none` reports it.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::FileFact;
use crate::validate::speakers::is_not_text;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::script::no_scenes",
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "the script has a scene heading",
    explanation: "Scenes begin with a heading on a line of its own, after an empty line, such as \
        `EXT. PIER - DUSK`. Without one, nothing ties the script to shots and locations.",
    wrong: "\
# script.fountain
The sea. Nobody is there.
",
    right: "\
# script.fountain
EXT. PIER - DUSK

The sea. Nobody is there.
",
    check: report_no_scenes,
};

fn report_no_scenes(production: &Production, facts: &ExternalFacts, findings: &mut RuleFindings) {
    let Some(script) = production
        .script
        .as_ref()
        .filter(|_| production.scenes.is_empty() && !production.shots.is_empty())
    else {
        return;
    };
    if !is_not_text(script)
        // An empty or binary file has its own finding.
        && facts
            .files
            .get(&script.path)
            .is_some_and(FileFact::may_be_script)
    {
        let message = format!("script `{}` has no scene headings", script.path.display());
        let finding = findings
            .finding_at(script.origin, message)
            .with_label("no scenes found");
        findings.push(finding.with_help(
            "a heading is a line such as `EXT. HARBOUR PIER - DUSK`, with an empty line before it",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_origin};

    #[test]
    fn a_script_without_headings_is_reported() {
        let found = only_finding(&RULE, |production, _| production.scenes.clear());
        assert_eq!(found.origin, sample_origin(1));
    }
}
