//! Reads primitives: triangles of one material with their vertex attributes.

use super::container::GltfContainer;
use super::error::{GltfFault, fail_malformed};
use gltf::Semantic;
use gltf::mesh::Mode;

/// Triangles of one material. Every vertex list is as long as `positions`, or empty where noted.
#[derive(Debug, Clone, Default)]
pub struct GltfPrimitive {
    /// Positions, in metres.
    pub positions: Vec<[f32; 3]>,
    /// Unit normals.
    pub normals: Vec<[f32; 3]>,
    /// Unit tangents with handedness. Empty: the material has no normal map.
    pub tangents: Vec<[f32; 4]>,
    /// Texture coordinates. Empty: the file has none.
    pub uvs: Vec<[f32; 2]>,
    /// Linear RGBA. Empty: the file has none.
    pub colours: Vec<[f32; 4]>,
    /// Joints of the skin. Empty: the primitive is rigid.
    pub joints: Vec<[u32; 4]>,
    /// Weights of the joints, with a sum of 1. Empty: the primitive is rigid.
    pub weights: Vec<[f32; 4]>,
    /// Three for each triangle, each less than the number of positions.
    pub indices: Vec<u32>,
    /// Index into the model's materials.
    pub material: usize,
}

/// Reads one primitive. `mapped`: its material has a normal map. `None`: it has no triangles.
pub(super) fn read_primitive(
    container: &GltfContainer,
    primitive: &gltf::Primitive<'_>,
    mapped: bool,
    warnings: &mut Vec<String>,
) -> Result<Option<GltfPrimitive>, GltfFault> {
    if matches!(
        primitive.mode(),
        Mode::Points | Mode::Lines | Mode::LineLoop | Mode::LineStrip
    ) {
        warnings.push("points and lines are not drawn".to_owned());
        return Ok(None);
    }
    // The mesh is drawn without them: a still face is better than a model that is refused.
    if primitive.morph_targets().count() > 0 {
        warnings.push("morph targets are not drawn".to_owned());
    }
    let mut mesh_part = read_vertices(container, primitive)?;
    mesh_part.indices = read_triangles(container, primitive, mesh_part.positions.len())?;
    if mesh_part.indices.is_empty() {
        return Ok(None);
    }
    fill_missing_attributes(&mut mesh_part, mapped);
    Ok(Some(mesh_part))
}

fn read_vertices(
    container: &GltfContainer,
    primitive: &gltf::Primitive<'_>,
) -> Result<GltfPrimitive, GltfFault> {
    let Some(places) = primitive.get(&Semantic::Positions) else {
        return fail_malformed("a primitive has no positions");
    };
    let positions: Vec<[f32; 3]> = container.read_floats(&places)?;
    // A position that is not finite would make the bounding box, and with it the framing,
    // meaningless.
    if positions.iter().flatten().any(|value| !value.is_finite()) {
        return fail_malformed("a position is not a number");
    }
    let count = positions.len();
    Ok(GltfPrimitive {
        normals: read_attribute(container, primitive, &Semantic::Normals, count)?,
        tangents: read_attribute(container, primitive, &Semantic::Tangents, count)?,
        uvs: read_attribute(container, primitive, &Semantic::TexCoords(0), count)?,
        colours: read_colours(container, primitive, count)?,
        joints: read_joints(container, primitive, count)?,
        weights: normalise_weights(read_attribute(
            container,
            primitive,
            &Semantic::Weights(0),
            count,
        )?),
        positions,
        ..GltfPrimitive::default()
    })
}

fn read_attribute<const N: usize>(
    container: &GltfContainer,
    primitive: &gltf::Primitive<'_>,
    semantic: &Semantic,
    count: usize,
) -> Result<Vec<[f32; N]>, GltfFault> {
    let Some(accessor) = primitive.get(semantic) else {
        return Ok(Vec::new());
    };
    let values = container.read_floats(&accessor)?;
    check_length(values.len(), count)?;
    Ok(values
        .into_iter()
        // Other attributes only shade. A zero there spoils one vertex and not the picture.
        .map(|value: [f32; N]| value.map(|x| if x.is_finite() { x } else { 0.0 }))
        .collect())
}

fn check_length(length: usize, count: usize) -> Result<(), GltfFault> {
    // Later code indexes all lists by vertex.
    if length == count {
        Ok(())
    } else {
        fail_malformed(format!(
            "an attribute has {length} values for {count} vertices"
        ))
    }
}

