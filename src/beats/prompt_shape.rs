//! The shape of the picture that a prompt asks for: by a ratio, a word, or the platform.

use super::library_beat::AdLibrary;
use super::prompt_product::has_word;
use super::prompt_words::PromptWords;
use std::collections::BTreeSet;

/// Pixels of the shorter side of a film.
const SHORTER_SIDE: u32 = 720;

/// The shape of a film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdShape {
    /// Width and height as a ratio.
    pub aspect: (u32, u32),
    /// Width and height in pixels.
    pub size: [u32; 2],
}

impl AdShape {
    /// The shape of an ad whose prompt names none (B-15).
    pub const USUAL: Self = Self {
        aspect: (16, 9),
        size: [1280, 720],
    };

    fn from_aspect(aspect: (u32, u32)) -> Self {
        let (width, height) = aspect;
        let shorter = width.min(height).max(1);
        // Even numbers: most codecs take no others.
        let side = |part: u32| part * SHORTER_SIDE / shorter / 2 * 2;
        Self {
            aspect,
            size: [side(width), side(height)],
        }
    }

    /// Returns the shape of `9:16` or `1080x1920`. `None`: films have no such shape.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        ratio(text.trim())
    }

    /// Returns the ratio as people write it: `9:16`.
    #[must_use]
    pub fn name(self) -> String {
        format!("{}:{}", self.aspect.0, self.aspect.1)
    }

    /// Returns a word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self.aspect.0.cmp(&self.aspect.1) {
            std::cmp::Ordering::Less => "upright",
            std::cmp::Ordering::Equal => "square",
            std::cmp::Ordering::Greater => "wide",
        }
    }
}

/// Ratios that films have. Anything else is a score or a date.
const RATIOS: &[(u32, u32)] = &[
    (9, 16),
    (16, 9),
    (1, 1),
    (4, 5),
    (5, 4),
    (3, 4),
    (4, 3),
    (2, 3),
    (3, 2),
    (21, 9),
];

/// Words for shapes.
const SHAPE_WORDS: &[(&str, (u32, u32))] = &[
    ("vertical", (9, 16)),
    ("vertically", (9, 16)),
    ("portrait", (9, 16)),
    ("upright", (9, 16)),
    ("hochformat", (9, 16)),
    ("hochkant", (9, 16)),
    ("vertikal", (9, 16)),
    ("square", (1, 1)),
    ("quadratisch", (1, 1)),
    ("widescreen", (16, 9)),
    ("horizontal", (16, 9)),
    ("querformat", (16, 9)),
];

/// Words behind which a word for a shape is about the product.
const PRODUCT_SHAPES: &[(&str, &[&str])] = &[
    (
        "portrait",
        &[
            "camera",
            "lens",
            "photo",
            "photos",
            "photography",
            "painting",
            "studio",
        ],
    ),
    (
        "vertical",
        &[
            "garden", "gardens", "blind", "blinds", "farm", "farms", "farming", "wine",
        ],
    ),
    ("upright", &["piano", "freezer", "vacuum", "bike", "bass"]),
    (
        "square",
        &[
            "metre", "metres", "meter", "meters", "foot", "feet", "meal", "one",
        ],
    ),
];

/// Words that say that the word before them is about the film.
const FILM_WORDS: &[&str] = &[
    "video",
    "film",
    "ad",
    "clip",
    "spot",
    "format",
    "post",
    "commercial",
    "picture",
    "frame",
];

/// Platforms with a shape of their own.
const PLATFORMS: &[(&str, (u32, u32))] = &[
    ("tiktok", (9, 16)),
    ("tiktoks", (9, 16)),
    ("instagram", (9, 16)),
    ("insta", (9, 16)),
    ("snapchat", (9, 16)),
    ("youtube", (16, 9)),
];

/// Parts of platforms. As words of their own they may be products, or a manner.
const PLATFORM_PARTS: &[&str] = &["reels", "reel", "shorts", "short", "stories", "story"];

/// What a prompt says about the shape of its film.
#[derive(Debug, Clone, Default)]
pub(super) struct PromptShape {
    /// The shape. `None`: the prompt names none.
    pub(super) shape: Option<AdShape>,
    /// The words that say it.
    pub(super) words: BTreeSet<usize>,
}

