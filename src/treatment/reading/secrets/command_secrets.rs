//! Passwords in lines of commands, as options, beside a name or through a pipe, and in the text of a
//! code that joins a network.

use super::secret_values::{SHORTEST_ASSIGNED, is_placeholder, looks_secret};
use super::visible_text::VisibleText;
use std::ops::Range;

/// How the password of a program is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OptionForm {
    /// `-px`. With a blank behind it, the option asks for the password.
    Attached,
    /// `-p x`.
    Apart,
    /// `-px` and `-p x`.
    Both,
}

use OptionForm::{Apart, Attached, Both};

/// Programs that take a password as an option, with those options. Some have another meaning as a
/// small letter or as a capital.
const PASSWORD_OPTIONS: &[(&str, &[&str], OptionForm)] = &[
    ("mysql", &["-p"], Attached),
    ("mysqldump", &["-p"], Attached),
    ("mysqladmin", &["-p"], Attached),
    ("mariadb", &["-p"], Attached),
    ("sshpass", &["-p"], Both),
    ("mongo", &["-p"], Apart),
    ("mongosh", &["-p"], Apart),
    ("mongodump", &["-p"], Apart),
    ("docker", &["-p"], Apart),
    ("podman", &["-p"], Apart),
    ("az", &["-p"], Apart),
    ("plink", &["-pw"], Apart),
    ("pscp", &["-pw"], Apart),
    ("putty", &["-pw"], Apart),
    ("redis-cli", &["-a"], Apart),
    ("ldapsearch", &["-w"], Apart),
    ("ldapmodify", &["-w"], Apart),
    ("xfreerdp", &["/p:"], Attached),
    ("rdesktop", &["-p"], Apart),
    ("smbclient", &[], Apart),
    ("sqlcmd", &["-P"], Both),
    ("bcp", &["-P"], Both),
    ("zip", &["-P"], Apart),
    ("unzip", &["-P"], Both),
    ("7z", &["-p"], Attached),
    ("7za", &["-p"], Attached),
    ("rar", &["-p", "-hp"], Attached),
    ("unrar", &["-p"], Attached),
    ("openssl", &["-k", "-K"], Apart),
    ("htpasswd", &[], Apart),
    ("net", &[], Apart),
    ("sqlplus", &[], Apart),
];
/// Options for a name and a password together.
const USER_OPTIONS: [&str; 6] = ["--user", "--proxy-user", "-u", "-U", "-a", "--auth"];
/// What reads a password from the command in front of it.
const PASSWORD_READERS: [&str; 9] = [
    "stdin",
    "--password-stdin",
    "--passphrase-fd",
    "--with-token",
    "--stdin",
    "chpasswd",
    "-s",
    "cryptsetup",
    "--pass-stdin",
];
/// Programs that write their arguments.
const ECHOES: [&str; 3] = ["echo", "printf", "print"];
/// Programs whose `-S` reads a password.
const SUDO: &str = "sudo";

/// Returns the passwords in a line of commands, and in the text of a code that joins a network.
pub(super) fn command_secrets(text: &VisibleText) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = network_secret(text).into_iter().collect();
    // Most lines have no option, no pipe and no address.
    let is_command = |pair: &[char]| {
        (matches!(pair[0], '-' | '/') && pair[1].is_alphabetic())
            || matches!(pair, ['|', ' '] | ['<', '<'] | [_, '@'])
    };
    if !text.lower.windows(2).any(is_command) {
        return found;
    }
    let mut line = CommandLine::default();
    let mut start = 0;
    while start < text.len() {
        start = text.skip(start, char::is_whitespace);
        let end = text.skip(start, |c| !c.is_whitespace());
        if end > start {
            line.read_word(start, &text.text(&(start..end)));
        }
        start = end;
    }
    found.append(&mut line.found);
    found
}

/// The walk over the words of a line.
#[derive(Default)]
struct CommandLine {
    program: String,
    options: &'static [&'static str],
    form: Option<OptionForm>,
    /// Words behind the program that are no options.
    arguments: usize,
    /// Whether the word before is an option for a password, or for a name and a password.
    is_password: bool,
    is_user: bool,
    /// What `echo` writes, until something reads it.
    echoed: Option<Range<usize>>,
    is_echo: bool,
    /// Whether a program that reads a password is in front, and whether `<<<` is.
    has_reader: bool,
    is_here_string: bool,
    found: Vec<Range<usize>>,
}

