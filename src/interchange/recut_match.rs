//! Which shot a clip of a timeline is, and which of its frames.

use super::exchange_timeline::ExchangeClip;
use super::reel_names::{ReelEntry, reel_names};
use super::relative_url::url_stem;
use crate::base::name_form::name_form;
use crate::model::production::Shot;
use std::collections::HashMap;

/// The longest name in which the name of a shot is looked for, in bytes. File systems have 255.
const MOST_NAME_BYTES: usize = 512;

/// The shots of a production by the names that a timeline may know them by.
pub(super) struct RecutNames<'a> {
    shots: &'a [Shot],
    exact: HashMap<&'a str, usize>,
    /// In small letters.
    folded: HashMap<String, usize>,
    /// The length of the longest folded name.
    longest: usize,
    /// The reels that we would give the shots now.
    reels: HashMap<String, usize>,
    table: TableReels<'a>,
}

impl<'a> RecutNames<'a> {
    pub(super) fn new(shots: &'a [Shot], entries: &'a [ReelEntry]) -> Self {
        let names: Vec<&str> = shots.iter().map(|shot| shot.name.value.as_str()).collect();
        let mut exact = HashMap::new();
        let mut folded: HashMap<String, usize> = HashMap::new();
        for (index, name) in names.iter().enumerate() {
            // The first of equal names. A rule reports the others.
            exact.entry(*name).or_insert(index);
            folded.entry(folded_name(name)).or_insert(index);
        }
        let mut reels = HashMap::new();
        for (index, reel) in reel_names(&names).iter().enumerate() {
            reels.entry(folded_name(reel)).or_insert(index);
        }
        Self {
            shots,
            table: TableReels::new(entries, &exact),
            longest: folded.keys().map(String::len).max().unwrap_or_default(),
            exact,
            folded,
            reels,
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        let shots = self.shots;
        shots.iter().map(|shot| shot.name.value.as_str())
    }

    /// Returns whether a shot is called exactly so.
    pub(super) fn is_shot(&self, name: &str) -> bool {
        self.exact.contains_key(name)
    }

    /// Returns whether a shot is called so, in small or capital letters.
    pub(super) fn is_shot_in_any_case(&self, name: &str) -> bool {
        self.folded.contains_key(&folded_name(name))
    }

    /// Returns the index of the shot that a clip is a part of. `None`: none has one of its names.
    pub(super) fn find_shot(&self, clip: &ExchangeClip) -> Option<usize> {
        let names = || {
            let others = clip.other_names.iter().map(String::as_str);
            std::iter::once(clip.name.as_str()).chain(others)
        };
        names()
            .find_map(|name| self.find_name(name, clip.source_start))
            // After all names were tried in full: a part of one may be the whole of another.
            .or_else(|| names().find_map(|name| self.find_part(name)))
    }

    fn find_name(&self, name: &str, source_start: i64) -> Option<usize> {
        let stem = url_stem(name);
        let is_known = |name: &str| {
            let exact = self.exact.get(name);
            exact
                .or_else(|| self.folded.get(&folded_name(name)))
                .copied()
        };
        // The name as it is before the one without its folder and extension: a shot may have a dot
        // in its name.
        is_known(name)
            .or_else(|| is_known(&stem))
            .or_else(|| self.find_reel(&folded_name(name), source_start))
    }

    /// Returns the shot of a reel. The table goes first: it is older than the reels of now.
    fn find_reel(&self, reel: &str, source_start: i64) -> Option<usize> {
        // The table was written for this timeline, and knows more than a name that was made from
        // the shot's.
        match self.table.reels.get(reel) {
            Some(rows) => rows.find_shot(source_start),
            None => self.reels.get(reel).copied(),
        }
    }

    /// Returns the only shot whose name is a part of a longer one, such as `film_sh010_v2.mov`. Of
    /// several, the longest.
    fn find_part(&self, name: &str) -> Option<usize> {
        match self.longest_parts(name)[..] {
            [shot] => Some(shot),
            _ => None,
        }
    }

    /// Returns the shots of which one is meant by the names of a clip, if its names do not say
    /// which.
    pub(super) fn possible_shots(&self, clip: &ExchangeClip) -> Vec<&'a str> {
        let others = clip.other_names.iter().map(String::as_str);
        let mut names = std::iter::once(clip.name.as_str()).chain(others);
        let several = names.find_map(|name| {
            let parts = self.longest_parts(name);
            (parts.len() > 1).then_some(parts)
        });
        let several = several.unwrap_or_default().into_iter();
        several
            .map(|shot| self.shots[shot].name.value.as_str())
            .collect()
    }

