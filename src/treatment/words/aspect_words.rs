//! Platforms and shapes of pictures.

use crate::treatment::treatment_value::{TreatmentAspect, TreatmentPlatform};

/// Returns the platform that a text names first.
pub(in crate::treatment) fn parse_platform(text: &str) -> Option<TreatmentPlatform> {
    let form = text.to_lowercase();
    let table = [
        ("tiktok", TreatmentPlatform::Tiktok),
        ("tik tok", TreatmentPlatform::Tiktok),
        ("instagram", TreatmentPlatform::Instagram),
        ("reels", TreatmentPlatform::Instagram),
        ("shorts", TreatmentPlatform::Tiktok),
        ("youtube", TreatmentPlatform::Youtube),
        ("vimeo", TreatmentPlatform::Youtube),
        ("social", TreatmentPlatform::Social),
        ("facebook", TreatmentPlatform::Social),
        ("linkedin", TreatmentPlatform::Social),
    ];
    table
        .into_iter()
        .filter_map(|(word, platform)| form.find(word).map(|at| (at, platform)))
        // The first: `YouTube, later TikTok` is a film for YouTube.
        .min_by_key(|(at, _)| *at)
        .map(|(_, platform)| platform)
}

/// Returns the shape that a text names.
pub(in crate::treatment) fn parse_aspect(text: &str) -> Option<TreatmentAspect> {
    let form = text.to_lowercase();
    if form.contains("auto") {
        return Some(TreatmentAspect::SmartAuto);
    }
    if let Some((width, height)) = ratio(&form) {
        return Some(TreatmentAspect::Ratio(width, height));
    }
    let words: &[(&str, (u32, u32))] = &[
        ("vertical", (9, 16)),
        ("portrait", (9, 16)),
        ("upright", (9, 16)),
        ("hochformat", (9, 16)),
        ("square", (1, 1)),
        ("quadrat", (1, 1)),
        ("landscape", (16, 9)),
        ("widescreen", (16, 9)),
        ("horizontal", (16, 9)),
        ("querformat", (16, 9)),
        ("cinemascope", (21, 9)),
    ];
    let found = words.iter().find(|(word, _)| form.contains(word));
    found.map(|(_, (width, height))| TreatmentAspect::Ratio(*width, *height))
}

/// Returns a ratio such as `16:9`, `9x16` or `4/5`, or one of a size such as `1080x1920`.
fn ratio(text: &str) -> Option<(u32, u32)> {
    let separators = [':', 'x', '×', '/'];
    for (at, separator) in text.match_indices(separators) {
        let before: String = text[..at]
            .trim_end()
            .chars()
            .rev()
            .take_while(char::is_ascii_digit)
            .collect();
        let before: String = before.chars().rev().collect();
        let after = text[at + separator.len()..].trim_start();
        let end = after
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(after.len());
        let pair = (before.parse::<u32>().ok(), after[..end].parse::<u32>().ok());
        if let (Some(width @ 1..=20_000), Some(height @ 1..=20_000)) = pair {
            // `1920x1080` and `16:9` are one shape.
            let divisor = greatest_divisor(width, height);
            return known_ratio(width / divisor, height / divisor);
        }
    }
    None
}

/// Returns a ratio that films have. Anything else is no shape but a score or a date.
fn known_ratio(width: u32, height: u32) -> Option<(u32, u32)> {
    let known = [
        (16, 9),
        (9, 16),
        (1, 1),
        (4, 5),
        (5, 4),
        (4, 3),
        (3, 4),
        (2, 3),
        (3, 2),
        (21, 9),
    ];
    // 21:9 in lowest terms is 7:3.
    let pair = if (width, height) == (7, 3) {
        (21, 9)
    } else {
        (width, height)
    };
    known.contains(&pair).then_some(pair)
}

fn greatest_divisor(a: u32, b: u32) -> u32 {
    if b == 0 {
        a
    } else {
        greatest_divisor(b, a % b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_ratios_sizes_and_words() {
        for (text, expected) in [
            ("16:9", Some((16, 9))),
            ("9 : 16", Some((9, 16))),
            ("1080x1920", Some((9, 16))),
            ("square", Some((1, 1))),
            ("21:9", Some((21, 9))),
            ("0:30", None),
            ("3:17", None),
        ] {
            let expected = expected.map(|(width, height)| TreatmentAspect::Ratio(width, height));
            assert_eq!(parse_aspect(text), expected, "{text}");
        }
        assert_eq!(parse_aspect("Smart Auto"), Some(TreatmentAspect::SmartAuto));
        assert_eq!(
            parse_platform("YouTube Shorts"),
            Some(TreatmentPlatform::Youtube)
        );
    }
}
