//! The beats and archetypes of a library as the planner reads them: typed, in the order of their
//! files.

use super::beat_length::{is_beat_length, parse_seconds};
use crate::base::Spanned;
use crate::document::OneOrMany;
use crate::document::beat_draft::{ArchetypeDraft, BeatDraft, ProductKindDraft};
use crate::library::{Library, PresetInfo};
use crate::model::beats::{BeatPosition, EnergyCurve, EnergyLevel};

/// A beat that can be planned with: it has a length and a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryBeat {
    /// Its name.
    pub name: String,
    /// Seconds.
    pub seconds: u32,
    /// Where it belongs.
    pub position: BeatPosition,
    /// How lively it is.
    pub energy: EnergyLevel,
    /// The products that it suits.
    pub products: Vec<String>,
    /// The type of its picture.
    pub shot_type: String,
    /// What happens.
    pub action: String,
    /// How the camera moves.
    pub camera_movement: String,
    /// Its picture in words.
    pub prompt_template: String,
    /// What it is, for people.
    pub description: String,
    /// Whether somebody is seen in it.
    pub shows_person: bool,
}

/// An archetype that can be planned with.
#[derive(Debug, Clone)]
pub struct LibraryArchetype {
    /// Its id.
    pub id: String,
    /// Its fields.
    pub fields: ArchetypeDraft,
    /// How its energy changes.
    pub energy_curve: EnergyCurve,
    /// The shortest and the longest usual length.
    pub range: [u32; 2],
}

impl LibraryArchetype {
    /// Returns its beats in their usual order.
    #[must_use]
    pub fn sequence(&self) -> Vec<&str> {
        let written = self.fields.suggested_beat_sequence.iter().flatten();
        written.map(|name| name.value.as_str()).collect()
    }

    /// Returns its name for people.
    #[must_use]
    pub fn title(&self) -> String {
        text_of(&self.fields.name, &self.id.replace('_', " "))
    }

    /// Returns its mood.
    #[must_use]
    pub fn mood(&self) -> String {
        text_of(&self.fields.mood, "neutral")
    }
}

/// A kind of products.
#[derive(Debug, Clone)]
pub struct LibraryProduct {
    /// Its name.
    pub name: String,
    /// Its fields.
    pub fields: ProductKindDraft,
}

/// What the planner reads of a library.
#[derive(Debug, Clone)]
pub struct AdLibrary {
    /// The beats, in the order of their files.
    pub beats: Vec<LibraryBeat>,
    /// The archetypes.
    pub archetypes: Vec<LibraryArchetype>,
    /// The kinds of products.
    pub products: Vec<LibraryProduct>,
}

impl AdLibrary {
    /// Reads a library. Beats without a length or a position are left out: they can be written in a
    /// document, but nobody knows where they belong.
    #[must_use]
    pub fn from_library(library: &Library) -> Self {
        let beats = in_file_order(library.beats.preset_infos());
        let archetypes = in_file_order(library.archetypes.preset_infos());
        let products = in_file_order(library.products.preset_infos());
        Self {
            beats: beats
                .iter()
                .filter_map(|name| library_beat(name, library.beats.get(name)?))
                .collect(),
            archetypes: archetypes
                .iter()
                .filter_map(|id| Some(library_archetype(id, library.archetypes.get(id)?)))
                .collect(),
            products: products
                .iter()
                .filter_map(|name| {
                    Some(LibraryProduct {
                        name: name.clone(),
                        fields: library.products.get(name)?.clone(),
                    })
                })
                .collect(),
        }
    }

    /// Returns the beat of this name.
    #[must_use]
    pub fn beat(&self, name: &str) -> Option<&LibraryBeat> {
        self.beats.iter().find(|beat| beat.name == name)
    }

    /// Returns the archetype of this id.
    #[must_use]
    pub fn archetype(&self, id: &str) -> Option<&LibraryArchetype> {
        self.archetypes.iter().find(|archetype| archetype.id == id)
    }
}

/// Returns the names in the order in which they are written, built-in ones first. The order decides
/// between equals, so it must not be that of the alphabet.
fn in_file_order<'a>(infos: impl Iterator<Item = &'a PresetInfo>) -> Vec<String> {
    let mut infos: Vec<&PresetInfo> = infos.collect();
    infos.sort_by_key(|info| (!info.built_in, info.name.origin));
    infos.iter().map(|info| info.name.value.clone()).collect()
}

fn library_beat(name: &str, draft: &BeatDraft) -> Option<LibraryBeat> {
    let seconds = parse_seconds(&draft.duration.as_ref()?.value)?;
    Some(LibraryBeat {
        name: name.to_owned(),
        // Ads are multiples of five seconds, which a beat of another length could not fill.
        seconds: is_beat_length(seconds).then_some(seconds)?,
        position: draft.typical_position.as_ref()?.value,
        energy: draft
            .energy_level
            .map_or(EnergyLevel::Medium, |level| level.value),
        products: words(&draft.compatible_products),
        shot_type: text_of(&draft.shot_type, "medium"),
        action: text_of(&draft.action, name),
        camera_movement: text_of(&draft.camera_movement, "static"),
        prompt_template: text_of(&draft.prompt_template, "{product_name}"),
        description: text_of(&draft.description, ""),
        shows_person: shows_person(draft),
    })
}

fn shows_person(draft: &BeatDraft) -> bool {
    let shots = draft.shots.iter().flatten();
    let mut shots = shots.filter_map(|written| written.shot.as_ref());
    shots.any(|shot| shot.character.is_some() || shot.characters.is_some())
}

fn library_archetype(id: &str, draft: &ArchetypeDraft) -> LibraryArchetype {
    LibraryArchetype {
        id: id.to_owned(),
        energy_curve: draft
            .energy_curve
            .map_or(EnergyCurve::Steady, |curve| curve.value),
        range: draft
            .typical_duration_range
            .map_or([5, 60], |range| range.value),
        fields: draft.clone(),
    }
}

/// Returns the texts of a list.
#[must_use]
pub(super) fn words(list: &OneOrMany<Spanned<String>>) -> Vec<String> {
    list.iter().map(|word| word.value.clone()).collect()
}

/// Returns a text, or `otherwise` if it is unset.
#[must_use]
pub(super) fn text_of(field: &Option<Spanned<String>>, otherwise: &str) -> String {
    field
        .as_ref()
        .map_or_else(|| otherwise.to_owned(), |text| text.value.clone())
}
