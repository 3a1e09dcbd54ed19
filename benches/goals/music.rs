//! Music: a minute of eight parts, composed, played and levelled.

use production::model::sound::{MusicSection, MusicWork};
use production::music::{FontSource, MusicScore, ScorePlayer, compose, installed_font, midi_bytes};
use production::sound::{WavFormat, WavSink};
use std::path::{Path, PathBuf};

const RATE: u32 = 48_000;

fn minute() -> MusicScore {
    let work = MusicWork {
        mood: "dramatic".to_owned(),
        seed: 23,
        sample_rate: RATE,
        length: 60 * u64::from(RATE),
        sections: vec![MusicSection {
            start: 0,
            energy: 0.9,
            hit: true,
        }],
        own_font: false,
    };
    let score = compose(&work).unwrap();
    assert_eq!(score.parts.len(), 8);
    score
}

/// P23: writes the score that a synthesiser plays beside ours, and prints the font for both: the
/// one that the variable `PRODUCTION_BENCH_FONT` names, or that of the machine.
pub(super) fn write_score(folder: &Path) {
    std::fs::write(folder.join("score.mid"), midi_bytes(&minute())).unwrap();
    println!("{}", font_path().display());
}

fn font_path() -> PathBuf {
    let chosen = std::env::var_os("PRODUCTION_BENCH_FONT").map(PathBuf::from);
    chosen.or_else(installed_font).unwrap()
}

/// P23: composes and plays a minute into a file.
pub(super) fn play_score(folder: &Path) {
    let score = minute();
    let source = FontSource::open(&font_path()).unwrap();
    let font = source.load(&score).unwrap();
    let mut player = ScorePlayer::new(&score, &font).unwrap();
    let path = folder.join("ours.wav");
    let mut sink = WavSink::create(&path, RATE, score.grid.length, WavFormat::Float32).unwrap();
    while let Some(block) = player.next_block() {
        sink.write_block(&block).unwrap();
    }
    sink.finish().unwrap();
}
