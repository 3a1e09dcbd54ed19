//! Names before a speech that no list has: which words may be one, and which begin a sentence of
//! the narrator.

use super::label_words::label_form;

/// The most letters of a name before a colon.
const MOST_LETTERS: usize = 24;

/// Words before a colon that a narrator says: `Remember: bees sting.`
const LEAD_INS: &[&str] = &[
    // English.
    "remember",
    "note",
    "notice",
    "fact",
    "myth",
    "truth",
    "tip",
    "hint",
    "warning",
    "caution",
    "attention",
    "important",
    "example",
    "question",
    "answer",
    "result",
    "conclusion",
    "summary",
    "step",
    "today",
    "tomorrow",
    "yesterday",
    "now",
    "then",
    "here",
    "there",
    "first",
    "second",
    "third",
    "last",
    "next",
    "finally",
    "lesson",
    "problem",
    "solution",
    "reason",
    "cause",
    "effect",
    "goal",
    "reality",
    "key",
    "takeaway",
    "rule",
    "idea",
    "bonus",
    "breaking",
    "update",
    "news",
    "fun",
    "quick",
    "bottom",
    "spoiler",
    "imagine",
    "think",
    "look",
    "listen",
    "ask",
    "before",
    "after",
    "option",
    "part",
    "chapter",
    "number",
    "day",
    "week",
    "year",
    "pro",
    "con",
    "pros",
    "cons",
    "meaning",
    "translation",
    "case",
    "challenge",
    "verdict",
    "day",
    "way",
    // Articles and words like them, after which comes no name.
    "the",
    "a",
    "an",
    "one",
    "two",
    "three",
    "this",
    "that",
    "these",
    "those",
    "my",
    "our",
    "your",
    "his",
    "her",
    "its",
    "their",
    "and",
    "but",
    "so",
    "or",
    "because",
    "if",
    "when",
    "what",
    "why",
    "how",
    "who",
    "where",
    "which",
    "in",
    "on",
    "at",
    "for",
    "with",
    "no",
    "yes",
    "not",
    "only",
    "it",
    "we",
    "you",
    "they",
    "i",
    // German.
    "merke",
    "achtung",
    "wichtig",
    "tipp",
    "hinweis",
    "frage",
    "antwort",
    "ergebnis",
    "fazit",
    "lösung",
    "beispiel",
    "heute",
    "morgen",
    "gestern",
    "fakt",
    "schritt",
    "mythos",
    "grund",
    "ziel",
    "der",
    "die",
    "das",
    "ein",
    "eine",
    "und",
    "aber",
    "denn",
    "wenn",
    "warum",
    "wie",
    "was",
    "wer",
    "wo",
    "unser",
    "unsere",
    "mein",
    "meine",
    "jetzt",
    "dann",
    "zuerst",
    "dritter",
    // French, Spanish, Italian, Portuguese.
    "exemple",
    "réponse",
    "résultat",
    "conseil",
    "aujourd",
    "problème",
    "étape",
    "le",
    "la",
    "les",
    "un",
    "une",
    "et",
    "mais",
    "si",
    "pourquoi",
    "comment",
    "atención",
    "nota",
    "ejemplo",
    "pregunta",
    "respuesta",
    "resultado",
    "consejo",
    "hoy",
    "paso",
    "el",
    "los",
    "las",
    "una",
    "y",
    "pero",
    "por",
    "cómo",
    "attenzione",
    "esempio",
    "domanda",
    "risposta",
    "risultato",
    "consiglio",
    "oggi",
    "il",
    "lo",
    "gli",
    "ma",
    "perché",
    "come",
    "exemplo",
    "pergunta",
    "resposta",
    "dica",
    "hoje",
    "passo",
    "o",
    "os",
    "as",
    "uma",
    "mas",
];

/// Parts of names that are in small letters.
const NAME_PARTICLES: &[&str] = &[
    "von", "van", "de", "da", "di", "del", "der", "den", "la", "le", "al", "bin", "zu", "af", "ten",
];

