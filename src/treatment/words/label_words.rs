//! Labels: the words before a colon, or of a heading, that say what follows.
//!
//! English first, with the usual words of other languages in which treatments are written.

use crate::base::suggestions::nearest_match;

/// What a label is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::treatment) enum LabelKind {
    Title,
    Duration,
    Language,
    Platform,
    Aspect,
    Style,
    Tone,
    Profile,
    Voice,
    VoiceId,
    SpeechProvider,
    VoiceConsistent,
    FacesLocked,
    Colours,
    Logo,
    Font,
    Music,
    Sound,
    Narration,
    Visual,
    Text,
    /// What people are asked to do: the text of the end card.
    CallToAction,
    LowerThird,
    List,
    Quote,
    Chart,
    BarChart,
    LineChart,
    PieChart,
    Table,
    Kpi,
    Effect,
    Purpose,
    Camera,
    Focal,
    Asset,
    Source,
    Background,
    Subtitles,
    Note,
}

use LabelKind as L;

/// Every label in the form of [`label_form`].
const LABELS: &[(&str, LabelKind)] = &[
    ("title", L::Title),
    ("project", L::Title),
    ("film title", L::Title),
    ("video title", L::Title),
    ("titel", L::Title),
    ("titre", L::Title),
    ("titulo", L::Title),
    ("título", L::Title),
    ("duration", L::Duration),
    ("length", L::Duration),
    ("runtime", L::Duration),
    ("running time", L::Duration),
    ("run time", L::Duration),
    ("total duration", L::Duration),
    ("total length", L::Duration),
    ("total", L::Duration),
    ("time", L::Duration),
    ("timing", L::Duration),
    ("timecode", L::Duration),
    ("dauer", L::Duration),
    ("länge", L::Duration),
    ("gesamtdauer", L::Duration),
    ("durée", L::Duration),
    ("duración", L::Duration),
    ("duração", L::Duration),
    ("durata", L::Duration),
    ("language", L::Language),
    ("sprache", L::Language),
    ("langue", L::Language),
    ("idioma", L::Language),
    ("lingua", L::Language),
    ("platform", L::Platform),
    ("platforms", L::Platform),
    ("channel", L::Platform),
    ("plattform", L::Platform),
    ("plateforme", L::Platform),
    ("plataforma", L::Platform),
    ("aspect", L::Aspect),
    ("aspect ratio", L::Aspect),
    ("ratio", L::Aspect),
    ("format", L::Aspect),
    ("orientation", L::Aspect),
    ("seitenverhältnis", L::Aspect),
    ("style", L::Style),
    ("visual style", L::Style),
    ("look", L::Style),
    ("look and feel", L::Style),
    ("stil", L::Style),
    ("estilo", L::Style),
    ("stile", L::Style),
    ("tone", L::Tone),
    ("tone of voice", L::Tone),
    ("mood", L::Tone),
    ("ton", L::Tone),
    ("stimmung", L::Tone),
    ("tono", L::Tone),
    ("tom", L::Tone),
    ("profile", L::Profile),
    ("profil", L::Profile),
    ("voice", L::Voice),
    ("voice actor", L::Voice),
    ("voice gender", L::Voice),
    ("narrator voice", L::Voice),
    ("stimme", L::Voice),
    ("voix", L::Voice),
    ("voz", L::Voice),
    ("voiceid", L::VoiceId),
    ("voice id", L::VoiceId),
    ("tts", L::SpeechProvider),
    ("tts provider", L::SpeechProvider),
    ("speech", L::SpeechProvider),
    ("voice provider", L::SpeechProvider),
    ("voice consistent", L::VoiceConsistent),
    ("voice consistency", L::VoiceConsistent),
    ("consistent voice", L::VoiceConsistent),
    ("faces locked", L::FacesLocked),
    ("faces", L::FacesLocked),
    ("lock faces", L::FacesLocked),
    ("face consistency", L::FacesLocked),
    ("colour", L::Colours),
    ("colours", L::Colours),
    ("color", L::Colours),
    ("colors", L::Colours),
    ("palette", L::Colours),
    ("colour palette", L::Colours),
    ("color palette", L::Colours),
    ("brand colours", L::Colours),
    ("brand colors", L::Colours),
    ("farben", L::Colours),
    ("couleurs", L::Colours),
    ("colores", L::Colours),
    ("cores", L::Colours),
    ("logo", L::Logo),
    ("font", L::Font),
    ("fonts", L::Font),
    ("typeface", L::Font),
    ("schrift", L::Font),
    ("music", L::Music),
    ("music cue", L::Music),
    ("soundtrack", L::Music),
    ("score", L::Music),
    ("background music", L::Music),
    ("musik", L::Music),
    ("musique", L::Music),
    ("música", L::Music),
    ("musica", L::Music),
    ("sfx", L::Sound),
    ("sound", L::Sound),
    ("sounds", L::Sound),
    ("sound effect", L::Sound),
    ("sound effects", L::Sound),
    ("fx sound", L::Sound),
    ("geräusch", L::Sound),
    ("geräusche", L::Sound),
    ("bruitage", L::Sound),
    ("narration", L::Narration),
    ("narrator", L::Narration),
    ("voiceover", L::Narration),
    ("voice over", L::Narration),
    ("vo", L::Narration),
    ("v o", L::Narration),
    ("script", L::Narration),
    ("spoken", L::Narration),
    ("dialogue", L::Narration),
    ("dialog", L::Narration),
    ("audio", L::Narration),
    ("says", L::Narration),
    ("spoken text", L::Narration),
    ("copy", L::Narration),
    ("sprecher", L::Narration),
    ("sprecherin", L::Narration),
    ("sprechertext", L::Narration),
    ("erzähler", L::Narration),
    ("voix off", L::Narration),
    ("narrateur", L::Narration),
    ("narración", L::Narration),
    ("narrador", L::Narration),
    ("locución", L::Narration),
    ("narração", L::Narration),
    ("narratore", L::Narration),
    ("visual", L::Visual),
    ("visuals", L::Visual),
    ("video", L::Visual),
    ("image", L::Visual),
    ("images", L::Visual),
    ("picture", L::Visual),
    ("we see", L::Visual),
    ("scene description", L::Visual),
    ("action", L::Visual),
    ("shot", L::Visual),
    ("shots", L::Visual),
    ("b roll", L::Visual),
    ("broll", L::Visual),
    ("footage", L::Visual),
    ("screen", L::Visual),
    ("description", L::Visual),
    ("bild", L::Visual),
    ("bilder", L::Visual),
    ("visuel", L::Visual),
    ("imagen", L::Visual),
    ("imagem", L::Visual),
    ("immagine", L::Visual),
    ("animation", L::Visual),
    ("text", L::Text),
    ("on screen text", L::Text),
    ("onscreen text", L::Text),
    ("overlay", L::Text),
    ("overlays", L::Text),
    ("super", L::Text),
    ("supers", L::Text),
    ("title card", L::Text),
    ("text overlay", L::Text),
    ("headline", L::Text),
    ("caption", L::Text),
    ("card", L::Text),
    ("text card", L::Text),
    ("tagline", L::Text),
    ("tag line", L::Text),
    ("slogan", L::Text),
    ("cta", L::CallToAction),
    ("call to action", L::CallToAction),
    ("cta text", L::CallToAction),
    ("cta button", L::CallToAction),
    ("cta card", L::CallToAction),
    ("end card", L::CallToAction),
    ("end card text", L::CallToAction),
    ("endcard", L::CallToAction),
    ("end screen", L::CallToAction),
    ("end slate", L::CallToAction),
    ("end frame", L::CallToAction),
    ("final card", L::CallToAction),
    ("closing card", L::CallToAction),
    ("closing text", L::CallToAction),
    ("handlungsaufforderung", L::CallToAction),
    ("handlungsaufruf", L::CallToAction),
    ("aufruf", L::CallToAction),
    ("abbinder", L::CallToAction),
    ("schlusstafel", L::CallToAction),
    ("appel à l action", L::CallToAction),
    ("appel à action", L::CallToAction),
    ("llamada a la acción", L::CallToAction),
    ("llamado a la acción", L::CallToAction),
    ("chamada para ação", L::CallToAction),
    ("chamada à ação", L::CallToAction),
    ("invito all azione", L::CallToAction),
    ("chiamata all azione", L::CallToAction),
    ("einblendung", L::Text),
    ("texte", L::Text),
    ("texto", L::Text),
    ("testo", L::Text),
    ("graphics", L::Text),
    ("graphic", L::Text),
    ("lower third", L::LowerThird),
    ("lower thirds", L::LowerThird),
    ("chyron", L::LowerThird),
    ("name tag", L::LowerThird),
    ("bauchbinde", L::LowerThird),
    ("synthé", L::LowerThird),
    ("list", L::List),
    ("bullets", L::List),
    ("bullet points", L::List),
    ("points", L::List),
    ("key points", L::List),
    ("liste", L::List),
    ("lista", L::List),
    ("checklist", L::List),
    ("quote", L::Quote),
    ("testimonial", L::Quote),
    ("zitat", L::Quote),
    ("citation", L::Quote),
    ("cita", L::Quote),
    ("citação", L::Quote),
    ("chart", L::Chart),
    ("graph", L::Chart),
    ("diagram", L::Chart),
    ("data", L::Chart),
    ("diagramm", L::Chart),
    ("graphique", L::Chart),
    ("gráfico", L::Chart),
    ("grafico", L::Chart),
    ("bar chart", L::BarChart),
    ("bar graph", L::BarChart),
    ("bars", L::BarChart),
    ("column chart", L::BarChart),
    ("balkendiagramm", L::BarChart),
    ("line chart", L::LineChart),
    ("line graph", L::LineChart),
    ("liniendiagramm", L::LineChart),
    ("pie chart", L::PieChart),
    ("pie", L::PieChart),
    ("donut chart", L::PieChart),
    ("tortendiagramm", L::PieChart),
    ("kreisdiagramm", L::PieChart),
    ("table", L::Table),
    ("tabelle", L::Table),
    ("tableau", L::Table),
    ("tabla", L::Table),
    ("kpi", L::Kpi),
    ("kpis", L::Kpi),
    ("stat", L::Kpi),
    ("stats", L::Kpi),
    ("statistic", L::Kpi),
    ("number", L::Kpi),
    ("metric", L::Kpi),
    ("kennzahl", L::Kpi),
    ("effect", L::Effect),
    ("effects", L::Effect),
    ("fx", L::Effect),
    ("vfx", L::Effect),
    ("transition", L::Effect),
    ("transitions", L::Effect),
    ("effekt", L::Effect),
    ("effekte", L::Effect),
    ("übergang", L::Effect),
    ("effet", L::Effect),
    ("effets", L::Effect),
    ("efecto", L::Effect),
    ("efectos", L::Effect),
    ("transición", L::Effect),
    ("purpose", L::Purpose),
    ("role", L::Purpose),
    ("beat", L::Purpose),
    ("zweck", L::Purpose),
    ("camera", L::Camera),
    ("camera movement", L::Camera),
    ("camera move", L::Camera),
    ("movement", L::Camera),
    ("kamera", L::Camera),
    ("caméra", L::Camera),
    ("cámara", L::Camera),
    ("focal", L::Focal),
    ("framing", L::Focal),
    ("shot size", L::Focal),
    ("shot type", L::Focal),
    ("angle", L::Camera),
    ("asset", L::Asset),
    ("assets", L::Asset),
    ("asset url", L::Asset),
    ("file", L::Asset),
    ("reference", L::Asset),
    ("references", L::Asset),
    ("source", L::Source),
    ("sources", L::Source),
    ("data source", L::Source),
    ("quelle", L::Source),
    ("quellen", L::Source),
    ("fuente", L::Source),
    ("fonte", L::Source),
    ("url", L::Asset),
    ("link", L::Asset),
    ("background", L::Background),
    ("backdrop", L::Background),
    ("hintergrund", L::Background),
    ("subtitles", L::Subtitles),
    ("captions", L::Subtitles),
    ("untertitel", L::Subtitles),
    ("note", L::Note),
    ("notes", L::Note),
    ("director s note", L::Note),
    ("comment", L::Note),
    ("todo", L::Note),
    ("audience", L::Note),
    ("target audience", L::Note),
    ("goal", L::Note),
    ("objective", L::Note),
    ("message", L::Note),
    ("key message", L::Note),
    ("client", L::Note),
    ("brand", L::Note),
    ("author", L::Note),
    ("date", L::Note),
    ("version", L::Note),
    ("lighting", L::Note),
    ("location", L::Note),
    ("setting", L::Note),
    ("intent", L::Note),
    ("priority", L::Note),
    ("enforcement", L::Note),
    ("cinematic level", L::Note),
    ("zielgruppe", L::Note),
    ("ziel", L::Note),
    ("notiz", L::Note),
];

