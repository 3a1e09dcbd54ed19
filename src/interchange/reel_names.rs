//! Names of reels: eight letters and digits at most, each for one shot, and the table that leads
//! back from them.
//!
//! CMX 3600 has eight characters for the name of a reel, and programs of its age read capitals,
//! digits and `_` alone. What is left of a longer name may be the same for two shots, so the
//! shortened ones are numbered.

use std::collections::{HashMap, HashSet};

/// The most characters of the name of a reel.
pub const MOST_REEL_LETTERS: usize = 8;

/// Names that an edit decision list gives a meaning of its own: black, and a source without one.
const RESERVED: [&str; 5] = ["BL", "BLACK", "AX", "NONE", "BARS"];

/// Returns whether a reel is that of no source, or of any.
pub(super) fn is_reserved_reel(reel: &str) -> bool {
    RESERVED
        .iter()
        .any(|name| name.eq_ignore_ascii_case(reel.trim()))
}

/// Returns the reel of each name, in their order. Equal names have equal reels, others never have.
#[must_use]
pub fn reel_names(names: &[&str]) -> Vec<String> {
    let mut reels: Vec<Option<String>> = vec![None; names.len()];
    let mut taken: HashSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
    // Names that fit stay as they are, in any order: another shot with a long name must not
    // rename them.
    for (name, reel) in names.iter().zip(&mut reels) {
        let plain = plain_name(name);
        let fits = (1..=MOST_REEL_LETTERS).contains(&plain.len());
        let is_whole = fits && plain.eq_ignore_ascii_case(name);
        if is_whole && taken.insert(plain.clone()) {
            *reel = Some(plain);
        }
    }
    // Two uses of one name have one reel.
    let mut known: HashMap<&str, String> = HashMap::new();
    let mut tried = HashMap::new();
    for (name, reel) in names.iter().zip(&reels) {
        if let Some(reel) = reel {
            known.entry(name).or_insert_with(|| reel.clone());
        }
    }
    let shortened = names.iter().zip(reels);
    shortened
        .map(|(name, reel)| {
            if let Some(reel) = reel.or_else(|| known.get(name).cloned()) {
                return reel;
            }
            let reel = free_name(&plain_name(name), &taken, &mut tried);
            taken.insert(reel.clone());
            known.insert(name, reel.clone());
            reel
        })
        .collect()
}

/// The most letters before the number of a shortened name, which has two digits at least.
const MOST_HEAD_LETTERS: usize = MOST_REEL_LETTERS - 2;

/// Returns the first name of this form that is free: `SQ010SH0`, then `SQ010S01` and so on. `tried`
/// has the last number of each form, below which all are taken.
fn free_name(plain: &str, taken: &HashSet<String>, tried: &mut HashMap<String, u32>) -> String {
    let start = |letters: usize| plain.chars().take(letters).collect::<String>();
    // Its beginning, if that is free: it says most of the name.
    let first = start(MOST_REEL_LETTERS);
    if !first.is_empty() && !taken.contains(&first) {
        return first;
    }
    // It continues where it ended: thousands of names with one beginning would be tried from 1 each
    // time.
    let last = tried.entry(start(MOST_HEAD_LETTERS)).or_default();
    loop {
        *last = last.saturating_add(1);
        let number = format!("{last:02}");
        let name = start(MOST_REEL_LETTERS.saturating_sub(number.len())) + &number;
        if !taken.contains(&name) || *last == u32::MAX {
            return name;
        }
    }
}

/// Returns a name in capitals, without what a reel cannot have. The end stays rather than the
/// start if it has the number of the shot.
fn plain_name(name: &str) -> String {
    let plain: String = name
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    if plain.len() <= MOST_REEL_LETTERS {
        return plain;
    }
    // `SQ010_SH020` without its separators is short enough more often.
    plain.replace('_', "")
}

/// One row of the table of reels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReelEntry {
    /// The name in the list of events.
    pub reel: String,
    /// The name of the shot.
    pub shot: String,
    /// The number of the first frame of the shot in its source.
    pub source_start: i64,
    /// The number that this frame has in the shot.
    pub shot_frame: i64,
    /// Frames of the shot in the film.
    pub length: usize,
    /// The path of its file as seen from the table.
    pub media: String,
}

