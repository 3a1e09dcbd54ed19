//! Lines and cells that name a secret whose value is somewhere else: on the next line, or in the next
//! cell.

use super::label_search::{label_at, words_of};
use super::secret_labels::LabelForce;
use super::value_search::QUALIFIERS;
use super::visible_text::VisibleText;

/// The most words of a line that is the name of a secret, without a sign behind it.
const LONGEST_NAME: usize = 4;

/// What a line that ends with the name of a secret says about the line behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::treatment) enum SecretWait {
    /// Its value follows if it looks like a secret.
    Likely,
    /// A sign behind the name says that its value follows.
    Sure,
}

/// The name of a secret that is all of a text, as the cell of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::treatment) enum SecretName {
    /// A word such as `password`.
    Sure,
    /// A word for a number or a code, such as `PIN`.
    Code,
    /// A word that other things have for a name too, such as `token`.
    Vague,
}

/// Returns what a text that ends with a label says about the next line.
pub(in crate::treatment) fn waits_for_secret(text: &str) -> Option<SecretWait> {
    // Most lines are sentences.
    let is_open = text.trim_end().ends_with([
        ':', '=', '>', '*', '_', '`', '"', '\'', ')', '：', '|', '-', '+',
    ]);
    if !is_open && text.split_whitespace().nth(LONGEST_NAME).is_some() {
        return None;
    }
    let text = VisibleText::new(text);
    let end = last_label(&text)?;
    let rest = text.text(&(end..text.len()));
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || "\"'_)]".contains(c));
    match rest {
        "" => Some(SecretWait::Likely),
        // The last are blocks of YAML.
        ":" | "=" | "->" | "=>" | ": |" | ": >" | ": |-" | ": >-" | ": |+" | ": >+" => {
            Some(SecretWait::Sure)
        }
        // `password for the server:`
        rest if rest.ends_with([':', '=']) && is_qualification(rest) => Some(SecretWait::Likely),
        _ => None,
    }
}

/// Whether words behind a label say what it is for.
fn is_qualification(rest: &str) -> bool {
    let mut words = rest.split_whitespace();
    let is_qualifier = words.next().is_some_and(|word| QUALIFIERS.contains(&word));
    is_qualifier && words.count() <= LONGEST_NAME
}

/// Returns which secret a text names, if it is nothing but the name of one.
pub(in crate::treatment) fn names_secret_alone(text: &str) -> Option<SecretName> {
    let visible = VisibleText::new(text);
    let words = words_of(&visible);
    // A word or two may be in front: `Wi-Fi password`, `AWS secret key`.
    for from in 0..words.len().min(4) {
        if let Some((label, next)) = label_at(&visible, &words, from) {
            let name = match label.force {
                LabelForce::Strong | LabelForce::Key => SecretName::Sure,
                LabelForce::Code => SecretName::Code,
                LabelForce::Likely | LabelForce::Weak => SecretName::Vague,
            };
            return (next >= words.len()).then_some(name);
        }
    }
    None
}

fn last_label(text: &VisibleText) -> Option<usize> {
    let words = words_of(text);
    let mut found = None;
    let mut index = 0;
    while index < words.len() {
        match label_at(text, &words, index) {
            Some((label, next)) => {
                let is_sure = matches!(label.force, LabelForce::Strong | LabelForce::Key);
                found = is_sure.then_some(label.place.end);
                index = next.max(index + 1);
            }
            None => index += 1,
        }
    }
    found
}
