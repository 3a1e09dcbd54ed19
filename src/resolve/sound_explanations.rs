//! Explanations of the diagnostic codes of `resolve` about sound. Data only.

use crate::base::{CodeExplanation, Severity};

/// One page a code, in the order of `production explain`.
pub const SOUND_EXPLANATIONS: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::sound::bad_value",
        severity: Severity::Error,
        summary: "every value about sound can be read",
        explanation: "Sound is turned on and off by the words `on` and `off`. Loudness is a name such as \
            `streaming`, or LUFS such as `-16`. Moments are frames of the shot, counted from 0, \
            or seconds such as `1.5s`. Languages are tags of BCP 47 such as `en` or `de-CH`, or \
            English names. The help names the form of the field.",
        wrong: "\
sound:
  loudness: loud
",
        right: "\
sound:
  loudness: streaming
",
    },
    CodeExplanation {
        code: "production::sound::bad_line",
        severity: Severity::Error,
        summary: "every line has a speaker and words",
        explanation: "A line of a shot is a text with the name of the speaker before a colon, or a map \
            with `who` and `text`, and `at`, `pause`, `together`, `voice_over`, `off_screen` and \
            `gain` if needed. In a shot of one character the name may be left out.",
        wrong: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
  - {name: ilya, model: assets/ilya.glb, voice: en-gb+m3}
shots:
  - {name: talks, template: two_shot, characters: [mara, ilya], location: pier, lines: [It went out.]}
",
        right: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
  - {name: ilya, model: assets/ilya.glb, voice: en-gb+m3}
shots:
  - {name: talks, template: two_shot, characters: [mara, ilya], location: pier, lines: [\"mara: It went out.\"]}
",
    },
    CodeExplanation {
        code: "production::sound::unknown_effect",
        severity: Severity::Error,
        summary: "every effect is a name of the table or a file",
        explanation: "Effects are synthesised by name, or played from a sound file of your own. A text \
            with a slash or with the extension of a sound file is a file. `docs/sound.md` lists \
            the names.",
        wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, effects: [door_slamm]}
",
        right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, effects: [door_slam]}
",
    },
    CodeExplanation {
        code: "production::sound::unknown_ambience",
        severity: Severity::Error,
        summary: "every ambience is a name of the table or a file",
        explanation: "What is always heard at a location is synthesised by name, or played from a sound \
            file of your own. A text with a slash or with the extension of a sound file is a \
            file, and `off` is no ambience. `docs/sound.md` lists the names.",
        wrong: "\
locations:
  - {name: pier, preset: harbour_dusk, ambience: see}
",
        right: "\
locations:
  - {name: pier, preset: harbour_dusk, ambience: sea}
",
    },
    CodeExplanation {
        code: "production::sound::unknown_mood",
        severity: Severity::Error,
        summary: "every mood of music exists",
        explanation: "Music is composed for a mood, which is a preset of `production library moods`. Music \
            of your own is named with `file`.",
        wrong: "\
music: elegnt
",
        right: "\
music: elegant
",
    },
    CodeExplanation {
        code: "production::sound::unknown_shot",
        severity: Severity::Error,
        summary: "music begins and ends with shots that exist",
        explanation: "`from` names the first shot with the music, and `to` the last. Derived shots have \
            the names that `production info` shows.",
        wrong: "\
music: {mood: elegant, from: opening, to: closing}
",
        right: "\
music: {mood: elegant, from: wide}
",
    },
    CodeExplanation {
        code: "production::sound::unknown_provider",
        severity: Severity::Error,
        summary: "every voice has a provider that exists",
        explanation: "A provider of speech is `espeak-ng`, `piper`, `murmur` (built in: the rhythm of \
            words, without any), or a program of your own under `providers` of `sound`.",
        wrong: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: {provider: espeak-mg}}
",
        right: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: {provider: espeak-ng}}
",
    },
    CodeExplanation {
        code: "production::sound::no_such_voice",
        severity: Severity::Warning,
        summary: "a voice that is text is the name of a voice",
        explanation: "A voice that is text is the name that a provider gives it, such as `en-gb+f3` of \
            `espeak-ng` or `en_US-joe-medium` of Piper. Other text was for people before there \
            was speech, and a scratch voice speaks in its place.",
        wrong: "\
sound: on
characters:
  - {name: mara, model: assets/mara.glb, voice: warm alto}
",
        right: "\
sound: on
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
",
    },
    CodeExplanation {
        code: "production::sound::misspelt_voice",
        severity: Severity::Error,
        summary: "a voice that is text is spelt as its provider spells it",
        explanation: "The text is almost the name of a voice: its language, its variant or its quality \
            is misspelt, or it is only a part of a name, or the name of a provider. Another voice \
            would speak in its place. The help names what is meant.",
        wrong: "\
sound: on
characters:
  - {name: mara, model: assets/mara.glb, voice: en-bg+f3}
",
        right: "\
sound: on
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
",
    },
    CodeExplanation {
        code: "production::sound::unused_field",
        severity: Severity::Warning,
        summary: "every field about sound has an effect",
        explanation: "Another field beside it decides, or the one that it belongs to is missing. Where \
            music, an effect or an ambience is a `file`, nothing is composed or synthesised, so \
            `mood`, `seed` and `name` do nothing; `loop`, `on_beat` and `skip` are about a file. A \
            line that begins `at` a moment follows no other line, so it has no `pause` and is not \
            `together` with one.",
        wrong: "\
music: {file: assets/short.wav, loop: true, mood: elegant}
",
        right: "\
music: {file: assets/short.wav, loop: true}
",
    },
    CodeExplanation {
        code: "production::sound::unspoken_language",
        severity: Severity::Warning,
        summary: "scratch voices speak the language of the production",
        explanation: "Characters without a voice are spoken by `espeak-ng`, which does not know this \
            language. They speak English until each has a voice of a provider that does.",
        wrong: "\
sound: {language: tlh}
",
        right: "\
sound: {language: de}
",
    },
    CodeExplanation {
        code: "production::sound::unfit_output",
        severity: Severity::Error,
        summary: "every output can carry the sound that it asks for",
        explanation: "Folders of pictures carry no sound; a WAV file of the mix is delivered beside them \
            with `wav: true`. MP4 carries AAC, Opus and FLAC, and QuickTime carries PCM and AAC.",
        wrong: "\
outputs:
  - {name: pictures, codec: png, path: out/pictures, sound: aac}
",
        right: "\
outputs:
  - {name: pictures, codec: png, path: out/pictures, sound: {wav: true}}
",
    },
    CodeExplanation {
        code: "production::sound::music_twice",
        severity: Severity::Error,
        summary: "music is written in one place",
        explanation: "Music may be written under `sound` or beside it. Two lists would have to be guessed \
            together.",
        wrong: "\
sound: {music: elegant}
music: energetic
",
        right: "\
sound: {music: elegant}
",
    },
];
