//! From the framing of a shot to a place in the world: what the frame contains, and where the
//! camera is.
//!
//! Pure arithmetic over measures of the subject. Knows no models, and does not look at the set.

pub use super::figure::FigureMeasures;
use crate::media::gltf::BoundingBox;
use crate::model::camera::{Camera, CameraAngle, ShotSize};
use glam::{Vec2, Vec3};

/// Tangent of half the widest horizontal angle. Beyond 90 degrees shapes are distorted past
/// recognition.
pub const WIDEST_TANGENT: f32 = 1.0;

/// The camera stays this far above the floor, in metres. Small things are lower than that, and have
/// a share of their height.
const FLOOR_CLEARANCE: f32 = 0.12;

/// A whole thing takes at most this share of the frame, so that it does not touch the edge.
const WHOLE_SHARE: f32 = 0.98;

/// Share of a wide frame's height below the feet.
const GROUND_SHARE: f32 = 0.27;

/// The subject of the framing.
#[derive(Debug, Clone, PartialEq)]
pub enum FramingTarget {
    /// One or more figures, and the place around them for the widest sizes. Seen from the front of
    /// the first.
    Figures(Vec<FigureMeasures>, Option<BoundingBox>),
    /// Figures as a group, seen from the front of the place and not from their own.
    Group(Vec<FigureMeasures>, Option<BoundingBox>),
    /// A thing or a place.
    Object(BoundingBox),
}

/// A camera at rest: its aim, its direction, and the size of its frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CameraSetup {
    /// The place in the middle of the frame.
    pub aim: Vec3,
    /// The place that must stay in frame during moves.
    pub subject: Vec3,
    /// Half the width and height, in metres at the aim, that must stay in frame.
    pub safe_extent: Vec2,
    /// Metres from the bottom to the top of the frame at the aim.
    pub height: f32,
    /// Radians from +z to the camera, counter-clockwise from above.
    pub yaw: f32,
    /// Radians of the camera above the aim.
    pub elevation: f32,
    /// Radians of roll.
    pub roll: f32,
    /// Metres from the aim to the camera.
    pub distance: f32,
    /// Tangents of half the angles across and down.
    pub tangents: Vec2,
    /// Height below which the camera must not go.
    pub lowest: f32,
    /// The thing that is framed, in which the camera must not be; `None` for figures and places.
    pub solid: Option<BoundingBox>,
}

impl CameraSetup {
    /// Returns the unit vector from the aim to the camera.
    #[must_use]
    pub fn view_direction(&self) -> Vec3 {
        let (sin, cos) = self.elevation.sin_cos();
        Vec3::new(self.yaw.sin() * cos, sin, self.yaw.cos() * cos)
    }

    /// Returns the place of the camera.
    #[must_use]
    pub fn camera_position(&self) -> Vec3 {
        self.aim + self.view_direction() * self.distance
    }
}

/// The part of the world that the frame must contain, seen from one side.
#[derive(Debug, Clone, Copy)]
struct FrameWindow {
    aim: Vec3,
    height: f32,
    subject: Vec3,
    safe_extent: Vec2,
    eyes: f32,
    floor: f32,
    floor_clearance: f32,
}

/// Returns the camera for `target` in a picture of this aspect (width over height).
#[must_use]
pub fn camera_setup(camera: &Camera, target: &FramingTarget, aspect: f32) -> CameraSetup {
    let tangents = lens_tangents(camera.lens_mm, camera.sensor_width, aspect);
    let yaw = base_yaw(target) + camera.azimuth.to_radians();
    // Sizes are measured across the view, so the direction must be known before the frame.
    let right = Vec3::new(yaw.cos(), 0.0, -yaw.sin());
    let window = match target {
        FramingTarget::Figures(figures, place) | FramingTarget::Group(figures, place)
            if !figures.is_empty() =>
        {
            figures_window(camera.size, figures, place.as_ref(), right, aspect)
        }
        // A shot that names a person who is not there still needs a picture: it shows the place.
        FramingTarget::Figures(_, Some(bounds))
        | FramingTarget::Group(_, Some(bounds))
        | FramingTarget::Object(bounds) => thing_window(camera.size, bounds, right, aspect),
        FramingTarget::Figures(_, None) | FramingTarget::Group(_, None) => {
            thing_window(camera.size, &default_bounds(), right, aspect)
        }
    };
    let window = if camera.angle == CameraAngle::BirdsEye {
        widen_from_above(window, aspect)
    } else {
        window
    };
    setup_for_window(camera, &window, yaw, tangents)
}

