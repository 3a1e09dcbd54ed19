//! What a shell is told: candidates or a directive, line by line; and the scripts that ask.

use super::{values, words};
use crate::cli::args::Shell;
use crate::cli::settings::Settings;
use std::fmt::Write;

/// One thing that could stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Candidate {
    pub(in crate::cli) value: String,
    pub(in crate::cli) about: String,
}

impl Candidate {
    pub(in crate::cli) fn new(value: impl Into<String>, about: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            about: about.into(),
        }
    }
}

/// What a shell is to offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum Reply {
    /// These words.
    Words(Vec<Candidate>),
    /// Paths of files and folders, which shells know best.
    Files,
    /// Paths of folders.
    Folders,
}

/// Returns what could stand at word `index` of the words after the program's name.
pub(in crate::cli) fn reply(
    command: &mut clap::Command,
    words: &[String],
    index: usize,
    settings: &Settings,
) -> Reply {
    command.build();
    let typed = words::read(command, words, index);
    typed.reply(|arg, typed| values::of(arg, typed, settings))
}

/// Writes a reply for a shell: a line each with value, tab and words about it, or one directive.
///
/// A shell that breaks words at more than spaces replaces only what stands after the last of `breaks`, so only that part
/// is written.
pub(in crate::cli) fn written(reply: &Reply, current: &str, breaks: &str) -> String {
    let words = match reply {
        Reply::Files => return ":files\n".to_owned(),
        Reply::Folders => return ":folders\n".to_owned(),
        Reply::Words(words) => words,
    };
    let kept = current
        .rfind(|c: char| !c.is_whitespace() && breaks.contains(c))
        .map_or(0, |at| at + 1);
    let mut text = String::new();
    for Candidate { value, about } in words {
        let about = about.lines().next().unwrap_or_default();
        let _ = writeln!(text, "{}\t{about}", value.get(kept..).unwrap_or(value));
    }
    text
}

/// Returns the script that teaches a shell to ask.
pub(in crate::cli) const fn script(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => include_str!("production.bash"),
        Shell::Zsh => include_str!("production.zsh"),
        Shell::Fish => include_str!("production.fish"),
        Shell::Elvish => include_str!("production.elv"),
        Shell::Powershell => include_str!("production.ps1"),
    }
}
