//! The producer of tile maps. Needs no tool.

use super::sheet_layout::grid_layout;
use super::sprite_inputs::{read_inputs, reduce_to_palette, stop_if_halting};
use super::sprite_sheet_producer::too_large;
use super::tile_map_text::{TileGrid, tile_map_text};
use super::written_files::{finished_output, output_files, write_text};
use crate::media::AlphaImage;
use crate::model::sprites::{GameKind, TileMapWork};
use crate::model::{ActionKind, JobAction};
use crate::producers::contract::{
    FailureClass, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
use crate::producers::output_check::{expect_names, unreadable_output};
use crate::producers::producer_tools::built_in_identity;

/// Pixels between two tiles: engines that filter textures would mix neighbours otherwise.
const SPACING: u32 = 2;

/// Makes tile maps.
pub(in crate::producers) struct TileMapProducer;

impl JobProducer for TileMapProducer {
    fn provider_identity(&self, _: &JobAction) -> String {
        built_in_identity()
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let work = map_work(context.action)?;
        let inputs = read_inputs(work.tiles.len(), work.cell, context)?;
        let mut frames: Vec<AlphaImage> = inputs
            .into_iter()
            .filter_map(|input| input.frames.into_iter().next())
            .collect();
        reduce_to_palette(&mut frames, work.palette.as_ref())?;
        stop_if_halting(context)?;
        // About square, in whole rows: Tiled counts tiles row by row.
        let columns = frames.len().isqrt().max(1);
        let columns = columns + usize::from(columns * columns < frames.len());
        let rows: Vec<usize> = frames.chunks(columns).map(<[AlphaImage]>::len).collect();
        let layout = grid_layout(work.cell, &rows, SPACING).map_err(|error| too_large(&error))?;
        let mut picture = AlphaImage::transparent(layout.size);
        for (frame, place) in frames.iter().zip(&layout.places) {
            picture.put(frame, *place);
        }
        let grid = TileGrid {
            size: layout.size,
            columns,
            spacing: SPACING,
        };
        let name = work.image.rsplit_once('.');
        let text = tile_map_text(work, name.map_or(&*work.image, |(stem, _)| stem), grid);
        let outputs = output_files(GameKind::TileMap, context);
        write_text(&outputs[0], &text)?;
        picture.write_png(&outputs[1].path)?;
        Ok(finished_output(context, outputs))
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        map_work(context.action)?;
        let names = GameKind::TileMap.made_names().map(str::to_owned);
        expect_names(&names, outputs)?;
        let picture = AlphaImage::read_png(&outputs[1].path)
            .map_err(|error| unreadable_output(&outputs[1].path, &error))?;
        let text = std::fs::read_to_string(&outputs[0].path)
            .map_err(|error| unreadable_output(&outputs[0].path, &error))?;
        let size = format!(
            "width=\"{}\" height=\"{}\"/>",
            picture.size.width, picture.size.height
        );
        // A full disk leaves a file that is there and cut off.
        if text.ends_with("</map>\n") && text.contains(&size) {
            return Ok(());
        }
        let message = format!(
            "write {}: it is cut off, or names another size than {}",
            outputs[0].name, picture.size
        );
        Err(JobFailure::new(FailureClass::BadOutput, message))
    }
}

fn map_work(action: &JobAction) -> Result<&TileMapWork, JobFailure> {
    match action {
        JobAction::TileMap(work) => Ok(work),
        other => Err(JobFailure::wrong_action(ActionKind::TileMap, other)),
    }
}
