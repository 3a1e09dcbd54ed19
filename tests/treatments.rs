//! Treatments: what is read, guessed, repaired and planned, and the productions that are made.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "treatments/created_films.rs"]
mod created_films;
#[path = "treatments/label_lines.rs"]
mod label_lines;
#[path = "support/machine.rs"]
mod machine;
#[path = "support/skip.rs"]
mod skip;

use production::base::{Diagnostics, Severity, SourceMap};
use production::document::draft::ProfileDraft;
use production::model::graphics::IconWords;
use production::report::diagnostic::{DiagnosticStyle, render_diagnostics};
use production::treatment::{
    ChartKind, OverlayKind, PAGES, PlanStatus, ProfileFacts, ScenePurpose, Treatment,
    TreatmentFormat, TreatmentOptions, TreatmentPlan, parse_treatment, plan_treatment,
    planner_json, treatment_text, write_production,
};
use proptest::prelude::*;
use std::path::Path;
use std::process::{Command, Output};

const STYLE: DiagnosticStyle = DiagnosticStyle {
    colour: false,
    width: 100,
    unicode: true,
};

/// Icons for the points of lists.
fn icons() -> IconWords {
    let words = |name: &str, word: &str| (name.to_owned(), vec![word.to_owned()]);
    IconWords {
        icons: vec![words("flower", "flower"), words("no", "poison")],
    }
}

/// A treatment that was read and planned.
struct Reading {
    treatment: Treatment,
    plan: Option<TreatmentPlan>,
    document: String,
    found: Diagnostics,
    sources: SourceMap,
}

impl Reading {
    fn codes(&self) -> Vec<&'static str> {
        let found = self.found.as_slice().iter();
        found
            .map(|one| one.code.rsplit("::").next().unwrap())
            .collect()
    }

    fn plan(&self) -> &TreatmentPlan {
        self.plan.as_ref().unwrap()
    }
}

fn profile() -> ProfileFacts {
    let mut facts = ProfileFacts::from_draft("educational_explainer", &ProfileDraft::default());
    facts.forbidden_effects = vec!["lens_flare".to_owned()];
    facts
}

fn read_as(text: &str, format: TreatmentFormat) -> Reading {
    let mut sources = SourceMap::default();
    let mut found = Diagnostics::default();
    let path = Path::new("treatment.md");
    let text = treatment_text(path, text.as_bytes(), format, &mut sources, &mut found).unwrap();
    let treatment = parse_treatment(&text, &mut found);
    let options = TreatmentOptions {
        usual_title: "Untitled".to_owned(),
        ..TreatmentOptions::default()
    };
    let plan = plan_treatment(&treatment, &profile(), &options, &mut found);
    let document = plan.as_ref().map_or_else(String::new, |plan| {
        write_production(plan, "treatment.md", None, &icons(), &mut found).text
    });
    Reading {
        treatment,
        plan,
        document,
        found,
        sources,
    }
}

fn read(text: &str) -> Reading {
    read_as(text, TreatmentFormat::Markdown)
}

/// Returns the treatment of an example. `None` for one that cannot be written down.
fn example(text: &str) -> Option<&str> {
    let text = text.strip_prefix("# treatment.md\n").unwrap();
    (!text.starts_with('(')).then_some(text)
}

#[test]
fn every_page_of_a_code_is_true() {
    for page in PAGES {
        let short = page.code.rsplit("::").next().unwrap();
        if let Some(wrong) = example(page.wrong) {
            assert!(
                read(wrong).codes().contains(&short),
                "{short}: {:?}",
                read(wrong).codes()
            );
        }
        let right = read(example(page.right).unwrap());
        assert!(
            !right.codes().contains(&short),
            "{short}: {:#?}",
            right.found
        );
    }
}

#[test]
fn every_finding_points_at_its_words() {
    let mut drawn = String::new();
    for page in PAGES {
        let Some(wrong) = example(page.wrong) else {
            continue;
        };
        let reading = read(wrong);
        let mut shown = Diagnostics::default();
        let all = reading.found.into_sorted().into_iter();
        shown.extend({
            let mut first = Diagnostics::default();
            all.filter(|one| one.code == page.code)
                .take(1)
                .for_each(|one| first.push(one));
            first
        });
        drawn.push_str(&render_diagnostics(&shown, &reading.sources, STYLE));
    }
    insta::assert_snapshot!("treatment-findings", drawn);
}

const LABELLED: &str = "# Why bees matter\n\nDuration: 20 sec\nPlatform: TikTok\nColours: #1a3a5c, #fc0\n\
    Voice: calm female\nFaces locked: yes\n\n## Scene 1: The hook (0:00-0:06)\n\n\
    **Narration:** Every third bite exists because of a bee.\n**Visual:** Close-up of a bee, slow push in\n\n\
    ## Scene 2: The numbers (0:06-0:14)\n\nNarration: Colonies die.\n\n| Winter | Lost |\n|---|---|\n\
    | 2007 | 32% |\n| 2012 | 22% |\n| 2019 | 38% |\n\n## Scene 3: Act (0:14-0:20)\n\n- Plant flowers\n- Leave weeds\n\n\
    > Bees are us. — Mara Lind\n\n```rust\nfn bee() {}\n```\n\nNarration: Plant flowers today.\nMusic: upbeat\n\
    Lower third: Mara Lind, beekeeper\nKPI: 42% more honey\n";

