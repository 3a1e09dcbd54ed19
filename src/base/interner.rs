//! Names that many things bear, each kept in memory once.

use std::collections::BTreeSet;
use std::sync::Arc;

/// Names met so far.
#[derive(Debug, Clone, Default)]
pub struct StringInterner(BTreeSet<Arc<str>>);

impl StringInterner {
    /// Returns the name as it is kept.
    pub fn intern(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.0.insert(Arc::clone(&name));
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_once() {
        let mut names = StringInterner::default();
        let (one, again, other) = (
            names.intern("ffmpeg"),
            names.intern("ffmpeg"),
            names.intern("previz"),
        );
        assert!(Arc::ptr_eq(&one, &again) && *other == *"previz");
    }
}
