//! Facts about what is counted in scripts.

use super::{DayPart, ScriptBreakdown};
use crate::base::{Diagnostics, FileId};
use crate::story::fountain::parse_screenplay;

fn breakdown(text: &str) -> ScriptBreakdown {
    ScriptBreakdown::new(&parse_screenplay(
        FileId(0),
        text,
        &mut Diagnostics::default(),
    ))
}

#[test]
fn a_page_of_action_is_eight_eighths_and_lasts_a_minute() {
    // 26 paragraphs of a line, each with an empty line above it, and the heading.
    let text = format!("INT. A - DAY\n\n{}", "A line of action.\n\n".repeat(26));
    let counted = breakdown(&text);
    assert_eq!(counted.eighths.to_string(), "1");
    assert!((counted.seconds - 58.0).abs() < 3.0, "{}", counted.seconds);
}

#[test]
fn a_scene_that_goes_on_has_the_time_of_the_scene_before() {
    let counted = breakdown(
        "INT. A - NIGHT\n\nx\n\nINT. B - CONTINUOUS\n\nx\n\nOMITTED\n\nINT. C - LATER\n\nx\n\nINT. D\n\nx\n\nEXT. E - DAY\n\nx\n",
    );
    let parts: Vec<_> = counted.scenes.iter().map(|scene| scene.day_part).collect();
    let night = Some(DayPart::Night);
    assert_eq!(parts, [night, night, None, night, None, Some(DayPart::Day)]);
    assert_eq!(counted.filmed_scenes().count(), 5);
}

#[test]
fn the_cast_is_counted_under_one_name_with_and_without_extension() {
    let counted = breakdown(
        "INT. A #1#\n\nMARA\nOne two.\n\nILYA\nThis goes on for some words.\n\n@Mara (V.O.)\nThree.\n\nINT. B #5A#\n\nMARA\nFour.\n",
    );
    let cast: Vec<_> = counted
        .cast
        .iter()
        .map(|member| {
            let scenes: Vec<String> = member.scenes.iter().map(ToString::to_string).collect();
            let counts = (member.speeches, member.words, member.unseen_speeches);
            (member.name.as_str(), counts, scenes.join(" "))
        })
        .collect();
    assert_eq!(
        cast,
        [
            ("MARA", (3, 4, 1), "1 5A".to_owned()),
            ("ILYA", (1, 6, 0), "1".to_owned())
        ]
    );
}

#[test]
fn two_who_speak_at_once_take_the_time_and_the_room_of_the_longer() {
    let speech = |name: &str| format!("{name}\nOne two three four five six seven.\n\n");
    let dual = breakdown(&format!("INT. A\n\n{}{}", speech("MARA"), speech("ILYA ^")));
    let single = breakdown(&format!("INT. A\n\n{}", speech("MARA")));
    assert_eq!(dual.eighths, single.eighths);
    assert!((dual.speech_seconds - single.speech_seconds).abs() < 1e-9);
}

#[test]
fn a_line_about_a_scene_is_its_synopsis_its_first_sentence_or_its_first_speech() {
    let summary = |body: &str| {
        breakdown(&format!("INT. A\n\n{body}")).scenes[0]
            .summary
            .clone()
    };
    assert_eq!(summary("= Mara leaves.\n\nShe packs.\n"), "Mara leaves.");
    assert_eq!(
        summary("Mr. *Keeper* waits here. Then he goes.\n"),
        "Mr. Keeper waits here."
    );
    assert_eq!(summary("MARA\nWho is it?\n"), "MARA: Who is it?");
    assert_eq!(summary("CONTINUED:\n\nShe packs.\n"), "She packs.");
    assert_eq!(
        summary("FADE IN:\n\nMARA\nWho is it?\n"),
        "MARA: Who is it?"
    );
    assert_eq!(summary("> THE END <\n\nFADE OUT.\n"), "");
    assert_eq!(summary(""), "");
    let long = summary(&"word ".repeat(60));
    assert!(
        long.ends_with("word …") && long.chars().count() < 95,
        "{long}"
    );
}

#[test]
fn a_script_of_twice_the_speeches_costs_twice_as_much() {
    use crate::base::work_counter::count_work_of;
    let forms: [fn(usize) -> String; 3] = [
        |i| format!("P{i}\nHello.\n\n"),
        |i| format!("P{i} (V.O.)\nHello.\n\nP{i} and P0 wait.\n\n"),
        |i| format!("INT. ROOM {i}\n\nP{i} (V.O.)\nHello.\n\nRain.\n\n"),
    ];
    for form in forms {
        let cost = |count: usize| {
            let body: String = (0..count).map(form).collect();
            count_work_of(|| drop(breakdown(&format!("INT. A\n\n{body}"))))
        };
        let (once, twice) = (cost(400), cost(800));
        assert!(twice < once * 3, "{}: {once}, {twice}", form(1));
    }
}
