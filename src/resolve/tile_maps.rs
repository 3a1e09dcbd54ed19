//! Resolves the outputs that are tile maps.

use super::context::ResolveContext;
use super::game_outputs::{
    game_kind, game_path, report_field_of_films, resolve_angle, resolve_palette,
};
use super::sprite_sheets::SheetSources;
use super::value_parsers::parse_size;
use crate::base::FileSpan;
use crate::base::suggestions::did_you_mean;
use crate::document::draft::{OutputDraft, ProductionDraft};
use crate::document::quote::quote_value;
use crate::document::sprite_draft::TilesDraft;
use crate::document::{OrderedMap, RawScalar, ScalarOrList};
use crate::model::production::Prop;
use crate::model::sprites::{GameKind, MapTile, SpriteAngle, TileMap};
use crate::model::value_ranges;
use std::collections::HashMap;

/// Width of a place, if none is written.
const TILE_WIDTH: u32 = 64;
/// The longest side of the picture of a tile.
const LONGEST_SIDE: u32 = 2048;
/// The most rows and columns of a map.
const MOST_PLACES: usize = 1024;
/// The angle of maps that name none.
const TOP: SpriteAngle = SpriteAngle::from_elevation(90.0);

/// The tiles of a map, and the character that stands for each.
#[derive(Default)]
struct TileSet {
    tiles: Vec<MapTile>,
    characters: HashMap<char, usize>,
}

/// Returns the tile maps, in the order of the document.
pub(super) fn resolve_tile_maps(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    sources: SheetSources<'_>,
) -> Vec<TileMap> {
    let drafts = draft.outputs.iter().flatten().enumerate();
    let mut maps = Vec::new();
    for (entry, own) in drafts {
        if game_kind(context.library, own) == Some(GameKind::TileMap) {
            maps.push(resolve_map(context, draft, own, entry, sources));
        }
    }
    maps
}

fn resolve_map(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    own: &OutputDraft,
    entry: usize,
    sources: SheetSources<'_>,
) -> TileMap {
    let kind = GameKind::TileMap;
    report_field_of_films(context, own, kind);
    let name = own.name.as_ref().or(own.format.as_ref());
    let name = name.cloned().unwrap_or_default();
    let written = own.tiles.clone().unwrap_or_default();
    let path = game_path(context, own, kind, &name, sources.parts);
    let set = resolve_set(context, written.set.as_ref(), sources.props, name.origin);
    let rows = resolve_rows(context, &written, &set, name.origin);
    let width = context.in_range_opt("tile_width", &written.tile_width, value_ranges::TILE_WIDTH);
    let metres = context.in_range_opt("metres", &written.metres, value_ranges::TILE_METRES);
    let map = TileMap {
        tiles: set.tiles,
        angle: resolve_angle(context, written.angle.as_ref(), TOP),
        tile_width: width.unwrap_or(TILE_WIDTH),
        cell: written
            .cell
            .as_ref()
            .and_then(|size| parse_size(context, size)),
        metres: metres.unwrap_or(1.0),
        // Set below, with the size of a cell that the map computes.
        palette: None,
        replace: own.replace.as_ref().is_some_and(|replace| replace.value),
        origin: path.origin,
        name,
        path,
        rows,
        entry,
    };
    report_bad_cell(context, &map, written.cell.as_ref());
    let cell = map.cell_size();
    TileMap {
        palette: resolve_palette(context, draft, own, cell),
        ..map
    }
}

/// Reports a picture in which the ground of a tile has no room.
fn report_bad_cell(
    context: &mut ResolveContext<'_>,
    map: &TileMap,
    written: Option<&ScalarOrList>,
) {
    let cell = map.cell_size();
    let tile = map.tile_size();
    let fits = tile.width <= cell.width && tile.height <= cell.height;
    if fits && cell.width.max(cell.height) <= LONGEST_SIDE {
        return;
    }
    let origin = match written {
        Some(ScalarOrList::One(text)) => text.origin,
        Some(ScalarOrList::List(list)) => list.origin,
        None => map.name.origin,
    };
    let message = format!("a picture of {cell} is not one of a tile of {tile}");
    let help = format!("write sides from {tile} to {LONGEST_SIDE}x{LONGEST_SIDE}");
    context.report_error("production::tiles::bad_size", origin, message, Some(help));
}

