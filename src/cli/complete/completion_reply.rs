//! The reply to a shell, candidates or a directive in lines of text, and the scripts that ask for
//! it.

use super::{argument_values, typed_command};
use crate::cli::args::ShellKind;
use crate::cli::cli_settings::CliSettings;
use std::fmt::Write;

/// A word that can be completed to, with a line about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct CompletionCandidate {
    pub(in crate::cli) value: String,
    pub(in crate::cli) about: String,
}

impl CompletionCandidate {
    pub(in crate::cli) fn new(value: impl Into<String>, about: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            about: about.into(),
        }
    }
}

/// What a shell offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum CompletionReply {
    /// These words.
    Words(Vec<CompletionCandidate>),
    /// Paths of files and folders. The shell lists them: it knows about `~`, quoting and hidden
    /// files.
    Files,
    /// Paths of folders.
    Folders,
}

/// Returns the completion of word `index` of the words after the program's name.
pub(in crate::cli) fn complete_word(
    command: &mut clap::Command,
    words: &[String],
    index: usize,
    settings: &CliSettings,
) -> CompletionReply {
    // Only `build` adds the global options to each command, and `--help`.
    command.build();
    let typed = typed_command::parse_typed(command, words, index);
    typed.complete_current(|arg, typed| argument_values::argument_candidates(arg, typed, settings))
}

/// Formats a reply for a shell: lines of value, tab and description, or one directive that begins
/// with a colon.
///
/// `breaks` has the characters at which the shell breaks words, `$COMP_WORDBREAKS` of bash.
pub(in crate::cli) fn format_reply(reply: &CompletionReply, current: &str, breaks: &str) -> String {
    let words = match reply {
        CompletionReply::Files => return ":files\n".to_owned(),
        CompletionReply::Folders => return ":folders\n".to_owned(),
        CompletionReply::Words(words) => words,
    };
    // Bash replaces only the part of the word behind the last break. With the whole value,
    // `shots::` would be completed to `shots::shots::jump_cut`.
    let start = current
        .rfind(|c: char| !c.is_whitespace() && breaks.contains(c))
        .map_or(0, |index| index + 1);
    let mut text = String::new();
    for CompletionCandidate { value, about } in words {
        // Every line is a candidate, so a description has one line.
        let about = about.lines().next().unwrap_or_default();
        let _ = writeln!(text, "{}\t{about}", value.get(start..).unwrap_or(value));
    }
    text
}

/// Returns the script that connects a shell to `production complete`.
pub(in crate::cli) const fn completion_script(shell: ShellKind) -> &'static str {
    match shell {
        ShellKind::Bash => include_str!("production.bash"),
        ShellKind::Zsh => include_str!("production.zsh"),
        ShellKind::Fish => include_str!("production.fish"),
        ShellKind::Elvish => include_str!("production.elv"),
        ShellKind::Powershell => include_str!("production.ps1"),
    }
}
