//! Films with sound, made and measured with the real ffmpeg: a white frame and a click mark the
//! same time.

use super::SegmentStitcher;
use crate::base::CancelToken;
use crate::base::json::to_pretty_json;
use crate::base::seeded_random::SeededRandom;
use crate::gpu::AdapterChoice;
use crate::media::ffmpeg::DecoderThreads;
use crate::media::picture::{DisplayImage, write_png16};
use crate::media::{FfmpegTools, sound_probe};
use crate::model::codec::FilmContainer;
use crate::model::sound::{
    DuckingCurve, LoudnessTarget, MixBus, MixFacts, MixFile, MixTrack, MixWork, RoomKind,
    SoundCodec, SoundFormat, sample_at_frame,
};
use crate::model::{
    Codec, EncodingChoice, FrameRate, InputFile, InputFiles, InputSlot, JobAction, OutputFormat,
    PixelSize,
};
use crate::process::CallOptions;
use crate::producers::contract::{FailureClass, JobFailure, JobProducer, ProducerOutput};
use crate::producers::encode::ShotEncoder;
use crate::producers::registry::ProducerRegistry;
use crate::producers::testing::{TestBench, check_outputs, find_tools, output_format};
use crate::producers::verify::{DeliverableVerifier, MeasuredFacts};
use crate::sound::{SoundBuffer, WavFormat, write_wav};
use std::path::Path;

const SMALL: PixelSize = PixelSize::new(64, 36);
const RATE: u32 = 48_000;

/// A film of some shots, in which one frame is white and one sample clicks.
struct MarkedFilm {
    bench: TestBench,
    tools: FfmpegTools,
    format: OutputFormat,
    sound: SoundFormat,
    count: usize,
    /// The frame and the sample of the mark.
    frame: usize,
    sample: u64,
    slots: InputFiles,
}

fn as_inputs(made: &ProducerOutput) -> Vec<InputFile> {
    let outputs = made.outputs.iter();
    outputs
        .map(|output| InputFile {
            name: output.name.clone(),
            path: output.path.clone(),
        })
        .collect()
}

impl MarkedFilm {
    fn new(
        tools: &FfmpegTools,
        codec: Codec,
        sound: SoundCodec,
        rate: FrameRate,
        shots: &[usize],
    ) -> Self {
        Self::with_format(tools, output_format(codec, SMALL, rate), sound, shots)
    }

    fn with_format(
        tools: &FfmpegTools,
        format: OutputFormat,
        sound: SoundCodec,
        shots: &[usize],
    ) -> Self {
        let rate = format.rate;
        let count: usize = shots.iter().sum();
        let frame = count - shots.last().unwrap() / 2 - 1;
        let mut film = Self {
            bench: TestBench::new(),
            tools: tools.clone(),
            format,
            sound: SoundFormat {
                codec: sound,
                sample_rate: RATE,
                length: sample_at_frame(count, rate, RATE),
                bit_rate: None,
                language: Some("de".to_owned()),
            },
            count,
            frame,
            sample: sample_at_frame(frame, rate, RATE),
            slots: InputFiles::default(),
        };
        let mut before = 0;
        for (index, length) in shots.iter().enumerate() {
            let segment = film.encode_shot(before, *length);
            film.slots.files.insert(InputSlot::segment(index), segment);
            before += length;
        }
        let mix = film.mix(0.5);
        film.slots.files.insert(InputSlot::mix(), mix);
        film
    }

    fn encode_shot(&self, first: usize, length: usize) -> Vec<InputFile> {
        let frames = (first..first + length).map(|frame| {
            let shade = if frame == self.frame { 65_535 } else { 3000 };
            let path = self.bench.folder_path().join(format!("frame{frame}"));
            let pixels = vec![[shade; 3]; (SMALL.width * SMALL.height) as usize];
            write_png16(
                &path,
                &DisplayImage {
                    size: SMALL,
                    pixels,
                },
            )
            .unwrap();
            InputFile {
                name: format!("{frame:04}.png"),
                path,
            }
        });
        let work = JobAction::Encode {
            format: self.format.clone(),
            source_rate: self.format.rate,
            source_frames: length,
            count: length,
            overlays: Default::default(),
            trim: Default::default(),
        };
        let inputs = TestBench::input_files([("frames", frames.collect())]);
        let encoder = ShotEncoder {
            tools: Some(self.tools.clone()),
        };
        let made = self
            .bench
            .run_job(&work, &inputs, |job| encoder.encode_shot(job));
        as_inputs(&made.unwrap())
    }

