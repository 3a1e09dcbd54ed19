//! Animation clips: keys of each node, and values between them.

use super::container::GltfContainer;
use super::error::{GltfFault, check_limit, fail_malformed};
use super::gltf_document::{AnimationRecord, ChannelRecord};
use glam::{Quat, Vec3};

/// One animation.
#[derive(Debug, Clone)]
pub struct AnimationClip {
    /// Its name in the file. Empty: it has none.
    pub name: String,
    /// Length in seconds, after which it repeats.
    pub duration: f32,
    pub(super) channels: Vec<AnimationChannel>,
}

/// The keys of one property of one node.
#[derive(Debug, Clone)]
pub(super) struct AnimationChannel {
    pub(super) node: usize,
    times: Vec<f32>,
    track: KeyframeTrack,
    interpolation: KeyInterpolation,
}

/// How values between two keys are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeyInterpolation {
    Linear,
    Step,
    CubicSpline,
}

#[derive(Debug, Clone)]
enum KeyframeTrack {
    Translation(Vec<Vec3>),
    Rotation(Vec<Quat>),
    Scale(Vec<Vec3>),
    Weights(MorphTrack),
}

/// Weights of morph targets, those of one key after those of another.
#[derive(Debug, Clone)]
struct MorphTrack {
    /// Weights of one key.
    count: usize,
    values: Vec<f32>,
}

/// A value of one property at one time.
pub(super) enum ChannelValue {
    Translation(Vec3),
    Rotation(Quat),
    Scale(Vec3),
    Weights(Vec<f32>),
}

/// The properties of a node that a clip can animate here.
const ANIMATED_PROPERTIES: [&str; 4] = ["translation", "rotation", "scale", "weights"];

/// The most keys of all clips. Channels may share one accessor, so the size of the file bounds
/// nothing.
const MAX_KEYS: usize = 50_000_000;

/// Reads all clips. Channels that move no node are left out with a warning.
pub(super) fn read_clips(
    container: &GltfContainer,
    warnings: &mut Vec<String>,
) -> Result<Vec<AnimationClip>, GltfFault> {
    let mut keys = 0;
    let mut clips = Vec::new();
    for (index, animation) in container.document.animations.iter().enumerate() {
        let reader = ClipReader {
            container,
            animation,
            place: format!("animations[{index}]"),
        };
        clips.push(reader.read_clip(&mut keys, warnings)?);
    }
    Ok(clips)
}

/// Reads one animation.
struct ClipReader<'a> {
    container: &'a GltfContainer,
    animation: &'a AnimationRecord,
    place: String,
}

