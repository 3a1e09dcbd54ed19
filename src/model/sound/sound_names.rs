//! The one table of what can be synthesised by name: effects, ambiences and rooms.
//!
//! The names are words of documents, so they never change their meaning. What a name sounds like is
//! decided where it is synthesised.

use super::sound_work::RoomKind;

/// A sound that a document can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NamedSound {
    /// The name in documents.
    pub name: &'static str,
    /// What it is, in a few words.
    pub description: &'static str,
}

const fn sound(name: &'static str, description: &'static str) -> NamedSound {
    NamedSound { name, description }
}

/// Every effect, in the order of the documentation.
pub const EFFECT_NAMES: [NamedSound; 24] = [
    sound("footsteps", "two steps on a hard floor"),
    sound("footstep_wood", "one step on boards"),
    sound("footstep_stone", "one step on stone"),
    sound("footstep_earth", "one step on earth"),
    sound("footstep_water", "one step in shallow water"),
    sound("footstep_metal", "one step on a grating"),
    sound("footstep_carpet", "one step on carpet"),
    sound("door_open", "a latch and a hinge"),
    sound("door_close", "a door that falls into its latch"),
    sound("door_slam", "a door that is thrown shut"),
    sound("knock", "three knocks on wood"),
    sound("cloth", "the rustle of a sleeve"),
    sound("impact", "a hard blow"),
    sound("thud", "something heavy and soft falls"),
    sound("splash", "something falls into water"),
    sound("bell", "one stroke of a bell"),
    sound("click", "a small mechanical click"),
    sound("whoosh", "something passes close by"),
    sound("glass", "glass breaks"),
    sound("paper", "a sheet is turned"),
    sound("switch", "an electric switch"),
    sound("creak", "old wood under load"),
    sound("wind_gust", "one gust of wind"),
    sound("sting", "a low hit and a shimmer, for a logo or a title"),
];

/// Every ambience, in the order of the documentation.
pub const AMBIENCE_NAMES: [NamedSound; 12] = [
    sound("sea", "waves on a shore"),
    sound("harbour", "water against a quay, ropes, far gulls"),
    sound("wind", "steady wind with gusts"),
    sound("rain", "rain on the ground"),
    sound("room_tone", "the quiet hum of a closed room"),
    sound("street", "traffic some way off"),
    sound("forest", "leaves and birds"),
    sound("office", "ventilation, far keys and steps"),
    sound("space", "the low drone of a ship"),
    sound("workshop", "a hall with a motor that runs"),
    sound("night", "crickets"),
    sound("crowd", "many voices without words"),
];

/// Every room with its name and what it is, in the order of the documentation.
pub const ROOM_NAMES: [(RoomKind, NamedSound); 5] = [
    (
        RoomKind::Outdoors,
        sound("outdoors", "outside, without any reverberation"),
    ),
    (RoomKind::SmallRoom, sound("small_room", "a furnished room")),
    (
        RoomKind::Room,
        sound("room", "a workshop, an office, a class room"),
    ),
    (RoomKind::Hall, sound("hall", "a hall, a church, a factory")),
    (
        RoomKind::Dry,
        sound("dry", "none at all, as in a booth or in space"),
    ),
];

/// Returns the effect of this name.
#[must_use]
pub fn effect_by_name(name: &str) -> Option<&'static NamedSound> {
    EFFECT_NAMES.iter().find(|effect| effect.name == name)
}

/// Returns the ambience of this name.
#[must_use]
pub fn ambience_by_name(name: &str) -> Option<&'static NamedSound> {
    AMBIENCE_NAMES.iter().find(|ambience| ambience.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sound::StepSurface;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_distinct_and_plain() {
        let rooms = ROOM_NAMES.iter().map(|(_, room)| room);
        let all: Vec<&NamedSound> = EFFECT_NAMES
            .iter()
            .chain(&AMBIENCE_NAMES)
            .chain(rooms)
            .collect();
        let names: BTreeSet<&str> = all.iter().map(|sound| sound.name).collect();
        assert_eq!(names.len(), all.len());
        for sound in all {
            let is_plain = |c: char| c.is_ascii_lowercase() || c == '_';
            assert!(sound.name.chars().all(is_plain), "{}", sound.name);
            // `off` turns an ambience off.
            assert_ne!(sound.name, "off");
        }
    }

    #[test]
    fn a_step_on_every_surface_is_an_effect() {
        for surface in StepSurface::ALL {
            let name = surface.effect_name();
            assert!(effect_by_name(name).is_some(), "{name}");
        }
    }

    #[test]
    fn the_page_on_sound_lists_every_name() {
        let page = include_str!("../../../docs/sound.md");
        let rooms = ROOM_NAMES.iter().map(|(_, room)| room);
        for sound in EFFECT_NAMES.iter().chain(&AMBIENCE_NAMES).chain(rooms) {
            let cells = format!("| `{}` | {}", sound.name, sound.description);
            assert!(page.contains(&cells), "{cells}");
        }
    }

    #[test]
    fn a_room_has_the_name_that_files_have() {
        for (room, name) in ROOM_NAMES {
            assert_eq!(crate::base::json::serialized_name(&room), name.name);
        }
    }
}