/// What the narrator is called where the name of a speaker is.
const NARRATOR_NAMES: &[&str] = &[
    "narrator",
    "narration",
    "narrator voice",
    "the narrator",
    "voiceover",
    "voice over",
    "vo",
    "v o",
    "off",
    "sprecher",
    "sprecherin",
    "sprechertext",
    "erzähler",
    "erzählerin",
    "aus dem off",
    "voix off",
    "narrateur",
    "narratrice",
    "narrador",
    "narradora",
    "voz en off",
    "locutor",
    "locutora",
    "narratore",
    "voce fuori campo",
    "narração",
    "verteller",
    "рассказчик",
    "диктор",
    "旁白",
    "ナレーション",
    "ナレーター",
    "내레이션",
];

/// Parts that somebody plays. As the name of a speaker they need no capitals.
const ROLE_NAMES: &[&str] = &[
    "host",
    "cohost",
    "presenter",
    "announcer",
    "interviewer",
    "interviewee",
    "moderator",
    "moderatorin",
    "reporter",
    "speaker",
    "man",
    "woman",
    "boy",
    "girl",
    "child",
    "mann",
    "frau",
    "kind",
    "junge",
    "mädchen",
];

/// Titles before the name of a person.
const PERSON_TITLES: &[&str] = &[
    "dr",
    "prof",
    "professor",
    "mr",
    "mrs",
    "ms",
    "miss",
    "herr",
    "frau",
    "mme",
    "mlle",
    "m",
    "sr",
    "sra",
    "sir",
    "lady",
];

