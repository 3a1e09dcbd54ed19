//! What could stand at the place of a word that is being typed: the same answer for every shell.
//!
//! [`typed_command`] reads what was typed by the definitions of the command line, [`argument_values`] knows what an option or argument can
//! be, shot names of the production being typed among it. The scripts of the shells beside this file only hand words
//! over and show what comes back; each asks this program, so what is offered is never older than it is.

mod argument_values;
mod completion_reply;
mod typed_command;

pub(super) use completion_reply::{
    CompletionCandidate, CompletionReply, complete_word, completion_script, format_reply,
};
