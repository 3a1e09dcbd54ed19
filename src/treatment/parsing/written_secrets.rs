//! The secrets of a text as it is written, line by line, with what only several lines say together: a
//! private key, a name whose value is on the next line, and the columns of a list.

use crate::base::FileSpan;
use crate::treatment::reading::{
    SecretName, SecretWait, TreatmentText, is_cell_secret, is_waited_secret, joined_ranges,
    names_secret_alone, secrets_of_line, waits_for_secret,
};
use std::ops::Range;

/// The most columns of a list that is written with signs between them.
const MOST_COLUMNS: usize = 16;
/// The most words and bytes of the name of a column.
const MOST_NAME_WORDS: usize = 3;
const LONGEST_NAME: usize = 40;

/// Returns the secrets of the text as it is written, with their places, in order and apart from each
/// other.
pub(super) fn written_secrets(text: &TreatmentText) -> Vec<(FileSpan, String)> {
    let mut reader = LineReader::default();
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.text.split_inclusive('\n') {
        // Ends of lines are no part of a secret, whichever system wrote them.
        let content = line.trim_end();
        for range in reader.read_line(content) {
            let secret = content.get(range.clone()).unwrap_or_default().to_owned();
            let place = |byte: usize| u32::try_from(start + byte).unwrap_or(u32::MAX);
            let span = FileSpan::new(text.file, place(range.start), place(range.end));
            found.push((span, secret));
        }
        start += line.len();
    }
    found
}

/// What the lines before say about the next.
#[derive(Default)]
struct LineReader {
    /// A private key has many lines, and may have empty ones.
    in_key: bool,
    waiting: Option<SecretWait>,
    /// The columns of a list, and the sign between them.
    columns: Option<(char, Vec<Option<SecretName>>)>,
}

impl LineReader {
    /// Returns the secrets of a line.
    fn read_line(&mut self, line: &str) -> Vec<Range<usize>> {
        if self.in_key || is_key_head(line) {
            self.in_key = !line.contains("-----END") && !line.starts_with("Private-MAC:");
            return joined_ranges(std::iter::once(0..line.len()).collect());
        }
        let mut ranges = secrets_of_line(line);
        ranges.extend(self.cells(line));
        if let Some(wait) = self.waiting
            && ranges.is_empty()
            && let Some(word) = waited_word(line, wait)
        {
            // The next point of a list has the next one.
            if line.trim_start().starts_with(['-', '*']) {
                return vec![word];
            }
            ranges.push(word);
        }
        // The value of a label may be behind empty lines, and in a block of code.
        let is_between = line.trim().is_empty() || line.trim_start().starts_with(['`', '~']);
        if !is_between || !ranges.is_empty() {
            self.waiting = waits_for_secret(line);
        }
        joined_ranges(ranges)
    }

    /// Returns the secrets of a line of a list whose columns have names.
    fn cells(&mut self, line: &str) -> Vec<Range<usize>> {
        if let Some((sign, columns)) = &self.columns {
            let cells = cells_of(line, *sign);
            // A row may have more cells: a password with the sign in it.
            if cells.len() >= columns.len() && columns.len() > 1 {
                return secret_cells(line, &cells, columns);
            }
        }
        self.columns = [',', ';', '\t'].into_iter().find_map(|sign| {
            let cells = cells_of(line, sign);
            let names = column_names(line, &cells)?;
            Some((sign, names))
        });
        Vec::new()
    }
}

/// Returns the cells of a line, or none if it has too many for a list of names.
fn cells_of(line: &str, sign: char) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    let mut start = 0;
    for cell in line.split(sign).take(MOST_COLUMNS + 1) {
        cells.push(start..start + cell.len());
        start += cell.len() + sign.len_utf8();
    }
    // A sentence with many commas is no list of names.
    if cells.len() > MOST_COLUMNS {
        cells.clear();
    }
    cells
}

fn secret_cells(
    line: &str,
    cells: &[Range<usize>],
    columns: &[Option<SecretName>],
) -> Vec<Range<usize>> {
    let named = cells.iter().zip(columns);
    let secrets = named.filter_map(|(cell, name)| {
        let text = line.get(cell.clone())?;
        let is_secret = name.is_some_and(|name| is_cell_secret(text, name));
        is_secret.then(|| cell.clone())
    });
    secrets.collect()
}

/// Returns which columns have secrets, if a line is the names of columns.
fn column_names(line: &str, cells: &[Range<usize>]) -> Option<Vec<Option<SecretName>>> {
    let is_name = |cell: &Range<usize>| {
        let name = line.get(cell.clone()).unwrap_or_default().trim();
        let is_short = name.len() <= LONGEST_NAME;
        let has_words = (1..=MOST_NAME_WORDS).contains(&name.split_whitespace().count());
        is_short && has_words && !name.contains([':', '=', '.', '!', '?'])
    };
    if cells.len() < 2 || !cells.iter().all(is_name) {
        return None;
    }
    let names: Vec<Option<SecretName>> = cells
        .iter()
        .map(|cell| names_secret_alone(line.get(cell.clone()).unwrap_or_default()))
        .collect();
    // A name that is only perhaps one makes no list, or each line of prose with a comma could be
    // one.
    let is_list = names
        .iter()
        .any(|name| matches!(name, Some(SecretName::Sure | SecretName::Code)));
    is_list.then_some(names)
}

/// Returns the first word of a line that follows the name of a secret, if it is that secret.
pub(super) fn waited_word(line: &str, wait: SecretWait) -> Option<Range<usize>> {
    let is_mark = |c: char| c.is_whitespace() || "`*_>-\"'".contains(c);
    let text = line.trim_start_matches(is_mark);
    // In a list of names and values, the value has a name of its own.
    let value = text
        .strip_prefix("value")
        .map(|rest| rest.trim_start_matches(['"', '\'', ' ']))
        .and_then(|rest| rest.strip_prefix([':', '=']))
        .map(|rest| rest.trim_start_matches(is_mark));
    let wait = if value.is_some() {
        SecretWait::Sure
    } else {
        wait
    };
    let text = value.unwrap_or(text);
    let start = line.len() - text.len();
    let is_alone = text.split_whitespace().nth(1).is_none();
    let word = text.split_whitespace().next().unwrap_or_default();
    let word = word.trim_end_matches(['`', '*', '_', '"', '\'']);
    is_waited_secret(word, wait, is_alone).then(|| start..start + word.len())
}

/// Whether a line begins a private key, in the form of PEM or of PuTTY.
pub(super) fn is_key_head(line: &str) -> bool {
    let rest = line.split_once("-----BEGIN").map(|(_, rest)| rest);
    rest.is_some_and(|rest| rest.contains("KEY-----") || rest.contains("KEY BLOCK-----"))
        || line.trim_start().starts_with("Private-Lines:")
}
