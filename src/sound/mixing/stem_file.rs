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
    /// `None`: the stem is silent, and nothing is stored.
    file: Option<File>,
    /// Whether each block has sound. Silent ones are not stored: much of a film is without
    /// speech.
    has_sound: Vec<bool>,
    length: u64,
}

impl StemFile {
    /// Returns a silent stem.
    pub(super) const fn silent(length: u64) -> Self {
        Self {
            file: None,
            has_sound: Vec::new(),
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
        let is_stored = samples.any(|sample| sample.to_bits() != 0);
        self.has_sound.push(is_stored);
        if is_stored {
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
        let is_stored = index.and_then(|index| self.has_sound.get(index));
        match &mut self.file {
            Some(file) if is_stored == Some(&true) => {
                for channel in block.channels_mut() {
                    file.read_exact(bytemuck::cast_slice_mut(channel))?;
                }
            }
            // The buffer still has the block before.
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
