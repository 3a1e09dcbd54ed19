//! Reads our own cut list back: the table that `format: cut_list` writes, as an editor or a
//! spreadsheet changed it.
//!
//! Rows are the clips in order, and a clip begins where the one above it ends: who moves a row does
//! not write all places behind it anew. So `frames`, `source_first` and the transitions count, and
//! the columns with places in the film do not.

use super::exchange_timeline::{
    ExchangeClip, ExchangeClipKind, ExchangeMediaKind, ExchangePlace, ExchangeTimeline,
    ExchangeTransition,
};
use super::otio_reader::other_transition;
use super::reading_findings::{
    ExchangeSource, OTHER_TRANSITION, ReadingFindings, UNREADABLE, is_same_rate, no_pictures,
    other_rate, too_many_values,
};
use super::reel_names::{CsvTableRow, csv_rows};
use crate::base::{Diagnostic, Diagnostics, FileSpan};
use crate::model::cut::{ScreenColour, TransitionKind, WipeDirection};

/// The titles by which a cut list is known. Tables of shots have none of them.
const KNOWN_TITLES: [&str; 5] = [
    "shot",
    "frames",
    "source_first",
    "transition_in_frames",
    "transition_out_frames",
];

/// The longest clip in frames: more than a day at any rate.
const MOST_FRAMES: usize = 100_000_000;

/// Returns whether a table is a cut list, by its titles.
#[must_use]
pub fn is_cut_list(text: &str) -> bool {
    let titles = titles(title_row(text).1);
    KNOWN_TITLES
        .iter()
        .all(|known| titles.iter().any(|title| title == known))
}

/// Reads a cut list. `None`: it is damaged or has another rate; the diagnostics say why.
pub fn read_cut_list(
    source: &ExchangeSource<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<ExchangeTimeline> {
    let mut reader = CutListReader {
        source,
        findings: ReadingFindings::new(source.file, diagnostics),
        titles: titles(title_row(source.text).1),
        rows: Vec::new(),
        is_damaged: false,
    };
    reader.read_rows();
    let timeline = reader.timeline();
    reader.findings.finish();
    timeline
}

/// Returns the number of the row of titles, from 0, and its line.
fn title_row(text: &str) -> (usize, &str) {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    // Some spreadsheets write `sep=;` above the titles, and read the table wrongly without it.
    match first.trim_start_matches('\u{feff}').strip_prefix("sep=") {
        Some(_) => (1, lines.next().unwrap_or_default()),
        None => (0, first),
    }
}

/// Returns the titles of a line, in small letters.
fn titles(line: &str) -> Vec<String> {
    // Spreadsheets put a mark in front when they save a table.
    let line = line.trim_start_matches('\u{feff}');
    let rows = csv_rows(line, delimiter(line)).into_iter();
    let cells = rows.flat_map(|row| row.cells);
    cells.map(|cell| cell.trim().to_lowercase()).collect()
}

/// Returns what parts the cells of a table. Spreadsheets save it with what is usual in their
/// language.
fn delimiter(line: &str) -> char {
    let count = |delimiter: &char| line.matches(*delimiter).count();
    let delimiters = [';', '\t', ','].into_iter();
    // Of equal counts the last, which is that of a table with one column.
    delimiters.max_by_key(count).unwrap_or(',')
}

/// One clip.
struct CutListRow {
    name: String,
    length: usize,
    /// The number of its first frame. `None`: it is a card.
    source_first: Option<i64>,
    before: CutListSide,
    behind: CutListSide,
    place: ExchangePlace,
}

/// How a clip begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CutListSide {
    kind: TransitionKind,
    frames: usize,
}

impl CutListSide {
    const CUT: Self = Self {
        kind: TransitionKind::Cut,
        frames: 0,
    };

    fn is_cut(self) -> bool {
        self.kind == TransitionKind::Cut
    }

    fn is_fade(self) -> bool {
        self.kind.is_fade()
    }
}

struct CutListReader<'a, 'd> {
    source: &'a ExchangeSource<'a>,
    findings: ReadingFindings<'d>,
    titles: Vec<String>,
    rows: Vec<CutListRow>,
    is_damaged: bool,
}

/// The cells of one row.
struct CutListCells<'r> {
    titles: &'r [String],
    cells: &'r [String],
    origin: FileSpan,
}