impl CommandLine {
    fn read_word(&mut self, start: usize, word: &str) {
        // Quotes around a word are for the shell, and a comma or a semicolon behind it for the
        // sentence.
        let core = word.trim_matches(['\'', '"', '`', ',', ';']);
        let lead = word.chars().count() - word.trim_start_matches(['\'', '"', '`']).chars().count();
        let place = start + lead..start + lead + core.chars().count();
        let tail = |value: &str| place.end - value.chars().count()..place.end;
        if let Some(value) = self.attached_password(core) {
            self.found.push(tail(value));
        } else if self.is_apart_password(core) {
            self.found.push(place.clone());
        } else if let Some(user) = USER_OPTIONS.iter().find_map(|option| {
            let user = core.strip_prefix(option)?.trim_start_matches('=');
            is_user_with_password(user).then_some(user)
        }) {
            self.found.push(tail(user));
        } else if let Some(value) = self.address_password(core) {
            let from = core.chars().count() - value.1;
            let first = place.end - from;
            self.found.push(first..first + value.0);
        }
        self.read_echo(core, &place);
        self.is_user = USER_OPTIONS.contains(&core);
        // With a blank behind it, an attached option asks for the password and has none.
        self.is_password = self.options.contains(&core) && self.form != Some(Attached);
        self.read_program(core);
    }

    fn read_program(&mut self, word: &str) {
        // Programs may be called by their path.
        let name = word.rsplit('/').next().unwrap_or_default().to_lowercase();
        let known = PASSWORD_OPTIONS
            .iter()
            .find(|(program, ..)| *program == name);
        if let Some((program, options, form)) = known {
            (*program).clone_into(&mut self.program);
            self.options = options;
            self.form = Some(*form);
            self.arguments = 0;
        } else if !word.starts_with('-') && !self.program.is_empty() {
            self.arguments += 1;
        }
    }

    /// Returns the password behind an option without a blank: `-px`, `pass:x`.
    fn attached_password<'w>(&self, word: &'w str) -> Option<&'w str> {
        let of_openssl = word.strip_prefix("pass:");
        let value = match self.program.as_str() {
            "openssl" if of_openssl.is_some() => of_openssl,
            _ if self.form == Some(Apart) => None,
            _ => self
                .options
                .iter()
                .find_map(|option| word.strip_prefix(option)),
        }?;
        let value = value.trim_matches(['\'', '"']);
        is_option_value(value).then_some(value)
    }

    /// Whether a word is the password that its option or its place says that it is.
    fn is_apart_password(&self, word: &str) -> bool {
        let is_of_user = self.is_user && is_user_with_password(word)
            || (self.program == "smbclient" && self.is_user && word.contains('%'));
        // `-p` is often the port.
        let is_port = word.chars().all(|c| c.is_ascii_digit() || c == ':');
        let is_argument = match self.program.as_str() {
            // The file and the name are in front of it.
            "htpasswd" => self.arguments == 2,
            // `net use z: \\host\share /user:me x`
            "net" => self.arguments >= 3 && looks_secret(word),
            _ => false,
        };
        let is_expected = (self.is_password && !is_port) || is_argument;
        is_of_user || (is_expected && is_option_value(word))
    }

    /// Returns how many characters the password of `me/x@host` has, and how many are in front of it.
    fn address_password(&self, word: &str) -> Option<(usize, usize)> {
        let is_database = self.program == "sqlplus" || word.starts_with("jdbc:");
        let (login, _) = word.rsplit_once('@').filter(|_| is_database)?;
        let (user, password) = login.split_once('/')?;
        // More strokes are a path.
        let is_secret = !password.is_empty() && !password.contains('/');
        is_secret.then(|| (password.chars().count(), user.chars().count() + 1))
    }

    fn read_echo(&mut self, word: &str, place: &Range<usize>) {
        let is_here_string = std::mem::replace(&mut self.is_here_string, word == "<<<");
        if is_here_string && self.has_reader && is_option_value(word) {
            self.found.push(place.clone());
        }
        // What `echo` writes is for the program behind the pipe.
        if word == "|" {
            return;
        }
        let lower = word.to_lowercase();
        // `-S` is a reader with `sudo` alone; other programs have it for other things.
        let reads = PASSWORD_READERS.contains(&lower.as_str()) && (lower != "-s" || self.is_sudo());
        self.has_reader |= reads;
        if reads && let Some(echoed) = self.echoed.take() {
            self.found.push(echoed);
        }
        if lower == SUDO {
            SUDO.clone_into(&mut self.program);
        }
        if self.is_echo && !word.starts_with('-') && is_option_value(word) {
            self.echoed = Some(place.clone());
        }
        self.is_echo = ECHOES.contains(&lower.as_str());
    }

    fn is_sudo(&self) -> bool {
        self.program == SUDO
    }
}

/// Whether a word may be the value of an option for a password.
fn is_option_value(word: &str) -> bool {
    word.chars().count() >= SHORTEST_ASSIGNED
        && !word.starts_with(['-', '|', '>', '&'])
        && !is_placeholder(word)
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
