//! Tests of the producer of sprite sheets, with real files.

use super::{SpriteSheetProducer, TileMapProducer};
use crate::media::AlphaImage;
use crate::model::retro_treatment::{DitherMethod, Palette, RetroTreatment};
use crate::model::sprites::{
    MapOrientation, SheetDialect, SpriteClipFacts, SpriteSheetWork, SpriteTag, TileMapWork,
};
use crate::model::{InputFile, InputFiles, InputSlot, JobAction, PixelSize};
use crate::producers::contract::{FailureClass, JobFailure, JobProducer};
use crate::producers::testing::TestBench;
use serde_json::Value;
use std::collections::BTreeSet;

const CELL: PixelSize = PixelSize::new(20, 24);
const PIVOT: [u32; 2] = [10, 22];

/// A picture and its data.
struct MadeSheet {
    picture: AlphaImage,
    text: String,
    data: Value,
}

/// Returns a frame with a block of a colour from `place`, brighter to the right.
fn frame(place: [u32; 2], size: [u32; 2], red: u8) -> AlphaImage {
    let mut block = AlphaImage::transparent(PixelSize::new(size[0], size[1]));
    for (index, pixel) in block.pixels.iter_mut().enumerate() {
        let green = u8::try_from(index * 3 % 200).unwrap();
        *pixel = [red, green, 40, 255];
    }
    let mut frame = AlphaImage::transparent(CELL);
    frame.put(&block, place);
    frame
}

/// Returns the frames of two tags: three that walk and two that stand, of which one is the same.
fn tag_frames() -> [Vec<AlphaImage>; 2] {
    let walk = [
        frame([4, 6], [9, 16], 200),
        frame([5, 5], [7, 17], 160),
        frame([3, 6], [11, 16], 120),
    ];
    let stand = [frame([5, 5], [7, 17], 160), frame([6, 5], [7, 17], 160)];
    [walk.to_vec(), stand.to_vec()]
}

fn inputs(bench: &TestBench) -> InputFiles {
    let mut inputs = InputFiles::default();
    for (index, frames) in tag_frames().iter().enumerate() {
        let mut files = Vec::new();
        for (number, frame) in frames.iter().enumerate() {
            let path = bench.folder_path().join(format!("frame{index}_{number}"));
            frame.write_png(&path).unwrap();
            let name = format!("{:04}.png", number + 1);
            files.push(InputFile { name, path });
        }
        let facts = SpriteClipFacts {
            durations: vec![100; frames.len()],
            pivot: PIVOT,
            pixels_per_metre: 12.5,
        };
        let path = bench.folder_path().join(format!("facts{index}"));
        std::fs::write(&path, serde_json::to_string(&facts).unwrap()).unwrap();
        let name = SpriteClipFacts::FILE_NAME.to_owned();
        files.push(InputFile { name, path });
        inputs.files.insert(InputSlot::sprites(index), files);
    }
    inputs
}

fn sheet_work(dialect: SheetDialect) -> SpriteSheetWork {
    let tag = |clip: &str, repeats| SpriteTag {
        name: format!("{clip}_south"),
        clip: clip.to_owned(),
        direction: "south".to_owned(),
        repeats,
    };
    SpriteSheetWork {
        image: "mara.png".to_owned(),
        tags: vec![tag("walk", true), tag("stand", false)].into(),
        cell: CELL,
        trim: true,
        padding: 2,
        dialect,
        palette: None,
    }
}

