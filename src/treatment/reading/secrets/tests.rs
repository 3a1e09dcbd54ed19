//! Lines with secrets, and prose about them.

use crate::treatment::reading::text_redaction::secrets_of_line;

/// Returns a line without its secrets.
fn without_secrets(line: &str) -> String {
    let mut rest = String::new();
    let mut at = 0;
    for range in secrets_of_line(line) {
        rest.push_str(&line[at..range.start]);
        at = range.end;
    }
    rest + &line[at..]
}

/// Checks that nothing of each secret is left of its line.
fn check_taken_out(lines: &[(&str, &str)]) {
    for (line, secret) in lines {
        let rest = without_secrets(line);
        assert!(!rest.contains(secret), "{line}: {rest}");
    }
}

#[test]
fn what_a_stranger_could_use_is_taken_out() {
    check_taken_out(&[
        // Codes, and what opens a network.
        ("Wi-Fi-Code: Sommer2024!", "Sommer2024"),
        ("Wifi: guest / Sommer2024!", "Sommer2024"),
        ("WIFI:T:WPA;S:net;P:kediler1;;", "kediler1"),
        ("PSK: kediler1", "kediler1"),
        ("snmp community: kediler1", "kediler1"),
        ("PIN: 4711", "4711"),
        ("PIN code: 471199", "471199"),
        ("Door code: 4711#", "4711"),
        ("TAN: 884213", "884213"),
        ("One-time code: 884213", "884213"),
        ("2FA code: 884213", "884213"),
        ("Recovery code: abcd-efgh-ijkl", "efgh"),
        ("TOTP: JBSWY3DPEHPK3PXP", "JBSWY3DPEHPK3PXP"),
        // Names beside passwords.
        ("login: admin / Xk29-qq81", "Xk29"),
        ("creds: admin/kediler1", "kediler1"),
        ("Account: admin:kediler1@10.0.0.1", "kediler1"),
        // Commands.
        ("mysql -uroot -pQwerty99x", "Qwerty99x"),
        ("sshpass -p Qwerty99x ssh root@h", "Qwerty99x"),
        ("curl -uadmin:Qwerty99x https://x", "Qwerty99x"),
        ("curl --user=admin:Qwerty99x https://x", "Qwerty99x"),
        ("requirepass kediler1", "kediler1"),
        ("DB_PASS: qwertyuiop", "qwertyuiop"),
        ("authorization: token abcdefghijklmnop", "abcdefghijklmnop"),
        ("secret = \"open sesame\"", "sesame"),
    ]);
}

#[test]
fn secrets_in_disguise_or_known_by_their_form_are_taken_out() {
    check_taken_out(&[
        // Labels in disguise, and signs of every kind behind them.
        ("p4ssw0rd: qwertyuiop12", "qwertyuiop12"),
        ("p\u{430}ssw\u{43e}rd: qwertyuiop12", "qwertyuiop12"),
        ("password &#58; kediler1", "kediler1"),
        ("pass<!-- -->word: kediler1", "kediler1"),
        ("password: ked<!-- -->iler1x", "iler1x"),
        ("password ⇒ kediler1", "kediler1"),
        ("password ~ kediler1", "kediler1"),
        ("password, kediler1", "kediler1"),
        ("password/kediler1", "kediler1"),
        // The other way round.
        ("use kediler1 as the password", "kediler1"),
        ("kediler1 is the password", "kediler1"),
        ("\"kediler1\" (password)", "kediler1"),
        // Phrases.
        ("The password is \"correct horse battery\"", "horse"),
        ("Password: correct horse battery staple", "horse"),
        (
            "Seed phrase: witch collapse practice feed shame open despair creek road again ice least",
            "feed",
        ),
        // By their form alone.
        ("It is A1b2C3d4E5f6G7h8", "A1b2"),
        ("credit card: 4111 1111 1111 1111", "1111 1111"),
        ("My card 4111 1111 1111 1111 is new.", "1111 1111"),
        ("4111-1111-1111-1111, as ever", "1111-1111"),
        ("license: AAAAA-BBBBB-CCCCC-DDDDD-EEEEE", "BBBBB"),
        (
            "Heroku key: 12345678-1234-1234-1234-1234567890ab",
            "1234567890ab",
        ),
        ("Heslo: kocicka9", "kocicka9"),
        ("parole: qwe12345", "qwe12345"),
    ]);
}

#[test]
fn prose_with_labels_and_numbers_is_no_secret() {
    for line in [
        "The key: F#4minor",
        "Key: Covid19 changed everything",
        "Token: ERC-20 explained",
        "Secret: R2-D2's voice",
        "The ring bearer Frodo2024 runs",
        "Cookie: chocolate70percent",
        "Private key: explained",
        "Private key: public-key-cryptography",
        "Access key: Alt+Shift+K",
        "Session key: 10:30am-talk",
        "Master key: Hotel-California",
        "License key: CC-BY-4.0",
        "Password: none of your business!",
        "Password: 123 things to know",
        "Account: Anna / Ben 2024 edition",
        "Login: visit the shop / 24 hours a day",
        "WiFi: 802.11ax / 5GHz",
        "Pin: 3 cm long",
        "Serial number: 1 of 3",
        "Tan: 30 percent darker",
        "Seed: pumpkin sunflower flax chia sesame poppy hemp quinoa",
        "Use AES256 for the password",
        "Call 0800 330 1000 now, or order 1234 5678 9012 3456",
        "ISBN 978-3-16-148410-0",
        "mysql -u root",
        "A password, 12 letters long, is enough",
    ] {
        assert_eq!(without_secrets(line), line);
    }
}
