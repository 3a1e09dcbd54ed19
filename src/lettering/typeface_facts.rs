//! What is known of a font before anything is drawn with it, and the fonts of this machine.

use super::block_layout::{LongWords, PlacedGlyph, WrittenText, lay_out_row};
use super::font_set::{FIRST_FAMILY, FontSet};
use super::glyph_canvas::GlyphCanvas;
use crate::base::panic_guard::without_panic;
use crate::model::cut::ScreenColour;
use cosmic_text::fontdb::{Database, Family, Query, Source, Weight};
use cosmic_text::skrifa::{FontRef, GlyphId, MetadataProvider};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// How many of the first characters of a font are tried, and how many all through it.
const TRIED: usize = 256;
/// How many are one text when they are tried.
const TRIED_TOGETHER: usize = 64;
/// The size at which they are tried.
const TRIED_PIXELS: f32 = 16.0;

/// What is known of a font.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypefaceFacts {
    /// The code points that it has, sorted.
    pub covered: Arc<[u32]>,
}

/// Returns what is known of the font in a file. `None`: there is no font in it, or it is damaged:
/// some of its characters were tried and could not be drawn.
#[must_use]
pub fn read_typeface_facts(bytes: Arc<[u8]>, family: Option<&str>) -> Option<TypefaceFacts> {
    // The tables of a damaged font are believed until a letter is shaped with them.
    let read = without_panic(|| {
        let mut fonts = FontSet::open_bytes(&bytes, family)?;
        let covered = covered_by(&fonts)?;
        is_drawn_by(&mut fonts, &covered).then_some(TypefaceFacts { covered })
    });
    read.flatten()
}

/// Returns whether a font draws some of its characters: its first, where text mostly is, and others
/// all through.
fn is_drawn_by(fonts: &mut FontSet, covered: &[u32]) -> bool {
    let step = covered.len().div_ceil(TRIED).max(1);
    let spread = covered.iter().step_by(step);
    let tried: Vec<char> = covered
        .iter()
        .take(TRIED)
        .chain(spread)
        .filter_map(|code| char::from_u32(*code))
        .filter(|character| !character.is_control())
        .collect();
    let mut has_letter = false;
    for line in tried.chunks(TRIED_TOGETHER) {
        for bold in [false, true] {
            let written = WrittenText {
                text: line.iter().collect(),
                pixels: TRIED_PIXELS,
                bold,
                tracking: 0.0,
                is_hard: false,
                long_words: LongWords::Broken,
                first_font: 0,
            };
            let laid = lay_out_row(fonts, &written, ScreenColour::WHITE);
            let rows = laid.rows.iter().flat_map(|row| &row.glyphs);
            let glyphs: Vec<PlacedGlyph> = rows.copied().collect();
            has_letter |= !glyphs.is_empty();
            // Shaping reads some tables, and drawing the others.
            GlyphCanvas::draw_glyphs(fonts, &glyphs, 0, false);
        }
    }
    has_letter
}

/// Returns the code points that the first face of some files has. `None`: none can be read.
pub(super) fn font_coverage(files: &[&'static [u8]], family: Option<&str>) -> Option<Arc<[u32]>> {
    FontSet::open_files(files, family).and_then(|fonts| covered_by(&fonts))
}

fn covered_by(fonts: &FontSet) -> Option<Arc<[u32]>> {
    let query = Query {
        families: &[Family::Name(FIRST_FAMILY)],
        ..Query::default()
    };
    let database = fonts.system.db();
    let id = database.query(&query)?;
    let covered = database.with_face_data(id, |bytes, face| {
        let font = FontRef::from_index(bytes, face).ok()?;
        let mappings = font.charmap().mappings();
        // No font has more letters, and shaping panics if a table says so.
        let is_possible = |glyph: GlyphId| glyph.to_u32() <= u32::from(u16::MAX);
        let mapped = mappings.map(|(code, glyph)| is_possible(glyph).then_some(code));
        mapped.collect::<Option<BTreeSet<u32>>>()
    });
    let covered: Vec<u32> = covered.flatten()?.into_iter().collect();
    (!covered.is_empty()).then(|| covered.into())
}

/// The fonts that are installed on this machine.
pub struct SystemFonts {
    database: Database,
}

impl SystemFonts {
    /// Lists the fonts of this machine.
    #[must_use]
    pub fn list() -> Self {
        let mut database = Database::new();
        database.load_system_fonts();
        Self { database }
    }

    /// Returns the file of a family by name, in any case, regular or bold. `None`: it is not
    /// installed.
    #[must_use]
    pub fn family_file(&self, name: &str, is_bold: bool) -> Option<PathBuf> {
        let query = Query {
            families: &[Family::Name(self.family_name(name)?)],
            weight: if is_bold {
                Weight::BOLD
            } else {
                Weight::NORMAL
            },
            ..Query::default()
        };
        let id = self.database.query(&query)?;
        match &self.database.face(id)?.source {
            Source::File(path) | Source::SharedFile(path, _) => Some(path.clone()),
            Source::Binary(_) => None,
        }
    }

    /// Returns the name of a family as its file writes it. `None`: it is not installed.
    #[must_use]
    pub fn family_name(&self, name: &str) -> Option<&str> {
        let wanted = name.trim();
        self.families()
            .find(|family| family.eq_ignore_ascii_case(wanted))
    }

    /// Returns the families that together have all of these characters, as few as a simple search
    /// finds. `None`: no installed font has one of them.
    #[must_use]
    pub fn families_with(&self, characters: &BTreeSet<char>) -> Option<Vec<String>> {
        let (families, missing) = self.families_for(characters);
        missing.is_empty().then_some(families)
    }

    /// Returns the families that together have as many of these characters as installed fonts have, as
    /// few as a simple search finds, and the characters that none has.
    #[must_use]
    pub fn families_for(&self, characters: &BTreeSet<char>) -> (Vec<String>, BTreeSet<char>) {
        let mut families: Vec<&str> = self.families().collect();
        // Fonts without serifs suit titles, and those of a family for all scripts suit each other.
        families.sort_by_key(|name| {
            (
                !name.starts_with("Noto Sans"),
                !name.contains("Sans"),
                *name,
            )
        });
        families.dedup();
        let mut missing = characters.clone();
        let mut chosen = Vec::new();
        while !missing.is_empty() {
            let found = families
                .iter()
                .map(|family| (self.drawn_by(family, &missing), *family));
            // The first of equals.
            let best = found.rev().max_by_key(|(drawn, _)| drawn.len());
            let Some((drawn, family)) = best.filter(|(drawn, _)| !drawn.is_empty()) else {
                break;
            };
            missing.retain(|character| !drawn.contains(character));
            chosen.push(family.to_owned());
        }
        (chosen, missing)
    }

    /// Returns which of some characters the regular letters of a family have.
    fn drawn_by(&self, family: &str, characters: &BTreeSet<char>) -> BTreeSet<char> {
        let query = Query {
            families: &[Family::Name(family)],
            ..Query::default()
        };
        let covered = self.database.query(&query).and_then(|id| {
            let covered = self.database.with_face_data(id, |bytes, face| {
                let font = FontRef::from_index(bytes, face).ok()?;
                let map = font.charmap();
                let has = |character: &char| map.map(*character).is_some();
                Some(characters.iter().copied().filter(has).collect())
            });
            covered.flatten()
        });
        covered.unwrap_or_default()
    }

    /// Returns the names of all families. A name may come several times.
    pub fn families(&self) -> impl Iterator<Item = &str> {
        let faces = self.database.faces();
        faces.flat_map(|face| face.families.iter().map(|(name, _)| name.as_str()))
    }
}
