//! Reads the command line: what was typed, and the options of settings files that were not.
//!
//! clap parses twice. The first pass says which command it is, and so which settings hold. They are
//! then put in front of what was typed and parsed like it, so a setting means exactly what the
//! option does.

use super::args::{CliArgs, GlobalArgs};
use super::cli_settings::{CliSettings, user_settings_path};
use super::exit_codes::CliError;
use super::settings_layers::{FolderSettings, SettingsLayers, UsedSetting, find_option};
use super::typed_line::TypedLine;
use crate::session::{FOLDER_SETTINGS, FolderPrograms};
use clap::{ArgMatches, Command, CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where options came from that were not typed.
#[derive(Debug, Clone, Default)]
pub(super) struct CommandSettings {
    /// The settings files of this command.
    pub(super) layers: SettingsLayers,
    /// The settings that hold for this command.
    pub(super) used: Vec<UsedSetting>,
    /// What is ignored in them, and why.
    pub(super) warnings: Vec<String>,
}

impl CommandSettings {
    /// Returns the setting of an option. `None`: it was typed, or has its default.
    pub(super) fn find(&self, option: &str) -> Option<&UsedSetting> {
        self.used.iter().rev().find(|used| used.option == option)
    }
}

/// The words of a command line after the first pass.
pub(super) struct TypedWords {
    /// The words without `--no-NAME`.
    words: Vec<OsString>,
    /// The flags that were switched off with `--no-NAME`.
    switched_off: Vec<String>,
    root: Command,
    matches: ArgMatches,
}

impl TypedWords {
    /// Parses the words as they were typed; the first is the program.
    ///
    /// # Errors
    /// Fails for help, the version, and mistakes.
    pub(super) fn parse(words: impl Iterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut root = CliArgs::command();
        root.build();
        let words: Vec<OsString> = words.collect();
        let (words, switched_off) = take_switches(&root, words);
        let matches = root.clone().try_get_matches_from(&words)?;
        Ok(Self {
            words,
            switched_off,
            root,
            matches,
        })
    }

    /// Returns the options of every command as they were typed.
    ///
    /// # Errors
    /// As for [`Self::parse`].
    pub(super) fn global_args(&self) -> Result<GlobalArgs, clap::Error> {
        CliArgs::from_arg_matches(&self.matches).map(|args| args.global)
    }

    /// Returns the arguments with settings, and puts what was typed and set into `settings`.
    ///
    /// # Errors
    /// Fails when a settings file has a mistake, or a value of it does not fit.
    pub(super) fn with_settings(self, settings: &mut CliSettings) -> Result<CliArgs, CliError> {
        let as_typed = |matches: &ArgMatches| {
            CliArgs::from_arg_matches(matches).map_err(|error| CliError::Usage(error.to_string()))
        };
        let Some((name, matches)) = self.matches.subcommand() else {
            return as_typed(&self.matches);
        };
        let command = self
            .root
            .find_subcommand(name)
            .filter(|it| !it.is_hide_set());
        // Hidden commands are started by programs, which must not depend on anybody's settings.
        let Some(command) = command else {
            return as_typed(&self.matches);
        };
        settings.typed = TypedLine::from_matches(command, matches);
        if matches.get_flag("no_settings") {
            return as_typed(&self.matches);
        }
        settings.options = read_layers(matches, settings)?;
        settings.options.warnings = settings.options.layers.ignored_options(command);
        let layers = &settings.options.layers;
        let used = layers.used_settings(command, &settings.typed, &self.switched_off)?;
        if used.is_empty() {
            return as_typed(&self.matches);
        }
        let args = self.parse_with(&used, command)?;
        settings.options.used = used;
        Ok(args)
    }

    /// Parses the words again with settings in front of them.
    fn parse_with(&self, used: &[UsedSetting], command: &Command) -> Result<CliArgs, CliError> {
        let parse = |used: &[UsedSetting]| {
            let at = command_position(&self.root, &self.words).unwrap_or(0) + 1;
            let mut words = self.words.clone();
            let added = used.iter().flat_map(|setting| setting.words(command));
            words.splice(at..at, added.map(OsString::from));
            let matches = self.root.clone().try_get_matches_from(words)?;
            CliArgs::from_arg_matches(&matches)
        };
        parse(used).map_err(|error| {
            // clap names the option and not the file. The one that fails alone is the culprit.
            let culprit = used
                .iter()
                .find_map(|setting| Some((setting, parse(std::slice::from_ref(setting)).err()?)));
            let text = match culprit {
                Some((setting, error)) => format!("{}: {}", setting.source, first_line(&error)),
                None => first_line(&error),
            };
            CliError::Usage(format!(
                "use the settings: {text}; `--no-settings` leaves them out"
            ))
        })
    }
}

fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// Reads the settings files that hold for a command.
fn read_layers(matches: &ArgMatches, settings: &CliSettings) -> Result<CommandSettings, CliError> {
    let folder = production_folder(matches);
    let folder_file = folder.as_ref().map(|folder| folder.join(FOLDER_SETTINGS));
    // Only when a setting needs it: finding the programs of a folder reads all of its presets.
    let is_trusted = || {
        let folder = folder.as_deref().unwrap_or(Path::new("."));
        let programs = FolderPrograms::find(folder, &settings.session.search_path);
        settings.session.trusts_programs(&programs)
    };
    let folder_settings = folder_file.as_deref().map(|path| FolderSettings {
        path,
        is_trusted: &is_trusted,
    });
    let profile = matches.get_one::<String>("profile");
    let layers = SettingsLayers::read(
        user_settings_path().as_deref(),
        folder_settings.as_ref(),
        profile.map(String::as_str),
    )?;
    Ok(CommandSettings {
        layers,
        ..CommandSettings::default()
    })
}

/// Returns the folder of the production that a command works on. `None`: it takes none.
fn production_folder(matches: &ArgMatches) -> Option<PathBuf> {
    let path = if let Ok(Some(path)) = matches.try_get_one::<PathBuf>("path") {
        path.clone()
    } else if let Ok(Some(words)) = matches.try_get_many::<String>("codes") {
        // `explain`, whose first word may be a code.
        let first = words.map(PathBuf::from).next();
        first.unwrap_or_else(|| PathBuf::from("."))
    } else {
        return None;
    };
    // The first word of `show` may be a revision of the production in the current folder.
    let here = || Some(PathBuf::from("."));
    match std::fs::metadata(&path) {
        Ok(facts) if facts.is_dir() => Some(path),
        Ok(_) => path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty())
            .map(Path::to_owned)
            .or_else(here),
        Err(_) => here(),
    }
}

