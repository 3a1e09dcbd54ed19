//! What a file is that a command got where it takes another kind, by its first bytes, and what can
//! be done with it.

use super::exit_codes::CliError;
use crate::base::bounded_text::read_head;
use crate::base::shell_quoting::readable_shell_word;
use crate::model::file_kind::FileKind;
use crate::model::office_format::OfficeFormat;
use crate::treatment::TreatmentFormat;
use std::path::Path;

/// Extensions of documents of productions.
const DOCUMENT_EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];
/// Extensions of scripts.
const SCRIPT_EXTENSIONS: [&str; 2] = ["fountain", "fdx"];

/// What to do with words in a format of other programs.
const SAVE_WORDS: &str = "save it as plain text (`.txt`) or Markdown (`.md`) if it is a treatment, or as Fountain \
                          (`.fountain`) or Final Draft (`.fdx`) if it is a script";

/// What a file is that is no document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OtherFile {
    Script,
    Treatment,
    /// Words in a format that is not read.
    ForeignWords(&'static str),
    /// A picture.
    Picture,
    /// Anything else that is no text.
    NoText(&'static str),
    /// Text without a known extension.
    PlainText,
}

/// Fails for a file that cannot be the document of a production, and says what it is. A missing file
/// is reported by the code that opens it.
///
/// # Errors
/// Fails for scripts, treatments, pictures and files of other programs.
pub(super) fn check_document_file(path: &Path) -> Result<(), CliError> {
    let shown = path.display();
    let (noun, help) = match other_file(path) {
        // A document may have any extension; what is wrong in it is shown with its place.
        None | Some(OtherFile::PlainText) => return Ok(()),
        Some(OtherFile::Script) => {
            let word = readable_shell_word(&shown.to_string());
            let help = format!(
                "`production create NAME --from {word}` makes a production of it, and `production story {word}` shows \
                 what is in it"
            );
            ("a script", help)
        }
        Some(OtherFile::Treatment) => {
            let word = readable_shell_word(&shown.to_string());
            let help = format!(
                "`production create NAME --from {word}` makes a production of it, and `production plan {word}` shows \
                 its plan"
            );
            ("a treatment", help)
        }
        Some(OtherFile::ForeignWords(noun)) => (
            noun,
            format!(
                "{SAVE_WORDS}, and make a production of that: `production create NAME --from FILE`"
            ),
        ),
        Some(OtherFile::Picture) => ("a picture", OTHER_HELP.to_owned()),
        Some(OtherFile::NoText(noun)) => (noun, OTHER_HELP.to_owned()),
    };
    Err(CliError::Usage(format!(
        "read {shown}: it is {noun}, and no document of a production; {help}"
    )))
}

/// What to do with a file that has no words.
const OTHER_HELP: &str =
    "`production create NAME` begins a production, whose document can name such files";

/// Fails for a file of `create --from` that is neither a document nor a treatment or script by its
/// extension, and says what it is.
///
/// # Errors
/// As [`check_document_file`], and for text with another extension.
pub(super) fn check_source_file(path: &Path) -> Result<(), CliError> {
    let (noun, help) = match other_file(path) {
        None => return Ok(()),
        Some(OtherFile::Script) => (
            "a script under another name",
            "give it the extension `.fountain` or `.fdx`".to_owned(),
        ),
        Some(OtherFile::Treatment | OtherFile::PlainText) => (
            "plain text",
            "give it the extension `.md` or `.txt` if it is a treatment, `.fountain` if it is a script, or `.yaml` if \
             it is the document of a production"
                .to_owned(),
        ),
        Some(OtherFile::ForeignWords(noun)) => (noun, SAVE_WORDS.to_owned()),
        Some(OtherFile::Picture) => (
            "a picture",
            "a treatment shows it with `Visual: FILE` in a scene, and an ad has it as its logo with `--prompt WORDS \
             --logo FILE`"
                .to_owned(),
        ),
        Some(OtherFile::NoText("a glTF model")) => (
            "a glTF model",
            "an ad shows it with `--prompt WORDS --product FILE`".to_owned(),
        ),
        Some(OtherFile::NoText(noun)) => (
            noun,
            "a film is made from a treatment (`.md`, `.txt`), a script (`.fountain`, `.fdx`), a production, or \
             `--prompt WORDS`"
                .to_owned(),
        ),
    };
    Err(CliError::Usage(format!(
        "make a film from {}: it is {noun}; {help}",
        path.display()
    )))
}

/// Returns what a file is. `None`: it may be a document, or cannot be read.
fn other_file(path: &Path) -> Option<OtherFile> {
    // A pipe is not read here: the command that reads it would miss these bytes.
    if !path.is_file() {
        return None;
    }
    let head = read_head(path, FileKind::HEAD_BYTES).ok()?;
    let has_extension = |known: &[&str]| {
        let extension = path.extension().and_then(|extension| extension.to_str());
        extension.is_some_and(|extension| {
            known
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
        })
    };
    match FileKind::from_head(&head) {
        FileKind::Office(OfficeFormat::FinalDraft) => Some(OtherFile::Script),
        FileKind::Office(format) => Some(OtherFile::ForeignWords(format.noun())),
        FileKind::Hdr | FileKind::Exr | FileKind::Png | FileKind::Jpeg | FileKind::Tiff => {
            Some(OtherFile::Picture)
        }
        kind @ (FileKind::Glb | FileKind::Blend) => {
            kind.foreign_script_noun().map(OtherFile::NoText)
        }
        FileKind::Json | FileKind::LfsPointer | FileKind::Other => {
            if has_extension(&DOCUMENT_EXTENSIONS) {
                None
            } else if has_extension(&SCRIPT_EXTENSIONS) {
                Some(OtherFile::Script)
            } else if !is_text(&head) {
                Some(OtherFile::NoText("no text"))
            } else if TreatmentFormat::from_path(path).is_some() {
                Some(OtherFile::Treatment)
            } else {
                Some(OtherFile::PlainText)
            }
        }
    }
}

/// Returns whether the first bytes of a file are text. The last character may be cut.
fn is_text(head: &[u8]) -> bool {
    let utf_16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let is_utf_8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    // A zero byte is valid UTF-8, but no text has one, and most binary files do.
    utf_16 || is_utf_8 && !head.contains(&0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(name: &str, bytes: &[u8]) -> [Option<String>; 2] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let text = |result: Result<(), CliError>| {
            let text = result.err().map(|error| error.to_string());
            text.map(|text| text.replace(&path.display().to_string(), name))
        };
        [
            text(check_document_file(&path)),
            text(check_source_file(&path)),
        ]
    }

    /// A file, its first bytes, and what the messages say as a document and as a source.
    const OTHER_FILES: [(&str, &[u8], &str, &str); 9] = [
        (
            "a.fountain",
            b"INT. A - DAY\n",
            "it is a script,",
            "it is a script",
        ),
        ("a.xml", b"<FinalDraft>", "it is a script,", "`.fdx`"),
        (
            "a.md",
            b"# Bees\n",
            "it is a treatment,",
            "it is plain text",
        ),
        (
            "a.pdf",
            b"%PDF-1.4\n",
            "it is a PDF file,",
            "it is a PDF file; save it",
        ),
        (
            "a.rtf",
            b"{\\rtf1",
            "it is an RTF file,",
            "it is an RTF file; save it",
        ),
        (
            "a.docx",
            b"PK\x03\x04aaaaaaaaaaaaaaaaaaaaaaaaaaword/document.xml",
            "it is a Word file (.docx),",
            "it is a Word file (.docx); save it",
        ),
        (
            "a.png",
            b"\x89PNG\r\n\x1a\n",
            "it is a picture,",
            "--logo FILE",
        ),
        (
            "a.mp4",
            b"\0\0\0\x18ftypmp42",
            "it is no text,",
            "it is no text; a film",
        ),
        (
            "a.glb",
            b"glTF\x02",
            "it is a glTF model,",
            "--product FILE",
        ),
    ];

    #[test]
    fn a_file_that_is_no_document_is_named_with_what_to_do() {
        for (name, bytes, document, source) in OTHER_FILES {
            let [as_document, as_source] = faults(name, bytes);
            assert!(
                as_document.as_ref().unwrap().contains(document),
                "{as_document:?}"
            );
            assert!(
                as_source.as_ref().unwrap().contains(source),
                "{as_source:?}"
            );
        }
        let [as_document, as_source] = faults("honey.doc", b"# Honey\n");
        assert_eq!(as_document, None);
        assert!(
            as_source
                .unwrap()
                .contains("give it the extension `.md` or `.txt`")
        );
        assert_eq!(faults("a.yaml", b"production:\n"), [None, None]);
        assert_eq!(faults("a.json", b"{}"), [None, None]);
    }
}
