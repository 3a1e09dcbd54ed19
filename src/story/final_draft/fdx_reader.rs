//! Elements to scenes: each paragraph of the script becomes what its type says.

use super::fdx_scene::read_scene;
use super::fdx_text::{ParagraphText, file_span, tag_bytes, unmarked_text};
use super::fdx_title_page::read_title_page;
use super::script_builder::ScriptBuilder;
use super::script_notes::{ScriptNotes, note_text, read_note};
use crate::base::xml_document::{XmlFault, parse_xml};
use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, FileId, FileSpan, Spanned};
use crate::model::SceneNumber;
use crate::story::film_script::spoken_line;
use crate::story::fountain::{SceneElement, Screenplay, SpeechPart, escape_marks};
use crate::story::script_findings::report_duplicate_numbers;
use roxmltree::Node;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// The file is not of the format, or is damaged.
const UNREADABLE: DiagnosticCode = "production::final_draft::unreadable";
/// What the script has and a screenplay has not.
const LEFT_OUT: DiagnosticCode = "production::final_draft::left_out";
/// Dialogue that nobody speaks.
const NO_CHARACTER: DiagnosticCode = "production::final_draft::dialogue_without_character";
/// A scene number with characters that none has.
const BAD_NUMBER: DiagnosticCode = "production::final_draft::bad_scene_number";

/// Reads a script. `None`: it is damaged or no script; the diagnostics say why.
pub fn parse_final_draft(
    file: FileId,
    text: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Screenplay> {
    let document = match parse_xml(text) {
        Ok(document) => document,
        Err(fault) => {
            diagnostics.push(xml_finding(file, text, &fault));
            return None;
        }
    };
    let root = document.root_element();
    let content = script_content(root, file, diagnostics)?;
    let mut reader = FdxReader {
        file,
        builder: ScriptBuilder::new(diagnostics),
        notes: ScriptNotes::read(root, file),
        revision_sets: revision_sets(root),
        left_out: BTreeMap::new(),
        units: 0,
        has_stray_dialogue: false,
    };
    for block in content.children().filter(Node::is_element) {
        reader.read_block(block);
    }
    let mut screenplay = reader.finish();
    screenplay.title_page = read_title_page(root);
    report_duplicate_numbers(&screenplay, diagnostics);
    Some(screenplay)
}

fn xml_finding(file: FileId, text: &str, fault: &XmlFault) -> Diagnostic {
    let end = text[fault.offset..]
        .chars()
        .next()
        .map_or(0, char::len_utf8);
    let origin = file_span(file, fault.offset..fault.offset + end);
    let message = if fault.is_limit {
        format!("the script is not read: {}", fault.reason)
    } else {
        format!("the script is no XML: {}", fault.reason)
    };
    Diagnostic::error(UNREADABLE, origin, message)
        .with_label("reading ended here")
        .with_help("open it in the program that wrote it, and save it again as Final Draft (.fdx)")
}

/// Returns the element with the paragraphs. `None`: the file has none, which is reported.
fn script_content<'a, 'i>(
    root: Node<'a, 'i>,
    file: FileId,
    diagnostics: &mut Diagnostics,
) -> Option<Node<'a, 'i>> {
    let is_script = root.has_tag_name("FinalDraft");
    let content = root
        .children()
        .find(|child| is_script && child.has_tag_name("Content"));
    if content.is_none() {
        let name = root.tag_name().name();
        let message = if is_script {
            "the file has no script: `FinalDraft` has no `Content`".to_owned()
        } else {
            format!("`{name}` is no Final Draft script")
        };
        let origin = file_span(file, tag_bytes(root));
        let found = Diagnostic::error(UNREADABLE, origin, message);
        diagnostics
            .push(found.with_help("save it as a script of Final Draft (.fdx), or as Fountain"));
    }
    content
}

/// Returns the names of the sets of revisions by their identifiers.
fn revision_sets(root: Node<'_, '_>) -> HashMap<String, String> {
    let lists = root
        .children()
        .filter(|child| child.has_tag_name("Revisions"));
    let sets = lists.flat_map(|list| list.children());
    sets.filter(|child| child.has_tag_name("Revision"))
        .filter_map(|set| {
            let id = set.attribute("ID")?;
            let name = set
                .attribute("Name")
                .map(str::trim)
                .filter(|name| !name.is_empty());
            Some((
                id.to_owned(),
                name.map_or_else(|| format!("revision {id}"), str::to_owned),
            ))
        })
        .collect()
}

/// Something that is not read, with how often it is there.
struct LeftOutPart {
    count: usize,
    first: FileSpan,
}

struct FdxReader<'d> {
    file: FileId,
    builder: ScriptBuilder<'d>,
    notes: ScriptNotes,
    revision_sets: HashMap<String, String>,
    left_out: BTreeMap<&'static str, LeftOutPart>,
    /// Characters before the present paragraph, as notes count them.
    units: usize,
    has_stray_dialogue: bool,
}

