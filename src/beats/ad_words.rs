//! The placeholders of an ad (B-16), and the prompt of a beat's picture (B-22).

use super::placeholder_text::AdPlaceholders;
use serde::Serialize;

/// What an ad says in words. Empty texts are unset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdWords {
    /// The name of the product.
    pub product_name: String,
    /// The name of the brand.
    pub brand_name: String,
    /// The look.
    pub aesthetic: String,
    /// The mood.
    pub mood: String,
    /// The colours.
    pub palette: Vec<String>,
    /// The light.
    pub lighting: String,
    /// What the ad says in one sentence.
    pub key_message: String,
    /// The text of the end card.
    pub call_to_action: String,
    /// The shape of the picture, such as `16:9`.
    pub aspect: String,
}

impl AdWords {
    /// Returns the values of the placeholders.
    #[must_use]
    pub fn placeholder_values(&self) -> AdPlaceholders {
        let mut values = AdPlaceholders::default();
        values.set("product_name", &self.product_name);
        values.set("brand_name", &self.brand_name);
        values.set("style_aesthetic", &self.aesthetic);
        values.set("mood", &self.mood);
        if !self.mood.is_empty() {
            values.set("setting", &format!("{} setting", self.mood));
        }
        values.set("key_message", &self.key_message);
        values.set("call_to_action", &self.call_to_action);
        values
    }

    /// Returns the prompt of a picture: the beat's words, the palette, the light and the framing.
    #[must_use]
    pub fn picture_prompt(
        &self,
        template: &str,
        shot_type: &str,
        values: &AdPlaceholders,
    ) -> String {
        let mut parts = vec![values.fill_known(template)];
        if !self.palette.is_empty() {
            parts.push(format!("palette of {}", self.palette.join(", ")));
        }
        if !self.lighting.is_empty() {
            parts.push(format!("lighting: {}", self.lighting));
        }
        if !shot_type.is_empty() {
            let framing = shot_type.replace('_', " ");
            parts.push(format!("{framing} framing, {}", self.aspect));
        }
        parts.join(". ")
    }
}

/// The usual parameters of providers that draw a picture from words (B-22).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ImageParameters {
    /// Steps of denoising.
    pub steps: u32,
    /// Strength of the words.
    pub guidance: f32,
    /// The scheduler of the steps.
    pub scheduler: &'static str,
    /// Width and height.
    pub size: [u32; 2],
}

/// The parameters of a picture on the storyboard.
pub const IMAGE_PARAMETERS: ImageParameters = ImageParameters {
    steps: 30,
    guidance: 7.5,
    scheduler: "K_EULER",
    size: [1280, 720],
};

/// What no picture should show, for providers that draw from words.
pub const NEGATIVE_PROMPT: &str =
    "blurry, low quality, distorted, deformed, watermark, extra limbs, text artefacts";
