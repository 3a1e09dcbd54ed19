//! Reads the options in a settings file: those of every run of the program, those of one command,
//! and named profiles of them.
//!
//! ```yaml
//! options:
//!   quality: draft
//!   run: {parallel: auto}
//! profiles:
//!   night: {quality: production, keep-going: true}
//! ```

use super::exit_codes::CliError;
use crate::base::bounded_text::read_bounded_text;
use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostics, FileSpan, Severity, SourceMap};
use crate::document::InputLimits;
use crate::document::span_tree::{NodeId, SpanTree, ValueShape, parse_yaml};
use std::io::ErrorKind;
use std::path::Path;

/// The largest settings file. A film that is named by mistake must not fill the memory.
const MAX_SETTINGS_BYTES: u64 = 1 << 20;

/// The keys of a settings file. `machine` is read by the session.
const SETTINGS_KEYS: [&str; 3] = ["machine", "options", "profiles"];

/// One option with its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SettingEntry {
    /// The command that it is for. `None` is every command that has the option.
    pub(super) command: Option<String>,
    /// The long name of the option, without dashes.
    pub(super) option: String,
    /// Its values as text; several for an option that can be repeated.
    pub(super) values: Vec<String>,
    /// `file:line:column`.
    pub(super) place: String,
}

/// The options of one file.
#[derive(Debug, Clone, Default)]
pub(super) struct SettingsFile {
    /// What holds without a profile.
    pub(super) options: Vec<SettingEntry>,
    /// Each profile with its options, in order.
    pub(super) profiles: Vec<SettingsProfile>,
}

/// A named set of options.
#[derive(Debug, Clone)]
pub(super) struct SettingsProfile {
    pub(super) name: String,
    pub(super) entries: Vec<SettingEntry>,
}

impl SettingsFile {
    /// Reads a file. `None`: there is none.
    ///
    /// # Errors
    /// Fails when the file cannot be read, or has a mistake; the text has the first one.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, CliError> {
        let text = match read_bounded_text(path, MAX_SETTINGS_BYTES) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                let what = format!("read the settings {}", path.display());
                return Err(CliError::io_error(what, source));
            }
        };
        let mut sources = SourceMap::default();
        let mut diagnostics = Diagnostics::default();
        let file = sources.add_file(path, text.as_str());
        let tree = parse_yaml(file, text.into(), &InputLimits::default(), &mut diagnostics);
        let reader = SettingsReader { sources: &sources };
        let mut errors = diagnostics.as_slice().iter();
        // The first mistake ends the command: with half of its options, another run than was meant
        // could start.
        if let Some(error) = errors.find(|found| found.severity == Severity::Error) {
            return Err(reader.mistake(error.origin, &error.message));
        }
        let root = tree.as_ref().and_then(|tree| Some((tree, tree.root()?)));
        let settings = root.map(|(tree, root)| reader.read_file(tree, root));
        Ok(Some(settings.transpose()?.unwrap_or_default()))
    }
}

/// Reads the tree of one file, and shows places in it.
struct SettingsReader<'a> {
    sources: &'a SourceMap,
}

