//! Cuts of other programs, with clips that are hard to know.

use super::MODEL;
use crate::base::Severity;
use crate::model::Production;
use crate::project::{OpenedProduction, ProjectOptions, open};

/// Opens a document with these shots of two seconds, and a list of them in this file.
fn opened(shots: &[&str], list: &str, text: &str) -> OpenedProduction {
    let folder = tempfile::tempdir().unwrap();
    let mut document = format!(
        "production:\n  title: T\n  author: A\n  description: D\n  shot_list: {list}\n  \
         characters: [{{name: mara, model: mara.glb}}]\n  \
         locations: [{{name: pier, preset: harbour_dusk}}]\n  outputs: [{{name: film, codec: png, \
         resolution: 64x64, frame_rate: 24, path: out}}]\n"
    );
    if !shots.is_empty() {
        document += "  shots:\n";
    }
    for shot in shots {
        document += &format!(
            "    - {{name: {shot}, template: character_full, character: mara, location: pier, \
             duration: 48}}\n"
        );
    }
    std::fs::write(folder.path().join("production.yaml"), document).unwrap();
    std::fs::write(folder.path().join(list), text).unwrap();
    std::fs::write(folder.path().join("mara.glb"), MODEL).unwrap();
    let options = ProjectOptions {
        search_path: "".as_ref(),
        ..ProjectOptions::default()
    };
    open(folder.path(), &options).unwrap()
}

/// Returns the findings about the cut, and about shots that are missing.
fn findings(opened: &OpenedProduction) -> Vec<String> {
    let found = opened.diagnostics.as_slice().iter();
    let found = found.filter(|found| {
        let is_of_cut = found.code.contains("::recut::") && !found.code.ends_with("unused_shot");
        is_of_cut || found.code.ends_with("shots::none")
    });
    found.map(|found| found.message.clone()).collect()
}

fn shots(production: &Production) -> Vec<(&str, usize)> {
    let shots = production.shots.iter();
    shots
        .map(|shot| (shot.name.value.as_str(), shot.frames.len()))
        .collect()
}

const SECOND: &str = "00:00:41:17 00:00:42:17";

#[test]
fn a_clip_that_may_be_two_shots_names_them() {
    for (name, message) in [
        (
            "SH010_SH020_v1.mov",
            "event 1: the names of several shots are in `SH010_SH020_v1.mov`: `sh010`, `sh020`",
        ),
        (
            "sh020 (was sh010)",
            "event 1: the names of several shots are in `sh020 (was sh010)`: `sh020`, `sh010`",
        ),
    ] {
        let list =
            format!("001  AX  V  C  {SECOND} 01:00:00:00 01:00:01:00\n* FROM CLIP NAME: {name}\n");
        let opened = opened(&["sh010", "sh020"], "cut.edl", &list);
        assert_eq!(findings(&opened), [message]);
    }
}

#[test]
fn an_event_without_a_name_says_which_note_is_missing() {
    let list = format!("001  AX  V  C  {SECOND} 01:00:00:00 01:00:01:00\n");
    let opened = opened(&["sh010"], "cut.edl", &list);
    assert_eq!(
        findings(&opened),
        ["event 1: no note names its clip, and `AX` is the reel of any source"]
    );
}

#[test]
fn a_clip_of_black_is_a_gap_and_a_fade_beside_it_is_kept() {
    let list = format!(
        "001  AX  V  C  {SECOND} 01:00:00:00 01:00:01:00\n* FROM CLIP NAME: sh010\n\
         002  AX  V  C  00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00\n\
         * FROM CLIP NAME: Black Slug\n"
    );
    let opened_film = opened(&["sh010"], "cut.edl", &list);
    assert_eq!(
        findings(&opened_film),
        ["24 frames behind the last clip show nothing; the film ends with the clip"]
    );
    assert_eq!(shots(&opened_film.checked.unwrap()), [("sh010", 24)]);
    // A shot may be called so.
    let opened_film = opened(
        &["sh010", "black_slug"],
        "cut.edl",
        &list.replace("Black Slug", "black_slug"),
    );
    let production = opened_film.checked.unwrap();
    assert_eq!(shots(&production), [("sh010", 24), ("black_slug", 24)]);
}

