//! The title page: lines without names. Their words and their place say what each is.

use super::fdx_text::ParagraphText;
use roxmltree::Node;

/// How the writers' line of a title page begins.
const CREDITS: [&str; 8] = [
    "written by",
    "screenplay by",
    "story by",
    "teleplay by",
    "written and",
    "a screenplay by",
    "an original screenplay by",
    "by",
];
/// How the line about the work that a script is from begins.
const SOURCES: [&str; 4] = ["based on", "based upon", "adapted from", "inspired by"];
/// Words of a line about the draft.
const DRAFTS: [&str; 5] = ["draft", "revis", "version", "rev.", "dated"];

/// Lines that are together on the title page.
struct LineGroup {
    is_centred: bool,
    lines: Vec<String>,
}

/// Returns the title page as keys and values of Fountain.
pub(super) fn read_title_page(root: Node<'_, '_>) -> Vec<(String, String)> {
    let page = root
        .children()
        .find(|child| child.has_tag_name("TitlePage"));
    let content = page.and_then(|page| page.children().find(|child| child.has_tag_name("Content")));
    let mut sorted = TitlePage::default();
    for group in content.map(line_groups).unwrap_or_default() {
        sorted.push_group(group);
    }
    sorted.into_page()
}

fn line_groups(content: Node<'_, '_>) -> Vec<LineGroup> {
    let mut groups: Vec<LineGroup> = Vec::new();
    let mut is_open = false;
    let paragraphs = content
        .children()
        .filter(|child| child.has_tag_name("Paragraph"));
    for paragraph in paragraphs {
        let lines = ParagraphText::read(paragraph).plain_lines();
        let is_centred = paragraph.attribute("Alignment") == Some("Center");
        if lines.is_empty() {
            is_open = false;
            continue;
        }
        match groups.last_mut() {
            Some(last) if is_open && last.is_centred == is_centred => last.lines.extend(lines),
            _ => groups.push(LineGroup { is_centred, lines }),
        }
        is_open = true;
    }
    groups
}

#[derive(Default)]
struct TitlePage {
    /// Values by key, in order of their first appearance.
    values: Vec<(&'static str, Vec<String>)>,
    /// Whether the next centred lines are the authors'.
    expects_author: bool,
}

impl TitlePage {
    fn push_group(&mut self, group: LineGroup) {
        let LineGroup { is_centred, lines } = group;
        let first = lines[0].to_lowercase();
        let begins = |words: &[&str]| words.iter().any(|word| first.starts_with(word));
        let has_title = self.values.iter().any(|(key, _)| *key == "Title");
        if std::mem::take(&mut self.expects_author) && is_centred {
            self.push("Author", lines);
        } else if !has_title && is_centred {
            self.push("Title", lines);
        } else if is_centred && begins(&CREDITS) {
            self.push_credit(lines);
        } else if begins(&SOURCES) {
            self.push("Source", lines);
        } else if DRAFTS.iter().any(|word| first.contains(word)) {
            self.push("Draft date", lines);
        } else {
            let key = if is_centred { "Notes" } else { "Contact" };
            self.push(key, lines);
        }
    }

    fn push_credit(&mut self, mut lines: Vec<String>) {
        let authors = lines.split_off(1);
        self.push("Credit", lines);
        self.expects_author = authors.is_empty();
        if !authors.is_empty() {
            self.push("Author", authors);
        }
    }

    fn push(&mut self, key: &'static str, lines: Vec<String>) {
        match self.values.iter_mut().find(|(known, _)| *known == key) {
            Some((_, values)) => values.extend(lines),
            None => self.values.push((key, lines)),
        }
    }

    fn into_page(self) -> Vec<(String, String)> {
        let values = self.values.into_iter();
        values
            .map(|(key, lines)| (key.to_owned(), lines.join("\n")))
            .collect()
    }
}
