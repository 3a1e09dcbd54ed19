//! What is decided about the whole film before its scenes are planned: language, shape, rate,
//! colours, voice.

use super::plan_draft::{FilmSettings, TreatmentOptions};
use super::profile_facts::ProfileFacts;
use crate::base::{Diagnostic, Diagnostics, FileSpan, Spanned};
use crate::document::quote::quote_value;
use crate::treatment::treatment_value::{
    Treatment, TreatmentAspect, TreatmentPlatform, TreatmentTime,
};

/// The length of a film whose treatment says nothing from which one follows.
const USUAL_LENGTH: TreatmentTime = TreatmentTime(60_000);

/// The profile of a treatment that suggests none.
pub const USUAL_PROFILE: &str = "educational_explainer";

/// The programs that speak.
pub(super) const SPEECH_PROVIDERS: [&str; 3] = ["espeak-ng", "piper", "murmur"];

/// Decides the settings. What is decided without a word of the treatment is a note.
pub(super) fn film_settings(
    treatment: &Treatment,
    profile: &ProfileFacts,
    options: &TreatmentOptions,
    diagnostics: &mut Diagnostics,
) -> FilmSettings {
    let brief = &treatment.brief;
    let origin = treatment
        .scenes
        .first()
        .map(|scene| scene.origin)
        .unwrap_or_default();
    let platform = brief.platform.map(|platform| platform.value);
    let (aspect, aspect_source, is_smart_auto) = decide_aspect(treatment);
    if is_smart_auto {
        let place = brief.aspect.map_or(origin, |aspect| aspect.origin);
        let message = format!("the shape of the picture is {}:{}", aspect.0, aspect.1);
        note(diagnostics, place, message, &aspect_source);
    }
    let title = brief
        .title
        .as_ref()
        .map(|title| title.value.clone())
        .filter(|title| !title.is_empty());
    FilmSettings {
        title: title.unwrap_or_else(|| options.usual_title.clone()),
        language: brief
            .language
            .as_ref()
            .map_or_else(|| "en".to_owned(), |tag| tag.value.clone()),
        platform,
        aspect,
        aspect_source,
        is_smart_auto,
        rate: frame_rate(platform, aspect),
        wanted: wanted_length(treatment, origin, diagnostics),
        palette: film_palette(treatment, profile),
        speech_provider: speech_provider(treatment),
        speech_origin: brief
            .speech_provider
            .as_ref()
            .map(|provider| provider.origin),
        profile: profile.clone(),
    }
}

fn note(diagnostics: &mut Diagnostics, origin: FileSpan, message: String, reason: &str) {
    let note = Diagnostic::info("production::treatment::guess", origin, message);
    diagnostics.push(note.with_label(reason));
}

