//! Arguments of the commands that read a production: run, plan, validate, info, estimate, explain.

use super::{
    ConsentArgs, FindingFormat, FormatArgs, MachineArgs, PageFormat, ProductionArgs, ReadingArgs,
    RendererArgs, ReplaceArgs, RetryArgs, ScopeArgs, StoreFolderArgs, WaitArgs,
};
use crate::base::duration::parse_duration;
use clap::Args as Group;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
The plan is written to runs/REVISION/plan.json in the store, and to the file of
--out. Nothing else is written, and no job runs. Without --quality the plan is of the tier of the last
run, and says so.

Examples:
  production plan                                  of the production in this folder
  production plan my_film                          what a run would make, and why
  production plan my_film --all                    job by job
  production plan my_film --regen s1_pier          if that shot were made again
  production plan my_film --out plan.json          keep it; `run --plan` runs exactly that
  production plan bees.md                          which jobs the film of a treatment would have
  production plan my_film --format json | jq -r '.jobs[] | select(.reason != \"reused\") | .job'")]
pub(in crate::cli) struct PlanArgs {
    #[command(flatten)]
    pub(in crate::cli) subject: ProductionArgs,
    #[command(flatten)]
    pub(in crate::cli) scope: ScopeArgs,
    #[command(flatten)]
    pub(in crate::cli) machine: MachineArgs,
    /// Show what a run on this farm would submit: tasks, arrays, files, and what the scheduler
    /// cannot express
    #[arg(long, value_name = "NAME", help_heading = "Farm")]
    pub(in crate::cli) farm: Option<String>,
    /// With --farm, print the scripts or templates that the scheduler would get
    #[arg(long, requires = "farm", help_heading = "Farm")]
    pub(in crate::cli) explain: bool,
    /// Show every job with its reason
    #[arg(long, help_heading = "Output")]
    pub(in crate::cli) all: bool,
    /// Write the plan to this file as well, for `production run --plan`
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(in crate::cli) out: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) output: FormatArgs,
}

/// What happens when jobs fail, hang or wait.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "Failures and limits")]
pub(in crate::cli) struct FailureArgs {
    /// After a failure, keep starting jobs that do not need the failed one
    #[arg(long, short = 'k')]
    pub(in crate::cli) keep_going: bool,
    // Without `--keep-going` the limit is 1.
    /// With --keep-going, start no further job after this many failures
    #[arg(long, value_name = "N", requires = "keep_going", value_parser = parse_at_least_one)]
    pub(in crate::cli) max_failures: Option<usize>,
    #[command(flatten)]
    pub(in crate::cli) retry: RetryArgs,
    /// Fail a job after waiting this long for a licence (default: no limit)
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(in crate::cli) licence_limit: Option<Duration>,
    /// Stop a job that runs longer than this, such as `90s`, `30m`, `2h` (default: no limit)
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(in crate::cli) time_limit: Option<Duration>,
    /// Stop a job whose tool has not printed, read or written for this long (default: no limit)
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(in crate::cli) silence_limit: Option<Duration>,
    /// Stop a job that has made no progress for this long (default: no limit)
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub(in crate::cli) progress_limit: Option<Duration>,
    /// Time between asking a tool to stop and killing it
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = parse_duration)]
    pub(in crate::cli) grace: Duration,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
A run makes the tier of --quality, else of the settings, else of the document, and
not of the last run. It names the tier when it begins and when it ends.

Exit codes: 0 done; 1 a job failed; 2 wrong usage or invalid document; 3 a needed
tool is missing; 4 the store is damaged; 5 another command holds the store, try
again; 130 interrupted, run again to continue.

Examples:
  production run                                   make the production in this folder
  production run my_film --quality draft           a fast draft of all of it
  production run my_film --only s1_pier            one shot; nothing is published
  production run my_film --dry-run                 show what would run, and why
  production run my_film --plan plan.json          run what a plan lists, and nothing else
  production run my_film -k --profile night -q     from a timer: silent unless it fails
  production run my_film --farm slurm --detach     leave it to a farm")]
