//! Mixes of made-up films: places, fades, loudness, and stems that sum to the mix.

use super::*;
use crate::base::seeded_random::SeededRandom;
use crate::model::sound::{MixReasonKind, RoomKind};
use crate::sound::{
    LoudnessMeasure, LoudnessMeter, SoundBuffer, TrackPlacement, TrackTreatment, WavFormat,
    read_wav, write_wav,
};
use tempfile::TempDir;

const RATE: u32 = 48_000;

const PLAIN: TrackTreatment = TrackTreatment {
    room: RoomKind::Dry,
    muffled: false,
};

fn placement(start: u64) -> TrackPlacement {
    TrackPlacement {
        start,
        skip: 0,
        length: None,
        repeat: false,
        gain: 0.0,
        pan: 0.0,
        fade_in: 0,
        fade_out: 0,
    }
}

/// A film in a temporary folder.
struct TestMixFilm {
    folder: TempDir,
    length: u64,
    tracks: Vec<(MixBus, PlacedTrack)>,
    target: LoudnessTarget,
    retro: Option<RetroSound>,
}

/// What was mixed.
struct TestMixResult {
    folder: TempDir,
    facts: MixFacts,
}

impl TestMixFilm {
    fn new(seconds: f64) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            length: (seconds * f64::from(RATE)) as u64,
            tracks: Vec::new(),
            target: LoudnessTarget {
                lufs: -23.0,
                true_peak: -1.0,
                name: None,
            },
            retro: None,
        }
    }

    fn with_target(mut self, lufs: f32) -> Self {
        self.target.lufs = lufs;
        self
    }

    fn with_track(mut self, bus: MixBus, sound: &SoundBuffer, at: TrackPlacement) -> Self {
        let name = format!("in{}.wav", self.tracks.len());
        let path = self.folder.path().join(name);
        write_wav(&path, sound, WavFormat::Float32).unwrap();
        let track = PlacedTrack::new(&path, at, PLAIN, RATE).unwrap();
        self.tracks.push((bus, track));
        self
    }

    /// Speech in bursts, music, and steps with hard peaks.
    fn with_scene(self) -> Self {
        let seconds = self.length as f64 / f64::from(RATE);
        let speech = bursts(seconds / 2.0, 0.2, 3);
        let music = noise(seconds, 0.05, 4);
        let steps = clicks(seconds, 0.9);
        let whole = self.length;
        self.with_track(MixBus::Dialogue, &speech, placement(whole / 8))
            .with_track(MixBus::Music, &music, placement(0))
            .with_track(MixBus::Effects, &steps, placement(100))
    }

    fn mix(self) -> TestMixResult {
        let facts = FilmMix {
            sample_rate: RATE,
            length: self.length,
            tracks: self.tracks,
            ducking: DuckingCurve {
                depth: 9.0,
                attack: 0.2,
                hold: 0.3,
                release: 0.6,
            },
            target: self.target,
            retro: self.retro,
            folder: self.folder.path(),
            is_halting: &|| false,
        }
        .mix()
        .unwrap();
        TestMixResult {
            folder: self.folder,
            facts,
        }
    }
}

impl TestMixResult {
    fn sound(&self, file: MixFile) -> SoundBuffer {
        read_wav(&self.folder.path().join(file.name())).unwrap()
    }

    fn measure(&self, file: MixFile) -> LoudnessMeasure {
        let mut meter = LoudnessMeter::new(RATE).unwrap();
        meter.add_block(&self.sound(file));
        meter.measure()
    }

    fn reasons(&self) -> Vec<MixReasonKind> {
        self.facts.reasons.iter().map(|each| each.kind).collect()
    }

    /// Fails if the JSON has a value that is not a number, a text, a list or `null`.
    fn expect_sound_json(&self) {
        let text = serde_json::to_string(&self.facts).unwrap();
        let read: MixFacts = serde_json::from_str(&text).unwrap();
        assert_eq!(read, self.facts);
        assert!(!text.contains("inf") && !text.contains("NaN"), "{text}");
        for file in MixFile::ALL {
            assert_eq!(self.sound(file).length() as u64, self.facts.length);
            assert!(self.sound(file).channels()[0].iter().all(|x| x.is_finite()));
        }
    }
}

fn noise(seconds: f64, amplitude: f32, seed: u64) -> SoundBuffer {
    let mut random = SeededRandom::new(seed);
    let length = (seconds * f64::from(RATE)) as usize;
    let mut channel = || {
        let mut low = 0.0;
        (0..length)
            .map(|_| {
                // Pink enough for a meter.
                low += (random.next_signed() - low) * 0.1;
                low * amplitude * 4.0
            })
            .collect()
    };
    SoundBuffer::stereo(channel(), channel(), RATE)
}

