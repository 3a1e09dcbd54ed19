//! Slurm, through its programs `sbatch`, `squeue`, `scontrol`, `scancel` and `sinfo`. Their text
//! output is stable over releases; the shape of their JSON is not.

mod batch_script;
mod cluster_nodes;
mod exit_log;
mod setup_section;
mod slurm_messages;
mod slurm_scheduler;
mod slurm_states;
mod squeue;

pub use slurm_scheduler::SlurmScheduler;
