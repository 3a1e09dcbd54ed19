//! The people of a scene, in order, each found by name at once.

use std::collections::HashMap;

/// People by name. A script may have thousands in one scene, each in a speech of their own.
#[derive(Debug, Clone, Default)]
pub(in crate::story) struct ScenePeople {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl ScenePeople {
    pub(in crate::story) fn new(names: Vec<String>) -> Self {
        let mut places = HashMap::new();
        for (index, name) in names.iter().enumerate() {
            places.entry(name.clone()).or_insert(index);
        }
        Self { names, places }
    }

    pub(in crate::story) fn contains(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// Returns the place in the order of the scene.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub(super) const fn len(&self) -> usize {
        self.names.len()
    }
}
