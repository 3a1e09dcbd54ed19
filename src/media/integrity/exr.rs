//! OpenEXR pictures of one part and whole lines: attributes, then a table of where the blocks of lines begin.

use super::scan_error::{ScanError, read_array, stream_length};
use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// The longest attribute that is read, in bytes.
const LONGEST_ATTRIBUTE: u32 = 1 << 20;

/// How a picture is cut into blocks of lines.
#[derive(Debug, Default)]
struct LineBlocks {
    lines: Option<u32>,
    lines_in_block: Option<u32>,
}

/// Follows the file from its first attribute on, behind the eight bytes that every OpenEXR file begins with.
pub(super) fn scan_exr(file: &mut (impl BufRead + Seek)) -> Result<(), ScanError> {
    let LineBlocks {
        lines,
        lines_in_block,
    } = read_attributes(file)?;
    let (Some(lines_in_block), Some(lines)) = (lines_in_block, lines) else {
        return Ok(());
    };
    let blocks = lines.div_ceil(lines_in_block);
    let end = stream_length(file)?;
    let mut last = 0;
    for block in 0..blocks {
        let offset = u64::from_le_bytes(read_array(file)?);
        if offset == 0 || offset >= end {
            let line = u64::from(block) * u64::from(lines_in_block) + 1;
            return Err(ScanError::Truncated(format!(
                "ends before line {line} of {lines}"
            )));
        }
        last = last.max(offset);
    }
    file.seek(SeekFrom::Start(last + 4))?;
    let size = u64::from(u32::from_le_bytes(read_array(file)?));
    if last + 8 + size > end {
        Err(ScanError::Truncated("ends in its last lines".to_owned()))
    } else {
        Ok(())
    }
}

/// Reads the attributes to their end; of a picture with longer ones than are ever read, nothing is known.
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
                blocks.lines_in_block = lines_per_block(*compression);
            }
            (b"dataWindow", &[_, _, _, _, a, b, c, d, _, _, _, _, e, f, g, h]) => {
                let (top, bottom) = (
                    i32::from_le_bytes([a, b, c, d]),
                    i32::from_le_bytes([e, f, g, h]),
                );
                blocks.lines = u32::try_from(i64::from(bottom) - i64::from(top) + 1).ok();
            }
            _ => {}
        }
    }
}

/// Returns how many lines are compressed together.
const fn lines_per_block(compression: u8) -> Option<u32> {
    match compression {
        0..=2 => Some(1),
        3 | 5 => Some(16),
        4 | 6..=8 => Some(32),
        9 => Some(256),
        _ => None,
    }
}

/// Reads text that ends with a zero byte.
fn read_text(file: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
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
