//! What transitions are called: by us, in metadata, and by other programs.

use crate::model::cut::{ScreenColour, TransitionKind, WipeDirection};

/// Returns the word for a kind of transition in metadata. Its colour is written beside it.
pub(super) const fn transition_word(kind: TransitionKind) -> &'static str {
    match kind {
        TransitionKind::FadeIn { .. } => "fade_in",
        TransitionKind::FadeOut { .. } => "fade_out",
        TransitionKind::Dip { .. } => "dip",
        kind => kind.name(),
    }
}

/// Returns the transition of a word that [`transition_word`] wrote, with the colour beside it.
/// `None`: there is no such word.
pub(super) fn transition_by_word(word: &str, colour: Option<&str>) -> Option<TransitionKind> {
    let colour = colour.and_then(ScreenColour::from_hex).unwrap_or_default();
    let wipe = |direction| TransitionKind::Wipe { direction };
    Some(match word {
        "cut" => TransitionKind::Cut,
        "dissolve" => TransitionKind::Dissolve,
        "wipe_left" => wipe(WipeDirection::Left),
        "wipe_right" => wipe(WipeDirection::Right),
        "wipe_up" => wipe(WipeDirection::Up),
        "wipe_down" => wipe(WipeDirection::Down),
        "fade_in" => TransitionKind::FadeIn { colour },
        "fade_out" => TransitionKind::FadeOut { colour },
        "dip" => TransitionKind::Dip { colour },
        _ => return None,
    })
}

/// Returns the transition that a program means by a name such as `Cross Dissolve` or `Dip to
/// White`. `None`: the name is not known.
pub(super) fn transition_by_title(title: &str) -> Option<TransitionKind> {
    let title = title.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| title.contains(word));
    let colour = if has(&["white"]) {
        ScreenColour::WHITE
    } else {
        ScreenColour::BLACK
    };
    // A transition whose name has a colour goes through it, with any other words.
    if has(&[
        "dip",
        "fade to color",
        "fade to colour",
        "through black",
        "through white",
    ]) {
        return Some(TransitionKind::Dip { colour });
    }
    if has(&["wipe"]) {
        let direction = if has(&["left"]) && !has(&["left to right"]) {
            WipeDirection::Left
        } else if has(&["up", "bottom to top"]) {
            WipeDirection::Up
        } else if has(&["down", "top to bottom"]) {
            WipeDirection::Down
        } else {
            WipeDirection::Right
        };
        return Some(TransitionKind::Wipe { direction });
    }
    has(&["dissolve", "cross fade", "crossfade"]).then_some(TransitionKind::Dissolve)
}

/// Returns the name that editors know a transition by.
pub(super) const fn transition_title(kind: TransitionKind) -> &'static str {
    match kind {
        TransitionKind::Cut => "Cut",
        TransitionKind::Dissolve => "Cross Dissolve",
        TransitionKind::Wipe { direction } => match direction {
            WipeDirection::Left => "Wipe Left",
            WipeDirection::Right => "Wipe Right",
            WipeDirection::Up => "Wipe Up",
            WipeDirection::Down => "Wipe Down",
        },
        TransitionKind::FadeIn { .. } => "Fade In",
        TransitionKind::FadeOut { .. } => "Fade Out",
        TransitionKind::Dip { .. } => "Dip to Color",
    }
}

/// Returns the number that SMPTE 258 gives a wipe: 1 is an edge from the left side to the right, 2
/// from the upper side to the lower, and 100 more is the same backwards.
pub(super) const fn wipe_number(direction: WipeDirection) -> u32 {
    match direction {
        WipeDirection::Right => 1,
        WipeDirection::Down => 2,
        WipeDirection::Left => 101,
        WipeDirection::Up => 102,
    }
}

/// Returns the direction of the wipe of this number. `None`: it has another shape.
pub(super) const fn wipe_by_number(number: u32) -> Option<WipeDirection> {
    Some(match number {
        1 => WipeDirection::Right,
        2 => WipeDirection::Down,
        101 => WipeDirection::Left,
        102 => WipeDirection::Up,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIPES: [WipeDirection; 4] = [
        WipeDirection::Left,
        WipeDirection::Right,
        WipeDirection::Up,
        WipeDirection::Down,
    ];

    #[test]
    fn every_word_is_read_as_the_transition_that_it_was_written_for() {
        let colour = ScreenColour([1, 2, 3]);
        let wipes = WIPES.map(|direction| TransitionKind::Wipe { direction });
        let others = [
            TransitionKind::Cut,
            TransitionKind::Dissolve,
            TransitionKind::FadeIn { colour },
            TransitionKind::FadeOut { colour },
            TransitionKind::Dip { colour },
        ];
        for kind in wipes.into_iter().chain(others) {
            let word = transition_word(kind);
            assert_eq!(transition_by_word(word, Some("#010203")), Some(kind));
        }
        assert_eq!(transition_by_word("explode", None), None);
    }

    #[test]
    fn titles_of_other_programs_are_known() {
        let black = ScreenColour::BLACK;
        for (title, kind) in [
            ("Cross Dissolve", Some(TransitionKind::Dissolve)),
            (
                "Dip to White",
                Some(TransitionKind::Dip {
                    colour: ScreenColour::WHITE,
                }),
            ),
            ("Fade To Color", Some(TransitionKind::Dip { colour: black })),
            ("Page Peel", None),
        ] {
            assert_eq!(transition_by_title(title), kind, "{title}");
        }
        for direction in WIPES {
            let kind = TransitionKind::Wipe { direction };
            assert_eq!(transition_by_title(transition_title(kind)), Some(kind));
            assert_eq!(wipe_by_number(wipe_number(direction)), Some(direction));
        }
        assert_eq!(wipe_by_number(3), None);
    }
}
