//! The layers: which module of `src` may import which, and which may name an outside crate.
//!
//! Every `crate::` path under `src` is checked, except in test modules, which may import from
//! anywhere.

#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may import.
const ROOMS: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("model", &["base"]),
    ("event", &["base", "model"]),
    ("document", &["base", "model"]),
    ("library", &["base", "document"]),
    ("beats", &["base", "model", "document", "library"]),
    ("schema", &["base", "document", "library"]),
    ("machine", &["base", "model", "document"]),
    ("process", &["base", "model"]),
    ("media", &["base", "model", "process"]),
    ("gpu", &["base", "model"]),
    ("story", &["base", "model", "document"]),
    ("treatment", &["base", "model", "document"]),
    ("sound", &["base", "model"]),
    ("music", &["base", "model", "sound"]),
    ("timeline", &["base", "model"]),
    ("lettering", &["base", "model"]),
    ("interchange", &["base", "model"]),
    ("captions", &["base", "model"]),
    (
        "producers",
        &[
            "base",
            "model",
            "process",
            "media",
            "gpu",
            "sound",
            "music",
            "lettering",
            "captions",
        ],
    ),
    ("store", &["base", "model", "event"]),
    (
        "resolve",
        &[
            "base",
            "model",
            "document",
            "library",
            "beats",
            "story",
            "interchange",
        ],
    ),
    ("validate", &["base", "model", "timeline", "interchange"]),
    (
        "expand",
        &[
            "base",
            "model",
            "timeline",
            "interchange",
            "captions",
            "validate",
        ],
    ),
    ("plan", &["base", "model", "store"]),
    (
        "execute",
        &[
            "base",
            "model",
            "event",
            "process",
            "plan",
            "producers",
            "store",
        ],
    ),
    (
        "farm",
        &[
            "base",
            "model",
            "event",
            "document",
            "process",
            "plan",
            "producers",
            "store",
            "execute",
        ],
    ),
    (
        "report",
        &[
            "base",
            "model",
            "event",
            "document",
            "timeline",
            "plan",
            "producers",
            "store",
            "execute",
            "farm",
        ],
    ),
    (
        "project",
        &[
            "base",
            "model",
            "document",
            "library",
            "media",
            "story",
            "sound",
            "music",
            "lettering",
            "interchange",
            "resolve",
            "treatment",
            "validate",
        ],
    ),
    (
        "session",
        &[
            "base",
            "model",
            "event",
            "library",
            "machine",
            "process",
            "media",
            "gpu",
            "producers",
            "store",
            "timeline",
            "validate",
            "project",
            "expand",
            "plan",
            "execute",
            "farm",
            "report",
        ],
    ),
    (
        "cli",
        &[
            "base",
            "model",
            "event",
            "document",
            "library",
            "beats",
            "schema",
            "machine",
            "process",
            "media",
            "gpu",
            "story",
            "lettering",
            "producers",
            "store",
            "timeline",
            "resolve",
            "validate",
            "project",
            "expand",
            "plan",
            "execute",
            "farm",
            "report",
            "session",
            "treatment",
        ],
    ),
];

/// Each outside crate with the only rooms that may name it.
const HOMES: &[(&str, &[&str])] = &[
    ("granit_parser", &["document"]),
    ("csv_core", &["document"]),
    ("glob", &["document"]),
    ("miette", &["report"]),
    ("indicatif", &["report"]),
    ("maud", &["report"]),
    ("wgpu", &["gpu"]),
    ("pollster", &["gpu"]),
    ("image", &["media"]),
    ("gif", &["media"]),
    ("image_webp", &["media"]),
    ("exr", &["media"]),
    ("ply_rs_bw", &["media"]),
    ("stl_io", &["media"]),
    ("tobj", &["media"]),
    ("fdeflate", &["media"]),
    ("png", &["media"]),
    ("ruzstd", &["media"]),
    ("flate2", &["media"]),
    ("ffmpeg_sidecar", &["media"]),
    ("guillotiere", &["producers"]),
    ("petgraph", &["plan"]),
    ("crossbeam_channel", &["execute"]),
    ("clap", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("ctrlc", &["cli"]),
    ("include_dir", &["cli"]),
    ("serde_saphyr", &["session"]),
    ("base64", &["media", "report"]),
    ("tracing_subscriber", &["report"]),
    ("regex", &["resolve", "producers"]),
    ("roxmltree", &["base", "interchange", "story"]),
    ("pulldown_cmark", &["treatment"]),
    ("strsim", &["base"]),
    ("unicode_normalization", &["base"]),
    ("blake3", &["base"]),
    ("hound", &["sound"]),
    ("rubato", &["sound"]),
    ("realfft", &["sound"]),
    ("ebur128", &["sound"]),
    ("symphonia", &["sound"]),
    ("cosmic_text", &["lettering"]),
    ("zeno", &["lettering"]),
    ("epaint_default_fonts", &["lettering"]),
    ("unicode_script", &["lettering"]),
    ("midly", &["music"]),
    ("rustysynth_ext", &["music"]),
    ("rustix", &["process", "store"]),
    ("libc", &["cli", "main"]),
];

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((room(path.strip_prefix(&root).unwrap()), code(&path)));
        }
    }
    found
}

