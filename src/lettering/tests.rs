//! What is drawn, and where.

use super::block_layout::{LongWords, lay_out_block};
use super::font_set::{FontSet, TypefaceFile};
use super::{FramePainter, LetteringError, TextMeasurer, read_typeface_facts};
use crate::model::PixelSize;
use crate::model::camera::Easing;
use crate::model::cut::{ScreenColour, TimecodeCounting};
use crate::model::titles::{
    BlockLine, CounterKind, FrameCounter, FrameOverlay, MotionKind, OverlayContent, SMALLEST_TEXT,
    TextAlign, TextBlock, TextEdge, TextPanel, TextPlace, TitleMotion, TypefaceSource,
};
use crate::model::{FrameList, FrameRate};
use std::collections::BTreeMap;

const HD: PixelSize = PixelSize::new(1920, 1080);
const SMALL: PixelSize = PixelSize::new(256, 224);

fn line(text: &str) -> BlockLine {
    BlockLine {
        text: text.to_owned(),
        beside: None,
        size: 0.08,
        bold: false,
        colour: ScreenColour::WHITE,
        tracking: 0.0,
        space: 0.0,
    }
}

fn block(text: &str, place: TextPlace) -> TextBlock {
    TextBlock {
        lines: vec![line(text)],
        fonts: Vec::new(),
        place,
        align: place.align(),
        margin: 0.05,
        edge: None,
        shadow: 0.0,
        panel: None,
        opacity: 1.0,
        smallest: 0.0,
        rolls: false,
        turns: false,
        enter: None,
        leave: None,
    }
}

fn painter(content: OverlayContent, size: PixelSize, is_hard: bool) -> FramePainter {
    let overlay = FrameOverlay {
        begin: 0,
        length: 100,
        content,
    };
    FramePainter::new(&[overlay], &BTreeMap::new(), size, is_hard).unwrap()
}

fn painted(painter: &FramePainter, frame: usize, size: PixelSize) -> Vec<[u16; 3]> {
    let mut pixels = vec![[0; 3]; usize::try_from(size.pixel_count()).unwrap()];
    painter.paint(frame, size, &mut pixels);
    pixels
}

fn drawn(content: OverlayContent, size: PixelSize) -> Vec<[u16; 3]> {
    painted(&painter(content, size, false), 10, size)
}

/// The rectangle that is not black.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct InkBounds {
    left: usize,
    top: usize,
    right: usize,
    bottom: usize,
}

fn ink(pixels: &[[u16; 3]], size: PixelSize) -> InkBounds {
    let width = size.width as usize;
    let lit: Vec<usize> = (0..pixels.len())
        .filter(|index| pixels[*index][1] > 2_000)
        .collect();
    assert!(!lit.is_empty(), "nothing was drawn");
    InkBounds {
        left: lit.iter().map(|index| index % width).min().unwrap(),
        right: lit.iter().map(|index| index % width).max().unwrap(),
        top: lit[0] / width,
        bottom: lit[lit.len() - 1] / width,
    }
}

fn text_width(text: &str) -> usize {
    let pixels = drawn(OverlayContent::Text(block(text, TextPlace::Centre)), HD);
    let bounds = ink(&pixels, HD);
    bounds.right - bounds.left
}

/// A picture as telephones show it.
const TALL: PixelSize = PixelSize::new(360, 640);

fn shrinking(text: &str) -> TextBlock {
    let mut shrinking = block(text, TextPlace::Centre);
    shrinking.smallest = SMALLEST_TEXT;
    shrinking
}

fn is_whole(block: &TextBlock, size: PixelSize) -> bool {
    let mut measurer = TextMeasurer::new(BTreeMap::new());
    measurer.measure_block(block, size, false).unwrap().is_whole
}

