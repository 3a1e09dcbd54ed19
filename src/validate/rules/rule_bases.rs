//! What the rules about absent values rest on: the parts of a document that they read.
//!
//! A mistake in one of these parts may have removed what a rule misses, so the rule is not checked
//! there. Everything that is not listed does not silence the rule. The patterns are those of
//! `ReadingGap::reach`.

use crate::base::{DiagnosticCode, Severity};
use crate::model::Production;
use crate::validate::ValidationRule;

const CAST: [&str; 3] = ["shots.character", "shots.character2", "shots.characters"];

/// The parts that each rule rests on, by its code without `production::`.
const BASES: [(&str, &[&str]); 53] = [
    ("meta::empty_title", &["title"]),
    ("meta::no_author", &["author"]),
    ("meta::no_description", &["description"]),
    (
        "titles::unset_fact",
        &["title", "version", "modified", "created"],
    ),
    (
        "render::over_budget",
        &["shots", "outputs", "render_settings", "budget"],
    ),
    (
        "characters::model_missing",
        &[
            "characters[].model",
            "characters[].wardrobe",
            "shots[].scene",
        ],
    ),
    (
        "characters::no_costume",
        &[
            "characters[].model",
            "characters[].wardrobe",
            "shots[].scene",
        ],
    ),
    (
        "characters::costume_unworn",
        &[
            "characters[].wardrobe",
            "shots:list",
            "shots.scene",
            CAST[0],
            CAST[1],
            CAST[2],
        ],
    ),
    (
        "characters::unused",
        &[
            "characters[].name",
            "characters[].script_name",
            "script",
            "shots:list",
            CAST[0],
            CAST[1],
            CAST[2],
        ],
    ),
    ("locations::none", &["locations:list"]),
    ("locations::undescribed", &["locations[]"]),
    (
        "locations::unused",
        &[
            "locations[].name",
            "locations[].scenes",
            "locations[].headings",
            "script",
            "shots:list",
            "shots.location",
        ],
    ),
    ("props::model_missing", &["props[].model"]),
    (
        "props::unused",
        &["props[].name", "shots:list", "shots.props"],
    ),
    ("script::no_scenes", &["script"]),
    (
        "script::rushed_words",
        &[
            "shots[]",
            "characters.name",
            "characters.script_name",
            "script",
            "render_settings.frame_rate",
        ],
    ),
    (
        "script::sparse_words",
        &[
            "shots[]",
            "characters.name",
            "characters.script_name",
            "script",
            "render_settings.frame_rate",
        ],
    ),
    (
        "script::uncast_speaker",
        &[
            "characters:list",
            "characters.name",
            "characters.script_name",
            "script",
        ],
    ),
    (
        "script::unmatched_scene",
        &[
            "locations:list",
            "locations.name",
            "locations.headings",
            "locations.scenes",
            "script",
            "shots.location",
            "shots.scene",
        ],
    ),
    (
        "script::unseen_speaker",
        &[
            "characters.name",
            "characters.script_name",
            "script",
            "shots:list",
            "shots.scene",
            CAST[0],
            CAST[1],
            CAST[2],
        ],
    ),
    (
        "script::unshot_scene",
        &["script", "shots:list", "shots.scene"],
    ),
    ("shots::none", &["shots:list", "shot_list", "script"]),
    (
        "shots::no_location",
        &[
            "locations:list",
            "locations.name",
            "locations.headings",
            "locations.scenes",
            "script",
            "shots[].location",
            "shots[].scene",
            "shots.location",
        ],
    ),
    (
        "shots::no_subject",
        &[
            "shots[].character",
            "shots[].character2",
            "shots[].characters",
            "shots[].props",
            "shots[].subject",
            "shots[].template",
        ],
    ),
    (
        "shots::location_differs",
        &[
            "locations.name",
            "locations.headings",
            "locations.scenes",
            "script",
            "shots[].location",
            "shots[].scene",
        ],
    ),
    (
        "shots::crosses_line",
        &["shots[]", "outputs:list", "outputs.codec", "outputs.format"],
    ),
    (
        "shots::jump_cut",
        &["shots[]", "outputs:list", "outputs.codec", "outputs.format"],
    ),
    (
        "shots::unknown_character",
        &["characters:list", "characters.name"],
    ),
    (
        "shots::unknown_location",
        &["locations:list", "locations.name"],
    ),
    ("shots::unknown_prop", &["props:list", "props.name"]),
    ("shots::unknown_scene", &["script"]),
    (
        "timeline::very_short",
        &[
            "shots[].duration",
            "shots[].frame_range",
            "shots[].template",
            "render_settings.frame_rate",
        ],
    ),
    (
        "timeline::scene_gap",
        &["script", "shots:list", "shots.scene"],
    ),
    ("timeline::scene_order", &["shots[].scene"]),
    ("edit::nothing_beside", &["shots:list"]),
    ("timeline::frame_gap", &["shots:list", "shots.frame_range"]),
    (
        "sound::scratch_voice",
        &["characters[]", "shots.lines", "script", "sound"],
    ),
    (
        "sound::unknown_speaker",
        &[
            "characters:list",
            "characters.name",
            "characters.script_name",
            "script",
        ],
    ),
    (
        "sound::unspoken_speech",
        &[
            "characters.name",
            "characters.script_name",
            "script",
            "shots:list",
            "shots.scene",
            "shots.lines",
            CAST[0],
            CAST[1],
            CAST[2],
        ],
    ),
    ("outputs::none", &["outputs:list"]),
    (
        "outputs::extension",
        &["outputs[].codec", "outputs[].format", "outputs[].path"],
    ),
    (
        "outputs::unfit_container",
        &[
            "outputs[].codec",
            "outputs[].container",
            "outputs[].format",
            "outputs[].frame_rate",
            "outputs[].path",
            "sound.sample_rate",
        ],
    ),
    (
        "exports::left_out",
        &[
            "edit",
            "outputs[].format",
            "shots:list",
            "shots.transition_in",
            "shots.transition_out",
        ],
    ),
    (
        "exports::film_media",
        &[
            "edit",
            "outputs:list",
            "outputs.per_shot",
            "shots:list",
            "shots.transition_in",
            "shots.transition_out",
        ],
    ),
    (
        "captions::no_speech",
        &["shots:list", "shots.lines", "script", "outputs.captions"],
    ),
    ("captions::unknown_language", &["captions"]),
    (
        "captions::untranslated",
        &["captions", "outputs.captions", "outputs.language"],
    ),
    (
        "outputs::odd_size",
        &[
            "outputs[].codec",
            "outputs[].format",
            "outputs[].resolution",
            "outputs[].retro",
        ],
    ),
    (
        "outputs::retro_on_film",
        &["outputs[].codec", "outputs[].format", "outputs[].retro"],
    ),
    (
        "outputs::upscaled",
        &[
            "outputs[].format",
            "outputs[].resolution",
            "outputs[].retro",
            "render_settings.quality_tier",
            "render_settings.resolution",
        ],
    ),
    (
        "outputs::cropped",
        &[
            "outputs[].fit",
            "outputs.format",
            "outputs.resolution",
            "outputs.retro",
            "render_settings.resolution",
        ],
    ),
    (
        "outputs::distorted",
        &[
            "outputs[].fit",
            "outputs.format",
            "outputs.resolution",
            "outputs.retro",
            "render_settings.resolution",
        ],
    ),
    (
        "outputs::uneven_rate",
        &[
            "outputs.format",
            "outputs.frame_rate",
            "render_settings.frame_rate",
        ],
    ),
];

