//! The cost of a document grows with its size and not with its square, right or wrong.
//!
//! Each list is doubled, and the counts of work are compared. There is no clock: a count is the
//! same on every machine.

use crate::base::work_counter::count_work_of;
use crate::project::{ProjectOptions, open};
use crate::report::diagnostic::{diagnostics_json, short_diagnostics_up_to};
use std::fmt::Write as _;

/// Entries of the smaller list. Large enough that comparing each entry with each outweighs the
/// rest.
const COUNT: usize = 600;

const HEAD: &str = "production:
  title: T
  author: A
  description: D
  locations: [{name: studio, preset: studio}]
";

/// A list with a kind of mistake, or with none.
struct CostCase {
    what: &'static str,
    /// The files of a document with this many entries.
    files: fn(usize) -> Vec<(&'static str, String)>,
}

fn lines(head: &str, count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).fold(head.to_owned(), |mut text, index| {
        let _ = writeln!(text, "{}", line(index));
        text
    })
}

fn document(
    head: &str,
    count: usize,
    line: impl Fn(usize) -> String,
) -> Vec<(&'static str, String)> {
    vec![(
        "production.yaml",
        format!("{HEAD}{}", lines(head, count, line)),
    )]
}

/// A list of entries with nothing but a name, and a list of shots.
fn named_and_shots(
    list: &str,
    letter: &str,
    n: usize,
    shot: impl Fn(usize) -> String,
) -> Vec<(&'static str, String)> {
    let entry = |i| format!("    - {{name: {letter}{i}}}");
    two_lists(&format!("  {list}:\n"), "  shots:\n", n, entry, shot)
}

/// A document with a list of `count` entries in each of two sections.
fn two_lists(
    first: &str,
    second: &str,
    count: usize,
    entry: impl Fn(usize) -> String,
    shot: impl Fn(usize) -> String,
) -> Vec<(&'static str, String)> {
    let lists = [lines(first, count, entry), lines(second, count, shot)].concat();
    vec![("production.yaml", format!("{HEAD}{lists}"))]
}

fn table(titles: &str, count: usize, row: impl Fn(usize) -> String) -> Vec<(&'static str, String)> {
    vec![
        ("production.yaml", format!("{HEAD}  shot_list: shots.csv\n")),
        ("shots.csv", lines(titles, count, row)),
    ]
}

/// A document of shots `s0`, `s1` and so on, with a list of events of one second.
fn recut(
    shots: usize,
    events: usize,
    name: impl Fn(usize) -> String,
) -> Vec<(&'static str, String)> {
    let code = |second: usize| format!("00:{:02}:{:02}:00", second / 60, second % 60);
    let event = |i: usize| {
        format!(
            "{i:06}  AX  V  C  00:00:01:00 00:00:02:00 {} {}\n* FROM CLIP NAME: {}",
            code(i),
            code(i + 1),
            name(i)
        )
    };
    let shot = |i: usize| format!("    - {{name: s{i}, location: studio, frame_range: \"24-47\"}}");
    let head = format!("{HEAD}  shot_list: cut.edl\n  shots:\n");
    vec![
        ("production.yaml", lines(&head, shots, shot)),
        ("cut.edl", lines("TITLE: T\n", events, event)),
    ]
}

/// A script of one scene with a cast of its own, and the shots that cover it.
fn script(
    count: usize,
    cast: usize,
    speech: impl Fn(usize) -> String,
) -> Vec<(&'static str, String)> {
    let head = format!("{HEAD}  script: a.fountain\n  shots: auto\n  characters:\n");
    let member = |i: usize| format!("    - {{name: p{i}}}");
    vec![
        ("production.yaml", lines(&head, cast, member)),
        (
            "a.fountain",
            lines("INT. STUDIO - DAY\n\nRain.\n\n", count, speech),
        ),
    ]
}

