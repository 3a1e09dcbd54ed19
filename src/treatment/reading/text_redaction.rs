//! URLs and secrets are taken out of the text before it goes anywhere: to a voice, to a document,
//! to a model.
//!
//! `secrets` finds the secrets of a text; this file finds its URLs, which may have some in them. A
//! word that only looks like a secret is lost with a note, which is better than a key that is
//! spoken in a film.

use super::located_text::LocatedText;
use super::secrets::{is_key, is_known_key, joined_ranges, secret_ranges};
use crate::base::{FileSpan, Spanned};
use std::ops::Range;

/// A part of the text that does not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRedaction {
    /// Its bytes.
    pub origin: FileSpan,
    /// Whether it may be a secret. Otherwise it is a URL.
    pub is_secret: bool,
}

/// Returns text without its URLs and secrets, and adds what was removed. The second value has the
/// URLs, for the list of files. `known` are parts that are secrets, for reasons of the whole text.
pub(in crate::treatment) fn redact_text(
    line: &LocatedText,
    known: Vec<Range<usize>>,
    redactions: &mut Vec<TextRedaction>,
) -> (LocatedText, Vec<Spanned<String>>) {
    let found = findings(&line.text, known);
    if found.is_empty() {
        return (line.clone(), Vec::new());
    }
    let mut urls = Vec::new();
    for (range, is_secret) in &found {
        let origin = line.span(range.clone());
        let url = line.text.get(range.clone()).unwrap_or_default();
        redactions.push(TextRedaction {
            origin,
            is_secret: *is_secret || url_has_secret(url),
        });
        if !is_secret {
            urls.push(Spanned::new(without_secrets(url), origin));
        }
    }
    let ranges: Vec<_> = found.into_iter().map(|(range, _)| range).collect();
    (line.without(&ranges), urls)
}

/// Returns whether a text has what may be a secret, also within a URL.
#[must_use]
pub fn may_have_secret(text: &str) -> bool {
    let is_key = text.contains("-----BEGIN") && text.contains("PRIVATE KEY");
    is_key || text.lines().any(|line| !secrets_of_line(line).is_empty())
}

/// Returns the bytes of what may be a secret in a line, with the URLs that have one.
pub(in crate::treatment) fn secrets_of_line(line: &str) -> Vec<Range<usize>> {
    let found = findings(line, Vec::new()).into_iter();
    let secrets = found.filter(|(range, is_secret)| {
        *is_secret || url_has_secret(line.get(range.clone()).unwrap_or_default())
    });
    secrets.map(|(range, _)| range).collect()
}