/// Returns the tangents of half the angles of a lens, across and down.
#[must_use]
pub fn lens_tangents(lens_mm: f32, sensor_width: f32, aspect: f32) -> Vec2 {
    // The sensor's width counts, and its height follows from the aspect. So a lens has the same
    // horizontal angle in every aspect.
    let across = sensor_width.max(1.0) / (2.0 * lens_mm.max(1.0));
    Vec2::new(across, across / aspect.max(0.05))
}

/// Returns a place of ordinary size, for when there is nothing to measure.
fn default_bounds() -> BoundingBox {
    BoundingBox {
        min: Vec3::new(-1.5, 0.0, -1.5),
        max: Vec3::new(1.5, 2.0, 1.5),
    }
}

/// Returns the direction of azimuth 0: the face of a single figure, the front of everything else.
fn base_yaw(target: &FramingTarget) -> f32 {
    match target {
        FramingTarget::Figures(figures, _) => figures
            .first()
            .map_or(0.0, |figure| figure.facing.x.atan2(figure.facing.z)),
        FramingTarget::Group(..) | FramingTarget::Object(_) => 0.0,
    }
}

/// Returns whether the place takes most of the frame.
#[must_use]
pub const fn is_wide(size: ShotSize) -> bool {
    matches!(size, ShotSize::Wide | ShotSize::ExtremeWide)
}

/// Returns the heights of the frame's top and bottom above the floor, for one figure.
///
/// The body below the chin is `body` tall: shoulders end at an eighth of it, the middle of the
/// chest is at a fifth, the waist at two fifths, the knees at two thirds.
fn frame_heights(size: ShotSize, figure: &FigureMeasures) -> (f32, f32) {
    // Head room and the lower edge are shares of the figure's own head and body, so a child and a
    // giant are framed alike.
    let crown = figure.crown;
    let chin = figure.chin;
    let head = figure.head_height();
    let body = figure.chin;
    match size {
        ShotSize::ExtremeCloseUp => (chin + 0.80 * head, chin + 0.04 * head),
        ShotSize::CloseUp => (crown + 0.20 * head, chin - (0.13 * body).min(0.9 * head)),
        ShotSize::MediumCloseUp => (crown + 0.28 * head, chin - 0.22 * body),
        ShotSize::Medium => (crown + 0.36 * head, chin - 0.40 * body),
        ShotSize::MediumFull => (crown + 0.45 * head, chin - 0.68 * body),
        ShotSize::FullShot => (1.09 * crown, -0.07 * crown),
        ShotSize::Wide => (1.72 * crown, -0.62 * crown),
        ShotSize::ExtremeWide => (4.6 * crown, -1.9 * crown),
    }
}

/// Returns the metres to each side of a figure that the frame must contain.
fn half_width(size: ShotSize, figure: &FigureMeasures) -> f32 {
    match size {
        // Close frames may cut the shoulders. The whole radius would turn every close-up in a
        // narrow frame into a medium shot.
        ShotSize::ExtremeCloseUp => figure.head_radius * 0.55,
        ShotSize::CloseUp => figure.head_radius * 1.5,
        ShotSize::MediumCloseUp | ShotSize::Medium => {
            (figure.head_radius * 1.9).max(figure.radius * 0.7)
        }
        _ => figure.radius * 1.15,
    }
}

/// What the frame must contain: heights, and distances along the axis that points to its right.
struct FrameEdges {
    top: f32,
    bottom: f32,
    left: f32,
    right: f32,
}

fn figures_edges(size: ShotSize, figures: &[FigureMeasures], right: Vec3) -> FrameEdges {
    let mut edges = FrameEdges {
        top: f32::NEG_INFINITY,
        bottom: f32::INFINITY,
        left: f32::INFINITY,
        right: f32::NEG_INFINITY,
    };
    for figure in figures {
        let (high, low) = frame_heights(size, figure);
        edges.top = edges.top.max(figure.floor.y + high);
        edges.bottom = edges.bottom.min(figure.floor.y + low);
        let across = (figure.floor + figure.head).dot(right);
        edges.left = edges.left.min(across - half_width(size, figure));
        edges.right = edges.right.max(across + half_width(size, figure));
    }
    edges
}

