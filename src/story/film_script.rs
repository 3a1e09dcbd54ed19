//! The script of a film as it is now: the screenplay with what the document changes, or the scenes
//! and lines of the document alone.
//!
//! A line that is written in the document replaces what the script says at its place. Where the two
//! say the same, the script stays, with its directions and its emphasis.

use super::fountain::{
    DialogueSpeech, SceneElement, Screenplay, ScriptScene, SpeechPart, escape_marks, parse_cue,
    parse_heading, parse_place, without_marks,
};
use super::matched_lines::matched_lines;
use crate::base::Spanned;
use crate::base::name_form::script_name_form;
use crate::model::production::Shot;
use crate::model::sound::{LineDelivery, ShotLine};
use crate::model::speaker_names::bare_speaker_name;
use crate::model::{Production, SceneNumber};
use std::collections::{HashMap, HashSet};

/// Returns the script of a film. `screenplay` is the script that the document names, if it does.
#[must_use]
pub fn film_screenplay(production: &Production, screenplay: Option<&Screenplay>) -> Screenplay {
    let mut script = screenplay.cloned().unwrap_or_default();
    let mut known: HashSet<SceneNumber> = HashSet::new();
    let numbers = script.scene_numbers();
    let shots = shots_by_scene(production);
    for (scene, number) in script.scenes.iter_mut().zip(numbers) {
        // An omitted scene has a number in the script and nothing in the film.
        if !scene.omitted {
            let lines = shots.get(&number).into_iter().flatten();
            let lines: Vec<FilmLine<'_>> = lines.flat_map(|shot| film_lines(shot)).collect();
            apply_lines(production, scene, &lines);
        }
        known.insert(number);
    }
    for shot in &production.shots {
        let number = &shot.scene.value;
        if known.insert(number.clone())
            && let Some(shots) = shots.get(number)
        {
            script
                .scenes
                .push(scene_of_shots(production, number, shots));
        }
    }
    // The script's own title page goes before what the document says.
    if script.title_page.is_empty() {
        script.title_page = title_page(production);
    }
    script
}

fn title_page(production: &Production) -> Vec<(String, String)> {
    let meta = &production.meta;
    let title = meta.title.as_ref().map(|title| title.value.as_str());
    let fields = [("Title", title), ("Author", meta.author.as_deref())];
    let written = fields.into_iter().filter_map(|(key, value)| {
        let value = value?.split_whitespace().collect::<Vec<_>>().join(" ");
        (!value.is_empty()).then(|| (key.to_owned(), value))
    });
    written.collect()
}

/// Returns the shots of each scene, in order.
fn shots_by_scene(production: &Production) -> HashMap<&SceneNumber, Vec<&Shot>> {
    let mut shots: HashMap<&SceneNumber, Vec<&Shot>> = HashMap::new();
    for shot in &production.shots {
        shots.entry(&shot.scene.value).or_default().push(shot);
    }
    shots
}

/// A line of a shot, with whether it begins together with the line before it.
struct FilmLine<'p> {
    line: &'p ShotLine,
    is_together: bool,
}

fn film_lines(shot: &Shot) -> impl Iterator<Item = FilmLine<'_>> {
    let lines = shot.lines.iter().enumerate();
    lines.map(|(index, line)| FilmLine {
        line,
        is_together: index > 0 && shot.lines[index - 1].start == line.start,
    })
}