impl CutListCells<'_> {
    /// Returns the text of a column. Empty: the row has none.
    fn text(&self, title: &str) -> &str {
        let column = self.titles.iter().position(|each| each == title);
        let cell = column.and_then(|column| self.cells.get(column));
        cell.map_or("", |cell| cell.trim())
    }

    /// Returns the whole number of a column. `None`: its cell is empty.
    fn number(&self, title: &'static str) -> Result<Option<i64>, String> {
        let text = self.text(title);
        if text.is_empty() {
            return Ok(None);
        }
        // Spreadsheets write some whole numbers with a fraction.
        let whole = text.strip_suffix(".0").unwrap_or(text);
        let number: Option<i64> = whole.parse().ok();
        let number = number.filter(|number| number.unsigned_abs() < 10_000_000_000);
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(format!("`{title}` is `{text}`, which is no whole number")),
        }
    }

    fn length(&self) -> Result<usize, String> {
        let frames = self.number("frames")?;
        let length = frames.and_then(|frames| usize::try_from(frames).ok());
        length
            .filter(|length| (1..=MOST_FRAMES).contains(length))
            .ok_or_else(|| match frames {
                Some(frames) => format!("`frames` is {frames}, and a clip has one at least"),
                None => "`frames` is empty".to_owned(),
            })
    }

    /// Checks the number of the last frame, if there is one, which somebody may have changed alone.
    fn check_last(&self, first: Option<i64>, length: usize) -> Result<(), String> {
        let (Some(first), Some(last)) = (first, self.number("source_last")?) else {
            return Ok(());
        };
        let steps = i64::try_from(length - 1).unwrap_or(i64::MAX);
        let numbers = last.saturating_sub(first);
        // A shot may show every second frame.
        let is_even = steps > 0 && numbers > 0 && numbers % steps == 0;
        if numbers == steps || is_even {
            return Ok(());
        }
        Err(format!(
            "`frames` is {length}, and `source_first` to `source_last` are {} frames",
            numbers.saturating_add(1)
        ))
    }
}

impl CutListReader<'_, '_> {
    fn report_damage(&mut self, origin: FileSpan, message: String) {
        self.is_damaged = true;
        let help = "mend the row, or export the list again with `format: cut_list`; without \
                    `source_last`, `frames` alone says how long a clip is";
        self.findings
            .push(Diagnostic::error(UNREADABLE, origin, message).with_help(help));
    }

    fn read_rows(&mut self) {
        let text = self.source.text;
        let (title_index, title_line) = title_row(text);
        let delimiter = delimiter(title_line);
        let is_end = |letter: char| letter == delimiter || letter == '\n';
        if text.matches(is_end).count() >= self.source.most_values {
            let origin = self.findings.origin(text, 0..text.len());
            self.is_damaged = true;
            let finding = too_many_values(origin, self.source.most_values);
            return self.findings.push(finding);
        }
        let mut is_rate_checked = false;
        for row in csv_rows(text, delimiter).into_iter().skip(title_index + 1) {
            if row.cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            // The rate is in each row. One finding says that it is another one.
            if !std::mem::replace(&mut is_rate_checked, true) && self.check_rate(&row).is_none() {
                return;
            }
            self.read_row(&row);
        }
    }

    fn row_origin(&self, row: &CsvTableRow) -> FileSpan {
        let text = self.source.text;
        self.findings.origin(text, row.offset..text.len())
    }

    /// Reports a list of another rate.
    fn check_rate(&mut self, row: &CsvTableRow) -> Option<()> {
        let origin = self.row_origin(row);
        let cells = CutListCells {
            titles: &self.titles,
            cells: &row.cells,
            origin,
        };
        let text = cells.text("frame_rate").to_owned();
        let rate = self.source.rate;
        let counted = match text.split_once('/') {
            Some((num, den)) => num.parse().ok().zip(den.parse().ok()).map(fraction),
            None => text.parse().ok(),
        };
        let counted: Option<f64> = counted;
        if text.is_empty() || counted.is_some_and(|counted| is_same_rate(counted, rate)) {
            return Some(());
        }
        self.is_damaged = true;
        self.findings.push(other_rate(origin, &text, rate));
        None
    }

