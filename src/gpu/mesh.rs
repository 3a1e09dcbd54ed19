//! Meshes on the device, and the layout of their vertices.

use super::device::GpuDevice;
use bytemuck::{Pod, Zeroable};
use wgpu::util::{BufferInitDescriptor, DeviceExt};
use wgpu::{
    Buffer, BufferUsages, VertexAttribute, VertexBufferLayout, VertexStepMode, vertex_attr_array,
};

/// One vertex, laid out as the kernels read it.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
// Rigid meshes carry joints and weights too: 16 bytes more a vertex, but one layout and half the
// pipelines.
pub struct MeshVertex {
    /// Position in metres.
    pub position: [f32; 3],
    /// Unit normal.
    pub normal: [f32; 3],
    /// Unit tangent with handedness.
    pub tangent: [f32; 4],
    /// Texture coordinates.
    pub uv: [f32; 2],
    /// Linear RGBA, 0 to 65535 for 0 to 1.
    pub colour: [u16; 4],
    /// Joints, relative to the draw's first matrix.
    pub joints: [u16; 4],
    /// Weights of the joints, 0 to 65535 for 0 to 1.
    pub weights: [u16; 4],
}

const VERTEX_ATTRIBUTES: [VertexAttribute; 7] = vertex_attr_array![
    0 => Float32x3, 1 => Float32x3, 2 => Float32x4, 3 => Float32x2, 4 => Unorm16x4, 5 => Uint16x4, 6 => Unorm16x4
];

impl MeshVertex {
    pub(super) const LAYOUT: VertexBufferLayout<'static> = VertexBufferLayout {
        array_stride: size_of::<Self>() as u64,
        step_mode: VertexStepMode::Vertex,
        attributes: &VERTEX_ATTRIBUTES,
    };
}

/// A triangle mesh on the device.
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

impl GpuMesh {
    /// Returns whether its vertices follow joints.
    #[must_use]
    pub const fn is_skinned(&self) -> bool {
        self.skinned
    }
}
