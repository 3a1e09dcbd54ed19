//! Scene headings: which line is one, its number, and its setting, place and time.
//!
//! Writers vary the form: bold headings, numbers in both margins, any dash, times in parentheses or
//! after a comma. Reading a place never refuses a heading; it only finds more or less of it.

use super::{ScenePlace, SceneSetting};

/// Words that make the last part of a heading a time and not a part of the place. English, French,
/// German, Spanish, Italian, Portuguese, Dutch, Swedish, Danish, Chinese and Japanese.
const TIME_WORDS: [&str; 92] = [
    "DAY",
    "NIGHT",
    "MORNING",
    "AFTERNOON",
    "EVENING",
    "DAWN",
    "DUSK",
    "NOON",
    "MIDNIGHT",
    "MIDDAY",
    "SUNRISE",
    "SUNSET",
    "SUNUP",
    "SUNDOWN",
    "DAYBREAK",
    "NIGHTFALL",
    "TWILIGHT",
    "LATER",
    "EARLIER",
    "CONTINUOUS",
    "CONTINUED",
    "CONT",
    "SAME",
    "SIMULTANEOUS",
    "MEANWHILE",
    "MOMENT",
    "MOMENTS",
    "HOUR",
    "TONIGHT",
    "TOMORROW",
    "YESTERDAY",
    "PRESENT",
    "FLASHBACK",
    "FLASHFORWARD",
    "INTERCUT",
    "DREAM",
    "ESTABLISHING",
    "JOUR",
    "NUIT",
    "MATIN",
    "SOIR",
    "AUBE",
    "MIDI",
    "CRÉPUSCULE",
    "TAG",
    "TAGS",
    "NACHT",
    "NACHTS",
    "MORGEN",
    "MORGENS",
    "MITTAG",
    "ABEND",
    "ABENDS",
    "DÄMMERUNG",
    "SPÄTER",
    "DÍA",
    "NOCHE",
    "TARDE",
    "MAÑANA",
    "AMANECER",
    "ATARDECER",
    "MADRUGADA",
    "GIORNO",
    "NOTTE",
    "MATTINA",
    "SERA",
    "ALBA",
    "TRAMONTO",
    "DIA",
    "NOITE",
    "MANHÃ",
    "DAG",
    "AVOND",
    "OCHTEND",
    "NATT",
    "NAT",
    "KVÄLL",
    "AFTEN",
    "日",
    "夜",
    "晨",
    "昼",
    "朝",
    "夕",
    "黄昏",
    "清晨",
    "早上",
    "中午",
    "下午",
    "傍晚",
    "晚上",
    "白天",
];

/// Words that a time may have beside one of [`TIME_WORDS`].
const TIME_FILLERS: [&str; 39] = [
    "A", "AFTER", "AM", "AN", "AND", "BACK", "BEFORE", "CLOCK", "D", "DAYS", "EARLY", "FEW",
    "FIVE", "FOUR", "HOURS", "LATE", "M", "MID", "MINUTES", "MONTHS", "NEXT", "O", "OF", "ONE",
    "P", "PM", "PRE", "S", "SECONDS", "SHORTLY", "SOON", "TEN", "THAT", "THE", "THREE", "TIME",
    "TWO", "WEEKS", "YEARS",
];

/// Words that say that a scene is not in the film, while its number stays.
const OMISSION_WORDS: [&str; 2] = ["OMITTED", "OMIT"];

/// Most times that are cut from the end of one heading: `DAY - CONTINUOUS (RAIN), LATER`.
const MAX_TIMES: usize = 6;

/// A line that is a scene heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::story) struct HeadingLine<'t> {
    /// The heading without its number and without emphasis around it, a slice of the line.
    pub(in crate::story) text: &'t str,
    /// The number, between `#` or in the margin.
    pub(in crate::story) number: Option<&'t str>,
}

