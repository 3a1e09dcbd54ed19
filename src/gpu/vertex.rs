//! One vertex, and how the kernels read it.

use bytemuck::{Pod, Zeroable};
use wgpu::{VertexAttribute, VertexBufferLayout, VertexStepMode, vertex_attr_array};

/// One vertex as the kernels read it.
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct MeshVertex {
    /// Place, in metres.
    pub position: [f32; 3],
    /// Unit normal.
    pub normal: [f32; 3],
    /// Unit tangent with handedness.
    pub tangent: [f32; 4],
    /// Two texture coordinates, one after the other.
    pub uvs: [f32; 4],
    /// Linear RGBA, 0 to 1 over 0 to 65535.
    pub colour: [u16; 4],
    /// Joints, counted from the draw's base.
    pub joints: [u16; 4],
    /// Weights of the joints, 0 to 1 over 0 to 65535.
    pub weights: [u16; 4],
}

impl MeshVertex {
    pub(super) const LAYOUT: VertexBufferLayout<'static> = VertexBufferLayout {
        array_stride: size_of::<Self>() as u64,
        step_mode: VertexStepMode::Vertex,
        attributes: &VERTEX_ATTRIBUTES,
    };
}

const VERTEX_ATTRIBUTES: [VertexAttribute; 7] = vertex_attr_array![
    0 => Float32x3, 1 => Float32x3, 2 => Float32x4, 3 => Float32x4, 4 => Unorm16x4, 5 => Uint16x4, 6 => Unorm16x4
];
