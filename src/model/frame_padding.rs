//! Padding tokens for frame numbers in file names: `####`, `@@@@`, `%04d`, `$F4`.

use crate::base::paths::MAX_NAME_BYTES;
use std::ops::Range;

/// A padding token in a file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FramePadding {
    /// Bytes of the token in the text.
    pub token_range: Range<usize>,
    /// The least number of digits.
    pub width: usize,
}

impl FramePadding {
    /// Returns the last padding token of a text, in any of the notations of common tools.
    #[must_use]
    pub fn find_last(text: &str) -> Option<Self> {
        let runs = [
            marker_run(text, '#'),
            marker_run(text, '@'),
            printf_token(text),
            dollar_token(text),
        ];
        // The last token counts: a name such as `take#2_####.exr` has the frame at its end.
        runs.into_iter()
            .flatten()
            .max_by_key(|padding| padding.token_range.start)
    }

    /// Returns the most bytes of a name that the token is filled in.
    #[must_use]
    pub fn longest_name(&self, text: &str) -> usize {
        // The widest frame number is `-2147483648`.
        let widest = self.width.saturating_add(1).max(11);
        (text.len() - self.token_range.len()).saturating_add(widest)
    }

    /// Returns the text with a frame number in place of the token. The sign counts in the width:
    /// frame -4 of `%04d` is `-004`, as printf, fileseq and Nuke write it.
    #[must_use]
    pub fn insert_frame(&self, text: &str, frame: i32) -> String {
        // A name has no room for more, and `format!` panics at a width of 65,536.
        let width = self.width.min(MAX_NAME_BYTES);
        let number = format!("{frame:0width$}");
        format!(
            "{}{number}{}",
            &text[..self.token_range.start],
            &text[self.token_range.end..]
        )
    }
}

fn marker_run(text: &str, mark: char) -> Option<FramePadding> {
    let end = text.rfind(mark)? + 1;
    let start = text[..end].trim_end_matches(mark).len();
    // A lone `#` is four digits in most tools; each `@` is one.
    let width = if mark == '#' && end - start == 1 {
        4
    } else {
        end - start
    };
    Some(FramePadding {
        token_range: start..end,
        width,
    })
}

fn printf_token(text: &str) -> Option<FramePadding> {
    let start = text.rfind('%')?;
    let digits = text[start + 1..].find(|c: char| !c.is_ascii_digit())?;
    let end = start + 1 + digits;
    // `%d` has no width, which is one digit at least.
    let width = written_width(&text[start + 1..end]);
    text[end..].starts_with('d').then_some(FramePadding {
        token_range: start..end + 1,
        width,
    })
}

fn dollar_token(text: &str) -> Option<FramePadding> {
    let start = text.rfind("$F")?;
    let rest = &text[start + 2..];
    let digits = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    Some(FramePadding {
        token_range: start..start + 2 + digits,
        width: written_width(&rest[..digits]),
    })
}

/// Returns a written number of digits. A number that no integer holds is as wide as any.
fn written_width(digits: &str) -> usize {
    match digits.is_empty() {
        true => 1,
        false => digits.parse().unwrap_or(usize::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_that_no_name_has_room_for_is_known_and_does_no_harm() {
        for text in [
            "f.%9999999999d.png",
            "f.%99999999999999999999999d.png",
            "f.$F9999999999.png",
        ] {
            let padding = FramePadding::find_last(text).unwrap();
            assert!(padding.longest_name(text) > MAX_NAME_BYTES, "{text}");
            assert!(padding.insert_frame(text, 7).len() < 300, "{text}");
        }
        let text = format!("{}.####.png", "f".repeat(240));
        let padding = FramePadding::find_last(&text).unwrap();
        assert_eq!(padding.longest_name(&text), 240 + 1 + 11 + 4);
    }

    #[test]
    fn every_kind_of_token_is_filled() {
        let filled = |text: &str, frame| {
            FramePadding::find_last(text).map(|padding| padding.insert_frame(text, frame))
        };
        let cases = [
            ("f.####.exr", 7, "f.0007.exr"),
            ("f.#.exr", 7, "f.0007.exr"),
            ("f.@@@.exr", 12345, "f.12345.exr"),
            ("f_%05d.png", 7, "f_00007.png"),
            ("f_%d.png", 7, "f_7.png"),
            ("f.$F4.exr", -7, "f.-007.exr"),
            ("f.%04d.exr", -4, "f.-004.exr"),
            ("f.####.exr", -1234, "f.-1234.exr"),
            ("f.@@.exr", -1, "f.-1.exr"),
            ("f.#.exr", 0, "f.0000.exr"),
            ("f.$F.exr", 7, "f.7.exr"),
            ("a#b.####.exr", 7, "a#b.0007.exr"),
        ];
        for (text, frame, expected) in cases {
            assert_eq!(filled(text, frame).as_deref(), Some(expected), "{text}");
        }
        assert_eq!((filled("f.exr", 1), filled("50%.exr", 1)), (None, None));
    }
}
