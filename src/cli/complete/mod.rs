//! Completion of the word that is being typed, the same for every shell.
//!
//! [`typed_command`] parses the words before it by clap's definitions of the commands.
//! [`argument_values`] lists the values of an option or argument, such as the shots of the
//! production that was typed. The shell scripts beside this file only pass words and show the
//! reply. Scripts with the options inside, as `clap_complete` generates them, would know no shots
//! and would be out of date after every upgrade.

mod argument_values;
mod completion_reply;
mod typed_command;

pub(super) use completion_reply::{
    CompletionCandidate, CompletionReply, complete_word, completion_script, format_reply,
};