#[test]
fn labels_tables_lists_quotes_and_code_become_parts_of_scenes() {
    let reading = read(LABELLED);
    let brief = &reading.treatment.brief;
    assert_eq!(brief.title.as_ref().unwrap().value, "Why bees matter");
    let colours: Vec<_> = brief
        .colours
        .iter()
        .map(|colour| colour.value.as_str())
        .collect();
    assert_eq!(colours, ["1a3a5c", "ffcc00"]);
    assert!(brief.faces_locked.unwrap().value);
    let scenes = &reading.treatment.scenes;
    assert_eq!(scenes.len(), 3);
    assert_eq!(scenes[0].slug, "the_hook");
    assert_eq!(
        scenes[0].narration[0].text.value,
        "Every third bite exists because of a bee."
    );
    assert_eq!(scenes[1].charts[0].kind, ChartKind::Line);
    assert_eq!(scenes[1].charts[0].rows[2].value, Some(38.0));
    let kinds: Vec<_> = scenes[2]
        .overlays
        .iter()
        .map(|overlay| overlay.kind)
        .collect();
    for kind in [
        OverlayKind::List,
        OverlayKind::Quote,
        OverlayKind::Code,
        OverlayKind::LowerThird,
    ] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    assert_eq!(scenes[2].charts[0].kind, ChartKind::Kpi);
    assert_eq!(scenes[2].purpose.unwrap().value, ScenePurpose::Cta);
    assert_eq!(reading.plan().settings.aspect, (9, 16));
}

#[test]
fn content_before_the_first_scene_is_a_note_of_the_film() {
    let reading = read(
        "# Bees\n\nText: T\n\n```\nlet honey = 1;\n```\n\n| A | B |\n|--|--|\n| x | 3 |\n\n\
         ## Scene 1: One\n\nVO: Hello there.\n",
    );
    let notes = reading.treatment.brief.notes.iter();
    let notes: Vec<&str> = notes.map(|note| note.value.as_str()).collect();
    for note in ["let honey = 1;", "A | B", "x | 3"] {
        assert!(notes.contains(&note), "{notes:?}");
    }
}

#[test]
fn a_scene_too_many_is_reported_once_and_takes_its_content_with_it() {
    let scene = |number: usize| format!("## Scene {number}: S\n\nVO: Hello {number}.\n\n");
    let scenes: String = (1..=2004).map(scene).collect();
    let reading = read(&format!("{scenes}Title: Another\n"));
    assert_eq!(reading.treatment.scenes.len(), 2000);
    let codes = reading.codes();
    let too_many = codes.iter().filter(|code| **code == "too_many_scenes");
    assert_eq!(too_many.count(), 1);
    assert!(reading.treatment.brief.notes.is_empty());
}

#[test]
fn the_source_of_a_quote_is_behind_its_last_dash() {
    for (quote, lines) in [
        ("> Salt is life. — Mara", vec!["Salt is life.", "Mara"]),
        ("> The sea — cold — waits.", vec!["The sea — cold — waits."]),
        (
            "> The sea — cold — waits. — Mara",
            vec!["The sea — cold — waits.", "Mara"],
        ),
        (
            "> Salt - and bread - Ilya - yes.",
            vec!["Salt - and bread - Ilya", "yes."],
        ),
    ] {
        let reading = read(&format!("## Scene 1: One\n\nVO: Hello.\n\n{quote}\n"));
        let overlays = reading.treatment.scenes[0].overlays.iter();
        let mut quotes = overlays.filter(|overlay| overlay.kind == OverlayKind::Quote);
        let found = quotes.next().unwrap().lines.iter();
        let found: Vec<&str> = found.map(|line| line.value.as_str()).collect();
        assert_eq!(found, lines, "{quote}");
    }
}

