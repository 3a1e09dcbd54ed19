//! URIs in a glTF file: data URIs, and names of files inside the model's folder.

use super::error::{GltfFault, fail_malformed};
use crate::base::paths::{LocatedPath, locate_inside};
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine as _, alphabet};
use std::path::{Path, PathBuf};

/// Returns the bytes of a data URI. `None`: `uri` is not one.
pub(super) fn decode_data_uri(uri: &str) -> Result<Option<Vec<u8>>, GltfFault> {
    let Some(rest) = uri.strip_prefix("data:") else {
        return Ok(None);
    };
    let Some((head, body)) = rest.split_once(',') else {
        return fail_malformed("a data URI has no comma");
    };
    if !head.ends_with(";base64") {
        return fail_malformed("a data URI is not in base64");
    }
    decode_base64(body)
        .map(Some)
        .ok_or_else(|| GltfFault::Malformed("a data URI holds bad base64".to_owned()))
}

/// Returns the file that `uri` names. Fails if it is missing or outside `folder`.
pub(super) fn resolve_file(folder: &Path, uri: &str) -> Result<PathBuf, GltfFault> {
    let name = percent_decoded(uri);
    let relative = Path::new(&name);
    // `..` is allowed in the middle; the real path decides where the path ends. Absolute
    // paths and drive letters are refused.
    let plain = relative.components().all(|part| {
        matches!(
            part,
            std::path::Component::Normal(_)
                | std::path::Component::CurDir
                | std::path::Component::ParentDir
        )
    });
    if name.contains("://") || !plain {
        return Err(GltfFault::Outside(name));
    }
    // By its real path, because a link inside the folder may lead out of it. A model from the
    // internet must not read any file of this machine.
    match locate_inside(folder, &folder.join(relative)) {
        Ok(LocatedPath::Inside { real, .. }) => Ok(real),
        Ok(LocatedPath::Outside) => Err(GltfFault::Outside(name)),
        Err(_) => Err(GltfFault::Missing(name)),
    }
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        // `%` without two digits stays as it is: it belongs to a name that was not escaped.
        let code = (bytes[index] == b'%')
            .then(|| text.get(index + 1..index + 3))
            .flatten();
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        out.push(byte.unwrap_or(bytes[index]));
        index += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Decodes standard or URL-safe base64, padded or not, with or without white space.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let alphabet = if text.contains(['-', '_']) {
        alphabet::URL_SAFE
    } else {
        alphabet::STANDARD
    };
    let plain: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    GeneralPurpose::new(&alphabet, config).decode(plain).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_uri_gives_its_bytes() {
        let bytes = decode_data_uri("data:application/octet-stream;base64,aGVsbG8=")
            .ok()
            .flatten();
        assert_eq!(bytes.as_deref(), Some(b"hello".as_slice()));
        for body in ["aGVs\nbG8", "aGVsbG8"] {
            assert!(
                matches!(decode_data_uri(&format!("data:;base64,{body}")), Ok(Some(bytes)) if bytes == b"hello")
            );
        }
        assert!(
            matches!(decode_data_uri("data:;base64,-_8"), Ok(Some(bytes)) if bytes == [0xfb, 0xff])
        );
        assert!(decode_data_uri("data:;base64,a*b").is_err());
        assert!(decode_data_uri("data:text/plain,hello").is_err());
        assert!(matches!(decode_data_uri("mesh.bin"), Ok(None)));
    }

    #[test]
    fn a_file_outside_the_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(folder.path().join("secret"), b"x").unwrap();
        std::fs::write(inner.join("a b.bin"), b"x").unwrap();
        assert!(matches!(
            resolve_file(&inner, "../secret"),
            Err(GltfFault::Outside(_))
        ));
        assert!(matches!(
            resolve_file(&inner, "/etc/passwd"),
            Err(GltfFault::Outside(_))
        ));
        assert!(matches!(
            resolve_file(&inner, "http://example.org/a"),
            Err(GltfFault::Outside(_))
        ));
        assert!(matches!(
            resolve_file(&inner, "none.bin"),
            Err(GltfFault::Missing(_))
        ));
        assert!(resolve_file(&inner, "a%20b.bin").is_ok());
    }
}
