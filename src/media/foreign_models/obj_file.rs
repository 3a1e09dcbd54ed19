//! Wavefront OBJ, with the materials of its MTL files and their pictures.

use super::ForeignModel;
use super::glb_writer::{GlbWriter, WrittenPart};
use crate::base::paths::{LocatedPath, locate_inside};
use crate::media::gltf::{GltfFault, read_model_file};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{BufRead, Cursor};
use std::path::{Path, PathBuf};

/// Endings of the pictures that are drawn.
const PICTURE_ENDINGS: [&str; 4] = ["png", "jpg", "jpeg", "webp"];

/// Reads a file and its materials.
pub(super) fn read_obj(path: &Path) -> Result<ForeignModel, GltfFault> {
    let bytes = read_model_file(path)?;
    let folder = ObjFolder::of_model(path);
    let options = tobj::LoadOptions {
        single_index: true,
        triangulate: true,
        ignore_points: true,
        ignore_lines: true,
    };
    let load = |name: &Path| Ok(folder.read_materials(&name.to_string_lossy()));
    let (models, materials) = tobj::load_obj_buf(&mut Cursor::new(bytes), &options, load)
        .map_err(|error| GltfFault::Malformed(format!("not a valid OBJ file: {error}")))?;
    let mut writer = GlbWriter::default();
    let materials = materials.unwrap_or_default();
    let mut numbers = Vec::new();
    for material in &materials {
        let material = folder.gltf_material(material, &mut writer);
        numbers.push(writer.add_material(material));
    }
    let plain = writer.add_material(json!({
        "name": "plain",
        "doubleSided": true,
        "pbrMetallicRoughness": {
            "baseColorFactor": [0.6, 0.6, 0.6, 1.0], "metallicFactor": 0.0, "roughnessFactor": 0.6
        },
    }));
    for model in models {
        let material = model.mesh.material_id.and_then(|index| numbers.get(index));
        let part = written_part(&model.mesh, material.copied().unwrap_or(plain));
        writer.add_mesh(&model.name, &[part]);
    }
    let mut warnings = folder.warnings.into_inner();
    warnings.sort();
    warnings.dedup();
    Ok(ForeignModel {
        glb: writer.finish()?,
        warnings,
    })
}

/// Returns the files of materials and the pictures that a model names, as far as they are there.
pub(super) fn obj_references(path: &Path) -> Vec<PathBuf> {
    let Ok(bytes) = read_model_file(path) else {
        return Vec::new();
    };
    let folder = ObjFolder::of_model(path);
    let mut files = Vec::new();
    for line in Cursor::new(bytes).lines().map_while(Result::ok) {
        let Some(name) = line.trim().strip_prefix("mtllib ") else {
            continue;
        };
        let Some(file) = folder.find(name) else {
            continue;
        };
        let (materials, _) = folder.read_materials(name);
        let pictures = materials.iter().flat_map(picture_names);
        let pictures = pictures.filter_map(|name| folder.find_picture(name));
        files.push(folder.path.join(file));
        files.extend(pictures.map(|file| folder.path.join(file)));
    }
    files.sort();
    files.dedup();
    files
}

fn written_part(mesh: &tobj::Mesh, material: usize) -> WrittenPart {
    let triples = |values: &[f32]| values.as_chunks::<3>().0.to_vec();
    let colours = mesh.vertex_color.as_chunks::<3>().0.iter();
    WrittenPart {
        positions: triples(&mesh.positions),
        normals: triples(&mesh.normals),
        // Pictures begin at the top in glTF, and at the bottom here.
        uvs: mesh
            .texcoords
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[u, v]| [*u, 1.0 - v])
            .collect(),
        colours: colours.map(|[r, g, b]| [*r, *g, *b, 1.0]).collect(),
        indices: mesh.indices.clone(),
        material: Some(material),
    }
}

/// The names of all pictures of a material that are drawn.
fn picture_names(material: &tobj::Material) -> impl Iterator<Item = &str> {
    let normal = material.unknown_param.get("norm");
    [&material.diffuse_texture]
        .into_iter()
        .flatten()
        .chain(normal)
        .map(String::as_str)
}

/// The folder of a model, from which names of files start.
struct ObjFolder {
    path: PathBuf,
    warnings: RefCell<Vec<String>>,
}

impl ObjFolder {
    fn of_model(path: &Path) -> Self {
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        Self {
            path: folder.unwrap_or(Path::new(".")).to_owned(),
            warnings: RefCell::default(),
        }
    }

    fn warn(&self, text: String) {
        self.warnings.borrow_mut().push(text);
    }