    /// Mixes the click over a quiet tone, as the job of a production does.
    fn mix(&self, level: f32) -> Vec<InputFile> {
        let mut wave: Vec<f32> = (0..self.sound.length)
            .map(|n| libm::sinf(n as f32 * 0.05) * 0.05 * level)
            .collect();
        wave[usize::try_from(self.sample).unwrap()] = level;
        self.mix_sound(&SoundBuffer::mono(wave, RATE), &level.to_string())
    }

    /// Mixes one sound.
    fn mix_sound(&self, sound: &SoundBuffer, name: &str) -> Vec<InputFile> {
        let path = self.bench.folder_path().join(format!("effects{name}"));
        write_wav(&path, sound, WavFormat::Float32).unwrap();
        let track = MixTrack {
            slot: InputSlot::new("effects"),
            bus: MixBus::Effects,
            start: 0,
            skip: 0,
            length: None,
            repeat: false,
            gain: 0.0,
            pan: 0.0,
            fade_in: 0,
            fade_out: 0,
            room: RoomKind::Dry,
            muffled: false,
        };
        let work = JobAction::Mix(MixWork {
            sample_rate: RATE,
            length: self.sound.length,
            tracks: vec![track],
            ducking: DuckingCurve::OFF,
            loudness: LoudnessTarget::default(),
            retro: None,
        });
        let file = InputFile {
            name: "effects.wav".to_owned(),
            path,
        };
        let inputs = TestBench::input_files([("effects", vec![file])]);
        let adapter = AdapterChoice::default();
        let registry = ProducerRegistry::new(adapter, None, CancelToken::default());
        let made = self
            .bench
            .run_job(&work, &inputs, |job| registry.run_job(job));
        as_inputs(&made.unwrap())
    }

    fn stitch(&self) -> Result<ProducerOutput, JobFailure> {
        let work = JobAction::Stitch {
            format: self.format.clone(),
            count: self.count,
            sound: Some(self.sound.clone()),
            captions: Vec::new(),
            timecode: None,
        };
        let stitcher = SegmentStitcher {
            tools: Some(self.tools.clone()),
        };
        let made = self
            .bench
            .run_job(&work, &self.slots, |job| stitcher.stitch_segments(job))?;
        let cancel = CancelToken::default();
        let watch = CallOptions::new(&cancel);
        check_outputs(&work, &made.outputs, Some(&self.tools), watch)?;
        Ok(made)
    }

    fn verify(
        &self,
        film: &ProducerOutput,
        sound: &SoundFormat,
        mix: Vec<InputFile>,
    ) -> Result<(MeasuredFacts, Vec<String>), JobFailure> {
        let work = JobAction::Verify {
            format: self.format.clone(),
            count: self.count,
            sound: Some(sound.clone()),
            timecode: None,
        };
        let inputs = TestBench::input_files([("deliverable", as_inputs(film)), ("mix", mix)]);
        let verifier = DeliverableVerifier {
            tools: Some(self.tools.clone()),
        };
        let made = self
            .bench
            .run_job(&work, &inputs, |job| verifier.verify_deliverable(job))?;
        let bytes = std::fs::read(&made.outputs[0].path).unwrap();
        Ok((serde_json::from_slice(&bytes).unwrap(), made.warnings))
    }

    fn mix_files(&self) -> Vec<InputFile> {
        self.slots.files_in(&InputSlot::mix()).to_vec()
    }
}

/// Returns the loudest sample, and the number of samples.
fn decoded_mark(tools: &FfmpegTools, film: &Path) -> (u64, u64) {
    let cancel = CancelToken::default();
    let mut samples: Vec<f32> = Vec::new();
    sound_probe::decode_sound(tools, film, CallOptions::new(&cancel), |left, _| {
        samples.extend(left);
    })
    .unwrap();
    let loudest = (0..samples.len())
        .max_by(|a, b| samples[*a].abs().total_cmp(&samples[*b].abs()))
        .unwrap();
    (loudest as u64, samples.len() as u64)
}

