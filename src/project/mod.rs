//! Opens a production: from a path to a checked production, through the first four stages.
//!
//! This module owns the order of the stages and reads the text files that the document names.
//! Everything that opens a production calls [`open()`], so the command line, tests and benches see
//! the same diagnostics.

mod autofix;
mod caption_table_file;
pub mod code_catalogue;
mod font_survey;
mod footage_paths;
mod foreign_timeline;
mod gap_finder;
mod hooks_file;
mod open_production;
mod path_findings;
mod project_codes;
mod script_file;
mod severity;
mod shot_list_file;
mod text_file;
mod text_fit;

pub use autofix::{FixError, FixedFile, plan_fixes};
pub use hooks_file::{DEFAULT_HOOK_TIME, HOOKS_FILE, HookAction, RunHook, RunHooks};
pub use open_production::{
    OpenError, OpenedProduction, ProjectOptions, ResolvedDocument, open, open_resolved,
};
pub use script_file::{OpenedScript, ScriptFileError, open_script};

#[cfg(test)]
mod tests;
