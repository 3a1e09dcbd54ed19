//! Reads XML of other programs into a tree that knows the bytes of every element, within limits.
//!
//! What an element means is not known here.

use roxmltree::{Document, ParsingOptions};

/// How many elements, texts and attributes a file may have.
const MOST_NODES: u32 = 2_000_000;
/// How deep elements may be in each other.
// Readers of elements may call themselves for each level.
const MOST_LEVELS: u32 = 200;
/// How many attributes one element may have.
// `roxmltree` compares each attribute with all before it. No program writes more than some dozens.
const MOST_ATTRIBUTES: usize = 256;
/// How many declarations of entities and of namespaces a file may have.
// `roxmltree` looks through all of them for each name, and no program that we read writes any.
const MOST_DECLARATIONS: usize = 256;

/// Why a text is no XML, or is not read, and where.
#[derive(Debug)]
pub(crate) struct XmlFault {
    /// Byte of the character at which reading ended.
    pub(crate) offset: usize,
    /// The reason, for a message.
    pub(crate) reason: String,
    /// The limit on elements, texts and attributes, if there are more.
    pub(crate) most_nodes: Option<u32>,
    /// Whether the text may be XML, and is beyond a limit.
    pub(crate) is_limit: bool,
}

impl XmlFault {
    fn limit(offset: usize, reason: impl Into<String>) -> Self {
        Self {
            offset,
            reason: reason.into(),
            most_nodes: None,
            is_limit: true,
        }
    }
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
    if let Some(fault) = costly_part(text) {
        return Err(fault);
    }
    let options = ParsingOptions {
        // Files of Final Cut Pro name their DTD. Entities that grow are refused by the parser.
        allow_dtd: true,
        nodes_limit: most,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options)
        .map_err(|error| parser_fault(text, &error, most))?;
    match first_deep_element(&document) {
        Some(offset) => Err(XmlFault::limit(
            offset,
            format!("its elements are too deep in each other: the limit is {MOST_LEVELS} levels"),
        )),
        None => Ok(document),
    }
}

/// Returns what the parser says about a text, with the place as a byte.
fn parser_fault(text: &str, error: &roxmltree::Error, most: u32) -> XmlFault {
    let is_cut_off = matches!(
        error,
        roxmltree::Error::UnclosedRootNode | roxmltree::Error::UnexpectedEndOfStream
    );
    if is_cut_off {
        return XmlFault {
            offset: last_letter(text.trim_end()),
            reason: "it ends before its elements are closed".to_owned(),
            most_nodes: None,
            is_limit: false,
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
    let most_nodes = matches!(error, roxmltree::Error::NodesLimitReached).then_some(most);
    XmlFault {
        offset: (line_start + within).min(last_letter(text)),
        reason: error.to_string(),
        most_nodes,
        is_limit: most_nodes.is_some(),
    }
}

/// Returns where the last character of a text begins.
fn last_letter(text: &str) -> usize {
    text.char_indices()
        .next_back()
        .map_or(0, |(offset, _)| offset)
}

/// Returns the first part of a text for which the parser would need more than its length in time.
///
/// Every `<` is taken for the start of a tag, and no value of an attribute may have one. So each
/// byte is looked at once, and nothing in a comment can hide a tag.
fn costly_part(text: &str) -> Option<XmlFault> {
    let mut declarations = 0;
    let mut parts = text.split('<');
    let mut offset = parts.next()?.len();
    for part in parts {
        let mut attributes = 0;
        for name in attribute_names(part) {
            attributes += 1;
            declarations += usize::from(name.starts_with("xmlns"));
        }
        if attributes > MOST_ATTRIBUTES {
            let reason = format!("an element has more than {MOST_ATTRIBUTES} attributes");
            return Some(XmlFault::limit(offset, reason));
        }
        declarations += usize::from(part.starts_with("!ENTITY"));
        if declarations > MOST_DECLARATIONS {
            let reason =
                format!("it declares more than {MOST_DECLARATIONS} entities and namespaces");
            return Some(XmlFault::limit(offset, reason));
        }
        offset += 1 + part.len();
    }
    None
}

/// Returns the names before each `=` of a tag, up to its `>`. What is in quotes is skipped.
fn attribute_names(tag: &str) -> impl Iterator<Item = &str> {
    let mut rest = tag;
    std::iter::from_fn(move || {
        loop {
            let at = rest.find(['=', '>', '"', '\''])?;
            let (before, mark) = (&rest[..at], rest.as_bytes()[at]);
            rest = &rest[at + 1..];
            match mark {
                b'=' => {
                    let name = before.trim_end();
                    let start = name.rfind(|c: char| c.is_ascii_whitespace());
                    return Some(&name[start.map_or(0, |start| start + 1)..]);
                }
                b'>' => return None,
                quote => rest = &rest[rest.find(char::from(quote))? + 1..],
            }
        }
    })
}

/// Returns the byte of the first element that is too deep in others.
fn first_deep_element(document: &Document<'_>) -> Option<usize> {
    // Nodes are in the order of the text, so that of a parent comes first.
    let mut levels: Vec<u32> = Vec::new();
    for node in document.descendants() {
        let parent = node.parent().map_or(0, |parent| parent.id().get_usize());
        let level = levels.get(parent).map_or(0, |level| level + 1);
        if level > MOST_LEVELS {
            return Some(node.range().start);
        }
        levels.push(level);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> String {
        parse_xml(text).map_or_else(|fault| fault.reason, |_| String::new())
    }

    #[test]
    fn elements_may_be_beside_each_other_and_not_too_deep_in_each_other() {
        let nested = |levels: usize, inner: &str| {
            format!(
                "{}{inner}{}",
                "<a b='/>'>".repeat(levels),
                "</a>".repeat(levels)
            )
        };
        assert!(reason(&nested(300, "")).contains("too deep"));
        // What is in a comment closes nothing.
        let hidden = format!("{}{}", "<a><!-- </a> -->".repeat(300), "</a>".repeat(300));
        assert!(reason(&hidden).contains("too deep"));
        assert_eq!(reason(&nested(1, &"<a></a><b/>".repeat(300))), "");
        assert_eq!(reason(&nested(1, &"<!-- <a> -->".repeat(300))), "");
    }

    #[test]
    fn an_element_has_a_limited_number_of_attributes() {
        let attributes = |count: usize| -> String {
            (0..count)
                .map(|index| format!(" a{index} = \"=>\""))
                .collect()
        };
        assert_eq!(reason(&format!("<a{}/>", attributes(256))), "");
        let many = format!("<a>{}<b{}/></a>", "<b c='1'/>".repeat(300), attributes(257));
        let fault = parse_xml(&many).unwrap_err();
        assert!(fault.is_limit && many[fault.offset..].starts_with("<b a0"));
        assert!(fault.reason.contains("more than 256 attributes"));
        // Signs in a text are no attributes.
        assert_eq!(reason(&format!("<a>{}</a>", "x=\"1\" ".repeat(300))), "");
    }

    #[test]
    fn what_a_parser_would_look_through_for_each_name_is_limited() {
        let entities: String = (0..300)
            .map(|index| format!("<!ENTITY e{index} \"x\">"))
            .collect();
        let text = format!("<!DOCTYPE a [{entities}]><a/>");
        assert!(reason(&text).contains("entities and namespaces"));
        let spaces: String = (0..150)
            .map(|index| format!("<b xmlns:n{index}='u' xmlns:m{index}='v'/>"))
            .collect();
        assert!(reason(&format!("<a>{spaces}</a>")).contains("entities and namespaces"));
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
