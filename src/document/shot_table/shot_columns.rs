//! Titles of columns: the field of a shot that each title names.
//!
//! Owns the spellings. A title is compared in lower case, with `_` in place of everything between
//! words.

/// Every field of a shot, as in YAML. A test compares the list with the schema.
pub(super) const SHOT_FIELDS: [&str; 33] = [
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
    "camera",
    "lens",
    "aperture",
    "focus",
    "move",
    "duration",
    "frame_range",
    "frames",
    "lines",
    "effects",
    "transition_in",
    "transition_out",
    "takes",
    "take",
    "limits",
    "exposure",
    "engine",
    "passes",
    "notes",
    "description",
];

/// Fields whose names mean something else as titles, or that do not fit in a cell. `Frames` is the
/// number of them, as Kitsu and spreadsheets write it (the field is a column `Frames path`), and
/// `Take` the number of a clip.
const NO_COLUMNS: [&str; 4] = ["frames", "takes", "take", "limits"];

/// Fields with several values: one cell, with `;` or `|` between the values. A comma would end the
/// cell.
const LIST_FIELDS: [&str; 5] = ["characters", "props", "lines", "effects", "passes"];

/// Names that tracking tools and people give to a field. Only those that can mean no other field.
const TITLE_ALIASES: [(&str, &str); 25] = [
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
    ("range", "frame_range"),
    ("frames_path", "frames"),
    ("path_to_frames", "frames"),
    ("footage_path", "frames"),
    ("line", "lines"),
    ("dialogue", "lines"),
    ("dialog", "lines"),
    ("sfx", "effects"),
    ("note", "notes"),
    ("shot_description", "description"),
];

/// More names of fields. A table may have one beside the field itself, and then the column is
/// ignored with a warning.
const OTHER_ALIASES: [(&str, &str); 20] = [
    ("code", "name"),
    ("shot_id", "name"),
    ("shot_no", "name"),
    ("shot_nr", "name"),
    ("shot_num", "name"),
    ("shot_number", "name"),
    ("sc", "scene"),
    ("scene_nr", "scene"),
    ("scene_num", "scene"),
    ("camera_lens", "lens"),
    ("lens_mm", "lens"),
    ("f_number", "aperture"),
    ("desc", "description"),
    ("summary", "description"),
    ("comment", "notes"),
    ("comments", "notes"),
    ("remark", "notes"),
    ("remarks", "notes"),
    ("cut_range", "frame_range"),
    ("frames_range", "frame_range"),
];

/// Names of the length in frames. Kitsu writes `Nb Frames` or `Frames`, ShotGrid `Cut Duration`,
/// editors and spreadsheets the others.
const LENGTH_TITLES: [&str; 26] = [
    "nb_frames",
    "frames",
    "frames_nb",
    "frame_count",
    "num_frames",
    "no_of_frames",
    "number_of_frames",
    "nr_of_frames",
    "nframes",
    "total_frames",
    "frame_length",
    "frame_duration",
    "duration_frames",
    "duration_in_frames",
    "length",
    "length_frames",
    "length_in_frames",
    "shot_length",
    "shot_length_frames",
    "shot_duration",
    "shot_duration_frames",
    "cut_duration",
    "cut_length",
    "clip_duration",
    "clip_length",
    "dur",
];

/// Names of the length in seconds.
const SECONDS_TITLES: [&str; 14] = [
    "sec",
    "secs",
    "seconds",
    "duration_s",
    "duration_sec",
    "duration_secs",
    "duration_seconds",
    "duration_in_seconds",
    "length_s",
    "length_sec",
    "length_secs",
    "length_seconds",
    "length_in_seconds",
    "shot_length_seconds",
];

/// Names that tracking tools give to the first and the last frame: Kitsu `Frame In` or `In`,
/// ShotGrid `Cut In`, ftrack `fstart`, AYON `frameStart`.
const FIRST_FRAME_TITLES: [&str; 9] = [
    "frame_in",
    "first_frame",
    "start_frame",
    "cut_in",
    "frame_start",
    "frame_first",
    "clip_in",
    "fstart",
    "in",
];
const LAST_FRAME_TITLES: [&str; 9] = [
    "frame_out",
    "last_frame",
    "end_frame",
    "cut_out",
    "frame_end",
    "frame_last",
    "clip_out",
    "fend",
    "out",
];

/// Names of the group in which the name of a shot is unique.
const SEQUENCE_TITLES: [&str; 7] = [
    "sequence",
    "seq",
    "sequence_name",
    "sequence_code",
    "seq_name",
    "seq_code",
    "parent",
];
const EPISODE_TITLES: [&str; 5] = ["episode", "ep", "eps", "episode_name", "episode_code"];

