//! Conditions of a costume.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What state a costume is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Condition")]
pub enum CostumeCondition {
    /// As new.
    Pristine,
    /// Used; it never looks new again.
    Worn,
    /// Soiled; it can be washed.
    Dirty,
    /// Spoilt in some way; it stays so.
    Damaged,
    /// Ripped; it stays so.
    Torn,
    /// Scorched; it stays so.
    Burned,
    /// Soaked; it dries.
    Wet,
    /// Stained with blood; a stain stays.
    Bloodied,
}

impl CostumeCondition {
    /// Returns the word that documents use.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Pristine => "pristine",
            Self::Worn => "worn",
            Self::Dirty => "dirty",
            Self::Damaged => "damaged",
            Self::Torn => "torn",
            Self::Burned => "burned",
            Self::Wet => "wet",
            Self::Bloodied => "bloodied",
        }
    }
}