/// One mention of a shape.
struct ShapeMention {
    index: usize,
    shape: AdShape,
    is_platform: bool,
}

/// Returns the shape that a prompt asks for. A shape by name wins over that of a platform, and the
/// first of several over the others. Each is an assumption.
pub(super) fn prompt_shape(
    prompt: &PromptWords,
    library: &AdLibrary,
    assumptions: &mut Vec<String>,
) -> PromptShape {
    let mentions: Vec<ShapeMention> = (0..prompt.typed.len())
        .filter_map(|index| mention_at(prompt, index, library))
        .collect();
    assumptions.extend(square_product_note(prompt, library));
    let words = mentions.iter().map(|mention| mention.index).collect();
    let named = mentions.iter().find(|mention| !mention.is_platform);
    // `YouTube Shorts` is upright, though films on YouTube are not.
    let platform = mentions
        .iter()
        .find(|mention| mention.shape.aspect != AdShape::USUAL.aspect);
    let Some(chosen) = named.or(platform).or(mentions.first()) else {
        return PromptShape::default();
    };
    assumptions.push(format!(
        "“{}” asks for {} film, so it is {}, {}x{} pixels.",
        prompt.typed[chosen.index],
        if chosen.shape.word() == "upright" {
            "an upright".to_owned()
        } else {
            format!("a {}", chosen.shape.word())
        },
        chosen.shape.name(),
        chosen.shape.size[0],
        chosen.shape.size[1],
    ));
    let other = mentions
        .iter()
        .find(|mention| !mention.is_platform && mention.shape.aspect != chosen.shape.aspect);
    if let Some(other) = other {
        assumptions.push(format!(
            "Of several shapes, the first counts, and “{}” does not.",
            prompt.typed[other.index]
        ));
    }
    PromptShape {
        shape: Some(chosen.shape),
        words,
    }
}

fn mention_at(prompt: &PromptWords, index: usize, library: &AdLibrary) -> Option<ShapeMention> {
    let word = prompt.lower[index].as_str();
    let mention = |shape, is_platform| ShapeMention {
        index,
        shape,
        is_platform,
    };
    if let Some(shape) = ratio(word) {
        return Some(mention(shape, false));
    }
    let find = |table: &[(&str, (u32, u32))]| {
        let found = table.iter().find(|(known, _)| *known == word);
        found.map(|(_, aspect)| AdShape::from_aspect(*aspect))
    };
    if let Some(shape) = find(SHAPE_WORDS) {
        let next = prompt.lower.get(index + 1).map_or("", String::as_str);
        // Behind a comma is another phrase: `vertical, garden tools` is about the film.
        let next = if prompt.ends_phrase[index] { "" } else { next };
        return (!is_about_product(word, next, library)).then(|| mention(shape, false));
    }
    let is_part = PLATFORM_PARTS.contains(&word) && is_platform_part(prompt, index);
    let part = || is_part.then(|| AdShape::from_aspect((9, 16)));
    find(PLATFORMS)
        .or_else(part)
        .map(|shape| mention(shape, true))
}

/// Returns whether a word for a shape says what the product is like.
fn is_about_product(word: &str, next: &str, library: &AdLibrary) -> bool {
    let is_named = PRODUCT_SHAPES
        .iter()
        .any(|(known, behind)| *known == word && behind.contains(&next));
    is_named || is_square_product(word, next, library)
}

fn is_square_product(word: &str, next: &str, library: &AdLibrary) -> bool {
    word == "square"
        && !FILM_WORDS.contains(&next)
        && library.products.iter().any(|kind| has_word(kind, next))
}

/// Returns the note that `square watch` is about the watch. It may have been meant of the film.
fn square_product_note(prompt: &PromptWords, library: &AdLibrary) -> Option<String> {
    let pairs = prompt.lower.windows(2).enumerate();
    let mut pairs = pairs.filter(|(index, _)| !prompt.ends_phrase[*index]);
    let (index, _) = pairs.find(|(_, pair)| is_square_product(&pair[0], &pair[1], library))?;
    let [word, product] = [&prompt.typed[index], &prompt.typed[index + 1]];
    Some(format!(
        "“{word}” says what the {product} is like, so it decides nothing about the film; `{word} film` or `1:1` \
         would."
    ))
}

