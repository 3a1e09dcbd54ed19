//! The one table of file kinds by their first bytes. Files in the store have no extension, and the
//! extension of other files may be wrong.

use super::office_format::OfficeFormat;

/// A kind of file that has a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Binary glTF.
    Glb,
    /// A JSON object, as glTF in text form is.
    Json,
    /// Radiance HDR picture.
    Hdr,
    /// OpenEXR picture.
    Exr,
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// TIFF.
    Tiff,
    /// Blender file, plain or compressed.
    Blend,
    /// The stand-in that Git LFS leaves for a file that was not fetched.
    LfsPointer,
    /// A file of a program for writing.
    Office(OfficeFormat),
    /// None of these.
    Other,
}

/// How files of a kind begin. A picture is known by its first eight bytes, as many as a scan for
/// its end has read. A compressed Blender file is known by its compression alone: a production
/// names no other.
const SIGNATURES: [(&[u8], FileKind); 12] = [
    (b"glTF", FileKind::Glb),
    (b"#?RADIAN", FileKind::Hdr),
    (b"#?RGBE", FileKind::Hdr),
    (b"\x76\x2f\x31\x01", FileKind::Exr),
    (b"\x89PNG\r\n\x1a\n", FileKind::Png),
    (b"\xff\xd8\xff", FileKind::Jpeg),
    (b"II*\0", FileKind::Tiff),
    (b"MM\0*", FileKind::Tiff),
    (b"BLENDER", FileKind::Blend),
    (b"\x28\xb5\x2f\xfd", FileKind::Blend),
    (b"\x1f\x8b", FileKind::Blend),
    (b"version https://git-lfs.", FileKind::LfsPointer),
];

impl FileKind {
    /// How many first bytes show the kind, with room for blanks before a JSON object and for the
    /// lines before the first element of an XML file.
    pub const HEAD_BYTES: u64 = 256;

    /// Returns the kind of a file that begins with these bytes.
    #[must_use]
    pub fn from_head(head: &[u8]) -> Self {
        let by_signature = SIGNATURES
            .iter()
            .find(|(signature, _)| head.starts_with(signature))
            .map(|(_, kind)| *kind);
        let text = head
            .strip_prefix(b"\xef\xbb\xbf")
            .unwrap_or(head)
            .trim_ascii_start();
        let by_format = || OfficeFormat::from_head(head).map(Self::Office);
        by_signature
            .or_else(by_format)
            .unwrap_or(if text.starts_with(b"{") {
                Self::Json
            } else {
                Self::Other
            })
    }

    /// Returns whether a file of this kind may be a script. Text may begin with `{`.
    #[must_use]
    pub const fn may_be_script(self) -> bool {
        matches!(
            self,
            Self::Json | Self::Other | Self::Office(OfficeFormat::FinalDraft)
        )
    }

    /// Returns what a file is that cannot be a script, for a message. `None`: it may be one, or
    /// has another remedy.
    #[must_use]
    pub const fn foreign_script_noun(self) -> Option<&'static str> {
        match self {
            Self::Office(OfficeFormat::FinalDraft) => None,
            Self::Office(format) => Some(format.noun()),
            Self::Glb => Some("a glTF model"),
            Self::Hdr | Self::Exr | Self::Png | Self::Jpeg | Self::Tiff => Some("a picture"),
            Self::Blend => Some("a Blender or compressed file"),
            Self::Json | Self::LfsPointer | Self::Other => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_first_bytes() {
        let heads: [(&[u8], FileKind); 10] = [
            (b"glTF\x02", FileKind::Glb),
            (b"\n { \"asset\"", FileKind::Json),
            (b"\xef\xbb\xbf{", FileKind::Json),
            (b"#?RADIANCE\n", FileKind::Hdr),
            (b"\x76\x2f\x31\x01", FileKind::Exr),
            (b"\x28\xb5\x2f\xfd", FileKind::Blend),
            (b"\xff\xd8\xff\xe0", FileKind::Jpeg),
            (
                b"version https://git-lfs.github.com/spec/v1\n",
                FileKind::LfsPointer,
            ),
            (b"PK\x03", FileKind::Other),
            (b"{\\rtf1\\ansi", FileKind::Office(OfficeFormat::Rtf)),
        ];
        for (head, kind) in heads {
            assert_eq!(FileKind::from_head(head), kind, "{head:?}");
        }
    }

    #[test]
    fn a_file_that_is_no_script_has_a_name_or_another_remedy() {
        assert_eq!(
            FileKind::from_head(b"%PDF-1.4").foreign_script_noun(),
            Some("a PDF file")
        );
        assert!(FileKind::from_head(b"{A lamp.}").may_be_script());
        let pointer = FileKind::LfsPointer;
        assert!(!pointer.may_be_script() && pointer.foreign_script_noun().is_none());
    }
}
