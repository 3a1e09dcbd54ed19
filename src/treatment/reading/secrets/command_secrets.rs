//! Passwords in lines of commands, as options or beside a name, and in the text of a code that joins a
//! network.

use super::secret_values::{SHORTEST_ASSIGNED, is_placeholder, looks_secret};
use super::visible_text::VisibleText;
use std::ops::Range;

/// Programs that take a password as an option, with those options.
const PASSWORD_OPTIONS: &[(&str, &[&str])] = &[
    ("mysql", &["-p"]),
    ("mysqldump", &["-p"]),
    ("mysqladmin", &["-p"]),
    ("mariadb", &["-p"]),
    ("sshpass", &["-p"]),
    ("mongo", &["-p"]),
    ("mongosh", &["-p"]),
    ("docker", &["-p"]),
    ("smbclient", &["-p"]),
    ("plink", &["-pw"]),
    ("pscp", &["-pw"]),
    ("putty", &["-pw"]),
    ("redis-cli", &["-a"]),
    ("ldapsearch", &["-w"]),
    ("sqlcmd", &["-p"]),
    ("zip", &["-p"]),
    ("unzip", &["-p"]),
    ("7z", &["-p"]),
    ("7za", &["-p"]),
    ("rar", &["-p", "-hp"]),
    ("openssl", &["-k"]),
    ("net", &["/user:"]),
];
/// Options for a name and a password together.
const USER_OPTIONS: [&str; 4] = ["--user", "--proxy-user", "-u", "-U"];

/// Returns the passwords in a line of commands, and in the text of a code that joins a network.
pub(super) fn command_secrets(text: &VisibleText) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = network_secret(text).into_iter().collect();
    // Most lines have no option.
    if !text
        .lower
        .windows(2)
        .any(|pair| pair[0] == '-' && pair[1].is_alphabetic())
    {
        return found;
    }
    let mut options: &[&str] = &[];
    let (mut is_user, mut is_password) = (false, false);
    let mut start = 0;
    while start < text.len() {
        start = text.skip(start, char::is_whitespace);
        let end = text.skip(start, |c| !c.is_whitespace());
        let word = text.text(&(start..end));
        let lower = word.to_lowercase();
        let attached = options
            .iter()
            .filter_map(|option| lower.strip_prefix(option))
            .find(|value| looks_secret(value));
        let user = USER_OPTIONS.iter().find_map(|option| {
            let value = word.strip_prefix(option)?;
            Some(value.trim_start_matches('=')).filter(|value| !value.is_empty())
        });
        if let Some(value) = attached {
            found.push(end - value.chars().count()..end);
        } else if (is_password && looks_secret(&word)) || (is_user && is_user_with_password(&word))
        {
            found.push(start..end);
        } else if let Some(user) = user.filter(|user| is_user_with_password(user)) {
            found.push(end - user.chars().count()..end);
        }
        is_user = USER_OPTIONS.contains(&word.as_str());
        is_password = options.contains(&lower.as_str());
        let known = PASSWORD_OPTIONS
            .iter()
            .find(|(program, _)| *program == lower);
        options = known.map_or(options, |(_, known)| known);
        start = end;
    }
    found
}

/// Whether a word is a name and a password: `admin:Qwerty99x`.
fn is_user_with_password(word: &str) -> bool {
    word.split_once(':').is_some_and(|(name, password)| {
        !name.is_empty() && password.len() >= SHORTEST_ASSIGNED && !is_placeholder(password)
    })
}

/// Returns the password in the text of a code that joins a network: `WIFI:T:WPA;S:net;P:x;;`.
fn network_secret(text: &VisibleText) -> Option<Range<usize>> {
    let head: Vec<char> = "wifi:".chars().collect();
    let begin = text
        .lower
        .windows(head.len())
        .position(|part| part == head)?;
    let field = [';', 'p', ':'];
    let rest = text.lower.get(begin..)?;
    let at = rest.windows(field.len()).position(|part| part == field)?;
    let start = begin + at + field.len();
    let end = text.skip(start, |c| c != ';');
    (end > start).then_some(start..end)
}
