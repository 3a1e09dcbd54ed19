//! Resolves the voices of characters and of the narrator, and the programs that speak.

use super::cast::asset_from_path;
use super::context::ResolveContext;
use super::sound::{SpeechFacts, report_value, resolve_language};
use super::sound_numbers;
use super::voice_text::{VoiceTextMeaning, voice_text_meaning};
use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostic, FileSpan, Spanned};
use crate::document::TextOr;
use crate::document::draft::{CharacterDraft, ProductionDraft};
use crate::document::quote::quote_value;
use crate::document::sound_draft::{SoundDraft, SpeechProviderDraft, VoiceDraft};
use crate::model::production::AssetRef;
use crate::model::sound::{
    CastSpeaker, FigureVoice, SpeechCommand, SpeechEngine, USUAL_WORDS_PER_MINUTE, Voice,
    cast_voices, espeak_language, may_be_espeak_voice, may_be_piper_voice, narrator_voice,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// Names of the built-in providers of speech.
pub(super) const BUILT_IN_PROVIDERS: [&str; 3] = ["espeak-ng", "piper", "murmur"];

/// Placeholders of the command of a speech provider, besides `{file.NAME}`.
const PLACEHOLDERS: [&str; 7] = [
    "text",
    "text_file",
    "voice",
    "language",
    "rate",
    "pitch",
    "out",
];

/// The figures of the program, by the names of their files, and whose voice each has. Nobody knows
/// what other models look like.
const FIGURES: [(&str, FigureVoice); 3] = [
    ("mara", FigureVoice::Woman),
    ("mara_indoor", FigureVoice::Woman),
    ("ilya", FigureVoice::Man),
];

/// A voice, and whether the document chose it.
#[derive(Debug, Clone)]
pub(super) struct ResolvedVoice {
    pub(super) voice: Voice,
    pub(super) is_written: bool,
    /// Place of the voice in the document.
    pub(super) origin: Option<FileSpan>,
    /// Place that names its provider, of the voice or of the production.
    pub(super) provider_origin: Option<FileSpan>,
}

/// The voices of a production.
pub(super) struct VoiceTable {
    /// By index of the character.
    characters: Vec<ResolvedVoice>,
    narrator: ResolvedVoice,
    language: String,
    /// Variants of `espeak-ng` that characters and the narrator have.
    taken: BTreeSet<String>,
    /// What speaks where no provider is named.
    usual: SpeechEngine,
    usual_origin: Option<FileSpan>,
    has_espeak_ng: bool,
    /// Files that voices and providers read.
    pub(super) files: Vec<AssetRef>,
}

/// Returns the characters that lines can be of: one without a name was reported.
fn named_characters(draft: &ProductionDraft) -> Vec<&CharacterDraft> {
    draft
        .characters
        .iter()
        .flatten()
        .filter(|each| each.name.is_some())
        .collect()
}

impl VoiceTable {
    pub(super) fn resolve(
        context: &mut ResolveContext<'_>,
        draft: &ProductionDraft,
        own: &SoundDraft,
        language: &str,
        facts: &SpeechFacts,
    ) -> Self {
        let mut resolver = VoiceResolver {
            providers: BTreeMap::new(),
            language,
            usual: SpeechEngine::EspeakNg,
            usual_origin: None,
            is_usual_unknown: false,
            files: Vec::new(),
        };
        for (name, provider) in own.providers.iter().flatten() {
            resolver.add_provider(context, name, provider);
        }
        // After the providers of the document, which it may name.
        resolver.choose_usual(context, own.speech.as_ref());
        let cast = named_characters(draft);
        // First, so that no scratch voice sounds like one that somebody chose.
        let mut taken = written_variants(&cast, own);
        let scratch = scratch_voices(&cast, language, &mut taken);
        let characters = cast
            .iter()
            .zip(scratch)
            .map(|(each, scratch)| resolver.resolve_voice(context, each.voice.as_ref(), scratch))
            .collect();
        let scratch = narrator_voice(language);
        let narrator = resolver.resolve_voice(context, own.narrator.as_ref(), scratch);
        let VoiceResolver {
            usual,
            usual_origin,
            files,
            ..
        } = resolver;
        let mut table = Self {
            characters,
            narrator,
            language: language.to_owned(),
            taken,
            usual,
            usual_origin,
            has_espeak_ng: facts.has_espeak_ng,
            files,
        };
        // Last, so that every voice has its own name first: the murmur is made from the same
        // variant.
        if !table.has_espeak_ng {
            let voices = table.characters.iter_mut().chain([&mut table.narrator]);
            voices.for_each(|each| murmur_for_espeak(&mut each.voice));
        }
        table
    }

    /// Returns the voice of a character, of the narrator, or of a stranger by name.
    pub(super) fn speaker_voice(
        &self,
        character: Option<usize>,
        is_narrator: bool,
        name: &str,
    ) -> ResolvedVoice {
        let known = character.and_then(|index| self.characters.get(index));
        match known {
            Some(known) => known.clone(),
            None if is_narrator => self.narrator.clone(),
            // Somebody of the script who is no character of the document.
            None => {
                let stranger = CastSpeaker { name, figure: None };
                let mut voice =
                    cast_voices(&[stranger], &self.language, &mut self.taken.clone()).remove(0);
                // Scratch voices are variants of `espeak-ng`. Another engine has none of these
                // names.
                if self.usual != SpeechEngine::EspeakNg {
                    voice = engine_voice(voice, self.usual.clone());
                }
                if !self.has_espeak_ng {
                    murmur_for_espeak(&mut voice);
                }
                ResolvedVoice {
                    voice,
                    is_written: false,
                    origin: None,
                    provider_origin: self.usual_origin,
                }
            }
        }
    }
}

/// Lets the murmur stand in where `espeak-ng` is not installed.
// A film without its voices would have other lengths. The murmur is built in, and as long as the
// words.
fn murmur_for_espeak(voice: &mut Voice) {
    if voice.engine == SpeechEngine::EspeakNg {
        voice.engine = SpeechEngine::Murmur;
    }
}

/// Returns the variants of `espeak-ng` that the document names.
fn written_variants(cast: &[&CharacterDraft], own: &SoundDraft) -> BTreeSet<String> {
    let voices = cast.iter().filter_map(|each| each.voice.as_ref());
    let names = voices.chain(&own.narrator).filter_map(written_name);
    names
        .filter_map(|name| Some(name.split_once('+')?.1.trim().to_owned()))
        .collect()
}

/// Returns the name of a voice that is written.
fn written_name(voice: &TextOr<VoiceDraft>) -> Option<&str> {
    let name = match voice {
        TextOr::Text(text) => text,
        TextOr::Full(own) => own.voice.as_ref()?,
    };
    (!name.is_placeholder).then_some(name.value.as_str())
}

/// Returns a voice for each character. Those with a voice of their own take no variant from others.
fn scratch_voices(
    cast: &[&CharacterDraft],
    language: &str,
    taken: &mut BTreeSet<String>,
) -> Vec<Voice> {
    let is_chosen = |each: &CharacterDraft| {
        let written = each.voice.as_ref().and_then(written_name);
        written.is_some_and(|name| may_be_espeak_voice(name) || may_be_piper_voice(name))
    };
    // Characters with a voice of their own take none of the scratch voices from the others.
    let (chosen, silent): (Vec<usize>, Vec<usize>) =
        (0..cast.len()).partition(|index| is_chosen(cast[*index]));
    let speakers = |indices: &[usize]| -> Vec<CastSpeaker<'_>> {
        let speakers = indices.iter().map(|index| CastSpeaker {
            name: cast[*index]
                .name
                .as_ref()
                .map_or("", |name| name.value.as_str()),
            figure: figure_voice(cast[*index]),
        });
        speakers.collect()
    };
    let found = cast_voices(&speakers(&silent), language, taken);
    let others = cast_voices(&speakers(&chosen), language, &mut BTreeSet::new());
    let mut voices: Vec<(usize, Voice)> = silent.into_iter().zip(found).collect();
    voices.extend(chosen.into_iter().zip(others));
    // Back into the order of the document, by which the caller finds them.
    voices.sort_by_key(|(index, _)| *index);
    voices.into_iter().map(|(_, voice)| voice).collect()
}

