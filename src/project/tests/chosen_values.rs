//! What a document chooses: shots and encoding of outputs, takes, limits, eras and moods, names for
//! people.

use super::{MODEL, opened};
use crate::document::InputLimits;
use crate::model::codec::FilmContainer;
use crate::model::production::{Output, Production};
use crate::model::{ActionKind, EncodingChoice, HdrTransfer};
use std::path::Path;

/// Three shots in two scenes, and what the test says.
fn production(more: &str) -> Result<Production, Vec<String>> {
    let lines = format!(
        "title: Film
author: A
description: D
characters:
  - {{name: mara, model: mara.glb}}
locations:
  - {{name: pier, preset: harbour_dusk}}
shots:
  - {{name: sh010, template: character_full, character: mara, location: pier, scene: 1}}
  - {{name: sh020, template: character_cu, character: mara, location: pier, scene: 1}}
  - {{name: sh030, template: character_full, character: mara, location: pier, scene: 2}}
{more}"
    );
    read(&lines)
}

fn read(lines: &str) -> Result<Production, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let indented: String = lines.lines().map(|line| format!("  {line}\n")).collect();
    let document = format!("production:\n{indented}");
    std::fs::write(folder.path().join("production.yaml"), document).unwrap();
    std::fs::write(folder.path().join("mara.glb"), MODEL).unwrap();
    let opened = opened(folder.path(), InputLimits::default());
    let found = opened.diagnostics.as_slice().iter();
    let messages: Vec<String> = found
        // No tools are looked for here.
        .filter(|found| !found.code.starts_with("production::tools::"))
        .map(|found| format!("{}: {}", found.code, found.message))
        .collect();
    match opened.checked {
        Some(checked) if messages.is_empty() => Ok((*checked).clone()),
        _ => Err(messages),
    }
}

fn output(fields: &str) -> Result<Vec<Output>, Vec<String>> {
    production(&format!(
        "version: '2'\noutputs:\n  - {{name: film, resolution: 640x360, frame_rate: 24, {fields}}}\n"
    ))
    .map(|production| production.outputs)
}

fn shots_of(fields: &str) -> Vec<Vec<usize>> {
    let outputs = output(&format!("codec: h264, {fields}")).unwrap();
    let chosen = outputs.into_iter().map(|output| output.shots.unwrap());
    chosen.collect()
}

#[test]
fn shots_are_chosen_by_name_pattern_range_and_scene() {
    for (written, chosen) in [
        ("sh020", vec![1]),
        ("[sh030, sh010]", vec![0, 2]),
        ("sh0?0", vec![0, 1, 2]),
        ("'*20'", vec![1]),
        ("sh020..sh030", vec![1, 2]),
        ("sh030..sh020", vec![1, 2]),
        ("scene_2", vec![2]),
        ("scenes_1_2", vec![0, 1, 2]),
        ("[scene_1, sh010]", vec![0, 1]),
    ] {
        assert_eq!(
            shots_of(&format!("shots: {written}")),
            [chosen],
            "{written}"
        );
    }
    let found = output("codec: h264, shots: [sh04*, sh010..sh0300, sh02]").unwrap_err();
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(
        found
            .iter()
            .all(|found| found.starts_with("production::outputs::unknown_shot"))
    );
}

#[test]
fn one_file_a_shot_has_the_name_of_the_shot() {
    let paths = |fields: &str| {
        let outputs = output(fields).unwrap();
        let paths = outputs.into_iter().map(|output| {
            let path = output.path.value.display().to_string();
            (output.name.value, path)
        });
        paths.collect::<Vec<_>>()
    };
    let named = |name: &str, path: &str| (name.to_owned(), path.to_owned());
    assert_eq!(
        paths("codec: h264, shots: [sh010, sh030], path: 'out/${shot}_v${version}_${tier}.mp4'"),
        [
            named("film_sh010", "out/sh010_v2_preview.mp4"),
            named("film_sh030", "out/sh030_v2_preview.mp4")
        ]
    );
    assert_eq!(
        paths("codec: h264, per_shot: true, shots: sh010"),
        [named("film_sh010", "deliverables/film/sh010.mp4")]
    );
    assert_eq!(
        paths("codec: h264, per_shot: true, shots: sh010, path: dailies/"),
        [named("film_sh010", "dailies/sh010.mp4")]
    );
    assert_eq!(
        paths("codec: png, per_shot: true, shots: sh010, path: frames"),
        [named("film_sh010", "frames/sh010")]
    );
    assert_eq!(
        paths("codec: h264, path: 'out/${date}/${title}_${revision}.mp4'"),
        [named("film", "out/${date}/Film_${revision}.mp4")]
    );
}

