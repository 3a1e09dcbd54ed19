//! Words that name a secret, in the languages that treatments are written in.

use crate::base::letter_clusters::bare_letter;
use std::collections::HashMap;
use std::sync::OnceLock;

/// How much a label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LabelForce {
    /// A word that prose uses too, such as `secret` or `key`. What follows must look like a random key.
    Weak,
    /// A word for a password that its language, or another, has for other things too, such as `pass`. What
    /// follows must look like a secret.
    Likely,
    /// A word for a number or a code that opens something, such as `PIN`.
    Code,
    /// Words for a key, such as `private key`. Keys are no words, but prose explains what they are.
    Key,
    /// A word that is about little else, such as `password`.
    Strong,
}

/// Words and groups of words that are about little else than secrets. Their parts may be joined by
/// blanks, `_`, `-` and `.`, or by a capital.
const STRONG: &[&str] = &[
    // English, and names that programs use.
    "password",
    "passwd",
    "passphrase",
    "pass phrase",
    "pass word",
    "pwd",
    "pswd",
    "psswd",
    "pasword",
    "passwrd",
    "passward",
    "pssword",
    "paswort",
    "psw",
    "pw",
    "client secret",
    "app secret",
    "consumer secret",
    "shared secret",
    "webhook secret",
    "token secret",
    "secret token",
    "secret access key",
    "shared access key",
    "access token",
    "refresh token",
    "auth token",
    "bearer token",
    "id token",
    "session token",
    "api token",
    "personal access token",
    "oauth token",
    "security token",
    "connection string",
    "authorization",
    "proxy authorization",
    "x api key",
    "client credentials",
    "shared access signature",
    "jwt secret",
    "storepass",
    "keypass",
    "userpass",
    "dbpass",
    "adminpass",
    "rootpass",
    "secure string",
    "requirepass",
    "identified by",
    "masterauth",
    "community string",
    "snmp community",
    "psk",
    "wpa passphrase",
    "pre shared key",
    "preshared key",
    "totp",
    "totp secret",
    "totp seed",
    "totp key",
    "otp seed",
    "2fa secret",
    "2fa seed",
    "otp secret",
    "authenticator key",
    "parole chiave",
    "cookie secret",
    "secret key base",
    // German, Dutch, and the languages of the north.
    "passwort",
    "kennwort",
    "zugangscode",
    "api schlüssel",
    "geheimer schlüssel",
    "wachtwoord",
    "toegangscode",
    "wachtwoordzin",
    "lösenord",
    "lösenordet",
    "adgangskode",
    "adgangskoden",
    "kodeord",
    "kodeordet",
    "adgangsord",
    "passord",
    "passordet",
    "salasana",
    "salasanani",
    "lykilorð",
    "aðgangsorð",
    // French, Spanish, Portuguese, Italian, Catalan, Romanian.
    "mot de passe",
    "motdepasse",
    "mdp",
    "phrase de passe",
    "code secret",
    "clé secrète",
    "clé api",
    "clé privée",
    "clé d'api",
    "jeton d'accès",
    "contraseña",
    "contrasena",
    "clave secreta",
    "clave api",
    "clave de acceso",
    "clave privada",
    "palabra clave secreta",
    "senha",
    "palavra passe",
    "palavra chave secreta",
    "chave secreta",
    "chave api",
    "chave de api",
    "parola d'ordine",
    "chiave api",
    "chiave segreta",
    "codice segreto",
    "contrasenya",
    "parola de acces",
    // Slavic, Baltic, Hungarian, Turkish, Greek, Albanian.
    "lozinka",
    "zaporka",
    "пароль",
    "пароли",
    "лозинка",
    "пасворд",
    "секретный ключ",
    "ключ api",
    "ключ доступа",
    "slaptažodis",
    "jelszó",
    "şifre",
    "κωδικός πρόσβασης",
    "συνθηματικό",
    "fjalëkalim",
    "fjalëkalimi",
    // Semitic, Iranian, Indian, and the south-east of Asia.
    "סיסמה",
    "סיסמא",
    "كلمة المرور",
    "كلمة السر",
    "كلمة سر",
    "الرقم السري",
    "رمز عبور",
    "گذرواژه",
    "पासवर्ड",
    "কুটশব্দ",
    "পাসওয়ার্ড",
    "கடவுச்சொல்",
    "రహస్యపదం",
    "รหัสผ่าน",
    "mật khẩu",
    "kata sandi",
    "kata laluan",
    "neno la siri",
    "pasvorto",
];