    fn read_row(&mut self, row: &CsvTableRow) {
        let origin = self.row_origin(row);
        // Taken out until the row is read: the cells borrow the titles while the reader changes.
        let titles = std::mem::take(&mut self.titles);
        let cells = CutListCells {
            titles: &titles,
            cells: &row.cells,
            origin,
        };
        match self.clip_row(&cells) {
            Ok(row) => self.rows.push(row),
            Err(message) => self.report_damage(origin, message),
        }
        self.titles = titles;
    }

    /// Returns the clip of a row, else what is wrong with it.
    fn clip_row(&mut self, cells: &CutListCells<'_>) -> Result<CutListRow, String> {
        let name = cells.text("shot");
        if name.is_empty() {
            return Err("the row names no shot".to_owned());
        }
        let in_row = |message: String| format!("`{name}`: {message}");
        let length = cells.length().map_err(in_row)?;
        let source_first = cells.number("source_first").map_err(in_row)?;
        cells.check_last(source_first, length).map_err(in_row)?;
        let before = self.side(cells, "transition_in", "transition_in_frames");
        let behind = self.side(cells, "transition_out", "transition_out_frames");
        Ok(CutListRow {
            name: name.to_owned(),
            length,
            source_first,
            before: before.map_err(in_row)?,
            behind: behind.map_err(in_row)?,
            place: ExchangePlace {
                origin: cells.origin,
                event: None,
            },
        })
    }

    fn side(
        &mut self,
        cells: &CutListCells<'_>,
        title: &'static str,
        length_title: &'static str,
    ) -> Result<CutListSide, String> {
        let word = cells.text(title).to_lowercase();
        let frames = cells.number(length_title)?.unwrap_or(0);
        if word.is_empty() || word == "cut" {
            return Ok(CutListSide::CUT);
        }
        let frames = usize::try_from(frames).ok();
        let Some(frames) = frames.filter(|frames| (1..=MOST_FRAMES).contains(frames)) else {
            return Err(format!(
                "`{title}` is `{word}`, and `{length_title}` is no length"
            ));
        };
        let kind = transition_by_name(&word).unwrap_or_else(|| {
            self.findings.push(other_transition(cells.origin, &word));
            TransitionKind::Dissolve
        });
        // The list has no column for the colour.
        if ["fade_in", "fade_out", "dip"].contains(&word.as_str()) {
            let message = format!("`{word}` does not name its colour, and is read as black");
            let help = "write `dip_to_white` or `fade_to_white`, or bring the cut back as \
                        OpenTimelineIO (`.otio`), which has colours";
            let finding = Diagnostic::warning(OTHER_TRANSITION, cells.origin, message);
            self.findings.push(finding.with_help(help));
        }
        Ok(CutListSide { kind, frames })
    }

    fn timeline(&mut self) -> Option<ExchangeTimeline> {
        if self.is_damaged {
            return None;
        }
        if self.rows.is_empty() {
            let text = self.source.text;
            let origin = self.findings.origin(text, 0..text.len());
            self.findings.push(no_pictures(origin, false));
            return None;
        }
        let rows = std::mem::take(&mut self.rows);
        let mut clips: Vec<ExchangeClip> = Vec::with_capacity(rows.len());
        let mut transitions = Vec::new();
        let mut start = 0;
        for (index, row) in rows.iter().enumerate() {
            let above = index.checked_sub(1).map(|above| &rows[above]);
            self.add_transitions(above, Some(row), start, &mut transitions);
            clips.push(ExchangeClip {
                kind: ExchangeClipKind::Pictures,
                name: row.name.clone(),
                other_names: Vec::new(),
                reel: String::new(),
                start,
                length: row.length,
                source_start: row.source_first.unwrap_or_default(),
                shot_offset: None,
                media: None,
                place: row.place,
            });
            start += row.length;
        }
        self.add_transitions(rows.last(), None, start, &mut transitions);
        Some(ExchangeTimeline {
            name: String::new(),
            rate: self.source.rate,
            start: 0,
            is_drop_frame: false,
            size: None,
            media_kind: ExchangeMediaKind::Shots,
            clips,
            transitions,
            sounds: Vec::new(),
            markers: Vec::new(),
        })
    }

