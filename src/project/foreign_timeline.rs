//! Timelines of other programs that are not read, and what to export in their place.

use crate::base::{Diagnostic, FileSpan};

/// What to export in place of a timeline that is not read.
const READ_KINDS: &str =
    "OpenTimelineIO (`.otio`), Final Cut Pro XML (`.fcpxml`) or an edit decision list (`.edl`)";

/// Letters at the start of a file that are looked at.
const HEAD_LETTERS: usize = 4096;

/// Timelines of other programs by their extensions, each with what it is.
const OTHER_KINDS: [(&str, &str); 8] = [
    (
        "aaf",
        "an Advanced Authoring Format file, as Avid Media Composer writes it",
    ),
    (
        "ale",
        "an Avid Log Exchange file, which lists sources and has no cut",
    ),
    ("drp", "a project of DaVinci Resolve"),
    ("drt", "a timeline of DaVinci Resolve"),
    (
        "fcpxmld",
        "a bundle of Final Cut Pro: its timeline is the `Info.fcpxml` inside",
    ),
    (
        "otiod",
        "a bundle of OpenTimelineIO: its timeline is the `content.otio` inside",
    ),
    (
        "otioz",
        "a bundle of OpenTimelineIO: its timeline is the `content.otio` inside",
    ),
    ("prproj", "a project of Premiere Pro"),
];

/// Returns the finding that the extension of a shot list is that of a timeline which is not read.
/// `None`: it is not.
pub(super) fn other_timeline(name: &str, origin: FileSpan) -> Option<Diagnostic> {
    let extension = name.rsplit_once('.')?.1.to_lowercase();
    let (_, what) = OTHER_KINDS.iter().find(|(known, _)| *known == extension)?;
    let finding = Diagnostic::error(
        "production::recut::unreadable",
        origin,
        format!("`{name}` is {what}; it is not read"),
    );
    let help = format!("export the timeline as {READ_KINDS}");
    Some(finding.with_label("not read").with_help(help))
}

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
    fn other_kinds_of_timelines_are_named_by_their_extension() {
        let found = |name: &str| other_timeline(name, FileSpan::default());
        let message = found("cuts/recut.AAF").unwrap().message;
        assert!(message.contains("Avid"), "{message}");
        let bundle = found("recut.otioz").unwrap();
        assert!(
            bundle.message.contains("`content.otio`"),
            "{}",
            bundle.message
        );
        assert!(bundle.help.unwrap_or_default().contains("`.edl`"));
        for read in ["recut.otio", "shots.yaml", "shots.csv", "recut"] {
            assert_eq!(found(read), None, "{read}");
        }
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
