//! The words typed so far, parsed by clap's definitions: the command, the value of each argument,
//! and what the current word belongs to.
//!
//! clap itself cannot parse them: an unfinished command line is an error for it.

use super::{CompletionCandidate, CompletionReply};
use clap::{Arg, ArgAction, Command};
use std::collections::HashMap;

/// A command line with a word still being typed.
pub(super) struct TypedCommand<'a> {
    command: &'a Command,
    /// Values of arguments so far, by clap's id.
    given: HashMap<String, String>,
    /// The option whose value is the current word.
    pending: Option<&'a Arg>,
    /// The number of positional arguments before the current word.
    positionals: usize,
    /// Whether `--` is before the current word.
    only_positionals: bool,
    /// The current word, up to the cursor or whole, as the shell passes it.
    current: String,
}

/// Parses the words before `index`. The word at `index` is the current one, and is empty if there
/// is none.
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
    // Some shells cannot pass an empty word and drop it, so there may be fewer words than `index`
    // says.
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
    // Bash passes `--option=` as two words, and puts the cursor behind the second. The value is
    // still empty then.
    if typed.pending.is_some() && typed.current == "=" {
        typed.current.clear();
    }
    typed
}

/// Returns whether the last of the joined words is the one at `index`.
fn words_reach(words: &[String], index: usize) -> bool {
    // Joining at colons makes words fewer, too. Only if nothing was joined do too few words mean
    // that the shell dropped an empty one.
    words.len() > index || words.iter().any(|word| word.contains(':'))
}

/// Joins words that a shell split at colons, as bash does with `shots::jump_cut`.
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
    /// Returns the value of an argument so far; the first one, if it takes several.
    pub(super) fn given_value(&self, id: &str) -> Option<&str> {
        self.given.get(id).map(String::as_str)
    }

    pub(super) fn current_word(&self) -> &str {
        &self.current
    }

    /// Parses one word before the current one. Words that clap would refuse are accepted, so that
    /// the rest of a line with a mistake in it can be completed.
    fn consume_word(&mut self, word: &str) {
        if let Some(option) = self.pending {
            // Some shells split `--option=value` at the `=`, which is then no value.
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

    /// Parses the text behind `--`.
    fn consume_long(&mut self, long: &str) {
        let (name, value) = long
            .split_once('=')
            .map_or((long, None), |(name, value)| (name, Some(value)));
        // `get_opts` has only options with a value. A flag leaves nothing pending, and neither does
        // an unknown name, of which nobody knows whether a value follows.
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

    /// Parses the letters behind `-`: flags, then at most one option with its value, as in `-kj4`.
    fn consume_shorts(&mut self, shorts: &str) {
        for (index, short) in shorts.char_indices() {
            let option = self
                .command
                .get_opts()
                .find(|option| option.get_short() == Some(short));
            let Some(option) = option else { continue };
            // The rest of the word is the value. Without a rest it is the next word.
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
            // The first of several values counts: behind `explain` it is the production.
            self.given
                .entry(argument.get_id().to_string())
                .or_insert_with(|| word.to_owned());
        }
        self.positionals += 1;
    }

    /// Returns the positional argument of the current word. The last one of a command may take any
    /// number of words.
    fn current_positional(&self) -> Option<&'a Arg> {
        let places = || self.command.get_positionals();
        places().nth(self.positionals).or_else(|| {
            places()
                .last()
                .filter(|place| matches!(place.get_action(), ArgAction::Append))
        })
    }

    /// Returns the completion of the current word. `values` returns the values of an argument.
    pub(super) fn complete_current(
        &self,
        values: impl Fn(&Arg, &Self) -> CompletionReply,
    ) -> CompletionReply {
        // An option before this word takes it as its value, even if it begins with a dash.
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
        // A command line without a command can only go on with one. A command without arguments can
        // only go on with options, which are then offered before a dash is typed.
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
        // An option that has its value is not offered again. Flags have none, so they stay.
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

/// Returns the candidates that begin with `typed`, each with `before` in front. Paths are left to
/// the shell.
fn filter_by_prefix(reply: CompletionReply, before: &str, typed: &str) -> CompletionReply {
    let CompletionReply::Words(words) = reply else {
        return reply;
    };
    // Bash shows every word that it gets, so those that do not fit are left out here.
    let fits = words
        .into_iter()
        .filter(|candidate| candidate.value.starts_with(typed));
    CompletionReply::Words(
        fits.map(|candidate| CompletionCandidate {
            value: format!("{before}{}", candidate.value),
            ..candidate
        })
        .collect(),
    )
}
