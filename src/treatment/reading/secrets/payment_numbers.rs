//! Numbers with which somebody pays or is known: of cards with the codes on them, and of accounts.

use super::visible_text::VisibleText;
use std::ops::Range;

/// Digits of the numbers of payment cards.
const CARD_DIGITS: Range<usize> = 13..20;
/// Characters of the number of an account, and groups of four of them.
const ACCOUNT_CHARACTERS: Range<usize> = 15..35;
/// The most characters of a number that are looked at, with the blanks in it.
// A text of megabytes may be one number.
const LONGEST_NUMBER: usize = 64;
/// Names of the code of a card, and of the number of a person, with the digits that they have.
const SHORT_NUMBERS: &[(&str, Range<usize>)] = &[
    ("cvv", 3..5),
    ("cvc", 3..5),
    ("cvv2", 3..5),
    ("cvc2", 3..5),
    ("ssn", 9..10),
    ("social security number", 9..10),
];

/// Returns the numbers of a text that are of cards, accounts and persons.
pub(super) fn payment_numbers(text: &VisibleText) -> Vec<Range<usize>> {
    let mut found = card_numbers(text);
    found.extend(account_numbers(text));
    found.extend(short_numbers(text));
    found
}

/// The groups in which the numbers of cards are printed.
const CARD_GROUPS: [&[usize]; 4] = [&[4, 4, 4, 4, 3], &[4, 4, 4, 4], &[4, 6, 5], &[4, 6, 4]];

/// Returns the numbers of payment cards: digits in groups, the last of which checks the others.
fn card_numbers(text: &VisibleText) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < text.len() {
        start = text.skip(start, |c| !c.is_ascii_digit());
        let mut end = text.skip(start, |c| c.is_ascii_digit() || c == ' ' || c == '-');
        let next = end.max(start + 1);
        // The blank behind the number is of the sentence.
        while end > start && text.before(end).is_some_and(|c| !c.is_ascii_digit()) {
            end -= 1;
        }
        let whole = start..end;
        if end - start <= LONGEST_NUMBER && is_card_number(text, &whole) {
            found.push(whole);
        } else {
            found.extend(cards_among_numbers(text, whole));
        }
        start = next;
    }
    found
}

/// Returns the cards among numbers with blanks between them, such as a card, its date and its code.
fn cards_among_numbers(text: &VisibleText, numbers: Range<usize>) -> Vec<Range<usize>> {
    let mut groups = Vec::new();
    let mut start = numbers.start;
    while start < numbers.end {
        let end = text.skip(start, |c| c.is_ascii_digit()).min(numbers.end);
        groups.push(start..end);
        start = text.skip(end.max(start + 1), |c| !c.is_ascii_digit());
    }
    let mut found = Vec::new();
    let mut rest = groups.as_slice();
    while let [first, ..] = rest {
        // Only groups as on a card: one of ten rows of small numbers has a right sum by chance.
        let printed = CARD_GROUPS.iter().filter_map(|lengths| {
            let groups = rest.get(..lengths.len())?;
            let mut pairs = groups.iter().zip(*lengths);
            let is_printed = pairs.all(|(group, length)| group.len() == *length);
            is_printed.then(|| (first.start..groups[groups.len() - 1].end, groups.len()))
        });
        let one = std::iter::once((first.clone(), 1));
        let card = printed
            .chain(one)
            .find(|(place, _)| is_card_number(text, place));
        let used = card.as_ref().map_or(1, |(_, groups)| *groups);
        found.extend(card.map(|(place, _)| place));
        rest = &rest[used..];
    }
    found
}

/// Whether the digits of a place are the number of a card.
fn is_card_number(text: &VisibleText, place: &Range<usize>) -> bool {
    if !is_apart(text, place) || place.len() > LONGEST_NUMBER {
        return false;
    }
    let shown = text.text(place);
    let digits: Vec<u32> = shown.chars().filter_map(|c| c.to_digit(10)).collect();
    CARD_DIGITS.contains(&digits.len()) && is_card(&digits)
}

/// Whether a number is no part of a word.
fn is_apart(text: &VisibleText, place: &Range<usize>) -> bool {
    let is_before = text.before(place.start).is_some_and(char::is_alphanumeric);
    !is_before && !text.at(place.end).is_some_and(char::is_alphanumeric)
}

/// Whether digits are the number of a card: they begin as those do, and Luhn's sum is right.
fn is_card(digits: &[u32]) -> bool {
    let is_known = digits.first().is_some_and(|first| (3..=6).contains(first));
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, double) if double > 9 => double - 9,
            (_, double) => double,
        })
        .sum();
    // One digit many times may have the right sum, and is no card.
    is_known && sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != digits[0])
}

