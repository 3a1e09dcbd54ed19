//! What a document says of sound, from the text to the resolved production.

use crate::base::{Diagnostic, Severity};
use crate::document::value_tree::ToValueTree;
use crate::model::sound::{
    DuckingCurve, EffectSource, LineDelivery, MusicSource, RoomKind, ShotLine, SoundCodec,
    SpeechEngine, SpeechLengths, scratch_voice,
};
use crate::model::{Production, SilenceSource};
use crate::project::{OpenedProduction, ProjectOptions, open, open_resolved};
use crate::report::resolved_document::document_yaml;
use crate::resolve::{ResolveOverrides, SpeechFacts};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;

const HEAD: &str = "production:
  title: T
  author: A
  description: D
";

const CAST: &str = "  characters:
    - {name: mara, model: mara.glb, voice: en-gb+f3}
    - {name: ilya, model: mara.glb, voice: en-gb+m3}
";

const PLACES: &str = "  locations: [{name: pier, preset: harbour_dusk}]
";

const FILM: &str = "  outputs: [{name: film, format: streaming_1080p, path: out/film.mp4}]
";

const MODEL: &[u8] = include_bytes!("../../../tests/invalid/assets/figure.glb");

/// A folder with a production and, if it is not empty, a script.
fn folder(document: &str, script: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("mara.glb"), MODEL).unwrap();
    std::fs::write(path.join("script.fountain"), script).unwrap();
    let line = if script.is_empty() {
        ""
    } else {
        "  script: script.fountain\n"
    };
    std::fs::write(
        path.join("production.yaml"),
        format!("{HEAD}{line}{document}"),
    )
    .unwrap();
    folder
}

fn opened_with(folder: &Path, no_sound: bool) -> OpenedProduction {
    let tools = folder.join("bin");
    std::fs::create_dir_all(&tools).unwrap();
    // It is found, and prints nothing when it is probed.
    let espeak = tools.join("espeak-ng");
    std::fs::write(&espeak, "#!/bin/sh\n").unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&espeak, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    open(folder, &options_with(&tools, no_sound)).unwrap()
}

fn options_with(tools: &Path, no_sound: bool) -> ProjectOptions<'_> {
    ProjectOptions {
        search_path: tools.as_os_str(),
        overrides: ResolveOverrides {
            silence: no_sound.then_some(SilenceSource::Requested),
            ..ResolveOverrides::default()
        },
        ..ProjectOptions::default()
    }
}

/// Opens a document that has no error.
fn production(document: &str, script: &str) -> Production {
    let folder = folder(document, script);
    let opened = opened_with(folder.path(), false);
    let findings = opened.diagnostics.as_slice().iter().map(described);
    let findings: Vec<String> = findings.collect();
    let checked = opened.checked.unwrap_or_else(|| panic!("{findings:#?}"));
    Production::clone(&checked)
}

/// Returns the codes about sound, without `production::sound::`.
fn sound_codes(document: &str, script: &str) -> Vec<&'static str> {
    let folder = folder(document, script);
    let opened = opened_with(folder.path(), false);
    let found = opened.diagnostics.into_iter();
    found
        .filter_map(|found| found.code.strip_prefix("production::sound::"))
        .collect()
}

fn described(found: &Diagnostic) -> String {
    format!("{}: {}", found.code, found.message)
}

fn spoken(line: &ShotLine) -> (&str, &str, LineDelivery) {
    (&line.speaker.value, &line.text.value, line.delivery)
}

const TALK: &str = "EXT. PIER - DUSK

Wind.

MARA
It went out.

ILYA (V.O.)
Then light it.

NARRATOR
Nobody did.
";

#[test]
fn a_document_without_any_word_about_sound_is_silent() {
    let silent = production(&format!("{CAST}{PLACES}{FILM}"), TALK);
    assert!(silent.sound.is_none());
    assert!(silent.shots.iter().all(|shot| shot.lines.is_empty()));
    assert!(silent.outputs[0].sound.is_none());
    assert!(silent.locations[0].sound.ambience.is_empty());
    let text = "  sound: off\n  music: elegant\n";
    assert!(
        production(&format!("{text}{CAST}{PLACES}{FILM}"), TALK)
            .sound
            .is_none()
    );
}

