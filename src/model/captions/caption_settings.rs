//! What a document asks for in its captions.

use super::caption_profile::{
    CaptionAudience, CaptionGuide, CaptionProfile, SpeakerForm, frames_of,
};
use crate::base::Spanned;
use crate::model::frame_rate::FrameRate;
use crate::model::production::AssetRef;
use std::collections::HashMap;

/// The captions of a production.
#[derive(Debug, Clone, PartialEq)]
pub struct CaptionSettings {
    /// The style guide that numbers come from.
    pub guide: &'static CaptionGuide,
    /// Who reads them.
    pub audience: CaptionAudience,
    /// The most letters of a line, where the document says it.
    pub line_letters: Option<usize>,
    /// The most lines.
    pub lines: Option<usize>,
    /// The most letters a second.
    pub letters_a_second: Option<f64>,
    /// The shortest time in seconds.
    pub shortest: Option<f64>,
    /// The longest time in seconds.
    pub longest: Option<f64>,
    /// The least time between two captions in frames.
    pub gap: Option<usize>,
    /// When a speaker is named.
    pub naming: SpeakerNaming,
    /// How a speaker is named. `None`: as the guide does.
    pub names: Option<SpeakerForm>,
    /// Whether sounds are named.
    pub sounds: bool,
    /// The language of the script, as in BCP 47.
    pub language: String,
    /// The table with other languages.
    pub table: Option<AssetRef>,
    /// Whether the table was read. If not, another finding says why.
    pub has_table: bool,
    /// What the table says, by language.
    pub translations: Vec<CaptionTranslation>,
}

/// When a caption names its speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SpeakerNaming {
    /// Never.
    #[default]
    Never,
    /// When the speaker is out of view.
    OffScreen,
    /// When another person speaks than before, and when the speaker is out of view.
    Changes,
    /// Before every line.
    Always,
}

/// The lines of a production in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct CaptionTranslation {
    /// The language, as in BCP 47, with the place of the title of its column.
    pub language: Spanned<String>,
    /// What is shown for each line, by the name of the line, with its place.
    pub texts: HashMap<String, Spanned<String>>,
}

impl Default for CaptionSettings {
    fn default() -> Self {
        Self {
            guide: &super::CAPTION_GUIDES[0],
            audience: CaptionAudience::Adults,
            line_letters: None,
            lines: None,
            letters_a_second: None,
            shortest: None,
            longest: None,
            gap: None,
            naming: SpeakerNaming::Never,
            names: None,
            sounds: false,
            language: crate::model::sound::DEFAULT_LANGUAGE.to_owned(),
            table: None,
            has_table: false,
            translations: Vec::new(),
        }
    }
}

impl CaptionSettings {
    /// Returns the limits of captions in a language, for a film of this rate.
    #[must_use]
    pub fn profile(&self, language: &str, rate: FrameRate) -> CaptionProfile {
        let guide = self.guide.profile(language, self.audience, rate);
        let frames = |seconds: Option<f64>, usual: usize| {
            seconds.map_or(usual, |seconds| frames_of(seconds, rate))
        };
        let shortest = frames(self.shortest, guide.shortest);
        CaptionProfile {
            line_letters: self.line_letters.unwrap_or(guide.line_letters),
            lines: self.lines.unwrap_or(guide.lines),
            letters_a_second: self.letters_a_second.unwrap_or(guide.letters_a_second),
            shortest,
            longest: frames(self.longest, guide.longest).max(shortest),
            gap: self.gap.unwrap_or(guide.gap),
            names: self.names.unwrap_or(guide.names),
            ..guide
        }
    }

    /// Returns the translation into a language. `None`: the table has none.
    #[must_use]
    pub fn translation(&self, language: &str) -> Option<&CaptionTranslation> {
        let mut translations = self.translations.iter();
        translations.find(|found| found.language.value.eq_ignore_ascii_case(language))
    }

    /// Returns whether the script is in this language.
    #[must_use]
    pub fn is_script_language(&self, language: &str) -> bool {
        self.language.eq_ignore_ascii_case(language)
    }
}
