//! Names of the signals that end processes. The numbers are those of Linux; other systems share
//! all that commonly end a process but 7.

/// Names without `SIG`, with their numbers.
const SIGNALS: [(&str, i32); 17] = [
    ("HUP", 1),
    ("INT", 2),
    ("QUIT", 3),
    ("ILL", 4),
    ("TRAP", 5),
    ("ABRT", 6),
    ("BUS", 7),
    ("FPE", 8),
    ("KILL", 9),
    ("USR1", 10),
    ("SEGV", 11),
    ("USR2", 12),
    ("PIPE", 13),
    ("ALRM", 14),
    ("TERM", 15),
    ("XCPU", 24),
    ("XFSZ", 25),
];

/// Returns the name of a signal without `SIG`. `None`: it has no common name.
#[must_use]
pub fn signal_name(number: i32) -> Option<&'static str> {
    let known = SIGNALS.iter().find(|(_, known)| *known == number);
    known.map(|(name, _)| *name)
}

/// Returns the number of a signal by its name, with or without `SIG`, in any case.
#[must_use]
pub fn signal_number(name: &str) -> Option<i32> {
    let name = name.trim().to_ascii_uppercase();
    let name = name.strip_prefix("SIG").unwrap_or(&name);
    let known = SIGNALS.iter().find(|(known, _)| *known == name);
    known.map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_found_by_each_of_its_names() {
        for name in ["SIGSEGV", "segv", " Sigsegv "] {
            assert_eq!(signal_number(name), Some(11), "{name}");
        }
        assert_eq!((signal_number("SIGFOO"), signal_number("11")), (None, None));
        assert!(
            SIGNALS
                .iter()
                .all(|(name, number)| signal_name(*number) == Some(name))
        );
    }
}
