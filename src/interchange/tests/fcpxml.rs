//! Projects of Final Cut.

use super::*;

/// Final Cut Pro: a clip inside of a container, a connected title, an odd transition.
const FOREIGN_FCPXML: &str = r#"<?xml version="1.0"?>
<!DOCTYPE fcpxml>
<fcpxml version="1.9"><resources>
<format id="r1" frameDuration="100/2400s" width="1920" height="1080"/>
<asset id="r2" name="sh020" src="file:///x/sh020.mov" start="3600s" duration="10s" hasVideo="1"/>
</resources>
<library><event><project name="theirs"><sequence format="r1" tcStart="3600s" tcFormat="NDF"><spine>
<asset-clip ref="r2" offset="3600s" name="sh020 &amp; co" start="86500/24s" duration="2s">
<adjust-transform scale="1 1" position="0 0"/><title lane="1" offset="3600s" duration="1s"/><marker start="3601s" value="x"/></asset-clip>
<transition name="Page Peel" offset="86442/24s" duration="10/24s"/>
<clip name="box" offset="3602s" duration="1s" start="1s"><adjust-transform scale="2 2"/><video ref="r2" offset="0s" start="3601s"/></clip>
<gap offset="3603s" duration="1s"/>
</spine></sequence></project></event></library></fcpxml>"#;

#[test]
fn a_project_of_final_cut_is_read() {
    let mut diagnostics = Diagnostics::default();
    let read = read_fcpxml(&source(FOREIGN_FCPXML, FILM), &mut diagnostics).unwrap();
    assert_eq!(read.name, "theirs");
    assert_eq!(read.start, 86_400);
    let shown = read.placed_clips();
    assert_eq!(
        shown,
        [("sh020 & co", 0, 48, 86_500), ("box", 48, 24, 86_448)]
    );
    assert_eq!(read.clips[1].other_names, ["sh020", "sh020"]);
    let transition = &read.transitions[0];
    assert_eq!(
        (transition.cut, transition.before, transition.after),
        (48, 6, 4)
    );
    let found = messages(&diagnostics);
    assert!(
        found[0].contains("`Page Peel` is no transition"),
        "{found:?}"
    );
    assert!(
        found[1].contains("recut::gap 24 frames behind the last clip"),
        "{found:?}"
    );
    assert!(
        found[2].contains("effects (1), markers (1), titles (1)"),
        "{found:?}"
    );
}

#[test]
fn a_damaged_project_of_final_cut_is_refused_at_its_place() {
    let wrong = FOREIGN_FCPXML.replace("duration=\"2s\"", "duration=\"1/7s\"");
    let mut diagnostics = Diagnostics::default();
    assert_eq!(read_fcpxml(&source(&wrong, FILM), &mut diagnostics), None);
    let error = &diagnostics.as_slice()[0];
    assert_eq!(
        &wrong[error.origin.start as usize..error.origin.end as usize],
        "1/7s"
    );
    let half = &FOREIGN_FCPXML[..FOREIGN_FCPXML.find("<marker").unwrap()];
    let mut diagnostics = Diagnostics::default();
    assert_eq!(read_fcpxml(&source(half, FILM), &mut diagnostics), None);
    let error = &diagnostics.as_slice()[0];
    assert!(error.message.contains("ends before its elements"));
    assert_eq!(&half[error.origin.start as usize..], ">");
    for text in [
        "",
        "<a",
        "<a/>",
        "<fcpxml/>",
        "<fcpxml><sequence/></fcpxml>",
    ] {
        let mut diagnostics = Diagnostics::default();
        assert_eq!(read_fcpxml(&source(text, FILM), &mut diagnostics), None);
        assert!(diagnostics.has_errors(), "{text}");
    }
}

#[test]
fn entities_that_grow_are_refused() {
    let bomb = format!(
        "<!DOCTYPE a [<!ENTITY a \"{}\">{}]><fcpxml>&j;</fcpxml>",
        "x".repeat(1000),
        ('b'..='j')
            .map(|name| {
                let before = char::from(name as u8 - 1);
                format!("<!ENTITY {name} \"{}\">", format!("&{before};").repeat(10))
            })
            .collect::<String>()
    );
    let mut diagnostics = Diagnostics::default();
    assert_eq!(read_fcpxml(&source(&bomb, FILM), &mut diagnostics), None);
    assert!(diagnostics.has_errors());
}

