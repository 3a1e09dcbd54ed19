//! The formats in which scripts are read, and which one a file has.

use super::fountain::parse_screenplay;
use super::{Screenplay, final_draft};
use crate::base::{Diagnostics, FileId};
use crate::model::file_kind::FileKind;
use crate::model::office_format::OfficeFormat;
use std::path::Path;

/// The format of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptFormat {
    /// Plain text.
    Fountain,
    /// XML of Final Draft.
    FinalDraft,
}

impl ScriptFormat {
    /// Returns the format of a script with this text at this path.
    #[must_use]
    pub fn detect(path: &Path, text: &str) -> Self {
        let head = head_of(text.as_bytes());
        let has_extension = || {
            let extension = path.extension().and_then(|extension| extension.to_str());
            extension.is_some_and(|extension| extension.eq_ignore_ascii_case("fdx"))
        };
        // The first bytes decide, not the extension. Behind a long comment only the
        // extension is left to tell.
        let is_final_draft = match OfficeFormat::from_head(head) {
            Some(OfficeFormat::FinalDraft) => true,
            _ => has_extension(),
        };
        if is_final_draft {
            Self::FinalDraft
        } else {
            Self::Fountain
        }
    }

    /// Returns the most bytes of a script that is read. One of 300 pages has less than 1 MB as
    /// text, and a few as XML.
    #[must_use]
    pub const fn most_bytes(self) -> usize {
        match self {
            Self::Fountain => 8 << 20,
            Self::FinalDraft => 32 << 20,
        }
    }

    /// Returns why a text is too large to be a script, as a sentence. `None`: it is not.
    #[must_use]
    pub fn size_fault(self, text: &str) -> Option<String> {
        let megabytes = |bytes: usize| bytes.div_ceil(1 << 20);
        (text.len() > self.most_bytes()).then(|| {
            format!(
                "it has {} MB, and the limit for {} is {} MB",
                megabytes(text.len()),
                self.noun(),
                megabytes(self.most_bytes())
            )
        })
    }

    const fn noun(self) -> &'static str {
        match self {
            Self::Fountain => "scripts in Fountain",
            Self::FinalDraft => "scripts of Final Draft",
        }
    }

    /// Reads a script. `None`: it cannot be read, which only XML can be.
    pub fn parse(
        self,
        file: FileId,
        text: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Screenplay> {
        match self {
            Self::Fountain => Some(parse_screenplay(file, text, diagnostics)),
            Self::FinalDraft => final_draft::parse_final_draft(file, text, diagnostics),
        }
    }
}

/// Returns whether a file that begins with these bytes is of no format of scripts, such as a PDF.
#[must_use]
pub fn is_foreign_script(bytes: &[u8]) -> bool {
    !FileKind::from_head(head_of(bytes)).may_be_script()
}

fn head_of(bytes: &[u8]) -> &[u8] {
    let head_bytes = usize::try_from(FileKind::HEAD_BYTES).unwrap_or(usize::MAX);
    &bytes[..bytes.len().min(head_bytes)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_has_a_largest_size() {
        let format = ScriptFormat::Fountain;
        assert_eq!(format.size_fault(&"a".repeat(8 << 20)), None);
        assert_eq!(
            format.size_fault(&"a".repeat(40 << 20)).as_deref(),
            Some("it has 40 MB, and the limit for scripts in Fountain is 8 MB")
        );
    }
}