/// Puts the lines of the document into a scene of the script, if any is written there.
fn apply_lines(production: &Production, scene: &mut ScriptScene, lines: &[FilmLine<'_>]) {
    let script = scene.heading.origin.file;
    // Lines that follow from the script change nothing in it.
    if lines
        .iter()
        .all(|film| film.line.text.origin.file == script)
    {
        return;
    }
    let speeches: Vec<(String, String)> = scene
        .dialogue_speeches()
        .map(|speech| spoken_key(&speech.character.value, &speech.spoken_text()))
        .collect();
    let spoken: Vec<(String, String)> = lines
        .iter()
        .map(|film| spoken_key(&line_speaker(production, film.line), &film.line.text.value))
        .collect();
    let mut pairs = matched_lines(&speeches, &spoken).into_iter().peekable();
    let mut merged = Vec::with_capacity(scene.elements.len());
    let mut next_line = 0;
    let mut speech_index = 0;
    for element in std::mem::take(&mut scene.elements) {
        if !matches!(element, SceneElement::Dialogue(_)) {
            merged.push(element);
            continue;
        }
        let matched = pairs.next_if(|(speech, _)| *speech == speech_index);
        speech_index += 1;
        // A speech without a line is not in the film.
        let Some((_, line)) = matched else { continue };
        let new = &lines[next_line..line];
        merged.extend(new.iter().map(|film| line_element(production, film)));
        merged.push(element);
        next_line = line + 1;
    }
    let rest = &lines[next_line..];
    merged.extend(rest.iter().map(|film| line_element(production, film)));
    scene.elements = merged;
}

/// Returns what must be equal in a speech and a line: who, and the words.
fn spoken_key(speaker: &str, words: &str) -> (String, String) {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    (script_name_form(bare_speaker_name(speaker)), words)
}

/// Returns a scene that no script has, from its shots.
fn scene_of_shots(production: &Production, number: &SceneNumber, shots: &[&Shot]) -> ScriptScene {
    let heading = scene_heading(production, shots, number);
    let mut elements = Vec::new();
    for shot in shots {
        let spoken: HashSet<String> = shot
            .lines
            .iter()
            .map(|line| line.text.value.clone())
            .collect();
        // A description that is one of its lines would be written twice.
        if let Some(action) = shot_action(shot).filter(|action| !spoken.contains(action)) {
            let text = Spanned::new(action, shot.origin);
            elements.push(SceneElement::Action(text));
        }
        elements.extend(film_lines(shot).map(|film| line_element(production, &film)));
    }
    ScriptScene {
        number: Some(number.to_string()),
        omitted: false,
        place: parse_place(&heading),
        heading: Spanned::new(
            heading,
            shots.first().map_or(production.origin, |shot| shot.origin),
        ),
        synopsis: None,
        elements,
        revisions: Vec::new(),
        counted_eighths: None,
    }
}

/// Returns the heading of a scene without a script: the place of its first shot.
fn scene_heading(production: &Production, shots: &[&Shot], number: &SceneNumber) -> String {
    let mut places = shots.iter().filter_map(|shot| shot.location.as_ref());
    let place = places.next().map(|place| {
        let location = place
            .index
            .and_then(|index| production.locations.get(index));
        let shown = location.and_then(|location| location.display_name.clone());
        shown.unwrap_or_else(|| place.name.value.replace('_', " "))
    });
    let name = place.unwrap_or_else(|| format!("scene {number}"));
    let name = without_marks(&name.to_uppercase());
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    // A place may be called `INT. BARN` already.
    if parse_heading(&name).is_some_and(|read| read.text == name) {
        return name;
    }
    // Behind the mark that forces a heading there is a letter or a digit.
    let name = name.trim_start_matches(|c: char| !c.is_alphanumeric());
    let name = name.trim_end_matches('#').trim_end();
    if name.is_empty() {
        format!("SCENE {number}")
    } else {
        name.to_owned()
    }
}

/// Returns what is seen in a shot, on one line. `None`: nobody wrote it.
fn shot_action(shot: &Shot) -> Option<String> {
    let text = shot.description.split_whitespace().collect::<Vec<_>>();
    let text = escape_marks(&text.join(" "));
    (!shot.automatic && !text.is_empty()).then_some(text)
}

/// Returns the speaker of a line as a script names it.
fn line_speaker(production: &Production, line: &ShotLine) -> String {
    let character = line
        .character
        .and_then(|index| production.characters.get(index));
    character.map_or_else(
        || bare_speaker_name(&line.speaker.value).to_uppercase(),
        |character| character.script_name.clone(),
    )
}

fn line_element(production: &Production, film: &FilmLine<'_>) -> SceneElement {
    let FilmLine { line, is_together } = film;
    let words = line
        .text
        .value
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    let extension = match line.delivery {
        LineDelivery::OnScreen => None,
        LineDelivery::OffScreen => Some("O.S."),
        LineDelivery::VoiceOver => Some("V.O."),
    };
    let speaker = cue_name(&line_speaker(production, line));
    SceneElement::Dialogue(DialogueSpeech {
        character: Spanned::new(speaker, line.speaker.origin),
        extension: extension.map(str::to_owned),
        parts: vec![SpeechPart::Line(Spanned::new(
            spoken_line(escape_marks(&words)),
            line.text.origin,
        ))],
        dual: *is_together,
    })
}

/// Returns a name as a cue can have it.
fn cue_name(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    // Forced: who speaks is known, and the name may have small letters.
    let forced = format!("@{name}");
    let read = parse_cue(&forced).map(|cue| without_marks(cue.name));
    read.filter(|name| !name.is_empty())
        .unwrap_or_else(|| "SPEAKER".to_owned())
}

/// Returns a line that is spoken. One that would be a direction or sung is escaped.
pub(super) fn spoken_line(line: String) -> String {
    let is_direction = line.starts_with('(') && line.ends_with(')');
    if is_direction || line.starts_with('~') {
        return format!("\\{line}");
    }
    line
}
