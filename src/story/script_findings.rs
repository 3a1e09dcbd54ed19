//! Findings about a script that mean the same in every format in which scripts are read.

use super::fountain::Screenplay;
use crate::base::{Diagnostic, Diagnostics, FileSpan, Spanned};
use crate::model::SceneNumber;
use std::collections::HashMap;

/// Returns the finding about dialogue that belongs to no scene.
pub(super) fn dialogue_without_scene(origin: FileSpan) -> Diagnostic {
    Diagnostic::warning(
        "production::fountain::dialogue_without_scene",
        origin,
        "dialogue before the first scene",
    )
    .with_label("no scene has begun")
    .with_help("write a scene heading above, such as `INT. HOUSE - DAY`")
}

/// Returns the finding about a name below which nobody speaks.
pub(super) fn cue_without_dialogue(
    name: &Spanned<String>,
    label: &'static str,
    help: &'static str,
) -> Diagnostic {
    let message = format!("{} has a cue, but no dialogue follows it", name.value);
    Diagnostic::warning(
        "production::fountain::cue_without_dialogue",
        name.origin,
        message,
    )
    .with_label(label)
    .with_help(help)
}

/// Reports every scene whose number an earlier one has.
pub(super) fn report_duplicate_numbers(screenplay: &Screenplay, diagnostics: &mut Diagnostics) {
    let mut numbers: HashMap<SceneNumber, FileSpan> = HashMap::new();
    let counted = screenplay.scene_numbers();
    for (scene, counted) in screenplay.scenes.iter().zip(counted) {
        // An omitted scene keeps its number, which another may have taken over.
        let Some(number) = scene.written_number().filter(|_| !scene.omitted) else {
            continue;
        };
        // A warning and not an error: shots with this number belong to the first scene and the
        // second is counted, so the film is still well defined.
        let Some(first) = numbers.get(&number) else {
            numbers.insert(number, scene.heading.origin);
            continue;
        };
        let message = format!("scene number `{number}` is used twice");
        let warning = Diagnostic::warning(
            "production::fountain::duplicate_scene_number",
            scene.heading.origin,
            message,
        );
        diagnostics.push(
            warning
                .with_label("again here")
                .with_related(*first, "first used here")
                .with_help(format!(
                    "this scene is read as `{counted}`; give it a number of its own"
                )),
        );
    }
}
