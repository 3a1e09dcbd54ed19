//! Keys by their form: the beginnings that services give to theirs, and long words that mix letters
//! and digits as no language does.
//!
//! The forms are facts that the services publish, and that scanners for secrets such as gitleaks,
//! trufflehog and detect-secrets list.

use super::secret_values::{is_file_name, is_grouped_key, is_placeholder, kind_changes};
use super::visible_text::VisibleText;
use std::ops::Range;

/// Beginnings of keys, each with the fewest characters behind it. Such a beginning is in no
/// language, so any word that continues like a key is one.
const SURE_BEGINNINGS: &[(&str, usize)] = &[
    // Code and packages.
    ("ghp_", 12),
    ("gho_", 12),
    ("ghu_", 12),
    ("ghs_", 12),
    ("ghr_", 12),
    ("github_pat_", 12),
    ("glpat-", 12),
    ("gldt-", 12),
    ("glptt-", 12),
    ("glrt-", 12),
    ("glcbt-", 12),
    ("glft-", 12),
    ("glimt-", 12),
    ("glagent-", 12),
    ("gloas-", 12),
    ("glsoat-", 12),
    ("glffct-", 12),
    ("GR1348941", 12),
    ("ATATT3", 20),
    ("ATCTT3", 20),
    ("ATBB", 20),
    ("pypi-AgE", 12),
    ("rubygems_", 20),
    ("dckr_pat_", 12),
    ("dckr_oat_", 12),
    ("CLOJARS_", 20),
    ("oy2", 40),
    ("sntrys_", 12),
    ("sntryu_", 12),
    ("ccipat_", 12),
    ("ccopat_", 12),
    ("bkua_", 20),
    ("figd_", 12),
    ("figu_", 12),
    ("lin_api_", 12),
    ("lin_oauth_", 12),
    ("ntn_", 20),
    ("PMAK-", 12),
    ("rdme_", 12),
    ("hvs.", 12),
    ("hvb.", 12),
    ("hvr.", 12),
    ("tskey-", 12),
    ("FlyV1", 12),
    ("shippo_live_", 12),
    ("shippo_test_", 12),
    ("CFPAT-", 12),
    // Clouds.
    ("AKIA", 12),
    ("ASIA", 12),
    ("ABIA", 12),
    ("ACCA", 12),
    ("AGPA", 16),
    ("AIDA", 16),
    ("AROA", 16),
    ("ANPA", 16),
    ("AIza", 20),
    ("ya29.", 12),
    ("GOCSPX-", 12),
    ("1//0", 20),
    ("dop_v1_", 12),
    ("doo_v1_", 12),
    ("dor_v1_", 12),
    ("LTAI", 14),
    ("pscale_tkn_", 12),
    ("pscale_pw_", 12),
    ("pscale_oauth_", 12),
    ("sbp_", 20),
    ("nvapi-", 20),
    ("t1.", 40),
    ("y0_", 30),
    ("AQVN", 20),
    ("v1.0-", 40),
    ("ops_eyJ", 20),
    ("dp.pt.", 12),
    ("dp.st.", 12),
    ("dp.ct.", 12),
    ("dp.sa.", 12),
    ("pnu_", 20),
    // Language models.
    ("sk-ant-", 12),
    ("sk-proj-", 12),
    ("sk-svcacct-", 12),
    ("sk-or-", 12),
    ("gsk_", 20),
    ("pplx-", 20),
    ("sk_car_", 12),
    ("tgp_v1_", 12),
    ("pcsk_", 20),
    // Money and shops.
    ("sk_live_", 8),
    ("sk_test_", 8),
    ("pk_live_", 8),
    ("pk_test_", 8),
    ("rk_live_", 8),
    ("rk_test_", 8),
    ("rk_prod_", 8),
    ("whsec_", 12),
    ("shpat_", 12),
    ("shpss_", 12),
    ("shpca_", 12),
    ("shppa_", 12),
    ("sq0atp-", 12),
    ("sq0csp-", 12),
    ("sq0idp-", 12),
    ("EAAAE", 30),
    ("FLWSECK", 12),
    ("FLWPUBK", 12),
    ("rzp_live_", 10),
    ("rzp_test_", 10),
    ("EZAK", 30),
    ("EZTK", 30),
    ("APP_USR-", 12),
    ("access-sandbox-", 12),
    ("access-production-", 12),
    // Messages and mail.
    ("xoxb-", 10),
    ("xoxp-", 10),
    ("xoxa-", 10),
    ("xoxr-", 10),
    ("xoxs-", 10),
    ("xoxo-", 10),
    ("xoxe-", 10),
    ("xoxe.", 10),
    ("xoxc-", 10),
    ("xoxd-", 10),
    ("xapp-", 10),
    ("SG.", 12),
    ("xkeysib-", 12),
    ("xsmtpsib-", 12),
    ("EAA", 60),
    ("IGQV", 40),
    // Watching and measuring.
    ("glsa_", 20),
    ("NRAK-", 12),
    ("NRJS-", 12),
    ("NRAA-", 12),
    ("NRII-", 12),
    ("phc_", 20),
    ("phx_", 20),
    ("dt0c01.", 20),
    ("dt0s01.", 20),
    ("pat-na1-", 12),
    ("pat-eu1-", 12),
    ("fio-u-", 20),
    ("p8e-", 20),
    ("AKCp", 20),
    ("cmVmd", 40),
    ("AGE-SECRET-KEY-1", 12),
    ("ABSK", 40),
    ("nsec1", 40),
    ("xprv", 60),
];
/// Beginnings that words have too. A key has digits.
const WORD_BEGINNINGS: &[(&str, usize)] = &[
    ("A3-", 20),
    ("npm_", 20),
    ("pul-", 30),
    ("scw-", 30),
    ("sl.", 60),
    ("sumo", 40),
    ("AKID", 14),
    ("dapi", 28),
    ("glc_", 20),
    ("csk-", 20),
    ("xai-", 20),
    ("nfp_", 20),
    ("rnd_", 20),
    ("re_", 28),
    ("secret_", 30),
    ("tfp_", 20),
    ("jina_", 20),
    ("vercel_", 20),
    ("fo1_", 20),
    ("NuGet-", 20),
    ("api_org_", 12),
    ("access_token$", 20),
    ("ntk_", 20),
    ("HRKU-", 12),
    ("hf_", 12),
    ("r8_", 12),
    ("lsv2_", 20),
    ("duffel_", 20),
    ("sk_prod_", 8),
    ("pubkey-", 30),
    ("live_pub_", 12),
    ("test_pub_", 12),
    ("sk-", 12),
    ("sk_", 20),
    ("eyJ", 12),
    ("key-", 20),
    ("pk_", 20),
    ("api-", 20),
    ("AC", 32),
    ("SK", 32),
    ("atlasv1.", 20),
    ("s.", 24),
    ("pat", 40),
    ("PRIVATE-", 16),
    ("token-", 20),
    ("oauth-", 20),
    ("K00", 28),
];
/// Fewest characters of a word that may be a key without a beginning.
const LONG_WORD: usize = 24;
/// Fewest characters of a key of base64, in which digits may be rare. Secret keys of AWS have 40.
const LONG_BASE64: usize = 32;
/// Fewest capitals of a key of base64 that a capital or a digit follows. Forty random characters
/// have nine or ten.
const LEAST_CAPITAL_PAIRS: usize = 3;
/// The shortest word that is looked at.
const SHORTEST_KEY: usize = 12;
/// The most characters of a word that decide whether it is a key.
// A word of megabytes may have a sign at every other character, and a key may begin behind each.
const LONGEST_LOOK: usize = 256;

