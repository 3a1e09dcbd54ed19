//! `KHR_lights_punctual`: lamps, spots and suns that nodes carry.

use super::gltf_document::{GltfDocument, LightRecord};

/// A light that a node carries. It shines along -z of the node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GltfLight {
    /// Index of its node.
    pub node: usize,
    /// Linear RGB of its candela, or of its lux if it is directional.
    pub intensity: [f32; 3],
    /// Metres at which it ends. `None`: nowhere.
    pub range: Option<f32>,
    /// Its shape.
    pub shape: GltfLightShape,
}

/// Where a light shines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GltfLightShape {
    /// Everywhere along one direction.
    Directional,
    /// To all sides.
    Point,
    /// Into a cone.
    Spot {
        /// Radians from the axis to which it shines in full.
        inner: f32,
        /// Radians from the axis at which it ends.
        outer: f32,
    },
}

/// Returns the lights of all nodes.
pub(super) fn read_lights(document: &GltfDocument, warnings: &mut Vec<String>) -> Vec<GltfLight> {
    let mut lights = Vec::new();
    for (node, record) in document.nodes.iter().enumerate() {
        let Some(named) = &record.extensions.punctual else {
            continue;
        };
        match document.extensions.punctual.lights.get(named.light) {
            Some(light) => lights.extend(read_light(node, light, warnings)),
            None => warnings.push(format!("light {} is not there", named.light)),
        }
    }
    lights
}

fn read_light(node: usize, record: &LightRecord, warnings: &mut Vec<String>) -> Option<GltfLight> {
    let shape = match (record.kind.as_str(), &record.spot) {
        ("directional", _) => GltfLightShape::Directional,
        ("spot", Some(spot)) => GltfLightShape::Spot {
            inner: spot.inner_cone_angle,
            outer: spot.outer_cone_angle,
        },
        ("point" | "spot", _) => GltfLightShape::Point,
        (kind, _) => {
            warnings.push(format!("a light of the unknown type `{kind}` is left out"));
            return None;
        }
    };
    let intensity = record.color.map(|part| part * record.intensity);
    let is_sound = intensity
        .iter()
        .all(|part| part.is_finite() && *part >= 0.0);
    is_sound.then_some(GltfLight {
        node,
        intensity,
        range: record.range.filter(|range| *range > 0.0),
        shape,
    })
}
