//! Every fact of a burn-in is known.

use crate::base::Severity;
use crate::model::Production;
use crate::model::titles::BurnInField;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::titles::unset_fact",
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "every fact of a burn-in is written in the document",
    explanation: "`revision` is the `version` of the document, `date` its `modified` or else its \
        `created`, and `title` its title. They are facts of the document and not of the run: a \
        number of the run or the date of today would encode a finished film again each time. \
        Write the field, or leave the fact out.",
    wrong: "\
outputs:
  - {name: film, codec: h264, resolution: 1920x1080, frame_rate: 24, path: out/film.mp4, burn_in: [revision]}
",
    right: "\
version: \"3\"
outputs:
  - {name: film, codec: h264, resolution: 1920x1080, frame_rate: 24, path: out/film.mp4, burn_in: [revision]}
",
    check: report_unset_facts,
};

fn report_unset_facts(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for output in production.distinct_outputs() {
        for mark in &output.marks.burn_in {
            let Some(field) = unset_field(production, mark.field.value) else {
                continue;
            };
            let message = format!(
                "the burn-in shows the {} of the document, which has none",
                mark.field.value.name()
            );
            let finding = findings
                .finding_at(mark.field.origin, message)
                .with_label("nothing is shown");
            findings.push(finding.with_help(format!("write `{field}:`, or remove it here")));
        }
    }
}

/// Returns the field of the document that a fact needs and that is unset.
fn unset_field(production: &Production, fact: BurnInField) -> Option<&'static str> {
    let meta = &production.meta;
    let is_unset = |text: Option<&String>| text.is_none_or(|text| text.trim().is_empty());
    match fact {
        BurnInField::Revision => is_unset(meta.version.as_ref()).then_some("version"),
        BurnInField::Date => {
            let date = meta.modified.as_ref().or(meta.created.as_ref());
            is_unset(date).then_some("modified")
        }
        BurnInField::Title => {
            is_unset(meta.title.as_ref().map(|title| &title.value)).then_some("title")
        }
        BurnInField::Shot | BurnInField::Frame | BurnInField::Timecode | BurnInField::Output => {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::base::Spanned;
    use crate::model::titles::{BurnInField, BurnInMark};
    use crate::validate::sample::{only_finding, sample_origin};

    #[test]
    fn a_revision_of_a_document_without_a_version_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            production.meta.version = None;
            production.outputs[0].marks.burn_in = vec![BurnInMark {
                field: Spanned::new(BurnInField::Revision, sample_origin(66)),
                place: BurnInField::Revision.usual_place(),
            }];
        });
        assert_eq!(
            found.message,
            "the burn-in shows the revision of the document, which has none"
        );
    }
}