const CASES: &[CostCase] = &[
    CostCase {
        what: "speeches of one speaker",
        files: |n| script(n, 1, |_| "P0\nHello.\n".to_owned()),
    },
    CostCase {
        what: "speeches of a speaker each",
        files: |n| script(n, n, |i| format!("P{i}\nHello.\n")),
    },
    CostCase {
        what: "speeches from out of view, and those who hear them",
        files: |n| script(n, n, |i| format!("P{i}\nHello.\n\nP{i} (O.S.)\nHello.\n")),
    },
    CostCase {
        what: "speeches at the same time",
        files: |n| script(n, 2, |i| format!("P{} ^\nHello.\n", i % 2)),
    },
    CostCase {
        what: "voices that action names",
        files: |n| {
            script(n, n, |i| {
                format!("P{i} (V.O.)\nHello.\n\nP{i} and P0 wait.\n")
            })
        },
    },
    CostCase {
        what: "notes with synopses",
        files: |n| script(n, 1, |i| format!("[[note {i}]]\n= synopsis {i}")),
    },
    CostCase {
        what: "names without dialogue",
        files: |n| script(n, 1, |i| format!("P{i} (V.O.)\n")),
    },
    CostCase {
        what: "events of one shot",
        files: |n| recut(1, n, |_| "s0".to_owned()),
    },
    CostCase {
        what: "events that are known by a part of their name",
        files: |n| recut(n, n, |i| format!("film_s{i}_v2.mov")),
    },
    CostCase {
        what: "events that are no shot",
        files: |n| recut(n, n, |i| format!("film of x{i} and y{i}")),
    },
    CostCase {
        what: "one key, repeated",
        files: |n| document("", n, |_| "  title: U".to_owned()),
    },
    CostCase {
        what: "unknown keys",
        files: |n| document("", n, |i| format!("  key{i}: 1")),
    },
    CostCase {
        what: "unknown keys in entries",
        files: |n| {
            document("  shots:\n", n, |i| {
                format!("    - {{name: s{i}, key{i}: 1}}")
            })
        },
    },
    CostCase {
        what: "unknown presets",
        files: |n| {
            document("  shots:\n", n, |i| {
                format!("    - {{name: s{i}, template: wide{i}}}")
            })
        },
    },
    CostCase {
        what: "values of another type",
        files: |n| {
            document("  shots:\n", n, |i| {
                format!("    - {{name: s{i}, scene: [x], lens: -1}}")
            })
        },
    },
    CostCase {
        what: "shots of one name",
        files: |n| {
            document("  shots:\n", n, |_| {
                "    - {name: s, location: studio}".to_owned()
            })
        },
    },
    CostCase {
        what: "outputs that lie in each other",
        files: |n| {
            document("  outputs:\n", n, |i| {
                format!("    - {{name: o{i}, codec: png, path: out/o{}}}", i / 2)
            })
        },
    },
    CostCase {
        what: "outputs beside each other",
        files: |n| {
            document("  outputs:\n", n, |i| {
                format!("    - {{name: o{i}, codec: h264, path: out/o{i}.mov}}")
            })
        },
    },
    CostCase {
        what: "long unknown names beside long known ones",
        files: |n| {
            let long = "c".repeat(60);
            let character = |i| format!("    - {{name: {long}{i}}}");
            let shot = |i| format!("    - {{name: s{i}, character: {long}x{i}}}");
            two_lists("  characters:\n", "  shots:\n", n, character, shot)
        },
    },
    CostCase {
        what: "characters without a model",
        files: |n| {
            let shot = |i| format!("    - {{name: s{i}, location: studio, character: c{i}}}");
            named_and_shots("characters", "c", n, shot)
        },
    },
    CostCase {
        what: "unused characters beside unknown ones",
        files: |n| {
            let shot = |i| format!("    - {{name: s{i}, location: studio, character: d{i}}}");
            named_and_shots("characters", "c", n, shot)
        },
    },
    CostCase {
        what: "props without a model",
        files: |n| {
            let shot = |i| format!("    - {{name: s{i}, location: studio, props: [p{i}]}}");
            named_and_shots("props", "p", n, shot)
        },
    },
    CostCase {
        what: "unknown locations",
        files: |n| {
            document("  shots:\n", n, |i| {
                format!("    - {{name: s{i}, location: place{i}}}")
            })
        },
    },
    CostCase {
        what: "frames of many shots",
        files: |n| {
            document("  shots:\n", n, |i| {
                format!(
                    "    - {{name: s{i}, location: studio, frame_range: {}-{}}}",
                    i,
                    i + 9
                )
            })
        },
    },
    CostCase {
        what: "frames with steps",
        files: |n| {
            document("  shots:\n", n, |i| {
                format!("    - {{name: s{i}, location: studio, frame_range: {i}-9999x700}}")
            })
        },
    },
    CostCase {
        what: "performers of one shot",
        files: |n| {
            document("  shots:\n    - name: a\n      characters:\n", n, |i| {
                format!("        - c{}", i / 2)
            })
        },
    },
    CostCase {
        what: "characters of one name in the script",
        files: |n| {
            document("  characters:\n", n, |i| {
                format!("    - {{name: c{i}, script_name: MARA}}")
            })
        },
    },
    CostCase {
        what: "costumes that are lost and found",
        files: |n| {
            document(
                "  characters:\n    - name: mara\n      wardrobe:\n",
                n,
                |i| {
                    format!(
                        "        scenes_{i}_{i}: {{costume: coat, condition: [{}]}}",
                        if i % 3 == 0 { "torn" } else { "wet" }
                    )
                },
            )
        },
    },
    CostCase {
        what: "wardrobe keys that end before they begin",
        files: |n| {
            document(
                "  characters:\n    - name: mara\n      wardrobe:\n",
                n,
                |i| format!("        scenes_{}_{i}: coat", i + 1),
            )
        },
    },
    CostCase {
        what: "files that are missing",
        files: |n| {
            document("  props:\n", n, |i| {
                format!("    - {{name: p{i}, model: p{i}.glb}}")
            })
        },
    },
    CostCase {
        what: "variables that are unknown",
        files: |n| {
            let shot = |i| format!("    - {{name: '${{w{i}}}', location: studio}}");
            two_lists(
                "  variables:\n",
                "  shots:\n",
                n,
                |i| format!("    v{i}: x"),
                shot,
            )
        },
    },
    CostCase {
        what: "anchors that are not defined",
        files: |n| document("  x-a:\n", n, |i| format!("    - &a{i} x\n    - *b{i}")),
    },
    CostCase {
        what: "entries that are dropped and not there",
        files: |n| {
            vec![
                (
                    "production.yaml",
                    lines(
                        "production:\n  extends: base.yaml\n  drop:\n    shots:\n",
                        n,
                        |i| format!("      - t{i}"),
                    ),
                ),
                (
                    "base.yaml",
                    format!(
                        "{HEAD}{}",
                        lines("  shots:\n", n, |i| format!("    - {{name: s{i}}}"))
                    ),
                ),
            ]
        },
    },
    CostCase {
        what: "rows of a table with mistakes",
        files: |n| table("Shot,Scene,Size\n", n, |i| format!("s{i},x,wyde")),
    },
    CostCase {
        what: "rows of a table that are no shots",
        files: |n| {
            table("Shot,Scene,Size,Notes\na,1,wide,\n", n, |i| {
                format!("SCENE {i},,,\n#{i},,")
            })
        },
    },
    CostCase {
        what: "names that sequences tell apart",
        files: |n| table("Sequence,Name,Frames\n", n, |i| format!("SQ{i},SH010,24")),
    },
    CostCase {
        what: "columns of a table",
        files: |n| {
            let titles: Vec<String> = (0..n).map(|i| format!("Columm {i}")).collect();
            let row = vec!["x"; n].join(",");
            table(&format!("Shot,{}\n", titles.join(",")), 3, move |i| {
                format!("s{i},{row}")
            })
        },
    },
];

/// Returns the work of opening a document and of reporting its findings.
fn cost(case: &CostCase, count: usize) -> usize {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in (case.files)(count) {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    count_work_of(|| {
        let opened = open(folder.path(), &ProjectOptions::default()).unwrap();
        let short = short_diagnostics_up_to(&opened.diagnostics, &opened.sources, 20);
        let json = diagnostics_json(&opened.diagnostics, &opened.sources, false);
        assert!(json.is_object() && short.len() < 1 << 20);
    })
}

#[test]
fn a_list_of_twice_the_length_costs_twice_as_much() {
    for case in CASES {
        // What a document costs without the list, such as reading the presets.
        let without = cost(case, 1);
        let once = cost(case, COUNT).saturating_sub(without);
        let twice = cost(case, 2 * COUNT).saturating_sub(without);
        // Comparing each with each would cost four times as much. Searches among names have a
        // limit, so up to it a part of the work may grow faster.
        assert!(
            twice <= 3 * once + 200_000,
            "{}: {once} steps, then {twice}",
            case.what
        );
    }
}
