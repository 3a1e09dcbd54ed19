//! Every graphic is seen within its shot and the film.

use crate::base::Severity;
use crate::model::Production;
use crate::model::graphics::ScreenGraphic;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::graphics::outside_shot",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every graphic begins in its shot, and ends with it at the latest",
    explanation: "A graphic that begins after the last frame of its shot is not seen, or over another shot \
        if `until` names one. It ends with its shot, or with the one that `until` names, and a `for` \
        that is longer has no effect. `at` counts from the start of the shot: frames from 0, or \
        seconds such as `1.5s`. Without `for` a graphic ends with its shot.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 96}
graphics:
  - {kind: quote, text: We keep the light., shot: wide, at: 120}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 96}
graphics:
  - {kind: quote, text: We keep the light., shot: wide, at: 12}
",
    check: report_times,
};

fn report_times(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for graphic in &production.graphics {
        let Some(shot) = production.shots.get(graphic.shot) else {
            continue;
        };
        let frames = shot.frames.len();
        if frames == 0 {
            continue;
        }
        let noun = graphic.kind.noun();
        if graphic.start >= frames {
            let message = format!(
                "the {noun} begins at frame {} of shot `{}`, which has {frames} frames",
                graphic.start, shot.name.value
            );
            let help = format!(
                "`at` counts from 0: write 0 to {}, or name the shot in which it begins",
                frames - 1
            );
            let finding = findings.finding_at(graphic.origin, message);
            findings.push(finding.with_label("begins after the shot").with_help(help));
        } else if let Some(left) = cut_length(production, graphic) {
            let next = production.shots.get(graphic.last_shot + 1);
            let (end, help) = match next {
                Some(next) => (
                    "its shot",
                    format!("write `until: {}` to show it there too", next.name.value),
                ),
                None => ("the film", "leave `for` out".to_owned()),
            };
            let message = format!(
                "the {noun} lasts {} frames, and {end} ends {left} frames after it begins",
                graphic.length
            );
            let help = format!("write `for: {left}` or less, or {help}");
            let finding = findings.finding_at(graphic.origin, message);
            findings.push(finding.with_label("cut off").with_help(help));
        }
    }
}

/// Returns how many frames its shots have left for a graphic that lasts longer. An editor who trims
/// a shot makes no mistake.
fn cut_length(production: &Production, graphic: &ScreenGraphic) -> Option<usize> {
    let shots = production.shots.get(graphic.shot..=graphic.last_shot)?;
    if shots.iter().any(|shot| shot.recut.is_some()) {
        return None;
    }
    let frames: usize = shots.iter().map(|shot| shot.frames.len()).sum();
    let left = frames.saturating_sub(graphic.start);
    (graphic.length > left).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::graphic_sample::sample_graphic;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_graphic_after_its_shot_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            sample_graphic(production).start = 48;
        });
        assert_eq!(
            found.message,
            "the bar chart begins at frame 48 of shot `wide`, which has 48 frames"
        );
    }

    #[test]
    fn a_graphic_that_is_longer_than_its_shot_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            sample_graphic(production).length = 49;
        });
        assert_eq!(
            found.message,
            "the bar chart lasts 49 frames, and its shot ends 48 frames after it begins"
        );
    }

    #[test]
    fn a_graphic_that_is_longer_than_the_film_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            let graphic = sample_graphic(production);
            graphic.shot = 1;
            graphic.last_shot = 1;
            graphic.length = 49;
        });
        assert_eq!(
            found.message,
            "the bar chart lasts 49 frames, and the film ends 48 frames after it begins"
        );
    }
}
