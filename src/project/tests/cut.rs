//! What the document has for shots of which an editor has another cut, and texts that cover each
//! other.

use super::MODEL;
use crate::model::Production;
use crate::model::cut::ClipCard;
use crate::project::{OpenedProduction, ProjectOptions, open};
use crate::timeline::{TimelineMaker, build_full_timeline};

const HEAD: &str = "\
production:
  title: T
  author: A
  description: D
  characters: [{name: mara, model: mara.glb}]
  locations: [{name: pier, preset: harbour_dusk}]
";
const FILM: &str =
    "{name: film, codec: h264, resolution: 1920x1080, frame_rate: 24, path: out/film.mp4}";

/// Opens a document with four shots of two seconds, and a timeline of another program if there is
/// one. Returns its findings that begin with `code`.
fn opened(timeline: &str, fields: &str, code: &str) -> (Production, Vec<String>) {
    let opened = open_film(timeline, fields);
    let found = opened.diagnostics.as_slice();
    let all: Vec<String> = found
        .iter()
        .map(|found| format!("{}: {}", found.code, found.message))
        .collect();
    let messages = messages(&opened, code);
    let checked = opened.checked.unwrap_or_else(|| panic!("{all:#?}"));
    (Production::clone(&checked), messages)
}

/// Returns the findings of this code in a document that is refused.
fn refused(fields: &str, code: &str) -> Vec<String> {
    let opened = open_film("", fields);
    assert!(opened.checked.is_none());
    messages(&opened, code)
}

fn messages(opened: &OpenedProduction, code: &str) -> Vec<String> {
    let found = opened.diagnostics.as_slice().iter();
    let found = found.filter(|found| found.code == code);
    found.map(|found| found.message.clone()).collect()
}

fn open_film(timeline: &str, fields: &str) -> OpenedProduction {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let mut document = HEAD.to_owned();
    if !timeline.is_empty() {
        document += "  shot_list: cut.edl\n";
        write("cut.edl", timeline.as_bytes());
    }
    document += "  shots:\n";
    for (name, scene) in [("sh010", 1), ("sh020", 1), ("sh030", 2), ("sh040", 3)] {
        document += &format!(
            "    - {{name: {name}, template: character_full, character: mara, location: pier, \
             scene: {scene}, duration: 48}}\n"
        );
    }
    document += fields;
    write("production.yaml", document.as_bytes());
    write("mara.glb", MODEL);
    let options = ProjectOptions {
        search_path: "".as_ref(),
        ..ProjectOptions::default()
    };
    open(folder.path(), &options).unwrap()
}

/// The second half second of `sh010`, and all of `sh030`.
const RECUT: &str = "\
TITLE: T
FCM: NON-DROP FRAME

001  SH010    V     C        00:00:42:05 00:00:43:17 00:00:00:00 00:00:01:12
* FROM CLIP NAME: sh010
002  SH030    V     C        00:00:41:17 00:00:43:17 00:00:01:12 00:00:03:12
* FROM CLIP NAME: sh030
";
const LOST: &str = "production::recut::lost_part";

#[test]
fn titles_and_graphics_go_with_their_shots_and_stay_over_their_pictures() {
    let (production, lost) = opened(
        RECUT,
        &format!(
            "  titles:
    - {{text: gone, style: lower_third, shot: sh020}}
    - {{text: late, shot: sh010, at: 24, for: 12}}
    - {{text: early, shot: sh010, at: 0, for: 24}}
    - {{text: away, shot: sh010, at: 0, for: 6}}
    - {{text: usual, shot: sh010}}
    - {{text: third, shot: sh030, at: 6, for: 12}}
  graphics:
    - {{kind: quote, text: We keep the light., shot: sh040}}
    - {{kind: quote, text: We keep the light., shot: sh030, at: 12}}
  outputs: [{FILM}]
"
        ),
        LOST,
    );
    // In the order of the document.
    assert_eq!(
        lost,
        [
            "`sh020` is not in the cut, so the title goes with it",
            "the title is over frames of `sh010` that the cut has not, and goes with them",
            "`sh040` is not in the cut, so the graphic goes with it",
        ]
    );
    let titles = production.titles.titles.iter();
    let places: Vec<(&str, usize, usize)> = titles
        .map(|title| (title.texts[0].value.as_str(), title.shot, title.start))
        .collect();
    assert_eq!(
        places,
        [
            ("late", 0, 12),
            ("early", 0, 0),
            ("usual", 0, 0),
            ("third", 1, 6)
        ]
    );
    let graphics = production.graphics.iter();
    let graphics: Vec<(usize, usize)> = graphics.map(|each| (each.shot, each.start)).collect();
    assert_eq!(graphics, [(1, 12)]);
}