/// What the cells of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShotColumn {
    /// One value of this field.
    Field(&'static str),
    /// Several values of this field.
    List(&'static str),
    /// A number of frames, or a range of them.
    Length,
    /// A number of seconds.
    Seconds,
    /// The first frame of `frame_range`.
    FirstFrame,
    /// The last frame of `frame_range`.
    LastFrame,
    /// The sequence, in which names are unique.
    Sequence,
    /// The episode, in which names of sequences are unique.
    Episode,
    /// Notes that the program does not read: the title begins with `x-`, or is `#`.
    Note,
    /// No field of a shot.
    Unknown,
}

/// What a title says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ShotTitle {
    pub(super) column: ShotColumn,
    /// Whether it is the field's name, or can mean nothing else. Two such titles of one field are a
    /// mistake.
    pub(super) is_certain: bool,
}

impl ShotTitle {
    /// Returns what a column with this title contains.
    pub(super) fn from_text(title: &str) -> Self {
        let title = title.trim();
        let certain = |column| Self {
            column,
            is_certain: true,
        };
        // `#` is a usual title for a column of row numbers. Compared before the title is
        // normalised, which would remove the hyphen of `x-`.
        if title == "#" || title.starts_with("x-") {
            return certain(ShotColumn::Note);
        }
        let plain = squeezed(&normalize_title(title));
        let is_plain = |name: &str| name.bytes().filter(|byte| *byte != b'_').eq(plain.bytes());
        let field = |aliases: &[(&str, &'static str)]| {
            let alias = aliases.iter().find(|(alias, _)| is_plain(alias));
            alias.map(|(_, field)| ShotColumn::from_field(field))
        };
        let is_exact = |field: &&&str| !NO_COLUMNS.contains(*field) && is_plain(field);
        // The field's own name before any alias of another field.
        let exact = SHOT_FIELDS.iter().find(is_exact);
        let exact = exact.map(|field| ShotColumn::from_field(field));
        if let Some(column) = exact.or_else(|| field(&TITLE_ALIASES)) {
            return certain(column);
        }
        let lists: [(&[&str], ShotColumn); 6] = [
            (&FIRST_FRAME_TITLES, ShotColumn::FirstFrame),
            (&LAST_FRAME_TITLES, ShotColumn::LastFrame),
            (&LENGTH_TITLES, ShotColumn::Length),
            (&SECONDS_TITLES, ShotColumn::Seconds),
            (&SEQUENCE_TITLES, ShotColumn::Sequence),
            (&EPISODE_TITLES, ShotColumn::Episode),
        ];
        let listed = lists
            .into_iter()
            .find(|(titles, _)| titles.iter().any(|title| is_plain(title)));
        let column = field(&OTHER_ALIASES).or(listed.map(|(_, column)| column));
        Self {
            column: column.unwrap_or(ShotColumn::Unknown),
            is_certain: matches!(column, Some(ShotColumn::FirstFrame | ShotColumn::LastFrame))
                // `In` and `Out` alone are titles of other things too.
                && plain.len() > 3,
        }
    }
}

impl ShotColumn {
    fn from_field(field: &'static str) -> Self {
        if LIST_FIELDS.contains(&field) {
            Self::List(field)
        } else {
            Self::Field(field)
        }
    }

    /// Returns the field that the column is, or that it is a part of.
    pub(super) const fn field_name(self) -> Option<&'static str> {
        match self {
            Self::Field(field) | Self::List(field) => Some(field),
            Self::Length | Self::Seconds => Some("duration"),
            Self::FirstFrame | Self::LastFrame => Some("frame_range"),
            Self::Sequence | Self::Episode | Self::Note | Self::Unknown => None,
        }
    }

    /// Returns whether the cells are frame ranges, both ends in one.
    pub(super) fn is_whole_range(self) -> bool {
        self == Self::Field("frame_range")
    }

    /// Returns what the column says of a shot.
    pub(super) fn role(self) -> ColumnRole {
        match (self, self.field_name()) {
            (Self::Sequence | Self::Episode, _) | (_, Some("scene")) => ColumnRole::Place,
            (_, Some("name")) => ColumnRole::Name,
            (_, Some("duration" | "frame_range")) => ColumnRole::Length,
            (_, Some("notes" | "description")) | (Self::Note | Self::Unknown, _) => {
                ColumnRole::Remark
            }
            _ => ColumnRole::Picture,
        }
    }
}

/// What a column says of a shot. A row of a heading or of a sum has no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnRole {
    /// What it is called.
    Name,
    /// Scene, sequence or episode.
    Place,
    /// How long it is.
    Length,
    /// What it shows, and how.
    Picture,
    /// A text for people.
    Remark,
}

/// Returns the words of a normalised title without anything between them: tools write `frameStart`,
/// people `frame start`.
fn squeezed(title: &str) -> String {
    title.replace('_', "")
}

/// Returns the title in lower case, its words joined by `_`.
pub(super) fn normalize_title(title: &str) -> String {
    let lower = title.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}
