//! How the parts of a production, one from each file, become one: lists are appended, single values may stand once.

use super::draft::{CharacterDraft, LocationDraft, OutputDraft, ProductionDraft, PropDraft, ShotDraft};
use super::join::Join;
use super::text_or::TextOr;
use super::values::NamedList;
use crate::base::{Diagnostic, Diagnostics, Origin, Spanned};

impl Join for ProductionDraft {
    fn join(&mut self, other: Self, found: &mut Diagnostics) {
        for (mine, theirs) in [
            (&mut self.title, other.title),
            (&mut self.version, other.version),
            (&mut self.author, other.author),
            (&mut self.description, other.description),
            (&mut self.created, other.created),
            (&mut self.modified, other.modified),
            (&mut self.script, other.script),
            (&mut self.shot_list, other.shot_list),
        ] {
            once(mine, theirs, found);
        }
        append::<CharacterDraft>(&mut self.characters, other.characters);
        append::<LocationDraft>(&mut self.locations, other.locations);
        append::<PropDraft>(&mut self.props, other.props);
        append::<OutputDraft>(&mut self.outputs, other.outputs);
        shots(&mut self.shots, other.shots);
        first(&mut self.style, other.style);
        first(&mut self.render_settings, other.render_settings);
        first(&mut self.retro, other.retro);
        first(&mut self.budget, other.budget);
        first(&mut self.include, other.include);
        if let Some(rules) = other.rules {
            self.rules.get_or_insert_default().0.extend(rules);
        }
    }
}

fn once(mine: &mut Option<Spanned<String>>, theirs: Option<Spanned<String>>, found: &mut Diagnostics) {
    match (&*mine, theirs) {
        (Some(first), Some(second)) if !second.hole => found.push(twice(first.origin, second.origin)),
        (None, theirs) => *mine = theirs,
        _ => {}
    }
}

fn twice(first: Origin, second: Origin) -> Diagnostic {
    let message = "two files of this production say this";
    let help = "keep it in one of them";
    Diagnostic::error("production::document::said_twice", second, message)
        .label("again here")
        .related(first, "first here")
        .help(help)
}

fn first<T>(mine: &mut Option<T>, theirs: Option<T>) {
    if mine.is_none() {
        *mine = theirs;
    }
}

fn append<T>(mine: &mut Option<NamedList<T>>, theirs: Option<NamedList<T>>) {
    match (mine.as_mut(), theirs) {
        (Some(mine), Some(theirs)) => mine.0.extend(theirs.0),
        (None, theirs) => *mine = theirs,
        (Some(_), None) => {}
    }
}

fn shots(mine: &mut Option<TextOr<Vec<ShotDraft>>>, theirs: Option<TextOr<Vec<ShotDraft>>>) {
    match (mine.as_mut(), theirs) {
        (Some(TextOr::Full(mine)), Some(TextOr::Full(theirs))) => mine.extend(theirs),
        (Some(TextOr::Text(_)), Some(theirs @ TextOr::Full(_))) => *mine = Some(theirs),
        (None, theirs) => *mine = theirs,
        _ => {}
    }
}
