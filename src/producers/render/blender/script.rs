//! The scripts that Blender runs, embedded in the program and written where a call can find them.

use crate::base::Digest;
use crate::producers::task::Failure;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// One of the scripts that are started; the others are imported by them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Script {
    /// Builds and draws.
    Draw,
    /// Makes one self-contained file of a Blender file, and a glTF copy.
    Bring,
}

/// Every script, by name.
const FILES: [(&str, &str); 7] = [
    ("talk.py", include_str!("script/talk.py")),
    ("things.py", include_str!("script/things.py")),
    ("light.py", include_str!("script/light.py")),
    ("ground.py", include_str!("script/ground.py")),
    ("look.py", include_str!("script/look.py")),
    ("draw.py", include_str!("script/draw.py")),
    ("bring.py", include_str!("script/bring.py")),
];

impl Script {
    const fn file(self) -> &'static str {
        match self {
            Self::Draw => "draw.py",
            Self::Bring => "bring.py",
        }
    }

    /// Returns the names of the scripts that take part.
    const fn parts(self) -> &'static [&'static str] {
        match self {
            Self::Draw => &[
                "talk.py",
                "things.py",
                "light.py",
                "ground.py",
                "look.py",
                "draw.py",
            ],
            Self::Bring => &["talk.py", "bring.py"],
        }
    }

    /// Returns a mark of the content, for identities: another script makes another result, whatever Blender's version.
    pub(super) fn mark(self) -> &'static str {
        static DRAW: LazyLock<String> = LazyLock::new(|| mark(Script::Draw));
        static BRING: LazyLock<String> = LazyLock::new(|| mark(Script::Bring));
        match self {
            Self::Draw => &DRAW,
            Self::Bring => &BRING,
        }
    }

    /// Writes the scripts and what they are asked into a folder; returns the path of the script, and that of what is asked.
    pub(super) fn write(
        self,
        folder: &Path,
        asked: &impl Serialize,
    ) -> Result<(PathBuf, PathBuf), Failure> {
        let (script, ask) = (folder.join(self.file()), folder.join("ask.json"));
        let scripts = parts(self).map(|(name, text)| (folder.join(name), text.as_bytes().to_vec()));
        let json = (ask.clone(), serde_json::to_vec(asked).unwrap_or_default());
        for (path, bytes) in scripts.chain([json]) {
            std::fs::write(path, bytes)
                .map_err(|error| Failure::io("tell Blender what to do", &error))?;
        }
        Ok((script, ask))
    }
}

fn parts(script: Script) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    FILES
        .iter()
        .filter(move |(name, _)| script.parts().contains(name))
}

fn mark(script: Script) -> String {
    let text: String = parts(script).map(|(_, text)| *text).collect();
    Digest::hash_bytes(text.as_bytes()).hex_string()[..8].to_owned()
}
