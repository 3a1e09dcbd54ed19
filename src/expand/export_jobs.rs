//! Phases `export` and `finalize`: encode every shot and every transition for every output, join
//! the segments, and verify the result.

use super::caption_jobs::film_words;
use super::cut_jobs::{CoveringChunks, TransitionJobs};
use super::segment_overlays::SegmentOverlays;
use super::shot_jobs::{GradedFrames, SizedFrames};
use super::sound_jobs::{OutputMix, SoundJobs};
use super::still_frames::encoded_parts;
use super::{JobBuilder, job_input, new_job};
use crate::model::cut::{
    CuePart, FrameTrim, TextExportKind, TextExportWork, Timecode, TimelineTransition,
};
use crate::model::frame_sizes::FrameSizes;
use crate::model::production::Output;
use crate::model::sound::SoundFormat;
use crate::model::titles::{FrameOverlay, font_slots};
use crate::model::{
    FrameRate, InputSlot, InputSource, JobAction, JobId, JobInput, OutputFormat, PixelSize,
    Production,
};
use crate::timeline::{PartSource, PictureTrack, TimelineMaker, TrackPart};
use std::fmt::Display;

/// The job that joins one output, and the number of frames of that output.
pub(super) struct JoinedOutput {
    stitch_job: JobId,
    count: usize,
    mix: Option<OutputMix>,
    /// The sound within the film, if it has one.
    format: Option<SoundFormat>,
    /// Timecode of the first frame, if the file has a place for it.
    timecode: Option<String>,
    /// The jobs of the segments that a film is compared with. Empty: it is no film of one file.
    segments: Vec<JobId>,
}

/// What the segments of all outputs are made from.
pub(super) struct ExportSources<'a> {
    /// The graded frames in each size.
    pub(super) graded: &'a [SizedFrames],
    pub(super) sizes: &'a FrameSizes,
    /// The pictures of each output, in order.
    pub(super) tracks: &'a [PictureTrack],
    /// The jobs that speak, by shot.
    pub(super) lines: &'a [Vec<JobId>],
    pub(super) timelines: &'a TimelineMaker<'a>,
}

/// What a film is joined from, except its sound.
struct MadeTracks<'a> {
    segments: &'a [JobId],
    texts: Vec<CaptionTrack>,
}

/// What a film has as a whole.
struct WholeFilm {
    count: usize,
    sound: Option<(OutputMix, SoundFormat)>,
    timecode: Option<String>,
}

/// A track of text of a film.
struct CaptionTrack {
    job: JobId,
    language: String,
}

/// The encoding of one film of an output, which has several if it is a stream.
struct SegmentEncoding<'a> {
    output: &'a Output,
    format: &'a OutputFormat,
    /// What its jobs are named after.
    name: String,
    /// The job with the captions that are drawn on it.
    cues: Option<JobId>,
}

impl<'a> SegmentEncoding<'a> {
    fn new(
        output: &'a Output,
        format: &'a OutputFormat,
        formats: &[OutputFormat],
        cues: Option<JobId>,
    ) -> Self {
        // The films of a stream differ in their size, so that is their name.
        let name = match formats {
            [_] => output.name.value.clone(),
            _ => format!("{}_{}", output.name.value, format.size),
        };
        Self {
            output,
            format,
            name,
            cues,
        }
    }

    /// Returns the number of frames of a part at the rate of the output. `rate` is that of the
    /// film.
    // A difference of two totals. If each part were rounded for itself, the rates of outputs would
    // give films of different length.
    fn encoded_count(&self, part: &TrackPart, rate: FrameRate) -> usize {
        let output_rate = self.output.format.rate;
        let first = output_rate.resampled_count(part.start, rate);
        let end = output_rate.resampled_count(part.start + part.length, rate);
        end - first
    }
}