#[test]
fn sound_on_gives_lines_of_the_script_ambience_of_the_preset_and_music_of_the_mood() {
    let text = "  sound: on\n  style: {preset: noir}\n";
    let resolved = production(&format!("{text}{CAST}{PLACES}{FILM}"), TALK);
    let lines: Vec<_> = resolved.shots.iter().flat_map(|shot| &shot.lines).collect();
    let texts: Vec<_> = lines.iter().map(|line| spoken(line)).collect();
    assert_eq!(
        texts,
        [
            ("mara", "It went out.", LineDelivery::OnScreen),
            ("ilya", "Then light it.", LineDelivery::VoiceOver),
            ("NARRATOR", "Nobody did.", LineDelivery::VoiceOver),
        ]
    );
    assert_eq!(lines[0].voice.name, "en-gb+f3");
    assert!(lines[0].voice_written && !lines[2].voice_written);
    let sound = resolved.sound.as_ref().unwrap();
    assert_eq!(sound.loudness.lufs, -23.0);
    assert!(sound.unspoken.is_empty());
    assert_eq!(sound.music.len(), 1);
    assert_eq!(sound.music[0].last_shot, resolved.shots.len() - 1);
    let ambience = &resolved.locations[0].sound.ambience;
    assert!(matches!(&ambience[0].source, EffectSource::Named(name) if name.value == "harbour"));
    assert_eq!(
        resolved.outputs[0].sound.as_ref().unwrap().codec,
        Some(SoundCodec::Aac)
    );
}

fn shot_lengths(film: &Production) -> Vec<usize> {
    film.shots.iter().map(|shot| shot.frames.len()).collect()
}

#[test]
fn no_sound_silences_everything_and_lengths_are_those_of_the_words() {
    let document = |sound: &str| format!("{sound}{CAST}{PLACES}{FILM}");
    let loud = folder(&document("  sound: on\n"), TALK);
    let opened = opened_with(loud.path(), true);
    let muted = Production::clone(opened.checked.as_ref().unwrap());
    assert!(muted.sound.is_none());
    assert!(muted.shots.iter().all(|shot| shot.lines.is_empty()));
    assert!(muted.locations[0].sound.ambience.is_empty());
    assert!(muted.outputs.iter().all(|output| output.sound.is_none()));
    assert_eq!(muted.silence, Some(SilenceSource::Requested));
    // What was silent anyway was not silenced.
    let quiet = folder(&document(""), TALK);
    let quiet = opened_with(quiet.path(), true);
    assert_eq!(quiet.checked.as_ref().unwrap().silence, None);
    let with_sound = production(&document("  sound: on\n"), TALK);
    assert_eq!(shot_lengths(&muted), shot_lengths(&with_sound));
}

#[test]
fn a_film_without_its_sound_is_the_same_edit_also_after_its_lines_were_measured() {
    let shots = "  shots:
    - {name: one, template: character_mcu, character: mara, location: pier, lines: [Go.]}
    - {name: two, template: character_mcu, character: mara, location: pier, lines: [Wait for me, Ilya.]}
";
    let document = format!("{CAST}{PLACES}{FILM}{shots}");
    let loud = folder(&document, "");
    let with_sound = opened_with(loud.path(), false);
    let with_sound = Production::clone(with_sound.checked.as_ref().unwrap());
    let tools = loud.path().join("bin");
    let opened_at = |lengths: &SpeechLengths, no_sound: bool| {
        let options = ProjectOptions {
            speech: SpeechFacts {
                lengths: lengths.clone(),
                ..SpeechFacts::default()
            },
            ..options_with(&tools, no_sound)
        };
        let opened = open(loud.path(), &options).unwrap();
        shot_lengths(opened.checked.as_ref().unwrap())
    };
    for lengths in [SpeechLengths::default(), measured(&with_sound)] {
        assert_eq!(opened_at(&lengths, true), opened_at(&lengths, false));
    }
    let estimated = shot_lengths(&with_sound)[0];
    // Shorter than the 90 frames of its template, and longer once it is measured.
    assert!(estimated < 90, "{estimated}");
    assert_ne!(
        shot_lengths(&with_sound),
        opened_at(&measured(&with_sound), true)
    );
}

