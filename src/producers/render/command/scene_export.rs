//! The scene as JSON, for programs that build it themselves: everything in view at every frame. y
//! is up, lengths are metres, matrices are by columns.

use crate::producers::render::render_request::{FrameRequest, ShotRequest};
use crate::producers::render::scene::{ModelInstance, ShotView};
use glam::Vec3;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Returns the scene of one shot, at the frames that are wanted of it.
///
/// # Errors
/// Fails when the path of an input, which is below the store or the project on this machine, is not
/// UTF-8.
pub(super) fn scene_document(
    shot: &ShotRequest,
    view: &ShotView<'_>,
    inputs: &BTreeMap<String, PathBuf>,
) -> Result<Value, serde_json::Error> {
    let key = view.scene.key_light();
    let frames: Result<Vec<Value>, _> = shot
        .pictures
        .iter()
        .map(|frame_request| frame_document(frame_request, shot, view))
        .collect();
    Ok(json!({
        "version": 1,
        "rate": shot.rate.as_f64(),
        "staging": *shot.staging,
        "inputs": serde_json::to_value(inputs)?,
        "key": key.map(|key| json!({
            "toward": vector_array(key.toward), "colour": vector_array(key.colour), "width": key.width,
        })),
        "lamps": view.glowing_lamps.iter().map(|lamp| json!({
            "centre": vector_array(lamp.centre), "radius": lamp.radius, "intensity": vector_array(lamp.intensity),
        })).collect::<Vec<_>>(),
        "frames": frames?,
    }))
}

fn frame_document(
    frame_request: &FrameRequest,
    shot: &ShotRequest,
    view: &ShotView<'_>,
) -> Result<Value, serde_json::Error> {
    let models: Result<Vec<Value>, _> = view
        .instances_at(frame_request.index)
        .iter()
        .map(|instance| model_document(instance, view))
        .collect();
    let lens = view.camera_at(frame_request.index);
    let sensor = shot.staging.camera.sensor_width;
    Ok(json!({
        "frame": frame_request.frame,
        "index": frame_request.index,
        "camera": {
            "eye": vector_array(lens.eye), "right": vector_array(lens.right), "up": vector_array(lens.up), "forward": vector_array(lens.forward),
            "lens": sensor / (2.0 * lens.tangents.x), "sensor": sensor,
            "angle": 2.0 * lens.tangents.x.atan().to_degrees(),
        },
        "models": models?,
    }))
}

fn model_document(
    instance: &ModelInstance<'_>,
    view: &ShotView<'_>,
) -> Result<Value, serde_json::Error> {
    Ok(json!({
        "file": serde_json::to_value(&view.scene.models()[instance.model_index].path)?,
        "matrix": instance.root.to_cols_array(),
        "clip": instance.model.select_clip(instance.clip).map(|clip| clip.name.as_str()),
        "seconds": instance.seconds,
    }))
}

fn vector_array(v: Vec3) -> [f32; 3] {
    v.into()
}