/// Reads a line that begins as a scene heading does, with or without emphasis or a number before
/// it. `None` for any other line.
pub(in crate::story) fn parse_heading(line: &str) -> Option<HeadingLine<'_>> {
    let text = trim_marks(line);
    if split_prefix(text).is_some() {
        return Some(HeadingLine::from_text(text));
    }
    // A script that was copied from print has its numbers in the margins: `5A  INT. HOUSE  5A`.
    let (number, rest) = text.split_once(char::is_whitespace)?;
    let number = number.trim_end_matches('.');
    let rest = trim_marks(rest);
    let is_numbered = is_number(number)
        && number.starts_with(|c: char| c.is_ascii_digit() || c.is_uppercase())
        && number.contains(|c: char| c.is_ascii_digit())
        && split_prefix(rest).is_some_and(|prefix| prefix.is_dotted);
    is_numbered.then(|| {
        let heading = HeadingLine::from_text(rest);
        let text = heading.text;
        let last = text
            .strip_suffix(number)
            .filter(|text| text.ends_with(char::is_whitespace));
        HeadingLine {
            text: last.map_or(text, trim_marks),
            number: heading.number.or(Some(number)),
        }
    })
}

/// Reads a line that says that a scene is omitted, such as `OMITTED #5#` or `5 OMITTED 5`. `None`
/// for any other line.
pub(in crate::story) fn parse_omission(line: &str) -> Option<HeadingLine<'_>> {
    let heading = HeadingLine::from_text(trim_marks(line));
    // What begins with a mark is what the mark says.
    if heading
        .text
        .starts_with(['@', '!', '~', '>', '#', '=', '.'])
    {
        return None;
    }
    let mut words = heading.text.split_whitespace();
    let is_margin = |word: &&str| is_number(word) && word.contains(|c: char| c.is_ascii_digit());
    let number = words.clone().find(is_margin);
    let is_omission = words
        .clone()
        .any(|word| OMISSION_WORDS.contains(&bare_word(word)))
        && words.all(|word| {
            let bare = bare_word(word);
            OMISSION_WORDS.contains(&bare)
                || ["SCENE", "SCENES"].contains(&bare)
                || Some(word) == number
        });
    is_omission.then(|| HeadingLine {
        number: heading.number.or(number),
        ..heading
    })
}

fn bare_word(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

impl<'t> HeadingLine<'t> {
    /// Reads the text of a heading that is one for certain.
    pub(in crate::story) fn from_text(text: &'t str) -> Self {
        let (text, number) = split_number(trim_marks(text));
        Self {
            text: trim_marks(text),
            number,
        }
    }
}

/// Returns the text without blanks and emphasis at its ends.
fn trim_marks(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_'))
}

/// Returns a heading without emphasis inside it.
pub(in crate::story) fn without_marks(heading: &str) -> String {
    // The marks around the heading are gone, so the others have no partners that could be found.
    let is_mark = |index: usize| {
        let is_word = |c: char| c.is_alphanumeric();
        let before = heading[..index].ends_with(is_word);
        let after = heading[index + 1..].starts_with(is_word);
        // An underscore inside a word is a letter of the word.
        heading[index..].starts_with('*') || !(before && after)
    };
    heading
        .char_indices()
        .filter(|(index, c)| !matches!(c, '*' | '_') || !is_mark(*index))
        .map(|(_, c)| c)
        .collect()
}

/// The beginning of a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HeadingPrefix<'t> {
    pub(super) setting: SceneSetting,
    /// Whether it ends with a full stop, as few other lines do.
    is_dotted: bool,
    pub(super) rest: &'t str,
}

/// Returns the beginning of a line that begins like a scene heading. `None` for any other line.
pub(super) fn split_prefix(line: &str) -> Option<HeadingPrefix<'_>> {
    let (first, after) = setting_word(line)?;
    if let Some((setting, after)) = second_setting(first, after) {
        return prefix_before(setting, after);
    }
    let setting = match first {
        SettingWord::Interior => SceneSetting::Interior,
        SettingWord::Exterior => SceneSetting::Exterior,
        SettingWord::Establishing => SceneSetting::Establishing,
        // A single letter is one only beside another: `I/E`.
        SettingWord::InteriorLetter | SettingWord::ExteriorLetter => return None,
    };
    prefix_before(setting, after)
}

