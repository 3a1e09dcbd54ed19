//! Resolves what a document chooses of the encoding of a film, by the table of codecs.

use super::context::ResolveContext;
use crate::base::suggestions::did_you_mean;
use crate::base::{FileSpan, Spanned};
use crate::document::draft::OutputDraft;
use crate::document::quote::quote_value;
use crate::model::codec::{EncodingVariant, FilmContainer};
use crate::model::{Codec, EncodingChoice, FilmEncoding, HdrTransfer};
use std::path::Path;

/// Bit rates that a film may have, in bits a second.
// Wide, since it only catches a unit that was left out, such as `8` for `8M`.
const BIT_RATES: std::ops::RangeInclusive<u64> = 10_000..=1_000_000_000;

/// Returns the choice of an output. What does not fit the codec is reported and left out.
pub(super) fn resolve_encoding(
    context: &mut ResolveContext<'_>,
    merged: &OutputDraft,
    codec: Codec,
) -> EncodingChoice {
    // Pictures are written without ffmpeg, so they have no options of an encoder.
    let Some(film) = codec.tool_encoding() else {
        report_pictures(context, merged, codec);
        return EncodingChoice::default();
    };
    let mut encoder = EncodingResolver {
        context,
        codec,
        film,
    };
    // Each is read in any case, so that one pass reports every field that does not fit.
    let crf = encoder.crf(merged);
    let bit_rate = encoder.bit_rate(merged);
    let variant = encoder.variant(merged);
    let hdr = encoder.hdr(merged);
    let variant = encoder.deep_variant(merged, variant, hdr);
    EncodingChoice {
        crf,
        bit_rate,
        profile: variant.map(|(variant, _)| variant.profile.to_owned()),
        pixel_format: variant.map(|(_, format)| format.to_owned()),
        container: encoder.container(merged),
        hdr,
        renditions: Vec::new(),
    }
}

/// Reports the fields that only films have.
fn report_pictures(context: &mut ResolveContext<'_>, merged: &OutputDraft, codec: Codec) {
    let fields = [
        ("crf", merged.crf.as_ref().map(|value| value.origin)),
        (
            "bit_rate",
            merged.bit_rate.as_ref().map(|value| value.origin),
        ),
        ("profile", merged.profile.as_ref().map(|value| value.origin)),
        (
            "pixel_format",
            merged.pixel_format.as_ref().map(|value| value.origin),
        ),
        ("container", merged.container.map(|value| value.origin)),
        ("hdr", merged.hdr.map(|value| value.origin)),
    ];
    for (field, origin) in fields {
        let Some(origin) = origin else { continue };
        let message = format!("`{}` has no `{field}`", codec.id());
        let help = format!("pictures are written as they are; remove `{field}`");
        report_unfit(context, origin, message, help);
    }
}

fn report_unfit(context: &mut ResolveContext<'_>, origin: FileSpan, message: String, help: String) {
    context.report_error(
        "production::outputs::unfit_encoding",
        origin,
        message,
        Some(help),
    );
}

/// Reads the fields of one output against its codec.
struct EncodingResolver<'r, 'a> {
    context: &'r mut ResolveContext<'a>,
    codec: Codec,
    film: &'static FilmEncoding,
}

impl EncodingResolver<'_, '_> {
    fn report(&mut self, origin: FileSpan, message: String, help: String) {
        report_unfit(self.context, origin, message, help);
    }

    fn crf(&mut self, merged: &OutputDraft) -> Option<u32> {
        let written = merged.crf.as_ref().filter(|crf| !crf.is_placeholder)?;
        let id = self.codec.id();
        let Some(range) = self.film.crf_range else {
            let help = format!("{}; remove `crf`", self.variant_words());
            self.report(written.origin, format!("`{id}` has no `crf`"), help);
            return None;
        };
        // An encoder that gets both takes one and says nothing, and which one depends on its
        // version.
        if merged.bit_rate.is_some() {
            let message = "`crf` and `bit_rate` exclude each other".to_owned();
            let help = "keep `crf` for a quality, or `bit_rate` for a size of the file".to_owned();
            self.report(written.origin, message, help);
            return None;
        }
        self.context.in_range("crf", written, range)
    }

