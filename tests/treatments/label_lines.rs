//! Lines below labels: what each becomes, and what is noted about those that are no labels.

use super::{Reading, read};
use production::treatment::{ChartKind, OverlayKind, ScenePurpose};

/// Returns the texts that a scene shows, lines of one text joined by a bar.
fn shown(reading: &Reading, scene: usize) -> Vec<String> {
    let overlays = reading.treatment.scenes[scene].overlays.iter();
    let texts = overlays.filter(|overlay| overlay.kind == OverlayKind::Text);
    texts
        .map(|overlay| {
            let lines: Vec<&str> = overlay.lines.iter().map(|line| &*line.value).collect();
            lines.join(" | ")
        })
        .collect()
}

/// Returns what the narrator says in a scene.
fn spoken(reading: &Reading, scene: usize) -> Vec<String> {
    let lines = reading.treatment.scenes[scene].narration.iter();
    lines.map(|line| line.text.value.clone()).collect()
}

fn purpose(reading: &Reading, scene: usize) -> ScenePurpose {
    reading.treatment.scenes[scene]
        .purpose
        .as_ref()
        .unwrap()
        .value
}

/// Returns the messages of notes about guesses.
fn guesses(reading: &Reading) -> Vec<String> {
    let found = reading.found.as_slice().iter();
    let guesses = found.filter(|found| found.code.ends_with("::guess"));
    guesses.map(|found| found.message.clone()).collect()
}

#[test]
fn a_call_to_action_below_any_label_is_a_text_of_its_scene() {
    for label in [
        "CTA",
        "Call to action",
        "Call-to-Action",
        "**CTA**",
        "End card",
        "Appel à l'action",
        "Handlungsaufforderung",
    ] {
        for above in ["Narration: Bees fly.", "Visual: A hive", "Music: calm"] {
            let text = format!(
                "# Bees\n\n## Scene 1: Start\nNarration: Bees.\n\n## Scene 2: End\n{above}\n{label}: Plant a tree\n"
            );
            let reading = read(&text);
            assert_eq!(shown(&reading, 1), ["Plant a tree"], "{text}");
            assert_eq!(purpose(&reading, 1), ScenePurpose::Cta, "{text}");
            assert!(!spoken(&reading, 1).join(" ").contains("Plant"), "{text}");
            assert!(reading.document.contains("text: Plant a tree"), "{text}");
        }
    }
}

#[test]
fn a_call_to_action_of_the_whole_film_is_on_its_end_card() {
    let text = "# Bees\n\nDuration: 10 s\nCTA: Plant a tree | Today\n\n## Scene 1: A\nNarration: One.\n\n## Scene 2: B\nNarration: Two.\n";
    let reading = read(text);
    assert_eq!(shown(&reading, 0), Vec::<String>::new());
    assert_eq!(shown(&reading, 1), ["Plant a tree | Today"]);
    assert_eq!(purpose(&reading, 1), ScenePurpose::Cta);
    let noted = guesses(&reading);
    assert!(
        noted.contains(&"this is shown on the end card".to_owned()),
        "{noted:?}"
    );
    // One that is there already is not shown twice.
    let twice = read(&format!("{text}CTA: Plant a tree\n"));
    assert_eq!(shown(&twice, 1), ["Plant a tree"]);
}

#[test]
fn a_heading_that_calls_to_action_is_a_scene_beside_numbered_ones() {
    for heading in ["## Call to action", "## CTA", "## End card", "## Outro"] {
        let text = format!(
            "# Bees\n\n## Scene 1: A\nNarration: One.\n\n{heading}\nNarration: Plant a tree.\n"
        );
        let reading = read(&text);
        assert_eq!(reading.treatment.scenes.len(), 2, "{text}");
        assert_eq!(spoken(&reading, 1), ["Plant a tree."], "{text}");
        assert_eq!(purpose(&reading, 1), ScenePurpose::Cta, "{text}");
    }
    let titled =
        read("# Bees\n\n## Scene 1: A\nNarration: One.\n\n## Scene 2: CTA: Plant a tree\n");
    assert_eq!(shown(&titled, 1), ["Plant a tree"]);
}

#[test]
fn a_line_that_is_no_label_goes_on_with_the_one_above_and_is_noted() {
    let reading = read("# Bees\n\n## Scene 1: A\nNarration: Bees fly.\nRebate: ten percent.\n");
    assert_eq!(spoken(&reading, 0), ["Bees fly. Rebate: ten percent."]);
    let noted = guesses(&reading);
    assert!(
        noted
            .iter()
            .any(|note| note.contains("`Rebate` is spoken with the line above")),
        "{noted:?}"
    );
}

/// Returns the rows of each chart of the first scene: kind, labels and numbers.
fn charts(text: &str) -> Vec<(ChartKind, Vec<(String, f64)>)> {
    let reading = read(&format!(
        "# Bees\n\n## Scene 1: A\nNarration: One.\n{text}\n"
    ));
    let charts = reading.treatment.scenes[0].charts.iter();
    charts
        .map(|chart| {
            let rows = chart.rows.iter();
            let rows = rows.map(|row| (row.label.value.clone(), row.value.unwrap()));
            (chart.kind, rows.collect())
        })
        .collect()
}

#[test]
fn numbers_of_one_line_are_those_that_are_written_or_none() {
    let rows = |pairs: &[(&str, f64)]| {
        let rows = pairs
            .iter()
            .map(|(label, value)| ((*label).to_owned(), *value));
        rows.collect::<Vec<_>>()
    };
    assert_eq!(
        charts("Chart: Oslo: 12 %, Bergen: 9 %"),
        [(ChartKind::Bar, rows(&[("Oslo", 12.0), ("Bergen", 9.0)]))]
    );
    assert_eq!(
        charts("Chart: Rome 3m, Paris 2m; Lyon 1m"),
        [(
            ChartKind::Bar,
            rows(&[("Rome", 3.0), ("Paris", 2.0), ("Lyon", 1.0)])
        )]
    );
    assert_eq!(
        charts("Stats: Oslo: 12 %, Bergen: 9 %"),
        [(ChartKind::Kpi, rows(&[("Oslo", 12.0), ("Bergen", 9.0)]))]
    );
    // A line whose marks cannot be understood draws nothing.
    assert!(charts("Chart: Rome 3m then Paris 2m").is_empty());
}

#[test]
fn a_kpi_that_is_no_single_number_is_a_text_with_a_note() {
    let reading =
        read("# Bees\n\n## Scene 1: A\nNarration: One.\nKPI: 1 in 3; twice as fast; 40% up\n");
    let scene = &reading.treatment.scenes[0];
    assert_eq!(scene.charts.len(), 1);
    assert_eq!(scene.charts[0].rows.len(), 1);
    assert_eq!(scene.charts[0].rows[0].value, Some(40.0));
    assert_eq!(shown(&reading, 0), ["1 in 3", "twice as fast"]);
    let notes = guesses(&reading);
    let texts = notes
        .iter()
        .filter(|note| *note == "this is shown as a text");
    assert_eq!(texts.count(), 2, "{notes:?}");
}
