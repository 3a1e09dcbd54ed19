//! Why text cannot be drawn.

/// Why text cannot be drawn. The text reads after "failed to".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LetteringError {
    /// A file has no font that can be read.
    #[error("read the font {0}: it is no OpenType or TrueType font, or it is damaged")]
    UnreadableFont(String),
    /// A job names a font of another version of the program.
    #[error("find the font {0}: this version of the program does not have it")]
    UnknownFont(String),
    /// A job names a file that is not among its inputs.
    #[error("find the font in slot {0}: the job has no such input")]
    MissingFile(usize),
    /// The text stack gave up on a font.
    #[error("draw a text with {0}: the font is damaged")]
    DamagedFont(String),
}
