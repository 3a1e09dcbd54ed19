//! Numbers of scenes: text, as a shooting script writes them, such as `5`, `5A`, `A2` or `1-3`.
//!
//! Owns when two numbers are the same and how they are sorted without a script. With a script, its
//! order is the order: [`SceneOrder`].

use crate::base::name_form::name_form;
use serde::{Serialize, Serializer};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Most characters of a number.
// Numbers become parts of shot names, which become file names.
const MAX_CHARACTERS: usize = 32;

/// The number of a scene. Case and leading zeros do not count: `05a` is `5A`.
#[derive(Clone)]
pub struct SceneNumber(NumberForm);

// A plain number needs no memory of its own: a film has a hundred thousand shots, and nearly all
// their scenes are plain.
#[derive(Clone)]
enum NumberForm {
    Plain(u32),
    /// As written. Never digits alone that fit in `Plain`.
    Written(Arc<str>),
}

impl SceneNumber {
    /// Returns the number of a scene that is counted.
    #[must_use]
    pub const fn from_count(count: u32) -> Self {
        Self(NumberForm::Plain(count))
    }

    /// Reads a number: letters, digits, dashes and full stops, of which the first is a letter or a
    /// digit. `None` if it is anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // `5.` is how some programs print 5.
        let text = text.trim().trim_end_matches('.');
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.');
        let is_number = text.starts_with(char::is_alphanumeric)
            && text.chars().count() <= MAX_CHARACTERS
            && name_form(text).chars().all(is_part);
        if !is_number {
            return None;
        }
        let plain = Some(text)
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|text| text.parse().ok());
        Some(plain.map_or_else(
            || Self(NumberForm::Written(name_form(text).into())),
            Self::from_count,
        ))
    }

    /// Returns the number if it is digits alone.
    #[must_use]
    pub const fn as_plain(&self) -> Option<u32> {
        match self.0 {
            NumberForm::Plain(count) => Some(count),
            NumberForm::Written(_) => None,
        }
    }

    /// Returns the first digits as a number: 5 for `5A`, 2 for `A2`. `None` if there are none.
    #[must_use]
    pub fn leading_count(&self) -> Option<u32> {
        let NumberForm::Written(text) = &self.0 else {
            return self.as_plain();
        };
        first_digits(text).and_then(|(_, digits, _)| digits.parse().ok())
    }

    /// Returns whether the first digits begin the text, or follow a letter or two: `5A` and `A2`
    /// look like numbers of scenes, `winter` and `act1` do not.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        let NumberForm::Written(text) = &self.0 else {
            return true;
        };
        let mut runs = text.split(|c: char| !c.is_alphabetic());
        first_digits(text).is_some() && runs.all(|run| run.chars().count() <= 2)
    }

    /// Returns the beginning of the names of its shots: `sc05`, `sc05A`, `scA2`. Different numbers
    /// give different names.
    #[must_use]
    pub fn shot_prefix(&self) -> String {
        let NumberForm::Written(text) = &self.0 else {
            return format!("sc{:02}", self.as_plain().unwrap_or_default());
        };
        // Two digits, so that names sort as scenes do up to 99.
        match first_digits(text) {
            Some(("", digits, rest)) => {
                format!("sc{:0>2}{rest}", digits.trim_start_matches('0'))
            }
            _ => format!("sc{text}"),
        }
    }

    /// Returns the text that decides whether numbers are equal.
    fn folded(&self) -> String {
        match &self.0 {
            NumberForm::Plain(count) => count.to_string(),
            NumberForm::Written(text) => folded_text(text).collect(),
        }
    }

    /// Returns the parts by which numbers are compared, in order.
    fn sort_key(&self) -> SceneSortKey {
        let folded = self.folded();
        let Some((lead, digits, rest)) = first_digits(&folded) else {
            // Without digits, after all others.
            return SceneSortKey {
                group: 1,
                count: DigitRun::default(),
                inserted_after: true,
                lead: folded,
                rest: Vec::new(),
            };
        };
        SceneSortKey {
            group: 0,
            count: DigitRun::from_digits(digits),
            // A scene that is inserted before 2 is called A2, one after it 2A.
            inserted_after: lead.is_empty(),
            lead: lead.to_owned(),
            rest: number_parts(rest),
        }
    }
}

