//! A production that was made from words, before it is on the disk.

/// A file of a new production.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CreatedFile {
    /// In the folder of the production, with `/`.
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

/// A production that was made from words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct CreatedProduction {
    /// The text of `production.yaml`.
    pub(super) document: String,
    /// Models and other files that it names.
    pub(super) files: Vec<CreatedFile>,
    /// The treatment or the script itself.
    pub(super) source: Option<CreatedFile>,
}

impl CreatedProduction {
    pub(super) fn add_file(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.push(CreatedFile {
            path: path.into(),
            bytes: bytes.into(),
        });
    }

    pub(super) fn has_file(&self, path: &str) -> bool {
        self.files.iter().any(|file| file.path == path)
    }
}