#[test]
fn a_word_that_is_too_wide_is_smaller_and_not_broken() {
    let one = shrinking("HARBOURMASTER");
    assert!(is_whole(&one, TALL));
    let small = ink(&drawn(OverlayContent::Text(one), TALL), TALL);
    assert!(small.left >= 18 && small.right < 342, "{small:?}");
    let broken = block("HARBOURMASTER", TextPlace::Centre);
    assert!(!is_whole(&broken, TALL));
    let broken = ink(&drawn(OverlayContent::Text(broken), TALL), TALL);
    // One row of smaller letters, and not two.
    let height = |bounds: InkBounds| bounds.bottom - bounds.top;
    assert!(height(small) * 2 < height(broken), "{small:?} {broken:?}");
    // What fits is as large as it is written.
    assert_eq!(
        drawn(OverlayContent::Text(shrinking("HARBOUR")), HD),
        drawn(
            OverlayContent::Text(block("HARBOUR", TextPlace::Centre)),
            HD
        )
    );
}

#[test]
fn a_long_text_stays_in_the_picture() {
    let mut long = shrinking(&"words of a title that has no end ".repeat(12));
    long.lines[0].size = 0.2;
    assert!(is_whole(&long, HD));
    let bounds = ink(&drawn(OverlayContent::Text(long.clone()), HD), HD);
    assert!(bounds.top >= 54 && bounds.bottom < 1026, "{bounds:?}");
    long.lines[0].text = "words of a title that has no end ".repeat(200);
    assert!(!is_whole(&long, HD), "no letters are small enough");
    assert!(!is_whole(&shrinking(&"m".repeat(200)), TALL));
}

#[test]
fn parts_and_names_of_credits_are_not_broken() {
    let mut pair = shrinking("Second assistant director");
    pair.lines[0].beside = Some("2026-01-31T00:00:00:20".to_owned());
    assert!(is_whole(&pair, TALL));
}

#[test]
fn pages_are_divided_after_their_lines_are_wrapped() {
    let mut credits = shrinking("");
    credits.turns = true;
    credits.lines = (0..12)
        .map(|number| line(&format!("Somebody with a long name, number {number}")))
        .collect();
    for size in [HD, TALL] {
        let painter = painter(OverlayContent::Text(credits.clone()), size, false);
        let mut pages = Vec::new();
        let limit = size.height as usize * 9 / 10;
        for frame in 0..100 {
            assert!(painter.draws_on(frame), "{frame}");
            let bounds = ink(&painted(&painter, frame, size), size);
            assert!(bounds.bottom < limit, "{size} {frame} {bounds:?}");
            pages.push(bounds);
        }
        pages.dedup();
        assert!(pages.len() > 1, "{size}");
    }
}

#[test]
fn letters_are_kerned() {
    // Without kerning the two would be as wide as the letters between others.
    let kerned = text_width("HAVH") as i64 - text_width("HHH") as i64;
    let apart = text_width("HAHVH") as i64 - text_width("HHHH") as i64;
    assert!(kerned < apart - 1, "{kerned} of {apart}");
}

#[test]
fn letters_with_space_between_them_are_drawn_apart() {
    // A ligature is one glyph, in which the space of `tracking` would be missing.
    let width = |text: &str, tracking: f32| {
        let mut content = block(text, TextPlace::Centre);
        content.lines[0].tracking = tracking;
        let bounds = ink(&drawn(OverlayContent::Text(content), HD), HD);
        (bounds.right - bounds.left) as f32
    };
    let size = 0.08 * 1080.0;
    let spaced = width("office", 0.5) - width("office", 0.0);
    assert!((spaced - 5.0 * 0.5 * size).abs() < 12.0, "{spaced}");
}