/// Returns whose voice the figure of a character has. `None`: nobody knows.
fn figure_voice(character: &CharacterDraft) -> Option<FigureVoice> {
    let model = Path::new(&character.model.as_ref()?.value).file_stem()?;
    let known = FIGURES.iter().find(|(stem, _)| model == *stem);
    known.map(|(_, voice)| *voice)
}

/// Reads voices against the providers of the document.
struct VoiceResolver<'a> {
    providers: BTreeMap<String, SpeechEngine>,
    language: &'a str,
    usual: SpeechEngine,
    usual_origin: Option<FileSpan>,
    /// Whether the production names a provider for all that there is not.
    is_usual_unknown: bool,
    files: Vec<AssetRef>,
}

impl VoiceResolver<'_> {
    /// Takes the provider that the production names for all voices.
    fn choose_usual(
        &mut self,
        context: &mut ResolveContext<'_>,
        written: Option<&Spanned<String>>,
    ) {
        let Some(name) = written.filter(|name| !name.is_placeholder) else {
            return;
        };
        let usual = self.engine(context, name);
        self.is_usual_unknown = usual.is_none();
        self.usual = usual.unwrap_or(SpeechEngine::EspeakNg);
        self.usual_origin = Some(name.origin);
    }

    fn resolve_voice(
        &mut self,
        context: &mut ResolveContext<'_>,
        written: Option<&TextOr<VoiceDraft>>,
        scratch: Voice,
    ) -> ResolvedVoice {
        match written {
            None => self.unwritten(scratch),
            // Reported where it was read.
            Some(TextOr::Text(text)) if text.is_placeholder => self.unwritten(scratch),
            Some(TextOr::Text(text)) => self.resolve_text(context, text, scratch),
            Some(TextOr::Full(own)) => self.resolve_fields(context, own, scratch),
        }
    }

    fn unwritten(&self, scratch: Voice) -> ResolvedVoice {
        let voice = match &self.usual {
            SpeechEngine::EspeakNg => scratch,
            other => engine_voice(scratch, other.clone()),
        };
        ResolvedVoice {
            voice,
            is_written: false,
            origin: None,
            provider_origin: self.usual_origin,
        }
    }

    /// Returns the voice that a text names. Other text was free before there was speech, and stays
    /// so.
    fn resolve_text(
        &mut self,
        context: &mut ResolveContext<'_>,
        text: &Spanned<String>,
        scratch: Voice,
    ) -> ResolvedVoice {
        let name = text.value.trim();
        let engine = match name {
            "murmur" => Some(SpeechEngine::Murmur),
            // A provider of one's own may call its voices anything.
            _ => engine_by_form(name).or_else(|| {
                Some(&self.usual)
                    .filter(|usual| matches!(usual, SpeechEngine::Command(_)))
                    .cloned()
            }),
        };
        let Some(engine) = engine else {
            self.report_text(context, text);
            return ResolvedVoice {
                // The rule about characters without a voice would only repeat the finding.
                origin: Some(text.origin),
                ..self.unwritten(scratch)
            };
        };
        let own = VoiceDraft {
            voice: Some(text.clone()),
            ..VoiceDraft::default()
        };
        self.named_voice(context, &own, engine, scratch)
    }

    /// Reports a text that names no voice: as an error if a voice is meant.
    fn report_text(&self, context: &mut ResolveContext<'_>, text: &Spanned<String>) {
        // A provider that there is not may have any voice.
        if self.is_usual_unknown {
            return;
        }
        let name = text.value.trim();
        let own = self.providers.keys().map(String::as_str);
        match voice_text_meaning(name, self.language, own) {
            VoiceTextMeaning::Misspelt { help } => {
                let message = format!("{} is no voice", quote_value(name));
                let found =
                    Diagnostic::error("production::sound::misspelt_voice", text.origin, message);
                context.diagnostics.push(
                    found
                        .with_label("no provider has a voice of this name")
                        .with_help(help),
                );
            }
            VoiceTextMeaning::FreeText { help } => {
                let message = format!("{} names no voice", quote_value(name));
                let found =
                    Diagnostic::warning("production::sound::no_such_voice", text.origin, message);
                let usual = "write the name of a voice, such as `en-gb+f3` or \
                             `en_US-joe-medium`, or fields such as `provider` and `voice`";
                let help = help.as_deref().unwrap_or(usual);
                context.diagnostics.push(
                    found
                        .with_label("a scratch voice speaks in its place")
                        .with_help(format!("{help}; text for people belongs to `notes`")),
                );
            }
        }
    }

    fn resolve_fields(
        &mut self,
        context: &mut ResolveContext<'_>,
        own: &VoiceDraft,
        scratch: Voice,
    ) -> ResolvedVoice {
        let provider = own.provider.as_ref();
        let provider = provider.filter(|provider| !provider.is_placeholder);
        let engine = match provider {
            Some(name) => self.engine(context, name),
            None => own
                .voice
                .as_ref()
                .and_then(|voice| engine_by_form(voice.value.trim())),
        };
        // The unknown provider was reported. Its voice is unknown with it, and must not be a second
        // mistake.
        if engine.is_none() && (provider.is_some() || self.is_usual_unknown) {
            return self.voice_of_nobody(context, own, scratch);
        }
        let engine = engine.unwrap_or_else(|| self.usual.clone());
        self.named_voice(context, own, engine, scratch)
    }

    /// Returns the voice of fields whose provider is unknown, which was reported. Its name is left
    /// out: no other provider can speak it.
    fn voice_of_nobody(
        &mut self,
        context: &mut ResolveContext<'_>,
        own: &VoiceDraft,
        scratch: Voice,
    ) -> ResolvedVoice {
        let rest = VoiceDraft {
            provider: None,
            voice: None,
            ..own.clone()
        };
        self.named_voice(context, &rest, SpeechEngine::EspeakNg, scratch)
    }

    fn named_voice(
        &mut self,
        context: &mut ResolveContext<'_>,
        own: &VoiceDraft,
        engine: SpeechEngine,
        scratch: Voice,
    ) -> ResolvedVoice {
        let written_language = resolve_language(context, own.language.as_ref());
        let rate = sound_numbers::WORDS_PER_MINUTE.resolve(context, "rate", own.rate.as_ref());
        let pitch = sound_numbers::PITCH.resolve(context, "pitch", own.pitch.as_ref());
        let gain = sound_numbers::GAIN.resolve(context, "gain", own.gain.as_ref());
        let name = own.voice.as_ref().filter(|name| !name.is_placeholder);
        let language = written_language
            .clone()
            .unwrap_or_else(|| self.language.to_owned());
        let base = match (name, &engine) {
            // A voice that is chosen speaks as it does, and not in the manner of the name.
            (Some(name), _) => Voice {
                name: name.value.trim().to_owned(),
                words_per_minute: USUAL_WORDS_PER_MINUTE,
                pitch: 0.0,
                ..scratch
            },
            (None, SpeechEngine::EspeakNg) => with_language(scratch, &language),
            (None, _) => engine_voice(scratch, engine.clone()),
        };
        if engine == SpeechEngine::Piper {
            self.check_piper(context, own, name);
        }
        // A message about the engine points to where it was chosen: at the voice, or for all of
        // them.
        let usual_origin = self.usual_origin.filter(|_| engine == self.usual);
        let voice = Voice {
            engine,
            language,
            words_per_minute: rate.unwrap_or(base.words_per_minute),
            pitch: pitch.unwrap_or(base.pitch),
            gain: gain.unwrap_or(0.0),
            name: base.name,
        };
        ResolvedVoice {
            voice,
            is_written: true,
            origin: own
                .voice
                .as_ref()
                .or(own.provider.as_ref())
                .map(|name| name.origin),
            provider_origin: own
                .provider
                .as_ref()
                .map(|name| name.origin)
                .or(usual_origin),
        }
    }

    /// Reports a voice of Piper without a name, and keeps the file that it names.
    fn check_piper(
        &mut self,
        context: &mut ResolveContext<'_>,
        own: &VoiceDraft,
        name: Option<&Spanned<String>>,
    ) {
        match name {
            Some(name) if name.value.trim().ends_with(".onnx") => {
                self.files.extend(asset_from_path(name));
            }
            Some(_) => {}
            None => {
                let provider = own.provider.as_ref().map(|name| name.origin);
                let message = "`piper` needs the name or the file of a voice".to_owned();
                let help = "add `voice: en_US-joe-medium`, or the path of an `.onnx` file";
                report_value(
                    context,
                    provider.unwrap_or_default(),
                    message,
                    help.to_owned(),
                );
            }
        }
    }

    /// Returns the provider of this name. `None`: it is unknown, and reported.
    fn engine(
        &self,
        context: &mut ResolveContext<'_>,
        name: &Spanned<String>,
    ) -> Option<SpeechEngine> {
        if name.is_placeholder {
            return None;
        }
        let text = name.value.trim();
        // Those of the document first, so that it may replace a built-in one.
        if let Some(own) = self.providers.get(text) {
            return Some(own.clone());
        }
        match text {
            "espeak-ng" | "espeak" | "espeak_ng" => Some(SpeechEngine::EspeakNg),
            "piper" => Some(SpeechEngine::Piper),
            "murmur" => Some(SpeechEngine::Murmur),
            _ => {
                self.report_unknown(context, name);
                None
            }
        }
    }

    fn report_unknown(&self, context: &mut ResolveContext<'_>, name: &Spanned<String>) {
        let own = self.providers.keys().map(String::as_str);
        let names: Vec<&str> = BUILT_IN_PROVIDERS.into_iter().chain(own).collect();
        let near = context
            .allowance
            .search(|| did_you_mean(name.value.trim(), names.iter().copied()));
        let help = near.unwrap_or_else(|| {
            format!(
                "known are {}; add a program of your own under `providers` of `sound`",
                names.join(", ")
            )
        });
        let message = format!("unknown provider of speech {}", quote_value(&name.value));
        context.report_error(
            "production::sound::unknown_provider",
            name.origin,
            message,
            Some(help),
        );
    }

    fn add_provider(
        &mut self,
        context: &mut ResolveContext<'_>,
        name: &Spanned<String>,
        draft: &SpeechProviderDraft,
    ) {
        let files: Vec<(&Spanned<String>, &Spanned<String>)> = draft
            .files
            .iter()
            .flatten()
            .map(|(name, path)| (name, path))
            .collect();
        report_unfit_name(context, name);
        let words = draft.command.as_deref().unwrap_or_default();
        let is_known = |placeholder: &str| {
            let file = placeholder.strip_prefix("file.");
            PLACEHOLDERS.contains(&placeholder)
                || file.is_some_and(|file| files.iter().any(|(name, _)| name.value == file))
        };
        for word in words {
            // Here and not when it is called: a misspelt placeholder would fail every line of a
            // run.
            for placeholder in placeholders(&word.value).filter(|name| !is_known(name)) {
                let message = format!("no placeholder `{{{placeholder}}}`");
                let help = format!("known are {}, and {{file.NAME}}", braced(&PLACEHOLDERS));
                report_value(context, word.origin, message, help);
            }
        }
        let has = |wanted: &[&str]| {
            let mut used = words.iter().flat_map(|word| placeholders(&word.value));
            used.any(|name| wanted.contains(&name))
        };
        if !has(&["text", "text_file"]) || !has(&["out"]) {
            let origin = words.first().map_or(name.origin, |word| word.origin);
            let message = format!(
                "provider {} does not say all it needs",
                quote_value(&name.value)
            );
            let help = "give it a `command` with `{text}` or `{text_file}` for what is said, and \
                        `{out}` for the WAV file that it writes";
            report_value(context, origin, message, help.to_owned());
        }
        let plain = |words: Option<&Vec<Spanned<String>>>| -> Vec<String> {
            let words = words.into_iter().flatten();
            words.map(|word| word.value.clone()).collect()
        };
        let assets = files.iter().filter_map(|(_, path)| asset_from_path(path));
        self.files.extend(assets);
        let paths = files
            .iter()
            .filter_map(|(name, path)| Some((name.value.clone(), asset_from_path(path)?.path)));
        let command = SpeechCommand {
            name: name.value.clone(),
            command: plain(draft.command.as_ref()),
            version: plain(draft.version.as_ref()),
            files: paths.collect(),
        };
        let engine = SpeechEngine::Command(Arc::new(command));
        self.providers.insert(name.value.clone(), engine);
    }
}

