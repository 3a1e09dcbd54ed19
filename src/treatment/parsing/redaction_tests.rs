//! Every form of a secret that people write, and texts that only look as if they had one.
//!
//! `secrets.txt` has a text a line, with its secrets in `⟦ ⟧`. A value such as `{an20}` is made here, so
//! that no scanner takes the file for one with keys.

use super::block_redaction::redact_blocks;
use crate::base::FileId;
use crate::base::work_counter::count_work_of;
use crate::treatment::reading::{
    TextRedaction, TreatmentBlock, TreatmentFormat, TreatmentText, read_blocks,
};
use std::fmt::Write as _;

/// What is left of a text: its blocks, and the copy of the file.
struct RedactedText {
    blocks: String,
    copy: String,
    redactions: Vec<TextRedaction>,
}

fn redacted(text: &str) -> RedactedText {
    let file = FileId(0);
    let written = TreatmentText {
        file,
        text: text.into(),
        format: TreatmentFormat::Markdown,
    };
    let blocks = read_blocks(text, file, TreatmentFormat::Markdown);
    let mut redactions = Vec::new();
    let blocks = redact_blocks(blocks, &written, &mut redactions);
    redactions.retain(|one| one.is_secret);
    let mut copy = String::new();
    let mut from = 0;
    for one in &redactions {
        copy.push_str(&text[from..one.origin.start as usize]);
        from = one.origin.end as usize;
    }
    copy.push_str(&text[from..]);
    let shown: Vec<String> = blocks.iter().map(shown_block).collect();
    RedactedText {
        blocks: shown.join("\n"),
        copy,
        redactions,
    }
}

fn shown_block(block: &TreatmentBlock) -> String {
    let mut shown = String::new();
    let mut add = |text: &str| {
        let _ = writeln!(shown, "{text}");
    };
    match block {
        TreatmentBlock::Heading { text, .. } => add(&text.text),
        TreatmentBlock::Lines(lines)
        | TreatmentBlock::Quote(lines)
        | TreatmentBlock::Point { lines, .. }
        | TreatmentBlock::Code { lines, .. } => lines.iter().for_each(|line| add(&line.text)),
        TreatmentBlock::Table { header, rows, .. } => {
            let cells = header.iter().chain(rows.iter().flatten());
            cells.for_each(|cell| add(&cell.text));
        }
        TreatmentBlock::Reference(found) => {
            add(&found.destination.value);
            add(&found.about);
        }
        TreatmentBlock::Rule(_) => {}
    }
    shown
}

/// The characters of each kind of value.
const ALPHABETS: [(&str, &str); 9] = [
    ("low", "kwzirtbvnaepxojqdmulsfgh"),
    ("an", "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dX3fG8hJ2kL6"),
    ("up", "Q7Z3XK9V2B5N8M4TWRPLJHGFDS"),
    ("hex", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"),
    ("uphex", "0A1B2C3D4E5F60718293A4B5C6D7E8F9"),
    ("b64-", "aXb/Yc7Zd+We9Vf2Ug4ThRiQk0PlOm8NnMoLpK"),
    ("dig", "8402917365"),
    ("cap", "QwxzRtkv"),
    ("cyr", "жщцыфхтк"),
];

/// Returns the value of a name such as `an20`. `None`: it is no such name.
fn value_of(name: &str) -> Option<String> {
    let digits = name.trim_start_matches(|c: char| !c.is_ascii_digit());
    let is_base64 = name.strip_prefix("b64-");
    let (kind, count) = match is_base64 {
        Some(count) => ("b64-", count),
        None => (&name[..name.len() - digits.len()], digits),
    };
    let (count, is_other) = match count.strip_suffix('b') {
        Some(count) => (count, 7),
        None => (count, 0),
    };
    let count: u64 = count.parse().ok()?;
    let (_, characters) = ALPHABETS.iter().find(|(known, _)| *known == kind)?;
    let characters: Vec<char> = characters.chars().collect();
    let length = characters.len() as u64;
    let mut state = 0x9E37_79B9 + count * 77 + is_other;
    let values = (0..count).map(|index| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let place = match kind {
            "an" => (index * 5 + count + is_other) % length,
            _ => (state >> 33) % length,
        };
        characters[usize::try_from(place).expect("an alphabet is short")]
    });
    Some(values.collect())
}

