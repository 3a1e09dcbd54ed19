//! Text as a reader sees it: without characters of no width, without marks of emphasis and code, and
//! with plain letters for accented and wide ones.

use crate::base::letter_clusters::bare_letter;
use crate::base::printable::is_invisible;
use crate::base::work_counter::count_work;
use std::ops::Range;

/// Tags of HTML that are marks of emphasis.
const TAGS: [&str; 14] = [
    "b", "i", "u", "em", "code", "kbd", "tt", "span", "strong", "pre", "td", "th", "mark", "samp",
];
/// The longest tag that is looked at, in characters.
const LONGEST_TAG: usize = 60;
/// The longest comment that is looked at, in characters, and the longest name of an entity.
const LONGEST_COMMENT: usize = 200;
const LONGEST_ENTITY: usize = 8;

/// The visible characters of a text, with the bytes that each was written at.
#[derive(Debug)]
pub(super) struct VisibleText {
    /// With their case.
    pub(super) chars: Vec<char>,
    pub(super) lower: Vec<char>,
    places: Vec<Range<usize>>,
    /// Indices of the characters that were written behind a backslash, in order.
    escaped: Vec<usize>,
}

impl VisibleText {
    pub(super) fn new(text: &str) -> Self {
        let mut visible = Self {
            chars: Vec::with_capacity(text.len()),
            lower: Vec::with_capacity(text.len()),
            places: Vec::with_capacity(text.len()),
            escaped: Vec::new(),
        };
        let mut place = 0;
        while let Some(c) = text.get(place..).and_then(|rest| rest.chars().next()) {
            // Nearly all of a text.
            if c.is_ascii_alphanumeric() || c == ' ' {
                visible.chars.push(c);
                visible.lower.push(c.to_ascii_lowercase());
                visible.places.push(place..place + 1);
                place += 1;
                continue;
            }
            let rest = &text[place..];
            if let Some((sign, length)) = sign_of_entity(rest) {
                visible.push(sign, place..place + length);
                place += length;
                continue;
            }
            let mark = mark_length(rest);
            let length = mark.unwrap_or(c.len_utf8());
            if c == '\\' && mark.is_some() {
                visible.escaped.push(visible.chars.len());
            }
            if mark.is_none() {
                visible.push(c, place..place + length);
            }
            place += length;
        }
        visible
    }

