//! The JSON of a glTF 2.0 file as typed records: what this program reads of it, and nothing else.
//!
//! Own records and not the `gltf` crate. That crate refuses a whole file that requires an extension
//! which it does not implement, among them variants, volume, specular and animation pointers. It
//! asks for fields that the format allows to be missing, panics on some indices, and has no records
//! for instances, variants and most of the material extensions. Every field that it would have
//! checked is checked where it is used, and every index by `index_check` before anything follows it.

use super::material_records::{MaterialRecord, SamplerRecord, TextureRecord};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The top level of a file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct GltfDocument {
    pub(super) accessors: Vec<AccessorRecord>,
    pub(super) animations: Vec<AnimationRecord>,
    pub(super) buffers: Vec<BufferRecord>,
    pub(super) cameras: Vec<CameraRecord>,
    pub(super) buffer_views: Vec<BufferViewRecord>,
    pub(super) images: Vec<ImageRecord>,
    pub(super) materials: Vec<MaterialRecord>,
    pub(super) meshes: Vec<MeshRecord>,
    pub(super) nodes: Vec<NodeRecord>,
    pub(super) samplers: Vec<SamplerRecord>,
    pub(super) scene: Option<usize>,
    pub(super) scenes: Vec<SceneRecord>,
    pub(super) skins: Vec<SkinRecord>,
    pub(super) textures: Vec<TextureRecord>,
    pub(super) extensions: DocumentExtensions,
}

/// Extensions of the top level.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct DocumentExtensions {
    #[serde(rename = "KHR_lights_punctual")]
    pub(super) punctual: LightList,
}

/// The lights that nodes name by index.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LightList {
    pub(super) lights: Vec<LightRecord>,
}

/// One light of `KHR_lights_punctual`.
#[derive(Debug, Deserialize)]
pub(super) struct LightRecord {
    #[serde(default = "white")]
    pub(super) color: [f32; 3],
    /// Candela, or lux of a directional one.
    #[serde(default = "one")]
    pub(super) intensity: f32,
    pub(super) range: Option<f32>,
    pub(super) spot: Option<SpotRecord>,
    #[serde(rename = "type")]
    pub(super) kind: String,
}

/// The cone of a spot light, in radians from its axis.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SpotRecord {
    #[serde(default)]
    pub(super) inner_cone_angle: f32,
    #[serde(default = "quarter_turn")]
    pub(super) outer_cone_angle: f32,
}

/// A camera.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CameraRecord {
    pub(super) name: String,
    /// Unset: the camera is orthographic.
    pub(super) perspective: Option<PerspectiveRecord>,
}

/// What a camera with perspective sees.
#[derive(Debug, Deserialize)]
pub(super) struct PerspectiveRecord {
    /// Radians from the lower to the upper edge.
    pub(super) yfov: f32,
}

/// How the elements of a list lie in a buffer view.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccessorRecord {
    pub(super) buffer_view: Option<usize>,
    #[serde(default)]
    pub(super) byte_offset: usize,
    pub(super) component_type: u32,
    #[serde(default)]
    pub(super) normalized: bool,
    pub(super) count: usize,
    #[serde(rename = "type")]
    pub(super) shape: String,
    pub(super) sparse: Option<SparseRecord>,
}

/// Elements that replace those of an accessor.
#[derive(Debug, Deserialize)]
pub(super) struct SparseRecord {
    pub(super) count: usize,
    pub(super) indices: SparseIndexRecord,
    pub(super) values: SparseValueRecord,
}

/// Which elements are replaced.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SparseIndexRecord {
    pub(super) buffer_view: usize,
    #[serde(default)]
    pub(super) byte_offset: usize,
    pub(super) component_type: u32,
}

/// What replaces them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SparseValueRecord {
    pub(super) buffer_view: usize,
    #[serde(default)]
    pub(super) byte_offset: usize,
}

/// A buffer: the BIN chunk, a file or a data URI.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BufferRecord {
    pub(super) uri: Option<String>,
    pub(super) byte_length: u64,
    #[serde(default)]
    pub(super) extensions: BufferExtensions,
}

/// Extensions of a buffer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct BufferExtensions {
    #[serde(rename = "EXT_meshopt_compression", alias = "KHR_meshopt_compression")]
    pub(super) meshopt: Option<MeshoptBufferRecord>,
}

/// Whether a buffer has no bytes, because its views are decoded from others.
#[derive(Debug, Deserialize)]
pub(super) struct MeshoptBufferRecord {
    #[serde(default)]
    pub(super) fallback: bool,
}

/// A part of a buffer.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BufferViewRecord {
    pub(super) buffer: usize,
    #[serde(default)]
    pub(super) byte_offset: usize,
    pub(super) byte_length: usize,
    pub(super) byte_stride: Option<usize>,
    #[serde(default)]
    pub(super) extensions: ViewExtensions,
}