    /// Returns a file relative to the folder. `None`: it is not there, or is outside.
    fn find(&self, name: &str) -> Option<String> {
        // Programs on Windows write their own separators, and often the whole path on the disk of
        // the person who made the model. Only its last part means something elsewhere.
        let name = name.trim().trim_matches('"').replace('\\', "/");
        let last = name.rsplit('/').next().map(str::to_owned);
        let is_inside = |name: &String| {
            let located = locate_inside(&self.path, &self.path.join(name));
            matches!(located, Ok(LocatedPath::Inside { .. }))
                && self.path.join(name).is_file()
                && !name.starts_with('/')
        };
        [Some(name), last].into_iter().flatten().find(is_inside)
    }

    /// Returns a picture of a line of materials, which may have options before the name.
    fn find_picture(&self, line: &str) -> Option<String> {
        let last = line.split_whitespace().last().unwrap_or_default();
        let file = self.find(line).or_else(|| self.find(last))?;
        let ending = Path::new(&file).extension()?.to_str()?.to_lowercase();
        PICTURE_ENDINGS.contains(&ending.as_str()).then_some(file)
    }

    fn read_materials(&self, name: &str) -> (Vec<tobj::Material>, HashMap<String, usize>) {
        let Some(file) = self.find(name) else {
            self.warn(format!("the materials `{name}` are not there"));
            return Default::default();
        };
        let path = self.path.join(file);
        let read = read_model_file(&path).map_err(|error| error.to_string());
        let read = read.and_then(|bytes| {
            tobj::load_mtl_buf(&mut Cursor::new(bytes)).map_err(|error| error.to_string())
        });
        read.unwrap_or_else(|why| {
            self.warn(format!("the materials `{name}` cannot be read: {why}"));
            Default::default()
        })
    }

    /// Returns a material in the notation of glTF.
    fn gltf_material(&self, material: &tobj::Material, writer: &mut GlbWriter) -> Value {
        let number = |key: &str| material.unknown_param.get(key)?.trim().parse::<f32>().ok();
        let shininess = material.shininess.unwrap_or(30.0).max(0.0);
        // As wide as the highlight of Blinn and Phong.
        let roughness = number("Pr").unwrap_or((2.0 / (shininess + 2.0)).sqrt());
        let dissolve = material.dissolve.unwrap_or(1.0);
        let [r, g, b] = material.diffuse.unwrap_or([0.8; 3]);
        let mut surface = json!({
            "baseColorFactor": [r, g, b, dissolve],
            "metallicFactor": number("Pm").unwrap_or(0.0).clamp(0.0, 1.0),
            "roughnessFactor": roughness.clamp(0.0, 1.0),
        });
        let mut result = json!({ "name": material.name, "doubleSided": true });
        if let Some(texture) = self.texture(material.diffuse_texture.as_deref(), writer) {
            surface["baseColorTexture"] = texture;
            // Many programs write black beside a picture and mean the picture alone.
            if [r, g, b] == [0.0; 3] {
                surface["baseColorFactor"] = json!([1.0, 1.0, 1.0, dissolve]);
            }
        }
        let normal = material.unknown_param.get("norm").map(String::as_str);
        if let Some(texture) = self.texture(normal, writer) {
            result["normalTexture"] = texture;
        }
        if let Some(emissive) = material.emissive {
            result["emissiveFactor"] = json!(emissive.map(|part| part.clamp(0.0, 1.0)));
        }
        // The picture of transparency is usually the alpha of the colours' own.
        let is_clear = dissolve < 1.0 || material.dissolve_texture.is_some();
        if is_clear {
            result["alphaMode"] = json!("BLEND");
        }
        self.warn_of_unread(material);
        result["pbrMetallicRoughness"] = surface;
        result
    }

    fn warn_of_unread(&self, material: &tobj::Material) {
        let unread = [
            (material.normal_texture.is_some(), "a height map (`bump`)"),
            (
                material.specular_texture.is_some(),
                "a map of highlights (`map_Ks`)",
            ),
            (
                material.shininess_texture.is_some(),
                "a map of gloss (`map_Ns`)",
            ),
            (
                material.dissolve_texture.is_some()
                    && material.dissolve_texture != material.diffuse_texture,
                "a map of transparency (`map_d`)",
            ),
        ];
        for (_, what) in unread.into_iter().filter(|(is_there, _)| *is_there) {
            self.warn(format!("{what} of an OBJ file is left out"));
        }
    }

    fn texture(&self, line: Option<&str>, writer: &mut GlbWriter) -> Option<Value> {
        let line = line?;
        if let Some(file) = self.find_picture(line) {
            return Some(writer.add_texture(&file));
        }
        let kinds = "PNG, JPEG and WebP pictures beside the model are drawn";
        self.warn(format!("the picture `{line}` is left out: {kinds}"));
        None
    }
}