/// A part of a track as it is encoded.
struct FilmSegment<'a> {
    track: &'a PictureTrack,
    part: &'a TrackPart,
    /// Frames at the rate of the output.
    count: usize,
    /// Size of its source frames.
    size: PixelSize,
}

/// The frames of one segment.
struct SegmentSource {
    inputs: Vec<JobId>,
    /// Frames of the inputs that belong to a transition.
    trim: FrameTrim,
    /// The names of the segment behind that of its output.
    names: Vec<String>,
    shot: Option<String>,
}

impl JobBuilder<'_> {
    pub(super) fn add_export_jobs(
        &mut self,
        sources: &ExportSources<'_>,
        mut sound: Option<SoundJobs<'_>>,
    ) -> Vec<JoinedOutput> {
        let outputs = &self.production.outputs;
        let mut transitions = TransitionJobs::default();
        outputs
            .iter()
            .zip(sources.tracks)
            .enumerate()
            .map(|(index, (output, track))| {
                let sized = &sources.graded[sources.sizes.index_of_output(index)];
                let graded = sized.for_output(output);
                let formats = output.format.encoded_formats();
                // Once for the film: each segment takes its part, so that a caption over a cut is
                // timed as one.
                let cues = self.add_cue_job(output, sources);
                let mut segments = Vec::new();
                for format in &formats {
                    let encoding = SegmentEncoding::new(output, format, &formats, cues);
                    // Format by format, as the joiner of streams expects its segments.
                    segments.extend(self.add_segment_jobs(
                        &encoding,
                        track,
                        &graded,
                        &mut transitions,
                    ));
                }
                let texts = self.add_caption_jobs(output, sources);
                let made = MadeTracks {
                    segments: &segments,
                    texts,
                };
                self.add_joined_output(output, track, made, sound.as_mut())
            })
            .collect()
    }

    /// Adds an encode job for each part of an output.
    fn add_segment_jobs(
        &mut self,
        encoding: &SegmentEncoding<'_>,
        track: &PictureTrack,
        graded: &GradedFrames<'_>,
        transitions: &mut TransitionJobs,
    ) -> Vec<JobId> {
        let output = encoding.output;
        let rate = self.production.render.rate;
        let still = output.format.codec.still_format();
        let mut segments = Vec::new();
        for part in encoded_parts(track, still) {
            let count = match still {
                Some(_) => 1,
                None => encoding.encoded_count(&part, rate),
            };
            // A shot of one frame may have no frame at a lower rate. An encoder cannot write an
            // empty segment.
            if count == 0 {
                continue;
            }
            let source = match part.source {
                PartSource::Clip(clip) => clip_source(output, track, clip, &part, graded),
                PartSource::Transition(index) => {
                    let transition = &track.transitions[index];
                    let job = self.transition_job(transitions, output, track, transition, graded);
                    self.transition_source(track, transition, &part, job)
                }
            };
            let segment = FilmSegment {
                track,
                part: &part,
                count,
                // The size of what is read, which decides how much memory the job claims.
                size: graded.size,
            };
            segments.push(self.add_encode_job(encoding, &segment, source));
        }
        segments
    }

    /// Adds the job that encodes one segment.
    // One segment per part and output, and not one encode of the whole film: after an edit only the
    // segments of that shot are encoded again, and segments are encoded in parallel.
    fn add_encode_job(
        &mut self,
        encoding: &SegmentEncoding<'_>,
        segment: &FilmSegment<'_>,
        source: SegmentSource,
    ) -> JobId {
        let output = encoding.output;
        let overlays = SegmentOverlays {
            production: self.production,
            output,
            track: segment.track,
            part: segment.part,
            has_captions: encoding.cues.is_some(),
        };
        // Part of the work, and so of the identity: another title encodes the segments that show
        // it, and no other.
        let overlays = overlays.overlays();
        let fonts = self.font_inputs(&overlays);
        let work = JobAction::Encode {
            format: encoding.format.clone(),
            source_rate: self.production.render.rate,
            source_frames: segment.part.length,
            count: segment.count,
            overlays,
            trim: source.trim,
        };
        let names = source.names.iter().map(|name| name as &dyn Display);
        let subjects: Vec<&dyn Display> = std::iter::once(&encoding.name as &dyn Display)
            .chain(names)
            .collect();
        let captions = encoding
            .cues
            .map(|cues| self.add_cue_part(&subjects, cues, segment.part, output))
            .map(|job| job_input(InputSlot::captions(0), job));
        let mut encode = new_job(&subjects, work, output.origin);
        encode.inputs = source
            .inputs
            .into_iter()
            .map(|job| job_input(InputSlot::frames(), job))
            .chain(fonts)
            .chain(captions)
            .collect();
        encode.shot = source.shot;
        encode.output = Some(output.name.value.clone());
        encode.source_size = Some(segment.size);
        self.add_job(encode)
    }

    /// Returns the files of the fonts of some overlays.
    fn font_inputs(&self, overlays: &[FrameOverlay]) -> Vec<JobInput> {
        let fonts = &self.production.titles.fonts;
        let slots = font_slots(overlays).into_iter();
        let files = slots.filter_map(|wanted| {
            let file = fonts.iter().find_map(|font| font.file_in_slot(wanted));
            Some(JobInput {
                slot: InputSlot::font(wanted),
                from: InputSource::File(file?.clone()),
            })
        });
        files.collect()
    }

    /// Returns the frames of a transition, which `job` makes.
    fn transition_source(
        &self,
        track: &PictureTrack,
        transition: &TimelineTransition,
        part: &TrackPart,
        job: JobId,
    ) -> SegmentSource {
        let name_of = |clip: Option<usize>| track.clips.get(clip?).map(|clip| clip.name.clone());
        let clips = [name_of(transition.from), name_of(transition.into)];
        let kind = transition.kind.name().to_owned();
        SegmentSource {
            inputs: vec![job],
            // A still shows one frame of it.
            trim: FrameTrim {
                head: part.start.saturating_sub(transition.start()),
                tail: transition.end().saturating_sub(part.start + part.length),
            },
            names: std::iter::once(kind)
                .chain(clips.into_iter().flatten())
                .collect(),
            // The job of the transition has decided whose it is. With another answer, a run of one
            // shot would make the segment without its frames.
            shot: self.jobs[job.index()].shot.clone(),
        }
    }

    /// Adds the job that joins the segments of an output, and its mix.
    fn add_joined_output(
        &mut self,
        output: &Output,
        track: &PictureTrack,
        made: MadeTracks<'_>,
        sound: Option<&mut SoundJobs<'_>>,
    ) -> JoinedOutput {
        let rate = self.production.render.rate;
        // A single picture is made of one frame a shot, and has no sound.
        let is_still = output.format.codec.still_format().is_some();
        let count = match is_still {
            true => made.segments.len(),
            false => output.format.rate.resampled_count(track.length, rate),
        };
        let mix = match is_still {
            true => None,
            false => self.mix_job(output, sound, track, count),
        };
        // Without a codec of its own the output has its sound in files beside it, and none in the
        // film.
        let format = mix.and_then(|mix| self.sound_format(output, mix.length));
        let timecode = first_timecode(self.production, output, track);
        let timecode = timecode.map(|code| code.to_string());
        let whole = WholeFilm {
            count,
            sound: mix.zip(format.clone()),
            timecode: timecode.clone(),
        };
        // Only films are compared with their segments by packets.
        let segments = match output.format.codec.film_encoding() {
            Some(_) => made.segments.to_vec(),
            None => Vec::new(),
        };
        JoinedOutput {
            stitch_job: self.add_stitch_job(output, made, whole),
            count,
            mix,
            format,
            timecode,
            segments,
        }
    }

    /// Returns the sound within the film of an output. `None`: the film is silent, or the output
    /// is a folder of pictures.
    fn sound_format(&self, output: &Output, length: u64) -> Option<SoundFormat> {
        let sound = self.production.sound.as_ref()?;
        let own = output.sound.as_ref()?;
        Some(SoundFormat {
            codec: own.codec?,
            sample_rate: sound.sample_rate,
            length,
            bit_rate: own.bit_rate,
            language: Some(sound.language.clone()),
        })
    }

    /// Adds the job that times the captions that are drawn on a film. `None`: none are.
    fn add_cue_job(&mut self, output: &Output, sources: &ExportSources<'_>) -> Option<JobId> {
        let language = output.captions.burned.as_ref()?;
        let timeline = sources.timelines.output_timeline(output);
        let words = film_words(self.production, &timeline, &language.value, sources.lines);
        if words.is_empty() {
            return None;
        }
        // A track in the same language is a job too.
        let subjects: [&dyn Display; 3] = [&output.name.value, &"burn_in", &language.value];
        let mut job = self.caption_job(TextExportKind::Cues, &subjects, words, language.origin);
        job.output = Some(output.name.value.clone());
        Some(self.add_job(job))
    }

    /// Adds the job that takes the captions of some frames from those of their film. So a segment
    /// is encoded again only if its own captions are others.
    fn add_cue_part(
        &mut self,
        subjects: &[&dyn Display],
        cues: JobId,
        part: &TrackPart,
        output: &Output,
    ) -> JobId {
        let work = JobAction::TextExport(TextExportWork {
            kind: TextExportKind::Cues,
            text: "".into(),
            captions: None,
            part: Some(CuePart {
                start: part.start,
                length: part.length,
            }),
        });
        let mut job = new_job(subjects, work, output.origin);
        job.inputs = vec![job_input(InputSlot::captions(0), cues)];
        job.output = Some(output.name.value.clone());
        self.add_job(job)
    }

    /// Adds the jobs that write the tracks of text of a film, in order.
    fn add_caption_jobs(
        &mut self,
        output: &Output,
        sources: &ExportSources<'_>,
    ) -> Vec<CaptionTrack> {
        let production = self.production;
        if output.captions.tracks.is_empty() {
            return Vec::new();
        }
        let timeline = sources.timelines.output_timeline(output);
        let mut tracks = Vec::new();
        for language in &output.captions.tracks {
            let words = film_words(production, &timeline, &language.value, sources.lines);
            // A rule warns of captions of nothing, and no tool takes an empty file of them.
            if words.is_empty() {
                continue;
            }
            // A shot may be called as a language is.
            let subjects: [&dyn Display; 3] = [&output.name.value, &"track", &language.value];
            let kind = TextExportKind::Srt;
            let mut job = self.caption_job(kind, &subjects, words, language.origin);
            job.output = Some(output.name.value.clone());
            tracks.push(CaptionTrack {
                job: self.add_job(job),
                language: language.value.clone(),
            });
        }
        tracks
    }

    fn add_stitch_job(&mut self, output: &Output, made: MadeTracks<'_>, whole: WholeFilm) -> JobId {
        let MadeTracks { segments, texts } = made;
        let WholeFilm {
            count,
            sound,
            timecode,
        } = whole;
        let work = JobAction::Stitch {
            format: output.format.clone(),
            count,
            sound: sound.as_ref().map(|(_, format)| format.clone()),
            captions: texts.iter().map(|text| text.language.clone()).collect(),
            timecode,
        };
        let texts = texts.iter().enumerate();
        let texts = texts.map(|(index, text)| job_input(InputSlot::captions(index), text.job));
        let mut stitch = new_job(&[&output.name.value], work, output.origin);
        stitch.inputs = segments
            .iter()
            .enumerate()
            // A slot for each segment, so that a plan can name the one that changed.
            .map(|(index, segment)| job_input(InputSlot::segment(index), *segment))
            .chain(sound.map(|(mix, _)| job_input(InputSlot::mix(), mix.job)))
            .chain(texts)
            .collect();
        stitch.output = Some(output.name.value.clone());
        self.add_job(stitch)
    }

    pub(super) fn add_verify_jobs(&mut self, joined_outputs: &[JoinedOutput]) {
        for (output, joined) in self.production.outputs.iter().zip(joined_outputs) {
            // A job of its own, and not a step of the join, so that a verified file is not opened
            // again by the next run.
            let work = JobAction::Verify {
                format: output.format.clone(),
                count: joined.count,
                sound: joined.format.clone(),
                timecode: joined.timecode.clone(),
            };
            let mut verify = new_job(&[&output.name.value], work, output.origin);
            verify
                .inputs
                .push(job_input(InputSlot::deliverable(), joined.stitch_job));
            // The mix is delivered with the output: in the film, or as files beside it.
            if joined.format.is_some() || !output.sound_beside().is_empty() {
                let mix = joined.mix.map(|mix| job_input(InputSlot::mix(), mix.job));
                verify.inputs.extend(mix);
            }
            let segments = joined.segments.iter().enumerate();
            let segments = segments.map(|(at, job)| job_input(InputSlot::segment(at), *job));
            verify.inputs.extend(segments);
            verify.output = Some(output.name.value.clone());
            self.add_job(verify);
        }
    }
}

