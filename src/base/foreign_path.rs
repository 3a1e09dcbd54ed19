//! Notations that mean a place outside a project to a shell, to Windows or to a storage service.
//! To the file system they are ordinary names: `~/film.mp4` would become a folder called `~`.
//!
//! Looks at text only, and knows neither the disk nor the environment.

use std::path::Path;

/// A notation for a place that a path of the document cannot name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForeignPath<'a> {
    /// A home folder: `~` or `~mara`.
    HomeFolder(&'a str),
    /// A variable or a command of a shell: `$HOME`, `${HOME}`, `%USERPROFILE%`.
    ShellVariable(&'a str),
    /// A web or storage address: `s3://`, `file:`.
    Address(&'a str),
    /// Another machine and a folder there: `server:/films`.
    RemoteHost(&'a str),
    /// A drive of Windows: `C:`.
    WindowsDrive(&'a str),
    /// The root of a drive, or a network share, of Windows: `\films`, `\\server\share`.
    WindowsRoot,
}

impl<'a> ForeignPath<'a> {
    /// Returns the notation that a path uses, if it uses one.
    #[must_use]
    pub fn find(text: &'a str) -> Option<Self> {
        let text = text.trim_start();
        if text.starts_with('\\') {
            return Some(Self::WindowsRoot);
        }
        let head = text.split(['/', '\\']).next().unwrap_or_default();
        find_address(text, head)
            .or_else(|| find_home(text, head))
            .or_else(|| text.split(['/', '\\']).find_map(find_variable))
    }

    /// Returns what the notation is, as an end of a sentence about a path.
    #[must_use]
    pub fn describe_notation(&self) -> String {
        match self {
            Self::HomeFolder(text) => format!("`{text}` is a home folder only in a shell"),
            Self::ShellVariable(text) => format!("`{text}` is replaced only in a shell"),
            Self::Address(scheme) => {
                format!("`{scheme}` begins an address and not a path of this folder")
            }
            Self::RemoteHost(host) => format!("`{host}` names another machine"),
            Self::WindowsDrive(drive) => format!("`{drive}` is a drive of Windows"),
            Self::WindowsRoot => "`\\` begins a drive or a network share of Windows".to_owned(),
        }
    }
}

/// Returns the last name of a path, whichever slashes it has; `fallback` if it ends in none.
#[must_use]
pub fn last_name<'a>(path: &'a Path, fallback: &'a str) -> &'a str {
    let text = path.to_str().unwrap_or_default();
    let mut names = text.split(['/', '\\', ':']).filter(|name| {
        !name.is_empty() && *name != "." && *name != ".." && ForeignPath::find(name).is_none()
    });
    // An address without a file, such as `s3://bucket`, ends in the name of something else.
    names
        .next_back()
        .filter(|name| name.contains('.'))
        .unwrap_or(fallback)
}

/// Finds `C:\films`, `C:film.mp4`, `s3://films`, `file:/films` and `server:/films`.
fn find_address<'a>(text: &'a str, head: &'a str) -> Option<ForeignPath<'a>> {
    let colon = head.find(':')?;
    let name = &head[..colon];
    let with_colon = &head[..=colon];
    let mut letters = name.chars();
    if letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic())
        && letters.next().is_none()
    {
        return Some(ForeignPath::WindowsDrive(with_colon));
    }
    let is_name = name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-._@".contains(c));
    let rest = &text[colon + 1..];
    // A colon within a name is allowed on most machines, so only one before a slash counts.
    if !is_name || !rest.starts_with(['/', '\\']) {
        return None;
    }
    Some(if rest.starts_with("//") {
        ForeignPath::Address(&text[..colon + "://".len()])
    } else if name.eq_ignore_ascii_case("file") {
        ForeignPath::Address(with_colon)
    } else {
        ForeignPath::RemoteHost(with_colon)
    })
}

/// Finds `~` anywhere, and `~mara` at the beginning.
fn find_home<'a>(text: &'a str, head: &'a str) -> Option<ForeignPath<'a>> {
    // Paths of an included file are joined to that file's folder before they are looked at.
    if let Some(tilde) = text.split(['/', '\\']).find(|part| *part == "~") {
        return Some(ForeignPath::HomeFolder(tilde));
    }
    let user = head.strip_prefix('~')?;
    // `~film.mp4` is what some editors call a backup. A user's name before a slash, or alone, is
    // a folder.
    let is_folder = text.len() > head.len() || !user.contains('.');
    let is_user =
        user.starts_with(|first: char| first.is_ascii_alphabetic() || "_+-".contains(first));
    (is_folder && is_user).then_some(ForeignPath::HomeFolder(head))
}

/// Finds a variable or a command in one part of a path.
fn find_variable(part: &str) -> Option<ForeignPath<'_>> {
    let percent = || {
        let start = part.find('%')?;
        let length = part[start + 1..].find('%')?;
        let name = &part[start + 1..=start + length];
        // `50%_or_60%` is a name; variables of Windows that people use begin with a letter.
        is_variable_name(name, char::is_alphabetic).then(|| &part[start..start + length + 2])
    };
    find_dollar(part)
        .or_else(percent)
        .map(ForeignPath::ShellVariable)
}

/// What looks like a variable of a shell and is filled in by this program when it publishes.
const FILLED_LATER: [&str; 2] = ["${revision}", "${date}"];

fn find_dollar(part: &str) -> Option<&str> {
    let start = part.find('$')?;
    if let Some(known) = FILLED_LATER
        .iter()
        .find(|known| part[start..].starts_with(**known))
    {
        return find_dollar(&part[start + known.len()..]);
    }
    let rest = &part[start + 1..];
    for (open, close) in [('{', '}'), ('(', ')')] {
        if rest.starts_with(open) {
            let end = rest.find(close).map_or(part.len(), |end| start + end + 2);
            return Some(&part[start..end]);
        }
    }
    let length = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'))
        .unwrap_or(rest.len());
    let name = &rest[..length];
    // `$F4` is the frame number of Houdini, and `cash$flow` a name. A variable is the whole
    // beginning of a part, or is in capitals.
    let is_frame = name
        .strip_prefix('F')
        .is_some_and(|digits| digits.chars().all(|c| c.is_ascii_digit()));
    let is_capital = name.len() > 1 && name.chars().all(|c| !c.is_ascii_lowercase());
    let is_variable = is_variable_name(name, |c| c.is_alphabetic() || c == '_');
    (is_variable && !is_frame && (start == 0 || is_capital)).then(|| &part[start..=start + length])
}

fn is_variable_name(name: &str, may_begin: fn(char) -> bool) -> bool {
    name.len() > 1
        && name.starts_with(may_begin)
        && name
            .chars()
            // `$env:HOME` is what PowerShell writes, and `%ProgramFiles(x86)%` is a variable of
            // Windows.
            .all(|c| c.is_alphanumeric() || "_:()".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_the_program_fills_in_are_no_variables_of_a_shell() {
        assert_eq!(ForeignPath::find("out/${date}/film_${revision}.mp4"), None);
        assert_eq!(
            ForeignPath::find("out/${date}_${HOME}/film.mp4"),
            Some(ForeignPath::ShellVariable("${HOME}"))
        );
    }

    /// Texts and how their notation is described.
    const FOREIGN_NOTATIONS: &[(&str, &str)] = &[
        ("~", "`~` is a home folder only in a shell"),
        ("~/films/film.mp4", "`~` is a home folder only in a shell"),
        ("~\\films\\film.mp4", "`~` is a home folder only in a shell"),
        ("~mara/film.mp4", "`~mara` is a home folder only in a shell"),
        ("~mara", "`~mara` is a home folder only in a shell"),
        ("shots/~/film.mp4", "`~` is a home folder only in a shell"),
        ("$HOME/film.mp4", "`$HOME` is replaced only in a shell"),
        ("$HOME", "`$HOME` is replaced only in a shell"),
        ("${HOME}/film.mp4", "`${HOME}` is replaced only in a shell"),
        (
            "out/$project/film.mp4",
            "`$project` is replaced only in a shell",
        ),
        ("out/film_$USER.mp4", "`$USER` is replaced only in a shell"),
        ("$(pwd)/film.mp4", "`$(pwd)` is replaced only in a shell"),
        (
            "$env:HOME\\film.mp4",
            "`$env:HOME` is replaced only in a shell",
        ),
        (
            "%USERPROFILE%\\film.mp4",
            "`%USERPROFILE%` is replaced only in a shell",
        ),
        (
            "out/%username%/film.mp4",
            "`%username%` is replaced only in a shell",
        ),
        (
            "s3://bucket/film.mp4",
            "`s3://` begins an address and not a path of this folder",
        ),
        (
            "gs://bucket/film.mp4",
            "`gs://` begins an address and not a path of this folder",
        ),
        (
            "HTTPS://host/film.mp4",
            "`HTTPS://` begins an address and not a path of this folder",
        ),
        (
            "file:///srv/film.mp4",
            "`file://` begins an address and not a path of this folder",
        ),
        (
            "file:/srv/film.mp4",
            "`file:` begins an address and not a path of this folder",
        ),
        (
            "mara@server:/srv/film.mp4",
            "`mara@server:` names another machine",
        ),
        ("C:\\films\\film.mp4", "`C:` is a drive of Windows"),
        ("c:/films/film.mp4", "`c:` is a drive of Windows"),
        ("C:film.mp4", "`C:` is a drive of Windows"),
        (
            "\\\\server\\share\\film.mp4",
            "`\\` begins a drive or a network share of Windows",
        ),
        (
            "\\films\\film.mp4",
            "`\\` begins a drive or a network share of Windows",
        ),
    ];

    #[test]
    fn notations_of_other_places_are_found() {
        for (text, description) in FOREIGN_NOTATIONS {
            let foreign = ForeignPath::find(text).map(|foreign| foreign.describe_notation());
            assert_eq!(foreign.as_deref(), Some(*description), "{text}");
        }
    }

    #[test]
    fn ordinary_names_are_paths() {
        for text in [
            "out/film.mp4",
            "out/film~.mp4",
            "~film.mp4",
            "out/~film.mp4",
            "a/50%.mp4",
            "50%_or_60%.mp4",
            "cash$flow.mp4",
            "price_$5.png",
            "frames.$F4.exr",
            "frames.%04d.exr",
            "frames.####.exr",
            "10:30.mp4",
            "scene: one.mp4",
            "été/~.d/film.mp4",
            "",
            ".",
        ] {
            assert_eq!(ForeignPath::find(text), None, "{text}");
        }
    }

    #[test]
    fn the_file_name_is_what_a_better_path_ends_in() {
        let name = |text: &'static str| last_name(Path::new(text), "film.mp4");
        assert_eq!(name("~/films/night.mov"), "night.mov");
        assert_eq!(name("C:\\films\\night.mov"), "night.mov");
        assert_eq!(name("C:night.mov"), "night.mov");
        assert_eq!(name("s3://bucket"), "film.mp4");
        assert_eq!(name("$HOME"), "film.mp4");
    }
}
