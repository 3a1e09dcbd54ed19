//! Resolves the fonts of texts: the font of the program, files of the project, installed fonts.

use super::cast::asset_from_path;
use super::context::ResolveContext;
use crate::base::suggestions::did_you_mean;
use crate::base::{FileSpan, Spanned};
use crate::document::OneOrMany;
use crate::document::quote::quote_value;
use crate::model::titles::{FontFinding, FontSurvey, TitleFont, TypefaceSource};
use std::sync::Arc;

/// The most fonts of one text. The drawing of text has no places for more.
pub(super) const MOST_FONTS: usize = 15;

/// The fonts of a production, each once, in the order in which texts name them.
pub(super) struct FontTable<'a> {
    survey: &'a FontSurvey,
    /// The fonts of texts that name none.
    usual: Vec<usize>,
    fonts: Vec<TitleFont>,
    /// How many of them are files.
    files: usize,
}

/// The fonts of one text.
pub(super) struct TextFonts {
    /// Their indices in the production.
    pub(super) indices: Vec<usize>,
    /// As jobs name them.
    pub(super) sources: Vec<TypefaceSource>,
}

impl<'a> FontTable<'a> {
    /// Starts a table with the fonts of texts that name none.
    pub(super) fn new(
        context: &mut ResolveContext<'_>,
        survey: &'a FontSurvey,
        usual: Option<&OneOrMany<Spanned<String>>>,
    ) -> Self {
        let mut table = Self {
            survey,
            usual: Vec::new(),
            fonts: Vec::new(),
            files: 0,
        };
        table.usual = table.add_names(context, usual);
        table
    }

    /// Returns the fonts of a text: its own, then the usual ones, then that of the program.
    pub(super) fn text_fonts(
        &mut self,
        context: &mut ResolveContext<'_>,
        written: Option<&OneOrMany<Spanned<String>>>,
    ) -> TextFonts {
        let mut indices = self.add_names(context, written);
        for index in self.usual.clone() {
            // A font that a text names itself keeps its place, which says how early it is looked
            // at.
            if !indices.contains(&index) {
                indices.push(index);
            }
        }
        // Last, so that characters are drawn that no named font has.
        let built_in = self.add_built_in(FileSpan::default());
        if !indices.contains(&built_in) {
            indices.push(built_in);
        }
        indices.truncate(MOST_FONTS);
        let sources = indices
            .iter()
            .map(|index| self.fonts[*index].source.clone())
            .collect();
        TextFonts { indices, sources }
    }

    /// Returns the fonts of code: its own, else that of the program for code behind the usual ones.
    pub(super) fn code_fonts(
        &mut self,
        context: &mut ResolveContext<'_>,
        written: Option<&OneOrMany<Spanned<String>>>,
    ) -> TextFonts {
        let mut fonts = self.text_fonts(context, written);
        if written.is_none() {
            let name = self.survey.code_font.clone();
            let covered = self.survey.code_covered.clone();
            let index = self.add_program_font(name, covered, FileSpan::default());
            fonts.indices.truncate(MOST_FONTS - 1);
            fonts.sources.truncate(MOST_FONTS - 1);
            fonts.indices.push(index);
            fonts.sources.push(self.fonts[index].source.clone());
        }
        fonts
    }

    /// Adds the font of icons to those of a text. No word of a document is written with it.
    pub(super) fn add_icons(&self, fonts: &mut TextFonts) {
        fonts.indices.truncate(MOST_FONTS - 1);
        fonts.sources.truncate(MOST_FONTS - 1);
        // Not among the indices, because rules look for the letters of texts in the fonts of these.
        let icons = TypefaceSource::BuiltIn(self.survey.icon_font.clone());
        fonts.sources.push(icons);
    }

    /// Returns the index of a font of the program, which is in the table once.
    fn add_program_font(&mut self, name: String, covered: Arc<[u32]>, origin: FileSpan) -> usize {
        let source = TypefaceSource::BuiltIn(name.clone());
        let known = self.fonts.iter().position(|font| font.source == source);
        known.unwrap_or_else(|| {
            self.push(TitleFont {
                name: Spanned::new(name, origin),
                source,
                file: None,
                bold_file: None,
                asset: None,
                covered,
            })
        })
    }

