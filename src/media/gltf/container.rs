//! One glTF document with all its buffers in memory, from a GLB or from JSON with files beside it.

use super::error::{GltfFault, check_limit, fail_malformed};
use super::extension_support::check_extensions;
use super::gltf_document::GltfDocument;
use super::gltf_file::{GltfFile, invalid_file};
use super::index_check::check_indices;
use super::{meshopt, uri};
use crate::base::bounded_text::open_regular_file;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicUsize;

/// The most bytes of one file of a model.
const MAX_FILE_BYTES: usize = 1 << 30;

/// A document with valid indices, and its buffers.
pub(super) struct GltfContainer {
    pub(super) document: GltfDocument,
    pub(super) buffers: Vec<Vec<u8>>,
    /// Views that the file holds compressed, by index.
    pub(super) decoded_views: BTreeMap<usize, Vec<u8>>,
    pub(super) folder: PathBuf,
    /// What the file has and is not drawn.
    pub(super) warnings: Vec<String>,
    /// Elements read so far that no bytes of the file stand for.
    pub(super) zero_elements: AtomicUsize,
}

impl GltfContainer {
    /// Reads a model file and every buffer that it refers to.
    pub(super) fn open(path: &Path) -> Result<Self, GltfFault> {
        Self::read_bytes(&read_file(path)?, model_folder(path))
    }

    /// Reads a model from bytes. The files that it refers to are in `folder`.
    pub(super) fn read_bytes(bytes: &[u8], folder: PathBuf) -> Result<Self, GltfFault> {
        let mut file = GltfFile::parse(bytes)?;
        // Extensions come first, so that an error names the missing decoder and not its symptoms.
        let warnings = check_extensions(&file.root)?;
        check_indices(&file.root)?;
        let tree = std::mem::take(&mut file.root);
        let document = GltfDocument::from_tree(tree).map_err(|error| invalid_file(&error))?;
        let mut buffers = Vec::new();
        for buffer in &document.buffers {
            let meshopt = buffer.extensions.meshopt.as_ref();
            // Its views have their bytes elsewhere.
            if buffer.uri.is_none() && meshopt.is_some_and(|meshopt| meshopt.fallback) {
                buffers.push(Vec::new());
                continue;
            }
            let data = match &buffer.uri {
                Some(uri) => read_resource(&folder, uri)?,
                // Only the first buffer without a URI is the BIN chunk of a GLB.
                None => file.binary.take().ok_or_else(|| {
                    GltfFault::Malformed("a buffer has neither a uri nor a BIN chunk".into())
                })?,
            };
            let length = data.len() as u64;
            let needed = buffer.byte_length;
            // A longer one is fine: the BIN chunk of a GLB is padded.
            if length < needed {
                return fail_malformed(format!(
                    "buffer {} has {length} bytes, not {needed}",
                    buffers.len()
                ));
            }
            buffers.push(data);
        }
        let mut container = Self {
            document,
            buffers,
            decoded_views: BTreeMap::new(),
            folder,
            warnings,
            zero_elements: AtomicUsize::new(0),
        };
        container.decoded_views = container.decode_views()?;
        Ok(container)
    }

    /// Returns the bytes of every view that is compressed.
    fn decode_views(&self) -> Result<BTreeMap<usize, Vec<u8>>, GltfFault> {
        let mut decoded = BTreeMap::new();
        let mut total = 0_usize;
        for (index, view) in self.document.buffer_views.iter().enumerate() {
            let Some(record) = &view.extensions.meshopt else {
                continue;
            };
            let data = self.buffer_bytes(record.buffer, record.byte_offset, record.byte_length);
            let data = data.ok_or_else(|| outside_fault(index))?;
            let bytes = meshopt::decode_view(record, data)?;
            total = total.saturating_add(bytes.len());
            check_limit("bytes in compressed views", total, 2 * MAX_FILE_BYTES)?;
            decoded.insert(index, bytes);
        }
        Ok(decoded)
    }

    fn buffer_bytes(&self, buffer: usize, start: usize, length: usize) -> Option<&[u8]> {
        let end = start.checked_add(length)?;
        self.buffers.get(buffer)?.get(start..end)
    }

    /// Returns the bytes of one buffer view.
    pub(super) fn view_bytes(&self, index: usize) -> Result<&[u8], GltfFault> {
        if let Some(bytes) = self.decoded_views.get(&index) {
            return Ok(bytes);
        }
        let view = self.document.buffer_views.get(index);
        let bytes = view
            .and_then(|view| self.buffer_bytes(view.buffer, view.byte_offset, view.byte_length));
        bytes.ok_or_else(|| outside_fault(index))
    }
}

fn outside_fault(view: usize) -> GltfFault {
    GltfFault::Malformed(format!("buffer view {view} lies outside its buffer"))
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
