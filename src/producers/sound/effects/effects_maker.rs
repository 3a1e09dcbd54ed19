//! Makes the sound of a shot: steps, named effects, files of the user, and the room around them.

use super::perspective::{AudiblePlace, audible_place, rounded};
use super::shot_contacts::{SLOWEST_WALK, StepContact, moves_feet, shot_contacts};
use super::sound_input::{UserSound, read_input_sound};
use super::step_record::{StepList, StepRecord};
use crate::base::seeded_random::SeededRandom;
use crate::media::gltf::GltfModel;
use crate::model::shot_staging::FramingSubject;
use crate::model::sound::{EffectEvent, EffectsWork, RoomKind, StepSurface};
use crate::producers::contract::{FailureClass, JobContext, JobFailure};
use crate::producers::render::scene::{ShotView, StagedScene};
use crate::sound::filters::{BUTTERWORTH_Q, BiquadFilter};
use crate::sound::{
    SoundBuffer, gain_factor, reverberate, set_momentary_loudness, synthesise_effect, wetness_at,
};
use std::f32::consts::FRAC_PI_2;

/// Steps of one shot that differ from each other. More would sound alike.
const STEP_VARIANTS: usize = 8;
/// Distance of an effect without a place, in metres.
const USUAL_DISTANCE: f32 = 3.0;
/// The loudest momentary loudness of the user's files in LUFS, that of a plain effect by name.
const FILE_LOUDNESS: f64 = -26.0;
/// Seconds for which a file sounds on after its shot at the most.
const LONGEST_REST: u64 = 600;
/// Samples below this are silence, -120 dB.
const SILENCE: f32 = 1e-6;

/// The sound of a shot with the record of its steps.
pub(super) struct EffectsSound {
    pub(super) sound: SoundBuffer,
    pub(super) steps: StepList,
    pub(super) warnings: Vec<String>,
}

/// Makes the sound of a shot.
pub(super) fn make_effects(
    work: &EffectsWork,
    context: &JobContext<'_>,
) -> Result<EffectsSound, JobFailure> {
    let mut stage = SoundStage::new(work)?;
    let mut steps = StepList::default();
    let steps_possible = work.footsteps && may_step(work, context)?;
    // Reading the scene costs more than all effects of most shots. Without a step, and with the
    // side of every effect written, nothing of it is needed.
    let needs_view = steps_possible || work.events.iter().any(|event| event.pan.is_none());
    if needs_view && !work.frames.is_empty() {
        let scene = StagedScene::without_pictures(&work.staging, context.inputs)?;
        let view = scene.view_shot(work.frames.len(), work.rate, work.size);
        if steps_possible {
            steps.contacts = add_steps(work, context, &view, &mut stage)?;
        }
        add_events(work, context, Some(&view), &mut stage)?;
    } else {
        add_events(work, context, None, &mut stage)?;
    }
    Ok(EffectsSound {
        warnings: std::mem::take(&mut stage.warnings),
        sound: stage.into_sound(work.room),
        steps,
    })
}