/// Returns the brightest frame.
fn white_frame(tools: &FfmpegTools, film: &Path) -> usize {
    let cancel = CancelToken::default();
    let mut bytes = Vec::new();
    tools
        .decode_grey(
            film,
            PixelSize::new(2, 2),
            DecoderThreads::Many,
            CallOptions::new(&cancel),
            |part| {
                bytes.extend_from_slice(part);
            },
        )
        .unwrap();
    let frames = bytes.chunks_exact(4).enumerate();
    frames.max_by_key(|(_, frame)| frame[0]).unwrap().0
}

#[test]
fn picture_and_sound_are_in_step_in_every_codec() {
    let Some(tools) = find_tools() else { return };
    let ntsc = FrameRate::parse("29.97").unwrap();
    for (codec, container) in [
        (Codec::H264, FilmContainer::Mp4),
        (Codec::Prores422, FilmContainer::Mov),
        (Codec::Dnxhr, FilmContainer::Mxf),
        (Codec::H264, FilmContainer::Mkv),
        (Codec::Vp9, FilmContainer::Webm),
    ] {
        for sound in container.spec().sound_codecs {
            let least = codec.spec().size_grid.smallest;
            let size = PixelSize::new(SMALL.width.max(least.width), SMALL.height.max(least.height));
            let format = OutputFormat {
                encoding: EncodingChoice {
                    container: Some(container),
                    ..EncodingChoice::default()
                },
                ..output_format(codec, size, ntsc)
            };
            let film = MarkedFilm::with_format(&tools, format, *sound, &[7, 1, 26, 13]);
            let made = film.stitch().unwrap();
            let path = &made.outputs[0].path;
            let (mark, samples) = decoded_mark(&tools, path);
            let what = format!("{codec:?} {container:?} {sound:?}");
            assert!(
                mark.abs_diff(film.sample) <= 1,
                "{what}: {mark} {}",
                film.sample
            );
            assert_eq!(white_frame(&tools, path), film.frame, "{what}");
            let frame = sound.spec().frame_length;
            let length = film.sound.length;
            assert!(
                (length..=length + frame).contains(&samples),
                "{what}: {samples}"
            );
            let (facts, warnings) = film.verify(&made, &film.sound, film.mix_files()).unwrap();
            let measured = facts.sound.unwrap();
            assert_eq!(measured.codec, sound.spec().id);
            assert!(measured.integrated.is_some(), "{what}");
            assert_eq!(warnings, Vec::<String>::new(), "{what}");
        }
    }
}

#[test]
fn many_shots_of_odd_length_do_not_drift() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::parse("23.976").unwrap();
    let shots = vec![5; 24];
    let film = MarkedFilm::new(&tools, Codec::H264, SoundCodec::Aac, rate, &shots);
    let made = film.stitch().unwrap();
    let (mark, _) = decoded_mark(&tools, &made.outputs[0].path);
    assert!(mark.abs_diff(film.sample) <= 1, "{mark} {}", film.sample);
    assert_eq!(white_frame(&tools, &made.outputs[0].path), film.frame);
}

#[test]
fn the_same_mix_makes_the_same_film() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::from_fps(24);
    for sound in [SoundCodec::Aac, SoundCodec::Flac] {
        let film = MarkedFilm::new(&tools, Codec::H264, sound, rate, &[12, 18]);
        let bytes = || std::fs::read(&film.stitch().unwrap().outputs[0].path).unwrap();
        assert!(bytes() == bytes(), "{sound:?}");
    }
}

#[test]
fn a_film_of_one_frame_has_its_sound() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::from_fps(24);
    let film = MarkedFilm::new(&tools, Codec::H264, SoundCodec::Aac, rate, &[1]);
    let made = film.stitch().unwrap();
    film.verify(&made, &film.sound, film.mix_files()).unwrap();
}

