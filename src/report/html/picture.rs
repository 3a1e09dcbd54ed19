//! Pictures for the page: encoded bytes that travel inside it.

use std::collections::BTreeMap;

/// One encoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Media type, such as `image/jpeg`.
    pub mime: String,
    /// The encoded file.
    pub bytes: Vec<u8>,
}

/// Frames of one shot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShotPictures {
    /// Its first frame.
    pub first: Option<Picture>,
    /// A frame from its middle: the one that stands for the shot.
    pub middle: Option<Picture>,
    /// Its last frame.
    pub last: Option<Picture>,
}

/// Every picture of the page; whatever is missing is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pictures {
    /// A large picture for the head of the page.
    pub poster: Option<Picture>,
    /// Frames by shot name.
    pub shots: BTreeMap<String, ShotPictures>,
    /// Reference sheets by character, in order.
    pub characters: Vec<(String, Picture)>,
    /// Plates by location, in order.
    pub locations: Vec<(String, Picture)>,
}

impl Picture {
    /// Returns the picture as a `data:` address.
    #[must_use]
    pub fn address(&self) -> String {
        let mut address = format!("data:{};base64,", self.mime);
        base64(&self.bytes, &mut address);
        address
    }
}

/// Appends `bytes` in base64 (RFC 4648, with padding).
fn base64(bytes: &[u8], out: &mut String) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    out.reserve(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let index = (bits >> (18 - 6 * digit)) as usize & 63;
            out.push(if digit <= group.len() { char::from(DIGITS[index]) } else { '=' });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_matches_the_examples_of_its_standard() {
        let cases = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (text, encoded) in cases {
            let mut out = String::new();
            base64(text.as_bytes(), &mut out);
            assert_eq!(out, encoded);
        }
    }
}
