//! Which item of a list is which in the other versions of the list.
//!
//! The edited and the renewed list are aligned with the base, each by itself. An item with a name
//! is found by it. Items without names are found in three steps: by equal content; then, among
//! those that are about the same (the same kind for the same shot), by the most words in common;
//! then, if what they are about has changed, by a text or by data that is the same. An item that is
//! found nowhere is new.

use super::entry_identity::numbered_identity;
use super::outline_entry::{OutlineEntry, OutlineValue};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Fields that two items have in common only if they are the same item.
const CONTENT: [&str; 7] = ["text", "file", "path", "points", "data", "rows", "sections"];
/// The most pairs of items that are compared word by word. More are paired in their order.
const MOST_PAIRS: usize = 10_000;

/// Returns a key for each item of the base, the edited and the renewed list. Items that are the
/// same have the same key.
pub(super) fn aligned_keys(
    base: &[OutlineEntry],
    edited: &[OutlineEntry],
    renewed: &[OutlineEntry],
) -> [Vec<String>; 3] {
    let mut keys = KeyMaker::default();
    // The base has its keys first, so an item that all three have is called the same in each.
    let base_keys: Vec<String> = base.iter().map(|entry| keys.next_key(entry)).collect();
    let in_base = |places: &[Option<usize>], index: usize| {
        let place = places.get(index).copied().flatten()?;
        base_keys.get(place).cloned()
    };
    let edited_places = places_in(base, edited);
    let renewed_places = places_in(base, renewed);
    let mut edited_keys = Vec::with_capacity(edited.len());
    // What both sides added is one item if it is equal, or has the same name.
    let mut added: BTreeMap<(&str, String), VecDeque<usize>> = BTreeMap::new();
    for (index, entry) in edited.iter().enumerate() {
        let key = in_base(&edited_places, index).unwrap_or_else(|| {
            added.entry(equality(entry)).or_default().push_back(index);
            keys.next_key(entry)
        });
        edited_keys.push(key);
    }
    let mut places: Vec<Option<usize>> = Vec::with_capacity(renewed.len());
    for (index, entry) in renewed.iter().enumerate() {
        // An item of the base has its place already, and must not take that of an item which was
        // added.
        let is_in_base = renewed_places.get(index).copied().flatten().is_some();
        let mut same = || added.get_mut(&equality(entry))?.pop_front();
        places.push(if is_in_base { None } else { same() });
    }
    let is_new = |index: usize| renewed_places.get(index).copied().flatten().is_none();
    let left: BTreeSet<usize> = added.into_values().flatten().collect();
    // Only what is left: a guess must not take an item from an equal one.
    pair_alike(edited, renewed, left, (&mut places, &is_new));
    let renewed_keys = renewed.iter().enumerate().map(|(index, entry)| {
        let own = || edited_keys.get(places[index]?).cloned();
        in_base(&renewed_places, index)
            .or_else(own)
            .unwrap_or_else(|| keys.next_key(entry))
    });
    let renewed_keys = renewed_keys.collect();
    [base_keys, edited_keys, renewed_keys]
}

/// Pairs items without names that both sides added and that are probably one: they are about the
/// same, and have content in common. The words may have had one before, which a person changed and
/// left there.
/// `left` are the added items of the edited list that have no pair.
fn pair_alike(
    edited: &[OutlineEntry],
    renewed: &[OutlineEntry],
    mut left: BTreeSet<usize>,
    (places, is_new): (&mut [Option<usize>], &dyn Fn(usize) -> bool),
) {
    // Two lists of thousands of items would be compared for minutes.
    let mut comparisons = MOST_PAIRS;
    for (index, entry) in renewed.iter().enumerate() {
        let is_open = places[index].is_none() && is_new(index) && !entry.is_named;
        if !is_open || comparisons < left.len() {
            continue;
        }
        comparisons -= left.len();
        let is_alike = |own: &&usize| {
            let own = &edited[**own];
            !own.is_named
                // A title of another shot with the same words is probably another title.
                && own.identity == entry.identity
                && common_content(&own.value, &entry.value) > 0
        };
        let found = left.iter().find(is_alike).copied();
        places[index] = found;
        found.map(|found| left.remove(&found));
    }
}

/// Gives out keys, each once.
#[derive(Default)]
struct KeyMaker {
    seen: BTreeMap<String, usize>,
    given: BTreeSet<String>,
}