#[test]
fn a_film_with_other_sound_than_its_mix_is_refused() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::from_fps(24);
    let film = MarkedFilm::new(&tools, Codec::H264, SoundCodec::Aac, rate, &[24, 24]);
    let made = film.stitch().unwrap();
    let refused = |sound: &SoundFormat, mix: Vec<InputFile>| {
        let failure = film.verify(&made, sound, mix).unwrap_err();
        assert_eq!(failure.class, FailureClass::BadOutput, "{failure}");
        failure.message
    };
    let mut other = film.sound.clone();
    other.codec = SoundCodec::Opus;
    assert!(refused(&other, film.mix_files()).contains("sound codec"));
    let mut other = film.sound.clone();
    other.language = Some("fr".to_owned());
    assert!(refused(&other, film.mix_files()).contains("expected fra, found deu"));
    let mut other = film.sound.clone();
    other.length += 5000;
    assert!(refused(&other, film.mix_files()).contains("length"));
    // The facts of a mix that is 2 LU louder.
    let mut louder = film.mix_files();
    let facts = louder.last_mut().unwrap();
    let mut mix: MixFacts = serde_json::from_slice(&std::fs::read(&facts.path).unwrap()).unwrap();
    mix.integrated = mix.integrated.map(|level| level + 2.0);
    facts.path = film.bench.folder_path().join("louder.json");
    std::fs::write(&facts.path, to_pretty_json(&mix)).unwrap();
    assert!(refused(&film.sound, louder).contains("loudness"));
    // A silent film.
    let silent = film.bench.run_job(
        &JobAction::Stitch {
            format: film.format.clone(),
            count: film.count,
            sound: None,
            captions: Vec::new(),
            timecode: None,
        },
        &film.slots,
        |job| {
            let tools = Some(tools.clone());
            SegmentStitcher { tools }.stitch_segments(job)
        },
    );
    let failure = film
        .verify(&silent.unwrap(), &film.sound, film.mix_files())
        .unwrap_err();
    assert!(
        failure.message.contains("expected AAC, found none"),
        "{failure}"
    );
}

#[test]
fn a_film_without_its_mix_is_not_joined() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::from_fps(24);
    let mut film = MarkedFilm::new(&tools, Codec::H264, SoundCodec::Aac, rate, &[5]);
    film.slots.files.remove(&InputSlot::mix());
    let failure = film.stitch().unwrap_err();
    assert_eq!(failure.class, FailureClass::MissingInput);
}

#[test]
fn the_mix_beside_pictures_is_verified_without_ffmpeg() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::from_fps(24);
    let film = MarkedFilm::new(&tools, Codec::H264, SoundCodec::Aac, rate, &[24]);
    let pictures = film.bench.graded_frames(SMALL, 2, 0);
    let format = output_format(Codec::Png, SMALL, rate);
    let work = JobAction::Encode {
        format: format.clone(),
        source_rate: rate,
        source_frames: 2,
        count: 2,
        overlays: Default::default(),
        trim: Default::default(),
    };
    let inputs = TestBench::input_files([("frames", pictures)]);
    let made = film.bench.run_job(&work, &inputs, |job| {
        ShotEncoder { tools: None }.encode_shot(job)
    });
    let work = JobAction::Verify {
        format,
        count: 2,
        sound: None,
        timecode: None,
    };
    let verify = |mix: Vec<InputFile>| {
        let pictures = as_inputs(made.as_ref().unwrap());
        let inputs = TestBench::input_files([("deliverable", pictures), ("mix", mix)]);
        film.bench.run_job(&work, &inputs, |job| {
            DeliverableVerifier { tools: None }.verify_deliverable(job)
        })
    };
    let verified = verify(film.mix_files()).unwrap();
    let facts = std::fs::read_to_string(&verified.outputs[0].path).unwrap();
    assert!(facts.contains("\"codec\": \"pcm\""), "{facts}");
    // Without a mix, nothing is reported about sound.
    let silent = verify(Vec::new()).unwrap();
    let facts = std::fs::read_to_string(&silent.outputs[0].path).unwrap();
    assert!(!facts.contains("sound"), "{facts}");
    let mut short = film.mix_files();
    let cut = film.bench.folder_path().join("cut");
    let bytes = std::fs::read(&short[0].path).unwrap();
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(short[0].name, MixFile::Mix.name());
    short[0].path = cut;
    assert!(verify(short).is_err());
}

/// Returns noise of a length whose two sides differ, louder in its middle.
fn stereo_noise(seed: u64, length: u64) -> SoundBuffer {
    let mut random = SeededRandom::for_part(seed, "noise");
    let length = usize::try_from(length).unwrap();
    let swell = |at: usize| libm::sinf(at as f32 / length as f32 * std::f32::consts::PI);
    let mut wave = |gain: f32| -> Vec<f32> {
        (0..length)
            .map(|at| random.next_signed() * 0.1 * gain * swell(at))
            .collect()
    };
    let [middle, left, right] = [wave(1.0), wave(0.6), wave(0.3)];
    let sum = |side: &[f32]| middle.iter().zip(side).map(|(a, b)| a + b).collect();
    SoundBuffer::stereo(sum(&left), sum(&right), RATE)
}

