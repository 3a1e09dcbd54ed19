//! The samples of a bus in a file, for one step of mixing to write and the next ones to read.

use super::BLOCK_LENGTH;
use crate::sound::SoundBuffer;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

/// Stereo blocks of [`BLOCK_LENGTH`] samples as 32-bit floats; the last block may be shorter.
// Not a WAV file: those end at 4 GiB, and this one is read by nobody else. For the same reason its
// bytes are in the order of the machine.
#[derive(Debug)]
pub(super) struct StemFile {
    /// `None`: nothing is heard, and nothing is stored.
    file: Option<File>,
    /// Whether something is heard in each block. Others are not stored: much of a film is without
    /// speech.
    heard: Vec<bool>,
    length: u64,
}

impl StemFile {
    /// Returns a stem in which nothing is heard.
    pub(super) const fn silent(length: u64) -> Self {
        Self {
            file: None,
            heard: Vec::new(),
            length,
        }
    }

    /// Creates the file of a stem, without a block yet.
    pub(super) fn create(path: &Path, length: u64) -> io::Result<Self> {
        let mut options = File::options();
        let options = options.read(true).write(true).create(true).truncate(true);
        Ok(Self {
            file: Some(options.open(path)?),
            ..Self::silent(length)
        })
    }

    /// Appends a block.
    pub(super) fn write_block(&mut self, block: &SoundBuffer) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        let mut samples = block.channels().iter().flatten();
        // By its bits: a zero below zero must come back as it was.
        let is_heard = samples.any(|sample| sample.to_bits() != 0);
        self.heard.push(is_heard);
        if is_heard {
            for channel in block.channels() {
                file.write_all(bytemuck::cast_slice(channel))?;
            }
        }
        Ok(())
    }

    /// Goes back to the first block.
    pub(super) fn rewind(&mut self) -> io::Result<()> {
        match &mut self.file {
            Some(file) => file.seek(SeekFrom::Start(0)).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Reads the next block, which begins at sample `first`, into a stereo buffer.
    pub(super) fn read_block(&mut self, first: u64, block: &mut SoundBuffer) -> io::Result<()> {
        block.set_length(block_length(self.length, first));
        let index = usize::try_from(first / BLOCK_LENGTH as u64).ok();
        let is_heard = index.and_then(|index| self.heard.get(index));
        match &mut self.file {
            Some(file) if is_heard == Some(&true) => {
                for channel in block.channels_mut() {
                    file.read_exact(bytemuck::cast_slice_mut(channel))?;
                }
            }
            _ => block.channels_mut().for_each(|channel| channel.fill(0.0)),
        }
        Ok(())
    }
}

/// Returns the places at which the blocks of a film begin.
pub(super) fn block_starts(length: u64) -> impl Iterator<Item = u64> {
    (0..length.div_ceil(BLOCK_LENGTH as u64)).map(|index| index * BLOCK_LENGTH as u64)
}

/// Returns the samples of the block that begins at `first`.
pub(super) fn block_length(length: u64, first: u64) -> usize {
    let left = length.saturating_sub(first);
    usize::try_from(left).map_or(BLOCK_LENGTH, |left| left.min(BLOCK_LENGTH))
}
