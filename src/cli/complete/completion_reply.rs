//! What a shell is told: candidates or a directive, line by line; and the scripts that ask.

use super::{argument_values, typed_command};
use crate::cli::args::ShellKind;
use crate::cli::cli_settings::CliSettings;
use std::fmt::Write;

/// One thing that could stand there.
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

/// What a shell is to offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum CompletionReply {
    /// These words.
    Words(Vec<CompletionCandidate>),
    /// Paths of files and folders, which shells know best.
    Files,
    /// Paths of folders.
    Folders,
}

/// Returns what could stand at word `index` of the words after the program's name.
pub(in crate::cli) fn complete_word(
    command: &mut clap::Command,
    words: &[String],
    index: usize,
    settings: &CliSettings,
) -> CompletionReply {
    command.build();
    let typed = typed_command::parse_typed(command, words, index);
    typed.complete_current(|arg, typed| argument_values::argument_candidates(arg, typed, settings))
}

/// Writes a reply for a shell: a line each with value, tab and words about it, or one directive.
///
/// A shell that breaks words at more than spaces replaces only what stands after the last of `breaks`, so only that part
/// is written.
pub(in crate::cli) fn format_reply(reply: &CompletionReply, current: &str, breaks: &str) -> String {
    let words = match reply {
        CompletionReply::Files => return ":files\n".to_owned(),
        CompletionReply::Folders => return ":folders\n".to_owned(),
        CompletionReply::Words(words) => words,
    };
    let start = current
        .rfind(|c: char| !c.is_whitespace() && breaks.contains(c))
        .map_or(0, |index| index + 1);
    let mut text = String::new();
    for CompletionCandidate { value, about } in words {
        let about = about.lines().next().unwrap_or_default();
        let _ = writeln!(text, "{}\t{about}", value.get(start..).unwrap_or(value));
    }
    text
}

/// Returns the script that teaches a shell to ask.
pub(in crate::cli) const fn completion_script(shell: ShellKind) -> &'static str {
    match shell {
        ShellKind::Bash => include_str!("production.bash"),
        ShellKind::Zsh => include_str!("production.zsh"),
        ShellKind::Fish => include_str!("production.fish"),
        ShellKind::Elvish => include_str!("production.elv"),
        ShellKind::Powershell => include_str!("production.ps1"),
    }
}
