//! Explanations of the codes of shot lists in tables. Data only.

use crate::base::{CodeExplanation, Severity};

/// The pages, in order.
pub(super) const PAGES: &[CodeExplanation] = &[
    CodeExplanation {
        code: "production::csv::unknown_column",
        severity: Severity::Warning,
        summary: "every titled column is a field of a shot",
        explanation: "A column whose title is no field is ignored, so its cells have no effect. Titles are the fields of a shot in any case, with spaces or hyphens. Begin the title of a column of your own with `x-`.",
        wrong: r#"shot_list: shots.csv
# shots.csv
name,template,character,location,Lenz
wide,character_full,mara,pier,35
"#,
        right: r#"shot_list: shots.csv
# shots.csv
name,template,character,location,lens
wide,character_full,mara,pier,35
"#,
    },
    CodeExplanation {
        code: "production::csv::duplicate_column",
        severity: Severity::Error,
        summary: "each field has one column",
        explanation: "Two columns with one meaning could contradict each other. Rename one of them, with `x-` at the front to keep it as a note.",
        wrong: r#"shot_list: shots.csv
# shots.csv
Shot,Shot Name,template,character,location
wide,wide,character_full,mara,pier
"#,
        right: r#"shot_list: shots.csv
# shots.csv
Shot,x-Shot Name,template,character,location
wide,wide,character_full,mara,pier
"#,
    },
    CodeExplanation {
        code: "production::csv::not_a_shot",
        severity: Severity::Warning,
        summary: "every row of a list is a shot",
        explanation: "Spreadsheets also have rows of headings, sums and repeated titles. A row that looks like one, beside the other rows, is passed over, and a row with nothing but a name is read as a shot but reported. Begin a row with `# ` to mark it as a comment.",
        wrong: r#"shot_list: shots.csv
# shots.csv
Shot,Template,Character,Location
SCENE 1,,,
wide,character_full,mara,pier
"#,
        right: r#"shot_list: shots.csv
# shots.csv
Shot,Template,Character,Location
# SCENE 1,,,
wide,character_full,mara,pier
"#,
    },
    CodeExplanation {
        code: "production::csv::joined_names",
        severity: Severity::Info,
        summary: "shots that have one name in several sequences are told apart by the sequence",
        explanation: "Tracking tools keep names unique within a sequence, and spreadsheets within a scene. If names occur twice in the list, each begins with its sequence, or with its scene if there is no column for sequences: `SH010` of `SQ01` is `SQ01_SH010`.",
        wrong: r#"shot_list: shots.csv
# shots.csv
Sequence,Shot,Template,Character,Location
SQ01,SH010,character_full,mara,pier
SQ02,SH010,character_cu,mara,pier
"#,
        right: r#"shot_list: shots.csv
# shots.csv
Shot,Template,Character,Location
SQ01_SH010,character_full,mara,pier
SQ02_SH010,character_cu,mara,pier
"#,
    },
    CodeExplanation {
        code: "production::csv::wrong_cell_count",
        severity: Severity::Error,
        summary: "each row has a cell for each title",
        explanation: "A row with more or fewer cells is usually one with a delimiter inside a cell: put such a cell in quotes.",
        wrong: r#"shot_list: shots.csv
# shots.csv
name,template,character,location
wide,character_full,mara
"#,
        right: r#"shot_list: shots.csv
# shots.csv
name,template,character,location
wide,character_full,mara,pier
"#,
    },
    CodeExplanation {
        code: "production::csv::bad_quote",
        severity: Severity::Error,
        summary: "a quoted cell closes once, at its end",
        explanation: "A quote inside a quoted cell is written twice. A quote that never closes takes the rest of the list into its cell.",
        wrong: r#"shot_list: shots.csv
# shots.csv
name,template,character,location,notes
wide,character_full,mara,pier,"say "now""
"#,
        right: r#"shot_list: shots.csv
# shots.csv
name,template,character,location,notes
wide,character_full,mara,pier,"say ""now"""
"#,
    },
    CodeExplanation {
        code: "production::csv::no_titles",
        severity: Severity::Error,
        summary: "the first row names fields of a shot",
        explanation: "Columns are identified by their titles and not by their order, so that a column can be added or moved.",
        wrong: r#"shot_list: shots.csv
# shots.csv
wide,character_full,mara,pier
"#,
        right: r#"shot_list: shots.csv
# shots.csv
name,template,character,location
wide,character_full,mara,pier
"#,
    },
    CodeExplanation {
        code: "production::csv::nul",
        severity: Severity::Error,
        summary: "a list is text without NUL",
        explanation: "A list with NUL bytes was usually saved as UTF-16, which spreadsheets call Unicode text. Save it as CSV UTF-8.",
        wrong: r#"shot_list: shots.csv
# shots.csv
"#,
        right: r#"shot_list: shots.csv
# shots.csv
name,template,character,location
wide,character_full,mara,pier
"#,
    },
    CodeExplanation {
        code: "production::csv::too_large",
        severity: Severity::Error,
        summary: "a list stays within the limits",
        explanation: "No cell may be larger than 1 MiB, and no list may hold more values than `--max-values` says. Split the list, or raise the limit on the command line.",
        wrong: r#"shot_list: shots.csv
# shots.csv
"#,
        right: r#"shot_list: shots.csv
# shots.csv
name,template,character,location
wide,character_full,mara,pier
"#,
    },
];
