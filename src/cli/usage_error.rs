//! Mistakes in the arguments, with what helps in place of clap's general advice.

use super::args::CliArgs;
use super::settings_layers::find_option;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};

/// Returns the error with a better hint about an unknown option.
///
/// clap proposes to pass it as a value (`-- --blah`), which no command here has a use for.
pub(super) fn explained_error(mut error: clap::Error) -> clap::Error {
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    error.remove(ContextKind::Suggested);
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let name = typed.trim_start_matches('-').to_owned();
    let is_option = typed.starts_with("--");
    // clap has found a similar option of the same command.
    if !is_option || error.get(ContextKind::SuggestedArg).is_some() {
        return error;
    }
    if let Some(hint) = owner_hint(&name) {
        let hint = StyledStr::from(hint);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![hint]));
    }
    error
}

/// Returns the commands that have an option.
fn owner_hint(name: &str) -> Option<String> {
    let root = CliArgs::command();
    let owners: Vec<&str> = root
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && find_option(command, name).is_some())
        .map(Command::get_name)
        .collect();
    match owners.as_slice() {
        [] => None,
        [owner] => Some(format!("`--{name}` is an option of `production {owner}`")),
        [first, .., last] => {
            let between = &owners[1..owners.len() - 1];
            let listed: Vec<&str> = std::iter::once(first).chain(between).copied().collect();
            let listed = listed.join(", ");
            Some(format!("`--{name}` is an option of {listed} and {last}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(words: &[&str]) -> String {
        let error = CliArgs::command().try_get_matches_from(words).unwrap_err();
        explained_error(error).to_string()
    }

    #[test]
    fn an_unknown_option_is_explained_by_what_is_near_or_has_it() {
        let near = message(&["production", "run", "f", "--qualty", "draft"]);
        assert!(
            near.contains("a similar argument exists: '--quality'"),
            "{near}"
        );
        let other = message(&["production", "status", "f", "--only", "one"]);
        assert!(
            other.contains("`--only` is an option of run, plan and export"),
            "{other}"
        );
        let none = message(&["production", "run", "f", "--blah"]);
        assert!(
            none.contains("unexpected argument '--blah' found"),
            "{none}"
        );
        for text in [near, other, none] {
            assert!(!text.contains("-- --"), "{text}");
        }
    }
}