/// Returns whether any figure travels or moves its feet. Most shots have none that does, and need
/// neither their set nor their camera.
fn may_step(work: &EffectsWork, context: &JobContext<'_>) -> Result<bool, JobFailure> {
    for performer in &work.staging.cast {
        if performer.travel_speed.abs() >= SLOWEST_WALK {
            return Ok(true);
        }
        // An empty slot is reported where the scene is read.
        let Some(input) = context.inputs.single_file(&performer.model) else {
            return Ok(true);
        };
        let model = GltfModel::load_shape(&input.path)?;
        if moves_feet(&model, &performer.clip) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Adds the steps, and returns the audible ones.
fn add_steps(
    work: &EffectsWork,
    context: &JobContext<'_>,
    view: &ShotView<'_>,
    stage: &mut SoundStage,
) -> Result<Vec<StepRecord>, JobFailure> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "shots last minutes at most"
    )]
    let seconds = (work.length as f64 / f64::from(work.sample_rate)) as f32;
    let contacts = shot_contacts(view, seconds);
    let mut records = Vec::new();
    if contacts.is_empty() {
        return Ok(records);
    }
    // Synthesised once and reused: a crowd has thousands of steps in a shot.
    let variants = step_variants(work)?;
    let mut random = SeededRandom::for_part(work.seed, "steps");
    for contact in &contacts {
        stop_if_halting(context)?;
        let index = frame_index(work, contact);
        let camera = view.camera_at(shot_place(index));
        // Drawn for inaudible steps too, so that a wider lens changes no other step.
        let variant = random.next_index(variants.len());
        let accent = random.next_signed() * 1.5;
        let Some(place) = audible_place(&camera, view.subject_at(shot_place(index)), contact.place)
        else {
            continue;
        };
        // Rounded for the record and for the sound alike, so that the record says what is in the
        // file.
        let gain = rounded(place.gain + speed_gain(work, contact.figure), 10.0);
        let record = step_record(work, contact, index, &AudiblePlace { gain, ..place });
        let source = PlacedSource {
            start: record.sample,
            gain: gain + accent,
            pan: place.pan,
            distance: place.distance,
            corner: Some(place.corner),
        };
        stage.add(&variants[variant], source);
        records.push(record);
    }
    Ok(records)
}

/// Returns steps of the shot's surface that differ a little.
fn step_variants(work: &EffectsWork) -> Result<Vec<SoundBuffer>, JobFailure> {
    // The room says most about a floor that nobody named.
    let surface = work.surface.unwrap_or(usual_surface(work.room));
    let mut random = SeededRandom::for_part(work.seed, "variants");
    (0..STEP_VARIANTS)
        .map(|_| named_effect(surface.effect_name(), random.next_u64(), work.sample_rate))
        .collect()
}

const fn usual_surface(room: RoomKind) -> StepSurface {
    match room {
        RoomKind::Outdoors => StepSurface::Earth,
        RoomKind::SmallRoom | RoomKind::Room => StepSurface::Wood,
        RoomKind::Hall => StepSurface::Stone,
        RoomKind::Dry => StepSurface::Metal,
    }
}

/// Returns decibels for the speed of a figure: a run is louder than a walk.
fn speed_gain(work: &EffectsWork, figure: usize) -> f32 {
    let speed = work.staging.cast[figure].travel_speed.abs();
    // A step on the spot is that of a dance or of someone who shifts.
    let speed = if speed < 0.1 { 0.9 } else { speed };
    rounded(20.0 * libm::log10f((speed / 1.2).clamp(0.7, 2.2)), 10.0)
}

/// Returns the index of the frame that is shown when a foot comes down.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an index below the number of frames"
)]
fn frame_index(work: &EffectsWork, contact: &StepContact) -> usize {
    // A little later: a step on the edge of a frame belongs to that frame, and single precision may
    // put it just before.
    let shown = f64::from(contact.seconds) * work.rate.as_f64() + 1e-4;
    (shown as usize).min(work.frames.len() - 1)
}

/// Returns the index of a frame as renderers count it.
fn shot_place(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

fn step_record(
    work: &EffectsWork,
    contact: &StepContact,
    index: usize,
    place: &AudiblePlace,
) -> StepRecord {
    // The digits of single precision are left out.
    let milliseconds = (f64::from(contact.seconds) * 1000.0).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a sample of the shot"
    )]
    let sample = (milliseconds * f64::from(work.sample_rate) / 1000.0).round() as u64;
    StepRecord {
        figure: contact.figure,
        foot: contact.foot.clone(),
        frame: work.frames.iter().nth(index).unwrap_or_default(),
        sample: sample.min(work.length.saturating_sub(1)),
        seconds: milliseconds / 1000.0,
        pan: decimal(place.pan, 100.0),
        gain: decimal(place.gain, 10.0),
    }
}

