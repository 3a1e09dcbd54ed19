//! Places as SARIF writes them: URIs and regions.

use crate::base::{FileSpan, SourceMap};
use crate::report::diagnostic::SourceRegion;
use serde_json::{Value, json};
use std::path::{Component, Path};

/// The name of the folder that relative paths start from.
pub(super) const SOURCE_ROOT: &str = "%SRCROOT%";

/// Writes a place with its file and, where there is one, the words for it.
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

/// Writes the lines and columns of a range.
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

/// Writes a file as a URI: relative to the root as it was named, or absolute.
pub(super) fn artifact_location(path: &Path) -> Value {
    if path.is_absolute() {
        return json!({ "uri": format!("file://{}", path_uri(path)) });
    }
    json!({ "uri": path_uri(path), "uriBaseId": SOURCE_ROOT })
}

/// Joins the parts of a path by `/`, everything but unreserved characters written as `%` and two digits.
fn path_uri(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::RootDir => Some(String::new()),
        Component::CurDir => None,
        other => Some(percent_encode(&other.as_os_str().to_string_lossy())),
    });
    let parts: Vec<String> = parts.collect();
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
    let byte = |byte: u8| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    part.bytes().map(byte).collect()
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
