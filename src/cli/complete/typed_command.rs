//! The words typed so far, read by the definitions of the command line: which command, what each argument has been given,
//! and what the word being typed belongs to.

use super::{CompletionCandidate, CompletionReply};
use clap::{Arg, ArgAction, Command};
use std::collections::HashMap;

/// A command line with a word still being typed.
pub(super) struct TypedCommand<'a> {
    command: &'a Command,
    /// What arguments have been given so far, by id.
    given: HashMap<String, String>,
    /// The option whose value is being typed.
    pending: Option<&'a Arg>,
    /// How many arguments without a name there are before it.
    positionals: usize,
    /// Whether `--` came before it.
    only_positionals: bool,
    /// The word itself, so far.
    current: String,
}

/// Reads the words before `index`, and takes the one there as being typed.
pub(super) fn parse_typed<'a>(
    command: &'a Command,
    words: &[String],
    index: usize,
) -> TypedCommand<'a> {
    let words = rejoin_colons(
        words
            .get(..=index.min(words.len().saturating_sub(1)))
            .unwrap_or_default(),
    );
    // A shell that cannot hand over an empty word leaves it out.
    let (before, current) = match words.split_last() {
        Some((current, before)) if words_reach(&words, index) => (before, current.as_str()),
        _ => (words.as_slice(), ""),
    };
    let mut typed = TypedCommand {
        command,
        given: HashMap::new(),
        pending: None,
        positionals: 0,
        only_positionals: false,
        current: current.to_owned(),
    };
    before.iter().for_each(|word| typed.consume_word(word));
    if typed.pending.is_some() && typed.current == "=" {
        typed.current.clear();
    }
    typed
}

fn words_reach(words: &[String], index: usize) -> bool {
    // Joining makes words fewer; only a missing last word leaves fewer than asked for without any being joined.
    words.len() > index || words.iter().any(|word| word.contains(':'))
}

/// Puts words together again that a shell took apart at colons.
fn rejoin_colons(words: &[String]) -> Vec<String> {
    let mut rejoined: Vec<String> = Vec::new();
    let mut open = false;
    for word in words {
        let colons = !word.is_empty() && word.chars().all(|c| c == ':');
        match rejoined.last_mut().filter(|_| colons || open) {
            Some(last) => last.push_str(word),
            None => rejoined.push(word.clone()),
        }
        open = colons;
    }
    rejoined
}

impl<'a> TypedCommand<'a> {
    /// Returns what an argument has been given.
    pub(super) fn given_value(&self, id: &str) -> Option<&str> {
        self.given.get(id).map(String::as_str)
    }

    /// Returns the word being typed.
    pub(super) fn current_word(&self) -> &str {
        &self.current
    }

    fn consume_word(&mut self, word: &str) {
        if let Some(option) = self.pending {
            // Some shells take `--option=value` apart.
            if word != "=" {
                self.given
                    .insert(option.get_id().to_string(), word.to_owned());
                self.pending = None;
            }
        } else if self.only_positionals {
            self.consume_positional(word);
        } else if word == "--" {
            self.only_positionals = true;
        } else if let Some(long) = word.strip_prefix("--") {
            self.consume_long(long);
        } else if let Some(shorts) = word.strip_prefix('-').filter(|shorts| !shorts.is_empty()) {
            self.consume_shorts(shorts);
        } else if let Some(command) = self
            .command
            .find_subcommand(word)
            .filter(|_| self.positionals == 0)
        {
            self.command = command;
        } else {
            self.consume_positional(word);
        }
    }

    fn consume_long(&mut self, long: &str) {
        let (name, value) = long
            .split_once('=')
            .map_or((long, None), |(name, value)| (name, Some(value)));
        let option = self
            .command
            .get_opts()
            .find(|option| option.get_long() == Some(name));
        match (option, value) {
            (Some(option), Some(value)) => {
                self.given
                    .insert(option.get_id().to_string(), value.to_owned());
            }
            (option, _) => self.pending = option,
        }
    }

