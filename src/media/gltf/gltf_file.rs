//! One glTF file as its JSON tree and its BIN chunk: from a GLB, or from JSON text.
//!
//! The chunks are split here and not by the `gltf` crate, which subtracts from lengths of the file
//! without a check, and refuses chunks that it does not know.

use super::error::{GltfFault, fail_malformed};
use serde_json::{Map, Value};

/// The bytes of a header, and of the two words before a chunk.
const HEADER_BYTES: usize = 12;
const CHUNK_HEADER_BYTES: usize = 8;

/// The JSON tree of a file, and its BIN chunk.
pub(super) struct GltfFile {
    /// The top level of the JSON.
    pub(super) root: Map<String, Value>,
    /// The BIN chunk, if the file is a GLB that has one.
    pub(super) binary: Option<Vec<u8>>,
    /// Whether the file is a GLB.
    pub(super) is_glb: bool,
}

/// The chunks of a GLB.
struct GlbChunks<'a> {
    json: &'a [u8],
    binary: Option<&'a [u8]>,
}

impl GltfFile {
    /// Reads the bytes of a GLB or of JSON text. Fails on another version than 2.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, GltfFault> {
        let is_glb = bytes.starts_with(b"glTF");
        let chunks = if is_glb {
            split_chunks(bytes)?
        } else {
            GlbChunks {
                json: bytes,
                binary: None,
            }
        };
        // Editors on Windows begin a text with a byte-order mark, which JSON does not know.
        let text = chunks.json.strip_prefix(b"\xef\xbb\xbf");
        let tree = serde_json::from_slice(text.unwrap_or(chunks.json));
        let Value::Object(root) = tree.map_err(|error| invalid_file(&error))? else {
            return fail_malformed("not a valid glTF file: the top level is not an object");
        };
        check_version(&root)?;
        Ok(Self {
            root,
            binary: chunks.binary.map(<[u8]>::to_vec),
            is_glb,
        })
    }
}

/// Returns the fault of a file that is no glTF 2.0.
pub(super) fn invalid_file(error: &dyn std::fmt::Display) -> GltfFault {
    GltfFault::Malformed(format!("not a valid glTF file: {error}"))
}

/// Returns the first JSON chunk and the first BIN chunk. Others are passed over, as the format
/// asks.
fn split_chunks(bytes: &[u8]) -> Result<GlbChunks<'_>, GltfFault> {
    let word = |start: usize| {
        let word = bytes.get(start..start.checked_add(4)?)?;
        Some(u32::from_le_bytes(word.try_into().ok()?))
    };
    let (Some(version), Some(declared)) = (word(4), word(8)) else {
        return fail_malformed("it ends in its header");
    };
    if version == 1 {
        return Err(old_version_fault("1.0"));
    }
    let length = bytes.len();
    // The header declares the length, so a file that was cut short can be reported as such.
    if (length as u64) < u64::from(declared) {
        return fail_malformed(format!("it ends after {length} of {declared} bytes"));
    }
    let mut json = None;
    let mut binary = None;
    let mut start = HEADER_BYTES;
    while let (Some(size), Some(kind)) = (word(start), bytes.get(start + 4..start + 8)) {
        let content = start + CHUNK_HEADER_BYTES;
        let Some(chunk) = bytes.get(content..content.saturating_add(size as usize)) else {
            return fail_malformed(format!(
                "a chunk of {size} bytes ends after {}",
                length - content
            ));
        };
        match kind {
            b"JSON" => json = json.or(Some(chunk)),
            b"BIN\0" => binary = binary.or(Some(chunk)),
            _ => {}
        }
        start = content + chunk.len();
    }
    let Some(json) = json else {
        return fail_malformed("it has no JSON chunk");
    };
    Ok(GlbChunks { json, binary })
}

/// Fails for another version than 2, which has lists where 2.0 has lists of other things.
fn check_version(root: &Map<String, Value>) -> Result<(), GltfFault> {
    let asset = root.get("asset");
    let version = |key: &str| asset?.get(key)?.as_str();
    // A file needs the lowest version that can read it, if it says one.
    let needed = version("minVersion").or_else(|| version("version"));
    // Of glTF 1.0, `asset` is optional; its lists are objects with names as keys.
    let is_named = ["nodes", "meshes", "scenes"]
        .iter()
        .any(|key| root.get(*key).is_some_and(Value::is_object));
    match needed.and_then(|text| text.split('.').next()) {
        Some("0" | "1") => Err(old_version_fault(needed.unwrap_or("1.0"))),
        None if is_named => Err(old_version_fault("1.0")),
        Some("2") | None => Ok(()),
        Some(_) => fail_malformed(format!(
            "it is glTF {}, and only glTF 2.0 is read",
            needed.unwrap_or_default()
        )),
    }
}

fn old_version_fault(version: &str) -> GltfFault {
    GltfFault::Malformed(format!(
        "it is glTF {version}, and only glTF 2.0 is read; `npx gltf-pipeline -i old.gltf -o new.glb` converts it"
    ))
}
