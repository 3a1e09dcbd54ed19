//! Sprite sheets through the whole program: what is delivered is what the document asks for, every
//! frame is there, and only what changed is drawn again.
//!
//! Needs a graphics adapter, as every drawing does; one in software is enough.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise"
)]

#[path = "support/film.rs"]
mod film;

use production::media::AlphaImage;
use production::model::PixelSize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Output};

const CELL: PixelSize = PixelSize::new(40, 56);

const HEAD: &str = "\
production:
  title: Game
  author: Tests
  description: Sprites alone.
  render_settings: {engine: previz, samples: 4}
  characters: [{name: mara, model: mara.glb}]
  props: [{name: lantern, model: lantern.glb}]
  outputs:
";

const MARA: &str = "    - name: mara_sheet
      format: sprite_sheet
      path: game/mara.png
      sprites:
        character: mara
        clips: [{clip: idle, frames: 2}, {clip: walk, frames: 4}]
        directions: 4
        angle: pixel
        cell: 40x56
";

struct Game(tempfile::TempDir);

impl Game {
    fn new(outputs: &str) -> Self {
        let game = Self(film::folder(""));
        film::copy_model("mara.glb", &game.path("mara.glb"));
        game.write(outputs);
        game
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, outputs: &str) {
        std::fs::write(self.path("production.yaml"), format!("{HEAD}{outputs}")).unwrap();
    }

    fn call(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
        command.arg(words[0]).arg(self.0.path());
        command.args(&words[1..]).output().unwrap()
    }

    fn json(&self, words: &[&str]) -> Value {
        let output = self.call(&[words, &["--format", "json"]].concat());
        let printed = String::from_utf8_lossy(&output.stderr).into_owned()
            + &String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{words:?}: {printed}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn run(&self) -> Value {
        let result = self.json(&["run"]);
        assert_eq!(result["success"], true, "{result:#}");
        result
    }

    fn picture(&self, name: &str) -> AlphaImage {
        AlphaImage::read_png(&self.path(name)).unwrap()
    }

    fn data(&self, name: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.path(name)).unwrap()).unwrap()
    }

    /// Returns the number of jobs of this kind that a run would do.
    fn planned(&self, kind: &str) -> usize {
        let plan = self.json(&["plan"]);
        let jobs = plan["jobs"].as_array().unwrap().iter();
        let prefix = format!("{kind}/");
        let named = jobs.filter(|job| {
            let name = job["job"].as_str();
            name.is_some_and(|name| name.starts_with(&prefix))
        });
        // Only what will run has a place in the document.
        named.filter(|job| job["place"].is_string()).count()
    }
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

/// Returns a frame as it was before it was trimmed.
fn whole_frame(picture: &AlphaImage, entry: &Value) -> AlphaImage {
    let place = &entry["frame"];
    let size = PixelSize::new(number(&place["w"]), number(&place["h"]));
    let part = picture.part([number(&place["x"]), number(&place["y"])], size);
    let mut frame = AlphaImage::transparent(CELL);
    let within = &entry["spriteSourceSize"];
    frame.put(&part, [number(&within["x"]), number(&within["y"])]);
    frame
}