fn read_colours(
    container: &GltfContainer,
    primitive: &gltf::Primitive<'_>,
    count: usize,
) -> Result<Vec<[f32; 4]>, GltfFault> {
    match primitive.get(&Semantic::Colors(0)) {
        Some(accessor) if accessor.dimensions() == gltf::accessor::Dimensions::Vec3 => {
            // Colours may have three components or four; a missing alpha is opaque.
            let values: Vec<[f32; 3]> =
                read_attribute(container, primitive, &Semantic::Colors(0), count)?;
            Ok(values.into_iter().map(|[r, g, b]| [r, g, b, 1.0]).collect())
        }
        _ => read_attribute(container, primitive, &Semantic::Colors(0), count),
    }
}

fn read_joints(
    container: &GltfContainer,
    primitive: &gltf::Primitive<'_>,
    count: usize,
) -> Result<Vec<[u32; 4]>, GltfFault> {
    let Some(accessor) = primitive.get(&Semantic::Joints(0)) else {
        return Ok(Vec::new());
    };
    let values = container.read_integers(&accessor)?;
    check_length(values.len(), count)?;
    Ok(values)
}

/// Scales the weights of each vertex to a sum of 1. A vertex without weights follows its first
/// joint.
fn normalise_weights(mut list: Vec<[f32; 4]>) -> Vec<[f32; 4]> {
    for weights in &mut list {
        let sum: f32 = weights.iter().sum();
        // Quantised weights rarely sum to 1. The difference would shrink the mesh towards the
        // origin.
        *weights = if sum > 1e-6 {
            weights.map(|weight| weight / sum)
        } else {
            [1.0, 0.0, 0.0, 0.0]
        };
    }
    list
}

fn read_triangles(
    container: &GltfContainer,
    primitive: &gltf::Primitive<'_>,
    count: usize,
) -> Result<Vec<u32>, GltfFault> {
    let list: Vec<u32> = match primitive.indices() {
        Some(accessor) => container
            .read_integers::<1>(&accessor)?
            .into_iter()
            .map(|[index]| index)
            .collect(),
        // Without indices the vertices are used in order.
        None => (0..u32::try_from(count).unwrap_or(u32::MAX)).collect(),
    };
    // Checked once here, so that drawing and measuring can index freely.
    if let Some(index) = list.iter().find(|index| **index as usize >= count) {
        return fail_malformed(format!(
            "index {index} is out of range: the primitive has {count} vertices"
        ));
    }
    Ok(match primitive.mode() {
        Mode::TriangleStrip => strip_triangles(&list),
        Mode::TriangleFan => list
            .windows(2)
            .skip(1)
            .flat_map(|pair| [list[0], pair[0], pair[1]])
            .collect(),
        // An incomplete last triangle is dropped, as renderers do.
        _ => list[..list.len() / 3 * 3].to_vec(),
    })
}

fn strip_triangles(list: &[u32]) -> Vec<u32> {
    list.windows(3)
        .enumerate()
        .flat_map(|(index, w)| {
            // Every second triangle of a strip is wound the other way. Without the swap of two
            // corners it would be a back face.
            if index % 2 == 0 {
                [w[0], w[1], w[2]]
            } else {
                [w[1], w[0], w[2]]
            }
        })
        .collect()
}

/// Fills in attributes that the file leaves out, and drops those that are no use.
fn fill_missing_attributes(primitive: &mut GltfPrimitive, mapped: bool) {
    if primitive.joints.is_empty() || primitive.weights.is_empty() {
        // Joints without weights, or weights without joints, have no meaning.
        primitive.joints.clear();
        primitive.weights.clear();
    }
    if primitive.normals.is_empty() {
        // Tangents are ignored without normals (glTF 2.0, section 3.7.2.1).
        primitive.tangents.clear();
        primitive.flat_shade();
    }
    for normal in &mut primitive.normals {
        // Quantised normals are not of unit length, and degenerate faces have none.
        *normal = glam::Vec3::from(*normal)
            .try_normalize()
            .unwrap_or(glam::Vec3::Y)
            .into();
    }
    if !mapped || primitive.uvs.is_empty() {
        primitive.tangents.clear();
    } else if primitive.tangents.is_empty() {
        primitive.derive_tangents();
    }
}
