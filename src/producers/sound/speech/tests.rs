//! Real engines, and commands that stand in for one.

use super::*;
use crate::base::CancelToken;
use crate::gpu::AdapterChoice;
use crate::model::FailureClass;
use crate::model::machine_profile::MachineProfile;
use crate::model::sound::{SpeechCommand, WordTimeSource, WordTimes};
use crate::producers::producer_tools::FolderProviders;
use crate::producers::testing::{TestBench, program_search_path, require_or_skip};
use crate::producers::{JobContext, ProducerRegistry};
use crate::sound::{SPEECH_LUFS, SoundBuffer, audible_range, read_wav, speech_loudness};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const LINE: &str =
    "The harbour light went out at nine, and nobody in the town could say why it had happened.";

/// Returns the folder of `piper`, which `scripts/fetch-test-assets` installs.
fn piper_folder() -> PathBuf {
    let target = option_env!("CARGO_TARGET_DIR").unwrap_or("target");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join(target).join("test-assets/piper/bin")
}

fn search_path() -> OsString {
    let usual = program_search_path();
    let folders = std::iter::once(piper_folder()).chain(std::env::split_paths(&usual));
    std::env::join_paths(folders.collect::<Vec<_>>()).unwrap()
}

fn tools_with(search: OsString, folder: &Path) -> ProducerTools {
    ProducerTools::new(AdapterChoice::Any, None, CancelToken::default())
        .with_renderers(search, &MachineProfile::default(), 1)
        .with_environment(BTreeMap::from([(
            "PATH".to_owned(),
            "/usr/bin:/bin".to_owned(),
        )]))
        .with_folder_providers(FolderProviders {
            folder: folder.to_owned(),
            names: None,
            recorded: BTreeMap::new(),
        })
}

fn voice(engine: SpeechEngine, name: &str) -> Voice {
    Voice {
        engine,
        name: name.to_owned(),
        language: "en".to_owned(),
        words_per_minute: 160,
        pitch: 0.0,
        gain: 0.0,
    }
}

fn line(text: &str, voice: Voice) -> SpeechWork {
    SpeechWork {
        text: text.to_owned(),
        voice,
        sample_rate: 48_000,
    }
}

/// What a line came out as.
struct SpokenResult {
    sound: SoundBuffer,
    times: WordTimes,
    bytes: Vec<u8>,
    warnings: Vec<String>,
}

fn speak_with(
    bench: &TestBench,
    tools: &ProducerTools,
    work: &SpeechWork,
) -> Result<SpokenResult, JobFailure> {
    let action = JobAction::Speech(work.clone());
    let producer = SpeechProducer { tools };
    let inputs = TestBench::input_files([]);
    let made = bench.run_job(&action, &inputs, |context: &JobContext<'_>| {
        let made = producer.run_job(context)?;
        producer.check_outputs(context, &made.outputs)?;
        Ok(made)
    })?;
    Ok(SpokenResult {
        sound: read_wav(&made.outputs[0].path).unwrap(),
        times: serde_json::from_slice(&std::fs::read(&made.outputs[1].path).unwrap()).unwrap(),
        bytes: std::fs::read(&made.outputs[0].path).unwrap(),
        warnings: made.warnings,
    })
}

/// Returns a bench and tools with `espeak-ng`, if it is installed.
fn espeak_bench() -> Option<(TestBench, ProducerTools)> {
    let bench = TestBench::new();
    let tools = tools_with(search_path(), bench.folder_path());
    require_or_skip(tools.espeak().map(|_| ()))?;
    Some((bench, tools))
}

fn espeak_voice(name: &str, words_per_minute: u32) -> Voice {
    Voice {
        words_per_minute,
        ..voice(SpeechEngine::EspeakNg, name)
    }
}

/// Returns the pitch of a line in Hz: the median of parts that repeat themselves.
fn pitch(sound: &SoundBuffer) -> f64 {
    let rate = sound.sample_rate() as usize;
    let samples = &sound.channels()[0];
    // Long enough for two periods of a deep voice an octave lower: 35 Hz.
    let window = rate / 12;
    let similarity = |part: &[f32], lag: usize| -> f64 {
        let pairs = part[lag..].iter().zip(part);
        pairs.map(|(one, other)| f64::from(one * other)).sum()
    };
    let mut periods: Vec<usize> = samples
        .chunks_exact(window)
        .step_by(8)
        .filter_map(|part| {
            let power = similarity(part, 0);
            let best = (rate / 400..rate / 35)
                .max_by(|one, other| similarity(part, *one).total_cmp(&similarity(part, *other)))?;
            (power > 0.5 && similarity(part, best) > 0.5 * power).then_some(best)
        })
        .collect();
    periods.sort_unstable();
    rate as f64 / periods[periods.len() / 2] as f64
}

