//! Every code that a document can meet, with its page, in one order: how the text is read, then the production's parts.
//!
//! Owns the order and the look-up. The pages lie in the rooms that find the mistakes; rules are their own pages.

use super::project_codes;
use crate::base::suggestions::nearest_match;
use crate::base::{CodeExplanation, DiagnosticCode};
use crate::{document, library, resolve, story, validate};

/// What every code begins with.
const CODE_PREFIX: &str = "production::";

/// The areas in the order in which a reader would ask, and what each is about.
const CODE_AREAS: [(&str, &str); 23] = [
    ("yaml", "Text that is not YAML"),
    ("document", "YAML that is not a document"),
    ("extends", "Productions that extend others"),
    ("variables", "Variables"),
    ("csv", "Shot lists in tables"),
    ("value", "Values in text"),
    ("frames", "Frame ranges"),
    ("library", "Presets"),
    ("fountain", "Scripts in Fountain"),
    ("meta", "Title and authors"),
    ("render", "Rendering"),
    ("provider", "Renderers that are commands"),
    ("farm", "Farms"),
    ("characters", "Characters and their wardrobe"),
    ("locations", "Locations"),
    ("props", "Props"),
    ("files", "Files"),
    ("script", "The script against the document"),
    ("shots", "Shots"),
    ("timeline", "Frames and scenes in order"),
    ("outputs", "Outputs"),
    ("tools", "Tools"),
    ("rules", "Severities and silences"),
];

/// Returns every page, grouped by area.
#[must_use]
pub fn code_pages() -> Vec<CodeExplanation> {
    let tables = document::explanations::PAGES.into_iter().chain([
        library::LIBRARY_CODES,
        resolve::RESOLVE_EXPLANATIONS,
        story::PAGES,
        project_codes::PAGES,
    ]);
    let rules = validate::all_rules().map(validate::ValidationRule::code_explanation);
    let mut pages: Vec<CodeExplanation> = tables.flatten().copied().chain(rules).collect();
    pages.sort_by_cached_key(|page| area_rank(page.code));
    pages
}

/// Returns the pages by area: what the area is about, and its pages.
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

/// Returns the pages that a person means by `wanted`: a whole code, a code without `production::`, or its last word.
///
/// # Errors
/// When there is none, returns the nearest code, if one is near.
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
    let name = if short.contains("::") {
        short_code
    } else {
        rule_name
    };
    let near = nearest_match(short, pages.iter().map(|page| name(page.code)));
    Err(near.and_then(|near| {
        pages
            .iter()
            .map(|page| page.code)
            .find(|code| name(code) == near)
    }))
}

/// Returns a code without what every code begins with: `shots::jump_cut`.
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
        .unwrap_or(CODE_AREAS.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_lies_in_a_known_area() {
        let lost: Vec<DiagnosticCode> = code_pages()
            .iter()
            .map(|page| page.code)
            .filter(|code| area_rank(code) == CODE_AREAS.len())
            .collect();
        assert_eq!(lost, Vec::<DiagnosticCode>::new());
    }

    #[test]
    fn a_code_is_found_by_all_of_it_a_part_or_its_last_word() {
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
    }
}