/// Returns the sound with every channel changed.
fn changed(sound: &SoundBuffer, change: fn(&mut [f32])) -> SoundBuffer {
    let mut changed = sound.clone();
    changed.channels_mut().for_each(change);
    changed
}

#[test]
fn another_sound_of_the_same_loudness_is_refused() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::from_fps(24);
    for (codec, sound, bit_rate) in [
        (Codec::H264, SoundCodec::Aac, None),
        (Codec::H264, SoundCodec::Aac, Some(16_000)),
        (Codec::H264, SoundCodec::Opus, Some(24_000)),
        (Codec::Prores422, SoundCodec::Pcm, None),
    ] {
        let mut film = MarkedFilm::new(&tools, codec, sound, rate, &[24, 24]);
        film.sound.bit_rate = bit_rate;
        let right = stereo_noise(1, film.sound.length);
        let mix = film.mix_sound(&right, "right");
        film.slots.files.insert(InputSlot::mix(), mix.clone());
        let made = film.stitch().unwrap();
        film.verify(&made, &film.sound, mix).unwrap();
        let [left_side, right_side] = right.channels() else {
            panic!()
        };
        for (name, wrong) in [
            (
                "exchanged",
                SoundBuffer::stereo(right_side.clone(), left_side.clone(), RATE),
            ),
            (
                "upside down",
                changed(&right, |samples| {
                    samples.iter_mut().for_each(|sample| *sample = -*sample);
                }),
            ),
            ("another time", changed(&right, <[f32]>::reverse)),
            (
                "another time",
                changed(&right, |samples| samples.rotate_left(240)),
            ),
            ("another sound", stereo_noise(2, film.sound.length)),
        ] {
            // The film is right and the mix is not, which is the same difference.
            let mix = film.mix_sound(&wrong, "wrong");
            let failure = film.verify(&made, &film.sound, mix).unwrap_err();
            let what = format!("{sound:?} {bit_rate:?} {name}: {failure}");
            assert_eq!(failure.class, FailureClass::BadOutput, "{what}");
            let is_named = failure.message.contains(name) || sound == SoundCodec::Pcm;
            assert!(
                is_named && failure.message.contains("that of the mix"),
                "{what}"
            );
        }
    }
}

#[test]
fn what_a_codec_leaves_out_is_a_warning() {
    let Some(tools) = find_tools() else { return };
    let rate = FrameRate::from_fps(24);
    let mut film = MarkedFilm::new(&tools, Codec::H264, SoundCodec::Aac, rate, &[24]);
    let length = usize::try_from(film.sound.length).unwrap();
    let noise = changed(&stereo_noise(1, film.sound.length), |samples| {
        // Violet: louder by 6 dB an octave.
        for at in (1..samples.len()).rev() {
            samples[at] -= samples[at - 1];
        }
    });
    let constant = SoundBuffer::mono(vec![0.9; length], RATE);
    for (name, sound) in [("noise", noise), ("constant", constant)] {
        let mix = film.mix_sound(&sound, name);
        film.slots.files.insert(InputSlot::mix(), mix.clone());
        for (codec, bit_rate) in [
            (SoundCodec::Aac, 16_000),
            (SoundCodec::Aac, 64_000),
            (SoundCodec::Aac, 256_000),
            (SoundCodec::Opus, 16_000),
            (SoundCodec::Opus, 160_000),
        ] {
            film.sound.codec = codec;
            film.sound.bit_rate = Some(bit_rate);
            let made = film.stitch().unwrap();
            let verified = film.verify(&made, &film.sound, mix.clone());
            let what = format!("{name} {codec:?} {bit_rate}");
            let (_, warnings) = verified.unwrap_or_else(|failure| panic!("{what}: {failure}"));
            let is_reported = warnings
                .iter()
                .any(|warning| warning.contains("`bit_rate`"));
            assert!(
                is_reported || name == "constant" || bit_rate > 128_000,
                "{what}: {warnings:?}"
            );
        }
    }
}
