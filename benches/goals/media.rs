//! Pictures and films: hashing, joining, feeding ffmpeg, writing PNG, dithering.

use production::base::CancelToken;
use production::media::ffmpeg::{FilmStream, ToolError, codec_arguments};
use production::media::png_file::write_png16;
use production::media::{DisplayImage, FfmpegTools};
use production::model::retro_treatment::{DitherMethod, FitMode, Palette, RetroTreatment};
use production::model::{Codec, FilmEncoding, OutputFormat};
use production::model::{FrameRate, InputFile, InputFiles, InputSlot, JobAction, PixelSize};
use production::process::CallOptions;
use production::producers::JobContext;
use production::producers::retro::PaletteReducer;
use production::producers::stitch::SegmentStitcher;
use production::store::{BlobStore, StoreLayout};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

const SIZE: PixelSize = PixelSize::new(1920, 1080);
/// The size of the films that are piped and joined.
const SMALL: PixelSize = PixelSize::new(1280, 720);

/// Returns a frame with gradients and grain, the same each time.
pub(super) fn frame() -> DisplayImage {
    let mut seed = 1u32;
    let pixel = |at: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let x = at % SIZE.width;
        let y = at / SIZE.width;
        let grain = (seed >> 24) * 4;
        [x * 32 + grain, y * 56 + grain, (x + y) * 20 + grain].map(|value| value.min(65535) as u16)
    };
    DisplayImage {
        size: SIZE,
        pixels: (0..SIZE.width * SIZE.height).map(pixel).collect(),
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

/// P15: ingests every file of a folder into a store, then checks all without reading one.
pub(super) fn ingest(folder: &Path) {
    let store = folder.join("store");
    let blobs = BlobStore::new(StoreLayout::new(&store));
    let files = files(folder);
    let named: Vec<(&str, &Path)> = files
        .iter()
        .map(|path| (path.file_name().unwrap().to_str().unwrap(), path.as_path()))
        .collect();
    let artefacts = blobs.ingest_files(&named).unwrap();
    assert!(artefacts.iter().all(|artefact| blobs.is_intact(artefact)));
    // The files are moved back for the next round.
    for (artefact, path) in artefacts.iter().zip(&files) {
        std::fs::rename(blobs.blob_path(&artefact.digest), path).unwrap();
    }
    std::fs::remove_dir_all(store).unwrap();
}

fn tools() -> FfmpegTools {
    FfmpegTools::find_programs(&std::env::var_os("PATH").unwrap()).unwrap()
}

/// P16: joins the clips of a folder.
pub(super) fn stitch(folder: &Path) {
    let format = OutputFormat {
        codec: Codec::H264,
        size: SMALL,
        rate: FrameRate::from_fps(24),
        fit: FitMode::Crop,
        retro: None,
        encoding: Default::default(),
    };
    let clips = files(&folder.join("clips"));
    let work = JobAction::Stitch {
        format,
        count: clips.len() * 48,
        sound: None,
        captions: Vec::new(),
        timecode: None,
    };
    let mut materials = InputFiles::default();
    for (at, path) in clips.into_iter().enumerate() {
        let clip = InputFile {
            name: "segment.mp4".into(),
            path,
        };
        materials.files.insert(InputSlot::segment(at), vec![clip]);
    }
    let cancel = CancelToken::default();
    let progress = |_: usize, _: usize| {};
    let assignment = JobContext {
        action: &work,
        inputs: &materials,
        scratch: folder,
        watch: CallOptions::new(&cancel),
        progress: &progress,
    };
    let stitch = SegmentStitcher {
        tools: Some(tools()),
    };
    // A real run has read the version during planning: it is part of the job's identity.
    stitch
        .tools
        .as_ref()
        .unwrap()
        .version(CallOptions::new(&cancel))
        .unwrap();
    let began = Instant::now();
    stitch.stitch_segments(&assignment).unwrap();
    println!("{}", began.elapsed().as_secs_f64());
}

fn h264_encoding() -> &'static FilmEncoding {
    Codec::H264.film_encoding().unwrap()
}

/// P17: feeds the raw frames of a file to the encoder.
pub(super) fn encode(folder: &Path) {
    let mut raw = File::open(folder.join("frames.raw")).unwrap();
    let bytes = SMALL.width as usize * SMALL.height as usize * 6;
    let next = || -> Result<Option<Vec<u8>>, ToolError> {
        let mut frame = vec![0; bytes];
        Ok(raw.read_exact(&mut frame).is_ok().then_some(frame))
    };
    let stream = FilmStream {
        encoding: h264_encoding(),
        choice: &Default::default(),
        size: SMALL,
        rate: FrameRate::from_fps(24),
        repeats: &[],
    };
    tools()
        .encode(
            stream,
            &folder.join("ours.mp4"),
            CallOptions::new(&CancelToken::default()),
            next,
        )
        .unwrap();
}

/// Prints the arguments of ffmpeg for P17, so that both sides use the same.
pub(super) fn encode_arguments() {
    println!(
        "{}",
        codec_arguments::codec_arguments(
            h264_encoding(),
            &Default::default(),
            FrameRate::from_fps(24)
        )
        .join("\n")
    );
}

/// P18: writes a picture `count` times like the frames between two jobs.
pub(super) fn png(folder: &Path, count: usize) {
    let shown = frame();
    for at in 0..count {
        write_png16(&folder.join(format!("ours{at}.png")), &shown).unwrap();
    }
}

/// P19, P20: dithers a picture `count` times to 256 fixed colours.
pub(super) fn dither(_: &Path, count: usize, ordered: bool) {
    let step = |value: usize, of: usize| (value * 255 / (of - 1)) as u8;
    let colours = (0..256)
        .map(|at| [step(at / 32, 8), step(at / 4 % 8, 8), step(at % 4, 4)])
        .collect();
    let dither = if ordered {
        DitherMethod::Ordered
    } else {
        DitherMethod::ErrorDiffusion
    };
    let retro = RetroTreatment {
        palette: Palette::Fixed(colours),
        dither,
        strength: 1.0,
        size: SIZE,
    };
    let shown = frame();
    let reducer =
        PaletteReducer::new(&retro, &PaletteReducer::count_colours(&retro, &shown)).unwrap();
    for _ in 0..count {
        std::hint::black_box(reducer.reduce_image(&shown));
    }
}
