//! Sound files of every kind, as ffmpeg writes them: how long they are, and that one that was cut
//! short is found.

use production::sound::{SoundFileError, probe_sound_file, read_sound_file};
use std::path::Path;
use std::process::Command;

#[path = "support/skip.rs"]
mod skip;

/// The kinds of files: name, arguments of ffmpeg, and samples by which the length may differ.
const KINDS: [(&str, &[&str], u64); 9] = [
    ("a.wav", &["-c:a", "pcm_s16le"], 0),
    ("b.wav", &["-c:a", "adpcm_ima_wav"], 2048),
    ("a.aiff", &["-c:a", "pcm_s24be"], 0),
    ("a.flac", &["-c:a", "flac"], 0),
    ("a.ogg", &["-c:a", "libvorbis"], 0),
    ("a.mp3", &["-c:a", "libmp3lame"], 0),
    // The edit list is not read: the encoder's 1024 samples of silence are a part of it.
    ("a.m4a", &["-c:a", "aac"], 2048),
    ("a.aac", &["-c:a", "aac"], 3072),
    ("u8.wav", &["-c:a", "pcm_u8", "-ac", "1"], 0),
];

/// Three seconds of a tone at 44,100 samples a second.
fn write_tone(path: &Path, arguments: &[&str]) -> bool {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-y", "-f", "lavfi", "-i"]);
    command.args([
        "sine=frequency=440:sample_rate=44100:duration=3",
        "-ac",
        "2",
    ]);
    command.args(arguments).arg(path);
    command.status().is_ok_and(|status| status.success())
}

#[test]
fn every_kind_is_as_long_as_it_sounds_and_found_if_it_is_cut_short() {
    let folder = tempfile::tempdir().unwrap();
    for (name, arguments, slack) in KINDS {
        let path = folder.path().join(name);
        let written = write_tone(&path, arguments).then_some(());
        if skip::require_or_skip(written, "needs an ffmpeg that writes sound files").is_none() {
            return;
        }
        let facts = probe_sound_file(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let sound = read_sound_file(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(facts.sample_rate, 44_100, "{name}");
        assert!(
            facts.length.abs_diff(132_300) <= slack,
            "{name}: {}",
            facts.length
        );
        assert!(
            facts.length.abs_diff(sound.length() as u64) <= slack,
            "{name}"
        );
        assert!(
            (0.05..0.3).contains(&sound.peak()),
            "{name}: {}",
            sound.peak()
        );
        // ADTS is a row of frames, and says nothing of its end.
        if name == "a.aac" {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        for share in [9, 6, 3] {
            let cut = folder.path().join("cut");
            std::fs::write(&cut, &bytes[..bytes.len() * share / 10]).unwrap();
            let error = probe_sound_file(&cut).unwrap_err();
            let is_told = matches!(error, SoundFileError::Truncated(_));
            assert!(is_told, "{name} cut to {share}0 %: {error}");
            assert!(read_sound_file(&cut).is_err(), "{name}");
        }
    }
}

#[test]
fn a_codec_that_is_not_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.opus");
    let written = write_tone(&path, &["-c:a", "libopus", "-ar", "48000"]).then_some(());
    if skip::require_or_skip(written, "needs an ffmpeg with libopus").is_none() {
        return;
    }
    let error = probe_sound_file(&path).unwrap_err();
    assert!(
        matches!(&error, SoundFileError::UnknownCodec(name) if name == "Opus"),
        "{error}"
    );
}

#[test]
fn a_flac_file_with_a_changed_byte_is_damaged_and_not_cut_short() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.flac");
    let written = write_tone(&path, &["-c:a", "flac"]).then_some(());
    if skip::require_or_skip(written, "needs an ffmpeg that writes FLAC").is_none() {
        return;
    }
    let mut bytes = std::fs::read(&path).unwrap();
    // In the middle, and so within a frame that others follow.
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x10;
    std::fs::write(&path, &bytes).unwrap();
    for error in [
        probe_sound_file(&path).unwrap_err(),
        read_sound_file(&path).unwrap_err(),
    ] {
        let is_told = matches!(&error, SoundFileError::Damaged(place) if place.contains(" s to "));
        assert!(is_told, "{error}");
    }
}
