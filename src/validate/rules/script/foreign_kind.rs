//! The script is text. Word processors and PDF printers write other things.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::script::is_foreign;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::script::foreign_kind",
    severity: Severity::Error,
    needs_whole: false,
    summary: "the script is a text file",
    explanation: "Scripts are read as Fountain, which is plain text. Programs for screenplays can export it; a \
        PDF or a word processor's file cannot be read.",
    wrong: "\
script: script.pdf
",
    right: "\
script: script.fountain

# script.fountain
EXT. PIER - DUSK

Mara waits.
",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    for script in production
        .script
        .iter()
        .filter(|script| facts.may_exist(script))
    {
        if is_foreign(script) {
            let message = format!("script `{}` is not a Fountain file", script.path.display());
            let found = findings
                .at(script.origin, message)
                .with_label("cannot be read as a script");
            findings.push(found.with_help(
                "export it as Fountain (.fountain), which every screenwriting program can",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{asset, only};

    #[test]
    fn a_pdf_is_no_script() {
        let found = only(&RULE, |production, _| {
            production.script = Some(asset("last_light.pdf", 1))
        });
        assert_eq!(
            found.message,
            "script `last_light.pdf` is not a Fountain file"
        );
    }
}
