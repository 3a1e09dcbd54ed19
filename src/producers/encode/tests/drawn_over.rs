//! Text over encoded frames, and clips of a colour without frames.

use super::{SMALL, as_materials};
use crate::base::CancelToken;
use crate::media::picture::{DisplayImage, read_png};
use crate::model::cut::ScreenColour;
use crate::model::retro_treatment::{DitherMethod, FitMode, Palette, RetroTreatment};
use crate::model::titles::{BlockLine, FrameOverlay, OverlayContent, TextBlock, TypefaceSource};
use crate::model::{
    Codec, FrameRate, HdrTransfer, InputFile, InputFiles, InputSlot, JobAction, OutputFormat,
    PixelSize,
};
use crate::process::CallOptions;
use crate::producers::contract::{FailureClass, JobFailure, ProducerOutput};
use crate::producers::encode::ShotEncoder;
use crate::producers::testing::{TestBench, check_outputs, find_tools, output_format};

const FILM: FrameRate = FrameRate::from_fps(24);

fn text(begin: i64, length: usize, fonts: Vec<TypefaceSource>) -> FrameOverlay {
    let line = BlockLine {
        text: "TITLE".to_owned(),
        beside: None,
        size: 0.4,
        bold: true,
        colour: ScreenColour::WHITE,
        tracking: 0.0,
        space: 0.0,
    };
    FrameOverlay {
        begin,
        length,
        content: OverlayContent::Text(TextBlock::centred(vec![line], fonts, 0.05, 0.0)),
    }
}

fn backdrop(length: usize) -> FrameOverlay {
    FrameOverlay {
        begin: 0,
        length,
        content: OverlayContent::Backdrop(ScreenColour([0, 0, 128])),
    }
}

fn encode_work(format: &OutputFormat, frames: usize, overlays: Vec<FrameOverlay>) -> JobAction {
    JobAction::Encode {
        format: format.clone(),
        source_rate: FILM,
        source_frames: frames,
        count: format.rate.resampled_count(frames, FILM),
        overlays: overlays.into(),
        trim: Default::default(),
    }
}

fn encode(
    bench: &TestBench,
    work: &JobAction,
    slots: Vec<(&str, Vec<InputFile>)>,
) -> Result<ProducerOutput, JobFailure> {
    let tools = find_tools();
    let encoder = ShotEncoder {
        tools: tools.clone(),
    };
    let slots = slots.into_iter();
    let inputs = InputFiles {
        files: slots
            .map(|(name, files)| (InputSlot::new(name), files))
            .collect(),
    };
    let finished = bench.run_job(work, &inputs, |job| encoder.encode_shot(job))?;
    let cancel = CancelToken::default();
    check_outputs(
        work,
        &finished.outputs,
        tools.as_ref(),
        CallOptions::new(&cancel),
    )?;
    Ok(finished)
}

fn pictures(finished: &ProducerOutput) -> Vec<DisplayImage> {
    let files = as_materials(&finished.outputs);
    files
        .iter()
        .map(|file| read_png(&file.path).unwrap())
        .collect()
}

#[test]
fn a_title_changes_its_own_frames_and_no_others() {
    let bench = TestBench::new();
    let format = output_format(Codec::Png, SMALL, FILM);
    let frames = bench.graded_frames(SMALL, 6, 0);
    let made = |overlays| {
        let finished = encode(
            &bench,
            &encode_work(&format, 6, overlays),
            vec![("frames", frames.clone())],
        );
        pictures(&finished.unwrap())
    };
    let plain = made(Vec::new());
    let titled = made(vec![text(2, 3, Vec::new())]);
    let changed: Vec<usize> = (0..6)
        .filter(|index| plain[*index] != titled[*index])
        .collect();
    assert_eq!(changed, [2, 3, 4]);
    let began_before = made(vec![text(-4, 6, Vec::new())]);
    let changed: Vec<usize> = (0..6)
        .filter(|index| plain[*index] != began_before[*index])
        .collect();
    assert_eq!(changed, [0, 1]);
}

#[test]
fn a_title_over_one_picture_that_stays_is_on_its_own_frames() {
    let bench = TestBench::new();
    let format = output_format(Codec::Png, SMALL, FILM);
    // One file of the store, six times.
    let mut frames = bench.graded_frames(SMALL, 6, 0);
    let path = frames[0].path.clone();
    for frame in &mut frames {
        frame.path = path.clone();
    }
    let work = encode_work(&format, 6, vec![text(2, 3, Vec::new())]);
    let made = pictures(&encode(&bench, &work, vec![("frames", frames)]).unwrap());
    let titled: Vec<usize> = (1..6).filter(|index| made[*index] != made[0]).collect();
    assert_eq!(titled, [2, 3, 4]);
    assert!(made[2] == made[4] && made[5] == made[0]);
}

