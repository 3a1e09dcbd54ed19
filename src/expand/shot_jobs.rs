//! Phases `shots` and `post_process`: render every frame in chunks or bring its footage in, and
//! grade every chunk.

use super::cut_jobs::needed_handles;
use super::shot_staging::StagingWithInputs;
use super::still_frames::{lone_frames, with_lone_frames};
use super::{JobBuilder, add_renderer_files, job_input, new_job};
use crate::base::json::serialized_name;
use crate::model::colour_grade::Grade;
use crate::model::footage::{FilmFacts, Footage, FootageFacts};
use crate::model::frame_sizes::FrameSizes;
use crate::model::handle_frames::HandleFrames;
use crate::model::production::{Output, Shot};
use crate::model::{
    Engine, FilmPart, FrameList, HdrTransfer, InputSlot, InputSource, JobAction, JobId, JobInput,
    JobLimits, PixelSize, Production, RenderPass,
};
use crate::timeline::{PictureTrack, ShotHandles};
use std::fmt::Display;
use std::path::PathBuf;
use std::sync::Arc;

/// Chunks in order: the job that makes each, and its frames.
pub(super) type ShotChunks = Vec<(JobId, FrameList)>;

/// The frames of one shot, and those that transitions show beyond its cuts.
#[derive(Default, Clone)]
pub(super) struct ShotFrames {
    /// Before its first frame.
    pub(super) head: ShotChunks,
    pub(super) chunks: ShotChunks,
    /// Behind its last frame.
    pub(super) tail: ShotChunks,
}

/// The frames of all shots in one size. A shot that no output shows in that size has none.
pub(super) struct SizedFrames {
    size: PixelSize,
    /// For usual screens, by index of the shot.
    shots: Vec<ShotFrames>,
    /// For screens of each high dynamic range that an output is for.
    high_range: Vec<(HdrTransfer, Vec<ShotFrames>)>,
}

/// The graded frames that an output shows.
pub(super) struct GradedFrames<'a> {
    pub(super) size: PixelSize,
    /// By index of the shot.
    pub(super) shots: &'a [ShotFrames],
}

impl SizedFrames {
    /// Returns the frames for the screens of an output.
    pub(super) fn for_output(&self, output: &Output) -> GradedFrames<'_> {
        GradedFrames {
            size: self.size,
            shots: self.for_range(output.format.encoding.hdr),
        }
    }

    fn for_range(&self, wanted: Option<HdrTransfer>) -> &[ShotFrames] {
        let mut ranges = self.high_range.iter();
        let found = ranges.find(|(transfer, _)| Some(*transfer) == wanted);
        found.map_or(&self.shots, |(_, shots)| shots)
    }
}

/// What all render jobs of one shot share.
struct ShotRender {
    staged: StagingWithInputs,
    engine: Engine,
    // Each chunk has the frames of the whole shot, because moves of the camera and of clips run
    // over its whole length. Frame k then depends on the shot and k alone, and chunks can be
    // rendered on any machine and in any order.
    shot_frames: Arc<FrameList>,
    size: PixelSize,
    limits: Option<Arc<JobLimits>>,
}

/// Which shots the outputs of each size show, and how much of them.
struct ShownShots {
    /// By index of the size and of the shot.
    is_shown: Vec<Vec<bool>>,
    /// Likewise: the frames beyond their cuts.
    handles: Vec<Vec<ShotHandles>>,
    /// By index of the shot, for outputs of any size.
    all_handles: Vec<ShotHandles>,
    /// By index of the shot: frames with a chunk of their own, by their places.
    lone_frames: Vec<Vec<usize>>,
}

impl ShownShots {
    fn find(production: &Production, sizes: &FrameSizes, tracks: &[PictureTrack]) -> Self {
        let count = production.shots.len();
        let tracks_of = |index: usize| {
            let numbered = tracks.iter().enumerate();
            numbered
                .filter(move |(output, _)| sizes.index_of_output(*output) == index)
                .map(|(_, track)| track)
        };
        let indices = 0..sizes.sizes().len();
        let is_shown = indices.clone().map(|index| {
            let mut shown = vec![false; count];
            for clip in tracks_of(index).flat_map(|track| track.clips.iter()) {
                if let Some(shown) = clip.shot.and_then(|shot| shown.get_mut(shot)) {
                    *shown = true;
                }
            }
            shown
        });
        Self {
            is_shown: is_shown.collect(),
            handles: indices
                .map(|index| needed_handles(production, tracks_of(index)))
                .collect(),
            all_handles: needed_handles(production, tracks.iter()),
            lone_frames: lone_frames(&production.outputs, tracks, count),
        }
    }

