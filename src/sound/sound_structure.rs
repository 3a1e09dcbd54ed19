//! Looks at the structure of a sound file before it is decoded: whether it ends where it says, and
//! whether it has a rate that sound has.

use super::SoundFileError;
use super::sound_file::{SoundContainer, check_rate};
use std::fs::File;
use std::io::{BufReader, ErrorKind, Read, Seek, SeekFrom};

/// Checks whether a container ends where its structure says, where packets do not show it.
pub(super) fn check_structure(
    file: &mut File,
    container: SoundContainer,
) -> Result<(), SoundFileError> {
    match container {
        SoundContainer::Wav => check_chunks(file, u32::from_le_bytes),
        SoundContainer::Aiff => check_chunks(file, u32::from_be_bytes),
        SoundContainer::Mp4 => check_boxes(file),
        SoundContainer::Ogg => check_last_page(file),
        SoundContainer::Frames => check_frames(file),
        SoundContainer::Flac => Ok(()),
    }
}

/// Follows the chunks of a WAV or AIFF file. The decoder takes a short last packet for a whole one.
fn check_chunks(file: &mut File, number: fn([u8; 4]) -> u32) -> Result<(), SoundFileError> {
    let length = file.metadata()?.len();
    let mut at = 12_u64;
    let mut has_samples = false;
    while at < length {
        file.seek(SeekFrom::Start(at))?;
        let mut header = [0; 8];
        if let Err(error) = file.read_exact(&mut header) {
            match error.kind() {
                // Some programs leave a stray byte at the end.
                ErrorKind::UnexpectedEof if has_samples => return Ok(()),
                ErrorKind::UnexpectedEof => break,
                _ => return Err(error.into()),
            }
        }
        let size = u64::from(number([header[4], header[5], header[6], header[7]]));
        let end = at + 8 + size;
        if has_samples && !header[..4].iter().all(|byte| matches!(byte, b' '..=b'~')) {
            let text = format!("{} bytes follow its samples and are no chunk", length - at);
            return Err(SoundFileError::Damaged(text));
        }
        if end > length {
            let text = format!("{} bytes are missing", end - length);
            return Err(SoundFileError::Truncated(text));
        }
        check_chunk_rate(file, &header[..4], size)?;
        has_samples |= matches!(&header[..4], b"data" | b"SSND");
        // Chunks begin at even bytes.
        at = end + (size & 1);
    }
    match has_samples {
        true => Ok(()),
        false => Err(SoundFileError::Truncated("it has no samples".to_owned())),
    }
}

/// Follows the boxes of an MP4 file.
fn check_boxes(file: &mut File) -> Result<(), SoundFileError> {
    let length = file.metadata()?.len();
    let mut at = 0_u64;
    while at < length {
        file.seek(SeekFrom::Start(at))?;
        let mut header = Vec::new();
        file.by_ref().take(16).read_to_end(&mut header)?;
        let short = header.get(..4).and_then(|bytes| bytes.try_into().ok());
        let size = match short.map(u32::from_be_bytes) {
            // The last box may have no size.
            Some(0) => length - at,
            Some(1) => {
                let long = header.get(8..16).and_then(|bytes| bytes.try_into().ok());
                long.map_or(0, u64::from_be_bytes)
            }
            Some(size) => size.into(),
            None => 0,
        };
        let end = at.saturating_add(size);
        if size < 8 || end > length {
            let text = "one of its boxes ends after the file".to_owned();
            return Err(SoundFileError::Truncated(text));
        }
        at = end;
    }
    Ok(())
}

/// The largest page of an Ogg file, in bytes.
const OGG_PAGE: u64 = 65_307;

