//! One document with fourteen mistakes: all are found in one reading, and nothing else is.

use super::film::{SampleFilm, read};

const FILM: &str = "\
title: Harbour — été
settings: &base
  fps: 2400
  gain: loud
  denoise: yes
  mode: 0755
characters:
  - name: mira
    model: mira.blend
    wardrobe: {scenes_1_10: coat, scenes_1_10: dress}
  - name: otto
shots:
  - name: sh010
    prompt: \"Wide shot, dusk\"
    characters: [mira, *cast]
    range: [1001]
  - name: sh020
    promt: \"Élan: the boat leaves\"
    template: ~
    range: [1001, 1100, 2]
  - name: null
    prompt: [too, many]
outputs:
  format: {codec: h264}
engine: previz
";

#[test]
fn every_mistake_of_a_document_is_shown_at_once() {
    let (film, report) = read::<SampleFilm>(FILM);
    assert!(film.is_some());
    insta::assert_snapshot!(report);
}
