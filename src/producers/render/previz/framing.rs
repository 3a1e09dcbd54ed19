//! From the words of a shot to a place in the world: what the frame holds, and where the camera stands for it.
//!
//! Pure arithmetic over measures of the subject. Knows no models and asks nothing of the set.

pub use super::figure::Figure;
use crate::media::gltf::Bounds;
use crate::model::camera::{Angle, Camera, ShotSize};
use glam::{Vec2, Vec3};

/// What the camera is to frame.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// One or more figures, and the place around them for the widest sizes.
    Figures(Vec<Figure>, Option<Bounds>),
    /// A thing or a place.
    Thing(Bounds),
}

/// A camera that stands still: what it looks at, from which direction, and how much it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setup {
    /// The place in the middle of the frame.
    pub aim: Vec3,
    /// The place that must stay in frame during moves.
    pub subject: Vec3,
    /// Half the width and height, in metres at the aim, that must stay in frame.
    pub keep: Vec2,
    /// Metres from the bottom to the top of the frame at the aim.
    pub height: f32,
    /// Radians from +z to the camera, counter-clockwise from above.
    pub yaw: f32,
    /// Radians that the camera stands above the aim.
    pub elevation: f32,
    /// Radians of roll.
    pub roll: f32,
    /// Metres from the aim to the camera.
    pub distance: f32,
    /// Tangents of half the angles across and down.
    pub tangents: Vec2,
    /// Height below which the camera must not go.
    pub lowest: f32,
}

impl Setup {
    /// Returns the unit vector from the aim to the camera.
    #[must_use]
    pub fn direction(&self) -> Vec3 {
        let (sin, cos) = self.elevation.sin_cos();
        Vec3::new(self.yaw.sin() * cos, sin, self.yaw.cos() * cos)
    }

    /// Returns where the camera stands.
    #[must_use]
    pub fn eye(&self) -> Vec3 {
        self.aim + self.direction() * self.distance
    }
}

/// Part of the world that the frame must hold, seen from one side.
#[derive(Debug, Clone, Copy)]
struct Window {
    aim: Vec3,
    height: f32,
    subject: Vec3,
    keep: Vec2,
    eyes: f32,
    floor: f32,
}

/// Returns where the camera stands for `target` in a picture of this aspect (width over height).
#[must_use]
pub fn setup(camera: &Camera, target: &Target, aspect: f32) -> Setup {
    let tangents = tangents(camera.lens_mm, camera.sensor_width, aspect);
    let yaw = base_yaw(target) + camera.azimuth.to_radians();
    let right = Vec3::new(yaw.cos(), 0.0, -yaw.sin());
    let window = match target {
        Target::Figures(figures, place) if !figures.is_empty() => {
            figures_window(camera.size, figures, place.as_ref(), right, aspect)
        }
        Target::Figures(_, Some(bounds)) | Target::Thing(bounds) => thing_window(camera.size, bounds, right, aspect),
        Target::Figures(_, None) => thing_window(camera.size, &nothing(), right, aspect),
    };
    let window = if camera.angle == Angle::BirdsEye { from_above(window, aspect) } else { window };
    placed(camera, &window, yaw, tangents)
}

/// Returns the tangents of half the angles of a lens, across and down.
#[must_use]
pub fn tangents(lens_mm: f32, sensor_width: f32, aspect: f32) -> Vec2 {
    let across = sensor_width.max(1.0) / (2.0 * lens_mm.max(1.0));
    Vec2::new(across, across / aspect.max(0.05))
}

/// A place of ordinary size, where there is nothing to measure.
fn nothing() -> Bounds {
    Bounds { min: Vec3::new(-1.5, 0.0, -1.5), max: Vec3::new(1.5, 2.0, 1.5) }
}

/// Returns the direction from which azimuth 0 looks: the face of one figure, the shared front of several.
fn base_yaw(target: &Target) -> f32 {
    let Target::Figures(figures, _) = target else { return 0.0 };
    let shared: Vec3 = figures.iter().map(|figure| figure.facing).sum();
    #[expect(clippy::cast_precision_loss, reason = "a handful of figures")]
    let agreed = shared.length() > 0.25 * figures.len() as f32;
    if agreed { shared.x.atan2(shared.z) } else { 0.0 }
}

/// Returns whether the place takes most of the frame.
#[must_use]
pub const fn is_wide(size: ShotSize) -> bool {
    matches!(size, ShotSize::Wide | ShotSize::ExtremeWide)
}

