//! Tile maps as the document asks for them, and the work of the job that makes one.

use super::game_files::{GameFiles, GameKind};
use super::sprite_angle::SpriteAngle;
use crate::base::{FileSpan, Spanned};
use crate::model::frame_rate::PixelSize;
use crate::model::production::AssetRef;
use crate::model::retro_treatment::RetroTreatment;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::sync::Arc;

/// One tile map.
#[derive(Debug, Clone)]
pub struct TileMap {
    /// Its name. Unique among all deliverables.
    pub name: Spanned<String>,
    /// The path of the map, relative to the production's folder.
    pub path: Spanned<PathBuf>,
    /// Its tiles, in order.
    pub tiles: Vec<MapTile>,
    /// Rows of the map, equally long: the index of the tile in each place, or nothing.
    pub rows: Vec<Vec<Option<usize>>>,
    /// How it is seen.
    pub angle: SpriteAngle,
    /// Width of a place of the map, in pixels.
    pub tile_width: u32,
    /// Size of the picture of a tile. `None`: as wide as a place, and as tall or as wide.
    pub cell: Option<PixelSize>,
    /// Metres that a side of a tile has.
    pub metres: f32,
    /// The palette of all tiles. `None`: all colours.
    pub palette: Option<RetroTreatment>,
    /// Whether files at the path that no run put there may be replaced.
    pub replace: bool,
    /// Number of its entry in the document, counted with the outputs.
    pub entry: usize,
    /// Place of the whole entry.
    pub origin: FileSpan,
}

/// A tile of a map.
#[derive(Debug, Clone)]
pub struct MapTile {
    /// The name of its prop.
    pub prop: Spanned<String>,
    /// Index of its prop. `None`: the name is unknown.
    pub index: Option<usize>,
    /// Its model. `None`: it has none.
    pub model: Option<AssetRef>,
}

/// How the places of a map are arranged on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MapOrientation {
    /// In rows and columns.
    Orthogonal,
    /// As diamonds.
    Isometric,
}

impl MapOrientation {
    /// Returns its name in TMX.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Orthogonal => "orthogonal",
            Self::Isometric => "isometric",
        }
    }
}

impl TileMap {
    /// Returns its files: the map, and the picture of its tiles beside it.
    #[must_use]
    pub const fn files(&self) -> GameFiles<'_> {
        GameFiles {
            kind: GameKind::TileMap,
            name: &self.name,
            path: &self.path,
            replace: self.replace,
            entry: self.entry,
        }
    }

    /// Returns how its places are arranged.
    #[must_use]
    pub fn orientation(&self) -> MapOrientation {
        let elevation = self.angle.elevation;
        if elevation > 0.0 && elevation < 90.0 {
            MapOrientation::Isometric
        } else {
            MapOrientation::Orthogonal
        }
    }

    /// Returns the size of a place of the map.
    #[must_use]
    pub fn tile_size(&self) -> PixelSize {
        // Seen from the side, a place is as tall as it is wide.
        let share = match self.orientation() {
            MapOrientation::Orthogonal => 1.0,
            MapOrientation::Isometric => f64::from(self.angle.elevation).to_radians().sin(),
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most the width"
        )]
        let height = (f64::from(self.tile_width) * share).round() as u32;
        PixelSize::new(self.tile_width, height.max(1))
    }

    /// Returns the size of the picture of a tile.
    #[must_use]
    pub fn cell_size(&self) -> PixelSize {
        self.cell
            .unwrap_or_else(|| PixelSize::new(self.tile_width, self.tile_width))
    }

    /// Returns the pixels a metre.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "sides of pictures are small")]
    pub fn pixels_per_metre(&self) -> f32 {
        let across = match self.orientation() {
            MapOrientation::Orthogonal => self.metres,
            // The width of a diamond is the diagonal of the tile.
            MapOrientation::Isometric => self.metres * std::f32::consts::SQRT_2,
        };
        self.tile_width as f32 / across
    }

    /// Returns the degrees by which models are turned.
    #[must_use]
    pub fn turn(&self) -> f32 {
        match self.orientation() {
            MapOrientation::Orthogonal => 0.0,
            // The X of models goes along the rows, to the lower right, and their Z down the columns,
            // to the lower left. So they do in a map from above.
            MapOrientation::Isometric => -45.0 + self.angle.turn,
        }
    }

    /// Returns where the middle of a tile's ground is in its picture. The ground is at the bottom, as
    /// Tiled puts a picture that is larger than its place.
    #[must_use]
    pub fn pivot(&self) -> [u32; 2] {
        let cell = self.cell_size();
        let ground = match self.angle.elevation > 0.0 {
            true => self.tile_size().height / 2,
            // From the side there is no ground: things stand on the lower edge.
            false => 0,
        };
        [
            self.offset() + self.tile_width / 2,
            cell.height.saturating_sub(ground),
        ]
    }

    /// Returns by how many pixels a picture is wider than its place, on the left.
    #[must_use]
    pub fn offset(&self) -> u32 {
        self.cell_size().width.saturating_sub(self.tile_width) / 2
    }
}

/// Make a tile map of the pictures of its tiles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TileMapWork {
    /// The name of the file of its tiles where it is delivered.
    pub image: String,
    /// The names of its tiles, one for each input, in order.
    pub tiles: Arc<[String]>,
    /// The tile in each place, row by row: 0 is none, 1 the first.
    pub places: Arc<[u32]>,
    /// How many places a row has.
    pub width: u32,
    /// How the places are arranged.
    pub orientation: MapOrientation,
    /// Size of a place.
    pub tile: PixelSize,
    /// Size of the picture of a tile.
    pub cell: PixelSize,
    /// By how many pixels a picture is wider than its place, on the left.
    pub offset: u32,
    /// The palette of all tiles. `None`: all colours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub palette: Option<RetroTreatment>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(elevation: f32, cell: Option<PixelSize>) -> TileMap {
        TileMap {
            name: Spanned::default(),
            path: Spanned::default(),
            tiles: Vec::new(),
            rows: Vec::new(),
            angle: SpriteAngle::from_elevation(elevation),
            tile_width: 64,
            cell,
            metres: 2.0,
            palette: None,
            replace: false,
            entry: 0,
            origin: FileSpan::default(),
        }
    }

    #[test]
    fn an_isometric_tile_is_a_diamond_on_the_ground() {
        let map = map(30.0, None);
        assert_eq!(map.orientation(), MapOrientation::Isometric);
        assert_eq!(map.tile_size(), PixelSize::new(64, 32));
        assert_eq!(map.pivot(), [32, 48]);
        assert!((map.pixels_per_metre() * 8f32.sqrt() - 64.0).abs() < 1e-4);
        assert!((map.turn() + 45.0).abs() < 1e-6);
    }

    #[test]
    fn a_tile_from_above_or_from_the_side_is_a_square() {
        for (elevation, pivot) in [(90.0, [32, 32]), (0.0, [32, 64])] {
            let map = map(elevation, None);
            assert_eq!(map.orientation(), MapOrientation::Orthogonal);
            assert_eq!(map.tile_size(), PixelSize::new(64, 64));
            assert_eq!(map.pivot(), pivot);
            assert!((map.pixels_per_metre() - 32.0).abs() < 1e-6);
        }
    }

    #[test]
    fn a_larger_picture_keeps_its_ground_at_the_bottom_in_the_middle() {
        let map = map(30.0, Some(PixelSize::new(96, 128)));
        assert_eq!(map.offset(), 16);
        assert_eq!(map.pivot(), [48, 112]);
    }
}
