//! Facts about the shots that are derived from scenes.

use super::{CoverageContext, cover_scene, ends_with_fade_in};
use crate::base::{Diagnostics, FileId};
use crate::document::TextOr;
use crate::document::draft::{ShotDraft, SubjectDraft};
use crate::model::SceneNumber;
use crate::model::camera::ShotSize;
use crate::story::fountain::parse_screenplay;

fn covered(script: &str) -> Vec<ShotDraft> {
    let screenplay = parse_screenplay(FileId(0), script, &mut Diagnostics::default());
    let casting = |name: &str| {
        Some(name.to_lowercase()).filter(|name| ["mara", "ilya"].contains(&name.as_str()))
    };
    let context = CoverageContext {
        casting: &casting,
        props: &["lantern_lit", "oar"],
        has_sound: false,
        fades_in: ends_with_fade_in(&screenplay.opening),
        is_last: screenplay.scenes.len() == 1,
    };
    cover_scene(&screenplay.scenes[0], &SceneNumber::from_count(1), &context)
}

fn templates(shots: &[ShotDraft]) -> Vec<&str> {
    shots
        .iter()
        .map(|shot| shot.template.as_ref().unwrap().value.as_str())
        .collect()
}

#[test]
fn a_dialogue_gets_an_opening_a_master_and_singles_of_each_speaker() {
    let shots = covered("EXT. PIER - DAY\n\nWind.\n\nMARA\nOne.\n\nILYA\nTwo.\n\nMARA\nThree.\n");
    assert_eq!(
        templates(&shots),
        [
            "establishing_wide",
            "dialogue_two",
            "reverse_dialogue",
            "cu_dialogue"
        ]
    );
}

#[test]
fn one_speaker_twice_running_is_shown_at_two_sizes() {
    let shots =
        covered("EXT. PIER - DAY\n\nMARA\nOne.\n\nILYA\nTwo.\n\nMARA\nThree.\n\nMARA\nFour.\n");
    // Over the shoulder at the medium size of its template, then close.
    assert_eq!(templates(&shots)[3..], ["over_shoulder", "cu_dialogue"]);
    assert_eq!(shots[4].size.unwrap().value, ShotSize::CloseUp);
    let alone = covered("EXT. PIER - DAY\n\nMARA\nOne.\n\nMARA\nTwo.\n\nMARA\nThree.\n");
    let sizes: Vec<_> = alone[1..]
        .iter()
        .map(|shot| shot.size.unwrap().value)
        .collect();
    let (medium, close) = (ShotSize::MediumCloseUp, ShotSize::CloseUp);
    assert_eq!(sizes, [medium, close, medium]);
}

#[test]
fn a_longer_speech_gets_a_longer_shot() {
    let shots = covered(
        "EXT. PIER - DAY\n\nMARA\nOne.\n\nMARA\nThis one goes on for a good many more words than the first.\n",
    );
    let seconds = |at: usize| {
        shots[at]
            .duration
            .as_ref()
            .unwrap()
            .value
            .trim_end_matches('s')
            .parse::<f64>()
            .unwrap()
    };
    assert!(seconds(2) > seconds(1) + 1.0);
}

#[test]
fn a_thing_that_action_names_is_in_every_shot_and_others_are_not() {
    let shots =
        covered("EXT. PIER - DAY\n\nMARA waits, the lantern, lit, beside her.\n\nMARA\nSoar.\n");
    assert!(shots.len() > 1);
    for shot in shots {
        let Some([TextOr::Full(only)]) = shot.props.as_deref() else {
            panic!("one prop: {:?}", shot.props)
        };
        assert_eq!(only.name.as_ref().unwrap().value, "lantern_lit");
    }
}

#[test]
fn a_scene_without_people_is_one_shot_of_the_place() {
    let shots = covered("EXT. PIER - DAY\n\nNobody. Wind in the ropes.\n");
    assert_eq!(templates(&shots), ["establishing_wide"]);
    assert_eq!(shots[0].subject.unwrap().value, SubjectDraft::Place);
}