#[test]
fn a_fade_in_of_a_later_scene_is_written() {
    let scene = |number: usize, effect: &str| {
        format!("## Scene {number}: S{number}\n\nVO: Hello there, everybody, again.\n{effect}\n")
    };
    let transitions = |first: &str, second: &str| {
        let reading = read(&(scene(1, first) + &scene(2, second)));
        let lines = reading.document.lines().map(str::trim);
        let lines = lines.filter(|line| line.starts_with("transition_"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let (fade, dissolve) = ("Effects: fade from black", "Effects: dissolve");
    for (found, wanted) in [
        (
            transitions("", fade),
            vec!["transition_in: fade_from_black"],
        ),
        (
            transitions(dissolve, fade),
            vec!["transition_out: dissolve"],
        ),
        (
            transitions("Effects: fade to black", fade),
            vec![
                "transition_out: fade_to_black",
                "transition_in: fade_from_black",
            ],
        ),
    ] {
        let kinds = found.iter().map(|line| line.rsplit_once(' ').unwrap().0);
        assert_eq!(kinds.collect::<Vec<_>>(), wanted);
    }
}

#[test]
fn every_value_has_its_bytes() {
    let reading = read(LABELLED);
    let scenes = &reading.treatment.scenes;
    let origin = |origin| reading.sources.span_text(origin);
    assert_eq!(
        origin(scenes[0].narration[0].text.origin),
        "Every third bite exists because of a bee."
    );
    assert_eq!(origin(scenes[0].timing.unwrap().origin), "(0:00-0:06)");
    assert_eq!(origin(scenes[1].charts[0].rows[0].label.origin), "2007");
    assert_eq!(origin(reading.treatment.brief.colours[1].origin), "#fc0");
    assert_eq!(origin(scenes[2].music.as_ref().unwrap().origin), "upbeat");
}

#[test]
fn a_treatment_that_agrees_with_itself_is_clean() {
    let plan = read(LABELLED).plan.unwrap();
    assert_eq!(plan.status, PlanStatus::Clean, "{:#?}", plan.repairs);
    assert_eq!(plan.frame_count(), 20 * i64::from(plan.settings.rate));
    assert_eq!(plan.scene_starts(), [0, 180, 420, 600]);
}

#[test]
fn a_table_with_a_row_for_each_scene_is_read() {
    let text = "# Spot\n\n| # | Time | Audio | Visual |\n|---|---|---|---|\n\
                | 1 | 0:00-0:03 | Bees dance. | A hive |\n| 2 | 4 sec | Bees sing. | Wide shot of a meadow |\n";
    let reading = read(text);
    let scenes = &reading.treatment.scenes;
    assert_eq!(scenes.len(), 2);
    assert_eq!(scenes[0].timing.unwrap().value.length.0, 3000);
    assert_eq!(scenes[1].timing.unwrap().value.length.0, 4000);
    assert_eq!(scenes[1].narration[0].text.value, "Bees sing.");
    assert_eq!(
        scenes[1].visuals[0].description.value,
        "Wide shot of a meadow"
    );
}

#[test]
fn plain_text_with_times_is_read() {
    let text = "MY FILM\n\n0:00-0:04 Opening\nVISUAL: a hive at dawn\nVO: Listen.\n\n\
                0:04 - 0:10 The dance\nVO: They dance.\nSFX: whoosh\n";
    let reading = read_as(text, TreatmentFormat::PlainText);
    let scenes = &reading.treatment.scenes;
    let slugs: Vec<_> = scenes.iter().map(|scene| scene.slug.as_str()).collect();
    assert_eq!(slugs, ["opening", "the_dance"]);
    assert_eq!(scenes[1].sounds[0].value, "whoosh");
    assert!(
        reading.document.contains("effects: [whoosh]"),
        "{}",
        reading.document
    );
}

#[test]
fn prose_without_any_label_is_a_scene_for_each_paragraph_with_notes() {
    let text = "Bees dance in the dark.\n\nThe others read the dance with their feelers.\n\nWe see a meadow.\n";
    let reading = read(text);
    assert_eq!(reading.treatment.scenes.len(), 3);
    assert_eq!(
        reading.treatment.scenes[2].visuals[0].description.value,
        "We see a meadow."
    );
    let guesses = reading
        .found
        .as_slice()
        .iter()
        .filter(|one| one.code.ends_with("::guess"));
    assert!(guesses.count() >= 5);
}

#[test]
fn charts_lists_quotes_and_code_are_graphics_of_the_document() {
    let text = "# Bees\n\n## The numbers\n\n| Winter | Lost |\n|---|---|\n| 2007 | 32% |\n| 2012 | 22% |\n| 2019 | 38% |\n\n\
                ## Honey\n\nKPI: $3.5M of honey\nKPI: 42% more hives\n\n\
                ## Help\n\n- Plant flowers\n- Skip the poison\n- Wait\n\n\
                ## Words\n\n> A hive is a city.\n> — Ada Berg\n\n\
                ## Count\n\n```rust\nlet bees = 3;\n```\n";
    let document = read(text).document;
    for expected in [
        "    - kind: line\n      shot: the_numbers\n      title: The numbers\n      unit: \"%\"\n      data:\n        - {label: \"2007\", value: 32}\n",
        "    - kind: kpi\n      shot: honey\n      title: Honey\n      data:\n        - {label: of honey, value: 3500000, shown: \"$3.5M\"}\n        - {label: more hives, value: 42, shown: \"42%\"}\n",
        "    - kind: list\n      shot: help\n      title: Help\n      points:\n        - {text: Plant flowers, icon: flower}\n        - {text: Skip the poison, icon: \"no\"}\n        - Wait\n",
        "    - kind: quote\n      shot: words\n      text: A hive is a city.\n      by: Ada Berg\n",
        "    - kind: code\n      shot: count\n      title: Count\n      text:\n        - \"let bees = 3;\"\n",
    ] {
        assert!(
            document.contains(expected),
            "{expected}\nis not in\n{document}"
        );
    }
    assert!(!document.contains("titles:"), "{document}");
}

#[test]
fn two_graphics_of_a_scene_share_the_picture_and_three_take_turns() {
    let two = "Duration: 10 sec\n\n## One\n\nBar chart: a 1, b 2\n\nPie chart: c 40%, d 60%\n";
    let document = read(two).document;
    assert!(document.contains("place: left") && document.contains("place: right"));
    let tall = read(&format!("Aspect: 9:16\n{two}")).document;
    assert!(tall.contains("place: top") && tall.contains("place: bottom"));
    let three = read(&format!("{two}\nKPI: 42% more honey\n")).document;
    assert!(
        three.contains("for: 80") && three.contains("at: 160"),
        "{three}"
    );
}

#[test]
fn a_pie_of_negative_parts_is_bars_and_a_chart_of_words_is_a_table() {
    let bars = read("## One\n\nPie chart: Won 12, Lost -3\n").document;
    assert!(bars.contains("kind: bar"), "{bars}");
    let table = read(
        "## One\n\nBar chart: Who\n\n| Who | What |\n|---|---|\n| Ada | sails |\n| Ole | rows |\n",
    );
    assert!(table.document.contains("kind: table"), "{}", table.document);
}

#[test]
fn a_label_that_nothing_follows_is_reported_where_it_is() {
    let film = |rest: &str| {
        format!(
            "# Bees\n\n## One\n\nNarration: Bees dance.\n\n{rest}\n\n## Two\n\nNarration: End.\n"
        )
    };
    for (rest, code) in [
        ("Table:", "chart_without_data"),
        ("Pie chart:", "chart_without_data"),
        ("### Bar chart", "chart_without_data"),
        ("Text:", "unreadable_value"),
        ("SFX:\n\nText: Bees", "unreadable_value"),
    ] {
        let text = film(rest);
        let reading = read(&text);
        assert!(
            reading.codes().contains(&code),
            "{rest}: {:?}",
            reading.codes()
        );
    }
    let grouped = film("Audio:\n\n- Narration: Bees sing.\n- Music: calm");
    assert!(!read(&grouped).codes().contains(&"unreadable_value"));
    // The label of a table decides about its kind.
    let pie = film("Pie chart:\n\n| a | b |\n|---|---|\n| x | 3 |\n| y | 4 |");
    assert_eq!(
        read(&pie).plan().scenes[0].scene.charts[0].kind.name(),
        "pie"
    );
}

#[test]
fn the_unit_of_a_column_is_the_unit_of_its_chart() {
    let text = "# Firm\n\n## One\n\nNarration: We grow.\n\nBar chart:\n\n| Year | Revenue (EUR m) |\n|---|---|\n| North | 12 |\n| South | 1,200 |\n";
    let document = read(text).document;
    assert!(document.contains("EUR m"), "{document}");
    let plain = text.replace("1,200", "14");
    let document = read(&plain).document;
    assert!(document.contains("unit: EUR m"), "{document}");
}

#[test]
fn what_is_said_fits_into_its_scene_whenever_the_film_has_room() {
    // A table that takes long to read, and words that take nearly all of the time.
    let rows: String = (0..12).map(|row| format!("| {row} | {row} |\n")).collect();
    let said = "one two three four five six seven eight nine ten eleven twelve";
    let text = format!(
        "# Firm\n\nDuration: 20 sec\n\n## Numbers\n\n| a | b |\n|---|---|\n{rows}\n\
         ## Words\n\nNarration: {said} {said} {said}.\n\n## End\n\nNarration: Extraordinarily.\n"
    );
    let reading = read(&text);
    let plan = reading.plan();
    let scenes: Vec<(i64, i64)> = plan
        .scenes
        .iter()
        .map(|scene| (scene.frames, scene.narration_frames))
        .collect();
    assert!(
        scenes.iter().all(|(frames, said)| frames >= said),
        "{scenes:?}"
    );
    assert_eq!(plan.frame_count(), 20 * i64::from(plan.settings.rate));
}

#[test]
fn a_chart_of_a_short_film_has_time_to_be_read() {
    let film = |length: &str, chart: &str| {
        let scenes: String = (0..5)
            .map(|scene| format!("## Hive {scene}\n\nVisual: A hive\n\n"))
            .collect();
        format!(
            "# Bees\n\nDuration: {length}\n\n{scenes}## Numbers{chart}\n\n| Year | Lost |\n|---|---|\n| 2012 | 22% |\n| 2019 | 38% |\n"
        )
    };
    // The film has room: the pictures give it.
    let reading = read(&film("6 sec", ""));
    let plan = reading.plan();
    let last = plan.scenes.last().unwrap();
    assert!(plan.seconds(last.frames) >= 2.0, "{:#?}", plan.scenes);
    assert_eq!(plan.seconds(plan.frame_count()), 6.0);
    assert!(!reading.codes().contains(&"graphic_too_short"));
    // Its length is written, or nothing has time.
    for short in [film("30 sec", " (0.5 sec)"), film("1 sec", "")] {
        let reading = read(&short);
        assert!(
            reading.codes().contains(&"graphic_too_short"),
            "{:?}",
            reading.codes()
        );
    }
}

#[test]
fn the_name_of_who_speaks_is_not_said() {
    let said = |text: &str| -> Vec<(Option<String>, String)> {
        let scenes = read(text).treatment.scenes;
        let lines = scenes.into_iter().flat_map(|scene| scene.narration);
        lines
            .map(|line| (line.speaker.map(|name| name.value), line.text.value))
            .collect()
    };
    let narrator = |text: &str| (None, text.to_owned());
    let other = |name: &str, text: &str| (Some(name.to_owned()), text.to_owned());
    let table = "| Visual | Narration |\n|---|---|\n| A hive | Narrator: Bees dance. |\n\
                 | A flower | Mara (smiling): Sow. |\n| A jar | Dr. Lind: Taste. |\n\
                 | A bee | Remember: bees sting. |\n| A man | Speaker 2: No. |\n";
    assert_eq!(
        said(table),
        [
            narrator("Bees dance."),
            other("Mara (smiling)", "Sow."),
            other("Dr. Lind", "Taste."),
            narrator("Remember: bees sting."),
            other("Speaker 2", "No."),
        ]
    );
    for line in [
        "Narration: Narrator: Bees dance.",
        "Narration: Voice-over: Bees dance.",
        "Sprecher: Sprecherin: Bees dance.",
        "Narration: NARRATOR (V.O.): Bees dance.",
        "Narration: 旁白：Bees dance.",
    ] {
        let text = format!("## One\n\n{line}\nVisual: A hive\n");
        assert_eq!(said(&text), [narrator("Bees dance.")], "{line}");
    }
    let two = "## One\n\nNarration: NARRATOR: One.\nMARA: Two.\nAnd more.\n\nJONAS: Three.\n";
    assert_eq!(
        said(two),
        [
            narrator("One."),
            other("MARA", "Two. And more."),
            other("JONAS", "Three.")
        ]
    );
}

#[test]
fn a_row_without_a_number_is_noted_and_the_chart_is_drawn() {
    let text = "# Honey\n\n## Numbers\n\n| Year | Tonnes |\n|---|---:|\n| 2014 | 1,200 |\n| 2019 | n/a |\n\
                | 2020 | 1,500 |\n| 2024 | 2,450 |\n\nKPI: 0 g added sugar\n";
    let reading = read(text);
    assert!(
        reading.document.contains("kind: line"),
        "{}",
        reading.document
    );
    assert!(
        reading.document.contains("shown: \"1,200 tonnes\""),
        "{}",
        reading.document
    );
    assert!(
        reading
            .document
            .contains("unit: g\n      data:\n        - {label: added sugar, value: 0"),
        "{}",
        reading.document
    );
    let note = reading
        .found
        .as_slice()
        .iter()
        .find(|one| one.code.ends_with("not_drawn"));
    assert_eq!(note.unwrap().message, "row 2, `2019`, has no number");
}

#[test]
fn another_language_is_read_by_its_own_labels() {
    let text = "# Bienen\n\n## Szene 1: Auftakt (5 Sekunden)\n\nSprecher: Die Biene ist klein, und sie ist nicht allein.\n\
                Bild: Ein Bienenstock\n\n## Szene 2: Ende (3,5 Sek)\n\nSprecher: Das ist der Tanz.\n";
    let reading = read(text);
    assert_eq!(reading.treatment.scenes.len(), 2);
    assert_eq!(reading.plan().settings.language, "de");
    assert_eq!(
        reading.treatment.scenes[1].timing.unwrap().value.length.0,
        3500
    );
    assert_eq!(reading.treatment.scenes[1].slug, "ende");
}

#[test]
fn secrets_and_urls_are_in_no_document_and_no_job() {
    let text = "## One\n\nNarration: Log in with password=hunter22 at https://me:pw@x.org/a?token=abc now.\n\
                Note: key sk-abcdefgh12345678ijkl\n\n`AKIAIOSFODNN7EXAMPLE`\n\n[docs](https://x.org/?key=zzz)\n";
    let reading = read(text);
    let json = planner_json(reading.plan(), &reading.found, &reading.sources, None).to_string();
    for secret in [
        "hunter22",
        "token=abc",
        "me:pw",
        "sk-abcdefgh",
        "AKIA",
        "key=zzz",
    ] {
        assert!(!json.contains(secret), "{secret}: {json}");
        assert!(
            !reading.document.contains(secret),
            "{secret}: {}",
            reading.document
        );
    }
    assert!(json.contains("https://x.org/a"));
}

#[test]
fn a_secret_of_any_form_is_taken_out_wherever_it_is() {
    let places = [
        "Narration: {}",
        "## Scene 2: {}\n\nNarration: hi",
        "Notes: {}",
        "```\n{}\n```",
        "Text: {}",
        "| Y | V |\n|--|--|\n| {} | 3 |\n| b | 4 |",
        "- {}\n- more",
        "> {}",
    ];
    let forms = [
        "password: hunter2hunter2",
        "pass\u{200b}word: hunter2hunter2",
        "**password**: hunter2hunter2",
        "**Password:** `hunter2hunter2`",
        "| password | hunter2hunter2 |",
        "Passwort: hunter2hunter2",
        "mot de passe : hunter2hunter2",
        "contraseña: hunter2hunter2",
        "пароль: hunter2hunter2",
        "密码：hunter2hunter2",
        "`password=hunter2hunter2`",
        "SECRET_KEY=\"hunter2hunter2\"",
        "export DB_PASSWORD='hunter2hunter2'",
        "{\"password\": \"hunter2hunter2\"}",
        "pwd hunter2hunter2",
        "[x](https://u:hunter2hunter2@e.com)",
        "![p](https://u:hunter2hunter2@e.com/a.png)",
        "mongodb+srv://u:hunter2hunter2@h/db",
        "postgres+psycopg2://u:hunter2hunter2@h/db",
        "//u:hunter2hunter2@h/x",
        "Server=db;User Id=sa;Password=hunter2hunter2;",
        "Authorization: Bearer hunter2hunter2",
        "AKIAhunter2hunter2AB",
    ];
    for form in forms {
        for place in places {
            let text = format!(
                "# T\n\nDuration: 20 sec\n\n## Scene 1: A\n\nNarration: Hello there.\n\n{}\n",
                place.replace("{}", form)
            );
            let reading = read(&text);
            let secrets = reading.treatment.redactions.iter();
            assert!(secrets.filter(|one| one.is_secret).count() > 0, "{text}");
            let json = reading.plan.as_ref().map_or_else(String::new, |plan| {
                planner_json(plan, &reading.found, &reading.sources, None).to_string()
            });
            let shown = json + &reading.document;
            assert!(!shown.contains("unter2"), "{text}\n{shown}");
        }
    }
}

#[test]
fn what_is_under_or_beside_the_name_of_a_secret_is_taken_out() {
    let text = "## Scene 1: A\n\n| user | Password | Token |\n|--|--|--|\n| bob | swordfish | none |\n| eva | tigers | a1b2c3d4 |\n\n\
                | what | value |\n|--|--|\n| API key | zebras |\n| colour | yellow |\n\nPassword:\nhunter2hunter2\n\n\
                Narration: Say hunter2hunter2 again.\n";
    let reading = read(text);
    let shown = planner_json(reading.plan(), &reading.found, &reading.sources, None).to_string()
        + &reading.document;
    for secret in ["swordfish", "tigers", "a1b2c3d4", "zebras", "hunter2"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    assert!(shown.contains("yellow"), "{shown}");
}

#[test]
fn scenes_are_scaled_and_every_repair_has_its_values() {
    let text = "Duration: 10 sec\n\n## One (3 sec)\n\nVisual: a\n\n## Two (4 sec)\n\nVisual: b\n\n## Three (5 sec)\n\nVisual: c\n";
    let plan = read(text).plan.unwrap();
    assert_eq!(plan.status, PlanStatus::Repaired);
    let frames: Vec<_> = plan.scenes.iter().map(|scene| scene.frames).collect();
    assert_eq!(frames, [60, 80, 100]);
    let repair = &plan.repairs[1];
    assert_eq!(
        (
            repair.path.as_str(),
            repair.before.as_str(),
            repair.after.as_str()
        ),
        ("scenes[1].durationSeconds", "4 s", "3.33 s")
    );
    assert_eq!(repair.short_code(), "DURATION_MISMATCH");
}

#[test]
fn what_cannot_be_planned_is_one_scene_and_two_jobs() {
    let text = "Duration: 0.2 sec\n\n## One\n\nVisual: A\n\n## Two\n\nVisual: B\n\n## Three\n\nVisual: C\n";
    let plan = read(text).plan.unwrap();
    assert_eq!(plan.status, PlanStatus::Degraded);
    assert_eq!(plan.scenes.len(), 1);
    let kinds: Vec<_> = plan.jobs.iter().map(|job| job.kind).collect();
    assert_eq!(kinds, ["generate_image", "render_shotstack"]);
}

#[test]
fn the_planner_answers_in_the_form_of_its_clients() {
    let reading = read(
        "# Build a Vid\n\nDuration: 5 sec\nPlatform: social\nLanguage: en\nProfile: educational_explainer\n\n\
                        ## Scene 1 (2 sec)\n\nPurpose: hook\nNarration: Build it.\nVisual: A robot\n\n## Scene 2 (3 sec)\n\nVisual: A city\n",
    );
    let answer = planner_json(reading.plan(), &reading.found, &reading.sources, Some(7));
    assert_eq!(answer["success"], true);
    assert_eq!(answer["usedRepair"], false);
    assert_eq!(answer["processingTimeMs"], 7);
    let scene = &answer["manifest"]["scenes"][0];
    assert_eq!(
        (&scene["id"], &scene["purpose"]),
        (&"s1".into(), &"hook".into())
    );
    assert_eq!(
        (
            scene["startAtSec"].as_f64(),
            scene["durationSeconds"].as_f64()
        ),
        (Some(0.0), Some(2.0))
    );
    let jobs = answer["jobs"].as_array().unwrap();
    assert_eq!(
        jobs.len(),
        usize::try_from(answer["jobCount"].as_u64().unwrap()).unwrap()
    );
    let tts = jobs.iter().find(|job| job["type"] == "tts").unwrap();
    assert_eq!(
        (&tts["priority"], &tts["payload"]["sceneId"]),
        (&10.into(), &"s1".into())
    );
    let render = jobs.last().unwrap();
    assert_eq!(render["type"], "render_shotstack");
    assert_eq!(
        render["dependsOn"].as_array().unwrap().len(),
        jobs.len() - 1
    );
    assert_eq!(answer["manifest"]["metadata"]["aspectRatio"], "16:9");
}

#[test]
fn the_same_text_gives_the_same_bytes() {
    let (one, two) = (read(LABELLED), read(LABELLED));
    assert_eq!(one.document, two.document);
    assert_eq!(one.plan().manifest_id, two.plan().manifest_id);
    assert_eq!(one.found, two.found);
}

/// Checks what holds for every text: findings are inside of it, the film is exact, and every need has
/// one job.
fn check_reading(text: &str) {
    for format in [TreatmentFormat::Markdown, TreatmentFormat::PlainText] {
        let reading = read_as(text, format);
        for found in reading.found.as_slice() {
            let range = found.origin.start as usize..found.origin.end as usize;
            assert!(text.get(range).is_some(), "{found:?} in {text:?}");
        }
        let Some(plan) = &reading.plan else {
            assert!(
                reading
                    .found
                    .as_slice()
                    .iter()
                    .any(|one| one.severity == Severity::Error)
            );
            continue;
        };
        let fewest = i64::from(plan.settings.rate.div_ceil(10));
        assert!(plan.scenes.iter().all(|scene| scene.frames >= fewest));
        let waits = plan.jobs.last().unwrap().depends_on.len();
        assert_eq!(waits, plan.jobs.len() - 1);
    }
}

fn treatment_line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("## Scene".to_owned()),
        "(Narration|Visual|Chart|Text|Duration|Music|KPI|Quote|List|Effect): .{0,30}",
        "[0-9]{1,2}:[0-9]{2}-[0-9]{1,2}:[0-9]{2} .{0,10}",
        "#{1,3} .{0,20}",
        "[-*] .{0,20}",
        "\\| [a-z]{0,4} \\| [0-9%]{0,4} \\|",
        "\\|---\\|---\\|",
        "> .{0,20}",
        "```",
        ".{0,40}",
        Just(String::new()),
    ]
}

#[test]
fn a_finding_about_a_long_line_ends_between_letters() {
    for letter in ["x", "é", "日", "𐀀"] {
        for length in 20..100 {
            check_reading(&format!("Duration: {}", letter.repeat(length)));
            check_reading(&format!("\u{feff}{}", format!("{letter} ").repeat(length)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_text_makes_the_planner_panic(lines in prop::collection::vec(treatment_line(), 0..20)) {
        // A zero byte is in no text, which has a test of its own.
            check_reading(&lines.join("\n").replace('\0', " "));
    }

    #[test]
    fn the_film_is_exactly_as_long_as_asked(
        total in 5_u64..120_000,
        lengths in prop::collection::vec(prop::option::of(1_u64..60_000), 1..30),
    ) {
        let mut text = format!("Duration: {}.{:03} sec\n\n", total / 1000, total % 1000);
        for (index, length) in lengths.iter().enumerate() {
            let written = length.map_or_else(String::new, |length| format!(" ({}.{:03} sec)", length / 1000, length % 1000));
            text.push_str(&format!("## Scene {index}{written}\n\nNarration: It is so.\nVisual: A thing\n\n"));
        }
        let reading = read(&text);
        let plan = reading.plan();
        let wanted = i64::try_from((total * 24 + 500) / 1000).unwrap();
        let fits = wanted >= 3 * i64::try_from(lengths.len()).unwrap();
        prop_assert_eq!(plan.status == PlanStatus::Degraded, !fits);
        prop_assert_eq!(plan.frame_count(), wanted.max(3));
    }

    #[test]
    fn every_need_of_every_scene_has_exactly_one_job(
        parts in prop::collection::vec((0_usize..3, 0_usize..3, 0_usize..3), 1..12),
    ) {
        let mut text = String::new();
        for (index, (lines, visuals, charts)) in parts.iter().enumerate() {
            text.push_str(&format!("## Scene {index}: Thing {index}\n\n"));
            (0..*lines).for_each(|at| text.push_str(&format!("Narration: Line {at} is said.\n\n")));
            (0..*visuals).for_each(|at| text.push_str(&format!("Visual: Picture {at}\n\n")));
            (0..*charts).for_each(|_| text.push_str("Chart: bar - X: a 1, b 2\n\n"));
        }
        let reading = read(&text);
        let plan = reading.plan();
        let needs: usize = plan.scenes.iter().map(|scene| {
            scene.scene.narration.len() + scene.scene.visuals.len() + scene.scene.charts.len()
        }).sum();
        let music = plan.jobs.iter().filter(|job| job.kind == "generate_music").count();
        prop_assert_eq!(plan.jobs.len(), needs + music + 1);
        let mut ids: Vec<_> = plan.jobs.iter().map(|job| job.id.clone()).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), plan.jobs.len());
    }
}

fn production(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_production"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

#[test]
fn a_production_from_a_treatment_is_valid_and_has_a_shot_for_each_scene() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bees.md"), LABELLED).unwrap();
    let made = production(
        folder.path(),
        &[
            "create",
            "bees",
            "--from",
            "bees.md",
            "--author",
            "A. Keeper",
        ],
    );
    assert!(made.status.success(), "{made:?}");
    let checked = production(folder.path(), &["validate", "bees", "--format", "short"]);
    let printed = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(
        checked.status.success() && !printed.contains("warning["),
        "{printed}"
    );
    let info = production(folder.path(), &["info", "bees", "--format", "json"]);
    let info: serde_json::Value = serde_json::from_slice(&info.stdout).unwrap();
    let shots = info["shots"].as_array().unwrap();
    let names: Vec<_> = shots
        .iter()
        .map(|shot| shot["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["the_hook", "the_numbers", "act"]);
    assert!(folder.path().join("bees/bees.md").is_file());
}

#[test]
fn nonsense_is_a_finding_and_leaves_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("empty.md", b"");
    write("signs.md", b"***\n\n---\n");
    write("binary.txt", b"\x89PNG\r\n\x1a\n\0\0\0");
    write("huge.md", &b"word ".repeat(2_200_000));
    for name in ["empty.md", "signs.md", "binary.txt", "huge.md"] {
        let made = production(folder.path(), &["create", "film", "--from", name]);
        let told = String::from_utf8_lossy(&made.stderr).into_owned();
        assert_eq!(made.status.code(), Some(2), "{name}: {told}");
        assert!(told.contains("production::treatment::"), "{name}: {told}");
        assert!(!folder.path().join("film").exists());
    }
}

#[test]
fn a_degraded_film_must_be_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let text = "Duration: 0.2 sec\n\n## One\n\nVisual: A\n\n## Two\n\nVisual: B\n\n## Three\n\nVisual: C\n";
    std::fs::write(folder.path().join("short.md"), text).unwrap();
    let refused = production(folder.path(), &["create", "film", "--from", "short.md"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--accept-degraded"));
    let made = production(
        folder.path(),
        &["create", "film", "--from", "short.md", "--accept-degraded"],
    );
    assert!(made.status.success(), "{made:?}");
    assert!(
        production(folder.path(), &["validate", "film"])
            .status
            .success()
    );
}

/// The treatment of the example, and the production that was made from it.
const EXAMPLE: &str = "examples/explainer";

#[test]
fn the_example_is_what_its_treatment_makes_and_has_no_warning() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLE);
    let folder = tempfile::tempdir().unwrap();
    let treatment = example.join("fresh_water.md");
    let words = [
        "create",
        "water",
        "--from",
        treatment.to_str().unwrap(),
        "--quiet",
    ];
    let made = production(folder.path(), &words);
    assert!(made.status.success(), "{made:?}");
    let without_day = |path: &Path| {
        let text = std::fs::read_to_string(path.join("production.yaml")).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with("  created: "));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let water = folder.path().join("water");
    assert_eq!(
        without_day(&water),
        without_day(&example),
        "make it anew with `create`"
    );
    let checked = production(folder.path(), &["validate", "water", "--format", "short"]);
    let printed = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success(), "{printed}");
    assert!(!printed.contains("warning["), "{printed}");
}

#[test]
fn the_example_runs_at_a_small_size() {
    if !machine::makes_films() {
        return;
    }
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join(EXAMPLE);
    let text = std::fs::read_to_string(example.join("production.yaml")).unwrap();
    let (shots, _) = text.split_once("\n  outputs:").unwrap();
    let mut short = String::new();
    for line in shots.lines() {
        // A few frames of each shot, and no voice: what is tried is the way to the picture.
        let line = match line.trim_start() {
            own if own.starts_with("duration:") => "      duration: 12",
            own if own.starts_with("lines:") || own.starts_with("- {who:") => continue,
            own if own.starts_with("transition_out:") => continue,
            own if own.starts_with("music:") => "    music: off",
            _ => line,
        };
        short.push_str(&format!("{line}\n"));
    }
    short.push_str("  outputs:\n    - {name: stills, codec: png, resolution: 160x90, frame_rate: 30, path: out}\n");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("production.yaml"), short).unwrap();
    let run = production(
        folder.path(),
        &["run", ".", "--quality", "draft", "--quiet"],
    );
    assert!(run.status.success(), "{run:?}");
    // The accent of the profile, as bright as no studio is.
    let accents = |number: usize| {
        let path = folder.path().join(format!("out/{number:06}.png"));
        let picture = production::media::picture::read_png(&path).unwrap();
        let near = |value: u16, wanted: u16| value.abs_diff(wanted * 257) < 3_000;
        let is_accent = |pixel: &&[u16; 3]| {
            near(pixel[0], 0x2e) && near(pixel[1], 0xc4) && near(pixel[2], 0xb6)
        };
        picture.pixels.iter().filter(is_accent).count()
    };
    // The sixth frame of each shot: the first has a title alone.
    let found: Vec<usize> = (0..5).map(|shot| accents(shot * 12 + 8)).collect();
    assert_eq!(found[0], 0, "{found:?}");
    assert!(found[1..].iter().all(|count| *count > 5), "{found:?}");
}
