//! Scans OpenEXR pictures of one part in scan lines: attributes, then a table of offsets of the
//! blocks of lines.

use super::scan_error::{ScanError, read_array, stream_length};
use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// The longest attribute that is read, in bytes.
const LONGEST_ATTRIBUTE: u32 = 1 << 20;

/// The blocks of lines of a picture. `None`: unknown.
#[derive(Debug, Default)]
struct LineBlocks {
    lines: Option<u32>,
    lines_in_block: Option<u32>,
    compression: Option<u8>,
}

/// Scans the file after the first eight bytes.
pub(super) fn scan_exr(file: &mut (impl BufRead + Seek)) -> Result<(), ScanError> {
    let LineBlocks {
        lines,
        lines_in_block,
        ..
    } = read_attributes(file)?;
    let (Some(lines_in_block), Some(lines)) = (lines_in_block, lines) else {
        // Without compression or window the layout is unknown. Decoding will report what is wrong.
        return Ok(());
    };
    let blocks = lines.div_ceil(lines_in_block);
    let end = stream_length(file)?;
    let mut last = 0;
    for block in 0..blocks {
        let offset = u64::from_le_bytes(read_array(file)?);
        // Writers fill the table at the end. A zero is a block that was never written.
        if offset == 0 || offset >= end {
            let line = u64::from(block) * u64::from(lines_in_block) + 1;
            return Err(ScanError::Truncated(format!(
                "ends before line {line} of {lines}"
            )));
        }
        last = last.max(offset);
    }
    // Blocks may be in any order, so the one with the highest offset is the last in the file. Its
    // size follows the line number of four bytes.
    file.seek(SeekFrom::Start(last + 4))?;
    let size = u64::from(u32::from_le_bytes(read_array(file)?));
    if last + 8 + size > end {
        Err(ScanError::Truncated("ends in its last lines".to_owned()))
    } else {
        Ok(())
    }
}

/// Returns the number of the compression of the first picture in a file. `None`: it has none.
pub(in crate::media) fn exr_compression(file: &mut (impl BufRead + Seek)) -> Option<u8> {
    // Behind the four bytes of the format and four of its version.
    file.seek(SeekFrom::Start(8)).ok()?;
    read_attributes(file).ok()?.compression
}

/// Reads the attributes. A longer one than 1 MiB ends the scan without a finding.
fn read_attributes(file: &mut impl BufRead) -> io::Result<LineBlocks> {
    let mut blocks = LineBlocks::default();
    loop {
        let name = read_text(file)?;
        if name.is_empty() {
            return Ok(blocks);
        }
        let _type = read_text(file)?;
        let size = u32::from_le_bytes(read_array(file)?);
        if size > LONGEST_ATTRIBUTE {
            return Ok(LineBlocks::default());
        }
        let mut value = vec![0; size as usize];
        file.read_exact(&mut value)?;
        match (name.as_slice(), value.as_slice()) {
            (b"compression", [compression]) => {
                blocks.compression = Some(*compression);
                blocks.lines_in_block = lines_per_block(*compression);
            }
            // Four numbers: left, top, right, bottom. Only lines count here.
            (b"dataWindow", &[_, _, _, _, a, b, c, d, _, _, _, _, e, f, g, h]) => {
                let top = i32::from_le_bytes([a, b, c, d]);
                let bottom = i32::from_le_bytes([e, f, g, h]);
                blocks.lines = u32::try_from(i64::from(bottom) - i64::from(top) + 1).ok();
            }
            _ => {}
        }
    }
}

/// Returns how many lines one block has. `None`: an unknown compression.
const fn lines_per_block(compression: u8) -> Option<u32> {
    match compression {
        // None, RLE, ZIPS; then ZIP and PXR24; PIZ, B44, B44A and DWAA; DWAB.
        0..=2 => Some(1),
        3 | 5 => Some(16),
        4 | 6..=8 => Some(32),
        9 => Some(256),
        _ => None,
    }
}

/// Reads a text of at most 255 bytes that ends with a zero byte.
fn read_text(file: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    // The limit keeps a file without zeroes from being read into memory.
    file.by_ref().take(256).read_until(0, &mut text)?;
    if text.pop() != Some(0) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use crate::media::LinearImage;
    use crate::media::integrity::sample::check_cut;
    use crate::model::PixelSize;

    #[test]
    fn an_exr_picture_is_followed_by_its_table() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("light.exr");
        let pixels: Vec<[f32; 3]> = (0u16..64 * 48)
            .map(|n| [f32::from(n % 91), f32::from(n % 7), 0.5])
            .collect();
        crate::media::picture::write_exr(
            &path,
            &LinearImage {
                size: PixelSize::new(64, 48),
                pixels,
            },
        )
        .unwrap();
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(check_cut(&bytes, bytes.len()), Ok(()));
        assert_eq!(
            check_cut(&bytes, bytes.len() - 1),
            Err("ends in its last lines".to_owned())
        );
        assert!(check_cut(&bytes, bytes.len() / 3).is_err());
    }
}
