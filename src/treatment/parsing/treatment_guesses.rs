//! What only the whole treatment shows: purposes, language, platform, pictures of files, and
//! whether there is anything to film.

use super::parse_notes::note_guess;
use super::scene_division::SceneDivision;
use super::scene_labels::overlay;
use crate::base::{Diagnostic, Diagnostics, FileSpan, Spanned};
use crate::model::sound::guess_language;
use crate::treatment::reading::TreatmentText;
use crate::treatment::treatment_value::{
    OverlayKind, ReferenceRole, ScenePurpose, Treatment, TreatmentScene, VisualSource,
};
use crate::treatment::words::{is_cta_word, is_hook_word, parse_platform};

/// Adds what only the whole treatment shows: purposes, the language, pictures of files, and whether
/// there is anything to film.
pub(super) fn finish_treatment(
    treatment: &mut Treatment,
    division: SceneDivision,
    text: &TreatmentText,
    diagnostics: &mut Diagnostics,
) {
    treatment.scenes.retain(has_content);
    let Some(first) = treatment.scenes.first() else {
        let origin = FileSpan::new(text.file, 0, beginning_end(&text.text));
        let message = "the treatment has nothing to film";
        let help = "write at least one scene: a heading, and below it `Narration:` or `Visual:`";
        let code = "production::treatment::empty";
        diagnostics.push(Diagnostic::error(code, origin, message).with_help(help));
        return;
    };
    if let Some(reason) = division.guess_reason() {
        let count = treatment.scenes.len();
        let noun = if count == 1 { "scene" } else { "scenes" };
        note_guess(
            diagnostics,
            first.origin,
            format!("the film has {count} {noun}"),
            reason,
        );
    }
    show_calls_to_action(treatment, diagnostics);
    guess_purposes(&mut treatment.scenes, diagnostics);
    guess_film_language(treatment, diagnostics);
    guess_platform(treatment, diagnostics);
    use_pictures(&mut treatment.scenes);
}

/// Returns the byte at which the beginning of a text ends that is shown for the whole: its first
/// line, and no more than 80 characters of it.
fn beginning_end(text: &str) -> u32 {
    let line = text.lines().next().unwrap_or_default().trim_end();
    let end = line.char_indices().nth(80).map_or(line.len(), |(at, _)| at);
    u32::try_from(end).unwrap_or(u32::MAX)
}

fn has_content(scene: &TreatmentScene) -> bool {
    let has_words = !scene.narration.is_empty() || !scene.overlays.is_empty();
    let has_pictures = !scene.visuals.is_empty() || !scene.charts.is_empty();
    has_words
        || has_pictures
        || scene
            .references
            .iter()
            .any(|one| one.role == ReferenceRole::Primary)
        || scene
            .heading
            .as_ref()
            .is_some_and(|heading| heading.value.chars().any(char::is_alphanumeric))
        || scene.timing.is_some()
}

/// Shows what people are asked to do, if it is written for the whole film, in its last scene: the end
/// card. A scene that asks the same already has it.
fn show_calls_to_action(treatment: &mut Treatment, diagnostics: &mut Diagnostics) {
    let calls = std::mem::take(&mut treatment.brief.calls_to_action);
    let is_cta = |scene: &TreatmentScene| {
        let purpose = scene.purpose.as_ref();
        purpose.is_some_and(|purpose| purpose.value == ScenePurpose::Cta)
    };
    let last = treatment.scenes.len().saturating_sub(1);
    // The last that asks: an end card is at the end.
    let place = treatment.scenes.iter().rposition(is_cta).unwrap_or(last);
    let Some(scene) = treatment.scenes.get_mut(place) else {
        return;
    };
    for lines in calls {
        let Some(first) = lines.first() else { continue };
        let mut shown = scene.overlays.iter().flat_map(|overlay| &overlay.lines);
        // Written for the film and in its last scene, it would be there twice.
        if shown.any(|line| line.value == first.value) {
            continue;
        }
        let guess = "this is shown on the end card";
        let reason = "it is the call to action of the whole film";
        note_guess(diagnostics, first.origin, guess, reason);
        let cta = Spanned::new(ScenePurpose::Cta, first.origin);
        scene.purpose.get_or_insert(cta);
        scene.overlays.push(overlay(OverlayKind::Text, lines));
    }
}

