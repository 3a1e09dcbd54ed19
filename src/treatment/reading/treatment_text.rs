//! From the bytes of a file to the text of a treatment: the format, and findings for what is no
//! text.

use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, SourceMap};
use crate::model::file_kind::FileKind;
use crate::model::office_format::OfficeFormat;
use std::path::Path;
use std::sync::Arc;

/// Most bytes of a treatment: about 700 pages. A longer one is a whole book, or no treatment.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// How a treatment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TreatmentFormat {
    /// CommonMark with tables.
    Markdown,
    /// Lines, points and labels.
    PlainText,
}

impl TreatmentFormat {
    /// Returns the format of a file by its extension. `None` for a file that is no treatment.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_lowercase();
        match extension.as_str() {
            "md" | "markdown" | "mdown" => Some(Self::Markdown),
            "txt" | "text" => Some(Self::PlainText),
            _ => None,
        }
    }
}

/// The text of a treatment, in the map of sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreatmentText {
    /// Its file.
    pub file: FileId,
    /// Its text.
    pub text: Arc<str>,
    /// How it is written.
    pub format: TreatmentFormat,
}

/// Returns the text of a treatment, or a finding why there is none.
pub fn treatment_text(
    path: &Path,
    bytes: &[u8],
    format: TreatmentFormat,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<TreatmentText> {
    let refuse = |sources: &mut SourceMap, code, message: String, help: &str| {
        let origin = FileSpan::new(sources.add_file(path, ""), 0, 0);
        Diagnostic::error(code, origin, message).with_help(help)
    };
    if bytes.len() > MAX_BYTES {
        let message = format!(
            "`{}` has {:.1} MB; a treatment has at most {} MB",
            path.display(),
            megabytes(bytes.len()),
            MAX_BYTES / 1024 / 1024
        );
        let help = "divide it: one treatment for each film";
        let code = "production::treatment::too_large";
        diagnostics.push(refuse(sources, code, message, help));
        return None;
    }
    let Some(text) = decode(bytes) else {
        let (message, help) = not_text_words(path, bytes);
        let code = "production::treatment::not_text";
        diagnostics.push(refuse(sources, code, message, help));
        return None;
    };
    let text: Arc<str> = text.into();
    let file = sources.add_file(path, Arc::clone(&text));
    Some(TreatmentText { file, text, format })
}

/// Returns what a file is that is no text, and what to do with it.
fn not_text_words(path: &Path, bytes: &[u8]) -> (String, &'static str) {
    let shown = path.display();
    let kind = FileKind::from_head(head_of(bytes));
    if kind == FileKind::Office(OfficeFormat::FinalDraft) {
        let message = format!("`{shown}` is a script of Final Draft");
        return (message, "give it the extension `.fdx`");
    }
    let help = "save it as plain text or Markdown in UTF-8";
    match kind.foreign_script_noun() {
        Some(noun) => (format!("`{shown}` is {noun}, and no text"), help),
        None => (format!("`{shown}` is not UTF-8 text"), help),
    }
}

fn head_of(bytes: &[u8]) -> &[u8] {
    let head_bytes = usize::try_from(FileKind::HEAD_BYTES).unwrap_or(usize::MAX);
    &bytes[..bytes.len().min(head_bytes)]
}

fn megabytes(bytes: usize) -> f64 {
    let kilobytes = u32::try_from(bytes / 1024).unwrap_or(u32::MAX);
    f64::from(kilobytes) / 1024.0
}

/// Returns the text of bytes in UTF-8, or in UTF-16 with a byte-order mark, as Notepad saves it.
fn decode(bytes: &[u8]) -> Option<String> {
    if let Some(text) = decode_utf16(bytes) {
        return Some(text);
    }
    let kind = FileKind::from_head(head_of(bytes));
    if !kind.may_be_script() || kind == FileKind::Office(OfficeFormat::FinalDraft) {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    // A zero byte is in files of other kinds, and nowhere in text.
    (!text.contains('\0')).then(|| text.to_owned())
}

fn decode_utf16(bytes: &[u8]) -> Option<String> {
    let units = |from: fn([u8; 2]) -> u16| {
        let pairs = bytes.get(2..)?.chunks_exact(2);
        let units: Vec<u16> = pairs.map(|pair| from([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok()
    };
    match bytes.get(..2)? {
        [0xff, 0xfe] => units(u16::from_le_bytes),
        [0xfe, 0xff] => units(u16::from_be_bytes),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (Option<TreatmentText>, Vec<&'static str>) {
        let mut found = Diagnostics::default();
        let text = treatment_text(
            Path::new("t.md"),
            bytes,
            TreatmentFormat::Markdown,
            &mut SourceMap::default(),
            &mut found,
        );
        (text, found.into_iter().map(|found| found.code).collect())
    }

    #[test]
    fn bytes_that_are_no_text_are_a_finding() {
        assert_eq!(
            read(b"\x89PNG\r\n\x1a\n\0\0").1,
            ["production::treatment::not_text"]
        );
        assert_eq!(read(b"<FinalDraft>").1, ["production::treatment::not_text"]);
        let words = |bytes: &[u8]| not_text_words(Path::new("a.md"), bytes).0;
        assert_eq!(words(b"%PDF-1.4"), "`a.md` is a PDF file, and no text");
        assert_eq!(words(b"caf\xe9"), "`a.md` is not UTF-8 text");
        assert_eq!(read(b"caf\xe9").1, ["production::treatment::not_text"]);
        assert_eq!(read(b"a\0b").1, ["production::treatment::not_text"]);
        let large = vec![b'a'; MAX_BYTES + 1];
        assert_eq!(read(&large).1, ["production::treatment::too_large"]);
    }

    #[test]
    fn utf_16_as_notepad_saves_it_is_read() {
        assert_eq!(&*read(b"\xff\xfeh\0i\0").0.unwrap().text, "hi");
    }
}
