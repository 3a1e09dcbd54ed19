//! Lines to scenes and elements.
//!
//! The syntax is line-based: what a line is depends on its first character, its capitals, and whether the lines
//! beside it are blank. Each step looks at the line it stands on and takes as many as belong together.

use super::cue::{Cue, cue};
use super::heading::{place, prefix, split_number};
use super::lines::{Line, Manuscript};
use super::title::title_page;
use super::{Dialogue, Element, Scene, Screenplay};
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, Spanned};
use std::collections::{HashMap, HashSet};

/// Reads a screenplay; warnings go to `found`.
pub fn read(file: FileId, text: &str, found: &mut Diagnostics) -> Screenplay {
    let skipped = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    // A blank in place of the byte-order mark keeps every later byte in its place.
    let blanked = format!("{}{}", " ".repeat(skipped), &text[skipped..]);
    let manuscript = Manuscript::new(file, &blanked, found);
    let lines = manuscript.lines();
    let mut lines = lines.as_slice();
    while let [first, rest @ ..] = lines {
        if !first.is_blank() {
            break;
        }
        lines = rest;
    }
    let trimmed = lines.first().map(|first| first.trimmed_start());
    let lines: Vec<Line<'_>> = trimmed
        .into_iter()
        .chain(lines.iter().skip(1).copied())
        .collect();
    let (title_page, taken) = title_page(&lines);
    let mut reader = Reader::new(&manuscript, &lines[taken..], found);
    reader.screenplay.title_page = title_page;
    reader.run()
}

struct Reader<'a> {
    manuscript: &'a Manuscript,
    lines: &'a [Line<'a>],
    at: usize,
    notes: std::iter::Peekable<std::slice::Iter<'a, Spanned<String>>>,
    screenplay: Screenplay,
    /// The names of those who have spoken.
    speakers: HashSet<String>,
    found: &'a mut Diagnostics,
}

