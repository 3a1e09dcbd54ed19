//! One glTF document with all its buffers in memory, from a GLB or from JSON with files beside it.

use super::error::{GltfFault, check_limit, fail_malformed};
use super::expression::expression_names;
use super::extension_support::check_extensions;
use super::gltf_document::{GltfDocument, ImageRecord};
use super::gltf_file::{GltfFile, invalid_file};
use super::index_check::check_indices;
use super::mend::variant_names;
use super::model_source::{ModelSource, format_of, read_source};
use super::read_budget::ReadBudget;
use super::{meshopt, uri};
use crate::base::bounded_text::open_regular_file;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

/// The most bytes of one file of a model.
const MAX_FILE_BYTES: usize = 1 << 30;
/// The most bytes of decoded views, for a file of any size.
const FREE_VIEW_BYTES: usize = 1 << 28;
/// The bytes of decoded views that each byte of the file adds. The codec takes two bits for sixteen
/// bytes at best.
const VIEW_BYTES_PER_BYTE: usize = 64;

/// A document with valid indices, and its buffers.
pub(super) struct GltfContainer {
    pub(super) document: GltfDocument,
    /// Buffers that name one file share its bytes.
    pub(super) buffers: Vec<Arc<Vec<u8>>>,
    /// Views that the file holds compressed, by index.
    pub(super) decoded_views: BTreeMap<usize, Vec<u8>>,
    pub(super) folder: PathBuf,
    /// Names of the variants of its materials.
    pub(super) variants: Vec<String>,
    /// Names of the expressions of its face.
    pub(super) expressions: Vec<String>,
    /// What the file has and is not drawn.
    pub(super) warnings: Vec<String>,
    /// Elements read so far that no bytes of the file stand for.
    pub(super) zero_elements: AtomicUsize,
    /// What may still be decoded.
    pub(super) budget: ReadBudget,
    /// The first picture with the same bytes, for each picture.
    pub(super) first_images: Vec<usize>,
}

impl GltfContainer {
    /// Reads a model file and every buffer that it refers to.
    pub(super) fn open(path: &Path) -> Result<Self, GltfFault> {
        Self::from_source(read_source(path, format_of(path))?)
    }

    /// Reads a model that was made glTF.
    pub(super) fn from_source(source: ModelSource) -> Result<Self, GltfFault> {
        let mut container = Self::read_bytes(&source.bytes, source.folder)?;
        container.warnings.extend(source.warnings);
        Ok(container)
    }

    /// Reads a model from bytes. The files that it refers to are in `folder`.
    pub(super) fn read_bytes(bytes: &[u8], folder: PathBuf) -> Result<Self, GltfFault> {
        let mut file = GltfFile::parse(bytes)?;
        // Extensions come first, so that an error names the missing decoder and not its symptoms.
        let warnings = check_extensions(&file.root)?;
        check_indices(&file.root)?;
        let variants = variant_names(&file.root);
        let expressions = expression_names(&file.root);
        let tree = std::mem::take(&mut file.root);
        let document = GltfDocument::from_tree(tree).map_err(|error| invalid_file(&error))?;
        let buffers = read_buffers(&document, file.binary, &folder)?;
        let first_images = first_images(&document, &folder);
        let mut container = Self {
            document,
            buffers,
            decoded_views: BTreeMap::new(),
            folder,
            variants,
            expressions,
            warnings,
            zero_elements: AtomicUsize::new(0),
            // Set below: the bytes of decoded views count, too.
            budget: ReadBudget::of_file(0),
            first_images,
        };
        container.decoded_views = container.decode_views()?;
        container.budget = ReadBudget::of_file(container.byte_count());
        Ok(container)
    }

    /// Returns how many bytes the buffers have, compressed and decoded. Shared bytes count once.
    fn byte_count(&self) -> usize {
        let buffers: BTreeMap<_, _> = (self.buffers.iter())
            .map(|buffer| (Arc::as_ptr(buffer), buffer.len()))
            .collect();
        let decoded = self.decoded_views.values().map(Vec::len);
        buffers
            .into_values()
            .chain(decoded)
            .fold(0, usize::saturating_add)
    }

