//! The Python scripts that Blender runs. They are part of the program and are written for each
//! call.

use crate::base::Digest;
use crate::producers::contract::JobFailure;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A script that is started. The others are imported by these.
#[derive(Debug, Clone, Copy)]
pub(super) enum BlenderScript {
    /// Builds the scene and draws it.
    Draw,
    /// Makes a Blender file self-contained, and a glTF copy of it.
    Import,
    /// Makes a Blender file of another one, or of a model in another format.
    Convert,
}

/// Every script and its text.
const SCRIPT_FILES: [(&str, &str); 8] = [
    ("talk.py", include_str!("script/talk.py")),
    ("things.py", include_str!("script/things.py")),
    ("light.py", include_str!("script/light.py")),
    ("ground.py", include_str!("script/ground.py")),
    ("look.py", include_str!("script/look.py")),
    ("draw.py", include_str!("script/draw.py")),
    ("bring.py", include_str!("script/bring.py")),
    ("convert.py", include_str!("script/convert.py")),
];

impl BlenderScript {
    const fn file_name(self) -> &'static str {
        match self {
            Self::Draw => "draw.py",
            Self::Import => "bring.py",
            Self::Convert => "convert.py",
        }
    }

    /// Returns the names of the scripts that this one needs, itself included.
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
            Self::Convert => &["talk.py", "convert.py"],
        }
    }

    /// Returns the first eight hexadecimal digits of the digest of these scripts, for identities.
    pub(super) fn content_mark(self) -> &'static str {
        // Another script makes another result with the same Blender, so its content is part of the
        // identity. Only the scripts that take part count: a change of the import must not draw
        // every frame again. The mark is computed once, because planning needs it for every job.
        static DRAW: LazyLock<String> = LazyLock::new(|| compute_mark(BlenderScript::Draw));
        static BRING: LazyLock<String> = LazyLock::new(|| compute_mark(BlenderScript::Import));
        static CONVERT: LazyLock<String> = LazyLock::new(|| compute_mark(BlenderScript::Convert));
        match self {
            Self::Draw => &DRAW,
            Self::Import => &BRING,
            Self::Convert => &CONVERT,
        }
    }

    /// Writes the scripts and the request into a folder. Returns the paths of the script and of the
    /// request.
    pub(super) fn write_files(
        self,
        folder: &Path,
        request: &impl Serialize,
    ) -> Result<(PathBuf, PathBuf), JobFailure> {
        let script = folder.join(self.file_name());
        let request_path = folder.join("ask.json");
        // A folder of files and not one text on the command line: the scripts import each other,
        // and a request of many frames is longer than an argument may be.
        let scripts =
            script_modules(self).map(|(name, text)| (folder.join(name), text.as_bytes().to_vec()));
        // The paths are those of the store and the project on this machine, which need not be
        // UTF-8.
        let json = serde_json::to_vec(request)
            .map_err(|error| JobFailure::from_io_error("tell Blender what to do", &error.into()))?;
        let json = (request_path.clone(), json);
        for (path, bytes) in scripts.chain([json]) {
            std::fs::write(path, bytes)
                .map_err(|error| JobFailure::from_io_error("write Blender's request", &error))?;
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