/// Returns the template of each shot with the characters in it.
fn casts(shots: &[ShotDraft]) -> Vec<String> {
    let names = |shot: &ShotDraft| -> Vec<String> {
        let performers = shot.characters.iter().flatten();
        performers
            .map(|performer| match performer {
                TextOr::Full(full) => full.name.as_ref().unwrap().value.clone(),
                TextOr::Text(name) => name.value.clone(),
            })
            .collect()
    };
    templates(shots)
        .iter()
        .zip(shots)
        .map(|(template, shot)| format!("{template} {}", names(shot).join(" ")))
        .collect()
}

fn conversation(turns: usize) -> String {
    let names = ["MARA", "ILYA"];
    let speeches = (0..turns).map(|turn| format!("{}\nLine {turn}.\n\n", names[turn % 2]));
    format!(
        "EXT. PIER - DAY\n\nWind.\n\n{}",
        speeches.collect::<String>()
    )
}

#[test]
fn a_long_conversation_has_over_shoulders_before_close_ups_and_everyone_again() {
    assert_eq!(
        casts(&covered(&conversation(10))),
        [
            "establishing_wide mara ilya",
            "dialogue_two mara ilya",
            "over_shoulder ilya mara",
            "over_shoulder mara ilya",
            "reverse_dialogue ilya",
            "cu_dialogue mara",
            "reverse_dialogue ilya",
            "cu_dialogue mara",
            "over_shoulder ilya mara",
            "two_shot mara ilya",
            "reverse_dialogue ilya",
        ]
    );
}

#[test]
fn each_of_two_has_a_close_up_after_the_master_however_short_they_talk() {
    for turns in 3..14 {
        let shots = covered(&conversation(turns));
        let close = casts(&shots);
        assert!(
            close.contains(&"reverse_dialogue ilya".to_owned()),
            "{close:?}"
        );
        assert!(close.contains(&"cu_dialogue mara".to_owned()), "{close:?}");
        assert!(close[1].starts_with("dialogue_two"), "{close:?}");
    }
}

#[test]
fn action_between_speeches_is_an_insert_a_reaction_or_everyone() {
    let talk = |action: &str| {
        let script = format!("EXT. PIER - DAY\n\nMARA\nOne.\n\n{action}\n\nILYA\nTwo.\n");
        casts(&covered(&script))[2].clone()
    };
    assert_eq!(talk("The oar falls into the water."), "insert ");
    assert_eq!(talk("Ilya looks up at the sky."), "reverse_dialogue ilya");
    assert_eq!(talk("Rain falls on the planks."), "two_shot mara ilya");
    assert_eq!(talk("Mara and Ilya turn around."), "two_shot mara ilya");
    // Too short for a shot of its own.
    assert_eq!(
        casts(&covered("EXT. A - DAY\n\nMARA\nOne.\n\nILYA\nTwo.\n")).len(),
        3
    );
}

#[test]
fn action_follows_what_its_paragraphs_name() {
    let shots = covered(
        "EXT. PIER - DAY\n\nThe boats lie still. MARA and ILYA wait, and the gulls sit in a long row on the wall above them.\n\nMara runs to the end of the pier and looks down.\n\nThe oar turns in the water, slowly, and is gone under the planks.\n\nIlya follows Mara with the rope over his shoulder.\n\nRain begins.\n",
    );
    assert_eq!(
        casts(&shots),
        [
            "establishing_wide mara ilya",
            "character_full mara",
            "insert ",
            "two_shot ilya mara",
            "action_wide mara ilya",
        ]
    );
}

#[test]
fn a_long_paragraph_of_action_has_several_shots() {
    let text = format!(
        "EXT. PIER - DAY\n\nMARA waits.\n\n{}\n",
        "Mara runs along the wall and back. ".repeat(20)
    );
    assert_eq!(
        templates(&covered(&text)),
        [
            "establishing_wide",
            "character_full",
            "action_wide",
            "action_dynamic"
        ]
    );
}

#[test]
fn a_montage_has_a_short_shot_for_each_picture() {
    let shots = covered(
        "INT. SHED - NIGHT - MONTAGE\n\n- MARA cleans the lamp.\n- An oar is mended.\n- Snow on the sea.\n\nILYA (V.O.)\nThat was the winter.\n",
    );
    assert_eq!(casts(&shots)[..2], ["character_full mara", "insert "]);
    assert_eq!(shots.len(), 3);
    assert!(
        shots[0]
            .description
            .as_ref()
            .unwrap()
            .value
            .contains("cleans the lamp")
    );
}

