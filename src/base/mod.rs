//! What every room needs and nobody owns: places in text, diagnostics, digests, time, cancellation.
//! Knows nothing of film.

pub mod cancel;
pub mod clock;
pub mod diagnostic;
pub mod digest;
pub mod hidden;
pub mod lapse;
pub mod names;
pub mod nearest;
pub mod paths;
pub mod span;
pub mod spanned_de;

pub use cancel::Cancel;
pub use clock::{Clock, SystemClock};
pub use diagnostic::{Code, Diagnostic, Diagnostics, Edit, Explanation, Severity};
pub use digest::{Digest, DigestMap, DigestOfList, Fingerprint};
pub use names::Names;
pub use span::{FileId, Origin, Source, Sources, Spanned};