impl<'a> Reader<'a> {
    fn new(manuscript: &'a Manuscript, lines: &'a [Line<'a>], found: &'a mut Diagnostics) -> Self {
        let notes = manuscript.notes.iter().peekable();
        Self {
            manuscript,
            lines,
            at: 0,
            notes,
            screenplay: Screenplay::default(),
            speakers: HashSet::new(),
            found,
        }
    }

    fn run(mut self) -> Screenplay {
        while let Some(line) = self.lines.get(self.at).copied() {
            if line.is_blank() {
                self.at += 1;
            } else {
                self.paragraph(line);
            }
        }
        self.take_notes(u32::MAX);
        self.check();
        self.screenplay
    }

    /// Takes what begins at this line. Every branch takes at least the line itself.
    fn paragraph(&mut self, line: Line<'a>) {
        let text = line.text.trim();
        if self.outline(line, text) || self.forced(line, text) {
            return;
        }
        let (after_blank, before_blank) = (self.is_blank_before(), self.is_blank_after());
        if after_blank && prefix(text).is_some() {
            self.heading(line, line.text);
        } else if after_blank && before_blank && is_transition(text) {
            self.push_line(line, line.text, Element::Transition);
        } else {
            match cue(text).filter(|_| after_blank) {
                Some(cue) if !before_blank => self.dialogue(line, cue),
                Some(cue) if self.looks_unfinished(&cue) => self.lone_cue(line, &cue),
                _ => self.action(line),
            }
        }
    }

    /// Takes page breaks, sections and synopses.
    fn outline(&mut self, line: Line<'a>, text: &str) -> bool {
        if text.len() >= 3 && text.bytes().all(|byte| byte == b'=') {
            self.push_line(line, line.text, |text| Element::PageBreak(text.origin));
        } else if text.starts_with('#') {
            let level = text.len() - text.trim_start_matches('#').len();
            self.push_line(
                line,
                line.text.trim_start().trim_start_matches('#'),
                |text| Element::Section { level, text },
            );
        } else if text.starts_with('=') {
            self.synopsis(line);
        } else {
            return false;
        }
        true
    }

    /// Takes what its first character says.
    fn forced(&mut self, line: Line<'a>, text: &'a str) -> bool {
        let body = line.text.trim();
        let rest = body
            .chars()
            .next()
            .map_or("", |first| &body[first.len_utf8()..]);
        match text.chars().next() {
            Some('!') => self.action_from(line, rest),
            Some('~') => self.push_line(line, rest, Element::Lyrics),
            Some('>') if text.ends_with('<') && text.len() > 1 => {
                self.push_line(line, rest.trim_end_matches('<'), Element::Centred);
            }
            Some('>') => self.push_line(line, rest, Element::Transition),
            Some('.') if rest.starts_with(char::is_alphanumeric) => self.heading(line, rest),
            Some('@') => match cue(text) {
                Some(cue) if !self.is_blank_after() => self.dialogue(line, cue),
                Some(cue) => self.lone_cue(line, &cue),
                None => return false,
            },
            _ => return false,
        }
        true
    }

    fn heading(&mut self, line: Line<'a>, text: &'a str) {
        let (text, number) = split_number(text);
        let heading = self.manuscript.spanned(line, text);
        self.take_notes(heading.origin.start);
        let (number, place) = (number.map(str::to_owned), place(&heading.value));
        self.screenplay.scenes.push(Scene {
            number,
            heading,
            place,
            synopsis: None,
            elements: Vec::new(),
        });
        self.at += 1;
    }

    /// Takes a synopsis: of the scene when it stands directly under the heading, else by itself.
    fn synopsis(&mut self, line: Line<'a>) {
        let text = self
            .manuscript
            .spanned(line, line.text.trim_start().trim_start_matches('='));
        let fresh = |scene: &&mut Scene| {
            scene
                .elements
                .iter()
                .all(|element| matches!(element, Element::Note(_)))
        };
        match self.screenplay.scenes.last_mut().filter(fresh) {
            Some(scene) => {
                let before = scene
                    .synopsis
                    .take()
                    .map(|before| before + " ")
                    .unwrap_or_default();
                scene.synopsis = Some(before + &text.value);
                self.at += 1;
            }
            None => self.push_line(
                line,
                line.text.trim_start().trim_start_matches('='),
                Element::Synopsis,
            ),
        }
    }

    fn action(&mut self, line: Line<'a>) {
        self.action_from(line, line.text);
    }

    /// Takes a paragraph of action whose first line is `first`.
    fn action_from(&mut self, line: Line<'a>, first: &'a str) {
        let mut action = self.manuscript.spanned(line, first);
        self.at += 1;
        while let Some(next) = self
            .lines
            .get(self.at)
            .copied()
            .filter(|next| continues_action(*next))
        {
            let part = self.manuscript.spanned(next, next.text);
            action.value.push('\n');
            action.value.push_str(next.text.trim_end());
            action.origin.end = part.origin.end;
            self.at += 1;
        }
        self.push(action.origin, Element::Action(action));
    }

    fn dialogue(&mut self, line: Line<'a>, cue: Cue<'a>) {
        let character = self.manuscript.spanned(line, cue.name);
        self.take_notes(character.origin.start);
        let (lines, parentheticals) = (Vec::new(), Vec::new());
        let mut dialogue = Dialogue {
            character,
            extension: cue.extension,
            lines,
            parentheticals,
            dual: cue.dual,
        };
        self.at += 1;
        while let Some(next) = self
            .lines
            .get(self.at)
            .copied()
            .filter(|next| !next.is_blank() || next.is_kept_blank())
        {
            self.speech(next, &mut dialogue);
            self.at += 1;
        }
        self.speakers.insert(dialogue.character.value.clone());
        if self.screenplay.scenes.is_empty() {
            self.warn_no_scene(dialogue.character.origin);
        }
        self.push(dialogue.character.origin, Element::Dialogue(dialogue));
    }

    fn speech(&self, line: Line<'a>, dialogue: &mut Dialogue) {
        let text = line.text.trim();
        match text
            .strip_prefix('(')
            .and_then(|inner| inner.strip_suffix(')'))
        {
            Some(inner) => dialogue
                .parentheticals
                .push(self.manuscript.spanned(line, inner)),
            None => {
                dialogue.lines.push(
                    self.manuscript
                        .spanned(line, text.strip_prefix('~').unwrap_or(text)),
                );
            }
        }
    }

    /// A cue in capitals with a blank line after it is action, unless it looks like the start of a speech.
    fn looks_unfinished(&self, cue: &Cue<'_>) -> bool {
        self.speakers.contains(cue.name) || cue.extension.is_some() || cue.dual
    }

    fn lone_cue(&mut self, line: Line<'a>, cue: &Cue<'a>) {
        let name = self.manuscript.spanned(line, cue.name);
        let message = format!("{} is about to speak, but says nothing", name.value);
        let found = Diagnostic::warning(
            "production::fountain::cue_without_dialogue",
            name.origin,
            message,
        );
        self.found.push(
            found
                .with_label("no dialogue follows")
                .with_help("write the dialogue on the next line, or begin this line with `!`"),
        );
        self.action_from(line, line.text);
    }

    fn warn_no_scene(&mut self, origin: FileSpan) {
        let found = Diagnostic::warning(
            "production::fountain::dialogue_without_scene",
            origin,
            "dialogue before the first scene",
        );
        self.found.push(
            found
                .with_label("no scene has begun")
                .with_help("write a scene heading above, such as `INT. HOUSE - DAY`"),
        );
    }

    fn push_line(
        &mut self,
        line: Line<'a>,
        part: &'a str,
        make: impl FnOnce(Spanned<String>) -> Element,
    ) {
        let text = self.manuscript.spanned(line, part);
        self.at += 1;
        self.push(text.origin, make(text));
    }

    fn push(&mut self, origin: FileSpan, element: Element) {
        self.take_notes(origin.start);
        self.elements().push(element);
    }

    /// Puts the notes written before this byte in their place.
    fn take_notes(&mut self, before: u32) {
        while let Some(note) = self.notes.next_if(|note| note.origin.start < before) {
            self.elements().push(Element::Note(note.clone()));
        }
    }

    fn elements(&mut self) -> &mut Vec<Element> {
        match self.screenplay.scenes.last_mut() {
            Some(scene) => &mut scene.elements,
            None => &mut self.screenplay.opening,
        }
    }

    fn is_blank_before(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.lines.get(at));
        before.is_none_or(|line| line.is_blank() || line.text.starts_with(['#', '=']))
    }

    fn is_blank_after(&self) -> bool {
        self.lines
            .get(self.at + 1)
            .is_none_or(|line| line.is_blank() && !line.is_kept_blank())
    }

    fn check(&mut self) {
        let mut numbers: HashMap<&str, FileSpan> = HashMap::new();
        for scene in &self.screenplay.scenes {
            let Some(number) = scene.number.as_deref() else {
                continue;
            };
            let Some(first) = numbers.get(number) else {
                numbers.insert(number, scene.heading.origin);
                continue;
            };
            let message = format!("scene number `{number}` is used twice");
            let found = Diagnostic::warning(
                "production::fountain::duplicate_scene_number",
                scene.heading.origin,
                message,
            );
            self.found.push(
                found
                    .with_label("again here")
                    .with_related(*first, "first used here"),
            );
        }
    }
}

fn is_transition(text: &str) -> bool {
    text.ends_with("TO:") && !text.chars().any(char::is_lowercase)
}

fn continues_action(line: Line<'_>) -> bool {
    !line.is_blank()
        && !line
            .text
            .trim_start()
            .starts_with(['#', '=', '>', '~', '!'])
}