fn figures_window(
    size: ShotSize,
    figures: &[FigureMeasures],
    place: Option<&BoundingBox>,
    right: Vec3,
    aspect: f32,
) -> FrameWindow {
    let FrameEdges {
        top,
        bottom,
        left: left_edge,
        right: right_edge,
    } = figures_edges(size, figures, right);
    // The frame must be tall enough for the heights, for the width in this aspect, and for the
    // place: the largest wins. A group has a margin, so that the outer ones do not touch the edge.
    let wanted = top - bottom;
    let wide = (right_edge - left_edge) * if figures.len() > 1 { 1.12 } else { 1.0 } / aspect;
    let height = wanted
        .max(wide)
        .max(place_height(size, place, right, aspect, wanted));
    let mean = |part: fn(&FigureMeasures) -> Vec3| {
        #[expect(clippy::cast_precision_loss, reason = "a handful of figures")]
        let count = figures.len() as f32;
        figures.iter().map(part).sum::<Vec3>() / count
    };
    let eyes = mean(FigureMeasures::eye_position);
    let lowest = figures
        .iter()
        .map(|figure| figure.floor.y)
        .fold(f32::INFINITY, f32::min);
    let middle = if is_wide(size) {
        // A wide frame is composed from its ground, with the feet a quarter up.
        lowest + height * (0.5 - GROUND_SHARE)
    } else {
        // Height that the width adds goes mostly below, so that heads stay in the upper third.
        let middle = (top + bottom) * 0.5 - (height - wanted) * 0.34;
        middle.max(lowest + height * 0.5 - 0.16 * height - 0.02)
    };
    // One tall figure at the side must not pull the frame off the others.
    let side = right * ((left_edge + right_edge) * 0.5 - eyes.dot(right));
    let centre = eyes + side;
    let subject = Vec3::new(centre.x, eyes.y, centre.z);
    let aim =
        Vec3::new(centre.x, middle, centre.z) + look_room(size, figures, right, height, aspect);
    let safe_extent = Vec2::new(
        (right_edge - left_edge) * 0.5,
        ((top - eyes.y).min(eyes.y - bottom) * 0.8).max(0.02),
    );
    FrameWindow {
        aim,
        height,
        subject,
        safe_extent,
        eyes: eyes.y,
        floor: lowest,
        floor_clearance: FLOOR_CLEARANCE,
    }
}

/// Returns the height at which the frame contains the place, for the widest size only; 0 for
/// others.
fn place_height(
    size: ShotSize,
    place: Option<&BoundingBox>,
    right: Vec3,
    aspect: f32,
    wanted: f32,
) -> f32 {
    let (ShotSize::ExtremeWide, Some(place)) = (size, place) else {
        return 0.0;
    };
    let extent = place.size();
    let across = extent.x * right.x.abs() + extent.z * right.z.abs();
    // The place may be as large as a town or as small as a table, and the figures must stay
    // visible. So it changes the frame of the figures only within limits.
    (0.8 * across / aspect)
        .max(0.9 * extent.y)
        .clamp(0.55 * wanted, 2.5 * wanted)
}

/// Returns the shift of the aim towards the gaze of a single figure, so that it has room before its
/// face.
fn look_room(
    size: ShotSize,
    figures: &[FigureMeasures],
    right: Vec3,
    height: f32,
    aspect: f32,
) -> Vec3 {
    // Several figures have room between them, and may look in different directions.
    let [figure] = figures else { return Vec3::ZERO };
    let sideways = figure.facing.dot(right);
    let share = if size == ShotSize::ExtremeCloseUp {
        0.04
    } else {
        0.13
    };
    // A frame that is about square has no width to give, so the figure stays in the middle.
    let share = share * ((aspect - 1.15) / 0.5).clamp(0.0, 1.0);
    if sideways.abs() < 0.3 {
        Vec3::ZERO
    } else {
        right * (sideways * share * height * aspect)
    }
}

