//! Meshes on the device, and the layout of their vertices.

use super::device::GpuDevice;
use super::vertex::MeshVertex;
use wgpu::util::{BufferInitDescriptor, DeviceExt};
use wgpu::{Buffer, BufferUsages};

/// A triangle mesh on the device. A clone is the same mesh.
#[derive(Clone)]
pub struct GpuMesh {
    pub(super) vertices: Buffer,
    pub(super) indices: Buffer,
    pub(super) index_count: u32,
    pub(super) skinned: bool,
}

impl GpuDevice {
    /// Uploads a mesh. A `skinned` one blends four joint matrices a vertex, another one uses one
    /// matrix.
    #[must_use]
    pub fn upload_mesh(&self, vertices: &[MeshVertex], indices: &[u32], skinned: bool) -> GpuMesh {
        let buffer = |contents: &[u8], usage| {
            self.device.create_buffer_init(&BufferInitDescriptor {
                label: None,
                contents,
                usage,
            })
        };
        GpuMesh {
            vertices: buffer(bytemuck::cast_slice(vertices), BufferUsages::VERTEX),
            indices: buffer(bytemuck::cast_slice(indices), BufferUsages::INDEX),
            index_count: u32::try_from(indices.len()).unwrap_or(0),
            skinned,
        }
    }
}

impl GpuDevice {
    /// Uploads a mesh with the triangles of another and vertices of its own.
    #[must_use]
    pub fn upload_vertices(
        &self,
        mesh: &GpuMesh,
        vertices: &[MeshVertex],
        skinned: bool,
    ) -> GpuMesh {
        let vertices = self.device.create_buffer_init(&BufferInitDescriptor {
            label: None,
            contents: bytemuck::cast_slice(vertices),
            usage: BufferUsages::VERTEX,
        });
        GpuMesh {
            vertices,
            skinned,
            ..mesh.clone()
        }
    }
}

impl GpuMesh {
    /// Returns whether its vertices follow joints.
    #[must_use]
    pub const fn is_skinned(&self) -> bool {
        self.skinned
    }
}
