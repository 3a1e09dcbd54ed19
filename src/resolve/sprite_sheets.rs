//! Resolves the outputs that are sprite sheets.

use super::context::ResolveContext;
use super::game_outputs::{
    game_kind, game_path, report_field_of_films, resolve_angle, resolve_palette,
};
use super::output_parts::OutputParts;
use super::sprite_clips::{cell_size, resolve_clips, sheet_rate};
use crate::base::Spanned;
use crate::base::suggestions::did_you_mean;
use crate::document::draft::{OutputDraft, ProductionDraft};
use crate::document::quote::quote_value;
use crate::document::sprite_draft::SpritesDraft;
use crate::model::production::{AssetRef, Character, Prop};
use crate::model::sprites::{
    CompassDirection, GameKind, SpriteAngle, SpriteSheet, SpriteSubject, compass_directions,
};
use crate::model::value_ranges;

/// The angle of sheets that name none.
const SIDE: SpriteAngle = SpriteAngle::from_elevation(0.0);
/// Pixels between two frames, if none are written.
const PADDING: u32 = 2;
/// The numbers of directions that a sheet may have.
const DIRECTION_COUNTS: [u32; 4] = [1, 4, 8, 16];

/// The parts of the production that a sheet refers to.
#[derive(Clone, Copy)]
pub(super) struct SheetSources<'a> {
    pub(super) characters: &'a [Character],
    pub(super) props: &'a [Prop],
    pub(super) parts: &'a OutputParts<'a>,
}

/// What a sheet shows.
struct FoundSubject {
    name: Spanned<String>,
    subject: Option<SpriteSubject>,
    model: Option<AssetRef>,
}

/// Returns the sprite sheets, in the order of the document.
pub(super) fn resolve_sheets(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    sources: SheetSources<'_>,
) -> Vec<SpriteSheet> {
    let drafts = draft.outputs.iter().flatten().enumerate();
    let mut sheets = Vec::new();
    for (entry, own) in drafts {
        if game_kind(context.library, own) == Some(GameKind::SpriteSheet) {
            sheets.push(resolve_sheet(context, draft, own, entry, sources));
        }
    }
    sheets
}

fn resolve_sheet(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    own: &OutputDraft,
    entry: usize,
    sources: SheetSources<'_>,
) -> SpriteSheet {
    let kind = GameKind::SpriteSheet;
    report_field_of_films(context, own, kind);
    let name = own.name.as_ref().or(own.format.as_ref());
    let name = name.cloned().unwrap_or_default();
    let sprites = own.sprites.clone().unwrap_or_default();
    let path = game_path(context, own, kind, &name, sources.parts);
    let found = find_subject(context, &sprites, &name, sources);
    let rate = sheet_rate(context, own);
    let cell = cell_size(context, &sprites, name.origin);
    SpriteSheet {
        clips: resolve_clips(context, &sprites, &found.name, rate),
        directions: resolve_directions(context, &sprites),
        angle: resolve_angle(context, sprites.angle.as_ref(), SIDE),
        pixels_per_metre: context.in_range_opt(
            "pixels_per_metre",
            &sprites.pixels_per_metre,
            value_ranges::SPRITE_SCALE,
        ),
        trim: sprites.trim.as_ref().is_none_or(|trim| trim.value),
        padding: context
            .in_range_opt("padding", &sprites.padding, value_ranges::SPRITE_PADDING)
            .unwrap_or(PADDING),
        dialect: sprites
            .dialect
            .map(|dialect| dialect.value)
            .unwrap_or_default(),
        palette: resolve_palette(context, draft, own, cell.value),
        replace: own.replace.as_ref().is_some_and(|replace| replace.value),
        origin: path.origin,
        subject: found.subject,
        subject_name: found.name,
        model: found.model,
        name,
        path,
        cell,
        entry,
    }
}

