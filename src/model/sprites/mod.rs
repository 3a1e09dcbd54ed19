//! What is made for games: sprite sheets, which have clips of a model from several directions in one
//! picture, and tile maps.
//!
//! Plain data. What the document asks for is a [`SpriteSheet`] or a [`TileMap`]; a job draws one clip
//! from one direction ([`SpriteWork`]), and another packs them ([`SpriteSheetWork`],
//! [`TileMapWork`]).

mod compass;
mod game_files;
mod sheet_dialect;
mod sprite_angle;
mod sprite_clip;
mod sprite_sheet;
mod sprite_work;
mod tile_map;

pub use compass::{CompassDirection, TurnOrder, compass_directions};
pub use game_files::{GameFiles, GameKind};
pub use sheet_dialect::SheetDialect;
pub use sprite_angle::{SPRITE_ANGLES, SpriteAngle};
pub use sprite_clip::{ClipSampling, ClipTiming, SpriteClip};
pub use sprite_sheet::{MAX_SHEET_SIDE, SheetClip, SpriteSheet, SpriteSubject};
pub use sprite_work::{SpriteClipFacts, SpriteScale, SpriteSheetWork, SpriteTag, SpriteWork};
pub use tile_map::{MapOrientation, MapTile, TileMap, TileMapWork};
