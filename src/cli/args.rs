//! Exactly what was typed.

mod farm_args;

pub(super) use farm_args::{CancelArgs, ExecTaskArgs, ExportArgs, ExportKind};

use crate::base::duration::parse_duration;
use crate::model::Phase;
use crate::model::machine_profile::JobParallelism;
use clap::{Args as Group, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

const AFTER_HELP: &str = "\
Exit codes: 0 done; 1 some job failed; 2 wrong usage or invalid document; 3 a needed tool is missing;
4 the store is damaged or locked; 130 interrupted.

First steps:
  production create my_film             make a production that runs as it is
  production validate my_film           find every mistake in it
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

/// What every command understands.
#[derive(Debug, Clone, Group)]
pub(super) struct GlobalArgs {
    /// Colours: `auto` follows the terminal and NO_COLOR
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColourMode,
    /// Write where the time goes to this file, for ui.perfetto.dev or chrome://tracing
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
    /// Drawn with carets.
    Text,
    /// One `file:line:column: severity[code]: message` line each.
    Short,
    /// One JSON object for machines.
    Json,
    /// Commands that a GitHub workflow shows beside the changed lines.
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
    /// Make the films and files that a production asks for
    Run(RunArgs),
    /// Say what a run would make and why, and write that plan down
    Plan(PlanArgs),
    /// Find every mistake in a production, without running it
    Validate(ValidateArgs),
    /// Show what a production contains and what it will deliver
    Info(InfoArgs),
    /// Say how long a run will take
    Estimate(EstimateArgs),
    /// Explain a code, or why a job of a production runs, waits or failed
    Explain(ExplainArgs),
    /// Show how the last run ended, what failed, and what is in place
    Status(StatusArgs),
    /// Take a run back that is on a farm; what it finished is kept
    Cancel(CancelArgs),
    /// Show every revision: when, what it did, how it ended
    Log(LogArgs),
    /// Show a run in figures: jobs by state and class, durations, bytes, how much was reused
    Metrics(MetricsArgs),
    /// Show what a published revision consists of
    Show(ShowRevisionArgs),
    /// Show what differs between two published revisions
    Diff(DiffArgs),
    /// Put the deliverables of an earlier revision back in place
    Revert(RevertArgs),
    /// Remove what no kept revision needs from the store
    Gc(GcArgs),
    /// Check every file in the store against what it is known to be
    Verify(VerifyArgs),
    /// List the productions below a folder
    List(ListArgs),
    /// Make a new production from a template
    Create(CreateArgs),
    /// List the presets that a production can name, built in and of a folder's own
    Library(LibraryArgs),
    /// Print the JSON Schema of the document, for editors
    Schema(SchemaArgs),
    /// Check this machine: adapters, tools, codecs, space
    Doctor(DoctorArgs),
    /// Print the script that completes commands, options, presets and shots in a shell
    Completions(CompletionsArgs),
    /// Write a run out as a job that other farms take
    Export(ExportArgs),
    /// Write manual pages
    Man(ManArgs),
    /// Do one task of a run that is on a farm; the farm's engine starts this
    #[command(hide = true)]
    ExecTask(ExecTaskArgs),
    /// End what a run has started when the run is gone; a run starts this itself
    #[command(hide = true)]
    Keep(KeepArgs),
    /// Say what could stand at a place of a command line; shells ask this
    #[command(hide = true)]
    Complete(CompleteArgs),
}

/// Which production, and what to make it with.
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
    /// Quality tier in place of the document's: draft, preview, production, archive
    #[arg(long, value_name = "TIER")]
    pub(super) quality: Option<String>,
    /// Value of a variable of the document; may be given several times
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = parse_setting)]
    pub(super) set: Vec<(String, String)>,
    /// Most bytes of one file that is read, such as `64M` or `1G`
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = parse_size, hide_short_help = true)]
    pub(super) max_size: u64,
    /// Most values in one file that is read
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

