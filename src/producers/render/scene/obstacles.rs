//! What is between the camera and its subject: triangles of set and props, found by rays.

use super::ModelInstance;
use crate::media::gltf::BoundingBox;
use glam::{Vec2, Vec3};
use rayon::prelude::*;

/// Triangles that do not move during the shot, and people that the camera must not pass through.
#[derive(Default)]
pub(super) struct SceneObstacles {
    soups: Vec<TriangleSoup>,
    bystanders: Vec<BystanderCylinder>,
}

/// What an obstacle is, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ObstacleKind {
    Set,
    Prop,
    Person,
}

/// A model that stays in place, and may be in the way.
#[derive(Clone, Copy)]
pub(super) struct FixedObstacle<'a> {
    pub(super) kind: ObstacleKind,
    pub(super) instance: &'a ModelInstance<'a>,
}

/// A person beside the subject, as an upright cylinder.
#[derive(Debug, Clone, Copy)]
pub(super) struct BystanderCylinder {
    pub(super) floor: Vec3,
    pub(super) height: f32,
}

/// A camera stays this far from the middle of a person, in metres. A shoulder in frame is wanted.
const BODY_RADIUS: f32 = 0.24;

struct TriangleSoup {
    kind: ObstacleKind,
    bounds: BoundingBox,
    corners: Vec<[Vec3; 3]>,
    double_sided: bool,
}

impl SceneObstacles {
    pub(super) fn from_instances<'a>(
        fixed: impl Iterator<Item = FixedObstacle<'a>>,
        bystanders: Vec<BystanderCylinder>,
    ) -> Self {
        let mut soups = Vec::new();
        for FixedObstacle { kind, instance } in fixed {
            let model = instance.model;
            // One pose serves the whole shot. If obstacles moved, the camera would move with them.
            let pose = model.pose_at(None, 0.0);
            for (node, mesh) in model.drawn_meshes() {
                for part in &model.meshes[mesh].primitives {
                    let places: Vec<Vec3> = model
                        .vertex_positions(&pose, node, part)
                        .map(|place| instance.root.transform_point3(place))
                        .collect();
                    let corner = |index: &u32| places[*index as usize];
                    let corners = part
                        .indices
                        .chunks_exact(3)
                        .map(|c| [corner(&c[0]), corner(&c[1]), corner(&c[2])]);
                    let double_sided = model.materials[part.material].double_sided;
                    let bounds = BoundingBox::from_points(places.iter().copied());
                    soups.push(TriangleSoup {
                        kind,
                        bounds,
                        corners: corners.collect(),
                        double_sided,
                    });
                }
            }
        }
        Self { soups, bystanders }
    }

    /// Returns the metres from `from` along the unit vector `dir` to the first surface that shows
    /// its face, at most `most`.
    pub(super) fn ray_reach(&self, from: Vec3, dir: Vec3, most: f32) -> f32 {
        // Backs of single-sided walls are not drawn, so they are no obstacle: sets are built to be
        // looked into.
        let things = self
            .soups
            .par_iter()
            .map(|soup| soup.ray_reach(from, dir, most))
            .reduce(|| most, f32::min);
        self.bystanders
            .iter()
            .filter_map(|person| person.ray_hit(from, dir))
            .fold(things, f32::min)
    }

    /// Returns what the ray meets first, if anything within `most` metres.
    pub(super) fn nearest_kind(&self, from: Vec3, dir: Vec3, most: f32) -> Option<ObstacleKind> {
        let things = self.soups.iter().map(|soup| RayHit {
            kind: soup.kind,
            reach: soup.ray_reach(from, dir, most),
        });
        let people = self.bystanders.iter().map(|person| RayHit {
            kind: ObstacleKind::Person,
            reach: person.ray_hit(from, dir).unwrap_or(most),
        });
        things
            .chain(people)
            .filter(|hit| hit.reach < most)
            .min_by(|a, b| a.reach.total_cmp(&b.reach))
            .map(|nearest| nearest.kind)
    }

    /// Returns whether walls are around `from` on most sides, as in a room with one side open.
    pub(super) fn is_enclosed(&self, from: Vec3) -> bool {
        // Seven of twelve directions allow one open side and some doors. Walls beyond 16 metres are
        // a square or a street, where the camera is free.
        let sides = (0..12u8).map(|side| f32::from(side) * std::f32::consts::TAU / 12.0);
        let walled = sides
            .filter(|yaw| self.ray_reach(from, super::blocking::yaw_direction(*yaw), 16.0) < 16.0);
        walled.count() >= 7
    }

    /// Returns the median reach of five parallel rays.
    pub(super) fn median_reach(&self, from: Vec3, dir: Vec3, most: f32, spread: f32) -> f32 {
        // The median, so that one lamp post does not stop the camera. A single ray would be stopped
        // by any thin thing in its way, and the least of five even more often.
        let (side, over) = dir.any_orthonormal_pair();
        let offsets = [(0.0, 0.0), (1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)];
        let mut reaches =
            offsets.map(|(x, y)| self.ray_reach(from + (side * x + over * y) * spread, dir, most));
        reaches.sort_by(f32::total_cmp);
        reaches[2]
    }
}