fn thing_window(size: ShotSize, bounds: &BoundingBox, right: Vec3, aspect: f32) -> FrameWindow {
    // A flat or empty model would give a frame of no height. The least is a share of the size, so
    // that a ring of 2 cm and a bead of 1 mm fill the frame as larger things do.
    let size_along = bounds.size();
    let least = (size_along.max_element() * 0.02).clamp(1e-4, 0.02);
    let extent = size_along.max(Vec3::splat(least));
    let across = extent.x * right.x.abs() + extent.z * right.z.abs();
    let full_height = extent.y.max(across / aspect);
    let share = match size {
        ShotSize::ExtremeCloseUp => 0.45,
        ShotSize::CloseUp => 0.8,
        ShotSize::MediumCloseUp => 0.95,
        ShotSize::Medium => 1.1,
        ShotSize::MediumFull => 1.2,
        ShotSize::FullShot => 1.35,
        ShotSize::Wide => 2.2,
        ShotSize::ExtremeWide => 4.0,
    };
    let centre = bounds.centre();
    let safe_extent = Vec2::new(across * 0.5, extent.y * 0.5) * f32::min(share, 1.0) * 0.9;
    FrameWindow {
        aim: centre,
        height: full_height * share,
        subject: centre,
        safe_extent,
        eyes: centre.y,
        floor: bounds.min.y,
        floor_clearance: FLOOR_CLEARANCE.min(0.3 * full_height),
    }
}

/// Returns the window for a view from above, where distances on the floor count and not heights.
fn widen_from_above(window: FrameWindow, aspect: f32) -> FrameWindow {
    // The floor is seen in both directions, so the width of the subject must fit the height of the
    // frame too.
    let height = (window.height * 0.75)
        .max(window.safe_extent.x * 2.6 / aspect.max(1.0))
        .max(window.safe_extent.x * 2.4);
    FrameWindow {
        height,
        aim: Vec3::new(window.aim.x, window.eyes, window.aim.z),
        ..window
    }
}

fn setup_for_window(
    camera: &Camera,
    window: &FrameWindow,
    yaw: f32,
    tangents: Vec2,
) -> CameraSetup {
    // The lens is the document's choice, so the distance follows from it and not the other way
    // round.
    let distance = window.height / (2.0 * tangents.y);
    let lowest = window.floor + window.floor_clearance;
    // At eye level the camera is close to the height of the eyes, even if the frame reaches down to
    // the feet. It is tilted at most a little, so that vertical lines stay upright.
    let level = ((window.eyes - window.aim.y) * 0.6 / distance)
        .clamp(-0.3, 0.3)
        .asin();
    let (elevation, roll) = match camera.angle {
        CameraAngle::Eye => (level, 0.0),
        CameraAngle::High => (25_f32.to_radians(), 0.0),
        CameraAngle::Low => (-20_f32.to_radians(), 0.0),
        CameraAngle::Dutch => (level, 12_f32.to_radians()),
        // A degree short of straight down. At 90 the view has no horizontal direction left, and
        // moves would not know what is left and right.
        CameraAngle::BirdsEye => (89_f32.to_radians(), 0.0),
        CameraAngle::WormsEye => (-45_f32.to_radians(), 0.0),
    };
    let FrameWindow {
        aim,
        subject,
        safe_extent,
        height,
        ..
    } = *window;
    CameraSetup {
        aim,
        subject,
        safe_extent,
        height,
        yaw,
        elevation,
        roll,
        distance,
        tangents,
        lowest,
        solid: None,
    }
    .above_floor()
}

impl CameraSetup {
    /// Returns the setup with a camera that would sink into the floor placed on it instead, from
    /// where it looks up less.
    fn above_floor(self) -> Self {
        let most_down = ((self.aim.y - self.lowest) / self.distance)
            .clamp(-1.0, 1.0)
            .asin();
        Self {
            elevation: self.elevation.max(-most_down),
            ..self
        }
    }

    /// Returns the setup from outside of `solid`, which is framed; from where all of `whole` is in
    /// the frame, if there is one.
    #[must_use]
    pub fn outside_of(self, solid: &BoundingBox, whole: Option<&BoundingBox>) -> Self {
        let mut setup = Self {
            solid: Some(*solid),
            ..self
        };
        // The frame is measured at the middle of the thing, and a thing that is deep or seen
        // through a short lens reaches past the camera then. The way out is longer when the camera
        // looks up less, which again depends on the distance: the third round changes nothing more.
        for _ in 0..3 {
            let exit = solid.ray_exit(setup.aim, setup.view_direction());
            let before = exit.map_or(0.0, |exit| exit + 0.5 * self.distance);
            let fitting = whole.map_or(0.0, |whole| setup.fitting_distance(whole));
            let distance = self.distance.max(before).max(fitting);
            setup = Self {
                distance,
                // The lens is the document's choice, so the frame grows with the distance.
                height: self.height * distance / self.distance,
                elevation: self.elevation,
                ..setup
            }
            .above_floor();
        }
        setup
    }

