//! The settings files that hold for a command, in order of importance, and which of their options
//! count.
//!
//! A production may come from a stranger. The settings in its folder decide only what a document
//! could decide too. Options that write files, start programs, use other machines or lift limits
//! count once the user trusts the folder.

use super::args::CliArgs;
use super::exit_codes::CliError;
use super::settings_file::{SettingEntry, SettingsFile};
use super::typed_line::TypedLine;
use crate::base::suggestions::did_you_mean;
use clap::{Arg, ArgAction, Command, CommandFactory};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Options that the settings of any folder may set.
// Not `only` or `phase`: every run of the folder would be partial, and publish nothing.
const FOLDER_OPTIONS: [&str; 8] = [
    "all",
    "keep-going",
    "limit",
    "no-sound",
    "quality",
    "set",
    "strict",
    "verbose",
];

/// Options that the settings of a folder never set: they are trust and limits themselves, and
/// programs of this machine.
const USER_OPTIONS: [&str; 5] = ["machine", "max-size", "max-values", "replace", "yes"];

/// Options that no settings file sets: they say which settings hold, or end the program.
const TYPED_OPTIONS: [&str; 5] = ["help", "no-settings", "profile", "settings", "version"];

/// A setting that holds for a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UsedSetting {
    /// The long name of the option.
    pub(super) option: String,
    /// Its values as text.
    pub(super) values: Vec<String>,
    /// Where it is set: `file:line:column`, with the profile.
    pub(super) source: String,
    /// Whether a profile that was typed sets it.
    pub(super) is_profile: bool,
}

/// One set of options, all of the same importance.
#[derive(Debug, Clone)]
struct SettingsLayer {
    entries: Vec<SettingEntry>,
    profile: Option<String>,
    is_folder: bool,
}

/// The settings files of a command.
#[derive(Debug, Clone, Default)]
pub(super) struct SettingsLayers {
    /// The most important first.
    layers: Vec<SettingsLayer>,
    /// The files that were looked for, and whether each was there.
    pub(super) files: Vec<LookedUpFile>,
    /// What is ignored, and why.
    ignored: Vec<IgnoredSetting>,
}

/// An option that does not count.
#[derive(Debug, Clone)]
struct IgnoredSetting {
    option: String,
    /// Its place and the reason.
    text: String,
}

/// A settings file that was looked for.
#[derive(Debug, Clone)]
pub(super) struct LookedUpFile {
    pub(super) path: PathBuf,
    pub(super) exists: bool,
}

/// The settings of a production's folder.
pub(super) struct FolderSettings<'a> {
    pub(super) path: &'a Path,
    /// Returns whether the user trusts the folder.
    pub(super) is_trusted: &'a dyn Fn() -> bool,
}

impl SettingsLayers {
    /// Reads the settings of the user and of a folder, with the options of a profile.
    ///
    /// # Errors
    /// Fails when a file has a mistake or no file has the profile.
    pub(super) fn read(
        user: Option<&Path>,
        folder: Option<&FolderSettings<'_>>,
        profile: Option<&str>,
    ) -> Result<Self, CliError> {
        let mut layers = Self::default();
        let user_file = user.map(|path| layers.read_file(path)).transpose()?;
        let folder_file = folder.map(|folder| layers.read_file(folder.path));
        let mut folder_file = folder_file.transpose()?.flatten();
        let user_file = user_file.flatten();
        let named = [&folder_file, &user_file].into_iter().flatten();
        let known: BTreeSet<String> = named
            .flat_map(|file| &file.profiles)
            .map(|profile| profile.name.clone())
            .collect();
        if let Some(name) = profile.filter(|name| !known.contains(*name)) {
            return Err(unknown_profile(name, &known, &layers.files));
        }
        if let (Some(folder), Some(file)) = (folder, &mut folder_file) {
            layers.drop_untrusted(folder, file, profile);
        }
        // The folder is closer to the work than the user's settings, which hold for every
        // production.
        let files = [(folder_file, true), (user_file, false)];
        for (file, is_folder) in &files {
            let wanted = file.iter().flat_map(|file| &file.profiles);
            for found in wanted.filter(|found| Some(found.name.as_str()) == profile) {
                layers.layers.push(SettingsLayer {
                    entries: found.entries.clone(),
                    profile: Some(found.name.clone()),
                    is_folder: *is_folder,
                });
            }
        }
        for (file, is_folder) in files {
            layers.layers.extend(file.map(|file| SettingsLayer {
                entries: file.options,
                profile: None,
                is_folder,
            }));
        }
        Ok(layers)
    }

