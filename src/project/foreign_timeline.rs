//! Timelines of other programs that are not read, and what to export in their place.

use crate::base::{Diagnostic, FileSpan};

/// What to export in place of a timeline that is not read.
const READ_KINDS: &str =
    "OpenTimelineIO (`.otio`), Final Cut Pro XML (`.fcpxml`) or an edit decision list (`.edl`)";

/// Letters at the start of a file that are looked at.
const HEAD_LETTERS: usize = 4096;

/// Returns the finding that a shot list is XML, which none is. `None`: it is no XML.
pub(super) fn foreign_timeline(name: &str, text: &str, origin: FileSpan) -> Option<Diagnostic> {
    let head: String = text.trim_start().chars().take(HEAD_LETTERS).collect();
    let head = head.trim_start_matches('\u{feff}').to_lowercase();
    if !head.starts_with('<') {
        return None;
    }
    let (message, help) = if head.contains("<xmeml") {
        (
            format!(
                "`{name}` is XML of Final Cut Pro 7 (`xmeml`), as Premiere Pro writes it, which is not read"
            ),
            format!("export the sequence again as {READ_KINDS}"),
        )
    } else if head.contains("<fcpxml") {
        (
            format!("`{name}` is Final Cut Pro XML under another name"),
            "give it the extension `.fcpxml`".to_owned(),
        )
    } else {
        (
            format!("`{name}` is XML, and no list of shots"),
            format!("write a list in YAML, CSV or TSV, or export a timeline as {READ_KINDS}"),
        )
    };
    let code = "production::recut::unreadable";
    let finding = Diagnostic::error(code, origin, message).with_label("not read");
    Some(finding.with_help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(String, String)> {
        let found = foreign_timeline("recut.xml", text, FileSpan::default())?;
        Some((found.message, found.help.unwrap_or_default()))
    }

    #[test]
    fn xml_of_premiere_is_named_with_what_to_export() {
        let text =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE xmeml>\n<xmeml version=\"4\">";
        let (message, help) = found(text).unwrap();
        assert!(message.contains("Premiere Pro"), "{message}");
        assert!(
            help.contains("`.otio`") && help.contains("`.edl`"),
            "{help}"
        );
        let (_, help) = found("\u{feff}<?xml version=\"1.0\"?><fcpxml version=\"1.8\">").unwrap();
        assert_eq!(help, "give it the extension `.fcpxml`");
        assert!(found("<other/>").unwrap().0.contains("no list of shots"));
        assert_eq!(found("shots:\n  - {name: one}\n"), None);
    }
}
