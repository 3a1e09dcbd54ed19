//! Lines to scenes and elements.
//!
//! The syntax is line-based: what a line is depends on its first character, its capitals, and whether the lines
//! beside it are blank. Each step looks at the line it stands on and takes as many as belong together.

use super::character_cue::{CharacterCue, parse_cue};
use super::manuscript::{FountainLine, FountainText};
use super::scene_heading::{parse_place, split_number, split_prefix};
use super::title_page::parse_title_page;
use super::{DialogueSpeech, SceneElement, Screenplay, ScriptScene};
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, Spanned};
use std::collections::{HashMap, HashSet};

/// Reads a screenplay; warnings go to `found`.
pub fn parse_screenplay(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Screenplay {
    let skipped = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    // A blank in place of the byte-order mark keeps every later byte in its place.
    let blanked = format!("{}{}", " ".repeat(skipped), &text[skipped..]);
    let manuscript = FountainText::new(file, &blanked, diagnostics);
    let lines = manuscript.lines();
    let mut lines = lines.as_slice();
    while let [first, rest @ ..] = lines {
        if !first.is_blank() {
            break;
        }
        lines = rest;
    }
    let trimmed = lines.first().map(|first| first.trimmed_start());
    let lines: Vec<FountainLine<'_>> = trimmed
        .into_iter()
        .chain(lines.iter().skip(1).copied())
        .collect();
    let (title_page, title_lines) = parse_title_page(&lines);
    let mut reader = FountainReader::new(&manuscript, &lines[title_lines..], diagnostics);
    reader.screenplay.title_page = title_page;
    reader.read_all()
}

struct FountainReader<'a> {
    manuscript: &'a FountainText,
    lines: &'a [FountainLine<'a>],
    line_index: usize,
    notes: std::iter::Peekable<std::slice::Iter<'a, Spanned<String>>>,
    screenplay: Screenplay,
    /// The names of those who have spoken.
    speakers: HashSet<String>,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> FountainReader<'a> {
    fn new(
        manuscript: &'a FountainText,
        lines: &'a [FountainLine<'a>],
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        let notes = manuscript.notes.iter().peekable();
        Self {
            manuscript,
            lines,
            line_index: 0,
            notes,
            screenplay: Screenplay::default(),
            speakers: HashSet::new(),
            diagnostics,
        }
    }

    fn read_all(mut self) -> Screenplay {
        while let Some(line) = self.lines.get(self.line_index).copied() {
            if line.is_blank() {
                self.line_index += 1;
            } else {
                self.read_paragraph(line);
            }
        }
        self.take_notes(u32::MAX);
        self.check_scene_numbers();
        self.screenplay
    }

    /// Takes what begins at this line. Every branch takes at least the line itself.
    fn read_paragraph(&mut self, line: FountainLine<'a>) {
        let text = line.text.trim();
        if self.read_outline(line, text) || self.read_forced(line, text) {
            return;
        }
        let (after_blank, before_blank) = (self.is_blank_before(), self.is_blank_after());
        if after_blank && split_prefix(text).is_some() {
            self.read_heading(line, line.text);
        } else if after_blank && before_blank && is_transition(text) {
            self.push_line(line, line.text, SceneElement::Transition);
        } else {
            match parse_cue(text).filter(|_| after_blank) {
                Some(cue) if !before_blank => self.read_dialogue(line, cue),
                Some(cue) if self.looks_unfinished(&cue) => self.read_lone_cue(line, &cue),
                _ => self.read_action(line),
            }
        }
    }

    /// Takes page breaks, sections and synopses.
    fn read_outline(&mut self, line: FountainLine<'a>, text: &str) -> bool {
        if text.len() >= 3 && text.bytes().all(|byte| byte == b'=') {
            self.push_line(line, line.text, |text| SceneElement::PageBreak(text.origin));
        } else if text.starts_with('#') {
            let level = text.len() - text.trim_start_matches('#').len();
            self.push_line(
                line,
                line.text.trim_start().trim_start_matches('#'),
                |text| SceneElement::Section { level, text },
            );
        } else if text.starts_with('=') {
            self.read_synopsis(line);
        } else {
            return false;
        }
        true
    }

    /// Takes what its first character says.
    fn read_forced(&mut self, line: FountainLine<'a>, text: &'a str) -> bool {
        let body = line.text.trim();
        let rest = body
            .chars()
            .next()
            .map_or("", |first| &body[first.len_utf8()..]);
        match text.chars().next() {
            Some('!') => self.read_action_from(line, rest),
            Some('~') => self.push_line(line, rest, SceneElement::Lyrics),
            Some('>') if text.ends_with('<') && text.len() > 1 => {
                self.push_line(line, rest.trim_end_matches('<'), SceneElement::Centred);
            }
            Some('>') => self.push_line(line, rest, SceneElement::Transition),
            Some('.') if rest.starts_with(char::is_alphanumeric) => self.read_heading(line, rest),
            Some('@') => match parse_cue(text) {
                Some(cue) if !self.is_blank_after() => self.read_dialogue(line, cue),
                Some(cue) => self.read_lone_cue(line, &cue),
                None => return false,
            },
            _ => return false,
        }
        true
    }

    fn read_heading(&mut self, line: FountainLine<'a>, text: &'a str) {
        let (text, number) = split_number(text);
        let heading = self.manuscript.spanned_part(line, text);
        self.take_notes(heading.origin.start);
        let (number, place) = (number.map(str::to_owned), parse_place(&heading.value));
        self.screenplay.scenes.push(ScriptScene {
            number,
            heading,
            place,
            synopsis: None,
            elements: Vec::new(),
        });
        self.line_index += 1;
    }

    /// Takes a synopsis: of the scene when it stands directly under the heading, else by itself.
    fn read_synopsis(&mut self, line: FountainLine<'a>) {
        let text = self
            .manuscript
            .spanned_part(line, line.text.trim_start().trim_start_matches('='));
        let fresh = |scene: &&mut ScriptScene| {
            scene
                .elements
                .iter()
                .all(|element| matches!(element, SceneElement::Note(_)))
        };
        match self.screenplay.scenes.last_mut().filter(fresh) {
            Some(scene) => {
                let before = scene
                    .synopsis
                    .take()
                    .map(|before| before + " ")
                    .unwrap_or_default();
                scene.synopsis = Some(before + &text.value);
                self.line_index += 1;
            }
            None => self.push_line(
                line,
                line.text.trim_start().trim_start_matches('='),
                SceneElement::Synopsis,
            ),
        }
    }

    fn read_action(&mut self, line: FountainLine<'a>) {
        self.read_action_from(line, line.text);
    }

    /// Takes a paragraph of action whose first line is `first`.
    fn read_action_from(&mut self, line: FountainLine<'a>, first: &'a str) {
        let mut action = self.manuscript.spanned_part(line, first);
        self.line_index += 1;
        while let Some(next) = self
            .lines
            .get(self.line_index)
            .copied()
            .filter(|next| continues_action(*next))
        {
            let part = self.manuscript.spanned_part(next, next.text);
            action.value.push('\n');
            action.value.push_str(next.text.trim_end());
            action.origin.end = part.origin.end;
            self.line_index += 1;
        }
        self.push_element(action.origin, SceneElement::Action(action));
    }

    fn read_dialogue(&mut self, line: FountainLine<'a>, cue: CharacterCue<'a>) {
        let character = self.manuscript.spanned_part(line, cue.name);
        self.take_notes(character.origin.start);
        let (lines, parentheticals) = (Vec::new(), Vec::new());
        let mut dialogue = DialogueSpeech {
            character,
            extension: cue.extension,
            lines,
            parentheticals,
            dual: cue.dual,
        };
        self.line_index += 1;
        while let Some(next) = self
            .lines
            .get(self.line_index)
            .copied()
            .filter(|next| !next.is_blank() || next.is_kept_blank())
        {
            self.read_speech_line(next, &mut dialogue);
            self.line_index += 1;
        }
        self.speakers.insert(dialogue.character.value.clone());
        if self.screenplay.scenes.is_empty() {
            self.warn_no_scene(dialogue.character.origin);
        }
        self.push_element(dialogue.character.origin, SceneElement::Dialogue(dialogue));
    }

    fn read_speech_line(&self, line: FountainLine<'a>, dialogue: &mut DialogueSpeech) {
        let text = line.text.trim();
        match text
            .strip_prefix('(')
            .and_then(|inner| inner.strip_suffix(')'))
        {
            Some(inner) => dialogue
                .parentheticals
                .push(self.manuscript.spanned_part(line, inner)),
            None => {
                dialogue.lines.push(
                    self.manuscript
                        .spanned_part(line, text.strip_prefix('~').unwrap_or(text)),
                );
            }
        }
    }

    /// A cue in capitals with a blank line after it is action, unless it looks like the start of a speech.
    fn looks_unfinished(&self, cue: &CharacterCue<'_>) -> bool {
        self.speakers.contains(cue.name) || cue.extension.is_some() || cue.dual
    }

    fn read_lone_cue(&mut self, line: FountainLine<'a>, cue: &CharacterCue<'a>) {
        let name = self.manuscript.spanned_part(line, cue.name);
        let message = format!("{} is about to speak, but says nothing", name.value);
        let warning = Diagnostic::warning(
            "production::fountain::cue_without_dialogue",
            name.origin,
            message,
        );
        self.diagnostics.push(
            warning
                .with_label("no dialogue follows")
                .with_help("write the dialogue on the next line, or begin this line with `!`"),
        );
        self.read_action_from(line, line.text);
    }

    fn warn_no_scene(&mut self, origin: FileSpan) {
        let warning = Diagnostic::warning(
            "production::fountain::dialogue_without_scene",
            origin,
            "dialogue before the first scene",
        );
        self.diagnostics.push(
            warning
                .with_label("no scene has begun")
                .with_help("write a scene heading above, such as `INT. HOUSE - DAY`"),
        );
    }

    fn push_line(
        &mut self,
        line: FountainLine<'a>,
        part: &'a str,
        make: impl FnOnce(Spanned<String>) -> SceneElement,
    ) {
        let text = self.manuscript.spanned_part(line, part);
        self.line_index += 1;
        self.push_element(text.origin, make(text));
    }

    fn push_element(&mut self, origin: FileSpan, element: SceneElement) {
        self.take_notes(origin.start);
        self.current_elements().push(element);
    }

    /// Puts the notes written before this byte in their place.
    fn take_notes(&mut self, before: u32) {
        while let Some(note) = self.notes.next_if(|note| note.origin.start < before) {
            self.current_elements()
                .push(SceneElement::Note(note.clone()));
        }
    }

    fn current_elements(&mut self) -> &mut Vec<SceneElement> {
        match self.screenplay.scenes.last_mut() {
            Some(scene) => &mut scene.elements,
            None => &mut self.screenplay.opening,
        }
    }

    fn is_blank_before(&self) -> bool {
        let before = self
            .line_index
            .checked_sub(1)
            .and_then(|index| self.lines.get(index));
        before.is_none_or(|line| line.is_blank() || line.text.starts_with(['#', '=']))
    }

    fn is_blank_after(&self) -> bool {
        self.lines
            .get(self.line_index + 1)
            .is_none_or(|line| line.is_blank() && !line.is_kept_blank())
    }

    fn check_scene_numbers(&mut self) {
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
            let warning = Diagnostic::warning(
                "production::fountain::duplicate_scene_number",
                scene.heading.origin,
                message,
            );
            self.diagnostics.push(
                warning
                    .with_label("again here")
                    .with_related(*first, "first used here"),
            );
        }
    }
}

fn is_transition(text: &str) -> bool {
    text.ends_with("TO:") && !text.chars().any(char::is_lowercase)
}

fn continues_action(line: FountainLine<'_>) -> bool {
    !line.is_blank()
        && !line
            .text
            .trim_start()
            .starts_with(['#', '=', '>', '~', '!'])
}
