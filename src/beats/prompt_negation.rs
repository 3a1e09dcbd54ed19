//! What a prompt does not want: `no people`, `without music`, `not urban`. The words behind such a word
//! decide nothing; people, music and sound are left out.

use super::prompt_words::PromptWords;
use std::collections::BTreeSet;

/// Words that say that what follows is not wanted.
const NEGATIONS: &[&str] = &[
    "no",
    "not",
    "without",
    "never",
    "avoid",
    "avoiding",
    "exclude",
    "excluding",
    "zero",
    "don't",
    "don’t",
    "dont",
    "ohne",
    "kein",
    "keine",
    "keinen",
    "keinerlei",
    "nicht",
    "sans",
    "pas",
    "aucun",
    "aucune",
    "sin",
    "ningún",
    "ninguna",
    "senza",
    "nessun",
    "nessuna",
    "sem",
    "nenhum",
    "nenhuma",
];

/// Words between a negation and what it is about.
const FILLERS: &[&str] = &[
    "a",
    "an",
    "any",
    "the",
    "real",
    "visible",
    "single",
    "other",
    "more",
    "show",
    "showing",
    "include",
    "including",
    "have",
    "having",
    "use",
    "using",
    "with",
    "see",
    "seeing",
    "actual",
    "de",
    "des",
    "d'",
    "der",
    "die",
    "das",
    "einen",
    "eine",
    "mostrar",
    "montrer",
    "zeigen",
];

/// Words that add something to what is not wanted.
const JOINS: &[&str] = &[
    "or", "nor", "and", "oder", "und", "ou", "et", "o", "y", "e", "ni", "né",
];

/// Words for somebody who is seen.
const PEOPLE: &[&str] = &[
    "people",
    "person",
    "persons",
    "human",
    "humans",
    "actor",
    "actors",
    "actress",
    "actresses",
    "anybody",
    "anyone",
    "someone",
    "somebody",
    "man",
    "men",
    "woman",
    "women",
    "face",
    "faces",
    "hands",
    "presenter",
    "presenters",
    "menschen",
    "mensch",
    "personen",
    "leute",
    "darsteller",
    "schauspieler",
    "personne",
    "personnes",
    "gens",
    "acteurs",
    "gente",
    "persona",
    "personas",
    "actores",
    "persone",
    "attori",
    "pessoa",
    "pessoas",
    "atores",
];

/// Words that say by themselves that nobody is seen.
const NOBODY: &[&str] = &[
    "nobody",
    "no-one",
    "noone",
    "niemand",
    "menschenleer",
    "people-free",
    "peopleless",
    "unpeopled",
    "product-only",
];

/// Phrases that say the same.
const PRODUCT_ALONE: &[&[&str]] = &[
    &["no", "one"],
    &["product", "only"],
    &["only", "the", "product"],
    &["just", "the", "product"],
];

/// Words for music.
const MUSIC: &[&str] = &[
    "music",
    "musik",
    "musique",
    "música",
    "musica",
    "soundtrack",
];

/// Words for everything that is heard.
const SOUND: &[&str] = &["sound", "sounds", "audio", "ton"];

/// Parts of every ad that a prompt cannot leave out, with the field of the document that can.
const PARTS: &[(&[&str], &str)] = &[
    (
        &[
            "text", "texts", "titles", "captions", "texte", "texto", "testo", "words",
        ],
        "the `text` of beats",
    ),
    (&["logo", "logos"], "`logo` under `ad`"),
];

/// What a prompt does not want.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PromptNegations {
    /// The words that say that nobody is seen, as typed. `None`: none do.
    pub(super) no_people: Option<String>,
    /// The words that say that there is no music, as typed. `None`: none do.
    pub(super) no_music: Option<String>,
    /// The words that say that nothing is heard, as typed. `None`: none do.
    pub(super) no_sound: Option<String>,
    /// The words that are about something that is not wanted: they ask for nothing.
    pub(super) unwanted: BTreeSet<usize>,
    /// The words that were followed, or that a note is about.
    pub(super) answered: BTreeSet<usize>,
    /// What is not wanted and is there all the same, in sentences.
    pub(super) notes: Vec<String>,
}

impl PromptNegations {
    /// Reads the words of a prompt.
    pub(super) fn from_words(prompt: &PromptWords) -> Self {
        let mut found = Self::default();
        for index in 0..prompt.lower.len() {
            let word = prompt.lower[index].as_str();
            let rest = &prompt.lower[index..];
            // Before single words: `no` alone would leave out what is called `one`.
            let mut phrases = PRODUCT_ALONE.iter();
            if let Some(phrase) = phrases.find(|phrase| begins_with_words(rest, phrase)) {
                found.add_people(prompt, index..index + phrase.len());
            } else if NEGATIONS.contains(&word) {
                found.read_phrase(prompt, index);
            } else if NOBODY.contains(&word) {
                found.add_people(prompt, index..index + 1);
            }
        }
        found
    }