#[test]
fn a_sheet_has_every_clip_from_every_direction() {
    let game = Game::new(MARA);
    game.run();
    let picture = game.picture("game/mara.png");
    let data = game.data("game/mara.json");
    assert_eq!(data["meta"]["image"], "mara.png");
    let tags: Vec<&str> = data["meta"]["frameTags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag["name"].as_str().unwrap())
        .collect();
    let directions = ["south", "west", "north", "east"];
    let expected: Vec<String> = ["idle", "walk"]
        .iter()
        .flat_map(|clip| directions.map(|direction| format!("{clip}_{direction}")))
        .collect();
    assert_eq!(tags, expected);
    let frames = data["frames"].as_array().unwrap();
    assert_eq!(frames.len(), 4 * (2 + 4));
    let pivot = &data["meta"]["pivot"];
    let mut seen = BTreeSet::new();
    for entry in frames {
        let frame = whole_frame(&picture, entry);
        let solid = frame.pixels.iter().filter(|pixel| pixel[3] == 255).count();
        assert!(solid > 100, "{entry}");
        // Somebody stands on the pivot: the pixels just above it are not empty.
        let row = (number(&pivot["y"]) - 3) * CELL.width;
        let around = row + number(&pivot["x"]) - 8..row + number(&pivot["x"]) + 8;
        assert!(
            around.clone().any(|at| frame.pixels[at as usize][3] > 0),
            "{entry}"
        );
        seen.insert(frame.pixels);
    }
    assert!(seen.len() > 20, "{} different frames", seen.len());
    // The same from the same document, in another store.
    let other = Game::new(MARA);
    other.run();
    for file in ["game/mara.png", "game/mara.json"] {
        let bytes = |game: &Game| std::fs::read(game.path(file)).unwrap();
        assert!(bytes(&game) == bytes(&other), "{file}");
    }
}

#[test]
fn only_what_changed_is_drawn_again_and_what_is_not_ours_is_kept() {
    let scaled = MARA.replace("cell: 40x56", "cell: 40x56\n        pixels_per_metre: 22");
    let game = Game::new(&scaled);
    game.run();
    let again = game.run();
    assert_eq!(again["revision"], "rev-0001", "{again:#}");
    // A clip more: only it is drawn.
    game.write(&scaled.replace("frames: 4}]", "frames: 4}, {clip: talk, frames: 2}]"));
    assert_eq!(game.planned("render.sprites"), 4);
    assert_eq!(game.planned("export.sprites"), 1);
    // Other data of the same frames: nothing is drawn.
    game.write(&scaled.replace("angle: pixel", "angle: pixel\n        dialect: unity"));
    assert_eq!(game.planned("render.sprites"), 0);
    assert_eq!(game.planned("export.sprites"), 1);
    // What somebody put there is kept.
    std::fs::write(game.path("game/mara.json"), "mine").unwrap();
    let refused = game.call(&["run"]);
    assert!(!refused.status.success(), "{refused:?}");
    assert_eq!(std::fs::read(game.path("game/mara.json")).unwrap(), b"mine");
}

#[test]
fn a_prop_at_rest_is_one_frame_and_a_palette_is_kept() {
    let lantern = "    - name: lantern_sheet
      format: sprite_sheet
      path: game/lantern.png
      retro: {palette: gameboy}
      sprites: {prop: lantern, cell: 24x24, trim: false, dialect: godot, angle: top}
";
    let game = Game::new(lantern);
    game.run();
    let picture = game.picture("game/lantern.png");
    assert_eq!(picture.size, PixelSize::new(24, 24));
    let colours: BTreeSet<[u8; 4]> = picture.pixels.iter().copied().collect();
    assert!(
        colours.len() <= 5 && colours.contains(&[0; 4]),
        "{colours:?}"
    );
    let data = game.data("game/lantern.json");
    assert_eq!(data["textures"][0]["sprites"][0]["filename"], "still_00");
}

#[test]
fn a_turntable_is_a_row_of_directions() {
    let lantern = "    - name: lantern_turn
      format: sprite_sheet
      path: game/turn.png
      sprites: {character: mara, clips: [{turn: 4}], directions: 8, cell: 40x56, trim: false, padding: 0}
    - name: lantern_sheet
      format: sprite_sheet
      path: game/four.png
      sprites: {character: mara, directions: 4, cell: 40x56, trim: false, padding: 0}
";
    let game = Game::new(lantern);
    game.run();
    let turn = game.picture("game/turn.png");
    let four = game.picture("game/four.png");
    assert_eq!(turn.size, PixelSize::new(160, 56));
    assert_eq!(four.size, PixelSize::new(40, 224));
    for index in 0..4 {
        let frame = turn.part([index * 40, 0], CELL);
        let direction = four.part([0, index * 56], CELL);
        let pairs = frame.pixels.iter().zip(&direction.pixels);
        let apart = pairs.filter(|(one, other)| {
            let mut channels = one.iter().zip(*other);
            channels.any(|(one, other)| one.abs_diff(*other) > 8)
        });
        // Half a turn is the sum of its steps here, and an edge may cross a sample.
        let apart = apart.count();
        assert!(apart < frame.pixels.len() / 100, "{index}: {apart} pixels");
    }
    let tags = &game.data("game/turn.json")["meta"]["frameTags"];
    assert_eq!(tags.as_array().unwrap().len(), 1);
    assert_eq!(tags[0]["name"], "turntable");
}

#[test]
fn a_tile_map_names_the_picture_of_its_tiles() {
    let map = "    - name: pier_map
      format: tile_map
      path: game/pier.tmx
      tiles: {set: {l: lantern, s: stool}, map: [ls., \"   \", sll], angle: pixel, cell: 64x96}
";
    let game = Game::new(map);
    film::copy_model("stool.glb", &game.path("stool.glb"));
    let document = std::fs::read_to_string(game.path("production.yaml")).unwrap();
    let props = "lantern.glb}, {name: stool, model: stool.glb}]";
    let document = document.replace("lantern.glb}]", props);
    std::fs::write(game.path("production.yaml"), document).unwrap();
    game.run();
    let text = std::fs::read_to_string(game.path("game/pier.tmx")).unwrap();
    assert!(text.contains("orientation=\"isometric\""), "{text}");
    assert!(
        text.contains("tilewidth=\"64\" tileheight=\"32\""),
        "{text}"
    );
    // A row of blanks is a row of empty places.
    assert!(text.contains("1,2,0,\n0,0,0,\n2,1,1\n"), "{text}");
    assert!(text.contains("source=\"pier.png\""), "{text}");
    let picture = game.picture("game/pier.png");
    assert_eq!(picture.size, PixelSize::new(130, 96));
    let tile = PixelSize::new(64, 96);
    for x in [0, 66] {
        let tile = picture.part([x, 0], tile);
        let solid = tile.pixels.iter().filter(|pixel| pixel[3] == 255).count();
        assert!(solid > 30, "{x}: {solid}");
    }
    assert!(game.call(&["verify"]).status.success());
    assert_eq!(game.json(&["info"])["tile_maps"][0]["columns"], 3);
}

#[test]
fn info_lists_sheets() {
    let game = Game::new(MARA);
    let info = game.json(&["info"]);
    let sheet = &info["sprites"][0];
    assert_eq!(sheet["data"], "game/mara.json");
    assert_eq!(sheet["directions"].as_array().unwrap().len(), 4);
    assert_eq!(sheet["clips"][1]["frames"], 4);
    let text = String::from_utf8(game.call(&["info"]).stdout).unwrap();
    assert!(
        text.contains("mara_sheet") && text.contains("4 directions"),
        "{text}"
    );
}

#[test]
fn a_figure_larger_than_its_cell_is_refused_with_its_size() {
    let large = MARA.replace("cell: 40x56", "cell: 40x56\n        pixels_per_metre: 300");
    let game = Game::new(&large);
    let refused = game.call(&["run", "--retries", "0"]);
    assert!(!refused.status.success());
    let printed = String::from_utf8_lossy(&refused.stderr).into_owned()
        + &String::from_utf8_lossy(&refused.stdout);
    assert!(printed.contains("write a larger `cell`"), "{printed}");
}
