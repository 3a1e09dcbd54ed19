//! Sprite sheets and tile maps in `production info`.

use crate::model::Production;
use crate::model::sprites::{ClipSampling, CompassDirection, SheetClip, SpriteSheet, TileMap};
use crate::report::text_format::format_count;
use serde_json::{Value, json};

/// Returns a row for each sprite sheet and each tile map.
pub(super) fn sprite_rows(production: &Production) -> Vec<Vec<String>> {
    let sheets = production.sprites.iter().map(sprite_row);
    sheets
        .chain(production.tile_maps.iter().map(map_row))
        .collect()
}

fn map_row(map: &TileMap) -> Vec<String> {
    let width = map.rows.first().map_or(0, Vec::len);
    vec![
        map.name.value.clone(),
        format!("map {}", map.tile_size()),
        format_count(map.tiles.len(), "tile"),
        format!("{width}x{} places", map.rows.len()),
        map.path.value.display().to_string(),
    ]
}

/// Returns the tile maps.
pub(super) fn maps_json(production: &Production) -> Value {
    production.tile_maps.iter().map(map_json).collect()
}

fn map_json(map: &TileMap) -> Value {
    let tile = map.tile_size();
    let cell = map.cell_size();
    json!({
        "name": map.name.value,
        "path": map.path.value,
        "image": map.files().beside_path(),
        "tiles": map.tiles.iter().map(|tile| &tile.prop.value).collect::<Vec<_>>(),
        "columns": map.rows.first().map_or(0, Vec::len),
        "rows": map.rows.len(),
        "orientation": map.orientation(),
        "elevation": map.angle.elevation,
        "tile_width": tile.width,
        "tile_height": tile.height,
        "width": cell.width,
        "height": cell.height,
        "pixels_per_metre": map.pixels_per_metre(),
    })
}

fn sprite_row(sheet: &SpriteSheet) -> Vec<String> {
    let tags: Vec<&str> = sheet.clips.iter().map(|clip| clip.tag.as_str()).collect();
    let directions = match sheet.directions.as_slice() {
        [only] => only.to_string(),
        several => format_count(several.len(), "direction"),
    };
    vec![
        sheet.name.value.clone(),
        format!("sprites {}", sheet.cell.value),
        format!("{}: {}", sheet.subject_name.value, tags.join(", ")),
        directions,
        sheet.path.value.display().to_string(),
    ]
}

/// Returns the sprite sheets.
pub(super) fn sprites_json(production: &Production) -> Value {
    production.sprites.iter().map(sheet_json).collect()
}

fn sheet_json(sheet: &SpriteSheet) -> Value {
    let directions = sheet.directions.iter().copied().map(CompassDirection::name);
    json!({
        "name": sheet.name.value,
        "path": sheet.path.value,
        "data": sheet.files().beside_path(),
        "subject": sheet.subject_name.value,
        "clips": sheet.clips.iter().map(clip_json).collect::<Vec<_>>(),
        "directions": directions.collect::<Vec<_>>(),
        "elevation": sheet.angle.elevation,
        "width": sheet.cell.value.width,
        "height": sheet.cell.value.height,
        "pixels_per_metre": sheet.pixels_per_metre,
        "trim": sheet.trim,
        "padding": sheet.padding,
        "dialect": sheet.dialect,
    })
}

fn clip_json(clip: &SheetClip) -> Value {
    let rate = match clip.drawn.sampling {
        ClipSampling::Rate(rate) | ClipSampling::Turn { rate, .. } => Some(rate.as_f64()),
        ClipSampling::Frames(_) => None,
    };
    json!({
        "tag": clip.tag,
        "clip": clip.drawn.clip,
        "frames": clip.drawn.frame_count(),
        "rate": rate,
        "repeats": clip.drawn.repeats,
    })
}
