//! Path mapping: where a path of the machine that made a manifest lies on the machine that reads
//! it.
//!
//! The longest rule that matches counts, whole path parts at a time. Rules of Windows match both
//! slashes and any case.

use serde::Deserialize;
use std::path::{Path, PathBuf};

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PathMapRule {
    /// Whose paths they are: `POSIX` or `WINDOWS`.
    #[serde(rename = "source_path_format", default)]
    pub format: PathFormat,
    /// The beginning of paths there.
    #[serde(rename = "source_path")]
    pub from: String,
    /// The beginning of paths here.
    #[serde(rename = "destination_path")]
    pub to: String,
}

/// How paths are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum PathFormat {
    /// With slashes.
    #[default]
    Posix,
    /// With backslashes or slashes, in any case.
    Windows,
}

/// Rules, the longest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PathMap(Vec<PathMapRule>);

/// The rules as Open Job Description hands them over.
#[derive(Deserialize)]
struct PathMappingFile {
    #[serde(default)]
    path_mapping_rules: Vec<PathMapRule>,
}

impl PathMap {
    /// Returns the map of these rules.
    #[must_use]
    pub fn new(mut rules: Vec<PathMapRule>) -> Self {
        rules.sort_by_key(|rule| std::cmp::Reverse(rule.from.len()));
        Self(rules)
    }

    /// Reads the file of rules of an Open Job Description session.
    ///
    /// # Errors
    /// Fails with what is wrong with the text.
    pub fn read_rules(text: &str) -> Result<Vec<PathMapRule>, String> {
        let page: PathMappingFile =
            serde_json::from_str(text).map_err(|error| error.to_string())?;
        Ok(page.path_mapping_rules)
    }

    /// Returns the rule that is written `FROM=TO`.
    ///
    /// # Errors
    /// Fails with how to write it.
    pub fn parse_rule(text: &str) -> Result<PathMapRule, String> {
        let (from, to) = text.split_once('=').ok_or("write it as FROM=TO")?;
        if from.is_empty() || to.is_empty() {
            return Err("write it as FROM=TO, with a folder on both sides".to_owned());
        }
        Ok(PathMapRule::new(from, to))
    }

    /// Returns where the path lies here.
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
    /// Returns the rule from one folder to another; a drive or a backslash tells a path of Windows.
    #[must_use]
    pub fn new(from: &str, to: &str) -> Self {
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
                let (path, from) = (path.replace('\\', "/"), self.from.replace('\\', "/"));
                let prefix_matches = path
                    .to_lowercase()
                    .starts_with(from.trim_end_matches('/').to_lowercase().as_str());
                (prefix_matches, path, from)
            }
        };
        let rest = path
            .get(from.trim_end_matches('/').len()..)
            .filter(|_| prefix_matches)?;
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
