//! The command line as typed: commands, options, their help and their defaults. Owns no behaviour.

mod farm_args;
mod library_args;
mod output_formats;
mod production_args;
mod run_args;
mod setup_args;
mod steer_args;
mod store_args;
mod story_args;

pub(super) use farm_args::{CancelArgs, ExecTaskArgs, ExportArgs, ExportKind};
pub(super) use library_args::{CreateArgs, LibraryArgs, ListArgs, SchemaArgs};
pub(super) use output_formats::{FindingFormat, MetricsFormat, PageFormat, ResultFormat};
pub(super) use production_args::{
    ConsentArgs, FormatArgs, MachineArgs, ProductionArgs, ReadingArgs, RendererArgs, ReplaceArgs,
    RetryArgs, ScopeArgs, StoreArgs, StoreFolderArgs, UpTo, WaitArgs,
};
pub(super) use run_args::{
    EstimateArgs, ExplainArgs, InfoArgs, PlanArgs, RecordedRunsArgs, RunArgs, ValidateArgs,
};
pub(super) use setup_args::{
    CompleteArgs, CompletionsArgs, DoctorArgs, KeepArgs, ManArgs, ShellKind, TrustArgs,
};
pub(super) use steer_args::{
    GraphArgs, GraphDetail, GraphFormat, PauseArgs, PriorityArgs, ResumeArgs,
};
pub(super) use store_args::{
    DiffArgs, GcArgs, LogArgs, MetricsArgs, RevertArgs, ShowRevisionArgs, StatusArgs, VerifyArgs,
};
pub(super) use story_args::{StoryArgs, StoryFormat, StoryTable};

use clap::{Args as Group, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

// The same codes as in `exit_codes`. Scripts are written from the help, so it has them in full.
const AFTER_HELP: &str = "\
Exit codes:
  0    done
  1    a job failed
  2    wrong usage or invalid document
  3    a needed tool is missing
  4    the store is damaged or cannot be used
  5    another command holds the store; try again later
  130  interrupted

First steps:
  production create my_film             create a production that runs as it is
  production validate my_film           report every mistake in it
  production run my_film                make the film
  cd my_film && production run          the same: the current folder is the default";

/// Turns one declarative YAML document into finished films, clips and game assets.
#[derive(Debug, Parser)]
#[command(name = "production", version, about, after_help = AFTER_HELP, arg_required_else_help = true)]
pub(super) struct CliArgs {
    #[command(flatten)]
    pub(super) global: GlobalArgs,
    #[command(subcommand)]
    pub(super) command: CliCommand,
}

/// Options of every command.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "Every command")]
pub(super) struct GlobalArgs {
    // American, because users type this option as they do for other programs.
    /// When to use colours; `auto` follows the terminal and NO_COLOR
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColourMode,
    /// Print errors and results only: no progress, notices or warnings. A run that succeeds prints
    /// nothing
    #[arg(long, short = 'q', global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Print more: every finding in full, every job of a plan, every job of a run as it ends
    #[arg(long, short = 'v', global = true)]
    pub(super) verbose: bool,
    /// Use the options of this profile of your settings or the production's
    #[arg(long, global = true, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Read no options from settings files
    #[arg(
        long,
        global = true,
        conflicts_with = "profile",
        hide_short_help = true
    )]
    pub(super) no_settings: bool,
    /// Write a timeline of the command to this file, for ui.perfetto.dev or chrome://tracing
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub(super) trace: Option<PathBuf>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ColourMode {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum CliCommand {
    /// Make the deliverables of a production, reusing what is already made
    Run(RunArgs),
    /// Show what a run would make and why, and save that plan
    Plan(PlanArgs),
    // Hidden aliases, here and below: words of other programs and of the first plans that mean
    // exactly the same. Words that do not are in `foreign_verbs`.
    /// Report every mistake in a production, without running it
    #[command(aliases = ["check", "lint"])]
    Validate(ValidateArgs),
    /// Show what a production contains and what it will deliver
    #[command(alias = "inspect")]
    Info(InfoArgs),
    /// Break a script down: scenes, cast, speaking time, eighths of a page, day and night
    #[command(alias = "breakdown")]
    Story(StoryArgs),
    /// Estimate how long a run will take
    Estimate(EstimateArgs),
    /// Explain a diagnostic code, or why a job runs, waits, failed or is reused
    Explain(ExplainArgs),
    /// Show how the last run goes or ended, what failed, and what is in place
    Status(StatusArgs),
    /// Pause a run: no new job starts
    Pause(PauseArgs),
    /// Let a paused run go on
    Resume(ResumeArgs),
    /// Start some jobs of a run before or after the others
    Priority(PriorityArgs),
    /// Cancel a run, here or on a farm; finished work stays
    Cancel(CancelArgs),
    /// Draw the graph of jobs
    Graph(GraphArgs),
    /// List every revision: when it ran, what it did, how it ended; or show a job's log
    #[command(alias = "history")]
    Log(LogArgs),
    /// Show the metrics of a run: jobs, failures, durations, bytes, share reused
    Metrics(MetricsArgs),
    /// List the jobs and files of a published revision
    #[command(alias = "manifest:show")]
    Show(ShowRevisionArgs),
    /// Compare two published revisions
    #[command(alias = "compare")]
    Diff(DiffArgs),
    /// Restore the deliverables of an earlier revision
    Revert(RevertArgs),
    /// Remove from the store what no kept revision needs
    Gc(GcArgs),
    /// Check every file in the store against its recorded digest
    Verify(VerifyArgs),
    /// List the productions below a folder
    #[command(alias = "ls")]
    List(ListArgs),
    /// Create a production from a template
    Create(CreateArgs),
    /// List the presets that a production can name: built-in ones and those of a folder
    Library(LibraryArgs),
    /// Print the JSON Schema of the document, for editors
    Schema(SchemaArgs),
    /// Check this machine: graphics adapters, tools, codecs, renderers, cores, memory
    Doctor(DoctorArgs),
    /// Trust the programs that a folder brings, until one of them changes
    Trust(TrustArgs),
    /// Print the completion script for a shell
    Completions(CompletionsArgs),
    /// Export a film's script as Fountain, or a run as a job template for another farm
    Export(ExportArgs),
    /// Write manual pages
    Man(ManArgs),
    // The commands below are started by programs. They are hidden from help, completion and manual
    // pages, so that the list has only what people use.
    /// Run one task of a farm run; the scheduler starts this
    #[command(hide = true)]
    ExecTask(ExecTaskArgs),
    /// End the child processes of a run that is gone; a run starts this itself
    #[command(hide = true)]
    Keep(KeepArgs),
    /// Print the completions for a command line; completion scripts call this
    #[command(hide = true)]
    Complete(CompleteArgs),
}
