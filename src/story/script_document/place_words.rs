//! Which preset of locations stands for a place of a script, by the words of its heading.

use crate::story::breakdown::{DayPart, SceneBreakdown};
use crate::story::fountain::SceneSetting;

/// Presets for places by day, or at any time, and by night. The first word that is found decides.
const PLACES: &[(&str, &str, &[&str])] = &[
    ("workshop_night", "workshop_night", &["WORKSHOP"]),
    (
        "harbour_dusk",
        "harbour_night",
        &[
            "HARBOUR", "HARBOR", "PIER", "DOCK", "DOCKS", "QUAY", "JETTY", "MARINA",
        ],
    ),
    (
        "scifi_interior",
        "scifi_interior",
        &[
            "SPACESHIP",
            "STARSHIP",
            "BRIDGE OF THE SHIP",
            "AIRLOCK",
            "SPACE STATION",
        ],
    ),
    (
        "industrial_warehouse",
        "abandoned_warehouse",
        &[
            "WAREHOUSE",
            "FACTORY",
            "GARAGE",
            "HANGAR",
            "BARN",
            "SHED",
            "CELLAR",
            "BASEMENT",
        ],
    ),
    (
        "corporate_office",
        "corporate_office",
        &[
            "OFFICE",
            "BANK",
            "STATION",
            "COURT",
            "COURTROOM",
            "CLASSROOM",
            "SCHOOL",
            "HOSPITAL",
        ],
    ),
    (
        "beach",
        "harbour_night",
        &["BEACH", "SEA", "SHORE", "COAST", "OCEAN", "BOAT", "ISLAND"],
    ),
    (
        "forest",
        "forest",
        &[
            "FOREST", "WOOD", "WOODS", "PARK", "GARDEN", "JUNGLE", "ORCHARD", "FIELD", "MEADOW",
        ],
    ),
    (
        "mountain",
        "mountain",
        &["MOUNTAIN", "HILL", "CLIFF", "PEAK", "SUMMIT", "VALLEY"],
    ),
    ("desert", "desert", &["DESERT", "DUNES", "CANYON"]),
    (
        "urban_rooftop",
        "urban_rooftop",
        &["ROOF", "ROOFTOP", "TERRACE", "BALCONY"],
    ),
    (
        "victorian_parlor",
        "victorian_parlor",
        &[
            "PARLOR", "PARLOUR", "MANSION", "CASTLE", "LIBRARY", "CHURCH",
        ],
    ),
    (
        "modern_apartment",
        "apartment",
        &[
            "APARTMENT",
            "FLAT",
            "HOUSE",
            "HOME",
            "KITCHEN",
            "BEDROOM",
            "BATHROOM",
            "LIVING ROOM",
        ],
    ),
    (
        "street",
        "cyberpunk",
        &[
            "STREET", "ROAD", "ALLEY", "CITY", "TOWN", "SQUARE", "CAR", "BUS", "MARKET",
        ],
    ),
];

/// Returns the name of the preset for the place of a scene.
pub(super) fn place_preset(scene: &SceneBreakdown) -> &'static str {
    let is_night = scene.day_part == Some(DayPart::Night);
    let by_time = |(day, night): (&'static str, &'static str)| if is_night { night } else { day };
    // Blanks at both ends, so that only whole words are found.
    let words: String = scene
        .location
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = format!(" {} ", words.to_uppercase());
    let found = PLACES.iter().find(|(_, _, names)| {
        let mut names = names.iter();
        names.any(|name| words.contains(&format!(" {name} ")))
    });
    by_time(found.map_or_else(
        || match scene.setting {
            SceneSetting::Exterior => ("street", "harbour_night"),
            _ => ("modern", "apartment"),
        },
        |(day, night, _)| (*day, *night),
    ))
}