fn make(
    bench: &TestBench,
    inputs: &InputFiles,
    work: &SpriteSheetWork,
) -> Result<MadeSheet, JobFailure> {
    let action = JobAction::SpriteSheet(work.clone());
    let made = bench.run_job(&action, inputs, |context| {
        let made = SpriteSheetProducer.run_job(context)?;
        SpriteSheetProducer.check_outputs(context, &made.outputs)?;
        Ok(made)
    })?;
    let text = std::fs::read_to_string(&made.outputs[1].path).unwrap();
    Ok(MadeSheet {
        picture: AlphaImage::read_png(&made.outputs[0].path).unwrap(),
        data: serde_json::from_str(&text).unwrap(),
        text,
    })
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

/// Returns the frame that data in the form of TexturePacker describes, put together again.
fn restored(sheet: &MadeSheet, entry: &Value) -> AlphaImage {
    let place = &entry["frame"];
    let size = PixelSize::new(number(&place["w"]), number(&place["h"]));
    let part = sheet
        .picture
        .part([number(&place["x"]), number(&place["y"])], size);
    let within = &entry["spriteSourceSize"];
    let mut frame = AlphaImage::transparent(CELL);
    frame.put(&part, [number(&within["x"]), number(&within["y"])]);
    frame
}

#[test]
fn every_frame_can_be_put_together_again() {
    let bench = TestBench::new();
    let inputs = inputs(&bench);
    for trim in [true, false] {
        let work = SpriteSheetWork {
            trim,
            ..sheet_work(SheetDialect::Generic)
        };
        let sheet = make(&bench, &inputs, &work).unwrap();
        let frames = sheet.data["frames"].as_array().unwrap();
        let expected: Vec<AlphaImage> = tag_frames().into_iter().flatten().collect();
        assert_eq!(frames.len(), expected.len());
        for (entry, expected) in frames.iter().zip(&expected) {
            assert_eq!(&restored(&sheet, entry), expected, "{entry}");
            assert_eq!(entry["trimmed"], trim);
        }
        assert_eq!(frames[4]["filename"], "stand_south_01");
    }
}

#[test]
fn frames_that_are_equal_are_packed_once() {
    let bench = TestBench::new();
    let sheet = make(&bench, &inputs(&bench), &sheet_work(SheetDialect::Generic)).unwrap();
    let frames = sheet.data["frames"].as_array().unwrap();
    assert_eq!(frames[1]["frame"], frames[3]["frame"]);
    assert_eq!(frames[3]["frame"], frames[4]["frame"], "moved by a pixel");
    assert_ne!(
        frames[3]["spriteSourceSize"], frames[4]["spriteSourceSize"],
        "and is put where it was"
    );
}

#[test]
fn tags_are_those_of_aseprite() {
    let bench = TestBench::new();
    let sheet = make(&bench, &inputs(&bench), &sheet_work(SheetDialect::Generic)).unwrap();
    let tags = sheet.data["meta"]["frameTags"].as_array().unwrap();
    let bounds = |tag: &Value| (tag["name"].clone(), tag["from"].clone(), tag["to"].clone());
    assert_eq!(bounds(&tags[0]), ("walk_south".into(), 0.into(), 2.into()));
    assert_eq!(bounds(&tags[1]), ("stand_south".into(), 3.into(), 4.into()));
    assert_eq!(tags[1]["direction"], "forward");
    assert_eq!(tags[1]["loop"], false);
}

#[test]
fn a_grid_has_a_row_for_each_tag() {
    let bench = TestBench::new();
    let work = SpriteSheetWork {
        trim: false,
        padding: 0,
        ..sheet_work(SheetDialect::Generic)
    };
    let sheet = make(&bench, &inputs(&bench), &work).unwrap();
    assert_eq!(sheet.picture.size, PixelSize::new(60, 48));
    assert_eq!(
        sheet.data["frames"][4]["frame"],
        serde_json::json!({ "x": 20, "y": 24, "w": 20, "h": 24 })
    );
}

#[test]
fn unity_counts_from_below_and_its_pivot_is_at_the_feet() {
    let bench = TestBench::new();
    let sheet = make(&bench, &inputs(&bench), &sheet_work(SheetDialect::Unity)).unwrap();
    let frames = sheet.data["frames"].as_array().unwrap();
    let sprites = sheet.data["sprites"].as_array().unwrap();
    for (entry, sprite) in frames.iter().zip(sprites) {
        let rect = &sprite["rect"];
        let from_top = sheet.picture.size.height - number(&rect["y"]) - number(&rect["height"]);
        assert_eq!(from_top, number(&entry["frame"]["y"]));
        // The pivot, back in pixels of the frame.
        let within = &entry["spriteSourceSize"];
        let x = sprite["pivot"]["x"].as_f64().unwrap() * f64::from(number(&rect["width"]));
        let y = sprite["pivot"]["y"].as_f64().unwrap() * f64::from(number(&rect["height"]));
        let bottom = f64::from(number(&within["y"]) + number(&rect["height"]));
        assert!((x + f64::from(number(&within["x"])) - f64::from(PIVOT[0])).abs() < 1e-9);
        assert!((bottom - y - f64::from(PIVOT[1])).abs() < 1e-9);
        assert_eq!(sprite["alignment"], 9);
    }
    assert_eq!(sheet.data["pixelsPerUnit"], 12.5);
}

#[test]
fn margins_of_godot_bring_a_frame_back_to_its_size() {
    let bench = TestBench::new();
    let sheet = make(&bench, &inputs(&bench), &sheet_work(SheetDialect::Godot)).unwrap();
    let texture = &sheet.data["textures"][0];
    assert_eq!(texture["image"], "mara.png");
    for sprite in texture["sprites"].as_array().unwrap() {
        let [region, margin] = [&sprite["region"], &sprite["margin"]];
        assert_eq!(number(&region["w"]) + number(&margin["w"]), CELL.width);
        assert_eq!(number(&region["h"]) + number(&margin["h"]), CELL.height);
        assert!(number(&margin["x"]) <= number(&margin["w"]));
    }
    let animation = &sheet.data["animations"][0];
    assert_eq!(animation["speed"], 10.0);
    assert_eq!(animation["loop"], true);
    assert_eq!(animation["frames"][2]["sprite"], "walk_south_02");
}

#[test]
fn phaser_gets_an_atlas_that_is_a_list_of_animations_too() {
    let bench = TestBench::new();
    let sheet = make(&bench, &inputs(&bench), &sheet_work(SheetDialect::Phaser)).unwrap();
    let frames = sheet.data["frames"].as_object().unwrap();
    let expected: Vec<AlphaImage> = tag_frames().into_iter().flatten().collect();
    for (entry, expected) in frames.values().zip(&expected) {
        assert_eq!(&restored(&sheet, entry), expected);
    }
    assert_eq!(frames["walk_south_00"]["pivot"]["x"], 0.5);
    let animation = &sheet.data["anims"][1];
    assert_eq!(animation["key"], "stand_south");
    assert_eq!(animation["repeat"], 0);
    assert_eq!(animation["frames"][0]["key"], "mara");
    assert_eq!(animation["frames"][0]["frame"], "stand_south_00");
}

#[test]
fn a_palette_is_that_of_the_whole_sheet() {
    let bench = TestBench::new();
    let palette = RetroTreatment {
        palette: Palette::Adaptive {
            bits: 5,
            colours: 5,
        },
        dither: DitherMethod::Ordered,
        strength: 1.0,
        size: CELL,
    };
    let work = SpriteSheetWork {
        palette: Some(palette),
        ..sheet_work(SheetDialect::Generic)
    };
    let sheet = make(&bench, &inputs(&bench), &work).unwrap();
    let colours: BTreeSet<[u8; 4]> = sheet.picture.pixels.iter().copied().collect();
    assert!(colours.len() <= 6, "{colours:?}");
    assert!(colours.contains(&[0; 4]));
}

#[test]
fn the_same_frames_give_the_same_bytes() {
    let bench = TestBench::new();
    let inputs = inputs(&bench);
    let work = sheet_work(SheetDialect::Phaser);
    let first = make(&bench, &inputs, &work).unwrap();
    let second = make(&bench, &inputs, &work).unwrap();
    assert_eq!(first.picture, second.picture);
    assert_eq!(first.text, second.text);
}

#[test]
fn inputs_that_do_not_fit_together_are_refused() {
    let bench = TestBench::new();
    let good = inputs(&bench);
    let failure = |inputs: &InputFiles, work: &SpriteSheetWork| {
        let made = make(&bench, inputs, work);
        made.err().expect("a failure").class
    };
    let plain = sheet_work(SheetDialect::Generic);
    // A tag without frames, one frame too few, frames of another size, and a sheet of nothing.
    let mut missing = good.clone();
    missing.files.remove(&InputSlot::sprites(1));
    assert_eq!(failure(&missing, &plain), FailureClass::MissingInput);
    let mut short = good.clone();
    short
        .files
        .get_mut(&InputSlot::sprites(0))
        .unwrap()
        .remove(0);
    assert_eq!(failure(&short, &plain), FailureClass::MissingInput);
    let other = SpriteSheetWork {
        cell: PixelSize::new(21, 24),
        ..plain.clone()
    };
    assert_eq!(failure(&good, &other), FailureClass::MissingInput);
    let damaged = good.files[&InputSlot::sprites(0)][0].path.clone();
    std::fs::write(damaged, []).unwrap();
    assert_eq!(failure(&good, &plain), FailureClass::MissingInput);
}

#[test]
fn a_tile_map_has_the_first_frame_of_each_input_as_a_tile() {
    let bench = TestBench::new();
    let work = TileMapWork {
        image: "pier.png".to_owned(),
        tiles: vec!["grass".to_owned(), "water".to_owned()].into(),
        places: vec![1, 2, 2, 0].into(),
        width: 2,
        orientation: MapOrientation::Orthogonal,
        tile: PixelSize::new(20, 20),
        cell: CELL,
        offset: 0,
        palette: None,
    };
    let action = JobAction::TileMap(work);
    let made = bench
        .run_job(&action, &inputs(&bench), |context| {
            let made = TileMapProducer.run_job(context)?;
            TileMapProducer.check_outputs(context, &made.outputs)?;
            // A map that is cut off is noticed.
            let text = std::fs::read_to_string(&made.outputs[0].path).unwrap();
            std::fs::write(&made.outputs[0].path, &text[..text.len() / 2]).unwrap();
            TileMapProducer
                .check_outputs(context, &made.outputs)
                .unwrap_err();
            std::fs::write(&made.outputs[0].path, &text).unwrap();
            Ok(made)
        })
        .unwrap();
    let picture = AlphaImage::read_png(&made.outputs[1].path).unwrap();
    assert_eq!(picture.size, PixelSize::new(42, 24));
    let [walk, stand] = tag_frames();
    assert_eq!(picture.part([0, 0], CELL), walk[0]);
    assert_eq!(picture.part([22, 0], CELL), stand[0]);
    let text = std::fs::read_to_string(&made.outputs[0].path).unwrap();
    assert!(text.contains("1,2,\n2,0\n"), "{text}");
    assert!(text.contains("<image source=\"pier.png\" width=\"42\" height=\"24\"/>"));
}
