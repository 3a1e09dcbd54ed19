//! The command line as typed: commands, options, their help and their defaults. Owns no behaviour.

mod farm_args;

pub(super) use farm_args::{CancelArgs, ExecTaskArgs, ExportArgs, ExportKind};

use crate::base::duration::parse_duration;
use crate::model::Phase;
use crate::model::machine_profile::JobParallelism;
use clap::{Args as Group, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

const AFTER_HELP: &str = "\
Exit codes: 0 done; 1 a job failed; 2 wrong usage or invalid document;
3 a needed tool is missing; 4 the store is damaged or locked; 130 interrupted.

First steps:
  production create my_film             create a production that runs as it is
  production validate my_film           report every mistake in it
  production run my_film                make the film";

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
pub(super) struct GlobalArgs {
    /// When to use colours; `auto` follows the terminal and NO_COLOR
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColourMode,
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

/// How to print results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ResultFormat {
    /// For people.
    Text,
    /// One JSON object for machines.
    Json,
}

/// How to print findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FindingFormat {
    /// Source lines with the mistake underlined.
    Text,
    /// One `file:line:column: severity[code]: message` line each.
    Short,
    /// One JSON object for machines.
    Json,
    /// GitHub workflow commands, which GitHub shows beside the changed lines.
    Github,
    /// A SARIF 2.1.0 log for code scanning.
    Sarif,
    /// JUnit XML for continuous integration.
    Junit,
}

/// How to print pages of explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PageFormat {
    /// For people.
    Text,
    /// One JSON object for machines.
    Json,
    /// For documentation.
    Markdown,
}

#[derive(Debug, Subcommand)]
pub(super) enum CliCommand {
    /// Make the deliverables of a production, reusing what is already made
    Run(RunArgs),
    /// Show what a run would make and why, and save that plan
    Plan(PlanArgs),
    /// Report every mistake in a production, without running it
    Validate(ValidateArgs),
    /// Show what a production contains and what it will deliver
    Info(InfoArgs),
    /// Estimate how long a run will take
    Estimate(EstimateArgs),
    /// Explain a diagnostic code, or why a job runs, waits, failed or is reused
    Explain(ExplainArgs),
    /// Show how the last run ended, what failed, and what is in place
    Status(StatusArgs),
    /// Cancel a run on a farm; finished work is kept
    Cancel(CancelArgs),
    /// List every revision: when it ran, what it did, how it ended; or show a job's log
    Log(LogArgs),
    /// Show the metrics of a run: jobs by state, failures by class, durations, bytes, share reused
    Metrics(MetricsArgs),
    /// List the jobs and files of a published revision
    Show(ShowRevisionArgs),
    /// Compare two published revisions
    Diff(DiffArgs),
    /// Restore the deliverables of an earlier revision
    Revert(RevertArgs),
    /// Remove from the store what no kept revision needs
    Gc(GcArgs),
    /// Check every file in the store against its recorded digest
    Verify(VerifyArgs),
    /// List the productions below a folder
    List(ListArgs),
    /// Create a production from a template
    Create(CreateArgs),
    /// List the presets that a production can name: built-in ones and those of a folder
    Library(LibraryArgs),
    /// Print the JSON Schema of the document, for editors
    Schema(SchemaArgs),
    /// Check this machine: graphics adapters, tools, codecs, renderers, cores, memory
    Doctor(DoctorArgs),
    /// Print the completion script for a shell
    Completions(CompletionsArgs),
    /// Export a run as a job template for another farm
    Export(ExportArgs),
    /// Write manual pages
    Man(ManArgs),
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

/// The production to open, and how to read it.
#[derive(Debug, Clone, Group)]
pub(super) struct ProductionArgs {
    /// The document, or a folder with `production.yaml`
    #[arg(value_name = "PRODUCTION")]
    pub(super) path: PathBuf,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
}

/// How a document is read.
#[derive(Debug, Clone, Group)]
pub(super) struct ReadingArgs {
    /// Quality tier, overriding the document: draft, preview, production, archive
    #[arg(long, value_name = "TIER")]
    pub(super) quality: Option<String>,
    /// Set a variable of the document; repeatable
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = parse_setting)]
    pub(super) set: Vec<(String, String)>,
    /// Largest input file that is read, such as `64M` or `1G`
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = parse_size, hide_short_help = true)]
    pub(super) max_size: u64,
    /// Most values that are read from one input file
    #[arg(long, value_name = "COUNT", default_value_t = 8_000_000, value_parser = clap::value_parser!(u32).range(1..), hide_short_help = true)]
    pub(super) max_values: u32,
}

