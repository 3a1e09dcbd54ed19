//! Captions keep the limits of their profile, and have the times of the words.

use super::*;
use crate::model::FrameRate;
use crate::model::captions::{CaptionAudience, CaptionGuide, CaptionProfile};
use proptest::prelude::*;

const FILM: FrameRate = FrameRate::from_fps(24);

fn netflix() -> CaptionProfile {
    CaptionGuide::by_name("netflix")
        .unwrap()
        .profile("en", CaptionAudience::Adults, FILM)
}

/// A line whose words are spoken evenly.
fn spoken_line(speaker: &str, text: &str, start: f64, end: f64) -> CaptionLine {
    let words: Vec<&str> = text.split_whitespace().collect();
    let each = (end - start) / words.len().max(1) as f64;
    CaptionLine {
        text: text.to_owned(),
        speaker: speaker.to_owned(),
        is_named: false,
        start,
        end,
        words: words
            .iter()
            .enumerate()
            .map(|(index, word)| HeardWord {
                word: word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned(),
                start: start + each * index as f64,
                end: start + each * (index + 1) as f64,
            })
            .collect(),
    }
}

fn shown(captions: &FilmCaptions) -> Vec<(usize, usize, String)> {
    let cues = captions.cues.iter();
    cues.map(|cue| (cue.start, cue.end, cue.lines.join("|")))
        .collect()
}

#[test]
fn a_long_line_is_divided_at_its_sentences() {
    let text = "It went out. Nobody on the pier said a word, and the harbour lay in the dark. \
                Then somebody struck a match.";
    let line = spoken_line("Mara", text, 1.0, 9.0);
    let captions = film_captions(&[line], &[], &netflix(), FILM, 400);
    let found: Vec<String> = shown(&captions)
        .into_iter()
        .map(|(_, _, text)| text)
        .collect();
    assert_eq!(
        found,
        [
            "It went out.",
            "Nobody on the pier said a word,|and the harbour lay in the dark.",
            "Then somebody struck a match.",
        ]
    );
    assert_eq!(captions.flaws, []);
    // Each begins with its first word, which is its frame to the nearest.
    assert_eq!(captions.cues[0].start, 24);
    // The fourth of 22 words in 8 seconds begins after 2.09 seconds.
    assert_eq!(captions.cues[1].start, 50);
}

#[test]
fn short_words_stay_long_enough_and_close_to_what_follows() {
    let lines = [
        spoken_line("Mara", "No.", 1.0, 1.2),
        spoken_line("Ilya", "Then light it.", 2.2, 3.0),
    ];
    let captions = film_captions(&lines, &[], &netflix(), FILM, 200);
    // 20 frames at least; then a gap of less than half a second is closed to two frames.
    assert_eq!(
        shown(&captions),
        [
            (24, 51, "No.".to_owned()),
            (53, 73, "Then light it.".to_owned())
        ]
    );
}

#[test]
fn two_people_at_once_are_one_caption() {
    let lines = [
        spoken_line("Mara", "Stop!", 1.0, 1.8),
        spoken_line("Ilya", "Run!", 1.2, 2.0),
    ];
    let captions = film_captions(&lines, &[], &netflix(), FILM, 200);
    assert_eq!(shown(&captions), [(24, 48, "-Stop!|-Run!".to_owned())]);
    assert_eq!(captions.cues[0].speaker, "");
}

#[test]
fn speakers_are_named_as_the_guide_does() {
    let line = CaptionLine {
        is_named: true,
        ..spoken_line("Old keeper", "It went out.", 1.0, 2.0)
    };
    let bbc = CaptionGuide::by_name("bbc")
        .unwrap()
        .profile("en", CaptionAudience::Adults, FILM);
    let one = std::slice::from_ref(&line);
    let captions = film_captions(one, &[], &netflix(), FILM, 200);
    assert_eq!(captions.cues[0].lines, ["[Old keeper] It went out."]);
    let captions = film_captions(one, &[], &bbc, FILM, 200);
    assert_eq!(captions.cues[0].lines, ["OLD KEEPER: It went out."]);
}

#[test]
fn sounds_are_where_nobody_speaks_or_above_the_words() {
    let lines = [
        spoken_line("Mara", "It went out.", 1.0, 2.0),
        spoken_line(
            "Ilya",
            &"Then light it and hold it up so that they see it. ".repeat(2),
            3.0,
            9.0,
        ),
    ];
    let sound = |text: &str, start: f64| CaptionSound {
        text: text.to_owned(),
        start,
    };
    let sounds = [
        sound("door slams", 0.0),
        sound("glass breaks", 1.5),
        sound("bell", 4.0),
        sound("late", 100.0),
    ];
    let captions = film_captions(&lines, &sounds, &netflix(), FILM, 260);
    let found = shown(&captions);
    assert_eq!(found[0], (0, 22, "[door slams]".to_owned()));
    assert_eq!(found[1].2, "It went out.");
    assert!(
        found
            .iter()
            .any(|(start, _, text)| text == "[glass breaks]" && *start >= 48),
        "{found:?}"
    );
    assert_eq!(captions.flaws.len(), 1, "{:?} {found:?}", captions.flaws);
    assert_eq!(captions.flaws[0].kind, CaptionFlawKind::SoundLeftOut);
    assert_eq!(captions.flaws[0].frame, 96);
}

