//! What was typed for commands that only farms need: one task, a run written out, a run taken back.

use super::{MachineArgs, ProductionArgs, ScopeArgs, StoreArgs};
use crate::farm::{PathMap, PathMapRule};
use clap::{Args as Group, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
The result is written to runs/REV/farm/results in the store, once and whole. Exit codes: 0 made, or made before from the
same inputs; 1 failed; 2 no such task; 3 this machine lacks a tool, or has another renderer than planned; 4 the store is
damaged; 130 stopped, without a result.

Examples:
  production exec-task --store /mnt/film/.production --run rev-0003 --index 17
  production exec-task --store P:/film/.production --run rev-0003 --index 17 --path-map 'P:/film=/mnt/film'")]
pub(in crate::cli) struct ExecTaskArgs {
    /// The store of the production
    #[arg(long, value_name = "FOLDER")]
    pub(in crate::cli) store: PathBuf,
    /// The revision whose tasks they are, such as `rev-0003`
    #[arg(long, value_name = "REV")]
    pub(in crate::cli) run: String,
    /// The task, from 0; several as `4-7,9` are done one after the other
    #[arg(long, value_name = "N", value_parser = parse_tasks)]
    pub(in crate::cli) index: TaskSelection,
    /// The production's folder here, where it is neither the same as there nor as far from the store
    #[arg(long, value_name = "FOLDER")]
    pub(in crate::cli) root: Option<PathBuf>,
    /// Which attempt at it this is, from 1; the next one when left out
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::cli) attempt: Option<u32>,
    /// Where a folder of the machine that planned the run lies here; may be given several times
    #[arg(long, value_name = "FROM=TO", value_parser = PathMap::parse_rule)]
    pub(in crate::cli) path_map: Vec<PathMapRule>,
    /// The path mapping rules of an Open Job Description session
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) path_map_file: Option<PathBuf>,
}

/// What a run can be written out as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ExportKind {
    /// An Open Job Description template, as a Deadline Cloud job bundle.
    Openjd,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
The bundle is template.yaml, parameter_values.yaml and asset_references.yaml. Each of its tasks is a `production exec-task`,
which needs the store. Its results are taken in, and published, by `production run PRODUCTION --farm NAME --resume`.

Examples:
  production export openjd my_film --out bundle
  openjd check bundle/template.yaml
  openjd run bundle/template.yaml -p Store=my_film/.production -p Root=my_film
  deadline bundle submit bundle                      or on Deadline Cloud
  production run my_film --farm openjd --resume      follow the results, and publish")]
pub(in crate::cli) struct ExportArgs {
    /// What it is written as
    #[arg(value_name = "KIND")]
    pub(in crate::cli) kind: ExportKind,
    #[command(flatten)]
    pub(in crate::cli) subject: ProductionArgs,
    #[command(flatten)]
    pub(in crate::cli) machine: MachineArgs,
    #[command(flatten)]
    pub(in crate::cli) scope: ScopeArgs,
    /// Folder to write the bundle into
    #[arg(long, short = 'o', value_name = "FOLDER")]
    pub(in crate::cli) out: PathBuf,
    /// The farm whose profile tells paths and times, a preset of `production library farms`
    #[arg(long, value_name = "NAME", default_value = "openjd")]
    pub(in crate::cli) farm: String,
    /// Use the core of the specification only, for schedulers that know no chunks of tasks
    #[arg(long)]
    pub(in crate::cli) no_extensions: bool,
    /// Tries after the first for failures that may pass, where the scheduler is asked for them
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(in crate::cli) retries: u32,
    /// Wait while another command holds the store, in place of giving up
    #[arg(long)]
    pub(in crate::cli) wait: bool,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production cancel my_film             nothing of it stays in the farm's queue
  production run my_film                goes on here from what was finished")]
pub(in crate::cli) struct CancelArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// Wait while another command holds the store, in place of giving up
    #[arg(long)]
    pub(in crate::cli) wait: bool,
}

/// Numbers of tasks, in runs.
#[derive(Debug, Clone)]
pub(in crate::cli) struct TaskSelection(pub(in crate::cli) Vec<(u32, u32)>);

/// Reads numbers of tasks: `7`, `4-7,9`.
fn parse_tasks(text: &str) -> Result<TaskSelection, String> {
    crate::farm::parse_elements(text)
        .map(TaskSelection)
        .ok_or_else(|| "write numbers of tasks, such as `7` or `4-7,9`".to_owned())
}
