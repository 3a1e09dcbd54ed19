//! A colour as a screen shows it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// A colour in sRGB, red, green and blue from 0 to 255. Written as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ScreenColour(pub [u8; 3]);

impl ScreenColour {
    /// Black.
    pub const BLACK: Self = Self([0; 3]);
    /// White.
    pub const WHITE: Self = Self([255; 3]);

    /// Returns the colour that is written as `#rrggbb`. `None`: it is written otherwise.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#')?;
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = value.to_be_bytes();
        Some(Self([red, green, blue]))
    }
}

impl fmt::Display for ScreenColour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Serialize for ScreenColour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ScreenColour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_hex(&text).ok_or_else(|| serde::de::Error::custom("not a colour as #rrggbb"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_written_as_it_is_read() {
        let orange = ScreenColour([255, 140, 0]);
        assert_eq!(orange.to_string(), "#ff8c00");
        assert_eq!(ScreenColour::from_hex("#FF8C00"), Some(orange));
        for wrong in ["ff8c00", "#ff8c0", "#ff8c001", "#+f8c00", "#äää", ""] {
            assert_eq!(ScreenColour::from_hex(wrong), None, "{wrong}");
        }
        let text = serde_json::to_string(&orange).unwrap();
        assert_eq!(serde_json::from_str::<ScreenColour>(&text).unwrap(), orange);
    }
}