/// Returns whether `Shorts`, `reels` or `story` is where a film is shown: behind the name of a
/// platform, or in the plural with a capital that its first word does not need.
fn is_platform_part(prompt: &PromptWords, index: usize) -> bool {
    let before = index
        .checked_sub(1)
        .map_or("", |before| prompt.lower[before].as_str());
    let is_behind_platform =
        PLATFORMS.iter().any(|(platform, _)| *platform == before) || before == "facebook";
    let is_name = index > 0
        && prompt.typed[index].starts_with(char::is_uppercase)
        && prompt.lower[index].ends_with('s');
    is_behind_platform || is_name
}

/// Returns the shape of `9:16`, or of a size such as `1080x1920`, which is taken as it is.
fn ratio(word: &str) -> Option<AdShape> {
    let (width, height) = word.split_once([':', 'x'])?;
    let (width, height): (u32, u32) = (width.parse().ok()?, height.parse().ok()?);
    if RATIOS.contains(&(width, height)) {
        return Some(AdShape::from_aspect((width, height)));
    }
    let is_size = (160..=7680).contains(&width) && (160..=7680).contains(&height);
    let is_even = width % 2 == 0 && height % 2 == 0;
    let ratio = f64::from(width) / f64::from(height);
    let aspect = RATIOS.iter().find(|(known_width, known_height)| {
        // Sizes are whole and even, so 854x480 is 16:9 but for a pixel.
        (ratio - f64::from(*known_width) / f64::from(*known_height)).abs() < 0.01
    })?;
    (is_size && is_even).then_some(AdShape {
        aspect: *aspect,
        size: [width, height],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Diagnostics, SourceMap};
    use crate::library::Library;
    use std::path::Path;

    fn shape(prompt: &str) -> (Option<[u32; 2]>, Vec<String>) {
        let mut sources = SourceMap::default();
        let mut found = Diagnostics::default();
        let library = Library::read(Path::new("no-such-folder"), &mut sources, &mut found);
        let library = AdLibrary::from_library(&library);
        let mut assumptions = Vec::new();
        let words = PromptWords::from_prompt(prompt);
        let shape = prompt_shape(&words, &library, &mut assumptions).shape;
        (shape.map(|shape| shape.size), assumptions)
    }

    #[test]
    fn a_shape_is_named_by_a_ratio_a_word_or_a_platform() {
        for (prompt, size) in [
            ("15s sneakers vertical", [720, 1280]),
            ("portrait ad for a watch", [720, 1280]),
            ("sneaker ad, portrait mode, 15s", [720, 1280]),
            ("15s TikTok sneakers", [720, 1280]),
            ("sneakers for Instagram Reels", [720, 1280]),
            ("sneakers for YouTube Shorts", [720, 1280]),
            ("sneakers for Stories, 15s", [720, 1280]),
            ("sneakers 9:16", [720, 1280]),
            ("a 1080x1920 film of tea", [1080, 1920]),
            ("sneakers 1:1", [720, 720]),
            ("square instagram tea 10s", [720, 720]),
            ("4:5 sneakers", [720, 900]),
            ("sneakers for YouTube", [1280, 720]),
        ] {
            let (found, assumptions) = shape(prompt);
            assert_eq!(found, Some(size), "{prompt}");
            assert!(assumptions[0].contains("asks for"), "{assumptions:?}");
        }
        let (_, assumptions) = shape("9:16 or 1:1 sneakers");
        assert!(assumptions[1].contains("“1:1” does not"), "{assumptions:?}");
    }

    #[test]
    fn a_square_product_is_noted_as_a_guess() {
        let (found, notes) = shape("10s square watch");
        assert_eq!(found, None);
        assert_eq!(
            notes,
            [
                "“square” says what the watch is like, so it decides nothing about the film; `square film` or `1:1` would."
            ]
        );
        let (found, _) = shape("10s square, watch");
        assert_eq!(found, Some([720, 720]));
    }

    #[test]
    fn words_of_products_and_manners_are_no_shapes() {
        for prompt in [
            "15s denim shorts",
            "25s family car emotional story",
            "a portrait camera",
            "an upright piano",
            "fishing reels",
            "a short film of 3:2000 things, 17:4",
        ] {
            assert_eq!(shape(prompt), (None, Vec::new()), "{prompt}");
        }
    }
}
