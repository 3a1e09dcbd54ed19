//! A voice of `piper`: of a package, or a file of the project.

use crate::base::Digest;
use crate::media::piper_program::PiperProgram;
use crate::media::voice_model::description_path;
use std::path::{Path, PathBuf};

/// A voice that can speak.
#[derive(Debug, Clone)]
pub(in crate::producers) struct PiperVoice {
    pub(super) program: PathBuf,
    pub(super) model: PathBuf,
    identity: String,
}

impl PiperVoice {
    /// Returns the voice of this name: of a package, or a file of the project in `root`.
    pub(super) fn find(program: &PiperProgram, name: &str, root: &Path) -> Result<Self, String> {
        let model = match program.voice_file(name) {
            Some(path) => path.to_owned(),
            // Documents written on Windows mean the same files everywhere.
            None if is_voice_file(name) => root.join(name.replace('\\', "/")),
            None => {
                let known: Vec<&str> = program.voice_names().collect();
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
        // Of the files and not of the name: another model of the same name speaks otherwise.
        let digest = voice_digest(&model, &description_path(&model))
            .map_err(|error| format!("read the voice `{name}`: {error}"))?;
        Ok(Self {
            program: program.path().to_owned(),
            model,
            identity: format!("piper {}, voice {}", program.version(), &digest[..16]),
        })
    }

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

fn voice_digest(model: &Path, description: &Path) -> std::io::Result<String> {
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
        digest(description)?.hex_string()
    );
    Ok(Digest::hash_bytes(both.as_bytes()).hex_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::CancelToken;
    use crate::process::CallOptions;
    use std::os::unix::fs::PermissionsExt;

    /// Returns a program that is found, and whose Python says what that of piper-tts says.
    fn fake_program(folder: &Path) -> PiperProgram {
        let script = |name: &str, text: String| {
            let path = folder.join(name);
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
            path
        };
        let python = script("python3", "#!/bin/sh\necho 1.8.0\n".to_owned());
        script("piper", format!("#!{}\n", python.display()));
        let cancel = CancelToken::default();
        PiperProgram::find(folder.as_os_str(), CallOptions::new(&cancel)).unwrap()
    }

    #[test]
    fn another_voice_file_is_another_identity() {
        let folder = tempfile::tempdir().unwrap();
        let program = fake_program(folder.path());
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).unwrap();
        };
        let identity = || {
            let voice = PiperVoice::find(&program, "a.onnx", folder.path());
            voice.map(|voice| voice.identity())
        };
        assert!(identity().unwrap_err().contains("a.onnx"));
        write("a.onnx", "1");
        assert!(identity().is_err(), "without its description");
        write("a.onnx.json", "{}");
        let first = identity().unwrap();
        write("a.onnx.json", "{ }");
        assert_ne!(identity().unwrap(), first);
        let unknown = PiperVoice::find(&program, "joe", folder.path()).unwrap_err();
        assert!(unknown.contains("voices/joe.onnx"), "{unknown}");
    }
}