    /// Returns the bytes of every view that is compressed.
    fn decode_views(&self) -> Result<BTreeMap<usize, Vec<u8>>, GltfFault> {
        let mut decoded = BTreeMap::new();
        let mut total = 0_usize;
        // Views may share their compressed bytes, so the size of the file alone bounds nothing.
        let most = self.byte_count().saturating_mul(VIEW_BYTES_PER_BYTE);
        let most = most.saturating_add(FREE_VIEW_BYTES);
        for (index, view) in self.document.buffer_views.iter().enumerate() {
            let Some(record) = &view.extensions.meshopt else {
                continue;
            };
            let data = self.buffer_bytes(record.buffer, record.byte_offset, record.byte_length);
            let data = data.ok_or_else(|| outside_fault(index))?;
            total = total.saturating_add(meshopt::decoded_length(record));
            check_limit("bytes in compressed views", total, most)?;
            let bytes = meshopt::decode_view(record, data)?;

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

/// Reads every buffer, and each file once.
fn read_buffers(
    document: &GltfDocument,
    mut binary: Option<Vec<u8>>,
    folder: &Path,
) -> Result<Vec<Arc<Vec<u8>>>, GltfFault> {
    let mut files: BTreeMap<PathBuf, Arc<Vec<u8>>> = BTreeMap::new();
    let mut buffers = Vec::new();
    for (index, buffer) in document.buffers.iter().enumerate() {
        let meshopt = buffer.extensions.meshopt.as_ref();
        // Its views have their bytes elsewhere.
        if buffer.uri.is_none() && meshopt.is_some_and(|meshopt| meshopt.fallback) {
            buffers.push(Arc::default());
            continue;
        }
        let data = match &buffer.uri {
            Some(uri) => read_shared(folder, uri, &mut files)?,
            // Only the first buffer without a URI is the BIN chunk of a GLB.
            None => Arc::new(binary.take().ok_or_else(|| {
                GltfFault::Malformed("a buffer has neither a uri nor a BIN chunk".into())
            })?),
        };
        let length = data.len() as u64;
        let needed = buffer.byte_length;
        // A longer one is fine: the BIN chunk of a GLB is padded.
        if length < needed {
            return fail_malformed(format!("buffer {index} has {length} bytes, not {needed}"));
        }
        buffers.push(data);
    }
    Ok(buffers)
}

/// Returns the bytes of a URI. A file that was read before is not read again.
fn read_shared(
    folder: &Path,
    uri: &str,
    files: &mut BTreeMap<PathBuf, Arc<Vec<u8>>>,
) -> Result<Arc<Vec<u8>>, GltfFault> {
    if let Some(bytes) = uri::decode_data_uri(uri)? {
        return Ok(Arc::new(bytes));
    }
    let path = uri::resolve_file(folder, uri)?;
    if let Some(bytes) = files.get(&path) {
        return Ok(Arc::clone(bytes));
    }
    let bytes = Arc::new(read_file(&path)?);
    files.insert(path, Arc::clone(&bytes));
    Ok(bytes)
}

/// Returns the first picture with the same bytes, for each picture of a file.
fn first_images(document: &GltfDocument, folder: &Path) -> Vec<usize> {
    let mut firsts: BTreeMap<ImageSource<'_>, usize> = BTreeMap::new();
    let images = document.images.iter().enumerate();
    let source = |image| ImageSource::of_image(image, document, folder);
    images
        .map(|(index, image)| match source(image) {
            Some(source) => *firsts.entry(source).or_insert(index),
            None => index,
        })
        .collect()
}

/// Where the bytes of a picture begin.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum ImageSource<'a> {
    Data(&'a str),
    File(PathBuf),
    /// Index of the buffer, and offset in it: what begins at one place is one picture.
    Buffer(usize, usize),
}

impl<'a> ImageSource<'a> {
    /// Returns the source of a picture. `None`: it has none that can be read.
    fn of_image(image: &'a ImageRecord, document: &GltfDocument, folder: &Path) -> Option<Self> {
        if let Some(uri) = &image.uri {
            return if uri.starts_with("data:") {
                Some(Self::Data(uri))
            } else {
                uri::resolve_file(folder, uri).ok().map(Self::File)
            };
        }
        let view = document.buffer_views.get(image.buffer_view?)?;
        Some(Self::Buffer(view.buffer, view.byte_offset))
    }
}

/// Returns the bytes of a data URI, or of a file in `folder`.
pub(super) fn read_resource(folder: &Path, uri: &str) -> Result<Vec<u8>, GltfFault> {
    match uri::decode_data_uri(uri)? {
        Some(bytes) => Ok(bytes),
        None => read_file(&uri::resolve_file(folder, uri)?),
    }
}

/// Returns the bytes of a file of at most 1 GiB.
pub(in crate::media) fn read_file(path: &Path) -> Result<Vec<u8>, GltfFault> {
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
