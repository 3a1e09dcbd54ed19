//! Titles of columns: the field of a shot that each title names.
//!
//! Owns the spellings. A title is compared in lower case, with `_` in place of everything between
//! words.

/// Every field of a shot, as in YAML. A test compares the list with the schema.
pub(super) const SHOT_FIELDS: [&str; 24] = [
    "name",
    "template",
    "scene",
    "character",
    "character2",
    "characters",
    "location",
    "props",
    "subject",
    "action",
    "size",
    "angle",
    "azimuth",
    "lens",
    "aperture",
    "focus",
    "move",
    "duration",
    "frame_range",
    "exposure",
    "engine",
    "passes",
    "notes",
    "description",
];

/// Fields with several values: one cell, with `;` or `|` between the values. A comma would end the
/// cell.
const LIST_FIELDS: [&str; 3] = ["characters", "props", "passes"];

/// Names that tracking tools and people give to a field. Only those that can mean no other field.
const TITLE_ALIASES: [(&str, &str); 19] = [
    ("shot", "name"),
    ("shot_name", "name"),
    ("shot_code", "name"),
    ("shot_template", "template"),
    ("scene_number", "scene"),
    ("scene_no", "scene"),
    ("cast", "characters"),
    ("shot_size", "size"),
    ("camera_angle", "angle"),
    ("focal_length", "lens"),
    ("f_stop", "aperture"),
    ("focus_distance", "focus"),
    ("camera_move", "move"),
    ("camera_movement", "move"),
    ("movement", "move"),
    ("cut_duration", "duration"),
    ("range", "frame_range"),
    ("note", "notes"),
    ("shot_description", "description"),
];

/// Names that tracking tools give to the first and the last frame.
const FIRST_FRAME_TITLES: [&str; 5] = [
    "frame_in",
    "first_frame",
    "start_frame",
    "cut_in",
    "frame_start",
];
const LAST_FRAME_TITLES: [&str; 5] = [
    "frame_out",
    "last_frame",
    "end_frame",
    "cut_out",
    "frame_end",
];

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShotColumn {
    /// One value of this field.
    Field(&'static str),
    /// Several values of this field.
    List(&'static str),
    /// The first frame of `frame_range`.
    FirstFrame,
    /// The last frame of `frame_range`.
    LastFrame,
    /// Notes that the program does not read: the title begins with `x-`, or is `#`.
    Note,
    /// No field of a shot.
    Unknown,
}

impl ShotColumn {
    /// Returns what a column with this title contains.
    pub(super) fn from_title(title: &str) -> Self {
        let title = title.trim();
        // `#` is a usual title for a column of row numbers. Compared before the title is
        // normalised, which would remove the hyphen of `x-`.
        if title == "#" || title.starts_with("x-") {
            return Self::Note;
        }
        let plain = normalize_title(title);
        if FIRST_FRAME_TITLES.contains(&plain.as_str()) {
            return Self::FirstFrame;
        }
        if LAST_FRAME_TITLES.contains(&plain.as_str()) {
            return Self::LastFrame;
        }
        let known = SHOT_FIELDS.iter().find(|field| **field == plain).copied();
        let known = known.or_else(|| {
            TITLE_ALIASES
                .iter()
                .find(|(alias, _)| *alias == plain)
                .map(|(_, field)| *field)
        });
        match known {
            Some(field) if LIST_FIELDS.contains(&field) => Self::List(field),
            Some(field) => Self::Field(field),
            None => Self::Unknown,
        }
    }

    /// Returns the field that the column is, or that it is a part of.
    pub(super) const fn field_name(self) -> Option<&'static str> {
        match self {
            Self::Field(field) | Self::List(field) => Some(field),
            Self::FirstFrame | Self::LastFrame => Some("frame_range"),
            Self::Note | Self::Unknown => None,
        }
    }
}

/// Returns the title in lower case, its words joined by `_`.
pub(super) fn normalize_title(title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}