#[test]
fn every_place_is_within_the_safe_area_and_at_its_side() {
    let places = [
        TextPlace::TopLeft,
        TextPlace::Top,
        TextPlace::TopRight,
        TextPlace::Left,
        TextPlace::Centre,
        TextPlace::Right,
        TextPlace::BottomLeft,
        TextPlace::Bottom,
        TextPlace::BottomRight,
    ];
    for place in places {
        let bounds = ink(
            &drawn(OverlayContent::Text(block("Harbour", place)), HD),
            HD,
        );
        assert!(
            bounds.left >= 90 && bounds.right < 1830,
            "{place:?}: {bounds:?}"
        );
        assert!(
            bounds.top >= 54 && bounds.bottom < 1026,
            "{place:?}: {bounds:?}"
        );
        let middle_x = (bounds.left + bounds.right) as f32 / 1920.0 / 2.0;
        let middle_y = (bounds.top + bounds.bottom) as f32 / 1080.0 / 2.0;
        let is_near = |share: f32, found: f32| match share {
            0.0 => found < 0.3,
            1.0 => found > 0.7,
            _ => (0.45..0.55).contains(&found),
        };
        assert!(is_near(place.across(), middle_x), "{place:?}: {bounds:?}");
        assert!(is_near(place.down(), middle_y), "{place:?}: {bounds:?}");
    }
}

#[test]
fn text_is_drawn_at_the_size_of_the_picture() {
    let content = || OverlayContent::Text(block("Sharp", TextPlace::Centre));
    let large = PixelSize::new(3840, 2160);
    let hd = ink(&drawn(content(), HD), HD);
    let uhd = ink(&drawn(content(), large), large);
    let ratio = (uhd.right - uhd.left) as f32 / (hd.right - hd.left) as f32;
    assert!((ratio - 2.0).abs() < 0.03, "{ratio}");
    // Soft edges are a pixel wide at every size; a picture that is scaled up has wider ones.
    let soft_share = |pixels: &[[u16; 3]]| {
        let soft = pixels
            .iter()
            .filter(|p| (3_000..62_000).contains(&p[1]))
            .count();
        let lit = pixels.iter().filter(|p| p[1] >= 62_000).count();
        soft as f32 / lit as f32
    };
    let hd_share = soft_share(&drawn(content(), HD));
    let uhd_share = soft_share(&drawn(content(), large));
    assert!(uhd_share < hd_share * 0.6, "{uhd_share} of {hd_share}");
}

#[test]
fn a_long_line_is_wrapped_within_the_picture() {
    let text = "A line that is much too long for the width of this picture, and goes on and on";
    let bounds = ink(
        &drawn(OverlayContent::Text(block(text, TextPlace::Centre)), HD),
        HD,
    );
    assert!(bounds.left >= 92 && bounds.right < 1828, "{bounds:?}");
    assert!(bounds.bottom - bounds.top > 150, "{bounds:?}");
}

#[test]
fn rows_of_a_wrapped_title_are_of_nearly_one_width() {
    for text in [
        "Plant wild flowers and leave a corner of the garden to the bees today",
        "Every third bite of food that we eat exists because of some bee or other",
    ] {
        let block = block(text, TextPlace::Centre);
        let mut fonts = FontSet::open(&block.fonts, &BTreeMap::new()).unwrap();
        let laid = lay_out_block(&mut fonts, &block, HD, false, LongWords::Whole);
        let widths: Vec<i32> = laid
            .rows
            .iter()
            .map(|row| {
                let places = || row.glyphs.iter().map(|glyph| glyph.x);
                places().max().unwrap() - places().min().unwrap()
            })
            .collect();
        let (least, most) = (widths.iter().min().unwrap(), widths.iter().max().unwrap());
        assert!(widths.len() > 1 && least * 10 >= most * 6, "{widths:?}");
    }
}

#[test]
fn marks_are_put_on_their_letters() {
    let composed = drawn(OverlayContent::Text(block("éạ", TextPlace::Centre)), HD);
    let decomposed = drawn(
        OverlayContent::Text(block("e\u{301}a\u{323}", TextPlace::Centre)),
        HD,
    );
    assert!(composed == decomposed);
    let bare = text_width("ea");
    assert_eq!(
        text_width("e\u{301}a\u{323}"),
        bare,
        "a mark has no width of its own"
    );
}