impl ClipReader<'_> {
    fn read_clip(
        &self,
        keys: &mut usize,
        warnings: &mut Vec<String>,
    ) -> Result<AnimationClip, GltfFault> {
        let mut channels = Vec::new();
        for (index, channel) in self.animation.channels.iter().enumerate() {
            let place = format!("{}.channels[{index}]", self.place);
            if let Some(channel) = self.read_channel(channel, &place, warnings)? {
                // A key of weights has a number for each target.
                *keys += channel.times.len().max(channel.track.number_count());
                check_limit("keys", *keys, MAX_KEYS)?;
                channels.push(channel);
            }
        }
        // The format has no duration; a clip ends with its last key.
        let duration = channels
            .iter()
            .filter_map(|channel| channel.times.last())
            .fold(0.0, |a: f32, b| a.max(*b));
        Ok(AnimationClip {
            name: self.animation.name.clone(),
            duration,
            channels,
        })
    }

    /// Returns a channel. `None`: it moves no node here.
    fn read_channel(
        &self,
        channel: &ChannelRecord,
        place: &str,
        warnings: &mut Vec<String>,
    ) -> Result<Option<AnimationChannel>, GltfFault> {
        let path = channel.target.path.as_str();
        let Some(sampler) = self.animation.samplers.get(channel.sampler) else {
            return fail_malformed(format!(
                "{place}.sampler names sampler {}, which is not there",
                channel.sampler
            ));
        };
        if !ANIMATED_PROPERTIES.contains(&path) {
            warnings.push(format!("animation of `{path}` is not played"));
            return Ok(None);
        }
        // An extension says what such a channel moves, or nothing does.
        let Some(node) = channel.target.node else {
            warnings.push("an animation channel without a node is not played".to_owned());
            return Ok(None);
        };
        let interpolation = match sampler.interpolation.as_str() {
            "LINEAR" => KeyInterpolation::Linear,
            "STEP" => KeyInterpolation::Step,
            "CUBICSPLINE" => KeyInterpolation::CubicSpline,
            other => {
                return fail_malformed(format!(
                    "{place} has the interpolation `{other}`, which glTF does not have"
                ));
            }
        };
        let times: Vec<f32> = self
            .container
            .read_floats::<1>(sampler.input)?
            .into_iter()
            .map(|[time]| time)
            .collect();
        let key_count = times.len() * interpolation.per_key();
        let track = self.read_track(path, sampler.output, key_count)?;
        if matches!(&track, KeyframeTrack::Weights(track) if track.count == 0) {
            warnings.push("animation of weights without values is not played".to_owned());
            return Ok(None);
        }
        let channel = AnimationChannel {
            node,
            track,
            times,
            interpolation,
        };
        channel.validate_keys().map(Some)
    }

    /// Reads the values of a property, which are for so many keys.
    fn read_track(
        &self,
        path: &str,
        output: usize,
        key_count: usize,
    ) -> Result<KeyframeTrack, GltfFault> {
        let vectors = || {
            let values = self.container.read_floats::<3>(output)?.into_iter();
            Ok::<_, GltfFault>(values.map(Vec3::from).collect::<Vec<_>>())
        };
        Ok(match path {
            "translation" => KeyframeTrack::Translation(vectors()?),
            "scale" => KeyframeTrack::Scale(vectors()?),
            "rotation" => {
                let values = self.container.read_floats::<4>(output)?.into_iter();
                KeyframeTrack::Rotation(values.map(Quat::from_array).collect())
            }
            _ => {
                let values = self.container.read_floats::<1>(output)?;
                KeyframeTrack::Weights(MorphTrack {
                    count: values.len().checked_div(key_count).unwrap_or(0),
                    values: values.into_iter().map(|[weight]| weight).collect(),
                })
            }
        })
    }
}

impl KeyInterpolation {
    /// Returns how many values each key has. A cubic spline has an in-tangent, a value and an
    /// out-tangent.
    const fn per_key(self) -> usize {
        match self {
            Self::CubicSpline => 3,
            Self::Linear | Self::Step => 1,
        }
    }
}

impl KeyframeTrack {
    fn value_count(&self) -> usize {
        match self {
            Self::Translation(values) | Self::Scale(values) => values.len(),
            Self::Rotation(values) => values.len(),
            // A part of a key is left over where the counts do not agree.
            Self::Weights(track) if track.values.len() % track.count.max(1) != 0 => 0,
            Self::Weights(track) => track.values.len().checked_div(track.count).unwrap_or(0),
        }
    }

    /// Returns how many weights it holds, which their keys do not bound.
    fn number_count(&self) -> usize {
        match self {
            Self::Weights(track) => track.values.len(),
            Self::Translation(_) | Self::Rotation(_) | Self::Scale(_) => 0,
        }
    }

    fn has_numbers(&self) -> bool {
        match self {
            Self::Translation(values) | Self::Scale(values) => {
                values.iter().all(|value| value.is_finite())
            }
            // A rotation that is not a number is taken for none where it is used.
            Self::Rotation(_) => true,
            Self::Weights(track) => track.values.iter().all(|value| value.is_finite()),
        }
    }
}

impl AnimationChannel {
    fn validate_keys(self) -> Result<Self, GltfFault> {
        let values = self.track.value_count();
        if !self.track.has_numbers() {
            return fail_malformed("a value of an animation is not a number");
        }
        let per_key = self.interpolation.per_key();
        // Equal times pass although the format forbids them: `locate_key` copes with a span of
        // zero.
        let rising = self.times.windows(2).all(|pair| pair[0] <= pair[1]);
        // KeyInterpolation indexes without checks, so the counts must agree here.
        if self.times.is_empty() || values != self.times.len() * per_key {
            return fail_malformed(format!(
                "an animation has {values} values for {} keys",
                self.times.len()
            ));
        }
        if !rising
            || !self
                .times
                .iter()
                .all(|time| time.is_finite() && *time >= 0.0)
        {
            return fail_malformed("the keys of an animation are not in order");
        }
        Ok(self)
    }

