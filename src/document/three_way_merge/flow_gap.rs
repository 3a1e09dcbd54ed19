//! What is between the parts of a map or list in brackets: comments, anchors and tags.

/// The text between two parts, or before the first and behind the last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FlowGap {
    /// The comment on the line of the part before.
    pub(super) same_line: Option<String>,
    /// The comments on lines of their own.
    pub(super) comments: Vec<String>,
    /// The anchor and the tag of the part behind, as written.
    pub(super) properties: String,
}

impl FlowGap {
    /// Reads the text between two parts. `None`: it has something else, such as `?`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut gap = Self::default();
        for (index, line) in text.split('\n').enumerate() {
            let (content, comment) = match line.find('#') {
                Some(at) => (line.get(..at)?, line.get(at..)?.trim_end()),
                None => (line, ""),
            };
            // What separates the parts is written anew; everything else must have a place, or the
            // renewal would lose it.
            for word in content.split([' ', '\t', ',', ':']) {
                match word {
                    "" | "[" | "{" | "]" | "}" => {}
                    word if word.starts_with(['&', '!']) => gap.add_property(word),
                    _ => return None,
                }
            }
            match (comment.is_empty(), index) {
                (true, _) => {}
                // A comment on the same line is about the part before it, and not about the next.
                (false, 0) => gap.same_line = Some(comment.to_owned()),
                (false, _) => gap.comments.push(comment.to_owned()),
            }
        }
        Some(gap)
    }

    fn add_property(&mut self, word: &str) {
        if !self.properties.is_empty() {
            self.properties.push(' ');
        }
        self.properties.push_str(word);
    }

    pub(super) fn all_comments(&self) -> impl Iterator<Item = &String> {
        self.same_line.iter().chain(&self.comments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_anchors_between_parts_are_found() {
        let gap = FlowGap::read(", # low\n  # Mine: all of it.\n  &a !!str ").unwrap();
        assert_eq!(gap.same_line.as_deref(), Some("# low"));
        assert_eq!(gap.comments, ["# Mine: all of it."]);
        assert_eq!(gap.properties, "&a !!str");
        assert_eq!(FlowGap::read(" ? "), None);
    }
}
