//! Music as jobs make it.

use super::*;
use crate::base::CancelToken;
use crate::gpu::AdapterChoice;
use crate::model::InputFile;
use crate::model::sound::MusicSection;
use crate::producers::testing::TestBench;
use crate::sound::{LoudnessMeter, SPEECH_LUFS, SoundBuffer, WavFormat, read_wav, write_wav};

fn tools() -> ProducerTools {
    ProducerTools::new(AdapterChoice::Any, None, CancelToken::default())
}

fn music_work(length: u64) -> MusicWork {
    MusicWork {
        mood: "informative".to_owned(),
        seed: 4,
        sample_rate: 48_000,
        length,
        sections: vec![MusicSection {
            start: 0,
            energy: 0.5,
            hit: false,
        }],
        own_font: false,
    }
}

fn file_work(length: u64) -> MusicFileWork {
    MusicFileWork {
        sample_rate: 48_000,
        length,
        skip: 0,
        repeat: true,
        on_beat: false,
        fade_in: 0,
        fade_out: 4800,
    }
}

fn run(
    bench: &TestBench,
    action: &JobAction,
    files: Vec<InputFile>,
) -> Result<ProducerOutput, JobFailure> {
    let tools = tools();
    let producer = MusicProducer { tools: &tools };
    let inputs = TestBench::input_files([("file", files)]);
    bench.run_job(action, &inputs, |context| {
        let output = producer.run_job(context)?;
        producer.check_outputs(context, &output.outputs)?;
        Ok(output)
    })
}

fn loudness(sound: &SoundBuffer) -> f64 {
    let mut meter = LoudnessMeter::new(sound.sample_rate()).unwrap();
    meter.add_block(sound);
    meter.measure().integrated.unwrap()
}

#[test]
fn a_cue_is_composed_played_and_levelled() {
    let bench = TestBench::new();
    let action = JobAction::Music(music_work(5 * 48_000 + 3));
    let output = run(&bench, &action, Vec::new()).unwrap();
    assert!(
        output.provider.contains("built-in instruments"),
        "{}",
        output.provider
    );
    assert!(output.warnings.is_empty(), "{:?}", output.warnings);
    let sound = read_wav(&output.outputs[0].path).unwrap();
    assert_eq!(sound.length(), 240_003);
    assert!((loudness(&sound) - SPEECH_LUFS).abs() < 0.2);
    let again = run(&bench, &action, Vec::new()).unwrap();
    for (one, other) in output.outputs.iter().zip(&again.outputs) {
        let one = std::fs::read(&one.path).unwrap();
        assert!(one == std::fs::read(&other.path).unwrap(), "{}", other.name);
    }
}

#[test]
fn a_cue_too_short_for_music_is_silent_and_says_so() {
    let bench = TestBench::new();
    for length in [0, 1, 9600] {
        let output = run(&bench, &JobAction::Music(music_work(length)), Vec::new()).unwrap();
        assert!(
            output.warnings[0].contains("too short for music"),
            "{:?}",
            output.warnings
        );
        assert_eq!(read_wav(&output.outputs[0].path).unwrap().peak(), 0.0);
    }
}

#[test]
fn a_mood_without_music_is_neutral_and_says_so() {
    let bench = TestBench::new();
    let work = MusicWork {
        mood: "velvet".to_owned(),
        ..music_work(96_000)
    };
    let output = run(&bench, &JobAction::Music(work), Vec::new()).unwrap();
    assert!(
        output.warnings[0].contains("`velvet`"),
        "{:?}",
        output.warnings
    );
}

#[test]
fn a_font_of_the_production_is_used_and_must_be_one() {
    let bench = TestBench::new();
    let work = MusicWork {
        own_font: true,
        ..music_work(96_000)
    };
    let action = JobAction::Music(work);
    let missing = run(&bench, &action, Vec::new()).unwrap_err();
    assert_eq!(missing.class, FailureClass::MissingInput);
    let path = bench.folder_path().join("font");
    std::fs::write(&path, b"RIFF, but nothing else").unwrap();
    let inputs = TestBench::input_files([(
        "sound_font",
        vec![InputFile {
            name: "our.sf3".to_owned(),
            path,
        }],
    )]);
    let tools = tools();
    let producer = MusicProducer { tools: &tools };
    let failure = bench.run_job(&action, &inputs, |context| producer.run_job(context));
    assert_eq!(failure.unwrap_err().class, FailureClass::MissingInput);
    assert_eq!(producer.provider_identity(&action), "rustysynth-ext 1.5.0");
}

#[test]
fn a_file_of_another_rate_is_fitted_and_levelled() {
    let bench = TestBench::new();
    let path = bench.folder_path().join("song");
    let tone = |index: usize| (index as f32 * 0.05).sin() * 0.1;
    let sound = SoundBuffer::mono((0..88_200).map(tone).collect(), 44_100);
    write_wav(&path, &sound, WavFormat::Pcm24).unwrap();
    let file = InputFile {
        name: "song.wav".to_owned(),
        path,
    };
    let action = JobAction::MusicFile(file_work(480_001));
    let output = run(&bench, &action, vec![file]).unwrap();
    let sound = read_wav(&output.outputs[0].path).unwrap();
    assert_eq!(sound.length(), 480_001);
    assert_eq!(sound.channels().len(), 2);
    assert!((loudness(&sound) - SPEECH_LUFS).abs() < 0.3);
    assert!(
        output.warnings[0].contains("no steady beat"),
        "{:?}",
        output.warnings
    );
}

#[test]
fn files_that_are_none_are_failures_with_their_name() {
    let bench = TestBench::new();
    let path = bench.folder_path().join("song");
    for bytes in [&b""[..], b"not music", b"RIFF\0\0\0\0WAVE"] {
        std::fs::write(&path, bytes).unwrap();
        let file = InputFile {
            name: "song.mp3".to_owned(),
            path: path.clone(),
        };
        let failure = run(&bench, &JobAction::MusicFile(file_work(4800)), vec![file]).unwrap_err();
        assert_eq!(failure.class, FailureClass::MissingInput, "{failure}");
        assert!(failure.message.contains("song.mp3"), "{failure}");
    }
}

#[test]
fn outputs_that_are_not_music_are_refused() {
    let bench = TestBench::new();
    let action = JobAction::Music(music_work(96_000));
    let output = run(&bench, &action, Vec::new()).unwrap();
    let tools = tools();
    let producer = MusicProducer { tools: &tools };
    let inputs = TestBench::input_files([]);
    let check = |outputs: &[OutputFile]| {
        let checked = bench.run_job(&action, &inputs, |context| {
            producer.check_outputs(context, outputs)?;
            Err(JobFailure::new(FailureClass::Crash, "accepted"))
        });
        checked.unwrap_err()
    };
    assert_eq!(check(&output.outputs).message, "accepted");
    let wav = &output.outputs[0].path;
    let mut sound = read_wav(wav).unwrap();
    for (change, word) in [(f32::NAN, "no number"), (0.0, "silent")] {
        let broken = SoundBuffer::stereo(vec![change; 96_000], vec![change; 96_000], 48_000);
        write_wav(wav, &broken, WavFormat::Float32).unwrap();
        assert!(check(&output.outputs).message.contains(word));
    }
    sound.set_length(95_999);
    write_wav(wav, &sound, WavFormat::Float32).unwrap();
    assert!(check(&output.outputs).message.contains("95999 samples"));
    std::fs::write(&output.outputs[1].path, b"MThd").unwrap();
    assert!(check(&output.outputs).message.contains("no MIDI file"));
    assert_eq!(check(&output.outputs[..1]).class, FailureClass::BadOutput);
}