/// Returns lengths by which the first line of a film lasts nine seconds.
fn measured(film: &Production) -> SpeechLengths {
    let sample_rate = film.sound.as_ref().unwrap().sample_rate;
    let first = film.shots[0].lines[0].speech_work(sample_rate);
    let mut lengths = SpeechLengths::default();
    lengths.insert(first.digest(), u64::from(sample_rate) * 9);
    lengths
}

#[test]
fn leaving_sound_out_adds_no_finding() {
    let cast = format!("{CAST}    - {{name: radio}}\n");
    let shots = "  sound: {speech: espeak-ng}
  shots:
    - {name: one, template: character_mcu, character: mara, action: talk, location: pier, duration: 1s}
    - {name: two, template: character_mcu, character: ilya, location: pier, lines: ['radio: Two boats are out.']}
";
    let script = "EXT. PIER - DUSK\n\nMARA\nNine boats are out there, Ilya, and there is only one \
                  way in.\n\nNARRATOR\nNobody did.\n";
    for document in [
        format!("{cast}{PLACES}{FILM}{shots}"),
        format!("  sound: on\n{CAST}{PLACES}{FILM}"),
    ] {
        let folder = folder(&document, script);
        let codes = |no_sound: bool| -> BTreeSet<String> {
            let found = opened_with(folder.path(), no_sound).diagnostics;
            found.as_slice().iter().map(described).collect()
        };
        let with_sound = codes(false);
        let added: Vec<String> = codes(true).difference(&with_sound).cloned().collect();
        assert!(added.is_empty(), "{added:#?}");
    }
}

#[test]
fn no_mistake_in_sound_matters_to_a_silent_film() {
    let shots =
        "  sound: {loudness: nothing, music: [{mood: sour}, {file: none.wav, from: nowhere}]}
  shots:
    - name: one
      template: character_mcu
      character: mara
      location: pier
      lines: ['', {who: mara, txt: Go.}]
      effects: [{name: boing}]
";
    let folder = folder(&format!("{CAST}{PLACES}{FILM}{shots}"), "");
    assert!(opened_with(folder.path(), false).checked.is_none());
    let muted = opened_with(folder.path(), true);
    let found: Vec<String> = muted.diagnostics.as_slice().iter().map(described).collect();
    assert!(muted.checked.is_some(), "{found:#?}");
    assert!(
        !found.iter().any(|found| found.contains("::sound::")),
        "{found:#?}"
    );
}

#[test]
fn a_shot_lasts_as_long_as_its_words_unless_its_length_is_written() {
    let shots = "  shots:
    - {name: free, template: character_mcu, character: mara, location: pier, lines: [It went out again tonight.]}
    - {name: fixed, template: character_mcu, character: mara, location: pier, duration: 240, lines: [It went out.]}
";
    let resolved = production(&format!("{CAST}{PLACES}{FILM}{shots}"), "");
    let [free, fixed] = [&resolved.shots[0], &resolved.shots[1]];
    let line = &free.lines[0];
    let seconds = (line.start + line.length) as f64 / 48_000.0 + 0.8;
    let frames = free.frames.len() as f64;
    assert!((frames - seconds * 24.0).abs() <= 1.0, "{frames} {seconds}");
    assert_eq!(line.name, "free.1");
    assert_eq!(fixed.frames.len(), 240);
}

#[test]
fn lines_are_texts_maps_and_blocks() {
    let shots = "  shots:
    - name: wide
      template: two_shot
      characters: [mara, ilya]
      location: pier
      duration: 20s
      lines:
        - mara: It went out.
        - \"ilya (O.S.): Then light it.\"
        - {who: mara, text: 'Note: it is late.', at: 6s, gain: -3}
        - {who: NARRATOR, text: Nobody did., at: 240, together: true}
        - |
          ilya: Mara?
          mara: Here.
";
    let resolved = production(&format!("{CAST}{PLACES}{FILM}{shots}"), "");
    let lines = &resolved.shots[0].lines;
    let texts: Vec<_> = lines.iter().map(spoken).collect();
    assert_eq!(
        texts,
        [
            ("mara", "It went out.", LineDelivery::OnScreen),
            ("ilya", "Then light it.", LineDelivery::OffScreen),
            ("mara", "Note: it is late.", LineDelivery::OnScreen),
            ("NARRATOR", "Nobody did.", LineDelivery::VoiceOver),
            ("ilya", "Mara?", LineDelivery::OnScreen),
            ("mara", "Here.", LineDelivery::OnScreen),
        ]
    );
    assert_eq!(lines[0].start, 14_400);
    assert_eq!(lines[1].start, lines[0].start + lines[0].length + 24_000);
    assert_eq!(lines[2].start, 288_000);
    assert_eq!(lines[2].voice.gain, -3.0);
    assert_eq!(lines[3].start, 480_000);
}

