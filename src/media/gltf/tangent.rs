//! Derives tangents from texture coordinates, and flat normals.

use super::primitive::GltfPrimitive;
use glam::{Vec2, Vec3};

impl GltfPrimitive {
    /// Gives every triangle its own vertices and normal. glTF 2.0 requires flat shading if normals
    /// are missing.
    pub(super) fn flat_shade(&mut self) {
        let order = std::mem::take(&mut self.indices);
        self.positions = gather_values(&self.positions, &order);
        self.uvs = gather_values(&self.uvs, &order);
        self.second_uvs = gather_values(&self.second_uvs, &order);
        self.colours = gather_values(&self.colours, &order);
        self.joints = gather_values(&self.joints, &order);
        self.weights = gather_values(&self.weights, &order);
        for set in &mut self.more_influences {
            set.joints = gather_values(&set.joints, &order);
            set.weights = gather_values(&set.weights, &order);
        }
        for target in &mut self.targets {
            target.positions = gather_values(&target.positions, &order);
            // They change normals that are not there.
            target.normals.clear();
            target.tangents.clear();
        }
        self.normals = face_normals(&self.positions);
        self.flat = true;
        self.indices = (0..).take(self.positions.len()).collect();
    }

    /// Derives a tangent and its handedness for every vertex from these texture coordinates, by
    /// Lengyel's method.
    pub(super) fn derived_tangents(&self, uvs: &[[f32; 2]]) -> Vec<[f32; 4]> {
        let mut along = vec![(Vec3::ZERO, Vec3::ZERO); self.positions.len()];
        for corners in self.indices.chunks_exact(3) {
            let [a, b, c] = [
                corners[0] as usize,
                corners[1] as usize,
                corners[2] as usize,
            ];
            // Sums over the triangles of a vertex, so that normal maps have no seams at edges.
            let (tangent, bitangent) = self.uv_gradients(uvs, [a, b, c]);
            for corner in [a, b, c] {
                along[corner].0 += tangent;
                along[corner].1 += bitangent;
            }
        }
        self.normals
            .iter()
            .zip(along)
            .map(|(normal, (tangent, bitangent))| vertex_tangent(*normal, tangent, bitangent))
            .collect()
    }

    fn uv_gradients(&self, uvs: &[[f32; 2]], [a, b, c]: [usize; 3]) -> (Vec3, Vec3) {
        let place = |i: usize| Vec3::from(self.positions[i]);
        let uv = |i: usize| Vec2::from(uvs[i]);
        // Edges in space and in the texture. Their ratio is the direction in which u and v grow.
        let e1 = place(b) - place(a);
        let e2 = place(c) - place(a);
        let d1 = uv(b) - uv(a);
        let d2 = uv(c) - uv(a);
        let area = d1.perp_dot(d2);
        // A triangle without area in the texture has no such direction, and its neighbours decide.
        if area.abs() < 1e-12 {
            return (Vec3::ZERO, Vec3::ZERO);
        }
        (
            (e1 * d2.y - e2 * d1.y) / area,
            (e2 * d1.x - e1 * d2.x) / area,
        )
    }
}

fn vertex_tangent(normal: [f32; 3], tangent: Vec3, bitangent: Vec3) -> [f32; 4] {
    let normal = Vec3::from(normal);
    // The tangent must be perpendicular to the normal, which is smooth over several triangles.
    let flat = (tangent - normal * normal.dot(tangent)).try_normalize();
    let flat = flat.unwrap_or_else(|| normal.any_orthonormal_vector_or_x());
    // Mirrored textures have a left-handed basis. Without this, half of a symmetric model would be
    // lit from the wrong side.
    let hand = if normal.cross(flat).dot(bitangent) < 0.0 {
        -1.0
    } else {
        1.0
    };
    [flat.x, flat.y, flat.z, hand]
}

/// Extends `Vec3` by a tangent for any normal, also one of length zero.
trait AnyOrthonormal {
    fn any_orthonormal_vector_or_x(self) -> Vec3;
}

impl AnyOrthonormal for Vec3 {
    fn any_orthonormal_vector_or_x(self) -> Vec3 {
        self.try_normalize()
            .map_or(Self::X, |unit| unit.any_orthonormal_vector())
    }
}

fn gather_values<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
    if values.is_empty() {
        Vec::new()
    } else {
        order.iter().map(|index| values[*index as usize]).collect()
    }
}

/// Returns the normals of triangles with vertices of their own.
pub(super) fn face_normals(positions: &[[f32; 3]]) -> Vec<[f32; 3]> {
    positions
        .chunks(3)
        .flat_map(|corners| [face_normal(corners); 3])
        .collect()
}

fn face_normal(corners: &[[f32; 3]]) -> [f32; 3] {
    let [a, b, c] = [0, 1, 2].map(|i| corners.get(i).copied().map_or(Vec3::ZERO, Vec3::from));
    (b - a)
        .cross(c - a)
        .try_normalize()
        .unwrap_or(Vec3::Y)
        .into()
}
