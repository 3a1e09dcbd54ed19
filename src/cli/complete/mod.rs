//! What could stand at the place of a word that is being typed: the same answer for every shell.
//!
//! [`words`] reads what was typed by the definitions of the command line, [`values`] knows what an option or argument can
//! be, shot names of the production being typed among it. The scripts of the shells beside this file only hand words
//! over and show what comes back; each asks this program, so what is offered is never older than it is.

mod reply;
mod values;
mod words;

pub(super) use reply::{Candidate, Reply, reply, script, written};