#[test]
fn a_misspelt_field_of_a_line_is_the_only_finding_about_the_line() {
    let codes = |line: &str| {
        let shot = format!(
            "  shots: [{{name: wide, template: two_shot, characters: [mara, ilya], location: pier, \
             lines: [{line}]}}]\n"
        );
        sound_codes(&format!("{CAST}{PLACES}{FILM}{shot}"), "")
    };
    for line in [
        "{who: mara, txt: It went out.}",
        "{whoo: mara, text: It went out.}",
        "{who: mara, text: It went out., gian: 3}",
    ] {
        assert_eq!(codes(line), ["bad_line"], "{line}");
    }
    // What else is wrong with a line that has all it needs is reported too.
    let both = codes("{who: mara, text: It went out., gian: 3, pause: long}");
    assert_eq!(both, ["bad_line", "bad_value"]);
}

#[test]
fn a_number_or_a_switch_of_a_line_is_no_text() {
    let messages = |fields: &str| {
        let shot = format!(
            "  shots: [{{name: wide, template: character_full, character: mara, location: pier, \
             duration: 4s, lines: [{{text: It went out., {fields}}}]}}]\n"
        );
        let folder = folder(&format!("{CAST}{PLACES}{FILM}{shot}"), "");
        let opened = opened_with(folder.path(), false);
        let found = opened.diagnostics.into_iter();
        let found = found.filter(|found| found.severity == Severity::Error);
        found.map(|found| described(&found)).collect::<Vec<_>>()
    };
    let wrong = |message: &str| vec![format!("production::document::wrong_type: {message}")];
    assert_eq!(messages("gain: \"12\""), wrong("`gain` must be a number"));
    assert_eq!(messages("gain: loud"), wrong("`gain` must be a number"));
    for switch in ["together", "voice_over", "off_screen"] {
        let expected = wrong(&format!("`{switch}` must be `true` or `false`"));
        assert_eq!(messages(&format!("{switch}: \"true\"")), expected);
        assert_eq!(messages(&format!("{switch}: yes")), expected);
    }
    let none: [&str; 0] = [];
    assert_eq!(messages("gain: 12, together: true, voice_over: ~"), none);
}

#[test]
fn a_stranger_who_speaks_is_the_same_finding_however_the_line_is_written() {
    for line in [
        "{who: marra, text: It went out.}",
        "{marra: It went out.}",
        "\"marra: It went out.\"",
        "\"Keeper: It went out.\"",
    ] {
        let shot = format!(
            "  shots: [{{name: wide, template: two_shot, characters: [mara, ilya], location: pier, \
             duration: 4s, lines: [{line}]}}]\n"
        );
        let document = format!("{CAST}{PLACES}{FILM}{shot}");
        assert_eq!(sound_codes(&document, ""), ["unknown_speaker"], "{line}");
        let line = &production(&document, "").shots[0].lines[0];
        assert_eq!(line.text.value, "It went out.");
    }
}

#[test]
fn a_written_scene_has_its_speeches_where_the_match_is_certain() {
    let script = "EXT. PIER - DUSK\n\nMARA\nIt went out.\n\nILYA\nThen light it.\n";
    let shots = |second: &str| {
        format!(
            "  sound: on\n  shots:
    - {{name: a, template: character_mcu, character: mara, action: talk, location: pier}}
    - {{name: b, template: character_mcu, character: ilya, location: pier{second}}}
"
        )
    };
    let matched = production(
        &format!("{CAST}{PLACES}{FILM}{}", shots(", action: talk")),
        script,
    );
    let first: Vec<_> = matched
        .shots
        .iter()
        .map(|shot| spoken(&shot.lines[0]))
        .collect();
    assert_eq!(
        first,
        [
            ("MARA", "It went out.", LineDelivery::OnScreen),
            ("ILYA", "Then light it.", LineDelivery::OnScreen)
        ]
    );
    assert_eq!(matched.shots[0].lines[0].character, Some(0));
    // One talker for two speeches is a guess, and the speeches are reported.
    let codes = sound_codes(&format!("{CAST}{PLACES}{FILM}{}", shots("")), script);
    assert_eq!(codes, ["unspoken_speech", "unspoken_speech"]);
}

