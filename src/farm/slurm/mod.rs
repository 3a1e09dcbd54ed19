//! Slurm, by its command-line programs: `sbatch`, `squeue`, `scontrol` and `scancel`. Their text is stable over releases; the
//! shape of their JSON is not.

mod engine;
mod last_words;
mod queue;
mod script;
mod site;
mod words;

pub use engine::Slurm;
