//! The documentation as a test: the commands of every page run, in the order of the page, and what
//! a page shows of their output is in it. `docs/json.md` describes what every command prints as
//! JSON.
//!
//! The pages share one production, which the tour in the README creates and makes. Every other page
//! gets a copy of it as `my_film`, with its store. HTML comments before a block say what a reader
//! need not see:
//!
//! * `<!-- not run: REASON -->`: a block whose commands cannot run here.
//! * `<!-- first: COMMANDS -->`: what must be done before the block, such as to start a run.
//! * `<!-- exit code: N -->`: how the block ends, if not with 0.
//! * `<!-- where: A is B, C is D -->`: the test made something smaller, so that its output has A
//!   where the page shows B.
//! * `<!-- not compared: REASON -->`: text that is not the output of the block before it.
//!
//! A line `...` in shown output stands for any lines.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![expect(
    clippy::disallowed_methods,
    reason = "the commands get the search path of the test"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[path = "support/machine.rs"]
mod machine;
#[path = "support/skip.rs"]
mod skip;

/// The seconds after which a block counts as stuck.
const BLOCK_LIMIT: &str = "1200";

/// A block of code with the comments directly before it.
#[derive(Debug, Default, PartialEq)]
struct CodeBlock {
    line: usize,
    language: String,
    text: String,
    comments: Vec<String>,
}

impl CodeBlock {
    /// Returns the rest of the comment that begins with this word.
    fn comment(&self, word: &str) -> Option<&str> {
        self.comments
            .iter()
            .find_map(|comment| comment.strip_prefix(word)?.strip_prefix(':'))
            .map(str::trim)
    }

    /// Returns what is wrong with its comments.
    fn wrong_comments(&self) -> Vec<String> {
        let known = ["not run", "first", "exit code", "where", "not compared"];
        self.comments
            .iter()
            .filter(|comment| {
                let (word, value) = comment.split_once(':').unwrap_or_default();
                !known.contains(&word) || value.trim().is_empty()
            })
            .map(|comment| format!("line {}: unknown comment `{comment}`", self.line))
            .collect()
    }
}

/// The blocks of a page, in its order.
fn code_blocks(page: &str) -> Vec<CodeBlock> {
    let mut blocks = Vec::new();
    let mut comments = Vec::new();
    let mut lines = (1..).zip(page.lines());
    while let Some((line, text)) = lines.next() {
        if let Some(language) = text.trim_start().strip_prefix("```") {
            let code: Vec<&str> = lines
                .by_ref()
                .map(|(_, text)| text)
                .take_while(|text| text.trim_start() != "```")
                .collect();
            blocks.push(CodeBlock {
                line,
                language: language.to_owned(),
                text: code.join("\n"),
                comments: std::mem::take(&mut comments),
            });
        } else if let Some(begun) = text.strip_prefix("<!--") {
            let mut comment = begun.to_owned();
            while !comment.contains("-->") {
                let more = lines.next().expect("a comment that ends").1;
                write!(comment, "\n{more}").unwrap();
            }
            comments.push(comment.split("-->").next().unwrap().trim().to_owned());
        } else if !text.trim().is_empty() {
            comments.clear();
        }
    }
    blocks
}

