//! Path mapping: from a path on the machine that wrote a manifest to the path of the same file on
//! the machine that reads it.
//!
//! The longest matching rule counts. Rules match whole components. Windows rules match both slashes
//! and ignore case.

use serde::Deserialize;
use std::path::{Path, PathBuf};

/// One rule, with the field names of an Open Job Description session.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PathMapRule {
    /// The format of `from`: `POSIX` or `WINDOWS`.
    #[serde(rename = "source_path_format", default)]
    pub format: PathFormat,
    /// The folder on the machine that wrote the manifest.
    #[serde(rename = "source_path")]
    pub from: String,
    /// The same folder on this machine.
    #[serde(rename = "destination_path")]
    pub to: String,
}

/// The format of the paths of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PathFormat {
    /// Components are separated by `/`, and case counts.
    #[default]
    Posix,
    /// Components are separated by `\` or `/`, and case does not count.
    Windows,
}

/// Rules, the longest `from` first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathMap(Vec<PathMapRule>);

/// The file in which an Open Job Description session passes its rules.
#[derive(Deserialize)]
struct PathMappingFile {
    #[serde(default)]
    path_mapping_rules: Vec<PathMapRule>,
}

impl PathMap {
    /// Returns a map with these rules, in any order.
    #[must_use]
    pub fn new(mut rules: Vec<PathMapRule>) -> Self {
        // A rule for a folder must win over one for the disk that the folder is on.
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.from.len()));
        Self(rules)
    }

    /// Parses the rules of an Open Job Description session.
    ///
    /// # Errors
    /// Fails with the parser's message if the text is not such a file.
    pub fn read_rules(text: &str) -> Result<Vec<PathMapRule>, String> {
        let file: PathMappingFile =
            serde_json::from_str(text).map_err(|error| error.to_string())?;
        Ok(file.path_mapping_rules)
    }

    /// Parses a rule of the form `FROM=TO`.
    ///
    /// # Errors
    /// Fails with the expected form.
    pub fn parse_rule(text: &str) -> Result<PathMapRule, String> {
        let (from, to) = text.split_once('=').ok_or("write it as FROM=TO")?;
        // An empty FROM would match every absolute path.
        if from.is_empty() || to.is_empty() {
            return Err("write it as FROM=TO, with a folder on both sides".to_owned());
        }
        Ok(PathMapRule::new(from, to))
    }

    /// Returns the path on this machine. A path without a matching rule stays as it is.
    #[must_use]
    pub fn map_path(&self, path: &Path) -> PathBuf {
        let text = path.to_string_lossy();
        self.0
            .iter()
            .find_map(|rule| rule.map_path(&text))
            .unwrap_or_else(|| path.to_owned())
    }
}

impl PathMapRule {
    /// Returns the rule from one folder to another. A drive letter or a backslash in `from` makes
    /// it a Windows rule.
    #[must_use]
    pub fn new(from: &str, to: &str) -> Self {
        // The form of the path decides, not this machine: rules name folders of the other one.
        let windows = from.contains('\\') || from.get(1..2) == Some(":");
        let format = if windows {
            PathFormat::Windows
        } else {
            PathFormat::Posix
        };
        Self {
            format,
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }

    fn map_path(&self, path: &str) -> Option<PathBuf> {
        let (prefix_matches, path, from) = match self.format {
            PathFormat::Posix => (
                path.starts_with(self.from.trim_end_matches('/')),
                path.to_owned(),
                self.from.clone(),
            ),
            PathFormat::Windows => {
                let path = path.replace('\\', "/");
                let from = self.from.replace('\\', "/");
                let prefix_matches = path
                    .to_lowercase()
                    .starts_with(from.trim_end_matches('/').to_lowercase().as_str());
                (prefix_matches, path, from)
            }
        };
        // `get` and not an index: lower case may have another length in bytes, and the cut could be
        // inside a character.
        let rest = path
            .get(from.trim_end_matches('/').len()..)
            .filter(|_| prefix_matches)?;
        // A rest that does not begin with a slash belongs to a folder with a longer name: a rule
        // for `/home/me` must not touch `/home/meg`.
        match rest.strip_prefix('/') {
            Some(rest) => Some(Path::new(&self.to).join(rest)),
            None => rest.is_empty().then(|| PathBuf::from(&self.to)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(rules: &[&str]) -> PathMap {
        PathMap::new(
            rules
                .iter()
                .map(|rule| PathMap::parse_rule(rule).unwrap())
                .collect(),
        )
    }

    #[test]
    fn the_longest_rule_counts_and_only_whole_parts_match() {
        let map = map(&["/mnt=/a", "/mnt/film/=/b"]);
        assert_eq!(map.map_path(Path::new("/mnt/film/x")), Path::new("/b/x"));
        assert_eq!(map.map_path(Path::new("/mnt/film")), Path::new("/b"));
        assert_eq!(
            map.map_path(Path::new("/mnt/films/x")),
            Path::new("/a/films/x")
        );
        assert_eq!(map.map_path(Path::new("/mnts/x")), Path::new("/mnts/x"));
    }

    #[test]
    fn a_path_of_windows_matches_in_any_case_with_either_slash() {
        let map = map(&[r"P:\Films=/mnt/films"]);
        assert_eq!(
            map.map_path(Path::new(r"p:\films\lamp\a.glb")),
            Path::new("/mnt/films/lamp/a.glb")
        );
        assert_eq!(
            map.map_path(Path::new("P:/FILMS/lamp")),
            Path::new("/mnt/films/lamp")
        );
    }

    #[test]
    fn rules_of_a_session_are_read() {
        let rules = PathMap::read_rules(
            r#"{"version": "pathmapping-1.0", "path_mapping_rules": [
                {"source_path_format": "POSIX", "source_path": "/a", "destination_path": "/b"}]}"#,
        );
        assert_eq!(
            PathMap::new(rules.unwrap()).map_path(Path::new("/a/x")),
            Path::new("/b/x")
        );
        assert!(PathMap::read_rules("{}").unwrap().is_empty());
        assert!(PathMap::read_rules("[").is_err());
    }
}