/// Reads the name of a phase.
fn parse_phase(name: &str) -> Result<Phase, String> {
    let names = || Phase::ALL.map(Phase::name);
    let phase_match = Phase::ALL.into_iter().find(|phase| phase.name() == name);
    phase_match
        .ok_or_else(|| crate::base::suggestions::did_you_mean(name, names()).unwrap_or_default())
}

/// Reads `name=value`.
fn parse_setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

/// Reads a number of bytes: `1000`, `64K`, `64M`, `1G`, at most 2G, in steps of 1024.
fn parse_size(text: &str) -> Result<u64, String> {
    let upper = text.trim().to_uppercase();
    let (number, shift) = match upper.strip_suffix(['K', 'M', 'G']) {
        Some(number) if upper.ends_with('K') => (number, 10),
        Some(number) if upper.ends_with('M') => (number, 20),
        Some(number) => (number, 30),
        None => (upper.as_str(), 0),
    };
    let bytes = number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(1 << shift));
    let bytes = bytes.filter(|bytes| (1..=2 << 30).contains(bytes));
    bytes.ok_or_else(|| "write a size of at most 2G, such as `64M`".to_owned())
}

/// Reads a number of jobs, or `auto`.
fn parse_parallel(text: &str) -> Result<JobParallelism, String> {
    crate::machine::parse_parallel(text)
        .ok_or_else(|| "write a number from 1 to 1024, or `auto`".to_owned())
}

/// The machine and the store.
#[derive(Debug, Clone, Group)]
pub(super) struct MachineArgs {
    /// Jobs at a time: a number, or `auto` for one per core (default: the machine profile's, else
    /// 4)
    #[arg(long, short = 'j', value_name = "N", value_parser = parse_parallel)]
    pub(super) parallel: Option<JobParallelism>,
    /// Machine profile: cores, memory, adapters, tokens (default: production/settings.yaml in the
    /// user's settings)
    #[arg(long, value_name = "FILE")]
    pub(super) machine: Option<PathBuf>,
    /// Graphics adapter: `auto`, `software`, or part of a name shown by `production doctor`
    #[arg(long, value_name = "ADAPTER", default_value = "auto")]
    pub(super) gpu: String,
    /// Folder of the store (default: .production beside the document)
    #[arg(long, value_name = "FOLDER")]
    pub(super) store: Option<PathBuf>,
}

