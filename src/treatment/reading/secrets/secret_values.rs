//! Whether a word looks like a secret, or like the words of prose.

use super::secret_names::{SecretName, SecretWait};

/// Fewest characters of a secret that has nothing else to tell it by.
const SHORTEST: usize = 6;
/// Fewest characters of a secret with a label that is written as programs do.
pub(super) const SHORTEST_ASSIGNED: usize = 4;
/// What stands in the place of a secret.
const PLACEHOLDERS: &[&str] = &[
    "none",
    "null",
    "true",
    "false",
    "required",
    "optional",
    "yes",
    "no",
    "hidden",
    "redacted",
    "unknown",
    "todo",
    "tbd",
    "string",
    "env",
    "empty",
    "value",
    "masked",
    "removed",
    "example",
    "text",
    "password",
    "secret",
    "token",
    "passwort",
    "changed",
    "protected",
    "needed",
    "given",
    "undefined",
    "default",
    "n/a",
    "pending",
    "granted",
    "denied",
    "missing",
    "invalid",
    "expired",
    "forgotten",
    "stolen",
    "incorrect",
    "correct",
    "wrong",
];
/// Ends of names of files.
const EXTENSIONS: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "webp", "svg", "mp4", "mov", "webm", "mp3", "wav", "flac", "ogg",
    "glb", "gltf", "md", "txt", "pdf", "yaml", "yml", "json", "csv", "srt", "vtt", "exr", "tif",
    "tiff", "fountain", "fdx", "html", "docx", "pptx", "xlsx",
];

/// Whether a word behind a label is one: letters and digits in one word. Words of prose are not, and
/// neither are sizes, times and names of files.
pub(super) fn looks_secret(word: &str) -> bool {
    let has_digit = word.chars().any(|c| c.is_ascii_digit());
    let has_letter = word.chars().any(char::is_alphabetic);
    word.chars().count() >= SHORTEST
        && has_digit
        && has_letter
        && !is_placeholder(word)
        && !is_measure(word)
        && !is_file_name(word)
}

/// Whether a word has what passwords have, though it has no digits: marks inside, or capitals behind
/// small letters, twice.
pub(super) fn looks_typed(word: &str) -> bool {
    let core = word.trim_end_matches(|c: char| c.is_ascii_punctuation());
    let has_mark = core.chars().any(|c| "!@#$%^&*?~+=".contains(c));
    let letters: Vec<char> = core.chars().collect();
    let humps = letters
        .windows(2)
        .filter(|pair| pair[0].is_lowercase() && pair[1].is_uppercase());
    let has_letter = core.chars().any(char::is_alphabetic);
    word.chars().count() >= SHORTEST
        && has_letter
        && (has_mark || humps.count() >= 2)
        && !is_placeholder(word)
        && !is_file_name(word)
}

