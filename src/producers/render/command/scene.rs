//! The scene as JSON, for programs that build it themselves: everything in view at every frame, y up, metres, matrices by
//! columns.

use crate::producers::render::order::{Scene, Wanted};
use crate::producers::render::staged::{Placed, Shoot};
use glam::Vec3;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Returns the scene of one shot, at the frames that are wanted of it.
pub(super) fn scene(scene: &Scene, shoot: &Shoot<'_>, inputs: &BTreeMap<String, PathBuf>) -> Value {
    let key = shoot.stage.key();
    json!({
        "version": 1,
        "rate": scene.rate.as_f64(),
        "staging": *scene.staging,
        "inputs": inputs,
        "key": key.map(|key| json!({
            "toward": list(key.toward), "colour": list(key.colour), "width": key.width,
        })),
        "lamps": shoot.lamps.iter().map(|lamp| json!({
            "centre": list(lamp.centre), "radius": lamp.radius, "intensity": list(lamp.intensity),
        })).collect::<Vec<_>>(),
        "frames": scene.pictures.iter().map(|wanted| frame(wanted, scene, shoot)).collect::<Vec<_>>(),
    })
}

fn frame(wanted: &Wanted, scene: &Scene, shoot: &Shoot<'_>) -> Value {
    let (lens, sensor) = (shoot.lens(wanted.index), scene.staging.camera.sensor_width);
    json!({
        "frame": wanted.frame,
        "index": wanted.index,
        "camera": {
            "eye": list(lens.eye), "right": list(lens.right), "up": list(lens.up), "forward": list(lens.forward),
            "lens": sensor / (2.0 * lens.tangents.x), "sensor": sensor,
            "angle": 2.0 * lens.tangents.x.atan().to_degrees(),
        },
        "models": shoot.placed(wanted.index).iter().map(|placed| model(placed, shoot)).collect::<Vec<_>>(),
    })
}

fn model(placed: &Placed<'_>, shoot: &Shoot<'_>) -> Value {
    json!({
        "file": shoot.stage.models()[placed.which].path,
        "matrix": placed.root.to_cols_array(),
        "clip": placed.model.select_clip(placed.clip).map(|clip| clip.name.as_str()),
        "seconds": placed.seconds,
    })
}

fn list(v: Vec3) -> [f32; 3] {
    v.into()
}