fn prefix_before(setting: SceneSetting, after: &str) -> Option<HeadingPrefix<'_>> {
    // Without a separator, `INTERIOR MONOLOGUE` and `EXTRA!` would be headings.
    let is_separator = |c: char| c == '.' || c.is_whitespace();
    after.starts_with(is_separator).then(|| HeadingPrefix {
        setting,
        is_dotted: after.starts_with('.'),
        rest: after.trim_start_matches(|c| is_separator(c) || is_dash(c) || c == ':'),
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SettingWord {
    Interior,
    Exterior,
    Establishing,
    InteriorLetter,
    ExteriorLetter,
}

impl SettingWord {
    const fn is_letter(self) -> bool {
        matches!(self, Self::InteriorLetter | Self::ExteriorLetter)
    }

    const fn is_inside(self) -> bool {
        matches!(self, Self::Interior | Self::InteriorLetter)
    }
}

fn setting_word(text: &str) -> Option<(SettingWord, &str)> {
    let end = text
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    let setting = match word.to_ascii_uppercase().as_str() {
        "INT" => SettingWord::Interior,
        "EXT" => SettingWord::Exterior,
        "EST" => SettingWord::Establishing,
        "I" => SettingWord::InteriorLetter,
        "E" => SettingWord::ExteriorLetter,
        _ => return None,
    };
    Some((setting, after))
}

/// Returns the setting of `INT./EXT.`, `INT. / EXT.`, `INT-EXT` or `I/E`, with what follows it.
fn second_setting(first: SettingWord, after: &str) -> Option<(SceneSetting, &str)> {
    let after = after.strip_prefix('.').unwrap_or(after).trim_start();
    let mark = after.chars().next()?;
    let joins = match mark {
        '/' => true,
        '&' | '+' | '-' | '–' => !first.is_letter(),
        _ => false,
    };
    let (second, rest) = setting_word(after[mark.len_utf8()..].trim_start()).filter(|_| joins)?;
    if first == SettingWord::Establishing || second == SettingWord::Establishing {
        return Some((SceneSetting::Establishing, rest));
    }
    // `INT./INT.` is a mistake and no setting.
    (first.is_inside() != second.is_inside()).then_some((SceneSetting::Both, rest))
}

/// Splits a heading into its text and the number between `#` at its end.
fn split_number(heading: &str) -> (&str, Option<&str>) {
    let numbered = heading
        .strip_suffix('#')
        .and_then(|rest| rest.rsplit_once('#'));
    match numbered {
        // `ROOM #5` has one `#` and keeps it.
        Some((text, number)) if is_number(number.trim()) => (text.trim_end(), Some(number.trim())),
        _ => (heading, None),
    }
}

fn is_number(text: &str) -> bool {
    crate::model::SceneNumber::parse(text).is_some()
}

/// Splits a heading into setting, location and time.
pub(in crate::story) fn parse_place(heading: &str) -> ScenePlace {
    let (setting, rest) = split_prefix(heading).map_or(
        (SceneSetting::Unspecified, heading),
        |HeadingPrefix { setting, rest, .. }| (setting, rest),
    );
    let location = without_times(rest);
    // All times together, as written: `NIGHT - CONTINUOUS`.
    let time = rest[location.len()..].trim_matches(|c: char| c.is_whitespace() || is_separator(c));
    ScenePlace {
        setting,
        location: location.to_owned(),
        time: Some(time.to_owned()).filter(|time| !time.is_empty()),
    }
}

/// Returns whether the heading says that the scene is omitted: `INT. HOUSE - DAY (OMITTED)`.
pub(in crate::story) fn is_omitted(heading: &str) -> bool {
    let rest = split_prefix(heading).map_or(heading, |prefix| prefix.rest);
    let parts = rest.split(|c: char| is_dash(c) || matches!(c, '(' | ')' | '[' | ']' | ',' | ':'));
    // A part of its own: a place may be called `THE OMITTED ROOM`.
    parts
        .map(|part| bare_word(part).to_uppercase())
        .any(|part| {
            let word = part.strip_prefix("SCENE ").unwrap_or(&part);
            OMISSION_WORDS.contains(&word)
        })
}

/// Returns the names by which a place may be known, the whole first: with the times, without them
/// one by one, without parentheses.
pub(super) fn place_names(heading: &str) -> Vec<String> {
    let rest = split_prefix(heading).map_or(heading, |prefix| prefix.rest);
    let mut names: Vec<String> = Vec::new();
    let mut push = |name: &str| {
        let name = name.trim();
        if !name.is_empty() && names.iter().all(|known| known != name) {
            names.push(name.to_owned());
        }
    };
    // What is before the last dash comes first: it is the place of most headings.
    if let Some((place, _)) = last_dash_part(rest).filter(|(_, part)| is_time(part)) {
        push(place);
    }
    push(rest);
    let mut place = rest;
    for _ in 0..MAX_TIMES {
        let Some((shorter, _)) = split_time(place) else {
            break;
        };
        place = shorter;
        push(place);
    }
    let bare = without_parentheses(place);
    push(&bare);
    // `PIER NIGHT`, without anything between.
    let words: Vec<&str> = bare.split_whitespace().collect();
    let count = words
        .iter()
        .rposition(|word| !is_exact_time(word))
        .map_or(0, |last| last + 1);
    push(&words[..count].join(" "));
    names
}

fn without_times(rest: &str) -> &str {
    let mut place = rest;
    for _ in 0..MAX_TIMES {
        let Some((shorter, _)) = split_time(place).filter(|(shorter, _)| !shorter.is_empty())
        else {
            break;
        };
        place = shorter;
    }
    place.trim_end()
}

/// Splits the last time from a place: after a dash, in parentheses, after a comma or full stop.
fn split_time(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end();
    if let Some(inner) = text.strip_suffix([')', ']']) {
        let start = inner.rfind(['(', '['])?;
        let time = &inner[start + 1..];
        return is_time(time).then(|| (trim_separators(&inner[..start]), time));
    }
    // With blanks around a dash, one word of a time is enough: `TWO YEARS LATER`.
    let spaced = last_dash_part(text).filter(|(_, part)| is_time(part));
    spaced
        .or_else(|| exact_time_part(text))
        .map(|(place, time)| (trim_separators(place), time))
}

fn trim_separators(place: &str) -> &str {
    place.trim_end_matches(|c: char| c.is_whitespace() || is_separator(c))
}

/// Splits at the last dash, or run of dashes, that has a blank on both sides.
fn last_dash_part(text: &str) -> Option<(&str, &str)> {
    let mut end = text.len();
    // A dash inside of a word, as in `T-JUNCTION`, is passed over.
    while let Some(index) = text[..end].rfind(is_dash) {
        let tail = &text[index..];
        let after = tail.trim_start_matches(is_dash);
        let before = text[..index].trim_end_matches(is_dash);
        if after.starts_with(char::is_whitespace) && before.ends_with(char::is_whitespace) {
            return Some((before.trim_end(), after.trim()));
        }
        end = before.len();
    }
    None
}

/// Splits at the separator behind which there is a time and nothing else.
fn exact_time_part(text: &str) -> Option<(&str, &str)> {
    // A time has few separators of its own, such as those of `07:45` and `P.M.`.
    text.rmatch_indices(is_separator)
        .take(8)
        .map(|(index, mark)| (&text[..index], &text[index + mark.len()..]))
        .find(|(_, time)| is_exact_time(time))
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '‒' | '―' | '−')
}

fn is_separator(c: char) -> bool {
    is_dash(c)
        || matches!(
            c,
            ',' | ';' | ':' | '.' | '/' | '|' | '，' | '、' | '·' | '•'
        )
}

fn without_parentheses(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|c| {
            let is_inside = depth > 0;
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = depth.saturating_sub(1),
                _ => return !is_inside,
            }
            false
        })
        .collect()
}