#[test]
fn espeak_says_the_same_bytes_twice_at_the_requested_rate_without_silence_around() {
    let Some((bench, tools)) = espeak_bench() else {
        return;
    };
    for words_per_minute in [80, 100, 160, 220] {
        let work = line(LINE, espeak_voice("en-us", words_per_minute));
        let spoken = speak_with(&bench, &tools, &work).unwrap();
        let words = spoken.times.words.len() as f64;
        let measured = words * 60.0 / spoken.sound.seconds();
        let requested = f64::from(words_per_minute);
        assert!(
            (measured / requested - 1.0).abs() < 0.05,
            "{measured:.1} words a minute, and {requested} were required"
        );
        let edge = spoken.sound.length() - audible_range(&spoken.sound).len();
        assert!(edge < 48_000 / 25, "{edge} quiet samples at the ends");
        if words_per_minute == 220 {
            let again = speak_with(&bench, &tools, &work).unwrap();
            assert_eq!(spoken.bytes, again.bytes);
        }
        assert_eq!(spoken.times.source, WordTimeSource::Estimate);
        assert!(spoken.warnings.is_empty());
    }
}

#[test]
fn voices_of_espeak_have_one_level_and_their_own_pitch() {
    let Some((bench, tools)) = espeak_bench() else {
        return;
    };
    let text = "All our yellow umbrellas roll away in a mellow rainy lull.";
    let own = speak_with(&bench, &tools, &line(text, espeak_voice("en-us", 150))).unwrap();
    for (name, semitones) in [
        ("en-us", 4.0),
        ("en-us", -4.0),
        ("en-us", 12.0),
        ("en-us", -12.0),
        ("en-us+f3", 0.0),
        ("en-gb+whisper", 0.0),
    ] {
        let voice = Voice {
            pitch: semitones,
            ..espeak_voice(name, 150)
        };
        let spoken = speak_with(&bench, &tools, &line(text, voice)).unwrap();
        let loudness = speech_loudness(&spoken.sound).unwrap();
        assert!((loudness - SPEECH_LUFS).abs() < 0.5, "{name}: {loudness}");
        let length = spoken.sound.seconds() / own.sound.seconds();
        assert!((length - 1.0).abs() < 0.05, "{name} {semitones}: {length}");
        if name == "en-us" {
            let raised = 12.0 * libm::log2(pitch(&spoken.sound) / pitch(&own.sound));
            // The melody of a sentence is not quite the same at every pitch.
            assert!(
                (raised - f64::from(semitones)).abs() < 1.5,
                "{raised:.2} semitones, and {semitones} were required"
            );
        }
    }
}

#[test]
fn no_text_is_an_option_markup_or_phonemes() {
    let Some((bench, tools)) = espeak_bench() else {
        return;
    };
    let say = |text: &str| {
        let work = line(text, espeak_voice("en-us", 160));
        speak_with(&bench, &tools, &work).unwrap().sound.seconds()
    };
    // Phonemes would be the same word; letters take far longer.
    assert!(say("[[h@l@U]]") > 1.5 * say("hello"));
    assert!(say("-s 450 -v de") > say("s v"));
    assert!(say("<break time=\"20s\"/> one") < 10.0);
    assert!(say("one\n\n\ntwo") < 2.0);
}

#[test]
fn a_voice_that_espeak_does_not_have_is_named() {
    let Some((bench, tools)) = espeak_bench() else {
        return;
    };
    for (name, expected) in [
        ("xx-nowhere", "no voice `xx-nowhere`"),
        ("en-us+nobody", "no variant `nobody`"),
    ] {
        let work = line(LINE, espeak_voice(name, 160));
        let failure = speak_with(&bench, &tools, &work).err().unwrap();
        assert_eq!(failure.class, FailureClass::MissingInput);
        assert!(failure.message.contains(expected), "{failure}");
    }
    assert!(tools.require_voice(&espeak_voice("en-us+f3", 160)).is_ok());
}

#[test]
fn piper_says_the_same_bytes_twice_at_the_requested_rate() {
    let bench = TestBench::new();
    let tools = tools_with(search_path(), bench.folder_path());
    let joe = voice(SpeechEngine::Piper, "en_US-joe-medium");
    if require_or_skip(tools.require_voice(&joe)).is_none() {
        return;
    }
    let work = line(LINE, joe.clone());
    let spoken = speak_with(&bench, &tools, &work).unwrap();
    assert_eq!(
        spoken.bytes,
        speak_with(&bench, &tools, &work).unwrap().bytes
    );
    let measured = spoken.times.words.len() as f64 * 60.0 / spoken.sound.seconds();
    assert!(
        (measured / 160.0 - 1.0).abs() < 0.08,
        "{measured} words a minute"
    );
    let loudness = speech_loudness(&spoken.sound).unwrap();
    assert!((loudness - SPEECH_LUFS).abs() < 0.5, "{loudness}");
    let identity = voice_identity(&joe, &tools);
    assert!(identity.starts_with("piper 1.8.0, voice "), "{identity}");
    let raised = Voice { pitch: 4.0, ..joe };
    let higher = speak_with(&bench, &tools, &line(LINE, raised)).unwrap();
    let length = higher.sound.seconds() / spoken.sound.seconds();
    assert!((length - 1.0).abs() < 0.08, "{length}");
    let semitones = 12.0 * libm::log2(pitch(&higher.sound) / pitch(&spoken.sound));
    assert!((semitones - 4.0).abs() < 1.0, "{semitones} semitones");
    let unknown = voice(SpeechEngine::Piper, "en_US-nobody-medium");
    let failure = tools.require_voice(&unknown).unwrap_err();
    assert!(failure.message.contains("en_US-joe-medium"), "{failure}");
}

