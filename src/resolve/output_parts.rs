//! Resolves what of the production an output shows, and fills in its path: a choice of shots, and
//! one file a shot.
//!
//! An output of one file a shot becomes one output for each, so that everything after this stage
//! knows outputs of one path only.

use super::context::ResolveContext;
use super::document_shots::{parts_between, report_absent};
use crate::base::Spanned;
use crate::base::suggestions::did_you_mean;
use crate::document::draft::{OutputDraft, ProductionDraft};
use crate::document::overlay::OverlayFields;
use crate::document::quote::quote_value;
use crate::document::{OneOrMany, RawScalar};
use crate::model::production::{Output, ProductionMeta, Shot, ShotFile};
use crate::model::{SceneOrder, SceneRange};
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// What a path has in place of the name of a shot.
pub(super) const PATH_SHOT: &str = "${shot}";

/// The parts of the production that outputs refer to.
pub(super) struct OutputParts<'a> {
    pub(super) meta: &'a ProductionMeta,
    pub(super) tier: &'a str,
    pub(super) shots: &'a [Shot],
    pub(super) order: &'a SceneOrder,
}

/// Returns the outputs with their shots and the paths that are known before a run.
pub(super) fn split_outputs(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    outputs: Vec<Output>,
    parts: &OutputParts<'_>,
) -> Vec<Output> {
    let drafts: Vec<&OutputDraft> = draft.outputs.iter().flatten().collect();
    // Names are looked up in a map: a list of a thousand shots would be quadratic otherwise.
    let names = shot_indices(parts.shots);
    outputs
        .into_iter()
        .filter_map(|output| {
            let own = *drafts.get(output.entry)?;
            Some((output, own))
        })
        .flat_map(|(output, own)| {
            let base = own
                .format
                .as_ref()
                .and_then(|name| context.library.outputs.get(&name.value))
                .cloned();
            let merged = own.clone().overlay_on(base.unwrap_or_default());
            split_output(context, output, &merged, parts, &names)
        })
        .collect()
}

fn shot_indices(shots: &[Shot]) -> HashMap<&str, usize> {
    let mut names = HashMap::new();
    for (index, shot) in shots.iter().enumerate() {
        // The first of two with one name; a rule reports the second.
        names.entry(shot.name.value.as_str()).or_insert(index);
    }
    names
}

fn split_output(
    context: &mut ResolveContext<'_>,
    output: Output,
    merged: &OutputDraft,
    parts: &OutputParts<'_>,
    names: &HashMap<&str, usize>,
) -> Vec<Output> {
    let choice = merged.shots.as_ref().map(|written| {
        let mut choice = ShotChoice {
            parts,
            names,
            indices: Vec::new(),
            has_absent: false,
        };
        report_empty_choice(context, written);
        for text in written.value.iter().filter(|text| !text.is_placeholder) {
            choice.add_written(context, &text.0);
        }
        // In the order of the film, however the choice is written: an output shows parts of the
        // film and is no cut of its own.
        choice.indices.sort_unstable();
        choice.indices.dedup();
        choice
    });
    // An output of shots that the cut has not goes with them.
    let is_lost = |choice: &ShotChoice<'_>| choice.has_absent && choice.indices.is_empty();
    if choice.as_ref().is_some_and(is_lost) {
        return Vec::new();
    }
    let chosen = choice.map(|choice| choice.indices);
    let is_split = merged.per_shot.as_ref().is_some_and(|own| own.value)
        || output.path.value.to_string_lossy().contains(PATH_SHOT);
    if !is_split {
        let path = filled_path(context, WrittenPath::from(&output), parts, None);
        return vec![Output {
            path,
            shots: chosen,
            ..output
        }];
    }
    let is_folder = is_folder_path(merged, &output);
    let indices = chosen.unwrap_or_else(|| (0..parts.shots.len()).collect());
    indices
        .into_iter()
        .filter_map(|index| Some((index, parts.shots.get(index)?)))
        .map(|(index, shot)| Output {
            path: shot_path(context, &output, parts, shot, is_folder),
            name: output
                .name
                .clone()
                .map(|name| format!("{name}_{}", shot.name.value)),
            shots: Some(vec![index]),
            shot_file: Some(ShotFile::default()),
            ..output.clone()
        })
        .collect()
}

/// Reports a list of shots without a shot: its film would have no frame.
fn report_empty_choice(context: &mut ResolveContext<'_>, written: &Spanned<OneOrMany<RawScalar>>) {
    if written.is_placeholder || !written.value.is_empty() {
        return;
    }
    context.report_with_help(
        "production::outputs::unknown_shot",
        written.origin,
        "the output shows no shot",
        "name shots, or remove `shots` to show them all",
    );
}