    /// Returns the shots with the longest name that is a part of this one.
    fn longest_parts(&self, name: &str) -> Vec<usize> {
        // Every part of a name is looked up, which is quadratic in its length.
        if name.len() > MOST_NAME_BYTES {
            return Vec::new();
        }
        let name = folded_name(name);
        let mut found: Vec<usize> = Vec::new();
        let mut longest = 0;
        // The parts of the name are looked up, not the shots in the name: a film may have thousands.
        for part in free_parts(&name, self.longest) {
            let Some(shot) = self.folded.get(part).copied() else {
                continue;
            };
            // The longest wins: `sh010` is also in `sh010_wide`.
            if part.len() > longest {
                longest = part.len();
                found.clear();
            }
            if part.len() == longest && !found.contains(&shot) {
                found.push(shot);
            }
        }
        found
    }

    /// Returns what is between the numbers of the source of a clip and those of its shot, if the
    /// timeline or the table of reels says it.
    pub(super) fn offset(&self, clip: &ExchangeClip, index: usize) -> Option<i64> {
        let table = || self.table.offset(&self.shots[index].name.value, &clip.reel);
        clip.shot_offset.or_else(table)
    }

    /// Returns the first frame of a shot that a clip shows, counted from the first frame of the
    /// shot: negative before it. `None`: the clip shows no frame of the shot.
    pub(super) fn first_frame(&self, clip: &ExchangeClip, index: usize) -> Option<i64> {
        let shot = &self.shots[index];
        let first = i64::from(shot.frames.first()?);
        let length = i64::try_from(shot.frames.len()).ok()?;
        let shown = i64::try_from(clip.length).ok()?;
        // A clip must show at least one frame of the shot. Otherwise the numbers are counted in
        // another way.
        let overlaps = |place: &i64| *place < length && *place > -shown;
        let source = clip.source_start;
        if let Some(offset) = self.offset(clip, index) {
            return Some(source.saturating_add(offset).saturating_sub(first)).filter(overlaps);
        }
        // As we write it, the source counts the frames of the shot. Files that others made of them
        // begin at 0, or with the handles that they have.
        let by_number = Some(source.saturating_sub(first));
        let by_media = clip.media.as_ref().map(|media| {
            // What a file has more than its shot is handles, as many before as behind. One of
            // unknown length may have none.
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
}

/// The rows of the table of reels beside a list.
struct TableReels<'a> {
    /// By folded reel.
    reels: HashMap<String, ReelRows>,
    /// What is between the numbers of the source and of the shot, by shot and folded reel.
    offsets: HashMap<(&'a str, String), i64>,
    /// The same, of the first row of a shot.
    first_offsets: HashMap<&'a str, i64>,
}

/// The rows of one reel. A reel that is the finished film has one for each shot.
#[derive(Default)]
struct ReelRows {
    /// The first number of a source, the number behind its last, and its shot, in order. `None`: it
    /// is no shot.
    rows: Vec<(i64, i64, Option<usize>)>,
    has_one_shot: bool,
}

impl<'a> TableReels<'a> {
    fn new(entries: &'a [ReelEntry], shots: &HashMap<&str, usize>) -> Self {
        let mut table = Self {
            reels: HashMap::new(),
            offsets: HashMap::new(),
            first_offsets: HashMap::new(),
        };
        for entry in entries {
            let reel = folded_name(&entry.reel);
            let offset = entry.shot_frame.saturating_sub(entry.source_start);
            let shot = entry.shot.as_str();
            table.first_offsets.entry(shot).or_insert(offset);
            let by_reel = table.offsets.entry((shot, reel.clone()));
            by_reel.or_insert(offset);
            let length = i64::try_from(entry.length).unwrap_or(i64::MAX);
            let end = entry.source_start.saturating_add(length);
            let rows = table.reels.entry(reel).or_default();
            rows.rows
                .push((entry.source_start, end, shots.get(shot).copied()));
        }
        for rows in table.reels.values_mut() {
            // For the search by halves.
            rows.rows.sort_unstable();
            rows.has_one_shot = rows.rows.windows(2).all(|pair| pair[0].2 == pair[1].2);
        }
        table
    }

    /// Returns what has to be added to a number of a source to get that of the shot.
    fn offset(&self, shot: &str, reel: &str) -> Option<i64> {
        if reel.is_empty() {
            return self.first_offsets.get(shot).copied();
        }
        let key = (shot, folded_name(reel));
        self.offsets.get(&key).copied()
    }
}

impl ReelRows {
    /// Returns the shot of the reel. Of a reel with several, the one that has the frame of this
    /// number.
    fn find_shot(&self, source_start: i64) -> Option<usize> {
        // One reel for a whole shot: numbers outside of the table are still of that shot.
        if self.has_one_shot {
            return self.rows.first()?.2;
        }
        let behind = self
            .rows
            .partition_point(|(start, _, _)| *start <= source_start);
        let (_, end, shot) = self.rows.get(behind.checked_sub(1)?)?;
        shot.filter(|_| source_start < *end)
    }
}

fn folded_name(name: &str) -> String {
    name_form(name.trim()).to_lowercase()
}

/// Returns the parts of a name that have no letter or digit of it around them, and are no longer than
/// `most` bytes.
fn free_parts(name: &str, most: usize) -> impl Iterator<Item = &str> {
    let starts = name.char_indices().filter(|(at, _)| {
        let before = name[..*at].chars().next_back();
        !before.is_some_and(char::is_alphanumeric)
    });
    starts.flat_map(move |(start, _)| {
        let rest = &name[start..];
        let ends = rest
            .char_indices()
            .map(|(at, letter)| at + letter.len_utf8());
        ends.take_while(move |end| *end <= most)
            .filter(|end| {
                let behind = rest[*end..].chars().next();
                !behind.is_some_and(char::is_alphanumeric)
            })
            .map(|end| &rest[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_name_has_nothing_of_a_word_around_it() {
        let has = |name: &str, part: &str| free_parts(name, 20).any(|found| found == part);
        assert!(has("film_sh010_v2.mov", "sh010"));
        assert!(has("film_sh010_v2.mov", "sh010_v2"));
        assert!(!has("film_sh0100.mov", "sh010"));
        assert!(!has("film", ""));
        assert!(has("sh010", "sh010"));
        assert!(has("фильм sh010", "sh010"));
        let short: Vec<&str> = free_parts("a_very_long_name", 4).collect();
        assert_eq!(short, ["a", "very", "long", "name"]);
    }

    fn row(reel: &str, shot: &str, source_start: i64, length: usize) -> ReelEntry {
        ReelEntry {
            reel: reel.to_owned(),
            shot: shot.to_owned(),
            source_start,
            shot_frame: 1001,
            length,
            media: String::new(),
        }
    }

    #[test]
    fn the_reel_of_a_film_is_the_shot_with_the_frame() {
        let rows = [
            row("FILM", "one", 0, 12),
            row("FILM", "title_1", 12, 12),
            row("FILM", "two", 24, 12),
            row("B", "two", 1001, 12),
        ];
        let shots = HashMap::from([("one", 0), ("two", 1)]);
        let table = TableReels::new(&rows, &shots);
        let film = &table.reels["film"];
        let found = [0, 11, 12, 23, 24, 36].map(|frame| film.find_shot(frame));
        assert_eq!(found, [Some(0), Some(0), None, None, Some(1), None]);
        // A reel of one shot is that shot, whichever frames are shown.
        assert_eq!(table.reels["b"].find_shot(5000), Some(1));
        assert_eq!(table.offset("two", "film"), Some(1001 - 24));
        assert_eq!(table.offset("two", ""), Some(1001 - 24));
        assert_eq!(table.offset("two", "B"), Some(0));
        assert_eq!(table.offset("two", "C"), None);
    }
}