/// Returns a line of the list as it is written, with values for names.
fn filled(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('{') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let value = rest
            .split_once('}')
            .and_then(|(name, behind)| Some((value_of(name)?, behind)));
        match value {
            Some((value, behind)) => {
                text.push_str(&value);
                rest = behind;
            }
            None => text.push('{'),
        }
    }
    let text = text + rest;
    text.replace("\\n", "\n")
        .replace("\\\n", "\\n")
        .replace("\\t", "\t")
}

/// Returns a text without the marks of its secrets, and the secrets.
fn split_secrets(line: &str) -> (String, Vec<String>) {
    let mut text = String::new();
    let mut secrets = Vec::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('⟦') {
        let (secret, behind) = behind.split_once('⟧').expect("a secret has two marks");
        text.push_str(before);
        text.push_str(secret);
        secrets.push(secret.to_owned());
        rest = behind;
    }
    (text + rest, secrets)
}

/// Whether four characters of a secret that follow each other are in a text.
fn has_part(text: &str, secret: &str) -> bool {
    let letters: Vec<char> = secret.chars().collect();
    letters
        .windows(letters.len().min(4))
        .any(|part| text.contains(&part.iter().collect::<String>()))
}

#[test]
fn no_form_of_a_secret_is_in_a_block_or_in_the_copy() {
    let mut missed = Vec::new();
    for line in include_str!("redaction_tests/secrets.txt").lines() {
        let (text, secrets) = split_secrets(&filled(line));
        let left = redacted(&text);
        let is_in = |left: &str| secrets.iter().any(|secret| has_part(left, secret));
        if is_in(&left.blocks) || is_in(&left.copy) {
            missed.push(format!("{text}\n{}\n{}", left.blocks, left.copy));
        }
    }
    assert!(
        missed.is_empty(),
        "{}: {}",
        missed.len(),
        missed.join("\n\n")
    );
}

#[test]
fn innocent_texts_lose_nothing() {
    let mut taken = Vec::new();
    for line in include_str!("redaction_tests/innocent.txt").lines() {
        let text = line.replace("\\n", "\n");
        let left = redacted(&text);
        if !left.redactions.is_empty() {
            taken.push(format!("{text}\n{}", left.copy));
        }
    }
    assert!(taken.is_empty(), "{}: {}", taken.len(), taken.join("\n\n"));
}

#[test]
fn secrets_that_touch_are_one_finding() {
    let (text, _) = split_secrets(&filled("password: \"⟦{low4}\\\"{low6}⟧\" is it"));
    let left = redacted(&text);
    assert_eq!(left.redactions.len(), 1);
    assert_eq!(left.copy, "password: \"\" is it");
}

#[test]
fn the_search_for_secrets_costs_as_much_as_the_text_is_long() {
    let units = [
        "password ",
        "password: ",
        "password=",
        "password=\"",
        "password(",
        "password, ",
        "password for ",
        "Password lautet ",
        "token=token ",
        "token=token",
        "secret_",
        "key_file_",
        "login: a/",
        "login→a/",
        "me@x.org:",
        "p@ss",
        "a b ",
        "4111 1111 ",
        "DE12 3456 ",
        "cvv ",
        "AKIA:",
        "echo x | ",
        "-p ",
        "<!-- ",
        "<!-- a --> ",
        "https://x.org/a password: Xk29qq81 ",
        "*a* password: `Xk29qq81` ",
        "\"value\" ",
        "</a><b>password",
        "password:\n",
        "a,password\n",
        "password: Xk29qq81\n\n",
        "| password | Xk29qq81 |\n",
        "AKIAQ7Z3XK9V2B5N8M4T\n\n",
    ];
    for unit in units {
        let cost = |count: usize| {
            let text = unit.repeat(count);
            count_work_of(|| drop(redacted(&text)))
        };
        let (small, large) = (cost(150), cost(300));
        assert!(large < small * 3, "{unit}: {small}, {large}");
    }
    // Each secret has a text of its own.
    let lines = |count: usize| {
        let line = |index| format!("password: Xk{index}qq81 and https://x.org/{index}\n\n");
        let text: String = (0..count).map(line).collect();
        count_work_of(|| drop(redacted(&text)))
    };
    let (small, large) = (lines(100), lines(200));
    assert!(large < small * 3, "{small}, {large}");
}
