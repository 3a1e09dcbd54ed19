//! Packs a model and its files into one self-contained GLB.
//!
//! It works on the JSON tree and not on typed records, so that extensions and extras survive that
//! this program does not read.

use super::container::{self, GltfContainer};
use super::error::{GltfFault, ModelError, fail_malformed};
use super::gltf_file::GltfFile;
use super::mend::apply_mend;
use super::model_loader::read_without_pictures;
use super::model_source::{ModelSource, read_source};
use super::uri;
use crate::model::ModelMend;
use crate::model::model_format::ModelFormat;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Returns one self-contained GLB of a model of this format, with what `mend` changes. A GLB without references and changes
/// is returned unchanged.
///
/// # Errors
/// Fails if the model or a file that it refers to cannot be read, as `GltfModel::load` does.
pub fn pack_glb(path: &Path, format: ModelFormat, mend: &ModelMend) -> Result<Vec<u8>, ModelError> {
    pack_bytes(path, format, mend).map_err(|fault| ModelError {
        path: path.to_owned(),
        fault,
    })
}

/// Returns the model's own file and every file that it refers to, in order of mention.
///
/// # Errors
/// Fails if the model cannot be read, or refers to a file that is missing or outside its folder.
pub fn gltf_file_references(path: &Path) -> Result<Vec<PathBuf>, ModelError> {
    list_files(path).map_err(|fault| ModelError {
        path: path.to_owned(),
        fault,
    })
}

fn list_files(path: &Path) -> Result<Vec<PathBuf>, GltfFault> {
    let GltfFile { root, .. } = GltfFile::parse(&container::read_file(path)?)?;
    let folder = container::model_folder(path);
    let mut files = vec![path.to_owned()];
    for name in external_uris(&root) {
        let file = folder.join(uri::resolve_file(&folder, &name)?);
        // Several textures may name one file, and it is one input.
        if !files.contains(&file) {
            files.push(file);
        }
    }
    Ok(files)
}

fn pack_bytes(path: &Path, format: ModelFormat, mend: &ModelMend) -> Result<Vec<u8>, GltfFault> {
    let ModelSource { bytes, folder, .. } = read_source(path, format)?;
    let container = GltfContainer::read_bytes(&bytes, folder.clone())?;
    // Packing is the import of an asset. A model that cannot be drawn must fail here, with its
    // name, and not in the first render.
    read_without_pictures(&container)?;
    let GltfFile {
        mut root, is_glb, ..
    } = GltfFile::parse(&bytes)?;
    // What the format leaves open is as usual, unless the document says it.
    let mend = mend.clone().or(&format.usual_mend());
    let is_changed = apply_mend(&mut root, &mend)?;
    // Unchanged bytes keep their digest, and a large GLB is not written anew.
    let is_plain = !is_changed && container.decoded_views.is_empty();
    if is_glb && is_plain && external_uris(&root).is_empty() {
        return Ok(bytes);
    }
    let mut body = merge_buffers(&mut root, &container)?;
    drop_compression(&mut root);
    embed_images(&mut root, &folder, &mut body)?;
    root.insert("buffers".to_owned(), json!([{ "byteLength": body.len() }]));
    assemble_glb(&Value::Object(root), &body)
}

/// Returns the URIs of all external files, in order of mention.
fn external_uris(root: &Map<String, Value>) -> Vec<String> {
    let lists = ["buffers", "images"]
        .into_iter()
        .filter_map(|key| root.get(key)?.as_array());
    let uris = lists.flatten().filter_map(|item| item.get("uri")?.as_str());
    uris.filter(|uri| !uri.starts_with("data:"))
        .map(str::to_owned)
        .collect()
}

/// Joins all buffers into one and moves every view there.
fn merge_buffers(
    root: &mut Map<String, Value>,
    container: &GltfContainer,
) -> Result<Vec<u8>, GltfFault> {
    let mut body = Vec::new();
    let mut starts = Vec::new();
    let mut known = BTreeMap::new();
    for buffer in &container.buffers {
        // Buffers that name one file are one in the GLB.
        if let Some(start) = known.get(&Arc::as_ptr(buffer)) {
            starts.push(*start);
            continue;
        }
        known.insert(Arc::as_ptr(buffer), body.len() as u64);
        // A GLB embeds one buffer only. Views keep their alignment, as each buffer starts at a
        // multiple of four.
        starts.push(body.len() as u64);
        body.extend_from_slice(buffer);
        pad_to_four(&mut body, 0);
    }
    let views = root.get_mut("bufferViews").and_then(Value::as_array_mut);
    for (index, view) in views.into_iter().flatten().enumerate() {
        let Some(view) = view.as_object_mut() else {
            continue;
        };
        if let Some(decoded) = container.decoded_views.get(&index) {
            view.insert("byteOffset".to_owned(), json!(body.len()));
            view.insert("byteLength".to_owned(), json!(decoded.len()));
            view.insert("buffer".to_owned(), json!(0));
            body.extend_from_slice(decoded);
            pad_to_four(&mut body, 0);
            continue;
        }
        let number = |key: &str| view.get(key).and_then(Value::as_u64).unwrap_or(0);
        let buffer = usize::try_from(number("buffer")).unwrap_or(usize::MAX);
        // The tree is another value than the document that was validated, so the index is checked
        // again.
        let Some(start) = starts.get(buffer) else {
            return fail_malformed("a buffer view names a buffer that does not exist");
        };
        // A view that nothing uses is not read, so its offset may be any number.
        let Some(offset) = start.checked_add(number("byteOffset")) else {
            return fail_malformed("a buffer view lies outside its buffer");
        };
        view.insert("byteOffset".to_owned(), json!(offset));
        view.insert("buffer".to_owned(), json!(0));
    }
    Ok(body)
}

