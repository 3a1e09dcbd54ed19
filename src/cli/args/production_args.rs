//! Arguments that many commands share: the production, how it is read, the machine, the jobs, the
//! store.

use super::ResultFormat;
use crate::model::Phase;
use crate::model::machine_profile::JobParallelism;
use clap::Args as Group;
use std::path::PathBuf;

/// The production to open, and how to read it.
#[derive(Debug, Clone, Group)]
pub(in crate::cli) struct ProductionArgs {
    /// The document, or a folder with one
    #[arg(value_name = "PRODUCTION", default_value = ".")]
    pub(in crate::cli) path: PathBuf,
    #[command(flatten)]
    pub(in crate::cli) reading: ReadingArgs,
}

/// How a document is read.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "Document")]
pub(in crate::cli) struct ReadingArgs {
    /// Quality tier, overriding the document: draft, preview, production, archive. Commands that
    /// only look take the tier of the last run without it
    #[arg(long, value_name = "TIER")]
    pub(in crate::cli) quality: Option<String>,
    /// Leave all sound out, even if the document turns it on. Commands that only look leave it out
    /// if the last run did
    #[arg(long)]
    pub(in crate::cli) no_sound: bool,
    /// Have the sound of the document. Commands that only look need it after a run without sound
    #[arg(long, conflicts_with = "no_sound")]
    pub(in crate::cli) sound: bool,
    /// Set a variable of the document; repeatable
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = parse_setting)]
    pub(in crate::cli) set: Vec<(String, String)>,
    // Limits are options and not fields of the document: a hostile document could lift its own.
    /// Largest input file that is read, such as `64M` or `1G`
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = parse_size, hide_short_help = true)]
    pub(in crate::cli) max_size: u64,
    /// Most values that are read from one input file
    #[arg(long, value_name = "COUNT", default_value_t = 8_000_000, value_parser = clap::value_parser!(u32).range(1..), hide_short_help = true)]
    pub(in crate::cli) max_values: u32,
}

/// The machine and the store.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "Machine and store")]
pub(in crate::cli) struct MachineArgs {
    /// Jobs at a time: a number, or `auto` for one per core (default: the machine profile's, else
    /// 4)
    #[arg(long, short = 'j', value_name = "N", value_parser = parse_parallel)]
    pub(in crate::cli) parallel: Option<JobParallelism>,
    #[command(flatten)]
    pub(in crate::cli) renderer: RendererArgs,
    #[command(flatten)]
    pub(in crate::cli) store: StoreFolderArgs,
}

/// What draws: the adapter, and the programs of a machine profile.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "Machine and store")]
pub(in crate::cli) struct RendererArgs {
    /// Machine profile: cores, memory, adapters, tokens, Blender (default:
    /// production/settings.yaml in the user's settings)
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) machine: Option<PathBuf>,
    /// Graphics adapter: `auto`, `software`, or part of a name shown by `production doctor`
    #[arg(long, value_name = "ADAPTER", default_value = "auto")]
    pub(in crate::cli) gpu: String,
}

/// The folder of the store.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "Machine and store")]
pub(in crate::cli) struct StoreFolderArgs {
    /// Folder of the store (default: .production beside the document)
    #[arg(id = "store", long = "store", value_name = "FOLDER")]
    pub(in crate::cli) folder: Option<PathBuf>,
}

/// What to do while another command holds the store.
#[derive(Debug, Clone, Copy, Group)]
#[command(next_help_heading = "Machine and store")]
pub(in crate::cli) struct WaitArgs {
    /// Wait while another command holds the store, instead of failing
    #[arg(long)]
    pub(in crate::cli) wait: bool,
}

/// How often a job is tried.
#[derive(Debug, Clone, Copy, Group)]
#[command(next_help_heading = "Failures and limits")]
pub(in crate::cli) struct RetryArgs {
    /// Retries after a failure that may be transient: a crash, a timeout, out of memory, a bad
    /// output
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(in crate::cli) retries: u32,
}

/// How to print a result.
#[derive(Debug, Clone, Copy, Group)]
#[command(next_help_heading = "Output")]
pub(in crate::cli) struct FormatArgs {
    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(in crate::cli) format: ResultFormat,
}