/// Checks that an Ogg file ends with a whole page that is marked as the last.
fn check_last_page(file: &mut File) -> Result<(), SoundFileError> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(OGG_PAGE)))?;
    let mut tail = Vec::new();
    file.by_ref().take(OGG_PAGE).read_to_end(&mut tail)?;
    // The last one: the same four bytes may be in the samples before it.
    let start = tail.windows(4).rposition(|bytes| bytes == b"OggS");
    let page = start.map_or(&[][..], |start| &tail[start..]);
    let segments = page.get(26).map(|count| usize::from(*count));
    let table = segments.and_then(|count| page.get(27..27 + count));
    let size = table.map(|table| {
        let body: usize = table.iter().map(|size| usize::from(*size)).sum();
        27 + table.len() + body
    });
    // RFC 3533: the flag 4 marks the last page of a stream. A file that was cut off between
    // two pages lacks it, and is whole otherwise.
    let is_last = page.get(5).is_some_and(|flags| flags & 4 != 0);
    match size {
        Some(size) if size <= page.len() && is_last => Ok(()),
        _ => Err(SoundFileError::Truncated(
            "its last page is missing".to_owned(),
        )),
    }
}

/// Checks the rate in a chunk that has one. The decoder divides by it.
fn check_chunk_rate(file: &mut File, name: &[u8], size: u64) -> Result<(), SoundFileError> {
    let mut body = Vec::new();
    if matches!(name, b"fmt " | b"COMM") {
        file.by_ref().take(size.min(18)).read_to_end(&mut body)?;
    }
    match (name, body.as_slice()) {
        (b"fmt ", [_, _, _, _, a, b, c, d, ..]) => {
            check_rate(u32::from_le_bytes([*a, *b, *c, *d]).into())
        }
        (b"COMM", [.., _, _]) if body.len() == 18 => check_rate(extended_number(&body[8..])),
        _ => Ok(()),
    }
}

/// Checks the rate of a WAV file that came from a pipe.
pub(super) fn check_streamed_rate(bytes: &[u8]) -> Result<(), SoundFileError> {
    let rate = bytes
        .get(24..28)
        .filter(|_| bytes[12..].starts_with(b"fmt "));
    let rate = rate.and_then(|rate| rate.try_into().ok());
    rate.map_or(Ok(()), |rate| check_rate(u32::from_le_bytes(rate).into()))
}

/// Returns the whole part of a number of 80 bits, as AIFF has it. Numbers that no rate has become 0
/// or the largest.
fn extended_number(bytes: &[u8]) -> u64 {
    let [high, low, mantissa @ ..] = bytes else {
        return 0;
    };
    let exponent = i32::from(u16::from_be_bytes([*high & 0x7f, *low]));
    let mantissa = mantissa.get(..8).and_then(|bytes| bytes.try_into().ok());
    let mantissa = mantissa.map_or(0, u64::from_be_bytes);
    // The exponent has an offset of 16,383, and the binary point is behind the first of 64 bits.
    match 16_383 + 63 - exponent {
        _ if *high >= 0x80 => 0,
        shift @ 0..64 => mantissa >> shift,
        64.. => 0,
        _ => u64::MAX,
    }
}

/// Follows the frames of an ADTS file, whose headers say where the next one begins. Other frames
/// have no such number, or it depends on their table.
fn check_frames(file: &mut File) -> Result<(), SoundFileError> {
    let length = file.metadata()?.len();
    let mut reader = BufReader::new(file);
    reader.rewind()?;
    let mut at = tag_length(&mut reader)?;
    reader.seek(SeekFrom::Start(at))?;
    let mut header = [0; 7];
    while at < length {
        let there = read_up_to(&mut reader, &mut header)?;
        let is_frame = header[0] == 0xff && there > 1 && header[1] & 0xf6 == 0xf0;
        // Tags may follow, and files of other kinds have other headers.
        if !is_frame {
            return Ok(());
        }
        let size =
            u64::from(header[3] & 3) << 11 | u64::from(header[4]) << 3 | u64::from(header[5] >> 5);
        if there < header.len() || at + size > length {
            let text = "its last frame ends after the file".to_owned();
            return Err(SoundFileError::Truncated(text));
        }
        if size < 7 {
            return Ok(());
        }
        reader.seek_relative(i64::try_from(size - 7).unwrap_or(i64::MAX))?;
        at += size;
    }
    Ok(())
}

