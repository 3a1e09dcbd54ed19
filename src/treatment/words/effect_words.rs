//! From words about effects to what a document can say: transitions, moves of the camera, motions of
//! titles; and from words about sounds to the effects of `production library effects`.

/// What becomes of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::treatment) enum EffectUse {
    /// A transition to the next scene, in the words of a document.
    TransitionOut(&'static str),
    /// A transition from the scene before.
    TransitionIn(&'static str),
    /// A move of the camera: its kind and its amount.
    Move(&'static str, &'static str),
    /// How texts come: the kind of `enter`.
    Enter(&'static str),
    /// Little is sharp: an f-number.
    Aperture(&'static str),
}

use EffectUse as E;

const EFFECTS: &[(&str, EffectUse)] = &[
    ("crossfade", E::TransitionOut("dissolve")),
    ("cross fade", E::TransitionOut("dissolve")),
    ("dissolve", E::TransitionOut("dissolve")),
    ("überblend", E::TransitionOut("dissolve")),
    ("fondu", E::TransitionOut("dissolve")),
    ("fade in", E::TransitionIn("fade_from_black")),
    ("fade from black", E::TransitionIn("fade_from_black")),
    ("fade from white", E::TransitionIn("fade_from_white")),
    ("fade to white", E::TransitionOut("fade_to_white")),
    ("fade out", E::TransitionOut("fade_to_black")),
    ("fade to black", E::TransitionOut("fade_to_black")),
    ("dip to white", E::TransitionOut("dip_to_white")),
    ("dip", E::TransitionOut("dip_to_black")),
    ("flash", E::TransitionOut("dip_to_white")),
    ("wipe left", E::TransitionOut("wipe_left")),
    ("wipe up", E::TransitionOut("wipe_up")),
    ("wipe", E::TransitionOut("wipe_right")),
    ("swipe", E::TransitionOut("wipe_left")),
    ("hard cut", E::TransitionOut("cut")),
    ("jump cut", E::TransitionOut("cut")),
    ("zoom out", E::Move("dolly_out", "0.15")),
    ("zoom", E::Move("dolly_in", "0.2")),
    ("ken burns", E::Move("dolly_in", "0.12")),
    ("push", E::Move("push_in", "0.15")),
    ("slow pan", E::Move("pan_right", "8")),
    ("pan", E::Move("pan_right", "12")),
    ("parallax", E::Move("truck_right", "0.12")),
    ("orbit", E::Move("orbit", "20")),
    ("handheld", E::Move("handheld", "0.6")),
    ("shake", E::Move("handheld", "1.2")),
    ("bokeh", E::Aperture("2")),
    ("depth of field", E::Aperture("2.8")),
    ("shallow focus", E::Aperture("2")),
    ("typewriter", E::Enter("wipe")),
    ("logo reveal", E::Enter("wipe")),
    ("data highlight", E::Enter("rise")),
    ("slide", E::Enter("slide_right")),
    ("pop", E::Enter("rise")),
    ("kinetic", E::Enter("rise")),
    ("text animation", E::Enter("rise")),
    ("fade", E::TransitionOut("dissolve")),
];

/// Returns what becomes of an effect. `None` if a document cannot say it.
pub(in crate::treatment) fn effect_use(text: &str) -> Option<EffectUse> {
    let form = text.to_lowercase().replace(['-', '_'], " ");
    let found = EFFECTS.iter().find(|(word, _)| form.contains(word));
    found.map(|(_, effect)| *effect)
}

const SOUNDS: &[(&str, &str)] = &[
    ("whoosh", "whoosh"),
    ("swoosh", "whoosh"),
    ("swish", "whoosh"),
    ("click", "click"),
    ("impact", "impact"),
    ("hit", "impact"),
    ("boom", "impact"),
    ("thud", "thud"),
    ("ding", "bell"),
    ("bell", "bell"),
    ("chime", "bell"),
    ("glass", "glass"),
    ("shatter", "glass"),
    ("splash", "splash"),
    ("door slam", "door_slam"),
    ("door close", "door_close"),
    ("door", "door_open"),
    ("knock", "knock"),
    ("footstep", "footsteps"),
    ("steps", "footsteps"),
    ("paper", "paper"),
    ("page", "paper"),
    ("switch", "switch"),
    ("wind", "wind_gust"),
    ("creak", "creak"),
    ("cloth", "cloth"),
    ("pop", "click"),
    ("tap", "click"),
];

/// Returns the built-in sound for words about one.
pub(in crate::treatment) fn sound_effect(text: &str) -> Option<&'static str> {
    let form = text.to_lowercase();
    let found = SOUNDS.iter().find(|(word, _)| form.contains(word));
    found.map(|(_, effect)| *effect)
}
