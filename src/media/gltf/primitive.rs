//! Reads primitives: triangles of one material with their vertex attributes.

use super::container::GltfContainer;
use super::error::{GltfFault, check_limit, fail_malformed};
use super::gltf_document::PrimitiveRecord;
use super::influences::{InfluenceSet, compact_influences, normalise_weights};
use super::material::GltfMaterial;

/// The most vertices of all morph targets of one primitive. Targets may share one accessor, so the
/// size of the file bounds nothing.
const MAX_MORPH_VERTICES: usize = 50_000_000;

/// Triangles of one material. Every vertex list is as long as `positions`, or empty where noted.
#[derive(Debug, Clone, Default)]
pub struct GltfPrimitive {
    /// Positions, in metres.
    pub positions: Vec<[f32; 3]>,
    /// Unit normals.
    pub normals: Vec<[f32; 3]>,
    /// Whether the normals are those of the triangles, because the file has none.
    pub flat: bool,
    /// Unit tangents with handedness. Empty: the material has no normal map.
    pub tangents: Vec<[f32; 4]>,
    /// Texture coordinates. Empty: the file has none.
    pub uvs: Vec<[f32; 2]>,
    /// Other texture coordinates that the material uses. Empty: it uses none.
    pub second_uvs: Vec<[f32; 2]>,
    /// Linear RGBA. Empty: the file has none.
    pub colours: Vec<[f32; 4]>,
    /// Joints of the skin. Empty: the primitive is rigid.
    pub joints: Vec<[u32; 4]>,
    /// Weights of the joints, with a sum of 1 over all sets. Empty: the primitive is rigid.
    pub weights: Vec<[f32; 4]>,
    /// Joints beyond the fourth of a vertex. Empty: no vertex has any.
    pub more_influences: Vec<InfluenceSet>,
    /// Shapes into which the primitive morphs.
    pub targets: Vec<MorphTarget>,
    /// Three for each triangle, each less than the number of positions.
    pub indices: Vec<u32>,
    /// Index into the model's materials.
    pub material: usize,
}

/// What a morph target adds to each vertex. Lists are as long as the positions, or empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MorphTarget {
    /// Metres.
    pub positions: Vec<[f32; 3]>,
    /// Differences of normals.
    pub normals: Vec<[f32; 3]>,
    /// Differences of tangents.
    pub tangents: Vec<[f32; 3]>,
}

/// Reads one primitive of this material. `None`: it has no triangles.
pub(super) fn read_primitive(
    container: &GltfContainer,
    primitive: &PrimitiveRecord,
    material: &GltfMaterial,
    warnings: &mut Vec<String>,
) -> Result<Option<GltfPrimitive>, GltfFault> {
    match primitive.mode {
        0..=3 => {
            warnings.push("points and lines are not drawn".to_owned());
            return Ok(None);
        }
        4..=6 => {}
        mode => {
            warnings.push(format!(
                "a primitive of the unknown mode {mode} is not drawn"
            ));
            return Ok(None);
        }
    }
    if !primitive.attributes.contains_key("POSITION") {
        // An extension may say where they are.
        warnings.push("triangles without positions are not drawn".to_owned());
        return Ok(None);
    }
    let reader = PrimitiveReader {
        container,
        primitive,
    };
    let mut mesh_part = reader.read_vertices(material)?;
    mesh_part.indices = reader.read_triangles(mesh_part.positions.len())?;
    if mesh_part.indices.is_empty() {
        return Ok(None);
    }
    if mesh_part.normals.is_empty() {
        // Each corner becomes a vertex with everything that it has.
        let width = numbers_of_vertex(&mesh_part);
        container.budget.spend(mesh_part.indices.len(), width)?;
    }
    fill_missing_attributes(&mut mesh_part, material);
    Ok(Some(mesh_part))
}

/// Reads the attributes of one primitive.
struct PrimitiveReader<'a> {
    container: &'a GltfContainer,
    primitive: &'a PrimitiveRecord,
}