/// What numbers are compared by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct SceneSortKey {
    group: u8,
    count: DigitRun,
    inserted_after: bool,
    lead: String,
    rest: Vec<NumberPart>,
}

/// Digits without leading zeros, compared as a number of any size.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
struct DigitRun {
    length: usize,
    digits: String,
}

impl DigitRun {
    fn from_digits(digits: &str) -> Self {
        let digits = digits.trim_start_matches('0').to_owned();
        Self {
            length: digits.len(),
            digits,
        }
    }
}

/// A part of the text after the first digits.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum NumberPart {
    Text(String),
    Digits(DigitRun),
}

/// Returns the text before the first digits, the digits, and the rest. `None` without digits.
fn first_digits(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (lead, tail) = text.split_at(start);
    let end = tail
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(tail.len());
    let (digits, rest) = tail.split_at(end);
    Some((lead, digits, rest))
}

fn number_parts(mut text: &str) -> Vec<NumberPart> {
    let mut parts = Vec::new();
    while let Some((lead, digits, rest)) = first_digits(text) {
        if !lead.is_empty() {
            parts.push(NumberPart::Text(lead.to_owned()));
        }
        parts.push(NumberPart::Digits(DigitRun::from_digits(digits)));
        text = rest;
    }
    if !text.is_empty() {
        parts.push(NumberPart::Text(text.to_owned()));
    }
    parts
}

/// Returns the text in capitals without zeros at its start, which decides whether numbers are
/// equal.
fn folded_text(text: &str) -> impl Iterator<Item = char> {
    let zeros = text.bytes().take_while(|byte| *byte == b'0').count();
    // `0` and `0A` keep a zero: what follows it is no digit.
    let first = match text.as_bytes().get(zeros) {
        Some(next) if next.is_ascii_digit() => zeros,
        _ => zeros.saturating_sub(1),
    };
    text[first..].chars().flat_map(char::to_uppercase)
}

impl PartialEq for SceneNumber {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (NumberForm::Plain(one), NumberForm::Plain(two)) => one == two,
            (NumberForm::Written(one), NumberForm::Written(two)) => {
                folded_text(one).eq(folded_text(two))
            }
            _ => false,
        }
    }
}

impl Eq for SceneNumber {}

impl Hash for SceneNumber {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            NumberForm::Plain(count) => count.hash(state),
            NumberForm::Written(text) => folded_text(text).for_each(|c| c.hash(state)),
        }
    }
}

impl Ord for SceneNumber {
    /// Compares numbers as a script usually has them: 1, A2, 2, 2A, 2B, 10.
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (NumberForm::Plain(one), NumberForm::Plain(two)) => one.cmp(two),
            _ if self == other => Ordering::Equal,
            _ => self
                .sort_key()
                .cmp(&other.sort_key())
                // `1-01` and `1-1` are different, and equal by their digits.
                .then_with(|| self.folded().cmp(&other.folded())),
        }
    }
}

impl PartialOrd for SceneNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl From<u32> for SceneNumber {
    fn from(count: u32) -> Self {
        Self::from_count(count)
    }
}

impl fmt::Display for SceneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            NumberForm::Plain(count) => count.fmt(f),
            NumberForm::Written(text) => f.pad(text),
        }
    }
}

impl fmt::Debug for SceneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for SceneNumber {
    /// A number for digits alone, else text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            NumberForm::Plain(count) => serializer.serialize_u32(*count),
            NumberForm::Written(text) => serializer.serialize_str(text),
        }
    }
}

/// The order of scenes: that of the script, and that of the numbers for scenes that it does not
/// have.
#[derive(Clone, Default)]
pub struct SceneOrder(Arc<OrderTable>);

#[derive(Default)]
struct OrderTable {
    positions: HashMap<SceneNumber, usize>,
    /// The highest number up to each scene. It only rises, so that it can be searched by halves.
    highest: Vec<SceneNumber>,
}

