//! At a cut, the picture changes.
//!
//! By the 30-degree rule, the size changes, or the camera turns by 30 degrees around the subject. A
//! camera that has moved by the end of its shot has changed the picture too.

use crate::base::Severity;
use crate::model::Production;
use crate::model::camera::{CameraMove, MoveKind};
use crate::model::cut::TransitionKind;
use crate::model::production::{Shot, ShotSubject};
use crate::validate::cuts::{angle_between, facing_degrees, scene_cuts};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

/// Degrees around the subject that make a different picture: the 30-degree rule.
const MIN_TURN_DEGREES: f32 = 30.0;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::jump_cut",
    // A warning: a jump cut may be a style.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "no two shots in a row show one subject in nearly the same picture",
    explanation: "Two shots in a row show the same subject at the same size, from the same height \
        and from nearly the same direction, so at the cut the picture jumps instead of changing. \
        The usual remedy is another size, or a camera that moves at least 30 degrees around the \
        subject. Productions that deliver only pictures, such as sprites, have no cuts, and this \
        rule is silent.",
    wrong: "\
shots:
  - {name: one, template: character_mcu, character: mara, location: pier}
  - {name: two, template: character_mcu, character: mara, location: pier}
",
    right: "\
shots:
  - {name: one, template: character_mcu, character: mara, location: pier}
  - {name: two, template: character_cu, character: mara, location: pier}
",
    check: report_jump_cuts,
};

fn report_jump_cuts(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for (before, after) in scene_cuts(production) {
        if !(is_same_subject(before, after)
            && is_same_camera(before, after)
            && is_camera_still(&before.camera.travel)
            && is_plain_cut(before, after))
        {
            continue;
        }
        let message = format!(
            "the cut from shot `{}` to `{}` jumps: same subject, size and direction",
            before.name.value, after.name.value
        );
        let finding = findings
            .finding_at(after.name.origin, message)
            .with_label("the same picture again");
        let finding = finding.with_related(before.name.origin, "after this one");
        findings
            .push(finding.with_help("change `size:`, or turn `azimuth:` by 30 degrees or more"));
    }
}

fn is_same_subject(left: &Shot, right: &Shot) -> bool {
    let cast = |shot: &Shot| {
        shot.cast
            .iter()
            .map(|role| role.character.index)
            .collect::<Vec<_>>()
    };
    // A performer who walks is in another place at the end of the shot, so the picture differs.
    let stands = |left: &Shot, right: &Shot| {
        left.cast
            .iter()
            .zip(&right.cast)
            .all(|(left, right)| left.mark == right.mark && left.speed <= 0.0 && right.speed <= 0.0)
    };
    let is_same = match left.subject {
        ShotSubject::Character | ShotSubject::Everyone => {
            cast(left) == cast(right) && !left.cast.is_empty() && stands(left, right)
        }
        ShotSubject::Prop => {
            let first = |shot: &Shot| {
                shot.props
                    .first()
                    .map(|role| (role.prop.index, role.mark.clone()))
            };
            first(left) == first(right) && first(left).is_some_and(|(index, _)| index.is_some())
        }
        // Two views of a place have no subject to jump.
        ShotSubject::Place => false,
    };
    is_same && left.subject == right.subject
}

fn is_same_camera(before: &Shot, after: &Shot) -> bool {
    let first = &before.camera;
    let second = &after.camera;
    // A subject that turns shows another side, like a camera that goes around it.
    let turned = facing_degrees(&before.cast, 0)
        .zip(facing_degrees(&after.cast, 0))
        .map_or(0.0, |(first, second)| angle_between(first, second));
    let longer = first.lens_mm.max(second.lens_mm) / first.lens_mm.min(second.lens_mm);
    first.size == second.size
        && first.angle == second.angle
        && angle_between(first.azimuth, second.azimuth) < MIN_TURN_DEGREES
        && turned < MIN_TURN_DEGREES
        // A lens longer by 1.4 changes the size on screen by one step, even with the same `size`.
        && longer < 1.4
}

/// Returns whether one picture follows the other. A dissolve or a wipe between two like pictures is
/// seen as a change, such as of before and after.
fn is_plain_cut(before: &Shot, after: &Shot) -> bool {
    let written = [before.transition_out, after.transition_in];
    let mut kinds = written.into_iter().flatten().map(|each| each.kind);
    kinds.all(|kind| kind == TransitionKind::Cut)
}

/// Returns whether the camera ends about where it began.
fn is_camera_still(travel: &CameraMove) -> bool {
    let amount = travel.amount.abs();
    match travel.kind {
        MoveKind::Static | MoveKind::Handheld => true,
        MoveKind::Orbit
        | MoveKind::PanLeft
        | MoveKind::PanRight
        | MoveKind::TiltUp
        // Half of the 30 degrees: the rest may come from the next shot.
        | MoveKind::TiltDown => amount < 15.0,
        _ => amount < 0.2,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Codec;
    use crate::model::camera::{MoveKind, ShotSize};
    use crate::model::cut::{ShotTransition, TransitionKind};
    use crate::validate::sample::{assert_no_findings, only_finding, sample_origin};

    #[test]
    fn the_same_picture_twice_running_jumps() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[1].camera = production.shots[0].camera;
        });
        assert_eq!(
            found.message,
            "the cut from shot `wide` to `close` jumps: same subject, size and direction"
        );
        assert_eq!(
            (found.origin, found.related[0].0),
            (sample_origin(40), sample_origin(30))
        );
    }

    #[test]
    fn a_wipe_between_like_pictures_is_no_cut() {
        assert_no_findings(|production, _| {
            production.shots[1].camera = production.shots[0].camera;
            production.shots[1].transition_in = Some(ShotTransition {
                kind: TransitionKind::Dissolve,
                frames: 6,
                origin: sample_origin(48),
            });
        });
    }

    #[test]
    fn thirty_degrees_or_another_size_or_a_long_move_make_another_picture() {
        assert_no_findings(|production, _| {
            production.shots[1].camera = production.shots[0].camera;
            production.shots[1].camera.azimuth = 40.0;
        });
        assert_no_findings(|production, _| {
            production.shots[1].camera = production.shots[0].camera;
            production.shots[1].camera.size = ShotSize::CloseUp;
        });
        assert_no_findings(|production, _| {
            production.shots[1].camera = production.shots[0].camera;
            production.shots[0].camera.travel.kind = MoveKind::DollyIn;
            production.shots[0].camera.travel.amount = 0.5;
        });
    }

    #[test]
    fn sprites_have_no_cuts() {
        assert_no_findings(|production, _| {
            production.shots[1].camera = production.shots[0].camera;
            production.outputs[0].format.codec = Codec::Png;
            production.outputs[0].path.value = "out/sprites".into();
        });
    }
}
