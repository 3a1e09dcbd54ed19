//! The feet of a figure: their nodes, found by name or as the lowest ends of the skeleton, and the
//! points of their soles.

use super::gltf_model::GltfModel;
use super::primitive::GltfPrimitive;
use glam::{Mat4, Vec3};

/// One foot of a figure.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelFoot {
    /// Name of its node.
    pub name: String,
    /// Indices of the nodes that move its points.
    pub nodes: Vec<usize>,
    points: Vec<SolePoint>,
}

/// A point of a foot.
#[derive(Debug, Clone, PartialEq)]
struct SolePoint {
    influences: Vec<PointInfluence>,
}

/// A node that moves a point.
#[derive(Debug, Clone, Copy, PartialEq)]
struct PointInfluence {
    /// Index of the node; in a finished foot, its index in [`ModelFoot::nodes`].
    node: usize,
    /// The point relative to the node, at rest.
    place: Vec3,
    weight: f32,
}

impl ModelFoot {
    /// Returns the lowest point of the foot relative to the model, from the matrices of its nodes
    /// in their order.
    #[must_use]
    pub fn lowest_point(&self, matrices: &[Mat4]) -> Vec3 {
        let places = self.points.iter().map(|point| {
            let moved = point.influences.iter().map(|influence| {
                matrices[influence.node].transform_point3(influence.place) * influence.weight
            });
            moved.sum::<Vec3>()
        });
        places
            .reduce(|lowest, place| if place.y < lowest.y { place } else { lowest })
            .unwrap_or_default()
    }

    /// Returns a foot of these points, which name their nodes by index in the model.
    fn new(name: String, mut points: Vec<SolePoint>) -> Self {
        let influences = points.iter().flat_map(|point| &point.influences);
        let mut nodes: Vec<usize> = influences.map(|influence| influence.node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        for influence in points.iter_mut().flat_map(|point| &mut point.influences) {
            // Renumbered, so that only the matrices of these nodes have to be computed for each
            // moment of a clip.
            influence.node = nodes.partition_point(|node| *node < influence.node);
        }
        Self {
            name,
            nodes,
            points,
        }
    }
}

/// The most feet of one figure. More are a centipede, or a mistake.
const MOST_FEET: usize = 8;

/// Words of foot nodes, from the best to the last choice. A skeleton may have all of them on one
/// leg, and only one kind is used.
const FOOT_WORDS: [&[&str]; 4] = [
    &["foot", "feet", "hoof", "paw"],
    &["ankle"],
    &["heel"],
    &["toe", "toes", "toebase"],
];

/// Words of nodes that control an animation and do not move with it, or end a bone.
const CONTROL_WORDS: [&str; 8] = [
    "ik", "fk", "ctrl", "control", "target", "pole", "helper", "end",
];

impl GltfModel {
    /// Returns the feet. Empty: no node is named like one, and no skeleton has two low ends.
    #[must_use]
    pub fn find_feet(&self) -> Vec<ModelFoot> {
        // Names first: the lowest ends of a skeleton may be those of a coat.
        let named = self.named_feet();
        let nodes = if named.is_empty() {
            self.lowest_joints()
        } else {
            named
        };
        nodes
            .into_iter()
            .take(MOST_FEET)
            .map(|node| ModelFoot::new(self.nodes[node].name.clone(), self.sole_points(node)))
            .collect()
    }

    /// Returns the nodes that are named like feet, each without those below it.
    fn named_feet(&self) -> Vec<usize> {
        // One kind only, or a foot with an ankle and toes would step three times.
        for words in FOOT_WORDS {
            let is_foot: Vec<bool> = self
                .nodes
                .iter()
                .map(|node| is_named(&node.name, words))
                .collect();
            let feet: Vec<usize> = (0..self.nodes.len())
                .filter(|node| is_foot[*node] && !self.is_below_any(*node, &is_foot))
                .collect();
            if !feet.is_empty() {
                return feet;
            }
        }
        Vec::new()
    }

    fn is_below_any(&self, node: usize, chosen: &[bool]) -> bool {
        let mut above = self.nodes[node].parent;
        while let Some(node) = above {
            if chosen[node] {
                return true;
            }
            above = self.nodes[node].parent;
        }
        false
    }

    /// Returns the two lowest joints without a joint below them, left and right of each other;
    /// nothing if they are not near the bottom of the model at rest.
    fn lowest_joints(&self) -> Vec<usize> {
        let pose = self.rest_pose();
        let bounds = self.bounds_in_pose(&pose);
        if bounds.is_empty() {
            return Vec::new();
        }
        let mut has_child = vec![false; self.nodes.len()];
        for parent in self.nodes.iter().filter_map(|node| node.parent) {
            has_child[parent] = true;
        }
        let position = |node: usize| pose.globals[node].w_axis.truncate();
        let mut ends: Vec<usize> = self
            .skins
            .iter()
            .flat_map(|skin| skin.joints.iter().copied())
            .filter(|joint| !has_child[*joint])
            .collect();
        ends.sort_unstable();
        ends.dedup();
        ends.sort_by(|a, b| position(*a).y.total_cmp(&position(*b).y));
        // A share of the height: a joint of a foot is at the ankle or the toes.
        let height = bounds.size().y;
        let is_low = |node: usize| position(node).y - bounds.min.y < 0.15 * height;
        match ends.as_slice() {
            [first, second, ..]
                if is_low(*first)
                    && is_low(*second)
                    // Apart: two ends of one foot are no two feet.
                    && (position(*first).x - position(*second).x).abs() > 0.02 * height =>
            {
                vec![*first, *second]
            }
            _ => Vec::new(),
        }
    }