/// The place of a scene between others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScenePosition(usize);

impl SceneOrder {
    /// Returns the order of the scenes of a script. Of two with one number, the first counts.
    #[must_use]
    pub fn from_numbers<'a>(numbers: impl IntoIterator<Item = &'a SceneNumber>) -> Self {
        let mut table = OrderTable::default();
        for (index, number) in numbers.into_iter().enumerate() {
            table.positions.entry(number.clone()).or_insert(index);
            let highest = table.highest.last().unwrap_or(number).max(number).clone();
            table.highest.push(highest);
        }
        Self(Arc::new(table))
    }

    /// Returns whether the script has this scene.
    #[must_use]
    pub fn has_scene(&self, number: &SceneNumber) -> bool {
        self.0.positions.contains_key(number)
    }

    /// Returns whether there is no script, or one without scenes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.positions.is_empty()
    }

    /// Returns the position of a scene: its place in the script, or for a scene that is not there
    /// the place before the first with a higher number.
    #[must_use]
    pub fn position(&self, number: &SceneNumber) -> ScenePosition {
        // Scenes of the script are at odd positions, others between them.
        ScenePosition(self.0.positions.get(number).map_or_else(
            || 2 * self.0.highest.partition_point(|highest| highest < number),
            |index| 2 * index + 1,
        ))
    }

    /// Compares two scenes by position, and those between the same scenes by number.
    #[must_use]
    pub fn compare(&self, one: &SceneNumber, two: &SceneNumber) -> Ordering {
        self.position(one)
            .cmp(&self.position(two))
            .then_with(|| one.cmp(two))
    }
}

impl fmt::Debug for SceneOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The map has no order of its own, and equal productions must print alike.
        let mut scenes: Vec<&SceneNumber> = self.0.positions.keys().collect();
        scenes.sort_by_key(|scene| self.position(scene));
        f.debug_tuple("SceneOrder").field(&scenes).finish()
    }
}

/// Scenes from one to another, both included, in the order of the script.
#[derive(Debug, Clone)]
pub struct SceneRange {
    /// The first scene.
    pub first: SceneNumber,
    /// The last scene.
    pub last: SceneNumber,
    order: SceneOrder,
}

impl SceneRange {
    /// Returns the scenes from `first` to `last`. `None` if `last` comes before `first`, both in
    /// the script and by number.
    #[must_use]
    pub fn new(first: SceneNumber, last: SceneNumber, order: &SceneOrder) -> Option<Self> {
        if order.compare(&first, &last).is_le() {
            let order = order.clone();
            return Some(Self { first, last, order });
        }
        // In a script with moved scenes, `3-5` may run against its order. The numbers are meant.
        let order = SceneOrder::default();
        (first <= last).then_some(Self { first, last, order })
    }

    /// Reads a range: `scenes_1_10`, `scene_4`, `1-10`, `5A-7`. A text that is the number of a
    /// scene of the script, such as `1-3`, is that scene. `None` for any other text and for a range
    /// that ends before it begins.
    #[must_use]
    pub fn parse(text: &str, order: &SceneOrder) -> Option<Self> {
        let (numbers, is_plural) = match text.strip_prefix("scenes_") {
            Some(numbers) => (numbers, true),
            None => (text.strip_prefix("scene_").unwrap_or(text), false),
        };
        let whole = SceneNumber::parse(numbers).filter(|number| {
            order.has_scene(number) || (number.is_usual() && !numbers.contains('-'))
        });
        let range = || Self::parse_ends(numbers, order);
        let single = || {
            whole
                .clone()
                .and_then(|one| Self::new(one.clone(), one, order))
        };
        // `scenes_` asks for several.
        if is_plural {
            range().or_else(single)
        } else {
            single().or_else(range)
        }
    }

