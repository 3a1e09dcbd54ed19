//! What the mistakes of reading may have changed: one gap for each, as small as is certain.
//!
//! A mistake in a field may have changed this field of this entry. An unknown field may be another
//! one misspelt: the one that its help names, else any that is absent there.

use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, Severity, SourceMap};
use crate::document::{EntryLocation, EntryLocator, SourceTrees};
use crate::validate::{ReadingGap, rested_fields, rested_sections};
use std::collections::HashSet;

const UNKNOWN_FIELD: &str = "production::document::unknown_field";
const SECOND_DOCUMENT: &str = "production::yaml::second_document";
const UNREADABLE_SCRIPT: &str = "production::final_draft::unreadable";

/// How the documents were read.
pub(super) struct GapContext<'a> {
    /// Files that the document extends. Their entries are merged by name, so that the place of one
    /// says nothing about the bytes of a value.
    pub(super) extended: &'a [(FileId, FileSpan)],
    /// Files of presets.
    pub(super) presets: &'a [FileId],
    pub(super) sources: &'a SourceMap,
    /// Whether every file could be read.
    pub(super) is_complete: bool,
}

/// Returns the gaps that these findings leave. Only errors leave any.
pub(super) fn find_gaps(
    diagnostics: &Diagnostics,
    context: &GapContext<'_>,
    trees: &mut SourceTrees<'_>,
) -> Vec<ReadingGap> {
    let mut locator = EntryLocator::default();
    let extended: HashSet<FileId> = context.extended.iter().map(|(file, _)| *file).collect();
    let mut seen = HashSet::new();
    let mut gaps = Vec::new();
    let errors = diagnostics.as_slice().iter();
    let errors = errors.filter(|found| found.severity == Severity::Error);
    if !context.is_complete {
        // The cause is the first error: a file that could not be read.
        let cause = errors.clone().next();
        gaps.extend(cause.map(|found| ReadingGap::whole_document(found.code, found.origin)));
    }
    for found in errors {
        let file = found.origin.file;
        let mut found_gaps = match context.presets.contains(&file) {
            true => vec![preset_gap(found, context.sources)],
            false => document_gaps(found, &locator.locate_entry(trees, found.origin)),
        };
        for gap in &mut found_gaps {
            gap.entry = gap.entry.filter(|_| !extended.contains(&file));
        }
        // Ten mistakes in one field leave one gap.
        found_gaps.retain(|gap| seen.insert((gap.section.clone(), gap.entry, gap.fields.clone())));
        gaps.append(&mut found_gaps);
    }
    gaps
}

fn gap_in(
    found: &Diagnostic,
    section: &str,
    entry: Option<FileSpan>,
    fields: Vec<String>,
) -> ReadingGap {
    ReadingGap {
        section: section.to_owned(),
        entry,
        fields,
        ..ReadingGap::whole_document(found.code, found.origin)
    }
}

fn document_gaps(found: &Diagnostic, location: &EntryLocation) -> Vec<ReadingGap> {
    // The place of this one is in the script, and no part of the document.
    if found.code == UNREADABLE_SCRIPT {
        return vec![gap_in(found, "script", None, Vec::new())];
    }
    // What is behind the beginning of a second document was not read, and may be anything.
    if found.code == SECOND_DOCUMENT {
        return vec![ReadingGap::whole_document(found.code, found.origin)];
    }
    if found.code.ends_with("::missing_field") {
        return vec![missing_field_gap(found, location)];
    }
    let may_hide_anything = is_about_syntax(found)
        || found.code.ends_with("::too_many_problems")
        || gives_values_anywhere(&location.section);
    if may_hide_anything {
        return vec![ReadingGap::whole_document(found.code, found.origin)];
    }
    let is_unknown = found.code == UNKNOWN_FIELD && !location.is_deeper;
    // A key of the production.
    if is_unknown && location.entry.is_none() && location.field.is_empty() {
        let meant = meant_names(found, location, rested_sections());
        let gaps = meant
            .iter()
            .map(|section| gap_in(found, section, None, Vec::new()));
        return gaps.collect();
    }
    vec![section_gap(found, location, is_unknown)]
}

