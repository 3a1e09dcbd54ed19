//! The script is a text file, and not one of a word processor or a PDF.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::speakers::is_not_text;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::script::foreign_kind",
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "the script is a text file",
    explanation: "Scripts are read as Fountain, which is plain text. Programs for screenplays can \
        export it; a PDF or a word processor's file cannot be read.",
    wrong: "\
script: script.pdf
",
    right: "\
script: script.fountain

# script.fountain
EXT. PIER - DUSK

Mara waits.
",
    check: report_non_text_script,
};

fn report_non_text_script(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for script in production
        .script
        .iter()
        .filter(|script| facts.may_exist(script))
    {
        // By extension: a PDF would parse as a script without a single scene, which helps nobody.
        if is_not_text(script) {
            let message = format!("script `{}` is not a Fountain file", script.path.display());
            let finding = findings
                .finding_at(script.origin, message)
                .with_label("cannot be read as a script");
            findings.push(finding.with_help(
                "export it as Fountain (.fountain), which every screenwriting program can",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_asset};

    #[test]
    fn a_pdf_is_no_script() {
        let found = only_finding(&RULE, |production, _| {
            production.script = Some(sample_asset("last_light.pdf", 1));
        });
        assert_eq!(
            found.message,
            "script `last_light.pdf` is not a Fountain file"
        );
    }
}