pub(in crate::cli) struct RunArgs {
    // Before the groups: the heading of a group holds for what follows it.
    /// Continue an interrupted run, and say so if there is none (finished work is always reused);
    /// with --farm, follow the run again
    #[arg(long)]
    pub(in crate::cli) resume: bool,
    /// Show what would run and why, and run nothing
    #[arg(long, short = 'n', conflicts_with = "validate_only")]
    pub(in crate::cli) dry_run: bool,
    /// Run exactly what this plan of `production plan --out FILE` lists; fail if the document, an
    /// input or the store has changed so that it no longer holds
    #[arg(long, value_name = "FILE", conflicts_with_all = ["validate_only", "only", "phase", "up_to", "regen", "pin"])]
    pub(in crate::cli) plan: Option<PathBuf>,
    /// Validate and stop
    #[arg(long)]
    pub(in crate::cli) validate_only: bool,
    /// Treat warnings as errors
    #[arg(long)]
    pub(in crate::cli) strict: bool,
    #[command(flatten)]
    pub(in crate::cli) subject: ProductionArgs,
    #[command(flatten)]
    pub(in crate::cli) scope: ScopeArgs,
    #[command(flatten)]
    pub(in crate::cli) failures: FailureArgs,
    #[command(flatten)]
    pub(in crate::cli) machine: MachineArgs,
    #[command(flatten)]
    pub(in crate::cli) store_wait: WaitArgs,
    // The dry run for a farm is `plan --farm`, which also shows what would be submitted.
    /// Submit the jobs to this farm, a preset of `production library farms`
    #[arg(long, value_name = "NAME", conflicts_with_all = ["dry_run", "validate_only"], help_heading = "Farm")]
    pub(in crate::cli) farm: Option<String>,
    /// With --farm, return once everything is submitted; `--resume` follows the run again
    #[arg(long, requires = "farm", help_heading = "Farm")]
    pub(in crate::cli) detach: bool,
    #[command(flatten)]
    pub(in crate::cli) consent: ConsentArgs,
    #[command(flatten)]
    pub(in crate::cli) replace: ReplaceArgs,
    // A dry run has no events. An empty file would look like a run without jobs.
    /// Write every event to this file as it happens, one JSON object a line; `-` is standard output
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "validate_only"], help_heading = "Output")]
    pub(in crate::cli) events: Option<PathBuf>,
    /// With --dry-run, write what would run to this file, as `production plan --out` does
    #[arg(
        long,
        value_name = "FILE",
        requires = "dry_run",
        help_heading = "Output"
    )]
    pub(in crate::cli) out: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) output: FormatArgs,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Findings of one code are grouped: the first is drawn, the others have a line each.

Examples:
  production validate                              the production in this folder
  production validate my_film -v                   draw every finding
  production validate my_film --fix                fix what is certain, report the rest
  production validate my_film --format short       one line each, for editors
  production validate my_film --strict -q          errors only; no output if there is none")]
pub(in crate::cli) struct ValidateArgs {
    // Before the groups: the heading of a group holds for what follows it.
    /// Treat warnings as errors
    #[arg(long)]
    pub(in crate::cli) strict: bool,
    /// Fix what is certain, such as a misspelt field, then report the rest
    #[arg(long)]
    pub(in crate::cli) fix: bool,
    /// Show what --fix would change, and change nothing
    #[arg(long, short = 'n', visible_alias = "diff", requires = "fix")]
    pub(in crate::cli) dry_run: bool,
    #[command(flatten)]
    pub(in crate::cli) subject: ProductionArgs,
    #[command(flatten)]
    pub(in crate::cli) store: StoreFolderArgs,
    #[command(flatten)]
    pub(in crate::cli) replace: ReplaceArgs,
    /// How to print findings
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub(in crate::cli) format: FindingFormat,
    /// Most findings that the formats text, short and github show; 0 for all. Other formats always
    /// have all
    #[arg(long, value_name = "N", default_value_t = crate::report::diagnostic::DEFAULT_LIMIT, help_heading = "Output")]
    pub(in crate::cli) limit: usize,
}