#[test]
fn words_keep_their_time_and_sounds_give_way() {
    // Music begins while somebody speaks, and the words are too short to be read in time.
    let lines = [
        spoken_line("Mara", "There.", 2.79, 3.0),
        spoken_line("Ilya", "Where?", 3.3, 3.5),
    ];
    for start in [2.0, 2.5, 2.8, 3.0, 3.1] {
        let sounds = [CaptionSound {
            text: "dramatic music".to_owned(),
            start,
        }];
        for sounds in [&sounds[..], &[]] {
            let captions = film_captions(&lines, sounds, &netflix(), FILM, 200);
            let begin = |text: &str| {
                let mut cues = captions.cues.iter();
                let cue = cues.find(|cue| cue.lines.iter().any(|line| line == text));
                cue.map(|cue| cue.start)
            };
            // 2.79 seconds are frame 67, and 3.3 are 79.
            assert_eq!(begin("There."), Some(67), "{start} {captions:?}");
            assert_eq!(begin("Where?"), Some(79), "{start} {captions:?}");
        }
    }
}

#[test]
fn control_characters_reach_no_file() {
    let line = spoken_line("Ma\u{7}ra", "It\u{0} went\u{1b}[31m\n\nout.", 1.0, 2.0);
    let sounds = [CaptionSound {
        text: "door\n\n1\n\u{8}slams".to_owned(),
        start: 4.0,
    }];
    let captions = film_captions(&[line], &sounds, &netflix(), FILM, 200);
    assert_eq!(captions.cues[0].lines, ["It went[31m out."]);
    assert_eq!(captions.cues[1].lines, ["[door 1 slams]"]);
    let cues = &captions.cues;
    for text in [
        srt_text(cues, FILM),
        vtt_text(cues, FILM, "en"),
        ttml_text(cues, FILM, "en"),
    ] {
        let is_strange = |letter: char| letter.is_control() && letter != '\n';
        assert!(!text.contains(is_strange), "{text:?}");
        assert!(!text.contains("\n\n\n"), "{text:?}");
    }
}

#[test]
fn captions_too_fast_to_read_are_reported() {
    let text = "Everybody who could carry anything carried it down to the water at once";
    let lines = [
        spoken_line("Mara", text, 1.0, 2.0),
        spoken_line("Ilya", "Now.", 2.1, 2.3),
    ];
    let captions = film_captions(&lines, &[], &netflix(), FILM, 200);
    assert!(matches!(captions.flaws[0].kind, CaptionFlawKind::TooFast(speed) if speed > 40.0));
}

#[test]
fn no_words_are_no_caption() {
    assert_eq!(
        film_captions(&[], &[], &netflix(), FILM, 0),
        FilmCaptions::default()
    );
    let line = spoken_line("Mara", "  ", 0.0, 1.0);
    assert_eq!(
        film_captions(&[line], &[], &netflix(), FILM, 10),
        FilmCaptions::default()
    );
    let behind = spoken_line("Mara", "Too late.", 5.0, 6.0);
    assert_eq!(
        film_captions(&[behind], &[], &netflix(), FILM, 10),
        FilmCaptions::default()
    );
}

fn sample_cues() -> Vec<CaptionCue> {
    vec![
        CaptionCue {
            start: 25,
            end: 49,
            lines: vec![
                "It <b>went</b> out".to_owned(),
                "at {5} --> & so".to_owned(),
            ],
            speaker: "Mara & co".to_owned(),
            sounds: 0,
        },
        CaptionCue {
            start: 86_400,
            end: 86_424,
            lines: vec!["[дверь]".to_owned()],
            speaker: String::new(),
            sounds: 1,
        },
    ]
}

#[test]
fn the_formats_are_written_as_their_readers_expect() {
    let cues = sample_cues();
    assert_eq!(
        srt_text(&cues, FILM),
        "1\n00:00:01,042 --> 00:00:02,042\nIt ‹b›went‹/b› out\nat (5) --› & so\n\n\
         2\n01:00:00,000 --> 01:00:01,000\n[дверь]\n\n"
    );
    assert_eq!(srt_losses(&cues), 1);
    assert_eq!(
        vtt_text(&cues, FILM, "en"),
        "WEBVTT\n\nNOTE Language: en\n\n1\n00:00:01.042 --> 00:00:02.042\n\
         <v Mara &amp; co>It &lt;b&gt;went&lt;/b&gt; out\nat {5} --&gt; &amp; so</v>\n\n\
         2\n01:00:00.000 --> 01:00:01.000\n[дверь]\n"
    );
    let ttml = ttml_text(&cues, FILM, "en");
    assert!(ttml.contains("profile/imsc1.1/text"));
    assert!(ttml.contains(
        r#"<p xml:id="caption1" begin="00:00:01.042" end="00:00:02.042" ttm:agent="speaker1">It &lt;b&gt;went&lt;/b&gt; out<br/>at {5} --&gt; &amp; so</p>"#
    ));
    roxmltree::Document::parse(&ttml).unwrap();
    assert_eq!(srt_text(&[], FILM), "");
    roxmltree::Document::parse(&ttml_text(&[], FILM, "de")).unwrap();
}