    fn bit_rate(&mut self, merged: &OutputDraft) -> Option<u64> {
        let written = merged
            .bit_rate
            .as_ref()
            .filter(|rate| !rate.is_placeholder)?;
        let id = self.codec.id();
        if !self.film.takes_bit_rate {
            let help = format!("{}; remove `bit_rate`", self.variant_words());
            self.report(written.origin, format!("`{id}` has no `bit_rate`"), help);
            return None;
        }
        let rate = parse_bit_rate(&written.value).filter(|rate| BIT_RATES.contains(rate));
        if rate.is_none() {
            let message = format!("{} is not a bit rate", quote_value(&written.value));
            let help = "write bits a second from `10k` to `1000M`, such as `8M` or `800k`";
            self.report(written.origin, message, help.to_owned());
        }
        rate
    }

    /// Returns the kind of file that is written, or that the extension of the path means. `None`:
    /// the usual one, or a mistake was reported.
    fn container(&mut self, merged: &OutputDraft) -> Option<FilmContainer> {
        // Those of the films of a stream are not chosen: players expect them.
        let own = self.codec.film_encoding();
        let containers = own.map_or(&[][..], |film| film.containers);
        let usual = containers.first().copied();
        let chosen = match merged.container.filter(|written| !written.is_placeholder) {
            Some(written) if containers.contains(&written.value) => Some(written.value),
            Some(written) => {
                self.report_container(written);
                None
            }
            None => merged
                .path
                .as_ref()
                .and_then(|path| Path::new(&path.value).extension()?.to_str())
                .and_then(FilmContainer::from_extension)
                // An extension that the codec cannot have is the matter of a rule, which says more
                // than this place could.
                .filter(|meant| containers.contains(meant)),
        };
        // The usual one is left out: to write it down must not encode the film again.
        chosen.filter(|chosen| Some(*chosen) != usual)
    }

    /// Returns how light brighter than a usual screen is encoded. `None`: it is not, or a mistake
    /// was reported.
    fn hdr(&mut self, merged: &OutputDraft) -> Option<HdrTransfer> {
        let written = merged.hdr.filter(|hdr| !hdr.is_placeholder)?;
        if self.film.hdr_profile.is_none() {
            let message = format!("`{}` has no `hdr`", self.codec.id());
            let help = "choose a codec that players of high dynamic range know, such as `h265` or \
                        `av1`, or remove `hdr`";
            self.report(written.origin, message, help.to_owned());
            return None;
        }
        // A retro treatment reduces pictures to few colours of a usual screen.
        if merged.retro.is_some() {
            let message = "a retro treatment has no high dynamic range".to_owned();
            let help = "remove `hdr` or `retro`".to_owned();
            self.report(written.origin, message, help);
            return None;
        }
        Some(written.value)
    }

    /// Returns the variant of an output of high dynamic range, which has 10 bits or more.
    fn deep_variant(
        &mut self,
        merged: &OutputDraft,
        chosen: Option<(&'static EncodingVariant, &'static str)>,
        hdr: Option<HdrTransfer>,
    ) -> Option<(&'static EncodingVariant, &'static str)> {
        if hdr.is_none() {
            return chosen;
        }
        // ffmpeg has the depth in the name of a format, such as `yuv420p10le`.
        let deep = |format: &str| ["10", "12", "16"].iter().any(|bits| format.contains(bits));
        match chosen {
            Some((_, format)) if deep(format) => chosen,
            Some((variant, _)) => {
                let written = merged.profile.as_ref().map(|profile| profile.origin);
                let origin = written.or(merged.hdr.map(|hdr| hdr.origin));
                let message = format!(
                    "profile `{}` has 8 bits, and `hdr` needs 10",
                    variant.profile
                );
                let help = format!(
                    "write `profile: {}`",
                    self.film.hdr_profile.unwrap_or("main10")
                );
                self.report(origin.unwrap_or_default(), message, help);
                None
            }
            None => {
                let variant = self.film.variant(self.film.hdr_profile?)?;
                // `hdr` alone is enough to ask for ten bits. With eight, skies have visible steps.
                Some((variant, variant.pixel_formats.first().copied()?))
            }
        }
    }

    fn report_container(&mut self, written: Spanned<FilmContainer>) {
        let id = self.codec.id();
        let container = written.value.spec();
        let message = format!("{} holds no `{id}`", container.display_name);
        let own = self.codec.film_encoding();
        let names: Vec<&str> = own
            .map_or(&[][..], |film| film.containers)
            .iter()
            .map(|container| container.spec().id)
            .collect();
        let help = match names.is_empty() {
            true => "it is a file of its own kind; remove `container`".to_owned(),
            false => format!("write {}", word_list(&names)),
        };
        self.report(written.origin, message, help);
    }