/// What earlier runs were made with. Commands that compare a production with its store need it.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "Machine and store")]
pub(in crate::cli) struct RecordedRunsArgs {
    #[command(flatten)]
    pub(in crate::cli) renderer: RendererArgs,
    /// Farm of the runs in the store, where its profile has `nodes`
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) farm: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) store: StoreFolderArgs,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production info                              the production in this folder
  production info my_film                      what is in it, and when
  production info my_film --quality archive    as another tier renders it
  production info my_film --settings           every option, its value and its source
  production info my_film --timeline           cuts, transitions, lines and music
  production info my_film --format json | jq '.shots[] | {name, timecode_in}'")]
pub(in crate::cli) struct InfoArgs {
    // Before the groups: the heading of a group holds for what follows it.
    /// Print the document with presets, defaults and variables written out, each value with its
    /// source
    #[arg(long)]
    pub(in crate::cli) resolved: bool,
    /// Print every option of every command, with its value and where that came from
    #[arg(long, conflicts_with = "resolved")]
    pub(in crate::cli) settings: bool,
    /// Print which clips and sounds are at which frame of an output (default: the first film)
    #[arg(
        long,
        value_name = "OUTPUT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with_all = ["resolved", "settings"]
    )]
    pub(in crate::cli) timeline: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) subject: ProductionArgs,
    #[command(flatten)]
    pub(in crate::cli) runs: RecordedRunsArgs,
    #[command(flatten)]
    pub(in crate::cli) output: FormatArgs,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Where nothing like it has run, a few frames are rendered, measured and deleted.
Of a renderer that is a command none is, since one may take an hour or cost money;
`--yes` tries those too.

For a run on a farm, use `production plan PRODUCTION --farm NAME`. It estimates
from the durations of earlier runs there.

Examples:
  production estimate                              the production in this folder
  production estimate my_film --quality archive    of another tier
  production estimate my_film -j 8                 with more jobs at a time")]
pub(in crate::cli) struct EstimateArgs {
    #[command(flatten)]
    pub(in crate::cli) subject: ProductionArgs,
    #[command(flatten)]
    pub(in crate::cli) machine: MachineArgs,
    #[command(flatten)]
    pub(in crate::cli) consent: ConsentArgs,
    #[command(flatten)]
    pub(in crate::cli) output: FormatArgs,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
In the folder of a production its path may be left out.

Examples:
  production explain shots::jump_cut                       what a code means
  production explain my_film render.shot/s1_pier/1001-1024 why a job runs or not
  production explain my_film s1_pier                       every job of a shot
  production explain s1_pier                               of the production in this folder
  production explain my_film export --format json          every job of a phase")]
pub(in crate::cli) struct ExplainArgs {
    // Before the groups: the heading of a group holds for what follows it.
    /// List every code with a summary
    #[arg(long, conflicts_with = "codes")]
    pub(in crate::cli) list: bool,
    /// Diagnostic codes, with or without `production::`; or a production, then jobs, beginnings of
    /// job names up to a slash, shots, or phases
    #[arg(value_name = "CODE|PRODUCTION JOB", required_unless_present = "list")]
    pub(in crate::cli) codes: Vec<String>,
    #[command(flatten)]
    pub(in crate::cli) reading: ReadingArgs,
    #[command(flatten)]
    pub(in crate::cli) runs: RecordedRunsArgs,
    /// How to print
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub(in crate::cli) format: PageFormat,
}

fn parse_at_least_one(text: &str) -> Result<usize, String> {
    text.parse()
        .ok()
        .filter(|count| *count > 0)
        .ok_or_else(|| "it must be a number from 1".to_owned())
}