/// Returns the characters of everything that has the form of a key.
pub(super) fn key_places(text: &VisibleText) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = private_key(text).into_iter().collect();
    let mut start = 0;
    while start < text.len() {
        start = text.skip(start, |c| !is_key_character(c));
        let end = text.skip(start, is_key_character);
        if end - start >= SHORTEST_KEY {
            found.extend(keys_in_word(text, start..end));
        }
        start = end;
    }
    found
}

const fn is_key_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+' | '/' | '=' | '~' | '$' | ':')
}

/// Returns the keys in a word, which may have labels, paths and each other in front.
fn keys_in_word(text: &VisibleText, word: Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = word.start;
    while start < word.end {
        let is_first = start == word.start;
        // Not behind every letter: the end of a long word may look like a key by chance.
        let is_behind_sign = || text.before(start).is_some_and(|c| "=:/.+$".contains(c));
        let key = (is_first || is_behind_sign())
            .then(|| key_at(text, start, word.end))
            .flatten();
        match key {
            Some(key) => {
                start = key.end.max(start + 1);
                found.push(key);
            }
            None => start += 1,
        }
    }
    found
}

/// Returns the key that begins here, in a word that ends at `word_end`.
fn key_at(text: &VisibleText, start: usize, word_end: usize) -> Option<Range<usize>> {
    let seen = word_end.min(start + LONGEST_LOOK);
    let rest = text.text(&(start..seen));
    // Signs at its end are of the sentence.
    let core = rest.trim_end_matches([':', '.', '-', '/']);
    // What is behind a colon is another word, but in the keys of bots.
    let part = if is_bot_key(core) {
        core
    } else {
        core.split(':').next().unwrap_or_default()
    };
    let length = part.chars().count();
    // What was cut off belongs to the key.
    let end = match start + length {
        end if end == seen => word_end,
        end => end,
    };
    let is_secret = length >= SHORTEST_KEY && is_key(part) && !is_public(text, start, part);
    is_secret.then_some(start..end)
}

