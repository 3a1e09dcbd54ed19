//! How captions are laid out and timed: the numbers of a style guide.

use crate::model::frame_rate::FrameRate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The limits that captions are made within. Times are frames of the film.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CaptionProfile {
    /// The most letters of one line.
    pub line_letters: usize,
    /// The most lines of one caption.
    pub lines: usize,
    /// The most letters a second that are read with ease.
    pub letters_a_second: f64,
    /// The shortest time of one caption.
    pub shortest: usize,
    /// The longest time of one caption.
    pub longest: usize,
    /// The least time between two captions.
    pub gap: usize,
    /// Times between captions that are shorter than this are made as short as `gap`.
    pub chain: usize,
    /// How long a caption may stay after the last word, so that it can be read.
    pub hang: usize,
    /// How a speaker is named.
    pub names: SpeakerForm,
}

/// How a speaker is named before a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpeakerForm {
    /// `[Mara] It went out.`
    Brackets,
    /// `MARA: It went out.`
    Capitals,
}

/// Who reads the captions. Children read more slowly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaptionAudience {
    /// Adults.
    #[default]
    Adults,
    /// Children.
    Children,
}

/// The numbers of a published style guide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CaptionGuide {
    /// Its name in documents.
    pub name: &'static str,
    /// What it is.
    pub description: &'static str,
    line_letters: usize,
    lines: usize,
    letters_a_second: f64,
    /// Letters a second for children. `None`: the guide has one number for all.
    children_letters_a_second: Option<f64>,
    shortest: f64,
    longest: f64,
    gap: GuideGap,
    chain: f64,
    hang: f64,
    names: SpeakerForm,
    /// Languages with other numbers.
    languages: &'static [LanguageNumbers],
}

/// The least time between two captions.
#[derive(Debug, Clone, Copy, PartialEq)]
enum GuideGap {
    /// Frames, at any rate.
    Frames(usize),
    /// None.
    None,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct LanguageNumbers {
    language: &'static str,
    line_letters: usize,
    letters_a_second: f64,
    children_letters_a_second: f64,
}

/// The guides that documents can name. The first is used where none is named.
pub const CAPTION_GUIDES: [CaptionGuide; 2] = [
    // Timed Text Style Guide of Netflix, general requirements and the pages of the languages: 42
    // letters in each of two lines, 5/6 of a second to 7 seconds, 2 frames between captions, gaps
    // below half a second closed, half a second more for reading, names in brackets. Each page
    // has a slower speed for children.
    CaptionGuide {
        name: "netflix",
        description: "Timed Text Style Guide of Netflix",
        line_letters: 42,
        lines: 2,
        letters_a_second: 17.0,
        children_letters_a_second: Some(13.0),
        shortest: 5.0 / 6.0,
        longest: 7.0,
        gap: GuideGap::Frames(2),
        chain: 0.5,
        hang: 0.5,
        names: SpeakerForm::Brackets,
        languages: &[
            LanguageNumbers {
                language: "en",
                line_letters: 42,
                letters_a_second: 20.0,
                children_letters_a_second: 17.0,
            },
            LanguageNumbers {
                language: "ja",
                line_letters: 13,
                letters_a_second: 4.0,
                children_letters_a_second: 4.0,
            },
            LanguageNumbers {
                language: "ko",
                line_letters: 16,
                letters_a_second: 12.0,
                children_letters_a_second: 9.0,
            },
            LanguageNumbers {
                language: "zh",
                line_letters: 16,
                letters_a_second: 9.0,
                children_letters_a_second: 7.0,
            },
        ],
    },
    // Subtitle Guidelines of the BBC: 37 letters in each of two lines (those of Teletext, 68 % of
    // the width), 160 to 180 words a minute, which are 15 letters a second at five letters a word,
    // 0.3 seconds a word and so 1.2 for a few, no gap below a second, a second and a half at most
    // behind the words, names in capitals.
    CaptionGuide {
        name: "bbc",
        description: "Subtitle Guidelines of the BBC",
        line_letters: 37,
        lines: 2,
        letters_a_second: 15.0,
        // Its words a minute are for all who read well, from the age of five on.
        children_letters_a_second: None,
        shortest: 1.2,
        longest: 7.0,
        gap: GuideGap::None,
        chain: 1.0,
        hang: 1.5,
        names: SpeakerForm::Capitals,
        languages: &[],
    },
];

impl CaptionGuide {
    /// Returns the guide of this name. `None`: there is none.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        CAPTION_GUIDES.iter().find(|guide| guide.name == name)
    }

