//! Every variant is in its model.

use crate::base::Severity;
use crate::base::suggestions::{SearchAllowance, did_you_mean};
use crate::model::Production;
use crate::validate::file_mentions::mentions_by_import;
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::files::unknown_variant",
    // An error: the import of the model would fail.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every variant is in its model",
    explanation: "`variant` chooses materials by a name that the glTF file gives them \
        (`KHR_materials_variants`), such as the colours of a shoe. The help line names those that \
        the file has. Capital and small letters are one.",
    wrong: "\
characters:
  - {name: mara, model: assets/variants.gltf, variant: yelow}
",
    right: "\
characters:
  - {name: mara, model: assets/variants.gltf, variant: yellow}
",
    check: report_unknown_variants,
};

fn report_unknown_variants(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let allowance = SearchAllowance::default();
    report_file_problems(mentions_by_import(production), findings, |file| {
        let name = file.asset.mend.variant.as_ref()?;
        let none = Vec::new();
        let known = if file.asset.has_extension("blend") {
            // Variants are glTF's. A Blender file has scenes and collections.
            &none
        } else {
            facts.variants.get(&file.asset.path)?
        };
        if known.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return None;
        }
        let message = format!("has no variant `{name}`");
        let label = if known.is_empty() {
            "the file has no variants".to_owned()
        } else {
            format!("its variants are `{}`", known.join("`, `"))
        };
        let near = allowance.search(|| did_you_mean(name, known.iter().map(String::as_str)));
        let without = known.is_empty().then(|| "leave out `variant`".to_owned());
        Some(FileProblem::new(message, label).with_help(near.or(without)))
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::ExternalFacts;
    use crate::validate::sample::{assert_no_findings, only_finding};

    fn with_variants(facts: &mut ExternalFacts, names: &[&str]) {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        facts.variants.insert("assets/mara.glb".into(), names);
    }

    #[test]
    fn an_unknown_variant_is_reported_with_those_that_there_are() {
        let found = only_finding(&RULE, |production, facts| {
            with_variants(facts, &["yellow", "midnight"]);
            let model = production.characters[0].model.as_mut().unwrap();
            model.mend.variant = Some("yelow".to_owned());
        });
        assert_eq!(
            found.message,
            "model `assets/mara.glb` of character `mara` has no variant `yelow`"
        );
        assert_eq!(found.label, "its variants are `yellow`, `midnight`");
        assert_eq!(found.help.as_deref(), Some("did you mean `yellow`?"));
    }

    #[test]
    fn a_file_without_variants_says_so() {
        let found = only_finding(&RULE, |production, facts| {
            with_variants(facts, &[]);
            let model = production.characters[0].model.as_mut().unwrap();
            model.mend.variant = Some("yellow".to_owned());
        });
        assert_eq!(found.label, "the file has no variants");
    }

    #[test]
    fn letters_may_be_small_or_capital() {
        assert_no_findings(|production, facts| {
            with_variants(facts, &["Yellow"]);
            let model = production.characters[0].model.as_mut().unwrap();
            model.mend.variant = Some("yellow".to_owned());
        });
    }
}