/// Returns whether a path without `${shot}` is the folder in which every shot has its own file.
fn is_folder_path(merged: &OutputDraft, output: &Output) -> bool {
    let ends_open = |path: &Spanned<String>| path.value.ends_with(['/', '\\']);
    output.format.codec.is_folder() || merged.path.as_ref().is_none_or(ends_open)
}

/// Returns the path of one shot of an output.
fn shot_path(
    context: &mut ResolveContext<'_>,
    output: &Output,
    parts: &OutputParts<'_>,
    shot: &Shot,
    is_folder: bool,
) -> Spanned<PathBuf> {
    let path = filled_path(context, WrittenPath::from(output), parts, Some(shot));
    if !is_folder || output.path.value.to_string_lossy().contains(PATH_SHOT) {
        return path;
    }
    let stem = path_text(&shot.name.value);
    path.map(|path| {
        if output.format.codec.is_folder() {
            return path.join(stem);
        }
        // Without a path, and for one that is a folder, a film has the name of the output there.
        let extension = output.format.extension();
        let folder = match output.path.origin == output.name.origin {
            true => path.with_extension(""),
            false => path.parent().unwrap_or(Path::new("")).to_owned(),
        };
        folder.join(format!("{stem}.{extension}"))
    })
}

/// A path of a deliverable as written.
#[derive(Clone, Copy)]
pub(super) struct WrittenPath<'a> {
    /// Name of the deliverable.
    pub(super) name: &'a str,
    pub(super) path: &'a Spanned<PathBuf>,
}

impl<'a> From<&'a Output> for WrittenPath<'a> {
    fn from(output: &'a Output) -> Self {
        Self {
            name: &output.name.value,
            path: &output.path,
        }
    }
}

/// Returns the path with everything filled in that is known before a run.
pub(super) fn filled_path(
    context: &mut ResolveContext<'_>,
    deliverable: WrittenPath<'_>,
    parts: &OutputParts<'_>,
    shot: Option<&Shot>,
) -> Spanned<PathBuf> {
    let WrittenPath { name, path } = deliverable;
    let written = path.value.to_string_lossy().into_owned();
    if !written.contains("${") {
        return path.clone();
    }
    if written.contains("${version}") && parts.meta.version.is_none() {
        context.report_with_help(
            "production::outputs::no_value",
            path.origin,
            "`${version}` has no value",
            "write `version:` under `production:`",
        );
    }
    let version = parts.meta.version.as_deref().unwrap_or_default();
    let values = [
        ("${version}", version),
        ("${title}", parts.meta.display_title()),
        ("${tier}", parts.tier),
        ("${output}", name),
        (
            "${take}",
            shot.and_then(|shot| shot.take.as_deref()).unwrap_or("take"),
        ),
        (PATH_SHOT, shot.map_or("", |shot| shot.name.value.as_str())),
    ];
    // `path_text` leaves no `$` in a value, so a title such as `${shot}` is not filled in again.
    let filled = values.iter().fold(written, |path, (token, value)| {
        path.replace(token, &path_text(value))
    });
    path.clone().map(|_| PathBuf::from(filled))
}

/// Returns a text as a part of a path: without anything that separates folders, that a system
/// refuses in names, or that begins a value to fill in.
fn path_text(text: &str) -> String {
    let plain: String = text
        .trim()
        .chars()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '$' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .collect();
    // A version `..` would lead out of the folder.
    match plain.as_str() {
        "." | ".." => "_".repeat(plain.len()),
        _ => plain,
    }
}

/// The shots that an output chooses.
struct ShotChoice<'a> {
    parts: &'a OutputParts<'a>,
    names: &'a HashMap<&'a str, usize>,
    indices: Vec<usize>,
    /// Whether a text is about shots of the document that the cut has not.
    has_absent: bool,
}

