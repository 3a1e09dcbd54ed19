//! From words about music to the moods that music is composed in.

/// Words, each with its mood of `production library moods`. The first that is in the text counts.
const MOODS: &[(&str, &str)] = &[
    ("no music", "off"),
    ("silence", "off"),
    ("silent", "off"),
    ("none", "off"),
    ("keine", "off"),
    ("suspens", "suspenseful"),
    ("tense", "suspenseful"),
    ("tension", "suspenseful"),
    ("thriller", "suspenseful"),
    ("ominous", "suspenseful"),
    ("myster", "mysterious"),
    ("ambient", "mysterious"),
    ("eerie", "mysterious"),
    ("dramatic", "dramatic"),
    ("epic", "dramatic"),
    ("cinematic", "dramatic"),
    ("orchestral", "dramatic"),
    ("heroic", "dramatic"),
    ("trailer", "dramatic"),
    ("action", "action"),
    ("aggressive", "action"),
    ("driving", "action"),
    ("intense", "action"),
    ("rock", "action"),
    ("energetic", "energetic"),
    ("upbeat", "energetic"),
    ("electronic", "energetic"),
    ("edm", "energetic"),
    ("dance", "energetic"),
    ("hip hop", "energetic"),
    ("dynamic", "energetic"),
    ("fast", "energetic"),
    ("urban", "energetic"),
    ("pop", "energetic"),
    ("beat", "energetic"),
    ("playful", "playful"),
    ("quirky", "playful"),
    ("fun", "playful"),
    ("whimsical", "playful"),
    ("verspielt", "playful"),
    ("comed", "comedic"),
    ("comic", "comedic"),
    ("funny", "comedic"),
    ("happy", "bright"),
    ("bright", "bright"),
    ("cheerful", "bright"),
    ("optimistic", "bright"),
    ("uplifting", "bright"),
    ("hopeful", "bright"),
    ("fröhlich", "bright"),
    ("joy", "bright"),
    ("romantic", "romantic"),
    ("love", "romantic"),
    ("emotional", "emotional"),
    ("moving", "emotional"),
    ("touching", "emotional"),
    ("heartfelt", "emotional"),
    ("inspir", "emotional"),
    ("sad", "melancholic"),
    ("melanchol", "melancholic"),
    ("somber", "melancholic"),
    ("sombre", "melancholic"),
    ("nostalg", "melancholic"),
    ("dark", "dark"),
    ("gloomy", "dark"),
    ("grim", "dark"),
    ("elegant", "elegant"),
    ("luxur", "elegant"),
    ("classical", "elegant"),
    ("premium", "elegant"),
    ("sophisticated", "sophisticated"),
    ("jazz", "sophisticated"),
    ("lounge", "sophisticated"),
    ("smooth", "sophisticated"),
    ("minimal", "minimalist"),
    ("calm", "minimalist"),
    ("soft", "minimalist"),
    ("gentle", "minimalist"),
    ("peaceful", "minimalist"),
    ("relax", "minimalist"),
    ("quiet", "minimalist"),
    ("lo fi", "minimalist"),
    ("lofi", "minimalist"),
    ("ruhig", "minimalist"),
    ("piano", "warm"),
    ("warm", "warm"),
    ("acoustic", "warm"),
    ("guitar", "warm"),
    ("cosy", "warm"),
    ("friendly", "warm"),
    ("folk", "warm"),
    ("cold", "cold"),
    ("icy", "cold"),
    ("corporate", "informative"),
    ("informative", "informative"),
    ("educational", "informative"),
    ("neutral", "neutral"),
    ("tech", "informative"),
    ("curious", "informative"),
    ("explainer", "informative"),
    ("professional", "informative"),
    ("serious", "neutral"),
];

/// Returns the mood of words about music, and the word that decided. `off` is silence.
pub(in crate::treatment) fn music_mood(text: &str) -> Option<(&'static str, &'static str)> {
    let form = format!(" {}", text.to_lowercase().replace('-', " "));
    // A word of the table begins a word of the text: `uplift` is in `uplifting`, `pop` not in
    // `people`.
    MOODS
        .iter()
        .filter_map(|(word, mood)| form.find(&format!(" {word}")).map(|at| (at, *word, *mood)))
        .min_by_key(|(at, ..)| *at)
        .map(|(_, word, mood)| (mood, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_about_music_have_moods() {
        assert_eq!(music_mood("Warm, gentle piano"), Some(("warm", "warm")));
        assert_eq!(
            music_mood("Upbeat electronic"),
            Some(("energetic", "upbeat"))
        );
        assert_eq!(music_mood("None"), Some(("off", "none")));
        assert_eq!(music_mood("xylophone of people"), None);
    }

    #[test]
    fn every_mood_is_one_of_the_library() {
        let configured = include_str!("../../../configs/moods.yaml");
        for (_, mood) in MOODS {
            let entry = format!("\n{mood}: ");
            assert!(*mood == "off" || configured.contains(&entry), "{mood}");
        }
    }
}
