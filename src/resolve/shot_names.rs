//! Generates names for unnamed shots.

use super::shot_sources::ShotSource;
use crate::base::{FileSpan, Spanned};
use crate::document::draft::ShotDraft;
use std::collections::HashSet;

/// Start of the names that unnamed shots get.
const GENERATED_NAME_PREFIX: &str = "shot_";

/// Generates names for unnamed shots.
pub(super) struct ShotNames {
    taken: HashSet<String>,
    count: usize,
}

impl ShotNames {
    /// Collects the written names that a generated name could collide with.
    pub(super) fn from_sources(sources: &[ShotSource<'_>]) -> Self {
        let names = sources
            .iter()
            .filter_map(|source| source.draft.name.as_ref().map(|name| &name.value));
        Self {
            taken: names
                // Few documents have any, so the set is mostly empty and no other name is copied.
                .filter(|name| name.starts_with(GENERATED_NAME_PREFIX))
                .cloned()
                .collect(),
            count: 0,
        }
    }

    pub(super) fn next_name(&mut self, draft: &ShotDraft, origin: FileSpan) -> Spanned<String> {
        // Named shots count too: the number of a name is the shot's position. Otherwise naming one
        // shot would rename all later ones and render them again.
        self.count += 1;
        if let Some(name) = &draft.name {
            return name.clone();
        }
        let mut number = self.count;
        let name = loop {
            let name = format!("{GENERATED_NAME_PREFIX}{number:03}");
            // A name that is taken moves on to the next free number.
            if self.taken.insert(name.clone()) {
                break name;
            }
            number += 1;
        };
        Spanned::new(name, origin)
    }
}
