//! How the parts of a production, one from each file, become one, and how one production extends another.

use crate::base::Diagnostics;

/// A record that can be given piecewise, in several files.
pub trait MergeDraft: Sized {
    /// Takes over what `other`, from a later file, says; reports what both say.
    fn merge_part(&mut self, other: Self, diagnostics: &mut Diagnostics);

    /// Returns this record, with `base`, the one that it extends, giving what it leaves open.
    #[must_use]
    fn over_base(self, base: Self, diagnostics: &mut Diagnostics) -> Self;

    /// Reports what makes no sense once all files of one production are joined.
    fn check_merged(&mut self, _: &mut Diagnostics) {}
}
