//! A screenplay as text in Fountain. Read again, it gives the same screenplay.
//!
//! A line is forced with its mark only where it would otherwise be something else, so that the
//! text stays as writers know it.

use super::character_cue::parse_cue;
use super::reader::is_transition;
use super::scene_heading::{HeadingLine, parse_heading, parse_omission};
use super::title_page::is_known_key;
use super::{DialogueSpeech, SceneElement, Screenplay, ScriptScene, SpeechPart};
use std::collections::HashSet;

/// Returns the screenplay in Fountain.
#[must_use]
pub fn fountain_text(screenplay: &Screenplay) -> String {
    let mut writer = FountainWriter {
        text: String::new(),
        speakers: HashSet::new(),
        is_first: true,
    };
    writer.write_title_page(&screenplay.title_page);
    screenplay
        .opening
        .iter()
        .for_each(|element| writer.write_element(element));
    for scene in &screenplay.scenes {
        writer.write_scene(scene);
    }
    writer.text
}

struct FountainWriter<'s> {
    text: String,
    /// Names that have spoken so far: alone on a line, they look like an unfinished cue.
    speakers: HashSet<&'s str>,
    /// Whether the next line may be taken for a title page.
    is_first: bool,
}

impl<'s> FountainWriter<'s> {
    fn write_title_page(&mut self, page: &[(String, String)]) {
        for (key, value) in page {
            let lines: Vec<&str> = value
                .lines()
                .filter(|line| !line.trim().is_empty())
                .collect();
            match lines.as_slice() {
                [] => self.text.push_str(&format!("{key}:\n")),
                [line] => self.text.push_str(&format!("{key}: {}\n", plain(line))),
                lines => {
                    self.text.push_str(&format!("{key}:\n"));
                    for line in lines {
                        self.text.push_str(&format!("    {}\n", plain(line)));
                    }
                }
            }
        }
        self.is_first = page.is_empty();
    }

    /// Adds lines as a paragraph: an empty line is above it.
    fn push_paragraph(&mut self, lines: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(lines);
        self.text.push('\n');
    }

