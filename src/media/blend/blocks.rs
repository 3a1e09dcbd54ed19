//! The blocks of a Blender file: a header, then one block after another, the last of them `ENDB`.
//!
//! Until version 4 a block began with 20 or 24 bytes; since then the header says how the file is laid out.

use super::blend_reader::BlendReader;
use std::io::{self, Read};

/// Larger blocks of the kinds that are asked for belong to no file that a Blender wrote.
const MAX_BLOCK_BYTES: u64 = 64 << 20;

/// How a file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlendLayout {
    /// Bytes of a pointer.
    pub(super) pointer_bytes: usize,
    /// Whether blocks begin as they do since version 5.
    large_headers: bool,
}

/// One block, with its bytes.
#[derive(Debug)]
pub(super) struct BlendBlock {
    pub(super) code: [u8; 4],
    /// Which structure of the catalogue it holds.
    pub(super) structure: usize,
    pub(super) bytes: Vec<u8>,
}

struct BlockHeader {
    code: [u8; 4],
    structure: usize,
    length: u64,
}

/// Reads the blocks whose codes are `wanted`, in order.
///
/// # Errors
/// Fails when the file is none of Blender's, or ends too soon.
pub(super) fn read_blocks(
    file: &mut BlendReader,
    is_wanted: impl Fn([u8; 4]) -> bool,
) -> io::Result<(BlendLayout, Vec<BlendBlock>)> {
    let layout = read_layout(file)?;
    let mut blocks = Vec::new();
    loop {
        let BlockHeader {
            code,
            structure,
            length,
        } = read_block_header(file, layout)?;
        if &code == b"ENDB" {
            return Ok((layout, blocks));
        }
        if is_wanted(code) && length <= MAX_BLOCK_BYTES {
            let mut bytes = Vec::new();
            file.by_ref().take(length).read_to_end(&mut bytes)?;
            blocks.push(BlendBlock {
                code,
                structure,
                bytes,
            });
        } else {
            file.skip_bytes(length)?;
        }
    }
}

fn read_layout(file: &mut BlendReader) -> io::Result<BlendLayout> {
    let foreign = || {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "it is no Blender file that can be read here",
        )
    };
    let start: [u8; 12] = read_array(file)?;
    match &start {
        [b'B', b'L', b'E', b'N', b'D', b'E', b'R', b'-', b'v', ..] => Ok(BlendLayout {
            pointer_bytes: 8,
            large_headers: false,
        }),
        [b'B', b'L', b'E', b'N', b'D', b'E', b'R', b'_', b'v', ..] => Ok(BlendLayout {
            pointer_bytes: 4,
            large_headers: false,
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
            let _: [u8; 5] = read_array(file)?;
            Ok(BlendLayout {
                pointer_bytes: 8,
                large_headers: true,
            })
        }
        _ => Err(foreign()),
    }
}

fn read_block_header(file: &mut BlendReader, layout: BlendLayout) -> io::Result<BlockHeader> {
    let code = read_array(file)?;
    let index = |number: [u8; 4]| usize::try_from(u32::from_le_bytes(number)).unwrap_or(usize::MAX);
    if layout.large_headers {
        let structure = index(read_array(file)?);
        let _: [u8; 8] = read_array(file)?;
        let length = u64::from_le_bytes(read_array(file)?);
        let _: [u8; 8] = read_array(file)?;
        return Ok(BlockHeader {
            code,
            structure,
            length,
        });
    }
    let length = u64::from(u32::from_le_bytes(read_array(file)?));
    file.skip_bytes(layout.pointer_bytes as u64)?;
    let structure = index(read_array(file)?);
    let _: [u8; 4] = read_array(file)?;
    Ok(BlockHeader {
        code,
        structure,
        length,
    })
}

fn read_array<const N: usize>(file: &mut BlendReader) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}
