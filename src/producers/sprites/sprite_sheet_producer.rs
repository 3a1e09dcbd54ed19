//! The producer of sprite sheets. Needs no tool.

use super::sheet_data::{PlacedFrame, PlacedTag, SheetContent};
use super::sheet_frame::{CutFrame, distinct_pictures, trim_frame};
use super::sheet_layout::{PackedSheet, SheetOverflow, grid_layout, pack_pictures};
use super::sprite_inputs::{read_inputs, reduce_to_palette, stop_if_halting};
use super::written_files::{finished_output, output_files, write_text};
use crate::media::AlphaImage;
use crate::model::sprites::{
    GameKind, MAX_SHEET_SIDE, SpriteClipFacts, SpriteSheetWork, SpriteTag,
};
use crate::model::{ActionKind, JobAction, PixelSize};
use crate::producers::contract::{
    FailureClass, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
use crate::producers::output_check::{expect_names, unreadable_output};
use crate::producers::producer_tools::built_in_identity;

/// Packs sprites.
pub(in crate::producers) struct SpriteSheetProducer;

/// Where the frames of a sheet are, and what is put there.
struct ArrangedFrames {
    cut: Vec<CutFrame>,
    /// The size of the sheet, and the place of each frame.
    layout: PackedSheet,
}

impl JobProducer for SpriteSheetProducer {
    fn provider_identity(&self, _: &JobAction) -> String {
        built_in_identity()
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let work = sheet_work(context.action)?;
        let inputs = read_inputs(work.tags.len(), work.cell, context)?;
        let counts: Vec<usize> = inputs.iter().map(|input| input.frames.len()).collect();
        let facts: Vec<SpriteClipFacts> = inputs.iter().map(|input| input.facts.clone()).collect();
        let mut frames: Vec<AlphaImage> =
            inputs.into_iter().flat_map(|input| input.frames).collect();
        // All frames at once: with a palette for each, colours would flicker.
        reduce_to_palette(&mut frames, work.palette.as_ref())?;
        let arranged = arrange_frames(work, &frames, &counts)?;
        stop_if_halting(context)?;
        let mut sheet = AlphaImage::transparent(arranged.layout.size);
        for (cut, place) in arranged.cut.iter().zip(&arranged.layout.places) {
            sheet.put(&cut.picture, *place);
        }
        let content = sheet_content(work, &arranged, &facts);
        let outputs = output_files(GameKind::SpriteSheet, context);
        sheet.write_png(&outputs[0].path)?;
        write_text(&outputs[1], &content.to_text(work.dialect))?;
        Ok(finished_output(context, outputs))
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        sheet_work(context.action)?;
        let names = GameKind::SpriteSheet.made_names().map(str::to_owned);
        expect_names(&names, outputs)?;
        let picture = AlphaImage::read_png(&outputs[0].path)
            .map_err(|error| unreadable_output(&outputs[0].path, &error))?;
        let text = std::fs::read_to_string(&outputs[1].path)
            .map_err(|error| unreadable_output(&outputs[1].path, &error))?;
        let data: serde_json::Value = serde_json::from_str(&text)
            .map_err(|error| unreadable_output(&outputs[1].path, &error))?;
        // Every dialect says in the same place how large the picture is.
        let size = &data["meta"]["size"];
        let stated = [size["w"].as_u64(), size["h"].as_u64()];
        let found = [picture.size.width, picture.size.height].map(|side| Some(u64::from(side)));
        if stated != found {
            let message = format!(
                "write {}: the picture is {}, and its data has another size",
                outputs[1].name, picture.size
            );
            return Err(JobFailure::new(FailureClass::BadOutput, message));
        }
        Ok(())
    }
}

fn sheet_work(action: &JobAction) -> Result<&SpriteSheetWork, JobFailure> {
    match action {
        JobAction::SpriteSheet(work) => Ok(work),
        other => Err(JobFailure::wrong_action(ActionKind::SpriteSheet, other)),
    }
}

fn arrange_frames(
    work: &SpriteSheetWork,
    frames: &[AlphaImage],
    counts: &[usize],
) -> Result<ArrangedFrames, JobFailure> {
    // Whole cells stay in a grid, which programs can read without the data beside it.
    if !work.trim {
        let layout =
            grid_layout(work.cell, counts, work.padding).map_err(|error| too_large(&error))?;
        let whole = |frame: &AlphaImage| CutFrame {
            picture: frame.clone(),
            offset: [0; 2],
        };
        return Ok(ArrangedFrames {
            cut: frames.iter().map(whole).collect(),
            layout,
        });
    }
    let cut: Vec<CutFrame> = frames.iter().map(trim_frame).collect();
    // Clips often share frames, such as the stand between two steps. Each picture is in the sheet
    // once.
    let distinct = distinct_pictures(&cut);
    let sizes: Vec<PixelSize> = distinct
        .pictures
        .iter()
        .map(|picture| picture.size)
        .collect();
    let packed = pack_pictures(&sizes, work.padding).map_err(|error| too_large(&error))?;
    let places = distinct.indices.iter().map(|index| packed.places[*index]);
    let layout = PackedSheet {
        size: packed.size,
        places: places.collect(),
    };
    Ok(ArrangedFrames { cut, layout })
}

/// Returns the failure of frames that fit into no sheet.
pub(super) fn too_large(overflow: &SheetOverflow) -> JobFailure {
    let message = format!(
        "pack sprites: the sheet would be about {}, and {MAX_SHEET_SIDE} pixels is the longest \
         side; draw smaller cells, fewer frames or fewer directions, or write several sheets",
        overflow.needed
    );
    JobFailure::new(FailureClass::MissingInput, message)
}

fn sheet_content(
    work: &SpriteSheetWork,
    arranged: &ArrangedFrames,
    facts: &[SpriteClipFacts],
) -> SheetContent {
    let mut frames = Vec::new();
    let mut tags = Vec::new();
    for (tag, facts) in work.tags.iter().zip(facts) {
        tags.push(placed_tag(tag, frames.len(), facts.durations.len()));
        for (index, duration) in facts.durations.iter().enumerate() {
            let CutFrame { picture, offset } = &arranged.cut[frames.len()];
            frames.push(PlacedFrame {
                name: format!("{}_{index:02}", tag.name),
                place: arranged.layout.places[frames.len()],
                size: picture.size,
                offset: *offset,
                duration: *duration,
            });
        }
    }
    // All clips of a sheet have one scale and one pivot.
    let shared = facts.first();
    let scale = shared.map_or(0.0, |facts| f64::from(facts.pixels_per_metre));
    SheetContent {
        image: work.image.clone(),
        size: arranged.layout.size,
        cell: work.cell,
        pivot: shared.map_or([0; 2], |facts| facts.pivot),
        pixels_per_metre: (scale * 1e4).round() / 1e4,
        frames,
        tags,
    }
}

fn placed_tag(tag: &SpriteTag, from: usize, count: usize) -> PlacedTag {
    PlacedTag {
        name: tag.name.clone(),
        clip: tag.clip.clone(),
        direction: tag.direction.clone(),
        from,
        count,
        repeats: tag.repeats,
    }
}
