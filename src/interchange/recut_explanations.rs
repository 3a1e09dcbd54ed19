//! Explanations of the codes of timelines that come back. Data only.

use crate::base::{CodeExplanation, Severity};

/// The pages, in order.
pub const RECUT_EXPLANATIONS: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::recut::unreadable",
        severity: Severity::Error,
        summary: "a timeline can be read",
        explanation: "A timeline is OpenTimelineIO, a list of events (CMX 3600), Final Cut Pro XML or a cut list of this program. It shows at least one clip of pictures. The finding names the event, or points at the place in the file. Export it again in one of these formats; decompose compound clips before.",
        wrong: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
TITLE: Cut
001  WIDE     V     C        00:00:41:17 00:00:45:99 00:00:00:00 00:00:04:00
* FROM CLIP NAME: wide
"#,
        right: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
TITLE: Cut
001  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
* FROM CLIP NAME: wide
"#,
    },
    CodeExplanation {
        code: "production::recut::other_rate",
        severity: Severity::Error,
        summary: "a timeline has the rate of the production",
        explanation: "The frames of a cut are those of the production. A timeline of another rate has its cuts between them. Conform it to the rate of the production in the program it is from. Lists of events have no rate of their own, and cannot count frames of rates without timecode, such as 12.",
        wrong: r#"render_settings: {frame_rate: 12}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
"#,
        right: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
"#,
    },
    CodeExplanation {
        code: "production::recut::speed",
        severity: Severity::Error,
        summary: "a clip of a timeline is played at its own speed",
        explanation: "The frames of a shot are drawn for the times that they have. A clip that is played faster, slower or backwards, or that stands still, cannot be drawn so. Give the shot another length in the document, and remove the change of speed.",
        wrong: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:02:00
"#,
        right: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:43:17 00:00:00:00 00:00:02:00
"#,
    },
    CodeExplanation {
        code: "production::recut::other_transition",
        severity: Severity::Warning,
        summary: "a transition of a timeline is one that productions have",
        explanation: "Productions have dissolves, wipes in four directions, fades and dips to a colour. Another transition is read as a dissolve of the same length. One without a length, at no cut, or of a word that lists of events have not is read as a cut. One that is longer than its event is as long as the event. What is keyed over a shot (`K`) is not drawn: its background (`K B`) is the clip. Of two transitions at one cut of a cut list, that of the lower row is read.",
        wrong: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
  - {name: close, template: character_cu, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:45:11 00:00:00:00 00:00:03:18
002  WIDE     V     C        00:00:45:11 00:00:45:11 00:00:03:18 00:00:03:18
002  CLOSE    V     W021 012 00:00:41:11 00:00:45:17 00:00:03:18 00:00:08:00
"#,
        right: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
  - {name: close, template: character_cu, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:45:11 00:00:00:00 00:00:03:18
002  WIDE     V     C        00:00:45:11 00:00:45:11 00:00:03:18 00:00:03:18
002  CLOSE    V     W001 012 00:00:41:11 00:00:45:17 00:00:03:18 00:00:08:00
"#,
    },
    CodeExplanation {
        code: "production::recut::left_out",
        severity: Severity::Info,
        summary: "what a timeline has besides pictures is named",
        explanation: "Order, trims, lengths and transitions of the pictures come back. Sound, markers, titles and effects of the other program do not: they are in the document.",
        wrong: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
002  MIX      AA    C        00:00:00:00 00:00:04:00 00:00:00:00 00:00:04:00
"#,
        right: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
"#,
    },
    CodeExplanation {
        code: "production::recut::unknown_clip",
        severity: Severity::Error,
        summary: "every clip of a timeline is a shot of the production",
        explanation: "A clip is known by the name of its shot, by that of its file, or by its reel in the table of reels that is delivered beside a list of events. If the names of two shots are in it, the finding names both. Give the clip the name of a shot. A timeline is a cut of the shots of the document, so the document has some.",
        wrong: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  AX       V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
* FROM CLIP NAME: somewhere
"#,
        right: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  AX       V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
* FROM CLIP NAME: wide
"#,
    },
    CodeExplanation {
        code: "production::recut::beyond_shot",
        severity: Severity::Error,
        summary: "a clip of a timeline shows frames of its shot",
        explanation: "The source of a clip counts the frames of its shot, from 1001 where the document says nothing else, or begins at 0. A clip may show more frames than the shot has, before and behind it, but at least one of its own.",
        wrong: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        10:00:00:00 10:00:04:00 00:00:00:00 00:00:04:00
"#,
        right: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:20 00:00:45:20 00:00:00:00 00:00:04:00
"#,
    },
    CodeExplanation {
        code: "production::recut::gap",
        severity: Severity::Error,
        summary: "a timeline shows something from its first frame to its last",
        explanation: "A film has no frame without a picture. Close the gap, lengthen a clip over it, or let a fade to black take its place.",
        wrong: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
  - {name: close, template: character_cu, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
002  CLOSE    V     C        00:00:41:17 00:00:45:17 00:00:05:00 00:00:09:00
"#,
        right: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
  - {name: close, template: character_cu, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
002  CLOSE    V     C        00:00:41:17 00:00:45:17 00:00:04:00 00:00:08:00
"#,
    },
    CodeExplanation {
        code: "production::recut::overlap",
        severity: Severity::Error,
        summary: "no two clips of a timeline are shown at one time",
        explanation: "A track shows one clip at a time, and which of two would be seen is a guess. Trim one of them. What is over another on purpose has a track of its own, above it.",
        wrong: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
  - {name: close, template: character_cu, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
002  CLOSE    V     C        00:00:41:17 00:00:45:17 00:00:03:00 00:00:07:00
"#,
        right: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
  - {name: close, template: character_cu, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
002  CLOSE    V     C        00:00:41:17 00:00:45:17 00:00:04:00 00:00:08:00
"#,
    },
    CodeExplanation {
        code: "production::recut::card",
        severity: Severity::Warning,
        summary: "title cards of a timeline are where cards can be, each once",
        explanation: "Title cards and end credits have the place and the length that the timeline gives them. A card is before a shot, credits are behind the last one, and each is once in the film; cards that the timeline leaves out are still in the film. Titles before one shot are in the order of the document. What cannot be followed stays as it is in the document, and the finding says so.",
        wrong: r#"titles:
  - {text: The Lamp, over: black, for: 24, shot: wide}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
"#,
        right: r#"titles:
  - {text: The Lamp, over: black, for: 24, shot: wide}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  AX       V     C        00:00:00:00 00:00:02:00 00:00:00:00 00:00:02:00
* FROM CLIP NAME: title_1
002  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:02:00 00:00:06:00
"#,
    },
    CodeExplanation {
        code: "production::recut::unused_shot",
        severity: Severity::Info,
        summary: "every shot is in the cut",
        explanation: "A shot that the timeline leaves out is neither rendered nor delivered. It stays in the document.",
        wrong: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
  - {name: close, template: character_cu, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
"#,
        right: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
  - {name: close, template: character_cu, character: mara, location: pier, duration: 4s}
shot_list: cut.edl
# cut.edl
001  CLOSE    V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
002  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:04:00 00:00:08:00
"#,
    },
    CodeExplanation {
        code: "production::recut::lost_line",
        severity: Severity::Warning,
        summary: "the frames in which a line begins are in the cut",
        explanation: "What is said in a shot moves with its frames. A line that begins in frames that the cut has not is not heard. Lengthen the clip to where it begins, or move the line to another shot.",
        wrong: r#"characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 8s, lines: [It went out.]}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:43:17 00:00:47:17 00:00:00:00 00:00:04:00
"#,
        right: r#"characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 8s, lines: [It went out.]}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:45:17 00:00:00:00 00:00:04:00
"#,
    },
    CodeExplanation {
        code: "production::recut::lost_part",
        severity: Severity::Warning,
        summary: "what is written for a shot has the shot in the cut",
        explanation: "An editor may drop a shot, or cut frames away. What the document has for them goes with them: titles, graphics, music of these shots alone, and outputs that show nothing else. A second use of a shot that is apart from the others of its music has none. A title over a colour stays if the timeline has its clip. Put the shot into the timeline to bring them back, or name another shot.",
        wrong: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
titles:
  - {text: Mara Lind, style: lower_third, shot: wide, at: 80, for: 12}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:43:17 00:00:00:00 00:00:02:00
"#,
        right: r#"shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
titles:
  - {text: Mara Lind, style: lower_third, shot: wide, at: 20, for: 24}
shot_list: cut.edl
# cut.edl
001  WIDE     V     C        00:00:41:17 00:00:43:17 00:00:00:00 00:00:02:00
"#,
    },
];