impl KeyMaker {
    fn next_key(&mut self, entry: &OutlineEntry) -> String {
        // Items that are about the same are numbered in their order.
        let count = self.seen.entry(entry.identity.clone()).or_default();
        loop {
            *count += 1;
            let key = numbered_identity(&entry.identity, *count);
            // A name may look like the number of another.
            if self.given.insert(key.clone()) {
                return key;
            }
        }
    }
}

/// Returns what two items must have in common to be one that both sides added.
fn equality(entry: &OutlineEntry) -> (&str, String) {
    // A name is enough. Without one, only equal content shows that both sides mean one item.
    let content = if entry.is_named {
        String::new()
    } else {
        entry.value.meaning()
    };
    (entry.identity.as_str(), content)
}

/// Returns for each item of `other` its place in the base. `None`: it is new.
fn places_in(base: &[OutlineEntry], other: &[OutlineEntry]) -> Vec<Option<usize>> {
    let mut alignment = ListAlignment::new(base, other);
    // The surest first: what is paired in one step is not compared in the next.
    alignment.pair_equal_content();
    alignment.pair_same_subject();
    alignment.pair_moved_content();
    alignment.places
}

/// The pairs of two lists while they are found.
struct ListAlignment<'a> {
    base: &'a [OutlineEntry],
    other: &'a [OutlineEntry],
    /// For each item of `other`, its place in `base`.
    places: Vec<Option<usize>>,
    is_taken: Vec<bool>,
}

impl<'a> ListAlignment<'a> {
    fn new(base: &'a [OutlineEntry], other: &'a [OutlineEntry]) -> Self {
        Self {
            base,
            other,
            places: vec![None; other.len()],
            is_taken: vec![false; base.len()],
        }
    }

    fn pair(&mut self, base: usize, other: usize) {
        self.places[other] = Some(base);
        self.is_taken[base] = true;
    }