/// Whether a URL has a password, or a key in its query or its path.
pub(in crate::treatment) fn url_has_secret(url: &str) -> bool {
    let rest = split_scheme(url).map_or("", |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let user = host.rsplit_once('@').map_or("", |(user, _)| user);
    let mut fields = rest.split(['?', '&', ';', '#', '/', ':']);
    user.contains(':')
        || looks_like_token(user)
        || is_hook(rest)
        || fields.any(is_secret_field)
        || rest.split('/').any(is_key)
}

/// Whether the name in front of a host is a token of its own.
fn looks_like_token(user: &str) -> bool {
    is_key(user) || (user.len() >= 16 && user.contains(|c: char| c.is_ascii_digit()))
}

/// Parts of names of fields that have a secret.
const SECRET_FIELDS: [&str; 10] = [
    "pass",
    "pwd",
    "session",
    "token",
    "key",
    "secret",
    "sig",
    "password",
    "credential",
    "auth",
];

/// Whether a part of a URL is a field with a secret: `token=x`.
fn is_secret_field(field: &str) -> bool {
    field.split_once('=').is_some_and(|(name, value)| {
        let name = name.to_lowercase();
        let names_key = SECRET_FIELDS.iter().any(|part| name.contains(part));
        (value.len() >= 6 && names_key) || is_key(value)
    })
}

/// Whether the path of a file has a secret, as a name or in one. Names of files are long and random
/// more often than other words, so that only the forms that services give to their keys count.
pub(in crate::treatment) fn path_has_secret(path: &str) -> bool {
    let mut parts = path.split(['/', '\\', '?', '&', '=', ' ']);
    parts.any(is_known_key) || may_have_secret(path)
}

/// Returns a URL without user, password, query and fragment, any of which may be a secret.
pub(in crate::treatment) fn without_secrets(url: &str) -> String {
    // Its query may have a key under any name, so all of it goes.
    let end = url.find(['?', '#', ';']).unwrap_or(url.len());
    let url = &url[..end];
    let Some((scheme, rest)) = split_scheme(url) else {
        return url.to_owned();
    };
    let host_end = rest.find('/').unwrap_or(rest.len());
    let host = rest[..host_end].rsplit('@').next().unwrap_or_default();
    // The path is the secret.
    if is_hook(rest) {
        return format!("{scheme}//{host}");
    }
    let path = rest[host_end..].split('/').map(|part| {
        let is_secret = is_key(part) || part.split(':').any(is_secret_field);
        if is_secret { "" } else { part }
    });
    format!("{scheme}//{host}{}", path.collect::<Vec<_>>().join("/"))
}

/// Whether an address, without its scheme, is a secret as a whole.
fn is_hook(rest: &str) -> bool {
    HOOKS.iter().any(|hook| rest.contains(hook))
}

/// Returns a URL before and behind its `//`. The scheme, with its colon, may be missing.
fn split_scheme(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("//")?;
    (scheme.is_empty() || scheme.ends_with(':')).then_some((scheme, rest))
}

/// Returns the ranges to remove, in order, each with whether it may be a secret.
fn findings(text: &str, known: Vec<Range<usize>>) -> Vec<(Range<usize>, bool)> {
    let urls = url_ranges(text);
    let mut secrets = secret_ranges(text);
    secrets.extend(password_ranges(text));
    secrets.extend(known);
    let mut secrets = joined_ranges(secrets);
    // What is in a URL goes with it.
    secrets.retain(|range| {
        let next = urls.partition_point(|url| url.end < range.end);
        urls.get(next).is_none_or(|url| url.start > range.start)
    });
    let secrets = secrets.into_iter().map(|range| (range, true));
    let mut found: Vec<(Range<usize>, bool)> = secrets.collect();
    found.extend(urls.into_iter().map(|url| (url, false)));
    found.sort_unstable_by_key(|(range, _)| (range.start, range.end));
    // Two secrets may grow into each other over one URL.
    found.dedup_by(|next, last| {
        let is_inside = next.0.start < last.0.end;
        if is_inside {
            last.0.end = last.0.end.max(next.0.end);
            last.1 |= next.1;
        }
        is_inside
    });
    found
}

/// Returns the bytes of every URL.
fn url_ranges(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices("://") {
        let scheme = text[..at]
            .chars()
            .rev()
            .take_while(|c| c.is_ascii_alphanumeric() || "+.-".contains(*c))
            .count();
        let start = at - scheme;
        let is_new = found.last().is_none_or(|last| last.end <= start);
        // The end is looked for once: a word may consist of nothing but beginnings of URLs.
        if is_new && (1..=LONGEST_SCHEME).contains(&scheme) {
            let end = url_end(text, start);
            if end > at + 3 {
                found.push(start..end);
            }
        }
    }
    let with_scheme = found.len();
    for (range, word) in core_words(text) {
        let next = found[..with_scheme].partition_point(|url| url.end <= range.start);
        let is_inside = found[..with_scheme]
            .get(next)
            .is_some_and(|url| url.start < range.end);
        if !is_inside && is_url(word) {
            found.push(range);
        }
    }
    found.sort_unstable_by_key(|range| range.start);
    found
}

/// Returns where a URL ends: before a blank, a quote, or a bracket that was open in front of it.
fn url_end(text: &str, start: usize) -> usize {
    let mut open = 0_i32;
    let mut end = text.len();
    for (offset, c) in text[start..].char_indices() {
        open += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if c.is_whitespace() || "<>\"`|“”{}".contains(c) || open < 0 {
            end = start + offset;
            break;
        }
    }
    start + text[start..end].trim_end_matches(CLOSING).len()
}

/// Returns the bytes of every address with a password, such as `user:pw@host`.
fn password_ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let words = core_words(text);
    words
        .filter(|(_, word)| has_password(word))
        .map(|(range, _)| range)
}

/// Returns the words of a text without quotes and brackets around them.
fn core_words(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    word_ranges(text).map(|range| {
        let word = &text[range.clone()];
        let start = range.start + (word.len() - word.trim_start_matches(OPENING).len());
        let core = text[start..range.end].trim_end_matches(CLOSING);
        (start..start + core.len(), core)
    })
}

