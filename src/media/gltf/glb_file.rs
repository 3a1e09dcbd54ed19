//! The container of a model in one file: a header, the JSON, and the binary.

use serde_json::Value;

/// Returns the JSON and the binary of a GLB. `None`: it is none, or is cut off.
pub(super) fn glb_parts(bytes: &[u8]) -> Option<(Value, &[u8])> {
    let word = |at: usize| {
        let bytes = bytes.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    };
    let is_glb = bytes.starts_with(b"glTF") && bytes.get(16..20) == Some(b"JSON");
    let json_end = 20 + word(12).filter(|_| is_glb)?;
    let json = serde_json::from_slice(bytes.get(20..json_end)?).ok()?;
    let binary_start = json_end + 8;
    let binary = bytes.get(binary_start..binary_start + word(json_end)?)?;
    Some((json, binary))
}

/// Returns the bytes of a GLB: a header, the JSON and the binary, each filled to four bytes.
pub(in crate::media) fn glb_bytes(json: &Value, binary: &[u8]) -> Vec<u8> {
    let mut text = json.to_string().into_bytes();
    text.resize(text.len().next_multiple_of(4), b' ');
    let mut binary = binary.to_vec();
    binary.resize(binary.len().next_multiple_of(4), 0);
    let length = 12 + 8 + text.len() + 8 + binary.len();
    let mut bytes = Vec::with_capacity(length);
    let word = |number: usize| {
        // Nothing that is written here has four gigabytes.
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        number.to_le_bytes()
    };
    bytes.extend_from_slice(b"glTF");
    bytes.extend_from_slice(&word(2));
    bytes.extend_from_slice(&word(length));
    bytes.extend_from_slice(&word(text.len()));
    bytes.extend_from_slice(b"JSON");
    bytes.extend_from_slice(&text);
    bytes.extend_from_slice(&word(binary.len()));
    bytes.extend_from_slice(b"BIN\0");
    bytes.extend_from_slice(&binary);
    bytes
}
