//! Vertices as a pose moves them, where the device cannot: morph targets, and joints beyond the
//! fourth of a vertex.

use super::gltf_model::GltfModel;
use super::pose::{ModelPose, blend_matrices};
use super::primitive::GltfPrimitive;
use super::tangent::face_normals;
use glam::{Mat3, Mat4, Vec3};

/// The vertices of a primitive in a pose. Lists are as long as those of the primitive.
#[derive(Debug, Clone, PartialEq)]
pub struct DeformedVertices {
    /// Positions, in metres.
    pub positions: Vec<[f32; 3]>,
    /// Unit normals.
    pub normals: Vec<[f32; 3]>,
    /// Unit tangents with handedness.
    pub tangents: Vec<[f32; 4]>,
    /// Whether joints have moved them already: they are relative to the model, and not to the
    /// node or to the rest of the skin.
    pub is_skinned: bool,
}

impl GltfPrimitive {
    /// Returns the position of a vertex with its morph targets of these weights.
    pub(super) fn morphed_position(&self, weights: &[f32], vertex: usize) -> Vec3 {
        let place = Vec3::from(self.positions[vertex]);
        let targets = self.targets.iter().zip(weights);
        // Most targets of a face have no weight.
        targets
            .filter(|(target, weight)| **weight != 0.0 && !target.positions.is_empty())
            .fold(place, |place, (target, weight)| {
                place + Vec3::from(target.positions[vertex]) * *weight
            })
    }

    /// Returns the vertices with morph targets of these weights.
    fn morphed(&self, weights: &[f32]) -> DeformedVertices {
        let positions: Vec<[f32; 3]> = (0..self.positions.len())
            .map(|vertex| self.morphed_position(weights, vertex).into())
            .collect();
        let mut normals: Vec<Vec3> = self.normals.iter().copied().map(Vec3::from).collect();
        let mut tangents: Vec<Vec3> = (self.tangents.iter())
            .map(|[x, y, z, _]| Vec3::new(*x, *y, *z))
            .collect();
        for (target, weight) in self.targets.iter().zip(weights) {
            let add = |(to, from): (&mut Vec3, &[f32; 3])| *to += Vec3::from(*from) * *weight;
            normals.iter_mut().zip(&target.normals).for_each(add);
            tangents.iter_mut().zip(&target.tangents).for_each(add);
        }
        // Without normals in the file, they are those of the triangles where these are now.
        let normals = if self.flat {
            face_normals(&positions)
        } else {
            normals
                .into_iter()
                .map(|normal| unit_or(normal, Vec3::Y).into())
                .collect()
        };
        // Handedness is one of texture coordinates, which no pose changes.
        let hands = self.tangents.iter().map(|tangent| tangent[3]);
        let tangents = tangents.into_iter().zip(hands);
        DeformedVertices {
            tangents: tangents
                .map(|(tangent, hand)| unit_or(tangent, Vec3::X).extend(hand).into())
                .collect(),
            positions,
            normals,
            is_skinned: false,
        }
    }
}

impl GltfModel {
    /// Returns the vertices of a primitive as a pose moves them. `None`: the device moves them.
    #[must_use]
    pub fn deformed_vertices(
        &self,
        pose: &ModelPose,
        node: usize,
        part: &GltfPrimitive,
    ) -> Option<DeformedVertices> {
        let weights = pose.weights[node].as_slice();
        let is_morphed = !part.targets.is_empty() && weights.iter().any(|weight| *weight != 0.0);
        let skin = self.nodes[node]
            .skin
            .filter(|_| !part.more_influences.is_empty());
        if !is_morphed && skin.is_none() {
            return None;
        }
        let vertices = part.morphed(weights);
        Some(match skin {
            Some(skin) => skinned(vertices, part, &pose.joints[skin]),
            None => vertices,
        })
    }
}

/// Returns vertices moved by the joints of a skin.
fn skinned(
    mut vertices: DeformedVertices,
    part: &GltfPrimitive,
    joints: &[Mat4],
) -> DeformedVertices {
    for vertex in 0..vertices.positions.len() {
        let matrix = blend_matrices(joints, part.influences(vertex));
        let position = Vec3::from(vertices.positions[vertex]);
        vertices.positions[vertex] = matrix.transform_point3(position).into();
        let normal = normal_matrix(matrix) * Vec3::from(vertices.normals[vertex]);
        vertices.normals[vertex] = unit_or(normal, Vec3::Y).into();
        if let Some([x, y, z, _]) = vertices.tangents.get_mut(vertex) {
            let tangent = matrix.transform_vector3(Vec3::new(*x, *y, *z));
            [*x, *y, *z] = unit_or(tangent, Vec3::X).into();
        }
    }
    vertices.is_skinned = true;
    vertices
}

/// Returns the cofactor matrix, which transforms normals under any scale and needs no inverse.
fn normal_matrix(matrix: Mat4) -> Mat3 {
    let [x, y, z] = [matrix.x_axis, matrix.y_axis, matrix.z_axis].map(|axis| axis.truncate());
    Mat3::from_cols(y.cross(z), z.cross(x), x.cross(y))
}

fn unit_or(vector: Vec3, other: Vec3) -> Vec3 {
    vector.try_normalize().unwrap_or(other)
}