/// Hides what differs from run to run and from machine to machine: times, sizes, digests, and the
/// width of the columns that they are in.
fn normalised(text: &str, folder: &Path) -> Vec<String> {
    let hidden = [
        (r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?Z?", "DATE"),
        (r"\b(\d+h )?\d+m( \d+s)?\b|\b\d+(\.\d+)? ?(ms|s)\b", "TIME"),
        (r"\b\d+(\.\d+)? ?([kKMG]i?)?B\b", "SIZE"),
        (r"\b[0-9a-f]{12,}\b", "DIGEST"),
        (r"\bprocess \d+\b", "process N"),
    ]
    .map(|(pattern, name)| (regex::Regex::new(pattern).unwrap(), name));
    let spaces = regex::Regex::new(" {2,}").unwrap();
    let own = format!("{}/", folder.display());
    text.lines()
        .map(|line| {
            let line = line.replace(&own, "");
            let line = line.trim_end();
            let mut shown = line.to_owned();
            for (pattern, name) in &hidden {
                shown = pattern.replace_all(&shown, *name).into_owned();
            }
            if shown == line {
                shown
            } else {
                spaces.replace_all(&shown, "  ").into_owned()
            }
        })
        .filter(|line| !line.is_empty())
        .collect()
}

/// Whether the passages of `shown`, which lines of three dots separate, follow each other in
/// `output`.
fn is_passage(shown: &[String], output: &[String]) -> bool {
    let mut rest = output;
    shown.split(|line| line.trim() == "...").all(|passage| {
        let found =
            passage.is_empty() || (0..rest.len()).any(|start| rest[start..].starts_with(passage));
        if let Some(start) = rest
            .windows(passage.len().max(1))
            .position(|window| window == passage)
        {
            rest = &rest[start + passage.len()..];
        }
        found
    })
}

/// A folder of its own for the commands of one page, with a home beside it.
struct PageFolder {
    page: PathBuf,
    folder: PathBuf,
    /// Where the last block left the shell, as `cd` does for a reader.
    current: PathBuf,
    failures: Vec<String>,
    output: Option<String>,
}

impl PageFolder {
    /// Runs the commands of a script in the folder. Returns the exit code, and both outputs as they
    /// came.
    fn run(&mut self, script: &str) -> (Option<i32>, String) {
        let programs = self.folder.join("../bin");
        let path = std::env::var("PATH").unwrap();
        let left_at = self.folder.join("../left_at");
        let output = Command::new("timeout")
            .args(["-s", "KILL", BLOCK_LIMIT, "sh", "-ec"])
            .arg(format!(
                "exec 2>&1\ntrap 'pwd >\"$LEFT_AT\"' EXIT\n{script}"
            ))
            .current_dir(&self.current)
            .env_clear()
            .env("LEFT_AT", &left_at)
            .env("PATH", format!("{}:{path}", programs.display()))
            .env("HOME", self.folder.join("../home"))
            .env("LANG", "C.UTF-8")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        if let Ok(current) = std::fs::read_to_string(&left_at) {
            self.current = PathBuf::from(current.trim_end());
        }
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), text)
    }

    /// Adds what is wrong at a line of the page.
    fn fail(&mut self, line: usize, what: &str) {
        let page = self.page.display();
        self.failures.push(format!("{page}:{line}: {what}"));
    }

    /// Runs a block of commands, or compares a block of output with that of the block before it.
    fn try_block(&mut self, block: &CodeBlock) {
        for wrong in block.wrong_comments() {
            self.fail(block.line, &wrong);
        }
        let is_left_out = ["not run", "not compared"]
            .iter()
            .any(|word| block.comment(word).is_some());
        match block.language.as_str() {
            "sh" | "console" if !is_left_out => self.run_block(block),
            "sh" | "console" => self.output = None,
            "text" if !is_left_out => self.compare_block(block),
            _ => {}
        }
    }

    fn run_block(&mut self, block: &CodeBlock) {
        if let Some(first) = block.comment("first") {
            let (code, output) = self.run(first);
            if code != Some(0) {
                self.fail(
                    block.line,
                    &format!("`first` ended with {code:?}: {output}"),
                );
            }
        }
        let expected: i32 = block.comment("exit code").unwrap_or("0").parse().unwrap();
        let (code, output) = self.run(&block.text);
        if code != Some(expected) {
            let text = &block.text;
            let what = format!("ended with {code:?}, not {expected}:\n{text}\n{output}");
            self.fail(block.line, &what);
        }
        self.output = Some(output);
    }

    fn compare_block(&mut self, block: &CodeBlock) {
        let Some(output) = &self.output else {
            let what = "shows output, but no block before it ran; say `not compared` and why";
            return self.fail(block.line, what);
        };
        let mut larger = output.clone();
        let pairs = block.comment("where").unwrap_or_default().split(", ");
        for (small, large) in pairs.filter_map(|pair| pair.split_once(" is ")) {
            larger = larger.replace(small, large);
        }
        let shown = normalised(&block.text, &self.folder);
        if !is_passage(&shown, &normalised(&larger, &self.folder)) {
            let what = format!("shows\n{}\nbut the output is\n{output}", block.text);
            self.fail(block.line, &what);
        }
    }
}

