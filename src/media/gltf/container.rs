//! One glTF document with all its buffers in memory, whether it came as GLB or as JSON with files beside it.

use super::error::{GltfFault, check_limit, fail_malformed};
use super::uri;
use gltf::{Document, Gltf};
use std::path::{Path, PathBuf};

/// The most bytes one file of a model may have.
const MAX_FILE_BYTES: usize = 1 << 30;

/// Extensions that a file may require and that are drawn as meant.
const SUPPORTED_EXTENSIONS: [&str; 5] = [
    "KHR_materials_emissive_strength",
    "KHR_materials_unlit",
    "KHR_mesh_quantization",
    "KHR_texture_transform",
    "KHR_lights_punctual",
];

/// A parsed document, checked for indices out of range, and its buffers.
pub(super) struct GltfContainer {
    pub(super) document: Document,
    pub(super) buffers: Vec<Vec<u8>>,
    pub(super) folder: PathBuf,
}

impl GltfContainer {
    /// Reads a model and every buffer it refers to.
    pub(super) fn open(path: &Path) -> Result<Self, GltfFault> {
        Self::read_bytes(&read_file(path)?, model_folder(path))
    }

    /// Reads a model from bytes; files it refers to are sought in `folder`.
    pub(super) fn read_bytes(bytes: &[u8], folder: PathBuf) -> Result<Self, GltfFault> {
        let Gltf { document, mut blob } = parse_gltf(bytes)?;
        let mut buffers = Vec::new();
        for buffer in &document.as_json().buffers {
            let data = match &buffer.uri {
                Some(uri) => read_resource(&folder, uri)?,
                None => blob.take().ok_or_else(|| {
                    GltfFault::Malformed("a buffer has neither a uri nor a BIN chunk".into())
                })?,
            };
            let (length, needed) = (data.len() as u64, buffer.byte_length.0);
            if length < needed {
                return fail_malformed(format!(
                    "buffer {} has {length} bytes, not {needed}",
                    buffers.len()
                ));
            }
            buffers.push(data);
        }
        Ok(Self {
            document,
            buffers,
            folder,
        })
    }

    /// Returns the bytes of one buffer view.
    pub(super) fn view_bytes(&self, index: usize) -> Result<&[u8], GltfFault> {
        let outside =
            || GltfFault::Malformed(format!("buffer view {index} lies outside its buffer"));
        let view = self.document.views().nth(index).ok_or_else(outside)?;
        let buffer = self
            .buffers
            .get(view.buffer().index())
            .ok_or_else(outside)?;
        let end = view
            .offset()
            .checked_add(view.length())
            .ok_or_else(outside)?;
        buffer.get(view.offset()..end).ok_or_else(outside)
    }
}

/// Parses and validates; extensions come first so that a missing decoder is named instead of its symptoms.
fn parse_gltf(bytes: &[u8]) -> Result<Gltf, GltfFault> {
    if let [b'g', b'l', b'T', b'F', _, _, _, _, a, b, c, d, ..] = *bytes {
        let (length, declared) = (bytes.len(), u32::from_le_bytes([a, b, c, d]));
        if (length as u64) < u64::from(declared) {
            return fail_malformed(format!("it ends after {length} of {declared} bytes"));
        }
    }
    let malformed_error =
        |error: gltf::Error| GltfFault::Malformed(format!("not a valid glTF file: {error}"));
    let loose = Gltf::from_slice_without_validation(bytes).map_err(malformed_error)?;
    let unknown = loose
        .extensions_required()
        .find(|name| !SUPPORTED_EXTENSIONS.contains(name));
    if let Some(name) = unknown {
        return Err(GltfFault::Extension(name.to_owned()));
    }
    check_positions_exist(&loose)?;
    match Gltf::from_slice(bytes) {
        Err(gltf::Error::Validation(errors)) => only_required_extensions(&loose, &errors)
            .then_some(loose)
            .ok_or_else(|| validation_fault(&errors)),
        other => other.map_err(malformed_error),
    }
}

/// Refuses a mesh whose positions lie in an accessor that there is not: the crate's validation would panic.
fn check_positions_exist(loose: &Gltf) -> Result<(), GltfFault> {
    let json = loose.document.as_json();
    let position = gltf::json::validation::Checked::Valid(gltf::Semantic::Positions);
    let primitives = json.meshes.iter().flat_map(|mesh| &mesh.primitives);
    let mut accessors = primitives.filter_map(|primitive| primitive.attributes.get(&position));
    match accessors.find(|accessor| accessor.value() >= json.accessors.len()) {
        Some(missing) => fail_malformed(format!(
            "a mesh names accessor {}, which is not there",
            missing.value()
        )),
        None => Ok(()),
    }
}

/// The crate refuses required extensions that it does not read itself, though ignoring these is right.
fn only_required_extensions(
    loose: &Gltf,
    errors: &[(gltf::json::Path, gltf::json::validation::Error)],
) -> bool {
    let required = loose.extensions_required().count() > 0;
    required
        && errors
            .iter()
            .all(|(path, _)| path.as_str().starts_with("extensionsRequired"))
}

fn validation_fault(errors: &[(gltf::json::Path, gltf::json::validation::Error)]) -> GltfFault {
    let text = errors.first().map_or_else(String::new, |(path, error)| {
        format!("{}: {error}", path.as_str())
    });
    GltfFault::Malformed(format!("not a valid glTF file: {text}"))
}

/// Returns what `uri` refers to: its own bytes or a file in `folder`.
pub(super) fn read_resource(folder: &Path, uri: &str) -> Result<Vec<u8>, GltfFault> {
    match uri::decode_data_uri(uri)? {
        Some(bytes) => Ok(bytes),
        None => read_file(&uri::resolve_file(folder, uri)?),
    }
}

/// Returns a file's bytes, within the limit.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, GltfFault> {
    let length = usize::try_from(std::fs::metadata(path)?.len()).unwrap_or(usize::MAX);
    check_limit("bytes", length, MAX_FILE_BYTES)?;
    Ok(std::fs::read(path)?)
}

/// Returns the folder a model's own references start from.
pub(super) fn model_folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