/// Returns a rounded value in double precision without the digits of single precision.
fn decimal(value: f32, parts: f64) -> f64 {
    (f64::from(value) * parts).round() / parts
}

/// Adds what the document adds.
fn add_events(
    work: &EffectsWork,
    context: &JobContext<'_>,
    view: Option<&ShotView<'_>>,
    stage: &mut SoundStage,
) -> Result<(), JobFailure> {
    for (number, event) in work.events.iter().enumerate() {
        stop_if_halting(context)?;
        let UserSound { sound, warning } = event_sound(work, number, event, context)?;
        stage.warnings.extend(warning);
        let subject = view.and_then(|view| subject_place(work, view, event));
        let source = PlacedSource {
            start: event.start,
            gain: event.gain,
            pan: event.pan.unwrap_or(subject.map_or(0.0, |place| place.pan)),
            distance: subject.map_or(USUAL_DISTANCE, |place| place.distance),
            corner: None,
        };
        stage.add(&sound, source);
    }
    Ok(())
}

fn event_sound(
    work: &EffectsWork,
    number: usize,
    event: &EffectEvent,
    context: &JobContext<'_>,
) -> Result<UserSound, JobFailure> {
    match (&event.name, &event.slot) {
        (Some(name), _) => {
            // By its number, so that three doors are three doors.
            let seed = SeededRandom::for_part(work.seed, &format!("event {number}")).next_u64();
            let sound = named_effect(name, seed, work.sample_rate)?;
            Ok(UserSound {
                sound,
                warning: None,
            })
        }
        (None, Some(slot)) => {
            let rest = LONGEST_REST * u64::from(work.sample_rate);
            let longest = work.length.saturating_sub(event.start).saturating_add(rest);
            let mut file = read_input_sound(context, slot, work.sample_rate, longest)?;
            // Files come at any level. At one loudness, `gain` means the same for each.
            set_momentary_loudness(&mut file.sound, FILE_LOUDNESS);
            Ok(file)
        }
        (None, None) => Err(JobFailure::new(
            FailureClass::MissingInput,
            format!("make effect {}: it has no name and no file", number + 1),
        )),
    }
}

/// Returns how the subject of the shot sounds when an event begins.
fn subject_place(
    work: &EffectsWork,
    view: &ShotView<'_>,
    event: &EffectEvent,
) -> Option<AudiblePlace> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "shots last minutes at most"
    )]
    let seconds = (event.start as f64 / f64::from(work.sample_rate)) as f32;
    let contact = StepContact {
        figure: 0,
        foot: String::new(),
        seconds,
        place: glam::Vec3::ZERO,
    };
    let index = shot_place(frame_index(work, &contact));
    let framed = view.subject_at(index);
    let place = match work.staging.subject {
        FramingSubject::Performer(who) if who < work.staging.cast.len() => {
            // At the height of the subject, and not of the feet: an effect of a person comes
            // from the person.
            let root = view.performer_at(who, seconds).root.w_axis.truncate();
            root.with_y(framed.y)
        }
        FramingSubject::Prop(_) => framed,
        // Many, or a place: from the middle.
        _ => return None,
    };
    audible_place(&view.camera_at(index), framed, place)
}

fn named_effect(name: &str, seed: u64, sample_rate: u32) -> Result<SoundBuffer, JobFailure> {
    synthesise_effect(name, seed, sample_rate).ok_or_else(|| {
        let message = format!("make the effect `{name}` at {sample_rate} Hz: there is none");
        JobFailure::new(FailureClass::MissingInput, message)
    })
}

fn stop_if_halting(context: &JobContext<'_>) -> Result<(), JobFailure> {
    if context.watch.cancel.is_halting() {
        return Err(JobFailure::new(
            FailureClass::Cancelled,
            "make effects: stopped on request",
        ));
    }
    Ok(())
}

/// Where a sound is put.
#[derive(Debug, Clone, Copy)]
struct PlacedSource {
    start: u64,
    gain: f32,
    pan: f32,
    distance: f32,
    /// Corner of its low-pass filter in hertz, if any.
    corner: Option<f32>,
}