/// The first 14 frames of `sh010`, then `sh020`, and `sh010` again from its frame 14 on.
const TRIMMED: &str = "\
TITLE: T
FCM: NON-DROP FRAME

001  SH010    V     C        00:00:41:17 00:00:42:07 00:00:00:00 00:00:00:14
* FROM CLIP NAME: sh010
002  SH020    V     C        00:00:41:17 00:00:43:17 00:00:00:14 00:00:02:14
* FROM CLIP NAME: sh020
003  SH030    V     C        00:00:41:17 00:00:43:17 00:00:02:14 00:00:04:14
* FROM CLIP NAME: sh030
";

#[test]
fn a_title_ends_where_an_editor_has_cut_its_shot() {
    let fields = format!(
        "  titles:
    - {{text: [Mara Lind, keeper of the lighthouse], style: lower_third, shot: sh010, at: 6, for: 24}}
    - {{text: Fig, shot: sh010, for: 48, until: sh030}}
    - {{text: Pier, shot: sh010, for: 22, until: sh010}}
    - {{text: Sea, style: note, shot: sh020, for: 72, until: sh030}}
  graphics:
    - {{kind: quote, text: Light., shot: sh010, at: 6, for: 24}}
  outputs: [{FILM}]
"
    );
    let places = |production: &Production| -> Vec<(usize, usize)> {
        let film = build_full_timeline(production);
        let titles = film.titles.iter().map(|place| (place.start, place.length));
        let graphics = film.graphics.iter();
        titles
            .chain(graphics.map(|place| (place.start, place.length)))
            .collect()
    };
    let hurried = "production::titles::hurried";
    let (whole, found) = opened("", &fields, hurried);
    assert_eq!(
        places(&whole),
        [(6, 24), (0, 48), (0, 22), (48, 72), (6, 24)]
    );
    assert!(found.is_empty(), "{found:?}");
    let (cut, found) = opened(TRIMMED, &fields, hurried);
    assert_eq!(places(&cut), [(6, 8), (0, 48), (0, 14), (14, 72), (6, 8)]);
    assert_eq!(
        found,
        [
            "the title ends with its shot 8 frames after it begins, and takes 40 to read",
            "the title ends with its shot 14 frames after it begins, and takes 20 to read",
        ]
    );
    // It is built before it goes.
    assert_eq!(cut.graphics[0].block.build, 4);
    let (_, found) = opened(TRIMMED, &fields, "production::titles::beyond_shot");
    assert!(found.is_empty(), "an editor may trim: {found:?}");
}

#[test]
fn a_title_that_a_card_ends_is_reported() {
    let fields = |length: &str| {
        format!(
            "  titles:
    - {{text: Mara, style: lower_third, shot: sh010, until: sh020{length}}}
    - {{text: Two, over: black, shot: sh020, for: 24}}
  outputs: [{FILM}]
"
        )
    };
    let beyond = "production::titles::beyond_shot";
    let (_, found) = opened("", &fields(", for: 96"), beyond);
    assert_eq!(
        found,
        ["the title lasts 96 frames, and a title over a colour ends it 48 frames after it begins"]
    );
    for code in [beyond, "production::titles::beyond_end"] {
        let (_, found) = opened("", &fields(""), code);
        assert!(found.is_empty(), "no length is written: {found:?}");
    }
}