/// Words for keys, which prose explains as often as somebody writes one down.
const KEYS: &[&str] = &[
    "api key",
    "app key",
    "application key",
    "access key",
    "secret key",
    "private key",
    "auth key",
    "account key",
    "shared key",
    "encryption key",
    "signing key",
    "master key",
    "deploy key",
    "license key",
    "licence key",
    "storage key",
    "service key",
    "session key",
    "subscription key",
    "network key",
    "wifi key",
    "wi fi key",
    "wpa key",
    "wpa2 key",
    "wlan schlüssel",
    "wifi schlüssel",
    "netzwerkschlüssel",
    "clé wifi",
    "clé wi fi",
    "clé wpa",
    "clave wifi",
    "clave wi fi",
    "chiave wifi",
    "chave wifi",
    "product key",
    "serial number",
    "license",
    "licence",
];

/// Words for what opens a door, an account or a network, in digits or as a word with some.
const CODES: &[&str] = &[
    "pin",
    "pin code",
    "pin number",
    "tan",
    "otp",
    "passcode",
    "your code",
    "combination",
    "safe combination",
    "lock combination",
    "geheimzahl",
    "code porte",
    "key safe",
    "key fob code",
    "key code",
    "keypad code",
    "wpa",
    "wpa2",
    "wpa3",
    "door code",
    "gate code",
    "entry code",
    "access code",
    "alarm code",
    "safe code",
    "lock code",
    "unlock code",
    "security code",
    "verification code",
    "confirmation code",
    "one time code",
    "2fa code",
    "mfa code",
    "sms code",
    "login code",
    "backup code",
    "recovery code",
    "recovery key",
    "wifi code",
    "wi fi code",
    "wlan code",
    "wifi",
    "wi fi",
    "wlan",
    "tür code",
    "türcode",
    "sicherheitscode",
    "code pin",
    "code d'accès",
    "code d'entrée",
    "digicode",
    "código pin",
    "código de acceso",
    "código de acesso",
    "codice pin",
    "codice di accesso",
    "пин код",
];

/// Words for the name and password of somebody, side by side.
const LOGINS: &[&str] = &[
    "login",
    "log in",
    "logon",
    "creds",
    "credential",
    "credentials",
    "account",
    "wifi",
    "wi fi",
    "wlan",
    "zugang",
    "zugangsdaten",
    "anmeldung",
    "konto",
    "identifiants",
    "compte",
    "acceso",
    "cuenta",
    "accesso",
    "conta",
];

/// Those of them that are words for somebody, and not for what opens the account.
const USERS: &[&str] = &[
    "login",
    "log in",
    "logon",
    "account",
    "wifi",
    "wi fi",
    "wlan",
    "anmeldung",
    "konto",
    "compte",
    "cuenta",
    "conta",
    "user",
    "username",
    "user name",
    "u",
    "usr",
    "uid",
    "name",
    "email",
    "mail",
    "benutzer",
    "benutzername",
    "utilisateur",
    "identifiant",
    "usuario",
    "utente",
    "gebruiker",
    "uzytkownik",
    "логин",
    "id",
    "ssid",
    "network",
    "netzwerk",
    "netz",
];

/// Words for the words from which a wallet is made.
const SEED_PHRASES: &[&str] = &[
    "seed phrase",
    "seed words",
    "mnemonic",
    "mnemonic phrase",
    "recovery phrase",
    "backup phrase",
    "secret phrase",
    "wallet phrase",
    "wallet words",
    "recovery words",
];

/// Words of languages without blanks between words. They are found anywhere.
const WITHOUT_BLANKS: &[&str] = &[
    "密码",
    "密碼",
    "口令",
    "密钥",
    "密鑰",
    "秘钥",
    "令牌",
    "パスワード",
    "暗証番号",
    "秘密鍵",
    "合言葉",
    "验证码",
    "驗證碼",
    "認証コード",
    "인증번호",
    "비밀번호",
    "암호",
    "패스워드",
    "รหัสผ่าน",
];

