//! What `create` writes from treatments of many kinds: nothing is hidden, cut short or lost.

use super::{production, read};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

fn create(folder: &Path, name: &str, text: &str) -> Output {
    std::fs::write(folder.join(format!("{name}.md")), text).unwrap();
    let source = format!("{name}.md");
    production(folder, &["create", name, "--from", &source])
}

fn document(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name).join("production.yaml")).unwrap()
}

fn told(made: &Output) -> String {
    String::from_utf8_lossy(&made.stderr).into_owned()
}

/// Texts of each script, with a letter of it.
const SCRIPTS: [(&str, char); 6] = [
    ("شكرا جزيلا", 'ش'),
    ("שלום לכולם", 'ש'),
    ("नमस्ते दुनिया", 'न'),
    ("สวัสดีชาวโลก", 'ส'),
    ("夜の市場", '夜'),
    ("안녕하세요", '안'),
];

#[test]
fn a_text_of_any_script_is_drawn_by_a_font_of_the_machine_or_its_font_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (index, (words, letter)) in SCRIPTS.into_iter().enumerate() {
        let name = format!("film{index}");
        let text = format!(
            "# T\n\n## Scene 1: A\n\nVO: Hello there.\nText: {words}\n\n## Scene 2: B\n\nVO: Good bye now.\n\n\
             | A | B |\n|--|--|\n| x | {words} |\n| y | 3 % |\n"
        );
        let made = create(folder, &name, &text);
        assert!(made.status.success(), "{made:?}");
        let (document, told) = (document(folder, &name), told(&made));
        let fonts = production::lettering::SystemFonts::list();
        let letters: BTreeSet<char> = words.chars().filter(|c| !c.is_whitespace()).collect();
        if fonts.families_with(&letters).is_some() {
            assert!(document.contains("  fonts: [Noto Sans, "), "{document}");
            assert_eq!(document.matches(words).count(), 2, "{document}");
            assert!(!told.contains("treatment::no_font"), "{told}");
        } else {
            assert!(told.contains("treatment::no_font"), "{told}");
            assert!(
                told.contains(letter) && told.contains("`Noto Sans "),
                "{told}"
            );
            assert!(!document.contains("  fonts:"), "{document}");
        }
        let checked = production(folder, &["validate", &name, "--format", "short"]);
        assert!(checked.status.success(), "{checked:?}");
    }
}

#[test]
fn a_film_without_other_letters_names_no_font_and_a_pictograph_needs_none() {
    let reading = read("# Bees\n\n## One\n\nNarration: Ας δούμε.\nText: Любовь 🐝 → mel\n");
    assert!(
        !reading.codes().contains(&"no_font"),
        "{:?}",
        reading.codes()
    );
    assert!(!reading.document.contains("fonts:"), "{}", reading.document);
}

/// Ten treatments, without their shape. Each shows texts and graphics that may be in each other's way.
const CROWDED: [&str; 10] = [
    "## One\n\nVO: Hello there, dear people.\nText: Drink less. Drink better.\nLower third: Lena Groß | barista\n\n> Coffee is a language. — Jackie Chan\n\n```python\ncups = 3e9\n```\n",
    "## One\n\nVO: Prices rose again this year.\nKPI: $3.5M lost; 40% up\nPie chart: Farm 10%, Trade 30%, Roast 40%, Shop 20%\n",
    "## One\n\nText: Salt | then and now\nText: A second text that is quite long for its place\nLower third: Dr. Aminata Diallo, historian\n",
    "## One\n\nVO: Look at these numbers.\nText: One two three four five six seven eight nine ten eleven\nBar chart: a 1, b 2, c 3\nLine chart: 2019 1, 2020 2, 2021 4\n",
    "## One\n\nVO: A list and a quote for you.\n\n- Salt paid soldiers\n- Salt built roads\n- Salt started revolts\n\n> Nothing is as dear as what everybody needs. — Aminata Diallo\n\nLower third: Aminata Diallo, historian\n",
    "Subtitles: yes\n\n## One\n\nVO: With captions under everything that is said here.\nText: A text in the middle\nLower third: Ada Berg, keeper of the light\n",
    "Subtitles: yes\n\n## One\n\nVO: With captions and a chart.\nLower third: Ada Berg, keeper\nBar chart: a 1, b 2\n",
    "## One\n\nText: First | Second | Third | Fourth\nLower third: A very long name of somebody, with a long description\n\n## Two\n\nVO: End.\nText: Bye.\nText: See you.\nText: Soon.\n",
    "Duration: 12 sec\n\n## One\n\nVO: Hello.\nKPI: 40% | 3 bn | 12 kg\nText: Three numbers\nLower third: Bo Lind\n\n## Two\n\nText: Thanks for watching | visit us\nLower third: Bo Lind\n",
    "Duration: 10 sec\n\n## One (0:00-0:06)\n\nLower third: Ada\nLower third: Bo\nText: Both of them\n\n| City | Silver |\n|--|--|\n| Lyon | 40 |\n| Cadiz | 12 |\n\n## Two (0:06-0:10)\n\nText: Taste it.\nSFX: door slam\n",
];

