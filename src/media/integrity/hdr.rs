//! Scans Radiance pictures: lines of a header, a line with the size, then run-length encoded lines.

use super::scan_error::{ScanError, read_array};
use std::io::{self, BufRead, Read, Seek};

/// The longest header that is read, in bytes.
const LONGEST_HEADER: u64 = 1 << 20;

/// Scans the file. Pictures of the old form, without runs, pass.
pub(super) fn scan_hdr(file: &mut (impl BufRead + Seek)) -> Result<(), ScanError> {
    // The header is text from the first byte on, and eight bytes have been read.
    file.rewind()?;
    let line = read_size_line(&mut file.by_ref().take(LONGEST_HEADER))?;
    // Other orientations are legal and rare. They pass.
    let Some((width, height)) = parse_size(&line) else {
        return Ok(());
    };
    for row in 0..height {
        if !skip_line_of_runs(file, width)
            .map_err(|_| ScanError::Truncated(format!("ends in line {} of {height}", row + 1)))?
        {
            return Ok(());
        }
    }
    Ok(())
}

/// Skips the header and returns the line after it, which has the size.
fn read_size_line(header: &mut impl BufRead) -> Result<String, ScanError> {
    let mut line = String::new();
    loop {
        line.clear();
        if header.read_line(&mut line)? == 0 {
            return Err(ScanError::Truncated("ends in its header".to_owned()));
        }
        if line.trim().is_empty() {
            break;
        }
    }
    line.clear();
    header.read_line(&mut line)?;
    Ok(line)
}

/// Returns width and height of a line such as `-Y 512 +X 1024`. `None`: lines of this width have no
/// runs.
fn parse_size(line: &str) -> Option<(u32, u32)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [down, height, _, width] = words.as_slice() else {
        return None;
    };
    let height = height.parse().ok()?;
    let width = width.parse().ok()?;
    (down.ends_with('Y') && (8..=32767).contains(&width)).then_some((width, height))
}

/// Skips one line. Returns false if it is not run-length encoded.
fn skip_line_of_runs(file: &mut impl BufRead, width: u32) -> io::Result<bool> {
    let start: [u8; 4] = read_array(file)?;
    // Two bytes of 2 and the width mark a line of runs. Old pictures have pixels here, whose length
    // cannot be followed.
    if start[..2] != [2, 2] || u32::from(start[2]) << 8 | u32::from(start[3]) != width {
        return Ok(false);
    }
    // Red, green, blue and exponent are encoded one after the other.
    for _ in 0..4 {
        let mut column = 0;
        while column < width {
            let [count] = read_array(file)?;
            // Above 128 one byte repeats; up to 128 as many bytes follow.
            let (pixels, bytes) = if count > 128 {
                (count - 128, 1)
            } else {
                (count, u64::from(count))
            };
            // A count of zero makes no progress, and the loop would never end.
            if pixels == 0 || io::copy(&mut file.by_ref().take(bytes), &mut io::sink())? < bytes {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            column += u32::from(pixels);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use crate::media::integrity::sample::check_cut;

    /// A picture of 9 by `lines` pixels in runs: each line one run of nine for each channel.
    fn hdr_picture(lines: u32) -> Vec<u8> {
        let mut bytes =
            format!("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {lines} +X 9\n").into_bytes();
        for _ in 0..lines {
            bytes.extend([2, 2, 0, 9]);
            (0..4).for_each(|channel| bytes.extend([128 + 9, channel]));
        }
        bytes
    }

    #[test]
    fn a_radiance_picture_is_followed_to_its_last_line() {
        let bytes = hdr_picture(20);
        assert_eq!(check_cut(&bytes, bytes.len()), Ok(()));
        assert_eq!(
            check_cut(&bytes, bytes.len() - 13),
            Err("ends in line 19 of 20".to_owned())
        );
        assert_eq!(check_cut(&bytes, 20), Err("ends in its header".to_owned()));
    }
}
