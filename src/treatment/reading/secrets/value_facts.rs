//! Whether a value is a secret, by its label, by what is between the two, and by how both are written.

use super::secret_labels::LabelForce;
use super::secret_values::{
    SHORTEST_ASSIGNED, is_code_number, is_gibberish, is_grouped_key, is_long_word, is_placeholder,
    is_year, looks_random, looks_secret, looks_typed,
};

/// What is between a label and a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueSeparator {
    /// `=`.
    Assigned,
    /// `:` and other signs.
    Sign,
    /// `,`, `;` or `/`, which divide sentences too.
    Mark,
    /// A form of "is".
    Verb,
    /// Blanks alone.
    Blank,
}

/// What is known about a value beside its text.
pub(super) struct ValueFacts {
    pub(super) force: LabelForce,
    pub(super) is_identifier: bool,
    pub(super) separator: ValueSeparator,
    /// Whether the value follows its label without a blank.
    pub(super) is_attached: bool,
    pub(super) is_quoted: bool,
    pub(super) is_quoted_label: bool,
    /// Whether `Bearer` or another name of a scheme is in front.
    pub(super) has_scheme: bool,
    /// Whether label and value are all that is said.
    pub(super) is_alone: bool,
    /// Whether the value ends its phrase.
    pub(super) is_last: bool,
}

impl ValueFacts {
    pub(super) fn is_secret(&self, value: &str) -> bool {
        if is_placeholder(value) || value.chars().count() < SHORTEST_ASSIGNED {
            return false;
        }
        match self.force {
            LabelForce::Strong => self.is_password(value),
            // Somebody who writes about keys does not write as programs do.
            LabelForce::Key if self.is_identifier => self.is_password(value),
            LabelForce::Key => self.is_key(value),
            LabelForce::Code => self.is_code(value),
            LabelForce::Likely => self.is_likely(value),
            LabelForce::Weak => self.is_random(value),
        }
    }

    /// Whether label or value are written as programs do.
    const fn is_written_by_program(&self) -> bool {
        self.is_attached || self.is_quoted || self.is_quoted_label
    }

    fn is_password(&self, value: &str) -> bool {
        let is_one_word = !value.contains(char::is_whitespace);
        let is_long = value.chars().count() >= 6;
        match self.separator {
            ValueSeparator::Assigned => true,
            ValueSeparator::Sign if self.has_scheme => {
                let is_token = self.is_alone && value.len() >= 16;
                looks_secret(value) || looks_typed(value) || has_inner_capital(value) || is_token
            }
            ValueSeparator::Sign => {
                looks_secret(value)
                    || looks_typed(value)
                    || (is_code_number(value) && (self.is_alone || !is_year(value)))
                    || self.is_written_by_program()
                    || (self.is_alone && is_long && is_one_word)
            }
            ValueSeparator::Verb => {
                looks_secret(value)
                    || (self.is_quoted && is_long)
                    || (self.is_last && (looks_typed(value) || is_gibberish(value)))
            }
            ValueSeparator::Blank | ValueSeparator::Mark => looks_secret(value),
        }
    }

    fn is_key(&self, value: &str) -> bool {
        let is_long = value.chars().count() >= 10;
        match self.separator {
            ValueSeparator::Assigned => {
                looks_secret(value) || (self.is_written_by_program() && is_long)
            }
            ValueSeparator::Sign if self.is_attached || self.is_quoted => {
                looks_secret(value) || (is_long && !value.contains(char::is_whitespace))
            }
            ValueSeparator::Sign | ValueSeparator::Verb => {
                let is_number = is_code_number(value) && value.len() >= 8 && self.is_alone;
                looks_random(value) || is_grouped_key(value) || is_number
            }
            ValueSeparator::Blank | ValueSeparator::Mark => {
                looks_random(value) || (is_grouped_key(value) && value.len() >= 15)
            }
        }
    }

    fn is_code(&self, value: &str) -> bool {
        let is_number = is_code_number(value);
        let is_mixture = || looks_secret(value) || looks_typed(value) || is_grouped_key(value);
        match self.separator {
            ValueSeparator::Assigned | ValueSeparator::Sign => {
                (is_number && self.is_alone) || is_mixture()
            }
            ValueSeparator::Verb => {
                let is_code = self.is_last || value.len() >= 6;
                (is_number && is_code && !is_year(value)) || is_mixture()
            }
            // `WiFi 2024` is a title.
            ValueSeparator::Blank => is_number && self.is_alone && !is_year(value),
            ValueSeparator::Mark => false,
        }
    }

    fn is_likely(&self, value: &str) -> bool {
        let is_one_word = !value.contains(char::is_whitespace);
        match self.separator {
            ValueSeparator::Assigned => {
                let is_setting = self.is_alone && value.chars().count() >= 6;
                looks_secret(value) || ((self.is_written_by_program() || is_setting) && is_one_word)
            }
            ValueSeparator::Sign => {
                let is_attached = self.is_attached && self.is_last && value.chars().count() >= 6;
                looks_secret(value) || ((self.is_quoted_label || is_attached) && is_one_word)
            }
            ValueSeparator::Verb => looks_secret(value),
            ValueSeparator::Blank => looks_secret(value) && value.chars().count() >= 8,
            ValueSeparator::Mark => false,
        }
    }

    fn is_random(&self, value: &str) -> bool {
        let is_long = value.chars().count() >= 6;
        match self.separator {
            ValueSeparator::Assigned => {
                looks_secret(value) || (self.is_written_by_program() && is_long)
            }
            ValueSeparator::Sign if self.is_quoted_label => is_long || looks_secret(value),
            ValueSeparator::Sign if self.is_identifier || self.is_attached || self.is_quoted => {
                looks_secret(value)
            }
            ValueSeparator::Sign | ValueSeparator::Verb => {
                let is_long = value.chars().count() >= 12;
                let is_token = self.is_alone && is_long_word(value);
                is_token || (looks_random(value) && (self.is_alone || is_long))
            }
            ValueSeparator::Blank => looks_random(value) && value.chars().count() >= 10,
            ValueSeparator::Mark => false,
        }
    }
}

/// Whether a word of base64 without digits is one.
fn has_inner_capital(word: &str) -> bool {
    let mut letters = word.chars().skip(1);
    word.len() >= 8 && (letters.any(char::is_uppercase) || word.len() >= 20)
}
