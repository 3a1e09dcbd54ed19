//! Reads the blocks of a Blender file: a header, then blocks up to `ENDB`.
//!
//! Up to version 4 a block header has 20 or 24 bytes, depending on the pointer size. Since version
//! 5 the file header names the layout.

use super::blend_reader::BlendReader;
use std::io::{self, Read};

/// The largest block that is read into memory.
// Blocks that name files, and the catalogue, are far smaller. The limit keeps a forged length from
// claiming all memory.
const MAX_BLOCK_BYTES: u64 = 64 << 20;

/// The layout of block headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BlendLayout {
    /// Size of a pointer in bytes, 4 or 8.
    pub(super) pointer_bytes: usize,
    /// Whether block headers have the form of version 5.
    large_headers: bool,
}

/// One block in memory.
#[derive(Debug)]
pub(super) struct BlendBlock {
    pub(super) code: [u8; 4],
    /// Index of its structure in the catalogue.
    pub(super) structure: usize,
    pub(super) bytes: Vec<u8>,
}

struct BlockHeader {
    code: [u8; 4],
    structure: usize,
    length: u64,
}

/// Returns the blocks whose code `is_wanted`, in order, with the layout of the file. Larger blocks
/// than 64 MiB are left out.
///
/// # Errors
/// Fails if this is not a supported Blender file, or if it ends before `ENDB`.
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
            // `read_to_end` grows with what is there. A buffer of `length` would be allocated
            // before the file has shown that it has so many bytes.
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
    let unsupported = || {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "it is not a Blender file, or its version is not supported",
        )
    };
    let start: [u8; 12] = read_array(file)?;
    match &start {
        // Only little-endian files (`v`) are read. Blender has saved no others for years, and it
        // refuses them itself since version 5.
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
            // This header has 17 bytes; the rest of it is the file version.
            let _: [u8; 5] = read_array(file)?;
            Ok(BlendLayout {
                pointer_bytes: 8,
                large_headers: true,
            })
        }
        _ => Err(unsupported()),
    }
}

fn read_block_header(file: &mut BlendReader, layout: BlendLayout) -> io::Result<BlockHeader> {
    let code = read_array(file)?;
    let index = |number: [u8; 4]| usize::try_from(u32::from_le_bytes(number)).unwrap_or(usize::MAX);
    if layout.large_headers {
        let structure = index(read_array(file)?);
        // The old address of the block. Only Blender needs it, to relink pointers.
        let _: [u8; 8] = read_array(file)?;
        let length = u64::from_le_bytes(read_array(file)?);
        // The number of structures in the block. One field per block is read, so the first is
        // enough.
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
