//! Places as SARIF writes them: URIs and regions.

use crate::base::{FileSpan, SourceMap};
use crate::report::diagnostic::Region;
use serde_json::{Value, json};
use std::path::{Component, Path};

/// The name of the folder that relative paths start from.
pub(super) const ROOT: &str = "%SRCROOT%";

/// Writes a place with its file and, where there is one, the words for it.
pub(super) fn location(
    origin: FileSpan,
    message: Option<&str>,
    sources: &SourceMap,
) -> Option<Value> {
    let artifact = artifact(&sources.get(origin.file)?.path);
    let region = region(origin, sources)?;
    let mut written =
        json!({ "physicalLocation": { "artifactLocation": artifact, "region": region } });
    if let Some(message) = message {
        written["message"] = json!({ "text": message });
    }
    Some(written)
}

/// Writes the lines and columns of a range.
pub(super) fn region(origin: FileSpan, sources: &SourceMap) -> Option<Value> {
    let Region {
        line,
        column,
        end_line,
        end_column,
        ..
    } = Region::of(origin, sources)?;
    Some(
        json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column }),
    )
}

/// Writes a file as a URI: relative to the root as it was named, or absolute.
pub(super) fn artifact(path: &Path) -> Value {
    if path.is_absolute() {
        return json!({ "uri": format!("file://{}", uri(path)) });
    }
    json!({ "uri": uri(path), "uriBaseId": ROOT })
}

/// Joins the parts of a path by `/`, everything but unreserved characters written as `%` and two digits.
fn uri(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::RootDir => Some(String::new()),
        Component::CurDir => None,
        other => Some(encoded(&other.as_os_str().to_string_lossy())),
    });
    let parts: Vec<String> = parts.collect();
    let lead = if matches!(path.components().next(), Some(Component::Prefix(_))) {
        "/"
    } else {
        ""
    };
    format!("{lead}{}", parts.join("/"))
}

fn encoded(part: &str) -> String {
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
        let relative = artifact(Path::new("./my film/é#1.yaml"));
        assert_eq!(
            relative,
            json!({ "uri": "my%20film/%C3%A9%231.yaml", "uriBaseId": "%SRCROOT%" })
        );
        #[cfg(unix)]
        assert_eq!(
            artifact(Path::new("/a b/c.yaml")),
            json!({ "uri": "file:///a%20b/c.yaml" })
        );
    }
}