    fn read_file(&mut self, path: &Path) -> Result<Option<SettingsFile>, CliError> {
        let file = SettingsFile::read(path)?;
        self.files.push(LookedUpFile {
            path: path.to_owned(),
            exists: file.is_some(),
        });
        if let Some(file) = &file {
            let profiles = file.profiles.iter().flat_map(|profile| &profile.entries);
            let mut root = CliArgs::command();
            // Options of all commands are added to each command only here.
            root.build();
            // All entries, and not only those of this command: a misspelt option is reported at
            // once, and not when its command is next used.
            for entry in file.options.iter().chain(profiles) {
                require_known(&root, entry)?;
            }
        }
        Ok(file)
    }

    /// Removes the options of a folder that a stranger may not decide.
    fn drop_untrusted(
        &mut self,
        folder: &FolderSettings<'_>,
        file: &mut SettingsFile,
        profile: Option<&str>,
    ) {
        // The other profiles were not selected, so their mistakes matter to nobody now.
        file.profiles
            .retain(|found| Some(found.name.as_str()) == profile);
        // Found out once, and only if an option needs it, because it reads the folder's programs.
        let mut trusted = None;
        let mut ignored = Vec::new();
        let mut is_allowed = |entry: &SettingEntry| {
            let option = entry.option.as_str();
            let why = if FOLDER_OPTIONS.contains(&option) {
                return true;
            } else if USER_OPTIONS.contains(&option) {
                "the folder of a production cannot set it; your own settings can"
            } else if *trusted.get_or_insert_with(folder.is_trusted) {
                return true;
            } else {
                "it counts once you trust the folder with `production trust`"
            };
            ignored.push(IgnoredSetting {
                option: entry.option.clone(),
                text: format!("{}: `{option}` is ignored: {why}", entry.place),
            });
            false
        };
        file.options.retain(&mut is_allowed);
        for profile in &mut file.profiles {
            profile.entries.retain(&mut is_allowed);
        }
        self.ignored.extend(ignored);
    }

    /// Returns why options of a command are ignored, with their places.
    pub(super) fn ignored_options(&self, command: &Command) -> Vec<String> {
        let own = self.ignored.iter();
        own.filter(|ignored| find_option(command, &ignored.option).is_some())
            .map(|ignored| ignored.text.clone())
            .collect()
    }

    /// Returns the settings that hold for a command beside what was typed. `switched_off` has the
    /// flags that were typed as `--no-NAME`.
    ///
    /// # Errors
    /// Fails when a value does not fit its option.
    pub(super) fn used_settings(
        &self,
        command: &Command,
        typed: &TypedLine,
        switched_off: &[String],
    ) -> Result<Vec<UsedSetting>, CliError> {
        let mut decided: BTreeSet<&str> = BTreeSet::new();
        let mut used = Vec::new();
        for layer in &self.layers {
            // What is set for one command is more important than what is set for all.
            let own = |entry: &&SettingEntry| entry.command.as_deref() == Some(command.get_name());
            let general = |entry: &&SettingEntry| entry.command.is_none();
            let entries = layer.entries.iter().filter(own);
            for entry in entries.chain(layer.entries.iter().filter(general)) {
                let option = entry.option.as_str();
                let Some(arg) = find_option(command, option) else {
                    continue;
                };
                if entry.command.is_none() && !accepts_values(arg, &entry.values) {
                    continue;
                }
                require_fitting(arg, entry)?;
                let is_off = entry.values == ["false"] && !arg.get_action().takes_values();
                // A folder may ask for more strictness and not for less.
                if is_off && layer.is_folder {
                    continue;
                }
                // Variables add up: each names another one.
                if decided.insert(option) || option == "set" {
                    let is_typed = option != "set" && typed.has_option(option);
                    let is_switched = switched_off.iter().any(|name| name == option);
                    if !(is_typed || is_off || is_switched || has_conflict(command, arg, typed)) {
                        used.push(UsedSetting::from_entry(entry, layer));
                    }
                }
            }
        }
        // The last value of a variable counts, so the most important comes last.
        used.reverse();
        Ok(used)
    }
}

