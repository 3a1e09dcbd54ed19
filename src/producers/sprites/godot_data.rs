//! The data of a sheet for Godot.

use super::sheet_data::{PlacedFrame, PlacedTag, SheetContent};
use serde_json::{Value, json};

/// Returns the list of textures that importers make an `AtlasTexture` of for each frame, with the
/// fields of `SpriteFrames`.
pub(super) fn godot_data(content: &SheetContent) -> Value {
    let sprite = |frame: &PlacedFrame| {
        let cell = content.cell;
        json!({
            "filename": frame.name,
            "region": {
                "x": frame.place[0],
                "y": frame.place[1],
                "w": frame.size.width,
                "h": frame.size.height,
            },
            // Of an `AtlasTexture`: where the region begins, and by how much the texture is larger.
            "margin": {
                "x": frame.offset[0],
                "y": frame.offset[1],
                "w": cell.width.saturating_sub(frame.size.width),
                "h": cell.height.saturating_sub(frame.size.height),
            },
        })
    };
    json!({
        "textures": [{
            "image": content.image,
            "format": "RGBA8888",
            "size": { "w": content.size.width, "h": content.size.height },
            "sprites": content.frames.iter().map(sprite).collect::<Vec<_>>(),
        }],
        "animations": content.tags.iter().map(|tag| animation(content, tag)).collect::<Vec<_>>(),
        // Of an `AnimatedSprite2D` that is not centred: its feet are at its position then.
        "offset": { "x": -f64::from(content.pivot[0]), "y": -f64::from(content.pivot[1]) },
        "meta": content.meta(),
    })
}

/// Returns an animation of `SpriteFrames`. Durations are in frames of its speed.
fn animation(content: &SheetContent, tag: &PlacedTag) -> Value {
    let frame = |frame: &PlacedFrame| json!({ "sprite": frame.name, "duration": 1.0 });
    json!({
        "name": tag.name,
        "speed": content.tag_rate(tag),
        "loop": tag.repeats,
        "frames": content.tag_frames(tag).iter().map(frame).collect::<Vec<_>>(),
    })
}
