//! What could stand at the place of a word that is being typed: the same answer for every shell.
//!
//! [`words`] reads what was typed by the definitions of the command line, [`values`] knows what an option or argument can
//! be, shot names of the production being typed among it. The scripts of the shells beside this file only hand words
//! over and show what comes back; each asks this program, so what is offered is never older than it is.

mod values;
mod words;

use std::fmt::Write;

/// One thing that could stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) value: String,
    pub(super) about: String,
}

impl Candidate {
    pub(super) fn new(value: impl Into<String>, about: impl Into<String>) -> Self {
        Self { value: value.into(), about: about.into() }
    }
}

/// What a shell is to offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    /// These words.
    Words(Vec<Candidate>),
    /// Paths of files and folders, which shells know best.
    Files,
    /// Paths of folders.
    Folders,
}

/// Returns what could stand at word `index` of the words after the program's name.
pub(super) fn reply(
    command: &mut clap::Command,
    words: &[String],
    index: usize,
    settings: &super::settings::Settings,
) -> Reply {
    command.build();
    let typed = words::read(command, words, index);
    typed.reply(|arg, typed| values::of(arg, typed, settings))
}

/// Writes a reply for a shell: a line each with value, tab and words about it, or one directive.
///
/// A shell that breaks words at more than spaces replaces only what stands after the last of `breaks`, so only that part
/// is written.
pub(super) fn written(reply: &Reply, current: &str, breaks: &str) -> String {
    let words = match reply {
        Reply::Files => return ":files\n".to_owned(),
        Reply::Folders => return ":folders\n".to_owned(),
        Reply::Words(words) => words,
    };
    let kept = current.rfind(|c: char| !c.is_whitespace() && breaks.contains(c)).map_or(0, |at| at + 1);
    let mut text = String::new();
    for Candidate { value, about } in words {
        let about = about.lines().next().unwrap_or_default();
        let _ = writeln!(text, "{}\t{about}", value.get(kept..).unwrap_or(value));
    }
    text
}

/// Returns the script that teaches a shell to ask.
pub(super) const fn script(shell: super::args::Shell) -> &'static str {
    use super::args::Shell;
    match shell {
        Shell::Bash => include_str!("production.bash"),
        Shell::Zsh => include_str!("production.zsh"),
        Shell::Fish => include_str!("production.fish"),
        Shell::Elvish => include_str!("production.elv"),
        Shell::Powershell => include_str!("production.ps1"),
    }
}
