//! Axis-aligned boxes.

use glam::{Mat4, Vec3};

/// An axis-aligned box, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingBox {
    /// The corner with the smallest coordinates.
    pub min: Vec3,
    /// The corner with the largest coordinates.
    pub max: Vec3,
}

impl BoundingBox {
    /// The empty box. Growing it by a point gives that point.
    pub const EMPTY: Self = Self {
        // Inverted infinities make `min` and `max` work without a special case for the first point.
        min: Vec3::INFINITY,
        max: Vec3::NEG_INFINITY,
    };

    /// Returns the smallest box around these points, or [`Self::EMPTY`] for none.
    pub fn from_points(points: impl IntoIterator<Item = Vec3>) -> Self {
        points.into_iter().fold(Self::EMPTY, Self::expanded_to)
    }

    /// Returns the box grown to hold `point`.
    #[must_use]
    pub fn expanded_to(self, point: Vec3) -> Self {
        Self {
            min: self.min.min(point),
            max: self.max.max(point),
        }
    }

    /// Returns the smallest box around both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }

    /// Returns whether the box is empty or has a coordinate that is not finite.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !(self.min.cmple(self.max).all() && self.min.is_finite() && self.max.is_finite())
    }

    /// Returns the centre. Only meaningful if the box is not empty.
    #[must_use]
    pub fn centre(&self) -> Vec3 {
        (self.min + self.max) * 0.5
    }

    /// Returns the lengths of the edges, in metres.
    #[must_use]
    pub fn size(&self) -> Vec3 {
        self.max - self.min
    }

    /// Returns the eight corners.
    #[must_use]
    pub fn corners(&self) -> [Vec3; 8] {
        let pick = |bit: usize, low: f32, high: f32| if bit == 0 { low } else { high };
        std::array::from_fn(|corner| {
            Vec3::new(
                pick(corner & 1, self.min.x, self.max.x),
                pick(corner & 2, self.min.y, self.max.y),
                pick(corner & 4, self.min.z, self.max.z),
            )
        })
    }

    /// Returns the metres from `from` along the unit vector `dir` to where the ray leaves the box.
    /// `None`: it does not pass through.
    #[must_use]
    pub fn ray_exit(&self, from: Vec3, dir: Vec3) -> Option<f32> {
        // A huge number and not infinity: infinity times zero is NaN, and comparisons with it fail.
        let inverse = dir.map(|x| if x.abs() < 1e-9 { 1e9 } else { 1.0 / x });
        let low = (self.min - from) * inverse;
        let high = (self.max - from) * inverse;
        let enter = low.min(high).max_element();
        let leave = low.max(high).min_element();
        (leave >= enter.max(0.0)).then_some(leave)
    }

    /// Returns the metres from `point` to the box; 0 inside of it.
    #[must_use]
    pub fn distance_to(&self, point: Vec3) -> f32 {
        point.distance(point.clamp(self.min, self.max))
    }

    /// Returns the smallest box around the corners of this box after `matrix`.
    #[must_use]
    pub fn transformed_by(&self, matrix: Mat4) -> Self {
        // Infinite corners times a matrix are NaN.
        if self.is_empty() {
            *self
        } else {
            Self::from_points(self.corners().map(|corner| matrix.transform_point3(corner)))
        }
    }
}