    fn consume_shorts(&mut self, shorts: &str) {
        for (index, short) in shorts.char_indices() {
            let option = self
                .command
                .get_opts()
                .find(|option| option.get_short() == Some(short));
            let Some(option) = option else { continue };
            let value = &shorts[index + short.len_utf8()..];
            if value.is_empty() {
                self.pending = Some(option);
            } else {
                self.given
                    .insert(option.get_id().to_string(), value.to_owned());
            }
            return;
        }
    }

    fn consume_positional(&mut self, word: &str) {
        if let Some(argument) = self.current_positional() {
            self.given
                .entry(argument.get_id().to_string())
                .or_insert_with(|| word.to_owned());
        }
        self.positionals += 1;
    }

    /// Returns the argument without a name that stands here; the last one may take any number of words.
    fn current_positional(&self) -> Option<&'a Arg> {
        let places = || self.command.get_positionals();
        let many = |place: &&Arg| matches!(place.get_action(), ArgAction::Append);
        places()
            .nth(self.positionals)
            .or_else(|| places().last().filter(many))
    }

    /// Returns what could stand here; `values` knows what an argument can be.
    pub(super) fn complete_current(
        &self,
        values: impl Fn(&Arg, &Self) -> CompletionReply,
    ) -> CompletionReply {
        if let Some(option) = self.pending {
            return filter_by_prefix(values(option, self), "", &self.current);
        }
        if let Some((name, value)) = self
            .current
            .strip_prefix("--")
            .and_then(|long| long.split_once('='))
            && let Some(option) = self
                .command
                .get_opts()
                .find(|option| option.get_long() == Some(name))
        {
            return filter_by_prefix(values(option, self), &format!("--{name}="), value);
        }
        if self.current.starts_with('-') && !self.only_positionals {
            return filter_by_prefix(
                CompletionReply::Words(self.option_candidates()),
                "",
                &self.current,
            );
        }
        let here = if self.command.has_subcommands() {
            CompletionReply::Words(self.command_candidates())
        } else {
            self.current_positional().map_or_else(
                || CompletionReply::Words(self.option_candidates()),
                |argument| values(argument, self),
            )
        };
        filter_by_prefix(here, "", &self.current)
    }

    fn command_candidates(&self) -> Vec<CompletionCandidate> {
        let shown = self
            .command
            .get_subcommands()
            .filter(|command| !command.is_hide_set());
        shown
            .map(|command| {
                CompletionCandidate::new(command.get_name(), help_text(command.get_about()))
            })
            .collect()
    }

    fn option_candidates(&self) -> Vec<CompletionCandidate> {
        let shown = self
            .command
            .get_arguments()
            .filter(|option| !option.is_positional() && !option.is_hide_set());
        let unused = shown.filter(|option| !self.given.contains_key(option.get_id().as_str()));
        let named = unused.filter_map(|option| Some((option.get_long()?, option)));
        named
            .map(|(long, option)| {
                CompletionCandidate::new(format!("--{long}"), help_text(option.get_help()))
            })
            .collect()
    }
}

fn help_text(about: Option<&clap::builder::StyledStr>) -> String {
    about.map(ToString::to_string).unwrap_or_default()
}

/// Keeps the candidates that begin with what is typed, and puts `before` in front.
///
/// In a list separated by commas only the last entry is still being typed.
fn filter_by_prefix(reply: CompletionReply, before: &str, typed: &str) -> CompletionReply {
    let CompletionReply::Words(words) = reply else {
        return reply;
    };
    let fits = words
        .into_iter()
        .filter(|candidate| candidate.value.starts_with(typed));
    let completed = |candidate: CompletionCandidate| CompletionCandidate {
        value: format!("{before}{}", candidate.value),
        ..candidate
    };
    CompletionReply::Words(fits.map(completed).collect())
}