/// Extensions of a buffer view.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ViewExtensions {
    #[serde(rename = "EXT_meshopt_compression", alias = "KHR_meshopt_compression")]
    pub(super) meshopt: Option<MeshoptRecord>,
}

/// The compressed form of a buffer view.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MeshoptRecord {
    pub(super) buffer: usize,
    #[serde(default)]
    pub(super) byte_offset: usize,
    pub(super) byte_length: usize,
    pub(super) byte_stride: usize,
    pub(super) count: usize,
    pub(super) mode: String,
    #[serde(default = "no_filter")]
    pub(super) filter: String,
}

/// A picture: a file, a data URI or a buffer view.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ImageRecord {
    pub(super) uri: Option<String>,
    pub(super) buffer_view: Option<usize>,
}

/// The roots of a scene.
#[derive(Debug, Deserialize)]
pub(super) struct SceneRecord {
    #[serde(default)]
    pub(super) nodes: Vec<usize>,
}

/// A node with its transform: a matrix, or its parts.
#[derive(Debug, Deserialize)]
pub(super) struct NodeRecord {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) children: Vec<usize>,
    pub(super) mesh: Option<usize>,
    pub(super) camera: Option<usize>,
    pub(super) skin: Option<usize>,
    pub(super) matrix: Option<[f32; 16]>,
    pub(super) translation: Option<[f32; 3]>,
    pub(super) rotation: Option<[f32; 4]>,
    pub(super) scale: Option<[f32; 3]>,
    pub(super) weights: Option<Vec<f32>>,
    #[serde(default)]
    pub(super) extensions: NodeExtensions,
}

/// Extensions of a node.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NodeExtensions {
    #[serde(rename = "EXT_mesh_gpu_instancing")]
    pub(super) instancing: Option<InstancingRecord>,
    #[serde(rename = "KHR_lights_punctual")]
    pub(super) punctual: Option<NodeLightRecord>,
    #[serde(rename = "KHR_node_visibility")]
    pub(super) visibility: Option<VisibilityRecord>,
}

/// Whether a node and everything below it is seen.
#[derive(Debug, Deserialize)]
pub(super) struct VisibilityRecord {
    #[serde(default = "yes")]
    pub(super) visible: bool,
}

/// The places of a mesh that a node shows several times.
#[derive(Debug, Deserialize)]
pub(super) struct InstancingRecord {
    #[serde(default)]
    pub(super) attributes: BTreeMap<String, usize>,
}

/// The light of a node.
#[derive(Debug, Deserialize)]
pub(super) struct NodeLightRecord {
    pub(super) light: usize,
}

/// A mesh.
#[derive(Debug, Deserialize)]
pub(super) struct MeshRecord {
    pub(super) primitives: Vec<PrimitiveRecord>,
    #[serde(default)]
    pub(super) weights: Vec<f32>,
}

/// Triangles, lines or points of one material.
#[derive(Debug, Deserialize)]
pub(super) struct PrimitiveRecord {
    pub(super) attributes: BTreeMap<String, usize>,
    pub(super) indices: Option<usize>,
    pub(super) material: Option<usize>,
    #[serde(default = "triangles")]
    pub(super) mode: u32,
    #[serde(default)]
    pub(super) targets: Vec<BTreeMap<String, usize>>,
}

/// A skin.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SkinRecord {
    pub(super) inverse_bind_matrices: Option<usize>,
    pub(super) joints: Vec<usize>,
}

/// An animation.
#[derive(Debug, Deserialize)]
pub(super) struct AnimationRecord {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) channels: Vec<ChannelRecord>,
    #[serde(default)]
    pub(super) samplers: Vec<KeyframeRecord>,
}

/// What a sampler of an animation moves.
#[derive(Debug, Deserialize)]
pub(super) struct ChannelRecord {
    pub(super) sampler: usize,
    pub(super) target: ChannelTargetRecord,
}

/// A property of a node; without a node, what an extension says.
#[derive(Debug, Deserialize)]
pub(super) struct ChannelTargetRecord {
    pub(super) node: Option<usize>,
    pub(super) path: String,
}

/// Keys of an animation.
#[derive(Debug, Deserialize)]
pub(super) struct KeyframeRecord {
    pub(super) input: usize,
    pub(super) output: usize,
    #[serde(default = "linear")]
    pub(super) interpolation: String,
}

impl GltfDocument {
    /// Decodes the tree of a file.
    pub(super) fn from_tree(root: Map<String, Value>) -> Result<Self, serde_json::Error> {
        Self::deserialize(Value::Object(root))
    }
}

// What the format says for fields that a file leaves out.
const fn one() -> f32 {
    1.0
}

const fn yes() -> bool {
    true
}

const fn white() -> [f32; 3] {
    [1.0; 3]
}

const fn quarter_turn() -> f32 {
    std::f32::consts::FRAC_PI_4
}

const fn triangles() -> u32 {
    4
}

fn no_filter() -> String {
    "NONE".to_owned()
}

fn linear() -> String {
    "LINEAR".to_owned()
}