    /// Returns the metres from the aim at which every corner of the box is in the frame.
    fn fitting_distance(&self, whole: &BoundingBox) -> f32 {
        let dir = self.view_direction();
        let right = (-dir).cross(Vec3::Y).normalize_or(Vec3::X);
        let (sin, cos) = self.roll.sin_cos();
        let up = right.cross(-dir);
        let across = right * cos + up * sin;
        let upward = up * cos - right * sin;
        let tangents = self.tangents * WHOLE_SHARE;
        whole.corners().into_iter().fold(0.0, |most, corner| {
            let to = corner - self.aim;
            let beside = Vec2::new(to.dot(across), to.dot(upward)).abs() / tangents;
            f32::max(most, to.dot(dir) + beside.max_element())
        })
    }

    /// Returns the metres from the aim below which the camera would be in what it frames.
    fn closest_distance(&self) -> f32 {
        // No nearer to a person than this, and with no wider lens than the limit. Past that, the
        // framing becomes tighter.
        self.solid.map_or(0.35, |solid| {
            1.05 * solid
                .ray_exit(self.aim, self.view_direction())
                .unwrap_or(0.0)
        })
    }

    /// Returns the setup from at most `reach` metres away. A shorter lens keeps the framing.
    #[must_use]
    pub fn within_reach(self, reach: f32) -> Self {
        if reach >= self.distance {
            return self;
        }
        let distance = reach.max(self.closest_distance()).min(self.distance);
        let wider = (self.distance / distance)
            .min(WIDEST_TANGENT / self.tangents.x)
            .max(1.0);
        Self {
            distance,
            tangents: self.tangents * wider,
            ..self
        }
    }

    /// Returns the setup from another side.
    #[must_use]
    pub fn turned_by(self, radians: f32) -> Self {
        Self {
            yaw: self.yaw + radians,
            ..self
        }
    }

