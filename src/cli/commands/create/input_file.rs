//! Files that the command line names, as they are read: plain files of a limited size.

use crate::cli::exit_codes::CliError;
use std::io::Read;
use std::path::Path;

/// Reads a file. `what` says what it should be, such as `a treatment`.
///
/// # Errors
/// Fails on anything but a plain file, because a pipe or a device may never end, and on a file of
/// more than `most` bytes.
pub(super) fn read_input_file(path: &Path, what: &str, most: u64) -> Result<Vec<u8>, CliError> {
    let unreadable = |source| CliError::InputFile {
        path: path.to_owned(),
        source,
    };
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        let message = format!("read {}: it is no file", path.display());
        return Err(CliError::Usage(message));
    }
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    // One byte more: it says that there are too many.
    let mut limited = file.take(most.saturating_add(1));
    limited.read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > most {
        let message = format!(
            "read {}: it has more than {} MB, too many to be {what}",
            path.display(),
            most >> 20
        );
        return Err(CliError::Usage(message));
    }
    Ok(bytes)
}