/// Returns whether the values of a section may be those of any other.
fn gives_values_anywhere(section: &str) -> bool {
    ["", "variables", "include", "extends", "drop"].contains(&section) || section.starts_with("x-")
}

fn section_gap(found: &Diagnostic, location: &EntryLocation, is_unknown: bool) -> ReadingGap {
    let section = location.section.as_str();
    let merged = merged_section(section);
    let fields = match section {
        "retro" => vec!["retro".to_owned()],
        "shot_list" | "beats" | "ad" => Vec::new(),
        _ if is_unknown => meant_names(found, location, rested_fields(merged)),
        _ if location.field.is_empty() => Vec::new(),
        _ => vec![location.field.clone()],
    };
    // A beat is several shots, and none of them is written at its place.
    let entry = location
        .entry
        .filter(|_| !["beats", "ad"].contains(&section));
    gap_in(found, merged, entry, fields)
}

/// Returns the section whose entries a part of the document changes.
fn merged_section(section: &str) -> &str {
    match section {
        "defaults" | "shot_list" | "beats" | "ad" => "shots",
        "retro" => "outputs",
        other => other,
    }
}

/// Returns whether the parser lost its way, so that anything after the place may be missing.
fn is_about_syntax(found: &Diagnostic) -> bool {
    let rule = found.code.strip_prefix("production::yaml::");
    rule.is_some_and(|rule| {
        // These concern one value.
        let local = [
            "duplicate_key",
            "key_not_text",
            "unknown_tag",
            "undefined_anchor",
            "bad_merge",
        ];
        !local.contains(&rule)
    })
}

/// Returns the gap of a field that is missing. Only its pointer says which, because its place is
/// the map around it.
fn missing_field_gap(found: &Diagnostic, location: &EntryLocation) -> ReadingGap {
    let mut steps = found.path.split('/').skip(2);
    let section = merged_section(steps.next().unwrap_or_default());
    let field = match location.entry {
        // The step after the section is the entry.
        Some(_) => steps.nth(1),
        None => steps.next(),
    };
    let fields = field.map(str::to_owned).into_iter().collect();
    gap_in(found, section, location.entry, fields)
}

/// Returns the names that an unknown key may stand for, and the key itself.
fn meant_names(
    found: &Diagnostic,
    location: &EntryLocation,
    candidates: impl Iterator<Item = &'static str>,
) -> Vec<String> {
    // The decoder has looked for the nearest field that is absent.
    let help = found.help.as_deref().unwrap_or_default();
    let near = help
        .strip_prefix("did you mean `")
        .and_then(|rest| rest.split('`').next());
    if let Some(near) = near {
        return vec![near.to_owned()];
    }
    let absent = candidates.filter(|name| !location.keys.contains(*name));
    let absent: HashSet<String> = absent.map(str::to_owned).collect();
    let key = match location.field.is_empty() {
        true => location.section.clone(),
        false => location.field.clone(),
    };
    let mut meant: Vec<String> = absent.into_iter().chain([key]).collect();
    meant.sort();
    meant
}

/// Returns the gap of a mistake in a file of presets: all entries that may use one.
fn preset_gap(found: &Diagnostic, sources: &SourceMap) -> ReadingGap {
    let source = sources.get(found.origin.file);
    let stem = source.and_then(|source| source.path.file_stem()?.to_str());
    let section = match stem {
        Some(kind @ ("shots" | "outputs" | "locations")) => kind,
        Some("environments" | "grounds" | "lights") => "locations",
        Some("beats") => "shots",
        Some("moves" | "lenses") => return gap_in(found, "shots", None, vec!["lens".to_owned()]),
        Some("quality") => {
            let field = vec!["quality_tier".to_owned()];
            return gap_in(found, "render_settings", None, field);
        }
        // Renderers, styles and colours change nothing that a rule could miss.
        Some(
            "providers" | "farms" | "styles" | "palettes" | "consoles" | "looks" | "sensors"
            | "profiles" | "icons",
        ) => "style",
        _ => "",
    };
    gap_in(found, section, None, Vec::new())
}