    /// Returns whether it has numbers of its own for these readers.
    #[must_use]
    pub const fn knows(&self, audience: CaptionAudience) -> bool {
        match audience {
            CaptionAudience::Adults => true,
            CaptionAudience::Children => self.children_letters_a_second.is_some(),
        }
    }

    /// Returns the letters a second that these readers read with ease. `own`: the numbers of the
    /// language, if it has any.
    fn reading_speed(&self, own: Option<&LanguageNumbers>, audience: CaptionAudience) -> f64 {
        let adults = own.map_or(self.letters_a_second, |own| own.letters_a_second);
        match audience {
            CaptionAudience::Adults => adults,
            CaptionAudience::Children => own
                .map(|own| own.children_letters_a_second)
                .or(self.children_letters_a_second)
                .unwrap_or(adults),
        }
    }

    /// Returns its numbers for captions of a language, in a film of this rate.
    #[must_use]
    pub fn profile(
        &self,
        language: &str,
        audience: CaptionAudience,
        rate: FrameRate,
    ) -> CaptionProfile {
        let primary = language.split('-').next().unwrap_or_default();
        let own = self
            .languages
            .iter()
            .find(|numbers| numbers.language.eq_ignore_ascii_case(primary));
        CaptionProfile {
            line_letters: own.map_or(self.line_letters, |own| own.line_letters),
            lines: self.lines,
            letters_a_second: self.reading_speed(own, audience),
            shortest: frames_of(self.shortest, rate),
            longest: frames_of(self.longest, rate),
            gap: match self.gap {
                GuideGap::Frames(frames) => frames,
                GuideGap::None => 0,
            },
            chain: frames_of(self.chain, rate),
            hang: frames_of(self.hang, rate),
            names: self.names,
        }
    }
}

/// Returns the number of frames that last at least so many seconds, at least 1.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "seconds of a caption are few and positive"
)]
pub fn frames_of(seconds: f64, rate: FrameRate) -> usize {
    // Less than a thousandth of a frame is an error of rounding, and no further frame.
    let frames = (seconds * rate.as_f64() - 1e-3).ceil();
    frames.clamp(1.0, 1e9) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADULTS: CaptionAudience = CaptionAudience::Adults;

    #[test]
    fn children_read_more_slowly_where_the_guide_says_so() {
        let speed = |guide: &str, language: &str, audience: CaptionAudience| {
            let guide = CaptionGuide::by_name(guide).unwrap();
            let profile = guide.profile(language, audience, FrameRate::from_fps(24));
            profile.letters_a_second
        };
        for (guide, language, adults, children) in [
            ("netflix", "en-US", 20.0, 17.0),
            ("netflix", "de", 17.0, 13.0),
            ("netflix", "ko", 12.0, 9.0),
            ("netflix", "zh-Hant", 9.0, 7.0),
            ("bbc", "en", 15.0, 15.0),
        ] {
            assert_eq!(speed(guide, language, ADULTS), adults, "{guide} {language}");
            assert_eq!(
                speed(guide, language, CaptionAudience::Children),
                children,
                "{guide} {language}"
            );
        }
    }

    #[test]
    fn guides_give_numbers_for_the_language_and_the_rate() {
        let netflix = CaptionGuide::by_name("netflix").unwrap();
        let english = netflix.profile("en-GB", ADULTS, FrameRate::from_fps(24));
        assert_eq!((english.line_letters, english.lines), (42, 2));
        assert_eq!((english.shortest, english.longest), (20, 168));
        assert_eq!((english.gap, english.chain, english.hang), (2, 12, 12));
        assert_eq!(english.letters_a_second, 20.0);
        let german = netflix.profile("de", ADULTS, FrameRate::from_fps(25));
        assert_eq!((german.letters_a_second, german.shortest), (17.0, 21));
        assert_eq!(
            netflix
                .profile("ja-JP", ADULTS, FrameRate::from_fps(24))
                .line_letters,
            13
        );
        let bbc = CaptionGuide::by_name("bbc").unwrap();
        let british = bbc.profile("en", ADULTS, FrameRate::from_fps(25));
        assert_eq!((british.line_letters, british.gap), (37, 0));
        assert_eq!((british.shortest, british.chain), (30, 25));
        assert_eq!(CaptionGuide::by_name("ebu"), None);
        assert_eq!(frames_of(0.0, FrameRate::from_fps(24)), 1);
    }
}