#[test]
fn hard_text_has_two_colours() {
    let mut content = block("256 by 224", TextPlace::Centre);
    content.edge = Some(TextEdge {
        width: 0.004,
        colour: ScreenColour([255, 0, 0]),
    });
    let hard = painter(OverlayContent::Text(content), SMALL, true);
    let pixels = painted(&hard, 10, SMALL);
    let mut colours = pixels.clone();
    colours.sort_unstable();
    colours.dedup();
    assert!(colours.contains(&[65_535; 3]), "{colours:?}");
    assert!(colours.len() <= 24, "{} colours", colours.len());
}

#[test]
fn a_panel_is_behind_its_text() {
    let mut content = block("Mara", TextPlace::BottomLeft);
    content.panel = Some(TextPanel {
        colour: ScreenColour([0, 0, 255]),
        opacity: 1.0,
    });
    let pixels = drawn(OverlayContent::Text(content), HD);
    let blue = pixels
        .iter()
        .filter(|pixel| **pixel == [0, 0, 65_535])
        .count();
    let white = pixels.iter().filter(|pixel| **pixel == [65_535; 3]).count();
    assert!(white > 500 && blue > white, "{white} white, {blue} blue");
}

#[test]
fn counters_show_their_frame_and_do_not_move() {
    let counter = |kind| {
        OverlayContent::Counter(FrameCounter {
            kind,
            fonts: Vec::new(),
            place: TextPlace::Bottom,
            size: 0.03,
            margin: 0.02,
            colour: ScreenColour::WHITE,
            panel: TextPanel {
                colour: ScreenColour([0, 200, 0]),
                opacity: 1.0,
            },
        })
    };
    let code = painter(
        counter(CounterKind::Timecode {
            first: 86_400,
            rate: FrameRate::from_fps(24),
            counting: TimecodeCounting::NonDrop,
        }),
        HD,
        false,
    );
    let first = painted(&code, 0, HD);
    let later = painted(&code, 11, HD);
    assert!(first != later);
    assert_eq!(ink(&first, HD), ink(&later, HD));
    assert!(!code.is_same_picture(0, 1));
    let frames = FrameList::from_bounds(1001, 1100);
    let shot = painter(counter(CounterKind::ShotFrame { frames }), HD, false);
    assert!(painted(&shot, 99, HD) != painted(&shot, 98, HD));
}

#[test]
fn a_fade_is_seen_and_equal_frames_are_known() {
    let mut content = block("Fade", TextPlace::Centre);
    content.enter = Some(TitleMotion {
        kind: MotionKind::Fade,
        frames: 8,
        easing: Easing::InOut,
    });
    let fading = painter(OverlayContent::Text(content), HD, false);
    let brightest = |frame| {
        let pixels = painted(&fading, frame, HD);
        pixels.iter().map(|pixel| pixel[0]).max().unwrap()
    };
    let steps: Vec<u16> = (0..10).map(brightest).collect();
    assert!(steps.is_sorted(), "{steps:?}");
    assert!(steps[0] > 0 && steps[0] < 10_000, "{steps:?}");
    assert_eq!(steps[8..], [65_535, 65_535]);
    assert!(fading.is_same_picture(8, 99) && !fading.is_same_picture(7, 8));
    assert!(!fading.is_same_picture(99, 100), "it has ended");
}

#[test]
fn pairs_meet_in_the_middle() {
    let mut content = block("", TextPlace::Centre);
    content.lines = vec![BlockLine {
        beside: Some("Ada Berg".to_owned()),
        ..line("Mara")
    }];
    let pixels = drawn(OverlayContent::Text(content), HD);
    let bounds = ink(&pixels, HD);
    assert!(bounds.left < 900 && bounds.right > 1020, "{bounds:?}");
    let gap = (0..1080).all(|y| (945..975).all(|x| pixels[y * 1920 + x][0] == 0));
    assert!(gap, "nothing is in the gutter");
}