/// The largest number of a frame in a table, as in other timelines.
const MOST_FRAMES: u64 = 10_000_000_000;

/// The titles of the table of reels.
const TITLES: &str = "reel,shot,source_start,shot_frame,frames,media";

/// Returns the table of reels as CSV.
#[must_use]
pub fn reel_table(entries: &[ReelEntry]) -> String {
    let mut table = format!("{TITLES}\n");
    for entry in entries {
        let cells = [
            csv_cell(&entry.reel),
            csv_cell(&entry.shot),
            entry.source_start.to_string(),
            entry.shot_frame.to_string(),
            entry.length.to_string(),
            csv_cell(&entry.media),
        ];
        table.push_str(&cells.join(","));
        table.push('\n');
    }
    table
}

fn csv_cell(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) || text.trim() != text {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Why a table of reels cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ReelTableFault {
    /// Where its row begins.
    pub offset: usize,
    /// What is wrong.
    pub reason: String,
}

/// Reads a table of reels with at most `most_values` cells.
///
/// # Errors
/// It has other titles, or a row that is no reel.
pub fn read_reel_table(text: &str, most_values: usize) -> Result<Vec<ReelEntry>, ReelTableFault> {
    let fault = |offset: usize, reason: String| ReelTableFault { offset, reason };
    let cells = text.bytes().filter(|byte| b",\n".contains(byte)).count() + 1;
    if cells > most_values {
        return Err(fault(0, format!("it holds more than {most_values} values")));
    }
    // Spreadsheets put a mark in front when they save a table.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = csv_rows(text, ',').into_iter();
    let titles = rows.next().map(|row| row.cells.join(","));
    // Columns in another order would be read as other numbers without any error.
    if titles.as_deref() != Some(TITLES) {
        return Err(fault(0, format!("its first row is not `{TITLES}`")));
    }
    let is_empty = |row: &CsvTableRow| row.cells.iter().all(|cell| cell.trim().is_empty());
    let mut entries: Vec<ReelEntry> = Vec::new();
    // By reel and first frame: which of two shots is meant would be a guess.
    let mut shots: HashMap<(String, i64), String> = HashMap::new();
    for row in rows.filter(|row| !is_empty(row)) {
        let offset = row.offset;
        let entry = reel_entry(row.cells).map_err(|reason| fault(offset, reason))?;
        let place = (entry.reel.to_uppercase(), entry.source_start);
        // Cards have no source, and share the reel of those.
        let is_source = !RESERVED.contains(&place.0.as_str());
        let known = is_source.then(|| shots.insert(place, entry.shot.clone()));
        if let Some(other) = known.flatten().filter(|other| *other != entry.shot) {
            let ReelEntry { reel, shot, .. } = &entry;
            let frame = entry.source_start;
            let reason = format!("frame {frame} of reel `{reel}` is of `{other}` and of `{shot}`");
            return Err(fault(offset, reason));
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// Returns the entry of a row, else why it is none.
fn reel_entry(cells: Vec<String>) -> Result<ReelEntry, String> {
    let count = cells.len();
    let cells: Result<[String; 6], _> = cells.try_into();
    let [reel, shot, source_start, shot_frame, length, media] =
        cells.map_err(|_| format!("a row has 6 cells, and this has {count}"))?;
    let frames = frame_cell("frames", &length)?;
    let length = usize::try_from(frames)
        .map_err(|_| format!("`frames` is {frames}, and a shot has one at least"))?;
    Ok(ReelEntry {
        source_start: frame_cell("source_start", &source_start)?,
        shot_frame: frame_cell("shot_frame", &shot_frame)?,
        length,
        reel,
        shot,
        media,
    })
}

/// Returns the number in a cell. What no film has would overflow where it is added.
fn frame_cell(title: &str, cell: &str) -> Result<i64, String> {
    let number: Option<i64> = cell.trim().parse().ok();
    number
        .filter(|number| number.unsigned_abs() <= MOST_FRAMES)
        .ok_or_else(|| {
            format!(
                "`{title}` is `{}`, which is no number of a frame",
                cell.trim()
            )
        })
}

/// One row of a table.
pub(super) struct CsvTableRow {
    /// Where it begins.
    pub(super) offset: usize,
    pub(super) cells: Vec<String>,
}

/// Returns the rows of a table with `delimiter` between its cells.
pub(super) fn csv_rows(text: &str, delimiter: char) -> Vec<CsvTableRow> {
    let mut rows = Vec::new();
    let mut start = 0;
    let mut row: Vec<String> = Vec::new();
    let mut cell = String::new();
    let mut is_quoted = false;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, letter)| *letter);
        match letter {
            '"' if is_quoted && next == Some('"') => {
                letters.next();
                cell.push('"');
            }
            '"' if is_quoted || cell.is_empty() => is_quoted = !is_quoted,
            letter if letter == delimiter && !is_quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted && next == Some('\n') => {}
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(CsvTableRow {
                    offset: start,
                    cells: std::mem::take(&mut row),
                });
                start = at + 1;
            }
            _ => cell.push(letter),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(CsvTableRow {
            offset: start,
            cells: row,
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reels_have_eight_letters_and_no_two_shots_share_one() {
        let names = [
            "sh010",
            "sq010_sh010_wide",
            "sq010_sh010_close",
            "sq010_sh010_wide",
            "SH010",
            "Пирс",
            "bl",
            "a b",
            "AB",
        ];
        let reels = reel_names(&names);
        assert_eq!(
            reels,
            [
                "SH010", "SQ010SH0", "SQ010S01", "SQ010SH0", "SH01001", "01", "BL01", "AB01", "AB"
            ]
        );
        let many: Vec<String> = (0..2000).map(|n| format!("the_same_start_{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let reels = reel_names(&many);
        let distinct: HashSet<&String> = reels.iter().collect();
        assert_eq!(distinct.len(), 2000);
        assert!(reels.iter().all(|reel| reel.len() <= MOST_REEL_LETTERS));
    }

    #[test]
    fn a_name_that_fits_does_not_change_with_its_neighbours() {
        assert_eq!(reel_names(&["longer_name_1", "LONGERNA"])[1], "LONGERNA");
        assert_eq!(reel_names(&[]), Vec::<String>::new());
    }

    #[test]
    fn a_row_that_is_no_reel_says_why() {
        let read = |row: &str| {
            let table = format!("{TITLES}\nA,a,1,1,1,\n{row}\n");
            let fault = read_reel_table(&table, 100).unwrap_err();
            (fault.offset - TITLES.len() - 1, fault.reason)
        };
        let huge = read("B,b,-9223372036854775808,9223372036854775807,1,");
        assert_eq!(huge.0, 11);
        assert!(
            huge.1
                .starts_with("`source_start` is `-9223372036854775808`")
        );
        assert!(read("B,b,1,1,-1,").1.starts_with("`frames` is -1"));
        assert!(read("B,b,1").1.contains("this has 3"));
        let many = format!("{TITLES}\n{}", "A,a,1,1,1,\n".repeat(20));
        assert!(
            read_reel_table(&many, 50)
                .unwrap_err()
                .reason
                .contains("50 values")
        );
    }

    #[test]
    fn the_table_is_read_as_it_was_written() {
        let entries = vec![
            ReelEntry {
                reel: "SQ010SH0".to_owned(),
                shot: "a, \"b\"\nc".to_owned(),
                source_start: 1001,
                shot_frame: -4,
                length: 48,
                media: "shots/a.mov".to_owned(),
            },
            ReelEntry {
                reel: "B".to_owned(),
                shot: "b".to_owned(),
                source_start: 0,
                shot_frame: 1001,
                length: 1,
                media: String::new(),
            },
        ];
        let table = reel_table(&entries);
        assert_eq!(read_reel_table(&table, 100), Ok(entries));
        let windows = read_reel_table(&table.replace('\n', "\r\n"), 100);
        assert_eq!(windows.map(|rows| rows.len()), Ok(2));
        for wrong in [
            "",
            "reel,shot\nA,a\n",
            &table.replace("1001", "x"),
            "\"",
            "\u{0}",
        ] {
            assert!(read_reel_table(wrong, 100).is_err(), "{wrong:?}");
        }
    }
}