    /// Returns whether frames of a shot are made in a size. Those of the production itself are made
    /// of everything that is not only shown in other shapes.
    fn is_made(&self, size: usize, index: usize, shot: &Shot) -> bool {
        let is_shown = |size: &Vec<bool>| size[index];
        let is_wanted = is_shown(&self.is_shown[size]);
        if size > 0 || is_wanted {
            return is_wanted;
        }
        let is_elsewhere = self.is_shown.iter().any(is_shown);
        !is_elsewhere || shot.footage.is_some() || !shot.passes.is_empty()
    }
}

impl JobBuilder<'_> {
    /// Adds the jobs that make graded frames, in each size that the outputs ask for.
    pub(super) fn add_frame_jobs(
        &mut self,
        sizes: &FrameSizes,
        tracks: &[PictureTrack],
    ) -> Vec<SizedFrames> {
        let shown = ShownShots::find(self.production, sizes, tracks);
        let mut made: Vec<SizedFrames> = Vec::new();
        for (index, size) in sizes.sizes().iter().enumerate() {
            let rendered = self.add_render_jobs(index, *size, &shown);
            // Also if every output is for a high dynamic range: the report shows these pictures.
            let shots = self.add_sized_grade_jobs(&rendered, *size, None, made.first());
            let high_range = self.high_ranges(sizes, index).into_iter();
            let high_range = high_range
                .map(|transfer| {
                    let range = Some(transfer);
                    let shots = self.add_sized_grade_jobs(&rendered, *size, range, made.first());
                    (transfer, shots)
                })
                .collect();
            made.push(SizedFrames {
                size: *size,
                shots,
                high_range,
            });
        }
        made
    }

    /// Returns the high dynamic ranges that outputs with frames of this size are for.
    fn high_ranges(&self, sizes: &FrameSizes, index: usize) -> Vec<HdrTransfer> {
        let shots = &self.production.shots;
        // Those of the production's own size are those of footage for every output.
        let is_shared = index == 0 && shots.iter().any(|shot| shot.footage.is_some());
        let is_wanted = |transfer: &HdrTransfer| {
            let mut outputs = self.production.outputs.iter().enumerate();
            outputs.any(|(output, own)| {
                own.format.encoding.hdr == Some(*transfer)
                    && (is_shared || sizes.index_of_output(output) == index)
            })
        };
        let transfers = [HdrTransfer::Pq, HdrTransfer::Hlg].into_iter();
        transfers.filter(is_wanted).collect()
    }

    /// Adds the grade jobs of one size and range; returns each shot's chunks in order. `own` are
    /// the frames of the production's own size, if these are others.
    fn add_sized_grade_jobs(
        &mut self,
        rendered: &[ShotFrames],
        size: PixelSize,
        hdr: Option<HdrTransfer>,
        own: Option<&SizedFrames>,
    ) -> Vec<ShotFrames> {
        let mut shots = self.add_grade_jobs(rendered, size, hdr);
        // Footage cannot be framed anew: every output shows the same pictures.
        if let Some(own) = own {
            let footage = self.production.shots.iter().map(|shot| &shot.footage);
            for (shot, footage) in footage.enumerate() {
                if footage.is_some() {
                    shots[shot] = own.for_range(hdr)[shot].clone();
                }
            }
        }
        shots
    }

    /// Adds the render jobs of one size; returns each shot's chunks in order.
    fn add_render_jobs(
        &mut self,
        index: usize,
        size: PixelSize,
        shown: &ShownShots,
    ) -> Vec<ShotFrames> {
        let shots = self.production.shots.iter().enumerate();
        let frames = shots.map(|(number, shot)| {
            if !shown.is_made(index, number, shot) {
                return ShotFrames::default();
            }
            let handles = match &shot.footage {
                Some(_) => shown.all_handles[number],
                None => shown.handles[index][number],
            };
            // A rule refuses shots that have too few frame numbers beyond their own.
            let beyond = shot.frames.frames_beyond(handles.head, handles.tail);
            let beyond = beyond.unwrap_or_default();
            match &shot.footage {
                Some(footage) if index == 0 => self.add_footage_chunks(shot, footage, &beyond),
                Some(_) => ShotFrames::default(),
                None => self.add_render_chunks(shot, size, &beyond, &shown.lone_frames[number]),
            }
        });
        frames.collect()
    }

    fn add_footage_chunks(
        &mut self,
        shot: &Shot,
        footage: &Footage,
        beyond: &HandleFrames,
    ) -> ShotFrames {
        let size = self.production.render.chunk;
        let picks = |frames: &FrameList| -> Vec<i64> {
            let frames = frames.iter();
            frames.map(|frame| footage.pace.pick(frame)).collect()
        };
        ShotFrames {
            head: self.add_footage_jobs(
                shot,
                footage,
                beyond.head.chunks(size),
                &picks(&beyond.head),
            ),
            chunks: self.add_footage_jobs(shot, footage, shot_chunks(shot, size), &footage.picks),
            tail: self.add_footage_jobs(
                shot,
                footage,
                beyond.tail.chunks(size),
                &picks(&beyond.tail),
            ),
        }
    }

    /// Adds the jobs that bring these frames of footage in, chunk by chunk.
    fn add_footage_jobs(
        &mut self,
        shot: &Shot,
        footage: &Footage,
        chunks: Vec<FrameList>,
        mut picks: &[i64],
    ) -> ShotChunks {
        let limits = shot_limits(shot);
        chunks
            .into_iter()
            .map(|frames| {
                let taken = picks.split_at(frames.len().min(picks.len()));
                picks = taken.1;
                let work = JobAction::Footage {
                    frames: frames.clone(),
                    film: footage.facts.film().map(|film| film_part(film, taken.0)),
                };
                let subjects: [&dyn Display; 2] = [&shot.name.value, &frames];
                let mut job = new_job(&subjects, work, footage.source.origin);
                job.inputs = footage_files(footage, taken.0);
                job.shot = Some(shot.name.value.clone());
                job.source_size = Some(self.production.render.size);
                job.limits.clone_from(&limits);
                (self.add_job(job), frames)
            })
            .collect()
    }

    fn add_render_chunks(
        &mut self,
        shot: &Shot,
        size: PixelSize,
        beyond: &HandleFrames,
        lone_frames: &[usize],
    ) -> ShotFrames {
        // Built once for the shot and shared by its chunks. It is most of what a render job
        // contains, and its digest is cached by address.
        let render = ShotRender {
            staged: self.shot_staging(shot),
            engine: self.described_engine(shot.engine.as_ref(), &shot.description),
            shot_frames: match &shot.recut {
                Some(recut) => Arc::clone(&recut.frames),
                None => Arc::new(shot.frames.clone()),
            },
            size,
            limits: shot_limits(shot),
        };
        let chunk = self.production.render.chunk;
        // Passes are delivered, and frames beyond the cuts are not part of the shot. They are those
        // of the production's own frames.
        let none = Arc::default();
        let passes = if size == self.production.render.size {
            shot.passes.iter().map(|pass| pass.value).collect()
        } else {
            Arc::clone(&none)
        };
        let chunks = with_lone_frames(shot_chunks(shot, chunk), lone_frames);
        ShotFrames {
            head: self.add_shot_render_jobs(shot, &render, beyond.head.chunks(chunk), &none),
            chunks: self.add_shot_render_jobs(shot, &render, chunks, &passes),
            tail: self.add_shot_render_jobs(shot, &render, beyond.tail.chunks(chunk), &none),
        }
    }

    fn add_shot_render_jobs(
        &mut self,
        shot: &Shot,
        shared: &ShotRender,
        // Slices of an ordered list, and not a start and a count: a range such as `1-100x2` has no
        // count that is a length.
        chunks: Vec<FrameList>,
        passes: &Arc<[RenderPass]>,
    ) -> ShotChunks {
        let render = &self.production.render;
        chunks
            .into_iter()
            .map(|frames| {
                let work = JobAction::Render {
                    noisy: self.keeps_noise(&shared.engine),
                    engine: shared.engine.clone(),
                    staging: Arc::clone(&shared.staged.staging),
                    frames: frames.clone(),
                    shot_frames: Arc::clone(&shared.shot_frames),
                    rate: render.rate,
                    size: shared.size,
                    samples: render.samples,
                    passes: Arc::clone(passes),
                };
                // The frames are in the name, since numbers of chunks would mean other frames after
                // a change of `chunk_size`.
                let subjects = self.frame_subjects(shot, &shared.size, &frames);
                let mut render = new_job(&subjects, work, shot.origin);
                render.inputs.clone_from(&shared.staged.inputs);
                add_renderer_files(&mut render);
                render.shot = Some(shot.name.value.clone());
                render.limits.clone_from(&shared.limits);
                (self.add_job(render), frames)
            })
            .collect()
    }

    /// Returns what jobs of some frames of a shot are named after: the size too, if it is not the
    /// production's.
    fn frame_subjects<'s>(
        &self,
        shot: &'s Shot,
        size: &'s PixelSize,
        frames: &'s FrameList,
    ) -> Vec<&'s dyn Display> {
        let own = self.production.render.size;
        let size = (*size != own).then_some(size as &dyn Display);
        let name = std::iter::once(&shot.name.value as &dyn Display);
        name.chain(size).chain([frames as &dyn Display]).collect()
    }

    /// Adds the grade jobs of one size, for usual screens or for those of a high dynamic range;
    /// returns each shot's chunks in order.
    fn add_grade_jobs(
        &mut self,
        rendered: &[ShotFrames],
        size: PixelSize,
        hdr: Option<HdrTransfer>,
    ) -> Vec<ShotFrames> {
        let shots = self.production.shots.iter().zip(rendered);
        // Grading is a job of its own, so that a change of the look does not render again.
        let grade = Arc::new(self.production.grade);
        let neutral = Arc::default();
        shots
            .map(|(shot, frames)| {
                let grade = if is_graded(shot) { &neutral } else { &grade };
                ShotFrames {
                    head: self.add_shot_grade_jobs(shot, size, grade, hdr, &frames.head),
                    chunks: self.add_shot_grade_jobs(shot, size, grade, hdr, &frames.chunks),
                    tail: self.add_shot_grade_jobs(shot, size, grade, hdr, &frames.tail),
                }
            })
            .collect()
    }

    fn add_shot_grade_jobs(
        &mut self,
        shot: &Shot,
        size: PixelSize,
        grade: &Arc<Grade>,
        hdr: Option<HdrTransfer>,
        rendered: &ShotChunks,
    ) -> ShotChunks {
        let footage = shot.footage.as_ref();
        let range = hdr.map(|hdr| serialized_name(&hdr));
        rendered
            .iter()
            .map(|(render, frames)| {
                let work = JobAction::Grade {
                    grade: Arc::clone(grade),
                    frames: frames.clone(),
                    for_screen: footage.is_some_and(|footage| !footage.is_linear()),
                    hdr,
                };
                let subjects = self.frame_subjects(shot, &size, frames).into_iter();
                let range = range.iter().map(|range| range as &dyn Display);
                let subjects: Vec<&dyn Display> = subjects.chain(range).collect();
                let mut grade = new_job(&subjects, work, shot.origin);
                // A grade per chunk, not per shot, so that grading starts when the first chunk is
                // rendered.
                grade.inputs.push(job_input(InputSlot::frames(), *render));
                grade.shot = Some(shot.name.value.clone());
                grade.source_size = Some(size);
                (self.add_job(grade), frames.clone())
            })
            .collect()
    }
}

