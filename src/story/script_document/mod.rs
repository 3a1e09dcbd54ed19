//! The document of a production that is made from a script alone: its cast, its places, and shots
//! by coverage. Works on the breakdown of the script; does not know which presets and models exist.

mod place_words;

use super::breakdown::{CastMember, DayPart, SceneBreakdown, ScriptBreakdown};
use crate::base::count_text::format_count;
use crate::base::name_form::{FreeNames, name_slug, script_name_form};
use crate::document::yaml_edit::{yaml_comment, yaml_inline_scalar};
use crate::model::PixelSize;
use crate::model::codec::StillFormat;
use crate::model::speaker_names::is_narrator;
use place_words::place_preset;
use std::collections::{BTreeMap, BTreeSet};

/// What the document says beside the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptDocumentFacts {
    /// The title of the production.
    pub title: String,
    /// The path of the script, from the document.
    pub script: String,
    /// The day of its creation, such as `2026-11-30`.
    pub created: String,
    /// Paths of models of people. Those of the cast who are seen get them in turn.
    pub models: Vec<String>,
    /// The language in which people speak, as in BCP 47. `None`: the usual one.
    pub language: Option<&'static str>,
}

/// A place of the script, with every heading that is there.
struct ScriptPlace<'a> {
    name: String,
    preset: &'static str,
    headings: Vec<&'a str>,
}

/// Returns the document of a production from this script.
#[must_use]
pub fn script_document(breakdown: &ScriptBreakdown, facts: &ScriptDocumentFacts) -> String {
    let mut text = head_lines(breakdown, facts);
    text.push_str(&cast_lines(breakdown, &facts.models));
    text.push_str(&place_lines(breakdown));
    text.push_str(OUTPUTS);
    text.push_str(&contact_sheet_line(breakdown));
    text
}

/// The size of a frame of a contact sheet of few shots.
const SHEET_FRAME: PixelSize = PixelSize {
    width: 320,
    height: 180,
};

/// Returns the contact sheet with frames so small that a picture can hold those of all shots, or says
/// why there is none.
fn contact_sheet_line(breakdown: &ScriptBreakdown) -> String {
    let most = most_shots(breakdown);
    match StillFormat::ContactSheet.fitting_frame(SHEET_FRAME, most) {
        Some(frame) => format!(
            "    - {{name: contact_sheet, codec: contact_sheet, resolution: {frame}, path: deliverables/contact_sheet.jpg}}\n"
        ),
        None => yaml_comment(
            "    ",
            "No contact sheet: with a frame of each shot it would be larger than pictures can be. One of some of them is `{name: contact_sheet, codec: contact_sheet, resolution: 320x180, shots: [...], path: deliverables/contact_sheet.jpg}`.",
        ),
    }
}

/// Returns more shots than coverage makes of a script: a few for each scene, speech and eighth of a
/// page.
fn most_shots(breakdown: &ScriptBreakdown) -> usize {
    let of_scene = |scene: &SceneBreakdown| {
        let eighths = usize::try_from(scene.eighths.0).unwrap_or(usize::MAX);
        3 + 2 * scene.speeches + eighths.saturating_mul(3)
    };
    breakdown.filmed_scenes().map(of_scene).sum()
}

const OUTPUTS: &str =
    "  # The film, and what is said in it beside it. `production library outputs` has more.
  outputs:
    - name: film
      format: streaming_1080p
      resolution: 1280x720
      path: deliverables/film.mp4
    - {name: captions, format: srt, path: deliverables/film.srt}
";

fn head_lines(breakdown: &ScriptBreakdown, facts: &ScriptDocumentFacts) -> String {
    let mut text = yaml_comment(
        "",
        &format!(
            "Made from {}: {}, about {:.0} s. It runs as it is: `production run .`",
            facts.script,
            format_count(breakdown.filmed_scenes().count(), "scene"),
            breakdown.seconds
        ),
    );
    text.push_str(&yaml_comment(
        "",
        "Everything here may be edited. Change the script and run again: only the scenes that changed are made again.",
    ));
    text.push_str(&format!(
        "\nproduction:\n  title: {}\n  version: '0.1'\n  created: {}\n\n",
        yaml_inline_scalar(&facts.title),
        facts.created
    ));
    text.push_str(&yaml_comment(
        "  ",
        "Scenes, who is in them, who speaks and for how long. `production story .` breaks it down.",
    ));
    text.push_str(&format!(
        "  script: {}\n\n",
        yaml_inline_scalar(&facts.script)
    ));
    text.push_str(&yaml_comment(
        "  ",
        "Every scene is covered by shots. `production info .` lists them. Replace `auto` with a list to write your own; scenes without a shot in the list still get theirs from the script.",
    ));
    text.push_str("  shots: auto\n\n");
    text.push_str(
        "  style: documentary\n\n  render_settings:\n    quality_tier: preview # `production` for delivery; the size of the film stays the same\n\n",
    );
    text.push_str(&yaml_comment(
        "  ",
        "Scratch voices speak every line, and a shot lasts as long as its line. Music has a mood, such as `music: emotional`; see `production library moods`.",
    ));
    let language = facts
        .language
        .map_or_else(String::new, |tag| format!("language: {tag}, "));
    text.push_str(&format!(
        "  sound: {{{language}loudness: streaming, music: off}}\n\n"
    ));
    text
}