/// The longest scheme of a URL, in characters.
const LONGEST_SCHEME: usize = 32;
/// Addresses that are secrets as a whole: who knows them may write there.
const HOOKS: [&str; 6] = [
    "hooks.slack.com/services/",
    "/api/webhooks/",
    "webhook.office.com/",
    "hooks.zapier.com/hooks/",
    "/webhookb2/",
    "chat.googleapis.com/v1/spaces/",
];
const OPENING: [char; 8] = ['(', '<', '[', '"', '\'', '“', '`', '*'];
const CLOSING: [char; 14] = [
    ')', '>', ']', '"', '\'', '”', '.', ',', ';', ':', '!', '?', '`', '*',
];

fn word_ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let tail = &text[rest..];
        let start = rest + tail.find(|c: char| !c.is_whitespace())?;
        let end = text[start..]
            .find(char::is_whitespace)
            .map_or(text.len(), |length| start + length);
        rest = end;
        Some(start..end)
    })
}

/// Whether a word is a URL without a scheme, or an address of mail.
fn is_url(word: &str) -> bool {
    let is_host = |rest: &str| {
        let host = rest.split('/').next().unwrap_or_default();
        host.contains(['.', '@'])
    };
    let is_without_scheme = word.strip_prefix("//").is_some_and(is_host);
    is_without_scheme || word.starts_with("mailto:") || (word.starts_with("www.") && word.len() > 8)
}

/// Whether a text is the number of a machine: four numbers with points between them.
fn is_numeric_host(text: &str) -> bool {
    let host = text.split(':').next().unwrap_or_default();
    host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok())
}

