//! Resolves render settings: rate, size and samples from the document, the quality tier and the
//! outputs.

use super::ResolveOverrides;
use super::context::ResolveContext;
use super::provider_resolver::resolve_provider;
use super::value_parsers::{parse_rate, parse_size};
use crate::base::{FileSpan, Spanned};
use crate::document::draft::{ProductionDraft, RenderDraft};
use crate::document::{OneOrMany, RawScalar, ScalarOrList};
use crate::model::frame_sizes::{even_size, largest_size};
use crate::model::production::{AssetRef, Output, RenderSettings, RendererRef};
use crate::model::{
    Engine, FrameRate, ModelMend, PixelSize, RenderPass, TierSource, defaults, value_ranges,
};
use std::path::PathBuf;
use std::sync::Arc;

pub(super) fn resolve_render(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    outputs: &[Output],
    overrides: &ResolveOverrides,
) -> RenderSettings {
    let own = draft.render_settings.clone().unwrap_or_default();
    let tier = resolve_tier(context, &own, overrides);
    let written_size = own
        .resolution
        .as_ref()
        .and_then(|written| parse_size(context, written));
    // `--quality draft` must make a fast draft of any document, so it also overrides a written size
    // and written samples.
    let is_overridden = tier.source.is_override();
    let samples = context
        .in_range_opt("samples", &own.samples, value_ranges::SAMPLES)
        .filter(|_| !is_overridden);
    // A written size is exact. The tier scales only a derived size, or the written one under
    // `--quality`.
    let size = match written_size {
        Some(written) if !is_overridden => written,
        written => scale_size(written.unwrap_or_else(|| largest_size(outputs)), tier.scale),
    };
    let chunk = context
        .in_range_opt("chunk_size", &own.chunk_size, value_ranges::CHUNK)
        .and_then(|chunk| usize::try_from(chunk).ok());
    // Values that are not written have no place in the file, hence the empty spans.
    let usual_engine = || Spanned::new(defaults::ENGINE.to_owned(), FileSpan::default());
    let usual_passes = || Spanned::new(PathBuf::from(defaults::PASSES_PATH), FileSpan::default());
    let size_origin = written_size.and(own.resolution.as_ref().map(written_origin));
    RenderSettings {
        engine: resolve_renderer(context, own.engine.unwrap_or_else(usual_engine)),
        tier: tier.name,
        tier_source: tier.source,
        document_tier: own
            .quality_tier
            .map_or_else(|| defaults::TIER.to_owned(), |tier| tier.value),
        rate: own
            .frame_rate
            .as_ref()
            .and_then(|text| parse_rate(context, text))
            .unwrap_or_else(|| film_rate(outputs)),
        size,
        size_origin,
        samples: samples.unwrap_or(tier.samples),
        sensor_width: own
            .sensor
            .as_ref()
            .and_then(|text| sensor_width(context, text))
            .unwrap_or(defaults::SENSOR),
        denoise: own.denoise.is_none_or(|denoise| denoise.value),
        chunk: chunk.unwrap_or(defaults::CHUNK),
        passes_path: own
            .passes_path
            .map_or_else(usual_passes, |path| path.map(super::outputs::folder_path)),
    }
}

fn written_origin(written: &ScalarOrList) -> FileSpan {
    match written {
        ScalarOrList::One(text) => text.origin,
        ScalarOrList::List(list) => list.origin,
    }
}

/// Returns the passes sorted and without duplicates.
pub(super) fn distinct_passes(
    written: &OneOrMany<Spanned<RenderPass>>,
) -> Vec<Spanned<RenderPass>> {
    let mut passes: Vec<Spanned<RenderPass>> = written
        .iter()
        .copied()
        .filter(|pass| !pass.is_placeholder)
        .collect();
    // The order becomes part of the job. Sorting keeps the digest when the author reorders the
    // list.
    passes.sort_by_key(|pass| pass.value);
    passes.dedup_by_key(|pass| pass.value);
    passes
}