/// Returns the frames of a shot in chunks. Those of a shot whose cut was changed are the ones from
/// before, as far as they are whole: a trimmed shot renders its first and its last chunk anew.
fn shot_chunks(shot: &Shot, size: usize) -> Vec<FrameList> {
    match &shot.recut {
        Some(recut) => shot
            .frames
            .chunks_along(recut.first, recut.frames.len(), size),
        None => shot.frames.chunks(size),
    }
}

/// Returns what the document sets for the jobs that make the frames of a shot.
fn shot_limits(shot: &Shot) -> Option<Arc<JobLimits>> {
    (!shot.limits.is_default()).then(|| Arc::new(shot.limits.clone()))
}

/// Returns whether the pictures of a shot have their look already.
fn is_graded(shot: &Shot) -> bool {
    shot.footage.as_ref().is_some_and(|footage| footage.graded)
}

/// Returns the pictures of a film that a chunk shows.
fn film_part(film: &FilmFacts, picks: &[i64]) -> FilmPart {
    FilmPart {
        // A rule has refused what is before the film or behind it.
        pictures: picks
            .iter()
            .map(|pick| u64::try_from(*pick).unwrap_or_default())
            .collect(),
        rate: film.rate,
        size: film.size,
        reading: film.reading,
    }
}

/// Returns the files that a chunk of footage is read from: the film, or the picture of each frame
/// in order.
fn footage_files(footage: &Footage, picks: &[i64]) -> Vec<JobInput> {
    let files: Vec<&PathBuf> = match &*footage.facts {
        FootageFacts::Film(film) => vec![&film.path],
        FootageFacts::Pictures(run) => picks
            .iter()
            .filter_map(|pick| run.files.get(&i32::try_from(*pick).ok()?))
            .collect(),
        FootageFacts::Unusable(_) => Vec::new(),
    };
    // Files of the project as inputs: they are hashed when the run is planned, so that a repaired
    // picture makes its chunk again and no other.
    files
        .into_iter()
        .map(|path| JobInput {
            slot: InputSlot::frames(),
            from: InputSource::File(path.clone()),
        })
        .collect()
}
