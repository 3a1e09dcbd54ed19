//! Arguments of the command that breaks scripts down.

use super::ProductionArgs;
use clap::{Args as Group, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Scripts are Fountain (plain text) or Final Draft (.fdx). Lengths are estimates: a
page has 54 lines and lasts a minute, and a scene is at least an eighth of a page.
Speech has two and a half words a second, with pauses.

Examples:
  production story my_film                      the script that the production names
  production story pilot.fdx                    a script without a production
  production story my_film --format csv         the scenes for a spreadsheet
  production story my_film --format csv --table cast --out cast.csv
  production story my_film --format json | jq '.scenes[] | {number, eighths}'")]
pub(in crate::cli) struct StoryArgs {
    #[command(flatten)]
    pub(in crate::cli) subject: ProductionArgs,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: StoryFormat,
    /// What a row of CSV is
    #[arg(long, value_name = "TABLE", default_value = "scenes")]
    pub(in crate::cli) table: StoryTable,
    /// File to write CSV to, as spreadsheets open it (default: standard output)
    #[arg(long, short = 'o', value_name = "FILE")]
    pub(in crate::cli) out: Option<PathBuf>,
}

/// How to print a breakdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum StoryFormat {
    /// For people.
    Text,
    /// One JSON object for machines.
    Json,
    /// A table for spreadsheets.
    Csv,
}

/// A table of a breakdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum StoryTable {
    /// A row for each scene.
    Scenes,
    /// A row for each speaker.
    Cast,
}