/// Returns the bytes of the tag before the frames.
fn tag_length(reader: &mut impl Read) -> Result<u64, SoundFileError> {
    let mut header = [0; 10];
    let there = read_up_to(reader, &mut header)?;
    if there < header.len() || !header.starts_with(b"ID3") {
        return Ok(0);
    }
    let size = header[6..]
        .iter()
        .fold(0, |size, byte| size << 7 | u64::from(byte & 0x7f));
    let footer = if header[5] & 0x10 != 0 { 10 } else { 0 };
    Ok(10 + size + footer)
}

fn read_up_to(reader: &mut impl Read, bytes: &mut [u8]) -> std::io::Result<usize> {
    let mut there = 0;
    while there < bytes.len() {
        // A read may return fewer bytes than there are.
        match reader.read(&mut bytes[there..])? {
            0 => break,
            count => there += count,
        }
    }
    Ok(there)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{SoundBuffer, WavFormat, probe_sound_file, write_wav};

    fn probe_text(bytes: &[u8]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, bytes).unwrap();
        probe_sound_file(&path).map_or_else(|error| error.to_string(), |facts| format!("{facts:?}"))
    }

    fn wav_bytes() -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let sound = SoundBuffer::mono(vec![0.25; 1000], 48_000);
        write_wav(&path, &sound, WavFormat::Float32).unwrap();
        std::fs::read(path).unwrap()
    }

    #[test]
    fn rates_that_no_sound_has_are_refused_before_decoding() {
        for rate in [0_u32, 1, 999, 768_001, u32::MAX] {
            for riff in [None, Some(u32::MAX)] {
                let mut bytes = wav_bytes();
                bytes[24..28].copy_from_slice(&rate.to_le_bytes());
                if let Some(size) = riff {
                    bytes[4..8].copy_from_slice(&size.to_le_bytes());
                }
                let text = probe_text(&bytes);
                assert!(
                    text.starts_with(&format!("its rate is {rate} Hz")),
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn numbers_of_80_bits_are_read() {
        let number = |exponent: u16, mantissa: u64| {
            extended_number(&[&exponent.to_be_bytes()[..], &mantissa.to_be_bytes()].concat())
        };
        assert_eq!(number(16_383 + 15, 48_000 << 48), 48_000);
        assert_eq!(number(0, 0), 0);
        assert_eq!(number(0x7fff, 1 << 63), u64::MAX);
        assert_eq!(number(0x8000 | (16_383 + 15), 48_000 << 48), 0);
        assert_eq!(number(1, 1), 0);
    }

    #[test]
    fn samples_beyond_their_chunk_are_named_as_such() {
        let mut bytes = wav_bytes();
        let data = bytes.windows(4).position(|word| word == b"data").unwrap();
        bytes[data + 4..data + 8].copy_from_slice(&2000_u32.to_le_bytes());
        let text = probe_text(&bytes);
        assert!(text.contains("2000 bytes follow its samples"), "{text}");
    }

    #[test]
    fn an_adts_file_that_ends_within_a_frame_was_cut_short() {
        // A frame of 16 bytes, of 44.1 kHz and two channels.
        let frame = [&[0xff, 0xf1, 0x50, 0x80, 0x02, 0x1f, 0xfc][..], &[0; 9]].concat();
        let whole = frame.repeat(5);
        let text = probe_text(&whole[..whole.len() - 4]);
        assert!(text.contains("cut short"), "{text}");
        let text = probe_text(&whole[..whole.len() - 12]);
        assert!(text.contains("cut short"), "{text}");
        assert!(!probe_text(&whole).contains("cut short"));
    }
}