#[test]
fn white_over_a_film_of_high_range_is_reference_white() {
    let bench = TestBench::new();
    let mut format = output_format(Codec::Png, SMALL, FILM);
    // BT.2408: 203 cd/m2.
    for (transfer, signal) in [(HdrTransfer::Pq, 0.58), (HdrTransfer::Hlg, 0.75)] {
        format.encoding.hdr = Some(transfer);
        let mut white = backdrop(1);
        white.content = OverlayContent::Backdrop(ScreenColour::WHITE);
        let work = encode_work(&format, 1, vec![white]);
        let finished = encode(&bench, &work, Vec::new()).unwrap();
        let shown = f64::from(pictures(&finished)[0].pixels[0][0]) / 65535.0;
        assert!((shown - signal).abs() < 0.005, "{transfer:?} {shown}");
    }
}

#[test]
fn a_title_is_sharp_over_a_picture_that_is_scaled_up() {
    let bench = TestBench::new();
    let large = PixelSize::new(960, 540);
    let format = output_format(Codec::Png, large, FILM);
    let frames = bench.graded_frames(SMALL, 1, 0);
    let job = encode_work(&format, 1, vec![text(0, 1, Vec::new())]);
    let shown = pictures(&encode(&bench, &job, vec![("frames", frames)]).unwrap());
    // An edge that was scaled up by ten would be as many pixels wide.
    let rows = shown[0].pixels.chunks(960);
    let steps = rows.flat_map(|row| row.windows(2));
    let sharp = steps.filter(|pair| pair[0][0].abs_diff(pair[1][0]) > 20_000);
    assert!(sharp.count() > 400);
}

#[test]
fn a_clip_of_a_colour_needs_no_frames() {
    let bench = TestBench::new();
    let format = output_format(Codec::Png, SMALL, FrameRate::from_fps(12));
    let overlays = vec![backdrop(24), text(12, 6, Vec::new())];
    let finished = encode(&bench, &encode_work(&format, 24, overlays), Vec::new()).unwrap();
    let shown = pictures(&finished);
    assert_eq!(shown.len(), 12);
    let blue = DisplayImage::filled_with(SMALL, [0, 0, 32_896]);
    let titled: Vec<usize> = (0..12).filter(|index| shown[*index] != blue).collect();
    assert_eq!(titled, [6, 7, 8]);
    if find_tools().is_some() {
        let film = output_format(Codec::H264, SMALL, FILM);
        let made = encode(
            &bench,
            &encode_work(&film, 24, vec![backdrop(24)]),
            Vec::new(),
        );
        // The segment and its facts.
        assert_eq!(made.unwrap().outputs.len(), 2);
    }
}

#[test]
fn frames_are_missing_without_a_colour_and_too_many_with_one() {
    let bench = TestBench::new();
    let format = output_format(Codec::Png, SMALL, FILM);
    let frames = bench.graded_frames(SMALL, 2, 0);
    let bare = encode(
        &bench,
        &encode_work(&format, 2, vec![text(0, 2, Vec::new())]),
        Vec::new(),
    );
    assert_eq!(bare.unwrap_err().class, FailureClass::MissingInput);
    let both = encode(
        &bench,
        &encode_work(&format, 2, vec![backdrop(2)]),
        vec![("frames", frames)],
    );
    assert_eq!(both.unwrap_err().class, FailureClass::MissingInput);
}

#[test]
fn a_retro_picture_has_its_text_in_the_colours_of_its_palette() {
    let bench = TestBench::new();
    let palette = vec![[15, 56, 15], [48, 98, 48], [139, 172, 15], [155, 188, 15]];
    let format = OutputFormat {
        retro: Some(RetroTreatment {
            palette: Palette::Fixed(palette.clone()),
            dither: DitherMethod::Ordered,
            strength: 1.0,
            size: SMALL,
        }),
        fit: FitMode::Crop,
        ..output_format(Codec::Png, SMALL, FILM)
    };
    let overlays = vec![backdrop(2), text(0, 2, Vec::new())];
    let finished = encode(&bench, &encode_work(&format, 2, overlays), Vec::new()).unwrap();
    let shown = pictures(&finished);
    let known: Vec<[u16; 3]> = palette
        .iter()
        .map(|c| c.map(|v| u16::from(v) * 257))
        .collect();
    assert!(shown[0].pixels.iter().all(|pixel| known.contains(pixel)));
    assert!(
        shown[0].pixels.contains(&known[3]),
        "the text is the lightest colour"
    );
}

#[test]
fn fonts_come_from_their_slots() {
    let bench = TestBench::new();
    let format = output_format(Codec::Png, SMALL, FILM);
    let source = TypefaceSource::File {
        slot: 2,
        family: None,
        bold: None,
    };
    let job = encode_work(&format, 1, vec![backdrop(1), text(0, 1, vec![source])]);
    let failure = encode(&bench, &job, Vec::new()).unwrap_err();
    assert_eq!(failure.class, FailureClass::MissingInput);
    let path = bench.folder_path().join("blob");
    std::fs::write(&path, "no font").unwrap();
    let font = |path| {
        vec![InputFile {
            name: "Title.ttf".to_owned(),
            path,
        }]
    };
    let slot = InputSlot::font(2);
    let failure = encode(&bench, &job, vec![(slot.as_str(), font(path))]).unwrap_err();
    assert!(failure.message.contains("Title.ttf"), "{}", failure.message);
    let own =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fonts/NotoSans-Bold.ttf");
    assert!(encode(&bench, &job, vec![(slot.as_str(), font(own))]).is_ok());
}
