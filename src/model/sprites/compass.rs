//! The directions that a sprite faces, as on a compass that is on the screen.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Names of the sixteen directions, counter-clockwise as seen from above.
const NAMES: [&str; 16] = [
    "south",
    "south_south_east",
    "south_east",
    "east_south_east",
    "east",
    "east_north_east",
    "north_east",
    "north_north_east",
    "north",
    "north_north_west",
    "north_west",
    "west_north_west",
    "west",
    "west_south_west",
    "south_west",
    "south_south_west",
];

/// One of sixteen directions. South faces the viewer, east the right edge of the picture.
// In sixteenths of a turn from south, counter-clockwise as seen from above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CompassDirection(u8);

/// The order in which the directions of a sheet follow each other, as seen from above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TurnOrder {
    /// South, west, north, east.
    #[default]
    Clockwise,
    /// South, east, north, west.
    CounterClockwise,
}

impl CompassDirection {
    /// Faces the viewer.
    pub const SOUTH: Self = Self(0);

    /// Returns the direction of this name, such as `south_east`. `None`: there is none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let index = NAMES.iter().position(|known| *known == name)?;
        u8::try_from(index).ok().map(Self)
    }

    /// Returns the names of all directions.
    #[must_use]
    pub const fn names() -> &'static [&'static str] {
        &NAMES
    }

    /// Returns its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        NAMES[(self.0 & 15) as usize]
    }

    /// Returns the degrees from south, counter-clockwise as seen from above.
    #[must_use]
    pub fn degrees(self) -> f32 {
        f32::from(self.0) * 22.5
    }

    /// Returns the direction some sixteenths of a turn further.
    const fn turned(self, sixteenths: u8, order: TurnOrder) -> Self {
        let steps = match order {
            TurnOrder::CounterClockwise => sixteenths & 15,
            TurnOrder::Clockwise => (16 - (sixteenths & 15)) & 15,
        };
        Self((self.0 + steps) & 15)
    }
}

impl fmt::Display for CompassDirection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Returns `count` directions, evenly around from `first`. `count` is 1, 2, 4, 8 or 16.
#[must_use]
pub fn compass_directions(
    count: u8,
    first: CompassDirection,
    order: TurnOrder,
) -> Vec<CompassDirection> {
    let count = count.clamp(1, 16);
    (0..count)
        .map(|index| first.turned(index * (16 / count), order))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(count: u8, first: &str, order: TurnOrder) -> Vec<&'static str> {
        let first = CompassDirection::from_name(first).unwrap();
        compass_directions(count, first, order)
            .into_iter()
            .map(CompassDirection::name)
            .collect()
    }

    #[test]
    fn directions_follow_each_other_in_the_order_that_is_named() {
        let clockwise = ["south", "west", "north", "east"];
        assert_eq!(names(4, "south", TurnOrder::Clockwise), clockwise);
        let counter = ["south_east", "north_east", "north_west", "south_west"];
        assert_eq!(names(4, "south_east", TurnOrder::CounterClockwise), counter);
        assert_eq!(names(1, "east", TurnOrder::Clockwise), ["east"]);
    }

    #[test]
    fn sixteen_directions_are_all_of_them() {
        let mut all = names(16, "north_west", TurnOrder::Clockwise);
        all.sort_unstable();
        let mut known = NAMES;
        known.sort_unstable();
        assert_eq!(all, known);
    }

    #[test]
    fn east_is_a_quarter_turn_to_the_right_of_the_picture() {
        let east = CompassDirection::from_name("east").unwrap();
        assert!((east.degrees() - 90.0).abs() < 1e-6);
        assert_eq!(CompassDirection::from_name("up"), None);
    }
}