/// What of the file is replaced, by what, the code of the finding, and its message.
const WRONG_FCPXML: [(&str, &str, &str, &str); 8] = [
    (
        "100/2400s",
        "1/0s",
        "unreadable",
        "`1/0s` is no length of a frame",
    ),
    (
        "100/2400s",
        "NaNs",
        "unreadable",
        "`NaNs` is no length of a frame",
    ),
    (
        "100/2400s",
        "-1/24s",
        "unreadable",
        "`-1/24s` is no length of a frame",
    ),
    (
        "duration=\"10/24s\"",
        "duration=\"0s\"",
        "other_transition",
        "has no length",
    ),
    (
        "duration=\"10/24s\"",
        "duration=\"-1s\"",
        "other_transition",
        "has no length",
    ),
    (
        "86442/24s",
        "0s",
        "other_transition",
        "begins before the sequence",
    ),
    (
        "ref=\"r2\" offset=\"3600s\"",
        "ref=\"r9\" offset=\"3600s\"",
        "left_out",
        "references to no file (1)",
    ),
    (
        "format=\"r1\"",
        "format=\"r7\"",
        "unreadable",
        "the file has no format `r7`",
    ),
];

#[test]
fn values_of_final_cut_that_no_timeline_has_are_findings() {
    for (from, to, code, message) in WRONG_FCPXML {
        assert!(FOREIGN_FCPXML.contains(from), "{from}");
        let wrong = FOREIGN_FCPXML.replace(from, to);
        let mut diagnostics = Diagnostics::default();
        read_fcpxml(&source(&wrong, FILM), &mut diagnostics);
        let found = placed(&wrong, &diagnostics);
        assert!(
            found
                .iter()
                .any(|found| found.0 == code && found.1.contains(message)),
            "{message}: {found:?}"
        );
    }
}

#[test]
fn clips_that_hold_timelines_and_pictures_above_the_storyline_are_refused() {
    let plain = r#"<asset-clip ref="r2" offset="3600s" name="sh020" start="3600s" duration="2s">INSIDE</asset-clip>"#;
    let (head, rest) = FOREIGN_FCPXML.split_once("<asset-clip").unwrap();
    let (_, tail) = rest.split_once("<gap").unwrap();
    let (_, tail) = tail.split_once("/>").unwrap();
    let film = |item: &str| format!("{head}{item}{tail}");
    let above = |inside: &str| film(&plain.replace("INSIDE", inside));
    let cutaway = r#"<asset-clip ref="r2" lane="1" offset="3600s" name="sh020" duration="1s"/>"#;
    for (text, message) in [
        (
            film(&plain.replace("asset-clip", "ref-clip")),
            "`sh020` is a compound clip",
        ),
        (
            film(&plain.replace("asset-clip", "mc-clip")),
            "`sh020` is a multicam clip",
        ),
        (
            film(&plain.replace("asset-clip", "sync-clip")),
            "`sh020` is a synchronized clip",
        ),
        (above(cutaway), "pictures above the storyline"),
        (
            above(&format!(
                r#"<spine lane="1" offset="3600s">{cutaway}</spine>"#
            )),
            "pictures above the storyline",
        ),
        (
            above(r#"<conform-rate scaleEnabled="1" srcFrameRate="29.97"/>"#),
            "29.97 frames a second",
        ),
    ] {
        let mut diagnostics = Diagnostics::default();
        read_fcpxml(&source(&text, FILM), &mut diagnostics);
        let errors = diagnostics.as_slice().iter();
        let mut errors = errors.filter(|found| found.severity == Severity::Error);
        assert!(
            errors.any(|found| found.message.contains(message)),
            "{message}: {:?}",
            messages(&diagnostics)
        );
    }
    for harmless in [
        r#"<conform-rate scaleEnabled="1" srcFrameRate="24"/>"#.to_owned(),
        cutaway.replace("lane=\"1\"", "lane=\"-1\""),
        cutaway.replace("name=", "srcEnable=\"audio\" name="),
        cutaway.replace("name=", "enabled=\"0\" name="),
    ] {
        let mut diagnostics = Diagnostics::default();
        read_fcpxml(&source(&above(&harmless), FILM), &mut diagnostics).unwrap();
        let errors = diagnostics.as_slice().iter();
        let errors = errors.filter(|found| found.severity == Severity::Error);
        assert_eq!(
            errors.count(),
            0,
            "{harmless}: {:?}",
            messages(&diagnostics)
        );
    }
}
