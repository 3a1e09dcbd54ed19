//! What the nodes of a model show together. Nodes may share one mesh, so the size of the file bounds
//! none of it.

use super::error::{GltfFault, check_limit};
use super::gltf_model::{GltfMesh, GltfModel};

/// The most vertices over all nodes, where a mesh of two nodes counts twice. A vertex counts once
/// for its place, and once for each morph target and each further set of joints.
const MAX_VERTICES: usize = 200_000_000;
/// The most corners of triangles over all nodes.
const MAX_CORNERS: usize = 600_000_000;
/// The most primitives over all nodes.
const MAX_PRIMITIVES: usize = 2_000_000;

/// What it takes to pose one mesh.
#[derive(Debug, Clone, Copy, Default)]
struct MeshCost {
    primitives: usize,
    vertices: usize,
    corners: usize,
}

impl MeshCost {
    fn of_mesh(mesh: &GltfMesh) -> Self {
        let parts = mesh.primitives.iter();
        let vertices = parts.map(|part| {
            let sums = 1 + part.targets.len() + part.more_influences.len();
            part.positions.len().saturating_mul(sums)
        });
        Self {
            primitives: mesh.primitives.len(),
            vertices: vertices.fold(0, usize::saturating_add),
            corners: mesh.primitives.iter().map(|part| part.indices.len()).sum(),
        }
    }
}

/// Fails if the drawn nodes show more than a preview can pose.
pub(super) fn check_shown_cost(model: &GltfModel) -> Result<(), GltfFault> {
    let costs: Vec<MeshCost> = model.meshes.iter().map(MeshCost::of_mesh).collect();
    let mut sum = MeshCost::default();
    for (_, mesh) in model.drawn_meshes() {
        let cost = costs[mesh];
        sum.primitives = sum.primitives.saturating_add(cost.primitives);
        sum.vertices = sum.vertices.saturating_add(cost.vertices);
        sum.corners = sum.corners.saturating_add(cost.corners);
    }
    check_limit("drawn primitives", sum.primitives, MAX_PRIMITIVES)?;
    check_limit("drawn vertices", sum.vertices, MAX_VERTICES)?;
    check_limit("drawn corners of triangles", sum.corners, MAX_CORNERS)
}
