//! The script is Fountain or Final Draft, and no file of a word processor or a PDF.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::speakers::is_not_text;
use crate::validate::{ExternalFacts, FileFact, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::script::foreign_kind",
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "the script is Fountain or Final Draft",
    explanation: "Scripts are Fountain, which is plain text, or Final Draft (.fdx). Programs for \
        screenplays can export both; a PDF or a file of a word processor cannot be read, whatever \
        its extension is. The default of some text editors is RTF, which is no plain text either.",
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
        // A PDF would parse as a script without a single scene, which helps nobody. The first bytes
        // count, and the extension as well: a reader would be surprised by text in a `.pdf`.
        let noun = match facts.file_fact(script) {
            Some(FileFact::Holds(kind)) => kind.foreign_script_noun(),
            _ => None,
        };
        if noun.is_some() || is_not_text(script) {
            let path = script.path.display();
            let message = match noun {
                Some(noun) => format!("script `{path}` is {noun} and no script"),
                None => format!("script `{path}` is no script that can be read"),
            };
            let finding = findings
                .finding_at(script.origin, message)
                .with_label("cannot be read as a script");
            findings.push(finding.with_help(
                "export it as Fountain (.fountain) or Final Draft (.fdx), as screenwriting programs can",
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::file_kind::FileKind;
    use crate::validate::FileFact;
    use crate::validate::sample::{only_finding, sample_asset, set_file_fact};

    #[test]
    fn a_file_that_is_no_script_is_named_with_any_extension() {
        for (head, noun) in [
            (&b"{\\rtf1\\ansi"[..], "an RTF file"),
            (b"%PDF-1.7", "a PDF file"),
            (b"\x89PNG\r\n\x1a\n", "a picture"),
        ] {
            let found = only_finding(&RULE, |production, facts| {
                let script = production.script.as_ref().unwrap();
                let path = script.path.to_str().unwrap();
                set_file_fact(facts, path, FileFact::Holds(FileKind::from_head(head)));
                production.scenes.clear();
            });
            assert!(
                found.message.contains(&format!(" is {noun} and no ")),
                "{}",
                found.message
            );
        }
    }

    #[test]
    fn a_pdf_is_no_script() {
        let found = only_finding(&RULE, |production, _| {
            production.script = Some(sample_asset("last_light.pdf", 1));
        });
        assert_eq!(
            found.message,
            "script `last_light.pdf` is no script that can be read"
        );
    }
}
