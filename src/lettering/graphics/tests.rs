//! Graphics as a whole: where things are, that all of them fit every shape, and that frames depend
//! on nothing else.

use super::graphic_fit::fit_graphic;
use super::graphic_scene::SceneDrawing;
use super::shape_canvas::SceneRect;
use crate::lettering::font_set::FontSet;
use crate::lettering::{BUILT_IN_FONT, CODE_FONT, FramePainter, ICON_FONT};
use crate::model::PixelSize;
use crate::model::camera::Easing;
use crate::model::cut::ScreenColour;
use crate::model::graphics::{
    GraphicBlock, GraphicColours, GraphicContent, GraphicPoint, GraphicValue, USUAL_BELOW,
};
use crate::model::titles::{FrameOverlay, OverlayContent, TextPanel, TextPlace, TypefaceSource};
use std::collections::BTreeMap;

const HD: PixelSize = PixelSize::new(1920, 1080);
const SHAPES: [PixelSize; 5] = [
    HD,
    PixelSize::new(1080, 1920),
    PixelSize::new(1080, 1080),
    PixelSize::new(1080, 1350),
    PixelSize::new(320, 180),
];

fn value(label: &str, value: f64) -> GraphicValue {
    GraphicValue {
        label: label.to_owned(),
        value,
        shown: format!("{value}%"),
        icon: None,
    }
}

fn block(content: GraphicContent) -> GraphicBlock {
    let fonts = [BUILT_IN_FONT, CODE_FONT, ICON_FONT];
    GraphicBlock {
        content,
        title: Some("Where the water is".to_owned()),
        source: Some("Source: US Geological Survey".to_owned()),
        fonts: fonts
            .map(|name| TypefaceSource::BuiltIn(name.to_owned()))
            .to_vec(),
        place: TextPlace::Centre,
        below: USUAL_BELOW,
        colours: GraphicColours {
            text: ScreenColour::WHITE,
            accent: ScreenColour([46, 196, 182]),
            panel: Some(TextPanel {
                colour: ScreenColour([12, 24, 34]),
                opacity: 0.86,
            }),
        },
        build: 20,
        easing: Easing::Out,
        fade: 8,
    }
}

fn values() -> Vec<GraphicValue> {
    vec![
        value("Ice and snow", 68.7),
        value("Ground water", 30.1),
        value("The rest", 1.2),
    ]
}

fn contents() -> Vec<GraphicContent> {
    let point = |text: &str, icon: Option<&str>| GraphicPoint {
        text: text.to_owned(),
        icon: icon.map(str::to_owned),
    };
    let text = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
    vec![
        GraphicContent::Bars(values()),
        GraphicContent::Line(values()),
        GraphicContent::Pie(values()),
        GraphicContent::Numbers(values()),
        GraphicContent::Table {
            columns: text(["Water", "Share"]),
            rows: vec![text(["Ice", "68.7%"]), text(["Ground", "30.1%"])],
        },
        GraphicContent::List(vec![
            point("Waste less food", Some("🍎")),
            point("Take shorter showers", None),
        ]),
        GraphicContent::Quote {
            text: "Water is the driving force of all nature.".to_owned(),
            by: Some("attributed to Leonardo".to_owned()),
        },
        GraphicContent::Code(vec!["let litres = 70;".to_owned()]),
    ]
}

fn fonts(block: &GraphicBlock) -> FontSet {
    FontSet::open(&block.fonts, &BTreeMap::new()).unwrap()
}

fn bars(block: &GraphicBlock, size: PixelSize) -> Vec<SceneRect> {
    let laid = fit_graphic(&mut fonts(block), block, size, false, 0);
    let drawings = laid.elements.into_iter().map(|element| element.drawing);
    drawings
        .filter_map(|drawing| match drawing {
            SceneDrawing::Bar { rect, .. } => Some(rect),
            _ => None,
        })
        .collect()
}

#[test]
fn every_kind_fits_every_shape_within_the_safe_area() {
    for content in contents() {
        let block = block(content);
        for size in SHAPES {
            let laid = fit_graphic(&mut fonts(&block), &block, size, false, 0);
            let about = format!("{:?} at {size}", block.content);
            assert!(laid.is_whole, "{about}");
            #[expect(clippy::cast_precision_loss, reason = "a picture is small")]
            let (width, height) = (size.width as f32, size.height as f32);
            let rect = laid.rect;
            assert!(rect.left >= 0.05 * width - 1.0, "{about}: {rect:?}");
            assert!(rect.right() <= 0.95 * width + 1.0, "{about}: {rect:?}");
            assert!(rect.top >= 0.06 * height - 1.0, "{about}: {rect:?}");
            assert!(rect.bottom() <= 0.94 * height + 1.0, "{about}: {rect:?}");
        }
    }
}

