//! Names that are unique within a sequence, as tracking tools write them. The sequence makes them
//! unique in the film.
//!
//! Owns which columns distinguish names, and the joined form. A table whose names are unique
//! already keeps them.

use super::csv_reader::CsvRow;
use super::shot_columns::ShotColumn;
use crate::base::FileSpan;
use std::collections::{HashMap, HashSet};

/// The columns that can distinguish names.
const PLACES: [ShotColumn; 3] = [
    ShotColumn::Episode,
    ShotColumn::Sequence,
    ShotColumn::Field("scene"),
];

/// Sets of places that are tried, the least first: an episode is part of a name only if two
/// episodes have a sequence of one name.
const TRIED: [&[usize]; 5] = [&[1], &[0, 1], &[2], &[1, 2], &[0, 1, 2]];

/// The name of one shot.
#[derive(Debug)]
struct PlacedName {
    origin: FileSpan,
    name: String,
    /// The texts of the columns of `PLACES`.
    places: [String; 3],
}

/// The names of a table with their places.
#[derive(Debug, Default)]
pub(super) struct PlacedNames {
    names: Vec<PlacedName>,
}

impl PlacedNames {
    /// Adds the name of a row. `origin` is that of its cell.
    pub(super) fn add_row(
        &mut self,
        columns: &[ShotColumn],
        row: &CsvRow<'_>,
        origin: FileSpan,
        name: &str,
    ) {
        let text = |place: ShotColumn| {
            let mut cells = columns.iter().zip(&row.cells);
            let cell = cells.find(|(column, _)| **column == place);
            cell.map(|(_, cell)| cell.text.clone().into_owned())
                .unwrap_or_default()
        };
        self.names.push(PlacedName {
            origin,
            name: name.to_owned(),
            places: PLACES.map(text),
        });
    }

    /// Returns the joined names by the places of their cells. Empty if the names are unique, or if
    /// no column distinguishes them.
    pub(super) fn joined_names(&self) -> HashMap<FileSpan, String> {
        if self.are_unique(&[]) {
            return HashMap::new();
        }
        let used: Vec<usize> = (0..PLACES.len())
            .filter(|place| {
                self.names
                    .iter()
                    .any(|name| !name.places[*place].is_empty())
            })
            .collect();
        let tried = TRIED
            .iter()
            .filter(|places| places.iter().all(|place| used.contains(place)));
        let found = tried.copied().find(|places| self.are_unique(places));
        // If nothing distinguishes all of them, the usual place is joined, and a rule reports those
        // that are still equal.
        let places = found.unwrap_or(if used.contains(&1) { &[1] } else { &[] });
        let joined = self.names.iter().filter(|_| !places.is_empty());
        joined
            .map(|name| (name.origin, name.joined(places)))
            .collect()
    }

    fn are_unique(&self, places: &[usize]) -> bool {
        let mut seen = HashSet::new();
        self.names
            .iter()
            .all(|name| seen.insert(name.joined(places)))
    }
}

impl PlacedName {
    fn joined(&self, places: &[usize]) -> String {
        // The innermost place first, so that a name that begins with its sequence is not given it
        // again, and its episode only once.
        places.iter().rev().fold(self.name.clone(), |name, place| {
            let place = &self.places[*place];
            match place.is_empty() || begins_with(&name, place) {
                true => name,
                false => format!("{place}_{name}"),
            }
        })
    }
}

/// Returns whether a name begins with a place as a word: `SQ01_SH010` does with `SQ01`, and `10`
/// does not with `1`.
fn begins_with(name: &str, place: &str) -> bool {
    name.strip_prefix(place)
        .is_some_and(|behind| behind.starts_with(|c: char| !c.is_alphanumeric()))
}