fn find_subject(
    context: &mut ResolveContext<'_>,
    sprites: &SpritesDraft,
    name: &Spanned<String>,
    sources: SheetSources<'_>,
) -> FoundSubject {
    // Exactly one. Taking one of two in silence would draw a sheet that the document does not mean.
    let (written, is_character) = match (&sprites.character, &sprites.prop) {
        (Some(character), None) => (character, true),
        (None, Some(prop)) => (prop, false),
        (character, _) => {
            report_subject_count(context, character.as_ref(), name);
            return FoundSubject {
                name: name.clone(),
                subject: None,
                model: None,
            };
        }
    };
    let names: Vec<&str> = if is_character {
        let characters = sources.characters.iter();
        characters.map(|each| each.name.value.as_str()).collect()
    } else {
        let props = sources.props.iter();
        props.map(|each| each.name.value.as_str()).collect()
    };
    let index = names.iter().position(|known| *known == written.value);
    if index.is_none() && !written.is_placeholder {
        let kind = if is_character { "character" } else { "prop" };
        let near = context
            .allowance
            .search(|| did_you_mean(&written.value, names.iter().copied()));
        context.report_error(
            "production::sprites::unknown_subject",
            written.origin,
            format!("unknown {kind} {}", quote_value(&written.value)),
            near,
        );
    }
    FoundSubject {
        name: written.clone(),
        subject: index.map(if is_character {
            SpriteSubject::Character
        } else {
            SpriteSubject::Prop
        }),
        model: index.and_then(|index| subject_model(sources, is_character, index)),
    }
}

/// Returns the model of a prop, or of a character: its own, else that of its first costume with
/// one.
fn subject_model(sources: SheetSources<'_>, is_character: bool, index: usize) -> Option<AssetRef> {
    if !is_character {
        return sources.props.get(index)?.model.clone();
    }
    let character = sources.characters.get(index)?;
    let mut costumes = character.costumes.iter();
    // A sheet has no scene that would say which costume is worn, so the first counts.
    let worn = || costumes.find_map(|costume| costume.model.clone());
    character.model.clone().or_else(worn)
}

/// Reports a sheet of nothing, or of a character and a prop.
fn report_subject_count(
    context: &mut ResolveContext<'_>,
    character: Option<&Spanned<String>>,
    name: &Spanned<String>,
) {
    let (origin, message) = match character {
        Some(character) => (
            character.origin,
            "a sprite sheet shows a character or a prop, not both",
        ),
        None => (name.origin, "the sprite sheet names nothing that it shows"),
    };
    let help = "write `sprites: {character: NAME}`, or `sprites: {prop: NAME}`".to_owned();
    context.report_error(
        "production::sprites::no_subject",
        origin,
        message.to_owned(),
        Some(help),
    );
}

fn resolve_directions(
    context: &mut ResolveContext<'_>,
    sprites: &SpritesDraft,
) -> Vec<CompassDirection> {
    let report = |context: &mut ResolveContext<'_>, origin, message: String, help: String| {
        let code = "production::sprites::bad_direction";
        context.report_error(code, origin, message, Some(help));
    };
    let mut count = 1;
    if let Some(written) = sprites.directions.filter(|count| !count.is_placeholder) {
        // Others have no names on the compass, by which games ask for them.
        if DIRECTION_COUNTS.contains(&written.value) {
            count = u8::try_from(written.value).unwrap_or(1);
        } else {
            let message = format!("a sprite sheet cannot have {} directions", written.value);
            let help = "write 1, 4, 8 or 16".to_owned();
            report(context, written.origin, message, help);
        }
    }
    let mut first = CompassDirection::SOUTH;
    if let Some(written) = &sprites.first_direction
        && !written.is_placeholder
    {
        if let Some(known) = CompassDirection::from_name(written.value.trim()) {
            first = known;
        } else {
            let names = CompassDirection::names().iter().copied();
            let near = did_you_mean(&written.value, names);
            let message = format!("{} is not a direction", quote_value(&written.value));
            let help = near.unwrap_or_else(|| "write one such as `south_east`".to_owned());
            report(context, written.origin, message, help);
        }
    }
    let order = sprites.order.map(|order| order.value).unwrap_or_default();
    compass_directions(count, first, order)
}