/// Words in front of the digest of a file or of a revision.
const DIGEST_NAMES: &[&str] = &[
    "commit",
    "commits",
    "revision",
    "rev",
    "sha",
    "sha1",
    "sha256",
    "sha512",
    "md5",
    "blake3",
    "checksum",
    "hash",
    "digest",
    "checkout",
    "cherry-pick",
    "etag",
    "fingerprint",
    "integrity",
    "block",
    "tx",
    "txid",
    "transaction",
];
/// Words in front of an address that others send to.
const ADDRESS_NAMES: &[&str] = &["address", "adresse", "wallet", "ipfs", "cid", "to"];
/// The most characters between the name of a digest and the digest.
const LONGEST_DIGEST_GAP: usize = 24;

/// Whether a word is a digest or an address, which anybody may know, because its name is in front of it.
fn is_public(text: &VisibleText, start: usize, word: &str) -> bool {
    let is_digest = matches!(word.len(), 32 | 40 | 56 | 64 | 96 | 128)
        && word.chars().all(|c| c.is_ascii_hexdigit());
    // Addresses of Bitcoin, Ethereum and IPFS have forms of their own.
    let is_address = (26..=64).contains(&word.len())
        && (word.starts_with(['1', '3']) || word.starts_with("bc1") || word.starts_with("0x"));
    if word.len() == 46 && word.starts_with("Qm") {
        return true;
    }
    if !is_digest && !is_address {
        return false;
    }
    let from = start.saturating_sub(LONGEST_DIGEST_GAP);
    let before = text.lower_text(&(from..start));
    let mut words = before
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|word| !word.is_empty())
        .rev();
    // A word or two may be between, as in `commit hash of main:`.
    words.by_ref().take(4).any(|word| {
        (is_digest && DIGEST_NAMES.contains(&word)) || (is_address && ADDRESS_NAMES.contains(&word))
    })
}

/// Returns the private key that begins here. Its end may be on another line.
fn private_key(text: &VisibleText) -> Option<Range<usize>> {
    let lower: String = text.lower.iter().collect();
    let begin = lower.find("-----begin")?;
    let rest = lower.get(begin..)?;
    let is_key = rest.contains("key-----") || rest.contains("key block-----");
    let start = lower.get(..begin)?.chars().count();
    let end = rest.find("-----end").map_or(text.len(), |end| {
        let before = rest.get(..end).unwrap_or_default().chars().count();
        // The line of the end has as many characters as that of the beginning at most.
        (start + before + 64).min(text.len())
    });
    is_key.then_some(start..end)
}

/// Whether a word has the form of the key of a service, which the names of files never have.
pub(in crate::treatment::reading) fn is_known_key(word: &str) -> bool {
    begins_as_key(word) || is_bot_key(word) || is_cloud_secret(word) || is_mail_key(word)
}

/// Whether a word has the form of a key.
pub(in crate::treatment::reading) fn is_key(word: &str) -> bool {
    let word = word.trim_matches(['"', '\'']);
    begins_as_key(word)
        || is_bot_key(word)
        || is_cloud_secret(word)
        || is_mail_key(word)
        || is_long_mixture(word)
        || is_long_base64(word)
        || is_short_mixture(word)
        || is_program_key(word)
}

/// Fewest characters of a word of capitals, small letters and digits that may be a key though it is
/// not long.
const SHORT_MIXTURE: usize = 16;

