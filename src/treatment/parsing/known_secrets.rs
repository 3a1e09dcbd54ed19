//! Finds secrets that are known from one place of a text in all others.

use crate::base::work_counter::count_work;
use std::collections::BTreeMap;
use std::ops::Range;

/// Fewest characters of a secret that is looked for in the rest of the text.
const LEAST_REPEATED: usize = 6;
/// The most bytes of a secret that are compared.
// Without a limit, a text and a secret that are both repetitions cost their product.
const MOST_COMPARED: usize = 256;

/// Secrets as a tree of their bytes, so that one walk over a text finds all of them.
#[derive(Debug)]
pub(super) struct KnownSecrets {
    nodes: Vec<SecretNode>,
}

/// The secrets with one beginning.
#[derive(Debug, Default)]
struct SecretNode {
    next: BTreeMap<u8, usize>,
    is_end: bool,
}

impl KnownSecrets {
    pub(super) fn new<'s>(secrets: impl Iterator<Item = &'s str>) -> Self {
        let mut known = Self {
            nodes: vec![SecretNode::default()],
        };
        for secret in secrets {
            if secret.chars().count() >= LEAST_REPEATED {
                known.add(secret);
            }
        }
        known
    }

    fn add(&mut self, secret: &str) {
        let mut at = 0;
        for byte in secret.bytes().take(MOST_COMPARED) {
            let free = self.nodes.len();
            let next = *self.nodes[at].next.entry(byte).or_insert(free);
            if next == free {
                self.nodes.push(SecretNode::default());
            }
            at = next;
        }
        self.nodes[at].is_end = true;
    }

    /// Returns where secrets are in a text, in order and apart from each other.
    pub(super) fn places(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut start = 0;
        while start < text.len() {
            match self.longest_at(text, start) {
                Some(end) => {
                    found.push(start..end);
                    start = end;
                }
                None => start += 1,
            }
        }
        found
    }

    /// Returns the end of the longest secret that begins at a byte.
    fn longest_at(&self, text: &str, start: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let mut node = self.nodes.first()?;
        let mut found = None;
        for (index, byte) in bytes[start..].iter().enumerate() {
            count_work(1);
            let Some(next) = node.next.get(byte).and_then(|next| self.nodes.get(*next)) else {
                break;
            };
            node = next;
            if node.is_end {
                found = Some(start + index + 1);
            }
        }
        let end = found?;
        if end - start < MOST_COMPARED {
            return Some(end).filter(|end| text.is_char_boundary(*end));
        }
        // All of a word of which a part is known.
        let rest = text.get(start..)?;
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        Some(start + length.max(end - start)).filter(|end| text.is_char_boundary(*end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_of_the_secrets_that_begin_alike_is_found() {
        let secrets = ["kediler", "kediler12", "hunter22", "short"];
        let known = KnownSecrets::new(secrets.into_iter());
        assert_eq!(known.places("kediler1 kediler12, short"), [0..7, 9..18]);
        assert_eq!(known.places("ünkediler"), std::slice::from_ref(&(3..10)));
    }

    #[test]
    fn a_secret_of_many_bytes_is_taken_out_whole() {
        let secret = "aB3".repeat(400);
        let known = KnownSecrets::new([secret.as_str()].into_iter());
        assert_eq!(
            known.places(&format!("see {secret} there")),
            std::slice::from_ref(&(4..1204))
        );
    }
}