impl FdxReader<'_> {
    /// Reads a child of the content: a paragraph, or a dialogue of two that has none around it.
    fn read_block(&mut self, block: Node<'_, '_>) {
        match block.tag_name().name() {
            "Paragraph" => self.read_paragraph(block),
            "DualDialogue" => self.read_dual(block),
            _ => self.leave_out("unknown elements", tag_bytes(block)),
        }
    }

    fn read_paragraph(&mut self, paragraph: Node<'_, '_>) {
        let text = ParagraphText::read(paragraph);
        for struck in &text.struck {
            self.leave_out("struck-out text", struck.clone());
        }
        let blocks = paragraph.children().filter(Node::is_element);
        let embedded = blocks.clone().filter(|block| is_embedded(*block)).count();
        // Two for each block, as the program counts, and one for the end.
        self.units += text.units + 2 * embedded + 1;
        if paragraph.attribute("StartsNewPage") == Some("Yes") && !self.builder.is_empty() {
            let origin = file_span(self.file, tag_bytes(paragraph));
            self.builder.push_element(SceneElement::PageBreak(origin));
        }
        let omission = blocks
            .clone()
            .any(|block| block.has_tag_name("OmittedScene"));
        self.read_typed(paragraph, &text, omission);
        for block in blocks {
            match block.tag_name().name() {
                "DualDialogue" => self.read_dual(block),
                "ScriptNote" => {
                    if let Some(note) = read_note(block, self.file) {
                        self.builder.push_note(note);
                    }
                }
                "Picture" | "Image" => self.leave_out("pictures", tag_bytes(block)),
                _ => {}
            }
        }
        self.push_revisions(&text);
        while let Some(note) = self.notes.next_before(self.units) {
            self.builder.push_note(note);
        }
    }

    fn read_dual(&mut self, dual: Node<'_, '_>) {
        // Its paragraphs are not counted for the places of notes.
        let units = self.units;
        self.builder.begin_dual();
        for paragraph in dual
            .children()
            .filter(|child| child.has_tag_name("Paragraph"))
        {
            let text = ParagraphText::read(paragraph);
            for struck in &text.struck {
                self.leave_out("struck-out text", struck.clone());
            }
            self.read_typed(paragraph, &text, false);
            self.push_revisions(&text);
        }
        self.builder.end_dual();
        self.units = units;
    }

    fn push_revisions(&mut self, text: &ParagraphText) {
        let names = text.revisions.iter().map(|id| {
            let set = self.revision_sets.get(id);
            set.map_or_else(|| format!("revision {id}"), String::clone)
        });
        self.builder.push_revisions(names);
    }

    /// Reads a paragraph by its type.
    fn read_typed(&mut self, paragraph: Node<'_, '_>, text: &ParagraphText, omission: bool) {
        let kind = paragraph.attribute("Type").unwrap_or_default();
        if kind == "Scene Heading" {
            return self.read_heading(paragraph, text, omission);
        }
        if text.plain_text().is_empty() {
            return;
        }
        match kind {
            "Character" => self.read_cue(paragraph, text),
            "Parenthetical" => self.read_direction(paragraph, text),
            "Dialogue" => self.read_speech(paragraph, text, false),
            "Singing" | "Lyrics" => self.read_speech(paragraph, text, true),
            _ => self.read_narration(paragraph, text, kind),
        }
    }

    /// Reads a paragraph that nobody speaks.
    fn read_narration(&mut self, paragraph: Node<'_, '_>, text: &ParagraphText, kind: &str) {
        let spanned = |value: String| Spanned::new(value, text.origin(self.file, paragraph));
        let one_line = text.marked_lines().join(" ");
        let one_line = one_line.trim_start_matches(['#', '=', ' ']).to_owned();
        let element = match kind {
            "Transition" => {
                let shown = text.plain_text().to_uppercase();
                // Behind `>`, a last `<` would make it a centred line.
                let shown = unmarked_text(&shown);
                let shown = shown.trim_end_matches(['<', ' ']).to_owned();
                SceneElement::Transition(spanned(shown))
            }
            "New Act" | "Outline 1" => section(1, spanned(one_line)),
            "Outline 2" => section(2, spanned(one_line)),
            "Outline 3" => section(3, spanned(one_line)),
            "Outline 4" => section(4, spanned(one_line)),
            "Outline Body" => SceneElement::Synopsis(spanned(one_line)),
            // Printed for the reader, and not on the screen.
            "End of Act" | "Cast List" | "Show/Ep. Title" => {
                SceneElement::Note(spanned(note_text(&text.plain_lines().join("\n"))))
            }
            _ if paragraph.attribute("Alignment") == Some("Center") => {
                let origin = text.origin(self.file, paragraph);
                return self.read_centred(&text.marked_lines(), origin);
            }
            _ => SceneElement::Action(spanned(action_text(&text.marked_lines()))),
        };
        self.builder.push_element(element);
    }

    fn read_centred(&mut self, lines: &[String], origin: FileSpan) {
        for line in lines {
            let line = line.trim_end_matches(['<', ' ']).to_owned();
            let element = SceneElement::Centred(Spanned::new(line, origin));
            self.builder.push_element(element);
        }
    }

    fn read_heading(&mut self, paragraph: Node<'_, '_>, text: &ParagraphText, omission: bool) {
        let number = self.scene_number(paragraph);
        let origin = text.origin(self.file, paragraph);
        if let Some(scene) = read_scene(paragraph, text, origin, number, omission) {
            self.builder.begin_scene(scene);
        }
    }

    /// Returns the number of a scene. One that no scene may have is reported.
    fn scene_number(&mut self, paragraph: Node<'_, '_>) -> Option<String> {
        let attribute = paragraph.attribute_node("Number")?;
        let number = attribute.value().trim();
        if number.is_empty() {
            return None;
        }
        if SceneNumber::parse(number).is_some() {
            return Some(number.to_owned());
        }
        let origin = file_span(self.file, attribute.range_value());
        let message = format!("`{number}` is no scene number");
        let found = Diagnostic::warning(BAD_NUMBER, origin, message);
        self.builder.push_diagnostic(
            found
                .with_label("this scene is counted")
                .with_help("numbers are letters, digits, dashes and full stops, such as `5A`"),
        );
        None
    }

    fn read_cue(&mut self, paragraph: Node<'_, '_>, text: &ParagraphText) {
        let cue = text.plain_text();
        let origin = text.origin(self.file, paragraph);
        // Up to the parenthesis, so that a finding underlines the name.
        let raw = paragraph.document().input_text();
        let raw = raw.get(origin.start as usize..origin.end as usize);
        let name = raw.and_then(|raw| raw.split('(').next()).map(str::trim_end);
        let length = name.filter(|name| !name.is_empty() && !name.contains(['<', '&']));
        let end = length.and_then(|name| u32::try_from(name.len()).ok());
        let origin = end.map_or(origin, |length| {
            FileSpan::new(origin.file, origin.start, origin.start + length)
        });
        self.builder.begin_speech(&cue, origin);
    }

    fn read_direction(&mut self, paragraph: Node<'_, '_>, text: &ParagraphText) {
        let line = text.plain_text();
        let inner = line.strip_prefix('(').unwrap_or(&line);
        let inner = inner.strip_suffix(')').unwrap_or(inner).trim();
        let origin = text.origin(self.file, paragraph);
        let inner = Spanned::new(escape_marks(inner), origin);
        self.push_part(SpeechPart::Direction(inner), origin);
    }

    fn read_speech(&mut self, paragraph: Node<'_, '_>, text: &ParagraphText, is_sung: bool) {
        let origin = text.origin(self.file, paragraph);
        for line in text.marked_lines() {
            let part = if is_sung {
                SpeechPart::Lyric(Spanned::new(line, origin))
            } else {
                SpeechPart::Line(Spanned::new(spoken_line(line), origin))
            };
            self.push_part(part, origin);
        }
    }

    /// Adds a part to the speech. Without a speech, it is an element of its own.
    fn push_part(&mut self, part: SpeechPart, origin: FileSpan) {
        let Some(stray) = self.builder.push_part(part) else {
            return;
        };
        let element = match stray {
            // Songs are also sung by nobody in particular.
            SpeechPart::Lyric(line) => {
                return self.builder.push_element(SceneElement::Lyrics(line));
            }
            SpeechPart::Line(line) | SpeechPart::Direction(line) => SceneElement::Action(line),
        };
        // Once: a file from a converter that loses the names would have thousands.
        if !std::mem::replace(&mut self.has_stray_dialogue, true) {
            let message = "dialogue without a character above it is read as action";
            let found = Diagnostic::warning(NO_CHARACTER, origin, message);
            self.builder.push_diagnostic(
                found
                    .with_label("nobody speaks this")
                    .with_help("put a paragraph of the type Character above it"),
            );
        }
        self.builder.push_element(element);
    }

    fn leave_out(&mut self, what: &'static str, bytes: Range<usize>) {
        let first = file_span(self.file, bytes);
        let part = self.left_out.entry(what);
        part.or_insert(LeftOutPart { count: 0, first }).count += 1;
    }

    fn finish(mut self) -> Screenplay {
        while let Some(note) = self.notes.next_before(usize::MAX) {
            self.builder.push_note(note);
        }
        if let Some(origin) = self.left_out.values().map(|part| part.first).min() {
            let parts = self.left_out.iter();
            let parts: Vec<String> = parts
                .map(|(what, part)| format!("{what} ({})", part.count))
                .collect();
            let message = format!("not read from the script: {}", parts.join(", "));
            let found = Diagnostic::info(LEFT_OUT, origin, message);
            self.builder
                .push_diagnostic(found.with_label("the first of them"));
        }
        self.builder.finish()
    }
}

/// Returns whether an element inside of a paragraph counts as two characters for notes.
fn is_embedded(block: Node<'_, '_>) -> bool {
    block.has_tag_name("DualDialogue") || block.has_tag_name("OmittedScene")
}

const fn section(level: usize, text: Spanned<String>) -> SceneElement {
    SceneElement::Section { level, text }
}

/// Returns the lines of a paragraph of action. One that would begin another element is escaped.
fn action_text(lines: &[String]) -> String {
    let escaped = lines.iter().enumerate().map(|(index, line)| {
        if index > 0 && line.starts_with(['#', '=', '>', '~', '!']) {
            format!("\\{line}")
        } else {
            line.clone()
        }
    });
    escaped.collect::<Vec<_>>().join("\n")
}