impl UsedSetting {
    fn from_entry(entry: &SettingEntry, layer: &SettingsLayer) -> Self {
        Self {
            option: entry.option.clone(),
            values: entry.values.clone(),
            source: match &layer.profile {
                Some(profile) => format!("the profile {profile} ({})", entry.place),
                None => entry.place.clone(),
            },
            is_profile: layer.profile.is_some(),
        }
    }

    /// Returns the words that set the option on a command line.
    pub(super) fn words(&self, command: &Command) -> Vec<String> {
        let takes_values =
            find_option(command, &self.option).is_some_and(|arg| arg.get_action().takes_values());
        if takes_values {
            let values = self.values.iter();
            values
                .map(|value| format!("--{}={value}", self.option))
                .collect()
        } else {
            vec![format!("--{}", self.option)]
        }
    }
}

/// Returns the option of a command with this long name.
pub(super) fn find_option<'a>(command: &'a Command, name: &str) -> Option<&'a Arg> {
    command
        .get_arguments()
        .find(|arg| arg.get_long() == Some(name))
}

/// Returns whether the values are among the words that the option takes. Other options take any
/// text, or refuse it with a reason of their own.
fn accepts_values(arg: &Arg, values: &[String]) -> bool {
    let possible = arg.get_possible_values();
    !arg.get_action().takes_values()
        || possible.is_empty()
        || values
            .iter()
            .all(|value| possible.iter().any(|known| known.matches(value, false)))
}

fn has_conflict(command: &Command, arg: &Arg, typed: &TypedLine) -> bool {
    // One of the two arguments names the other.
    let names_it = |from: &Arg, to: &Arg| {
        let conflicts = command.get_arg_conflicts_with(from);
        conflicts.iter().any(|other| other.get_id() == to.get_id())
    };
    typed
        .option_names()
        .filter_map(|name| find_option(command, name))
        .any(|other| names_it(arg, other) || names_it(other, arg))
}

/// Fails when no command, or not the named one, has the option of a setting.
fn require_known(root: &Command, entry: &SettingEntry) -> Result<(), CliError> {
    let SettingEntry {
        command,
        option,
        place,
        ..
    } = entry;
    let visible = || {
        root.get_subcommands()
            .filter(|command| !command.is_hide_set())
    };
    let fault = |message: String| {
        Err(CliError::Usage(format!(
            "read settings: {place}: {message}"
        )))
    };
    if TYPED_OPTIONS.contains(&option.as_str()) {
        return fault(format!("`{option}` can only be typed"));
    }
    let commands: Vec<&Command> = match command {
        None => visible().collect(),
        Some(name) => match visible().find(|command| command.get_name() == name) {
            Some(command) => vec![command],
            None => {
                let names = visible().map(Command::get_name);
                let hint = did_you_mean(name, names)
                    .unwrap_or_else(|| "`production --help` lists them".to_owned());
                return fault(format!("there is no command `{name}`; {hint}"));
            }
        },
    };
    if commands
        .iter()
        .any(|command| find_option(command, option).is_some())
    {
        return Ok(());
    }
    let known: BTreeSet<&str> = commands
        .iter()
        .flat_map(|command| command.get_arguments())
        .filter_map(Arg::get_long)
        .collect();
    let hint = did_you_mean(option, known).map(|hint| format!("; {hint}"));
    let hint = hint.unwrap_or_default();
    match command {
        Some(name) => fault(format!("`{name}` has no option `--{option}`{hint}")),
        None => fault(format!("no command has an option `--{option}`{hint}")),
    }
}

