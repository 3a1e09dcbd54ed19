//! Triangles of one material, with everything a vertex carries.

use super::container::Container;
use super::error::{Fault, malformed};
use gltf::Semantic;
use gltf::mesh::Mode;

/// Triangles of one material. All vertex lists have the length of `positions`, or are empty where noted.
#[derive(Debug, Clone, Default)]
pub struct Primitive {
    /// Places, in metres.
    pub positions: Vec<[f32; 3]>,
    /// Unit normals.
    pub normals: Vec<[f32; 3]>,
    /// Unit tangents with handedness; empty when the material has no normal map.
    pub tangents: Vec<[f32; 4]>,
    /// Texture coordinates; empty when there are none.
    pub uvs: Vec<[f32; 2]>,
    /// Linear RGBA; empty when there are none.
    pub colours: Vec<[f32; 4]>,
    /// Joints of the skin; empty when the primitive is rigid.
    pub joints: Vec<[u32; 4]>,
    /// Weights of the joints, summing to 1; empty when the primitive is rigid.
    pub weights: Vec<[f32; 4]>,
    /// Three per triangle, each below the number of positions.
    pub indices: Vec<u32>,
    /// Index into the model's materials.
    pub material: usize,
}

/// Reads one primitive; points and lines give nothing.
pub(super) fn read(
    container: &Container,
    primitive: &gltf::Primitive<'_>,
    mapped: bool,
    warnings: &mut Vec<String>,
) -> Result<Option<Primitive>, Fault> {
    if matches!(
        primitive.mode(),
        Mode::Points | Mode::Lines | Mode::LineLoop | Mode::LineStrip
    ) {
        warnings.push("points and lines are not drawn".to_owned());
        return Ok(None);
    }
    if primitive.morph_targets().count() > 0 {
        warnings.push("morph targets are not drawn".to_owned());
    }
    let mut read = vertices(container, primitive)?;
    read.indices = triangles(container, primitive, read.positions.len())?;
    if read.indices.is_empty() {
        return Ok(None);
    }
    finish(&mut read, mapped);
    Ok(Some(read))
}

fn vertices(container: &Container, primitive: &gltf::Primitive<'_>) -> Result<Primitive, Fault> {
    let Some(places) = primitive.get(&Semantic::Positions) else {
        return malformed("a primitive has no positions");
    };
    let positions: Vec<[f32; 3]> = container.floats(&places)?;
    if positions.iter().flatten().any(|value| !value.is_finite()) {
        return malformed("a position is not a number");
    }
    let count = positions.len();
    Ok(Primitive {
        normals: attribute(container, primitive, &Semantic::Normals, count)?,
        tangents: attribute(container, primitive, &Semantic::Tangents, count)?,
        uvs: attribute(container, primitive, &Semantic::TexCoords(0), count)?,
        colours: colours(container, primitive, count)?,
        joints: joints(container, primitive, count)?,
        weights: weights(attribute(
            container,
            primitive,
            &Semantic::Weights(0),
            count,
        )?),
        positions,
        ..Primitive::default()
    })
}

fn attribute<const N: usize>(
    container: &Container,
    primitive: &gltf::Primitive<'_>,
    semantic: &Semantic,
    count: usize,
) -> Result<Vec<[f32; N]>, Fault> {
    let Some(accessor) = primitive.get(semantic) else {
        return Ok(Vec::new());
    };
    let values = container.floats(&accessor)?;
    same_length(values.len(), count)?;
    Ok(values
        .into_iter()
        .map(|value: [f32; N]| value.map(|x| if x.is_finite() { x } else { 0.0 }))
        .collect())
}

fn same_length(found: usize, count: usize) -> Result<(), Fault> {
    if found == count {
        Ok(())
    } else {
        malformed(format!(
            "an attribute has {found} values for {count} vertices"
        ))
    }
}

fn colours(
    container: &Container,
    primitive: &gltf::Primitive<'_>,
    count: usize,
) -> Result<Vec<[f32; 4]>, Fault> {
    match primitive.get(&Semantic::Colors(0)) {
        Some(accessor) if accessor.dimensions() == gltf::accessor::Dimensions::Vec3 => {
            let values: Vec<[f32; 3]> =
                attribute(container, primitive, &Semantic::Colors(0), count)?;
            Ok(values.into_iter().map(|[r, g, b]| [r, g, b, 1.0]).collect())
        }
        _ => attribute(container, primitive, &Semantic::Colors(0), count),
    }
}

fn joints(
    container: &Container,
    primitive: &gltf::Primitive<'_>,
    count: usize,
) -> Result<Vec<[u32; 4]>, Fault> {
    let Some(accessor) = primitive.get(&Semantic::Joints(0)) else {
        return Ok(Vec::new());
    };
    let values = container.integers(&accessor)?;
    same_length(values.len(), count)?;
    Ok(values)
}

/// Scales each vertex's weights to sum to 1; a vertex without weight follows its first joint.
fn weights(mut list: Vec<[f32; 4]>) -> Vec<[f32; 4]> {
    for weights in &mut list {
        let sum: f32 = weights.iter().sum();
        *weights = if sum > 1e-6 {
            weights.map(|weight| weight / sum)
        } else {
            [1.0, 0.0, 0.0, 0.0]
        };
    }
    list
}

fn triangles(
    container: &Container,
    primitive: &gltf::Primitive<'_>,
    count: usize,
) -> Result<Vec<u32>, Fault> {
    let list: Vec<u32> = match primitive.indices() {
        Some(accessor) => container
            .integers::<1>(&accessor)?
            .into_iter()
            .map(|[index]| index)
            .collect(),
        None => (0..u32::try_from(count).unwrap_or(u32::MAX)).collect(),
    };
    if let Some(index) = list.iter().find(|index| **index as usize >= count) {
        return malformed(format!(
            "index {index} is out of range: the primitive has {count} vertices"
        ));
    }
    Ok(match primitive.mode() {
        Mode::TriangleStrip => strip(&list),
        Mode::TriangleFan => list
            .windows(2)
            .skip(1)
            .flat_map(|pair| [list[0], pair[0], pair[1]])
            .collect(),
        _ => list[..list.len() / 3 * 3].to_vec(),
    })
}

fn strip(list: &[u32]) -> Vec<u32> {
    let turned = |(at, w): (usize, &[u32])| {
        if at % 2 == 0 {
            [w[0], w[1], w[2]]
        } else {
            [w[1], w[0], w[2]]
        }
    };
    list.windows(3).enumerate().flat_map(turned).collect()
}

/// Makes up what the file leaves out.
fn finish(primitive: &mut Primitive, mapped: bool) {
    if primitive.joints.is_empty() || primitive.weights.is_empty() {
        primitive.joints.clear();
        primitive.weights.clear();
    }
    if primitive.normals.is_empty() {
        primitive.tangents.clear();
        primitive.flatten();
    }
    for normal in &mut primitive.normals {
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
