//! What outputs for games have in common: sprite sheets and tile maps.

use super::context::ResolveContext;
use super::output_parts::{OutputParts, WrittenPath, filled_path};
use super::outputs::folder_path;
use super::retro::resolve_retro;
use super::unused_fields::picture_fields;
use crate::base::Spanned;
use crate::base::suggestions::did_you_mean;
use crate::document::RawScalar;
use crate::document::draft::{OutputDraft, ProductionDraft};
use crate::document::overlay::OverlayFields;
use crate::document::quote::quote_value;
use crate::library::Library;
use crate::model::retro_treatment::RetroTreatment;
use crate::model::sprites::{GameKind, SPRITE_ANGLES, SpriteAngle};
use crate::model::{PixelSize, defaults};
use std::path::PathBuf;

/// All kinds.
const KINDS: [GameKind; 2] = [GameKind::SpriteSheet, GameKind::TileMap];

/// Returns what an output is for games. `None`: it is a film or a text.
pub(super) fn game_kind(library: &Library, own: &OutputDraft) -> Option<GameKind> {
    let format = own.format.as_ref().filter(|name| !name.is_placeholder)?;
    // A preset of the user's that has this name goes first.
    if library.outputs.get(&format.value).is_some() {
        return None;
    }
    let format = format.value.trim();
    KINDS.into_iter().find(|kind| kind.format() == format)
}

/// Returns the path of the file that the document names, with everything filled in that is known
/// before a run.
pub(super) fn game_path(
    context: &mut ResolveContext<'_>,
    own: &OutputDraft,
    kind: GameKind,
    name: &Spanned<String>,
    parts: &OutputParts<'_>,
) -> Spanned<PathBuf> {
    let path = match &own.path {
        Some(path) => path.clone().map(folder_path),
        None => {
            let file = format!("{}.{}", name.value, kind.extension());
            Spanned::new(
                PathBuf::from(defaults::DELIVERABLES_PATH).join(file),
                name.origin,
            )
        }
    };
    let written = WrittenPath {
        name: &name.value,
        path: &path,
    };
    let path = filled_path(context, written, parts, None);
    let file = path.value.file_name().unwrap_or_default();
    if file.to_string_lossy().contains("${") {
        let message = format!("the file name of a {} is known before a run", kind.noun());
        let help = "one file names the other; write `${revision}` and `${date}` in the folder";
        context.report_error(
            "production::sprites::bad_name",
            path.origin,
            message,
            Some(help.to_owned()),
        );
    }
    path
}

/// Returns the angle of a sheet or a map.
pub(super) fn resolve_angle(
    context: &mut ResolveContext<'_>,
    written: Option<&RawScalar>,
    default: SpriteAngle,
) -> SpriteAngle {
    let Some(written) = written.filter(|text| !text.is_placeholder) else {
        return default;
    };
    let text = written.value.trim();
    let degrees = text.parse::<f32>().ok();
    let degrees = degrees.filter(|degrees| (0.0..=90.0).contains(degrees));
    let known = SpriteAngle::from_name(text).or(degrees.map(SpriteAngle::from_elevation));
    known.unwrap_or_else(|| {
        let names = SPRITE_ANGLES.iter().map(|(name, _)| *name);
        // Which of the two is meant depends on the game, and the nearest name by its letters is
        // `dimetric`, which turns all directions.
        let near = match text.eq_ignore_ascii_case("isometric") {
            true => Some(
                "`true_isometric` has three equal axes, and `pixel` has tiles twice as wide as tall"
                    .to_owned(),
            ),
            false => did_you_mean(text, names),
        };
        context.report_error(
            "production::sprites::bad_angle",
            written.origin,
            format!("{} is not an angle of sprites", quote_value(text)),
            near.map(|near| format!("{near}; degrees go from 0 to 90")),
        );
        default
    })
}

/// Returns the palette of a whole picture: that of the output over that of the production.
pub(super) fn resolve_palette(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    own: &OutputDraft,
    cell: PixelSize,
) -> Option<RetroTreatment> {
    let merged = own.retro.clone().overlay_on(draft.retro.clone())?;
    let retro = resolve_retro(context, &merged, cell)?;
    // Sprites are drawn at their own size.
    Some(RetroTreatment {
        size: cell,
        ..retro
    })
}

/// Reports the first field that says nothing about an output for games.
pub(super) fn report_field_of_films(
    context: &mut ResolveContext<'_>,
    own: &OutputDraft,
    kind: GameKind,
) {
    let Some(field) = field_of_films(own, kind) else {
        return;
    };
    let message = format!("`{}` means nothing for a `{}`", field.value, kind.format());
    let help = match field.value {
        "resolution" => "leave it out; `cell` is the size of a frame".to_owned(),
        _ => format!("leave it out; a {} is made of models alone", kind.noun()),
    };
    context.report_error(
        "production::sprites::unused_field",
        field.origin,
        message,
        Some(help),
    );
}

/// Returns the first field that is written and is about films, or about another kind of output.
fn field_of_films(own: &OutputDraft, kind: GameKind) -> Option<Spanned<&'static str>> {
    let of = ("of", own.of.as_ref().map(|value| value.origin));
    let written = std::iter::once(of)
        .chain(picture_fields(own))
        .find_map(|(name, origin)| Some(Spanned::new(name, origin?)));
    let nested = [
        ("sound", own.sound.is_some()),
        (
            "sprites",
            own.sprites.is_some() && kind != GameKind::SpriteSheet,
        ),
        ("tiles", own.tiles.is_some() && kind != GameKind::TileMap),
    ];
    let nested = nested.into_iter().find(|(_, is_written)| *is_written);
    let place = own.format.as_ref().map(|format| format.origin);
    written.or_else(|| Some(Spanned::new(nested?.0, place.unwrap_or_default())))
}

/// Reports `sprites` and `tiles` in outputs that are not for games.
pub(super) fn report_fields_of_games(context: &mut ResolveContext<'_>, draft: &ProductionDraft) {
    for own in draft.outputs.iter().flatten() {
        let fields = [
            (own.sprites.is_some(), "sprites", GameKind::SpriteSheet),
            (own.tiles.is_some(), "tiles", GameKind::TileMap),
        ];
        let written = fields.into_iter().find(|(is_written, ..)| *is_written);
        let Some((_, field, kind)) = written else {
            continue;
        };
        if game_kind(context.library, own).is_some() {
            continue;
        }
        let place = own.format.as_ref().or(own.name.as_ref());
        context.report_error(
            "production::sprites::unused_field",
            place.map(|place| place.origin).unwrap_or_default(),
            format!("`{field}` means nothing for this output"),
            Some(format!(
                "leave it out, or write `format: {}`",
                kind.format()
            )),
        );
    }
}
