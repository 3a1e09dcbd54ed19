//! The table of codecs: its entries agree with each other, with documents and with the guide.

use super::*;
use crate::model::OutputFormat;
use std::collections::BTreeSet;

/// The schema is derived from the variants, so it knows one that is missing in the table.
#[test]
fn every_variant_is_in_the_table_once_under_the_name_that_documents_use() {
    let schema = serde_json::to_value(schemars::schema_for!(Codec)).unwrap();
    let variants = schema["oneOf"].as_array().unwrap().iter();
    let named: BTreeSet<&str> = variants
        .map(|each| each["const"].as_str().unwrap())
        .collect();
    let listed: BTreeSet<&str> = CODECS.iter().map(|spec| spec.id).collect();
    assert_eq!(listed, named);
    assert_eq!(CODECS.len(), named.len(), "an entry is in the table twice");
    for spec in CODECS {
        assert!(std::ptr::eq(spec.codec.spec(), spec), "{}", spec.id);
        let written = serde_json::to_value(spec.codec).unwrap();
        assert_eq!(written, spec.id);
    }
}

#[test]
fn a_variant_of_prores_is_called_by_its_own_name() {
    let choice = |profile: &str| EncodingChoice {
        profile: Some(profile.to_owned()),
        ..EncodingChoice::default()
    };
    let prores = Codec::Prores422.spec();
    assert_eq!(prores.chosen_name(&choice("lt")), "ProRes 422 LT");
    assert_eq!(prores.chosen_name(&choice("standard")), "ProRes 422");
    assert_eq!(
        prores.chosen_name(&EncodingChoice::default()),
        "ProRes 422 HQ"
    );
    assert_eq!(Codec::H264.spec().chosen_name(&choice("main")), "H.264");
}

#[test]
fn display_names_differ() {
    let names: BTreeSet<&str> = CODECS.iter().map(|spec| spec.display_name).collect();
    assert_eq!(names.len(), CODECS.len());
}

#[test]
fn the_facts_of_an_entry_agree_with_each_other() {
    for spec in CODECS {
        let id = spec.id;
        let grid = spec.size_grid;
        assert!(grid.columns > 0 && grid.rows > 0, "{id}");
        assert!(grid.largest_side <= MAX_SIDE_PIXELS, "{id}");
        assert!(0 < spec.frame_rates.low && spec.frame_rates.low <= spec.frame_rates.high);
        assert!(!spec.pixel_formats.is_empty(), "{id}");
        assert!(!spec.extension.starts_with('.'), "{id}");
        assert!(grid.smallest.width > 0 && grid.smallest.height > 0, "{id}");
        let CodecDelivery::Film(film) = spec.delivery else {
            let is_stream = spec.codec.stream_format().is_some();
            assert_eq!(
                spec.carries_sound(),
                is_stream,
                "{id}: a picture has no sound"
            );
            continue;
        };
        assert!(spec.carries_sound(), "{id}");
        let usual = film.containers.first().expect("a usual container");
        assert_eq!(usual.spec().extension, spec.extension, "{id}");
        assert!(spec.pixel_formats.contains(&film.pixel_format), "{id}");
        let encoder = format!("-c:v {} ", film.encoder);
        assert!(film.encoder_arguments.starts_with(&encoder), "{id}");
        let first = film.variants.first().expect("a default variant");
        assert_eq!(
            first.pixel_formats.first(),
            Some(&film.pixel_format),
            "{id}"
        );
        assert_eq!(first.reorder_delay, film.reorder_delay, "{id}");
        if let ProbeCheck::PixelFormat(format) = film.probe_check {
            assert_eq!(spec.pixel_formats, [format], "{id}");
        }
    }
}

#[test]
fn a_film_in_another_container_has_its_extension_and_the_same_segments() {
    let format = |container| OutputFormat {
        codec: Codec::H264,
        size: PixelSize::new(96, 54),
        rate: FrameRate::from_fps(24),
        fit: crate::model::retro_treatment::FitMode::Crop,
        retro: None,
        encoding: EncodingChoice {
            container,
            ..EncodingChoice::default()
        },
    };
    let usual = format(None);
    let matroska = format(Some(FilmContainer::Mkv));
    assert_eq!(usual.extension(), "mp4");
    assert_eq!(matroska.extension(), "mkv");
    assert_eq!(matroska.segment_format(), usual);
    // A film from before there was a choice keeps its identity.
    let written = serde_json::to_string(&usual).unwrap();
    assert!(!written.contains("container") && !written.contains("hdr"));
}

/// Two codecs in files of one extension must differ in what ffprobe reports, else one passes
/// for the other.
#[test]
fn ffprobe_names_of_codecs_are_distinct() {
    let marks: BTreeSet<String> = CODECS
        .iter()
        .map(|spec| {
            format!(
                "{} {:?} {:?}",
                spec.probed_name,
                spec.codec.film_encoding().map(|film| film.probe_check),
                // The delivered thing decides whether it is a file or a folder.
                match spec.delivery {
                    CodecDelivery::Still(_) | CodecDelivery::Stream(_) => spec.id,
                    _ => "",
                },
            )
        })
        .collect();
    assert_eq!(marks.len(), CODECS.len());
}

#[test]
fn an_odd_size_is_moved_to_the_next_even_one_where_chroma_is_halved() {
    let odd = PixelSize::new(853, 481);
    let next = |codec: Codec| codec.spec().size_grid.next_size(odd);
    assert_eq!(next(Codec::H264), PixelSize::new(854, 482));
    assert_eq!(next(Codec::Prores422), PixelSize::new(854, 481));
    assert_eq!(next(Codec::Prores4444), odd);
}

#[test]
fn rates_and_sides_have_inclusive_ends() {
    let spec = Codec::H264.spec();
    let has_rate = |text: &str| spec.has_rate(FrameRate::parse(text).unwrap());
    assert!(has_rate("1") && has_rate("23.976") && has_rate("240"));
    assert!(!has_rate("1/2") && !has_rate("241"));
    let grid = spec.size_grid;
    assert!(grid.has_room_for(PixelSize::new(16_384, 1)));
    assert!(!grid.has_room_for(PixelSize::new(16_385, 1)));
    assert!(!grid.has_room_for(PixelSize::new(0, 1)));
}

#[test]
fn the_guide_to_documents_names_every_codec() {
    let guide = include_str!("../../../docs/document.md");
    for spec in CODECS {
        assert!(guide.contains(&format!("`{}`", spec.id)), "{}", spec.id);
        assert!(
            guide.contains(&format!(".{}`", spec.extension)),
            "{}",
            spec.id
        );
    }
}
