//! One glTF document with all its buffers in memory, from a GLB or from JSON with files beside it.

use super::error::{GltfFault, check_limit, fail_malformed};
use super::uri;
use crate::base::bounded_text::open_regular_file;
use gltf::{Document, Gltf};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The most bytes of one file of a model.
const MAX_FILE_BYTES: usize = 1 << 30;

/// Extensions that a file may require and that are drawn as meant.
// A required extension is one without which the model looks wrong. Any other required one is an
// error and not a wrong picture.
const SUPPORTED_EXTENSIONS: [&str; 5] = [
    "KHR_materials_emissive_strength",
    "KHR_materials_unlit",
    "KHR_mesh_quantization",
    "KHR_texture_transform",
    "KHR_lights_punctual",
];

/// A document with valid indices, and its buffers.
pub(super) struct GltfContainer {
    pub(super) document: Document,
    pub(super) buffers: Vec<Vec<u8>>,
    pub(super) folder: PathBuf,
}

impl GltfContainer {
    /// Reads a model file and every buffer that it refers to.
    pub(super) fn open(path: &Path) -> Result<Self, GltfFault> {
        Self::read_bytes(&read_file(path)?, model_folder(path))
    }

    /// Reads a model from bytes. The files that it refers to are in `folder`.
    pub(super) fn read_bytes(bytes: &[u8], folder: PathBuf) -> Result<Self, GltfFault> {
        let Gltf { document, mut blob } = parse_gltf(bytes)?;
        let mut buffers = Vec::new();
        for buffer in &document.as_json().buffers {
            let data = match &buffer.uri {
                // The crate's own importer would follow paths out of the folder.
                Some(uri) => read_resource(&folder, uri)?,
                // Only the first buffer without a URI is the BIN chunk of a GLB.
                None => blob.take().ok_or_else(|| {
                    GltfFault::Malformed("a buffer has neither a uri nor a BIN chunk".into())
                })?,
            };
            let length = data.len() as u64;
            let needed = buffer.byte_length.0;
            // A longer one is fine: the BIN chunk of a GLB is padded.
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

/// Parses and validates a GLB or JSON.
fn parse_gltf(bytes: &[u8]) -> Result<Gltf, GltfFault> {
    // The header declares the length, so a file that was cut short can be reported as such.
    if let [b'g', b'l', b'T', b'F', _, _, _, _, a, b, c, d, ..] = *bytes {
        let length = bytes.len();
        let declared = u32::from_le_bytes([a, b, c, d]);
        if (length as u64) < u64::from(declared) {
            return fail_malformed(format!("it ends after {length} of {declared} bytes"));
        }
    }
    let malformed_error =
        |error: gltf::Error| GltfFault::Malformed(format!("not a valid glTF file: {error}"));
    // Extensions come before validation, so that the error names the missing decoder and not its
    // symptoms.
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

/// Refuses a mesh whose accessor of positions does not exist.
fn check_positions_exist(loose: &Gltf) -> Result<(), GltfFault> {
    let json = loose.document.as_json();
    // The validation of the crate indexes this accessor and would panic.
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

/// Returns whether all errors are about required extensions.
fn only_required_extensions(
    loose: &Gltf,
    errors: &[(gltf::json::Path, gltf::json::validation::Error)],
) -> bool {
    // The crate refuses every extension that it does not implement. Those that get here are in
    // `SUPPORTED_EXTENSIONS`.
    let required = loose.extensions_required().count() > 0;
    required
        && errors
            .iter()
            .all(|(path, _)| path.as_str().starts_with("extensionsRequired"))
}

fn validation_fault(errors: &[(gltf::json::Path, gltf::json::validation::Error)]) -> GltfFault {
    // One error fits into a message. The others often follow from it.
    let text = errors.first().map_or_else(String::new, |(path, error)| {
        format!("{}: {error}", path.as_str())
    });
    GltfFault::Malformed(format!("not a valid glTF file: {text}"))
}

/// Returns the bytes of a data URI, or of a file in `folder`.
pub(super) fn read_resource(folder: &Path, uri: &str) -> Result<Vec<u8>, GltfFault> {
    match uri::decode_data_uri(uri)? {
        Some(bytes) => Ok(bytes),
        None => read_file(&uri::resolve_file(folder, uri)?),
    }
}

/// Returns the bytes of a file of at most 1 GiB.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, GltfFault> {
    // The size is looked at first; reading a file of many gigabytes could end the process.
    let length = usize::try_from(std::fs::metadata(path)?.len()).unwrap_or(usize::MAX);
    check_limit("bytes", length, MAX_FILE_BYTES)?;
    let mut bytes = Vec::new();
    open_regular_file(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the folder that the references of a model start from.
pub(super) fn model_folder(path: &Path) -> PathBuf {
    match path.parent() {
        // The parent of `model.glb` is the empty path, which cannot be made canonical.
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