fn cast_lines(breakdown: &ScriptBreakdown, models: &[String]) -> String {
    // A narrator needs no entry: the voice belongs to nobody.
    let mut cast = breakdown.cast.iter().filter(|member| has_entry(member));
    let mut models = models.iter().cycle();
    let mut entries = cast.clone().peekable();
    if entries.peek().is_none() {
        return String::new();
    }
    let mut text = yaml_comment(
        "  ",
        "Everybody who speaks, who speaks longest first. Put models of your own here; `voice:` chooses a voice.",
    );
    if cast.any(|member| !member.is_seen) {
        text.push_str(&yaml_comment(
            "  ",
            "Who is only heard, such as `(V.O.)`, has no model and is never shown.",
        ));
    }
    text.push_str("  characters:\n");
    let mut taken = FreeNames::default();
    for member in entries {
        let name = entry_name(&member.name, "speaker", &mut taken);
        text.push_str(&format!("    - name: {}\n", yaml_inline_scalar(&name)));
        if script_name_form(&name) != script_name_form(&member.name) {
            text.push_str(&format!(
                "      script_name: {}\n",
                yaml_inline_scalar(&member.name)
            ));
        }
        let model = if member.is_seen { models.next() } else { None };
        if let Some(model) = model {
            text.push_str(&format!("      model: {}\n", yaml_inline_scalar(model)));
        }
    }
    text.push('\n');
    text
}

/// Whether somebody gets an entry: all but a narrator who is never seen.
fn has_entry(member: &CastMember) -> bool {
    member.is_seen || !is_narrator(&member.name)
}

fn place_lines(breakdown: &ScriptBreakdown) -> String {
    let places = script_places(breakdown);
    if places.is_empty() {
        return String::new();
    }
    let mut text = yaml_comment(
        "  ",
        "Where scenes play, found by their headings. The light is that of the preset, see `production library locations`; give a place walls with `set: sets/yours.glb`.",
    );
    text.push_str("  locations:\n");
    for place in places {
        text.push_str(&format!(
            "    - name: {}\n      preset: {}\n",
            yaml_inline_scalar(&place.name),
            place.preset
        ));
        text.push_str("      headings:\n");
        for heading in place.headings {
            text.push_str(&format!("        - {}\n", yaml_inline_scalar(heading)));
        }
    }
    text.push('\n');
    text
}

/// Returns the places in the order of their first scenes. One place in two lights is two.
fn script_places(breakdown: &ScriptBreakdown) -> Vec<ScriptPlace<'_>> {
    let mut places: Vec<ScriptPlace<'_>> = Vec::new();
    let mut known: BTreeMap<(String, &str), usize> = BTreeMap::new();
    let mut last_presets: BTreeMap<String, &'static str> = BTreeMap::new();
    let mut headings = BTreeSet::new();
    let mut taken = FreeNames::default();
    for scene in breakdown.filmed_scenes() {
        // A heading is one place, even if the part of the day before it differs.
        if !headings.insert(script_name_form(&scene.heading)) {
            continue;
        }
        let location = script_name_form(&scene.location);
        let preset = match scene.time.as_deref().and_then(DayPart::from_time) {
            Some(_) => place_preset(scene),
            // Without a time of its own, as `LATER`, it has the light that the place had.
            None => *last_presets.get(&location).unwrap_or(&place_preset(scene)),
        };
        last_presets.insert(location.clone(), preset);
        let index = *known.entry((location, preset)).or_insert_with(|| {
            places.push(new_place(scene, preset, &mut taken));
            places.len() - 1
        });
        places[index].headings.push(&scene.heading);
    }
    places
}

fn new_place<'a>(
    scene: &SceneBreakdown,
    preset: &'static str,
    taken: &mut FreeNames,
) -> ScriptPlace<'a> {
    ScriptPlace {
        name: entry_name(&scene.location, "place", taken),
        preset,
        headings: Vec::new(),
    }
}

/// Returns a free name in the words of a text. A text without any gets `usual`.
fn entry_name(text: &str, usual: &str, taken: &mut FreeNames) -> String {
    let words = name_slug(text);
    // A name of digits alone would be read as a number.
    let name = match words.chars().next() {
        None => usual.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{usual}_{words}"),
        Some(_) => words,
    };
    taken.take(&name)
}