/// Which jobs run, are forced or are pinned.
#[derive(Debug, Clone, Group)]
pub(super) struct ScopeArgs {
    /// Only these shots, separated by commas, and what they need; nothing is published
    #[arg(long, value_name = "SHOT", value_delimiter = ',')]
    pub(super) only: Vec<String>,
    /// Only this phase and what it needs: prepare, characters, locations, shots, post_process,
    /// export, finalize
    #[arg(long, value_name = "PHASE", value_parser = parse_phase)]
    pub(super) phase: Option<Phase>,
    /// Only the phases through this one
    #[arg(long, value_name = "PHASE", value_parser = parse_phase, conflicts_with = "phase")]
    pub(super) up_to: Option<Phase>,
    /// Make this again although the store has it; jobs behind it run only if it comes out
    /// different. TARGET is a job, the beginning of job names up to a slash, a shot, or a phase;
    /// repeatable
    #[arg(long, value_name = "TARGET")]
    pub(super) regen: Vec<String>,
    /// Keep what was last made although the document now asks for something else. TARGET as for
    /// --regen; repeatable
    #[arg(long, value_name = "TARGET")]
    pub(super) pin: Vec<String>,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
The plan is written to runs/REVISION/plan.json in the store. Nothing else is
written, and no job runs.

Examples:
  production plan my_film                          what a run would make, and why
  production plan my_film --all                    job by job
  production plan my_film --regen s1_pier          if that shot were made again
  production plan my_film --format json | jq -r '.jobs[] | select(.reason != \"reused\") | .job'")]
pub(super) struct PlanArgs {
    #[command(flatten)]
    pub(super) subject: ProductionArgs,
    #[command(flatten)]
    pub(super) machine: MachineArgs,
    #[command(flatten)]
    pub(super) scope: ScopeArgs,
    /// Show what a run on this farm would submit: tasks, arrays, files, and what the scheduler
    /// cannot express
    #[arg(long, value_name = "NAME")]
    pub(super) farm: Option<String>,
    /// With --farm, print the scripts or templates that the scheduler would get
    #[arg(long, requires = "farm")]
    pub(super) explain: bool,
    /// Show every job with its reason
    #[arg(long)]
    pub(super) all: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
pub(super) struct RunArgs {
    #[command(flatten)]
    pub(super) subject: ProductionArgs,
    #[command(flatten)]
    pub(super) machine: MachineArgs,
    #[command(flatten)]
    pub(super) scope: ScopeArgs,
    /// After a failure, keep starting jobs that do not need the failed one
    #[arg(long, short = 'k')]
    pub(super) keep_going: bool,
    /// With --keep-going, start no further job after this many failures
    #[arg(long, value_name = "N", requires = "keep_going", value_parser = parse_at_least_one)]
    pub(super) max_failures: Option<usize>,
    /// Retries after a failure that may be transient: a crash, a timeout, out of memory, a bad
    /// output
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) retries: u32,
    /// Fail a job after waiting this long for a licence (default: no limit)
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(super) licence_limit: Option<Duration>,
    /// Wait while another command holds the store, instead of failing
    #[arg(long)]
    pub(super) wait: bool,
    /// Stop a job that runs longer than this, such as `90s`, `30m`, `2h` (default: no limit)
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(super) time_limit: Option<Duration>,
    /// Stop a job whose tool has not printed, read or written for this long (default: no limit)
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(super) silence_limit: Option<Duration>,
    /// Stop a job that has made no progress for this long (default: no limit)
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(super) progress_limit: Option<Duration>,
    /// Time between asking a tool to stop and killing it
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = parse_duration)]
    pub(super) grace: Duration,
    /// Submit the jobs to this farm, a preset of `production library farms`
    #[arg(long, value_name = "NAME", conflicts_with_all = ["dry_run", "validate_only"])]
    pub(super) farm: Option<String>,
    /// With --farm, return once everything is submitted; `--resume` follows the run again
    #[arg(long, requires = "farm")]
    pub(super) detach: bool,
    /// Continue an interrupted run, and say so if there is none (finished work is always reused);
    /// with --farm, follow the run again
    #[arg(long)]
    pub(super) resume: bool,
    /// Show what would run and why, and run nothing
    #[arg(long, short = 'n', conflicts_with = "validate_only")]
    pub(super) dry_run: bool,
    /// Validate and stop
    #[arg(long)]
    pub(super) validate_only: bool,
    /// Treat warnings as errors
    #[arg(long)]
    pub(super) strict: bool,
    /// Write every event to this file as it happens, one JSON object a line; `-` is standard output
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "validate_only"])]
    pub(super) events: Option<PathBuf>,
    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