/// Takes the compression out of views, which hold their decoded bytes now: other renderers may not
/// know it.
fn drop_compression(root: &mut Map<String, Value>) {
    const NAMES: [&str; 2] = ["EXT_meshopt_compression", "KHR_meshopt_compression"];
    let views = root.get_mut("bufferViews").and_then(Value::as_array_mut);
    let views = views.into_iter().flatten();
    for extensions in views.filter_map(|view| view.get_mut("extensions")?.as_object_mut()) {
        extensions.retain(|name, _| !NAMES.contains(&name.as_str()));
    }
    for key in ["extensionsUsed", "extensionsRequired"] {
        let Some(names) = root.get_mut(key).and_then(Value::as_array_mut) else {
            continue;
        };
        names.retain(|name| name.as_str().is_none_or(|name| !NAMES.contains(&name)));
        // An empty list is no valid glTF.
        if names.is_empty() {
            root.remove(key);
        }
    }
}

fn embed_images(
    root: &mut Map<String, Value>,
    folder: &Path,
    body: &mut Vec<u8>,
) -> Result<(), GltfFault> {
    // Taken out of the tree, because images and views cannot both be borrowed from it.
    let mut views = match root.remove("bufferViews") {
        Some(Value::Array(views)) => views,
        _ => Vec::new(),
    };
    let mut known: BTreeMap<String, (&str, usize)> = BTreeMap::new();
    let images = root.get_mut("images").and_then(Value::as_array_mut);
    for image in images
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        let Some(name) = image.get("uri").and_then(Value::as_str) else {
            continue;
        };
        let name = name.to_owned();
        if let Some((kind, view)) = known.get(&name) {
            image.remove("uri");
            image.insert("mimeType".to_owned(), json!(kind));
            image.insert("bufferView".to_owned(), json!(view));
            continue;
        }
        let bytes = container::read_resource(folder, &name)?;
        // The name may have a wrong extension, and a picture in a buffer view must have a media
        // type.
        let kind = media_type(&bytes);
        image.remove("uri");
        image.insert("mimeType".to_owned(), json!(kind));
        image.insert("bufferView".to_owned(), json!(views.len()));
        known.insert(name, (kind, views.len()));
        views.push(json!({ "buffer": 0, "byteOffset": body.len(), "byteLength": bytes.len() }));
        body.extend_from_slice(&bytes);
        pad_to_four(body, 0);
    }
    root.insert("bufferViews".to_owned(), Value::Array(views));
    Ok(())
}

fn media_type(bytes: &[u8]) -> &'static str {
    // glTF 2.0 allows two formats, and an extension a third one.
    if bytes.starts_with(&[0xff, 0xd8]) {
        "image/jpeg"
    } else if bytes.starts_with(b"RIFF") {
        "image/webp"
    } else {
        "image/png"
    }
}

/// Returns the GLB: header, JSON chunk, BIN chunk, each padded to four bytes.
fn assemble_glb(root: &Value, body: &[u8]) -> Result<Vec<u8>, GltfFault> {
    let mut text = root.to_string().into_bytes();
    // The format wants spaces after JSON and zeroes after BIN.
    pad_to_four(&mut text, b' ');
    let length = |bytes: usize| {
        // Lengths in a GLB have 32 bits.
        u32::try_from(bytes).map_err(|_| GltfFault::Malformed("it is larger than 4 GiB".to_owned()))
    };
    let mut out = Vec::with_capacity(28 + text.len() + body.len());
    for word in [
        0x4654_6C67,
        2,
        length(28 + text.len() + body.len())?,
        length(text.len())?,
        0x4E4F_534A,
    ] {
        out.extend_from_slice(&u32::to_le_bytes(word));
    }
    out.extend_from_slice(&text);
    for word in [length(body.len())?, 0x004E_4942] {
        out.extend_from_slice(&u32::to_le_bytes(word));
    }
    out.extend_from_slice(body);
    Ok(out)
}

fn pad_to_four(bytes: &mut Vec<u8>, with: u8) {
    bytes.resize(bytes.len().next_multiple_of(4), with);
}
