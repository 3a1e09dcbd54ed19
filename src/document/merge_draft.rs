//! How the parts of a production, one from each file, become one, and how one production extends
//! another.

use crate::base::Diagnostics;

/// A record that can be given in parts, in several files.
pub trait MergeDraft: Sized {
    /// Adds what `other`, from a later file, contains. Reports values that both set.
    fn merge_part(&mut self, other: Self, diagnostics: &mut Diagnostics);

    /// Returns this record over `base`: fields that are unset here are taken from `base`.
    #[must_use]
    fn over_base(self, base: Self, diagnostics: &mut Diagnostics) -> Self;

    /// Reports contradictions that only show when all files of one production are merged.
    fn check_merged(&mut self, _: &mut Diagnostics) {}
}
