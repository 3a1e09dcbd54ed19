//! The scripts that Blender runs, embedded in the program and written where a call can find them.

use crate::base::Digest;
use crate::producers::contract::JobFailure;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// One of the scripts that are started; the others are imported by them.
#[derive(Debug, Clone, Copy)]
pub(super) enum BlenderScript {
    /// Builds and draws.
    Draw,
    /// Makes one self-contained file of a Blender file, and a glTF copy.
    Import,
}

/// Every script, by name.
const SCRIPT_FILES: [(&str, &str); 7] = [
    ("talk.py", include_str!("script/talk.py")),
    ("things.py", include_str!("script/things.py")),
    ("light.py", include_str!("script/light.py")),
    ("ground.py", include_str!("script/ground.py")),
    ("look.py", include_str!("script/look.py")),
    ("draw.py", include_str!("script/draw.py")),
    ("bring.py", include_str!("script/bring.py")),
];

impl BlenderScript {
    const fn file_name(self) -> &'static str {
        match self {
            Self::Draw => "draw.py",
            Self::Import => "bring.py",
        }
    }

    /// Returns the names of the scripts that take part.
    const fn module_names(self) -> &'static [&'static str] {
        match self {
            Self::Draw => &[
                "talk.py",
                "things.py",
                "light.py",
                "ground.py",
                "look.py",
                "draw.py",
            ],
            Self::Import => &["talk.py", "bring.py"],
        }
    }

    /// Returns a mark of the content, for identities: another script makes another result, whatever Blender's version.
    pub(super) fn content_mark(self) -> &'static str {
        static DRAW: LazyLock<String> = LazyLock::new(|| compute_mark(BlenderScript::Draw));
        static BRING: LazyLock<String> = LazyLock::new(|| compute_mark(BlenderScript::Import));
        match self {
            Self::Draw => &DRAW,
            Self::Import => &BRING,
        }
    }

    /// Writes the scripts and what they are asked into a folder; returns the path of the script, and that of what is asked.
    pub(super) fn write_files(
        self,
        folder: &Path,
        request: &impl Serialize,
    ) -> Result<(PathBuf, PathBuf), JobFailure> {
        let (script, request_path) = (folder.join(self.file_name()), folder.join("ask.json"));
        let scripts =
            script_modules(self).map(|(name, text)| (folder.join(name), text.as_bytes().to_vec()));
        // The paths are those of the store and the project on this machine, which need not be UTF-8.
        let json = serde_json::to_vec(request)
            .map_err(|error| JobFailure::from_io_error("tell Blender what to do", &error.into()))?;
        let json = (request_path.clone(), json);
        for (path, bytes) in scripts.chain([json]) {
            std::fs::write(path, bytes)
                .map_err(|error| JobFailure::from_io_error("tell Blender what to do", &error))?;
        }
        Ok((script, request_path))
    }
}

fn script_modules(
    script: BlenderScript,
) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    SCRIPT_FILES
        .iter()
        .filter(move |(name, _)| script.module_names().contains(name))
}

fn compute_mark(script: BlenderScript) -> String {
    let text: String = script_modules(script).map(|(_, text)| *text).collect();
    Digest::hash_bytes(text.as_bytes()).hex_string()[..8].to_owned()
}
