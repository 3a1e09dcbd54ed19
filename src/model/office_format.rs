//! Formats of programs for writing, by their first bytes: what a script often is instead of plain
//! text.

/// A format in which a word processor or screenwriting program saves a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfficeFormat {
    /// Rich Text Format.
    Rtf,
    /// Portable Document Format.
    Pdf,
    /// Office Open XML, as Word writes it.
    Docx,
    /// OpenDocument, as LibreOffice writes it.
    OpenDocument,
    /// Another ZIP archive: Pages, Highland, Fade In, Celtx and others.
    Zip,
    /// The format of old versions of Word.
    OldWord,
    /// Final Draft.
    FinalDraft,
    /// Other XML.
    Xml,
    /// A web page.
    Html,
    /// An SQLite database, as KIT Scenarist keeps scripts in.
    Database,
    /// WordPerfect.
    WordPerfect,
}

impl OfficeFormat {
    /// Returns the format of a file that begins with these bytes. `None`: another.
    #[must_use]
    pub fn from_head(head: &[u8]) -> Option<Self> {
        // A blank or a byte-order mark before the text changes nothing for the programs that read
        // it.
        let text = head
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(head)
            .trim_ascii_start();
        let begins = |signature: &[u8]| {
            text.get(..signature.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(signature))
        };
        Some(match () {
            () if begins(b"{\\rtf") => Self::Rtf,
            () if begins(b"%PDF-") => Self::Pdf,
            () if head.starts_with(b"PK\x03\x04") => zip_format(head),
            () if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") => Self::OldWord,
            () if begins(b"<FinalDraft") => Self::FinalDraft,
            () if begins(b"<?xml") && has_part(text, b"<FinalDraft") => Self::FinalDraft,
            () if begins(b"<!DOCTYPE html") || begins(b"<html") => Self::Html,
            () if begins(b"<?xml") && has_part(text, b"<html") => Self::Html,
            () if begins(b"<?xml") => Self::Xml,
            () if head.starts_with(b"SQLite format 3\0") => Self::Database,
            () if head.starts_with(b"\xffWPC") => Self::WordPerfect,
            () => return None,
        })
    }

    /// Returns what it is, for a message: `an RTF file`.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Rtf => "an RTF file",
            Self::Pdf => "a PDF file",
            Self::Docx => "a Word file (.docx)",
            Self::OpenDocument => "an OpenDocument file (.odt)",
            Self::Zip => "a ZIP archive, such as a file of Pages, Highland or Fade In",
            Self::OldWord => "an old Word file (.doc)",
            Self::FinalDraft => "a Final Draft file (.fdx)",
            Self::Xml => "an XML file",
            Self::Html => "a web page",
            Self::Database => "an SQLite database",
            Self::WordPerfect => "a WordPerfect file",
        }
    }
}

/// Returns the format of a ZIP archive by the name of its first file, which the writers of these
/// formats choose alike.
fn zip_format(head: &[u8]) -> OfficeFormat {
    const NAME_OFFSET: usize = 30;
    let first = head.get(NAME_OFFSET..).unwrap_or_default();
    let is_docx = [
        &b"[Content_Types].xml"[..],
        b"_rels/",
        b"word/",
        b"docProps/",
    ]
    .iter()
    .any(|name| first.starts_with(name));
    if is_docx {
        OfficeFormat::Docx
    } else if first.starts_with(b"mimetypeapplication/vnd.oasis.opendocument") {
        OfficeFormat::OpenDocument
    } else {
        OfficeFormat::Zip
    }
}

fn has_part(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len())
        .any(|window| window.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_writing_programs_are_known_by_their_first_bytes() {
        let entry = |name: &str| [&b"PK\x03\x04"[..], &[0; 26], name.as_bytes()].concat();
        let heads: [(Vec<u8>, OfficeFormat); 14] = [
            (br"{\rtf1\ansi".to_vec(), OfficeFormat::Rtf),
            (b"\xef\xbb\xbf\n{\\rtf1".to_vec(), OfficeFormat::Rtf),
            (b"%PDF-1.7\n".to_vec(), OfficeFormat::Pdf),
            (entry("[Content_Types].xml"), OfficeFormat::Docx),
            (entry("word/document.xml"), OfficeFormat::Docx),
            (
                entry("mimetypeapplication/vnd.oasis.opendocument.text"),
                OfficeFormat::OpenDocument,
            ),
            (entry("Index/Document.iwa"), OfficeFormat::Zip),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(),
                OfficeFormat::OldWord,
            ),
            (
                b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n\r\n<FinalDraft DocumentType="
                    .to_vec(),
                OfficeFormat::FinalDraft,
            ),
            (b"<?xml version='1.0'?><script>".to_vec(), OfficeFormat::Xml),
            (b"<!doctype html><html>".to_vec(), OfficeFormat::Html),
            (b"<HTML>".to_vec(), OfficeFormat::Html),
            (b"SQLite format 3\0".to_vec(), OfficeFormat::Database),
            (b"\xffWPC".to_vec(), OfficeFormat::WordPerfect),
        ];
        for (head, format) in heads {
            assert_eq!(OfficeFormat::from_head(&head), Some(format));
        }
    }

    #[test]
    fn a_script_is_none_of_them() {
        for text in [
            "INT. A - DAY",
            "Title: A",
            "{A lamp.}",
            "{{note}}",
            "<b>",
            "%",
            "PK",
            "# Act one",
            "",
        ] {
            assert_eq!(OfficeFormat::from_head(text.as_bytes()), None, "{text}");
        }
    }
}
