//! Maps the states and reasons of `squeue` to [`TaskState`].

use crate::farm::task_state::TaskState;
use crate::producers::FailureClass;

/// Returns the task state for a state and a reason of `squeue`. An unknown state counts as queued.
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
        // A task that completed has written its result. If the result is not visible, the file
        // system is at fault, not the task.
        "COMPLETED" => ended(FailureClass::HostLost),
        "FAILED" => ended(FailureClass::Crash),
        "TIMEOUT" | "DEADLINE" => ended(FailureClass::Timeout),
        "OUT_OF_MEMORY" => ended(FailureClass::OutOfMemory),
        "NODE_FAIL" | "BOOT_FAIL" | "PREEMPTED" | "REVOKED" => ended(FailureClass::HostLost),
        "CANCELLED" => ended(FailureClass::Cancelled),
        // States of later releases come here too. As queued, such a task is only waited for; as
        // ended, a running task would be submitted twice.
        _ => {
            // Releases differ in underscores, and one reason must not be counted as two.
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
    fn a_task_dropped_for_a_failed_dependency_did_not_fail_itself() {
        assert_eq!(
            task_state("CANCELLED", "DependencyNeverSatisfied"),
            TaskState::Dropped
        );
        assert_eq!(
            task_state("PENDING", "DependencyNeverSatisfied"),
            TaskState::Dropped
        );
    }
}
