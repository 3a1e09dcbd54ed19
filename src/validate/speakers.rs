//! Queries on the speakers of the script: who speaks, and which character that is.

use crate::base::Spanned;
use crate::base::name_form::script_name_form;
use crate::model::Production;
use crate::model::production::AssetRef;
use crate::model::speaker_names::{bare_speaker_name, script_names};
use std::collections::{HashMap, HashSet};

/// Extensions of screenplays that are not plain text.
const NON_TEXT_EXTENSIONS: [&str; 8] = [
    "pdf", "doc", "docx", "odt", "rtf", "fadein", "highland", "celtx",
];

/// Returns whether the extension is of a format that is not plain text.
pub(super) fn is_not_text(script: &AssetRef) -> bool {
    NON_TEXT_EXTENSIONS
        .iter()
        .any(|extension| script.has_extension(extension))
}

/// Characters by the names that a script may use for them.
#[derive(Debug)]
pub(super) struct SpeakerIndex {
    // Of two characters with one name, the first gets the words. A rule reports that, so the index
    // only has to be consistent.
    by_name: HashMap<String, usize>,
}

impl SpeakerIndex {
    pub(super) fn from_production(production: &Production) -> Self {
        let mut by_name = HashMap::new();
        for (index, character) in production.characters.iter().enumerate() {
            for name in script_names(character) {
                by_name.entry(name).or_insert(index);
            }
        }
        Self { by_name }
    }

    /// Returns the index of the character for a speaker's name as written in the script.
    pub(super) fn character_index(&self, speaker: &str) -> Option<usize> {
        self.by_name
            .get(&script_name_form(bare_speaker_name(speaker)))
            .copied()
    }
}

/// Returns every speaker of the script once, with the place of the first cue.
pub(super) fn distinct_speakers(production: &Production) -> Vec<&Spanned<String>> {
    let mut known = HashSet::new();
    let speakers = production.scenes.iter().flat_map(|scene| &scene.speakers);
    speakers
        .filter(|speaker| known.insert(script_name_form(bare_speaker_name(&speaker.value))))
        .collect()
}

/// Returns the place of a heading as a name: `EXT. HARBOUR PIER - DUSK` gives `harbour_pier`.
pub(super) fn heading_location(heading: &str) -> String {
    let place = heading.split_once(". ").map_or(heading, |(_, place)| place);
    let place = place.rsplit_once(" - ").map_or(place, |(place, _)| place);
    place.trim().to_lowercase().replace(' ', "_")
}
