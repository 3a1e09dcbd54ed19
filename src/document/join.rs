//! How the parts of a production, one from each file, become one.

use crate::base::Diagnostics;

/// A record that can be given piecewise, in several files.
pub trait Join {
    /// Takes over what `other`, from a later file, says; reports what both say.
    fn join(&mut self, other: Self, diagnostics: &mut Diagnostics);
}
