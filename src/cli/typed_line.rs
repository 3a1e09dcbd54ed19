//! The options and the production that were typed, for commands that are suggested. A suggestion
//! that drops `--only` or `--store` would do other work than its reader is talking about.

use super::args::CliArgs;
use crate::base::printable::flatten_escaped;
use crate::base::shell_quoting::readable_shell_word;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, CommandFactory};

/// Options that say how far this one command goes. A command that continues the
/// work is suggested without them.
const ONE_TIME_OPTIONS: [&str; 9] = [
    "dry-run",
    "validate-only",
    "detach",
    "resume",
    "fix",
    "resolved",
    "settings",
    "trace",
    "format",
];

/// What was typed behind the name of the program.
#[derive(Debug, Clone, Default)]
pub(super) struct TypedLine {
    /// The production, if it was named.
    production: Option<String>,
    options: Vec<TypedOption>,
}

/// An option as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct TypedOption {
    /// Its long name, without dashes.
    name: String,
    /// Its values, one for each time it was typed. `None` is a flag.
    values: Option<Vec<String>>,
}

impl TypedLine {
    /// Reads what was typed for `command` from the arguments that clap found.
    pub(super) fn from_matches(command: &Command, matches: &ArgMatches) -> Self {
        let typed = |arg: &&Arg| was_typed(matches, arg.get_id().as_str());
        let options = command.get_arguments().filter(|arg| !arg.is_positional());
        let production = command
            .get_positionals()
            .find(|arg| arg.get_id() == "path")
            .filter(typed);
        Self {
            production: production.and_then(|arg| {
                let mut values = matches.get_raw(arg.get_id().as_str())?;
                Some(values.next()?.to_string_lossy().into_owned())
            }),
            options: options
                .filter(typed)
                .filter_map(|arg| typed_option(matches, arg))
                .collect(),
        }
    }

    /// Returns whether an option was typed. `name` is without dashes.
    pub(super) fn has_option(&self, name: &str) -> bool {
        self.options.iter().any(|option| option.name == name)
    }

    /// Returns the names of the options that were typed, without dashes.
    pub(super) fn option_names(&self) -> impl Iterator<Item = &str> {
        self.options.iter().map(|option| option.name.as_str())
    }

    /// Returns the values of an option that was typed; the inner `None` is a flag.
    pub(super) fn option_values(&self, name: &str) -> Option<Option<&[String]>> {
        let option = self.options.iter().find(|option| option.name == name)?;
        Some(option.values.as_deref())
    }

    /// Returns the command line of another command on the same production: with the options that
    /// were typed, as far as it has them, then `more`. It can be pasted into a shell.
    pub(super) fn suggest(&self, command_name: &str, more: &[&str]) -> String {
        let mut root = CliArgs::command();
        // Only `build` adds the options of every command to each command.
        root.build();
        let Some(command) = root.find_subcommand(command_name) else {
            return format!("production {command_name}");
        };
        let takes_production = command.get_positionals().any(|arg| arg.get_id() == "path");
        let mut words = vec!["production".to_owned(), command_name.to_owned()];
        let production = self.production.iter().filter(|_| takes_production);
        words.extend(production.map(|path| shown_word(path)));
        for option in &self.options {
            let has_option = command
                .get_arguments()
                .any(|arg| arg.get_long() == Some(&option.name));
            let is_repeated = more
                .iter()
                .any(|word| word.strip_prefix("--") == Some(&option.name));
            if has_option && !is_repeated && !ONE_TIME_OPTIONS.contains(&option.name.as_str()) {
                words.extend(option.shell_words());
            }
        }
        words.extend(more.iter().map(|word| shown_word(word)));
        words.join(" ")
    }
}

impl TypedOption {
    fn shell_words(&self) -> Vec<String> {
        let name = format!("--{}", self.name);
        let Some(values) = &self.values else {
            return vec![name];
        };
        let words = values.iter().map(|value| {
            // A value that begins with a dash would be read as an option.
            if value.starts_with('-') {
                format!("{name}={}", shown_word(value))
            } else {
                format!("{name} {}", shown_word(value))
            }
        });
        words.collect()
    }
}

fn typed_option(matches: &ArgMatches, arg: &Arg) -> Option<TypedOption> {
    let name = arg.get_long()?.to_owned();
    if !arg.get_action().takes_values() {
        return Some(TypedOption { name, values: None });
    }
    // `--only a,b` is one word with two values.
    let delimiter = arg.get_value_delimiter().map(String::from);
    let delimiter = delimiter.unwrap_or_default();
    let occurrences = matches.get_raw_occurrences(arg.get_id().as_str())?;
    let values = occurrences.map(|values| {
        let values: Vec<String> = values
            .map(|value| value.to_string_lossy().into_owned())
            .collect();
        values.join(&delimiter)
    });
    Some(TypedOption {
        name,
        values: Some(values.collect()),
    })
}

/// Returns whether an argument was typed, and is neither a default nor a setting.
pub(super) fn was_typed(matches: &ArgMatches, id: &str) -> bool {
    // `value_source` panics for an id that the command does not define. Global options are defined
    // for every command.
    matches
        .try_contains_id(id)
        .is_ok_and(|is_present| is_present)
        && matches.value_source(id) == Some(ValueSource::CommandLine)
}

fn shown_word(word: &str) -> String {
    readable_shell_word(&flatten_escaped(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(words: &[&str]) -> TypedLine {
        let mut root = CliArgs::command();
        root.build();
        let matches = root.clone().get_matches_from(words);
        let (name, matches) = matches.subcommand().unwrap();
        TypedLine::from_matches(root.find_subcommand(name).unwrap(), matches)
    }

    #[test]
    fn a_suggestion_keeps_what_was_typed_and_quotes_it_for_the_shell() {
        let line = typed(&[
            "production",
            "--profile",
            "night",
            "run",
            "my film",
            "--only",
            "one,two",
            "--quality",
            "draft",
            "-kj8",
            "--set",
            "title=The $End",
            "--set",
            "b=1",
            "--dry-run",
        ]);
        assert_eq!(
            line.suggest("run", &["--resume"]),
            "production run 'my film' --quality draft --set 'title=The $End' --set b=1 --only \
             one,two --keep-going --parallel 8 --profile night --resume"
        );
        assert_eq!(
            line.suggest("status", &[]),
            "production status 'my film' --profile night"
        );
        assert!(line.has_option("only") && !line.has_option("store"));
    }

    #[test]
    fn defaults_are_not_typed() {
        assert_eq!(
            typed(&["production", "run"]).suggest("run", &[]),
            "production run"
        );
        assert_eq!(
            typed(&["production", "run", ".", "--gpu=-x"]).suggest("plan", &[]),
            "production plan . --gpu=-x"
        );
    }

    #[test]
    fn a_film_without_sound_stays_without() {
        let line = typed(&["production", "plan", "film", "--no-sound"]);
        assert_eq!(
            line.suggest("run", &["--resume"]),
            "production run film --no-sound --resume"
        );
    }

    #[test]
    fn an_option_is_not_suggested_twice() {
        let line = typed(&["production", "plan", "--quality", "draft"]);
        assert_eq!(
            line.suggest("run", &["--quality", "archive"]),
            "production run --quality archive"
        );
    }
}