/// Whether a word is an address with a password, such as `user:pw@host`.
fn has_password(word: &str) -> bool {
    let host = word.split('/').next().unwrap_or_default();
    let Some((user, host)) = host.rsplit_once('@') else {
        return false;
    };
    let has_letter = |text: &str| text.chars().any(char::is_alphabetic);
    user.split_once(':')
        .is_some_and(|(name, password)| has_letter(name) && !password.is_empty())
        && (has_letter(host) || is_numeric_host(host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileId;

    fn redacted(text: &str) -> (String, usize, usize) {
        let mut line = LocatedText::new(FileId(0));
        line.push(text, 0..text.len());
        let mut found = Vec::new();
        let (left, _) = redact_text(&line, Vec::new(), &mut found);
        let secrets = found.iter().filter(|one| one.is_secret).count();
        (left.full_value().value, secrets, found.len() - secrets)
    }

    #[test]
    fn urls_are_taken_out_of_prose() {
        let (text, secrets, urls) = redacted("See https://x.org/a?key=1, then (www.example.com).");
        assert_eq!((text.as_str(), secrets, urls), ("See , then ().", 0, 2));
        for url in [
            "https://u:s3cret@x.org/a",
            "postgres://u:pw@db/x",
            "https://x.org/a?token=abcdef12",
            "//user:pw@host/a",
            "//user:pw@x.org/a",
            "user:hunter2@db.example.com",
        ] {
            let (text, secrets, _) = redacted(url);
            assert_eq!((text.as_str(), secrets), ("", 1), "{url}");
            assert!(may_have_secret(url), "{url}");
        }
        for prose in [
            "In 16:9@25 and Mara: at@home",
            "mail mara@x.org, 3//4 and a // b",
        ] {
            assert_eq!(redacted(prose), (prose.to_owned(), 0, 0));
        }
    }

    #[test]
    fn secrets_are_known_by_their_form() {
        let keys = [
            "sk-abcdefgh12345678ijkl",
            "password=hunter22",
            "AKIAIOSFODNN7EXAMPLE",
            "0123456789abcdef0123456789abcdef",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "aws_secret_access_key=hunter22",
            "DB_PASSWORD:hunter22",
        ];
        for key in keys {
            let (text, secrets, _) = redacted(&format!("use {key} here"));
            assert_eq!(secrets, 1, "{key}");
            assert!(
                !text.contains("hunter22") && text.ends_with("here"),
                "{text}"
            );
        }
        assert_eq!(redacted("api key: tr0ub4dor").1, 1);
    }

    const LABELLED: [&str; 49] = [
        "Password: swordfish",
        "wifi password is swordfish7",
        "passphrase = \"correct horse battery\"",
        "const apiKey = 'swordfish';",
        "client_secret: \"swordfish\"",
        "MYSQLPASSWORD=swordfish",
        "PASSWORD_PROD: swordfish7",
        "Password (WLAN): swordfish7",
        "my_password = swordfish",
        "setx AWS_SECRET_ACCESS_KEY swordfish77",
        "\"token\": \"swordfish\"",
        "secret => 'swordfish77'",
        "<b>Password</b>: swordfish",
        "__Password__: swordfish7",
        "API\\_KEY=swordfish",
        "Kennwort lautet swordfish7",
        "Benutzerpasswort: swordfish7",
        "mot de passe : swordfish7",
        "clé API : swordfish7",
        "contraseña: swordfish7",
        "senha: swordfish7",
        "wachtwoord: swordfish7",
        "lösenord: swordfish7",
        "hasło: swordfish7",
        "şifre: swordfish7",
        "пароль: swordfish7",
        "секретный ключ: swordfish7",
        "κωδικός: swordfish7",
        "סיסמה: swordfish7",
        "كلمة المرور: swordfish7",
        "पासवर्ड: swordfish7",
        "รหัสผ่าน: swordfish7",
        "mật khẩu: swordfish7",
        "密码是swordfish7",
        "密碼：swordfish7",
        "パスワードは swordfish7",
        "비밀번호: swordfish7",
        "ｐａｓｓｗｏｒｄ：swordfish7",
        "Authorization: Basic c3dvcmRmaXNo",
        "authorization: token swordfish7",
        "X-Api-Key: swordfish7",
        "curl -u admin:swordfish https",
        "mysql --password swordfish7",
        "Data Source=x;Pwd=swordfish;",
        "AccountName=a;AccountKey=swordfishswordfish==;",
        "redis://:swordfish@cache:6379",
        "git+https://u:swordfish@h/r.git",
        "amqp://u:swordfish@h",
        "jdbc:postgresql://h/db?user=a&password=swordfish",
    ];

    #[test]
    fn labels_of_many_languages_and_forms_are_known() {
        for form in LABELLED {
            let (text, secrets, _) = redacted(form);
            assert!(secrets > 0, "{form}");
            assert!(
                !text.contains("swordfish") && !text.contains("c3dv"),
                "{form} -> {text}"
            );
            assert!(may_have_secret(form), "{form}");
        }
    }

    const LETTERS: &str = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5hJ7kL9";
    const HEXADECIMAL: &str = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    // Joined in the test, so that no scanner takes them for keys of ours.
    const KEYS: [(&str, &str); 37] = [
        ("ghp_", LETTERS),
        ("github_pat_", LETTERS),
        ("gho_", LETTERS),
        ("glpat-", LETTERS),
        ("xoxb-123456789012-", LETTERS),
        ("xapp-1-", LETTERS),
        ("sk-", LETTERS),
        ("sk-ant-api03-", LETTERS),
        ("sk-proj-", LETTERS),
        ("AIza", LETTERS),
        ("ya29.", LETTERS),
        ("GOCSPX-", LETTERS),
        ("npm_", LETTERS),
        ("pypi-AgEIcHlwaS5vcmc", LETTERS),
        ("hf_", LETTERS),
        ("sk_live_", LETTERS),
        ("rk_test_", LETTERS),
        ("whsec_", LETTERS),
        ("SG.", LETTERS),
        ("key-", HEXADECIMAL),
        ("SK", HEXADECIMAL),
        ("AC", HEXADECIMAL),
        ("dop_v1_", HEXADECIMAL),
        ("shpat_", HEXADECIMAL),
        ("sq0csp-", LETTERS),
        ("ATATT3xFf", LETTERS),
        ("dckr_pat_", LETTERS),
        ("hvs.", LETTERS),
        ("dapi", HEXADECIMAL),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.", LETTERS),
        ("123456789:AA", LETTERS),
        ("abc8Q~", LETTERS),
        ("PMAK-", LETTERS),
        ("lin_api_", LETTERS),
        ("figd_", LETTERS),
        ("AGE-SECRET-KEY-1", "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"),
        ("AKIA", "IOSFODNN7EXAMPLQ"),
    ];

    #[test]
    fn keys_of_services_are_known_by_their_form() {
        for (beginning, rest) in KEYS {
            let key = format!("{beginning}{rest}");
            for form in [
                key.clone(),
                format!("(use `{key}`)"),
                format!("x={key};"),
                format!("\"{key}\","),
            ] {
                let (text, secrets, _) = redacted(&form);
                assert!(secrets > 0, "{form}");
                assert!(!text.contains(&key[key.len() - 12..]), "{form} -> {text}");
            }
        }
        let mail = format!("{HEXADECIMAL}-us14");
        assert_eq!(redacted(&mail).1, 1);
        let hook = format!("https://hooks.slack.com/services/T0000/B0000/{LETTERS}");
        assert_eq!(redacted(&hook).1, 1);
    }

    #[test]
    fn prose_about_secrets_is_no_secret() {
        for prose in [
            "the secret: patience",
            "The secret: patience. And honey.",
            "password is not needed",
            "Password: required",
            "No password, no token, no key.",
            "Your password is safe with us, and passwords are long.",
            "The password must have 12 characters, 256-bit encryption and 2 factors.",
            "Token economy: growth of 40% by 2030",
            "The key: work. The key to 2024 was season3finale",
            "Key: C major",
            "Secret ingredient: 2 spoons of honey",
            "A secret-sauce recipe from 1950s",
            "Bearer of bad news arrives at 10:30",
            "The token ring network of 1985 and the pass of 2nd street",
            "Keys of success in 2025: focus",
            "Das Passwort ist vergessen, der Schlüssel liegt unter der Matte.",
            "Le mot de passe est oublié, la clé est sous le paillasson.",
            "Parola: amore. Heslo: kvalita. Hasło: jakość.",
            "他忘记了密码。",
            "password_file and token_url are names",
            "Reset your password at the desk by 5pm on 2024-05-11",
            "Authorization: pending",
            "PASSWORD=${DB_PASSWORD} and API_KEY=<your-key>",
            "password: ********",
            "The cookie: chocolate chip, 200g",
            "MARA: The pin is in the map.",
            "resolution: 1920x1080, codec: h264, shot sq010_sh020_v003",
            "uuid 550e8400-e29b-41d4-a716-446655440000",
            "footage/A001_C003_20240511_R1AB.mov and IMG_20240511123456789.jpg",
        ] {
            assert_eq!(redacted(prose), (prose.to_owned(), 0, 0), "{prose}");
        }
    }

    #[test]
    fn a_quoted_secret_ends_with_its_quote() {
        for text in [
            r#"Password = "kedi\"ler99x" now"#,
            "password: 'kedi''ler99x' now",
            r#"{\"password\": \"kediler99x\"} now"#,
        ] {
            let (left, secrets, _) = redacted(text);
            assert!(secrets == 1 && !left.contains("ler99x"), "{left}");
            assert!(left.ends_with("now"), "{left}");
        }
    }

    #[test]
    fn a_long_word_is_looked_at_in_parts_and_taken_out_whole() {
        // Every part of such a word could begin a key or a URL.
        for part in ["/a", "=a", "$a", ":a", "http://"] {
            let word = part.repeat(20_000);
            assert!(secrets_of_line(&word).len() <= 1, "{part}");
        }
        let key = format!("see sk-{} there", "aB3".repeat(400));
        assert_eq!(redacted(&key).0.split_whitespace().count(), 2);
    }

    #[test]
    fn words_of_prose_are_no_secrets() {
        let prose =
            "The secret of honey: bees dance 2019-2024, the key idea is assets/bees-2024.png";
        assert_eq!(redacted(prose), (prose.to_owned(), 0, 0));
        let path =
            "see assets/Photos/Summer24/BeesInTheGarden or TheBeesOfTheGardenInSummer24AndLater";
        assert_eq!(redacted(path), (path.to_owned(), 0, 0));
    }

    #[test]
    fn a_url_in_the_list_of_files_has_no_password_and_no_query() {
        assert_eq!(
            without_secrets("https://me:pw@x.org/a/b.png?token=1#z"),
            "https://x.org/a/b.png"
        );
        assert_eq!(without_secrets("//me:pw@x.org/b.png"), "//x.org/b.png");
        let hook = "https://hooks.slack.com/services/T00000000/B00000000/abcd";
        assert_eq!(without_secrets(hook), "https://hooks.slack.com");
    }
}