#[test]
fn a_cut_needs_the_shots_that_it_is_of() {
    let list = format!("001  R1  V  C  {SECOND} 01:00:00:00 01:00:01:00\n");
    assert_eq!(
        findings(&opened(&[], "cut.edl", &list)),
        ["`cut.edl` is a cut of the shots of the document, which has none"]
    );
}

#[test]
fn our_own_cut_list_comes_back_as_a_cut() {
    let list = "\
event,shot,record_in,start_frame,frames,frame_rate,source_first,source_last,transition_in,\
transition_in_frames,transition_out,transition_out_frames,location,template\r\n\
2,sh020,00:00:01:00,24,36,24,1001,1036,cut,0,dissolve,8,pier,character_full\r\n\
1,sh010,00:00:00:00,0,24,24,1013,1036,dissolve,8,cut,0,pier,character_full\r\n";
    let film = opened(&["sh010", "sh020"], "cut.csv", list);
    assert_eq!(findings(&film), [""; 0]);
    let production = film.checked.unwrap();
    assert_eq!(shots(&production), [("sh020", 36), ("sh010", 24)]);
    let first = production.shots[1].frames.first();
    assert_eq!(first, Some(1013));
    let wrong = list.replace(",36,24,", ",x,24,");
    assert_eq!(
        findings(&opened(&["sh010", "sh020"], "cut.csv", &wrong)),
        ["row 2: `sh020`: `frames` is `x`, which is no whole number"]
    );
}

#[test]
fn a_table_over_an_extended_document_is_a_cut_of_its_shots_or_takes_their_place() {
    let cut_list = "shot,frames,frame_rate,source_first,transition_in_frames,\
                    transition_out_frames\nsh020,12,24,1001,,\nsh010,24,24,1001,,\n";
    let table = "Shot,Frames,Character,Location,Template\n\
                 new,20,mara,pier,character_full\n";
    let own = "  shots:\n    - {name: own, template: character_full, character: mara, \
               location: pier, duration: 48}\n";
    for (text, own, found, cut) in [
        (cut_list, "", vec![], vec![("sh020", 12), ("sh010", 24)]),
        (table, "", vec![], vec![("new", 20)]),
        (
            table,
            own,
            vec!["both `shots` and `shot_list` give shots"],
            vec![],
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &[u8]| {
            std::fs::write(folder.path().join(name), text).unwrap();
        };
        let shot = |name: &str| {
            format!(
                "    - {{name: {name}, template: character_full, character: mara, \
                 location: pier, duration: 48}}\n"
            )
        };
        let base = format!(
            "production:\n  title: T\n  author: A\n  description: D\n  \
             characters: [{{name: mara, model: mara.glb}}]\n  \
             locations: [{{name: pier, preset: harbour_dusk}}]\n  outputs: [{{name: film, \
             codec: png, resolution: 64x64, frame_rate: 24, path: out}}]\n  shots:\n{}{}",
            shot("sh010"),
            shot("sh020")
        );
        let over = format!("production:\n  extends: base.yaml\n  shot_list: cut.csv\n{own}");
        write("base.yaml", base.as_bytes());
        write("production.yaml", over.as_bytes());
        write("cut.csv", text.as_bytes());
        write("mara.glb", MODEL);
        let options = ProjectOptions {
            search_path: "".as_ref(),
            ..ProjectOptions::default()
        };
        let opened = open(folder.path(), &options).unwrap();
        let errors = opened.diagnostics.as_slice().iter();
        let errors: Vec<_> = errors
            .filter(|found| found.severity == Severity::Error)
            .map(|found| found.message.as_str())
            .collect();
        assert_eq!(errors, found);
        let checked = opened.checked.as_ref();
        assert_eq!(checked.map_or_else(Vec::new, |checked| shots(checked)), cut);
    }
}