    fn push(&mut self, c: char, bytes: Range<usize>) {
        let Some(bare) = bare_letter(c) else { return };
        let bare = match bare {
            '“' | '”' | '„' | '«' | '»' | '‟' => '"',
            '‘' | '’' | '‚' | '‹' | '›' => '\'',
            'ł' => 'l',
            'Ł' => 'L',
            'ø' => 'o',
            'ı' => 'i',
            '∶' | '꞉' | '׃' | 'ː' | '˸' | '։' => ':',
            '「' | '」' | '『' | '』' | '〝' | '〞' => '"',
            bare => bare,
        };
        self.chars.push(bare);
        // One for one, so that both texts have the same indices.
        self.lower.push(bare.to_lowercase().next().unwrap_or(bare));
        self.places.push(bytes);
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn at(&self, index: usize) -> Option<char> {
        self.chars.get(index).copied()
    }

    /// Whether a character was written behind a backslash.
    pub(super) fn is_escaped(&self, index: usize) -> bool {
        self.escaped.binary_search(&index).is_ok()
    }

    /// Returns the character before this index.
    pub(super) fn before(&self, index: usize) -> Option<char> {
        self.at(index.checked_sub(1)?)
    }

    /// Returns the text of a range of characters, with its case.
    pub(super) fn text(&self, range: &Range<usize>) -> String {
        self.chars
            .get(range.clone())
            .unwrap_or_default()
            .iter()
            .collect()
    }

    /// Returns the first index from here on at which a character is not of this kind.
    pub(super) fn skip(&self, from: usize, is_kind: impl Fn(char) -> bool) -> usize {
        self.skip_until(from, usize::MAX, is_kind)
    }

    /// Returns the first index from here on at which a character is not of this kind, but none behind
    /// `last`.
    pub(super) fn skip_until(
        &self,
        from: usize,
        last: usize,
        is_kind: impl Fn(char) -> bool,
    ) -> usize {
        let mut index = from;
        while index < last && self.at(index).is_some_and(&is_kind) {
            index += 1;
        }
        count_work(1 + index - from);
        index
    }

    /// Whether the text begins with these small letters.
    pub(super) fn begins_with(&self, head: &str) -> bool {
        let mut letters = self.lower.iter();
        head.chars().all(|c| letters.next() == Some(&c))
    }

    /// Returns the text of a range of characters in small letters.
    pub(super) fn lower_text(&self, range: &Range<usize>) -> String {
        let letters = self.lower.get(range.clone());
        letters.unwrap_or_default().iter().collect()
    }

    /// Returns the bytes of a range of characters.
    pub(super) fn bytes(&self, range: &Range<usize>) -> Range<usize> {
        let places = self.places.get(range.clone()).unwrap_or_default();
        match (places.first(), places.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }
}

/// Returns the length of the mark that a text begins with. `None`: it begins with something that is
/// read.
fn mark_length(text: &str) -> Option<usize> {
    let mut chars = text.chars();
    let first = chars.next()?;
    let next = chars.next();
    match first {
        '*' | '`' | '\u{ad}' | '\u{34f}' | '\u{180e}' | '\u{fe00}'..='\u{fe0f}' => {
            Some(first.len_utf8())
        }
        '~' if next == Some('~') => Some(2),
        '\\' if next.is_some_and(|next| next.is_ascii_punctuation()) => Some(1),
        '<' => comment_length(text).or_else(|| tag_length(text)),
        _ => is_invisible(first).then(|| first.len_utf8()),
    }
}

/// Returns the sign that an entity of HTML stands for at the beginning of a text, and the length of the
/// entity: `:` for `&colon;` and `&#58;`.
fn sign_of_entity(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    let end = rest.bytes().take(LONGEST_ENTITY).position(|c| c == b';')?;
    let name = rest.get(..end)?;
    let number = name
        .strip_prefix('#')
        .and_then(|digits| match digits.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => digits.parse().ok(),
        });
    let sign = match (number, name) {
        (Some(number), _) => char::from_u32(number).filter(|sign| !sign.is_control())?,
        (None, "colon") => ':',
        (None, "equals") => '=',
        (None, "nbsp") => ' ',
        (None, "quot") => '"',
        (None, "apos") => '\'',
        (None, "amp") => '&',
        (None, "sol") => '/',
        (None, "lowbar") => '_',
        _ => return None,
    };
    Some((sign, end + 2))
}

/// Returns the length of the comment of HTML that a text begins with.
fn comment_length(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("<!--")?;
    let inside = rest.char_indices().take(LONGEST_COMMENT).map(|(at, _)| at);
    let end = inside
        .into_iter()
        .find(|at| rest[*at..].starts_with("-->"))?;
    Some("<!--".len() + end + "-->".len())
}

/// Returns the length of the tag of emphasis that a text begins with.
fn tag_length(text: &str) -> Option<usize> {
    let end = text
        .char_indices()
        .take(LONGEST_TAG)
        .find(|(_, c)| *c == '>')?
        .0;
    let inner = text.get(1..end)?.trim_start_matches('/');
    let name = inner.split([' ', '/']).next().unwrap_or_default();
    TAGS.iter()
        .any(|tag| tag.eq_ignore_ascii_case(name))
        .then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_left_out_and_places_stay() {
        let text = "**pass\u{200b}wörd**: <b>x</b>\\_`y`";
        let visible = VisibleText::new(text);
        let shown: String = visible.chars.iter().collect();
        assert_eq!(shown, "password: x_y");
        let bytes = visible.bytes(&(0..8));
        assert_eq!(&text[bytes], "pass\u{200b}wörd");
    }

    #[test]
    fn entities_are_their_signs_and_comments_are_not_read() {
        let shown = |text: &str| VisibleText::new(text).chars.iter().collect::<String>();
        assert_eq!(shown("a&#58;b&colon;c&#x3d;d"), "a:b:c=d");
        assert_eq!(shown("pass<!-- x -->word & <!-- y"), "password & <!-- y");
    }
}