/// A line of Mara's, during which a door slams and a bell rings.
fn cues_with_sounds() -> Vec<CaptionCue> {
    let line = CaptionLine {
        is_named: true,
        ..spoken_line("Mara", "Then light it.", 0.0, 4.0)
    };
    let sound = |text: &str, start: f64| CaptionSound {
        text: text.to_owned(),
        start,
    };
    let sounds = [sound("door slams", 0.5), sound("bell rings", 0.9)];
    let profile = CaptionProfile {
        lines: 3,
        ..netflix()
    };
    let captions = film_captions(&[line], &sounds, &profile, FILM, 96);
    assert_eq!(captions.flaws, []);
    captions.cues
}

#[test]
fn nobody_says_the_sounds_above_words() {
    let cues = cues_with_sounds();
    assert_eq!(
        srt_text(&cues, FILM),
        "1\n00:00:00,000 --> 00:00:04,000\n[door slams]\n[bell rings]\n[Mara] Then light it.\n\n"
    );
    assert_eq!(
        vtt_text(&cues, FILM, "en"),
        "WEBVTT\n\nNOTE Language: en\n\n1\n00:00:00.000 --> 00:00:04.000\n\
         [door slams]\n[bell rings]\n<v Mara>[Mara] Then light it.</v>\n"
    );
    let ttml = ttml_text(&cues, FILM, "en");
    assert!(
        ttml.contains(
            r#"end="00:00:04.000"><span>[door slams]<br/>[bell rings]</span><br/><span ttm:agent="speaker1">[Mara] Then light it.</span></p>"#
        ),
        "{ttml}"
    );
    roxmltree::Document::parse(&ttml).unwrap();
}

#[test]
fn captions_keep_what_is_a_sound_where_they_are_stored() {
    let cues = cues_with_sounds();
    let stored = serde_json::to_string(&cues).unwrap();
    assert_eq!(
        serde_json::from_str::<Vec<CaptionCue>>(&stored).unwrap(),
        cues
    );
    let spoken = serde_json::to_string(&sample_cues()[0]).unwrap();
    assert!(!spoken.contains("sounds"), "{spoken}");
}

proptest! {
    #[test]
    fn captions_are_in_order_and_fit(
        lines in prop::collection::vec(("[a-zA-Zäé,. 灯台]{0,200}", 0.0f64..30.0, 0.05f64..8.0), 0..6),
        sounds in prop::collection::vec(0.0f64..35.0, 0..4),
        line_letters in 1usize..50,
        most_lines in 1usize..4,
    ) {
        let profile = CaptionProfile { line_letters, lines: most_lines, ..netflix() };
        let lines: Vec<CaptionLine> = lines
            .iter()
            .map(|(text, start, length)| spoken_line("Mara", text, *start, start + length))
            .collect();
        let sounds: Vec<CaptionSound> = sounds
            .iter()
            .map(|start| CaptionSound { text: "x".to_owned(), start: *start })
            .collect();
        let captions = film_captions(&lines, &sounds, &profile, FILM, 800);
        let mut end = 0;
        for cue in &captions.cues {
            prop_assert!(cue.start >= end, "{:?}", captions.cues);
            prop_assert!(cue.end > cue.start, "{:?}", captions.cues);
            prop_assert!(!cue.lines.is_empty() && cue.lines.len() <= most_lines);
            for line in &cue.lines {
                prop_assert!(!line.trim().is_empty());
                let is_sound = line == "[x]";
                prop_assert!(is_sound || caption_words::letter_count(line) <= line_letters, "{line}");
            }
            end = cue.end;
        }
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric() && *c != 'x').count();
        let spoken: usize = lines
            .iter()
            .filter(|line| line.start * 24.0 < 790.0)
            .map(|line| letters(&line.text))
            .sum();
        let written: usize = captions
            .cues
            .iter()
            .flat_map(|cue| &cue.lines)
            .map(|line| letters(line))
            .sum();
        let dropped: usize = lines
            .iter()
            .flat_map(|line| line.text.chars())
            .filter(|c| *c == 'x')
            .count();
        prop_assert!(written <= spoken);
        if lines.iter().all(|line| line.end < 20.0) && dropped == 0 {
            prop_assert_eq!(written, spoken);
        }
    }
}