#[test]
fn values_of_paths_have_no_value_elsewhere_and_a_variable_wins() {
    let found = production("version: '${revision}'\noutputs: []\n").unwrap_err();
    assert!(
        found
            .iter()
            .any(|found| found.starts_with("production::variables::unknown")),
        "{found:#?}"
    );
    let outputs = production(
        "variables: {date: monday}\noutputs:\n  - {name: film, codec: h264, resolution: 640x360, frame_rate: 24, path: 'out/${date}.mp4'}\n",
    );
    assert_eq!(
        outputs.unwrap().outputs[0].path.value,
        Path::new("out/monday.mp4")
    );
}

#[test]
fn an_encoding_is_one_of_the_table_of_its_codec() {
    let encoding = |fields: &str| output(fields).map(|outputs| outputs[0].format.encoding.clone());
    let chosen = |profile: &str, pixel_format: &str| EncodingChoice {
        profile: Some(profile.to_owned()),
        pixel_format: Some(pixel_format.to_owned()),
        ..EncodingChoice::default()
    };
    assert_eq!(encoding("codec: h264"), Ok(EncodingChoice::default()));
    assert_eq!(
        encoding("codec: h264, crf: 23"),
        Ok(EncodingChoice {
            crf: Some(23),
            ..EncodingChoice::default()
        })
    );
    assert_eq!(
        encoding("codec: h265, bit_rate: 8M").unwrap().bit_rate,
        Some(8_000_000)
    );
    // Text or number: YAML reads a profile of digits as a number.
    assert_eq!(
        encoding("codec: prores_4444, profile: 4444"),
        Ok(chosen("4444", "yuv444p10le"))
    );
    assert_eq!(
        encoding("codec: prores_422, profile: LT"),
        Ok(chosen("lt", "yuv422p10le"))
    );
    assert_eq!(
        encoding("codec: h264, pixel_format: yuv422p10le"),
        Ok(chosen("high422", "yuv422p10le"))
    );
    for wrong in [
        "codec: h264, crf: 20, bit_rate: 8M",
        "codec: prores_422, crf: 20",
        "codec: prores_422, bit_rate: 8M",
        "codec: h264, bit_rate: fast",
        "codec: h264, bit_rate: 8",
        "codec: h264, profile: main10",
        "codec: h264, profile: main, pixel_format: yuv444p",
        "codec: h264, pixel_format: rgb24",
        "codec: png, crf: 3",
        "codec: exr, profile: high",
    ] {
        let found = encoding(wrong).unwrap_err();
        assert_eq!(found.len(), 1, "{wrong}: {found:#?}");
        assert!(
            found[0].starts_with("production::outputs::unfit_encoding"),
            "{found:#?}"
        );
    }
    assert!(encoding("codec: h264, crf: 52").unwrap_err()[0].contains("out_of_range"));
}

#[test]
fn the_path_or_the_document_chooses_the_kind_of_file() {
    let container = |fields: &str| output(fields).map(|found| found[0].format.encoding.container);
    let matroska = Ok(Some(FilmContainer::Mkv));
    assert_eq!(container("codec: h264, path: out/film.mkv"), matroska);
    assert_eq!(
        container("codec: h264, container: matroska, path: out/film.mkv"),
        matroska
    );
    // The usual one is left out, so that segments of both are the same.
    assert_eq!(container("codec: vp9, container: webm"), Ok(None));
    assert_eq!(container("codec: vp9, path: out/film.webm"), Ok(None));
    let named = output("codec: dnxhr, container: mxf").unwrap();
    assert_eq!(named[0].path.value, Path::new("deliverables/film.mxf"));
    for wrong in [
        "codec: prores_422, container: mxf",
        "codec: gif, container: mp4",
    ] {
        let found = container(wrong).unwrap_err();
        assert!(found[0].contains("unfit_encoding"), "{wrong}: {found:?}");
    }
}

#[test]
fn high_dynamic_range_chooses_a_variant_of_ten_bits() {
    let encoding = |fields: &str| output(fields).map(|found| found[0].format.encoding.clone());
    let chosen = encoding("codec: h265, hdr: hdr10").unwrap();
    assert_eq!(chosen.hdr, Some(HdrTransfer::Pq));
    assert_eq!(chosen.profile.as_deref(), Some("main10"));
    let own = encoding("codec: vp9, hdr: hlg, profile: 3").unwrap();
    assert_eq!(own.pixel_format.as_deref(), Some("yuv422p10le"));
    for wrong in [
        "codec: h264, hdr: pq",
        "codec: h265, hdr: pq, profile: main",
        "codec: gif, hdr: pq",
        "codec: h265, hdr: pq, retro: {palette: gameboy}",
    ] {
        let found = encoding(wrong).unwrap_err();
        assert!(
            found.iter().any(|found| found.contains("unfit_encoding")),
            "{wrong}: {found:?}"
        );
    }
}

