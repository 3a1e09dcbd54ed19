//! What a sheet contains, and its data for everyone and for Phaser.

use super::{godot_data, unity_data};
use crate::model::PixelSize;
use crate::model::sprites::SheetDialect;
use serde_json::{Map, Value, json};

/// Everything that the data of a sheet says.
#[derive(Debug, Clone)]
pub(super) struct SheetContent {
    /// The name of the picture's file.
    pub(super) image: String,
    /// Size of the picture.
    pub(super) size: PixelSize,
    /// Size of a frame before it was trimmed.
    pub(super) cell: PixelSize,
    /// The place of the model's origin in a frame: pixels from the left and from the top.
    pub(super) pivot: [u32; 2],
    /// How large the model is drawn.
    pub(super) pixels_per_metre: f64,
    pub(super) frames: Vec<PlacedFrame>,
    pub(super) tags: Vec<PlacedTag>,
}

/// One frame of a sheet.
#[derive(Debug, Clone)]
pub(super) struct PlacedFrame {
    /// Its name, such as `walk_south_00`.
    pub(super) name: String,
    /// Its place in the picture.
    pub(super) place: [u32; 2],
    /// Its size there.
    pub(super) size: PixelSize,
    /// What was trimmed from the left and from the top.
    pub(super) offset: [u32; 2],
    /// Milliseconds for which it is shown.
    pub(super) duration: u32,
}

/// One clip from one direction.
#[derive(Debug, Clone)]
pub(super) struct PlacedTag {
    pub(super) name: String,
    pub(super) clip: String,
    pub(super) direction: String,
    /// Index of its first frame.
    pub(super) from: usize,
    /// How many frames it has, at least one.
    pub(super) count: usize,
    pub(super) repeats: bool,
}

impl SheetContent {
    /// Returns the data as text.
    pub(super) fn to_text(&self, dialect: SheetDialect) -> String {
        let data = match dialect {
            SheetDialect::Generic => self.generic_data(),
            SheetDialect::Phaser => self.phaser_data(),
            SheetDialect::Unity => unity_data::unity_data(self),
            SheetDialect::Godot => godot_data::godot_data(self),
        };
        // Pretty, so that a change of one frame is a change of a few lines in version control.
        format!("{data:#}\n")
    }

    /// Returns the name of the picture without its extension, which engines use as a key.
    pub(super) fn key(&self) -> &str {
        self.image
            .rsplit_once('.')
            .map_or(&*self.image, |(stem, _)| stem)
    }

    /// Returns the pivot as shares of a frame, from its top left corner.
    pub(super) fn pivot_shares(&self) -> [f64; 2] {
        let share = |pixels: u32, side: u32| f64::from(pixels) / f64::from(side.max(1));
        [
            share(self.pivot[0], self.cell.width),
            share(self.pivot[1], self.cell.height),
        ]
    }

    /// Returns the frames of a tag.
    pub(super) fn tag_frames(&self, tag: &PlacedTag) -> &[PlacedFrame] {
        self.frames
            .get(tag.from..tag.from + tag.count)
            .unwrap_or_default()
    }

    /// Returns the frames a second of a tag.
    pub(super) fn tag_rate(&self, tag: &PlacedTag) -> f64 {
        let frames = self.tag_frames(tag);
        let total: u64 = frames.iter().map(|frame| u64::from(frame.duration)).sum();
        #[expect(clippy::cast_precision_loss, reason = "hours in milliseconds")]
        let rate = frames.len() as f64 * 1000.0 / total.max(1) as f64;
        // Enough digits for an hour, and none that only rounding made.
        (rate * 1e6).round() / 1e6
    }

    /// Returns a frame as TexturePacker and Aseprite write it.
    pub(super) fn atlas_frame(&self, frame: &PlacedFrame) -> Map<String, Value> {
        let PlacedFrame {
            place,
            size,
            offset,
            ..
        } = frame;
        let [pivot_x, pivot_y] = self.pivot_shares();
        let fields = json!({
            "frame": { "x": place[0], "y": place[1], "w": size.width, "h": size.height },
            // Never, although it would save room: many engines do not read it.
            "rotated": false,
            "trimmed": *size != self.cell,
            "spriteSourceSize": { "x": offset[0], "y": offset[1], "w": size.width, "h": size.height },
            "sourceSize": { "w": self.cell.width, "h": self.cell.height },
            "pivot": { "x": pivot_x, "y": pivot_y },
            "duration": frame.duration,
        });
        match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }

    /// Returns the frames as a list, each with the name of its file.
    pub(super) fn frame_list(&self) -> Vec<Value> {
        let named = |frame: &PlacedFrame| {
            let mut fields = Map::new();
            fields.insert("filename".to_owned(), json!(frame.name));
            fields.extend(self.atlas_frame(frame));
            Value::Object(fields)
        };
        self.frames.iter().map(named).collect()
    }

    /// Returns what is true of the whole sheet, with a tag for each clip and direction as Aseprite
    /// writes them.
    pub(super) fn meta(&self) -> Value {
        let tag = |tag: &PlacedTag| {
            json!({
                "name": tag.name,
                "from": tag.from,
                "to": tag.from + tag.count.max(1) - 1,
                "direction": "forward",
                "clip": tag.clip,
                "facing": tag.direction,
                "loop": tag.repeats,
            })
        };
        json!({
            "app": "production",
            "version": "1.0",
            "image": self.image,
            "format": "RGBA8888",
            "size": { "w": self.size.width, "h": self.size.height },
            "scale": "1",
            "frameTags": self.tags.iter().map(tag).collect::<Vec<_>>(),
            "pivot": { "x": self.pivot[0], "y": self.pivot[1] },
            "pixelsPerMetre": self.pixels_per_metre,
        })
    }

    fn generic_data(&self) -> Value {
        json!({ "frames": self.frame_list(), "meta": self.meta() })
    }

    /// Returns an atlas (`load.atlas`) that is also a list of animations (`load.animation`).
    fn phaser_data(&self) -> Value {
        let frames = self.frames.iter();
        let frames: Map<String, Value> = frames
            .map(|frame| (frame.name.clone(), Value::Object(self.atlas_frame(frame))))
            .collect();
        let animation = |tag: &PlacedTag| {
            let frame = |frame: &PlacedFrame| json!({ "key": self.key(), "frame": frame.name });
            json!({
                "key": tag.name,
                "type": "frame",
                "frames": self.tag_frames(tag).iter().map(frame).collect::<Vec<_>>(),
                "frameRate": self.tag_rate(tag),
                "repeat": if tag.repeats { -1 } else { 0 },
            })
        };
        json!({
            "frames": frames,
            "meta": self.meta(),
            "anims": self.tags.iter().map(animation).collect::<Vec<_>>(),
        })
    }
}
