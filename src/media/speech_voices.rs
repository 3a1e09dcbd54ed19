//! Asks speech engines which voices they have.

use super::piper_program::PiperProgram;
use crate::base::{CancelToken, find_program};
use crate::process::{CallOptions, ask_program};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::process::Command;

/// The variable that keeps `espeak-ng` from a sound server, with its value.
// It connects to one at every start, even to write a file or to list its voices. The library of
// PulseAudio then makes folders in the home and in the temporary folder, though nothing is played.
pub const NO_SOUND_SERVER: (&str, &str) = ("PULSE_SERVER", "unix:/dev/null");

/// Returns the languages and the variants of the `espeak-ng` on the search path, in small letters.
/// `None`: it is not there, or does not answer.
#[must_use]
pub fn espeak_voices(search_path: &OsStr) -> Option<BTreeSet<String>> {
    let program = find_program("espeak-ng", search_path)?;
    let cancel = CancelToken::default();
    let mut names = BTreeSet::new();
    for list in ["--voices", "--voices=variant"] {
        let mut command = Command::new(&program);
        command.arg(list).env(NO_SOUND_SERVER.0, NO_SOUND_SERVER.1);
        let answer = ask_program(command, search_path, CallOptions::new(&cancel)).ok()?;
        names.extend(voice_names(&String::from_utf8_lossy(&answer.stdout)));
    }
    // An answer of another form says nothing.
    (!names.is_empty()).then_some(names)
}

/// Returns the voices that packages of the `piper` on the search path have.
///
/// # Errors
/// Fails with the reason, after "failed to", if it is another program or does not answer.
pub fn piper_voices(search_path: &OsStr) -> Result<BTreeSet<String>, String> {
    let cancel = CancelToken::default();
    let program = PiperProgram::find(search_path, CallOptions::new(&cancel))?;
    Ok(program.voice_names().map(str::to_owned).collect())
}

/// Returns the names in a table of voices: the language, and the file of a variant.
fn voice_names(table: &str) -> Vec<String> {
    let rows = table.lines().skip(1);
    rows.flat_map(|row| {
        let mut columns = row.split_whitespace();
        let language = columns.nth(1).map(str::to_lowercase);
        // The name of a file may contain spaces, so it is found by how it begins.
        let file = row
            .find("!v/")
            .map(|at| row[at + 3..].trim().to_lowercase());
        language
            .filter(|language| language != "variant")
            .into_iter()
            .chain(file)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_names_languages_and_variants() {
        let languages = "Pty Language       Age/Gender VoiceName          File\n \
             5  en-us           --/M      English_(America)  gmw/en-US            (en 3)\n";
        let variants = "Pty Language       Age/Gender VoiceName          File\n \
             5  variant         --/F      female3            !v/f3\n \
             5  variant         --/M      Mr_Serious         !v/Mr serious        \n";
        assert_eq!(voice_names(languages), ["en-us"]);
        assert_eq!(voice_names(variants), ["f3", "mr serious"]);
        assert!(voice_names("").is_empty());
    }
}
