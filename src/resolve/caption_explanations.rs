//! Explanations of the codes of captions, and of timelines for other programs. Data only.

use crate::base::{CodeExplanation, Severity};

/// The pages, in order.
pub const CAPTION_EXPLANATIONS: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::captions::unknown_profile",
        severity: Severity::Error,
        summary: "a profile of captions is a style guide that is known",
        explanation: "`netflix` is the Timed Text Style Guide of Netflix, `bbc` the Subtitle Guidelines of the BBC. Fields beside `profile` replace single numbers.",
        wrong: "captions: bcb\n",
        right: "captions: bbc\n",
    },
    CodeExplanation {
        code: "production::captions::same_audience",
        severity: Severity::Warning,
        summary: "the style guide of captions for children has a speed for them",
        explanation: "The guide of the BBC has one reading speed for everybody, so `audience` changes nothing. Write the speed, 13 letters a second for most languages, or use the guide `netflix`, which has a slower one for children in each language.",
        wrong: "captions: {profile: bbc, audience: children}\n",
        right: "captions: {profile: bbc, audience: children, reading_speed: 13}\n",
    },
    CodeExplanation {
        code: "production::captions::longest",
        severity: Severity::Error,
        summary: "the longest time of a caption is not below the shortest",
        explanation: "A caption is shown for `shortest` seconds at least and `longest` at most. Write the larger number as `longest`.",
        wrong: "captions: {shortest: 3, longest: 2}\n",
        right: "captions: {shortest: 2, longest: 3}\n",
    },
    CodeExplanation {
        code: "production::captions::unknown_form",
        severity: Severity::Error,
        summary: "the captions of an output are a track or off",
        explanation: "`track` is a track of text that a player shows or not. Other languages than that of the script are written as fields: `{track: [en, de]}`.",
        wrong: r#"characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, lines: [It went out.]}
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4, captions: tracks}
"#,
        right: r#"characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, lines: [It went out.]}
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4, captions: track}
"#,
    },
    CodeExplanation {
        code: "production::captions::no_track",
        severity: Severity::Error,
        summary: "a film with a track of text is in MP4 or QuickTime",
        explanation: "MP4 and QuickTime have tracks of text. Folders of pictures have none: deliver captions as a file of their own, with `format: srt`, `vtt` or `ttml`.",
        wrong: r#"characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, lines: [It went out.]}
outputs:
  - {name: game, format: 16bit_game, path: out/game, captions: track}
"#,
        right: r#"characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, lines: [It went out.]}
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4, captions: track}
"#,
    },
    CodeExplanation {
        code: "production::captions::no_lines",
        severity: Severity::Error,
        summary: "a table of captions has a column with the names of lines",
        explanation: "A table with the lines in other languages begins with a row of titles: `line` for the names of the lines, and a language for each other column, such as `de` or `pt-BR`. `production info` lists the names.",
        wrong: r#"captions: {table: captions.csv}
# captions.csv
de,fr
Es ist aus.,Fini.
"#,
        right: r#"characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, lines: [It went out.]}
captions: {table: captions.csv}
# captions.csv
line,de,fr
wide.1,Es ist aus.,Fini.
"#,
    },
    CodeExplanation {
        code: "production::captions::unknown_column",
        severity: Severity::Warning,
        summary: "a column of a table of captions is a language",
        explanation: "A column whose title is no language tag, or is empty, is ignored. Titles such as `text`, `speaker` and `note` are for people, and so is every title that begins with `x-`.",
        wrong: r#"captions: {table: captions.csv}
# captions.csv
line,German
"#,
        right: r#"captions: {table: captions.csv}
# captions.csv
line,de
"#,
    },
    CodeExplanation {
        code: "production::captions::duplicate_line",
        severity: Severity::Error,
        summary: "a table of captions has one row for each line",
        explanation: "Two rows with one name could say different things. Remove one of them.",
        wrong: r#"characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, lines: [It went out.]}
captions: {table: captions.csv}
# captions.csv
line,de
wide.1,Es ist aus.
wide.1,Es ist erloschen.
"#,
        right: r#"characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, lines: [It went out.]}
captions: {table: captions.csv}
# captions.csv
line,de
wide.1,Es ist aus.
"#,
    },
    CodeExplanation {
        code: "production::captions::control_character",
        severity: Severity::Error,
        summary: "a cell of a table of captions has no control characters",
        explanation: "Control characters have no picture, and some of them end a file for a player. They come into tables by copying from other programs. Line ends within a cell are read as spaces.",
        wrong: "captions: {table: captions.csv}\n# captions.csv, with a bell in a cell\nline,de\n",
        right: r#"characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, lines: [It went out.]}
captions: {table: captions.csv}
# captions.csv
line,de
wide.1,Es ist aus.
"#,
    },
    CodeExplanation {
        code: "production::captions::unknown_line",
        severity: Severity::Warning,
        summary: "a row of a table of captions is a line of a shot",
        explanation: "A line is named after its shot, with its number behind a point: `sh010.1`. `production info` lists them. A sound is named by its caption, such as `[door slams]`.",
        wrong: r#"characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, lines: [It went out.]}
captions: {table: captions.csv}
# captions.csv
line,de
wide.1,Es ist aus.
wide.2,Dann mach Licht.
"#,
        right: r#"characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, lines: [It went out.]}
captions: {table: captions.csv}
# captions.csv
line,de
wide.1,Es ist aus.
"#,
    },
    CodeExplanation {
        code: "production::exports::unknown_media",
        severity: Severity::Error,
        summary: "a timeline refers to files of single shots that are delivered",
        explanation: "`media` names an output with one file a shot, or is `film`. Without it, the first such output is taken, else the film.",
        wrong: r#"outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: cut, format: otio, path: out/film.otio, media: film2}
"#,
        right: r#"outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: cut, format: otio, path: out/film.otio, media: film}
"#,
    },
    CodeExplanation {
        code: "production::exports::unknown_version",
        severity: Severity::Error,
        summary: "the version of a timeline is one that is written",
        explanation: "`otio` has a version of its readers: those before 0.15 know `Clip.1` alone. `fcpxml` has 1.8, 1.9 and 1.10. Write it in quotes: YAML reads `1.10` as 1.1.",
        wrong: r#"outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: cut, format: fcpxml, path: out/film.fcpxml, version: "2.0"}
"#,
        right: r#"outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: cut, format: fcpxml, path: out/film.fcpxml, version: "1.10"}
"#,
    },
];
