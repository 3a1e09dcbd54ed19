//! Arguments of the commands for farms: `exec-task`, `export`, `cancel`.

use super::{ConsentArgs, MachineArgs, ProductionArgs, RetryArgs, ScopeArgs, StoreArgs, WaitArgs};
use crate::farm::{PathMap, PathMapRule};
use clap::{Args as Group, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
The result is written atomically to runs/REV/farm/results in the store.

Exit codes: 0 made, or made before from the same inputs; 1 failed; 2 no such task;
3 this machine lacks a tool, or its renderer is not the planned one;
4 the store is damaged; 5 another command holds it; 130 stopped, without a result.

Examples:
  production exec-task --store /mnt/film/.production --run rev-0003 --index 17
  production exec-task --store P:/film/.production --run rev-0003 --index 17 --path-map 'P:/film=/mnt/film'")]
pub(in crate::cli) struct ExecTaskArgs {
    /// Folder of the production's store
    #[arg(long, value_name = "FOLDER")]
    pub(in crate::cli) store: PathBuf,
    /// Revision of the run, such as `rev-0003`
    #[arg(long, value_name = "REV")]
    pub(in crate::cli) run: String,
    /// Task number, from 0; several, such as `4-7,9`, run one after the other
    #[arg(long, value_name = "N", value_parser = parse_tasks)]
    pub(in crate::cli) index: TaskSelection,
    /// Folder of the production on this machine, if it is neither the planner's path nor at the
    /// same place relative to the store
    #[arg(long, value_name = "FOLDER")]
    pub(in crate::cli) root: Option<PathBuf>,
    /// Number of this attempt, from 1 (default: the next)
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..))]
    pub(in crate::cli) attempt: Option<u32>,
    /// Map a folder of the planning machine to a folder of this machine; repeatable
    #[arg(long, value_name = "FROM=TO", value_parser = PathMap::parse_rule)]
    pub(in crate::cli) path_map: Vec<PathMapRule>,
    /// File with the path mapping rules of an Open Job Description session
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) path_map_file: Option<PathBuf>,
}

/// Format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ExportKind {
    /// The film's script in Fountain: the screenplay with the lines that the document changes.
    Fountain,
    /// An Open Job Description template, as a Deadline Cloud job bundle.
    Openjd,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
`fountain` writes the script: each scene, who speaks, and what. With a screenplay it
is that script, with the lines that the document writes in place of the script's.

For `openjd`, the bundle is template.yaml, parameter_values.yaml and asset_references.yaml.
Each task runs `production exec-task`, which needs the store. To collect the results
and publish, use `production run PRODUCTION --farm NAME --resume`.

Examples:
  production export fountain my_film                 print the script
  production export fountain my_film --out as_cut.fountain
  production export openjd my_film --out bundle
  openjd check bundle/template.yaml
  openjd run bundle/template.yaml -p Store=my_film/.production -p Root=my_film
  deadline bundle submit bundle                      or on Deadline Cloud
  production run my_film --farm openjd --resume      follow the results, and publish")]
pub(in crate::cli) struct ExportArgs {
    // Before the groups: the heading of a group holds for what follows it.
    /// Folder to write the bundle to, or file to write the script to (default for a script:
    /// standard output)
    #[arg(
        long,
        short = 'o',
        value_name = "PATH",
        required_if_eq("kind", "openjd")
    )]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Farm profile with paths and times, a preset of `production library farms`
    #[arg(long, value_name = "NAME", default_value = "openjd")]
    pub(in crate::cli) farm: String,
    /// Use no extension of the specification, for schedulers without task chunks
    #[arg(long)]
    pub(in crate::cli) no_extensions: bool,
    /// Format of the export
    #[arg(value_name = "KIND")]
    pub(in crate::cli) kind: ExportKind,
    #[command(flatten)]
    pub(in crate::cli) subject: ProductionArgs,
    #[command(flatten)]
    pub(in crate::cli) scope: ScopeArgs,
    #[command(flatten)]
    pub(in crate::cli) machine: MachineArgs,
    #[command(flatten)]
    pub(in crate::cli) store_wait: WaitArgs,
    #[command(flatten)]
    pub(in crate::cli) consent: ConsentArgs,
    #[command(flatten)]
    pub(in crate::cli) retry: RetryArgs,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production cancel                     the run of the production in this folder
  production cancel my_film             let running jobs finish, and end the run
  production cancel my_film --now       stop running jobs too
  production cancel my_film --wait      return when the run has ended
  production run my_film                continue from what was finished

A run on a farm is removed from its queue.")]
pub(in crate::cli) struct CancelArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// Stop running jobs too, instead of letting them finish
    #[arg(long)]
    pub(in crate::cli) now: bool,
    /// Wait until the run has ended; and while another command holds the store, instead of failing
    #[arg(long)]
    pub(in crate::cli) wait: bool,
}

/// Task numbers as ranges, both ends included.
#[derive(Debug, Clone)]
pub(in crate::cli) struct TaskSelection(pub(in crate::cli) Vec<(u32, u32)>);

/// Parses task numbers: `7`, `4-7,9`.
fn parse_tasks(text: &str) -> Result<TaskSelection, String> {
    // The grammar of array elements, so that the numbers of a script or a queue can be pasted.
    crate::farm::parse_elements(text)
        .map(TaskSelection)
        .ok_or_else(|| "write numbers of tasks, such as `7` or `4-7,9`".to_owned())
}