    /// Returns the setup from inside a room, or from so little outside of its open side that the
    /// frame does not show the outside of its walls.
    #[must_use]
    pub fn inside_room(mut self, room: &BoundingBox) -> Self {
        // In a frame taller than the room, the room matters and not the sky above it.
        let middle = room.centre().y;
        if self.height * 0.5 > room.max.y - self.aim.y {
            self.aim.y = self.aim.y.min(middle.max(self.subject.y - 0.5));
        }
        let dir = self.view_direction();
        let out = |from: f32, way: f32, low: f32, high: f32| {
            if way.abs() < 1e-4 {
                f32::INFINITY
            } else {
                ((if way > 0.0 { high } else { low }) - from) / way
            }
        };
        let through_x = out(self.aim.x, dir.x, room.min.x, room.max.x);
        let through_z = out(self.aim.z, dir.z, room.min.z, room.max.z);
        // The open side of a room is a wall and never the ceiling, so a camera that looks down
        // stays below it.
        let below = if dir.y > 0.05 {
            (room.max.y - 0.25 - self.aim.y).max(0.3) / dir.y
        } else {
            f32::INFINITY
        };
        // The exit is where the way from the aim to the camera leaves the room. A box is enough:
        // rooms are known by their bounds only.
        let exit = through_x.min(through_z).max(0.3);
        let exit_point = self.aim + dir * exit;
        let beside = if through_z < through_x {
            (exit_point.x - room.min.x).min(room.max.x - exit_point.x)
        } else {
            (exit_point.z - room.min.z).min(room.max.z - exit_point.z)
        };
        // From r metres, with the lens that keeps the framing, the frame is (1 - exit / r) as wide
        // at the exit.
        let most = |free: f32, half: f32| {
            if free >= half {
                f32::INFINITY
            } else {
                exit / (1.0 - free.max(0.0) / half)
            }
        };
        let half = self.tangents * self.distance;
        self.within_reach(
            most(beside, half.x)
                .min(most(room.max.y - exit_point.y, half.y))
                .min(below),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::camera::{CameraMove, Easing, MoveKind};

    const ASPECT: f32 = 16.0 / 9.0;

    fn camera(size: ShotSize, angle: CameraAngle, lens_mm: f32) -> Camera {
        let travel = CameraMove {
            kind: MoveKind::Static,
            amount: 0.0,
            easing: Easing::Linear,
        };
        Camera {
            size,
            angle,
            azimuth: 0.0,
            lens_mm,
            sensor_width: 36.0,
            travel,
            optics: None,
        }
    }

    fn figure(x: f32, yaw: f32) -> FigureMeasures {
        FigureMeasures {
            floor: Vec3::new(x, 0.0, 0.0),
            facing: Vec3::new(yaw.sin(), 0.0, yaw.cos()),
            head: Vec3::new(0.0, 1.62, 0.0),
            crown: 1.75,
            chin: 1.51,
            head_radius: 0.1,
            radius: 0.3,
        }
    }

    /// Returns where a place lands in the picture: -1 to 1 from left to right and from bottom to
    /// top.
    fn seen(setup: &CameraSetup, place: Vec3) -> Vec2 {
        let forward = -setup.view_direction();
        let right = forward.cross(Vec3::Y).normalize();
        let to = place - setup.camera_position();
        let depth = to.dot(forward);
        Vec2::new(to.dot(right), to.dot(right.cross(forward))) / depth / setup.tangents
    }

    fn of_one(size: ShotSize, lens_mm: f32) -> CameraSetup {
        camera_setup(
            &camera(size, CameraAngle::Eye, lens_mm),
            &FramingTarget::Figures(vec![figure(0.0, 0.0)], None),
            ASPECT,
        )
    }

    #[test]
    fn each_shot_size_frames_its_part_of_the_figure() {
        use ShotSize::{
            CloseUp, ExtremeCloseUp, FullShot, Medium, MediumCloseUp, MediumFull, Wide,
        };
        let at = |size, y: f32| seen(&of_one(size, 50.0), Vec3::new(0.0, y, 0.0)).y;
        assert!(
            at(ExtremeCloseUp, 1.64) < 1.0 && at(ExtremeCloseUp, 1.75) > 1.0,
            "eyes in, crown out"
        );
        for size in [CloseUp, MediumCloseUp, Medium, MediumFull, FullShot, Wide] {
            assert!(
                at(size, 1.75) < 0.97,
                "{size:?} has headroom: {}",
                at(size, 1.75)
            );
        }
        assert!(
            at(CloseUp, 1.40) > -1.0 && at(CloseUp, 1.15) < -1.0,
            "shoulders in, chest out"
        );
        assert!(
            at(Medium, 1.05) > -1.0 && at(Medium, 0.6) < -1.0,
            "waist in, knees out"
        );
        assert!(
            at(MediumFull, 0.55) > -1.0 && at(MediumFull, 0.1) < -1.0,
            "knees in, feet out"
        );
        assert!(at(FullShot, 0.0) > -1.0, "feet in");
        let tall = (at(Wide, 1.75) - at(Wide, 0.0)) / 2.0;
        assert!(
            (0.33..0.5).contains(&tall),
            "a wide figure takes {tall} of the height"
        );
    }

    #[test]
    fn a_longer_lens_is_farther_away_and_frames_the_same() {
        let short = of_one(ShotSize::Medium, 25.0);
        let long = of_one(ShotSize::Medium, 100.0);
        assert!((long.distance / short.distance - 4.0).abs() < 0.01);
        assert!((long.height - short.height).abs() < 1e-4);
    }

    #[test]
    fn two_people_are_both_inside_the_frame_at_every_size() {
        use ShotSize::{CloseUp, Medium, Wide};
        for size in [CloseUp, Medium, Wide] {
            let pair = FramingTarget::Group(vec![figure(-1.0, 1.2), figure(1.0, -1.2)], None);
            let setup = camera_setup(&camera(size, CameraAngle::Eye, 50.0), &pair, ASPECT);
            for x in [-1.1, 1.1] {
                let head = seen(&setup, Vec3::new(x, 1.62, 0.0));
                assert!(head.abs().max_element() < 1.0, "{size:?}: {head}");
            }
        }
    }

    #[test]
    fn people_are_inside_the_frame_in_every_shape() {
        let people = [
            vec![figure(0.0, 0.0)],
            vec![figure(-1.0, 1.2), figure(1.0, -1.2)],
            vec![figure(-1.5, 0.0), figure(0.0, 0.0), figure(1.5, 0.0)],
        ];
        for aspect in [9.0 / 16.0, 4.0 / 5.0, 1.0, ASPECT, 2.39] {
            for figures in &people {
                for size in [ShotSize::CloseUp, ShotSize::Medium, ShotSize::Wide] {
                    let target = FramingTarget::Group(figures.clone(), None);
                    let setup =
                        camera_setup(&camera(size, CameraAngle::Eye, 50.0), &target, aspect);
                    for figure in figures {
                        let head = seen(&setup, figure.floor + figure.head);
                        let place = format!("{aspect} {} {size:?}: {head}", figures.len());
                        assert!(head.abs().max_element() < 1.0, "{place}");
                    }
                }
            }
        }
    }

    #[test]
    fn wide_frames_keep_the_ground_at_every_location_size() {
        let place = BoundingBox {
            min: Vec3::new(-14.0, -1.0, -14.0),
            max: Vec3::new(14.0, 10.0, 14.0),
        };
        for (size, place) in [
            (ShotSize::Wide, None),
            (ShotSize::ExtremeWide, None),
            (ShotSize::ExtremeWide, Some(place)),
        ] {
            let setup = camera_setup(
                &camera(size, CameraAngle::Eye, 24.0),
                &FramingTarget::Group(vec![figure(0.0, 0.0)], place),
                ASPECT,
            );
            let feet = seen(&setup, Vec3::ZERO).y;
            assert!(
                (-0.6..-0.3).contains(&feet),
                "{size:?} {place:?}: feet at {feet}"
            );
        }
    }

    #[test]
    fn a_face_in_profile_has_space_before_it() {
        let looks_right = FramingTarget::Figures(vec![figure(0.0, 1.4)], None);
        let mut camera = camera(ShotSize::Medium, CameraAngle::Eye, 50.0);
        camera.azimuth = -80.0;
        let setup = camera_setup(&camera, &looks_right, ASPECT);
        assert!(seen(&setup, Vec3::new(0.0, 1.62, 0.0)).x < -0.15);
        let square = super::camera_setup(&camera, &looks_right, 1.0);
        assert!(
            seen(&square, Vec3::new(0.0, 1.62, 0.0)).x.abs() < 0.05,
            "a square picture has none to give"
        );
    }

    #[test]
    fn the_camera_never_sinks_into_the_floor() {
        for angle in [CameraAngle::Low, CameraAngle::WormsEye] {
            for size in [ShotSize::CloseUp, ShotSize::FullShot, ShotSize::Wide] {
                let setup = camera_setup(
                    &camera(size, angle, 50.0),
                    &FramingTarget::Figures(vec![figure(0.0, 0.0)], None),
                    ASPECT,
                );
                assert!(
                    setup.camera_position().y > 0.1,
                    "{angle:?} {size:?}: {}",
                    setup.camera_position()
                );
            }
        }
    }

    #[test]
    fn high_looks_down_and_low_looks_up() {
        let eye = |angle| {
            let target = FramingTarget::Figures(vec![figure(0.0, 0.0)], None);
            camera_setup(&camera(ShotSize::Medium, angle, 50.0), &target, ASPECT)
                .camera_position()
                .y
        };
        assert!(
            eye(CameraAngle::Low) < eye(CameraAngle::Eye)
                && eye(CameraAngle::Eye) < eye(CameraAngle::High)
        );
        assert!(eye(CameraAngle::High) < eye(CameraAngle::BirdsEye));
    }

    #[test]
    fn azimuth_90_is_on_the_subjects_left() {
        let mut camera = camera(ShotSize::Medium, CameraAngle::Eye, 50.0);
        camera.azimuth = 90.0;
        let eye = camera_setup(
            &camera,
            &FramingTarget::Figures(vec![figure(0.0, 0.0)], None),
            ASPECT,
        )
        .camera_position();
        assert!(eye.x > 1.0 && eye.z.abs() < 0.4, "{eye}");
    }

    #[test]
    fn a_camera_indoors_does_not_see_past_the_walls() {
        let room = BoundingBox {
            min: Vec3::new(-3.0, 0.0, -2.0),
            max: Vec3::new(3.0, 2.8, 2.0),
        };
        for size in [ShotSize::Medium, ShotSize::Wide, ShotSize::ExtremeWide] {
            let target = FramingTarget::Group(vec![figure(0.0, 0.0)], Some(room));
            let setup = camera_setup(&camera(size, CameraAngle::Eye, 35.0), &target, ASPECT)
                .inside_room(&room);
            let beyond = (setup.camera_position().z - 2.0).max(0.0);
            assert!(
                beyond * setup.tangents.x < 3.01,
                "{size:?}: {beyond} metres outside"
            );
        }
    }
}
