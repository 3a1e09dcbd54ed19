//! Whether a file ends where its own structure says, without decoding it: a copy that was cut short is found in passing.
//!
//! Radiance pictures are followed scanline by scanline, OpenEXR pictures by their table of offsets, Blender files block by
//! block. What this does not know how to follow counts as whole; decoding it will tell.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// The longest header that is read, in bytes.
const LONGEST_HEADER: u64 = 1 << 20;

/// Checks that a picture or Blender file is all there.
///
/// # Errors
/// Says what is missing, in words that follow the name of the file: `ends in line 12 of 512`.
pub fn check(path: &Path) -> Result<(), String> {
    let mut head = [0; 8];
    let found = open(path).and_then(|mut file| file.read_exact(&mut head).map(|()| file));
    let Ok(mut file) = found else { return Err("is too short to be anything".to_owned()) };
    let checked = match head {
        [b'#', b'?', ..] => hdr(&mut file),
        [0x76, 0x2f, 0x31, 0x01, 2, flags, 0, 0] if flags & 0b1_1010 == 0 => exr(&mut file),
        [b'B', b'L', b'E', b'N', b'D', b'E', b'R', b'-' | b'_'] => blend(&mut file, head[7] == b'_'),
        _ => Ok(()),
    };
    match checked {
        Err(Stop::Cut(why)) => Err(why),
        Err(Stop::End(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err("ends in the middle".to_owned())
        }
        Err(Stop::End(_)) | Ok(()) => Ok(()),
    }
}

/// Why a file was followed no further.
enum Stop {
    /// Something is missing.
    Cut(String),
    /// The file ended, or the system refused.
    End(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::End(error)
    }
}

fn open(path: &Path) -> io::Result<BufReader<File>> {
    File::open(path).map(BufReader::new)
}

fn length(file: &BufReader<File>) -> io::Result<u64> {
    Ok(file.get_ref().metadata()?.len())
}

fn word(file: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    file.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

/// Follows a Radiance picture: a header of lines, a line with its size, then lines of runs.
fn hdr(file: &mut BufReader<File>) -> Result<(), Stop> {
    file.rewind()?;
    let mut header = file.by_ref().take(LONGEST_HEADER);
    let mut line = String::new();
    loop {
        line.clear();
        if header.read_line(&mut line)? == 0 {
            return Err(Stop::Cut("ends in its header".to_owned()));
        }
        if line.trim().is_empty() {
            break;
        }
    }
    line.clear();
    header.read_line(&mut line)?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let [_, height, _, width] = words.as_slice() else { return Ok(()) };
    let (Ok(height), Ok(width)) = (height.parse::<u32>(), width.parse::<u32>()) else { return Ok(()) };
    if !(8..=32767).contains(&width) || !words[0].ends_with('Y') {
        return Ok(());
    }
    for row in 0..height {
        if !hdr_line(file, width).map_err(|_| Stop::Cut(format!("ends in line {} of {height}", row + 1)))? {
            return Ok(());
        }
    }
    Ok(())
}

/// Passes over one line; returns whether it is made of runs, which alone can be followed.
fn hdr_line(file: &mut BufReader<File>, width: u32) -> io::Result<bool> {
    let mut start = [0; 4];
    file.read_exact(&mut start)?;
    if start[..2] != [2, 2] || u32::from(start[2]) << 8 | u32::from(start[3]) != width {
        return Ok(false);
    }
    for _ in 0..4 {
        let mut at = 0;
        while at < width {
            let mut count = [0; 1];
            file.read_exact(&mut count)?;
            let (pixels, bytes) =
                if count[0] > 128 { (count[0] - 128, 1) } else { (count[0], u64::from(count[0])) };
            if pixels == 0 || io::copy(&mut file.by_ref().take(bytes), &mut io::sink())? < bytes {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            at += u32::from(pixels);
        }
    }
    Ok(true)
}

/// Follows an OpenEXR picture of one part and whole lines: attributes, then a table of where its blocks of lines begin.
fn exr(file: &mut BufReader<File>) -> Result<(), Stop> {
    let (mut lines_in_block, mut lines) = (None, None);
    loop {
        let name = text(file)?;
        if name.is_empty() {
            break;
        }
        let _type = text(file)?;
        let size = u64::from(word(file)?);
        let mut value = vec![0; usize::try_from(size.min(LONGEST_HEADER)).unwrap_or(0)];
        file.read_exact(&mut value)?;
        match (name.as_slice(), value.as_slice()) {
            (b"compression", [compression]) => lines_in_block = lines_of(*compression),
            (b"dataWindow", &[_, _, _, _, a, b, c, d, _, _, _, _, e, f, g, h]) => {
                let (top, bottom) = (i32::from_le_bytes([a, b, c, d]), i32::from_le_bytes([e, f, g, h]));
                lines = u32::try_from(i64::from(bottom) - i64::from(top) + 1).ok();
            }
            _ => {}
        }
    }
    let (Some(lines_in_block), Some(lines)) = (lines_in_block, lines) else { return Ok(()) };
    let blocks = lines.div_ceil(lines_in_block);
    let end = length(file)?;
    let mut last = 0;
    for block in 0..blocks {
        let offset = u64::from(word(file)?) | u64::from(word(file)?) << 32;
        if offset == 0 || offset >= end {
            let line = u64::from(block) * u64::from(lines_in_block) + 1;
            return Err(Stop::Cut(format!("ends before line {line} of {lines}")));
        }
        last = last.max(offset);
    }
    file.seek(SeekFrom::Start(last + 4))?;
    let size = u64::from(word(file)?);
    if last + 8 + size > end { Err(Stop::Cut("ends in its last lines".to_owned())) } else { Ok(()) }
}

/// Returns how many lines are compressed together.
const fn lines_of(compression: u8) -> Option<u32> {
    match compression {
        0..=2 => Some(1),
        3 | 5 => Some(16),
        4 | 6..=8 => Some(32),
        9 => Some(256),
        _ => None,
    }
}

/// Reads text that ends with a zero byte.
fn text(file: &mut BufReader<File>) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    file.by_ref().take(256).read_until(0, &mut text)?;
    if text.pop() != Some(0) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(text)
}

/// Follows a Blender file of the form in use until version 4: a header of twelve bytes, then blocks, the last one `ENDB`.
fn blend(file: &mut BufReader<File>, short_pointers: bool) -> Result<(), Stop> {
    let end = length(file)?;
    let mut order = [0; 4];
    file.read_exact(&mut order)?;
    if order[0] != b'v' {
        return Ok(());
    }
    let mut at = 12;
    loop {
        let mut code = [0; 4];
        let read = file.read(&mut code)?;
        if read < 4 {
            return Err(Stop::Cut("ends without its last block".to_owned()));
        }
        if &code == b"ENDB" {
            return Ok(());
        }
        let header = if short_pointers { 20 } else { 24 };
        at += header + u64::from(word(file)?);
        if at > end {
            return Err(Stop::Cut("ends in the middle of a block".to_owned()));
        }
        file.seek(SeekFrom::Start(at))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::Picture;
    use crate::model::Size;

    fn cut(bytes: &[u8], length: usize) -> Result<(), String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, &bytes[..length]).unwrap();
        check(&path)
    }

    /// A picture of 9 by `lines` pixels in runs: each line one run of nine for each channel.
    fn hdr_picture(lines: u32) -> Vec<u8> {
        let mut bytes = format!("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {lines} +X 9\n").into_bytes();
        for _ in 0..lines {
            bytes.extend([2, 2, 0, 9]);
            (0..4).for_each(|channel| bytes.extend([128 + 9, channel]));
        }
        bytes
    }

    #[test]
    fn a_radiance_picture_is_followed_to_its_last_line() {
        let bytes = hdr_picture(20);
        assert_eq!(cut(&bytes, bytes.len()), Ok(()));
        assert_eq!(cut(&bytes, bytes.len() - 13), Err("ends in line 19 of 20".to_owned()));
        assert_eq!(cut(&bytes, 20), Err("ends in its header".to_owned()));
    }

    #[test]
    fn an_exr_picture_is_followed_by_its_table() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("light.exr");
        let pixels: Vec<[f32; 3]> =
            (0u16..64 * 48).map(|n| [f32::from(n % 91), f32::from(n % 7), 0.5]).collect();
        crate::media::picture::write_exr(&path, &Picture { size: Size::new(64, 48), pixels }).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(cut(&bytes, bytes.len()), Ok(()));
        assert_eq!(cut(&bytes, bytes.len() - 1), Err("ends in its last lines".to_owned()));
        assert!(cut(&bytes, bytes.len() / 3).is_err());
    }

    #[test]
    fn a_blender_file_is_followed_to_its_last_block() {
        let mut bytes = b"BLENDER-v402DATA\x08\0\0\0".to_vec();
        bytes.extend([0; 16 + 8]);
        bytes.extend(b"ENDB");
        bytes.extend([0; 20]);
        assert_eq!(cut(&bytes, bytes.len()), Ok(()));
        assert_eq!(cut(&bytes, 40), Err("ends in the middle of a block".to_owned()));
        assert_eq!(cut(&bytes, 44), Err("ends without its last block".to_owned()));
    }

    #[test]
    fn what_cannot_be_followed_counts_as_whole() {
        assert_eq!(cut(b"BLENDER17-01v0500", 17), Ok(()));
        assert_eq!(cut(b"\x28\xb5\x2f\xfd and so on", 13), Ok(()));
        assert!(cut(b"glTF", 4).is_err());
    }
}