impl ShotChoice<'_> {
    fn add_written(&mut self, context: &mut ResolveContext<'_>, written: &Spanned<String>) {
        let text = written.value.trim();
        // In a film that another program cut, a name means every use of a shot of the document, and
        // a range means its shots in the order of the document, wherever an editor has put them.
        let found: Vec<usize> = match document_range(context, text) {
            Some(range) => parts_between(self.parts.shots, range).collect(),
            None => self.find_shots(context, text),
        };
        if !found.is_empty() {
            self.indices.extend(found);
        } else if self.is_absent(context, text) {
            self.has_absent = true;
            report_absent(context, written, "the output is without it");
        } else {
            self.report_unknown(context, written);
        }
    }

    /// Returns whether a text is about shots of the document that the cut has not.
    fn is_absent(&self, context: &ResolveContext<'_>, text: &str) -> bool {
        let Some(document) = &context.document_shots else {
            return false;
        };
        let range = self.scene_range(text);
        document_range(context, text).is_some()
            || document.any(|name, scene| {
                let is_in_scene = range.as_ref().is_some_and(|range| range.contains(scene));
                is_in_scene || (is_pattern(text) && matches_pattern(text, name))
            })
    }

    fn scene_range(&self, text: &str) -> Option<SceneRange> {
        let is_scene = text.to_ascii_lowercase().starts_with("scene");
        let range = SceneRange::parse(&text.replace(' ', "_"), self.parts.order);
        range.filter(|_| is_scene)
    }

    fn find_shots(&self, context: &ResolveContext<'_>, text: &str) -> Vec<usize> {
        // A name first, also if it looks like a pattern or a range.
        if let Some(index) = self.names.get(text) {
            return vec![*index];
        }
        if let Some((first, last)) = text.split_once("..") {
            let ends = [first, last].map(|name| self.names.get(name.trim()).copied());
            // In either order, since both ends are meant.
            return match ends {
                [Some(first), Some(last)] => (first.min(last)..=first.max(last)).collect(),
                _ => Vec::new(),
            };
        }
        if is_pattern(text) {
            // The second use of a shot is `wide_2`, which `*ide` does not fit.
            return self.shots_where(|shot| {
                matches_pattern(text, &shot.name.value)
                    || context
                        .document_name(shot)
                        .is_some_and(|name| matches_pattern(text, name))
            });
        }
        match self.scene_range(text) {
            Some(range) => self.shots_where(|shot| range.contains(&shot.scene.value)),
            None => Vec::new(),
        }
    }

    fn shots_where(&self, is_wanted: impl Fn(&Shot) -> bool) -> Vec<usize> {
        let shots = self.parts.shots.iter().enumerate();
        shots
            .filter(|(_, shot)| is_wanted(shot))
            .map(|(index, _)| index)
            .collect()
    }

    fn report_unknown(&self, context: &mut ResolveContext<'_>, written: &Spanned<String>) {
        let text = written.value.trim();
        let names = || self.parts.shots.iter().map(|shot| shot.name.value.as_str());
        let ends = text.split_once("..");
        let unknown = ends.map_or(text, |(first, last)| {
            let is_known = self.names.contains_key(first.trim());
            if is_known { last.trim() } else { first.trim() }
        });
        let message = format!("{} names no shot", quote_value(text));
        let help = context
            .allowance
            .search(|| did_you_mean(unknown, names()))
            .unwrap_or_else(|| {
                "write names, patterns such as `sh01*`, ranges such as `sh010..sh040`, or scenes \
                 such as `scene_3` and `scenes_2_5`"
                    .to_owned()
            });
        context.report_error(
            "production::outputs::unknown_shot",
            written.origin,
            message,
            Some(help),
        );
    }
}

fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// Returns the places in the document of a shot, or of the ends of a range, where a timeline has
/// another cut of it.
fn document_range(context: &ResolveContext<'_>, text: &str) -> Option<RangeInclusive<usize>> {
    if let Some(index) = context.document_shot(text) {
        return Some(index..=index);
    }
    let (first, last) = text.split_once("..")?;
    let [first, last] = [first, last].map(|name| context.document_shot(name));
    let (first, last) = (first?, last?);
    Some(first.min(last)..=first.max(last))
}

/// Returns whether a name fits a pattern: `*` is any text, `?` any one character.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let mut at = 0;
    let mut place = 0;
    let mut star: Option<(usize, usize)> = None;
    // The last `*` takes one more character at each failure, so no pattern is exponential.
    while place < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, place));
                at += 1;
            }
            Some(c) if *c == '?' || *c == name[place] => {
                at += 1;
                place += 1;
            }
            _ => match star {
                Some((star_at, taken)) => {
                    star = Some((star_at, taken + 1));
                    at = star_at + 1;
                    place = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_any_text_and_any_character() {
        for (pattern, name, fits) in [
            ("sh01*", "sh010", true),
            ("sh01*", "sh020", false),
            ("*_b", "sh010_b", true),
            ("sh0?0", "sh020", true),
            ("sh0?0", "sh0220", false),
            ("*", "", true),
            ("a*b*c", "aXbXbXc", true),
        ] {
            assert_eq!(matches_pattern(pattern, name), fits, "{pattern} {name}");
        }
    }

    #[test]
    fn a_text_in_a_path_separates_no_folders() {
        assert_eq!(path_text("Last Light: Part 1/2"), "Last Light_ Part 1_2");
        assert_eq!(path_text(".."), "__");
        assert_eq!(path_text("${date}"), "_{date}");
    }
}