fn resolve_set(
    context: &mut ResolveContext<'_>,
    written: Option<&OrderedMap<RawScalar>>,
    props: &[Prop],
    origin: FileSpan,
) -> TileSet {
    let mut set = TileSet::default();
    let written = written.filter(|written| !written.0.is_empty());
    let Some(written) = written else {
        let message = "the tile map has no tiles".to_owned();
        let help = "write `set:` with a prop for each character, such as `{g: grass}`";
        report_map(context, origin, message, help);
        return set;
    };
    for (key, prop) in written {
        let mut characters = key.value.chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) if character != '.' && !character.is_whitespace() => {
                set.characters.insert(character, set.tiles.len());
            }
            _ => {
                let message = format!("{} stands for no tile", quote_value(&key.value));
                let help = "write one character, other than `.` and a space, which are empty";
                report_map(context, key.origin, message, help);
            }
        }
        // Also a tile whose character was refused, so that its prop is checked in the same pass.
        set.tiles.push(find_tile(context, prop, props));
    }
    set
}

fn find_tile(context: &mut ResolveContext<'_>, written: &RawScalar, props: &[Prop]) -> MapTile {
    let mut names = props.iter().map(|prop| prop.name.value.as_str());
    let index = names.position(|name| name == written.value);
    let model = index.and_then(|index| props[index].model.clone());
    if written.is_placeholder {
        // Reported where it was read.
    } else if index.is_none() {
        let names = props.iter().map(|prop| prop.name.value.as_str());
        let near = context
            .allowance
            .search(|| did_you_mean(&written.value, names));
        context.report_error(
            "production::tiles::unknown_prop",
            written.origin,
            format!("unknown prop {}", quote_value(&written.value)),
            near,
        );
    } else if model.is_none() {
        context.report_error(
            "production::tiles::no_model",
            written.origin,
            format!("prop `{}` has no model to draw a tile of", written.value),
            Some("write `model:` in the prop".to_owned()),
        );
    }
    MapTile {
        prop: written.0.clone(),
        index,
        model,
    }
}

fn resolve_rows(
    context: &mut ResolveContext<'_>,
    written: &TilesDraft,
    set: &TileSet,
    origin: FileSpan,
) -> Vec<Vec<Option<usize>>> {
    let mut rows: Vec<Vec<Option<usize>>> = Vec::new();
    let lines = written.map.iter().flat_map(|lines| lines.iter());
    let lines = lines.filter(|text| !text.is_placeholder);
    for text in lines {
        // A blank is an empty place, so a line of blanks is a row.
        for line in text.value.lines().filter(|line| !line.is_empty()) {
            match resolve_row(line, set) {
                Ok(row) => rows.push(row),
                Err(character) => {
                    // Without a set there is one mistake, which was reported.
                    if !set.tiles.is_empty() {
                        let message = format!("no tile of the set is written `{character}`");
                        report_map(context, text.origin, message, "add it to `set`");
                    }
                    return rows;
                }
            }
            let width = rows.first().map_or(0, Vec::len);
            let own = rows.last().map_or(0, Vec::len);
            if own != width {
                let message = format!(
                    "row {} has {own} places, and the first has {width}",
                    rows.len()
                );
                let help = "write `.` for an empty place";
                report_map(context, text.origin, message, help);
                // So that all rows have one width in everything that follows.
                rows.pop();
                return rows;
            }
        }
    }
    let longest = rows.first().map_or(0, Vec::len).max(rows.len());
    if rows.is_empty() {
        let message = "the tile map has no places".to_owned();
        let help = "write `map:` with a row of characters for each row of places";
        report_map(context, origin, message, help);
    } else if longest > MOST_PLACES {
        let message = format!("the tile map has {longest} rows or columns");
        let help = "write several maps of at most 1024 rows and columns";
        report_map(context, origin, message, help);
    }
    rows
}

/// Returns the tiles of a row.
///
/// # Errors
/// Fails with the first character that stands for none.
fn resolve_row(line: &str, set: &TileSet) -> Result<Vec<Option<usize>>, char> {
    let tile = |character: char| match character {
        '.' | ' ' => Ok(None),
        known => set.characters.get(&known).copied().map(Some).ok_or(known),
    };
    line.chars().map(tile).collect()
}

fn report_map(context: &mut ResolveContext<'_>, origin: FileSpan, message: String, help: &str) {
    let code = "production::tiles::bad_map";
    context.report_error(code, origin, message, Some(help.to_owned()));
}