/// Fails when a flag is neither true nor false, or an option that takes one value has several.
fn require_fitting(arg: &Arg, entry: &SettingEntry) -> Result<(), CliError> {
    let SettingEntry {
        option,
        values,
        place,
        ..
    } = entry;
    let fault = |message: &str| {
        let message = format!("read settings: {place}: `{option}` {message}");
        Err(CliError::Usage(message))
    };
    if !arg.get_action().takes_values() {
        return match values.as_slice() {
            [value] if value == "true" || value == "false" => Ok(()),
            _ => fault("is true or false"),
        };
    }
    let is_repeatable = matches!(arg.get_action(), ArgAction::Append);
    if values.len() == 1 || is_repeatable {
        return Ok(());
    }
    fault("takes one value")
}

fn unknown_profile(name: &str, known: &BTreeSet<String>, looked_up: &[LookedUpFile]) -> CliError {
    let paths: Vec<String> = looked_up
        .iter()
        .map(|file| file.path.display().to_string())
        .collect();
    let hint = did_you_mean(name, known.iter().map(String::as_str))
        .unwrap_or_else(|| format!("no profile is set; write one in {}", paths.join(" or ")));
    CliError::Usage(format!("use the profile `{name}`: {hint}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the words that settings add to a command, and what is ignored.
    fn added(user: &str, folder: &str, trusted: bool, words: &[&str]) -> Result<String, String> {
        let home = tempfile::tempdir().unwrap();
        let user_path = home.path().join("settings.yaml");
        let folder_path = home.path().join("production.settings.yaml");
        std::fs::write(&user_path, user).unwrap();
        std::fs::write(&folder_path, folder).unwrap();
        let mut root = CliArgs::command();
        root.build();
        let matches = root.clone().get_matches_from(words);
        let (name, matches) = matches.subcommand().unwrap();
        let command = root.find_subcommand(name).unwrap();
        let folder = FolderSettings {
            path: &folder_path,
            is_trusted: &|| trusted,
        };
        let profile = matches.get_one::<String>("profile").map(String::as_str);
        let typed = TypedLine::from_matches(command, matches);
        let settings = SettingsLayers::read(Some(&user_path), Some(&folder), profile)
            .map_err(|error| error.to_string())?;
        let used = settings
            .used_settings(command, &typed, &[])
            .map_err(|error| error.to_string())?;
        let words: Vec<String> = used
            .iter()
            .flat_map(|setting| setting.words(command))
            .collect();
        let ignored: String = settings
            .ignored_options(command)
            .iter()
            .map(|text| format!(" !{}", text.rsplit_once(".yaml:").unwrap().1))
            .collect();
        Ok(words.join(" ") + &ignored)
    }

    fn run(user: &str, folder: &str, words: &[&str]) -> String {
        let words = [&["production", "run"], words].concat();
        added(user, folder, false, &words).unwrap()
    }

    #[test]
    fn typed_options_win_over_profiles_over_the_folder_over_the_user() {
        let user =
            "options: {quality: preview, retries: 3}\nprofiles: {night: {quality: production}}\n";
        let folder = "options: {quality: draft}\n";
        assert_eq!(run(user, "", &[]), "--retries=3 --quality=preview");
        assert_eq!(run(user, folder, &[]), "--retries=3 --quality=draft");
        let night = run(user, folder, &["--profile", "night"]);
        assert_eq!(night, "--retries=3 --quality=production");
        let typed = run(
            user,
            folder,
            &["--profile", "night", "--quality", "archive"],
        );
        assert_eq!(typed, "--retries=3");
    }

    #[test]
    fn a_setting_for_one_command_wins_and_other_commands_do_not_see_it() {
        let user = "options: {parallel: 2, run: {parallel: 8}, format: short}\n";
        assert_eq!(run(user, "", &[]), "--format=short --parallel=8");
        let plan = added(user, "", false, &["production", "plan"]).unwrap();
        assert_eq!(plan, "--format=short --parallel=2");
        let metrics = added(user, "", false, &["production", "metrics"]).unwrap();
        assert_eq!(metrics, "", "it has no format `short`");
    }

    #[test]
    fn a_conflicting_option_that_was_typed_and_a_false_flag_switch_a_setting_off() {
        let user = "options: {up-to: shots, keep-going: false, farm: slurm}\n";
        assert_eq!(run(user, "", &["--phase", "shots"]), "--farm=slurm");
        assert_eq!(run(user, "", &["--dry-run"]), "--up-to=shots");
    }

    #[test]
    fn variables_of_all_sources_add_up_and_the_most_important_is_last() {
        let user = "options: {set: [a=user, b=user]}\n";
        let folder = "options: {set: [a=folder]}\n";
        assert_eq!(
            run(user, folder, &["--set", "c=typed"]),
            "--set=a=user --set=b=user --set=a=folder"
        );
    }

    #[test]
    fn a_strangers_folder_lifts_neither_trust_nor_limits_and_writes_no_file() {
        for option in [
            "yes: true",
            "max-size: 2G",
            "max-values: 9",
            "store: /tmp/other",
            "events: /tmp/e",
            "machine: m.yaml",
            "farm: theirs",
            "replace: out",
            "trace: t",
            "retries: 99",
            "time-limit: 9h",
            "wait: true",
            "quiet: true",
            "gpu: software",
            "only: one",
            "pin: one",
        ] {
            let folder = format!("options: {{{option}}}\nprofiles: {{night: {{{option}}}}}\n");
            let words = run("", &folder, &["--profile", "night"]);
            assert!(words.starts_with(" !1:11: `"), "{option}: {words}");
            assert_eq!(words.matches('!').count(), 2, "{option}: {words}");
        }
        // A flag of the user stays on.
        let strict = run(
            "options: {strict: true}\n",
            "options: {strict: false}\n",
            &[],
        );
        assert_eq!(strict, "--strict");
    }

    #[test]
    fn a_trusted_folder_sets_options_but_never_trust_itself() {
        let folder = "options: {retries: 2, yes: true, machine: m.yaml}\n";
        let words = added("", folder, true, &["production", "run"]).unwrap();
        let (words, machine) = words.rsplit_once(" !").unwrap();
        assert!(
            machine.starts_with("1:34: `machine` is ignored"),
            "{machine}"
        );
        assert_eq!(
            words,
            "--retries=2 !1:23: `yes` is ignored: the folder of a production cannot set it; your own \
             settings can"
        );
    }

    #[test]
    fn mistakes_name_their_place_and_the_nearest_name() {
        let fault = |user: &str, words: &[&str]| {
            let text = added(user, "", false, words).unwrap_err();
            text.rsplit_once(".yaml:")
                .map_or(text.clone(), |(_, end)| end.to_owned())
        };
        let run = ["production", "run"];
        assert_eq!(
            fault("options: {qualty: draft}\n", &run),
            "1:11: no command has an option `--qualty`; did you mean `quality`?"
        );
        assert_eq!(
            fault("options: {rnu: {quality: draft}}\n", &run),
            "1:17: there is no command `rnu`; did you mean `run`?"
        );
        assert_eq!(
            fault("options: {keep-going: 3}\n", &run),
            "1:11: `keep-going` is true or false"
        );
        assert_eq!(
            fault("options: {quality: [a, b]}\n", &run),
            "1:11: `quality` takes one value"
        );
        assert_eq!(
            fault("options: {profile: a}\n", &run),
            "1:11: `profile` can only be typed"
        );
        assert_eq!(
            fault(
                "profiles: {night: {quality: draft}}\n",
                &["production", "run", "--profile", "nigth"]
            ),
            "use the profile `nigth`: did you mean `night`?"
        );
    }
}
