//! How the parts of a production, one from each file, become one: lists are appended, single values may stand once.

use super::draft::{
    CharacterDraft, LocationDraft, OutputDraft, ProductionDraft, PropDraft, ShotDraft,
};
use super::extending;
use super::join::Join;
use super::overlay::Overlay;
use super::text_or::TextOr;
use super::values::NamedList;
use crate::base::{Diagnostic, Diagnostics, FileSpan, Spanned};

impl Join for ProductionDraft {
    fn join(&mut self, mut other: Self, found: &mut Diagnostics) {
        other.give_defaults(found);
        misplaced("extends", other.extends.map(|path| path.origin), found);
        misplaced("drop", other.drop.map(|names| names.origin), found);
        misplaced(
            "variables",
            other.variables.map(|variables| variables.origin),
            found,
        );
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

    fn extend(self, base: Self, found: &mut Diagnostics) -> Self {
        extending::extend(self, base, found)
    }

    fn settle(&mut self, found: &mut Diagnostics) {
        extending::nothing_to_drop(self, found);
        if let Some(defaults) = &mut self.defaults {
            nameless(defaults, found);
        }
    }
}

impl ProductionDraft {
    /// Gives the shots of this part what its `defaults` say, which is for them alone.
    fn give_defaults(&mut self, found: &mut Diagnostics) {
        let Some(mut defaults) = self.defaults.take() else {
            return;
        };
        nameless(&mut defaults, found);
        if let Some(TextOr::Full(shots)) = &mut self.shots {
            give(shots, &defaults);
        }
    }
}

/// Takes a name out of `defaults`: no two shots can have it.
pub fn nameless(defaults: &mut ShotDraft, found: &mut Diagnostics) {
    if let Some(name) = defaults.name.take().filter(|name| !name.is_placeholder) {
        let message = "`defaults` cannot give a name: every shot would have the same";
        let found_here = Diagnostic::error("production::shots::default_name", name.origin, message);
        found.push(found_here.with_help("remove it; shots without a name are numbered"));
    }
}

/// Gives every shot what it leaves open.
pub fn give(shots: &mut [ShotDraft], defaults: &ShotDraft) {
    for shot in shots {
        *shot = std::mem::take(shot).over(defaults.clone());
    }
}

fn misplaced(field: &str, at: Option<FileSpan>, found: &mut Diagnostics) {
    let Some(at) = at else { return };
    let message = format!("`{field}` stands in a file that is only a part of the production");
    let help = "move it to the main document, or to one that the main document extends";
    found.push(Diagnostic::error("production::document::misplaced", at, message).with_help(help));
}

fn once(
    mine: &mut Option<Spanned<String>>,
    theirs: Option<Spanned<String>>,
    found: &mut Diagnostics,
) {
    match (&*mine, theirs) {
        (Some(first), Some(second)) if !second.is_placeholder => {
            found.push(twice(first.origin, second.origin))
        }
        (None, theirs) => *mine = theirs,
        _ => {}
    }
}

fn twice(first: FileSpan, second: FileSpan) -> Diagnostic {
    let message = "two files of this production say this";
    let help = "keep it in one of them";
    Diagnostic::error("production::document::said_twice", second, message)
        .with_label("again here")
        .with_related(first, "first here")
        .with_help(help)
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