#[test]
fn a_backdrop_hides_the_picture() {
    let orange = ScreenColour([255, 140, 0]);
    let pixels = drawn(OverlayContent::Backdrop(orange), SMALL);
    assert!(pixels.iter().all(|pixel| *pixel == [65_535, 35_980, 0]));
}

#[test]
fn nothing_that_is_odd_stops_the_drawing() {
    let texts = [
        "",
        " ",
        "\n\n",
        "\u{0}\u{7}\u{1b}",
        "\u{301}\u{301}\u{301}",
        "\u{202e}abc\u{202c}",
        "👩\u{200d}🚀 ★ 中文 العربية עברית हिन्दी",
        "\u{fffd}\u{10ffff}",
    ];
    let long = "W".repeat(5_000);
    for text in texts.into_iter().chain([long.as_str()]) {
        for (width, height) in [(0, 0), (1, 1), (64, 36)] {
            let size = PixelSize::new(width, height);
            let mut content = block(text, TextPlace::Centre);
            content.edge = Some(TextEdge {
                width: 0.01,
                colour: ScreenColour::BLACK,
            });
            content.shadow = 1.0;
            let painter = painter(OverlayContent::Text(content), size, false);
            painted(&painter, 0, size);
        }
    }
    for number in [f32::NAN, f32::INFINITY, -1.0, 0.0, 1e30] {
        let mut content = block("odd", TextPlace::Centre);
        content.lines[0].size = number;
        content.lines[0].tracking = if number.is_finite() { 0.0 } else { number };
        content.lines[0].space = number;
        content.opacity = number;
        content.margin = number;
        content.align = TextAlign::Right;
        let painter = painter(OverlayContent::Text(content), SMALL, false);
        painted(&painter, 0, SMALL);
    }
}

#[test]
fn a_damaged_font_is_an_error_and_no_panic() {
    let font = super::built_in_fonts::BUILT_IN_FILES[0];
    let source = TypefaceSource::File {
        slot: 0,
        family: None,
        bold: None,
    };
    let try_font = |bytes: Vec<u8>| {
        let file = TypefaceFile {
            name: "font.ttf".to_owned(),
            bytes: bytes.into(),
        };
        let mut content = block("Aé", TextPlace::Centre);
        content.fonts = vec![source.clone()];
        let overlay = FrameOverlay {
            begin: 0,
            length: 1,
            content: OverlayContent::Text(content),
        };
        FramePainter::new(&[overlay], &BTreeMap::from([(0, file)]), SMALL, false).is_ok()
    };
    assert!(try_font(font.to_vec()));
    assert!(!try_font(Vec::new()));
    assert!(!try_font(b"no font at all".to_vec()));
    for part in 1..20 {
        // Whether the rest of a font can be used depends on what is cut off.
        try_font(font[..font.len() * part / 20].to_vec());
        let mut broken = font.to_vec();
        let start = font.len() * part / 20;
        let end = (start + 200).min(font.len());
        broken[start..end].fill(0xff);
        try_font(broken);
    }
}

#[test]
fn the_first_font_is_used_even_if_it_is_not_bold() {
    let drawn_with = |file: usize, bold: Option<usize>| {
        let font = |slot: usize| TypefaceFile {
            name: "font.ttf".to_owned(),
            bytes: super::built_in_fonts::BUILT_IN_FILES[slot].into(),
        };
        let mut content = block("Harbour", TextPlace::Centre);
        content.lines[0].bold = true;
        content.fonts = vec![TypefaceSource::File {
            slot: file,
            family: None,
            bold,
        }];
        let overlay = FrameOverlay {
            begin: 0,
            length: 1,
            content: OverlayContent::Text(content),
        };
        let files = BTreeMap::from([(0, font(0)), (1, font(1))]);
        let painter = FramePainter::new(&[overlay], &files, SMALL, false).unwrap();
        painted(&painter, 0, SMALL)
    };
    let bold = drawn_with(1, None);
    assert!(
        drawn_with(0, None) != bold,
        "the font of the program is bold"
    );
    assert!(drawn_with(0, Some(1)) == bold, "its own bold letters");
}