#[test]
fn captions_have_their_room_below() {
    let block = block(GraphicContent::Bars(values())).above_captions(true);
    let laid = fit_graphic(&mut fonts(&block), &block, HD, false, 0);
    assert!(laid.rect.bottom() <= 0.8 * 1080.0 + 1.0, "{:?}", laid.rect);
}

#[test]
fn the_height_of_columns_is_in_proportion_to_their_values() {
    let found = bars(&block(GraphicContent::Bars(values())), HD);
    let heights: Vec<f32> = found.iter().map(|rect| rect.height).collect();
    assert!(
        (heights[1] / heights[0] - 30.1 / 68.7).abs() < 1e-4,
        "{heights:?}"
    );
    assert!(
        (heights[2] / heights[0] - 1.2 / 68.7).abs() < 1e-4,
        "{heights:?}"
    );
    assert!(found.iter().all(|rect| rect.bottom() == found[0].bottom()));
}

#[test]
fn negative_values_grow_down_from_zero() {
    let found = bars(
        &block(GraphicContent::Bars(vec![
            value("a", 10.0),
            value("b", -5.0),
        ])),
        HD,
    );
    assert!((found[0].bottom() - found[1].top).abs() < 0.01, "{found:?}");
    assert!(
        (found[0].height / found[1].height - 2.0).abs() < 1e-3,
        "{found:?}"
    );
}

#[test]
fn labels_that_are_too_long_for_columns_make_rows() {
    let long = "Agriculture, forestry and the fishing of the seas";
    let values = ["A", "B", "C", "D", "E"].map(|name| value(&format!("{long} {name}"), 3.0));
    let found = bars(
        &block(GraphicContent::Bars(values.to_vec())),
        PixelSize::new(1080, 1920),
    );
    assert!(
        found.iter().all(|rect| rect.left == found[0].left),
        "{found:?}"
    );
    assert!(found.windows(2).all(|pair| pair[0].bottom() < pair[1].top));
}

#[test]
fn what_no_picture_has_room_for_is_reported() {
    let lines = vec!["x".repeat(400)];
    let block = block(GraphicContent::Code(lines));
    assert!(!super::fits_picture(&mut fonts(&block), &block, HD, false));
}

#[test]
fn numbers_that_are_none_do_not_stop_the_program() {
    for number in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300] {
        let values = vec![value("a", number), value("b", number)];
        for content in [
            GraphicContent::Bars(values.clone()),
            GraphicContent::Line(values.clone()),
            GraphicContent::Pie(values.clone()),
            GraphicContent::Numbers(values.clone()),
            GraphicContent::Bars(Vec::new()),
            GraphicContent::Line(Vec::new()),
            GraphicContent::Pie(Vec::new()),
        ] {
            painted(&block(content), PixelSize::new(320, 180), 9);
        }
    }
}

fn painter(block: &GraphicBlock, size: PixelSize) -> FramePainter {
    let overlay = FrameOverlay {
        begin: 0,
        length: 48,
        content: OverlayContent::Graphic(block.clone()),
    };
    FramePainter::new(&[overlay], &BTreeMap::new(), size, false).unwrap()
}

fn painted(block: &GraphicBlock, size: PixelSize, frame: usize) -> Vec<[u16; 3]> {
    let mut pixels = vec![[20_000; 3]; usize::try_from(size.pixel_count()).unwrap()];
    painter(block, size).paint(frame, size, &mut pixels);
    pixels
}

#[test]
fn a_frame_is_the_same_on_every_thread_and_in_every_order() {
    let size = PixelSize::new(320, 180);
    for content in contents() {
        let block = block(content);
        let shared = painter(&block, size);
        let paint = |frame: usize| {
            let mut pixels = vec![[20_000; 3]; usize::try_from(size.pixel_count()).unwrap()];
            shared.paint(frame, size, &mut pixels);
            pixels
        };
        let frames = [12, 3, 30];
        let together: Vec<Vec<[u16; 3]>> = std::thread::scope(|scope| {
            let started = frames.map(|frame| scope.spawn(move || paint(frame)));
            started.map(|thread| thread.join().unwrap()).into()
        });
        for (frame, pixels) in frames.iter().zip(together) {
            assert!(pixels == painted(&block, size, *frame), "frame {frame}");
        }
        assert!(shared.is_same_picture(30, 34), "all of it is there");
        assert!(!shared.is_same_picture(3, 12), "it builds");
        assert!(!shared.is_same_picture(34, 46), "it goes");
    }
}