fn guess_purposes(scenes: &mut [TreatmentScene], diagnostics: &mut Diagnostics) {
    let count = scenes.len();
    for (index, scene) in scenes.iter_mut().enumerate() {
        if scene.purpose.is_some() {
            continue;
        }
        let (purpose, reason) = guessed_purpose(scene, index, count);
        let guess = format!("the purpose of the scene is `{}`", purpose.word());
        note_guess(diagnostics, scene.origin, guess, reason);
        scene.purpose = Some(Spanned::new(purpose, scene.origin));
    }
}

fn guessed_purpose(
    scene: &TreatmentScene,
    index: usize,
    count: usize,
) -> (ScenePurpose, &'static str) {
    let heading = scene
        .heading
        .as_ref()
        .map_or("", |heading| heading.value.as_str());
    if is_hook_word(heading) {
        (ScenePurpose::Hook, "its heading says so")
    } else if is_cta_word(heading) {
        (ScenePurpose::Cta, "its heading says so")
    } else if index == 0 {
        (ScenePurpose::Hook, "it is the first scene")
    } else if index + 1 == count && asks_for_something(scene) {
        (
            ScenePurpose::Cta,
            "it is the last scene, and asks people to do something",
        )
    } else {
        (
            ScenePurpose::Body,
            "it is neither the first scene nor a call to action",
        )
    }
}

/// Whether the words of a scene ask people to do something.
fn asks_for_something(scene: &TreatmentScene) -> bool {
    let words = [
        "subscribe",
        "visit",
        "buy",
        "sign up",
        "join",
        "try",
        "call",
        "download",
        "learn more",
        "follow",
        "share",
        "start",
        "get yours",
        "order",
        "shop",
        "donate",
        "book",
        "contact",
        "click",
        "plant",
        "today",
        "now",
        "jetzt",
        "besuch",
        "kauf",
        "abonnier",
        "visitez",
        "achetez",
        "visita",
        "compra",
    ];
    let spoken = scene
        .narration
        .iter()
        .map(|line| line.text.value.to_lowercase());
    let shown = scene.overlays.iter().flat_map(|one| &one.lines);
    let texts: Vec<String> = spoken
        .chain(shown.map(|line| line.value.to_lowercase()))
        .collect();
    texts
        .iter()
        .any(|text| words.iter().any(|word| text.contains(word)))
}

fn guess_film_language(treatment: &mut Treatment, diagnostics: &mut Diagnostics) {
    if treatment.brief.language.is_some() {
        return;
    }
    let spoken: Vec<&str> = treatment
        .scenes
        .iter()
        .flat_map(|scene| &scene.narration)
        .map(|line| line.text.value.as_str())
        // Enough to tell languages apart, however long the film is.
        .take(200)
        .collect();
    let Some(origin) = treatment.scenes.first().map(|scene| {
        scene
            .narration
            .first()
            .map_or(scene.origin, |line| line.text.origin)
    }) else {
        return;
    };
    let guess = guess_language(&spoken.join(" "));
    let (language, reason) = guess.unwrap_or(("en", "nothing says otherwise".to_owned()));
    note_guess(
        diagnostics,
        origin,
        format!("the language is `{language}`"),
        reason,
    );
    treatment.brief.language = Some(Spanned::new(language.to_owned(), origin));
}

/// A title such as `TikTok ad: bees` names the platform.
fn guess_platform(treatment: &mut Treatment, diagnostics: &mut Diagnostics) {
    if treatment.brief.platform.is_some() {
        return;
    }
    if let Some(title) = &treatment.brief.title
        && let Some(platform) = parse_platform(&title.value)
    {
        note_guess(
            diagnostics,
            title.origin,
            "the platform is that of the title",
            "no label names one",
        );
        treatment.brief.platform = Some(Spanned::new(platform, title.origin));
    }
}

/// Whether a path is that of a still. A film has a length of its own, which only the disk knows.
fn is_picture(path: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or_default().to_lowercase();
    ["png", "jpg", "jpeg", "tif", "tiff", "exr", "hdr"].contains(&extension.as_str())
}

/// A picture among the files of a scene is what the scene shows.
fn use_pictures(scenes: &mut [TreatmentScene]) {
    for scene in scenes {
        let picture = scene
            .references
            .iter()
            .filter(|one| one.role == ReferenceRole::Primary && one.is_local)
            .find(|one| is_picture(&one.location.value));
        let Some(picture) = picture else { continue };
        let source = VisualSource::User(picture.location.value.clone());
        match scene.visuals.first_mut() {
            Some(visual) => visual.source = source,
            None => {
                let about = Spanned::new(picture.about.clone(), picture.location.origin);
                let mut visual = super::scene_prose::read_visual(&about);
                visual.source = source;
                scene.visuals.push(visual);
            }
        }
    }
}