/// Where and with what the work is done.
#[derive(Debug, Clone, Group)]
pub(super) struct MachineArgs {
    /// Jobs at a time: a number, or `auto` for one on each core; 4 when neither this nor the profile says
    #[arg(long, short = 'j', value_name = "N", value_parser = parse_parallel)]
    pub(super) parallel: Option<JobParallelism>,
    /// Profile of this machine: cores, memory, adapters, tokens; `production/settings.yaml` in the user's settings when left out
    #[arg(long, value_name = "FILE")]
    pub(super) machine: Option<PathBuf>,
    /// Graphics adapter: `auto`, `software`, or part of a name shown by `production doctor`
    #[arg(long, value_name = "ADAPTER", default_value = "auto")]
    pub(super) gpu: String,
    /// Where finished work is kept; `.production` beside the document when left out
    #[arg(long, value_name = "FOLDER")]
    pub(super) store: Option<PathBuf>,
}

/// Which jobs, and what was decided about single ones.
#[derive(Debug, Clone, Group)]
pub(super) struct ScopeArgs {
    /// Only these shots (separated by commas) and what they need; nothing is published
    #[arg(long, value_name = "SHOT", value_delimiter = ',')]
    pub(super) only: Vec<String>,
    /// Only this phase and what it needs: prepare, characters, locations, shots, post_process, export, finalize
    #[arg(long, value_name = "PHASE", value_parser = parse_phase)]
    pub(super) phase: Option<Phase>,
    /// Only the phases through this one
    #[arg(long, value_name = "PHASE", value_parser = parse_phase, conflicts_with = "phase")]
    pub(super) up_to: Option<Phase>,
    /// Make again even when the store has it; what depends on it only if it comes out different. A job, the beginning of
    /// job names up to a slash, a shot, or a phase; may be given several times
    #[arg(long, value_name = "TARGET")]
    pub(super) regen: Vec<String>,
    /// Keep what was last made although the document asks for something else now; named as for --regen
    #[arg(long, value_name = "TARGET")]
    pub(super) pin: Vec<String>,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
The plan is written to runs/REVISION/plan.json in the store. Nothing else is, and nothing runs.

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
    /// Say what a run on this farm would send: tasks, arrays, files, and what the farm cannot express
    #[arg(long, value_name = "NAME")]
    pub(super) farm: Option<String>,
    /// With --farm, show what the engine would be given, in full
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
    /// Keep starting jobs that do not need a failed one
    #[arg(long, short = 'k')]
    pub(super) keep_going: bool,
    /// With --keep-going, stop starting jobs after this many failures
    #[arg(long, value_name = "N", requires = "keep_going", value_parser = parse_at_least_one)]
    pub(super) max_failures: Option<usize>,
    /// Tries after the first for failures that may pass: a crash, a timeout, no memory, a bad output
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) retries: u32,
    /// Give a job up that has waited so long for licences; no limit when left out
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(super) licence_limit: Option<Duration>,
    /// Wait while another command holds the store, in place of giving up
    #[arg(long)]
    pub(super) wait: bool,
    /// Stop a job that runs longer, such as `90s`, `30m`, `2h`; no limit when left out
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(super) time_limit: Option<Duration>,
    /// Stop a job whose tool neither prints, reads nor writes for longer; no limit when left out
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(super) silence_limit: Option<Duration>,
    /// Stop a job that makes no progress for longer; no limit when left out
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(super) progress_limit: Option<Duration>,
    /// What a tool that is asked to end gets before it is killed
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = parse_duration)]
    pub(super) grace: Duration,
    /// Send the work to this farm, a preset of `production library farms`
    #[arg(long, value_name = "NAME", conflicts_with_all = ["dry_run", "validate_only"])]
    pub(super) farm: Option<String>,
    /// With --farm, return as soon as everything is sent; `--resume` comes back to it
    #[arg(long, requires = "farm")]
    pub(super) detach: bool,
    /// Continue an interrupted run, and say so if there is none. (Finished work is always reused.)
    #[arg(long)]
    pub(super) resume: bool,
    /// Say what would run and why, and run nothing
    #[arg(long, short = 'n', conflicts_with = "validate_only")]
    pub(super) dry_run: bool,
    /// Validate and stop
    #[arg(long)]
    pub(super) validate_only: bool,
    /// Take warnings for errors
    #[arg(long)]
    pub(super) strict: bool,
    /// Write every event as it happens to this file, one JSON object a line; `-` for standard output
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
    /// Findings shown as text, short or github; 0 for all. The other formats always hold all
    #[arg(long, value_name = "N", default_value_t = crate::report::diagnostic::DEFAULT_LIMIT)]
    pub(super) limit: usize,
    /// Take warnings for errors
    #[arg(long)]
    pub(super) strict: bool,
    /// Mend what is certain, such as a misspelt field, then show what is left
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
    /// Graphics adapter that made what is in the store, as for `run`
    #[arg(long, value_name = "ADAPTER", default_value = "auto")]
    pub(super) gpu: String,
    /// Profile of the machine that made it, as for `run`: it may name a Blender
    #[arg(long, value_name = "FILE")]
    pub(super) machine: Option<PathBuf>,
    /// The farm that made it, where its profile says what its machines have
    #[arg(long, value_name = "NAME")]
    pub(super) farm: Option<String>,
    /// Where finished work is kept; `.production` beside the document when left out
    #[arg(long, value_name = "FOLDER")]
    pub(super) store: Option<PathBuf>,
    /// Print the document with presets, defaults and variables written out, each value with where it comes from
    #[arg(long)]
    pub(super) resolved: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
