//! Reads the bytes of a Blender file, compressed or not.

use crate::base::bounded_text::open_regular_file;
use flate2::read::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// A sequential reader. Skipping is a seek where the file allows it.
pub(super) enum BlendReader {
    /// Uncompressed.
    Plain(BufReader<File>),
    /// Compressed by Blender 3 or later.
    Zstandard(Box<ZstdFrames>),
    /// Compressed by earlier versions.
    Gzip(Box<MultiGzDecoder<BufReader<File>>>),
}

impl BlendReader {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut file = BufReader::with_capacity(1 << 16, open_regular_file(path)?);
        // The first bytes decide, because compressed files keep the extension `.blend`.
        Ok(match file.fill_buf()? {
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstandard(Box::new(ZstdFrames::new(file))),
            [0x1f, 0x8b, ..] => Self::Gzip(Box::new(MultiGzDecoder::new(file))),
            _ => Self::Plain(file),
        })
    }

    /// Skips `count` bytes. Fails if a compressed file ends before.
    pub(super) fn skip_bytes(&mut self, count: u64) -> io::Result<()> {
        // Meshes make up nearly all of a Blender file. A seek over them keeps the search for
        // references fast in files of gigabytes.
        if let Self::Plain(file) = self {
            let count = i64::try_from(count).map_err(|_| io::ErrorKind::UnexpectedEof)?;
            return file.seek_relative(count);
        }
        // A compressed stream cannot seek, so its bytes are decoded and dropped.
        let skipped = io::copy(&mut self.by_ref().take(count), &mut io::sink())?;
        if skipped == count {
            Ok(())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

impl Read for BlendReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.read(into),
            Self::Zstandard(frames) => frames.read(into),
            Self::Gzip(file) => file.read(into),
        }
    }
}

/// A file of several Zstandard frames. Blender ends it with a skippable frame, the index for random
/// access, which is ignored here.
pub(super) struct ZstdFrames {
    file: BufReader<File>,
    decoder: FrameDecoder,
    in_frame: bool,
}

impl ZstdFrames {
    fn new(file: BufReader<File>) -> Self {
        Self {
            file,
            decoder: FrameDecoder::new(),
            in_frame: false,
        }
    }

    /// Begins the next frame. Returns false at the end of the file.
    fn begin_frame(&mut self) -> io::Result<bool> {
        while !self.file.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.file) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                // The decoder reports a skippable frame as an error and leaves its body unread.
                })) => self.file.seek_relative(i64::from(length))?,
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        Ok(false)
    }
}

impl Read for ZstdFrames {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.in_frame {
                // One block at a time, so that memory is bounded by the window and not by the
                // frame.
                while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                    let strategy = BlockDecodingStrategy::UptoBlocks(1);
                    self.decoder
                        .decode_blocks(&mut self.file, strategy)
                        .map_err(io::Error::other)?;
                }
                let count = self.decoder.read(into)?;
                if count > 0 {
                    return Ok(count);
                }
            }
            // A frame can be empty, so only the end of the file ends the loop.
            self.in_frame = self.begin_frame()?;
            if !self.in_frame {
                return Ok(0);
            }
        }
    }
}