    fn free_of_base(&self) -> impl Iterator<Item = (usize, &'a OutlineEntry)> + '_ {
        let entries = self.base.iter().enumerate();
        entries.filter(|(index, _)| !self.is_taken[*index])
    }

    fn free_of_other(&self) -> impl Iterator<Item = (usize, &'a OutlineEntry)> + '_ {
        let entries = self.other.iter().enumerate();
        entries.filter(|(index, _)| self.places[*index].is_none())
    }

    fn pair_equal_content(&mut self) {
        let mut equal: BTreeMap<(&str, String), VecDeque<usize>> = BTreeMap::new();
        for (index, entry) in self.base.iter().enumerate() {
            let content = (entry.identity.as_str(), entry.value.meaning());
            equal.entry(content).or_default().push_back(index);
        }
        for (index, entry) in self.other.iter().enumerate() {
            let content = (entry.identity.as_str(), entry.value.meaning());
            // The first of equal ones, so that their order stays.
            let place = equal.get_mut(&content).and_then(VecDeque::pop_front);
            if let Some(place) = place {
                self.pair(place, index);
            }
        }
    }

    /// Pairs what is about the same: those first that have most words in common.
    fn pair_same_subject(&mut self) {
        let mut groups: BTreeMap<&str, [Vec<usize>; 2]> = BTreeMap::new();
        for (index, entry) in self.free_of_base() {
            groups.entry(&entry.identity).or_default()[0].push(index);
        }
        for (index, entry) in self.free_of_other() {
            groups.entry(&entry.identity).or_default()[1].push(index);
        }
        for [base, other] in groups.into_values() {
            self.pair_group(&base, &other);
        }
    }

    fn pair_group(&mut self, base: &[usize], other: &[usize]) {
        if base.len() * other.len() > MOST_PAIRS {
            let pairs = base.iter().zip(other);
            pairs.for_each(|(base, other)| self.pair(*base, *other));
            return;
        }
        let words = |entries: &[OutlineEntry], indices: &[usize]| -> Vec<Vec<String>> {
            let meanings = indices.iter().map(|index| entries[*index].value.meaning());
            meanings.map(|meaning| words_of(&meaning)).collect()
        };
        let base_words = words(self.base, base);
        let other_words = words(self.other, other);
        let mut scores = Vec::with_capacity(base.len() * other.len());
        for (row, of_base) in base_words.iter().enumerate() {
            for (column, of_other) in other_words.iter().enumerate() {
                let score = similarity(of_base, of_other);
                // The best score sorts first. Of equal ones, the nearer in the list is likelier the
                // same item, and the order makes the result the same in every run.
                scores.push((u32::MAX - score, row.abs_diff(column), row, column));
            }
        }
        scores.sort_unstable();
        for (_, _, row, column) in scores {
            self.pair_if_free(base[row], other[column]);
        }
    }

    fn pair_if_free(&mut self, base: usize, other: usize) {
        if !self.is_taken[base] && self.places[other].is_none() {
            self.pair(base, other);
        }
    }

    /// Pairs items that are about something else than before, such as a title that was given to
    /// another shot, by content that is the same.
    fn pair_moved_content(&mut self) {
        let base: Vec<(usize, &OutlineEntry)> = self.free_of_base().collect();
        let other: Vec<(usize, &OutlineEntry)> = self.free_of_other().collect();
        // Without a pair they count as removed and added, which loses nothing.
        if base.len() * other.len() > MOST_PAIRS {
            return;
        }
        let mut scores = Vec::new();
        for (place, was) in &base {
            for (index, is) in &other {
                // Another name is another item.
                let common = if was.is_named && is.is_named {
                    0
                } else {
                    common_content(&was.value, &is.value)
                };
                if common > 0 {
                    scores.push((
                        CONTENT.len() - common,
                        place.abs_diff(*index),
                        *place,
                        *index,
                    ));
                }
            }
        }
        scores.sort_unstable();
        for (_, _, place, index) in scores {
            self.pair_if_free(place, index);
        }
    }
}

/// How much of two items must be the same, in thousandths, if one is the other under a new name.
const LEAST_COMMON: u32 = 600;

/// Returns which items that are gone are probably among the new ones under another name: those that
/// have most in common beside it.
pub(super) fn renamed_items<'e>(
    gone: &[&'e OutlineEntry],
    new: &[&'e OutlineEntry],
) -> Vec<(&'e OutlineEntry, &'e OutlineEntry)> {
    // A message then says that the item is gone, and not what it is called now.
    if gone.len() * new.len() > MOST_PAIRS {
        return Vec::new();
    }
    let words = |entry: &OutlineEntry| {
        let mut words = words_of(&entry.value.meaning());
        let name = words_of(&entry.identity);
        // The name differs by definition, so its words are no sign of another item.
        words.retain(|word| !name.contains(word));
        words
    };
    let new_words: Vec<Vec<String>> = new.iter().map(|entry| words(entry)).collect();
    let mut scores = Vec::new();
    for (row, was) in gone.iter().enumerate() {
        let was = words(was);
        for (column, is) in new_words.iter().enumerate() {
            let score = similarity(&was, is);
            // Two items of a name alone have nothing in common.
            if score >= LEAST_COMMON && !was.is_empty() {
                scores.push((u32::MAX - score, row.abs_diff(column), row, column));
            }
        }
    }
    scores.sort_unstable();
    // Each item has one new name, and each name belongs to one item.
    let (mut rows, mut columns) = (BTreeSet::new(), BTreeSet::new());
    scores
        .into_iter()
        .filter(|(_, _, row, column)| {
            let is_free = !rows.contains(row) && !columns.contains(column);
            is_free && rows.insert(*row) && columns.insert(*column)
        })
        .map(|(_, _, row, column)| (gone[row], new[column]))
        .collect()
}

/// Returns how many fields of content are the same in both.
fn common_content(was: &OutlineValue, is: &OutlineValue) -> usize {
    let fields = CONTENT.iter().filter(|key| {
        let was = was.field_meaning(key);
        was.is_some() && was == is.field_meaning(key)
    });
    fields.count()
}

/// Returns the words of a text, sorted.
fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let mut words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.sort_unstable();
    words
}

/// Returns how many words of two sorted lists are common, in thousandths of all.
fn similarity(one: &[String], two: &[String]) -> u32 {
    let mut common = 0;
    let (mut left, mut right) = (one.iter().peekable(), two.iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => {
                left.next();
            }
            std::cmp::Ordering::Greater => {
                right.next();
            }
            std::cmp::Ordering::Equal => {
                common += 1;
                left.next();
                right.next();
            }
        }
    }
    // A word that both have is counted on both sides, so equal lists have 1000.
    let all = one.len() + two.len();
    u32::try_from(2000 * common / all.max(1)).unwrap_or(u32::MAX)
}
