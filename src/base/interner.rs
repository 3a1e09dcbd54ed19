//! Names that many values share, each stored once.

use std::collections::BTreeSet;
use std::sync::Arc;

/// The names that were interned so far.
#[derive(Debug, Clone, Default)]
pub struct StringInterner(BTreeSet<Arc<str>>);

impl StringInterner {
    /// Returns the shared copy of this name.
    pub fn intern(&mut self, name: &str) -> Arc<str> {
        // Looked up as `&str` first, so that a known name costs no allocation.
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
    fn a_name_is_stored_once() {
        let mut names = StringInterner::default();
        let one = names.intern("ffmpeg");
        let again = names.intern("ffmpeg");
        let other = names.intern("previz");
        assert!(Arc::ptr_eq(&one, &again) && *other == *"previz");
    }
}