/// Titles and parts of women, and of men.
const WOMEN: &[&str] = &[
    "mrs",
    "ms",
    "miss",
    "frau",
    "mme",
    "mlle",
    "sra",
    "lady",
    "woman",
    "girl",
    "mother",
    "mum",
    "mom",
    "grandmother",
    "sister",
    "daughter",
    "aunt",
    "queen",
    "mädchen",
    "moderatorin",
    "mutter",
    "femme",
    "mujer",
    "donna",
];
const MEN: &[&str] = &[
    "mr",
    "herr",
    "sir",
    "sr",
    "m",
    "man",
    "boy",
    "father",
    "dad",
    "grandfather",
    "brother",
    "son",
    "uncle",
    "king",
    "mann",
    "junge",
    "vater",
    "homme",
    "hombre",
    "uomo",
];

/// Returns where a name ends before its speech, if a line begins as `Anna: Very cold today.` does:
/// a name in capitals or with one at each word, and a sentence behind the colon.
pub(in crate::treatment) fn name_before_speech(text: &str) -> Option<usize> {
    let end = text.find(':')?;
    let name = text[..end].trim();
    // `http://` and `1:30` have no blank behind the colon.
    let speech = text[end + 1..].strip_prefix(' ')?.trim_start();
    let begins_sentence = speech
        .trim_start_matches(['"', '“', '„', '«', '¿', '¡', '\'', '…', ' '])
        .starts_with(|c: char| c.is_uppercase() || c.is_numeric());
    (begins_sentence && may_be_name(name)).then_some(end)
}

fn may_be_name(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let is_plain = name
        .chars()
        .all(|c| c.is_alphabetic() || " .'’-".contains(c));
    let is_part =
        |word: &&str| word.starts_with(char::is_uppercase) || NAME_PARTICLES.contains(word);
    let first = label_form(name);
    let first = first.split(' ').next().unwrap_or_default();
    (1..=3).contains(&words.len())
        && (2..=MOST_LETTERS).contains(&letters)
        && is_plain
        && name.starts_with(char::is_uppercase)
        && words.iter().all(is_part)
        && !LEAD_INS.contains(&first)
}

/// Whether a name is probably that of a woman: by its title or part, else by its ending.
pub(in crate::treatment) fn is_womans_name(name: &str) -> bool {
    let form = label_form(name);
    let words: Vec<&str> = form.split(' ').collect();
    let has_any = |known: &[&str]| words.iter().any(|word| known.contains(word));
    // A title is sure, and an ending is a guess.
    if has_any(WOMEN) || has_any(MEN) {
        return has_any(WOMEN);
    }
    let given = words.iter().find(|word| word.chars().count() > 2);
    // In most languages of Europe, few names of men end so. Anybody can change the voice.
    given.is_some_and(|given| given.ends_with('a') || given.ends_with("ah"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_before_a_sentence_and_no_beginning_of_one() {
        for line in [
            "Anna: Very cold today.",
            "Jean-Luc: “Non.”",
            "Ada von Berg: We sail.",
            "Søren: 40 percent.",
        ] {
            assert!(name_before_speech(line).is_some(), "{line}");
        }
        for line in [
            "Remember: Bees sting.",
            "The answer: Forty-two.",
            "Anna: very cold",
            "Bees dance: They do",
            "It begins at 9:30 in Rome",
            "Fazit: Es lohnt sich.",
            "anna: Very cold today.",
        ] {
            assert!(name_before_speech(line).is_none(), "{line}");
        }
    }

    #[test]
    fn a_title_says_more_than_the_end_of_a_name() {
        assert!(
            is_womans_name("Anna") && is_womans_name("Mrs. Smith") && is_womans_name("FRAU KERN")
        );
        assert!(
            !is_womans_name("Jonas") && !is_womans_name("Mr. Costa") && !is_womans_name("Dr. Lind")
        );
    }
}
