//! One finding as miette sees it: the main picture in its own file, and a note for each other file that explains it.

use super::counts::word;
use super::page::Page;
use super::printable::printable;
use crate::base::{Diagnostic, FileId, FileSpan, Severity};
use miette::{LabeledSpan, SourceCode, SourceSpan};
use std::collections::HashMap;
use std::fmt;

/// A message, and the places of one file that it points at, the main one first.
pub(super) struct Picture<'a> {
    page: Option<&'a Page<'a>>,
    message: String,
    code: Option<String>,
    severity: miette::Severity,
    help: Option<String>,
    labels: Vec<(FileSpan, &'a str)>,
}

impl<'a> Picture<'a> {
    /// Returns the picture of a finding, then those of its places in other files: miette draws one source at a time.
    pub(super) fn all_of(
        diagnostic: &'a Diagnostic,
        pages: &'a HashMap<FileId, Page<'a>>,
    ) -> Vec<Self> {
        let elsewhere = diagnostic
            .related
            .iter()
            .filter(|(origin, _)| origin.file != diagnostic.origin.file);
        let notes = elsewhere.map(|(origin, text)| Self::note(*origin, text, pages));
        std::iter::once(Self::main(diagnostic, pages))
            .chain(notes)
            .collect()
    }

    fn main(diagnostic: &'a Diagnostic, pages: &'a HashMap<FileId, Page<'a>>) -> Self {
        let here = diagnostic
            .related
            .iter()
            .filter(|(origin, _)| origin.file == diagnostic.origin.file);
        let others = here.map(|(origin, text)| (*origin, text.as_str()));
        let main = (diagnostic.origin, diagnostic.label.as_str());
        Self {
            page: pages.get(&diagnostic.origin.file),
            message: printable(&diagnostic.message),
            code: Some(format!(
                "{}[{}]",
                word(diagnostic.severity),
                diagnostic.code
            )),
            severity: match diagnostic.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
                Severity::Info => miette::Severity::Advice,
            },
            help: diagnostic.help.as_deref().map(printable),
            labels: std::iter::once(main).chain(others).collect(),
        }
    }

    fn note(origin: FileSpan, text: &'a str, pages: &'a HashMap<FileId, Page<'a>>) -> Self {
        let (severity, page) = (miette::Severity::Advice, pages.get(&origin.file));
        let (code, help) = (None, None);
        Self {
            page,
            message: printable(text),
            code,
            severity,
            help,
            labels: vec![(origin, "")],
        }
    }

    fn label(&self, origin: FileSpan, text: &str, primary: bool) -> Option<LabeledSpan> {
        let span = SourceSpan::from(self.page?.clip(origin));
        let text = (!text.is_empty()).then(|| printable(text));
        Some(if primary {
            LabeledSpan::new_primary_with_span(text, span)
        } else {
            LabeledSpan::new_with_span(text, span)
        })
    }
}

impl fmt::Debug for Picture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Picture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Picture<'_> {}

impl miette::Diagnostic for Picture<'_> {
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
        Some(Box::new(labels.filter_map(|(at, (origin, text))| {
            self.label(*origin, text, at == 0)
        })))
    }
}
