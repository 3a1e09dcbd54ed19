//! What is known of a model without drawing it.

use super::gltf_model::GltfModel;
use glam::Vec3;

/// Facts about a model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ModelFacts {
    /// Names of its clips, in file order.
    pub clips: Vec<String>,
    /// What the file has and is not drawn.
    pub left_out: Vec<String>,
    /// Names of the variants of its materials, in file order.
    pub variants: Vec<String>,
    /// Names of the expressions of its face.
    pub expressions: Vec<String>,
    /// Names of its cameras with perspective, in file order.
    pub cameras: Vec<String>,
    /// The number of its lights.
    pub light_count: usize,
    /// Why there is nothing to draw. `None`: there is something.
    pub nothing_drawn: Option<String>,
    /// Its longest side in metres, in the first frame of its first clip. `None`: it has no size.
    pub longest_side: Option<f32>,
}

impl ModelFacts {
    /// Returns the facts of a model.
    /// Its file is in a unit of so many metres.
    pub(super) fn of_model(model: GltfModel, unit: f32) -> Self {
        let bounds = model.bounds_in_pose(&model.pose_at(None, 0.0));
        Self {
            longest_side: (!bounds.is_empty()).then(|| bounds.size().max_element() * unit),
            nothing_drawn: nothing_drawn(&model),
            light_count: model.lights.len(),
            cameras: model
                .cameras
                .iter()
                .map(|camera| camera.name().to_owned())
                .collect(),
            variants: model.variants,
            expressions: model.expressions,
            clips: model.clips.into_iter().map(|clip| clip.name).collect(),
            left_out: model.warnings,
        }
    }
}

/// Returns why a model has nothing to draw. `None`: it has.
fn nothing_drawn(model: &GltfModel) -> Option<String> {
    if model.triangle_count() == 0 {
        let why = if model.meshes.iter().any(|mesh| !mesh.primitives.is_empty()) {
            "no node of its scene shows a mesh"
        } else {
            "it has no triangles"
        };
        return Some(why.to_owned());
    }
    // A light is something to see by, but what it lights is another model.
    let pose = model.pose_at(None, 0.0);
    let has_area = model.drawn_meshes().any(|(node, mesh)| {
        model.meshes[mesh].primitives.iter().any(|part| {
            let places: Vec<Vec3> = model.vertex_positions(&pose, node, part).collect();
            part.indices.chunks_exact(3).any(|corners| {
                let [a, b, c] = [0, 1, 2].map(|corner| places[corners[corner] as usize]);
                let longest = (b - a).length().max((c - a).length());
                // Corners on one line, but for rounding, have no area either.
                (b - a).cross(c - a).length() > 1e-6 * longest * longest
            })
        })
    });
    (!has_area).then(|| "none of its triangles has an area".to_owned())
}