#[test]
fn until_names_a_shot_that_is_not_before_the_title() {
    for (until, code, message) in [
        (
            "sh010",
            "production::titles::bad_value",
            "`sh010` is before the shot in which the title begins",
        ),
        (
            "sh0100",
            "production::titles::unknown_shot",
            "`sh0100` is no shot",
        ),
    ] {
        let fields = format!(
            "  titles: [{{text: Fig, shot: sh020, until: {until}}}]\n  outputs: [{FILM}]\n"
        );
        assert_eq!(refused(&fields, code), [message]);
    }
    let fields = format!(
        "  titles: [{{text: Fig, over: black, shot: sh020, until: sh030}}]\n  outputs: [{FILM}]\n"
    );
    let (_, found) = opened("", &fields, "production::titles::unused_field");
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn music_and_outputs_have_the_shots_that_are_left() {
    let (production, lost) = opened(
        RECUT,
        &format!(
            "  sound:
    music:
      - {{name: middle, mood: warm, from: sh020, to: sh030}}
      - {{name: end, mood: warm, from: sh040}}
  outputs:
    - {FILM}
    - {{name: first, codec: h264, resolution: 640x360, frame_rate: 24, shots: sh010..sh020, path: out/first.mp4}}
    - {{name: later, codec: h264, resolution: 640x360, frame_rate: 24, shots: [sh020..sh040, sh020], path: out/later.mp4}}
    - {{name: scene, codec: h264, resolution: 640x360, frame_rate: 24, shots: [scene_3], path: out/scene.mp4}}
    - {{name: pattern, codec: h264, resolution: 640x360, frame_rate: 24, shots: ['sh04*'], path: out/pattern.mp4}}
    - {{name: cuts, format: cut_list, of: scene, path: out/scene.csv}}
"
        ),
        LOST,
    );
    let mut lost = lost;
    lost.sort();
    assert_eq!(
        lost,
        [
            "`scene_3` is not in the cut, so the output is without it",
            "`scene` is not in the cut, so `cut_list` goes with it",
            "`sh020` is not in the cut, so the output is without it",
            "`sh04*` is not in the cut, so the output is without it",
            "`sh040` is not in the cut, so the music goes with it",
        ]
    );
    let music = &production.sound.as_ref().unwrap().music;
    let cues: Vec<_> = music
        .iter()
        .map(|cue| (cue.name.value.as_str(), cue.first_shot, cue.last_shot))
        .collect();
    assert_eq!(cues, [("middle", 1, 1)]);
    let outputs: Vec<(&str, Option<&[usize]>)> = production
        .outputs
        .iter()
        .map(|output| (output.name.value.as_str(), output.shots.as_deref()))
        .collect();
    assert_eq!(
        outputs,
        [
            ("film", None),
            ("first", Some(&[0][..])),
            ("later", Some(&[1][..]))
        ]
    );
}

/// `sh030`, `sh010`, `sh010` again, `sh040` and `sh020`, a second of each.
const MOVED: &str = "\
TITLE: T
FCM: NON-DROP FRAME

001  SH030    V     C        00:00:42:17 00:00:43:17 00:00:00:00 00:00:01:00
002  SH010    V     C        00:00:41:17 00:00:42:17 00:00:01:00 00:00:02:00
003  SH010    V     C        00:00:41:17 00:00:42:17 00:00:02:00 00:00:03:00
004  SH040    V     C        00:00:41:17 00:00:42:17 00:00:03:00 00:00:04:00
005  SH020    V     C        00:00:41:17 00:00:42:17 00:00:04:00 00:00:05:00
";

#[test]
fn outputs_have_every_use_of_their_shots_wherever_an_editor_put_them() {
    let (production, lost) = opened(
        MOVED,
        &format!(
            "  outputs:
    - {FILM}
    - {{name: one, codec: h264, resolution: 640x360, frame_rate: 24, shots: sh010, path: out/1.mp4}}
    - {{name: range, codec: h264, resolution: 640x360, frame_rate: 24, shots: sh010..sh030, path: out/2.mp4}}
    - {{name: back, codec: h264, resolution: 640x360, frame_rate: 24, shots: sh040..sh030, path: out/3.mp4}}
    - {{name: pattern, codec: h264, resolution: 640x360, frame_rate: 24, shots: ['*010'], path: out/4.mp4}}
    - {{name: second, codec: h264, resolution: 640x360, frame_rate: 24, shots: sh010_2, path: out/5.mp4}}
    - {{name: cut, codec: h264, resolution: 640x360, frame_rate: 24, shots: sh010_2..sh040, path: out/6.mp4}}
    - {{name: scene, codec: h264, resolution: 640x360, frame_rate: 24, shots: scene_1, path: out/7.mp4}}
    - {{name: each, codec: h264, resolution: 640x360, frame_rate: 24, shots: sh010, per_shot: true, path: out/each/}}
"
        ),
        LOST,
    );
    assert!(lost.is_empty(), "{lost:?}");
    let outputs: Vec<(&str, Option<&[usize]>)> = production
        .outputs
        .iter()
        .map(|output| (output.name.value.as_str(), output.shots.as_deref()))
        .collect();
    assert_eq!(
        outputs,
        [
            ("film", None),
            ("one", Some(&[1, 2][..])),
            ("range", Some(&[0, 1, 2, 4])),
            ("back", Some(&[0, 3])),
            ("pattern", Some(&[1, 2])),
            ("second", Some(&[2])),
            // An end that only the cut has is about the order of the cut.
            ("cut", Some(&[2, 3])),
            ("scene", Some(&[1, 2, 4])),
            ("each_sh010", Some(&[1])),
            ("each_sh010_2", Some(&[2])),
        ]
    );
}

#[test]
fn music_is_over_every_use_of_its_shots_that_is_beside_another() {
    let (production, lost) = opened(
        MOVED,
        &format!(
            "  sound:
    music:
      - {{name: all, mood: warm, from: sh010, to: sh030}}
      - {{name: one, mood: warm, from: sh010, to: sh010}}
      - {{name: open, mood: warm, from: sh020}}
      - {{name: until, mood: warm, to: sh010}}
  outputs: [{FILM}]
"
        ),
        "production::recut::lost_part",
    );
    let music = &production.sound.as_ref().unwrap().music;
    let cues: Vec<_> = music
        .iter()
        .map(|cue| (cue.name.value.as_str(), cue.first_shot, cue.last_shot))
        .collect();
    assert_eq!(
        cues,
        [
            ("all", 0, 2),
            ("one", 1, 2),
            ("open", 3, 4),
            ("until", 0, 2)
        ]
    );
    assert_eq!(
        lost,
        [
            "`sh020` is apart from the other shots of the music, and is without it",
            "`sh030` is apart from the other shots of the music, and is without it",
        ]
    );
}

#[test]
fn a_title_card_is_where_the_timeline_has_it_though_its_shot_is_gone() {
    let timeline = "\
TITLE: T
FCM: NON-DROP FRAME

001  SH010    V     C        00:00:41:17 00:00:43:17 00:00:00:00 00:00:02:00
* FROM CLIP NAME: sh010
002  AX       V     C        00:00:00:00 00:00:01:00 00:00:02:00 00:00:03:00
* FROM CLIP NAME: title_3
003  SH030    V     C        00:00:41:17 00:00:43:17 00:00:03:00 00:00:05:00
* FROM CLIP NAME: sh030
";
    let fields = format!(
        "  titles:
    - {{text: gone, shot: sh020}}
    - {{text: PART TWO, over: black, shot: sh020, for: 48}}
    - {{text: PART THREE, over: black, shot: sh020, for: 48}}
  outputs: [{FILM}]
"
    );
    let (production, mut lost) = opened(timeline, &fields, LOST);
    lost.dedup();
    // Those of `gone` and of `PART TWO`.
    assert_eq!(
        lost,
        ["`sh020` is not in the cut, so the title goes with it"]
    );
    let film = build_full_timeline(&production);
    let clips: Vec<(&str, usize)> = film
        .clips
        .iter()
        .map(|clip| (clip.name.as_str(), clip.length))
        .collect();
    // It keeps its number in the document, so that this cut comes back again.
    assert_eq!(clips, [("sh010", 48), ("title_3", 24), ("sh030", 48)]);
    assert_eq!(film.clips[1].card, Some(ClipCard::Title(0)));
}

#[test]
fn a_text_covers_another_only_in_the_shape_in_which_it_is_wide_enough() {
    let fields = |name: &str| {
        format!(
            "  titles:
    - {{text: {name}, style: lower_third, for: 24}}
    - {{text: He does not hear., style: caption, at: 12, for: 24}}
    - {{text: Later., style: lower_third, at: 36, for: 12}}
  outputs:
    - {FILM}
    - {{name: tall, codec: h264, resolution: 1080x1920, frame_rate: 24, path: out/tall.mp4}}
"
        )
    };
    let covered = "production::titles::covered";
    let (_, found) = opened("", &fields("Mara Lind"), covered);
    let over = |name: &str, output: &str| {
        format!("the title `He does not hear.` covers the title `{name}` in output `{output}`")
    };
    assert_eq!(found, [over("Mara Lind", "tall")]);
    let long = "Mara Lind who keeps the old lighthouse";
    let (_, found) = opened("", &fields(long), covered);
    // Once, though it does so in both.
    assert_eq!(found, [over(long, "film")]);
}

#[test]
fn credits_that_roll_are_covered_by_what_is_in_their_columns() {
    // A title ends with the last shot.
    let fields = "  titles:
    - {text: [Mara Lind, keeper of the lighthouse since her father left it], style: lower_third, shot: sh040, at: 24, for: 72}
  credits: {for: 96, sections: [{heading: Written by, names: [Ada Berg]}]}
  outputs:
    - {name: film, codec: h264, resolution: 1920x1080, frame_rate: 24, path: out/film.mp4, burn_in: [{field: title, place: centre}, {field: output, place: left}]}
";
    let covered = "production::titles::covered";
    let (_, found) = opened("", fields, covered);
    assert_eq!(
        found,
        ["`title` is burned in over the credits in output `film`"]
    );
}

#[test]
fn the_film_is_as_long_as_its_shots_its_cards_and_its_credits() {
    let fields = format!(
        "  edit: {{start_timecode: \"01:00:00:00\"}}
  titles:
    - {{text: PART TWO, over: black, shot: sh030, for: 24}}
  credits: {{for: 48, sections: [{{heading: Written by, names: [Ada Berg]}}]}}
  outputs: [{FILM}]
"
    );
    let (production, _) = opened("", &fields, "");
    let places = TimelineMaker::new(&production).film_places();
    assert_eq!(places.starts, [0, 48, 120, 168]);
    assert_eq!(places.length, 4 * 48 + 24 + 48);
    assert_eq!(
        production.timecode(places.start(2)).to_string(),
        "01:00:05:00"
    );
}
