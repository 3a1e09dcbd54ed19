//! Passes out of the layers that Blender wrote, in our axes and units.
//!
//! Blender 5 gave layers longer names; either is understood. Where a place lies follows from its depth, so that every
//! engine that knows depths knows places, in the same way.

use crate::media::LinearImage;
use crate::media::exr_layers::ExrLayers;
use crate::model::RenderPass;
use crate::model::pass::BACKGROUND_DEPTH;
use crate::producers::render::passes::{is_nothing, places};
use crate::producers::render::staged::Shoot;

const DEPTH: &[&str] = &["Depth"];
const RGB: [&str; 3] = ["R", "G", "B"];

/// Returns what was asked for of picture `index`, in this order; fails with the first that Blender did not write.
pub(super) fn told(
    asked: &[RenderPass],
    layers: &ExrLayers,
    shoot: &Shoot<'_>,
    index: usize,
) -> Result<Vec<LinearImage>, RenderPass> {
    let exposure = shoot.stage.staging().exposure.exp2();
    let one = |pass: &RenderPass| {
        let pixels = match pass {
            RenderPass::Depth => depths(layers)
                .map(|depths| depths.into_iter().map(|depth| [depth, 0.0, 0.0]).collect()),
            RenderPass::Position => {
                depths(layers).map(|depths| places(&shoot.lens(index), layers.size, &depths))
            }
            RenderPass::Normal => layers
                .layer_channels(&["Normal"], ["X", "Y", "Z"])
                .map(|axes| zipped(axes, |[x, y, z]| [x, z, -y])),
            RenderPass::AmbientOcclusion => plain(layers, &["AO", "Ambient Occlusion"]),
            RenderPass::Albedo => plain(layers, &["DiffCol", "Diffuse Color"]),
            RenderPass::Emission => plain(layers, &["Emit", "Emission"]),
            RenderPass::Diffuse => scattered(layers, ["Diff", "Diffuse"]),
            RenderPass::Specular => scattered(layers, ["Gloss", "Glossy"]),
            RenderPass::Transmission => scattered(layers, ["Trans", "Transmission"]),
        };
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
    asked.iter().map(one).collect()
}

/// Returns metres from the camera's plane; what Blender writes where there is nothing depends on the engine.
fn depths(layers: &ExrLayers) -> Option<Vec<f32>> {
    let [depths] = layers.layer_channels(DEPTH, ["Z"])?;
    Some(
        depths
            .iter()
            .map(|depth| {
                if is_nothing(*depth) {
                    BACKGROUND_DEPTH
                } else {
                    *depth
                }
            })
            .collect(),
    )
}

fn plain(layers: &ExrLayers, names: &[&str]) -> Option<Vec<[f32; 3]>> {
    layers
        .layer_channels(names, RGB)
        .map(|channels| zipped(channels, |pixel| pixel))
}

/// Returns the light of one kind of surface: what arrives, times its colour. Eevee knows only light that comes straight.
fn scattered(layers: &ExrLayers, [short, long]: [&str; 2]) -> Option<Vec<[f32; 3]>> {
    let part = |brief: &str, full: &str| {
        plain(
            layers,
            &[&format!("{short}{brief}"), &format!("{long} {full}")],
        )
    };
    let (colour, direct) = (part("Col", "Color")?, part("Dir", "Direct")?);
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

fn zipped(channels: [&[f32]; 3], turned: impl Fn([f32; 3]) -> [f32; 3]) -> Vec<[f32; 3]> {
    (0..channels[0].len())
        .map(|at| turned(channels.map(|values| values[at])))
        .collect()
}