#[test]
fn a_stream_has_its_own_size_and_smaller_ones() {
    let renditions = |size: &str, fields: &str| {
        let lines =
            format!("outputs:\n  - {{name: film, resolution: {size}, frame_rate: 24, {fields}}}\n");
        production(&lines).map(|found| {
            let sizes = found.outputs[0].format.encoding.renditions.iter();
            sizes.map(ToString::to_string).collect::<Vec<_>>().join(" ")
        })
    };
    // 853 is odd, and players take the next even width.
    assert_eq!(
        renditions("1280x720", "codec: hls").as_deref(),
        Ok("1280x720 854x480 640x360")
    );
    assert_eq!(
        renditions("640x360", "codec: hls, renditions: [320x180, 640x360]").as_deref(),
        Ok("640x360 320x180")
    );
    assert!(renditions("640x360", "codec: h264, renditions: 320x180").is_err());
}

const OUTPUT: &str = "outputs:\n  - {name: film, codec: h264, resolution: 640x360, frame_rate: 24, path: out/film.mp4}\n";

#[test]
fn limits_of_a_shot_and_of_a_kind_are_read_in_their_units() {
    let film = production(&format!(
        "{OUTPUT}limits:\n  render.shot: {{retries: 3, time: 30m, memory: 8GB, cores: 2.5}}\n"
    ))
    .unwrap();
    let limits = &film.limits[&ActionKind::Render];
    assert_eq!(
        (limits.retries, limits.seconds, limits.memory, limits.cores),
        (Some(3), Some(1800.0), Some(8192), Some(2500))
    );
    for wrong in ["time: 30", "memory: lots", "time: 0s"] {
        let found = production(&format!("{OUTPUT}limits: {{render.shot: {{{wrong}}}}}\n"));
        assert!(
            found.unwrap_err()[0].starts_with("production::value::bad_limit"),
            "{wrong}"
        );
    }
}

#[test]
fn a_mood_changes_the_grade_unless_the_style_has_it_already() {
    let grade = |style: &str| {
        production(&format!("{OUTPUT}style: {style}\n"))
            .unwrap()
            .grade
    };
    let plain = grade("noir");
    assert_eq!(grade("{preset: noir, mood: dramatic, era: present}"), plain);
    let warm = grade("{preset: noir, mood: warm}");
    assert!(warm.warmth > plain.warmth);
    let old = grade("{preset: noir, era: 1970s}");
    assert!(old.grain > plain.grain && old.warmth > plain.warmth);
    // The author's own value is exact.
    let own = grade("{preset: noir, era: 1970s, grade: {grain: 0}}");
    assert!(own.grain.abs() < f32::EPSILON);
}

#[test]
fn sizes_and_angles_have_the_short_names_of_shot_lists() {
    let camera = |fields: &str| {
        let film = read(&format!(
            "title: F\nauthor: A\ndescription: D\ncharacters: {{mara: mara.glb}}\nlocations: {{pier: harbour_dusk}}\nshots: [{{name: a, character: mara, location: pier, {fields}}}]\n{OUTPUT}"
        ));
        film.unwrap().shots[0].camera
    };
    for (short, long) in [
        ("size: ecu", "size: extreme_close_up"),
        ("size: cu", "size: close_up"),
        ("size: mcu", "size: medium_close_up"),
        ("size: m", "size: medium"),
        ("size: mf", "size: medium_full"),
        ("size: f", "size: full_shot"),
        ("size: w", "size: wide"),
        ("size: ew", "size: extreme_wide"),
        ("angle: eye_level", "angle: eye"),
        ("angle: high_angle", "angle: high"),
        ("angle: low_angle", "angle: low"),
        ("angle: dutch_angle", "angle: dutch"),
        ("move: pan", "move: pan_right"),
        (
            "move: {kind: dolly, amount: 0.3}",
            "move: {kind: dolly_in, amount: 0.3}",
        ),
    ] {
        assert_eq!(camera(short), camera(long), "{short}");
    }
}

#[test]
fn a_map_gives_entries_a_key_and_a_name_for_people() {
    let film = read(&format!(
        "title: F\nauthor: A\ndescription: D\ncharacters:\n  hero: {{name: Mara Costa, model: mara.glb}}\nlocations:\n  pier: {{name: The Old Pier, preset: harbour_dusk}}\nshots: [{{name: a, template: character_full, character: hero, location: pier}}]\n{OUTPUT}"
    ))
    .unwrap();
    let hero = &film.characters[0];
    assert_eq!(hero.name.value, "hero");
    assert_eq!(hero.display_name.as_deref(), Some("Mara Costa"));
    assert_eq!(hero.script_name, "MARA COSTA");
    assert_eq!(
        film.locations[0].display_name.as_deref(),
        Some("The Old Pier")
    );
}

#[test]
fn a_take_that_is_not_there_is_reported_and_the_shot_goes_on() {
    let found = read(&format!(
        "title: F\nauthor: A\ndescription: D\ncharacters: {{mara: mara.glb}}\nlocations: {{pier: harbour_dusk}}\nshots:\n  - {{name: a, template: character_full, character: mara, location: pier, takes: {{v1: {{lens: 35}}}}, take: v2}}\n{OUTPUT}"
    ))
    .unwrap_err();
    assert_eq!(
        found,
        ["production::shots::unknown_take: `v2` is no take of the shot"]
    );
}