/// Reports the name of a provider of speech that equals another one.
fn report_unfit_name(context: &mut ResolveContext<'_>, name: &Spanned<String>) {
    let shown = quote_value(&name.value);
    if name.value.trim().is_empty() {
        let message = "a provider of speech without a name".to_owned();
        let help = "give it the name that voices call it by".to_owned();
        report_value(context, name.origin, message, help);
    } else if context.library.providers.get(&name.value).is_some() {
        // Programs are found, trusted and recorded by the name of their provider.
        let message = format!("{shown} is the name of a renderer");
        let help = format!(
            "a name means one program: call it {}",
            quote_value(&format!("{}_voice", name.value))
        );
        report_value(context, name.origin, message, help);
    }
}

/// Returns the provider whose voices have names of this form, such as `en-gb+f3` and
/// `en_US-joe-medium`.
fn engine_by_form(name: &str) -> Option<SpeechEngine> {
    // Piper first: its names are the narrower form.
    if may_be_piper_voice(name) || name.ends_with(".onnx") {
        return Some(SpeechEngine::Piper);
    }
    may_be_espeak_voice(name).then_some(SpeechEngine::EspeakNg)
}

/// Returns a scratch voice in another language.
fn with_language(scratch: Voice, language: &str) -> Voice {
    let spoken = espeak_language(language).unwrap_or("en-us");
    let name = match scratch.name.split_once('+') {
        Some((_, variant)) => format!("{spoken}+{variant}"),
        None => spoken.to_owned(),
    };
    Voice { name, ..scratch }
}

/// Returns a scratch voice of another provider, whose voices have other names.
fn engine_voice(scratch: Voice, engine: SpeechEngine) -> Voice {
    let name = match &engine {
        SpeechEngine::EspeakNg => scratch.name,
        // What a murmur sounds like follows from the variant.
        SpeechEngine::Murmur => match scratch.name.split_once('+') {
            Some((_, variant)) => format!("murmur+{variant}"),
            None => "murmur".to_owned(),
        },
        SpeechEngine::Piper | SpeechEngine::Command(_) => String::new(),
    };
    Voice {
        engine,
        name,
        ..scratch
    }
}

/// Returns the names in braces.
fn placeholders(word: &str) -> impl Iterator<Item = &str> {
    word.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
}

fn braced(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
    names.join(", ")
}

/// Returns the place of a written voice.
pub(super) fn voice_origin(voice: &TextOr<VoiceDraft>) -> Option<FileSpan> {
    match voice {
        TextOr::Text(text) => Some(text.origin),
        TextOr::Full(own) => {
            let name = own.voice.as_ref().or(own.provider.as_ref());
            name.map(|name| name.origin)
        }
    }
}
