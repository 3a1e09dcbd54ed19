//! What people walk on, which decides how steps sound.

use serde::{Deserialize, Serialize};

/// What people walk on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepSurface {
    /// Boards: a pier, a deck, a stage.
    Wood,
    /// Stone, concrete, tiles, asphalt.
    Stone,
    /// Earth, grass, gravel, sand, snow.
    Earth,
    /// Shallow water and mud.
    Water,
    /// Grating, plates, the floor of a ship in space.
    Metal,
    /// Carpet and rugs.
    Carpet,
}

impl StepSurface {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Wood,
        Self::Stone,
        Self::Earth,
        Self::Water,
        Self::Metal,
        Self::Carpet,
    ];

    /// Returns the name of a step on it, which is a name of an effect.
    #[must_use]
    pub const fn effect_name(self) -> &'static str {
        match self {
            Self::Wood => "footstep_wood",
            Self::Stone => "footstep_stone",
            Self::Earth => "footstep_earth",
            Self::Water => "footstep_water",
            Self::Metal => "footstep_metal",
            Self::Carpet => "footstep_carpet",
        }
    }

    /// Returns the words that name such a covering.
    const fn coverings(self) -> &'static [&'static str] {
        match self {
            Self::Wood => &[
                "wood", "wooden", "oak", "teak", "parquet", "plank", "planks", "boards", "deck",
            ],
            Self::Stone => &[
                "stone", "concrete", "tile", "tiles", "tiled", "marble", "asphalt", "pavement",
                "cobble", "cobbles", "linoleum",
            ],
            Self::Earth => &["grass", "sand", "gravel", "snow", "soil", "earth", "leaves"],
            Self::Water => &["puddle", "puddles", "mud", "shallows"],
            Self::Metal => &["grating", "metal", "steel", "iron"],
            Self::Carpet => &["carpet", "carpets", "carpeted", "rug", "rugs"],
        }
    }

    /// Returns the words that name a place with such a covering.
    const fn places(self) -> &'static [&'static str] {
        match self {
            Self::Wood => &[
                "pier",
                "jetty",
                "dock",
                "stage",
                "cabin",
                "attic",
                "lodge",
                "barn",
                "saloon",
                "workshop",
                "apartment",
                "bedroom",
            ],
            Self::Stone => &[
                "street",
                "road",
                "alley",
                "square",
                "harbour",
                "quay",
                "station",
                "garage",
                "kitchen",
                "bathroom",
                "hospital",
                "church",
                "castle",
                "cave",
                "factory",
                "warehouse",
                "lobby",
                "hall",
                "corridor",
                "city",
                "rooftop",
            ],
            Self::Earth => &[
                "meadow", "field", "forest", "garden", "park", "beach", "desert", "jungle", "hill",
                "moor", "mountain",
            ],
            Self::Water => &["swamp", "marsh"],
            Self::Metal => &[
                "spaceship",
                "starship",
                "spacecraft",
                "submarine",
                "airlock",
            ],
            Self::Carpet => &["theatre", "cinema", "hotel"],
        }
    }

    /// Returns the surface that names and descriptions of a location tell: the first covering that
    /// any of them names, else the first place whose covering is known.
    pub fn from_texts(texts: &[&str]) -> Option<Self> {
        let words: Vec<String> = texts
            .iter()
            .flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()))
            .map(str::to_lowercase)
            .collect();
        // A carpet in a hall is a carpet, wherever the hall is mentioned.
        let first_named = |list: fn(Self) -> &'static [&'static str]| {
            words.iter().find_map(|word| {
                let mut surfaces = Self::ALL.into_iter();
                surfaces.find(|surface| list(*surface).contains(&word.as_str()))
            })
        };
        first_named(Self::coverings).or_else(|| first_named(Self::places))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_places_tell_the_surface() {
        for (texts, surface) in [
            (
                &["pier_night", "harbour_night"][..],
                Some(StepSurface::Wood),
            ),
            (&["assets/pier.glb"], Some(StepSurface::Wood)),
            (&["scene 5", "EXT. FOREST - DAY"], Some(StepSurface::Earth)),
            (
                &["Concrete floor, brick and steel"],
                Some(StepSurface::Stone),
            ),
            (&["corridor"], Some(StepSurface::Stone)),
            (&["a hall", "patterned carpet"], Some(StepSurface::Carpet)),
            (&["somewhere"], None),
            (&[], None),
        ] {
            assert_eq!(StepSurface::from_texts(texts), surface, "{texts:?}");
        }
    }
}