    /// Reads the two ends of a range. Numbers may have dashes, so each place to part them is tried,
    /// and one that gives two scenes of the script comes first.
    fn parse_ends(numbers: &str, order: &SceneOrder) -> Option<Self> {
        // `_` is in no number, so it parts the ends for certain.
        let mark = if numbers.contains('_') { '_' } else { '-' };
        let ends = || {
            numbers.match_indices(mark).filter_map(|(index, mark)| {
                let first = SceneNumber::parse(&numbers[..index])?;
                let last = SceneNumber::parse(&numbers[index + mark.len()..])?;
                Some((first, last))
            })
        };
        let is_known = |number: &SceneNumber| order.has_scene(number);
        let known = ends().find(|(first, last)| is_known(first) && is_known(last));
        let (first, last) = known.or_else(|| {
            let mut usual = ends().filter(|(first, last)| first.is_usual() && last.is_usual());
            usual.next().filter(|_| usual.next().is_none())
        })?;
        Self::new(first, last, order)
    }

    /// Returns whether the range has this scene.
    #[must_use]
    pub fn contains(&self, scene: &SceneNumber) -> bool {
        self.order.compare(&self.first, scene).is_le()
            && self.order.compare(scene, &self.last).is_le()
    }

    /// Returns the scenes that both ranges have. `None` if there are none.
    #[must_use]
    pub fn shared_with(&self, other: &Self) -> Option<Self> {
        let order = &self.order;
        let first = std::cmp::max_by(&self.first, &other.first, |one, two| {
            order.compare(one, two)
        });
        let last = std::cmp::min_by(&self.last, &other.last, |one, two| order.compare(one, two));
        let shared = order.compare(first, last).is_le();
        shared.then(|| Self {
            first: first.clone(),
            last: last.clone(),
            order: order.clone(),
        })
    }
}

impl PartialEq for SceneRange {
    fn eq(&self, other: &Self) -> bool {
        self.first == other.first && self.last == other.last
    }
}

impl Eq for SceneRange {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> SceneNumber {
        SceneNumber::parse(text).unwrap()
    }

    fn order(numbers: &[&str]) -> SceneOrder {
        let numbers: Vec<SceneNumber> = numbers.iter().map(|text| number(text)).collect();
        SceneOrder::from_numbers(&numbers)
    }

    fn range(text: &str, order: &SceneOrder) -> Option<String> {
        SceneRange::parse(text, order).map(|range| format!("{}..{}", range.first, range.last))
    }

