//! Which shot a clip of a timeline is, and which of its frames.

use super::exchange_timeline::ExchangeClip;
use super::reel_names::{ReelEntry, reel_names};
use super::relative_url::url_stem;
use crate::base::name_form::name_form;
use crate::model::production::Shot;
use std::collections::HashMap;

/// The most shots whose names are looked for within the names of clips.
const MOST_COMPARED: usize = 4000;

/// The shots of a production by the names that a timeline may know them by.
pub(super) struct RecutNames<'a> {
    shots: &'a [Shot],
    exact: HashMap<&'a str, usize>,
    /// In small letters.
    folded: HashMap<String, usize>,
    reels: HashMap<String, usize>,
    /// The entries of the table of reels, by shot.
    entries: HashMap<&'a str, Vec<&'a ReelEntry>>,
}

impl<'a> RecutNames<'a> {
    pub(super) fn new(shots: &'a [Shot], entries: &'a [ReelEntry]) -> Self {
        let names: Vec<&str> = shots.iter().map(|shot| shot.name.value.as_str()).collect();
        let mut exact = HashMap::new();
        let mut folded = HashMap::new();
        for (index, name) in names.iter().enumerate() {
            exact.entry(*name).or_insert(index);
            folded.entry(folded_name(name)).or_insert(index);
        }
        let mut reels = HashMap::new();
        let mut by_shot: HashMap<&str, Vec<&ReelEntry>> = HashMap::new();
        for entry in entries {
            by_shot.entry(&entry.shot).or_default().push(entry);
            if let Some(index) = exact.get(entry.shot.as_str()) {
                reels.entry(folded_name(&entry.reel)).or_insert(*index);
            }
        }
        // The reels that we would give the shots now. Those of the table go first: they are older.
        for (index, reel) in reel_names(&names).iter().enumerate() {
            reels.entry(folded_name(reel)).or_insert(index);
        }
        Self {
            shots,
            exact,
            folded,
            reels,
            entries: by_shot,
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        let shots = self.shots;
        shots.iter().map(|shot| shot.name.value.as_str())
    }

    /// Returns the index of the shot that a clip is a part of. `None`: none has one of its names.
    pub(super) fn find_shot(&self, clip: &ExchangeClip) -> Option<usize> {
        let names = || {
            let others = clip.other_names.iter().map(String::as_str);
            std::iter::once(clip.name.as_str()).chain(others)
        };
        names()
            .find_map(|name| self.find_name(name))
            .or_else(|| names().find_map(|name| self.find_part(name)))
    }

    fn find_name(&self, name: &str) -> Option<usize> {
        let stem = url_stem(name);
        let is_known = |name: &str| {
            let exact = self.exact.get(name);
            exact
                .or_else(|| self.folded.get(&folded_name(name)))
                .copied()
        };
        is_known(name)
            .or_else(|| is_known(&stem))
            .or_else(|| self.reels.get(&folded_name(name)).copied())
    }

    /// Returns the only shot whose name is a part of a longer one, such as `film_sh010_v2.mov`. Of
    /// several, the longest.
    fn find_part(&self, name: &str) -> Option<usize> {
        // Each name is compared with every shot, which would be quadratic in a long film.
        if self.shots.len() > MOST_COMPARED {
            return None;
        }
        let name = folded_name(name);
        let mut found: Vec<usize> = (0..self.shots.len())
            .filter(|index| has_part(&name, &folded_name(&self.shots[*index].name.value)))
            .collect();
        let length = |index: &usize| self.shots[*index].name.value.len();
        let longest = found.iter().map(length).max()?;
        found.retain(|index| length(index) == longest);
        match found.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Returns the first frame of a shot that a clip shows, counted from the first frame of the
    /// shot: negative before it. `None`: the clip shows no frame of the shot.
    pub(super) fn first_frame(&self, clip: &ExchangeClip, index: usize) -> Option<i64> {
        let shot = &self.shots[index];
        let first = i64::from(shot.frames.first()?);
        let length = i64::try_from(shot.frames.len()).ok()?;
        let shown = i64::try_from(clip.length).ok()?;
        let overlaps = |place: &i64| *place < length && *place > -shown;
        let source = clip.source_start;
        if let Some(offset) = clip.shot_offset.or_else(|| self.table_offset(clip, index)) {
            return Some(source.saturating_add(offset).saturating_sub(first)).filter(overlaps);
        }
        // As we write it, the source counts the frames of the shot. Files that others made of them
        // begin at 0, or with the handles that they have.
        let by_number = Some(source.saturating_sub(first));
        let by_media = clip
            .media
            .as_ref()
            .filter(|media| media.length > 0)
            .map(|media| {
                let beyond = i64::try_from(media.length).unwrap_or(length) - length;
                source
                    .saturating_sub(media.start)
                    .saturating_sub(beyond.max(0) / 2)
            });
        let by_time = Some(source);
        [by_number, by_media, by_time]
            .into_iter()
            .flatten()
            .find(overlaps)
    }

    /// Returns what is between the numbers of a source and those of its shot, by the table of
    /// reels.
    fn table_offset(&self, clip: &ExchangeClip, index: usize) -> Option<i64> {
        let name = &self.shots[index].name.value;
        let mut entries = self.entries.get(name.as_str())?.iter();
        let entry = entries
            .find(|entry| clip.reel.is_empty() || entry.reel.eq_ignore_ascii_case(&clip.reel))?;
        Some(entry.shot_frame.saturating_sub(entry.source_start))
    }
}

fn folded_name(name: &str) -> String {
    name_form(name.trim()).to_lowercase()
}

/// Returns whether `part` is in a name, with no letter or digit around it.
fn has_part(name: &str, part: &str) -> bool {
    if part.is_empty() {
        return false;
    }
    name.match_indices(part).any(|(at, _)| {
        let before = name[..at].chars().next_back();
        let behind = name[at + part.len()..].chars().next();
        let is_free = |letter: Option<char>| !letter.is_some_and(char::is_alphanumeric);
        is_free(before) && is_free(behind)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_name_has_nothing_of_a_word_around_it() {
        assert!(has_part("film_sh010_v2.mov", "sh010"));
        assert!(!has_part("film_sh0100.mov", "sh010"));
        assert!(!has_part("film", ""));
        assert!(has_part("sh010", "sh010"));
    }
}
