//! Types that every module needs and none owns: places in text, diagnostics, digests, time,
//! cancellation. Knows nothing of film.

pub mod bounded_text;
pub mod cancel_token;
pub mod clock;
pub mod count_text;
pub mod diagnostic;
pub mod digest;
pub mod duration;
pub mod equal_files;
pub mod folder_names;
pub mod foreign_path;
pub mod interner;
pub mod json;
pub mod letter_clusters;
pub mod memory;
pub mod name_form;
pub mod panic_guard;
pub mod paths;
pub mod pause_switch;
pub mod printable;
pub mod program_search;
pub mod seeded_random;
pub mod shell_quoting;
pub mod signal_names;
pub mod span;
pub mod spanned_de;
pub mod suggestions;
pub mod whole_file;
pub mod work_counter;
pub(crate) mod xml_document;

pub use cancel_token::CancelToken;
pub use clock::{Clock, SystemClock};
pub use diagnostic::{
    CodeExplanation, Diagnostic, DiagnosticCode, Diagnostics, Severity, TextEdit,
};
pub use digest::{Digest, DigestMap, Fingerprint, ListDigestBuilder};
pub use equal_files::have_equal_bytes;
pub use interner::StringInterner;
pub use pause_switch::{PausableClock, PauseLevel, PauseSwitch};
pub use program_search::{
    find_program, find_program_from_folder, split_search_path, without_relative_folders,
};
pub use span::{FileId, FileSpan, SourceFile, SourceMap, Spanned};
