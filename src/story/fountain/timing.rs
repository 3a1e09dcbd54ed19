//! The duration of words and actions on screen, by common rules of thumb.
//!
//! Speech: two and a half words a second, with pauses. Action: a page a minute, with 54 printed
//! lines of 60 characters. Languages that write no spaces are timed by characters.

use super::unspaced::{is_unspaced_script, printed_columns, unspaced_seconds};

/// Words spoken in a second, at the pace of film dialogue (about 150 a minute).
const WORDS_PER_SECOND: f64 = 2.5;
/// Words a second that a listener can still follow.
// Far above the pace of film dialogue, so that only certain mistakes are reported.
const MOST_WORDS_PER_SECOND: f64 = 4.0;
/// Pause after a sentence, in seconds.
const SENTENCE_PAUSE: f64 = 0.4;
/// Pause after a part of a sentence, in seconds.
const CLAUSE_PAUSE: f64 = 0.15;
/// Breath between two dialogues, in seconds.
pub const TURN_PAUSE: f64 = 0.5;
/// One printed line at a page a minute, in seconds.
const LINE_SECONDS: f64 = 60.0 / 54.0;
/// Characters in a printed line of action.
const LINE_WIDTH: usize = 60;
/// Time on screen of a centred line, such as a title card, in seconds.
pub(super) const CARD_SECONDS: f64 = 3.0;

/// What a text takes to speak.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SpokenLength {
    /// Words between spaces.
    pub words: usize,
    /// Characters of languages that write no spaces.
    pub characters: usize,
    /// Seconds for these characters, at the pace of film dialogue.
    character_seconds: f64,
    pauses: f64,
}

impl SpokenLength {
    /// Measures a text. A dash or an ellipsis alone is no word: nobody speaks it.
    #[must_use]
    pub fn measure(spoken: &str) -> Self {
        let mut length = Self::default();
        for token in spoken.split_whitespace() {
            if token.contains(|c| unspaced_seconds(c).is_some()) {
                length.add_unspaced(token);
            } else if token.contains(char::is_alphanumeric) {
                length.words += 1;
                length.pauses += pause_after(token);
            }
        }
        length
    }

    /// Adds text of a language without spaces, with the words of others that are in it.
    fn add_unspaced(&mut self, token: &str) {
        let mut is_in_word = false;
        // A pause follows the words, and a second mark such as `!?` makes no second one.
        let mut is_spoken = false;
        let mut rest = token.chars();
        while let Some(c) = rest.next() {
            if let Some(seconds) = unspaced_seconds(c) {
                self.characters += 1;
                self.character_seconds += seconds;
                is_in_word = false;
                is_spoken = true;
            } else if c.is_alphanumeric() && !is_unspaced_script(c) {
                self.words += usize::from(!is_in_word);
                is_in_word = true;
                is_spoken = true;
            } else if is_spoken && !is_inside_word(c, rest.as_str()) {
                let pause = mark_pause(c);
                self.pauses += pause;
                is_spoken = pause == 0.0;
            }
        }
        // Thai and its neighbours write a space where others write a comma. Chinese and Japanese
        // have it only beside words of other languages.
        if is_spoken && token.ends_with(|c| is_unspaced_script(c) && printed_columns(c) == 1) {
            self.pauses += CLAUSE_PAUSE;
        }
    }

    /// Returns the estimated seconds to speak it. Text without words takes none.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        if self.is_silent() {
            return 0.0;
        }
        count_as_f64(self.words) / WORDS_PER_SECOND
            + self.character_seconds
            + self.pauses
            + TURN_PAUSE
    }

    /// Returns the fewest seconds in which a listener can still follow it.
    #[must_use]
    pub fn least_seconds(&self) -> f64 {
        count_as_f64(self.words) / MOST_WORDS_PER_SECOND
            + self.character_seconds * (WORDS_PER_SECOND / MOST_WORDS_PER_SECOND)
    }

    const fn is_silent(&self) -> bool {
        self.words == 0 && self.characters == 0
    }
}

/// Returns the estimated seconds to speak this. Text without words takes none.
#[must_use]
pub fn speech_seconds(spoken: &str) -> f64 {
    SpokenLength::measure(spoken).seconds()
}

/// Returns the estimated seconds of an action paragraph.
#[must_use]
pub fn action_seconds(action: &str) -> f64 {
    // An empty line inside of a paragraph is a printed line too.
    let printed = action
        .lines()
        .map(|line| {
            let columns: usize = line.chars().map(printed_columns).sum();
            columns.div_ceil(LINE_WIDTH).max(1)
        })
        .sum();
    // The blank line after a paragraph is printed too.
    if action.trim().is_empty() {
        0.0
    } else {
        count_as_f64(printed) * LINE_SECONDS + LINE_SECONDS
    }
}

/// Returns the seconds that a direction such as `beat` adds. Other directions, such as
/// `whispering`, only colour the words.
pub(super) fn direction_seconds(direction: &str) -> f64 {
    let direction = direction.to_lowercase();
    let waits = ["beat", "pause", "silence", "sighs", "laughs"]
        .iter()
        .any(|word| direction.contains(word));
    if waits { 1.0 } else { 0.0 }
}

