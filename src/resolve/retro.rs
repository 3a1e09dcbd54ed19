//! Retro treatments: console preset, palette, dither and size.

use super::colours;
use super::desk::Desk;
use super::values::{colour, size};
use crate::base::Spanned;
use crate::base::suggestions::nearest_match;
use crate::document::draft::{PaletteDraft, RetroDraft};
use crate::document::overlay::OverlayFields;
use crate::document::quote::quote_value;
use crate::model::retro_treatment::{Palette, RetroTreatment};
use crate::model::{PixelSize, defaults, value_ranges};

/// Returns the treatment, or nothing when it is switched off. `small` is the size when nothing gives one.
pub(super) fn retro(
    desk: &mut Desk<'_>,
    own: &RetroDraft,
    small: PixelSize,
) -> Option<RetroTreatment> {
    if own
        .enabled
        .is_some_and(|enabled| !enabled.value && !enabled.is_placeholder)
    {
        return None;
    }
    let library = desk.library;
    let preset = own
        .preset
        .as_ref()
        .and_then(|name| desk.preset("retro console", &library.consoles, name));
    let base = preset.cloned().unwrap_or_default();
    let merged = own.clone().overlay_on(base);
    let colours = desk.maybe("colors", &merged.colors, value_ranges::COLOURS);
    let palette = merged
        .palette
        .as_ref()
        .and_then(|name| desk.preset("palette", &library.palettes, name));
    let palette = palette.map_or(
        Palette::Adaptive {
            bits: 5,
            colours: 256,
        },
        |draft| self::palette(desk, draft),
    );
    Some(RetroTreatment {
        palette: limited(palette, colours),
        dither: merged.dither.map(|dither| dither.value).unwrap_or_default(),
        strength: desk
            .maybe("strength", &merged.strength, value_ranges::SHARE)
            .unwrap_or(defaults::STRENGTH),
        size: merged
            .target_resolution
            .as_ref()
            .and_then(|written| size(desk, written))
            .unwrap_or(small),
    })
}

fn palette(desk: &mut Desk<'_>, draft: &PaletteDraft) -> Palette {
    if let Some(fixed) = &draft.fixed {
        let colours = fixed
            .iter()
            .filter_map(|text| fixed_colour(desk, text))
            .collect();
        return Palette::Fixed(colours);
    }
    let bits = desk
        .maybe("bits", &draft.bits, value_ranges::BITS)
        .and_then(|bits| u8::try_from(bits).ok());
    let colours = desk
        .maybe("colors", &draft.colors, value_ranges::COLOURS)
        .and_then(|colours| u16::try_from(colours).ok());
    Palette::Adaptive {
        bits: bits.unwrap_or(5),
        colours: colours.unwrap_or(256),
    }
}

fn fixed_colour(desk: &mut Desk<'_>, text: &Spanned<String>) -> Option<[u8; 3]> {
    let parsed = colour(&text.value);
    if parsed.is_none() && !text.is_placeholder {
        let message = format!("{} is not a colour", quote_value(&text.value));
        desk.error(
            "production::value::bad_colour",
            text.origin,
            message,
            Some(colour_help(&text.value)),
        );
    }
    parsed
}

/// Offers the nearest name, unless digits were meant.
fn colour_help(text: &str) -> String {
    match nearest_match(text, colours::names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write six hexadecimal digits such as `\"9bbc0f\"`, or a name such as `olive`"
            .to_owned(),
    }
}

fn limited(palette: Palette, most: Option<u32>) -> Palette {
    match (palette, most.and_then(|most| u16::try_from(most).ok())) {
        (Palette::Adaptive { bits, colours }, Some(most)) => Palette::Adaptive {
            bits,
            colours: colours.min(most),
        },
        (palette, _) => palette,
    }
}
