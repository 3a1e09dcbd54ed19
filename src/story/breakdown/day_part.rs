//! Day or night: the time of a heading, as a schedule counts it.

use crate::base::name_form::name_form;
use serde::Serialize;

/// The part of the day in which a scene plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayPart {
    /// The sun rises.
    Dawn,
    /// The sun is up.
    Day,
    /// The sun sets.
    Dusk,
    /// It is dark.
    Night,
}

/// Words of times, in the languages in which headings are read.
const WORDS: [(DayPart, &[&str]); 4] = [
    (
        DayPart::Dawn,
        &[
            "DAWN",
            "SUNRISE",
            "SUNUP",
            "DAYBREAK",
            "AUBE",
            "AMANECER",
            "ALBA",
            "MADRUGADA",
        ],
    ),
    (
        DayPart::Dusk,
        &[
            "DUSK",
            "SUNSET",
            "SUNDOWN",
            "TWILIGHT",
            "NIGHTFALL",
            "CRÉPUSCULE",
            "DÄMMERUNG",
            "ATARDECER",
            "TRAMONTO",
            "夕",
            "黄昏",
            "傍晚",
        ],
    ),
    (
        DayPart::Night,
        &[
            "NIGHT", "MIDNIGHT", "EVENING", "TONIGHT", "NUIT", "SOIR", "NACHT", "NACHTS", "ABEND",
            "ABENDS", "NOCHE", "NOTTE", "SERA", "NOITE", "AVOND", "NATT", "NAT", "KVÄLL", "AFTEN",
            "夜", "晚上",
        ],
    ),
    (
        DayPart::Day,
        &[
            "DAY",
            "MORNING",
            "AFTERNOON",
            "NOON",
            "MIDDAY",
            "JOUR",
            "MATIN",
            "MIDI",
            "TAG",
            "TAGS",
            "MORGEN",
            "MORGENS",
            "MITTAG",
            "DÍA",
            "TARDE",
            "MAÑANA",
            "GIORNO",
            "MATTINA",
            "DIA",
            "MANHÃ",
            "DAG",
            "OCHTEND",
            "日",
            "晨",
            "昼",
            "朝",
            "清晨",
            "早上",
            "中午",
            "下午",
            "白天",
        ],
    ),
];

/// Hours of the clock at which it is day: from 7 in the morning to 7 in the evening.
const DAY_HOURS: std::ops::Range<u32> = 7..19;

impl DayPart {
    /// Returns the part of the day of a time such as `LATER THAT NIGHT` or `07:45`. `None`: the time
    /// is that of the scene before, as `CONTINUOUS` and `LATER` say, or unknown.
    #[must_use]
    pub fn from_time(time: &str) -> Option<Self> {
        let upper = name_form(time).to_uppercase();
        let words: Vec<&str> = upper
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect();
        // The first word counts: `NIGHT - THE NEXT DAY` is a night.
        let by_word = words.iter().find_map(|word| {
            let mut parts = WORDS.iter();
            parts.find(|(_, known)| known.contains(word))
        });
        by_word
            .map(|(part, _)| *part)
            .or_else(|| clock_hour(&words).map(Self::from_hour))
    }

    fn from_hour(hour: u32) -> Self {
        if DAY_HOURS.contains(&hour) {
            Self::Day
        } else {
            Self::Night
        }
    }

    /// Returns the word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dawn => "dawn",
            Self::Day => "day",
            Self::Dusk => "dusk",
            Self::Night => "night",
        }
    }
}

/// Returns the hour of `07:45`, `5 PM`, `5PM` or `18H`.
fn clock_hour(words: &[&str]) -> Option<u32> {
    let digits: String = words
        .first()?
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let hour: u32 = digits.parse().ok()?;
    let text = words.join(" ");
    let is_late = text.ends_with("PM") || text.ends_with("P M");
    let is_early = text.ends_with("AM") || text.ends_with("A M");
    match hour {
        12 if is_early => Some(0),
        1..=11 if is_late => Some(hour + 12),
        0..=24 => Some(hour % 24),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::DayPart;

    #[test]
    fn times_have_a_part_of_the_day() {
        for (time, part) in [
            ("NIGHT", DayPart::Night),
            ("LATER THAT NIGHT", DayPart::Night),
            ("NIGHT - CONTINUOUS", DayPart::Night),
            ("next day", DayPart::Day),
            ("MAN\u{303}ANA", DayPart::Day),
            ("(DUSK)", DayPart::Dusk),
            ("DAYBREAK", DayPart::Dawn),
            ("07:45", DayPart::Day),
            ("5 A.M", DayPart::Night),
            ("5PM", DayPart::Day),
            ("12 AM", DayPart::Night),
            ("夜", DayPart::Night),
        ] {
            assert_eq!(DayPart::from_time(time), Some(part), "{time}");
        }
        for time in ["CONTINUOUS", "MOMENTS LATER", "SAME", "", "FLASHBACK"] {
            assert_eq!(DayPart::from_time(time), None, "{time}");
        }
    }
}