    /// Adds the transitions at the cut between two rows.
    fn add_transitions(
        &mut self,
        above: Option<&CutListRow>,
        below: Option<&CutListRow>,
        cut: usize,
        transitions: &mut Vec<ExchangeTransition>,
    ) {
        let out = above.map_or(CutListSide::CUT, |row| row.behind);
        let into = below.map_or(CutListSide::CUT, |row| row.before);
        let mut push = |row: Option<&CutListRow>, side: CutListSide, before: usize| {
            transitions.push(ExchangeTransition {
                kind: side.kind,
                cut,
                before,
                after: side.frames - before,
                place: row.map_or_else(ExchangePlace::default, |row| row.place),
            });
        };
        // A shot fades on its own: the other one may fade, too.
        let has_out = matches!(out.kind, TransitionKind::FadeOut { .. });
        let has_into = matches!(into.kind, TransitionKind::FadeIn { .. });
        if has_out {
            push(above, out, out.frames);
        }
        if has_into {
            push(below, into, 0);
        }
        let out = if out.is_fade() { CutListSide::CUT } else { out };
        let into = if into.is_fade() {
            CutListSide::CUT
        } else {
            into
        };
        let (row, side) = match (out.is_cut(), into.is_cut()) {
            (true, true) => return,
            (false, true) => (above, out),
            (_, false) => (below, into),
        };
        // What is in both rows is one transition. Two of them are left where a row was moved.
        let is_one = out.is_cut() || into.is_cut() || out == into;
        if !is_one || has_out || has_into {
            self.report_two(above, below);
        }
        if has_out || has_into {
            return;
        }
        let before = match (above, below) {
            (None, _) => 0,
            (_, None) => side.frames,
            _ => side.frames / 2,
        };
        push(row, side, before);
    }

    fn report_two(&mut self, above: Option<&CutListRow>, below: Option<&CutListRow>) {
        let (Some(above), Some(below)) = (above, below) else {
            return;
        };
        let message = format!(
            "`{}` ends with `{} {}`, and `{}` begins with `{} {}`; one of them is read",
            above.name,
            above.behind.kind.name(),
            above.behind.frames,
            below.name,
            below.before.kind.name(),
            below.before.frames,
        );
        let help = "write the same transition in `transition_out` of a row and in `transition_in` \
                    of the row below it";
        let finding = Diagnostic::warning(OTHER_TRANSITION, below.place.origin, message);
        self.findings.push(finding.with_help(help));
    }
}

fn fraction((num, den): (f64, f64)) -> f64 {
    num / den
}

