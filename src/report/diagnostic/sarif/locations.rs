//! SARIF locations: URIs and regions.

use crate::base::{FileSpan, SourceMap};
use crate::report::diagnostic::SourceRegion;
use serde_json::{Value, json};
use std::path::{Component, Path};

/// Symbol of the folder that relative paths start from. The services define it as the root of the
/// repository.
pub(super) const SOURCE_ROOT: &str = "%SRCROOT%";

/// Returns a location with its message; `None` if its file was not read.
pub(super) fn location_json(
    origin: FileSpan,
    message: Option<&str>,
    sources: &SourceMap,
) -> Option<Value> {
    let artifact = artifact_location(&sources.get(origin.file)?.path);
    let region = region_json(origin, sources)?;
    let mut written =
        json!({ "physicalLocation": { "artifactLocation": artifact, "region": region } });
    if let Some(message) = message {
        written["message"] = json!({ "text": message });
    }
    Some(written)
}

/// Returns the lines and columns of a range; `None` if its file was not read.
pub(super) fn region_json(origin: FileSpan, sources: &SourceMap) -> Option<Value> {
    let SourceRegion {
        line,
        column,
        end_line,
        end_column,
        ..
    } = SourceRegion::from_origin(origin, sources)?;
    Some(
        json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column }),
    )
}

/// Returns the URI of a file: relative to [`SOURCE_ROOT`], or absolute as the path is.
pub(super) fn artifact_location(path: &Path) -> Value {
    if path.is_absolute() {
        return json!({ "uri": format!("file://{}", path_uri(path)) });
    }
    json!({ "uri": path_uri(path), "uriBaseId": SOURCE_ROOT })
}

/// Returns a path with `/` between its parts. All but the unreserved characters of RFC 3986 are
/// percent-encoded.
fn path_uri(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        // An empty part before the first slash makes the path absolute.
        Component::RootDir => Some(String::new()),
        // Services compare URIs as text, and `./p.yaml` would match no file.
        Component::CurDir => None,
        other => Some(percent_encode(&other.as_os_str().to_string_lossy())),
    });
    let parts: Vec<String> = parts.collect();
    // A drive needs a slash before it, as in `file:///C%3A/film`.
    let lead = if matches!(path.components().next(), Some(Component::Prefix(_))) {
        "/"
    } else {
        ""
    };
    format!("{lead}{}", parts.join("/"))
}

fn percent_encode(part: &str) -> String {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    part.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_keeps_its_root_open_and_an_absolute_one_is_a_file_uri() {
        let relative = artifact_location(Path::new("./my film/é#1.yaml"));
        assert_eq!(
            relative,
            json!({ "uri": "my%20film/%C3%A9%231.yaml", "uriBaseId": "%SRCROOT%" })
        );
        #[cfg(unix)]
        assert_eq!(
            artifact_location(Path::new("/a b/c.yaml")),
            json!({ "uri": "file:///a%20b/c.yaml" })
        );
    }
}