    pub(super) fn into_fonts(self) -> Vec<TitleFont> {
        self.fonts
    }

    fn add_names(
        &mut self,
        context: &mut ResolveContext<'_>,
        written: Option<&OneOrMany<Spanned<String>>>,
    ) -> Vec<usize> {
        let names = written.into_iter().flatten();
        let mut indices = Vec::new();
        for name in names.filter(|name| !name.is_placeholder) {
            let index = self.add_name(context, name);
            indices.extend(index.filter(|index| !indices.contains(index)));
        }
        indices
    }

    /// Returns the index of a font by name. `None`: there is none, which is reported.
    fn add_name(
        &mut self,
        context: &mut ResolveContext<'_>,
        name: &Spanned<String>,
    ) -> Option<usize> {
        let known = self
            .fonts
            .iter()
            .position(|font| font.name.value == name.value);
        if known.is_some() {
            return known;
        }
        match self.survey.fonts.get(&name.value) {
            Some(FontFinding::BuiltIn) => Some(self.add_built_in(name.origin)),
            Some(FontFinding::ProjectFile { covered }) => {
                self.add_project_file(name, covered.clone())
            }
            // A rule on files reports that it is missing, and finds it by this mention. With the
            // letters of the built-in font, no letter is reported as missing beside it.
            Some(FontFinding::MissingFile) => {
                self.add_project_file(name, self.survey.built_in_covered.clone())
            }
            Some(FontFinding::Installed {
                path,
                bold,
                family,
                covered,
            }) => {
                let source = self.file_source(Some(family.clone()), bold.is_some());
                Some(self.push(TitleFont {
                    name: name.clone(),
                    source,
                    file: Some(path.clone()),
                    bold_file: bold.clone(),
                    asset: None,
                    covered: covered.clone(),
                }))
            }
            Some(FontFinding::Unreadable) => {
                report_unreadable(context, name);
                None
            }
            Some(FontFinding::Unknown { known }) => {
                report_unknown(context, name, known);
                None
            }
            None => {
                report_unknown(context, name, &[]);
                None
            }
        }
    }

    fn add_project_file(&mut self, name: &Spanned<String>, covered: Arc<[u32]>) -> Option<usize> {
        let asset = asset_from_path(name)?;
        let source = self.file_source(None, false);
        Some(self.push(TitleFont {
            name: name.clone(),
            source,
            file: Some(asset.path.clone()),
            bold_file: None,
            asset: Some(asset),
            covered,
        }))
    }

    fn file_source(&mut self, family: Option<String>, has_bold: bool) -> TypefaceSource {
        let slot = self.files;
        let bold = has_bold.then_some(slot + 1);
        // Slots are counted over the whole production, so that one file has the same slot in every
        // job.
        self.files += if has_bold { 2 } else { 1 };
        TypefaceSource::File { slot, family, bold }
    }

    fn add_built_in(&mut self, origin: FileSpan) -> usize {
        let name = self.survey.built_in.clone();
        self.add_program_font(name, self.survey.built_in_covered.clone(), origin)
    }

    fn push(&mut self, font: TitleFont) -> usize {
        self.fonts.push(font);
        self.fonts.len() - 1
    }
}

fn report_unreadable(context: &mut ResolveContext<'_>, name: &Spanned<String>) {
    let message = format!("{} has no font that can be read", quote_value(&name.value));
    let help = "name an OpenType or TrueType font: .ttf, .otf or .ttc; unpack a .woff or .woff2 \
                first; if it is such a font, its file is damaged";
    context.report_error(
        "production::titles::unreadable_font",
        name.origin,
        message,
        Some(help.to_owned()),
    );
}

fn report_unknown(context: &mut ResolveContext<'_>, name: &Spanned<String>, known: &[String]) {
    let message = format!("no font {} is installed", quote_value(&name.value));
    let near = context.allowance.search(|| {
        let names = known.iter().map(String::as_str);
        did_you_mean(&name.value, names)
    });
    let help = near.unwrap_or_else(|| {
        "`production` has `Noto Sans`; name another font by its file, relative to the document, \
         or install it"
            .to_owned()
    });
    context.report_error(
        "production::titles::unknown_font",
        name.origin,
        message,
        Some(help),
    );
}