fn bursts(seconds: f64, amplitude: f32, seed: u64) -> SoundBuffer {
    let mut sound = noise(seconds, amplitude, seed);
    for channel in sound.channels_mut() {
        for (index, sample) in channel.iter_mut().enumerate() {
            let phase = (index % 24_000) as f32 / 24_000.0;
            *sample *= if phase < 0.7 { phase + 0.3 } else { 0.0 };
        }
    }
    let [left, _] = sound.channels() else {
        unreachable!()
    };
    SoundBuffer::mono(left.clone(), RATE)
}

fn clicks(seconds: f64, amplitude: f32) -> SoundBuffer {
    let mut wave = vec![0.0; (seconds * f64::from(RATE)) as usize];
    for start in (0..wave.len()).step_by(30_011) {
        for (index, sample) in wave[start..].iter_mut().take(400).enumerate() {
            *sample = amplitude * libm::cosf(index as f32 * 0.2) * (1.0 - index as f32 / 400.0);
        }
    }
    SoundBuffer::mono(wave, RATE)
}

#[test]
fn each_target_is_reached_below_the_ceiling() {
    for target in [-23.0, -16.0, -14.0, -9.0] {
        let mixed = TestMixFilm::new(12.0)
            .with_target(target)
            .with_scene()
            .mix();
        mixed.expect_sound_json();
        let measured = mixed.measure(MixFile::Mix);
        let integrated = measured.integrated.unwrap();
        assert!(
            (integrated - f64::from(target)).abs() < 0.3,
            "{target}: {integrated}"
        );
        assert!(
            measured.true_peak.unwrap() <= -1.0,
            "{target}: {measured:?}"
        );
        assert!((mixed.facts.integrated.unwrap() - integrated).abs() < 0.02);
        assert!(mixed.facts.range.is_some() && mixed.facts.dialogue_range.is_some());
        let missed = [MixReasonKind::Peaks, MixReasonKind::TooQuiet];
        assert!(!mixed.reasons().iter().any(|kind| missed.contains(kind)));
    }
}

#[test]
fn the_stems_sum_to_the_mix_before_the_limiter() {
    let mixed = TestMixFilm::new(6.0).with_target(-30.0).with_scene().mix();
    assert_eq!(mixed.facts.limited, 0.0);
    let stem = |file| mixed.sound(file);
    let mut worst = 0.0_f32;
    for channel in [0, 1] {
        let of = |sound: SoundBuffer| sound.channels()[channel].clone();
        let mix = of(stem(MixFile::Mix));
        let dialogue = of(stem(MixFile::Dialogue));
        let music = of(stem(MixFile::Music));
        let effects = of(stem(MixFile::Effects));
        let both = of(stem(MixFile::MusicAndEffects));
        for place in 0..mix.len() {
            let pair = music[place] + effects[place];
            worst = worst.max((mix[place] - dialogue[place] - pair).abs());
            worst = worst.max((both[place] - pair).abs());
        }
    }
    // Four samples of 24 bits are rounded.
    assert!(worst < 3.0 / 8_388_608.0, "{worst}");
}

#[test]
fn music_gives_way_to_speech() {
    let speech = noise(1.0, 0.3, 9);
    let music = SoundBuffer::stereo(vec![0.1; 192_000], vec![0.1; 192_000], RATE);
    let mixed = TestMixFilm::new(4.0)
        .with_track(MixBus::Dialogue, &speech, placement(96_000))
        .with_track(MixBus::Music, &music, placement(0))
        .mix();
    let stem = mixed.sound(MixFile::Music);
    let left = &stem.channels()[0];
    let ratio = left[120_000] / left[40_000];
    assert!((ratio - 0.3548).abs() < 0.01, "{ratio}");
    assert!((left[191_000] / left[40_000] - 1.0).abs() < 0.01);
}

#[test]
fn hot_input_stays_below_the_ceiling() {
    let mixed = TestMixFilm::new(5.0)
        .with_target(-14.0)
        .with_track(MixBus::Effects, &noise(5.0, 30.0, 1), placement(0))
        .with_track(MixBus::Effects, &clicks(5.0, 100.0), placement(7))
        .mix();
    mixed.expect_sound_json();
    let measured = mixed.measure(MixFile::Mix);
    assert!(measured.true_peak.unwrap() <= -1.0, "{measured:?}");
}

#[test]
fn a_stem_beyond_full_scale_is_limited_and_not_cut_off() {
    let loud = noise(5.0, 0.2, 1);
    let against = TestMixFilm::new(5.0)
        .with_target(-5.0)
        .with_track(MixBus::Effects, &loud, placement(0))
        .mix();
    assert!(against.reasons().contains(&MixReasonKind::StemClipped));
    let stem = against.sound(MixFile::Effects);
    assert!((0.9..0.99).contains(&stem.peak()), "{}", stem.peak());
    let quiet = TestMixFilm::new(5.0).with_track(MixBus::Effects, &loud, placement(0));
    assert!(!quiet.mix().reasons().contains(&MixReasonKind::StemClipped));
}