/// Returns heights above the floor of the frame's top and bottom for one figure.
///
/// The body below the chin is `body` tall: shoulders end at an eighth of it, the chest's middle is at a fifth, the
/// waist at two fifths, the knees at two thirds.
fn heights(size: ShotSize, figure: &Figure) -> (f32, f32) {
    let (crown, chin, head, body) = (figure.crown, figure.chin, figure.head_height(), figure.chin);
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

/// Returns how far the frame must hold a figure to each side of it.
fn half_width(size: ShotSize, figure: &Figure) -> f32 {
    match size {
        ShotSize::ExtremeCloseUp => figure.head_radius * 0.55,
        ShotSize::CloseUp => figure.head_radius * 1.5,
        ShotSize::MediumCloseUp | ShotSize::Medium => (figure.head_radius * 1.9).max(figure.radius * 0.7),
        _ => figure.radius * 1.15,
    }
}

fn figures_window(size: ShotSize, figures: &[Figure], place: Option<&Bounds>, right: Vec3, aspect: f32) -> Window {
    let mut top = f32::NEG_INFINITY;
    let mut bottom = f32::INFINITY;
    let (mut left_edge, mut right_edge) = (f32::INFINITY, f32::NEG_INFINITY);
    for figure in figures {
        let (high, low) = heights(size, figure);
        top = top.max(figure.floor.y + high);
        bottom = bottom.min(figure.floor.y + low);
        let across = (figure.floor + figure.head).dot(right);
        left_edge = left_edge.min(across - half_width(size, figure));
        right_edge = right_edge.max(across + half_width(size, figure));
    }
    let wanted = top - bottom;
    let wide = (right_edge - left_edge) * if figures.len() > 1 { 1.12 } else { 1.0 } / aspect;
    let height = wanted.max(wide).max(place_height(size, place, right, aspect, wanted));
    let mean = |part: fn(&Figure) -> Vec3| {
        #[expect(clippy::cast_precision_loss, reason = "a handful of figures")]
        let count = figures.len() as f32;
        figures.iter().map(part).sum::<Vec3>() / count
    };
    let eyes = mean(Figure::eyes);
    // What the width adds goes below, mostly: heads keep to the upper third.
    let middle = (top + bottom) * 0.5 - (height - wanted) * if is_wide(size) { 0.0 } else { 0.34 };
    let lowest = figures.iter().map(|figure| figure.floor.y).fold(f32::INFINITY, f32::min);
    let middle = middle.max(lowest + height * 0.5 - 0.16 * height - 0.02);
    let side = right * ((left_edge + right_edge) * 0.5 - eyes.dot(right));
    let centre = eyes + side;
    let subject = Vec3::new(centre.x, eyes.y, centre.z);
    let aim = Vec3::new(centre.x, middle, centre.z) + look_room(size, figures, right, height * aspect);
    let keep = Vec2::new((right_edge - left_edge) * 0.5, ((top - eyes.y).min(eyes.y - bottom) * 0.8).max(0.02));
    Window { aim, height, subject, keep, eyes: eyes.y, floor: lowest }
}

/// Returns how tall the frame must be to hold the place, for the widest size only.
fn place_height(size: ShotSize, place: Option<&Bounds>, right: Vec3, aspect: f32, wanted: f32) -> f32 {
    let (ShotSize::ExtremeWide, Some(place)) = (size, place) else { return 0.0 };
    let extent = place.size();
    let across = extent.x * right.x.abs() + extent.z * right.z.abs();
    (0.8 * across / aspect).max(0.9 * extent.y).clamp(0.55 * wanted, 2.5 * wanted)
}

/// Returns how far the aim moves towards where a lone figure looks, so that it has room before its face.
fn look_room(size: ShotSize, figures: &[Figure], right: Vec3, width: f32) -> Vec3 {
    let [figure] = figures else { return Vec3::ZERO };
    let sideways = figure.facing.dot(right);
    let share = if size == ShotSize::ExtremeCloseUp { 0.04 } else { 0.13 };
    if sideways.abs() < 0.3 { Vec3::ZERO } else { right * (sideways * share * width) }
}

fn thing_window(size: ShotSize, bounds: &Bounds, right: Vec3, aspect: f32) -> Window {
    let extent = bounds.size().max(Vec3::splat(0.02));
    let across = extent.x * right.x.abs() + extent.z * right.z.abs();
    let whole = extent.y.max(across / aspect);
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
    let keep = Vec2::new(across * 0.5, extent.y * 0.5) * f32::min(share, 1.0) * 0.9;
    Window { aim: centre, height: whole * share, subject: centre, keep, eyes: centre.y, floor: bounds.min.y }
}

/// From above, what counts is how far things lie apart, not how tall they are.
fn from_above(window: Window, aspect: f32) -> Window {
    let height = (window.height * 0.75).max(window.keep.x * 2.6 / aspect.max(1.0)).max(window.keep.x * 2.4);
    Window { height, aim: Vec3::new(window.aim.x, window.eyes, window.aim.z), ..window }
}

fn placed(camera: &Camera, window: &Window, yaw: f32, tangents: Vec2) -> Setup {
    let distance = window.height / (2.0 * tangents.y);
    let lowest = window.floor + 0.12;
    let level = ((window.eyes - window.aim.y) * 0.6 / distance).clamp(-0.3, 0.3).asin();
    let (elevation, roll) = match camera.angle {
        Angle::Eye => (level, 0.0),
        Angle::High => (25_f32.to_radians(), 0.0),
        Angle::Low => (-20_f32.to_radians(), 0.0),
        Angle::Dutch => (level, 12_f32.to_radians()),
        Angle::BirdsEye => (89_f32.to_radians(), 0.0),
        Angle::WormsEye => (-45_f32.to_radians(), 0.0),
    };
    // A camera that would sink into the floor lies on it instead and looks up less.
    let most_down = ((window.aim.y - lowest) / distance).clamp(-1.0, 1.0).asin();
    let elevation = elevation.max(-most_down);
    let Window { aim, subject, keep, height, .. } = *window;
    Setup { aim, subject, keep, height, yaw, elevation, roll, distance, tangents, lowest }
}

impl Setup {
    /// Returns the setup from at most `reach` metres away; a shorter lens keeps the framing.
    #[must_use]
    pub fn within(self, reach: f32) -> Self {
        if reach >= self.distance {
            return self;
        }
        let distance = reach.max(0.35);
        // Wider than about 100 degrees nothing looks like itself any more.
        let wider = (self.distance / distance).min(1.2 / self.tangents.x).max(1.0);
        Self { distance, tangents: self.tangents * wider, ..self }
    }

    /// Returns the setup seen from another side.
    #[must_use]
    pub fn turned(self, radians: f32) -> Self {
        Self { yaw: self.yaw + radians, ..self }
    }
}