/// Returns the index of the word that names the command.
fn command_position(root: &Command, words: &[OsString]) -> Option<usize> {
    let mut index = 1;
    while let Some(word) = words.get(index) {
        let word = word.to_string_lossy();
        let Some(option) = word.strip_prefix('-') else {
            return Some(index);
        };
        // Of the options in front of a command only long ones have values.
        let takes_next = option.strip_prefix('-').is_some_and(|name| {
            find_option(root, name).is_some_and(|arg| arg.get_action().takes_values())
        });
        index += if takes_next { 2 } else { 1 };
    }
    None
}

/// Takes words such as `--no-keep-going` out, which switch off a flag that settings may switch on.
fn take_switches(root: &Command, words: Vec<OsString>) -> (Vec<OsString>, Vec<String>) {
    let command =
        command_position(root, &words).and_then(|index| root.find_subcommand(&words[index]));
    let Some(command) = command else {
        return (words, Vec::new());
    };
    let mut remaining = Vec::new();
    let mut switched_off = Vec::new();
    let mut is_option = true;
    for word in words {
        // What is behind `--` are values, even if they look like options.
        is_option = is_option && word != "--";
        let text = word.to_string_lossy();
        let switch = text.strip_prefix("--no-").filter(|name| {
            let is_flag = |arg: &clap::Arg| !arg.get_action().takes_values();
            // An option may begin with `no-` itself, such as `--no-sound`.
            let is_own = find_option(command, &format!("no-{name}")).is_some();
            is_option && !is_own && find_option(command, name).is_some_and(is_flag)
        });
        match switch {
            Some(name) => switched_off.push(name.to_owned()),
            None => remaining.push(word),
        }
    }
    (remaining, switched_off)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_command_is_found_behind_options_with_and_without_values() {
        let mut root = CliArgs::command();
        root.build();
        let position = |line: &str| command_position(&root, &words(line));
        assert_eq!(position("production run"), Some(1));
        assert_eq!(position("production -q --color never run ."), Some(4));
        assert_eq!(position("production --color=never run"), Some(2));
        assert_eq!(position("production --profile run plan"), Some(3));
        assert_eq!(position("production --help"), None);
    }

    #[test]
    fn a_flag_is_switched_off_by_its_name_and_other_words_stay() {
        let mut root = CliArgs::command();
        root.build();
        let line = "production run --no-keep-going --no-settings --no-farm -- --no-strict";
        let (remaining, off) = take_switches(&root, words(line));
        assert_eq!(off, ["keep-going"]);
        assert_eq!(
            remaining,
            words("production run --no-settings --no-farm -- --no-strict")
        );
        let (_, off) = take_switches(&root, words("production export openjd --no-extensions"));
        assert_eq!(off, Vec::<String>::new(), "it is an option of its own");
    }
}
