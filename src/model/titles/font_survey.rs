//! What is behind the names of fonts in a document.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// What is behind the name of a font.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FontFinding {
    /// The font of the program.
    BuiltIn,
    /// A file of the project that can be read, with the code points that it has.
    ProjectFile {
        /// Sorted.
        covered: Arc<[u32]>,
    },
    /// A file of the project that is not there. Rules on files report it.
    MissingFile,
    /// A file of the project without a font in it.
    Unreadable,
    /// An installed font.
    Installed {
        /// Its file.
        path: PathBuf,
        /// The file of its bold letters, if that is another.
        bold: Option<PathBuf>,
        /// The name of its family, as the file has it.
        family: String,
        /// The code points that it has, sorted.
        covered: Arc<[u32]>,
    },
    /// No font of this name is installed, with the nearest names.
    Unknown {
        /// Names of installed families.
        known: Vec<String>,
    },
}

/// The font of the program, and what is behind every name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FontSurvey {
    /// Name and version of the font of the program, as jobs have it.
    pub built_in: String,
    /// The code points that it has, sorted.
    pub built_in_covered: Arc<[u32]>,
    /// Name and version of the font of code, as jobs have it.
    pub code_font: String,
    /// The code points that it has, sorted. Empty if no graphic is code.
    pub code_covered: Arc<[u32]>,
    /// Name and version of the font of icons, as jobs have it.
    pub icon_font: String,
    /// By name as written.
    pub fonts: BTreeMap<String, FontFinding>,
}

impl FontSurvey {
    /// Returns whether a name is a path of a file, and not the name of an installed font.
    #[must_use]
    pub fn is_file_name(name: &str) -> bool {
        let extension = name.trim().rsplit_once('.').map(|(_, extension)| extension);
        let is_font = |extension: &str| {
            ["ttf", "otf", "ttc", "otc", "woff", "woff2"]
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
        };
        name.contains(['/', '\\']) || extension.is_some_and(is_font)
    }
}