#[test]
fn texts_of_a_scene_are_apart_or_take_turns_in_every_shape() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (index, text) in CROWDED.iter().enumerate() {
        for (shape, aspect) in [("wide", "16:9"), ("square", "1:1"), ("tall", "9:16")] {
            let name = format!("{shape}{index}");
            let made = create(
                folder,
                &name,
                &format!("# Film\n\nAspect: {aspect}\n{text}"),
            );
            assert!(made.status.success(), "{made:?}");
            let checked = production(folder, &["validate", &name, "--format", "short"]);
            let printed = String::from_utf8_lossy(&checked.stdout).into_owned();
            assert!(checked.status.success(), "{printed}");
            for code in ["titles::", "graphics::"] {
                let warned = printed
                    .lines()
                    .any(|line| line.contains("warning[") && line.contains(code));
                assert!(!warned, "{printed}\n{}", document(folder, &name));
            }
        }
    }
}

#[test]
fn several_numbers_of_one_line_are_several_numbers() {
    let document = read("## One\n\nKPI: $3.5M lost; 40% up\n").document;
    for expected in ["label: lost, value: 3500000", "label: up, value: 40"] {
        assert!(document.contains(expected), "{document}");
    }
    let one = read("## One\n\nKPI: 40% up; and rising\n").document;
    assert!(one.contains("label: \"up; and rising\""), "{one}");
}

/// What a scene may have, in words.
const PARTS: [&str; 7] = [
    "Narration: One word more is said here, and then some.\n\n",
    "Text: Taste it now.\n\n",
    "- Salt paid soldiers\n- Salt built roads\n- Salt started revolts\n\n",
    "Bar chart: Road 41%, Chemistry 40%, Food 12%\n\n",
    "> Nothing is as dear as what everybody needs. — A. Diallo\n\n",
    "KPI: 40% up\n\n",
    "Lower third: Ada Berg, historian\n\n",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_scene_has_the_time_that_it_needs_whenever_the_film_has_it(
        scenes in prop::collection::vec(prop::collection::btree_set(0_usize..7, 0..4), 1..9),
        total in 3_i64..120,
    ) {
        let mut text = format!("# Film\n\nDuration: {total} sec\n\n");
        for (index, parts) in scenes.iter().enumerate() {
            text.push_str(&format!("## Scene {index}: Thing {index}\n\nVisual: A road\n\n"));
            parts.iter().for_each(|part| text.push_str(PARTS[*part]));
        }
        let reading = read(&text);
        let plan = reading.plan();
        let rate = i64::from(plan.settings.rate);
        prop_assert_eq!(plan.frame_count(), total * rate);
        let needed: Vec<i64> = plan.scenes.iter().map(|scene| {
            let read = if scene.narration_frames == 0 { scene.least_reading_frames.max(rate * 3 / 4) } else { scene.least_reading_frames };
            read.max(scene.narration_frames)
        }).collect();
        let has_room = needed.iter().sum::<i64>() <= total * rate;
        for (scene, needed) in plan.scenes.iter().zip(&needed) {
            prop_assert!(!has_room || scene.frames >= *needed, "{} of {needed}", scene.frames);
        }
        // Too little for all: nobody has a scrap while another has more than it needs.
        let scrap = plan.scenes.iter().zip(&needed).any(|(scene, needed)| scene.frames < rate / 2 && scene.frames < *needed);
        let plenty = plan.scenes.iter().zip(&needed).any(|(scene, needed)| scene.frames > *needed);
        prop_assert!(has_room || !(scrap && plenty));
    }
}

#[test]
fn a_silent_scene_of_a_short_film_is_no_scrap() {
    let text = "# Salt\n\nDuration: 12 sec\nPlatform: YouTube\n\n\
        ## One\n\nNarration: Salt was once worth its weight in cloth.\nText: Salt | then and today\n\n\
        ## Two\n\nNarration: A kilo cost fifty grams of silver in Lyon.\n\n\
        ## Three\n\nNarration: One word more.\nVisual: a road\n\n\
        ## Four\n\nKPI: 0.40 € per kilo today\nChart: bar - Road 41%, Chemistry 40%, Food 12%\n\n\
        ## Five\n\n- Salt paid soldiers\n- Salt built the roads\n\n\
        ## Six\n\nText: Taste it. Now.\n";
    let reading = read(text);
    let plan = reading.plan();
    let seconds: Vec<f64> = plan
        .scenes
        .iter()
        .map(|scene| plan.seconds(scene.frames))
        .collect();
    assert!(seconds.iter().all(|seconds| *seconds >= 0.7), "{seconds:?}");
    // It is short all the same, which is said.
    assert!(
        reading.codes().contains(&"graphic_too_short"),
        "{:?}",
        reading.codes()
    );
}