How long a run on a farm takes says `production plan PRODUCTION --farm NAME`: what takes how long there, runs there have shown.")]
pub(super) struct EstimateArgs {
    #[command(flatten)]
    pub(super) subject: ProductionArgs,
    #[command(flatten)]
    pub(super) machine: MachineArgs,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
}

/// Whose store. The document itself is not read, so these work while it is broken.
#[derive(Debug, Clone, Group)]
pub(super) struct StoreArgs {
    /// The document, or a folder with `production.yaml`
    #[arg(value_name = "PRODUCTION")]
    pub(super) path: PathBuf,
    /// Where finished work is kept; `.production` beside the document when left out
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
  production log my_film --job export.encode/film/sh010   what that job's tools printed last")]
pub(super) struct LogArgs {
    #[command(flatten)]
    pub(super) store: StoreArgs,
    /// What the tools of this job printed, and how its last attempt ended
    #[arg(long, value_name = "JOB")]
    pub(super) job: Option<String>,
    /// Which attempt of that job, from 1; the last one when left out
    #[arg(long, value_name = "N", requires = "job", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) attempt: Option<u32>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: ResultFormat,
}

/// How to print figures.
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
A run also keeps them as a file, replaced whole: .production/metrics.prom, for a link from the folder that the textfile
collector of node_exporter reads.")]
pub(super) struct MetricsArgs {
    #[command(flatten)]
    pub(super) store: StoreArgs,
    /// `rev-0003`, `3`, `current` or `latest`
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
    /// `rev-0003`, `3`, `current` or `latest`
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
    /// Write a page with the changed pictures side by side
    #[arg(long, value_name = "FILE")]
    pub(super) html: Option<PathBuf>,
}

#[derive(Debug, Clone, Group)]
pub(super) struct RevertArgs {
    #[command(flatten)]
    pub(super) store: StoreArgs,
    /// `rev-0003` or `3`
    #[arg(value_name = "REVISION")]
    pub(super) revision: String,
    /// Wait while another command holds the store, in place of giving up
    #[arg(long)]
    pub(super) wait: bool,
}

#[derive(Debug, Clone, Group)]
pub(super) struct GcArgs {
    #[command(flatten)]
    pub(super) store: StoreArgs,
    /// Published revisions to keep, newest first; the one in place and the last run are always kept
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(super) keep: usize,
    /// Say what would be removed, and remove nothing
    #[arg(long, short = 'n')]
    pub(super) dry_run: bool,
    /// Wait while another command holds the store, in place of giving up
    #[arg(long)]
    pub(super) wait: bool,
}

#[derive(Debug, Clone, Group)]
pub(super) struct VerifyArgs {
    #[command(flatten)]
    pub(super) store: StoreArgs,
    /// Remove damaged files, so that the next run makes them again, and write again what can be derived
    #[arg(long)]
    pub(super) fix: bool,
    /// With --fix, wait while another command holds the store, in place of giving up
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
    /// Codes as `production validate` prints them, `production::` may be left out; or a production, then jobs, beginnings of
    /// their names up to a slash, shots or phases
    #[arg(value_name = "CODE|PRODUCTION JOB", required_unless_present = "list")]
    pub(super) codes: Vec<String>,
    #[command(flatten)]
    pub(super) reading: ReadingArgs,
    /// Of a production: graphics adapter, as for `run`
    #[arg(long, value_name = "ADAPTER", default_value = "auto")]
    pub(super) gpu: String,
    /// Of a production: profile of the machine, as for `run`
    #[arg(long, value_name = "FILE")]
    pub(super) machine: Option<PathBuf>,
    /// Of a production: the farm that does the work, where its profile says what its machines have
    #[arg(long, value_name = "NAME")]
    pub(super) farm: Option<String>,
    /// Of a production: where finished work is kept
    #[arg(long, value_name = "FOLDER")]
    pub(super) store: Option<PathBuf>,
    /// List every code with what must hold
    #[arg(long, conflicts_with = "codes")]
    pub(super) list: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: PageFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
The state is that of the last run: running, done, failed, interrupted or never.
Hidden folders, stores and symbolic links are passed over.

Examples:
  production list                     below this folder
  production list ~/films             below another
  production list --format json | jq -r '.[] | select(.state == \"failed\") | .path'")]
pub(super) struct ListArgs {
    /// Where to look
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
  production create --list-templates        what there is
  production create -i                      answer questions instead
  production create two --from my_film      a copy, to change
  production create a --title 'No: \"x\"'     any title is quoted")]
pub(super) struct CreateArgs {
    /// Name of the production, and of its folder
    #[arg(value_name = "NAME", required_unless_present_any = ["list_templates", "interactive"])]
    pub(super) name: Option<String>,
    /// Template to begin with; see --list-templates
    #[arg(
        long,
        short = 't',
        value_name = "TEMPLATE",
        default_value = "short_film"
    )]
    pub(super) template: String,
    /// Copy this production instead: document, script, presets and assets, but not its store or deliverables
    #[arg(long, value_name = "PRODUCTION", conflicts_with = "template")]
    pub(super) from: Option<PathBuf>,
    /// Title; the name in words when left out
    #[arg(long, value_name = "TITLE")]
    pub(super) title: Option<String>,
    /// Author
    #[arg(long, value_name = "AUTHOR")]
    pub(super) author: Option<String>,
    /// Ask for name, template, title, author, frame rate and outputs; an empty answer takes what stands in brackets
    #[arg(long, short = 'i')]
    pub(super) interactive: bool,
    /// Folder to make it in
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
    /// Kind of presets, such as `shots` or `outputs`; all kinds when left out
    #[arg(value_name = "KIND")]
    pub(super) kind: Option<String>,
    /// One preset of that kind, to see all of it
    #[arg(value_name = "NAME")]
    pub(super) name: Option<String>,
    /// Folder whose `presets/` come on top
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
    /// What to describe: `document`, `part` (a file that a document includes), or a kind of presets such as `shots`
    #[arg(value_name = "OF", default_value = "document")]
    #[arg(id = "of")]
    pub(super) subject: String,
    /// Write to this file
    #[arg(long, short = 'o', value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Folder whose `presets/` are named too
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(super) folder: PathBuf,
}

/// A shell that can complete what is typed.
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
Examples, each for one shell and all its later sessions:
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
  production man --output man                  write them
  man -l man/production-run.1                  read one
  production man --output ~/.local/share/man/man1")]
pub(super) struct ManArgs {
    /// Folder to write them into
    #[arg(long, short = 'o', value_name = "FOLDER")]
    pub(super) output: PathBuf,
}

#[derive(Debug, Clone, Group)]
pub(super) struct KeepArgs {
    /// What the run's child processes bear in their environment
    pub(super) mark: String,
}

#[derive(Debug, Clone, Group)]
pub(super) struct CompleteArgs {
    /// Which of the words is being typed, from 0
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
    /// Print what a farm's profile says of machines that are like this one
    #[arg(long, conflicts_with = "format")]
    pub(super) for_farm: bool,
    /// Folder whose `presets/` come on top: the renderers there that are commands are looked for too
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(super) folder: PathBuf,
    /// Profile of this machine; `production/settings.yaml` in the user's settings when left out
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
