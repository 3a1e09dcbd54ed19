//! Passes from the layers that Blender wrote, in our axes and units.
//!
//! Blender 5 has longer names for layers; both are read. Places in the world are computed from
//! depth, so every engine that has depth has places, in the same way.

use crate::media::LinearImage;
use crate::media::exr_layers::ExrLayers;
use crate::model::RenderPass;
use crate::model::pass::BACKGROUND_DEPTH;
use crate::producers::render::depth_passes::{is_background, world_positions};
use crate::producers::render::scene::ShotView;

const DEPTH_LAYERS: &[&str] = &["Depth"];
const RGB: [&str; 3] = ["R", "G", "B"];

/// Returns the requested passes of picture `index`, in order. Fails with the first that Blender did
/// not write.
pub(super) fn read_passes(
    requested: &[RenderPass],
    layers: &ExrLayers,
    view: &ShotView<'_>,
    index: i64,
) -> Result<Vec<LinearImage>, RenderPass> {
    let exposure = view.scene.staging().exposure.exp2();
    let read_pass = |pass: &RenderPass| {
        let pixels = match pass {
            RenderPass::Depth => depth_values(layers)
                .map(|depths| depths.into_iter().map(|depth| [depth, 0.0, 0.0]).collect()),
            RenderPass::Position => depth_values(layers)
                .map(|depths| world_positions(&view.camera_at(index), layers.size, &depths)),
            RenderPass::Normal => layers
                .layer_channels(&["Normal"], ["X", "Y", "Z"])
                .map(|axes| zip_channels(axes, |[x, y, z]| [x, z, -y])),
            RenderPass::AmbientOcclusion => colour_layer(layers, &["AO", "Ambient Occlusion"]),
            RenderPass::Albedo => colour_layer(layers, &["DiffCol", "Diffuse Color"]),
            RenderPass::Emission => colour_layer(layers, &["Emit", "Emission"]),
            RenderPass::Diffuse => surface_light(layers, ["Diff", "Diffuse"]),
            RenderPass::Specular => surface_light(layers, ["Gloss", "Glossy"]),
            RenderPass::Transmission => surface_light(layers, ["Trans", "Transmission"]),
        };
        // The exposure of the staging is applied to light only. A normal or a depth times the
        // exposure would be wrong.
        let scale = if pass.is_light() { exposure } else { 1.0 };
        let pixels: Option<Vec<[f32; 3]>> = pixels;
        let pixels = pixels
            .ok_or(*pass)?
            .into_iter()
            .map(|pixel| pixel.map(|value| value * scale))
            .collect();
        Ok(LinearImage {
            size: layers.size,
            pixels,
        })
    };
    requested.iter().map(read_pass).collect()
}

/// Returns depth as metres from the camera's plane.
fn depth_values(layers: &ExrLayers) -> Option<Vec<f32>> {
    let [depths] = layers.layer_channels(DEPTH_LAYERS, ["Z"])?;
    Some(
        depths
            .iter()
            .map(|depth| {
                // The value that Blender writes for background depends on the engine; passes have
                // one value for it.
                if is_background(*depth) {
                    BACKGROUND_DEPTH
                } else {
                    *depth
                }
            })
            .collect(),
    )
}

fn colour_layer(layers: &ExrLayers, names: &[&str]) -> Option<Vec<[f32; 3]>> {
    layers
        .layer_channels(names, RGB)
        .map(|channels| zip_channels(channels, |pixel| pixel))
}

/// Returns the light from one kind of surface: incoming light times the colour of the surface.
fn surface_light(layers: &ExrLayers, [short, long]: [&str; 2]) -> Option<Vec<[f32; 3]>> {
    let part = |brief: &str, full: &str| {
        colour_layer(
            layers,
            &[&format!("{short}{brief}"), &format!("{long} {full}")],
        )
    };
    let colour = part("Col", "Color")?;
    let direct = part("Dir", "Direct")?;
    // Eevee writes only direct light. A layer that is not there is no indirect light, not an error.
    let indirect = part("Ind", "Indirect").unwrap_or_else(|| vec![[0.0; 3]; direct.len()]);
    let light = colour.iter().zip(direct).zip(indirect);
    Some(
        light
            .map(|((colour, direct), indirect)| {
                [0, 1, 2].map(|i| colour[i] * (direct[i] + indirect[i]))
            })
            .collect(),
    )
}

fn zip_channels(channels: [&[f32]; 3], convert: impl Fn([f32; 3]) -> [f32; 3]) -> Vec<[f32; 3]> {
    (0..channels[0].len())
        .map(|index| convert(channels.map(|values| values[index])))
        .collect()
}
