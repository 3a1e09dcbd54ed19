//! Resolves retro treatments: console preset, palette, dither and size.

use super::context::ResolveContext;
use super::value_parsers::{parse_size, read_colour};
use crate::document::draft::{PaletteDraft, RetroDraft};
use crate::document::overlay::OverlayFields;
use crate::model::retro_treatment::{Palette, RetroTreatment};
use crate::model::{PixelSize, defaults, value_ranges};

/// Returns the treatment, or `None` if it is switched off. `small` is the size if none is written.
pub(super) fn resolve_retro(
    context: &mut ResolveContext<'_>,
    own: &RetroDraft,
    small: PixelSize,
) -> Option<RetroTreatment> {
    if own
        .enabled
        // An output can opt out of the production's treatment with `enabled: false`.
        .is_some_and(|enabled| !enabled.value && !enabled.is_placeholder)
    {
        return None;
    }
    let library = context.library;
    let preset = own
        .preset
        .as_ref()
        .and_then(|name| context.find_preset("retro console", &library.consoles, name));
    let base = preset.cloned().unwrap_or_default();
    let merged = own.clone().overlay_on(base);
    // Checked even with a fixed palette, where it has no effect, so that a bad number never goes
    // unnoticed.
    let colours = context.in_range_opt("colors", &merged.colors, value_ranges::COLOURS);
    let palette = merged
        .palette
        .as_ref()
        .and_then(|name| context.find_preset("palette", &library.palettes, name));
    let palette = palette.map_or(
        // 15-bit colour and 256 colours is what the SNES shows.
        Palette::Adaptive {
            bits: 5,
            colours: 256,
        },
        |draft| self::resolve_palette(context, draft),
    );
    Some(RetroTreatment {
        palette: limit_colours(palette, colours),
        dither: merged.dither.map(|dither| dither.value).unwrap_or_default(),
        strength: context
            .in_range_opt("strength", &merged.strength, value_ranges::SHARE)
            .unwrap_or(defaults::STRENGTH),
        size: merged
            .target_resolution
            .as_ref()
            .and_then(|written| parse_size(context, written))
            .unwrap_or(small),
    })
}

fn resolve_palette(context: &mut ResolveContext<'_>, draft: &PaletteDraft) -> Palette {
    if let Some(fixed) = &draft.fixed {
        let colours = fixed
            .iter()
            // A colour with an error is left out. The run stops on the error, so the short palette
            // is never used.
            .filter_map(|text| read_colour(context, text))
            .collect();
        return Palette::Fixed(colours);
    }
    let bits = context
        .in_range_opt("bits", &draft.bits, value_ranges::BITS)
        .and_then(|bits| u8::try_from(bits).ok());
    let colours = context
        .in_range_opt("colors", &draft.colors, value_ranges::COLOURS)
        .and_then(|colours| u16::try_from(colours).ok());
    Palette::Adaptive {
        bits: bits.unwrap_or(5),
        colours: colours.unwrap_or(256),
    }
}

fn limit_colours(palette: Palette, limit: Option<u32>) -> Palette {
    match (palette, limit.and_then(|limit| u16::try_from(limit).ok())) {
        (Palette::Adaptive { bits, colours }, Some(limit)) => Palette::Adaptive {
            bits,
            colours: colours.min(limit),
        },
        // A fixed palette is what the author chose; dropping colours from it would be a guess.
        (palette, _) => palette,
    }
}
