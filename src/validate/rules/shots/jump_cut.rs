//! At a cut the picture changes. The trade asks for another size, or for 30 degrees around the subject; a camera that has
//! travelled by the end of its shot has changed the picture too.

use crate::base::Severity;
use crate::model::Production;
use crate::model::camera::{CameraMove, MoveKind};
use crate::model::production::{Shot, ShotSubject};
use crate::validate::cuts::{between, cuts, facing};
use crate::validate::{Facts, Findings, Rule};

/// Degrees around the subject that make another picture.
const TURN: f32 = 30.0;

pub(super) const RULE: Rule = Rule {
    code: "production::shots::jump_cut",
    severity: Severity::Warning,
    needs_whole: true,
    summary: "no two shots in a row show one subject in nearly the same picture",
    explanation: "Two shots in a row show the same subject at the same size, from the same height and from \
        nearly the same direction, so at the cut the picture jumps instead of changing. The usual \
        remedy is another size, or a camera that moves at least 30 degrees around the subject. \
        Productions that deliver only pictures, such as sprites, have no cuts, and this rule is \
        silent.",
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
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    for (before, after) in cuts(production) {
        if !(is_same_subject(before, after)
            && is_same_camera(before, after)
            && stays(&before.camera.travel))
        {
            continue;
        }
        let message = format!(
            "the cut from shot `{}` to `{}` jumps: same subject, size and direction",
            before.name.value, after.name.value
        );
        let found = findings
            .at(after.name.origin, message)
            .with_label("the same picture again");
        let found = found.with_related(before.name.origin, "after this one");
        findings.push(found.with_help("change `size:`, or turn `azimuth:` by 30 degrees or more"));
    }
}

fn is_same_subject(one: &Shot, other: &Shot) -> bool {
    let cast = |shot: &Shot| {
        shot.cast
            .iter()
            .map(|role| role.character.index)
            .collect::<Vec<_>>()
    };
    let stands = |one: &Shot, other: &Shot| {
        one.cast
            .iter()
            .zip(&other.cast)
            .all(|(one, other)| one.mark == other.mark && one.speed <= 0.0 && other.speed <= 0.0)
    };
    let is_same = match one.subject {
        ShotSubject::Character | ShotSubject::Everyone => {
            cast(one) == cast(other) && !one.cast.is_empty() && stands(one, other)
        }
        ShotSubject::Prop => {
            let first = |shot: &Shot| {
                shot.props
                    .first()
                    .map(|role| (role.prop.index, role.mark.clone()))
            };
            first(one) == first(other) && first(one).is_some_and(|(index, _)| index.is_some())
        }
        ShotSubject::Place => false,
    };
    is_same && one.subject == other.subject
}

fn is_same_camera(before: &Shot, after: &Shot) -> bool {
    let (one, other) = (&before.camera, &after.camera);
    let turned = facing(&before.cast, 0)
        .zip(facing(&after.cast, 0))
        .map_or(0.0, |(one, other)| between(one, other));
    let longer = one.lens_mm.max(other.lens_mm) / one.lens_mm.min(other.lens_mm);
    one.size == other.size
        && one.angle == other.angle
        && between(one.azimuth, other.azimuth) < TURN
        && turned < TURN
        && longer < 1.4
}

/// Returns whether the camera ends about where it began.
fn stays(travel: &CameraMove) -> bool {
    let amount = travel.amount.abs();
    match travel.kind {
        MoveKind::Static | MoveKind::Handheld => true,
        MoveKind::Orbit
        | MoveKind::PanLeft
        | MoveKind::PanRight
        | MoveKind::TiltUp
        | MoveKind::TiltDown => amount < 15.0,
        _ => amount < 0.2,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Codec;
    use crate::model::camera::{MoveKind, ShotSize};
    use crate::validate::sample::{nothing, only, origin};

    #[test]
    fn the_same_picture_twice_running_jumps() {
        let found = only(&RULE, |production, _| {
            production.shots[1].camera = production.shots[0].camera
        });
        assert_eq!(
            found.message,
            "the cut from shot `wide` to `close` jumps: same subject, size and direction"
        );
        assert_eq!((found.origin, found.related[0].0), (origin(40), origin(30)));
    }

    #[test]
    fn thirty_degrees_or_another_size_or_a_long_move_make_another_picture() {
        nothing(|production, _| {
            production.shots[1].camera = production.shots[0].camera;
            production.shots[1].camera.azimuth = 40.0;
        });
        nothing(|production, _| {
            production.shots[1].camera = production.shots[0].camera;
            production.shots[1].camera.size = ShotSize::CloseUp;
        });
        nothing(|production, _| {
            production.shots[1].camera = production.shots[0].camera;
            production.shots[0].camera.travel.kind = MoveKind::DollyIn;
            production.shots[0].camera.travel.amount = 0.5;
        });
    }

    #[test]
    fn sprites_have_no_cuts() {
        nothing(|production, _| {
            production.shots[1].camera = production.shots[0].camera;
            production.outputs[0].format.codec = Codec::Png;
            production.outputs[0].path.value = "out/sprites".into();
        });
    }
}