/// Returns whether one word of the text is that of a time, or all of it is a time of the clock.
fn is_time(text: &str) -> bool {
    // Compared by word, so that `NEXT DAY` and `LATER THAT NIGHT` are times.
    time_words(text)
        .iter()
        .any(|word| TIME_WORDS.contains(&word.as_str()))
        || is_clock(text)
}

/// Returns whether every word of the text belongs to a time.
fn is_exact_time(text: &str) -> bool {
    let words = time_words(text);
    let is_part = |word: &String| {
        TIME_WORDS.contains(&word.as_str())
            || TIME_FILLERS.contains(&word.as_str())
            || word.bytes().all(|byte| byte.is_ascii_digit())
    };
    words.iter().any(|word| TIME_WORDS.contains(&word.as_str())) && words.iter().all(is_part)
        || is_clock(text)
}

fn time_words(text: &str) -> Vec<String> {
    let upper = crate::base::name_form::name_form(text).to_uppercase();
    upper
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Returns whether the text is a time such as `07:45`, `7.45 PM`, `5 A.M.` or `18H`.
fn is_clock(text: &str) -> bool {
    let words = time_words(text);
    let is_digits = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let [hour, rest @ ..] = words.as_slice() else {
        return false;
    };
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    match rest.as_slice() {
        // `18H`, `5PM`
        [] => ["H", "AM", "PM"]
            .iter()
            .any(|unit| hour.strip_suffix(unit).is_some_and(is_digits)),
        [minute] if is_digits(minute) && text.contains(':') => is_digits(hour),
        [minute, "AM" | "PM" | "H" | "UHR"] | [minute, "A" | "P", "M"] => {
            is_digits(hour) && is_digits(minute)
        }
        ["AM" | "PM" | "H" | "UHR"] | ["A" | "P", "M"] | ["O", "CLOCK"] => is_digits(hour),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(heading: &str) -> (SceneSetting, String, Option<String>) {
        let place = parse_place(heading);
        (place.setting, place.location, place.time)
    }

    #[test]
    fn a_heading_has_setting_place_and_time() {
        let night = Some("NIGHT".to_owned());
        assert_eq!(
            parts("INT. HOUSE - KITCHEN - NIGHT"),
            (SceneSetting::Interior, "HOUSE - KITCHEN".into(), night)
        );
        assert_eq!(
            parts("ext pier – next day"),
            (
                SceneSetting::Exterior,
                "pier".into(),
                Some("next day".into())
            )
        );
        assert_eq!(
            parts("INT./EXT. CAR"),
            (SceneSetting::Both, "CAR".into(), None)
        );
        assert_eq!(
            parts("I/E HOUSE - KITCHEN"),
            (SceneSetting::Both, "HOUSE - KITCHEN".into(), None)
        );
        assert_eq!(
            parts("EST. CITY"),
            (SceneSetting::Establishing, "CITY".into(), None)
        );
        assert_eq!(
            parts("SNIPER SCOPE POV"),
            (SceneSetting::Unspecified, "SNIPER SCOPE POV".into(), None)
        );
    }

    #[test]
    fn every_way_to_write_both_settings_is_one() {
        for prefix in [
            "INT./EXT.",
            "INT/EXT",
            "INT. / EXT.",
            "INT/ EXT.",
            "INT. /EXT.",
            "EXT./INT.",
            "INT. - EXT.",
            "INT-EXT.",
            "INT. & EXT.",
            "I/E",
            "I/E.",
            "I./E.",
            "I. / E.",
            "E/I",
            "int./ext.",
            "EXT / INT",
        ] {
            assert_eq!(
                parts(&format!("{prefix} CAR - DAY")),
                (SceneSetting::Both, "CAR".into(), Some("DAY".into())),
                "{prefix}"
            );
        }
    }

    #[test]
    fn the_time_is_found_in_every_form() {
        for (rest, time) in [
            ("BOAT -- NIGHT", "NIGHT"),
            ("BOAT --- NIGHT", "NIGHT"),
            ("BOAT — NIGHT", "NIGHT"),
            ("BOAT—NIGHT", "NIGHT"),
            ("BOAT–NIGHT", "NIGHT"),
            ("BOAT--NIGHT", "NIGHT"),
            ("BOAT-NIGHT", "NIGHT"),
            ("BOAT- NIGHT", "NIGHT"),
            ("BOAT\u{a0}-\u{a0}NIGHT", "NIGHT"),
            ("BOAT - NIGHT - CONTINUOUS", "NIGHT - CONTINUOUS"),
            ("BOAT - CONTINUOUS", "CONTINUOUS"),
            ("BOAT - CONT'D", "CONT'D"),
            ("BOAT - MOMENTS LATER", "MOMENTS LATER"),
            ("BOAT - TWENTY YEARS LATER", "TWENTY YEARS LATER"),
            ("BOAT, LATER", "LATER"),
            ("BOAT, THE NEXT MORNING", "THE NEXT MORNING"),
            ("BOAT. NIGHT", "NIGHT"),
            ("BOAT: NIGHT", "NIGHT"),
            ("BOAT / NIGHT", "NIGHT"),
            ("BOAT (NIGHT)", "(NIGHT)"),
            ("BOAT [NIGHT]", "[NIGHT]"),
            ("BOAT - DAY (FLASHBACK)", "DAY (FLASHBACK)"),
            ("BOAT - DAY - FLASHBACK", "DAY - FLASHBACK"),
            ("BOAT - DAY, LATER", "DAY, LATER"),
            ("BOAT - 07:45", "07:45"),
            ("BOAT, 5 A.M.", "5 A.M"),
            ("BOAT - 5PM", "5PM"),
            ("BOAT - NACHT", "NACHT"),
            ("BOAT - MAN\u{303}ANA", "MAN\u{303}ANA"),
            ("BOAT - 夜", "夜"),
        ] {
            let place = parse_place(&format!("INT. {rest}"));
            assert_eq!(
                (place.location.as_str(), place.time.as_deref()),
                ("BOAT", Some(time)),
                "{rest}"
            );
        }
    }

    #[test]
    fn a_part_that_is_no_time_belongs_to_the_place() {
        for place in [
            "HOUSE - KITCHEN",
            "DAY ROOM",
            "CAR (MOVING)",
            "ST. ANNE'S",
            "MARA'S NIGHT-CLUB",
            "24/7 SHOP",
            "PIER 39",
            "NIGHT",
        ] {
            assert_eq!(
                parts(&format!("INT. {place}")),
                (SceneSetting::Interior, place.into(), None)
            );
        }
    }

    #[test]
    fn a_place_is_known_by_the_whole_first_and_by_less_later() {
        assert_eq!(
            place_names("INT. HOUSE (ATTIC) - NIGHT - LATER"),
            [
                "HOUSE (ATTIC) - NIGHT",
                "HOUSE (ATTIC) - NIGHT - LATER",
                "HOUSE (ATTIC)",
                "HOUSE"
            ]
        );
        assert_eq!(place_names("EXT. PIER NIGHT"), ["PIER NIGHT", "PIER"]);
        assert_eq!(place_names("INT. "), [""; 0]);
    }

    #[test]
    fn a_word_that_only_begins_like_a_prefix_is_no_heading() {
        assert!(
            [
                "INTERIOR MONOLOGUE",
                "EXTRA!",
                "ESTHER",
                "INT",
                "E",
                "I.E. NOT THAT",
                "I - E",
                "I/O ERROR",
                "E. COLI"
            ]
            .iter()
            .all(|line| split_prefix(line).is_none())
        );
    }

    #[test]
    fn emphasis_and_margins_are_no_part_of_a_heading() {
        for line in [
            "INT. A - DAY #5A#",
            "**INT. A - DAY** #5A#",
            "**INT. A - DAY #5A#**",
            "_**INT. A - DAY**_ #5A#",
            "5A INT. A - DAY 5A",
            "5A. INT. A - DAY",
            "5A\tINT. A - DAY\t5A",
            "INT. A - DAY # 5A #",
            "INT. A - DAY #5A# *",
        ] {
            let wanted = HeadingLine {
                text: "INT. A - DAY",
                number: Some("5A"),
            };
            assert_eq!(parse_heading(line), Some(wanted), "{line}");
        }
        assert_eq!(
            without_marks("INT. **FILE_A** - _DAY_"),
            "INT. FILE_A - DAY"
        );
    }

    #[test]
    fn a_line_that_begins_with_a_number_is_usually_no_heading() {
        for line in [
            "5 INT MEN",
            "Five INT. A",
            "a INT. A",
            "5 BOATS",
            "12",
            "INT",
        ] {
            assert_eq!(parse_heading(line), None, "{line}");
        }
    }

    #[test]
    fn a_scene_number_stands_between_hashes_at_the_end() {
        assert_eq!(
            split_number("INT. A - DAY #1-A#"),
            ("INT. A - DAY", Some("1-A"))
        );
        assert_eq!(split_number("INT. ROOM #5"), ("INT. ROOM #5", None));
        assert_eq!(split_number("INT. A ##"), ("INT. A ##", None));
    }

    #[test]
    fn an_omitted_scene_is_one_in_every_form() {
        for line in [
            "OMITTED",
            "OMITTED #5#",
            "5 OMITTED 5",
            "**OMITTED** #5#",
            "SCENE 5 OMITTED",
            "(OMITTED)",
        ] {
            let heading = parse_omission(line).unwrap();
            assert!(matches!(heading.number, Some("5") | None), "{line}");
        }
        for line in ["Omitted", "OMITTED FROM THE LIST", "5", "SCENE", ""] {
            assert_eq!(parse_omission(line), None, "{line}");
        }
        for heading in [
            "OMITTED",
            "INT. OMITTED",
            "INT. HOUSE - DAY (OMITTED)",
            "INT. HOUSE - OMITTED",
            "OMITTED - INT. HOUSE",
        ] {
            assert!(is_omitted(heading), "{heading}");
        }
        assert!(!is_omitted("INT. THE OMITTED ROOM - DAY"));
    }
}