/// Words that prose uses too.
const WEAK: &[&str] = &[
    "bearer",
    "secret",
    "token",
    "key",
    "auth",
    "cookie",
    "set cookie",
    "signature",
    "geheimnis",
    "schlüssel",
    "sleutel",
    "nyckel",
    "jeton",
    "clé",
    "secreto",
    "ficha",
    "chave",
    "segredo",
    "chiave",
    "segreto",
    "ключ",
    "секрет",
    "токен",
    "klucz",
    "klíč",
    "anahtar",
    "κλειδί",
    "مفتاح",
    "מפתח",
    "kunci",
];

/// Words for a password that are words for other things too.
const LIKELY: &[&str] = &[
    "credential",
    "pass",
    "passkey",
    "zugangsdaten",
    "parola",
    "parool",
    "hasło",
    "heslo",
    "geslo",
    "парола",
    "credentials",
    "clave",
    "geheim",
    "κωδικός",
    "parole",
];

/// Words behind a label that make it the name of something else, such as `password_file`.
const ABOUT_SECRETS: &[&str] = &[
    "url",
    "uri",
    "file",
    "path",
    "name",
    "length",
    "policy",
    "hint",
    "reset",
    "manager",
    "count",
    "type",
    "expiry",
    "expires",
    "field",
    "min",
    "max",
    "enabled",
    "required",
    "page",
    "form",
    "limit",
    "based",
    "free",
    "protected",
    "less",
    "stdin",
    "prompt",
    "command",
    "store",
];

/// Strong labels that other words are joined with, such as `PGPASSWORD` and `Benutzerpasswort`.
const JOINED: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passwort",
    "kennwort",
    "wachtwoord",
    "passord",
    "losenord",
    "apikey",
    "secretkey",
];

/// A label by its words.
struct KnownLabel {
    words: Vec<String>,
    force: LabelForce,
}

/// Returns a word as labels are compared: in small letters without marks.
fn bare_word(word: &str) -> String {
    let bare = word.chars().filter_map(bare_letter);
    let bare = bare.map(|c| match c {
        'ł' => 'l',
        'ø' => 'o',
        'ı' => 'i',
        '’' => '\'',
        c => c,
    });
    bare.collect::<String>().to_lowercase()
}

/// Returns the labels by their first word.
fn labels_by_first_word() -> &'static HashMap<String, Vec<KnownLabel>> {
    static LABELS: OnceLock<HashMap<String, Vec<KnownLabel>>> = OnceLock::new();
    LABELS.get_or_init(|| {
        let mut labels: HashMap<String, Vec<KnownLabel>> = HashMap::new();
        let mut add = |words: Vec<String>, force| {
            let first = words.first().cloned().unwrap_or_default();
            labels
                .entry(first)
                .or_default()
                .push(KnownLabel { words, force });
        };
        let lists = [
            (STRONG, LabelForce::Strong),
            (KEYS, LabelForce::Key),
            (CODES, LabelForce::Code),
            (LIKELY, LabelForce::Likely),
            (WEAK, LabelForce::Weak),
        ];
        for (list, force) in lists {
            for label in list {
                let words = label.split([' ', '\'']).map(bare_word);
                let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
                // People write the words of a label as one, too, such as `accesskey`.
                if words.len() > 1 {
                    add(vec![words.concat()], force);
                }
                add(words, force);
            }
        }
        labels
    })
}

/// Whether a label may begin with a word of this beginning and length, in characters. Nearly all words
/// of prose end the search here, before anything is copied.
pub(super) fn may_begin_label(word: &[char]) -> bool {
    static LENGTHS: OnceLock<[u64; 26]> = OnceLock::new();
    let lengths = LENGTHS.get_or_init(lengths_by_letter);
    let Some(first) = word.first().filter(|first| first.is_ascii_lowercase()) else {
        // `2FA` is the only word with a digit in front.
        return word
            .first()
            .is_some_and(|first| !first.is_ascii() || *first == '2');
    };
    // `password2` is a label, too.
    let digits = word.iter().rev().take_while(|c| c.is_ascii_digit()).count();
    let length = word.len() - digits;
    let letter = usize::from(u8::try_from(*first).unwrap_or(b'a') - b'a');
    // The second is for a plural.
    let bits = length_bit(length) | length_bit(length.saturating_sub(1));
    let is_known = lengths.get(letter).is_some_and(|known| known & bits != 0);
    is_known || may_be_joined(word.get(..length).unwrap_or_default())
}

