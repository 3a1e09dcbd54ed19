//! Commands of other programs, and of earlier plans for this one, that people type here: which
//! command does the same.

/// What helps for one or more words that are no command here. Words are in the form of
/// [`normalized_word`].
struct VerbHint {
    words: &'static [&'static str],
    hint: &'static str,
}

/// Every hint. A word that means exactly what a command does is an alias in `args` instead, so that
/// it simply works.
const VERB_HINTS: &[VerbHint] = &[
    VerbHint {
        words: &["init", "new", "setup", "scaffold", "generate"],
        hint: "`production create NAME` begins a production that runs as it is; its store is made \
               by the first run",
    },
    VerbHint {
        words: &["storage", "store"],
        hint: "the first `production run` makes the store, so there is nothing to prepare; \
               `production verify` checks one",
    },
    VerbHint {
        words: &["events", "event"],
        hint: "runs write the events themselves: `production log` lists every run, and `production \
               run --events FILE` writes each event as it happens",
    },
    VerbHint {
        words: &["manifest", "manifests"],
        hint: "`production show` prints the manifest of what is in place, `production show 3` that \
               of revision 3",
    },
    VerbHint {
        words: &["query", "prompt", "ask"],
        hint: "`production create NAME` begins a production from a template; write the film into \
               its production.yaml, and make it with `production run`",
    },
    VerbHint {
        words: &["edit", "set"],
        hint: "edit the document with any editor; `production plan` shows what the change makes \
               again, and `--set NAME=VALUE` sets a variable for one command",
    },
    VerbHint {
        words: &[
            "build", "render", "make", "start", "execute", "exec", "go", "compile", "produce",
            "deliver", "publish", "release", "sync", "up",
        ],
        hint: "`production run` makes and delivers everything that is not made yet; `--only SHOT` \
               makes one shot",
    },
    VerbHint {
        words: &["rerun", "retry", "redo", "rebuild", "regenerate", "regen"],
        hint: "`production run` makes what failed or changed; `production run --regen TARGET` \
               makes a shot, a phase or a job again",
    },
    VerbHint {
        words: &["continue", "proceed"],
        hint: "`production run` continues an interrupted run, `production resume` a paused one",
    },
    VerbHint {
        words: &["unpause"],
        hint: "`production resume` lets a paused run go on",
    },
    VerbHint {
        words: &["preview", "draft", "proxy"],
        hint: "`production run --quality draft` makes a fast draft of everything",
    },
    VerbHint {
        words: &["dryrun", "dry-run", "simulate", "what-if", "whatif"],
        hint: "`production run --dry-run` shows what would run and why; `production plan` saves \
               that, too",
    },
    VerbHint {
        words: &["apply"],
        hint: "`production run --plan FILE` runs exactly what a plan of `production plan --out \
               FILE` lists",
    },
    VerbHint {
        words: &["submit", "farm", "queue", "enqueue", "dispatch"],
        hint: "`production run --farm NAME` submits the jobs to a farm; `production library farms` \
               lists them",
    },
    VerbHint {
        words: &["stop", "abort", "kill", "quit", "terminate", "end"],
        hint: "`production cancel` stops a run and keeps what is made; `production pause` only \
               starts no further job",
    },
    VerbHint {
        words: &["clean", "prune", "purge", "clear", "cleanup"],
        hint: "`production gc` removes from the store what no kept revision needs; `--dry-run` \
               shows it first",
    },
    VerbHint {
        words: &["remove", "rm", "delete", "uninstall", "destroy"],
        hint: "`production gc` removes old results from the store; a production itself is a folder, \
               and nothing else knows of it",
    },
    VerbHint {
        words: &["fmt", "format", "fix", "repair"],
        hint: "`production validate --fix` corrects what is certain in the document, `production \
               verify --fix` repairs the store",
    },
    VerbHint {
        words: &["test", "fsck", "audit"],
        hint: "`production validate` checks the document, `production verify` every file in the \
               store, `production doctor` this machine",
    },
    VerbHint {
        words: &["logs", "tail", "output", "trace"],
        hint: "`production log --job JOB` prints what the tools of a job printed; `production \
               explain JOB` says why it failed",
    },
    VerbHint {
        words: &[
            "watch", "ps", "top", "jobs", "progress", "monitor", "follow",
        ],
        hint: "`production status --watch` follows a run, also one in another terminal",
    },
    VerbHint {
        words: &["rollback", "restore", "undo", "checkout", "reset"],
        hint: "`production revert 3` puts the deliverables of revision 3 back in place",
    },
    VerbHint {
        words: &["describe", "summary", "stat"],
        hint: "`production info` shows what the document has, `production status` how the last run \
               ended",
    },
    VerbHint {
        words: &["why", "reason"],
        hint: "`production explain JOB` says why a job runs, waits, failed or is reused",
    },
    VerbHint {
        words: &["tree", "dag", "deps", "dependencies", "visualize"],
        hint: "`production graph` draws the jobs and what each needs",
    },
    VerbHint {
        words: &["time", "eta", "cost", "price"],
        hint: "`production estimate` says how long a run would take",
    },
    VerbHint {
        words: &["stats", "profile", "timings"],
        hint: "`production metrics` shows where the time of a run went",
    },
    VerbHint {
        words: &["report", "dashboard"],
        hint: "every run writes a report.html beside its deliverables; `production status` names \
               what is in place",
    },
    VerbHint {
        words: &["providers", "renderers", "engines"],
        hint: "`production library providers` lists them, `production doctor` says which are ready \
               on this machine",
    },
    VerbHint {
        words: &[
            "templates",
            "presets",
            "styles",
            "palettes",
            "beats",
            "list-presets",
        ],
        hint: "`production library` lists the kinds of presets, `production library styles` those \
               of one kind",
    },
    VerbHint {
        words: &["config", "settings", "configure", "options"],
        hint: "`production info --settings` shows every option, its value and where it came from",
    },
    VerbHint {
        words: &["env", "gpu", "gpus", "devices", "system", "check-system"],
        hint: "`production doctor` checks this machine",
    },
    VerbHint {
        words: &["completion", "autocomplete"],
        hint: "`production completions SHELL` prints the completion script",
    },
    VerbHint {
        words: &["version"],
        hint: "`production --version` prints it",
    },
    VerbHint {
        words: &["manual", "docs"],
        hint: "`production help COMMAND` explains a command, `production explain CODE` a finding",
    },
    VerbHint {
        words: &["play", "open", "view"],
        hint: "`production status` names the deliverables that are in place; open them with any \
               player",
    },
];