/// Returns the timecode of the first frame of an output, at its rate. `None`: its rate has none, or
/// its file no place for it.
fn first_timecode(
    production: &Production,
    output: &Output,
    track: &PictureTrack,
) -> Option<Timecode> {
    let rate = output.format.rate;
    let container = output.format.container()?;
    if !container.spec().has_timecode || !rate.has_timecode() {
        return None;
    }
    // The file of one shot is a source: timelines, lists of reels and other files of it have the
    // numbers of the shot's frames. Timecode of the film would make a list of events that refers to
    // it point beside its frames.
    let shots = output.shots.as_deref().unwrap_or_default();
    let shot = shots.first().and_then(|index| production.shots.get(*index));
    let code = match shot.filter(|_| output.shot_file.is_some()) {
        Some(shot) => source_timecode(production, output.shot_file_start(shot)),
        None => production.edit.start_timecode(production.render.rate),
    };
    let code = code.earlier(track.slate_length() as u64);
    Some(code.at_rate(rate))
}

/// Returns the timecode of a frame of a shot, by its number.
fn source_timecode(production: &Production, number: i64) -> Timecode {
    let code = |frames| production.edit.counted(frames, production.render.rate);
    match u64::try_from(number) {
        Ok(number) => code(number),
        Err(_) => code(0).earlier(number.unsigned_abs()),
    }
}

/// Returns the frames of a part of a clip.
fn clip_source(
    output: &Output,
    track: &PictureTrack,
    clip: usize,
    part: &TrackPart,
    graded: &GradedFrames<'_>,
) -> SegmentSource {
    let clip = &track.clips[clip];
    let frames = clip.shot.map(|shot| &graded.shots[shot]);
    let start = part.start - clip.start;
    // A file that a timeline refers to shows frames beyond its cuts; a film does not.
    let covering = match (output.media_handles(), frames) {
        (Some(handles), Some(shot)) => {
            // The shot may have more frames before it than this file shows.
            let before: usize = shot.head.iter().map(|(_, frames)| frames.len()).sum();
            let chunks = [&shot.head, &shot.chunks, &shot.tail].into_iter();
            CoveringChunks::find(chunks, before.saturating_sub(handles) + start, part.length)
        }
        (_, shot) => {
            let chunks = shot.map(|shot| &shot.chunks).into_iter();
            CoveringChunks::find(chunks, start, part.length)
        }
    };
    SegmentSource {
        inputs: covering.jobs,
        trim: covering.trim,
        names: vec![clip.name.clone()],
        // A title between shots belongs to none.
        shot: clip.shot.map(|_| clip.name.clone()),
    }
}
