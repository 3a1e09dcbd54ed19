//! What is known of a font before anything is drawn with it, and the fonts of this machine.

use super::font_set::{FIRST_FAMILY, FontSet};
use cosmic_text::fontdb::{Database, Family, Query, Source, Weight};
use cosmic_text::skrifa::{FontRef, MetadataProvider};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// What is known of a font.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypefaceFacts {
    /// The code points that it has, sorted.
    pub covered: Arc<[u32]>,
}

/// Returns what is known of the font in a file. `None`: there is no font in it, or it is damaged.
#[must_use]
pub fn read_typeface_facts(bytes: Arc<[u8]>, family: Option<&str>) -> Option<TypefaceFacts> {
    let fonts = FontSet::open_bytes(&bytes, family)?;
    covered_by(&fonts).map(|covered| TypefaceFacts { covered })
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
        let mapped = font.charmap().mappings().map(|(character, _)| character);
        Some(mapped.collect::<BTreeSet<u32>>())
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

    /// Returns the names of all families. A name may come several times.
    pub fn families(&self) -> impl Iterator<Item = &str> {
        let faces = self.database.faces();
        faces.flat_map(|face| face.families.iter().map(|(name, _)| name.as_str()))
    }
}
