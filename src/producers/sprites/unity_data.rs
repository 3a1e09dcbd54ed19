//! The data of a sheet for Unity.

use super::sheet_data::{PlacedFrame, PlacedTag, SheetContent};
use serde_json::{Value, json};

/// `SpriteAlignment.Custom`: the pivot is given.
const CUSTOM_ALIGNMENT: u32 = 9;

/// Returns the list of frames that Unity reads as a TexturePacker atlas, with the fields of
/// `SpriteMetaData` for a script that slices the texture.
pub(super) fn unity_data(content: &SheetContent) -> Value {
    let sprite = |frame: &PlacedFrame| sprite_fields(content, frame);
    let animation = |tag: &PlacedTag| {
        let names = content.tag_frames(tag).iter().map(|frame| &frame.name);
        json!({
            "name": tag.name,
            "frameRate": content.tag_rate(tag),
            "loopTime": tag.repeats,
            "sprites": names.collect::<Vec<_>>(),
        })
    };
    json!({
        "frames": content.frame_list(),
        "meta": content.meta(),
        "pixelsPerUnit": content.pixels_per_metre,
        "sprites": content.frames.iter().map(sprite).collect::<Vec<_>>(),
        "animations": content.tags.iter().map(animation).collect::<Vec<_>>(),
    })
}

fn sprite_fields(content: &SheetContent, frame: &PlacedFrame) -> Value {
    // Unity counts from the bottom left corner of the texture.
    let below = content.size.height - frame.place[1] - frame.size.height;
    // Its pivot is a share of the rectangle, and may be outside of it.
    let from_left = f64::from(content.pivot[0]) - f64::from(frame.offset[0]);
    let from_top = f64::from(content.pivot[1]) - f64::from(frame.offset[1]);
    let height = f64::from(frame.size.height.max(1));
    json!({
        "name": frame.name,
        "rect": {
            "x": frame.place[0],
            "y": below,
            "width": frame.size.width,
            "height": frame.size.height,
        },
        "alignment": CUSTOM_ALIGNMENT,
        "pivot": {
            "x": from_left / f64::from(frame.size.width.max(1)),
            "y": (height - from_top) / height,
        },
        "border": { "x": 0, "y": 0, "z": 0, "w": 0 },
    })
}