/// What a ray meets, and after how many metres.
struct RayHit {
    kind: ObstacleKind,
    reach: f32,
}

impl TriangleSoup {
    fn ray_reach(&self, from: Vec3, dir: Vec3, most: f32) -> f32 {
        // Most parts of a set are far from the ray. The box saves looking at their triangles.
        if !ray_crosses_bounds(&self.bounds, from, dir, most) {
            return most;
        }
        self.corners
            .iter()
            .filter_map(|corners| triangle_hit(corners, from, dir, self.double_sided))
            .fold(most, f32::min)
    }
}

impl BystanderCylinder {
    /// Returns the metres to the surface of the cylinder, if the ray passes through it.
    fn ray_hit(&self, from: Vec3, dir: Vec3) -> Option<f32> {
        let way = Vec2::new(dir.x, dir.z);
        let to = Vec2::new(self.floor.x - from.x, self.floor.z - from.z);
        let t = to.dot(way) / way.length_squared().max(1e-9);
        let height = from.y + dir.y * t - self.floor.y;
        let meets = (to - way * t).length() < BODY_RADIUS && (0.0..=self.height).contains(&height);
        // A person so near to the subject would be in the frame from every side, so they do not
        // stop the camera.
        (t > 2.0 * BODY_RADIUS && meets).then_some(t - BODY_RADIUS)
    }
}

/// Returns the metres to the triangle, if the ray meets its face more than 0.1 m away (Moeller and
/// Trumbore 1997).
fn triangle_hit(corners: &[Vec3; 3], from: Vec3, dir: Vec3, double_sided: bool) -> Option<f32> {
    let e1 = corners[1] - corners[0];
    let e2 = corners[2] - corners[0];
    let p = dir.cross(e2);
    let determinant = e1.dot(p);
    // The sign of the determinant separates the face from the back.
    if determinant.abs() < 1e-9 || (determinant < 0.0 && !double_sided) {
        return None;
    }
    let to = from - corners[0];
    let u = to.dot(p) / determinant;
    let q = to.cross(e1);
    let v = dir.dot(q) / determinant;
    let t = e2.dot(q) / determinant;
    // The first 0.1 m are ignored: the ray starts inside the subject or on a wall.
    (u >= 0.0 && v >= 0.0 && u + v <= 1.0 && t > 0.1).then_some(t)
}

fn ray_crosses_bounds(bounds: &BoundingBox, from: Vec3, dir: Vec3, most: f32) -> bool {
    // A huge number and not infinity: infinity times zero is NaN, and comparisons with it fail.
    let inverse = dir.map(|x| if x.abs() < 1e-9 { 1e9 } else { 1.0 / x });
    let a = (bounds.min - from) * inverse;
    let b = (bounds.max - from) * inverse;
    let enter = a.min(b).max_element();
    let leave = a.max(b).min_element();
    leave >= enter.max(0.0) && enter <= most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(z: f32) -> SceneObstacles {
        let [a, b, c] = [
            Vec3::new(-9.0, -9.0, z),
            Vec3::new(-9.0, 9.0, z),
            Vec3::new(9.0, 0.0, z),
        ];
        let bounds = BoundingBox::from_points([a, b, c]);
        SceneObstacles {
            soups: vec![TriangleSoup {
                kind: ObstacleKind::Set,
                bounds,
                corners: vec![[a, b, c]],
                double_sided: false,
            }],
            bystanders: Vec::new(),
        }
    }

    #[test]
    fn a_wall_stops_the_ray_that_meets_its_face() {
        let reach = wall(3.0).ray_reach(Vec3::ZERO, Vec3::Z, 10.0);
        assert!((reach - 3.0).abs() < 1e-4, "{reach}");
        assert!(
            (wall(-3.0).ray_reach(Vec3::ZERO, Vec3::NEG_Z, 10.0) - 10.0).abs() < 1e-4,
            "its back does not show"
        );
    }

    #[test]
    fn someone_in_the_way_stops_the_camera_and_someone_beside_it_does_not() {
        let at = |x: f32| SceneObstacles {
            soups: Vec::new(),
            bystanders: vec![BystanderCylinder {
                floor: Vec3::new(x, 0.0, 2.0),
                height: 1.7,
            }],
        };
        assert!(at(0.1).ray_reach(Vec3::Y * 1.5, Vec3::Z, 5.0) < 2.0);
        assert!(at(0.5).ray_reach(Vec3::Y * 1.5, Vec3::Z, 5.0) > 4.9);
    }
}
