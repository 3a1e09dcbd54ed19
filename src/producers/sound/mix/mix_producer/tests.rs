//! Mixes of small films: places, loudness, stems, and what is checked of them.

use super::*;
use crate::base::CancelToken;
use crate::gpu::AdapterChoice;
use crate::model::sound::{DuckingCurve, LoudnessTarget, RoomKind};
use crate::model::{InputFiles, InputSlot};
use crate::producers::testing::TestBench;
use crate::sound::{SoundBuffer, WavFormat, read_wav, write_wav};

fn mix_track(slot: &str, bus: MixBus, start: u64) -> MixTrack {
    MixTrack {
        slot: InputSlot::new(slot),
        bus,
        start,
        skip: 0,
        length: None,
        repeat: false,
        gain: 0.0,
        pan: 0.0,
        fade_in: 0,
        fade_out: 0,
        room: RoomKind::SmallRoom,
        muffled: false,
    }
}

fn sample_work(length: u64, tracks: Vec<MixTrack>) -> JobAction {
    JobAction::Mix(MixWork {
        sample_rate: 48_000,
        length,
        tracks,
        ducking: DuckingCurve::default(),
        loudness: LoudnessTarget::default(),
        retro: None,
    })
}

/// Writes a tone as a job of the store would have left it: without extension.
fn input(bench: &TestBench, name: &str, seconds: f32, hertz: f32) -> InputFile {
    let wave: Vec<f32> = (0..(seconds * 48_000.0) as usize)
        .map(|n| libm::sinf(n as f32 * hertz * std::f32::consts::TAU / 48_000.0) * 0.2)
        .collect();
    let path = bench.folder_path().join(format!("blob_{name}"));
    write_wav(&path, &SoundBuffer::mono(wave, 48_000), WavFormat::Float32).unwrap();
    InputFile {
        name: format!("{name}.wav"),
        path,
    }
}

fn note(bench: &TestBench) -> InputFile {
    let path = bench.folder_path().join("words");
    std::fs::write(&path, "[]").unwrap();
    InputFile {
        name: "words.json".to_owned(),
        path,
    }
}

fn run(
    bench: &TestBench,
    work: &JobAction,
    inputs: &InputFiles,
) -> Result<ProducerOutput, JobFailure> {
    let tools = ProducerTools::new(AdapterChoice::default(), None, CancelToken::default());
    bench.run_job(work, inputs, |context| {
        let producer = MixProducer { tools: &tools };
        let made = producer.run_job(context)?;
        producer.check_outputs(context, &made.outputs)?;
        Ok(made)
    })
}

#[test]
fn tracks_become_a_mix_with_stems_and_facts() {
    let bench = TestBench::new();
    let inputs = TestBench::input_files([
        (
            "line",
            vec![note(&bench), input(&bench, "speech", 0.5, 300.0)],
        ),
        ("cue", vec![input(&bench, "music", 1.0, 200.0)]),
    ]);
    let mut music = mix_track("cue", MixBus::Music, 0);
    music.repeat = true;
    music.room = RoomKind::Outdoors;
    let action = sample_work(
        72_000,
        vec![mix_track("line", MixBus::Dialogue, 24_000), music],
    );
    let made = run(&bench, &action, &inputs).unwrap();
    let names: Vec<&str> = made.outputs.iter().map(|output| &*output.name).collect();
    assert_eq!(
        names,
        [
            "mix.wav",
            "dialogue.wav",
            "music.wav",
            "effects.wav",
            "music_and_effects.wav",
            "loudness.json"
        ]
    );
    // Nothing of the work between is left.
    let folder = made.outputs[0].path.parent().unwrap();
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 6);
    let dialogue = read_wav(&made.outputs[1].path).unwrap();
    let left = &dialogue.channels()[0];
    assert!(left[..24_000].iter().all(|sample| *sample == 0.0));
    assert!(
        left[24_100..40_000]
            .iter()
            .any(|sample| sample.abs() > 0.01)
    );
    // The room sounds on after the line.
    assert!(
        left[48_200..52_000]
            .iter()
            .any(|sample| sample.abs() > 1e-4)
    );
    // Repeated until the film ends.
    let music = read_wav(&made.outputs[2].path).unwrap();
    assert!(
        music.channels()[1][71_000..]
            .iter()
            .any(|sample| sample.abs() > 0.01)
    );
    let facts = std::fs::read(&made.outputs[5].path).unwrap();
    let facts: MixFacts = serde_json::from_slice(&facts).unwrap();
    assert!((facts.integrated.unwrap() + 23.0).abs() < 0.3);
    assert_eq!(made.warnings, Vec::<String>::new());
}