/// Returns what helps somebody who typed `word` as a command. `None`: nothing is known about it.
pub(super) fn verb_hint(word: &str) -> Option<&'static str> {
    let word = normalized_word(word);
    let find = |wanted: &str| {
        VERB_HINTS
            .iter()
            .find(|entry| entry.words.contains(&wanted))
            .map(|entry| entry.hint)
    };
    // `storage:init` and `events-append`: the first part names the thing.
    find(&word).or_else(|| find(word.split('-').next()?))
}

/// Returns the word in lower case, with one separator in place of all that programs use.
fn normalized_word(word: &str) -> String {
    word.to_lowercase().replace([':', '_', '.', ' '], "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::CliArgs;
    use clap::{Command, CommandFactory};
    use std::collections::HashSet;

    /// Returns the commands and options that a hint names in backticks.
    fn named_commands(hint: &str) -> Vec<&str> {
        let quoted = hint.split('`').skip(1).step_by(2);
        quoted
            .filter(|text| text.starts_with("production "))
            .collect()
    }

    #[test]
    fn no_word_is_a_command_and_none_is_listed_twice() {
        let root = CliArgs::command();
        let mut seen = HashSet::new();
        for word in VERB_HINTS.iter().flat_map(|entry| entry.words) {
            assert!(root.find_subcommand(word).is_none(), "{word} is a command");
            assert_eq!(*word, normalized_word(word));
            assert!(seen.insert(word), "{word} is listed twice");
        }
    }

    #[test]
    fn every_command_and_option_of_a_hint_exists() {
        let root = CliArgs::command();
        for entry in VERB_HINTS {
            let commands = named_commands(entry.hint);
            for line in commands {
                let mut words = line.split_whitespace().skip(1);
                let name = words.next().unwrap();
                // `production --version` and `production help` are clap's own.
                let Some(command) = root.find_subcommand(name) else {
                    assert!(["--version", "help"].contains(&name), "{line}");
                    continue;
                };
                for option in words.filter_map(|word| word.strip_prefix("--")) {
                    assert!(has_option(command, option), "{line}");
                }
            }
        }
    }

    fn has_option(command: &Command, option: &str) -> bool {
        command
            .get_arguments()
            .any(|arg| arg.get_long() == Some(option))
    }

    #[test]
    fn a_word_is_found_in_any_spelling() {
        assert_eq!(verb_hint("storage:init"), verb_hint("storage"));
        assert_eq!(verb_hint("Events_Append"), verb_hint("events"));
        assert_eq!(verb_hint("dry_run"), verb_hint("dryrun"));
        assert!(verb_hint("render").unwrap().contains("production run"));
        assert_eq!(verb_hint("frobnicate"), None);
    }
}
