//! Addresses of files as seen from a timeline beside them.

use std::fmt::Write;
use std::path::{Component, Path};

/// Returns the address of `file` as seen from the folder of `from`: relative, with escapes where
/// an address must have them.
///
/// Both paths are relative to one folder.
#[must_use]
pub fn relative_url(from: &Path, file: &Path) -> String {
    let own: Vec<String> = path_parts(from.parent().unwrap_or(Path::new("")));
    let other = path_parts(file);
    let shared = own
        .iter()
        .zip(&other)
        .take_while(|(left, right)| left == right)
        .count();
    let shared = shared.min(other.len().saturating_sub(1));
    let up = std::iter::repeat_n("..".to_owned(), own.len() - shared);
    let down = other[shared..].iter().map(|part| escaped_part(part));
    let parts: Vec<String> = up.chain(down).collect();
    // `a:b.mov` would be read as an address with the scheme `a`.
    match parts.first() {
        Some(first) if first.contains(':') => format!("./{}", parts.join("/")),
        _ => parts.join("/"),
    }
}

fn path_parts(path: &Path) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir => match parts.last() {
                Some(last) if last != ".." => {
                    parts.pop();
                }
                _ => parts.push("..".to_owned()),
            },
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    parts
}

fn escaped_part(part: &str) -> String {
    let mut escaped = String::with_capacity(part.len());
    for byte in part.bytes() {
        // What RFC 3986 lets stand in a path. `$`, `{` and `}` of what is filled in later do not
        // get here.
        let is_plain = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte);
        if is_plain {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

/// Returns the name of the file at an address, without its extension and with escapes resolved.
/// Empty if it has none.
#[must_use]
pub fn url_stem(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    // An escaped `/` is a letter of the name.
    let name = unescaped_part(name);
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => name,
    }
}

/// Returns the name of the file at a path, without its extension. Empty if it has none.
pub(super) fn path_stem(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// Returns a relative address as the path of its file, without escapes. Paths have no notation for
/// a line end, so a file with one in its name has a space there.
pub(super) fn relative_path(url: &str) -> String {
    let plain = unescaped_part(url);
    let path = plain.strip_prefix("./").unwrap_or(&plain);
    path.chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}

fn unescaped_part(part: &str) -> String {
    let bytes = part.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let digits = bytes.get(index + 1..index + 3);
        let escape = digits
            .filter(|_| bytes[index] == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escape {
            Some(byte) => {
                plain.push(byte);
                index += 3;
            }
            None => {
                plain.push(bytes[index]);
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_from_the_timeline_to_the_file() {
        for (from, file, url) in [
            ("out/film.otio", "out/film.mov", "film.mov"),
            ("out/film.otio", "out/shots/a b.mov", "shots/a%20b.mov"),
            ("edit/film.otio", "out/film.mov", "../out/film.mov"),
            ("film.otio", "out/ä#?.mov", "out/%C3%A4%23%3F.mov"),
            ("a/b/c.otio", "d.mov", "../../d.mov"),
            ("./out/x/../c.otio", "out/d:e.mov", "./d:e.mov"),
            ("out/film", "out", "../out"),
        ] {
            assert_eq!(relative_url(Path::new(from), Path::new(file)), url);
        }
    }

    #[test]
    fn an_address_as_a_path_is_the_path_that_it_was_made_of() {
        for path in ["shots/Größe & x.mp4", "a  #2?.mov", "100%25.mov", "d:e.mov"] {
            let url = relative_url(Path::new("film.edl"), Path::new(path));
            assert_eq!(relative_path(&url), path);
            let stem = Path::new(path).file_stem().unwrap().to_string_lossy();
            assert_eq!(path_stem(path), stem);
            assert_eq!(url_stem(&url), stem);
        }
        assert_eq!(relative_path("a%0Ab.mov"), "a b.mov");
        assert_eq!(
            (path_stem(""), path_stem("a\\.b")),
            ("".into(), ".b".into())
        );
    }

    #[test]
    fn the_stem_of_an_address_is_the_name_of_its_file() {
        for (url, stem) in [
            ("file:///a/sh%20010.mov", "sh 010"),
            ("shots\\sh010.0001.exr", "sh010.0001"),
            ("%zz%4", "%zz%4"),
            ("http://host/a.mov?b=c.d", "a"),
            (".hidden", ".hidden"),
            ("", ""),
            ("a/", ""),
        ] {
            assert_eq!(url_stem(url), stem);
        }
    }
}
