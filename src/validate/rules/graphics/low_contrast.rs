//! Graphics differ enough from their panel.

use crate::base::Severity;
use crate::model::Production;
use crate::model::graphics::{GraphicContent, LEAST_CONTRAST, ScreenGraphic, colour_contrast};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::graphics::low_contrast",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "texts and bars of a graphic are told apart from its panel",
    explanation: "The contrast of the colour with that of the panel is below 3:1, as WCAG 2.1 counts it \
        for large letters and shapes. On a telephone in daylight nobody reads it. Take a lighter \
        colour, or a darker `panel`; without `colour`, texts are white or black, whichever is \
        read better.",
    wrong: "\
graphics:
  - {kind: quote, text: We keep the light., colour: \"444444\", panel: black}
",
    right: "\
graphics:
  - {kind: quote, text: We keep the light., colour: \"dddddd\", panel: black}
",
    check: report_contrasts,
};

fn report_contrasts(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for graphic in &production.graphics {
        let Some(panel) = graphic.block.colours.panel else {
            continue;
        };
        let colours = &graphic.block.colours;
        let mut shown = vec![("colour", colours.text)];
        if has_accent(graphic) {
            shown.push(("accent", colours.accent));
        }
        for (field, colour) in shown {
            let contrast = colour_contrast(colour, panel.colour);
            if contrast >= LEAST_CONTRAST {
                continue;
            }
            let message = format!(
                "the {field} {colour} is hard to see on the panel {}",
                panel.colour
            );
            let finding = findings.finding_at(graphic.origin, message);
            let label = format!("a contrast of {contrast:.1}:1");
            let help =
                format!("give `{field}` or `panel` another colour: 3:1 is the least that is read");
            findings.push(finding.with_label(label).with_help(help));
        }
    }
}

/// Returns whether anything of a graphic has the colour of its accent.
const fn has_accent(graphic: &ScreenGraphic) -> bool {
    !matches!(
        graphic.block.content,
        GraphicContent::Table { .. } | GraphicContent::Code(_)
    )
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::cut::ScreenColour;
    use crate::validate::graphic_sample::sample_graphic;
    use crate::validate::sample::only_finding;

    #[test]
    fn dark_bars_on_a_dark_panel_are_reported() {
        let found = only_finding(&RULE, |production, _| {
            sample_graphic(production).block.colours.accent = ScreenColour([30, 30, 40]);
        });
        assert_eq!(
            found.message,
            "the accent #1e1e28 is hard to see on the panel #000000"
        );
    }
}
