//! Arguments of the commands that steer a run of this machine, and of the one that draws its graph.

use super::{ProductionArgs, RecordedRunsArgs, ResultFormat, StoreArgs};
use clap::{Args as Group, ValueEnum};

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
The run stays in memory with its lock and its place in the plan. Time limits,
measured durations and the time left do not count a pause.

Examples:
  production pause my_film              start no new job; running jobs finish
  production pause my_film --now        let running jobs stand still too
  production resume my_film             go on")]
pub(in crate::cli) struct PauseArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// Let running jobs stand still too: processes of tools are stopped, work within the program
    /// stops after its frame. They keep their memory and their licences
    #[arg(long)]
    pub(in crate::cli) now: bool,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
A run that was interrupted or killed is continued with `production run`.

Example:
  production resume my_film             go on where `production pause` stopped")]
pub(in crate::cli) struct ResumeArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: ResultFormat,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
The order holds for this run only. Jobs that run are not stopped, and keep their
share of the machine: `--nice` changes that, and not the order.

Examples:
  production priority my_film s1_pier           that shot first, with what it needs
  production priority my_film export --last     encode after everything else
  production priority my_film s1_pier --normal  as planned again
  production priority my_film --nice 19         leave the machine to other programs")]
pub(in crate::cli) struct PriorityArgs {
    #[command(flatten)]
    pub(in crate::cli) store: StoreArgs,
    /// A shot, a phase, a job, or the beginning of job names up to a slash
    #[arg(value_name = "TARGET")]
    pub(in crate::cli) target: Option<String>,
    /// Start its jobs after all others, instead of before them
    #[arg(long)]
    pub(in crate::cli) last: bool,
    /// Start its jobs as the plan has them
    #[arg(long, conflicts_with = "last")]
    pub(in crate::cli) normal: bool,
    /// Run the jobs, and the tools that they have started, at this niceness: -20 (the most of the
    /// machine) to 19 (the least). Most systems let only an administrator lower it again
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(i32).range(-20..=19), conflicts_with_all = ["target", "last", "normal"])]
    pub(in crate::cli) nice: Option<i32>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: ResultFormat,
}

/// Format of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum GraphFormat {
    /// The language of Graphviz.
    Dot,
    /// A flowchart of Mermaid.
    Mermaid,
    /// Nodes and edges as JSON.
    Json,
}

/// What a node of a graph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum GraphDetail {
    /// A job, or a shot of a phase if there are more than 60 jobs.
    Auto,
    /// A job.
    Job,
    /// The jobs of a shot in a phase.
    Shot,
}

#[derive(Debug, Clone, Group)]
#[command(after_help = "\
Examples:
  production graph my_film | dot -Tsvg > graph.svg      with Graphviz
  production graph my_film --format mermaid             to paste into Markdown
  production graph my_film --shot s1_pier --detail job  every job of one shot
  production graph my_film --format json | jq '.edges | length'")]
pub(in crate::cli) struct GraphArgs {
    #[command(flatten)]
    pub(in crate::cli) subject: ProductionArgs,
    #[command(flatten)]
    pub(in crate::cli) runs: RecordedRunsArgs,
    /// Only these shots, separated by commas, and what they need
    #[arg(long, value_name = "SHOT", value_delimiter = ',')]
    pub(in crate::cli) shot: Vec<String>,
    /// What a node is
    #[arg(long, value_name = "DETAIL", default_value = "auto")]
    pub(in crate::cli) detail: GraphDetail,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "dot")]
    pub(in crate::cli) format: GraphFormat,
}
