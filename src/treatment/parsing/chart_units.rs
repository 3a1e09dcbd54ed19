//! Units of the numbers of charts: those that the title of a column says, and those of a KPI.

/// Words that are units of measure or of money, in the spelling that is usual.
const UNIT_WORDS: &[&str] = &[
    "A",
    "AUD",
    "BRL",
    "CAD",
    "CHF",
    "CNY",
    "CO2",
    "CZK",
    "DKK",
    "EUR",
    "GB",
    "GBP",
    "GW",
    "GWh",
    "HUF",
    "Hz",
    "INR",
    "J",
    "JPY",
    "K",
    "KB",
    "KRW",
    "L",
    "MB",
    "MHz",
    "MW",
    "MWh",
    "MXN",
    "Mt",
    "NOK",
    "PLN",
    "RUB",
    "SEK",
    "TB",
    "TRY",
    "TW",
    "TWh",
    "USD",
    "V",
    "W",
    "Wh",
    "ZAR",
    "bar",
    "bn",
    "cm",
    "d",
    "days",
    "g",
    "h",
    "ha",
    "hours",
    "hrs",
    "k",
    "kB",
    "kHz",
    "kV",
    "kW",
    "kWh",
    "kcal",
    "kg",
    "km",
    "km2",
    "km/h",
    "kt",
    "l",
    "lb",
    "lbs",
    "m",
    "m2",
    "m3",
    "mg",
    "mi",
    "min",
    "minutes",
    "ml",
    "mm",
    "mn",
    "months",
    "mph",
    "ms",
    "percent",
    "ppm",
    "s",
    "sec",
    "seconds",
    "t",
    "tonnes",
    "tons",
    "units",
    "weeks",
    "years",
    "billion",
    "billions",
    "million",
    "millions",
    "thousand",
    "thousands",
    "people",
    "points",
    "dollars",
    "euros",
    "pounds",
    "litres",
    "liters",
    "kilograms",
    "kilogrammes",
    "grams",
    "kilometres",
    "kilometers",
    "metres",
    "meters",
    "miles",
    "acres",
    "hectares",
    "gallons",
    "barrels",
    "degrees",
    "watts",
    "kilowatts",
    "megawatts",
    "gigawatts",
    "trillion",
    "trillions",
    "Tonnen",
    "Kilogramm",
    "Gramm",
    "Kilometer",
    "Liter",
    "Hektar",
    "Minuten",
    "Sekunden",
    "Wochen",
    "Monate",
    "Millionen",
    "Milliarden",
    "Tausend",
    "Menschen",
    "Personen",
    "Einwohner",
    "Euro",
    "Dollar",
    "milliards",
    "milliers",
    "heures",
    "jours",
    "années",
    "personnes",
    "habitants",
    "toneladas",
    "kilos",
    "litros",
    "horas",
    "días",
    "años",
    "millones",
    "personas",
    "habitantes",
    "tonnellate",
    "Jahre",
    "Tage",
    "Stunden",
    "Mio",
    "Mrd",
    "Mio.",
    "Mrd.",
    "Prozent",
    "Stück",
];

/// Returns the unit that the title of a column has in brackets, behind `in`, before `of`, or that it
/// consists of: that of `Revenue (EUR m)` is `EUR m`, that of `Tonnes of honey` is `tonnes`. `None`:
/// it has none, and other words in brackets are no unit.
pub(super) fn column_unit(title: &str) -> Option<String> {
    let title = title.trim();
    let in_brackets = [('(', ')'), ('[', ']')]
        .into_iter()
        .find_map(|(open, close)| {
            let inner = title.strip_suffix(close)?;
            Some(&inner[inner.rfind(open)? + open.len_utf8()..])
        });
    let behind = title.rsplit_once(" in ").map(|(_, unit)| unit);
    // `A` or `m` alone is rather the name of something than a unit.
    let alone = || {
        let parts = [" of ", " de ", " di "];
        let before = parts.iter().find_map(|mark| title.split_once(mark));
        let unit = before.map_or(title, |(unit, _)| unit);
        spelt_unit(unit).filter(|unit| unit.chars().count() > 1)
    };
    match in_brackets.or(behind) {
        Some(unit) => spelt_unit(unit.trim().trim_start_matches("in ")),
        None => alone(),
    }
}

