//! Text over pictures: a title that stays, and captions that change every two seconds.

use production::lettering::{BUILT_IN_FONT, FramePainter};
use production::model::PixelSize;
use production::model::camera::Easing;
use production::model::cut::ScreenColour;
use production::model::titles::{
    BlockLine, FrameOverlay, MotionKind, OverlayContent, TextBlock, TextPlace, TitleLook,
    TitleMotion, TitleStyle, TypefaceSource,
};
use std::collections::BTreeMap;

const HD: PixelSize = PixelSize::new(1920, 1080);
/// Frames of one caption: two seconds at 24 a second.
const CAPTION: usize = 48;

/// Draws text over so many frames of 1920x1080.
pub(crate) fn draw(count: usize) {
    let look = TitleStyle::Main.usual_look();
    let mut overlays = vec![overlay(0, count, "LAST LIGHT", &look, TextPlace::Top)];
    for first in (0..count).step_by(CAPTION) {
        let text = format!("This is caption number {first} of the film, on one line");
        let look = TitleStyle::Caption.usual_look();
        overlays.push(overlay(first, CAPTION, &text, &look, TextPlace::Bottom));
    }
    let painter = FramePainter::new(&overlays, &BTreeMap::new(), HD, false).unwrap();
    let mut pixels = vec![[12_000, 20_000, 30_000]; HD.pixel_count() as usize];
    for frame in 0..count {
        painter.paint(frame, HD, &mut pixels);
    }
    println!("{:?}", pixels[HD.pixel_count() as usize / 2]);
}

fn overlay(
    first: usize,
    length: usize,
    text: &str,
    look: &TitleLook,
    place: TextPlace,
) -> FrameOverlay {
    let fade = TitleMotion {
        kind: MotionKind::Fade,
        frames: 12,
        easing: Easing::InOut,
    };
    FrameOverlay {
        begin: first as i64,
        length,
        content: OverlayContent::Text(TextBlock {
            lines: vec![BlockLine {
                text: text.to_owned(),
                beside: None,
                size: look.size,
                bold: look.bold,
                colour: ScreenColour::WHITE,
                tracking: look.tracking,
                space: 0.0,
            }],
            fonts: vec![TypefaceSource::BuiltIn(BUILT_IN_FONT.to_owned())],
            place,
            align: place.align(),
            margin: 0.05,
            edge: look.edge,
            shadow: look.shadow,
            panel: look.panel,
            opacity: 1.0,
            smallest: 0.0,
            rolls: false,
            turns: false,
            enter: Some(fade).filter(|_| look.enter != MotionKind::Cut),
            leave: None,
        }),
    }
}