/// Areas of rules that cannot be checked when a file of the document is missing: its shots and
/// scenes may be in that file.
const WHOLE_AREAS: [&str; 5] = ["characters", "locations", "script", "shots", "timeline"];

/// Returns the parts that a rule rests on. Empty: it reports only what is written.
pub(crate) fn rule_basis(code: DiagnosticCode) -> &'static [&'static str] {
    let short = code.trim_start_matches("production::");
    let known = BASES.iter().find(|(rule, _)| *rule == short);
    known.map_or(&[], |(_, basis)| basis)
}

/// Returns whether a rule needs the whole document.
pub(crate) fn needs_whole_document(code: DiagnosticCode) -> bool {
    let area = code.trim_start_matches("production::").split("::").next();
    !rule_basis(code).is_empty() || area.is_some_and(|area| WHOLE_AREAS.contains(&area))
}

/// Returns whether a rule could report more than a note of a production.
pub(crate) fn may_report(rule: &ValidationRule, production: &Production) -> bool {
    let is_about_sound = rule.code.starts_with("production::sound::");
    let budget = &production.budget;
    match rule.code {
        _ if rule.severity == Severity::Info => false,
        "production::render::over_budget" => budget.seconds.is_some() || budget.bytes.is_some(),
        _ => !is_about_sound || production.sound.is_some(),
    }
}

/// Returns the sections that some rule rests on.
pub fn rested_sections() -> impl Iterator<Item = &'static str> {
    let patterns = BASES.iter().flat_map(|(_, basis)| *basis);
    patterns.map(|pattern| {
        let section = pattern.split(['.', ':', '[']).next();
        section.unwrap_or_default()
    })
}

/// Returns the fields of a section that some rule rests on.
pub fn rested_fields(section: &str) -> impl Iterator<Item = &'static str> {
    let patterns = BASES.iter().flat_map(|(_, basis)| *basis);
    patterns.filter_map(move |pattern| {
        let (inside, field) = pattern.split_once('.')?;
        (inside.trim_end_matches("[]") == section).then_some(field)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::all_rules;

    #[test]
    fn every_rule_about_absent_values_says_what_it_rests_on() {
        for rule in all_rules().filter(|rule| rule.skip_if_partial) {
            assert!(
                !rule_basis(rule.code).is_empty(),
                "add {} to BASES",
                rule.code
            );
        }
        for (code, _) in BASES {
            let known = all_rules().any(|rule| rule.code == format!("production::{code}"));
            assert!(known, "no rule {code}");
        }
    }
}
