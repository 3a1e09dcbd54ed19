//! Slurm, by its command-line programs: `sbatch`, `squeue`, `scontrol` and `scancel`. Their text is
//! stable over releases; the shape of their JSON is not.

mod batch_script;
mod cluster_nodes;
mod exit_log;
mod slurm_messages;
mod slurm_scheduler;
mod squeue;

pub use slurm_scheduler::SlurmScheduler;
