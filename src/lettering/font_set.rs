//! The fonts of one text, in the order in which they are searched for a character.

use super::built_in_fonts::{BUILT_IN_FONT, built_in_files};
use super::lettering_error::LetteringError;
use crate::model::titles::TypefaceSource;
use cosmic_text::fontdb::{Database, FaceInfo, Source, Stretch, Style, Weight};
use cosmic_text::{Fallback, FontSystem, SwashCache};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A file with a font: what the slot `font.N` of a job has.
#[derive(Debug, Clone)]
pub struct TypefaceFile {
    /// Its name, for messages.
    pub name: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
}

/// The names under which fonts are stored, in the order of preference. Two files may call their
/// families alike, so the names within the files are not used.
const FAMILIES: [&str; 16] = [
    "font 0", "font 1", "font 2", "font 3", "font 4", "font 5", "font 6", "font 7", "font 8",
    "font 9", "font 10", "font 11", "font 12", "font 13", "font 14", "font 15",
];

/// The family of the first font.
pub(super) const FIRST_FAMILY: &str = FAMILIES[0];

/// Returns the family of a font by its place in the list; that of the first, if there are fewer.
pub(super) fn family_name(index: usize) -> &'static str {
    FAMILIES.get(index).copied().unwrap_or(FIRST_FAMILY)
}

/// The language that shaping assumes where text does not say.
// Fixed: that of the machine would make other pictures on another machine.
const LOCALE: &str = "en";

/// Fonts, ready to shape and to draw.
pub(super) struct FontSet {
    pub(super) system: FontSystem,
    pub(super) cache: SwashCache,
}

/// Asks fonts in their order, and no others.
struct OrderedFallback {
    count: usize,
}

impl Fallback for OrderedFallback {
    fn common_fallback(&self) -> &[&'static str] {
        &FAMILIES[..self.count]
    }

    fn forbidden_fallback(&self) -> &[&'static str] {
        &[]
    }

    fn script_fallback(&self, _: unicode_script::Script, _: &str) -> &[&'static str] {
        &[]
    }
}

impl FontSet {
    /// Opens the fonts of a text. The font of the program comes last if it is not among them.
    pub(super) fn open(
        sources: &[TypefaceSource],
        files: &BTreeMap<usize, TypefaceFile>,
    ) -> Result<Self, LetteringError> {
        let mut database = Database::new();
        let mut count = 0;
        let built_in = TypefaceSource::BuiltIn(BUILT_IN_FONT.to_owned());
        let last = (!sources.contains(&built_in)).then_some(&built_in);
        // The font of the program always has a place.
        for source in sources.iter().take(FAMILIES.len() - 1).chain(last) {
            add_source(&mut database, FAMILIES[count], source, files)?;
            count += 1;
        }
        Ok(Self::from_database(database, count))
    }

    /// Opens the faces of a family of some files. `None`: there is no font in them.
    pub(super) fn open_files(files: &[&'static [u8]], family: Option<&str>) -> Option<Self> {
        let sources = files.iter().map(|bytes| Source::Binary(Arc::new(*bytes)));
        Self::open_sources(sources.collect(), family)
    }

    /// Opens a file of the user's. `None`: there is no font in it.
    pub(super) fn open_bytes(bytes: &Arc<[u8]>, family: Option<&str>) -> Option<Self> {
        Self::open_sources(vec![Source::Binary(Arc::new(bytes.clone()))], family)
    }

    fn open_sources(sources: Vec<Source>, family: Option<&str>) -> Option<Self> {
        let mut database = Database::new();
        add_family(&mut database, FIRST_FAMILY, sources, family)
            .then(|| Self::from_database(database, 1))
    }

    fn from_database(database: Database, count: usize) -> Self {
        let fallback = OrderedFallback { count };
        Self {
            system: FontSystem::new_with_locale_and_db_and_fallback(
                LOCALE.to_owned(),
                database,
                fallback,
            ),
            cache: SwashCache::new(),
        }
    }
}

fn add_source(
    database: &mut Database,
    name: &str,
    source: &TypefaceSource,
    files: &BTreeMap<usize, TypefaceFile>,
) -> Result<(), LetteringError> {
    let TypefaceSource::File { slot, family, bold } = source else {
        return add_built_in(database, name, source);
    };
    let mut sources = Vec::new();
    for slot in [*slot].into_iter().chain(*bold) {
        let file = files.get(&slot).ok_or(LetteringError::MissingFile(slot))?;
        sources.push(Source::Binary(Arc::new(file.bytes.clone())));
    }
    if add_family(database, name, sources, family.as_deref()) {
        return Ok(());
    }
    let file = files.get(slot).map(|file| file.name.clone());
    Err(LetteringError::UnreadableFont(file.unwrap_or_default()))
}

fn add_built_in(
    database: &mut Database,
    name: &str,
    source: &TypefaceSource,
) -> Result<(), LetteringError> {
    let wanted = match source {
        TypefaceSource::BuiltIn(wanted) => wanted.as_str(),
        TypefaceSource::File { .. } => BUILT_IN_FONT,
    };
    let files =
        built_in_files(wanted).ok_or_else(|| LetteringError::UnknownFont(wanted.to_owned()))?;
    let sources = files.iter().map(|bytes| Source::Binary(Arc::new(*bytes)));
    add_family(database, name, sources.collect(), None);
    Ok(())
}

/// Adds one family under another name, with a regular and a bold face. Returns whether there is any.
fn add_family(
    database: &mut Database,
    name: &str,
    sources: Vec<Source>,
    family: Option<&str>,
) -> bool {
    let mut faces: Vec<FaceInfo> = Vec::new();
    for source in sources {
        let ids = database.load_font_source(source);
        faces.extend(ids.iter().filter_map(|id| database.face(*id).cloned()));
        for id in ids {
            // A face under the name in its file could be found by accident, if it is called as one
            // of ours.
            database.remove_face(id);
        }
    }
    let first = faces.first().and_then(|face| face.families.first());
    let Some((first, language)) = first.cloned() else {
        return false;
    };
    let wanted = family.unwrap_or(&first);
    faces.retain(|face| face.families.iter().any(|(name, _)| name == wanted));
    // A face of every weight: where a family has none, the next family would be taken instead.
    for weight in [Weight::NORMAL, Weight::BOLD] {
        let nearest = faces.iter().min_by_key(|face| {
            // An italic or a condensed face is taken only if there is no other, also if its weight
            // is nearer.
            let is_other = face.style != Style::Normal || face.stretch != Stretch::Normal;
            (is_other, face.weight.0.abs_diff(weight.0))
        });
        let Some(nearest) = nearest else {
            return false;
        };
        database.push_face_info(FaceInfo {
            families: vec![(name.to_owned(), language)],
            weight,
            style: Style::Normal,
            stretch: Stretch::Normal,
            ..nearest.clone()
        });
    }
    true
}
