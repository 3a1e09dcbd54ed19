//! Sprite sheets and tile maps: a job that draws for each clip and direction, or for each tile, and
//! one that packs them.

use super::shot_staging::{STUDIO_ENVIRONMENT, STUDIO_KEY};
use super::{JobBuilder, job_input, new_job};
use crate::model::sprites::{
    ClipSampling, CompassDirection, SheetClip, SpriteClip, SpriteScale, SpriteSheet,
    SpriteSheetWork, SpriteTag, SpriteWork, TileMap, TileMapWork,
};
use crate::model::{Engine, InputSlot, JobAction, JobId, JobInput, PixelSize};
use std::fmt::Display;
use std::sync::Arc;

impl JobBuilder<'_> {
    /// Adds the jobs of all sprite sheets and tile maps.
    pub(super) fn add_sprite_jobs(&mut self) {
        for sheet in &self.production.sprites {
            self.add_sheet_jobs(sheet);
        }
        for map in &self.production.tile_maps {
            self.add_map_jobs(map);
        }
    }

    fn add_map_jobs(&mut self, map: &TileMap) {
        let mut drawn = Vec::new();
        for (index, tile) in map.tiles.iter().enumerate() {
            let model = tile.model.as_ref();
            let Some(import) = model.and_then(|model| self.import_job(model)) else {
                return;
            };
            let work = self.sprite_work(SpriteWork {
                clip: still_clip(),
                turn: map.turn(),
                elevation: map.angle.elevation,
                cell: map.cell_size(),
                scale: SpriteScale::Placed {
                    pixels_per_metre: map.pixels_per_metre(),
                    pivot: map.pivot(),
                },
                ..studio_work()
            });
            // Two characters may stand for one prop.
            let subjects: [&dyn Display; 3] = [&map.name.value, &index, &tile.prop.value];
            let mut draw = new_job(&subjects, work, tile.prop.origin);
            draw.inputs.push(job_input(InputSlot::cast(0), import));
            draw.output = Some(map.name.value.clone());
            drawn.push(self.add_job(draw));
        }
        let image = map.files().beside_path();
        let image = image.file_name().unwrap_or_default();
        let names = map.tiles.iter().map(|tile| tile.prop.value.clone());
        let places = map
            .rows
            .iter()
            .flatten()
            // 0 is an empty place in the formats of tile maps.
            .map(|place| place.map_or(0, |tile| u32::try_from(tile + 1).unwrap_or_default()));
        let width = map.rows.first().map_or(0, Vec::len);
        let work = JobAction::TileMap(TileMapWork {
            image: image.to_string_lossy().into_owned(),
            tiles: names.collect(),
            places: places.collect(),
            width: u32::try_from(width).unwrap_or(u32::MAX),
            orientation: map.orientation(),
            tile: map.tile_size(),
            cell: map.cell_size(),
            offset: map.offset(),
            palette: map.palette.clone(),
        });
        let mut pack = new_job(&[&map.name.value], work, map.origin);
        pack.inputs = sprite_inputs(drawn);
        pack.output = Some(map.name.value.clone());
        self.add_job(pack);
    }

    /// Returns the work with the samples of the production.
    fn sprite_work(&self, work: SpriteWork) -> JobAction {
        JobAction::Sprites(Box::new(SpriteWork {
            // As for reference sheets: small pictures need clean edges, even in a draft.
            samples: self.production.render.samples.clamp(4, 64),
            ..work
        }))
    }

    fn add_sheet_jobs(&mut self, sheet: &SpriteSheet) {
        let model = sheet.model.as_ref();
        let Some(import) = model.and_then(|model| self.import_job(model)) else {
            return;
        };
        let scale = sheet_scale(sheet);
        let mut tags = Vec::new();
        let mut drawn = Vec::new();
        for clip in &sheet.clips {
            for direction in sheet.clip_directions(clip) {
                tags.push(sprite_tag(sheet, clip, *direction));
                drawn.push(self.add_clip_job(sheet, clip, *direction, &scale, import));
            }
        }
        // The name without its folder: the table of frames is beside its picture, wherever a game
        // keeps both.
        let image = sheet.path.value.file_name().unwrap_or_default();
        let work = JobAction::SpriteSheet(SpriteSheetWork {
            image: image.to_string_lossy().into_owned(),
            tags: tags.into(),
            cell: sheet.cell.value,
            trim: sheet.trim,
            padding: sheet.padding,
            dialect: sheet.dialect,
            palette: sheet.palette.clone(),
        });
        let mut pack = new_job(&[&sheet.name.value], work, sheet.origin);
        pack.inputs = sprite_inputs(drawn);
        pack.output = Some(sheet.name.value.clone());
        self.add_job(pack);
    }

    fn add_clip_job(
        &mut self,
        sheet: &SpriteSheet,
        clip: &SheetClip,
        direction: CompassDirection,
        scale: &SpriteScale,
        import: JobId,
    ) -> JobId {
        let work = self.sprite_work(SpriteWork {
            clip: clip.drawn.clone(),
            turn: direction.degrees() + sheet.angle.turn,
            elevation: sheet.angle.elevation,
            cell: sheet.cell.value,
            scale: scale.clone(),
            ..studio_work()
        });
        let subjects: [&dyn Display; 3] = [&sheet.name.value, &clip.tag, &direction];
        let mut draw = new_job(&subjects, work, clip.name.origin);
        draw.inputs.push(job_input(InputSlot::cast(0), import));
        draw.output = Some(sheet.name.value.clone());
        self.add_job(draw)
    }
}

/// Returns work in the light of a studio, of which the rest is filled in.
fn studio_work() -> SpriteWork {
    SpriteWork {
        engine: Engine::Previz,
        clip: still_clip(),
        turn: 0.0,
        elevation: 0.0,
        cell: PixelSize::new(1, 1),
        scale: SpriteScale::PixelsPerMetre(1.0),
        // Sprites of all places are put into one game, so none has the light of a place.
        environment: STUDIO_ENVIRONMENT,
        key: STUDIO_KEY,
        samples: 1,
    }
}

fn still_clip() -> SpriteClip {
    SpriteClip {
        clip: None,
        sampling: ClipSampling::Frames(1),
        repeats: true,
    }
}

fn sprite_inputs(drawn: Vec<JobId>) -> Vec<JobInput> {
    let drawn = drawn.into_iter().enumerate();
    drawn
        .map(|(index, job)| job_input(InputSlot::sprites(index), job))
        .collect()
}

fn sheet_scale(sheet: &SpriteSheet) -> SpriteScale {
    sheet.pixels_per_metre.map_or_else(
        || {
            // All clips together: a figure must not change its size when it stops walking.
            let clips = sheet.clips.iter().map(|clip| clip.drawn.clone());
            SpriteScale::Fitted(clips.collect::<Arc<[SpriteClip]>>())
        },
        SpriteScale::PixelsPerMetre,
    )
}

fn sprite_tag(sheet: &SpriteSheet, clip: &SheetClip, direction: CompassDirection) -> SpriteTag {
    // The name of the only direction would say nothing.
    let name = if sheet.clip_directions(clip).len() > 1 {
        format!("{}_{direction}", clip.tag)
    } else {
        clip.tag.clone()
    };
    SpriteTag {
        name,
        clip: clip.tag.clone(),
        direction: direction.name().to_owned(),
        repeats: clip.drawn.repeats,
    }
}
