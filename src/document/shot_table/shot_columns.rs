//! Titles of columns: which field of a shot each one is.
//!
//! Owns the spellings. A title is compared in lower case, with everything between words as one `_`.

/// Every field of a shot, as YAML names it. A test compares with the schema.
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

/// Fields that hold several values: one cell, with `;` or `|` between them.
const LIST_FIELDS: [&str; 3] = ["characters", "props", "passes"];

/// What tracking tools and people call a field, where it can mean nothing else.
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

/// What tracking tools call the first and the last frame.
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

/// What a column gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShotColumn {
    /// One value.
    Field(&'static str),
    /// Several values.
    List(&'static str),
    /// The first frame of `frame_range`.
    FirstFrame,
    /// The last frame of `frame_range`.
    LastFrame,
    /// Notes of someone else: the title begins with `x-`, or is `#`.
    Note,
    /// Nothing that a shot has.
    Unknown,
}

impl ShotColumn {
    /// Returns what a column of this title gives.
    pub(super) fn from_title(title: &str) -> Self {
        let title = title.trim();
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

    /// Returns the field that the column is, or is a part of.
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
