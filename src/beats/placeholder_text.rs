//! Texts with placeholders: `{product_name}` and others, replaced by what an ad says.

use std::collections::BTreeMap;

/// The values of placeholders, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdPlaceholders(BTreeMap<String, String>);

impl AdPlaceholders {
    /// Sets a value. An empty one is no value.
    pub fn set(&mut self, name: &str, value: &str) {
        if !value.trim().is_empty() {
            self.0.insert(name.to_owned(), value.trim().to_owned());
        }
    }

    /// Returns the value. `None`: it is unset.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Returns the text with every placeholder replaced. `None`: one has no value.
    #[must_use]
    pub fn fill_text(&self, text: &str) -> Option<String> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, name, after)) = next_placeholder(rest) {
            filled.push_str(before);
            filled.push_str(self.get(name)?);
            // What was filled in is not searched again, so braces in a value fill in nothing.
            rest = after;
        }
        filled.push_str(rest);
        Some(filled)
    }

    /// Returns the text with every placeholder replaced that has a value, and the others as they
    /// are written.
    #[must_use]
    pub fn fill_known(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, name, after)) = next_placeholder(rest) {
            filled.push_str(before);
            match self.get(name) {
                Some(value) => filled.push_str(value),
                None => filled.push_str(&format!("{{{name}}}")),
            }
            rest = after;
        }
        filled.push_str(rest);
        filled
    }
}

/// Returns the text before the next placeholder, its name, and the text behind it. Braces around
/// anything but a name are no placeholder.
fn next_placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + text.get(from..)?.find('{')?;
        let inside = &text[open + 1..];
        let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        if end > 0 && inside[end..].starts_with('}') {
            return Some((&text[..open], &inside[..end], &inside[end + 1..]));
        }
        from = open + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> AdPlaceholders {
        let mut values = AdPlaceholders::default();
        values.set("product_name", "Nike sneakers");
        values.set("key_message", "  ");
        values
    }

    #[test]
    fn placeholders_are_replaced_and_other_braces_stay() {
        let filled = values().fill_text("{product_name}, {}, {not this}, {product_name}");
        assert_eq!(
            filled.as_deref(),
            Some("Nike sneakers, {}, {not this}, Nike sneakers")
        );
    }

    #[test]
    fn a_text_with_an_unset_placeholder_is_none() {
        assert_eq!(values().fill_text("{key_message}"), None);
        assert_eq!(values().fill_known("{key_message}!"), "{key_message}!");
    }
}
