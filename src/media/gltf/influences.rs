//! Which joints move a vertex, and how much: sets of four joints and weights.

use super::primitive::GltfPrimitive;

/// Four joints and their weights for each vertex.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InfluenceSet {
    /// Joints of the skin.
    pub joints: Vec<[u32; 4]>,
    /// Weights of the joints.
    pub weights: Vec<[f32; 4]>,
}

impl GltfPrimitive {
    /// Returns the joints that move a vertex, with their weights.
    pub fn influences(&self, vertex: usize) -> impl Iterator<Item = (usize, f32)> + '_ {
        let first = self.joints.get(vertex).zip(self.weights.get(vertex));
        let more = self.more_influences.iter();
        let more = more.map(move |set| (&set.joints[vertex], &set.weights[vertex]));
        first
            .into_iter()
            .chain(more)
            .flat_map(|(joints, weights)| joints.iter().zip(weights))
            // Most vertices follow one or two of their joints.
            .filter(|(_, weight)| **weight > 0.0)
            .map(|(joint, weight)| (*joint as usize, *weight))
    }
}

/// Scales the weights of each vertex to a sum of 1. A vertex without weights follows its first
/// joint.
pub(super) fn normalise_weights(sets: &mut [InfluenceSet]) {
    let count = sets.first().map_or(0, |set| set.weights.len());
    for vertex in 0..count {
        let sum: f32 = sets.iter().flat_map(|set| set.weights[vertex]).sum();
        for (number, set) in sets.iter_mut().enumerate() {
            let weights = &mut set.weights[vertex];
            // Quantised weights rarely sum to 1. The difference would shrink the mesh towards the
            // origin.
            *weights = if sum > 1e-6 {
                weights.map(|weight| weight / sum)
            } else {
                [if number == 0 { 1.0 } else { 0.0 }, 0.0, 0.0, 0.0]
            };
            // What moves nothing may name any joint, also one that is not there.
            for (joint, weight) in set.joints[vertex].iter_mut().zip(*weights) {
                *joint *= u32::from(weight > 0.0);
            }
        }
    }
}

/// Returns the influences in as few sets as hold them, the strongest of each vertex first.
pub(super) fn compact_influences(sets: Vec<InfluenceSet>) -> Vec<InfluenceSet> {
    // What fits into one set stays as it is.
    if sets.len() < 2 {
        return sets;
    }
    let count = sets[0].weights.len();
    let mut compact: Vec<InfluenceSet> = Vec::new();
    for vertex in 0..count {
        let pairs = sets
            .iter()
            .flat_map(|set| set.joints[vertex].into_iter().zip(set.weights[vertex]));
        let mut pairs: Vec<(u32, f32)> = pairs.filter(|(_, weight)| *weight > 0.0).collect();
        pairs.sort_by(|a, b| b.1.total_cmp(&a.1));
        let needed = pairs.len().div_ceil(4);
        while compact.len() < needed {
            compact.push(InfluenceSet {
                joints: vec![[0; 4]; count],
                weights: vec![[0.0; 4]; count],
            });
        }
        for (place, (joint, weight)) in pairs.into_iter().enumerate() {
            compact[place / 4].joints[vertex][place % 4] = joint;
            compact[place / 4].weights[vertex][place % 4] = weight;
        }
    }
    compact
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(joints: [u32; 4], weights: [f32; 4]) -> InfluenceSet {
        InfluenceSet {
            joints: vec![joints],
            weights: vec![weights],
        }
    }

    #[test]
    fn weights_of_all_sets_together_are_one() {
        let mut sets = [
            set([0, 1, 2, 3], [1.0, 1.0, 0.0, 0.0]),
            set([4, 5, 6, 7], [2.0, 0.0, 0.0, 0.0]),
        ];
        normalise_weights(&mut sets);
        assert_eq!(sets[0].weights, [[0.25, 0.25, 0.0, 0.0]]);
        assert_eq!(sets[1].weights, [[0.5, 0.0, 0.0, 0.0]]);
        let mut none = [set([3, 0, 0, 0], [0.0; 4])];
        normalise_weights(&mut none);
        assert_eq!(none[0].weights, [[1.0, 0.0, 0.0, 0.0]]);
    }

    #[test]
    fn a_second_set_that_is_not_needed_is_dropped() {
        let sets = vec![
            set([0, 1, 2, 3], [0.2, 0.0, 0.0, 0.0]),
            set([4, 5, 6, 7], [0.0, 0.0, 0.8, 0.0]),
        ];
        assert_eq!(
            compact_influences(sets),
            [set([6, 0, 0, 0], [0.8, 0.2, 0.0, 0.0])]
        );
    }

    #[test]
    fn more_than_four_joints_of_a_vertex_all_stay() {
        let sets = vec![
            set([0, 1, 2, 3], [0.1, 0.1, 0.2, 0.1]),
            set([4, 5, 6, 7], [0.5, 0.0, 0.0, 0.0]),
        ];
        let compact = compact_influences(sets);
        assert_eq!(compact.len(), 2);
        assert_eq!(compact[0].weights, [[0.5, 0.2, 0.1, 0.1]]);
        assert_eq!(compact[1].weights, [[0.1, 0.0, 0.0, 0.0]]);
    }
}
