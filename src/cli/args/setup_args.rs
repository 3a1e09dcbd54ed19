//! Arguments of the commands about this machine and its shells, and of those that programs start.

use super::ResultFormat;
use clap::{Args as Group, ValueEnum};
use std::path::PathBuf;

/// A shell with a completion script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ShellKind {
    /// GNU Bash.
    Bash,
    /// Z shell.
    Zsh,
    /// Fish.
    Fish,
    /// Elvish.
    Elvish,
    /// PowerShell.
    Powershell,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
The scripts complete commands, options, presets, shots, phases and templates.

Examples, each for all later sessions of one shell:
  production completions bash \\
    > ~/.local/share/bash-completion/completions/production
  production completions zsh > ~/.zfunc/_production    ~/.zfunc in fpath
  production completions fish \\
    > ~/.config/fish/completions/production.fish
  production completions elvish >> ~/.config/elvish/rc.elv
  production completions powershell >> $PROFILE")]
pub(in crate::cli) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(in crate::cli) shell: ShellKind,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production man --output man                  write the pages
  man -l man/production-run.1                  read one
  production man --output ~/.local/share/man/man1")]
pub(in crate::cli) struct ManArgs {
    /// Folder to write the pages to
    #[arg(long, short = 'o', value_name = "FOLDER")]
    pub(in crate::cli) output: PathBuf,
}

#[derive(Debug, Clone, Group)]
pub(in crate::cli) struct KeepArgs {
    /// Mark in the environment of the run's child processes
    pub(in crate::cli) mark: String,
    /// Be the second process of a pair, which the first one starts
    #[arg(long)]
    pub(in crate::cli) second: bool,
}

#[derive(Debug, Clone, Group)]
pub(in crate::cli) struct CompleteArgs {
    /// Index of the word that is being typed, from 0
    pub(in crate::cli) index: usize,
    // A user's `COMP_WORDBREAKS` may begin with a dash, which clap would take for an option.
    /// Characters at which the shell breaks words, besides spaces
    #[arg(long, default_value = "", allow_hyphen_values = true)]
    pub(in crate::cli) breaks: String,
    // Only behind `--`: the words are options and arguments of another command line.
    /// The words after the program's name
    #[arg(last = true)]
    pub(in crate::cli) words: Vec<String>,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
A folder brings programs with its providers and hooks, with the shell lines of
its farms, and with folders in it that are on PATH. Commands that only look, such as `plan`
and `info`, start none of them unless the folder is trusted. `run` lists them
before it starts the first one. A program that changes is no longer trusted.

Examples:
  production trust my_film                     list its programs and trust them
  production trust --list                      the folders that are trusted
  production trust --forget my_film            trust it no longer")]
pub(in crate::cli) struct TrustArgs {
    /// The folder of the production, or its document
    #[arg(value_name = "PRODUCTION", default_value = ".")]
    pub(in crate::cli) path: PathBuf,
    /// List the trusted folders
    #[arg(long, conflicts_with_all = ["path", "forget"])]
    pub(in crate::cli) list: bool,
    /// Trust the folder no longer
    #[arg(long)]
    pub(in crate::cli) forget: bool,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production doctor                            this machine
  production doctor --folder my_film           with the renderers of a production
  production doctor --for-farm                 for the profile of a farm of such machines")]
pub(in crate::cli) struct DoctorArgs {
    /// Print the `nodes` of a farm profile for machines like this one
    #[arg(long, conflicts_with = "format")]
    pub(in crate::cli) for_farm: bool,
    /// Folder whose `presets/` are added; the command renderers among them are checked too
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(in crate::cli) folder: PathBuf,
    /// Machine profile (default: production/settings.yaml in the user's settings)
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) machine: Option<PathBuf>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: ResultFormat,
}
