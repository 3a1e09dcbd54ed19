//! Footage is as large as the outputs.

use super::footage_shots;
use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::footage::enlarged",
    // A note: small footage is often all there is.
    severity: Severity::Info,
    skip_if_partial: false,
    summary: "footage is as large as the outputs that show it",
    explanation: "The pictures are smaller than an output, so they are enlarged and look \
        soft.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/small.%02d.png}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.%02d.png}
",
    check: report_enlarged,
};

fn report_enlarged(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let sizes = production.outputs.iter().map(|output| output.format.size);
    let Some(largest) = sizes.max_by_key(|size| size.pixel_count()) else {
        return;
    };
    for (shot, footage) in footage_shots(production) {
        let Some(size) = footage.facts.size() else {
            continue;
        };
        if size.width >= largest.width || size.height >= largest.height {
            continue;
        }
        let path = footage.source.path.display();
        let message = format!(
            "footage `{path}` of shot `{}` is {size}, and an output is {largest}",
            shot.name.value
        );
        let finding = findings.finding_at(footage.source.origin, message);
        findings.push(finding.with_label("will be enlarged"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PixelSize;
    use crate::validate::rules::footage::sample::{change_run, set_pictures};
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn small_footage_is_noted() {
        let found = only_finding(&RULE, |production, _| {
            set_pictures(production, 1..=48);
            change_run(production, |run| run.size = PixelSize::new(640, 360));
        });
        assert!(
            found
                .message
                .ends_with("is 640x360, and an output is 1920x1080")
        );
    }

    #[test]
    fn footage_of_full_size_passes() {
        assert_no_findings(|production, _| set_pictures(production, 1..=48));
    }
}