#[test]
fn a_missing_engine_says_how_to_install_it_and_has_an_identity() {
    let bench = TestBench::new();
    let tools = tools_with(OsString::new(), bench.folder_path());
    for (engine, command) in [
        (SpeechEngine::EspeakNg, "apt-get install espeak-ng"),
        (SpeechEngine::Piper, "pip install piper-tts"),
    ] {
        let voice = voice(engine, "en");
        let failure = speak_with(&bench, &tools, &line("Hello.", voice.clone())).err();
        let failure = failure.unwrap();
        assert_eq!(failure.class, FailureClass::MissingTool);
        assert!(failure.message.contains(command), "{failure}");
        assert!(voice_identity(&voice, &tools).ends_with("not installed"));
    }
}

#[test]
fn the_scratch_voice_is_the_same_for_ever_and_knows_its_words() {
    let bench = TestBench::new();
    let tools = tools_with(OsString::new(), bench.folder_path());
    let work = line(LINE, voice(SpeechEngine::Murmur, "low"));
    let spoken = speak_with(&bench, &tools, &work).unwrap();
    assert_eq!(
        spoken.bytes,
        speak_with(&bench, &tools, &work).unwrap().bytes
    );
    assert_eq!(spoken.times.source, WordTimeSource::Engine);
    let measured = spoken.times.words.len() as f64 * 60.0 / spoken.sound.seconds();
    assert!(
        (measured / 160.0 - 1.0).abs() < 0.05,
        "{measured} words a minute"
    );
    let other = line(LINE, voice(SpeechEngine::Murmur, "high"));
    assert_ne!(
        spoken.bytes,
        speak_with(&bench, &tools, &other).unwrap().bytes
    );
    let loudness = speech_loudness(&spoken.sound).unwrap();
    assert!((loudness - SPEECH_LUFS).abs() < 0.5, "{loudness}");
    for text in ["A", "灯台の光が消えた。", "Ü?", &"word ".repeat(30)] {
        let work = line(text, voice(SpeechEngine::Murmur, "low"));
        speak_with(&bench, &tools, &work).unwrap();
    }
}

#[test]
fn a_text_without_words_is_a_stated_silence() {
    let bench = TestBench::new();
    let tools = tools_with(OsString::new(), bench.folder_path());
    for text in ["", "...", "?!", " — "] {
        let work = line(text, voice(SpeechEngine::EspeakNg, "en-us"));
        let spoken = speak_with(&bench, &tools, &work).unwrap();
        assert_eq!(spoken.sound.length(), 24_000);
        assert_eq!(spoken.sound.peak(), 0.0);
        assert!(spoken.times.words.is_empty());
        assert!(
            spoken.warnings[0].contains("can be spoken"),
            "{:?}",
            spoken.warnings
        );
    }
}

/// Returns a voice that is a script in `folder`.
#[cfg(unix)]
fn script_voice(folder: &Path, script: &str, words: &[&str]) -> Voice {
    use std::os::unix::fs::PermissionsExt;
    let path = folder.join("say.sh");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let command = std::iter::once("./say.sh").chain(words.iter().copied());
    let command = SpeechCommand {
        name: "sayer".to_owned(),
        command: command.map(str::to_owned).collect(),
        version: vec!["/bin/echo".to_owned(), "sayer 3".to_owned()],
        files: BTreeMap::from([("tone".to_owned(), PathBuf::from("tone.wav"))]),
    };
    voice(SpeechEngine::Command(Arc::new(command)), "low")
}

#[cfg(unix)]
fn write_tone(path: &Path) {
    let samples = (0..22_050).map(|index| if index / 40 % 2 == 0 { 0.1 } else { -0.1 });
    let tone = SoundBuffer::mono(samples.collect(), 22_050);
    crate::sound::write_wav(path, &tone, crate::sound::WavFormat::Pcm24).unwrap();
}