#[test]
fn a_passage_is_one_shot() {
    assert_eq!(
        templates(&covered(
            "EST. CITY - NIGHT\n\nLights. MARA is among them.\n"
        )),
        ["establishing_wide"]
    );
}

#[test]
fn transitions_of_the_script_are_those_of_the_shots() {
    let ends = |script: &str| {
        let shots = covered(script);
        let (first, last) = (shots.first().unwrap(), shots.last().unwrap());
        let text = |transition: &Option<TextOr<_>>| match transition {
            Some(TextOr::Text(text)) => text.value.clone(),
            _ => String::new(),
        };
        (text(&first.transition_in), text(&last.transition_out))
    };
    let scene = "EXT. PIER - DAY\n\nWind.\n\n";
    let next = "\n\nINT. SHED - DAY\n\nDust.\n";
    for (closing, name) in [
        ("DISSOLVE TO:", "dissolve"),
        ("> FADE OUT.", "fade_to_black"),
        ("FADE OUT.", "fade_to_black"),
        ("> FADE TO WHITE:", "fade_to_white"),
        ("> WIPE TO:", "wipe"),
        ("CUT TO:", ""),
        ("> FADE IN:", ""),
    ] {
        assert_eq!(
            ends(&format!("{scene}{closing}{next}")).1,
            name,
            "{closing}"
        );
    }
    assert_eq!(ends(&format!("FADE IN:\n\n{scene}")).0, "fade_from_black");
    // Nothing follows the last scene that it could dissolve to.
    assert_eq!(ends(&format!("{scene}DISSOLVE TO:\n")).1, "");
}

/// Covers the first scene of a script, in a film with sound.
fn cover_first_scene(script: &str, casting: &dyn Fn(&str) -> Option<String>) -> Vec<ShotDraft> {
    let screenplay = parse_screenplay(FileId(0), script, &mut Diagnostics::default());
    let context = CoverageContext {
        casting: &casting,
        props: &[],
        has_sound: true,
        fades_in: false,
        is_last: true,
    };
    cover_scene(&screenplay.scenes[0], &SceneNumber::from_count(1), &context)
}

/// As [`covered`], in a film with sound.
fn sound_shots(script: &str) -> Vec<ShotDraft> {
    cover_first_scene(script, &|name| {
        let known = ["mara", "ilya", "radio"];
        Some(name.to_lowercase()).filter(|name| known.contains(&name.as_str()))
    })
}

/// Returns the template and the characters of each shot, and its lines.
fn voices(shots: &[ShotDraft]) -> Vec<String> {
    let spoken = shots.iter().map(|shot| {
        let lines = shot.lines.iter().flat_map(|lines| lines.iter());
        let texts: Vec<String> = lines
            .filter_map(|line| match line {
                TextOr::Full(line) => line.texts.get("text").map(|text| text.value.clone()),
                TextOr::Text(text) => Some(text.value.clone()),
            })
            .collect();
        texts.join(" ")
    });
    casts(shots)
        .into_iter()
        .zip(spoken)
        .map(|(cast, spoken)| format!("{cast}: {spoken}"))
        .collect()
}

#[test]
fn a_voice_over_is_over_pictures_and_never_shown() {
    for mark in [
        "V.O.",
        "VO",
        "v.o.",
        "V.O./CONT'D",
        "V.O. CONT'D",
        "voice-over",
    ] {
        let shots = sound_shots(&format!(
            "INT. ROOM - DAY\n\nMARA waits.\n\nRADIO ({mark})\nIt was dark.\n\nMARA\nHello.\n\nRADIO ({mark})\nShe was wrong.\n"
        ));
        assert_eq!(
            voices(&shots),
            [
                "establishing_wide mara: It was dark.",
                "character_mcu mara: Hello.",
                "character_full mara: She was wrong.",
            ],
            "{mark}"
        );
    }
}

#[test]
fn a_narrator_who_is_no_character_needs_no_mark() {
    let shots =
        sound_shots("INT. ROOM - DAY\n\nMARA waits.\n\nNARRATOR\nIt was dark.\n\nMARA\nHello.\n");
    assert_eq!(
        voices(&shots),
        [
            "establishing_wide mara: It was dark.",
            "character_mcu mara: Hello.",
        ]
    );
}

