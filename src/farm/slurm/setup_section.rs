//! The part of a batch script that runs the `setup` lines of a profile, and the line by which a
//! task says that they failed.
//!
//! Setup lines are those of a site: module commands and activation scripts, which read variables
//! that may be unset and whose inner commands may fail. So they run as in an interactive bash. Only
//! a line of the profile itself that fails ends the task: without its modules the program would run
//! into an error that does not name the cause.

use crate::farm::task_map::TaskId;
use std::fmt::Write as _;

/// Prints a line that [`setup_failure`] finds if a line of `setup` ends the script.
const FAILURE_TRAPS: &str = r#"# Says which line of `setup` failed.
production_setup_ended() {
  # A higher status is a signal: somebody cancelled or requeued the task.
  if [ "$1" -gt 0 ] && [ "$1" -le 128 ]; then
    printf 'production: the setup of task %s failed with status %s: %s\n' "$PRODUCTION_TASK" "$1" "${2%%$'\n'*}" >&2
  fi
}
production_status=0 production_failed='' production_before='' production_now=''
# `BASH_COMMAND` may be a command within a function. The one before a trap is the line that called it.
trap 'production_before=$production_now production_now=$BASH_COMMAND' DEBUG
# Of a script that a line reads, only the end counts, and not each of its commands.
trap 'production_status=$? production_failed=$production_before
if [ "${#BASH_SOURCE[@]}" -gt 1 ]; then production_failed=; else exit "$production_status"; fi' ERR
trap 'production_status=$?
[ -z "${FUNCNAME[0]:-}" ] || production_before=$production_now
production_setup_ended "$production_status" "${production_failed:-$production_before}"' EXIT
set +eu
"#;

/// Defines `module` on clusters where only login shells have it.
const MODULE_FUNCTION: &str = r#"# Clusters define `module` as a function of the shell, often for login shells only.
for production_init in "${BASH_ENV:-}" "${LMOD_PKG:-}/init/bash" "${MODULESHOME:-}/init/bash" /etc/profile.d/lmod.sh \
  /etc/profile.d/z00_lmod.sh /etc/profile.d/modules.sh /usr/share/lmod/lmod/init/bash /usr/share/modules/init/bash; do
  if ! type module >/dev/null 2>&1 && [ -r "$production_init" ]; then
    # shellcheck disable=SC1090
    . "$production_init" || true
  fi
done
"#;

/// Returns the lines of a script that run `setup`; nothing if there is none.
pub(super) fn setup_section(setup: &[String]) -> String {
    if setup.is_empty() {
        return String::new();
    }
    let mut text = FAILURE_TRAPS.to_owned();
    // Only for those who need it: the files of a site's module system take time, and may print.
    if setup.iter().any(|line| uses_modules(line)) {
        text += MODULE_FUNCTION;
    }
    for line in setup {
        let _ = writeln!(text, "{line}");
    }
    // A script of the site may have set traps or options of its own.
    text + "trap - DEBUG ERR EXIT\nset -eu\n"
}

/// Returns whether a line calls `module` or its short form `ml`.
fn uses_modules(line: &str) -> bool {
    line.split(|c: char| c.is_whitespace() || ";&|(){}".contains(c))
        .any(|word| word == "module" || word == "ml")
}

/// Returns the line by which a task reported that its setup failed, and the line before it, which
/// is what the failed command printed.
pub(super) fn setup_failure(printed: &str, task: TaskId) -> Option<String> {
    let begin = format!("production: the setup of task {task} failed");
    let lines: Vec<&str> = printed.lines().collect();
    let index = lines.iter().rposition(|line| line.starts_with(&begin))?;
    let line_before = lines[..index]
        .iter()
        .rev()
        .find(|line| !line.trim().is_empty())
        // The output is that of a whole array: a report of another task is no cause of this one.
        .filter(|line| !line.starts_with("production: the setup of task "));
    let failed = lines[index].trim_start_matches("production: ");
    Some(line_before.map_or_else(
        || failed.to_owned(),
        |line_before| format!("{failed} ({})", line_before.trim()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    /// Runs a script with these setup lines in bash. Returns its status and what it printed.
    fn run(setup: &[&str]) -> (Option<i32>, String) {
        let lines: Vec<String> = setup.iter().map(|line| (*line).to_owned()).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("slurm_script");
        let section = setup_section(&lines);
        // As in an output file of Slurm, both streams are one.
        let script =
            format!("exec 2>&1\nset -eu\nexport PRODUCTION_TASK=7\n{section}exec echo done\n");
        std::fs::write(&path, script).unwrap();
        let mut command = Command::new("bash");
        command.env_clear().env("PATH", "/usr/bin:/bin");
        // As `export -f module` puts it into the environment of a cluster's jobs.
        let module = "() {  echo \"module $*\"; [ \"$2\" != absent ]\n}";
        command.env("BASH_FUNC_module%%", module);
        let output = command.arg(path).output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    }

    #[test]
    fn activation_scripts_run_as_in_an_interactive_bash() {
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("activate.sh");
        let text = "if [ -n \"$CONDA_PREFIX\" ]; then echo in; fi\nfalse\ngrep -q x /dev/null\n[[ -n $NOTHING ]] && echo no\narray=(a b)\ntrue\n";
        std::fs::write(&script, text).unwrap();
        let (status, printed) = run(&[&format!(". {}", script.display()), "echo \"$UNSET|after\""]);
        assert_eq!((status, printed.as_str()), (Some(0), "|after\ndone\n"));
    }

    #[test]
    fn an_exported_module_function_is_called() {
        let (status, printed) = run(&["module load ffmpeg"]);
        assert_eq!(
            (status, printed.as_str()),
            (Some(0), "module load ffmpeg\ndone\n")
        );
    }

    #[test]
    fn a_line_that_fails_ends_the_task_and_says_why() {
        let cases = [
            (
                "module load absent",
                "failed with status 1: module load absent (module load absent)",
            ),
            (
                "no_such_program",
                "failed with status 127: no_such_program (",
            ),
            ("exit 7", "failed with status 7: exit 7"),
            (
                "leave() { exit 5; }; leave now",
                "failed with status 5: leave now",
            ),
            (
                "set -u; echo \"$CONDA_PREFIX\"",
                "CONDA_PREFIX: unbound variable)",
            ),
            (". /no/such/file", "No such file or directory)"),
        ];
        for (line, reason) in cases {
            let (status, printed) = run(&["true", line]);
            assert!(status.is_some_and(|status| status > 0), "{line}: {printed}");
            let failure = setup_failure(&printed, TaskId(7)).unwrap_or_default();
            assert!(failure.contains(reason), "{line}: {failure}");
            assert_eq!(setup_failure(&printed, TaskId(70)), None);
            assert!(!printed.contains("done"), "{line}: {printed}");
        }
    }

    #[test]
    fn a_signal_ends_the_task_as_a_signal_and_is_no_fault_of_a_line() {
        for signal in ["TERM", "SEGV", "KILL"] {
            let (status, printed) = run(&[&format!("kill -{signal} $$")]);
            assert_eq!((status, setup_failure(&printed, TaskId(7))), (None, None));
        }
    }

    #[test]
    fn constructs_over_several_lines_stay_one() {
        let (status, printed) = run(&[
            "if true; then",
            "echo yes",
            "fi",
            "case a in\n a) echo a ;;\nesac",
        ]);
        assert_eq!((status, printed.as_str()), (Some(0), "yes\na\ndone\n"));
    }

    #[test]
    fn nothing_is_written_for_a_profile_without_setup() {
        assert_eq!(setup_section(&[]), "");
    }
}