impl SettingsReader<'_> {
    fn read_file(&self, tree: &SpanTree, root: NodeId) -> Result<SettingsFile, CliError> {
        let mut settings = SettingsFile::default();
        for pair in self.pairs(tree, root, "settings")? {
            match pair.key {
                "options" => settings.options = self.entries(tree, pair.value, true)?,
                "profiles" => {
                    for profile in self.pairs(tree, pair.value, "profiles")? {
                        settings.profiles.push(SettingsProfile {
                            name: profile.key.to_owned(),
                            entries: self.entries(tree, profile.value, true)?,
                        });
                    }
                }
                // Read by the session, which knows its fields.
                "machine" => {}
                other => {
                    let hint = did_you_mean(other, SETTINGS_KEYS).unwrap_or_default();
                    let message = format!("`{other}` is no key of settings; {hint}");
                    return Err(self.mistake(pair.key_origin, &message));
                }
            }
        }
        Ok(settings)
    }

    /// Returns the options in a map. A value that is a map again has the options of one command.
    fn entries(
        &self,
        tree: &SpanTree,
        node: NodeId,
        allow_commands: bool,
    ) -> Result<Vec<SettingEntry>, CliError> {
        let mut entries = Vec::new();
        for pair in self.pairs(tree, node, "options")? {
            // One level only: a command has no commands in it.
            if tree.shape(pair.value) == ValueShape::Map && allow_commands {
                let inner = self.entries(tree, pair.value, false)?;
                entries.extend(inner.into_iter().map(|entry| SettingEntry {
                    command: Some(pair.key.to_owned()),
                    ..entry
                }));
                continue;
            }
            entries.push(SettingEntry {
                command: None,
                // As typed on a command line, or as YAML fields are written.
                option: pair.key.trim_start_matches("--").replace('_', "-"),
                values: self.values(tree, &pair)?,
                place: self.sources.format_position(pair.key_origin),
            });
        }
        Ok(entries)
    }

    fn values(&self, tree: &SpanTree, pair: &SettingPair<'_>) -> Result<Vec<String>, CliError> {
        let scalar = |node: NodeId| {
            let text = tree.scalar(node).filter(|text| !text.is_null());
            text.map(|text| text.text.to_owned())
        };
        let single = [pair.value];
        let items = tree.items(pair.value).unwrap_or(&single);
        let values: Option<Vec<String>> = items.iter().map(|item| scalar(*item)).collect();
        values.ok_or_else(|| {
            let message = format!(
                "`{}` must have a value: text, a number, true, false, or a list of them",
                pair.key
            );
            self.mistake(pair.key_origin, &message)
        })
    }

    fn pairs<'t>(
        &self,
        tree: &'t SpanTree,
        node: NodeId,
        what: &str,
    ) -> Result<Vec<SettingPair<'t>>, CliError> {
        // A key without a value, as editors leave it.
        if tree.shape(node) == ValueShape::Null {
            return Ok(Vec::new());
        }
        let Some(pairs) = tree.pairs(node) else {
            let message = format!("{what} must be a map, such as `quality: draft`");
            return Err(self.mistake(tree.origin(node), &message));
        };
        let named = pairs.filter_map(|(key, value)| {
            Some(SettingPair {
                key: tree.scalar(key)?.text,
                key_origin: tree.origin(key),
                value,
            })
        });
        Ok(named.collect())
    }

    fn mistake(&self, origin: FileSpan, message: &str) -> CliError {
        let place = self.sources.format_position(origin);
        CliError::Usage(format!("read settings: {place}: {message}"))
    }
}

/// A key with its value.
struct SettingPair<'t> {
    key: &'t str,
    key_origin: FileSpan,
    value: NodeId,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SettingsFile, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.yaml");
        std::fs::write(&path, text).unwrap();
        let read = SettingsFile::read(&path).map(Option::unwrap_or_default);
        read.map_err(|error| {
            let folder = format!("{}/", folder.path().display());
            error.to_string().replace(&folder, "")
        })
    }

    #[test]
    fn options_of_all_commands_of_one_and_of_a_profile_are_read() {
        let settings = read(
            "machine: {cores: 4}\noptions:\n  quality: draft\n  keep_going: true\n  run: {parallel: 8}\n  \
             set: [a=1, b=2]\nprofiles:\n  night:\n    --quality: production\n",
        )
        .unwrap();
        let shown = |entry: &SettingEntry| {
            let command = entry.command.as_deref().unwrap_or("*");
            let values = entry.values.join("|");
            let place = entry.place.rsplit_once("settings.yaml:").unwrap().1;
            format!("{command} {} {values} {place}", entry.option)
        };
        let options: Vec<String> = settings.options.iter().map(shown).collect();
        assert_eq!(
            options,
            [
                "* quality draft 3:3",
                "* keep-going true 4:3",
                "run parallel 8 5:9",
                "* set a=1|b=2 6:3"
            ]
        );
        assert_eq!(settings.profiles[0].name, "night");
        assert_eq!(
            shown(&settings.profiles[0].entries[0]),
            "* quality production 9:5"
        );
    }

    #[test]
    fn a_missing_or_empty_file_sets_nothing() {
        assert!(
            SettingsFile::read(Path::new("/nonexistent/settings.yaml"))
                .unwrap()
                .is_none()
        );
        for text in ["", "# nothing\n", "options:\n", "machine: {cores: 1}\n"] {
            assert!(read(text).unwrap().options.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        for (text, message) in [
            (
                "optoins: {}\n",
                "read settings: settings.yaml:1:1: `optoins` is no key of settings; did you mean `options`?",
            ),
            (
                "options: draft\n",
                "read settings: settings.yaml:1:10: options must be a map, such as `quality: draft`",
            ),
            (
                "options:\n  quality:\n",
                "read settings: settings.yaml:2:3: `quality` must have a value: text, a number, true, false, or a list of them",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), message);
        }
        assert!(read("options: {quality: [\n").is_err());
    }
}
