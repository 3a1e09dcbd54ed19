//! One glTF document with all its buffers in memory, whether it came as GLB or as JSON with files beside it.

use super::error::{Fault, limit, malformed};
use super::uri;
use gltf::{Document, Gltf};
use std::path::{Path, PathBuf};

/// The most bytes one file of a model may have.
const MOST_BYTES: usize = 1 << 30;

/// Extensions that a file may require and that are drawn as meant.
const SUPPORTED: [&str; 5] = [
    "KHR_materials_emissive_strength",
    "KHR_materials_unlit",
    "KHR_mesh_quantization",
    "KHR_texture_transform",
    "KHR_lights_punctual",
];

/// A parsed document, checked for indices out of range, and its buffers.
pub(super) struct Container {
    pub(super) document: Document,
    pub(super) buffers: Vec<Vec<u8>>,
    pub(super) folder: PathBuf,
}

impl Container {
    /// Reads a model and every buffer it refers to.
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        Self::read(&bytes_of(path)?, folder_of(path))
    }

    /// Reads a model from bytes; files it refers to are sought in `folder`.
    pub(super) fn read(bytes: &[u8], folder: PathBuf) -> Result<Self, Fault> {
        let Gltf { document, mut blob } = parse(bytes)?;
        let mut buffers = Vec::new();
        for buffer in &document.as_json().buffers {
            let data = match &buffer.uri {
                Some(uri) => resource(&folder, uri)?,
                None => blob.take().ok_or_else(|| {
                    Fault::Malformed("a buffer has neither a uri nor a BIN chunk".into())
                })?,
            };
            let (found, needed) = (data.len() as u64, buffer.byte_length.0);
            if found < needed {
                return malformed(format!(
                    "buffer {} has {found} bytes, not {needed}",
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
    pub(super) fn view(&self, index: usize) -> Result<&[u8], Fault> {
        let outside = || Fault::Malformed(format!("buffer view {index} lies outside its buffer"));
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
fn parse(bytes: &[u8]) -> Result<Gltf, Fault> {
    if let [b'g', b'l', b'T', b'F', _, _, _, _, a, b, c, d, ..] = *bytes {
        let (found, whole) = (bytes.len(), u32::from_le_bytes([a, b, c, d]));
        if (found as u64) < u64::from(whole) {
            return malformed(format!("it ends after {found} of {whole} bytes"));
        }
    }
    let words = |error: gltf::Error| Fault::Malformed(format!("not a valid glTF file: {error}"));
    let loose = Gltf::from_slice_without_validation(bytes).map_err(words)?;
    let unknown = loose
        .extensions_required()
        .find(|name| !SUPPORTED.contains(name));
    if let Some(name) = unknown {
        return Err(Fault::Extension(name.to_owned()));
    }
    positions_exist(&loose)?;
    match Gltf::from_slice(bytes) {
        Err(gltf::Error::Validation(errors)) => only_lights(&loose, &errors)
            .then_some(loose)
            .ok_or_else(|| first(&errors)),
        other => other.map_err(words),
    }
}

/// Refuses a mesh whose positions lie in an accessor that there is not: the crate's validation would panic.
fn positions_exist(loose: &Gltf) -> Result<(), Fault> {
    let json = loose.document.as_json();
    let position = gltf::json::validation::Checked::Valid(gltf::Semantic::Positions);
    let primitives = json.meshes.iter().flat_map(|mesh| &mesh.primitives);
    let mut accessors = primitives.filter_map(|primitive| primitive.attributes.get(&position));
    match accessors.find(|accessor| accessor.value() >= json.accessors.len()) {
        Some(missing) => malformed(format!(
            "a mesh names accessor {}, which is not there",
            missing.value()
        )),
        None => Ok(()),
    }
}

/// The crate refuses required extensions that it does not read itself, though ignoring these is right.
fn only_lights(loose: &Gltf, errors: &[(gltf::json::Path, gltf::json::validation::Error)]) -> bool {
    let required = loose.extensions_required().count() > 0;
    required
        && errors
            .iter()
            .all(|(path, _)| path.as_str().starts_with("extensionsRequired"))
}

fn first(errors: &[(gltf::json::Path, gltf::json::validation::Error)]) -> Fault {
    let text = errors.first().map_or_else(String::new, |(path, error)| {
        format!("{}: {error}", path.as_str())
    });
    Fault::Malformed(format!("not a valid glTF file: {text}"))
}

/// Returns what `uri` refers to: its own bytes or a file in `folder`.
pub(super) fn resource(folder: &Path, uri: &str) -> Result<Vec<u8>, Fault> {
    match uri::data(uri)? {
        Some(bytes) => Ok(bytes),
        None => bytes_of(&uri::file(folder, uri)?),
    }
}

/// Returns a file's bytes, within the limit.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>, Fault> {
    let length = usize::try_from(std::fs::metadata(path)?.len()).unwrap_or(usize::MAX);
    limit("bytes", length, MOST_BYTES)?;
    Ok(std::fs::read(path)?)
}

/// Returns the folder a model's own references start from.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}