/// Returns the requested length. `None`: the scenes decide.
fn wanted_length(
    treatment: &Treatment,
    origin: FileSpan,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<TreatmentTime>> {
    let brief = &treatment.brief;
    let says_something = treatment.scenes.iter().any(|scene| {
        scene.timing.is_some()
            || !scene.narration.is_empty()
            || !scene.charts.is_empty()
            || !scene.overlays.is_empty()
    });
    // Where scenes have words or lengths, the film is as long as these.
    if brief.duration.is_some() || says_something {
        return brief.duration;
    }
    let message = format!("the film lasts {} s", USUAL_LENGTH.seconds());
    note(
        diagnostics,
        origin,
        message,
        "neither a length nor any words say how long",
    );
    Some(Spanned::new(USUAL_LENGTH, origin))
}

fn decide_aspect(treatment: &Treatment) -> ((u32, u32), String, bool) {
    let brief = &treatment.brief;
    if let Some(Spanned {
        value: TreatmentAspect::Ratio(width, height),
        ..
    }) = brief.aspect
    {
        return ((width, height), "the treatment".to_owned(), false);
    }
    let (aspect, reason) = match brief.platform.map(|platform| platform.value) {
        Some(TreatmentPlatform::Tiktok | TreatmentPlatform::Instagram) => {
            ((9, 16), "Smart Auto: the platform is upright")
        }
        Some(TreatmentPlatform::Youtube) => ((16, 9), "Smart Auto: the platform is wide"),
        Some(TreatmentPlatform::Social) => ((16, 9), "Smart Auto: social feeds take 16:9"),
        None => ((16, 9), "Smart Auto: no platform is named"),
    };
    (aspect, reason.to_owned(), true)
}

/// Returns the rate of the output presets of a platform.
const fn frame_rate(platform: Option<TreatmentPlatform>, aspect: (u32, u32)) -> u32 {
    match platform {
        // `streaming_1080p`, the preset of a wide film, has 24; the presets of platforms have 30.
        None if aspect.0 > aspect.1 => 24,
        _ => 30,
    }
}

/// Returns the colours of the treatment, then those of the profile for what it leaves open.
fn film_palette(treatment: &Treatment, profile: &ProfileFacts) -> Vec<String> {
    let written: Vec<&str> = treatment
        .brief
        .colours
        .iter()
        .map(|colour| colour.value.as_str())
        .collect();
    let mut palette = profile.palette.clone();
    // One colour is an accent. More are background and accents; text must stay readable.
    let places: &[usize] = if written.len() == 1 {
        &[2]
    } else {
        &[0, 2, 3, 4]
    };
    for (place, colour) in places.iter().zip(&written) {
        palette[*place] = (*colour).to_owned();
    }
    // Texts are drawn on the background, which may be any colour of a brand.
    let is_light = luma(&palette[0]) > 140;
    palette[1] = if is_light { "14171c" } else { "f7f9fb" }.to_owned();
    if written.is_empty() {
        palette[1].clone_from(&profile.palette[1]);
    }
    palette
}

/// Returns how light a colour looks, 0 to 255.
fn luma(colour: &str) -> u32 {
    let channel =
        |at: usize| u32::from_str_radix(colour.get(at..at + 2).unwrap_or("0"), 16).unwrap_or(0);
    (channel(0) * 299 + channel(2) * 587 + channel(4) * 114) / 1000
}

fn speech_provider(treatment: &Treatment) -> String {
    let brief = &treatment.brief;
    let usual = || SPEECH_PROVIDERS[0].to_owned();
    let provider = brief
        .speech_provider
        .as_ref()
        .map(|text| text.value.to_lowercase());
    provider.map_or_else(usual, |text| {
        let known = SPEECH_PROVIDERS.iter().find(|known| text.contains(**known));
        // `espeak` is the older name of the same program.
        let espeak = text.contains("espeak").then_some(SPEECH_PROVIDERS[0]);
        known.copied().or(espeak).map_or(text, str::to_owned)
    })
}

/// Words of titles, tones and styles, each with the profile that suits such films.
const PROFILE_WORDS: &[(&str, &str)] = &[
    ("testimonial", "ugc_testimonial"),
    ("unboxing", "ugc_testimonial"),
    ("review", "ugc_testimonial"),
    ("reaction", "ugc_reaction"),
    ("trailer", "cinematic_trailer"),
    ("teaser", "cinematic_trailer"),
    ("cinematic", "cinematic_trailer"),
    ("launch", "marketing_dynamic"),
    ("advert", "marketing_dynamic"),
    ("commercial", "marketing_dynamic"),
    ("promo", "marketing_dynamic"),
    ("marketing", "marketing_dynamic"),
    ("ad", "marketing_dynamic"),
    ("spot", "marketing_dynamic"),
];

/// Returns the name of the profile: the one that is written, else the one that a word of it, of
/// title, tone or style suggests, with a note. `is_known` says whether a profile has this name.
pub fn profile_name(
    treatment: &Treatment,
    is_known: impl Fn(&str) -> bool,
    diagnostics: &mut Diagnostics,
) -> String {
    let brief = &treatment.brief;
    if let Some(wanted) = &brief.profile {
        let form = profile_form(&wanted.value);
        // A warning says then which one is taken.
        let suggested = || suggested_profile(&wanted.value).map(|(_, profile)| profile.to_owned());
        return match is_known(&form) {
            true => form,
            false => suggested().filter(|name| is_known(name)).unwrap_or(form),
        };
    }
    // In the order of how surely they say what kind of film it is.
    let texts = [&brief.title, &brief.style, &brief.tone];
    for text in texts.into_iter().flatten() {
        if let Some((word, profile)) = suggested_profile(&text.value) {
            let message = format!("the profile is `{profile}`");
            let reason = format!("by the word `{word}`");
            note(diagnostics, text.origin, message, &reason);
            return profile.to_owned();
        }
    }
    USUAL_PROFILE.to_owned()
}

/// Returns the name of a profile as the library writes it.
fn profile_form(text: &str) -> String {
    text.trim().to_lowercase().replace([' ', '-'], "_")
}

/// Returns the profile that a word of a text suggests, with the word.
fn suggested_profile(text: &str) -> Option<(&'static str, &'static str)> {
    let form = text.to_lowercase();
    let words: Vec<&str> = form.split(|c: char| !c.is_alphanumeric()).collect();
    let found = PROFILE_WORDS.iter().find(|(word, _)| words.contains(word));
    found.copied()
}

/// Warns about a profile that is not known.
pub(super) fn warn_unknown_profile(
    treatment: &Treatment,
    profile: &ProfileFacts,
    diagnostics: &mut Diagnostics,
) {
    let Some(wanted) = &treatment.brief.profile else {
        return;
    };
    if profile_form(&wanted.value) == profile.name {
        return;
    }
    let message = format!("{} is no profile", quote_value(&wanted.value));
    let code = "production::treatment::unknown_profile";
    let suggested = suggested_profile(&wanted.value).filter(|(_, name)| *name == profile.name);
    let label = match suggested {
        Some((word, name)) => format!("`{name}` is used, by the word `{word}`"),
        None => format!("`{}` is used", profile.name),
    };
    let help = format!(
        "write `Profile: {}`, or another that `production library profiles` lists",
        profile.name
    );
    let warning = Diagnostic::warning(code, wanted.origin, message);
    diagnostics.push(warning.with_label(label).with_help(help));
}
