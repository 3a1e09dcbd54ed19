//! The meaning of the messages that Slurm's programs print: whether a fault is transient, a
//! refusal, or a want of machines.

/// What our message says of a program that was killed because it hung. A submission may have
/// arrived all the same.
pub(super) const NO_ANSWER: &str = "did not answer within";

/// Parts of messages of `sbatch` and `squeue` about transient faults: the controller is busy,
/// restarting or away, or a limit of submitted jobs is reached.
const TRANSIENT_ERRORS: &[&str] = &[
    "Unable to contact slurm controller",
    "Socket timed out",
    "Connection refused",
    "Connection reset",
    "Connection timed out",
    "Zero Bytes were transmitted",
    "Transport endpoint is not connected",
    "Resource temporarily unavailable",
    "temporarily unable to accept job",
    "Slurm controller not responding",
    "Slurm backup controller in standby mode",
    "slurmctld is not responding",
    "Unable to confirm allocation",
    "Message receive failure",
    "Unexpected message received",
    "Insane message length",
    "Protocol authentication error",
    NO_ANSWER,
    "Job submit limit",
    "AssocMaxSubmitJobLimit",
    "QOSMaxSubmitJobPerUserLimit",
];

/// Returns whether the message is about a transient fault.
pub(super) fn is_transient(text: &str) -> bool {
    TRANSIENT_ERRORS.iter().any(|part| text.contains(part))
}

/// Returns whether the answer to a trial submission refuses the request. The message that no
/// machine fits is no refusal: a cluster whose nodes are down prints it also for a job that will
/// run tomorrow.
pub(super) fn is_rejection(text: &str) -> bool {
    !is_transient(text)
        && ["error:", "Invalid", "invalid"]
            .iter()
            .any(|part| text.contains(part))
}

/// Returns whether the answer to a trial submission says that no machine fits now.
pub(super) fn is_unsatisfiable(text: &str) -> bool {
    text.contains("node configuration is not available")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_partition_is_a_refusal_and_a_cluster_without_nodes_is_none() {
        assert!(is_rejection(
            "sbatch: error: invalid partition specified: x; allocation failure: Invalid partition name specified"
        ));
        assert!(!is_rejection(
            "allocation failure: Requested node configuration is not available"
        ));
        assert!(!is_rejection(
            "sbatch: error: Unable to contact slurm controller (connect failure)"
        ));
    }

    #[test]
    fn a_controller_that_is_away_may_come_back_and_a_wrong_partition_may_not() {
        assert!(is_transient(
            "sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)"
        ));
        assert!(!is_transient(
            "sbatch: error: invalid partition specified: nope"
        ));
    }
}