fn room(path: &Path) -> String {
    let first: PathBuf = path.components().take(1).collect();
    first.with_extension("").to_string_lossy().into_owned()
}

/// Returns the code of a file without comments and without its test module. It is empty for a file
/// of tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let tests = path.components().any(|part| part.as_os_str() == "tests")
        || ["tests.rs", "testing.rs", "sample.rs", "fixture.rs"]
            .iter()
            .any(|name| path.ends_with(name));
    let product = if tests {
        ""
    } else {
        text.split("#[cfg(test)]\nmod ").next().unwrap_or_default()
    };
    product
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Returns the word after each occurrence of `mark`.
fn words_after<'a>(text: &'a str, mark: &str) -> impl Iterator<Item = &'a str> {
    text.split(mark).skip(1).map(|rest| {
        let end = rest
            .find(|c: char| !c.is_alphanumeric() && c != '_')
            .unwrap_or(rest.len());
        &rest[..end]
    })
}

#[test]
fn every_module_imports_only_modules_below_it() {
    let rooms: BTreeSet<&str> = ROOMS.iter().map(|(room, _)| *room).collect();
    let mut wrong = BTreeSet::new();
    for (room, text) in sources() {
        let allowed = ROOMS
            .iter()
            .find(|(name, _)| *name == room)
            .map_or(&[][..], |(_, allowed)| allowed);
        for other in words_after(&text, "crate::").filter(|other| rooms.contains(other)) {
            if other != room && !allowed.contains(&other) {
                wrong.insert(format!("{room} -> {other}"));
            }
        }
    }
    wrong.remove("main -> cli");
    assert!(wrong.is_empty(), "not in the table: {wrong:?}");
}

#[test]
fn every_outside_crate_is_named_in_its_home_only() {
    let mut wrong = BTreeSet::new();
    for (room, text) in sources() {
        for (name, homes) in HOMES {
            let mark = format!("{name}::");
            let named = text.match_indices(&mark).any(|(at, _)| {
                let before = text[..at].chars().next_back();
                before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':' && c != '{')
            });
            if named && !homes.contains(&room.as_str()) {
                wrong.insert(format!("{name} in {room}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_table_has_every_module_and_no_other() {
    let rooms: BTreeSet<String> = sources().into_iter().map(|(room, _)| room).collect();
    let table: BTreeSet<String> = ROOMS.iter().map(|(room, _)| (*room).to_owned()).collect();
    let outside: BTreeSet<_> = rooms
        .difference(&table)
        .filter(|room| !["main", "lib"].contains(&room.as_str()))
        .collect();
    assert!(
        outside.is_empty(),
        "rooms without a line in the table: {outside:?}"
    );
    assert!(table.is_subset(&rooms), "lines without a room");
}

#[test]
fn every_module_opens_with_what_it_owns() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![root];
    let mut bare = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            if !text.starts_with("//!") {
                bare.push(path);
            }
        }
    }
    assert!(bare.is_empty(), "{bare:?}");
}

/// Programs of schedulers, which count like the types in the table of schedulers.
const SCHEDULER_WORDS: &[&str] = &["SchedulerKind::", "scontrol", "sbatch", "squeue"];

/// Returns the names between `before` and `after` in each line that has both.
fn names_between<'a>(
    text: &'a str,
    before: &'a str,
    after: &'a str,
) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| {
        let (_, rest) = line.split_once(before)?;
        rest.split_once(after).map(|(name, _)| name)
    })
}

#[test]
fn schedulers_are_named_in_their_folders_and_in_one_table_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let table = root.join("farm/scheduler_table.rs");
    let text = code(&table);
    let types = names_between(&text, " => ", ",").filter(|name| !name.contains(['$', '&', '(']));
    let words: Vec<&str> = types.chain(SCHEDULER_WORDS.iter().copied()).collect();
    assert!(words.contains(&"SlurmScheduler"), "{words:?}");
    // Everything that the table imports is the folder of a scheduler, or a file that names none.
    let mut homes: Vec<PathBuf> = names_between(&text, "use super::", "::")
        .map(|name| root.join("farm").join(name))
        .collect();
    homes.push(table);
    let mut open = vec![root];
    let mut wrong = Vec::new();
    while let Some(path) = open.pop() {
        if homes.contains(&path) {
            continue;
        }
        if path.is_dir() {
            open.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = code(&path);
            let named = words.iter().filter(|word| text.contains(**word));
            wrong.extend(named.map(|word| format!("{word} in {}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