/// Whether a word is digits, as many as codes have, or groups of them, as combinations are.
pub(super) fn is_code_number(word: &str) -> bool {
    let digits = word.trim_end_matches(['#', '*']);
    digits.len() >= SHORTEST_ASSIGNED
        && digits.chars().all(|c| c.is_ascii_digit() || c == '-')
        && digits.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a word is a year, as sentences have them.
pub(super) fn is_year(word: &str) -> bool {
    word.len() == 4 && (word.starts_with("19") || word.starts_with("20"))
}

/// Fewest letters of a word in which there are too few vowels for a language.
const LONG_LETTERS: usize = 12;
/// Fewest letters of a word that no language has, in which there are few vowels.
const LONGEST_WORD: usize = 20;

/// Whether a word is letters that somebody typed or a machine chose: no language has as few vowels in
/// a word of this length.
pub(super) fn is_gibberish(word: &str) -> bool {
    let length = word.len();
    if length < LONG_LETTERS || !word.bytes().all(|c| c.is_ascii_lowercase()) {
        return false;
    }
    let vowels = word.chars().filter(|c| "aeiouy".contains(*c)).count();
    vowels * 6 < length || (length >= LONGEST_WORD && vowels * 4 < length)
}

/// How often letters and digits follow each other in a word that is random.
const LEAST_CHANGES: usize = 3;
/// Fewest characters of a word with digits that needs no changes to be a key.
const LONG_KEY: usize = 24;

/// Whether a word is a secret and random: letters and digits change too often for a word with a number
/// behind it, such as `Covid19` and `ERC-20`.
pub(super) fn looks_random(word: &str) -> bool {
    if is_gibberish(word) {
        return true;
    }
    looks_secret(word)
        && (kind_changes(word) >= LEAST_CHANGES
            || is_grouped_key(word)
            || is_uuid(word)
            || (word.chars().count() >= LONG_KEY && !word.contains('-')))
}

/// Whether a word is a number of 128 bits, as services give them as keys.
fn is_uuid(word: &str) -> bool {
    let groups: Vec<usize> = word.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && word.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

/// Returns how often letters and digits follow each other. Signs between them count for nothing.
pub(super) fn kind_changes(word: &str) -> usize {
    let kinds = word.chars().filter(|c| c.is_alphanumeric());
    let kinds: Vec<bool> = kinds.map(|c| c.is_ascii_digit()).collect();
    kinds.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

/// Whether a word is groups of as many letters and digits, as keys of programs and codes for a lost
/// password are printed: `AAAAA-BBBBB-CCCCC-DDDDD-EEEEE`.
pub(super) fn is_grouped_key(word: &str) -> bool {
    let groups: Vec<&str> = word.split('-').collect();
    let length = groups[0].len();
    groups.len() >= 3
        && (4..=8).contains(&length)
        && groups
            .iter()
            .all(|group| group.len() == length && group.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// Words that sentences have and phrases of random words have not.
const SENTENCE_WORDS: &[&str] = &[
    "the", "and", "for", "with", "your", "you", "our", "not", "are", "was", "were", "that", "this",
    "from", "what", "when", "who", "how", "why", "all", "can", "has", "have", "will", "must",
    "should", "none", "never", "always", "they", "them", "his", "her", "its", "one", "only", "but",
    "der", "die", "das", "und", "ist", "nicht", "ein", "eine", "les", "des", "est", "une", "pas",
    "choose", "use", "pick", "write", "make", "take", "keep", "think", "enter", "type", "try",
    "los", "las", "por", "que", "una", "del", "con", "per", "non", "che", "sono", "uma", "para",
];

/// Whether words are random ones, as passphrases are made of: short, in small letters, none of them one
/// that joins sentences.
pub(super) fn is_word_phrase(words: &[&str], least: usize) -> bool {
    words.len() >= least
        && words.iter().all(|word| {
            (3..=9).contains(&word.len())
                && word.chars().all(|c| c.is_ascii_lowercase())
                && !SENTENCE_WORDS.contains(word)
        })
}

/// Whether a word stands in the place of a secret, such as `<password>`, `${KEY}`, `***` and `none`.
pub(super) fn is_placeholder(word: &str) -> bool {
    let first = word.chars().next();
    let is_one_character = word.chars().all(|c| Some(c) == first);
    let is_template = word.starts_with(['<', '…'])
        || word.starts_with("{{")
        || is_variable(word)
        || word.to_lowercase().starts_with("your");
    let lower = word.to_lowercase();
    is_one_character || is_template || PLACEHOLDERS.contains(&lower.as_str())
}

/// Whether a word is the name of a variable, as `$KEY`, `${KEY}`, `$(pass show x)` and `%KEY%`, or a
/// place for one, as `%s`.
fn is_variable(word: &str) -> bool {
    if let Some(name) = word.strip_prefix('$') {
        return name.starts_with(['{', '('])
            || name.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    }
    let is_percent = |name: &str| name.ends_with('%') || name.len() <= 2 || name.starts_with('(');
    word.strip_prefix('%').is_some_and(is_percent)
}

/// Whether a word is small letters, more than words of most languages have.
pub(super) fn is_long_word(word: &str) -> bool {
    word.len() >= LONGEST_WORD && word.bytes().all(|c| c.is_ascii_lowercase())
}

/// Whether the cell of a table under or beside the name of a secret has one.
pub(in crate::treatment) fn is_cell_secret(cell: &str, name: SecretName) -> bool {
    let cell = cell.trim().trim_matches(['"', '\'', '`']);
    match name {
        SecretName::Sure => {
            cell.chars().count() >= SHORTEST_ASSIGNED
                && !is_placeholder(cell)
                && (!cell.contains(char::is_whitespace)
                    || cell.split_whitespace().any(looks_secret))
                && cell.chars().any(char::is_alphanumeric)
        }
        SecretName::Code => is_code_number(cell) || looks_secret(cell) || looks_typed(cell),
        SecretName::Vague => {
            looks_secret(cell) || looks_typed(cell) || is_gibberish(cell) || is_long_word(cell)
        }
    }
}

/// Whether the first word of a line is the secret that the line before waits for.
///
/// `is_alone`: nothing else is on the line.
pub(in crate::treatment) fn is_waited_secret(word: &str, wait: SecretWait, is_alone: bool) -> bool {
    let is_word = word.ends_with(char::is_alphanumeric) && word.chars().count() >= SHORTEST;
    let is_said = wait == SecretWait::Sure && is_alone && is_word && !is_placeholder(word);
    is_said || looks_secret(word)
}

/// Units with capitals.
const UNITS: &[&str] = &[
    "Mbit", "MBit", "Gbit", "GBit", "kB", "KB", "MB", "GB", "TB", "PB", "Hz", "kHz", "MHz", "GHz",
    "W", "kW", "MW", "GW", "kWh", "MWh", "V", "kV", "A", "Ah", "mAh", "MP", "Mpx", "K", "P",
    "Mbps", "Gbps", "EUR", "USD",
];

/// Whether a word is a number with a unit, such as `1080p`, `256-bit` and `30seconds`.
fn is_measure(word: &str) -> bool {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let unit = rest.trim_start_matches(['-', '.', ',']);
    let unit = unit.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_small = unit.len() <= 7 && unit.chars().all(|c| c.is_lowercase() || c == '%');
    rest.len() < word.len() && (is_small || UNITS.contains(&unit)) && !unit.is_empty()
}

/// Whether a word ends as names of files do.
pub(super) fn is_file_name(word: &str) -> bool {
    let end = word.trim_end_matches(['.', ',', ';', ')', ']', '!', '?']);
    end.rsplit_once('.')
        .is_some_and(|(_, end)| EXTENSIONS.contains(&end.to_lowercase().as_str()))
}
