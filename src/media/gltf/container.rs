//! One glTF document with all its buffers in memory, from a GLB or from JSON with files beside it.

use super::error::{GltfFault, check_limit, fail_malformed};
use super::gltf_file::{GltfFile, invalid_file};
use super::index_check::check_indices;
use super::optional_fields::fill_optional_fields;
use super::uri;
use crate::base::bounded_text::open_regular_file;
use gltf::Document;
use gltf::json::validation::Validate;
use serde_json::Value;
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
    /// What the file has and is not drawn.
    pub(super) warnings: Vec<String>,
}

/// A document with valid indices, and what was left out of it.
struct ParsedDocument {
    document: Document,
    warnings: Vec<String>,
}

impl GltfContainer {
    /// Reads a model file and every buffer that it refers to.
    pub(super) fn open(path: &Path) -> Result<Self, GltfFault> {
        Self::read_bytes(&read_file(path)?, model_folder(path))
    }

    /// Reads a model from bytes. The files that it refers to are in `folder`.
    pub(super) fn read_bytes(bytes: &[u8], folder: PathBuf) -> Result<Self, GltfFault> {
        let mut file = GltfFile::parse(bytes)?;
        let ParsedDocument { document, warnings } = decode_document(&mut file)?;
        let mut buffers = Vec::new();
        for buffer in &document.as_json().buffers {
            let data = match &buffer.uri {
                // The crate's own importer would follow paths out of the folder.
                Some(uri) => read_resource(&folder, uri)?,
                // Only the first buffer without a URI is the BIN chunk of a GLB.
                None => file.binary.take().ok_or_else(|| {
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
            warnings,
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

/// Decodes and validates the JSON of a file.
fn decode_document(file: &mut GltfFile) -> Result<ParsedDocument, GltfFault> {
    // Extensions come before validation, so that the error names the missing decoder and not its
    // symptoms.
    let required = file
        .root
        .get("extensionsRequired")
        .and_then(Value::as_array);
    let mut required = required.into_iter().flatten().filter_map(Value::as_str);
    if let Some(name) = required.find(|name| !SUPPORTED_EXTENSIONS.contains(name)) {
        return Err(GltfFault::Extension(name.to_owned()));
    }
    let warnings = fill_optional_fields(&mut file.root);
    check_indices(&file.root)?;
    let tree = Value::Object(std::mem::take(&mut file.root));
    let json: gltf::json::Root =
        gltf::json::deserialize::from_value(tree).map_err(|error| invalid_file(&error))?;
    let mut errors = Vec::new();
    json.validate(&json, gltf::json::Path::new, &mut |path, error| {
        let path = path();
        // An accessor without a buffer view holds zeroes (glTF 2.0, 3.6.2.3).
        let holds_zeroes = path.as_str().starts_with("accessors[")
            && path.as_str().ends_with(".bufferView")
            && error == gltf::json::validation::Error::Missing;
        if !holds_zeroes {
            errors.push((path, error));
        }
    });
    if !errors.is_empty() && !only_required_extensions(&json, &errors) {
        return Err(validation_fault(&errors));
    }
    Ok(ParsedDocument {
        document: Document::from_json_without_validation(json),
        warnings,
    })
}

/// Returns whether all errors are about required extensions.
fn only_required_extensions(
    json: &gltf::json::Root,
    errors: &[(gltf::json::Path, gltf::json::validation::Error)],
) -> bool {
    // The crate refuses every extension that it does not implement. Those that get here are in
    // `SUPPORTED_EXTENSIONS`.
    !json.extensions_required.is_empty()
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