    /// Returns points of the foot: the outermost vertices of each node that it moves, or its joint.
    fn sole_points(&self, foot: usize) -> Vec<SolePoint> {
        let below = self.descendant_flags(foot);
        let mut sets: Vec<OutermostSet> = Vec::new();
        for (node, mesh) in self.drawn_meshes() {
            for part in &self.meshes[mesh].primitives {
                for vertex in 0..part.positions.len() {
                    if !self.follows_nodes(&below, node, part, vertex) {
                        continue;
                    }
                    let influences = self.vertex_influences(node, part, vertex);
                    let Some(main) = influences.first().copied() else {
                        continue;
                    };
                    match sets.iter_mut().find(|set| set.node == main.node) {
                        Some(set) => set.add(main.place, influences),
                        None => sets.push(OutermostSet::new(main, influences)),
                    }
                }
            }
        }
        if sets.is_empty() {
            let joint = PointInfluence {
                node: foot,
                place: Vec3::ZERO,
                weight: 1.0,
            };
            // A skeleton without a mesh of its own still has a joint to follow.
            sets.push(OutermostSet::new(joint, vec![joint]));
        }
        let best = sets.into_iter().flat_map(|set| set.best);
        best.map(|outermost| outermost.point).collect()
    }

    /// Returns the nodes that move a vertex, the one that moves it most first.
    fn vertex_influences(
        &self,
        node: usize,
        part: &GltfPrimitive,
        vertex: usize,
    ) -> Vec<PointInfluence> {
        let place = Vec3::from(part.positions[vertex]);
        let Some(skin) = self.nodes[node].skin.filter(|_| !part.joints.is_empty()) else {
            return vec![PointInfluence {
                node,
                place,
                weight: 1.0,
            }];
        };
        let skin = &self.skins[skin];
        let mut influences: Vec<PointInfluence> = part
            .influences(vertex)
            .map(|(joint, weight)| PointInfluence {
                node: skin.joints[joint],
                place: skin.inverse[joint].transform_point3(place),
                weight,
            })
            .collect();
        // The first decides which set the vertex belongs to.
        influences.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        influences
    }
}

/// Of all points that mostly follow one node, those that are outermost in 26 directions. One of
/// them is the lowest, or next to it, however the foot is turned.
#[derive(Debug)]
struct OutermostSet {
    node: usize,
    best: Vec<OutermostPoint>,
}

/// The outermost point in one direction.
#[derive(Debug, Clone)]
struct OutermostPoint {
    /// How far out it is.
    reach: f32,
    point: SolePoint,
}

impl OutermostSet {
    fn new(main: PointInfluence, influences: Vec<PointInfluence>) -> Self {
        let best = directions().map(|direction| OutermostPoint {
            reach: main.place.dot(direction),
            point: SolePoint {
                influences: influences.clone(),
            },
        });
        Self {
            node: main.node,
            best: best.collect(),
        }
    }

    fn add(&mut self, place: Vec3, influences: Vec<PointInfluence>) {
        for (best, direction) in self.best.iter_mut().zip(directions()) {
            let reach = place.dot(direction);
            // Only the outermost stay: a foot may have a thousand vertices, and each would be moved
            // at every moment of a clip.
            if reach > best.reach {
                best.reach = reach;
                best.point.influences.clone_from(&influences);
            }
        }
    }
}

/// Returns the directions to the sides, edges and corners of a cube.
fn directions() -> impl Iterator<Item = Vec3> {
    let steps = [-1.0, 0.0, 1.0];
    steps
        .into_iter()
        .flat_map(move |x| steps.into_iter().map(move |y| (x, y)))
        .flat_map(move |(x, y)| steps.into_iter().map(move |z| Vec3::new(x, y, z)))
        .filter(|direction| *direction != Vec3::ZERO)
}

/// Returns whether a name has one of these words, as a word of its own or with a side before it.
fn is_named(name: &str, words: &[&str]) -> bool {
    let parts = name_words(name);
    let is_control = parts
        .iter()
        .any(|part| CONTROL_WORDS.contains(&part.as_str()));
    let is_word = |part: &String| {
        let bare = ["left", "right", "l", "r"]
            .into_iter()
            .find_map(|side| part.strip_prefix(side).filter(|rest| words.contains(rest)));
        bare.is_some() || words.contains(&part.as_str())
    };
    !is_control && parts.iter().any(is_word)
}

/// Splits a name such as `mixamorig:LeftFoot` or `foot_l.001` into words in lower case.
fn name_words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).map(|at| letters[at]);
        let next = letters.get(index + 1);
        // Also before the last capital of a row: `IKFoot` is `ik` and `foot`.
        let starts = letter.is_uppercase()
            && (before.is_some_and(char::is_lowercase)
                || next.is_some_and(|next| next.is_lowercase()));
        if (starts || !letter.is_alphabetic()) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphabetic() {
            word.extend(letter.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feet_are_known_by_the_names_that_skeletons_use() {
        let feet = FOOT_WORDS[0];
        for name in [
            "foot_l",
            "mixamorig:LeftFoot",
            "Foot.R",
            "Bip01 L Foot",
            "LFoot",
            "leftfoot",
            "foot_l.001",
            "Character_RightFoot",
            "hoof_fl",
            "FOOT_L",
        ] {
            assert!(is_named(name, feet), "{name}");
        }
        for name in [
            "football",
            "footman",
            "foot_ik_l",
            "LeftToeBase",
            "head",
            "",
            "Foot_target",
        ] {
            assert!(!is_named(name, feet), "{name}");
        }
        assert!(is_named("mixamorig:LeftToeBase", FOOT_WORDS[3]));
        assert!(!is_named("mixamorig:LeftToe_End", FOOT_WORDS[3]));
    }

    #[test]
    fn directions_are_twenty_six() {
        assert_eq!(directions().count(), 26);
    }
}
