//! The camera of one shot: its template's, with the fields of the shot on top.

use super::context::ResolveContext;
use crate::base::Spanned;
use crate::base::name_form::is_same_name;
use crate::base::suggestions::nearest_match;
use crate::document::draft::{ModelCameraDraft, MoveDraft, ShotDraft};
use crate::document::overlay::OverlayFields;
use crate::document::quote::quote_value;
use crate::document::{RawScalar, TextOr};
use crate::model::camera::{Camera, CameraMove, ShotSize};
use crate::model::lens_optics::{FocusTarget, LensOptics};
use crate::model::production::{CastRole, ShotModelCamera};
use crate::model::{defaults, value_ranges};

pub(super) fn resolve_camera(
    context: &mut ResolveContext<'_>,
    shot: &ShotDraft,
    sensor_width: f32,
    cast: &[CastRole],
) -> Camera {
    Camera {
        size: shot.size.map_or(ShotSize::Medium, |size| size.value),
        angle: shot.angle.map(|angle| angle.value).unwrap_or_default(),
        azimuth: context
            .in_range_opt("azimuth", &shot.azimuth, value_ranges::TURN)
            .unwrap_or(0.0),
        lens_mm: shot
            .lens
            .as_ref()
            .and_then(|text| focal_length(context, text))
            .unwrap_or(defaults::LENS),
        sensor_width,
        travel: shot
            .travel
            .as_ref()
            .map_or_else(static_move, |written| resolve_move(context, written)),
        optics: resolve_optics(context, shot, cast),
    }
}

/// Returns the camera of a model that a shot uses. `None`: it uses its own.
pub(super) fn resolve_model_camera(
    written: Option<&TextOr<ModelCameraDraft>>,
) -> Option<ShotModelCamera> {
    let (from, name) = match written? {
        TextOr::Text(name) => (None, Some(&name.0)),
        TextOr::Full(full) => (full.from.as_ref(), full.name.as_ref()),
    };
    // An entry without a name has no camera; the rule `unknown_camera` says so.
    let place = from.or(name)?;
    let name = name.cloned();
    Some(ShotModelCamera {
        // `set` is what is meant without `from`.
        from: from.filter(|from| from.value != "set").cloned(),
        name: name.unwrap_or_else(|| Spanned::new(String::new(), place.origin)),
    })
}

/// Returns the depth of field of a shot. `None`: no aperture, everything is sharp.
fn resolve_optics(
    context: &mut ResolveContext<'_>,
    shot: &ShotDraft,
    cast: &[CastRole],
) -> Option<LensOptics> {
    // Focus is resolved even without an aperture. Otherwise a misspelt name would be reported only
    // on the day when somebody adds the aperture.
    let focus = shot
        .focus
        .as_ref()
        .and_then(|text| parse_focus(context, text, cast))
        .unwrap_or_default();
    let aperture = context.in_range_opt("aperture", &shot.aperture, value_ranges::APERTURE)?;
    Some(LensOptics { aperture, focus })
}

fn parse_focus(
    context: &mut ResolveContext<'_>,
    text: &RawScalar,
    cast: &[CastRole],
) -> Option<FocusTarget> {
    let word = text.value.trim();
    // `subject` is the default focus, so `None` stands for it.
    if text.is_placeholder || word == "subject" {
        return None;
    }
    // Numbers come first. A character named `2` cannot be focused on by name.
    if let Ok(metres) = word.trim_end_matches('m').trim().parse::<f32>() {
        return context
            .in_range(
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
    let focus = names
        .iter()
        .position(|name| is_same_name(name, word))
        // Only the cast of this shot counts. A character elsewhere has no distance to this camera.
        .map(FocusTarget::Performer);
    if focus.is_none() {
        let message = format!(
            "{} is not a character of this shot to focus on",
            quote_value(word)
        );
        let known = names
            .iter()
            .map(|name| format!("`{name}`, "))
            .collect::<String>();
        // `subject` is among the candidates, since it can be misspelt as well.
        let near = nearest_match(word, names.iter().copied().chain(["subject"]));
        let help = near.map_or_else(
            || format!("write {known}`subject`, or metres from the camera"),
            |near| format!("did you mean `{near}`?"),
        );
        context.report_error(
            "production::shots::unknown_focus",
            text.origin,
            message,
            Some(help),
        );
    }
    focus
}

fn focal_length(context: &mut ResolveContext<'_>, text: &RawScalar) -> Option<f32> {
    // A number is a focal length, anything else the name of a lens preset. `50mm` is accepted
    // because lenses are named that way.
    if let Ok(mm) = text
        .value
        .trim()
        .trim_end_matches("mm")
        .trim()
        .parse::<f32>()
    {
        return context.in_range("lens", &Spanned::new(mm, text.origin), value_ranges::LENS);
    }
    let library = context.library;
    let preset = context.find_preset("lens", &library.lenses, &text.0)?;
    context.in_range_opt("mm", &preset.mm, value_ranges::LENS)
}

fn resolve_move(context: &mut ResolveContext<'_>, written: &TextOr<MoveDraft>) -> CameraMove {
    let own = MoveDraft::from(written.clone());
    let library = context.library;
    let preset = own
        .preset
        .as_ref()
        .and_then(|name| context.find_preset("camera move", &library.moves, name));
    let base = preset.cloned().unwrap_or_default();
    let merged = own.overlay_on(base);
    let kind = merged.kind.map(|kind| kind.value).unwrap_or_default();
    CameraMove {
        kind,
        amount: context
            .in_range_opt("amount", &merged.amount, value_ranges::AMOUNT)
            // The default depends on the kind: an amount is degrees for a pan and a share of the
            // distance for a dolly, so one number cannot serve both.
            .unwrap_or_else(|| default_move_amount(kind)),
        easing: merged.easing.map(|easing| easing.value).unwrap_or_default(),
    }
}

/// Returns the amount of a move without one: degrees for rotations, a share of the distance for
/// dollies and cranes, a strength for handheld.
const fn default_move_amount(kind: crate::model::camera::MoveKind) -> f32 {
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

const fn static_move() -> CameraMove {
    CameraMove {
        kind: crate::model::camera::MoveKind::Static,
        amount: 0.0,
        easing: crate::model::camera::Easing::InOut,
    }
}
