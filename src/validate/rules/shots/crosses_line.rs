//! In a conversation, the cameras stay on one side of the line between the two, so that one always
//! looks right and the other left.
//!
//! Only certain cases are reported: two close shots in a row, each of one of two people who look at
//! each other, both clearly to the same side of the screen, from cameras on opposite sides of the
//! line. The azimuth alone gives the side of the screen. The directions of the two give the line.

use crate::base::Severity;
use crate::model::Production;
use crate::model::camera::{CameraAngle, MoveKind};
use crate::model::production::{Shot, ShotSubject};
use crate::validate::cuts::{angle_between, facing_degrees, scene_cuts};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

/// Sine of ten degrees. Below it, a performer looks into the camera or away from it.
const MIN_LOOK_SINE: f32 = 0.17;
/// Least angle between the directions of two people who look at each other.
// Well below 180, because people in a group or at a corner of a table do not face each other
// squarely.
const MIN_OPPOSED_DEGREES: f32 = 100.0;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::crosses_line",
    // A warning: crossing the line is a rule of the trade that directors break on purpose.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "close shots of two who talk stay on one side of the line between them",
    explanation: "Two people who talk to each other have a line between them, and the cameras of a \
        conversation stay on one side of it: then one always looks to the right and the other to \
        the left. When a close shot of one follows a close shot of the other from the far side, \
        both look the same way, and seem to talk to someone else. Turn the sign of one `azimuth`. \
        A deliberate crossing is best shown by a move or a wide shot between the two.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: ilya, model: assets/ilya.glb}
shots:
  - name: hers
    template: cu_dialogue
    characters: [{name: mara, mark: mark_a, facing: 70}]
    azimuth: -30
    location: pier
  - name: his
    template: reverse_dialogue
    characters: [{name: ilya, mark: mark_b, facing: -70}]
    azimuth: -30
    location: pier
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: ilya, model: assets/ilya.glb}
shots:
  - name: hers
    template: cu_dialogue
    characters: [{name: mara, mark: mark_a, facing: 70}]
    azimuth: -30
    location: pier
  - name: his
    template: reverse_dialogue
    characters: [{name: ilya, mark: mark_b, facing: -70}]
    azimuth: 30
    location: pier
",
    check: report_crossed_lines,
};

fn report_crossed_lines(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for (before, after) in scene_cuts(production) {
        let (Some(first), Some(second)) = (
            SubjectView::from_shot(before),
            SubjectView::from_shot(after),
        ) else {
            continue;
        };
        // Somebody who turns around crosses no line: it is between two people.
        if first.character == second.character || !first.is_across_from(&second) {
            continue;
        }
        let side = if first.screen_direction() > 0.0 {
            "right"
        } else {
            "left"
        };
        let message = format!(
            "shot `{}` crosses the line: `{}` looks screen {side}, as `{}` did before",
            after.name.value, second.name, first.name
        );
        let finding = findings
            .finding_at(after.name.origin, message)
            .with_label("from the far side");
        let finding = finding.with_related(
            before.name.origin,
            format!("`{}` looks {side} here", first.name),
        );
        findings.push(finding.with_help(format!(
            "write `azimuth: {}` to stay on one side",
            -second.azimuth
        )));
    }
}

/// A performer as the camera sees them.
struct SubjectView<'a> {
    character: usize,
    name: &'a str,
    facing: f32,
    azimuth: f32,
}

impl<'a> SubjectView<'a> {
    fn from_shot(shot: &'a Shot) -> Option<Self> {
        let camera = &shot.camera;
        // From straight above or below there is no left and right between two people.
        let level = !matches!(camera.angle, CameraAngle::BirdsEye | CameraAngle::WormsEye);
        // A camera that orbits shows the crossing, which is the accepted way to do it.
        let still = camera.travel.kind != MoveKind::Orbit || camera.travel.amount.abs() < 15.0;
        // With three or more in the shot, the partner is not known.
        let close = shot.subject == ShotSubject::Character && shot.cast.len() <= 2;
        let role = shot.cast.first().filter(|_| level && still && close)?;
        Some(Self {
            character: role.character.index?,
            name: &role.character.name.value,
            facing: facing_degrees(&shot.cast, 0)?,
            azimuth: camera.azimuth,
        })
    }

