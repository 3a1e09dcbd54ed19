//! A production with a graphic, for the tests of rules.

use crate::base::{FileId, FileSpan, Spanned};
use crate::model::Production;
use crate::model::camera::Easing;
use crate::model::cut::ScreenColour;
use crate::model::graphics::{
    GraphicBlock, GraphicColours, GraphicContent, GraphicKind, GraphicValue, ScreenGraphic,
    USUAL_BELOW,
};
use crate::model::titles::{TextPanel, TextPlace};

/// Gives a production one bar chart over its first shot.
pub(super) fn sample_graphic(production: &mut Production) -> &mut ScreenGraphic {
    let origin = FileSpan::new(FileId(0), 900, 903);
    let value = |label: &str, value| GraphicValue {
        label: label.to_owned(),
        value,
        shown: value.to_string(),
        icon: None,
    };
    let content = GraphicContent::Bars(vec![value("a", 1.0), value("b", 2.0)]);
    production.graphics = vec![ScreenGraphic {
        block: GraphicBlock {
            content,
            title: None,
            source: None,
            fonts: Vec::new(),
            place: TextPlace::Centre,
            below: USUAL_BELOW,
            colours: GraphicColours {
                text: ScreenColour::WHITE,
                accent: ScreenColour([255, 196, 0]),
                panel: Some(TextPanel {
                    colour: ScreenColour::BLACK,
                    opacity: 0.8,
                }),
            },
            build: 12,
            easing: Easing::Out,
            fade: 4,
        },
        kind: GraphicKind::Bar,
        values: vec![Spanned::new(1.0, origin), Spanned::new(2.0, origin)],
        texts: Vec::new(),
        fonts: Vec::new(),
        shot: 0,
        start: 0,
        last_shot: 0,
        length: 24,
        is_length_written: false,
        origin,
    }];
    &mut production.graphics[0]
}