fn pause_after(word: &str) -> f64 {
    // A closing quote or parenthesis after the full stop does not change the pause.
    word.trim_end_matches(['"', '\'', ')', '”', '’', '»'])
        .chars()
        .last()
        .map_or(0.0, mark_pause)
}

/// Returns whether the mark is between letters or digits, as in `3.5` and `B-12`.
fn is_inside_word(mark: char, rest: &str) -> bool {
    mark.is_ascii() && rest.starts_with(|next: char| next.is_ascii_alphanumeric())
}

fn mark_pause(mark: char) -> f64 {
    match mark {
        '.' | '!' | '?' | '…' => SENTENCE_PAUSE,
        ',' | ';' | ':' | '-' | '–' | '—' => CLAUSE_PAUSE,
        // The marks of Chinese and Japanese, Khmer, Burmese and Tibetan.
        '。' | '！' | '？' | '．' | '｡' | '⋯' | '។' | '៕' | '။' | '།' => {
            SENTENCE_PAUSE
        }
        '，' | '、' | '；' | '：' | '､' | '―' | '၊' => CLAUSE_PAUSE,
        _ => 0.0,
    }
}

fn count_as_f64(items: usize) -> f64 {
    u32::try_from(items).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_words_take_two_seconds_and_the_pauses() {
        assert!(
            (speech_seconds("We leave at dawn, friend.")
                - (2.0 + CLAUSE_PAUSE + SENTENCE_PAUSE + TURN_PAUSE))
                .abs()
                < 1e-9
        );
        assert!(speech_seconds(" - ...").abs() < 1e-9);
    }

    /// Returns how much longer the second text takes than the first.
    fn ratio(one: &str, two: &str) -> f64 {
        speech_seconds(two) / speech_seconds(one)
    }

    #[test]
    fn a_speech_takes_as_long_in_a_language_without_spaces() {
        let english = "Nine boats are out there, and only this lamp can bring them home tonight.";
        for translated in [
            "外面还有九条船，今晚只有这盏灯能把它们带回家。",
            "外には九隻の船がいて、今夜それを家に帰せるのはこのランプだけだ。",
            "ข้างนอกนั่นมีเรืออยู่เก้าลำ คืนนี้มีแค่ตะเกียงดวงนี้ที่พาพวกเขากลับบ้านได้",
            "ມີເຮືອເກົ້າລຳຢູ່ຂ້າງນອກ ຄືນນີ້ມີແຕ່ໂຄມໄຟນີ້ທີ່ຈະພາພວກເຂົາກັບບ້ານໄດ້",
            "នៅខាងក្រៅមានទូកប្រាំបួន ហើយយប់នេះមានតែចង្កៀងនេះទេដែលអាចនាំពួកគេមកផ្ទះ។",
            "အပြင်မှာ လှေကိုးစင်းရှိတယ်၊ ဒီညမှာ ဒီမီးအိမ်ကသာ သူတို့ကို အိမ်ပြန်ခေါ်နိုင်တယ်။",
        ] {
            let ratio = ratio(english, translated);
            assert!((0.75..1.33).contains(&ratio), "{ratio} for {translated}");
        }
    }

    #[test]
    fn length_grows_with_the_characters_and_not_with_the_spaces() {
        let short = SpokenLength::measure("我们走吧。");
        let long = SpokenLength::measure("我们走吧我们走吧我们走吧。");
        assert_eq!([short.characters, long.characters], [4, 12]);
        assert!((long.seconds() - short.seconds() - 2.0).abs() < 1e-9);
        assert!((short.least_seconds() - 4.0 * 0.25 * 2.5 / 4.0).abs() < 1e-9);
    }

    #[test]
    fn words_in_a_text_without_spaces_are_words() {
        let mixed = SpokenLength::measure("请打开 iPhone里的GPS，往NW走3海里！？");
        assert_eq!([mixed.words, mixed.characters], [4, 9]);
        // One pause for the comma and one for the marks at the end. The space makes none.
        assert!((mixed.pauses - (CLAUSE_PAUSE + SENTENCE_PAUSE)).abs() < 1e-9);
    }

    #[test]
    fn marks_over_letters_take_no_time() {
        let composed = SpokenLength::measure("がんばれ");
        let parted = SpokenLength::measure("か\u{3099}んは\u{3099}れ");
        assert_eq!(composed, parted);
    }

    #[test]
    fn action_in_wide_characters_fills_lines_twice_as_fast() {
        assert!((action_seconds(&"海".repeat(60)) - 3.0 * LINE_SECONDS).abs() < 1e-9);
    }

    #[test]
    fn a_page_of_action_takes_a_minute() {
        let page = vec!["x".repeat(LINE_WIDTH); 53].join("\n");
        assert!((action_seconds(&page) - 60.0).abs() < 1e-9);
        assert!(action_seconds("").abs() < 1e-9);
    }
}
