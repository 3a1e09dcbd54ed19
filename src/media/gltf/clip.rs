//! Animation clips: keys per node, and their value at a time.

use super::container::Container;
use super::error::{Fault, malformed};
use glam::{Quat, Vec3};
use gltf::animation::{Interpolation, Property};

/// One animation.
#[derive(Debug, Clone)]
pub struct Clip {
    /// Its name in the file, empty when it has none.
    pub name: String,
    /// Seconds until it starts again.
    pub duration: f32,
    pub(super) channels: Vec<Channel>,
}

/// The keys of one property of one node.
#[derive(Debug, Clone)]
pub(super) struct Channel {
    pub(super) node: usize,
    times: Vec<f32>,
    track: Track,
    interpolation: Interpolation,
}

#[derive(Debug, Clone)]
enum Track {
    Translation(Vec<Vec3>),
    Rotation(Vec<Quat>),
    Scale(Vec<Vec3>),
}

/// A value of one property at one time.
pub(super) enum Value {
    Translation(Vec3),
    Rotation(Quat),
    Scale(Vec3),
}

/// Reads all clips; morph weights are left out with a warning.
pub(super) fn clips(container: &Container, warnings: &mut Vec<String>) -> Result<Vec<Clip>, Fault> {
    container
        .document
        .animations()
        .map(|animation| clip(container, &animation, warnings))
        .collect()
}

fn clip(
    container: &Container,
    animation: &gltf::Animation<'_>,
    warnings: &mut Vec<String>,
) -> Result<Clip, Fault> {
    let mut channels = Vec::new();
    for channel in animation.channels() {
        match read(container, &channel)? {
            Some(channel) => channels.push(channel),
            None => warnings.push("morph target animation is not played".to_owned()),
        }
    }
    let duration = channels
        .iter()
        .filter_map(|channel| channel.times.last())
        .fold(0.0, |a: f32, b| a.max(*b));
    Ok(Clip {
        name: animation.name().unwrap_or_default().to_owned(),
        duration,
        channels,
    })
}

fn read(
    container: &Container,
    channel: &gltf::animation::Channel<'_>,
) -> Result<Option<Channel>, Fault> {
    let (sampler, target) = (channel.sampler(), channel.target());
    let output = sampler.output();
    let vectors = || {
        Ok::<_, Fault>(
            container
                .floats::<3>(&output)?
                .into_iter()
                .map(Vec3::from)
                .collect::<Vec<_>>(),
        )
    };
    let track = match target.property() {
        Property::Translation => Track::Translation(vectors()?),
        Property::Scale => Track::Scale(vectors()?),
        Property::Rotation => Track::Rotation(
            container
                .floats::<4>(&output)?
                .into_iter()
                .map(Quat::from_array)
                .collect(),
        ),
        Property::MorphTargetWeights => return Ok(None),
    };
    let times: Vec<f32> = container
        .floats::<1>(&sampler.input())?
        .into_iter()
        .map(|[time]| time)
        .collect();
    let channel = Channel {
        node: target.node().index(),
        times,
        track,
        interpolation: sampler.interpolation(),
    };
    channel.checked().map(Some)
}

impl Channel {
    fn checked(self) -> Result<Self, Fault> {
        let values = match &self.track {
            Track::Translation(values) | Track::Scale(values) => values.len(),
            Track::Rotation(values) => values.len(),
        };
        let per_key = if self.interpolation == Interpolation::CubicSpline {
            3
        } else {
            1
        };
        let rising = self.times.windows(2).all(|pair| pair[0] <= pair[1]);
        if self.times.is_empty() || values != self.times.len() * per_key {
            return malformed(format!(
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
            return malformed("the keys of an animation are not in order");
        }
        Ok(self)
    }

    /// Returns the property's value at `time`; before the first and after the last key it stands still.
    pub(super) fn at(&self, time: f32) -> Value {
        match &self.track {
            Track::Translation(values) => Value::Translation(self.vector(values, time)),
            Track::Scale(values) => Value::Scale(self.vector(values, time)),
            Track::Rotation(values) => Value::Rotation(self.rotation(values, time)),
        }
    }

    fn vector(&self, values: &[Vec3], time: f32) -> Vec3 {
        let (key, t, span) = self.between(time);
        let next = (key + 1).min(self.times.len() - 1);
        match self.interpolation {
            Interpolation::Step => values[key],
            Interpolation::Linear => values[key].lerp(values[next], t),
            Interpolation::CubicSpline => {
                let [a, b, c, d] = hermite(t, span);
                values[key * 3 + 1] * a
                    + values[key * 3 + 2] * b
                    + values[next * 3 + 1] * c
                    + values[next * 3] * d
            }
        }
    }

    fn rotation(&self, values: &[Quat], time: f32) -> Quat {
        let (key, t, span) = self.between(time);
        let next = (key + 1).min(self.times.len() - 1);
        let turned = match self.interpolation {
            Interpolation::Step => values[key],
            Interpolation::Linear => unit(values[key]).slerp(unit(values[next]), t),
            Interpolation::CubicSpline => {
                let [a, b, c, d] = hermite(t, span);
                values[key * 3 + 1] * a
                    + values[key * 3 + 2] * b
                    + values[next * 3 + 1] * c
                    + values[next * 3] * d
            }
        };
        unit(turned)
    }

    /// Returns the key at or before `time`, progress to the next one from 0 to 1, and the seconds between them.
    fn between(&self, time: f32) -> (usize, f32, f32) {
        let key = self
            .times
            .partition_point(|at| *at <= time)
            .saturating_sub(1);
        let Some(next) = self.times.get(key + 1) else {
            return (key, 0.0, 0.0);
        };
        let span = next - self.times[key];
        let t = if span > 0.0 {
            ((time - self.times[key]) / span).clamp(0.0, 1.0)
        } else {
            0.0
        };
        (key, t, span)
    }
}

fn unit(rotation: Quat) -> Quat {
    if rotation.is_finite() && rotation.length_squared() > 1e-12 {
        rotation.normalize()
    } else {
        Quat::IDENTITY
    }
}

/// Weights of value, out-tangent, next value and next in-tangent (glTF 2.0 appendix C.4).
fn hermite(t: f32, span: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [
        2.0 * t3 - 3.0 * t2 + 1.0,
        span * (t3 - 2.0 * t2 + t),
        3.0 * t2 - 2.0 * t3,
        span * (t3 - t2),
    ]
}
