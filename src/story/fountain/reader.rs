//! Lines to scenes and elements.
//!
//! The syntax is line-based. The first character, the capitals and the blank lines around it decide
//! what a line is. Each step looks at the present line and takes all lines that belong to it.

use super::character_cue::{CharacterCue, parse_cue};
use super::manuscript::{FountainLine, FountainText};
use super::scene_heading::{
    HeadingLine, is_omitted, parse_heading, parse_omission, parse_place, without_marks,
};
use super::title_page::parse_title_page;
use super::{DialogueSpeech, SceneElement, Screenplay, ScriptScene, SpeechPart};
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, Spanned};
use crate::story::script_findings::{
    cue_without_dialogue, dialogue_without_scene, report_duplicate_numbers,
};
use std::collections::HashSet;

/// Reads a screenplay. Warnings go to `diagnostics`. There are no errors, since Fountain accepts
/// every text.
pub fn parse_screenplay(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Screenplay {
    let skipped = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    // A byte-order mark would be part of the first line. Blanks of the same length keep every later
    // byte in its place.
    let blanked = format!("{}{}", " ".repeat(skipped), &text[skipped..]);
    let manuscript = FountainText::new(file, &blanked, diagnostics);
    let lines = manuscript.lines();
    let mut lines = lines.as_slice();
    // The title page must begin on the first line with text.
    while let [first, rest @ ..] = lines {
        if !first.is_blank() {
            break;
        }
        lines = rest;
    }
    // The blanks in place of the byte-order mark must not indent the first line: an indented line
    // continues a value of the title page.
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
    /// Whether the scene that is read has more than notes.
    // A look at all its notes for each line of its synopsis would cost their product.
    has_text: bool,
    /// Names of the characters that have spoken so far.
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
            has_text: false,
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
        // Notes after the last element are not placed yet.
        self.take_notes(u32::MAX);
        report_duplicate_numbers(&self.screenplay, self.diagnostics);
        self.screenplay
    }

    /// Reads the paragraph that begins at this line. Every branch takes at least this line, so the
    /// reader always moves on.
    fn read_paragraph(&mut self, line: FountainLine<'a>) {
        let text = line.text.trim();
        // Marks that force a type come before the rules that guess one, as in the Fountain
        // specification.
        if self.read_outline(line, text) || self.read_forced(line, text) {
            return;
        }
        let after_blank = self.is_blank_before();
        let before_blank = self.is_blank_after();
        // A heading needs a blank line before it, a transition one on both sides: `CUT TO:`
        // directly above text is a cue.
        let heading = parse_heading(line.text).or_else(|| {
            // Text directly below makes it a character of that name.
            parse_omission(line.text).filter(|_| before_blank)
        });
        if let Some(heading) = heading.filter(|_| after_blank) {
            self.read_heading(line, heading);
        } else if after_blank && before_blank && is_transition(text) {
            self.push_line(line, line.text, SceneElement::Transition);
        } else {
            match parse_cue(text).filter(|_| after_blank) {
                // A cue has dialogue directly below it. Capitals alone are action, such as a sound:
                // `BANG`.
                Some(cue) if !before_blank => self.read_dialogue(line, cue),
                Some(cue) if self.looks_unfinished(&cue) => self.read_lone_cue(line, &cue),
                _ => self.read_action(line),
            }
        }
    }

    /// Reads a page break, a section or a synopsis. Returns false for any other line.
    fn read_outline(&mut self, line: FountainLine<'a>, text: &str) -> bool {
        // Before the synopsis: `===` also begins with `=`.
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

    /// Reads a line whose first character forces its type. Returns false for any other line.
    fn read_forced(&mut self, line: FountainLine<'a>, text: &'a str) -> bool {
        let body = line.text.trim();
        let rest = body
            .chars()
            .next()
            .map_or("", |first| &body[first.len_utf8()..]);
        match text.chars().next() {
            Some('!') => self.read_action_from(line, rest),
            Some('~') => self.push_line(line, rest, SceneElement::Lyrics),
            // `> text <` is centred. Without the second mark it is a transition.
            Some('>') if text.ends_with('<') && text.len() > 1 => {
                self.push_line(line, rest.trim_end_matches('<'), SceneElement::Centred);
            }
            Some('>') => self.push_line(line, rest, SceneElement::Transition),
            // `...` at the start of a line is action that trails in, not a heading.
            Some('.')
                if rest
                    .trim_start_matches(['*', '_'])
                    .starts_with(char::is_alphanumeric) =>
            {
                self.read_heading(line, HeadingLine::from_text(rest));
            }
            Some('@') => match parse_cue(text) {
                Some(cue) if !self.is_blank_after() => self.read_dialogue(line, cue),
                // The user marked the line as a cue, so the missing dialogue is worth a warning.
                Some(cue) => self.read_lone_cue(line, &cue),
                None => return false,
            },
            _ => return false,
        }
        true
    }

    fn read_heading(&mut self, line: FountainLine<'a>, parts: HeadingLine<'a>) {
        let mut heading = self.manuscript.spanned_part(line, parts.text);
        heading.value = without_marks(&heading.value);
        // Notes written before the heading belong to the scene before it.
        self.take_notes(heading.origin.start);
        let number = parts.number.map(str::to_owned);
        let place = parse_place(&heading.value);
        self.has_text = false;
        self.screenplay.scenes.push(ScriptScene {
            number,
            omitted: is_omitted(&heading.value) || parse_omission(parts.text).is_some(),
            heading,
            place,
            synopsis: None,
            elements: Vec::new(),
            revisions: Vec::new(),
            counted_eighths: None,
        });
        self.line_index += 1;
    }

    /// Reads a synopsis. Directly below a heading it is the synopsis of the scene, elsewhere an
    /// element of its own.
    fn read_synopsis(&mut self, line: FountainLine<'a>) {
        let text = self
            .manuscript
            .spanned_part(line, line.text.trim_start().trim_start_matches('='));
        // A note between heading and synopsis does not separate them.
        let has_notes_alone = !self.has_text;
        match self
            .screenplay
            .scenes
            .last_mut()
            .filter(|_| has_notes_alone)
        {
            Some(scene) => {
                // A synopsis of several lines has the mark on each.
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
        self.warn_close_heading(line, "action");
        self.read_action_from(line, line.text);
    }

    /// Reads a paragraph of action. `first` is the text of its first line without a forcing mark.
    fn read_action_from(&mut self, line: FountainLine<'a>, first: &'a str) {
        let mut action = self.manuscript.spanned_part(line, first);
        self.line_index += 1;
        while let Some(next) = self
            .lines
            .get(self.line_index)
            .copied()
            .filter(|next| continues_action(*next))
        {
            self.warn_close_heading(next, "action");
            let part = self.manuscript.spanned_part(next, next.text);
            // Only the end is trimmed: Fountain preserves indentation in action.
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
        let mut dialogue = DialogueSpeech {
            character,
            extension: cue.extension,
            parts: Vec::new(),
            dual: cue.dual,
        };
        self.line_index += 1;
        // Two spaces on an empty line are Fountain's way to put a blank line into a dialogue.
        while let Some(next) = self
            .lines
            .get(self.line_index)
            .copied()
            .filter(|next| !next.is_blank() || next.continues_dialogue())
        {
            self.warn_close_heading(next, "dialogue");
            self.read_speech_line(next, &mut dialogue);
            self.line_index += 1;
        }
        self.speakers.insert(dialogue.character.value.clone());
        // Such dialogue belongs to no scene, so no shot shows it and it is not in the film.
        if self.screenplay.scenes.is_empty() {
            let found = dialogue_without_scene(dialogue.character.origin);
            self.diagnostics.push(found);
        }
        self.push_element(dialogue.character.origin, SceneElement::Dialogue(dialogue));
    }

    fn read_speech_line(&self, line: FountainLine<'a>, dialogue: &mut DialogueSpeech) {
        let text = line.text.trim();
        let direction = text
            .strip_prefix('(')
            .and_then(|inner| inner.strip_suffix(')'));
        let spanned = |part| self.manuscript.spanned_part(line, part);
        dialogue
            .parts
            .push(match (direction, text.strip_prefix('~')) {
                (Some(inner), _) => SpeechPart::Direction(spanned(inner)),
                (None, Some(sung)) => SpeechPart::Lyric(spanned(sung)),
                (None, None) => SpeechPart::Line(spanned(text)),
            });
    }

    /// Returns whether a cue without dialogue is probably a mistake: its name has spoken before, or
    /// it has the marks of a cue. Other capitals are action.
    fn looks_unfinished(&self, cue: &CharacterCue<'_>) -> bool {
        self.speakers.contains(cue.name) || cue.extension.is_some() || cue.dual
    }

    fn read_lone_cue(&mut self, line: FountainLine<'a>, cue: &CharacterCue<'a>) {
        let name = self.manuscript.spanned_part(line, cue.name);
        let help = "write the dialogue on the next line, or begin this line with `!`";
        let found = cue_without_dialogue(&name, "no dialogue on the next line", help);
        self.diagnostics.push(found);
        // The text must not be lost, so it is read as action.
        self.read_action_from(line, line.text);
    }

    /// Warns about a line that would be a heading if the line above it were empty, and is read as
    /// `kind`.
    fn warn_close_heading(&mut self, line: FountainLine<'a>, kind: &str) {
        let Some(parts) = parse_heading(line.text) else {
            return;
        };
        // A sentence may begin as a heading does: `Ext. 45 is engaged.`
        let text = without_marks(parts.text);
        if text.chars().any(char::is_lowercase) && parse_place(&text).time.is_none() {
            return;
        }
        let heading = self.manuscript.spanned_part(line, line.text.trim());
        let message = format!(
            "`{}` is read as {kind}: no empty line is above it",
            heading.value
        );
        let warning = Diagnostic::warning(
            "production::fountain::heading_without_gap",
            heading.origin,
            message,
        );
        self.diagnostics.push(
            warning
                .with_label("begins no scene")
                .with_help("put an empty line above it; if it is no heading, begin it with `!`"),
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
        self.has_text = true;
        self.current_elements().push(element);
    }

    /// Adds the notes that were written before this byte to the elements.
    fn take_notes(&mut self, before: u32) {
        // Notes were cut out of the text, so their offset is the only thing that orders them.
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
        // Sections and synopses need no blank line after them in practice, so they count as one.
        before.is_none_or(|line| line.is_blank() || line.text.starts_with(['#', '=']))
    }

    fn is_blank_after(&self) -> bool {
        self.lines
            .get(self.line_index + 1)
            .is_none_or(|line| line.is_blank() && !line.continues_dialogue())
    }
}

pub(super) fn is_transition(text: &str) -> bool {
    // The specification's rule: capitals that end in `TO:`.
    text.ends_with("TO:") && !text.chars().any(char::is_lowercase)
}

fn continues_action(line: FountainLine<'_>) -> bool {
    // A line that begins with one of these marks is an element of its own, even without a blank
    // line.
    !line.is_blank()
        && !line
            .text
            .trim_start()
            .starts_with(['#', '=', '>', '~', '!'])
}
