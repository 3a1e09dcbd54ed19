//! Sprite sheets as the document asks for them.

use super::compass::CompassDirection;
use super::game_files::{GameFiles, GameKind};
use super::sheet_dialect::SheetDialect;
use super::sprite_angle::SpriteAngle;
use super::sprite_clip::SpriteClip;
use crate::base::{FileSpan, Spanned};
use crate::model::frame_rate::PixelSize;
use crate::model::production::AssetRef;
use crate::model::retro_treatment::RetroTreatment;
use std::path::PathBuf;

/// The longest side of a sheet, in pixels. Graphics devices of phones take no more.
pub const MAX_SHEET_SIDE: u32 = 8192;

/// One sprite sheet.
#[derive(Debug, Clone)]
pub struct SpriteSheet {
    /// Its name. Unique among all deliverables.
    pub name: Spanned<String>,
    /// The path of its picture, relative to the production's folder.
    pub path: Spanned<PathBuf>,
    /// What it shows. `None`: the name is unknown.
    pub subject: Option<SpriteSubject>,
    /// The name of what it shows, as written.
    pub subject_name: Spanned<String>,
    /// The model of what it shows. `None`: it has none.
    pub model: Option<AssetRef>,
    /// Its clips, each with its name as written and its tag.
    pub clips: Vec<SheetClip>,
    /// The directions from which each clip is drawn, in order.
    pub directions: Vec<CompassDirection>,
    /// How it is seen.
    pub angle: SpriteAngle,
    /// Size of one frame before it is trimmed.
    pub cell: Spanned<PixelSize>,
    /// Pixels a metre. `None`: what fits into the cell.
    pub pixels_per_metre: Option<f32>,
    /// Whether transparent edges are cut off, and frames packed. If not, they are in a grid.
    pub trim: bool,
    /// Pixels between two frames.
    pub padding: u32,
    /// The form of its data.
    pub dialect: SheetDialect,
    /// The palette that all of it has. `None`: all colours.
    pub palette: Option<RetroTreatment>,
    /// Whether files at the path that no run put there may be replaced.
    pub replace: bool,
    /// Number of its entry in the document, counted with the outputs.
    pub entry: usize,
    /// Place of the whole entry.
    pub origin: FileSpan,
}

/// A clip of a sheet.
#[derive(Debug, Clone)]
pub struct SheetClip {
    /// Its name in the model, as written, or the name of the sheet's subject at rest.
    pub name: Spanned<String>,
    /// The name of its tag in the data.
    pub tag: String,
    /// What is drawn.
    pub drawn: SpriteClip,
}

/// What a sheet shows, by index in the production.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpriteSubject {
    /// A character.
    Character(usize),
    /// A prop.
    Prop(usize),
}

impl SpriteSheet {
    /// Returns the index of the character that it shows. `None`: it shows none.
    #[must_use]
    pub const fn character(&self) -> Option<usize> {
        match self.subject {
            Some(SpriteSubject::Character(index)) => Some(index),
            _ => None,
        }
    }

    /// Returns the index of the prop that it shows. `None`: it shows none.
    #[must_use]
    pub const fn prop(&self) -> Option<usize> {
        match self.subject {
            Some(SpriteSubject::Prop(index)) => Some(index),
            _ => None,
        }
    }

    /// Returns its files: the picture, and the data beside it.
    #[must_use]
    pub const fn files(&self) -> GameFiles<'_> {
        GameFiles {
            kind: GameKind::SpriteSheet,
            name: &self.name,
            path: &self.path,
            replace: self.replace,
            entry: self.entry,
        }
    }

    /// Returns the directions from which a clip is drawn.
    #[must_use]
    pub fn clip_directions(&self, clip: &SheetClip) -> &[CompassDirection] {
        let count = match clip.drawn.is_turntable() {
            // A turntable turns the model itself, so it is drawn from one direction.
            true => self.directions.len().min(1),
            false => self.directions.len(),
        };
        &self.directions[..count]
    }

    /// Returns the smallest size that frames in a grid need, if the number of all frames is known.
    #[must_use]
    pub fn grid_size(&self) -> Option<PixelSize> {
        let counts = self.clips.iter().map(|clip| clip.drawn.frame_count());
        let most = counts.collect::<Option<Vec<_>>>()?.into_iter().max()?;
        let rows: usize = self
            .clips
            .iter()
            .map(|clip| self.clip_directions(clip).len())
            .sum();
        let cell = self.cell.value;
        let side = |count: usize, cell: u32| {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            let step = cell.saturating_add(self.padding);
            count.saturating_mul(step).saturating_sub(self.padding)
        };
        Some(PixelSize::new(
            side(most, cell.width),
            side(rows, cell.height),
        ))
    }
}
