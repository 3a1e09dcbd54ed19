//! Sprite sheets and tile maps: frames of sprites in, one picture and its data out.
//!
//! What is pure is in modules of its own: trimming, packing, the palette of a whole sheet, and the
//! data in each dialect.

mod godot_data;
mod sheet_data;
mod sheet_frame;
mod sheet_layout;
mod sheet_palette;
mod sprite_inputs;
mod sprite_sheet_producer;
#[cfg(test)]
mod tests;
mod tile_map_producer;
mod tile_map_text;
mod unity_data;
mod written_files;

pub(in crate::producers) use sprite_sheet_producer::SpriteSheetProducer;
pub(in crate::producers) use tile_map_producer::TileMapProducer;
