//! The blocks of a Blender file: a header, then one block after another, the last of them `ENDB`.
//!
//! Until version 4 a block began with 20 or 24 bytes; since then the header says how the file is laid out.

use super::unpacked::Unpacked;
use std::io::{self, Read};

/// Larger blocks of the kinds that are asked for belong to no file that a Blender wrote.
const LARGEST: u64 = 64 << 20;

/// How a file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// Bytes of a pointer.
    pub(super) pointer: usize,
    /// Whether blocks begin as they do since version 5.
    large: bool,
}

/// One block, with its bytes.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) code: [u8; 4],
    /// Which structure of the catalogue it holds.
    pub(super) structure: usize,
    pub(super) bytes: Vec<u8>,
}

struct Head {
    code: [u8; 4],
    structure: usize,
    length: u64,
}

/// Reads the blocks whose codes are `wanted`, in order.
///
/// # Errors
/// Fails when the file is none of Blender's, or ends too soon.
pub(super) fn blocks(
    file: &mut Unpacked,
    wanted: impl Fn([u8; 4]) -> bool,
) -> io::Result<(Layout, Vec<Block>)> {
    let layout = layout(file)?;
    let mut found = Vec::new();
    loop {
        let Head {
            code,
            structure,
            length,
        } = head(file, layout)?;
        if &code == b"ENDB" {
            return Ok((layout, found));
        }
        if wanted(code) && length <= LARGEST {
            let mut bytes = Vec::new();
            file.by_ref().take(length).read_to_end(&mut bytes)?;
            found.push(Block {
                code,
                structure,
                bytes,
            });
        } else {
            file.skip(length)?;
        }
    }
}

fn layout(file: &mut Unpacked) -> io::Result<Layout> {
    let foreign = || {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "it is no Blender file that can be read here",
        )
    };
    let start: [u8; 12] = next(file)?;
    match &start {
        [b'B', b'L', b'E', b'N', b'D', b'E', b'R', b'-', b'v', ..] => Ok(Layout {
            pointer: 8,
            large: false,
        }),
        [b'B', b'L', b'E', b'N', b'D', b'E', b'R', b'_', b'v', ..] => Ok(Layout {
            pointer: 4,
            large: false,
        }),
        [
            b'B',
            b'L',
            b'E',
            b'N',
            b'D',
            b'E',
            b'R',
            b'1',
            b'7',
            b'-',
            b'0',
            b'1',
        ] => {
            let _: [u8; 5] = next(file)?;
            Ok(Layout {
                pointer: 8,
                large: true,
            })
        }
        _ => Err(foreign()),
    }
}

fn head(file: &mut Unpacked, layout: Layout) -> io::Result<Head> {
    let code = next(file)?;
    let index = |number: [u8; 4]| usize::try_from(u32::from_le_bytes(number)).unwrap_or(usize::MAX);
    if layout.large {
        let structure = index(next(file)?);
        let _: [u8; 8] = next(file)?;
        let length = u64::from_le_bytes(next(file)?);
        let _: [u8; 8] = next(file)?;
        return Ok(Head {
            code,
            structure,
            length,
        });
    }
    let length = u64::from(u32::from_le_bytes(next(file)?));
    file.skip(layout.pointer as u64)?;
    let structure = index(next(file)?);
    let _: [u8; 4] = next(file)?;
    Ok(Head {
        code,
        structure,
        length,
    })
}

fn next<const N: usize>(file: &mut Unpacked) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}