/// Returns the transition of a name as a cut list has it. `None`: there is no such name.
fn transition_by_name(name: &str) -> Option<TransitionKind> {
    let wipe = |direction| TransitionKind::Wipe { direction };
    let mut kinds = vec![
        TransitionKind::Dissolve,
        wipe(WipeDirection::Left),
        wipe(WipeDirection::Right),
        wipe(WipeDirection::Up),
        wipe(WipeDirection::Down),
    ];
    for colour in [ScreenColour::BLACK, ScreenColour::WHITE] {
        kinds.extend([
            TransitionKind::FadeIn { colour },
            TransitionKind::FadeOut { colour },
            TransitionKind::Dip { colour },
        ]);
    }
    let colour = ScreenColour::BLACK;
    let plain = match name {
        "fade_in" => Some(TransitionKind::FadeIn { colour }),
        "fade_out" => Some(TransitionKind::FadeOut { colour }),
        "dip" => Some(TransitionKind::Dip { colour }),
        _ => None,
    };
    plain.or_else(|| kinds.into_iter().find(|kind| kind.name() == name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileId;
    use crate::model::FrameRate;

    const TITLES: &str = "event,shot,start_frame,frames,frame_rate,source_first,source_last,\
                          transition_in,transition_in_frames,transition_out,transition_out_frames";

    fn read(rows: &str) -> (Option<ExchangeTimeline>, Vec<String>) {
        read_text(&format!("\u{feff}{TITLES}\r\n{rows}"))
    }

    fn read_text(text: &str) -> (Option<ExchangeTimeline>, Vec<String>) {
        assert!(is_cut_list(text));
        let mut diagnostics = Diagnostics::default();
        let source = ExchangeSource {
            file: FileId(0),
            text,
            rate: FrameRate::from_fps(24),
            most_values: 1000,
        };
        let timeline = read_cut_list(&source, &mut diagnostics);
        let found = diagnostics.as_slice().iter();
        let found = found.map(|found| found.message.clone()).collect();
        (timeline, found)
    }

    fn transitions(timeline: &ExchangeTimeline) -> Vec<(&str, usize, usize, usize)> {
        let transitions = timeline.transitions.iter();
        transitions
            .map(|each| (each.kind.name(), each.cut, each.before, each.after))
            .collect()
    }

    #[test]
    fn rows_are_clips_one_behind_the_other() {
        let (timeline, found) = read(
            "1,slate,0,6,24,,,cut,0,cut,0\r\n\
             2,sh010,6,24,24,1001,1024,fade_from_black,6,dissolve,9\r\n\
             \r\n\
             4,sh030,99,12,24,1005,1016,dissolve,9,dip_to_white,8\r\n\
             3,sh020,30,24,24,1001,1047,dip_to_white,8,fade_to_white,5\r\n",
        );
        assert_eq!(found, [""; 0]);
        let timeline = timeline.unwrap();
        assert_eq!(
            timeline.placed_clips(),
            [
                ("slate", 0, 6, 0),
                ("sh010", 6, 24, 1001),
                ("sh030", 30, 12, 1005),
                ("sh020", 42, 24, 1001),
            ]
        );
        assert_eq!(
            transitions(&timeline),
            [
                ("fade_from_black", 6, 0, 6),
                ("dissolve", 30, 4, 5),
                ("dip_to_white", 42, 4, 4),
                ("fade_to_white", 66, 5, 0),
            ]
        );
    }

    #[test]
    fn two_transitions_at_one_cut_are_reported_and_one_side_is_enough() {
        let (timeline, found) = read(
            "1,a,0,24,24,1,24,cut,0,dissolve,8\n\
             2,b,0,24,24,1,24,wipe_left,6,dip,4\n\
             3,c,0,24,24,1,24,,,,\n\
             4,d,0,24,24,1,24,sparkle,4,cut,0\n",
        );
        assert_eq!(
            transitions(&timeline.unwrap()),
            [
                ("wipe_left", 24, 3, 3),
                ("dip_to_black", 48, 2, 2),
                ("dissolve", 72, 2, 2)
            ]
        );
        assert_eq!(
            found,
            [
                "`dip` does not name its colour, and is read as black",
                "`sparkle` is no transition of a production, and is read as a dissolve",
                "`a` ends with `dissolve 8`, and `b` begins with `wipe_left 6`; one of them is read",
            ]
        );
    }

    #[test]
    fn a_row_that_is_no_clip_is_an_error() {
        for (row, message) in [
            (
                "1,a,0,24,24,1,30,,,,",
                "`a`: `frames` is 24, and `source_first` to `source_last` are 30 frames",
            ),
            ("1,a,0,,24,1,24,,,,", "`a`: `frames` is empty"),
            (
                "1,a,0,0,24,1,24,,,,",
                "`a`: `frames` is 0, and a clip has one at least",
            ),
            (
                "1,a,0,1.5,24,1,24,,,,",
                "`a`: `frames` is `1.5`, which is no whole number",
            ),
            ("1,,0,24,24,1,24,,,,", "the row names no shot"),
            (
                "1,a,0,24,24,1,24,dissolve,,,",
                "`a`: `transition_in` is `dissolve`, and `transition_in_frames` is no length",
            ),
            (
                "1,a,0,24,25,1,24,,,,",
                "the timeline has 25 frames a second, and the production has 24",
            ),
            ("", "the timeline shows no pictures"),
        ] {
            let (timeline, found) = read(row);
            assert_eq!(timeline, None, "{row}");
            assert_eq!(found, [message]);
        }
    }

    #[test]
    fn spreadsheets_part_cells_as_they_like_and_tables_of_shots_are_no_cut_lists() {
        for (above, delimiter) in [("", ";"), ("", "\t"), ("\u{feff}sep=;\r\n", ";")] {
            let rows = format!("{TITLES}\n1,a,0,24,24/1,1,24,,,,\n").replace(',', delimiter);
            let timeline = read_text(&format!("{above}{rows}")).0.unwrap();
            assert_eq!(timeline.placed_clips(), [("a", 0, 24, 1)]);
        }
        assert!(!is_cut_list("shot,frames,start_frame,transition_in\n"));
        assert!(!is_cut_list(""));
    }
}
