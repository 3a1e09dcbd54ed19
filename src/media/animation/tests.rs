//! Animations are written and read back: every picture, its time, and damage.

use super::*;
use crate::media::png_file::{write_indexed, write_png8};
use std::path::PathBuf;

const SIZE: PixelSize = PixelSize::new(24, 16);

/// Returns a picture with a block that moves; the third is that of the second again.
fn indices(picture: usize) -> Vec<u8> {
    let at = if picture == 2 { 1 } else { picture };
    (0..24 * 16)
        .map(|pixel| u8::from(pixel % 24 / 4 == at && pixel / 24 > 5) + u8::from(pixel == 0))
        .collect()
}

fn palette(picture: usize) -> Vec<[u8; 3]> {
    // The second shot has another palette, and one without room for transparency.
    if picture < 3 {
        vec![[10, 20, 30], [200, 100, 50], [0, 0, 255]]
    } else {
        (0..=255).map(|shade| [shade, 255 - shade, 7]).collect()
    }
}

fn colours(picture: usize) -> Vec<[u8; 3]> {
    let palette = palette(picture);
    let indices = indices(picture).into_iter();
    indices.map(|index| palette[usize::from(index)]).collect()
}

fn stills(folder: &Path, format: AnimationFormat) -> Vec<PathBuf> {
    (0..5)
        .map(|picture| {
            let path = folder.join(format!("{picture}"));
            match format {
                AnimationFormat::Gif => {
                    write_indexed(&path, SIZE, &palette(picture), &indices(picture)).unwrap();
                }
                AnimationFormat::Apng => write_png8(&path, SIZE, &colours(picture)).unwrap(),
                AnimationFormat::Webp => {
                    let mut bytes = Vec::new();
                    let encoder = image_webp::WebPEncoder::new(&mut bytes);
                    let pixels = colours(picture);
                    let kind = image_webp::ColorType::Rgb8;
                    encoder
                        .encode(pixels.as_flattened(), SIZE.width, SIZE.height, kind)
                        .unwrap();
                    std::fs::write(&path, bytes).unwrap();
                }
            }
            path
        })
        .collect()
}

fn join(format: AnimationFormat, stills: &[PathBuf], rate: FrameRate, out: &Path) {
    let paths: Vec<&Path> = stills.iter().map(PathBuf::as_path).collect();
    join_pictures(format, &paths, rate, out, |_| Ok::<(), PictureError>(())).unwrap();
}

#[test]
fn every_picture_and_its_time_reads_back() {
    let rate = FrameRate::from_fps(24);
    for (format, delays) in [
        (AnimationFormat::Gif, [4, 4, 5, 4, 4]),
        (AnimationFormat::Apng, [42, 41, 42, 42, 41]),
        (AnimationFormat::Webp, [42, 41, 42, 42, 41]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let stills = stills(folder.path(), format);
        let out = folder.path().join("out");
        join(format, &stills, rate, &out);
        let mut seen = Vec::new();
        let facts = read_animation(format, &out, |index, picture| {
            assert_eq!(
                picture.shown.to_8_bits(),
                colours(index),
                "{format:?} {index}"
            );
            seen.push(picture.delay);
        })
        .unwrap();
        assert_eq!(seen, delays, "{format:?}");
        assert_eq!((facts.size, facts.pictures), (SIZE, 5), "{format:?}");
        let wanted = PictureDelays::for_animation(format, rate);
        assert_eq!(facts.ticks_per_second, wanted.ticks_per_second());
        assert!(facts.repeats, "{format:?}");
        // The same pictures make the same file.
        let again = folder.path().join("again");
        join(format, &stills, rate, &again);
        assert_eq!(std::fs::read(&out).unwrap(), std::fs::read(&again).unwrap());
    }
}

#[test]
fn a_damaged_animation_is_an_error_and_no_panic() {
    for format in [
        AnimationFormat::Gif,
        AnimationFormat::Apng,
        AnimationFormat::Webp,
    ] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        join(
            format,
            &stills(folder.path(), format),
            FrameRate::from_fps(12),
            &out,
        );
        let whole = std::fs::read(&out).unwrap();
        for keep in [0, 5, 13, 40, whole.len() / 2, whole.len() - 3] {
            std::fs::write(&out, &whole[..keep]).unwrap();
            let read = read_animation(format, &out, |_, _| {});
            assert!(read.is_err(), "{format:?} {keep} of {}", whole.len());
        }
        for place in (0..whole.len()).step_by(5) {
            let mut bytes = whole.clone();
            bytes[place] ^= 0xff;
            std::fs::write(&out, &bytes).unwrap();
            // The reader must end for any bytes; the picture does not matter.
            let _ = read_animation(format, &out, |_, _| {});
        }
    }
}

#[test]
fn pictures_of_another_size_and_none_at_all_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let rate = FrameRate::from_fps(12);
    let out = folder.path().join("out");
    for format in [AnimationFormat::Gif, AnimationFormat::Apng] {
        let mut stills = stills(folder.path(), format);
        let small = folder.path().join("small");
        write_indexed(&small, PixelSize::new(2, 2), &palette(0), &[0; 4]).unwrap();
        stills.push(small);
        let paths: Vec<&Path> = stills.iter().map(PathBuf::as_path).collect();
        let begin = |_| Ok::<(), PictureError>(());
        let error = join_pictures(format, &paths, rate, &out, begin).unwrap_err();
        assert!(error.to_string().contains("it is 2x2"), "{error}");
        assert!(join_pictures(format, &[], rate, &out, begin).is_err());
    }
    let begin = |_| Ok::<(), PictureError>(());
    assert!(join_pictures(AnimationFormat::Webp, &[], rate, &out, begin).is_err());
}

#[test]
fn a_stream_of_stills_is_split_at_their_lengths() {
    let folder = tempfile::tempdir().unwrap();
    let paths = stills(folder.path(), AnimationFormat::Webp);
    let files: Vec<Vec<u8>> = paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    let stream = files.concat();
    assert_eq!(split_webp_stills(&stream).unwrap(), files);
    assert!(split_webp_stills(&stream[..stream.len() - 1]).is_err());
    assert!(split_webp_stills(b"RIFF").is_err());
}