/// Returns a unit of up to three words as the table has them. `None`: a word of it is none.
fn spelt_unit(unit: &str) -> Option<String> {
    let words = unit.split_whitespace();
    let spelt: Option<Vec<String>> = words.map(spelt_unit_word).collect();
    let spelt = spelt.filter(|words| (1..=3).contains(&words.len()))?;
    Some(spelt.join(" "))
}

fn spelt_unit_word(word: &str) -> Option<String> {
    if word.chars().any(|c| "%‰$€£¥°²³µ".contains(c)) {
        return Some(word.to_owned());
    }
    let parts: Option<Vec<&str>> = word.split('/').map(unit_word).collect();
    unit_word(word)
        .map(str::to_owned)
        .or_else(|| parts.map(|parts| parts.join("/")))
}

/// Returns a unit as the table has it. Signs such as `m` and `M` differ by their case, and words may
/// begin with a capital.
fn unit_word(word: &str) -> Option<&'static str> {
    let exact = UNIT_WORDS.iter().find(|known| **known == word);
    let is_word = word.chars().count() > 3;
    let lower = word.to_lowercase();
    let spelt = || {
        let mut known = UNIT_WORDS.iter();
        known.find(|known| is_word && known.to_lowercase() == lower)
    };
    exact.or_else(spelt).copied()
}

/// Signs of units that stand between the number of a KPI and what it means. Words such as `days`
/// are part of what it means.
pub(super) const KPI_UNITS: &[&str] = &[
    "%", "‰", "x", "×", "k", "K", "M", "B", "bn", "°", "°C", "°F", "€", "$", "£", "¥", "million",
    "billion", "thousand", "Mio.", "Mrd.", "Mio", "Mrd", "g", "mg", "µg", "kg", "t", "Mt", "kt",
    "lb", "lbs", "oz", "ml", "cl", "l", "L", "hl", "mm", "cm", "m", "km", "mi", "m2", "m3", "km2",
    "m²", "m³", "km²", "ha", "s", "sec", "ms", "min", "h", "hrs", "km/h", "mph", "m/s", "W", "kW",
    "MW", "GW", "TW", "Wh", "kWh", "MWh", "GWh", "TWh", "V", "kV", "J", "kJ", "MJ", "kcal", "cal",
    "Hz", "kHz", "MHz", "GHz", "B/s", "KB", "kB", "MB", "GB", "TB", "PB", "dB", "ppm", "ppb",
    "hPa", "bar", "mol", "lx", "lm", "px", "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR", "SEK",
    "NOK", "DKK", "PLN", "CZK", "CAD", "AUD", "BRL", "MXN",
];

/// Units of a KPI that are letters, and must touch the digits: `5 M` may be five of something.
pub(super) const TOUCHING_UNITS: &[&str] = &["x", "k", "K", "M", "B", "bn"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_of_a_column_is_in_its_title() {
        for (title, unit) in [
            ("Revenue (EUR m)", Some("EUR m")),
            ("Lost [%]", Some("%")),
            ("Umsatz in Mio. €", Some("Mio. €")),
            ("Speed (km/h)", Some("km/h")),
            ("Emissions (t)", Some("t")),
            ("Weight (Tonnes)", Some("tonnes")),
            ("Tonnes of honey", Some("tonnes")),
            ("Tonnes", Some("tonnes")),
            ("Ernte in tonnen", Some("Tonnen")),
            ("Yield (Tonnes/ha)", Some("tonnes/ha")),
            ("kWh", Some("kWh")),
            ("M", None),
            ("Days of rain", Some("days")),
            ("Book of days", None),
            ("Revenue (2024)", None),
            ("Sales (forecast)", None),
            ("People in need", None),
            ("Honey", None),
        ] {
            assert_eq!(column_unit(title).as_deref(), unit, "{title}");
        }
    }
}