/// Whether programs that the folder of a production brings may start.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "Permissions")]
pub(in crate::cli) struct ConsentArgs {
    /// Start the programs that the folder of the production brings without a question
    #[arg(long, short = 'y')]
    pub(in crate::cli) yes: bool,
}

/// What may be replaced at the paths of deliverables.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "Permissions")]
pub(in crate::cli) struct ReplaceArgs {
    /// Replace what is at the path of this deliverable although no run put it there, or it was
    /// changed since. PATH is a deliverable as in the document, or a file in one; repeatable
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) replace: Vec<PathBuf>,
}

/// Which jobs run, are forced or are pinned.
#[derive(Debug, Clone, Group)]
#[command(next_help_heading = "Which jobs")]
pub(in crate::cli) struct ScopeArgs {
    /// Only these shots, separated by commas, and what they need; nothing is published
    #[arg(long, value_name = "SHOT", value_delimiter = ',')]
    pub(in crate::cli) only: Vec<String>,
    /// Only this phase and what it needs: validate, prepare, characters, locations, shots,
    /// post_process, export, finalize
    #[arg(long, value_name = "PHASE", value_parser = parse_phase)]
    pub(in crate::cli) phase: Option<Phase>,
    /// Only the phases through this one; or only this output, such as `storyboard`, and what it
    /// needs. Nothing is published; `show --job` shows the files of a job
    #[arg(long, value_name = "PHASE|OUTPUT", conflicts_with = "phase")]
    pub(in crate::cli) up_to: Option<UpTo>,
    /// Make this again although the store has it; jobs behind it run only if it comes out
    /// different. TARGET is a job, the beginning of job names up to a slash, a shot, or a phase;
    /// repeatable
    #[arg(long, value_name = "TARGET")]
    pub(in crate::cli) regen: Vec<String>,
    /// Keep what was last made although the document now asks for something else. TARGET as for
    /// --regen; repeatable
    #[arg(long, value_name = "TARGET")]
    pub(in crate::cli) pin: Vec<String>,
}

/// The store of a production. The document is not read, so these commands work while it has
/// mistakes.
#[derive(Debug, Clone, Group)]
pub(in crate::cli) struct StoreArgs {
    /// The document, or a folder with one
    #[arg(value_name = "PRODUCTION", default_value = ".")]
    pub(in crate::cli) path: PathBuf,
    /// Folder of the store (default: .production beside the document)
    #[arg(long, value_name = "FOLDER")]
    pub(in crate::cli) store: Option<PathBuf>,
}

/// Where a run ends that is not whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum UpTo {
    /// Behind this phase.
    Phase(Phase),
    /// When this output is made. Whether there is one of this name, only the plan knows.
    Output(String),
}

impl From<String> for UpTo {
    fn from(name: String) -> Self {
        let mut phases = Phase::ALL.into_iter();
        let phase = phases.find(|phase| phase.name() == name);
        phase.map_or(Self::Output(name), Self::Phase)
    }
}

/// Reads the name of a phase.
fn parse_phase(name: &str) -> Result<Phase, String> {
    // Not a derived `ValueEnum`: `Phase` is a type of the model, and only `cli` knows clap. The
    // phase `validate` has no jobs that could be selected, so nobody is advised to name it.
    let names = || {
        let phases = Phase::ALL.into_iter();
        phases
            .filter(|phase| *phase != Phase::Validate)
            .map(Phase::name)
    };
    let phase_match = Phase::ALL.into_iter().find(|phase| phase.name() == name);
    phase_match
        .ok_or_else(|| crate::base::suggestions::did_you_mean(name, names()).unwrap_or_default())
}

/// Reads `name=value`.
fn parse_setting(text: &str) -> Result<(String, String), String> {
    // At the first `=`, so that a value may have more of them. Spaces around a name are never
    // meant, but those in a value may be.
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
pub(super) fn parse_parallel(text: &str) -> Result<JobParallelism, String> {
    // The parser of `parallel:` in machine profiles, so that option and field accept the same.
    crate::machine::parse_parallel(text)
        .ok_or_else(|| "write a number from 1 to 1024, or `auto`".to_owned())
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
