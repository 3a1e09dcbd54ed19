//! Arguments of the commands that read the store and not the document.

use super::{MetricsFormat, ReplaceArgs, ResultFormat, StoreArgs};
use clap::Args as Group;
use std::path::PathBuf;

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production status                           of the production in this folder
  production status my_film --watch           until the run ends, with its exit code
  production status my_film --watch | tee log a line for each change
  production status my_film --format short    one line: revision, tier, state, jobs")]
pub(in crate::cli) struct StatusArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// Show it again and again until the run ends, and end with the exit code of the run
    #[arg(long, short = 'w')]
    pub(in crate::cli) watch: bool,
    /// Count every file of the store, which takes a while for a large one
    #[arg(long, conflicts_with = "watch")]
    pub(in crate::cli) size: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production log                                          of the production in this folder
  production log my_film                                  every revision
  production log my_film --job export.encode/film/sh010   what the tools of that job printed last")]
pub(in crate::cli) struct LogArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// Show what the tools of this job printed, and how its last attempt ended
    #[arg(long, value_name = "JOB")]
    pub(in crate::cli) job: Option<String>,
    /// Attempt of that job, from 1 (default: the last)
    #[arg(long, value_name = "N", requires = "job", value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::cli) attempt: Option<u32>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Every run also writes .production/metrics.prom, replaced whole. Link it into the
folder that the textfile collector of node_exporter reads.

Examples:
  production metrics                      the last run in this folder
  production metrics my_film 3            one revision
  production metrics my_film --format prometheus")]
pub(in crate::cli) struct MetricsArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// Revision: `rev-0003`, `3`, `current` or `latest` (default: latest)
    #[arg(value_name = "REVISION")]
    pub(in crate::cli) revision: Option<String>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: MetricsFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production show                         what is in place, in this folder
  production show 3                       one revision of it
  production show my_film rev-0003        of another production
  production show my_film --job audio.music/music_1 --out scores
                                          a copy of what a job made, such as its MIDI file")]
pub(in crate::cli) struct ShowRevisionArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// Revision: `rev-0003`, `3`, `current` or `latest` (default: current)
    #[arg(value_name = "REVISION")]
    pub(in crate::cli) revision: Option<String>,
    /// List the files of one job, by name
    #[arg(long, value_name = "JOB")]
    pub(in crate::cli) job: Option<String>,
    /// Copy the files of `--job` to this folder; other files there are never replaced
    #[arg(long, value_name = "FOLDER", requires = "job")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production diff 1                       from the first revision to what is in place
  production diff my_film 1 3             between two revisions
  production diff my_film 1 3 --html diff.html
                                          with the pictures side by side")]
pub(in crate::cli) struct DiffArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// The earlier revision: `rev-0003`, `3`, `current` or `latest`
    #[arg(value_name = "FROM")]
    pub(in crate::cli) from: Option<String>,
    /// The later revision (default: current)
    #[arg(value_name = "TO")]
    pub(in crate::cli) to: Option<String>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: ResultFormat,
    /// Write an HTML page with the changed pictures side by side
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) html: Option<PathBuf>,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production revert 3                     in this folder
  production revert my_film rev-0003      of another production")]
pub(in crate::cli) struct RevertArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// Revision: `rev-0003` or `3`
    #[arg(value_name = "REVISION")]
    pub(in crate::cli) revision: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) replace: ReplaceArgs,
    /// Wait while another command holds the store, instead of failing
    #[arg(long)]
    pub(in crate::cli) wait: bool,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production gc my_film --dry-run         what would be removed, and how many bytes
  production gc my_film --keep 1          keep the newest revision only")]
pub(in crate::cli) struct GcArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// Newest published revisions to keep; the one in place and the last run are always kept
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(in crate::cli) keep: usize,
    /// Show what would be removed, and remove nothing
    #[arg(long, short = 'n')]
    pub(in crate::cli) dry_run: bool,
    /// Wait while another command holds the store, instead of failing
    #[arg(long)]
    pub(in crate::cli) wait: bool,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production verify my_film               read every file; exit code 4 if one is damaged
  production verify my_film --fix         repair what can be made again")]
pub(in crate::cli) struct VerifyArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// Remove damaged files, so that the next run makes them again, and rebuild what can be derived
    #[arg(long)]
    pub(in crate::cli) fix: bool,
    // Without `--fix` nothing is locked, so there is nothing to wait for.
    /// With --fix, wait while another command holds the store, instead of failing
    #[arg(long, requires = "fix")]
    pub(in crate::cli) wait: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: ResultFormat,
}
