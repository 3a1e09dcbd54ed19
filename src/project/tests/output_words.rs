//! A word of one field of an output that is written in another is answered with the field that has
//! it.

use super::MODEL;
use crate::model::output_words::OutputWord;
use crate::project::{ProjectOptions, open};

const HEAD: &str = "\
production:
  title: T
  author: A
  description: D
  characters: [{name: mara, model: mara.glb}]
  locations: [{name: pier, preset: harbour_dusk}]
  shots: [{name: wide, template: character_full, character: mara, location: pier, duration: 48}]
  sound: on
  outputs:
";

/// Returns the errors of a document with this output, with their helps.
fn errors(output: &str) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let document = format!("{HEAD}    - {{name: film, path: out/film.mp4, {output}}}\n");
    std::fs::write(folder.path().join("production.yaml"), document).unwrap();
    std::fs::write(folder.path().join("mara.glb"), MODEL).unwrap();
    let options = ProjectOptions {
        search_path: "".as_ref(),
        ..ProjectOptions::default()
    };
    let opened = open(folder.path(), &options).unwrap();
    let found = opened.diagnostics.as_slice().iter();
    let errors = found.filter(|found| found.severity == crate::base::Severity::Error);
    errors
        .map(|found| {
            let help = found.help.clone().unwrap_or_default();
            (found.message.clone(), help)
        })
        .collect()
}

/// What a field does not take, and what to write in its place.
const WORDS: [(&str, &str); 16] = [
    ("h264", "`codec: h264`"),
    ("prores_422", "`codec: prores_422`"),
    ("gif", "`codec: gif`"),
    ("contact_sheet", "`codec: contact_sheet`"),
    ("streaming_1080p", "`format: streaming_1080p`"),
    ("youtube_1080p", "`format: youtube_1080p`"),
    ("youtube", "`format: youtube_1080p`"),
    ("cinema", "`format: cinema_4k` or `format: cinema_2k`"),
    ("otio", "`format: otio`"),
    ("srt", "`format: srt`"),
    ("sprite_sheet", "`format: sprite_sheet`"),
    ("mkv", "`codec: h264`, and a path with the extension"),
    ("opus", "`sound: opus`"),
    ("hlg", "`hdr: hlg`"),
    ("avc", "`codec: h264`"),
    ("dcp", "`codec: prores_4444` or `codec: tiff`"),
];

#[test]
fn every_word_in_the_wrong_field_is_answered_with_the_right_one() {
    let fields = [
        "codec",
        "container",
        "format",
        "hdr",
        "sound",
        "preset",
        "type",
    ];
    for field in fields {
        for (word, help) in WORDS {
            let own = OutputWord::find(word).unwrap();
            // A contact sheet is a preset too.
            let is_taken = own.field() == field || (field == "format" && word == "contact_sheet");
            if is_taken {
                continue;
            }
            let written = match field {
                "sound" => format!("codec: h264, sound: {{codec: {word}}}"),
                "container" | "hdr" => format!("codec: h265, {field}: {word}"),
                field => format!("{field}: {word}"),
            };
            let found = errors(&written);
            assert!(
                found.iter().any(|(_, shown)| shown.contains(help)),
                "{written}: {found:#?}"
            );
        }
    }
}

#[test]
fn a_field_that_an_output_has_not_is_answered_with_the_one_that_it_has() {
    for (written, help) in [
        ("preset: mine", "write `format`"),
        ("fps: 24", "write `frame_rate`"),
        ("size: 640x360", "write `resolution`"),
        ("file: out/a.mp4", "write `path`"),
        ("audio: aac", "write `sound`"),
        ("subtitles: track", "write `captions`"),
    ] {
        let found = errors(&format!("codec: h264, {written}"));
        assert_eq!(found[0].1, help, "{written}: {found:#?}");
    }
}