/// Whether a word ends as one of [`JOINED`] may.
fn may_be_joined(word: &[char]) -> bool {
    const ENDS: [[char; 3]; 5] = [
        ['o', 'r', 'd'],
        ['s', 'w', 'd'],
        ['a', 's', 'e'],
        ['o', 'r', 't'],
        ['k', 'e', 'y'],
    ];
    ENDS.iter().any(|end| word.ends_with(end))
}

fn lengths_by_letter() -> [u64; 26] {
    let mut lengths = [0; 26];
    for label in labels_by_first_word().keys() {
        let first = label.bytes().next().unwrap_or_default();
        if first.is_ascii_lowercase() {
            lengths[usize::from(first - b'a')] |= length_bit(label.chars().count());
        }
    }
    lengths
}

fn length_bit(length: usize) -> u64 {
    1 << length.min(63)
}

/// Returns how many of the words are a label, and its force: of the longest that fits. The words are
/// in small letters without marks.
pub(super) fn label_of(words: &[String]) -> Option<(usize, LabelForce)> {
    let first = words.first()?;
    let first = first.trim_end_matches(|c: char| c.is_ascii_digit());
    let singular = first.strip_suffix('s').unwrap_or(first);
    let known = labels_by_first_word();
    let mut found: Option<(usize, LabelForce)> = None;
    for first in [first, singular] {
        for label in known.get(first).into_iter().flatten() {
            let rest = words.get(1..label.words.len());
            let fits = rest.is_some_and(|rest| {
                rest.iter().zip(&label.words[1..]).all(|(word, known)| {
                    let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
                    word == known || word.strip_suffix('s') == Some(known)
                })
            });
            let candidate = (label.words.len(), label.force);
            if fits && found.is_none_or(|found| candidate > found) {
                found = Some(candidate);
            }
        }
    }
    found.or_else(|| {
        let is_joined = JOINED.iter().any(|label| first.ends_with(label));
        is_joined.then_some((1, LabelForce::Strong))
    })
}

/// Returns the label that a word of a language without blanks has in it: its characters.
pub(super) fn label_without_blanks(word: &str) -> Option<std::ops::Range<usize>> {
    static LABELS: OnceLock<Vec<String>> = OnceLock::new();
    let labels = LABELS.get_or_init(|| {
        WITHOUT_BLANKS
            .iter()
            .map(|label| bare_word(label))
            .collect()
    });
    // Thai is the first of these in the order of Unicode.
    if word.chars().all(|c| c < '\u{e00}') {
        return None;
    }
    labels.iter().find_map(|label| {
        let at = word.find(label)?;
        let start = word.get(..at)?.chars().count();
        Some(start..start + label.chars().count())
    })
}

/// Whether words are those for a name and a password side by side.
pub(super) fn is_login_label(words: &str) -> bool {
    LOGINS.contains(&words)
}

/// Whether words are those for somebody who has a password.
pub(super) fn is_user_label(words: &str) -> bool {
    USERS.contains(&words)
}

/// Whether words are those for the words of a wallet.
pub(super) fn is_seed_label(words: &str) -> bool {
    SEED_PHRASES.contains(&words)
}

/// Returns a word with plain letters for what stands for them in a label that is to be hidden: digits
/// inside of it, and letters of Cyrillic beside those of Latin that look alike. `None`: it is plain.
pub(super) fn undisguised(word: &str) -> Option<String> {
    let has_plain = word.chars().any(|c| c.is_ascii_alphabetic());
    let has_digit = word.chars().any(|c| c.is_ascii_digit());
    let has_cyrillic = word.chars().any(|c| matches!(c, '\u{400}'..='\u{4ff}'));
    let has_sign = word.contains(['@', '$', '!']);
    if !has_plain || !(has_digit || has_cyrillic || has_sign) {
        return None;
    }
    let plain = word.chars().map(|c| match c {
        '0' | 'о' => 'o',
        '1' | '!' | 'і' => 'i',
        '3' | 'е' => 'e',
        '4' | '@' | 'а' => 'a',
        '5' | '$' | 'ѕ' => 's',
        'р' => 'p',
        'с' => 'c',
        'у' => 'y',
        'х' => 'x',
        'к' => 'k',
        'т' => 't',
        c => c,
    });
    Some(plain.collect())
}

/// Whether a word behind a label makes it the name of something else.
pub(super) fn is_about_secrets(word: &str) -> bool {
    ABOUT_SECRETS.contains(&word)
}