    /// Returns the value at `time`, in seconds. Before the first and after the last key it is
    /// constant.
    pub(super) fn value_at(&self, time: f32) -> ChannelValue {
        match &self.track {
            KeyframeTrack::Translation(values) => {
                ChannelValue::Translation(self.interpolate_vector(values, time))
            }
            KeyframeTrack::Scale(values) => {
                ChannelValue::Scale(self.interpolate_vector(values, time))
            }
            KeyframeTrack::Rotation(values) => {
                ChannelValue::Rotation(self.interpolate_rotation(values, time))
            }
            KeyframeTrack::Weights(track) => {
                ChannelValue::Weights(self.interpolate_weights(track, time))
            }
        }
    }

    fn interpolate_vector(&self, values: &[Vec3], time: f32) -> Vec3 {
        let (key, t, span) = self.locate_key(time);
        let next = (key + 1).min(self.times.len() - 1);
        match self.interpolation {
            KeyInterpolation::Step => values[key],
            KeyInterpolation::Linear => values[key].lerp(values[next], t),
            KeyInterpolation::CubicSpline => {
                let [a, b, c, d] = hermite_weights(t, span);
                // In-tangent, value and out-tangent follow each other: the value is at index 1.
                values[key * 3 + 1] * a
                    + values[key * 3 + 2] * b
                    + values[next * 3 + 1] * c
                    + values[next * 3] * d
            }
        }
    }

    fn interpolate_rotation(&self, values: &[Quat], time: f32) -> Quat {
        let (key, t, span) = self.locate_key(time);
        let next = (key + 1).min(self.times.len() - 1);
        let turned = match self.interpolation {
            KeyInterpolation::Step => values[key],
            KeyInterpolation::Linear => {
                // glam's `slerp` expects unit quaternions, and quantised keys are none.
                unit_rotation(values[key]).slerp(unit_rotation(values[next]), t)
            }
            KeyInterpolation::CubicSpline => {
                let [a, b, c, d] = hermite_weights(t, span);
                values[key * 3 + 1] * a
                    + values[key * 3 + 2] * b
                    + values[next * 3 + 1] * c
                    + values[next * 3] * d
            }
        };
        // A cubic spline of rotations is not of unit length.
        unit_rotation(turned)
    }

    fn interpolate_weights(&self, track: &MorphTrack, time: f32) -> Vec<f32> {
        let (key, t, span) = self.locate_key(time);
        let next = (key + 1).min(self.times.len() - 1);
        let per_key = self.interpolation.per_key();
        // Of a spline, all in-tangents of a key come before all its values.
        let value = |key: usize, part: usize, target: usize| {
            track.values[(key * per_key + part) * track.count + target]
        };
        let weights = (0..track.count).map(|target| match self.interpolation {
            KeyInterpolation::Step => value(key, 0, target),
            KeyInterpolation::Linear => {
                let from = value(key, 0, target);
                from + (value(next, 0, target) - from) * t
            }
            KeyInterpolation::CubicSpline => {
                let [a, b, c, d] = hermite_weights(t, span);
                value(key, 1, target) * a
                    + value(key, 2, target) * b
                    + value(next, 1, target) * c
                    + value(next, 0, target) * d
            }
        });
        weights.collect()
    }

    /// Returns the key at or before `time`, the progress to the next key from 0 to 1, and the
    /// seconds between both.
    fn locate_key(&self, time: f32) -> (usize, f32, f32) {
        let key = self
            .times
            .partition_point(|key_time| *key_time <= time)
            .saturating_sub(1);
        let Some(next) = self.times.get(key + 1) else {
            return (key, 0.0, 0.0);
        };
        let span = next - self.times[key];
        // Two keys at one time would divide by zero.
        let t = if span > 0.0 {
            ((time - self.times[key]) / span).clamp(0.0, 1.0)
        } else {
            0.0
        };
        (key, t, span)
    }
}

fn unit_rotation(rotation: Quat) -> Quat {
    // A zero quaternion has no direction, and NaN would spread to every child.
    if rotation.is_finite() && rotation.length_squared() > 1e-12 {
        rotation.normalize()
    } else {
        Quat::IDENTITY
    }
}

/// Returns the weights of value, out-tangent, next value and next in-tangent (glTF 2.0, appendix
/// C.4). Tangents are per second, hence `span`.
fn hermite_weights(t: f32, span: f32) -> [f32; 4] {
    let t2 = t * t;
    let t3 = t * t * t;
    [
        2.0 * t3 - 3.0 * t2 + 1.0,
        span * (t3 - 2.0 * t2 + t),
        3.0 * t2 - 2.0 * t3,
        span * (t3 - t2),
    ]
}