/// Returns the renderer of this name: a built-in engine, else a provider of the library. Its
/// `engine` is `None` if the name is unknown or the provider has errors.
pub(super) fn resolve_renderer(
    context: &mut ResolveContext<'_>,
    mut name: Spanned<String>,
) -> RendererRef {
    if name.is_placeholder {
        return RendererRef {
            name,
            engine: None,
            files: Vec::new(),
        };
    }
    if let Some(known) = context.engines.get(&name.value) {
        let engine = known.clone();
        return RendererRef {
            files: provider_files(engine.as_ref(), &name),
            engine,
            name,
        };
    }
    let library = context.library;
    // Built-in engines come first: a preset named `cycles` must not replace Blender unnoticed.
    let engine = Engine::from_name(&name.value).or_else(|| {
        let provider = resolve_provider(context, &name, library.providers.get(&name.value)?);
        // Its errors have been reported. A placeholder keeps `unknown_engine` from reporting the
        // name too.
        name.is_placeholder = provider.is_none();
        provider.map(|provider| Engine::Command(Arc::new(provider)))
    });
    context.engines.insert(name.value.clone(), engine.clone());
    RendererRef {
        files: provider_files(engine.as_ref(), &name),
        name,
        engine,
    }
}

/// Returns the files of a command provider, each with the place where the document names the
/// engine.
// Rules report a missing file where the author can see it: at the name, not in the preset file.
fn provider_files(engine: Option<&Engine>, name: &Spanned<String>) -> Vec<AssetRef> {
    let Some(Engine::Command(provider)) = engine else {
        return Vec::new();
    };
    provider
        .files
        .values()
        .map(|path| AssetRef {
            path: path.clone(),
            origin: name.origin,
            mend: ModelMend::default(),
        })
        .collect()
}

/// The quality tier of a production, with what it decides.
struct ResolvedTier {
    name: String,
    source: TierSource,
    scale: f32,
    samples: u32,
}

fn resolve_tier(
    context: &mut ResolveContext<'_>,
    own: &RenderDraft,
    overrides: &ResolveOverrides,
) -> ResolvedTier {
    let library = context.library;
    // A plain lookup: an unknown tier on the command line is not a mistake in the document.
    let override_tier = overrides.quality.as_deref().and_then(|name| {
        let tier = library.quality.get(name)?;
        Some((name, tier, overrides.quality_source.clone()))
    });
    let selected = override_tier
        .or_else(|| {
            let name = own.quality_tier.as_ref()?;
            context
                .find_preset("quality tier", &library.quality, name)
                .map(|tier| (name.value.as_str(), tier, TierSource::Document(name.origin)))
        })
        .or_else(|| {
            library
                .quality
                .get(defaults::TIER)
                .map(|tier| (defaults::TIER, tier, TierSource::Default))
        });
    let Some((name, tier, source)) = selected else {
        // The built-in presets have the default tier. These values only keep the function total.
        return ResolvedTier {
            name: defaults::TIER.to_owned(),
            source: TierSource::Default,
            scale: 0.5,
            samples: 8,
        };
    };
    let scale = context
        .in_range_opt("scale", &tier.scale, value_ranges::SCALE)
        .unwrap_or(1.0);
    ResolvedTier {
        name: name.to_owned(),
        source,
        scale,
        samples: context
            .in_range_opt("samples", &tier.samples, value_ranges::SAMPLES)
            .unwrap_or(16),
    }
}

/// Returns the rate of the first film, else of the first output, else 24.
fn film_rate(outputs: &[Output]) -> FrameRate {
    // Rendering at a film's own rate avoids resampling. Sequences are often at 8 or 12 frames a
    // second for sprites and can drop frames.
    let film = outputs
        .iter()
        .find(|output| output.format.codec.film_encoding().is_some());
    let animation = || {
        outputs
            .iter()
            .find(|output| output.format.codec.animation_format().is_some())
    };
    film.or_else(animation)
        .or(outputs.first())
        .map_or(defaults::RATE, |output| output.format.rate)
}

/// Scales both sides to even numbers of pixels, at least 16.
fn scale_size(size: PixelSize, scale: f32) -> PixelSize {
    // An odd size that is written stays odd; a rule reports it if the codec cannot encode it.
    if scale >= 1.0 {
        size
    } else {
        even_size(size, f64::from(scale))
    }
}

fn sensor_width(context: &mut ResolveContext<'_>, text: &RawScalar) -> Option<f32> {
    // A number is millimetres, anything else the name of a sensor preset.
    if let Ok(width) = text.value.trim().parse::<f32>() {
        return context.in_range(
            "sensor",
            &Spanned::new(width, text.origin),
            value_ranges::SENSOR,
        );
    }
    let library = context.library;
    let preset = context.find_preset("sensor", &library.sensors, &text.0)?;
    context.in_range_opt("width", &preset.width, value_ranges::SENSOR)
}
