//! A profile as planning uses it: every value is there.

use crate::document::draft::ProfileDraft;

/// The values of a profile.
#[derive(Debug, Clone, PartialEq)]
pub struct ProfileFacts {
    /// Its name.
    pub name: String,
    /// Colours as `rrggbb`: background, text, accent, second accent, quiet.
    pub palette: Vec<String>,
    /// How strong effects are, 0 to 1.
    pub effect_intensity: f32,
    /// Most scenes a minute.
    pub max_pace: f32,
    /// Most that one job may cost.
    pub cost_per_job: f32,
    /// Most that all jobs may cost.
    pub cost_total: f32,
    /// Seconds after which a job is given up.
    pub time_limit: u32,
    /// Effects that suit it.
    pub allowed_effects: Vec<String>,
    /// Effects that it never has.
    pub forbidden_effects: Vec<String>,
    /// A style preset.
    pub style: String,
    /// The mood of the music.
    pub music: String,
    /// The transition between scenes.
    pub transition: String,
}

/// The colours of a profile without its own.
const USUAL_PALETTE: [&str; 5] = ["16324f", "f4f7fa", "2ec4b6", "ff9f1c", "8aa2b8"];

impl ProfileFacts {
    /// Returns the values of a preset. What it leaves out is that of a calm explainer.
    #[must_use]
    pub fn from_draft(name: &str, draft: &ProfileDraft) -> Self {
        let texts = |list: &Option<Vec<crate::base::Spanned<String>>>| {
            let list = list.iter().flatten();
            list.map(|text| text.value.clone()).collect::<Vec<_>>()
        };
        let text = |value: &Option<crate::base::Spanned<String>>, usual: &str| {
            value
                .as_ref()
                .map_or_else(|| usual.to_owned(), |value| value.value.clone())
        };
        let number = |value: Option<crate::base::Spanned<f32>>, usual: f32| {
            value.map_or(usual, |value| value.value)
        };
        let mut palette: Vec<String> = texts(&draft.palette)
            .into_iter()
            .filter(|colour| colour.len() == 6 && colour.chars().all(|c| c.is_ascii_hexdigit()))
            .collect();
        // Filled up to five, because the writer takes colours by their place.
        palette.extend(
            USUAL_PALETTE
                .iter()
                .skip(palette.len())
                .map(|colour| (*colour).to_owned()),
        );
        Self {
            name: name.to_owned(),
            palette,
            effect_intensity: number(draft.effect_intensity, 0.3),
            max_pace: number(draft.max_pace, 2.0),
            cost_per_job: number(draft.cost_per_job, 0.5),
            cost_total: number(draft.cost_total, 5.0),
            time_limit: draft.time_limit.map_or(300, |limit| limit.value),
            allowed_effects: texts(&draft.allowed_effects),
            forbidden_effects: texts(&draft.forbidden_effects),
            style: text(&draft.style, "documentary"),
            music: text(&draft.music, "informative"),
            transition: text(&draft.transition, "cut"),
        }
    }
}
