//! Explanations of the diagnostic codes of `resolve` about sprite sheets and tile maps. Data only.

use crate::base::{CodeExplanation, Severity};

/// One page a code, in the order of `production explain`.
pub const SPRITE_EXPLANATIONS: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::sprites::no_subject",
        severity: Severity::Error,
        summary: "a sprite sheet shows one character or one prop",
        explanation: "`sprites` names the `character` or the `prop` of the production that the \
            sheet shows. A game puts several figures together from several sheets.",
        wrong: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {clips: walk}}
",
        right: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: mara, clips: walk}}
",
    },
    CodeExplanation {
        code: "production::sprites::unknown_subject",
        severity: Severity::Error,
        summary: "what a sprite sheet shows is in the production",
        explanation: "`character` is a name under `characters`, `prop` one under `props`.",
        wrong: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: maar, clips: walk}}
",
        right: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: mara, clips: walk}}
",
    },
    CodeExplanation {
        code: "production::sprites::bad_clip",
        severity: Severity::Error,
        summary: "every clip of a sprite sheet has a name of its own and one count of frames",
        explanation: "An entry of `clips` is the name of a clip, or its fields: `clip`, `tag` for \
            its name in the data, `repeat`, and either `frames`, evenly over the clip, or a `rate` \
            in frames a second. A turntable has `turn` in place of `frames`. Games find clips by their tags, so no two may be equal.",
        wrong: "\
outputs:
  - name: sheet
    format: sprite_sheet
    path: out/sheet.png
    sprites: {character: mara, clips: [walk, {clip: walk, frames: 4}]}
",
        right: "\
outputs:
  - name: sheet
    format: sprite_sheet
    path: out/sheet.png
    sprites: {character: mara, clips: [walk, {clip: walk, tag: walk_short, frames: 4}]}
",
    },
    CodeExplanation {
        code: "production::sprites::bad_direction",
        severity: Severity::Error,
        summary: "a sprite sheet has 1, 4, 8 or 16 directions, of which the first has a name",
        explanation: "Directions go evenly around from `first_direction`, clockwise as seen from \
            above unless `order` says otherwise. South faces the viewer, east the right edge of \
            the picture: `south`, `south_east`, `east_north_east` and so on.",
        wrong: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: mara, directions: 6}}
",
        right: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: mara, directions: 8}}
",
    },
    CodeExplanation {
        code: "production::sprites::bad_angle",
        severity: Severity::Error,
        summary: "sprites are seen from a known angle",
        explanation: "`angle` is the name of an angle, such as `pixel` or `side`, or degrees above \
            the horizon from 0 to 90. `docs/game.md` has the table.",
        wrong: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: mara, angle: pixle}}
",
        right: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: mara, angle: pixel}}
",
    },
    CodeExplanation {
        code: "production::sprites::bad_name",
        severity: Severity::Error,
        summary: "the file name of a sprite sheet or a tile map is known before a run",
        explanation: "The data beside a sheet names its picture, as a map names that of its tiles, \
            and both are made before there is a revision. Folders may contain `${revision}` and `${date}`, the name of the file may not.",
        wrong: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: \"out/${revision}.png\", sprites: {character: mara}}
",
        right: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: \"out/${revision}/mara.png\", sprites: {character: mara}}
",
    },
    CodeExplanation {
        code: "production::sprites::unused_field",
        severity: Severity::Error,
        summary: "outputs for games have no fields of films, and films none of games",
        explanation: "Codec, shots and sound mean nothing for a sprite sheet or a tile map, which \
            are made of models alone, and `sprites` and `tiles` mean nothing for a film. A field \
            without meaning is more likely a mistake than a wish.",
        wrong: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, codec: png, sprites: {character: mara}}
",
        right: "\
outputs:
  - {name: sheet, format: sprite_sheet, path: out/sheet.png, sprites: {character: mara}}
",
    },
    CodeExplanation {
        code: "production::tiles::bad_map",
        severity: Severity::Error,
        summary: "a tile map has tiles, and rows of them that are equally long",
        explanation: "`set` has a prop for each character, and `map` a row of characters for each row of places. \
            `.` and a space are empty. A map has at most 1024 rows and columns.",
        wrong: "\
props:
  - {name: grass, model: assets/lantern.glb}
outputs:
  - {name: map, format: tile_map, path: out/map.tmx, tiles: {set: {g: grass}, map: [gg, gw]}}
",
        right: "\
props:
  - {name: grass, model: assets/lantern.glb}
outputs:
  - {name: map, format: tile_map, path: out/map.tmx, tiles: {set: {g: grass}, map: [gg, g.]}}
",
    },
    CodeExplanation {
        code: "production::tiles::unknown_prop",
        severity: Severity::Error,
        summary: "every tile of a tile map is a prop of the production",
        explanation: "The values of `set` are names under `props`.",
        wrong: "\
props:
  - {name: grass, model: assets/lantern.glb}
outputs:
  - {name: map, format: tile_map, path: out/map.tmx, tiles: {set: {g: grass, w: gras}, map: [gg, gw]}}
",
        right: "\
props:
  - {name: grass, model: assets/lantern.glb}
outputs:
  - {name: map, format: tile_map, path: out/map.tmx, tiles: {set: {g: grass}, map: [gg, g.]}}
",
    },
    CodeExplanation {
        code: "production::tiles::no_model",
        severity: Severity::Error,
        summary: "every tile of a tile map has a model",
        explanation: "A tile is a picture of the model of its prop.",
        wrong: "\
props:
  - {name: grass}
outputs:
  - {name: map, format: tile_map, path: out/map.tmx, tiles: {set: {g: grass}, map: [gg, g.]}}
",
        right: "\
props:
  - {name: grass, model: assets/lantern.glb}
outputs:
  - {name: map, format: tile_map, path: out/map.tmx, tiles: {set: {g: grass}, map: [gg, g.]}}
",
    },
    CodeExplanation {
        code: "production::tiles::bad_size",
        severity: Severity::Error,
        summary: "the picture of a tile has room for its ground",
        explanation: "`cell` is the size of the picture of a tile: at least as wide and tall as a place of the \
            map, and at most 2048 pixels.",
        wrong: "\
props:
  - {name: grass, model: assets/lantern.glb}
outputs:
  - {name: map, format: tile_map, path: out/map.tmx, tiles: {set: {g: grass}, map: [gg, g.], cell: 32x64}}
",
        right: "\
props:
  - {name: grass, model: assets/lantern.glb}
outputs:
  - {name: map, format: tile_map, path: out/map.tmx, tiles: {set: {g: grass}, map: [gg, g.], cell: 64x96}}
",
    },
];
