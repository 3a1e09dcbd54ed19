//! The camera of one shot, from its template and the fields beside it.

use super::desk::Desk;
use crate::base::Spanned;
use crate::base::suggestions::nearest_match;
use crate::document::draft::{MoveDraft, ShotDraft};
use crate::document::overlay::OverlayFields;
use crate::document::quote::quote_value;
use crate::document::{RawScalar, TextOr};
use crate::model::camera::{Camera, CameraMove, ShotSize};
use crate::model::lens_optics::{FocusTarget, LensOptics};
use crate::model::production::CastRole;
use crate::model::{defaults, value_ranges};

pub(super) fn camera(
    desk: &mut Desk<'_>,
    shot: &ShotDraft,
    sensor_width: f32,
    cast: &[CastRole],
) -> Camera {
    Camera {
        size: shot.size.map_or(ShotSize::Medium, |size| size.value),
        angle: shot.angle.map(|angle| angle.value).unwrap_or_default(),
        azimuth: desk
            .maybe("azimuth", &shot.azimuth, value_ranges::TURN)
            .unwrap_or(0.0),
        lens_mm: shot
            .lens
            .as_ref()
            .and_then(|text| lens(desk, text))
            .unwrap_or(defaults::LENS),
        sensor_width,
        travel: shot
            .travel
            .as_ref()
            .map_or_else(still, |written| travel(desk, written)),
        optics: optics(desk, shot, cast),
    }
}

/// Returns the opened lens. Where it would be sharp is looked at even when it is not opened, so that no mistake waits there.
fn optics(desk: &mut Desk<'_>, shot: &ShotDraft, cast: &[CastRole]) -> Option<LensOptics> {
    let focus = shot
        .focus
        .as_ref()
        .and_then(|text| focus(desk, text, cast))
        .unwrap_or_default();
    let aperture = desk.maybe("aperture", &shot.aperture, value_ranges::APERTURE)?;
    Some(LensOptics { aperture, focus })
}

fn focus(desk: &mut Desk<'_>, text: &RawScalar, cast: &[CastRole]) -> Option<FocusTarget> {
    let word = text.value.trim();
    if text.is_placeholder || word == "subject" {
        return None;
    }
    if let Ok(metres) = word.trim_end_matches('m').trim().parse::<f32>() {
        return desk
            .within(
                "focus",
                &Spanned::new(metres, text.origin),
                value_ranges::FOCUS,
            )
            .map(FocusTarget::Distance);
    }
    let names: Vec<&str> = cast
        .iter()
        .map(|role| role.character.name.value.as_str())
        .collect();
    let found = names
        .iter()
        .position(|name| *name == word)
        .map(FocusTarget::Performer);
    if found.is_none() {
        let message = format!(
            "{} is no one in this shot to be sharp at",
            quote_value(word)
        );
        let known = names
            .iter()
            .map(|name| format!("`{name}`, "))
            .collect::<String>();
        let near = nearest_match(word, names.iter().copied().chain(["subject"]));
        let help = near.map_or_else(
            || format!("write {known}`subject`, or metres from the camera"),
            |near| format!("did you mean `{near}`?"),
        );
        desk.error(
            "production::shots::unknown_focus",
            text.origin,
            message,
            Some(help),
        );
    }
    found
}

fn lens(desk: &mut Desk<'_>, text: &RawScalar) -> Option<f32> {
    if let Ok(mm) = text
        .value
        .trim()
        .trim_end_matches("mm")
        .trim()
        .parse::<f32>()
    {
        return desk.within("lens", &Spanned::new(mm, text.origin), value_ranges::LENS);
    }
    let library = desk.library;
    let preset = desk.preset("lens", &library.lenses, &text.0)?;
    desk.maybe("mm", &preset.mm, value_ranges::LENS)
}

fn travel(desk: &mut Desk<'_>, written: &TextOr<MoveDraft>) -> CameraMove {
    let own = MoveDraft::from(written.clone());
    let library = desk.library;
    let preset = own
        .preset
        .as_ref()
        .and_then(|name| desk.preset("camera move", &library.moves, name));
    let base = preset.cloned().unwrap_or_default();
    let merged = own.overlay_on(base);
    let kind = merged.kind.map(|kind| kind.value).unwrap_or_default();
    CameraMove {
        kind,
        amount: desk
            .maybe("amount", &merged.amount, value_ranges::AMOUNT)
            .unwrap_or_else(|| usual_amount(kind)),
        easing: merged.easing.map(|easing| easing.value).unwrap_or_default(),
    }
}

/// How far a move goes when nothing says so.
const fn usual_amount(kind: crate::model::camera::MoveKind) -> f32 {
    use crate::model::camera::MoveKind as M;
    match kind {
        M::Static => 0.0,
        M::Orbit => 30.0,
        M::PanLeft | M::PanRight => 20.0,
        M::TiltUp | M::TiltDown => 12.0,
        M::DollyIn
        | M::DollyOut
        | M::PushIn
        | M::TruckLeft
        | M::TruckRight
        | M::CraneUp
        | M::CraneDown => 0.2,
        M::Handheld => 1.0,
    }
}

const fn still() -> CameraMove {
    CameraMove {
        kind: crate::model::camera::MoveKind::Static,
        amount: 0.0,
        easing: crate::model::camera::Easing::InOut,
    }
}