    fn write_scene(&mut self, scene: &'s ScriptScene) {
        let number = scene
            .number
            .as_ref()
            .map_or_else(String::new, |number| format!(" #{number}#"));
        let line = format!("{}{number}", scene.heading.value);
        let is_same = |read: HeadingLine<'_>| {
            read.text == scene.heading.value && read.number == scene.number.as_deref()
        };
        let is_heading = parse_heading(&line)
            .or_else(|| parse_omission(&line))
            .is_some_and(is_same);
        let mark = if is_heading { "" } else { "." };
        let mut lines = format!("{mark}{line}");
        if let Some(synopsis) = &scene.synopsis {
            // An empty line is below every heading, as writers and other programs have it.
            lines.push_str(&format!("\n\n= {}", plain(synopsis)));
        }
        self.push_paragraph(&lines);
        self.is_first = false;
        for element in &scene.elements {
            self.write_element(element);
        }
    }

    fn write_element(&mut self, element: &'s SceneElement) {
        let paragraph = match element {
            SceneElement::Action(text) => self.action_lines(&text.value),
            SceneElement::Dialogue(speech) => self.speech_lines(speech),
            SceneElement::Transition(text) => self.transition_line(&text.value),
            SceneElement::Centred(text) => format!("> {} <", plain(&text.value)),
            SceneElement::Lyrics(text) => format!("~{}", plain(&text.value)),
            SceneElement::Section { level, text } => {
                format!("{} {}", "#".repeat((*level).max(1)), plain(&text.value))
            }
            SceneElement::Synopsis(text) => format!("= {}", plain(&text.value)),
            SceneElement::Note(text) => note_lines(&text.value),
            SceneElement::PageBreak(_) => "===".to_owned(),
        };
        self.push_paragraph(paragraph.trim_end_matches('\n'));
        // A note is cut out before the title page is looked for.
        self.is_first &= matches!(element, SceneElement::Note(_));
    }

    fn action_lines(&self, text: &str) -> String {
        let text = plain(text);
        let first = text.lines().next().unwrap_or_default();
        let is_many = text.contains('\n');
        let is_marked = first.starts_with(['!', '@', '.', '~', '>', '#', '=']);
        let looks_like_cue = parse_cue(first).is_some_and(|cue| {
            // Capitals above a blank line are action, except after a name that has spoken.
            is_many || cue.extension.is_some() || cue.dual || self.speakers.contains(cue.name)
        });
        // A first line without text is one only behind its mark.
        let is_other = first.is_empty()
            || is_marked
            || looks_like_cue
            || parse_heading(first).is_some()
            || (parse_omission(first).is_some() && !is_many)
            || (is_transition(first) && !is_many)
            || (self.is_first && may_be_title_page(&text));
        format!("{}{text}", if is_other { "!" } else { "" })
    }

    fn transition_line(&self, text: &str) -> String {
        let text = plain(text);
        let is_marked = text.starts_with(['!', '@', '.', '~', '>', '#', '=']);
        let is_key = self.is_first && may_be_title_page(&text);
        if is_transition(&text) && !is_marked && !is_key && parse_heading(&text).is_none() {
            return text;
        }
        format!("> {text}")
    }

    fn speech_lines(&mut self, speech: &'s DialogueSpeech) -> String {
        let name = speech.character.value.as_str();
        let mut cue = plain(name);
        if let Some(extension) = &speech.extension {
            cue.push_str(&format!(" ({})", plain(extension)));
        }
        if speech.dual {
            cue.push_str(" ^");
        }
        if self.is_forced_cue(&cue, speech) {
            cue.insert(0, '@');
        }
        self.speakers.insert(name);
        for part in &speech.parts {
            cue.push('\n');
            match part {
                // Two blanks keep an empty line inside of the dialogue.
                SpeechPart::Line(line) if line.value.is_empty() => cue.push_str("  "),
                SpeechPart::Line(line) => cue.push_str(&plain(&line.value)),
                SpeechPart::Lyric(line) => cue.push_str(&format!("~{}", plain(&line.value))),
                SpeechPart::Direction(line) => cue.push_str(&format!("({})", plain(&line.value))),
            }
        }
        cue
    }

    fn is_forced_cue(&self, cue: &str, speech: &DialogueSpeech) -> bool {
        let is_same = parse_cue(cue).is_some_and(|read| {
            !read.forced
                && read.name == speech.character.value
                && read.extension == speech.extension
                && read.dual == speech.dual
        });
        !is_same
            || cue.starts_with(['!', '.', '~', '>', '#', '='])
            || parse_heading(cue).is_some()
            || (self.is_first && cue.contains(':'))
    }
}

/// Returns whether a first paragraph may be taken for a title page: a key with a value.
fn may_be_title_page(text: &str) -> bool {
    let value = text.split_once(':').map(|(_, value)| value);
    value.is_some_and(|value| !value.trim().is_empty()) || is_known_key(text.trim_end_matches(':'))
}

/// Returns a text in which no note and no boneyard begins. Those of the screenplay are elements, so
/// what is left of their marks is meant literally.
fn plain(text: &str) -> String {
    if !text.contains("[[") && !text.contains("/*") {
        return text.to_owned();
    }
    let mut literal = String::with_capacity(text.len() + 4);
    for c in text.chars() {
        if (c == '[' && literal.ends_with('[')) || (c == '*' && literal.ends_with('/')) {
            literal.push('\\');
        }
        literal.push(c);
    }
    literal
}

fn note_lines(text: &str) -> String {
    let lines: Vec<&str> = text
        .split('\n')
        // Without blanks, an empty line would end the note.
        .map(|line| if line.trim().is_empty() { "  " } else { line })
        .collect();
    let text = lines.join("\n");
    // The note ends at the first two brackets.
    let blank = if text.ends_with(']') { " " } else { "" };
    format!("[[{text}{blank}]]")
}