    /// Returns the variant and its pixel format. `None`: neither is written, or a mistake was
    /// reported.
    fn variant(
        &mut self,
        merged: &OutputDraft,
    ) -> Option<(&'static EncodingVariant, &'static str)> {
        let profile = merged.profile.as_ref().filter(|text| !text.is_placeholder);
        let format = merged
            .pixel_format
            .as_ref()
            .filter(|text| !text.is_placeholder);
        if profile.is_none() && format.is_none() {
            return None;
        }
        let variants = self.film.variants;
        let named = match profile {
            Some(profile) => {
                let known = variants
                    .iter()
                    .find(|known| known.profile.eq_ignore_ascii_case(profile.value.trim()));
                if known.is_none() {
                    self.report_profile(&profile.value, profile.origin);
                }
                Some(known?)
            }
            None => None,
        };
        let Some(format) = format else {
            // The first of a variant is its usual format.
            return named.map(|variant| (variant, variant.pixel_formats[0]));
        };
        let held = |variant: &'static EncodingVariant| {
            let formats = variant.pixel_formats.iter();
            let same = formats
                .copied()
                .find(|known| known.eq_ignore_ascii_case(format.value.trim()))?;
            Some((variant, same))
        };
        // Without a profile, the first that holds the format is meant.
        let found = match named {
            Some(variant) => held(variant),
            None => variants.iter().find_map(held),
        };
        if found.is_none() {
            self.report_format(&format.value, format.origin, named);
        }
        found
    }

    fn report_profile(&mut self, written: &str, origin: FileSpan) {
        let message = format!(
            "`{}` has no profile {}",
            self.codec.id(),
            quote_value(written)
        );
        let names = self.film.variants.iter().map(|variant| variant.profile);
        let help = did_you_mean(written, names).unwrap_or_else(|| self.variant_words());
        self.report(origin, message, help);
    }

    fn report_format(
        &mut self,
        written: &str,
        origin: FileSpan,
        named: Option<&'static EncodingVariant>,
    ) {
        let id = self.codec.id();
        let (whose, formats) = match named {
            Some(variant) => (
                format!("profile `{}` of `{id}`", variant.profile),
                variant.pixel_formats.to_vec(),
            ),
            None => (
                format!("`{id}`"),
                distinct(
                    self.film
                        .variants
                        .iter()
                        .flat_map(|variant| variant.pixel_formats),
                ),
            ),
        };
        let message = format!("{whose} has no pixel format {}", quote_value(written));
        let help = did_you_mean(written, formats.iter().copied())
            .unwrap_or_else(|| format!("it has {}", word_list(&formats)));
        self.report(origin, message, help);
    }

    fn variant_words(&self) -> String {
        let names: Vec<&str> = self
            .film
            .variants
            .iter()
            .map(|known| known.profile)
            .collect();
        format!("its profiles are {}", word_list(&names))
    }
}

fn distinct<'a>(names: impl Iterator<Item = &'a &'static str>) -> Vec<&'static str> {
    let mut list: Vec<&'static str> = Vec::new();
    for name in names {
        if !list.contains(name) {
            list.push(name);
        }
    }
    list
}

fn word_list(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

/// Returns bits a second of a text such as `8M`, `800k`, `8 Mbit/s` or `8000000`.
pub(super) fn parse_bit_rate(text: &str) -> Option<u64> {
    let text = text.trim();
    match text.find(|c: char| !c.is_ascii_digit() && c != '.') {
        Some(digits) => parse_with_unit(text, digits),
        None => text.parse().ok(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a bit rate is positive, and its range is checked by the caller"
)]
fn parse_with_unit(text: &str, digits: usize) -> Option<u64> {
    let (number, unit) = text.split_at(digits);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "k" | "kb" | "kbps" | "kbit" | "kbit/s" | "kb/s" => 1e3,
        "m" | "mb" | "mbps" | "mbit" | "mbit/s" | "mb/s" => 1e6,
        "g" | "gbps" | "gbit" | "gbit/s" => 1e9,
        "bps" | "bit/s" => 1.0,
        _ => return None,
    };
    let number: f64 = number.parse().ok()?;
    Some((number * factor).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bit_rates_have_units() {
        assert_eq!(parse_bit_rate("8M"), Some(8_000_000));
        assert_eq!(parse_bit_rate("2.5 Mbit/s"), Some(2_500_000));
        assert_eq!(parse_bit_rate("800k"), Some(800_000));
        assert_eq!(parse_bit_rate("fast"), None);
    }

    #[test]
    fn numbers_alone_are_bits() {
        assert_eq!(parse_bit_rate("8000000"), Some(8_000_000));
    }
}