/// The sounds of a shot, and what of them goes to the room.
struct SoundStage {
    sample_rate: u32,
    length: usize,
    room: RoomKind,
    direct: [Vec<f32>; 2],
    send: [Vec<f32>; 2],
    warnings: Vec<String>,
}

impl SoundStage {
    fn new(work: &EffectsWork) -> Result<Self, JobFailure> {
        let length = usize::try_from(work.length).ok();
        let length = length.filter(|_| work.sample_rate > 0).ok_or_else(|| {
            let message = format!("make effects of {} samples", work.length);
            JobFailure::new(FailureClass::MissingInput, message)
        })?;
        Ok(Self {
            sample_rate: work.sample_rate,
            length,
            room: work.room,
            direct: [Vec::new(), Vec::new()],
            send: [Vec::new(), Vec::new()],
            warnings: Vec::new(),
        })
    }

    /// Adds a sound of one or two channels.
    fn add(&mut self, sound: &SoundBuffer, source: PlacedSource) {
        // What begins after the shot sounds from where the subject is at its end; a rule has
        // reported it before.
        let start = usize::try_from(source.start).map_or(self.length, |at| at.min(self.length));
        let gains = channel_gains(sound, source.pan).map(|gain| gain * gain_factor(source.gain));
        // Sent to one room for the whole shot: a room for each sound would cost seconds, and sound
        // the same.
        let wetness = wetness_at(self.room, source.distance);
        for (side, gain) in gains.into_iter().enumerate() {
            let mut channel = sound.channels()[side.min(sound.channels().len() - 1)].clone();
            if let Some(corner) = source.corner {
                // Air takes high frequencies, so far steps are duller.
                let mut air =
                    BiquadFilter::low_pass(self.sample_rate, corner.into(), BUTTERWORTH_Q);
                air.filter_samples(&mut channel);
            }
            let end = start + channel.len();
            add_scaled(&mut self.direct[side], start..end, &channel, gain);
            if wetness > 0.0 {
                add_scaled(&mut self.send[side], start..end, &channel, gain * wetness);
            }
        }
    }

    /// Returns everything with the room around it, as long as the shot or longer by what sounds on.
    fn into_sound(self, room: RoomKind) -> SoundBuffer {
        let [left, right] = self.direct;
        let mut sound = SoundBuffer::stereo(left, right, self.sample_rate);
        let [left, right] = self.send;
        let send = SoundBuffer::stereo(left, right, self.sample_rate);
        if let Some(wet) = reverberate(&send, room) {
            sound.add_sound(&wet);
        }
        let audible = sound.channels().iter().filter_map(|channel| {
            // What is below -120 dB would only make the file longer.
            let last = channel.iter().rposition(|sample| sample.abs() > SILENCE);
            last.map(|last| last + 1)
        });
        let audible = audible.max().unwrap_or(0);
        sound.set_length(audible.max(self.length));
        sound
    }
}

/// Returns the gains of left and right for a place, with the same power everywhere. Two channels
/// are turned down on one side only, since each is already in its place.
fn channel_gains(sound: &SoundBuffer, pan: f32) -> [f32; 2] {
    let pan = if pan.is_finite() {
        pan.clamp(-1.0, 1.0)
    } else {
        0.0
    };
    if sound.channels().len() > 1 {
        return [(1.0 - pan).min(1.0), (1.0 + pan).min(1.0)];
    }
    let angle = (pan + 1.0) / 2.0 * FRAC_PI_2;
    [libm::cosf(angle), libm::sinf(angle)]
}

fn add_scaled(target: &mut Vec<f32>, range: std::ops::Range<usize>, source: &[f32], gain: f32) {
    if target.len() < range.end {
        target.resize(range.end, 0.0);
    }
    for (sample, added) in target[range].iter_mut().zip(source) {
        *sample += added * gain;
    }
}
