//! The loudness of mixes, measured by meters of others: `ebur128` of ffmpeg, and the Python package
//! pyloudnorm.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/python.rs"]
#[expect(dead_code, reason = "other tests ask for more of it")]
mod python;
#[path = "support/skip.rs"]
mod skip;

use production::base::seeded_random::SeededRandom;
use production::model::sound::{DuckingCurve, LoudnessTarget, MixBus, MixFacts, MixFile, RoomKind};
use production::sound::{
    FilmMix, PlacedTrack, SoundBuffer, TrackPlacement, TrackTreatment, WavFormat, write_wav,
};
use skip::require_or_skip;
use std::path::{Path, PathBuf};
use std::process::Command;

const RATE: u32 = 48_000;

/// Mixes seven seconds of speech in bursts, music and hard steps.
fn mixed_film(folder: &Path, lufs: f32) -> MixFacts {
    let length = 7 * RATE as usize;
    let mut random = SeededRandom::new(11);
    let mut low = 0.0;
    let mut noise = |level: f32| {
        low += (random.next_signed() - low) * 0.15;
        low * level
    };
    let speech: Vec<f32> = (0..length)
        .map(|n| if n % 30_000 < 19_000 { noise(1.2) } else { 0.0 })
        .collect();
    let music: Vec<f32> = (0..length).map(|_| noise(0.5)).collect();
    let steps: Vec<f32> = (0..length)
        .map(|n| {
            let since = (n % 22_000) as f32;
            libm::expf(-since / 300.0) * libm::cosf(since * 0.15) * 0.9
        })
        .collect();
    let track = |name: &str, bus: MixBus, wave: Vec<f32>, pan: f32| {
        let path = folder.join(name);
        write_wav(&path, &SoundBuffer::mono(wave, RATE), WavFormat::Float32).unwrap();
        let placement = TrackPlacement {
            start: 0,
            skip: 0,
            length: None,
            repeat: false,
            gain: 0.0,
            pan,
            fade_in: 2000,
            fade_out: 4000,
        };
        let treatment = TrackTreatment {
            room: RoomKind::Dry,
            muffled: false,
        };
        let track = PlacedTrack::new(&path, placement, treatment, RATE).unwrap();
        (bus, track)
    };
    let mix = FilmMix {
        sample_rate: RATE,
        length: length as u64,
        tracks: vec![
            track("speech.wav", MixBus::Dialogue, speech, 0.0),
            track("tune.wav", MixBus::Music, music, -0.3),
            track("steps.wav", MixBus::Effects, steps, 0.6),
        ],
        ducking: DuckingCurve::default(),
        target: LoudnessTarget {
            lufs,
            true_peak: -1.0,
            name: None,
        },
        retro: None,
        folder,
        is_halting: &|| false,
    };
    mix.mix().unwrap()
}

/// Returns the last value after `label` in what ffmpeg's meter prints.
fn ffmpeg_value(text: &str, label: &str) -> f64 {
    let line = text
        .lines()
        .rev()
        .find(|line| line.trim().starts_with(label));
    let words = line.unwrap().split_whitespace();
    words.rev().nth(1).unwrap().parse().unwrap()
}

fn sound_python() -> Option<PathBuf> {
    let python = python::assets().join("sound/bin/python");
    let reason = format!(
        "no Python at {}; scripts/fetch-test-assets brings it",
        python.display()
    );
    require_or_skip(python.exists().then_some(python), &reason)
}

#[test]
fn each_target_is_reached_by_the_meter_of_ffmpeg() {
    for lufs in [-23.0, -16.0, -14.0] {
        let folder = tempfile::tempdir().unwrap();
        let facts = mixed_film(folder.path(), lufs);
        let output = Command::new("ffmpeg")
            .args(["-hide_banner", "-nostats", "-i"])
            .arg(folder.path().join(MixFile::Mix.name()))
            .args(["-af", "ebur128=peak=true", "-f", "null", "-"])
            .output();
        let Some(output) = require_or_skip(output.ok(), "no ffmpeg on the search path") else {
            return;
        };
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let summary = text.rsplit("Summary:").next().unwrap();
        let measured = ffmpeg_value(summary, "I:");
        assert!(
            (measured - f64::from(lufs)).abs() <= 0.3,
            "{lufs}: {measured}"
        );
        assert!(
            (measured - facts.integrated.unwrap()).abs() <= 0.15,
            "{facts:?}"
        );
        let peak = ffmpeg_value(summary, "Peak:");
        assert!(peak <= -0.9, "{lufs}: {peak} dBTP");
        let range = ffmpeg_value(summary, "LRA:");
        assert!(
            (range - facts.range.unwrap()).abs() <= 1.0,
            "{range} {:?}",
            facts.range
        );
    }
}

#[test]
fn each_target_is_reached_by_the_meter_of_pyloudnorm() {
    let Some(python) = sound_python() else { return };
    let script = "import sys, soundfile, pyloudnorm\n\
                  sound, rate = soundfile.read(sys.argv[1])\n\
                  print(pyloudnorm.Meter(rate).integrated_loudness(sound))\n";
    for lufs in [-23.0, -14.0] {
        let folder = tempfile::tempdir().unwrap();
        mixed_film(folder.path(), lufs);
        let output = Command::new(&python)
            .args(["-c", script])
            .arg(folder.path().join(MixFile::Mix.name()))
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let measured: f64 = text.trim().parse().unwrap();
        assert!(
            (measured - f64::from(lufs)).abs() <= 0.3,
            "{lufs}: {measured}"
        );
    }
}
