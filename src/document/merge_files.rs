//! How the parts of a production, one from each file, become one: lists are appended, single values
//! may be set once.

use super::draft::{
    CharacterDraft, LocationDraft, OutputDraft, ProductionDraft, PropDraft, ShotDraft,
};
use super::field_types::NamedList;
use super::merge_draft::MergeDraft;
use super::merge_extends;
use super::overlay::OverlayFields;
use super::text_or::TextOr;
use crate::base::{Diagnostic, Diagnostics, FileSpan, Spanned};

impl MergeDraft for ProductionDraft {
    fn merge_part(&mut self, mut other: Self, diagnostics: &mut Diagnostics) {
        // Before the lists are appended: `defaults` in a part is for the shots of that part.
        // Afterwards its shots could not be distinguished from those of other files.
        other.apply_own_defaults(diagnostics);
        report_chain_fields(&other, diagnostics);
        // Silently taking one of two titles would depend on the order of files, so both are
        // reported.
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
            merge_scalar(mine, theirs, diagnostics);
        }
        append_entries::<CharacterDraft>(&mut self.characters, other.characters);
        append_entries::<LocationDraft>(&mut self.locations, other.locations);
        append_entries::<PropDraft>(&mut self.props, other.props);
        append_entries::<OutputDraft>(&mut self.outputs, other.outputs);
        merge_shots(&mut self.shots, other.shots);
        if let Some(beats) = other.beats {
            self.beats.get_or_insert_default().extend(beats);
        }
        set_if_unset(&mut self.ad, other.ad);
        // The first file wins for records: unlike the values above, they have no place of their own
        // where a second one could be reported.
        set_if_unset(&mut self.style, other.style);
        set_if_unset(&mut self.render_settings, other.render_settings);
        set_if_unset(&mut self.retro, other.retro);
        set_if_unset(&mut self.budget, other.budget);
        set_if_unset(&mut self.sound, other.sound);
        set_if_unset(&mut self.music, other.music);
        set_if_unset(&mut self.titles, other.titles);
        if let Some(graphics) = other.graphics {
            self.graphics.get_or_insert_default().extend(graphics);
        }
        set_if_unset(&mut self.credits, other.credits);
        set_if_unset(&mut self.fonts, other.fonts);
        set_if_unset(&mut self.edit, other.edit);
        set_if_unset(&mut self.captions, other.captions);
        set_if_unset(&mut self.include, other.include);
        if let Some(rules) = other.rules {
            self.rules.get_or_insert_default().0.extend(rules);
        }
    }

    fn over_base(self, base: Self, diagnostics: &mut Diagnostics) -> Self {
        merge_extends::merge_extended(self, base, diagnostics)
    }

    fn check_merged(&mut self, diagnostics: &mut Diagnostics) {
        merge_extends::report_drop_without_base(self, diagnostics);
        if let Some(defaults) = &mut self.defaults {
            remove_default_name(defaults, diagnostics);
        }
    }
}

/// Reports the fields that only the main file may have.
fn report_chain_fields(part: &ProductionDraft, diagnostics: &mut Diagnostics) {
    // They are read with the extends chain, before any included file. In a part they would have no
    // effect, which must not go unnoticed.
    let fields = [
        ("extends", part.extends.as_ref().map(|path| path.origin)),
        ("drop", part.drop.as_ref().map(|names| names.origin)),
        (
            "variables",
            part.variables.as_ref().map(|variables| variables.origin),
        ),
    ];
    for (field, origin) in fields {
        report_misplaced(field, origin, diagnostics);
    }
}

impl ProductionDraft {
    /// Applies the `defaults` of this part to the shots of this part alone.
    fn apply_own_defaults(&mut self, diagnostics: &mut Diagnostics) {
        // Taken out, so that merging does not apply them to the shots of other files.
        let Some(mut defaults) = self.defaults.take() else {
            return;
        };
        remove_default_name(&mut defaults, diagnostics);
        // `shots: auto` has no shots yet that the defaults of a part could fill.
        if let Some(TextOr::Full(shots)) = &mut self.shots {
            apply_defaults(shots, &defaults);
        }
    }
}

/// Removes a name from `defaults` and reports it: two shots cannot have the same name.
pub fn remove_default_name(defaults: &mut ShotDraft, diagnostics: &mut Diagnostics) {
    if let Some(name) = defaults.name.take().filter(|name| !name.is_placeholder) {
        let message = "`defaults` cannot give a name: every shot would have the same";
        let diagnostic = Diagnostic::error("production::shots::default_name", name.origin, message);
        diagnostics.push(diagnostic.with_help("remove it; shots without a name are numbered"));
    }
}

/// Fills the unset fields of every shot from `defaults`.
pub fn apply_defaults(shots: &mut [ShotDraft], defaults: &ShotDraft) {
    for shot in shots {
        *shot = std::mem::take(shot).overlay_on(defaults.clone());
    }
}

fn report_misplaced(field: &str, origin: Option<FileSpan>, diagnostics: &mut Diagnostics) {
    let Some(origin) = origin else { return };
    let message = format!("`{field}` is in a file that is only a part of the production");
    let help = "move it to the main document, or to one that the main document extends";
    diagnostics.push(
        Diagnostic::error("production::document::misplaced", origin, message).with_help(help),
    );
}

fn merge_scalar(
    mine: &mut Option<Spanned<String>>,
    theirs: Option<Spanned<String>>,
    diagnostics: &mut Diagnostics,
) {
    match (&*mine, theirs) {
        // A placeholder was reported already, so the value that was written correctly is used.
        (Some(first), Some(second)) if !second.is_placeholder => {
            diagnostics.push(duplicate_value(first.origin, second.origin));
        }
        (None, theirs) => *mine = theirs,
        _ => {}
    }
}

fn duplicate_value(first: FileSpan, second: FileSpan) -> Diagnostic {
    let message = "this value is set in two files of the production";
    let help = "keep it in one of them";
    Diagnostic::error("production::document::said_twice", second, message)
        .with_label("set again here")
        .with_related(first, "first set here")
        .with_help(help)
}

fn set_if_unset<T>(mine: &mut Option<T>, theirs: Option<T>) {
    if mine.is_none() {
        *mine = theirs;
    }
}

fn append_entries<T>(mine: &mut Option<NamedList<T>>, theirs: Option<NamedList<T>>) {
    match (mine.as_mut(), theirs) {
        (Some(mine), Some(theirs)) => mine.0.extend(theirs.0),
        (None, theirs) => *mine = theirs,
        (Some(_), None) => {}
    }
}

fn merge_shots(mine: &mut Option<TextOr<Vec<ShotDraft>>>, theirs: Option<TextOr<Vec<ShotDraft>>>) {
    match (mine.as_mut(), theirs) {
        // Shots that are written out are worth more than `auto`, whichever file comes first: `auto`
        // would hide them.
        (Some(TextOr::Full(mine)), Some(TextOr::Full(theirs))) => mine.extend(theirs),
        (Some(TextOr::Text(_)), Some(theirs @ TextOr::Full(_))) => *mine = Some(theirs),
        (None, theirs) => *mine = theirs,
        _ => {}
    }
}
