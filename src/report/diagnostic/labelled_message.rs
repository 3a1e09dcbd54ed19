//! A diagnostic as miette sees it: the main picture in its own file, and a note for each related
//! place in another file.

use super::counts::severity_word;
use super::excerpt_source::ExcerptSource;
use super::message_text::escape_unprintable;
use crate::base::{Diagnostic, FileId, FileSpan, Severity};
use miette::{LabeledSpan, SourceCode, SourceSpan};
use std::collections::HashMap;
use std::fmt;

/// A message with the places of one file to which it points, the main one first.
pub(super) struct LabelledMessage<'a> {
    page: Option<&'a ExcerptSource<'a>>,
    message: String,
    code: Option<String>,
    severity: miette::Severity,
    help: Option<String>,
    labels: Vec<(FileSpan, &'a str)>,
}

impl<'a> LabelledMessage<'a> {
    /// Returns the picture of a diagnostic, then one for each related place in another file.
    pub(super) fn all_from_diagnostic(
        diagnostic: &'a Diagnostic,
        pages: &'a HashMap<FileId, ExcerptSource<'a>>,
    ) -> Vec<Self> {
        // miette draws one source for each report, so other files need reports of their own.
        let elsewhere = diagnostic
            .related
            .iter()
            .filter(|(origin, _)| origin.file != diagnostic.origin.file);
        let notes = elsewhere.map(|(origin, text)| Self::related_message(*origin, text, pages));
        std::iter::once(Self::main_message(diagnostic, pages))
            .chain(notes)
            .collect()
    }

    fn main_message(
        diagnostic: &'a Diagnostic,
        pages: &'a HashMap<FileId, ExcerptSource<'a>>,
    ) -> Self {
        let here = diagnostic
            .related
            .iter()
            .filter(|(origin, _)| origin.file == diagnostic.origin.file);
        let others = here.map(|(origin, text)| (*origin, text.as_str()));
        let main = (diagnostic.origin, diagnostic.label.as_str());
        Self {
            // Without a page the message is drawn alone: a file that could not be read has
            // diagnostics too.
            page: pages.get(&diagnostic.origin.file),
            message: escape_unprintable(&diagnostic.message),
            // miette shows the severity only by a symbol and its colour. The word can be searched
            // and needs no colour.
            code: Some(format!(
                "{}[{}]",
                severity_word(diagnostic.severity),
                diagnostic.code
            )),
            severity: match diagnostic.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
                Severity::Info => miette::Severity::Advice,
            },
            help: diagnostic.help.as_deref().map(escape_unprintable),
            labels: std::iter::once(main).chain(others).collect(),
        }
    }

    fn related_message(
        origin: FileSpan,
        text: &'a str,
        pages: &'a HashMap<FileId, ExcerptSource<'a>>,
    ) -> Self {
        let severity = miette::Severity::Advice;
        let page = pages.get(&origin.file);
        let code = None;
        let help = None;
        Self {
            page,
            message: escape_unprintable(text),
            code,
            severity,
            help,
            labels: vec![(origin, "")],
        }
    }

    fn label_span(&self, origin: FileSpan, text: &str, primary: bool) -> Option<LabeledSpan> {
        let span = SourceSpan::from(self.page?.clip_range(origin));
        let text = (!text.is_empty()).then(|| escape_unprintable(text));
        // miette puts the position of the primary label into the header of the picture.
        Some(if primary {
            LabeledSpan::new_primary_with_span(text, span)
        } else {
            LabeledSpan::new_with_span(text, span)
        })
    }
}

// Required by `std::error::Error`. A derived form would print the whole source.
impl fmt::Debug for LabelledMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for LabelledMessage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LabelledMessage<'_> {}

impl miette::Diagnostic for LabelledMessage<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.code
            .as_ref()
            .map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.page.map(|page| page as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.labels.iter().enumerate();
        Some(Box::new(labels.filter_map(|(index, (origin, text))| {
            self.label_span(*origin, text, index == 0)
        })))
    }
}