#[test]
fn a_missing_font_is_an_error() {
    let make = |source: TypefaceSource| {
        let mut content = block("A", TextPlace::Centre);
        content.fonts = vec![source];
        let overlay = FrameOverlay {
            begin: 0,
            length: 1,
            content: OverlayContent::Text(content),
        };
        let made = FramePainter::new(&[overlay], &BTreeMap::new(), SMALL, false);
        made.err().map(|error| error.to_string())
    };
    let unknown = make(TypefaceSource::BuiltIn("Other 1.0".to_owned())).unwrap();
    assert!(unknown.contains("Other 1.0"), "{unknown}");
    let missing = make(TypefaceSource::File {
        slot: 3,
        family: None,
        bold: None,
    });
    assert!(missing.unwrap().contains("slot 3"));
}

#[test]
fn equal_overlays_give_equal_pictures() {
    let content = || OverlayContent::Text(block("Gleich ÄÖÜ Ωψ Ждё", TextPlace::Centre));
    let first = drawn(content(), HD);
    assert!(first == drawn(content(), HD));
    let used_alone = painter(content(), HD, false);
    for frame in [3, 50, 99] {
        assert!(first == painted(&used_alone, frame, HD));
    }
}

/// Returns a font whose letters are glyphs that no font can have.
fn damaged_font() -> std::sync::Arc<[u8]> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut bytes = std::fs::read(path.join("assets/fonts/NotoSans-Regular.ttf")).unwrap();
    // A table of one group, from the space on: version, count, platform, encoding, offset; format,
    // length, language, count of groups; first, last, glyph.
    let halves = |numbers: &[u16]| {
        numbers
            .iter()
            .flat_map(|n| n.to_be_bytes())
            .collect::<Vec<u8>>()
    };
    let words = |numbers: &[u32]| {
        numbers
            .iter()
            .flat_map(|n| n.to_be_bytes())
            .collect::<Vec<u8>>()
    };
    let mut table = halves(&[0, 1, 3, 10, 0, 12, 12, 0]);
    table.extend(words(&[28, 0, 1, 0x20, 0x7e, 0x00ff_0000]));
    let place = words(&[
        u32::try_from(bytes.len()).unwrap(),
        u32::try_from(table.len()).unwrap(),
    ]);
    let entry = (12..)
        .step_by(16)
        .find(|at| &bytes[*at..*at + 4] == b"cmap");
    let entry = entry.unwrap();
    bytes[entry + 8..entry + 16].copy_from_slice(&place);
    bytes.extend(table);
    bytes.into()
}

#[test]
fn a_damaged_font_is_noticed_before_and_fails_with_words() {
    let bytes = damaged_font();
    assert!(read_typeface_facts(bytes.clone(), None).is_none());
    let mut text = block("AB", TextPlace::Centre);
    text.fonts = vec![TypefaceSource::File {
        slot: 0,
        family: None,
        bold: None,
    }];
    let file = TypefaceFile {
        name: "own.ttf".to_owned(),
        bytes,
    };
    let files = BTreeMap::from([(0, file)]);
    let overlay = FrameOverlay {
        begin: 0,
        length: 100,
        content: OverlayContent::Text(text.clone()),
    };
    let failed = FramePainter::new(&[overlay], &files, HD, false)
        .err()
        .unwrap();
    assert!(matches!(failed, LetteringError::DamagedFont(_)), "{failed}");
    assert!(failed.to_string().contains("own.ttf"), "{failed}");
    let measured = TextMeasurer::new(files).measure_block(&text, HD, false);
    assert!(matches!(measured, Err(LetteringError::DamagedFont(_))));
}
