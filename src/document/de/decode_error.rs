//! Why a decoding pass stopped early. Mistakes are recorded as diagnostics on the way. Only the
//! refusal of a whole document is shown with the text of its error.

use std::fmt;

/// The error that travels through serde's derived code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum DecodeError {
    /// A derived struct needs this field.
    MissingField(&'static str),
    /// A derived struct was given this field twice, by its name and by an alias.
    DuplicateField(&'static str),
    /// A hand-written `Deserialize` of this crate refused the value, with this message.
    Custom(String),
    /// The pass learned something. The decoder must start another pass.
    Restart,
    /// A limit was reached. No further pass can help.
    Halt,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingField(field) => write!(f, "missing field `{field}`"),
            Self::DuplicateField(field) => write!(f, "duplicate field `{field}`"),
            Self::Custom(message) => f.write_str(message),
            Self::Restart => f.write_str("begin again"),
            Self::Halt => f.write_str("a limit was reached"),
        }
    }
}

impl std::error::Error for DecodeError {}

impl serde::de::Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::MissingField(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::DuplicateField(field)
    }
}