/// Tries every block of a page in `folder`, and returns what is wrong.
fn try_page(page: &Path, folder: PathBuf) -> Vec<String> {
    let text = std::fs::read_to_string(page).unwrap();
    let mut tried = PageFolder {
        page: page.to_owned(),
        current: folder.clone(),
        folder,
        failures: Vec::new(),
        output: None,
    };
    for block in code_blocks(&text) {
        tried.try_block(&block);
    }
    tried.failures
}

/// The guides, without those that the program writes.
fn guides() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = std::fs::read_dir("docs")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .filter(|path| !path.ends_with("rules.md"))
        .chain([PathBuf::from("examples/short_film/README.md")])
        .collect();
    pages.sort();
    pages
}

/// Copies a folder with what is in it.
fn copy_folder(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(copied.unwrap().success());
}

#[test]
fn the_commands_of_every_page_run_and_print_what_the_page_shows() {
    if !machine::makes_films() {
        return;
    }
    let outer = tempfile::tempdir().unwrap();
    let at = |name: &str| outer.path().join(name);
    ["bin", "home", "tour"]
        .into_iter()
        .for_each(|name| std::fs::create_dir(at(name)).unwrap());
    let program = env!("CARGO_BIN_EXE_production");
    std::os::unix::fs::symlink(program, at("bin/production")).unwrap();

    let mut failures = try_page(Path::new("README.md"), at("tour"));
    for (number, page) in guides().iter().enumerate() {
        let folder = at(&format!("page{number}"));
        std::fs::create_dir_all(folder.join("examples")).unwrap();
        copy_folder(&at("tour/my_film"), &folder.join("my_film"));
        copy_folder(
            Path::new("examples/short_film"),
            &folder.join("examples/short_film"),
        );
        failures.extend(try_page(page, folder));
    }
    failures.extend(undescribed_fields(&at("tour")));
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// The commands that print JSON, by their help: the words of each command.
fn commands_with_json(words: &[String]) -> Vec<Vec<String>> {
    let output = Command::new(env!("CARGO_BIN_EXE_production"))
        .args(words)
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let mut found: Vec<Vec<String>> = Vec::new();
    let format = help.split("--format <").nth(1).unwrap_or_default();
    let format: String = format.split("\n      --").next().unwrap().to_owned();
    if format.contains("json") {
        found.push(words.to_vec());
    }
    let listed = help.split("Commands:\n").nth(1).unwrap_or_default();
    for line in listed.lines().take_while(|line| !line.trim().is_empty()) {
        let command = line.split_whitespace().next().unwrap();
        if line.starts_with("  ") && !line.starts_with("   ") && command != "help" {
            let mut more = words.to_vec();
            more.push(command.to_owned());
            found.extend(commands_with_json(&more));
        }
    }
    found
}

/// The sections of `docs/json.md` on what a command prints: the commands in the heading, and the
/// text.
fn json_sections() -> Vec<(String, String)> {
    let page = std::fs::read_to_string("docs/json.md").unwrap();
    page.split("\n## ")
        .filter_map(|section| section.split_once('\n'))
        .filter_map(|(heading, text)| {
            let commands = heading.strip_prefix("`production ")?.split(" --").next()?;
            Some((commands.trim_matches('`').to_owned(), text.to_owned()))
        })
        .collect()
}

#[test]
fn the_page_on_json_has_a_section_for_every_command_that_prints_it() {
    let commands = commands_with_json(&[]);
    assert!(commands.len() > 12, "the help was not read: {commands:?}");
    let sections = json_sections();
    let missing: Vec<String> = commands
        .iter()
        .map(|words| words.join(" "))
        .filter(|command| {
            !sections.iter().any(|(heading, _)| {
                heading
                    .split(", ")
                    .any(|part| part == command || part.split(' ').next() == Some(command))
            })
        })
        .collect();
    assert_eq!(
        missing,
        Vec::<String>::new(),
        "describe them in docs/json.md"
    );
}

/// The names of the phases, which are keys where there is a value for each.
const PHASES: [&str; 7] = [
    "prepare",
    "characters",
    "locations",
    "shots",
    "post_process",
    "export",
    "finalize",
];

/// Adds the names of the fields of a value. Keys that are names of jobs, files, producers or phases
/// are none.
fn collect_fields(value: &serde_json::Value, fields: &mut BTreeSet<String>) {
    let is_letter = |letter: char| letter.is_ascii_lowercase() || "_0123456789".contains(letter);
    match value {
        serde_json::Value::Array(items) => {
            for item in items {
                collect_fields(item, fields);
            }
        }
        serde_json::Value::Object(object) => {
            for (name, field) in object {
                if name.chars().all(is_letter) && !PHASES.contains(&name.as_str()) {
                    fields.insert(name.clone());
                }
                collect_fields(field, fields);
            }
        }
        _ => {}
    }
}

/// Returns the fields that a command prints about the production of the tour and that its section
/// of `docs/json.md` does not name.
fn undescribed_fields(folder: &Path) -> Vec<String> {
    // A section that refers to another one is read with it.
    let commands = [
        ("validate my_film", "validate"),
        ("explain my_film pier_last", "explain"),
        ("explain library::unknown_preset", "explain"),
        ("info my_film", "info"),
        ("story my_film", "story"),
        ("estimate my_film", "estimate"),
        ("plan my_film", "plan estimate"),
        ("run my_film --dry-run", "plan estimate"),
        ("status my_film", "status log show"),
        ("graph my_film", "graph"),
        ("metrics my_film", "metrics"),
        ("log my_film", "log show"),
        ("show my_film 2", "show"),
        ("diff my_film 1 2", "diff"),
        ("verify my_film", "verify"),
        ("list", "list"),
        ("library shots", "library"),
        ("doctor", "doctor"),
    ];
    let sections = json_sections();
    let store_page = std::fs::read_to_string("docs/store.md").unwrap();
    let mut wrong = Vec::new();
    for (command, read) in commands {
        let output = Command::new(env!("CARGO_BIN_EXE_production"))
            .args(command.split(' '))
            .args(["--format", "json"])
            .current_dir(folder)
            .env("HOME", folder.join("../home"))
            .output()
            .unwrap();
        let Ok(value) = serde_json::from_slice(&output.stdout) else {
            let error = String::from_utf8_lossy(&output.stderr).into_owned();
            wrong.push(format!("`production {command} --format json`: {error}"));
            continue;
        };
        let read = sections.iter().filter(|(heading, _)| {
            let name = heading.split([' ', ',']).next();
            name.is_some_and(|name| read.split(' ').any(|part| part == name))
        });
        let mut text: String = read.map(|(_, text)| text.as_str()).collect();
        if text.contains("](store.md#why-a-job-runs)") {
            text.push_str(&store_page);
        }
        let words: BTreeSet<&str> = text
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .collect();
        let mut fields = BTreeSet::new();
        collect_fields(&value, &mut fields);
        fields.retain(|field| !words.contains(field.as_str()));
        if !fields.is_empty() {
            wrong.push(format!("docs/json.md: `{command}` prints {fields:?}"));
        }
    }
    wrong
}

#[test]
fn blocks_are_read_with_the_comments_before_them() {
    let page = "text\n<!-- first: a\nb -->\n<!-- exit code: 2 -->\n\n```sh\nc\n```\n<!-- x -->\nd\n```text\n```\n";
    let blocks = code_blocks(page);
    assert_eq!(blocks.len(), 2);
    assert_eq!((blocks[0].line, blocks[0].text.as_str()), (6, "c"));
    assert_eq!(blocks[0].comment("first"), Some("a\nb"));
    assert_eq!(blocks[0].comment("exit code"), Some("2"));
    assert!(blocks[0].wrong_comments().is_empty());
    assert!(blocks[1].comments.is_empty());
    for wrong in ["not run", "not run:", "not rnu: no Slurm"] {
        let block = CodeBlock {
            comments: vec![wrong.to_owned()],
            ..CodeBlock::default()
        };
        assert_eq!(block.wrong_comments().len(), 1, "{wrong}");
    }
}

#[test]
fn shown_output_is_a_passage_but_for_times_sizes_and_digests() {
    let lines = |text: &str| normalised(text, Path::new("/tmp/x"));
    let output = lines("a\nmade 3 jobs  in 1m 20s   10 MB\nb\n/tmp/x/my_film/c\nd");
    assert!(is_passage(&lines("made 3 jobs  in 4.2s  4.0 KB"), &output));
    assert!(is_passage(&lines("a\n...\nb\nmy_film/c"), &output));
    assert!(!is_passage(&lines("made 4 jobs  in 4.2s  4.0 KB"), &output));
    assert!(!is_passage(&lines("b\nd"), &output));
    assert!(!is_passage(&lines("d\n...\na"), &output));
}