#[test]
fn who_speaks_is_a_character_with_a_voice_and_a_name() {
    let text = "# Cold\n\n## One\n\nNarration: Dr. Lind: So it is.\nHost: Good evening.\nVisual: sea\n\n\
        ## Two\n\nNarration: Anna: Very cold today.\nNarration: And so it ends.\n\nDR. LIND: Quite.\n\n\
        ## Three\n\nNarration: Remember: Bees sting.\n";
    let reading = read(text);
    for expected in [
        "    - {name: dr_lind, display_name: Dr. Lind, voice: \"en-gb+m2\"}\n",
        "    - {name: host, display_name: Host, voice: \"en-gb+m4\"}\n",
        "    - {name: anna, display_name: Anna, voice: \"en-gb+f2\"}\n",
        "        - {who: dr_lind, voice_over: true, text: \"So it is.\"}\n        - {who: host, voice_over: true, text: \"Good evening.\"}\n",
        "        - {who: anna, voice_over: true, text: \"Very cold today.\"}\n        - {who: NARRATOR, text: \"And so it ends.\"}\n        - {who: dr_lind, voice_over: true, text: \"Quite.\"}\n",
        "        - {who: NARRATOR, text: \"Remember: Bees sting.\"}\n",
    ] {
        assert!(
            reading.document.contains(expected),
            "{expected}\nis not in\n{}",
            reading.document
        );
    }
    let folder = tempfile::tempdir().unwrap();
    assert!(create(folder.path(), "cold", text).status.success());
    let checked = production(folder.path(), &["validate", "cold", "--format", "short"]);
    let printed = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(
        checked.status.success() && !printed.contains("warning["),
        "{printed}"
    );
}

#[test]
fn lines_with_names_before_them_are_a_dialogue() {
    let said = |text: &str| -> Vec<(Option<String>, String)> {
        let scenes = read(text).treatment.scenes;
        let lines = scenes.into_iter().flat_map(|scene| scene.narration);
        lines
            .map(|line| (line.speaker.map(|name| name.value), line.text.value))
            .collect()
    };
    let line = |name: &str, text: &str| (Some(name.to_owned()), text.to_owned());
    let talk = "# T\n\n## One\n\nVisual: sea\n\nAnna: Very cold today.\nBen: Yes,\nit is.\n";
    assert_eq!(
        said(talk),
        [line("Anna", "Very cold today."), line("Ben", "Yes, it is.")]
    );
}

#[test]
fn parts_that_are_no_whole_are_bars_with_a_warning() {
    for (parts, is_pie) in [
        ("Farm 10%, Trade 30%, Roast 60%, Shop 20%", false),
        ("Farm 10%, Trade 30%", false),
        ("Farm 33.3%, Trade 33.3%, Shop 33.3%", true),
        ("Farm 12, Trade 30", true),
    ] {
        let reading = read(&format!("## One\n\nVO: Hello there.\nPie chart: {parts}\n"));
        let kind = if is_pie { "kind: pie" } else { "kind: bar" };
        assert!(
            reading.document.contains(kind),
            "{parts}: {}",
            reading.document
        );
        assert_eq!(reading.codes().contains(&"no_whole"), !is_pie, "{parts}");
    }
}

#[test]
fn an_unknown_profile_is_the_one_that_its_words_suggest() {
    let folder = tempfile::tempdir().unwrap();
    let text = |profile: &str| {
        format!("# T\n\nProfile: {profile}\n\n## One\n\nVO: Hello there.\nText: Hi\n")
    };
    let launch = create(folder.path(), "launch", &text("product launch"));
    let told_launch = told(&launch);
    for expected in [
        "`marketing_dynamic` is used, by the word `launch`",
        "write `Profile: marketing_dynamic`",
    ] {
        assert!(told_launch.contains(expected), "{told_launch}");
    }
    assert!(document(folder.path(), "launch").contains("profile marketing_dynamic"));
    let other = told(&create(folder.path(), "other", &text("dazzling")));
    assert!(other.contains("`educational_explainer` is used"), "{other}");
}