    #[test]
    fn a_number_is_letters_digits_dashes_and_stops() {
        for text in [
            "5", "5A", "A2", "1-3", "I-1-A", "110A", "3.1", "first", "Б2", "第3",
        ] {
            assert_eq!(number(text).to_string(), text);
        }
        for text in [
            "",
            " ",
            "-1",
            ".5",
            "5 A",
            "5/6",
            "#5#",
            "5_6",
            "5*",
            &"1".repeat(33),
        ] {
            assert!(SceneNumber::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn case_and_leading_zeros_make_no_other_scene() {
        for (one, two) in [
            ("5A", "5a"),
            ("05A", "5A"),
            ("007", "7"),
            ("5.", "5"),
            ("0", "00"),
        ] {
            assert_eq!(number(one), number(two), "{one} {two}");
        }
        for (one, two) in [
            ("5A", "5"),
            ("A5", "5A"),
            ("1.01", "1.1"),
            ("1-3", "13"),
            ("0A", "A"),
        ] {
            assert_ne!(number(one), number(two), "{one} {two}");
        }
    }

    #[test]
    fn digits_alone_are_a_number_in_json_and_others_are_text() {
        let json = serde_json::to_string(&["12", "012", "12A"].map(number)).unwrap();
        assert_eq!(json, r#"[12,12,"12A"]"#);
    }

    #[test]
    fn without_a_script_inserted_scenes_sort_beside_their_number() {
        let sorted = [
            "1",
            "1-1",
            "1-3",
            "1-10",
            "1A",
            "A2",
            "B2",
            "2",
            "2A",
            "2B",
            "10",
            "99999999999",
            "winter",
        ];
        let mut mixed: Vec<SceneNumber> = sorted.iter().rev().map(|text| number(text)).collect();
        mixed.sort();
        assert_eq!(mixed, sorted.map(number));
    }

    #[test]
    fn shot_names_of_plain_scenes_keep_their_form() {
        let prefixes = ["3", "12", "120", "5A", "A2", "1-3", "I-1"].map(number);
        assert_eq!(
            prefixes.map(|number| number.shot_prefix()),
            ["sc03", "sc12", "sc120", "sc05A", "scA2", "sc01-3", "scI-1"]
        );
    }

    #[test]
    fn the_order_of_the_script_comes_before_that_of_the_numbers() {
        let script = order(&["1", "5", "3", "4"]);
        let mut scenes = ["4", "3", "2", "5", "6", "1"].map(number);
        scenes.sort_by(|one, two| script.compare(one, two));
        // Scene 2 is not in the script: it comes before the first higher number.
        assert_eq!(scenes, ["1", "2", "5", "3", "4", "6"].map(number));
    }

    #[test]
    fn a_range_follows_the_script() {
        let script = order(&["1", "A2", "2", "5", "3", "4"]);
        let range = SceneRange::parse("A2-3", &script).unwrap();
        let held = ["1", "A2", "2", "5", "3", "4"].map(|text| range.contains(&number(text)));
        assert_eq!(held, [false, true, true, true, true, false]);
        // Against the order of the script, the numbers are meant.
        let range = SceneRange::parse("3-5", &script).unwrap();
        let held = ["2", "5", "3", "4", "6"].map(|text| range.contains(&number(text)));
        assert_eq!(held, [false, true, true, true, false]);
    }

    #[test]
    fn ranges_read_in_every_spelling() {
        let none = SceneOrder::default();
        for (text, wanted) in [
            ("scenes_1_10", "1..10"),
            ("11-20", "11..20"),
            ("scene_4", "4..4"),
            ("4", "4..4"),
            ("5A", "5A..5A"),
            ("scene_A2", "A2..A2"),
            ("scenes_A2_5A", "A2..5A"),
            ("5A-7", "5A..7"),
            ("scenes_1-3_1-5", "1-3..1-5"),
        ] {
            assert_eq!(range(text, &none).as_deref(), Some(wanted), "{text}");
        }
        for text in [
            "10_1", "winter", "act_one", "act1", "1_2_3", "1-2-3", "scenes_", "",
        ] {
            assert_eq!(range(text, &none), None, "{text}");
        }
    }

    #[test]
    fn a_scene_of_the_script_with_a_dash_is_no_range() {
        let script = order(&["1-1", "1-2", "1-3", "2-1"]);
        assert_eq!(range("1-3", &script).as_deref(), Some("1-3..1-3"));
        assert_eq!(range("scene_1-3", &script).as_deref(), Some("1-3..1-3"));
        assert_eq!(range("1-2-2-1", &script).as_deref(), Some("1-2..2-1"));
        assert_eq!(
            range("scenes_1-1_1-3", &script).as_deref(),
            Some("1-1..1-3")
        );
        let script = order(&["1", "2", "3"]);
        assert_eq!(range("1-3", &script).as_deref(), Some("1..3"));
    }

    fn any_number() -> impl Strategy<Value = SceneNumber> {
        "[0-3A-Ba-b][0-3A-Ba-b.-]{0,4}"
            .prop_filter_map("a number", |text| SceneNumber::parse(&text))
    }

    proptest! {
        #[test]
        fn numbers_have_one_total_order(one in any_number(), two in any_number(), three in any_number()) {
            prop_assert_eq!(one == two, one.cmp(&two).is_eq());
            prop_assert_eq!(one.cmp(&two), two.cmp(&one).reverse());
            if one <= two && two <= three {
                prop_assert!(one <= three);
            }
        }

        #[test]
        fn different_numbers_have_different_shots(one in any_number(), two in any_number()) {
            prop_assert_eq!(
                one == two,
                one.shot_prefix().eq_ignore_ascii_case(&two.shot_prefix())
            );
        }

        #[test]
        fn equal_numbers_have_equal_hashes(one in any_number(), two in any_number()) {
            let both = std::collections::HashSet::from([one.clone(), two.clone()]);
            prop_assert_eq!(both.len() == 1, one == two);
        }
    }
}