/// Whether a word has capitals, small letters and digits that change all the time.
fn is_short_mixture(word: &str) -> bool {
    let is_plain = word.chars().all(|c| c.is_ascii_alphanumeric());
    let has = |is_kind: fn(&char) -> bool| word.chars().any(|c| is_kind(&c));
    word.len() >= SHORT_MIXTURE
        && is_plain
        && has(char::is_ascii_lowercase)
        && has(char::is_ascii_uppercase)
        && kind_changes(word) * 2 >= word.len()
}

/// Whether a word is the key of a program, five groups of five capitals and digits, or of a disk, eight
/// groups of six digits.
fn is_program_key(word: &str) -> bool {
    let is_upper = word.chars().all(|c| !c.is_ascii_lowercase());
    let groups = word.split('-').count();
    is_upper && is_grouped_key(word) && matches!((word.len(), groups), (29, 5) | (55, 8))
}

fn begins_as_key(word: &str) -> bool {
    let begins = |(beginning, least): &(&str, usize), needs_digit: bool| {
        word.strip_prefix(beginning).is_some_and(|rest| {
            rest.len() >= *least
                && rest
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_.+/=~$".contains(c))
                && (!needs_digit || has_digit(rest))
                && !is_placeholder(rest)
        })
    };
    SURE_BEGINNINGS.iter().any(|known| begins(known, false))
        || WORD_BEGINNINGS.iter().any(|known| begins(known, true))
}

/// Whether a word is the key of a bot of Telegram: its number and 35 characters.
fn is_bot_key(word: &str) -> bool {
    word.split_once(':').is_some_and(|(number, key)| {
        (6..=12).contains(&number.len())
            && number.chars().all(|c| c.is_ascii_digit())
            && key.starts_with("AA")
            && key.len() >= 32
    })
}

/// Whether a word is the secret of an application of Azure, which has `Q~` behind a digit.
fn is_cloud_secret(word: &str) -> bool {
    word.find("Q~").is_some_and(|at| {
        at == 4 && word.len() >= 30 && word.as_bytes().get(3).is_some_and(u8::is_ascii_digit)
    })
}

/// Whether a word is a key of Mailchimp: 32 digits of base 16 and a place.
fn is_mail_key(word: &str) -> bool {
    word.split_once("-us").is_some_and(|(key, place)| {
        key.len() == 32
            && key.chars().all(|c| c.is_ascii_hexdigit())
            && place.chars().all(|c| c.is_ascii_digit())
    })
}

/// Whether a word is long, has as many capitals as no words have that are joined by them, and
/// changes between small letters, capitals and digits as often as base64 does.
fn is_long_base64(word: &str) -> bool {
    let is_plain = word
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "+/=-_".contains(c));
    if word.len() < LONG_BASE64 || !is_plain {
        return false;
    }
    let kind = |byte: &u8| match byte {
        b'0'..=b'9' => 1,
        b'A'..=b'Z' => 2,
        b'a'..=b'z' => 3,
        _ => 0,
    };
    let kinds: Vec<u8> = word.as_bytes().iter().map(kind).collect();
    let changes = kinds
        .windows(2)
        .filter(|pair| pair[0] != pair[1] && !pair.contains(&0));
    let has_all = (1..=3).all(|kind| kinds.contains(&kind));
    let capitals = kinds.iter().filter(|kind| **kind == 2).count();
    // In joined words a capital begins a word, so a small letter follows it.
    let is_no_beginning = |pair: &&[u8]| pair[0] == 2 && matches!(pair[1], 1 | 2);
    let is_random = kinds.windows(2).filter(is_no_beginning).count() >= LEAST_CAPITAL_PAIRS;
    // A quarter: names in capitals and small letters that people join have fewer capitals and
    // changes.
    has_all && is_random && capitals * 4 >= word.len() && changes.count() * 4 >= word.len()
}

/// Whether a word is long, and mixes letters and digits as no language does.
fn is_long_mixture(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_+/=.".contains(c);
    let is_file = is_file_name(word) || (word.contains('/') && is_path(word));
    if word.len() < LONG_WORD || !word.chars().all(plain) || is_file {
        return false;
    }
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(char::is_ascii_alphabetic).count();
    // Names that programs make from words have more signs between them.
    digits >= 4 && letters >= 4 && word.chars().filter(|c| "-_.".contains(*c)).count() <= 2
}

fn is_path(word: &str) -> bool {
    word.rsplit('.')
        .next()
        .is_some_and(|end| (2..=5).contains(&end.len()))
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}