#[test]
fn a_film_of_one_click_is_not_crushed_and_says_why() {
    let click = SoundBuffer::mono(vec![0.8], RATE);
    let mixed = TestMixFilm::new(8.0)
        .with_target(-14.0)
        .with_track(MixBus::Effects, &click, placement(192_000))
        .mix();
    mixed.expect_sound_json();
    assert!(mixed.measure(MixFile::Mix).true_peak.unwrap() <= -1.0);
    let reasons = mixed.reasons();
    assert!(reasons.iter().any(|kind| kind.is_warning()), "{reasons:?}");
    assert!(mixed.facts.limited <= 12.5, "{}", mixed.facts.limited);
}

#[test]
fn silence_and_short_films_have_reasons_in_place_of_numbers() {
    let silent = TestMixFilm::new(5.0).mix();
    silent.expect_sound_json();
    assert_eq!(silent.reasons(), [MixReasonKind::Silent]);
    assert_eq!(silent.facts.integrated, None);
    assert_eq!(silent.facts.true_peak, None);
    assert_eq!(silent.facts.gain, 0.0);

    let zeros = SoundBuffer::silence(1, 1000, RATE);
    let zeros = TestMixFilm::new(1.0).with_track(MixBus::Music, &zeros, placement(0));
    let zeros = zeros.mix();
    zeros.expect_sound_json();
    assert_eq!(zeros.reasons(), [MixReasonKind::Silent]);

    let empty = TestMixFilm::new(0.0).with_scene().mix();
    empty.expect_sound_json();
    assert_eq!(empty.facts.waveform.low, Vec::<f64>::new());

    let sample = SoundBuffer::mono(vec![0.5], RATE);
    let mut film = TestMixFilm::new(0.0).with_track(MixBus::Effects, &sample, placement(0));
    film.length = 1;
    let one = film.mix();
    one.expect_sound_json();
    assert_eq!(one.reasons()[0], MixReasonKind::TooShort);
    assert!(one.facts.ungated.is_some());

    let short = TestMixFilm::new(0.3).with_track(MixBus::Music, &noise(0.3, 0.02, 5), placement(0));
    let short = short.mix();
    short.expect_sound_json();
    assert_eq!(short.facts.integrated, None);
    let ungated = short.facts.ungated.unwrap();
    assert!((ungated + 23.0).abs() < 0.3, "{ungated}");

    let second =
        TestMixFilm::new(1.0).with_track(MixBus::Music, &noise(1.0, 0.02, 6), placement(0));
    let second = second.mix();
    assert_eq!(second.reasons(), [MixReasonKind::NoRange]);
    assert!((second.facts.integrated.unwrap() + 23.0).abs() < 0.3);
}

#[test]
fn a_nearly_silent_mix_is_not_made_loud() {
    let hiss =
        TestMixFilm::new(2.0).with_track(MixBus::Effects, &noise(2.0, 1e-5, 2), placement(0));
    let hiss = hiss.mix();
    assert_eq!(hiss.reasons()[0], MixReasonKind::BelowGate);
    assert_eq!(hiss.facts.gain, 0.0);
    let quiet = TestMixFilm::new(4.0).with_target(-14.0).with_track(
        MixBus::Effects,
        &noise(4.0, 0.0004, 2),
        placement(0),
    );
    let quiet = quiet.mix();
    assert!(
        quiet.reasons().contains(&MixReasonKind::TooQuiet),
        "{:?}",
        quiet.facts.gain
    );
    assert_eq!(quiet.facts.gain, 40.0);
}

#[test]
fn a_console_has_its_steps_and_the_wanted_loudness() {
    let mut film = TestMixFilm::new(5.0).with_target(-16.0).with_scene();
    film.retro = Some(RetroSound {
        sample_rate: 11_025,
        bits: 8,
    });
    let mixed = film.mix();
    mixed.expect_sound_json();
    let measured = mixed.measure(MixFile::Mix);
    assert!(
        (measured.integrated.unwrap() + 16.0).abs() < 0.3,
        "{measured:?}"
    );
    assert!(measured.true_peak.unwrap() <= -1.0);
}

#[test]
fn the_same_film_is_the_same_bytes_on_any_number_of_threads() {
    let bytes = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let pool = pool.build().unwrap();
        let mixed = pool.install(|| TestMixFilm::new(3.0).with_target(-12.0).with_scene().mix());
        let bytes = |file: MixFile| std::fs::read(mixed.folder.path().join(file.name())).unwrap();
        (MixFile::ALL.map(bytes), mixed.facts)
    };
    assert!(bytes(1) == bytes(3));
}

#[test]
fn a_stop_request_ends_it() {
    let film = TestMixFilm::new(2.0).with_scene();
    let mix = FilmMix {
        sample_rate: RATE,
        length: film.length,
        tracks: film.tracks,
        ducking: DuckingCurve {
            depth: 0.0,
            attack: 0.0,
            hold: 0.0,
            release: 0.0,
        },
        target: film.target,
        retro: None,
        folder: film.folder.path(),
        is_halting: &|| true,
    };
    assert!(matches!(mix.mix(), Err(MixError::Halted)));
}
