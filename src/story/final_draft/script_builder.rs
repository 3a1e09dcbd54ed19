//! Puts paragraphs together to scenes and speeches, as the reader meets them.

use super::fdx_text::unmarked_text;
use crate::base::{Diagnostic, Diagnostics, FileSpan, Spanned};
use crate::story::fountain::{
    DialogueSpeech, SceneElement, Screenplay, ScriptScene, SpeechPart, parse_cue,
};
use crate::story::script_findings::{cue_without_dialogue, dialogue_without_scene};
use std::collections::HashSet;

/// The screenplay so far.
pub(super) struct ScriptBuilder<'d> {
    screenplay: Screenplay,
    /// The speech whose lines are being read.
    speech: Option<DialogueSpeech>,
    /// Notes that wait for the end of the speech.
    notes: Vec<SceneElement>,
    /// The revisions of the scene.
    known_revisions: HashSet<String>,
    /// Within a dual dialogue: whether a speech of it was read.
    dual: Option<bool>,
    diagnostics: &'d mut Diagnostics,
}

impl<'d> ScriptBuilder<'d> {
    pub(super) fn new(diagnostics: &'d mut Diagnostics) -> Self {
        Self {
            screenplay: Screenplay::default(),
            speech: None,
            notes: Vec::new(),
            known_revisions: HashSet::new(),
            dual: None,
            diagnostics,
        }
    }

    pub(super) fn push_diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    pub(super) fn begin_scene(&mut self, scene: ScriptScene) {
        self.end_speech();
        self.known_revisions = scene.revisions.iter().cloned().collect();
        self.screenplay.scenes.push(scene);
    }

    pub(super) fn push_element(&mut self, element: SceneElement) {
        self.end_speech();
        if let SceneElement::Synopsis(text) = &element
            && let Some(scene) = self.screenplay.scenes.last_mut()
            && scene
                .elements
                .iter()
                .all(|known| matches!(known, SceneElement::Note(_)))
        {
            // At the start of a scene, a summary is that of the scene.
            let before = scene.synopsis.take().map(|before| before + " ");
            scene.synopsis = Some(before.unwrap_or_default() + &text.value);
            return;
        }
        self.current_elements().push(element);
    }

    /// Adds a note behind what is being read.
    pub(super) fn push_note(&mut self, note: SceneElement) {
        if self.speech.is_some() {
            self.notes.push(note);
        } else {
            self.current_elements().push(note);
        }
    }

    /// Adds the names of revisions to the scene.
    pub(super) fn push_revisions(&mut self, names: impl Iterator<Item = String>) {
        let Some(scene) = self.screenplay.scenes.last_mut() else {
            return;
        };
        for name in names {
            if self.known_revisions.insert(name.clone()) {
                scene.revisions.push(name);
            }
        }
    }

    pub(super) fn begin_dual(&mut self) {
        self.end_speech();
        self.dual = Some(false);
    }

    pub(super) fn end_dual(&mut self) {
        self.end_speech();
        self.dual = None;
    }

    /// Begins a speech. `cue` is the whole text of the name, with what is in parentheses.
    pub(super) fn begin_speech(&mut self, cue: &str, origin: FileSpan) {
        self.end_speech();
        // Forced: the type of the paragraph says that it is a name, in capitals or not.
        let forced = format!("@{cue}");
        let parsed = parse_cue(&forced);
        let name = parsed.as_ref().map_or(cue, |cue| cue.name);
        let name = speaker_name(name);
        // The first of two who speak at once is as any other; those after it join it.
        let dual = self.dual == Some(true);
        self.dual = self.dual.map(|_| true);
        self.speech = Some(DialogueSpeech {
            extension: parsed
                .and_then(|cue| cue.extension)
                .map(|extension| unmarked_text(&extension)),
            character: Spanned::new(name, origin),
            parts: Vec::new(),
            dual,
        });
    }

    /// Adds a part to the speech. Returns it if there is no speech.
    pub(super) fn push_part(&mut self, part: SpeechPart) -> Option<SpeechPart> {
        match &mut self.speech {
            Some(speech) => {
                speech.parts.push(part);
                None
            }
            None => Some(part),
        }
    }

    fn end_speech(&mut self) {
        let Some(speech) = self.speech.take() else {
            return;
        };
        if speech.parts.is_empty() {
            let help = "write the dialogue below it, or make it a paragraph of action";
            let found = cue_without_dialogue(&speech.character, "no dialogue below it", help);
            self.diagnostics.push(found);
            // The text must not be lost, so it is read as action.
            let action = SceneElement::Action(speech.character);
            self.current_elements().push(action);
        } else {
            if self.screenplay.scenes.is_empty() {
                let found = dialogue_without_scene(speech.character.origin);
                self.diagnostics.push(found);
            }
            self.current_elements().push(SceneElement::Dialogue(speech));
        }
        let mut notes = std::mem::take(&mut self.notes);
        self.current_elements().append(&mut notes);
    }

    fn current_elements(&mut self) -> &mut Vec<SceneElement> {
        match self.screenplay.scenes.last_mut() {
            Some(scene) => &mut scene.elements,
            None => &mut self.screenplay.opening,
        }
    }

    /// Returns whether nothing was read yet.
    pub(super) const fn is_empty(&self) -> bool {
        self.screenplay.scenes.is_empty()
            && self.screenplay.opening.is_empty()
            && self.speech.is_none()
    }

    pub(super) fn finish(mut self) -> Screenplay {
        self.end_speech();
        self.screenplay
    }
}

/// Returns a name as Fountain can have it, in capitals: the program shows them so, however they
/// were typed.
fn speaker_name(name: &str) -> String {
    let name = unmarked_text(&name.to_uppercase());
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '^' | '(' | ')'));
    if name.is_empty() {
        "SPEAKER".to_owned()
    } else {
        name.to_owned()
    }
}