#[test]
fn numbers_side_by_side_are_at_one_height_with_or_without_icons() {
    let mut numbers = values();
    numbers[1].icon = Some("🍎".to_owned());
    let block = block(GraphicContent::Numbers(numbers));
    let laid = fit_graphic(&mut fonts(&block), &block, HD, false, 0);
    let percent = |text: &SceneDrawing| match text {
        // The digits of a number are larger than those of a label, so its last letter is the lowest.
        SceneDrawing::Text(glyphs) if glyphs.len() == 5 || glyphs.len() == 4 => {
            glyphs.last().map(|glyph| glyph.y)
        }
        _ => None,
    };
    let heights: Vec<i32> = laid
        .elements
        .iter()
        .filter_map(|element| percent(&element.drawing))
        .collect();
    assert_eq!(heights.len(), 3, "{heights:?}");
    assert!(
        heights.iter().all(|height| *height == heights[0]),
        "{heights:?}"
    );
}

#[test]
fn the_texts_of_a_card_begin_where_their_script_does() {
    // Returns how far the texts are from the left side and from the right side of the card.
    let sides = |title: &str, content: GraphicContent| -> Vec<[f32; 2]> {
        let block = GraphicBlock {
            title: Some(title.to_owned()),
            source: None,
            ..block(content)
        };
        let laid = fit_graphic(&mut fonts(&block), &block, HD, false, 0);
        let right = laid.rect.left + laid.rect.width;
        let drawings = laid.elements.into_iter().map(|element| element.drawing);
        let texts = drawings.filter_map(|drawing| match drawing {
            SceneDrawing::Text(glyphs) if !glyphs.is_empty() => Some(glyphs),
            _ => None,
        });
        texts
            .map(|glyphs| {
                let lefts = glyphs
                    .iter()
                    .map(|glyph| f32::from(i16::try_from(glyph.x).unwrap()));
                [
                    lefts.clone().fold(f32::MAX, f32::min) - laid.rect.left,
                    right - lefts.fold(f32::MIN, f32::max),
                ]
            })
            .collect()
    };
    let bars = GraphicContent::Bars(vec![value("A", 1.0), value("B", 3.0)]);
    let [left, right] = sides("Water", bars.clone())[0];
    assert!(left < right, "{left} {right}");
    for title in ["מים", "ماء"] {
        let [left, right] = sides(title, bars.clone())[0];
        assert!(right < left, "{title}: {left} {right}");
    }
    let quote = |text: &str| GraphicContent::Quote {
        text: text.to_owned(),
        by: None,
    };
    // The mark of a quote is the first text behind the title.
    let [left, right] = sides("Water", quote("We keep the light."))[1];
    assert!(left < right, "{left} {right}");
    let [left, right] = sides("מים", quote("אנחנו שומרים על האור."))[1];
    assert!(right < left, "{left} {right}");
}

#[test]
fn a_list_that_is_read_from_right_to_left_begins_at_the_right() {
    let dots = |text: &str| -> Vec<f32> {
        let point = GraphicPoint {
            text: text.to_owned(),
            icon: None,
        };
        let block = GraphicBlock {
            title: None,
            source: None,
            ..block(GraphicContent::List(vec![point.clone(), point]))
        };
        let laid = fit_graphic(&mut fonts(&block), &block, HD, false, 0);
        let middle = laid.rect.left + laid.rect.width / 2.0;
        let drawings = laid.elements.into_iter().map(|element| element.drawing);
        drawings
            .filter_map(|drawing| match drawing {
                SceneDrawing::Dot { centre, .. } => Some(centre[0] - middle),
                _ => None,
            })
            .collect()
    };
    let left = dots("Plant wild flowers");
    assert!(
        left.len() == 2 && left.iter().all(|place| *place < 0.0),
        "{left:?}"
    );
    for text in ["זרעו פרחים", "ازرع الزهور"] {
        let right = dots(text);
        assert!(
            right.len() == 2 && right.iter().all(|place| *place > 0.0),
            "{right:?}"
        );
    }
}
