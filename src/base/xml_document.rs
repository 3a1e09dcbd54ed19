//! Reads XML of other programs into a tree that knows the bytes of every element, within limits.
//!
//! What an element means is not known here.

use roxmltree::{Document, ParsingOptions};

/// How many elements, texts and attributes a file may have.
const MOST_NODES: u32 = 2_000_000;
/// How deep elements may be in each other.
// `roxmltree` calls itself for each level.
const MOST_LEVELS: usize = 200;

/// Why a text is no XML, and where.
#[derive(Debug)]
pub(crate) struct XmlFault {
    /// Byte of the character at which reading ended.
    pub(crate) offset: usize,
    /// The reason, for a message.
    pub(crate) reason: String,
    /// The limit on elements, texts and attributes, if there are more.
    pub(crate) most_nodes: Option<u32>,
}

/// Reads a text as XML. Entities of its own that grow are refused, and others are not opened.
///
/// # Errors
/// Fails for a text that is no XML, or that is larger than the limits.
pub(crate) fn parse_xml(text: &str) -> Result<Document<'_>, XmlFault> {
    parse_xml_up_to(text, usize::MAX)
}

/// As [`parse_xml`], with at most so many elements, texts and attributes.
///
/// # Errors
/// As there.
pub(crate) fn parse_xml_up_to(text: &str, most: usize) -> Result<Document<'_>, XmlFault> {
    let most = u32::try_from(most).map_or(MOST_NODES, |most| most.min(MOST_NODES));
    if is_too_deep(text) {
        return Err(XmlFault {
            offset: 0,
            reason: "its elements are too deep in each other".to_owned(),
            most_nodes: None,
        });
    }
    let options = ParsingOptions {
        // Files of Final Cut Pro name their DTD. Entities that grow are refused by the parser.
        allow_dtd: true,
        nodes_limit: most,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).map_err(|error| {
        let is_cut_off = matches!(
            error,
            roxmltree::Error::UnclosedRootNode | roxmltree::Error::UnexpectedEndOfStream
        );
        if is_cut_off {
            return XmlFault {
                offset: last_letter(text.trim_end()),
                reason: "it ends before its elements are closed".to_owned(),
                most_nodes: None,
            };
        }
        let place = error.pos();
        let line_start: usize = text
            .split_inclusive('\n')
            .take((place.row as usize).saturating_sub(1))
            .map(str::len)
            .sum();
        let line = &text[line_start.min(text.len())..];
        let letters = line.chars().take((place.col as usize).saturating_sub(1));
        let within: usize = letters.map(char::len_utf8).sum();
        XmlFault {
            offset: (line_start + within).min(last_letter(text)),
            reason: error.to_string(),
            most_nodes: matches!(error, roxmltree::Error::NodesLimitReached).then_some(most),
        }
    })
}

/// Returns where the last character of a text begins.
fn last_letter(text: &str) -> usize {
    text.char_indices()
        .next_back()
        .map_or(0, |(offset, _)| offset)
}

/// Returns whether elements are too deep in each other to be read. It may count a little too much,
/// where a comment has tags.
fn is_too_deep(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut depth: usize = 0;
    let mut index = 0;
    while let Some(found) = text.get(index..).and_then(|rest| rest.find('<')) {
        let at = index + found;
        index = at + 1;
        match bytes.get(index) {
            Some(b'/') => depth = depth.saturating_sub(1),
            // Comments, declarations and instructions open no level.
            Some(b'!' | b'?') | None => {}
            Some(_) => {
                let end = text[index..]
                    .find('>')
                    .map_or(text.len(), |end| index + end);
                let is_closed = bytes[..end].ends_with(b"/");
                depth += usize::from(!is_closed);
                if depth > MOST_LEVELS {
                    return true;
                }
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_before_anything_is_read() {
        assert!(is_too_deep(&"<a>".repeat(300)));
        assert!(!is_too_deep(&"<a></a>".repeat(300)));
        assert!(!is_too_deep(&"<a/>".repeat(300)));
        assert!(!is_too_deep("<"));
        assert!(!is_too_deep(""));
    }

    #[test]
    fn entities_that_grow_or_come_from_files_are_refused() {
        let nested: String = (1..12)
            .map(|level| format!("<!ENTITY e{level} \"&e{0};&e{0};&e{0};&e{0};\">", level - 1))
            .collect();
        let laughs = format!("<!DOCTYPE a [<!ENTITY e0 \"ha\">{nested}]><a>&e11;</a>");
        assert!(parse_xml(&laughs).is_err());
        let file = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>";
        let read = parse_xml(file).ok().map(|document| {
            let text = document.root_element().text().unwrap_or_default();
            text.to_owned()
        });
        assert!(read.unwrap_or_default().is_empty());
    }
}
