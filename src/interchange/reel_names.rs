//! Names of reels: eight letters and digits at most, each for one shot, and the table that leads
//! back from them.
//!
//! CMX 3600 has eight characters for the name of a reel, and programs of its age read capitals,
//! digits and `_` alone. What is left of a longer name may be the same for two shots, so the
//! shortened ones are numbered.

use std::collections::HashSet;

/// The most characters of the name of a reel.
pub const MOST_REEL_LETTERS: usize = 8;

/// Names that an edit decision list gives a meaning of its own: black, and a source without one.
const RESERVED: [&str; 5] = ["BL", "BLACK", "AX", "NONE", "BARS"];

/// Returns the reel of each name, in their order. Equal names have equal reels, others never have.
#[must_use]
pub fn reel_names(names: &[&str]) -> Vec<String> {
    let mut reels: Vec<Option<String>> = vec![None; names.len()];
    let mut taken: HashSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
    // Names that fit stay as they are, whatever the order: another shot with a long name must not
    // rename them.
    for (name, reel) in names.iter().zip(&mut reels) {
        let plain = plain_name(name);
        let fits = (1..=MOST_REEL_LETTERS).contains(&plain.len());
        let is_whole = fits && plain.eq_ignore_ascii_case(name);
        if is_whole && taken.insert(plain.clone()) {
            *reel = Some(plain);
        }
    }
    let mut known: std::collections::HashMap<&str, String> = std::collections::HashMap::new();
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
            let reel = free_name(&plain_name(name), &taken);
            taken.insert(reel.clone());
            known.insert(name, reel.clone());
            reel
        })
        .collect()
}

/// Returns the first name of this form that is free: `SQ010SH0`, then `SQ010S01` and so on.
fn free_name(plain: &str, taken: &HashSet<String>) -> String {
    let first: String = plain.chars().take(MOST_REEL_LETTERS).collect();
    if !first.is_empty() && !taken.contains(&first) {
        return first;
    }
    (1u32..)
        .map(|number| {
            let number = number.to_string();
            let number = format!("{number:0>2}");
            let room = MOST_REEL_LETTERS.saturating_sub(number.len());
            let head: String = plain.chars().take(room).collect();
            format!("{head}{number}")
        })
        .find(|name| !taken.contains(name))
        .unwrap_or_default()
}

/// Returns a name in capitals, without what a reel cannot have. The end is kept rather than the
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
    /// Its address.
    pub media: String,
}

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

/// Reads a table of reels. `None`: it is none, or one of its rows is damaged.
#[must_use]
pub fn read_reel_table(text: &str) -> Option<Vec<ReelEntry>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = csv_rows(text).into_iter();
    if rows.next()?.join(",") != TITLES {
        return None;
    }
    let rows = rows.filter(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    rows.map(|row| {
        let [reel, shot, source_start, shot_frame, length, media] = row.try_into().ok()?;
        Some(ReelEntry {
            reel,
            shot,
            source_start: source_start.trim().parse().ok()?,
            shot_frame: shot_frame.trim().parse().ok()?,
            length: length.trim().parse().ok()?,
            media,
        })
    })
    .collect()
}

/// Returns the rows of a table with commas between its cells.
fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let mut cell = String::new();
    let mut is_quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if is_quoted || cell.is_empty() => is_quoted = !is_quoted,
            ',' if !is_quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !is_quoted && letters.peek() == Some(&'\n') => {}
            '\n' if !is_quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            _ => cell.push(letter),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell);
        rows.push(row);
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
        assert_eq!(read_reel_table(&table), Some(entries.clone()));
        assert_eq!(
            read_reel_table(&table.replace('\n', "\r\n")).map(|rows| rows.len()),
            Some(2)
        );
        for wrong in [
            "",
            "reel,shot\nA,a\n",
            &table.replace("1001", "x"),
            "\"",
            "\u{0}",
        ] {
            assert_eq!(read_reel_table(wrong), None, "{wrong:?}");
        }
    }
}