#[test]
fn a_missing_or_foreign_input_fails_by_name() {
    let bench = TestBench::new();
    let action = sample_work(100, vec![mix_track("line", MixBus::Dialogue, 0)]);
    let only_words = TestBench::input_files([("line", vec![note(&bench)])]);
    let failure = run(&bench, &action, &only_words).unwrap_err();
    assert_eq!(failure.class, FailureClass::MissingInput);
    assert!(failure.message.contains("`line`"), "{failure}");
    let mut broken = input(&bench, "speech", 0.1, 300.0);
    std::fs::write(&broken.path, b"RIFF").unwrap();
    broken.name = "speech.WAV".to_owned();
    let inputs = TestBench::input_files([("line", vec![broken])]);
    assert!(run(&bench, &action, &inputs).is_err());
}

#[test]
fn a_mix_that_cannot_be_loud_enough_is_a_warning() {
    let bench = TestBench::new();
    let click = bench.folder_path().join("click");
    let sound = SoundBuffer::mono(vec![0.9], 48_000);
    write_wav(&click, &sound, WavFormat::Float32).unwrap();
    let file = InputFile {
        name: "effects.wav".to_owned(),
        path: click,
    };
    let inputs = TestBench::input_files([("shot", vec![file])]);
    let mut track = mix_track("shot", MixBus::Effects, 30_000);
    track.room = RoomKind::Dry;
    let made = run(&bench, &sample_work(60_000, vec![track]), &inputs).unwrap();
    let warned = |text: &str| made.warnings.iter().any(|warning| warning.contains(text));
    assert!(warned("mix: its peaks are too high"), "{:?}", made.warnings);
    // Its gain alone would put the stem beyond full scale, which matters where stems are delivered.
    assert!(!warned("limited in effects.wav"), "{:?}", made.warnings);
    let facts = made.outputs.last().unwrap();
    let facts = std::fs::read_to_string(&facts.path).unwrap();
    assert!(facts.contains("limited in effects.wav"), "{facts}");
}

#[test]
fn damaged_outputs_are_found() {
    let bench = TestBench::new();
    let inputs = TestBench::input_files([("cue", vec![input(&bench, "music", 1.0, 200.0)])]);
    let action = sample_work(48_000, vec![mix_track("cue", MixBus::Music, 0)]);
    let made = run(&bench, &action, &inputs).unwrap();
    let tools = ProducerTools::new(AdapterChoice::default(), None, CancelToken::default());
    let check = |damaged: usize, change: &dyn Fn(&mut Vec<u8>)| {
        let path = &made.outputs[damaged].path;
        let whole = std::fs::read(path).unwrap();
        let mut bytes = whole.clone();
        change(&mut bytes);
        std::fs::write(path, &bytes).unwrap();
        let checked = bench.run_job(&action, &inputs, |context| {
            MixProducer { tools: &tools }.check_outputs(context, &made.outputs)?;
            Ok(made.clone())
        });
        std::fs::write(path, whole).unwrap();
        checked.unwrap_err()
    };
    for output in 0..5 {
        let failure = check(output, &|bytes| bytes.truncate(bytes.len() - 60));
        assert_eq!(failure.class, FailureClass::BadOutput);
    }
    let failure = check(5, &|bytes| bytes.truncate(20));
    assert_eq!(failure.class, FailureClass::BadOutput);
}
