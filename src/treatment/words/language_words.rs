//! Names of languages.

/// Names of languages, in English and in themselves, with their tags.
const NAMES: &[(&str, &str)] = &[
    ("english", "en"),
    ("german", "de"),
    ("deutsch", "de"),
    ("french", "fr"),
    ("français", "fr"),
    ("spanish", "es"),
    ("español", "es"),
    ("italian", "it"),
    ("italiano", "it"),
    ("portuguese", "pt"),
    ("português", "pt"),
    ("dutch", "nl"),
    ("nederlands", "nl"),
    ("swedish", "sv"),
    ("svenska", "sv"),
    ("danish", "da"),
    ("norwegian", "nb"),
    ("finnish", "fi"),
    ("polish", "pl"),
    ("polski", "pl"),
    ("czech", "cs"),
    ("turkish", "tr"),
    ("türkçe", "tr"),
    ("russian", "ru"),
    ("русский", "ru"),
    ("ukrainian", "uk"),
    ("greek", "el"),
    ("arabic", "ar"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("japanese", "ja"),
    ("日本語", "ja"),
    ("chinese", "zh"),
    ("中文", "zh"),
    ("korean", "ko"),
    ("한국어", "ko"),
    ("hungarian", "hu"),
    ("romanian", "ro"),
    ("indonesian", "id"),
    ("vietnamese", "vi"),
    ("thai", "th"),
];

/// The two-letter tags of ISO 639-1.
const TAGS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv \
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is \
    it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my \
    na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so \
    sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Returns the tag of a language by name or by tag.
pub(in crate::treatment) fn language_tag(text: &str) -> Option<String> {
    let form = text.trim().to_lowercase();
    if let Some((_, tag)) = NAMES.iter().find(|(name, _)| form.starts_with(name)) {
        return Some((*tag).to_owned());
    }
    let first = text
        .trim()
        .split([',', ';', ' ', '('])
        .next()
        .unwrap_or_default();
    let language = first
        .split(['-', '_'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_tag = first.len() <= 10
        && TAGS.split(' ').any(|tag| tag == language)
        && first
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    is_tag.then(|| first.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_names_and_tags() {
        assert_eq!(language_tag("German"), Some("de".to_owned()));
        assert_eq!(language_tag("en_GB"), Some("en-GB".to_owned()));
        assert_eq!(language_tag("the usual"), None);
        assert_eq!(language_tag("whatever works"), None);
    }
}