#[cfg(unix)]
#[test]
fn a_command_gets_the_line_and_leaves_a_file() {
    let bench = TestBench::new();
    let tools = tools_with(OsString::from("/usr/bin:/bin"), bench.folder_path());
    write_tone(&bench.folder_path().join("tone.wav"));
    let arguments = bench.folder_path().join("arguments.txt");
    let voice = script_voice(
        bench.folder_path(),
        &format!(
            "printf '%s|' \"$@\" > {}; cat \"$1\" >> {0}; cp \"$2\" \"$3\"",
            arguments.display()
        ),
        &[
            "{text_file}",
            "{file.tone}",
            "{out}",
            "{text}",
            "{voice}",
            "{rate}",
            "{language}",
            "{pitch}",
            "{{x}}",
        ],
    );
    let spoken = speak_with(&bench, &tools, &line("-rf is no option", voice.clone())).unwrap();
    assert!((spoken.sound.seconds() - 1.0).abs() < 0.01);
    let arguments = std::fs::read_to_string(arguments).unwrap();
    assert!(
        arguments.contains("| -rf is no option|low|160|en|0|{x}|"),
        "{arguments}"
    );
    assert!(arguments.ends_with("|-rf is no option\n"), "{arguments}");
    assert_eq!(voice_identity(&voice, &tools), "sayer: sayer 3");
}

#[cfg(unix)]
#[test]
fn a_command_that_fails_or_leaves_no_sound_is_a_failure_that_says_so() {
    let bench = TestBench::new();
    let tools = tools_with(OsString::from("/usr/bin:/bin"), bench.folder_path());
    for (script, class, expected) in [
        ("echo no voice >&2; exit 3", FailureClass::Crash, "no voice"),
        ("exit 0", FailureClass::BadOutput, "left no sound file"),
        ("echo text > \"$1\"", FailureClass::BadOutput, "sayer"),
        (": > \"$1\"", FailureClass::BadOutput, "sayer"),
        (
            "head -c 44 tone.wav > \"$1\"; : ",
            FailureClass::BadOutput,
            "sayer",
        ),
    ] {
        let voice = script_voice(bench.folder_path(), script, &["{out}"]);
        let failure = speak_with(&bench, &tools, &line(LINE, voice))
            .err()
            .unwrap();
        assert_eq!(failure.class, class, "{script}: {failure}");
        assert!(failure.message.contains(expected), "{script}: {failure}");
    }
    let voice = script_voice(bench.folder_path(), "", &["{outt}"]);
    let failure = speak_with(&bench, &tools, &line(LINE, voice))
        .err()
        .unwrap();
    assert!(failure.message.contains("{outt}"), "{failure}");
}

#[cfg(unix)]
#[test]
fn a_stop_ends_an_engine() {
    let bench = TestBench::new();
    let tools = tools_with(OsString::from("/usr/bin:/bin"), bench.folder_path());
    let voice = script_voice(bench.folder_path(), "sleep 1000", &["{out}"]);
    let action = JobAction::Speech(line(LINE, voice));
    let inputs = TestBench::input_files([]);
    let failure = bench.run_job(&action, &inputs, |context| {
        context.watch.cancel.request_halt();
        SpeechProducer { tools: &tools }.run_job(context)
    });
    assert_eq!(failure.unwrap_err().class, FailureClass::Cancelled);
}

#[test]
fn outputs_of_another_line_are_refused() {
    let bench = TestBench::new();
    let tools = tools_with(OsString::new(), bench.folder_path());
    let producer = SpeechProducer { tools: &tools };
    let work = line(LINE, voice(SpeechEngine::Murmur, "low"));
    let action = JobAction::Speech(work.clone());
    let inputs = TestBench::input_files([]);
    let other_rate = JobAction::Speech(SpeechWork {
        sample_rate: 44_100,
        ..work.clone()
    });
    let other_text = JobAction::Speech(line("Other words.", work.voice));
    bench
        .run_job(&action, &inputs, |context| {
            let made = producer.run_job(context)?;
            for action in [&other_rate, &other_text] {
                let context = JobContext { action, ..*context };
                let failure = producer.check_outputs(&context, &made.outputs).unwrap_err();
                assert_eq!(failure.class, FailureClass::BadOutput);
            }
            assert!(producer.check_outputs(context, &made.outputs[..1]).is_err());
            std::fs::write(&made.outputs[0].path, b"RIFF").unwrap();
            assert!(producer.check_outputs(context, &made.outputs).is_err());
            Ok(made)
        })
        .unwrap();
}

#[test]
fn the_registry_has_the_identity_of_a_voice() {
    let registry = ProducerRegistry::new(AdapterChoice::Any, None, CancelToken::default());
    let work = line(LINE, voice(SpeechEngine::Murmur, "low"));
    let identity = registry.provider_identity(&JobAction::Speech(work));
    assert!(identity.starts_with("murmur of production "), "{identity}");
}
