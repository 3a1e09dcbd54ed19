//! Every code of a diagnostic, with its page, in one order: first how the text is read, then the
//! parts of a production.
//!
//! This module owns the order and the look-up. The pages are in the modules that report the codes;
//! a rule is its own page.

use super::project_codes;
use crate::base::suggestions::nearest_match;
use crate::base::{CodeExplanation, DiagnosticCode};
use crate::{document, interchange, library, resolve, story, treatment, validate};

const CODE_PREFIX: &str = "production::";

/// The areas in the order of the documentation, each with its title.
const CODE_AREAS: [(&str, &str); 39] = [
    ("yaml", "Text that is not YAML"),
    ("document", "YAML that is not a document"),
    ("extends", "Productions that extend others"),
    ("variables", "Variables"),
    ("csv", "Shot lists in tables"),
    ("value", "Values in text"),
    ("frames", "Frame ranges"),
    ("library", "Presets"),
    ("fountain", "Scripts in Fountain"),
    ("final_draft", "Scripts of Final Draft"),
    ("meta", "Title and authors"),
    ("style", "The look"),
    ("render", "Rendering"),
    ("limits", "Limits of jobs"),
    ("workers", "Jobs at a time"),
    ("provider", "Renderers that are commands"),
    ("farm", "Farms"),
    ("characters", "Characters and their wardrobe"),
    ("locations", "Locations"),
    ("props", "Props"),
    ("files", "Files"),
    ("script", "The script against the document"),
    ("treatment", "Treatments"),
    ("shots", "Shots"),
    ("beats", "Beats of ads"),
    ("sound", "Voices, lines, music and effects"),
    ("titles", "Titles, credits and burn-ins"),
    ("graphics", "Charts and cards over pictures"),
    ("footage", "Pictures and films that exist already"),
    ("timeline", "Frames and scenes in order"),
    ("recut", "Cuts that come back from other programs"),
    ("captions", "Captions"),
    ("edit", "The cut"),
    ("outputs", "Outputs"),
    ("exports", "Deliverables that are text"),
    ("sprites", "Sprite sheets"),
    ("tiles", "Tile maps"),
    ("tools", "Tools"),
    ("rules", "Severities and silences"),
];

/// Returns every page, sorted by area.
#[must_use]
pub fn code_pages() -> Vec<CodeExplanation> {
    let tables = document::explanations::PAGES.into_iter().chain([
        library::LIBRARY_CODES,
        resolve::RESOLVE_EXPLANATIONS,
        resolve::BEAT_EXPLANATIONS,
        resolve::SOUND_EXPLANATIONS,
        resolve::TITLE_EXPLANATIONS,
        resolve::GRAPHIC_EXPLANATIONS,
        resolve::CAPTION_EXPLANATIONS,
        interchange::RECUT_EXPLANATIONS,
        resolve::EDIT_EXPLANATIONS,
        resolve::SPRITE_EXPLANATIONS,
        story::PAGES,
        story::FINAL_DRAFT_PAGES,
        treatment::PAGES,
        project_codes::PAGES,
    ]);
    let rules = validate::all_rules().map(validate::ValidationRule::code_explanation);
    let mut pages: Vec<CodeExplanation> = tables.flatten().copied().chain(rules).collect();
    // A stable sort: within an area, the order of the modules stays.
    pages.sort_by_cached_key(|page| area_rank(page.code));
    pages
}

/// Returns the title and the pages of each area.
#[must_use]
pub fn pages_by_area() -> Vec<(&'static str, Vec<CodeExplanation>)> {
    let pages_in = |area: &str| {
        code_pages()
            .into_iter()
            .filter(|page| self::code_area(page.code) == area)
            .collect()
    };
    CODE_AREAS
        .iter()
        .map(|(area, title)| (*title, pages_in(area)))
        .collect()
}

/// Returns the pages of a code: the whole code, the code without `production::`, or its last word.
/// A last word may match several codes.
///
/// # Errors
/// Fails when no code matches, with the nearest code if one is near.
pub fn find_pages(wanted: &str) -> Result<Vec<CodeExplanation>, Option<DiagnosticCode>> {
    let wanted = wanted.trim();
    let short = wanted.strip_prefix(CODE_PREFIX).unwrap_or(wanted);
    let is_meant =
        |page: &&CodeExplanation| short_code(page.code) == short || rule_name(page.code) == short;
    let pages = code_pages();
    let matches: Vec<CodeExplanation> = pages.iter().filter(is_meant).copied().collect();
    if !matches.is_empty() {
        return Ok(matches);
    }
    // A name without an area is compared with last words, since the area of every candidate would
    // count as a difference.
    let name = if short.contains("::") {
        short_code
    } else {
        rule_name
    };
    // One letter away from a word of four is another word: `nope` and `none`.
    let is_long = short.contains("::") || short.chars().count() > 4;
    let near = is_long.then(|| nearest_match(short, pages.iter().map(|page| name(page.code))));
    let near = near.flatten();
    Err(near.and_then(|near| {
        pages
            .iter()
            .map(|page| page.code)
            .find(|code| name(code) == near)
    }))
}

/// Returns a code without its prefix: `shots::jump_cut`.
#[must_use]
pub fn short_code(code: DiagnosticCode) -> &'static str {
    code.strip_prefix(CODE_PREFIX).unwrap_or(code)
}

/// Returns the last word of a code: `jump_cut`.
#[must_use]
pub fn rule_name(code: DiagnosticCode) -> &'static str {
    code.rsplit("::").next().unwrap_or(code)
}

fn code_area(code: DiagnosticCode) -> &'static str {
    short_code(code).split("::").next().unwrap_or_default()
}

fn area_rank(code: DiagnosticCode) -> usize {
    CODE_AREAS
        .iter()
        .position(|(known, _)| *known == code_area(code))
        // A code of an unknown area comes last rather than being lost. A test fails on it.
        .unwrap_or(CODE_AREAS.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_in_a_known_area() {
        let lost: Vec<DiagnosticCode> = code_pages()
            .iter()
            .map(|page| page.code)
            .filter(|code| area_rank(code) == CODE_AREAS.len())
            .collect();
        assert_eq!(lost, Vec::<DiagnosticCode>::new());
    }

    #[test]
    fn a_code_is_found_by_its_full_name_a_part_or_its_last_segment() {
        for wanted in [
            "production::shots::no_subject",
            "shots::no_subject",
            "no_subject",
            " no_subject ",
        ] {
            let found = find_pages(wanted).unwrap();
            assert_eq!(found[0].code, "production::shots::no_subject");
        }
        assert!(find_pages("duplicate_name").unwrap().len() > 3);
    }

    #[test]
    fn a_misspelt_code_suggests_the_nearest() {
        assert_eq!(
            find_pages("shots::no_subjcet"),
            Err(Some("production::shots::no_subject"))
        );
        assert_eq!(
            find_pages("no_subjcet"),
            Err(Some("production::shots::no_subject"))
        );
        assert_eq!(find_pages("zebra"), Err(None));
        assert_eq!(find_pages("nope"), Err(None), "`none` is another word");
    }
}
