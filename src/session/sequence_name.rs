//! Names of shots as names of picture sequences.

use crate::store::store_layout::shortened_name;

/// The character that begins an escape.
// Not `%`, `#`, `@` and `$`, which ffmpeg, Nuke, RV and Houdini read as the place of the frame's
// number, nor a blank, behind which Nuke reads a frame range.
const ESCAPE: char = '+';

/// Returns the name of a shot as a folder and the beginning of file names that tools for picture
/// sequences can open. Different names stay different.
pub(super) fn sequence_name(shot: &str) -> String {
    let mut text = String::with_capacity(shot.len());
    for (index, c) in shot.char_indices() {
        match c {
            '/' => text.push('~'),
            // A leading dot hides the file, and `..` would leave the folder.
            '.' if index == 0 => push_escaped(&mut text, c),
            _ if c.is_alphanumeric() || "._-".contains(c) => text.push(c),
            _ => push_escaped(&mut text, c),
        }
    }
    shortened_name(text, shot)
}

fn push_escaped(text: &mut String, c: char) {
    // By bytes, so that an escape always has two digits and none runs into the text behind it.
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        text.push_str(&format!("{ESCAPE}{byte:02X}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_stays_as_it_is_or_is_escaped_without_what_tools_read() {
        for (shot, name) in [
            ("sh010", "sh010"),
            ("sq010/sh010", "sq010~sh010"),
            ("1A wide", "1A+20wide"),
            ("1A_wide", "1A_wide"),
            ("50%", "50+25"),
            ("a#@$b", "a+23+40+24b"),
            ("a+b", "a+2Bb"),
            ("..", "+2E."),
            ("é", "é"),
            ("~", "+7E"),
            ("€", "+E2+82+AC"),
        ] {
            assert_eq!(sequence_name(shot), name);
        }
    }

    proptest! {
        #[test]
        fn different_shots_have_different_names(one in "[a2A+ %~/.€]{1,6}|.{1,300}", two in "[a2A+ %~/.€]{1,6}|.{1,300}") {
            let names = [sequence_name(&one), sequence_name(&two)];
            prop_assert_eq!(one == two, names[0] == names[1]);
            prop_assert!(!names[0].contains(['%', '#', '@', '$', '/', '\\', ' ']), "{}", names[0]);
            prop_assert!(names[0].len() < 230, "{}", names[0]);
        }
    }
}
