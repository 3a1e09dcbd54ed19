//! What Slurm's programs say, and what it means.

use crate::farm::task_state::TaskState;
use crate::producers::FailureClass;

/// Parts of messages of `sbatch` and `squeue` that may be other a moment later: the controller is
/// busy, restarting or away.
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
    "Job submit limit",
    "AssocMaxSubmitJobLimit",
    "QOSMaxSubmitJobPerUserLimit",
];

/// Returns whether what a program printed tells of a fault that may pass.
pub(super) fn is_transient(text: &str) -> bool {
    TRANSIENT_ERRORS.iter().any(|part| text.contains(part))
}

/// Returns whether the answer of a trial submission is a refusal of what was asked for. That no
/// machine could take it now is none: a cluster whose nodes are down says the same of a job that
/// will run tomorrow as of one that never can.
pub(super) fn is_rejection(text: &str) -> bool {
    !is_transient(text)
        && ["error:", "Invalid", "invalid"]
            .iter()
            .any(|part| text.contains(part))
}

/// Returns whether the answer of a trial submission says that no machine could take it as things
/// are.
pub(super) fn is_unsatisfiable(text: &str) -> bool {
    text.contains("node configuration is not available")
}

/// Returns the stage that a state and a reason of `squeue` mean; an unknown state is one that still
/// lasts.
pub(super) fn task_state(state: &str, reason: &str) -> TaskState {
    let ended = |class| TaskState::Ended {
        state: state.to_lowercase(),
        class,
    };
    match state {
        "PENDING" if reason.contains("DependencyNeverSatisfied") => TaskState::Dropped,
        "CANCELLED" if reason.contains("Dependency") => TaskState::Dropped,
        "RUNNING" | "COMPLETING" | "SIGNALING" | "STAGE_OUT" | "STOPPED" | "SUSPENDED" => {
            TaskState::Running
        }
        // Whatever ended well has a result; that it cannot be seen is the file system's fault.
        "COMPLETED" => ended(FailureClass::HostLost),
        "FAILED" => ended(FailureClass::Crash),
        "TIMEOUT" | "DEADLINE" => ended(FailureClass::Timeout),
        "OUT_OF_MEMORY" => ended(FailureClass::OutOfMemory),
        "NODE_FAIL" | "BOOT_FAIL" | "PREEMPTED" | "REVOKED" => ended(FailureClass::HostLost),
        "CANCELLED" => ended(FailureClass::Cancelled),
        _ => {
            let reason_text = reason.replace('_', " ");
            let held = reason_text.contains("Held")
                || reason_text.contains("held")
                || state.ends_with("_HOLD");
            TaskState::Queued {
                reason: reason_text,
                held,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queued(state: &str, reason: &str) -> Option<bool> {
        match task_state(state, reason) {
            TaskState::Queued { held, .. } => Some(held),
            _ => None,
        }
    }

    #[test]
    fn an_unknown_state_is_never_a_failure() {
        assert_eq!(queued("QUANTUM", "None"), Some(false));
        assert_eq!(queued("REQUEUED", "BeginTime"), Some(false));
    }

    #[test]
    fn a_job_that_waits_for_a_person_is_held() {
        assert_eq!(queued("PENDING", "JobHeldUser"), Some(true));
        assert_eq!(queued("PENDING", "launch_failed_requeued_held"), Some(true));
        assert_eq!(queued("PENDING", "launch failed requeued held"), Some(true));
        assert_eq!(queued("PENDING", "Resources"), Some(false));
        assert_eq!(queued("REQUEUE_HOLD", "None"), Some(true));
    }

    #[test]
    fn a_lost_node_and_preemption_are_the_hosts_fault() {
        for state in ["NODE_FAIL", "BOOT_FAIL", "PREEMPTED"] {
            let TaskState::Ended { class, .. } = task_state(state, "None") else {
                panic!("{state}")
            };
            assert_eq!(class, FailureClass::HostLost);
        }
    }

    #[test]
    fn what_was_dropped_for_a_failed_dependency_did_not_fail_itself() {
        assert_eq!(
            task_state("CANCELLED", "DependencyNeverSatisfied"),
            TaskState::Dropped
        );
        assert_eq!(
            task_state("PENDING", "DependencyNeverSatisfied"),
            TaskState::Dropped
        );
    }

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
