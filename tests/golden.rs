//! The sample production that every version must load with the same values, with its characters as
//! a list and as a map.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use production::base::Severity;
use production::model::production::{CostumeScenes, Production};
use production::model::retro_treatment::{DitherMethod, Palette};
use production::model::{Codec, FrameRate, PixelSize, SceneOrder, SceneRange};
use production::project::{OpenedProduction, ProjectOptions, open};
use production::report::diagnostic::short_diagnostics;
use std::ffi::OsStr;
use std::path::Path;

/// Returns the sample, and the codes of its findings except notes.
fn sample(name: &str) -> (Production, Vec<&'static str>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let options = ProjectOptions {
        search_path: OsStr::new("/usr/bin"),
        ..ProjectOptions::default()
    };
    let OpenedProduction {
        sources,
        diagnostics: found,
        checked,
        ..
    } = open(&folder.join(name), &options).unwrap();
    assert!(
        checked.is_some() && !found.has_errors(),
        "{}",
        short_diagnostics(&found, &sources)
    );
    let shown = found
        .as_slice()
        .iter()
        .filter(|finding| finding.severity != Severity::Info);
    let mut codes: Vec<_> = shown
        .map(|finding| finding.code)
        .filter(|code| !code.contains("::tools::"))
        .collect();
    codes.sort_unstable();
    codes.dedup();
    ((*checked.unwrap()).clone(), codes)
}

fn sample_range(first: u32, last: u32) -> CostumeScenes {
    let order = SceneOrder::default();
    CostumeScenes::Range(SceneRange::new(first.into(), last.into(), &order).unwrap())
}

#[test]
fn the_list_form_loads_as_written() {
    let (production, codes) = sample("sample_list.yaml");
    assert!(
        codes.contains(&"production::characters::unfit_model"),
        "{codes:?}"
    );
    assert_eq!(production.style, "cinematic_teal_orange");
    let alex = &production.characters[0];
    assert_eq!(alex.costumes[0].scenes, sample_range(1, 10));
    assert_eq!(alex.costume_in(&11.into()).unwrap().name, "civilian");
    assert_eq!(
        production.shots[1].template.as_ref().unwrap().value,
        "hero_cu"
    );
}

#[test]
fn outputs_take_what_their_presets_give() {
    let (production, _) = sample("sample_list.yaml");
    let cinema = &production.outputs[0].format;
    assert_eq!(
        (cinema.codec, cinema.size, cinema.rate),
        (
            Codec::Prores4444,
            PixelSize::new(4096, 2160),
            FrameRate::from_fps(24)
        )
    );
    let game = &production.outputs[1].format;
    let retro = game.retro.as_ref().unwrap();
    assert_eq!(
        (game.codec, game.size),
        (Codec::Png, PixelSize::new(256, 224))
    );
    assert_eq!(
        (&retro.palette, retro.dither),
        (
            &Palette::Adaptive {
                bits: 5,
                colours: 256
            },
            DitherMethod::ErrorDiffusion
        )
    );
}

#[test]
fn the_map_form_means_the_same() {
    let (list, _) = sample("sample_list.yaml");
    let (map, _) = sample("sample_map.yaml");
    let facts = |production: &Production| {
        let characters: Vec<_> = production
            .characters
            .iter()
            .map(|c| (c.name.value.clone(), c.costumes.len()))
            .collect();
        let shots: Vec<_> = production
            .shots
            .iter()
            .map(|s| (s.name.value.clone(), s.frames.clone(), s.camera))
            .collect();
        (characters, shots)
    };
    assert_eq!(facts(&list), facts(&map));
}