/// Words that begin a scene, before its number.
pub(in crate::treatment) const SCENE_WORDS: &[&str] = &[
    "scene",
    "szene",
    "scène",
    "escena",
    "cena",
    "scena",
    "scen",
    "scène",
    "сцена",
    "シーン",
    "场景",
    "shot",
    "slide",
    "section",
    "segment",
    "part",
    "beat",
    "chapter",
    "frame",
    "panel",
    "act",
    "kapitel",
    "teil",
    "partie",
    "parte",
    "step",
];

/// Headings that are about the whole film.
const BRIEF_SECTIONS: &[&str] = &[
    "overview",
    "brief",
    "summary",
    "about",
    "meta",
    "metadata",
    "settings",
    "specs",
    "specifications",
    "technical",
    "technical specs",
    "format and platform",
    "brand",
    "branding",
    "brand guidelines",
    "global",
    "general",
    "production notes",
    "deliverables",
    "logline",
    "synopsis",
    "concept",
    "creative direction",
    "art direction",
    "direction",
    "project info",
    "project",
    "visual identity",
    "consistency",
    "style guide",
    "übersicht",
    "überblick",
    "vorgaben",
    "rahmen",
    "résumé",
    "resumen",
    "characters",
    "cast",
];

/// Returns a word of the text as the tables have it: lower case, single spaces, no marks.
pub(in crate::treatment) fn label_form(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .flat_map(char::to_lowercase)
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns what a label is about. `None` for words that are no label.
pub(in crate::treatment) fn label_kind(text: &str) -> Option<LabelKind> {
    // A longer text is prose; this keeps a long line cheap.
    if text.len() > 40 {
        return None;
    }
    let form = label_form(text);
    LABELS
        .iter()
        .find(|(word, _)| *word == form)
        .map(|(_, kind)| *kind)
}

/// Returns the label that a misspelt word is nearest to.
pub(in crate::treatment) fn nearest_label(text: &str) -> Option<(&'static str, LabelKind)> {
    let form = label_form(text);
    // Short words are near to too many labels.
    if form.chars().count() < 5 {
        return None;
    }
    let near = nearest_match(&form, LABELS.iter().map(|(word, _)| *word))?;
    LABELS.iter().find(|(word, _)| *word == near).copied()
}

/// Whether a name in the place of a speaker is that of the narrator.
pub(in crate::treatment) fn is_narrator_name(text: &str) -> bool {
    let (name, _) = text.split_once('(').unwrap_or((text, ""));
    NARRATOR_NAMES.contains(&label_form(name).as_str())
}

/// Whether a name before a colon is surely that of a speaker, though it is not in capitals: it is a
/// part such as `Host` or `Speaker 2`, has a title, or a direction in brackets behind it.
pub(in crate::treatment) fn is_person_name(text: &str) -> bool {
    let text = text.trim();
    let (name, direction) = text.split_once('(').unwrap_or((text, ""));
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_capital =
        |word: &&str| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
    if !(1..=3).contains(&words.len()) || text.len() > 60 || !words.iter().all(is_capital) {
        return false;
    }
    let form = label_form(name);
    let role = form.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
    let first = form.split(' ').next().unwrap_or_default();
    ROLE_NAMES.contains(&role)
        || words.len() > 1 && PERSON_TITLES.contains(&first)
        || direction
            .strip_suffix(')')
            .is_some_and(|rest| !rest.is_empty())
}

/// Whether a heading is about the whole film.
pub(in crate::treatment) fn is_brief_section(text: &str) -> bool {
    BRIEF_SECTIONS.contains(&label_form(text).as_str())
}

/// Whether a text says that a scene is a hook.
pub(in crate::treatment) fn is_hook_word(text: &str) -> bool {
    let form = label_form(text);
    let words = [
        "hook",
        "opening",
        "intro",
        "opener",
        "teaser",
        "aufhänger",
        "einstieg",
        "accroche",
        "gancho",
    ];
    form.split(' ').any(|word| words.contains(&word))
}

/// Whether a text says that a scene is a call to action.
pub(in crate::treatment) fn is_cta_word(text: &str) -> bool {
    let form = label_form(text);
    let words = ["cta", "outro", "closing", "aufruf"];
    let mut labels = LABELS.iter().filter(|(_, kind)| *kind == L::CallToAction);
    // A single word such as `aufruf` must be one, and not a part of one.
    labels.any(|(label, _)| label.contains(' ') && form.contains(label))
        || form.split(' ').any(|word| {
            let is_label = || label_kind(word) == Some(L::CallToAction);
            words.contains(&word) || is_label()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_known_in_any_form() {
        for text in [
            "Voice-Over",
            "VOICE OVER",
            "V.O.",
            "Sprecher",
            "voix off",
            "narration",
        ] {
            assert_eq!(label_kind(text), Some(L::Narration), "{text}");
        }
        assert_eq!(label_kind("On-screen text"), Some(L::Text));
        assert_eq!(label_kind("Remember"), None);
    }

    #[test]
    fn a_misspelt_label_has_a_nearest_one() {
        assert_eq!(
            nearest_label("Naration").map(|near| near.1),
            Some(L::Narration)
        );
        assert_eq!(nearest_label("Remember"), None);
    }
}