#[test]
fn the_only_shot_of_a_scene_has_all_its_speeches() {
    let shots = "  sound: on
  shots: [{name: a, template: two_shot, characters: [mara, ilya], location: pier}]
";
    let resolved = production(&format!("{CAST}{PLACES}{FILM}{shots}"), TALK);
    assert_eq!(resolved.shots[0].lines.len(), 3);
}

#[test]
fn dual_dialogue_is_in_one_shot_and_begins_together() {
    let script = "EXT. PIER - DUSK\n\nMARA\nIt went out.\n\nILYA ^\nLook, it went out.\n";
    let resolved = production(&format!("  sound: on\n{CAST}{PLACES}{FILM}"), script);
    let shot = resolved
        .shots
        .iter()
        .find(|shot| !shot.lines.is_empty())
        .unwrap();
    assert_eq!(shot.lines.len(), 2);
    assert_eq!(shot.lines[0].start, shot.lines[1].start);
    assert_eq!(shot.cast.len(), 2);
}

#[test]
fn voices_are_names_fields_or_text_for_people() {
    let cast = "  sound: on
  characters:
    - {name: a, model: mara.glb, voice: en_US-joe-medium}
    - {name: b, model: mara.glb, voice: {rate: 120, pitch: -3, gain: 2}}
    - {name: c, model: mara.glb, voice: warm alto}
    - {name: d, model: mara.glb}
    - {name: e, model: mara.glb, voice: {provider: murmur}}
  shots:
    - name: wide
      template: two_shot
      characters: [a, b, c, d, e]
      location: pier
      lines: [\"a: One.\", \"b: Two.\", \"c: Three.\", \"d: Four.\", \"e: Five.\"]
";
    let resolved = production(&format!("{cast}{PLACES}{FILM}"), "");
    let voices: Vec<_> = resolved.shots[0]
        .lines
        .iter()
        .map(|line| &line.voice)
        .collect();
    assert_eq!(voices[0].engine, SpeechEngine::Piper);
    assert_eq!(voices[0].name, "en_US-joe-medium");
    assert!(voices[1].name.starts_with("en-us+f"), "{:?}", voices[1]);
    assert_eq!(voices[1].words_per_minute, 120);
    assert_eq!(voices[1].pitch, -3.0);
    assert_eq!(voices[1].gain, 2.0);
    // Those of the names, but for the variant: `mara.glb` is a woman, and nobody has that of another.
    for (voice, name) in [(voices[2], "c"), (voices[3], "d")] {
        let scratch = scratch_voice(name, "en");
        assert!(voice.name.starts_with("en-us+f"), "{voice:?}");
        assert_eq!(
            (voice.words_per_minute, voice.pitch),
            (scratch.words_per_minute, scratch.pitch)
        );
    }
    assert_ne!(voices[2].name, voices[3].name);
    assert_eq!(voices[4].engine, SpeechEngine::Murmur);
    let mut codes = sound_codes(&format!("{cast}{PLACES}{FILM}"), "");
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(
        codes,
        ["no_such_voice", "provider_missing", "scratch_voice"]
    );
}

#[test]
fn a_program_speaks_for_everybody_if_it_is_the_usual_one() {
    let sound = "  sound:
    speech: parrot
    providers:
      parrot: {command: [sh, \"{text_file}\", \"{out}\", \"{file.model}\"], files: {model: mara.glb}}
  shots: [{name: a, template: character_mcu, character: mara, location: pier, lines: [Hello.]}]
  characters: [{name: mara, model: mara.glb, voice: anything at all}]
";
    let resolved = production(&format!("{sound}{PLACES}{FILM}"), "");
    let voice = &resolved.shots[0].lines[0].voice;
    let SpeechEngine::Command(command) = &voice.engine else {
        panic!("{voice:?}")
    };
    assert_eq!(command.command[0], "sh");
    assert_eq!(command.files["model"], Path::new("mara.glb"));
    assert_eq!(voice.name, "anything at all");
    assert!(
        resolved
            .sound_files()
            .any(|file| file.path == Path::new("mara.glb"))
    );
}

#[test]
fn music_is_a_mood_off_or_cues() {
    let shots = "  shots:
    - {name: a, template: establishing_wide, location: pier, duration: 48}
    - {name: b, template: establishing_wide, location: pier, duration: 48}
    - {name: c, template: establishing_wide, location: pier, duration: 48}
";
    let resolved = |music: &str| production(&format!("{music}{CAST}{PLACES}{FILM}{shots}"), "");
    let cues = resolved("  music: [{mood: elegant, to: b, seed: 7}, {mood: Energetic, from: c}]\n");
    let cues = cues.sound.unwrap().music;
    let spans: Vec<_> = cues
        .iter()
        .map(|cue| (cue.first_shot, cue.last_shot))
        .collect();
    assert_eq!(spans, [(0, 1), (2, 2)]);
    assert!(
        matches!(&cues[0].source, MusicSource::Composed { mood, seed: 7 } if mood.value == "elegant")
    );
    assert!(
        matches!(&cues[1].source, MusicSource::Composed { mood, .. } if mood.value == "energetic")
    );
    assert_eq!(
        [cues[0].name.value.as_str(), &cues[1].name.value],
        ["music_1", "music_2"]
    );
    let off = resolved("  sound: {music: off, ducking: off, loudness: -16 LUFS}\n");
    let off = off.sound.unwrap();
    assert!(off.music.is_empty());
    assert_eq!(off.ducking, DuckingCurve::OFF);
    assert_eq!(off.loudness.lufs, -16.0);
}

#[test]
fn outputs_have_the_sound_of_their_container_or_the_one_they_ask_for() {
    let outputs = "  sound: on
  outputs:
    - {name: master, format: cinema_2k, path: out/master.mov, stems: true}
    - {name: web, format: streaming_1080p, path: out/web.mp4, sound: {codec: opus, bit_rate: 96k, loudness: streaming}}
    - {name: mute, format: streaming_1080p, path: out/mute.mp4, sound: off}
    - {name: game, format: 16bit_game, path: out/game, sound: wav}
    - {name: pictures, codec: png, path: out/pictures}
    - {name: beside, codec: png, path: out/beside, sound: {codec: wav}}
  shots: [{name: a, template: establishing_wide, location: pier, duration: 48}]
";
    let resolved = production(&format!("{outputs}{CAST}{PLACES}"), "");
    let sounds: Vec<_> = resolved
        .outputs
        .iter()
        .map(|output| output.sound.as_ref())
        .collect();
    let master = sounds[0].unwrap();
    assert_eq!(master.codec, Some(SoundCodec::Pcm));
    assert!(master.stems && !master.wav);
    let web = sounds[1].unwrap();
    assert_eq!(web.bit_rate, Some(96_000));
    assert_eq!(web.loudness.as_ref().unwrap().lufs, -14.0);
    assert!(sounds[2].is_none() && sounds[4].is_none());
    let game = sounds[3].unwrap();
    assert!(game.codec.is_none() && game.wav);
    assert_eq!(game.retro.unwrap().sample_rate, 32_000);
    let beside = sounds[5].unwrap();
    assert!(beside.codec.is_none() && beside.wav && !beside.stems);
}

#[test]
fn rooms_and_ambience_of_a_location_override_its_preset() {
    let places = "  sound: {ambience: wind}
  locations:
    - {name: pier, preset: harbour_dusk, ambience: [{name: sea, gain: -6}, waves/low.wav], room: hall}
    - {name: shed, preset: workshop_night}
    - {name: deck}
    - {name: booth, preset: studio}
  shots:
    - {name: a, template: establishing_wide, location: pier, duration: 48}
    - {name: b, template: establishing_wide, location: shed, duration: 48}
    - {name: c, template: establishing_wide, location: deck, duration: 48}
    - {name: d, template: establishing_wide, location: booth, duration: 48}
";
    let folder = folder(&format!("{places}{FILM}"), "");
    std::fs::create_dir(folder.path().join("waves")).unwrap();
    let wave = include_bytes!("../../../tests/invalid/assets/short.wav");
    std::fs::write(folder.path().join("waves/low.wav"), wave).unwrap();
    let opened = opened_with(folder.path(), false);
    let resolved = opened.checked.unwrap();
    let sound = |index: usize| &resolved.locations[index].sound;
    assert_eq!(sound(0).ambience.len(), 2);
    assert_eq!(sound(0).ambience[0].gain, -6.0);
    assert!(sound(0).ambience[1].source.file().is_some());
    assert_eq!(sound(0).room, RoomKind::Hall);
    assert_eq!(sound(1).room, RoomKind::Room);
    assert!(
        matches!(&sound(2).ambience[0].source, EffectSource::Named(name) if name.value == "wind")
    );
    assert!(sound(3).ambience.is_empty());
}

#[test]
fn values_that_cannot_be_read_are_reported_once_each() {
    let sound = "  sound: {loudness: quiet, sample_rate: 22050, language: tongues, ducking: loud}
  music: {mood: elegant, from: b, to: a}
  shots:
    - {name: a, template: establishing_wide, location: pier, duration: 48, effects: [{name: knock, at: soon}]}
    - {name: b, template: establishing_wide, location: pier, duration: 48}
  outputs: [{name: film, format: streaming_1080p, path: out/film.mp4, sound: {codec: flac, bit_rate: 96k}}]
";
    let codes = sound_codes(&format!("{sound}{CAST}{PLACES}"), "");
    assert_eq!(codes, ["bad_value"; 7]);
}

#[test]
fn a_language_may_be_named_in_english() {
    for (written, tag) in [
        ("German", "de"),
        ("brazilian portuguese", "pt-BR"),
        ("de-CH", "de-CH"),
    ] {
        let head = format!("  sound: {{language: {written}}}\n{CAST}{PLACES}{FILM}");
        let sound = production(&head, TALK).sound.unwrap();
        assert_eq!(sound.language, tag);
    }
    let document = format!("  sound: {{language: germna}}\n{CAST}{PLACES}{FILM}");
    let folder = folder(&document, TALK);
    let found = opened_with(folder.path(), false).diagnostics;
    let wrong = found.as_slice().iter();
    let helps: Vec<Option<&str>> = wrong
        .filter(|found| found.code == "production::sound::bad_value")
        .map(|found| found.help.as_deref())
        .collect();
    assert_eq!(helps, [Some("did you mean `german`?")]);
}

#[test]
fn a_document_in_full_resolves_to_the_same_film() {
    let document =
        format!("  sound: {{music: {{mood: elegant, fade_in: 2}}}}\n{CAST}{PLACES}{FILM}");
    let folder = folder(&document, TALK);
    let options = ProjectOptions {
        search_path: OsStr::new(""),
        ..ProjectOptions::default()
    };
    let (first, resolved) = open_resolved(folder.path(), &options).unwrap();
    let tree = resolved.unwrap().draft.to_value_tree().unwrap();
    let text = document_yaml(&tree, &|_| String::new());
    let text: String = text.lines().map(|line| format!("  {line}\n")).collect();
    std::fs::write(
        folder.path().join("production.yaml"),
        format!("production:\n{text}"),
    )
    .unwrap();
    let second = open(folder.path(), &options).unwrap();
    let findings: Vec<String> = second
        .diagnostics
        .as_slice()
        .iter()
        .map(described)
        .collect();
    let [first, second] = [
        first.checked.unwrap(),
        second
            .checked
            .unwrap_or_else(|| panic!("{text}{findings:#?}")),
    ];
    let lines = |film: &Production| -> Vec<(String, u64, u64, String)> {
        let lines = film.shots.iter().flat_map(|shot| &shot.lines);
        let described = |line: &ShotLine| {
            (
                line.text.value.clone(),
                line.start,
                line.length,
                line.voice.name.clone(),
            )
        };
        lines.map(described).collect()
    };
    assert_eq!(lines(&first), lines(&second));
    let lengths = |film: &Production| -> Vec<usize> {
        film.shots.iter().map(|shot| shot.frames.len()).collect()
    };
    assert_eq!(lengths(&first), lengths(&second));
    let music = |film: &Production| film.sound.as_ref().unwrap().music[0].fade_in;
    assert_eq!(music(&first), music(&second));
    let outputs = |film: &Production| film.outputs[0].sound.clone();
    assert_eq!(outputs(&first), outputs(&second));
}
