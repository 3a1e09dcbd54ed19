//! The output of a command: progress, warnings and causes of failure by its provider's patterns,
//! and the messages of Open Job Description that any child may print.

use crate::model::Provider;
use crate::model::provider::ProviderFailure;
use crate::process::{ProcessExit, ProcessObserver, SecretRedactor, openjd_messages};
use regex::Regex;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Begins a line that sets a secret.
const REDACTED_PREFIX: &str = "openjd_redacted_env";
/// The most lines of evidence, and the most warnings.
const MAX_LINES: usize = 40;

/// The patterns of a provider, ready to match.
pub(super) struct OutputPatterns {
    progress: Option<Regex>,
    warnings: Vec<Regex>,
    failures: Vec<(ProviderFailure, Regex)>,
}

impl OutputPatterns {
    pub(super) fn compile_patterns(provider: &Provider) -> Self {
        // `validate` reports a pattern that is no regular expression, so here it is left out. A
        // failure in the middle of a run would come too late to help.
        let compile = |list: &Vec<String>| {
            list.iter()
                .filter_map(|text| Regex::new(text).ok())
                .collect::<Vec<_>>()
        };
        let failures = provider.failures.iter();
        let failures = failures
            .flat_map(|(cause, list)| compile(list).into_iter().map(move |regex| (*cause, regex)));
        Self {
            progress: provider
                .progress
                .as_ref()
                .and_then(|text| Regex::new(text).ok()),
            warnings: compile(&provider.warnings),
            failures: failures.collect(),
        }
    }
}

/// What one call printed.
#[derive(Debug, Default)]
pub(super) struct CommandOutput {
    /// The cause by the provider's patterns, and its line; the last one that matched.
    pub(super) cause: Option<(ProviderFailure, String)>,
    /// The text of the last `openjd_fail`.
    pub(super) failure: Option<String>,
    /// Warnings, each once.
    pub(super) warnings: Vec<String>,
    /// Variables for the calls that follow; `None` unsets one.
    pub(super) variables: BTreeMap<String, Option<String>>,
    /// The last lines that are not progress.
    pub(super) tail: Vec<String>,
    /// Secrets of this call and of those before it. They must not be shown.
    pub(super) secrets: SecretRedactor,
}

/// Parses the output of one call, and passes on what belongs in the log.
pub(super) struct OutputParser<'a> {
    pub(super) patterns: &'a OutputPatterns,
    /// Takes the share of the call that is done, 0 to 1. A sign of progress without an amount is 0.
    pub(super) progress: &'a (dyn Fn(f64) + Sync),
    pub(super) outer_observer: &'a dyn ProcessObserver,
    pub(super) output: Mutex<CommandOutput>,
}

impl OutputParser<'_> {
    fn lock_output(&self) -> MutexGuard<'_, CommandOutput> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the output, after the call.
    pub(super) fn into_output(self) -> CommandOutput {
        self.output
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Applies a message of Open Job Description; returns whether the line may be shown.
    fn apply_openjd(&self, word: &openjd_messages::OpenjdMessage<'_>) -> bool {
        let mut output = self.lock_output();
        match *word {
            openjd_messages::OpenjdMessage::Progress(percent) => {
                // The callback may take time or other locks, so it is called without ours.
                drop(output);
                (self.progress)(percent / 100.0);
                return false;
            }
            openjd_messages::OpenjdMessage::Status(_) => {}
            openjd_messages::OpenjdMessage::Fail(text) => {
                output.failure = Some(output.secrets.redact_text(text));
            }
            openjd_messages::OpenjdMessage::Env(name, value) => {
                output
                    .variables
                    .insert(name.to_owned(), Some(value.to_owned()));
            }
            openjd_messages::OpenjdMessage::RedactedEnv(name, value) => {
                output
                    .variables
                    .insert(name.to_owned(), Some(value.to_owned()));
                // The value is hidden in all lines that follow, not only in this one: programs
                // print their variables.
                output.secrets.add_secret(value);
                return false;
            }
            openjd_messages::OpenjdMessage::UnsetEnv(name) => {
                output.variables.insert(name.to_owned(), None);
            }
        }
        true
    }

    /// Returns whether a line is progress, after reporting the amount.
    fn is_progress(&self, line: &str) -> bool {
        let Some(captures) = self
            .patterns
            .progress
            .as_ref()
            .and_then(|pattern| pattern.captures(line))
        else {
            return false;
        };
        let percent = captures
            .name("percent")
            .and_then(|text| text.as_str().parse::<f64>().ok());
        (self.progress)(percent.map_or(0.0, |percent| (percent / 100.0).clamp(0.0, 1.0)));
        true
    }
}

impl ProcessObserver for OutputParser<'_> {
    fn on_start(&self, words: &[String]) {
        self.outer_observer.on_start(words);
    }

    fn on_activity(&self) {
        self.outer_observer.on_activity();
    }

    fn on_line(&self, line: &str) {
        let is_hidden =
            openjd_messages::parse_message(line).is_some_and(|word| !self.apply_openjd(&word));
        // A malformed line sets nothing, and may still contain the secret.
        if is_hidden || line.starts_with(REDACTED_PREFIX) || self.is_progress(line) {
            return;
        }
        let mut output = self.lock_output();
        let line = output.secrets.redact_text(line);
        if let Some((cause, _)) = self
            .patterns
            .failures
            .iter()
            .find(|(_, pattern)| pattern.is_match(&line))
        {
            // The last match wins. A renderer that waits for a licence and then gets it may fail
            // later for another reason.
            output.cause = Some((*cause, line.clone()));
        }
        let warning = self
            .patterns
            .warnings
            .iter()
            .find_map(|pattern| pattern.captures(&line));
        if let Some(captures) = warning {
            let text = captures
                .get(1)
                .or(captures.get(0))
                .map_or("", |text| text.as_str())
                .trim()
                .to_owned();
            // Renderers repeat a warning for every frame or texture. Each is shown once, and their
            // number is limited.
            if !output.warnings.contains(&text) && output.warnings.len() < MAX_LINES {
                output.warnings.push(text);
            }
        }
        output.tail.push(line.clone());
        let surplus = output.tail.len().saturating_sub(MAX_LINES);
        output.tail.drain(..surplus);
        drop(output);
        self.outer_observer.on_line(&line);
    }

    fn on_exit(&self, ending: &ProcessExit, stopped: bool) {
        self.outer_observer.on_exit(ending, stopped);
    }

    fn longest_secret(&self) -> usize {
        let output = self.lock_output();
        let own = output.secrets.longest_secret();
        own.max(self.outer_observer.longest_secret())
    }

    fn redact_line(&self, line: &mut Vec<u8>) {
        // A secret of Open Job Description is set by a line of its own. That line is parsed whole,
        // or, if it is too long, hidden whole.
        self.lock_output().secrets.redact_bytes(line);
        self.outer_observer.redact_line(line);
    }
}
