//! Mistakes in the arguments, with what helps in place of clap's general advice.

use super::args::CliArgs;
use super::foreign_verbs::verb_hint;
use super::settings_layers::find_option;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};

/// The option of the manifest's commands for which a path is typed here.
const MOVIE_HINT: &str =
    "a production is named by its document or folder: `production show my_film`";

/// Returns the error with a better hint about an unknown option or command.
pub(super) fn explained_error(error: clap::Error) -> clap::Error {
    match error.kind() {
        ErrorKind::UnknownArgument => explained_option(error),
        ErrorKind::InvalidSubcommand => explained_command(error),
        _ => error,
    }
}

/// Returns the error about an unknown command, with the command that does the same here.
fn explained_command(mut error: clap::Error) -> clap::Error {
    // clap proposes to pass the word as a value (`-- render`), which no command here takes.
    error.remove(ContextKind::Suggested);
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else {
        return error;
    };
    if let Some(hint) = verb_hint(typed) {
        // A word that is known means more than one that is spelt like it: `stop` is no `show`.
        error.remove(ContextKind::SuggestedSubcommand);
        insert_hint(&mut error, hint);
    }
    error
}

fn insert_hint(error: &mut clap::Error, hint: &str) {
    let hint = StyledStr::from(hint.to_owned());
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![hint]));
}

/// Returns the error about an unknown option, with the commands that have it.
///
/// clap proposes to pass it as a value (`-- --blah`), which no command here has a use for.
fn explained_option(mut error: clap::Error) -> clap::Error {
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
    let hint = match name.as_str() {
        "movie" => Some(MOVIE_HINT.to_owned()),
        name => owner_hint(name),
    };
    if let Some(hint) = hint {
        insert_hint(&mut error, &hint);
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
    fn an_unknown_command_is_explained_by_the_one_that_does_it_here() {
        let render = message(&["production", "render", "my_film"]);
        assert!(
            render.contains("unrecognized subcommand 'render'")
                && render.contains("tip: `production run` makes"),
            "{render}"
        );
        let stop = message(&["production", "stop"]);
        assert!(stop.contains("`production cancel`"), "{stop}");
        assert!(!stop.contains("similar"), "{stop}");
        let init = message(&["production", "storage:init", "--movie", "x"]);
        assert!(init.contains("nothing to prepare"), "{init}");
        let near = message(&["production", "validat"]);
        assert!(
            near.contains("similar subcommand exists: 'validate'"),
            "{near}"
        );
        let movie = message(&["production", "manifest:show", "--movie", "x"]);
        assert!(movie.contains("`production show my_film`"), "{movie}");
        for text in [render, stop, init, near, movie] {
            assert!(!text.contains("-- "), "{text}");
        }
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
