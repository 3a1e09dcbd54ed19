//! Animation clips: keys of each node, and values between them.

use super::container::GltfContainer;
use super::error::{GltfFault, check_limit, fail_malformed};
use glam::{Quat, Vec3};
use gltf::animation::{Interpolation, Property};

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
    interpolation: Interpolation,
}

#[derive(Debug, Clone)]
enum KeyframeTrack {
    Translation(Vec<Vec3>),
    Rotation(Vec<Quat>),
    Scale(Vec<Vec3>),
}

/// A value of one property at one time.
pub(super) enum ChannelValue {
    Translation(Vec3),
    Rotation(Quat),
    Scale(Vec3),
}

/// The most keys of all clips. Channels may share one accessor, so the size of the file bounds
/// nothing.
const MAX_KEYS: usize = 50_000_000;

/// Reads all clips. Channels of morph targets are left out with a warning.
pub(super) fn read_clips(
    container: &GltfContainer,
    warnings: &mut Vec<String>,
) -> Result<Vec<AnimationClip>, GltfFault> {
    let mut keys = 0;
    let mut clips = Vec::new();
    for animation in container.document.animations() {
        clips.push(read_clip(container, &animation, &mut keys, warnings)?);
    }
    Ok(clips)
}

fn read_clip(
    container: &GltfContainer,
    animation: &gltf::Animation<'_>,
    keys: &mut usize,
    warnings: &mut Vec<String>,
) -> Result<AnimationClip, GltfFault> {
    let mut channels = Vec::new();
    for channel in animation.channels() {
        match read_channel(container, &channel)? {
            Some(channel) => {
                *keys += channel.times.len();
                check_limit("keys", *keys, MAX_KEYS)?;
                channels.push(channel);
            }
            // A warning and no error: the clip still moves the body, and a face that does not move
            // is better than no film.
            None => warnings.push("morph target animation is not played".to_owned()),
        }
    }
    // The format has no duration; a clip ends with its last key.
    let duration = channels
        .iter()
        .filter_map(|channel| channel.times.last())
        .fold(0.0, |a: f32, b| a.max(*b));
    Ok(AnimationClip {
        name: animation.name().unwrap_or_default().to_owned(),
        duration,
        channels,
    })
}

fn read_channel(
    container: &GltfContainer,
    channel: &gltf::animation::Channel<'_>,
) -> Result<Option<AnimationChannel>, GltfFault> {
    let sampler = channel.sampler();
    let target = channel.target();
    let output = sampler.output();
    // Lazy, because rotations have four components. Reading them as vectors would be an error.
    let vectors = || {
        Ok::<_, GltfFault>(
            container
                .read_floats::<3>(&output)?
                .into_iter()
                .map(Vec3::from)
                .collect::<Vec<_>>(),
        )
    };
    let track = match target.property() {
        Property::Translation => KeyframeTrack::Translation(vectors()?),
        Property::Scale => KeyframeTrack::Scale(vectors()?),
        Property::Rotation => KeyframeTrack::Rotation(
            container
                .read_floats::<4>(&output)?
                .into_iter()
                .map(Quat::from_array)
                .collect(),
        ),
        Property::MorphTargetWeights => return Ok(None),
    };
    let times: Vec<f32> = container
        .read_floats::<1>(&sampler.input())?
        .into_iter()
        .map(|[time]| time)
        .collect();
    let channel = AnimationChannel {
        node: target.node().index(),
        times,
        track,
        interpolation: sampler.interpolation(),
    };
    channel.validate_keys().map(Some)
}

impl KeyframeTrack {
    fn value_count(&self) -> usize {
        match self {
            Self::Translation(values) | Self::Scale(values) => values.len(),
            Self::Rotation(values) => values.len(),
        }
    }

    fn has_numbers(&self) -> bool {
        match self {
            Self::Translation(values) | Self::Scale(values) => {
                values.iter().all(|value| value.is_finite())
            }
            // A rotation that is not a number is taken for none where it is used.
            Self::Rotation(_) => true,
        }
    }
}

impl AnimationChannel {
    fn validate_keys(self) -> Result<Self, GltfFault> {
        let values = self.track.value_count();
        if !self.track.has_numbers() {
            return fail_malformed("a value of an animation is not a number");
        }
        // A cubic spline has an in-tangent, a value and an out-tangent for each key.
        let per_key = if self.interpolation == Interpolation::CubicSpline {
            3
        } else {
            1
        };
        // Equal times pass although the format forbids them: `locate_key` copes with a span of
        // zero.
        let rising = self.times.windows(2).all(|pair| pair[0] <= pair[1]);
        // Interpolation indexes without checks, so the counts must agree here.
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
        }
    }

    fn interpolate_vector(&self, values: &[Vec3], time: f32) -> Vec3 {
        let (key, t, span) = self.locate_key(time);
        let next = (key + 1).min(self.times.len() - 1);
        match self.interpolation {
            Interpolation::Step => values[key],
            Interpolation::Linear => values[key].lerp(values[next], t),
            Interpolation::CubicSpline => {
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
            Interpolation::Step => values[key],
            Interpolation::Linear => {
                // glam's `slerp` expects unit quaternions, and quantised keys are none.
                unit_rotation(values[key]).slerp(unit_rotation(values[next]), t)
            }
            Interpolation::CubicSpline => {
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