impl PrimitiveReader<'_> {
    fn read_vertices(&self, material: &GltfMaterial) -> Result<GltfPrimitive, GltfFault> {
        let Some(places) = self.primitive.attributes.get("POSITION") else {
            return fail_malformed("a primitive has no positions");
        };
        let positions: Vec<[f32; 3]> = self.container.read_floats(*places)?;
        // A position that is not finite would make the bounding box, and with it the framing,
        // meaningless.
        if positions.iter().flatten().any(|value| !value.is_finite()) {
            return fail_malformed("a position is not a number");
        }
        let count = positions.len();
        let second_uvs = match material.second_uv_set() {
            Some(set) => self.read_attribute(&format!("TEXCOORD_{set}"), count)?,
            None => Vec::new(),
        };
        let mut part = GltfPrimitive {
            normals: self.read_attribute("NORMAL", count)?,
            tangents: self.read_attribute("TANGENT", count)?,
            uvs: self.read_attribute("TEXCOORD_0", count)?,
            second_uvs,
            colours: self.read_colours(count)?,
            targets: self.read_targets(count)?,
            positions,
            ..GltfPrimitive::default()
        };
        let mut sets = self.read_influences(count)?.into_iter();
        if let Some(first) = sets.next() {
            part.joints = first.joints;
            part.weights = first.weights;
        }
        part.more_influences = sets.collect();
        Ok(part)
    }

    fn read_attribute<const N: usize>(
        &self,
        name: &str,
        count: usize,
    ) -> Result<Vec<[f32; N]>, GltfFault> {
        match self.primitive.attributes.get(name) {
            Some(accessor) => read_vectors(self.container, *accessor, count),
            None => Ok(Vec::new()),
        }
    }

    fn read_colours(&self, count: usize) -> Result<Vec<[f32; 4]>, GltfFault> {
        match self.primitive.attributes.get("COLOR_0") {
            Some(accessor) if self.container.component_count(*accessor)? == 3 => {
                // Colours may have three components or four; a missing alpha is opaque.
                let values: Vec<[f32; 3]> = read_vectors(self.container, *accessor, count)?;
                Ok(values.into_iter().map(|[r, g, b]| [r, g, b, 1.0]).collect())
            }
            _ => self.read_attribute("COLOR_0", count),
        }
    }

    /// Returns joints and weights in as few sets of four as hold them. Empty: the primitive is
    /// rigid.
    fn read_influences(&self, count: usize) -> Result<Vec<InfluenceSet>, GltfFault> {
        let mut sets = Vec::new();
        for number in 0.. {
            let names = [format!("JOINTS_{number}"), format!("WEIGHTS_{number}")];
            let found = names.map(|name| self.primitive.attributes.get(&name).copied());
            // Joints without weights, or weights without joints, have no meaning.
            let [Some(joints), Some(weights)] = found else {
                break;
            };
            let joints = self.container.read_integers(joints)?;
            check_length(joints.len(), count)?;
            let weights = read_vectors(self.container, weights, count)?;
            sets.push(InfluenceSet { joints, weights });
        }
        normalise_weights(&mut sets);
        Ok(compact_influences(sets))
    }

    fn read_targets(&self, count: usize) -> Result<Vec<MorphTarget>, GltfFault> {
        let targets = &self.primitive.targets;
        let vertices = count.saturating_mul(targets.len());
        check_limit("vertices of morph targets", vertices, MAX_MORPH_VERTICES)?;
        let mut list = Vec::new();
        for target in targets {
            let read = |name: &str| match target.get(name) {
                Some(accessor) => read_vectors(self.container, *accessor, count),
                None => Ok(Vec::new()),
            };
            list.push(MorphTarget {
                positions: read("POSITION")?,
                normals: read("NORMAL")?,
                tangents: read("TANGENT")?,
            });
        }
        Ok(list)
    }

    fn read_triangles(&self, count: usize) -> Result<Vec<u32>, GltfFault> {
        let list: Vec<u32> = match self.primitive.indices {
            Some(accessor) => self
                .container
                .read_integers::<1>(accessor)?
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
        Ok(match self.primitive.mode {
            5 => strip_triangles(&list),
            6 => list
                .windows(2)
                // The first pair is the centre itself with one corner.
                .skip(1)
                .flat_map(|pair| [list[0], pair[0], pair[1]])
                .collect(),
            // An incomplete last triangle is dropped, as renderers do.
            _ => list[..list.len() / 3 * 3].to_vec(),
        })
    }
}

fn read_vectors<const N: usize>(
    container: &GltfContainer,
    accessor: usize,
    count: usize,
) -> Result<Vec<[f32; N]>, GltfFault> {
    let values = container.read_floats(accessor)?;
    check_length(values.len(), count)?;
    Ok(values
        .into_iter()
        // These only shade, or add to a position. A zero there spoils one vertex and not the
        // picture.
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

/// Returns how many numbers a vertex has.
fn numbers_of_vertex(part: &GltfPrimitive) -> usize {
    // Place, normal, two texture coordinates, a colour, and sets of four joints and weights.
    14 + 8 * (1 + part.more_influences.len()) + 3 * part.targets.len()
}

/// Fills in attributes that the file leaves out, and drops those that are no use.
fn fill_missing_attributes(primitive: &mut GltfPrimitive, material: &GltfMaterial) {
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
    // Tangents are derived only for normal maps: they cost 16 bytes a vertex.
    let uvs = match &material.normal_map {
        Some(map) if map.second_uvs => &primitive.second_uvs,
        Some(_) => &primitive.uvs,
        None => &Vec::new(),
    };
    if uvs.is_empty() {
        primitive.tangents.clear();
    } else if primitive.tangents.is_empty() {
        primitive.tangents = primitive.derived_tangents(uvs);
    }
}