    /// Returns where the performer looks on screen, from 1 (right) to -1 (left).
    fn screen_direction(&self) -> f32 {
        -self.azimuth.to_radians().sin()
    }

    /// Returns on which side of a line in this direction the camera is, from 1 to -1.
    fn side_of_line(&self, line: f32) -> f32 {
        (self.facing + self.azimuth - line).to_radians().sin()
    }

    /// Returns whether two who look at each other look the same way on screen, seen from both sides
    /// of their line.
    fn is_across_from(&self, other: &Self) -> bool {
        let front = self.facing.to_radians();
        let back = (other.facing + 180.0).to_radians();
        // The line is the mean of one direction and the reverse of the other. A mean of angles
        // needs vectors, since 359 and 1 degree average to 0 and not to 180.
        let line = (front.sin() + back.sin())
            .atan2(front.cos() + back.cos())
            .to_degrees();
        let look = (self.screen_direction(), other.screen_direction());
        let side = (self.side_of_line(line), other.side_of_line(line));
        angle_between(self.facing, other.facing) >= MIN_OPPOSED_DEGREES
            && look.0.abs().min(look.1.abs()) > MIN_LOOK_SINE
            && look.0 * look.1 > 0.0
            && side.0 * side.1 < 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Production;
    use crate::model::production::ShotSubject;
    use crate::model::shot_staging::FacingDirection;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_origin};

    /// Makes the two shots singles of the two people, who look at each other, seen at these
    /// azimuths.
    fn singles(production: &mut Production, azimuths: [f32; 2]) {
        for (at, shot) in production.shots.iter_mut().enumerate() {
            shot.subject = ShotSubject::Character;
            shot.cast = vec![shot.cast[at].clone()];
            shot.cast[0].facing = FacingDirection::Degrees([70.0, -70.0][at]);
            shot.camera.azimuth = azimuths[at];
        }
    }

    #[test]
    fn two_who_talk_and_look_the_same_way_cross_the_line() {
        let found = only_finding(&RULE, |production, _| singles(production, [-30.0, -30.0]));
        assert_eq!(
            found.message,
            "shot `close` crosses the line: `ilya` looks screen right, as `mara` did before"
        );
        assert_eq!(found.origin, sample_origin(40));
        assert_eq!(
            found.help.as_deref(),
            Some("write `azimuth: 30` to stay on one side")
        );
    }

    #[test]
    fn shot_and_reverse_shot_are_right() {
        assert_no_findings(|production, _| singles(production, [-30.0, 30.0]));
        assert_no_findings(|production, _| singles(production, [-60.0, 25.0]));
    }

    #[test]
    fn a_figure_that_looks_into_the_camera_looks_to_no_side() {
        assert_no_findings(|production, _| singles(production, [-30.0, -5.0]));
    }

    #[test]
    fn over_the_shoulder_counts_like_a_single() {
        let found = only_finding(&RULE, |production, _| {
            for (at, shot) in production.shots.iter_mut().enumerate() {
                shot.subject = ShotSubject::Character;
                shot.cast.rotate_left(at);
                shot.cast[0].facing = FacingDirection::Partner(1);
                shot.camera.azimuth = 20.0;
            }
        });
        assert!(found.message.contains("screen left"), "{}", found.message);
    }

    #[test]
    fn two_who_look_at_the_same_thing_have_no_line() {
        assert_no_findings(|production, _| {
            singles(production, [-30.0, -30.0]);
            production.shots[1].cast[0].facing = FacingDirection::Degrees(60.0);
        });
    }
}