pub(super) struct ValidateArgs {
    #[command(flatten)]
    pub(super) subject: ProductionArgs,
    /// How to print findings
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: FindingFormat,
    /// Most findings that the formats text, short and github show; 0 for all. Other formats always
    /// have all
    #[arg(long, value_name = "N", default_value_t = crate::report::diagnostic::DEFAULT_LIMIT)]
    pub(super) limit: usize,
    /// Treat warnings as errors
    #[arg(long)]
    pub(super) strict: bool,
    /// Fix what is certain, such as a misspelt field, then report the rest
    #[arg(long)]
    pub(super) fix: bool,
    /// Show what --fix would change, and change nothing
    #[arg(long, short = 'n', visible_alias = "diff", requires = "fix")]
    pub(super) dry_run: bool,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production info my_film                      what is in it, and when
  production info my_film --quality archive    as another tier renders it
  production info my_film --format json | jq '.shots[] | {name, timecode_in}'")]
pub(super) struct InfoArgs {
    #[command(flatten)]
    pub(super) subject: ProductionArgs,
    /// Graphics adapter of the runs in the store, as for `run`
    #[arg(long, value_name = "ADAPTER", default_value = "auto")]
    pub(super) gpu: String,
    /// Machine profile of the runs in the store, as for `run`; it may name a Blender
    #[arg(long, value_name = "FILE")]
    pub(super) machine: Option<PathBuf>,
    /// Farm of the runs in the store, where its profile has `nodes`
    #[arg(long, value_name = "NAME")]
    pub(super) farm: Option<String>,
    /// Folder of the store (default: .production beside the document)
    #[arg(long, value_name = "FOLDER")]
    pub(super) store: Option<PathBuf>,
    /// Print the document with presets, defaults and variables written out, each value with its
    /// source
    #[arg(long)]
    pub(super) resolved: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
For a run on a farm, use `production plan PRODUCTION --farm NAME`. It estimates
from the durations of earlier runs there.")]
pub(super) struct EstimateArgs {
    #[command(flatten)]
    pub(super) subject: ProductionArgs,
    #[command(flatten)]
    pub(super) machine: MachineArgs,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
}

/// The store of a production. The document is not read, so these commands work while it has
/// mistakes.
#[derive(Debug, Clone, Group)]
pub(super) struct StoreArgs {
    /// The document, or a folder with `production.yaml`
    #[arg(value_name = "PRODUCTION")]
    pub(super) path: PathBuf,
    /// Folder of the store (default: .production beside the document)
    #[arg(long, value_name = "FOLDER")]
    pub(super) store: Option<PathBuf>,
}

#[derive(Debug, Clone, Group)]
pub(super) struct StatusArgs {
    #[command(flatten)]
    pub(super) store: StoreArgs,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production log my_film                                  every revision
  production log my_film --job export.encode/film/sh010   what the tools of that job printed last")]
pub(super) struct LogArgs {
    #[command(flatten)]
    pub(super) store: StoreArgs,
    /// Show what the tools of this job printed, and how its last attempt ended
    #[arg(long, value_name = "JOB")]
    pub(super) job: Option<String>,
    /// Attempt of that job, from 1 (default: the last)
    #[arg(long, value_name = "N", requires = "job", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) attempt: Option<u32>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
}

/// How to print metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum MetricsFormat {
    /// For people.
    Text,
    /// One JSON object for machines.
    Json,
    /// The text format that Prometheus reads.
    Prometheus,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Every run also writes .production/metrics.prom, replaced whole. Link it into the
folder that the textfile collector of node_exporter reads.")]
pub(super) struct MetricsArgs {
    #[command(flatten)]
    pub(super) store: StoreArgs,
    /// Revision: `rev-0003`, `3`, `current` or `latest`
    #[arg(value_name = "REVISION", default_value = "latest")]
    pub(super) revision: String,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: MetricsFormat,
}

#[derive(Debug, Clone, Group)]
pub(super) struct ShowRevisionArgs {
    #[command(flatten)]
    pub(super) store: StoreArgs,
    /// Revision: `rev-0003`, `3`, `current` or `latest`
    #[arg(value_name = "REVISION", default_value = "current")]
    pub(super) revision: String,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
pub(super) struct DiffArgs {
    #[command(flatten)]
    pub(super) store: StoreArgs,
    /// The earlier revision: `rev-0003`, `3`, `current` or `latest`
    #[arg(value_name = "FROM")]
    pub(super) from: String,
    /// The later revision
    #[arg(value_name = "TO", default_value = "current")]
    pub(super) to: String,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
    /// Write an HTML page with the changed pictures side by side
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
}

#[derive(Debug, Clone, Group)]
pub(super) struct RevertArgs {
    #[command(flatten)]
    pub(super) store: StoreArgs,
    /// Revision: `rev-0003` or `3`
    #[arg(value_name = "REVISION")]
    pub(super) revision: String,
    /// Wait while another command holds the store, instead of failing
    #[arg(long)]
    pub(super) wait: bool,
}

#[derive(Debug, Clone, Group)]
pub(super) struct GcArgs {
    #[command(flatten)]
    pub(super) store: StoreArgs,
    /// Newest published revisions to keep; the one in place and the last run are always kept
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(super) keep: usize,
    /// Show what would be removed, and remove nothing
    #[arg(long, short = 'n')]
    pub(super) dry_run: bool,
    /// Wait while another command holds the store, instead of failing
    #[arg(long)]
    pub(super) wait: bool,
}

#[derive(Debug, Clone, Group)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    pub(super) store: StoreArgs,
    /// Remove damaged files, so that the next run makes them again, and rebuild what can be derived
    #[arg(long)]
    pub(super) fix: bool,
    /// With --fix, wait while another command holds the store, instead of failing
    #[arg(long, requires = "fix")]
    pub(super) wait: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production explain shots::jump_cut                       what a code means
  production explain my_film render.shot/s1_pier/1001-1024 why a job runs or not
  production explain my_film s1_pier                       every job of a shot
  production explain my_film export --format json          every job of a phase")]
pub(super) struct ExplainArgs {
    /// Diagnostic codes, with or without `production::`; or a production, then jobs, beginnings of
    /// job names up to a slash, shots, or phases
    #[arg(value_name = "CODE|PRODUCTION JOB", required_unless_present = "list")]
    pub(super) codes: Vec<String>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    /// With a production: graphics adapter, as for `run`
    #[arg(long, value_name = "ADAPTER", default_value = "auto")]
    pub(super) gpu: String,
    /// With a production: machine profile, as for `run`
    #[arg(long, value_name = "FILE")]
    pub(super) machine: Option<PathBuf>,
    /// With a production: farm that does the work, where its profile has `nodes`
    #[arg(long, value_name = "NAME")]
    pub(super) farm: Option<String>,
    /// With a production: folder of the store (default: .production beside the document)
    #[arg(long, value_name = "FOLDER")]
    pub(super) store: Option<PathBuf>,
    /// List every code with a summary
    #[arg(long, conflicts_with = "codes")]
    pub(super) list: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: PageFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
The state is that of the last run: running, done, failed, interrupted or never.
Hidden folders, stores and symbolic links are skipped.

Examples:
  production list                     below this folder
  production list ~/films             below another
  production list --format json | jq -r '.[] | select(.state == \"failed\") | .path'")]
pub(super) struct ListArgs {
    /// Folder to search
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub(super) folder: PathBuf,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production create my_film                 a film that runs as it is
  production create spin -t product_spin    from another template
  production create --list-templates        the templates
  production create -i                      answer questions instead
  production create two --from my_film      a copy to change
  production create a --title 'No: \"x\"'     any title is quoted")]
pub(super) struct CreateArgs {
    /// Name of the production, and of its folder
    #[arg(value_name = "NAME", required_unless_present_any = ["list_templates", "interactive"])]
    pub(super) name: Option<String>,
    /// Template to start from; see --list-templates
    #[arg(
        long,
        short = 't',
        value_name = "TEMPLATE",
        default_value = "short_film"
    )]
    pub(super) template: String,
    /// Copy this production instead: document, script, presets and assets, but not its store or
    /// deliverables
    #[arg(long, value_name = "PRODUCTION", conflicts_with = "template")]
    pub(super) from: Option<PathBuf>,
    /// Title (default: the name in words)
    #[arg(long, value_name = "TITLE")]
    pub(super) title: Option<String>,
    /// Author
    #[arg(long, value_name = "AUTHOR")]
    pub(super) author: Option<String>,
    /// Ask for name, template, title, author, frame rate and outputs; an empty answer takes the
    /// value in brackets
    #[arg(long, short = 'i')]
    pub(super) interactive: bool,
    /// Folder to create it in
    #[arg(long, short = 'o', value_name = "FOLDER", default_value = ".")]
    pub(super) output: PathBuf,
    /// List the templates and stop
    #[arg(long)]
    pub(super) list_templates: bool,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production library                   the kinds, and what each has
  production library shots             every shot template
  production library shots hero_cu     one template, as YAML to copy
  production library shots hero_cu >> presets/shots.yaml
                                       begin one of your own from it
  production library outputs --folder my_film
                                       with my_film/presets/outputs.yaml")]
pub(super) struct LibraryArgs {
    /// Kind of presets, such as `shots` or `outputs` (default: all kinds)
    #[arg(value_name = "KIND")]
    pub(super) kind: Option<String>,
    /// One preset of that kind, shown in full
    #[arg(value_name = "NAME")]
    pub(super) name: Option<String>,
    /// Folder whose `presets/` are added
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(super) folder: PathBuf,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Editors with a YAML language server read the first line of a file:
  # yaml-language-server: $schema=./production.schema.json

Examples:
  production schema                    print the schema of a document
  production schema -o my_film/production.schema.json
                                       write it beside a document
  production schema part -o my_film/part.schema.json
                                       for files that a document includes
  production schema shots -o my_film/presets/shots.schema.json
                                       for shot templates of your own")]
pub(super) struct SchemaArgs {
    /// What the schema describes: `document`, `part` (a file that a document includes), or a kind
    /// of presets such as `shots`
    #[arg(value_name = "OF", default_value = "document")]
    #[arg(id = "of")]
    pub(super) subject: String,
    /// Write to this file instead of standard output
    #[arg(long, short = 'o', value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Folder whose `presets/` are added
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(super) folder: PathBuf,
}

/// A shell with a completion script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ShellKind {
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
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(super) shell: ShellKind,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production man --output man                  write the pages
  man -l man/production-run.1                  read one
  production man --output ~/.local/share/man/man1")]
pub(super) struct ManArgs {
    /// Folder to write the pages to
    #[arg(long, short = 'o', value_name = "FOLDER")]
    pub(super) output: PathBuf,
}

#[derive(Debug, Clone, Group)]
pub(super) struct KeepArgs {
    /// Mark in the environment of the run's child processes
    pub(super) mark: String,
}

#[derive(Debug, Clone, Group)]
pub(super) struct CompleteArgs {
    /// Index of the word that is being typed, from 0
    pub(super) index: usize,
    /// Characters at which the shell breaks words, besides spaces
    #[arg(long, default_value = "", allow_hyphen_values = true)]
    pub(super) breaks: String,
    /// The words after the program's name
    #[arg(last = true)]
    pub(super) words: Vec<String>,
}

#[derive(Debug, Clone, Group)]
pub(super) struct DoctorArgs {
    /// Print the `nodes` of a farm profile for machines like this one
    #[arg(long, conflicts_with = "format")]
    pub(super) for_farm: bool,
    /// Folder whose `presets/` are added; the command renderers among them are checked too
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(super) folder: PathBuf,
    /// Machine profile (default: production/settings.yaml in the user's settings)
    #[arg(long, value_name = "FILE")]
    pub(super) machine: Option<PathBuf>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
}

fn parse_at_least_one(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|count| *count > 0)
        .ok_or_else(|| "it must be a number from 1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_bytes_and_in_powers_of_1024() {
        assert_eq!(
            ["1000", "64M", "2g", "1 ", "8k"].map(parse_size),
            [Ok(1000), Ok(64 << 20), Ok(2 << 30), Ok(1), Ok(8192)]
        );
        assert!(
            ["0", "3G", "-1", "M", "64MB", "", "99999999999999999999G"]
                .map(parse_size)
                .iter()
                .all(Result::is_err)
        );
    }

    #[test]
    fn the_limits_shown_are_those_of_the_reader() {
        let limits = crate::document::InputLimits::default();
        assert_eq!(
            limits.with_file_bytes(64 << 20).with_values(8_000_000),
            limits
        );
    }
}
