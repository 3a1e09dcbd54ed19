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
    length: u64,
    sample_rate: u32,
}

impl StemFile {
    /// Returns a stem in which nothing is heard.
    pub(super) const fn silent(length: u64, sample_rate: u32) -> Self {
        Self {
            file: None,
            length,
            sample_rate,
        }
    }

    /// Creates the file of a stem, without a block yet.
    pub(super) fn create(path: &Path, length: u64, sample_rate: u32) -> io::Result<Self> {
        let mut options = File::options();
        let options = options.read(true).write(true).create(true).truncate(true);
        Ok(Self {
            file: Some(options.open(path)?),
            ..Self::silent(length, sample_rate)
        })
    }

    /// Returns whether nothing is heard.
    pub(super) const fn is_silent(&self) -> bool {
        self.file.is_none()
    }

    /// Appends a block.
    pub(super) fn write_block(&mut self, block: &SoundBuffer) -> io::Result<()> {
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        for channel in block.channels() {
            file.write_all(bytemuck::cast_slice(channel))?;
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

    /// Reads the next block, which begins at sample `first`.
    pub(super) fn read_block(&mut self, first: u64) -> io::Result<SoundBuffer> {
        let count = block_length(self.length, first);
        let Some(file) = &mut self.file else {
            return Ok(SoundBuffer::silence(2, count, self.sample_rate));
        };
        let mut channels = [vec![0.0_f32; count], vec![0.0_f32; count]];
        for channel in &mut channels {
            file.read_exact(bytemuck::cast_slice_mut(channel))?;
        }
        let [left, right] = channels;
        Ok(SoundBuffer::stereo(left, right, self.sample_rate))
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
