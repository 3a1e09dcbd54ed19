//! Removes secrets from everything that is stored or printed: arguments, output, evidence.
//!
//! A secret is the value of an environment variable or option whose name marks it as one. Short
//! values are not: hiding every `1` would hide more than secrets.

/// Parts of names that mark a secret, in lower case with underscores.
// A bare `key` is left out: it would match KEYBOARD, MONKEY and every `--keyframe`.
const SECRET_NAME_PARTS: [&str; 11] = [
    "password",
    "passwd",
    "secret",
    "token",
    "credential",
    "api_key",
    "apikey",
    "access_key",
    "private_key",
    "auth_key",
    "passphrase",
];
/// Fewest bytes of a value that counts as a secret.
const MIN_SECRET_LENGTH: usize = 6;
/// Replaces a secret.
const HIDDEN: &str = "[hidden]";

/// The known secrets.
#[derive(Debug, Clone, Default)]
pub struct SecretRedactor {
    // Longest first: if one secret contains another, replacing the short one first would leave the
    // rest of the long one readable.
    values: Vec<String>,
}

impl SecretRedactor {
    /// Collects the secrets from environment variables, given as name and value.
    #[must_use]
    pub fn from_variables(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut values: Vec<String> = variables
            .into_iter()
            .filter(|(name, value)| names_secret(name) && value.trim().len() >= MIN_SECRET_LENGTH)
            .map(|(_, value)| value.trim().to_owned())
            .collect();
        // Equal values are neighbours only by chance after this sort; a duplicate costs one search
        // more.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        values.dedup();
        Self { values }
    }

    /// Returns the text without known secrets and without passwords in URLs.
    #[must_use]
    pub fn redact_text(&self, text: &str) -> String {
        let known = self
            .values
            .iter()
            .filter(|value| text.contains(value.as_str()));
        let text = known.fold(text.to_owned(), |text, value| text.replace(value, HIDDEN));
        if text.contains("://") {
            redact_url_passwords(&text)
        } else {
            text
        }
    }

    /// Returns the command line with the values of secret options hidden: `--token x`, `--token=x`.
    #[must_use]
    pub fn redact_arguments(&self, words: &[String]) -> Vec<String> {
        let mut hidden = Vec::with_capacity(words.len());
        // The value of `--token` is the next word, and its text says nothing about it.
        let mut next = false;
        for word in words {
            let named = word.split_once('=').filter(|(name, _)| names_secret(name));
            hidden.push(match named {
                // This arm comes first: a value such as `secret=1` is hidden whole.
                _ if next => HIDDEN.to_owned(),
                Some((name, _)) => format!("{name}={HIDDEN}"),
                None => self.redact_text(word),
            });
            // A hidden value may itself begin with `-`. It is no option, so it does not hide the
            // word after it.
            next = !next
                && named.is_none()
                && word.starts_with('-')
                && !word.contains('=')
                && names_secret(word);
        }
        hidden
    }
}

fn names_secret(name: &str) -> bool {
    // Options write `--api-key`, variables API_KEY. One form serves both.
    let name = name.to_lowercase().replace('-', "_");
    SECRET_NAME_PARTS.iter().any(|part| name.contains(part))
}

/// Hides the password in every `scheme://user:password@host`.
fn redact_url_passwords(text: &str) -> String {
    let mut parts = text.split("://");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str("://");
        let end = part
            .find(|c: char| c == '/' || c.is_whitespace())
            .unwrap_or(part.len());
        let (place, rest) = part.split_at(end);
        match place
            // A password may contain `@`; a host may not.
            .rsplit_once('@')
            .and_then(|(user, host)| Some((user.split_once(':')?.0, host)))
        {
            Some((user, host)) => shown.push_str(&format!("{user}:{HIDDEN}@{host}")),
            None => shown.push_str(place),
        }
        shown.push_str(rest);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_secret_of_the_environment_is_hidden_wherever_it_appears() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let secrets = SecretRedactor::from_variables([
            pair("AWS_SECRET_ACCESS_KEY", "hunter2hunter2"),
            pair("GITHUB_TOKEN", "hunter2"),
            pair("HOME", "/home/me"),
            pair("TOKEN_COUNT", "1"),
        ]);
        let shown = secrets.redact_text("login hunter2hunter2 as hunter2 in /home/me 1");
        assert_eq!(shown, "login [hidden] as [hidden] in /home/me 1");
    }

    #[test]
    fn what_a_secret_option_is_given_is_hidden() {
        let secrets = SecretRedactor::default();
        let shown = secrets.redact_arguments(&words(
            "up --api-key abc --token=def -p 7 PASSWORD=x --name n",
        ));
        assert_eq!(
            shown.join(" "),
            "up --api-key [hidden] --token=[hidden] -p 7 PASSWORD=[hidden] --name n"
        );
    }

    #[test]
    fn a_password_in_an_address_is_hidden() {
        let shown = SecretRedactor::default()
            .redact_text("get https://me:pa@ss@host/x?y=1 and http://host:80/ and a://b");
        assert_eq!(
            shown,
            "get https://me:[hidden]@host/x?y=1 and http://host:80/ and a://b"
        );
    }
}