/// Returns the numbers of accounts: a country, two digits that check the rest, and up to thirty
/// characters, in groups of four or together.
fn account_numbers(text: &VisibleText) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < text.len() {
        start = text.skip(start, |c| !c.is_ascii_alphanumeric());
        let word = text.skip(start, |c| c.is_ascii_alphanumeric());
        if let Some(end) = account_end(text, start, word) {
            found.push(start..end);
            start = end;
        } else {
            start = word;
        }
    }
    found
}

/// Returns where the number of an account ends whose first group is here.
fn account_end(text: &VisibleText, start: usize, word: usize) -> Option<usize> {
    let is_kind =
        |index: usize, is_kind: fn(&char) -> bool| text.at(index).is_some_and(|c| is_kind(&c));
    let is_head = (0..2).all(|at| is_kind(start + at, char::is_ascii_uppercase))
        && (2..4).all(|at| is_kind(start + at, char::is_ascii_digit));
    if !is_head || word - start > LONGEST_NUMBER || text.before(start).is_some_and(|c| c == '_') {
        return None;
    }
    let mut end = word;
    // Groups of four, and what is left.
    while (end - start) % 5 == 4 {
        let next = text.skip_until(end + 1, end + 6, |c| c.is_ascii_alphanumeric());
        let is_group = text.at(end) == Some(' ') && (2..=5).contains(&(next - end));
        if !is_group || end - start > LONGEST_NUMBER {
            break;
        }
        end = next;
    }
    let shown = text.text(&(start..end));
    let characters: Vec<u32> = shown
        .chars()
        .filter(|c| *c != ' ')
        .map(|c| c.to_digit(36).unwrap_or_default())
        .collect();
    let is_account = ACCOUNT_CHARACTERS.contains(&characters.len()) && is_checked(&characters);
    is_account.then_some(end)
}

/// Whether the third and fourth character check the number of an account, as ISO 13616 says: with the
/// first four at the end and letters as 10 to 35, the number is 1 modulo 97.
fn is_checked(characters: &[u32]) -> bool {
    let (head, rest) = characters.split_at(4);
    let remainder = rest.iter().chain(head).fold(0_u64, |sum, digit| {
        let shift = if *digit > 9 { 100 } else { 10 };
        (sum * shift + u64::from(*digit)) % 97
    });
    remainder == 1
}

/// Returns the short numbers whose name is in front of them: `CVV: 123`.
fn short_numbers(text: &VisibleText) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < text.len() {
        start = text.skip(start, |c| !c.is_alphanumeric());
        let end = text.skip(start, char::is_alphanumeric);
        for (name, digits) in SHORT_NUMBERS {
            let name_end = start + name.chars().count();
            if name_end >= end && text.lower_text(&(start..name_end)) == *name {
                found.extend(number_behind(text, name_end, digits));
            }
        }
        start = end;
    }
    found
}

fn number_behind(text: &VisibleText, from: usize, digits: &Range<usize>) -> Option<Range<usize>> {
    let is_gap = |c: char| c.is_whitespace() || ":=#".contains(c);
    let start = text.skip_until(from, from + 4, is_gap);
    let end = text.skip_until(start, start + LONGEST_NUMBER, |c| {
        c.is_ascii_digit() || c == '-'
    });
    let count = text
        .text(&(start..end))
        .chars()
        .filter(char::is_ascii_digit)
        .count();
    let has_gap = start > from && is_apart(text, &(start..end));
    (has_gap && digits.contains(&count)).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<String> {
        let visible = VisibleText::new(text);
        let found = payment_numbers(&visible);
        found.iter().map(|place| visible.text(place)).collect()
    }

    #[test]
    fn numbers_that_check_themselves_are_found_with_and_without_groups() {
        for number in [
            "4111 1111 1111 1111",
            "4111-1111-1111-1111",
            "GB82WEST12345698765432",
            "GB82 WEST 1234 5698 7654 32",
            "NO93 8601 1117 947",
        ] {
            assert_eq!(numbers(&format!("to {number}, today")), [number]);
        }
        for text in [
            "4111 1111 1111 1112",
            "GB83WEST12345698765432",
            "AB12 is a road",
        ] {
            assert_eq!(numbers(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_card_is_found_among_other_numbers() {
        for (text, cards) in [
            ("4111 1111 1111 1111 12 28 123", vec!["4111 1111 1111 1111"]),
            ("2024 4111-1111-1111-1111 100", vec!["4111-1111-1111-1111"]),
            (
                "3782 822463 10005 4111111111111111",
                vec!["3782 822463 10005", "4111111111111111"],
            ),
            ("30 40 50 60 70 80 90 100", vec![]),
        ] {
            assert_eq!(numbers(text), cards, "{text}");
        }
    }

    #[test]
    fn short_numbers_need_their_name() {
        assert_eq!(numbers("CVV: 123, SSN 078-05-1120"), ["123", "078-05-1120"]);
        let none: Vec<String> = Vec::new();
        assert_eq!(numbers("123 and 078-05-1120, cvv 12 or cvv 12345"), none);
    }
}
