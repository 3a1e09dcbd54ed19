//! Why a decoding pass stopped early. Never shown to anyone: diagnostics are recorded on the way.

use std::fmt;

/// The error that travels through serde's derived code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A derived struct needs this field.
    Missing(&'static str),
    /// A derived struct was given this field twice, by its name and by an alias.
    Duplicate(&'static str),
    /// A `Deserialize` of ours refused the value, in these words.
    Custom(String),
    /// Something was learned: begin again.
    Restart,
    /// A limit was reached: give up.
    Halt,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(field) => write!(f, "missing field `{field}`"),
            Self::Duplicate(field) => write!(f, "duplicate field `{field}`"),
            Self::Custom(message) => f.write_str(message),
            Self::Restart => f.write_str("begin again"),
            Self::Halt => f.write_str("a limit was reached"),
        }
    }
}

impl std::error::Error for Refusal {}

impl serde::de::Error for Refusal {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::Duplicate(field)
    }
}