    /// Reads what a negation is about: `no visible people or animals`.
    fn read_phrase(&mut self, prompt: &PromptWords, negation: usize) {
        // A mark ends it, so that `no, people love it` wants people.
        let mut is_ended = prompt.ends_phrase[negation];
        let mut may_follow = true;
        for index in negation + 1..prompt.lower.len() {
            if is_ended {
                return;
            }
            is_ended = prompt.ends_phrase[index];
            let word = prompt.lower[index].as_str();
            // `no people or animals`: what is joined is not wanted either.
            if JOINS.contains(&word) {
                may_follow = true;
            } else if !may_follow {
                // Without a word that joins, the prompt says again what it wants, as in `no people
                // urban`.
                return;
            } else if PEOPLE.contains(&word) {
                self.add_people(prompt, negation..index + 1);
                may_follow = false;
            } else if !FILLERS.contains(&word) {
                self.unwanted.insert(index);
                self.note_part(prompt, negation, index);
                may_follow = false;
            }
        }
    }

    fn add_people(&mut self, prompt: &PromptWords, words: std::ops::Range<usize>) {
        let typed = prompt.typed[words.clone()].join(" ");
        self.no_people.get_or_insert(typed);
        self.unwanted.extend(words.clone());
        self.answered.extend(words);
    }

    fn note_part(&mut self, prompt: &PromptWords, negation: usize, index: usize) {
        let word = prompt.lower[index].as_str();
        for (words, silent) in [(MUSIC, &mut self.no_music), (SOUND, &mut self.no_sound)] {
            if words.contains(&word) {
                silent.get_or_insert_with(|| prompt.typed[negation..=index].join(" "));
                self.answered.extend(negation..=index);
            }
        }
        let part = PARTS.iter().find(|(words, _)| words.contains(&word));
        if let Some((_, field)) = part {
            let typed = prompt.typed[negation..=index].join(" ");
            self.answered.extend(negation..=index);
            self.notes.push(format!(
                "“{typed}” decides nothing in a prompt; change {field} in the document."
            ));
        }
    }

    /// Returns what is left out because of the prompt, in sentences.
    pub(super) fn followed_notes(&self) -> Vec<String> {
        let parts = [
            (
                &self.no_people,
                "beats that show somebody show the product in their place",
            ),
            (&self.no_music, "the ad has no music"),
            (&self.no_sound, "the ad is silent"),
        ];
        let followed = parts
            .into_iter()
            .filter_map(|(typed, what)| Some((typed.as_ref()?, what)));
        followed
            .map(|(typed, what)| format!("“{typed}” is followed: {what}."))
            .collect()
    }
}

/// Whether words begin with others.
fn begins_with_words(words: &[String], start: &[&str]) -> bool {
    words.len() >= start.len() && words.iter().zip(start).all(|(one, other)| one == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn negations(prompt: &str) -> PromptNegations {
        PromptNegations::from_words(&PromptWords::from_prompt(prompt))
    }

    #[test]
    fn people_who_are_not_wanted_are_found_in_any_words() {
        for (prompt, words) in [
            ("15s sneakers, no people", "no people"),
            ("15s sneakers without people urban", "without people"),
            (
                "15s sneakers without any visible humans",
                "without any visible humans",
            ),
            ("no text or people, 15s tea", "no text or people"),
            ("don't show people, 15s tea", "don't show people"),
            ("15s Schuhe ohne Menschen", "ohne Menschen"),
            ("15s montre sans personne", "sans personne"),
            ("tea, product only", "product only"),
            ("no one in it, 10s tea", "no one"),
        ] {
            assert_eq!(
                negations(prompt).no_people.as_deref(),
                Some(words),
                "{prompt}"
            );
        }
        for prompt in [
            "15s sneakers for people in a hurry",
            "no, people love it, tea",
            "no sugar drink for people",
            "not urban, people",
        ] {
            assert_eq!(negations(prompt).no_people, None, "{prompt}");
        }
    }

    #[test]
    fn music_and_sound_are_left_out_in_any_words() {
        for (prompt, music, sound) in [
            ("15s tea without music, calm", Some("without music"), None),
            ("15s Tee ohne Musik", Some("ohne Musik"), None),
            ("15s thé sans musique", Some("sans musique"), None),
            ("15s tea, no sound", None, Some("no sound")),
            (
                "15s tea, no music or sound",
                Some("no music"),
                Some("no music or sound"),
            ),
            ("15s music player, no people", None, None),
            ("15s headphones that sound great", None, None),
        ] {
            let found = negations(prompt);
            assert_eq!(found.no_music.as_deref(), music, "{prompt}");
            assert_eq!(found.no_sound.as_deref(), sound, "{prompt}");
            assert!(found.notes.is_empty(), "{prompt}: {:?}", found.notes);
        }
        assert_eq!(
            negations("15s tea without music").followed_notes(),
            ["“without music” is followed: the ad has no music."]
        );
    }

    #[test]
    fn what_a_prompt_cannot_leave_out_is_noted_with_where_it_can_be() {
        let found = negations("15s tea without text, calm");
        assert_eq!(
            found.notes,
            [
                "“without text” decides nothing in a prompt; change the `text` of beats in the document."
            ]
        );
        assert_eq!(negations("no sugar drink").notes, Vec::<String>::new());
    }
}