#[test]
fn a_scene_of_voices_alone_is_its_place_and_its_action() {
    let shots = sound_shots(
        "EXT. SEA - DAY\n\nRADIO (V.O.)\nGale warning.\n\nWaves on the bow, one after the other.\n\nRADIO (V.O.)\nAll areas.\n\nRADIO (V.O.)\nOut.\n",
    );
    assert_eq!(
        voices(&shots),
        [
            "establishing_wide : Gale warning.",
            "action_wide : All areas.",
            "action_wide : Out.",
        ]
    );
    assert_eq!(shots[2].subject.unwrap().value, SubjectDraft::Place);
}

#[test]
fn a_voice_from_out_of_view_is_over_who_is_there() {
    for mark in ["O.S.", "OS", "O.C.", "off-screen"] {
        let shots = sound_shots(&format!(
            "INT. ROOM - DAY\n\nMARA\nWho is it?\n\nILYA ({mark})\nMe.\n\nMARA\nCome in.\n"
        ));
        assert_eq!(
            casts(&shots),
            [
                "establishing_wide mara",
                "character_mcu mara",
                "character_mcu mara",
                "character_mcu mara",
            ],
            "{mark}"
        );
    }
    let alone = sound_shots("INT. ROOM - DAY\n\nDust.\n\nILYA (O.S.)\nAnybody?\n");
    assert_eq!(voices(&alone), ["establishing_wide : Anybody?"]);
}

#[test]
fn a_voice_named_by_action_is_seen() {
    let seen =
        sound_shots("EXT. PIER - DAY\n\nMara walks to the end.\n\nMARA (V.O.)\nThat was me.\n");
    assert_eq!(casts(&seen), ["establishing_wide mara"]);
    let voice = sound_shots("INT. ROOM - DAY\n\nILYA's voice from behind.\n\nILYA (O.S.)\nMe.\n");
    assert_eq!(casts(&voice), ["establishing_wide "]);
}

#[test]
fn a_name_of_a_voice_alone_has_no_figure() {
    for cue in ["RADIO VOICE", "MAN'S VOICE", "RADIO"] {
        let shots = sound_shots(&format!(
            "INT. ROOM - DAY\n\nMARA waits. The RADIO hums.\n\n{cue}\nGale warning.\n\nMARA\nAgain.\n"
        ));
        let casts = casts(&shots);
        assert!(
            casts
                .iter()
                .all(|cast| cast.ends_with(" mara") || cast.ends_with(' ')),
            "{cue}: {casts:?}"
        );
    }
}

#[test]
fn who_speaks_at_once_with_a_voice_over_is_seen_alone() {
    let shots = sound_shots(
        "INT. ROOM - DAY\n\nMARA and ILYA wait.\n\nRADIO (V.O.)\nGale warning.\n\nMARA ^\nSwitch it off.\n",
    );
    assert_eq!(
        voices(&shots),
        ["character_mcu mara: Gale warning. Switch it off."]
    );
}

#[test]
fn what_a_page_prints_is_no_shot() {
    let shots = covered(
        "EXT. PIER - DAY\n\nMARA runs along the whole pier and back again, twice, and then she stops and looks.\n\nMara runs to the end of the pier and looks down.\n\nCONTINUED:\n\n12.\n\nFADE OUT.\n",
    );
    assert_eq!(templates(&shots), ["establishing_wide", "character_full"]);
}

#[test]
fn a_crowd_is_shown_in_part_and_the_speaker_with_it() {
    let names: Vec<String> = (0..1000).map(|number| format!("SAILOR{number}")).collect();
    let speeches = names.iter().map(|name| format!("{name}\nAye.\n\n"));
    let script = format!("EXT. PIER - DAY\n\n{}", speeches.collect::<String>());
    let shots = cover_first_scene(&script, &|name| Some(name.to_lowercase()));
    let counts = shots
        .iter()
        .map(|shot| shot.characters.iter().flatten().count());
    assert_eq!(counts.max(), Some(25));
    assert!(casts(&shots).last().unwrap().contains("sailor999"));
}
