//! The files of deliverables for games: each has one that the document names, and one beside it.

use crate::base::Spanned;
use std::path::PathBuf;

/// What a deliverable for a game is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GameKind {
    /// A sprite sheet: a picture, with its data beside it.
    SpriteSheet,
    /// A tile map, with the picture of its tiles beside it.
    TileMap,
}

/// The files of one deliverable for a game.
#[derive(Debug, Clone, Copy)]
pub struct GameFiles<'a> {
    /// What it is.
    pub kind: GameKind,
    /// Its name.
    pub name: &'a Spanned<String>,
    /// The path of the file that the document names.
    pub path: &'a Spanned<PathBuf>,
    /// Whether files at the paths that no run put there may be replaced.
    pub replace: bool,
    /// Number of its entry in the document, counted with the outputs.
    pub entry: usize,
}

impl GameKind {
    /// Returns its `format` in documents.
    #[must_use]
    pub const fn format(self) -> &'static str {
        match self {
            Self::SpriteSheet => "sprite_sheet",
            Self::TileMap => "tile_map",
        }
    }

    /// Returns its noun, for messages.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::SpriteSheet => "sprite sheet",
            Self::TileMap => "tile map",
        }
    }

    /// Returns the extension of the file that the document names.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::SpriteSheet => "png",
            Self::TileMap => "tmx",
        }
    }

    /// Returns the extension of the file beside it.
    #[must_use]
    pub const fn beside_extension(self) -> &'static str {
        match self {
            Self::SpriteSheet => "json",
            Self::TileMap => "png",
        }
    }

    /// Returns the names of both files among the outputs of their job.
    #[must_use]
    pub const fn made_names(self) -> [&'static str; 2] {
        match self {
            Self::SpriteSheet => ["sheet.png", "sheet.json"],
            Self::TileMap => ["map.tmx", "tiles.png"],
        }
    }

    /// Returns what is beside it, for messages.
    #[must_use]
    pub const fn beside_noun(self) -> &'static str {
        match self {
            Self::SpriteSheet => "data",
            Self::TileMap => "tiles",
        }
    }
}

impl GameFiles<'_> {
    /// Returns the name under which the file beside it is delivered.
    #[must_use]
    pub fn beside_name(&self) -> String {
        format!("{}_{}", self.name.value, self.kind.beside_noun())
    }

    /// Returns the path of the file beside it.
    #[must_use]
    pub fn beside_path(&self) -> PathBuf {
        self.path.value.with_extension(self.kind.beside_extension())
    }

    /// Returns the paths of both files.
    #[must_use]
    pub fn paths(&self) -> [PathBuf; 2] {
        [self.path.value.clone(), self.beside_path()]
    }
}
