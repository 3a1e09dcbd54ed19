//! Who, what and where the beats of a production are about: what `ad` says, or what the production
//! has.

use crate::base::Spanned;
use crate::beats::{AdPlaceholders, AdShape, AdWords};
use crate::document::beat_draft::{AdDraft, BeatUseDraft};
use crate::document::draft::{ProductionDraft, StyleDraft};
use crate::document::{OrderedMap, RawScalar, ScalarOrList};
use crate::model::beats::AdOrigin;

/// Returns how the beats of a document were planned.
pub(super) fn ad_origin(draft: &ProductionDraft) -> AdOrigin {
    let text = |field: fn(&AdDraft) -> &Option<Spanned<String>>| {
        let field = field(draft.ad.as_ref()?).as_ref()?;
        (!field.is_placeholder).then(|| field.value.clone())
    };
    AdOrigin {
        prompt: text(|ad| &ad.prompt),
        archetype: text(|ad| &ad.archetype),
    }
}

/// The parts of a production that beats show.
pub(super) struct AdParts<'a> {
    ad: Option<&'a AdDraft>,
    pub(super) product: Option<Spanned<String>>,
    pub(super) person: Option<Spanned<String>>,
    pub(super) logo: Option<Spanned<String>>,
    pub(super) stand: Option<Spanned<String>>,
    pub(super) stage: Option<Spanned<String>>,
    pub(super) setting: Option<Spanned<String>>,
    pub(super) product_mark: Option<ScalarOrList>,
    pub(super) words: AdWords,
}

impl<'a> AdParts<'a> {
    pub(super) fn from_draft(draft: &'a ProductionDraft) -> Self {
        let ad = draft.ad.as_ref();
        let written = |field: fn(&AdDraft) -> &Option<Spanned<String>>| {
            ad.and_then(|ad| field(ad).clone())
                .filter(|name| !name.is_placeholder)
        };
        let logo = written(|ad| &ad.logo);
        let mut props = draft.props.iter().flatten();
        let stand = written(|ad| &ad.stand);
        let is_other = |name: &Spanned<String>| {
            let others = [&logo, &stand].into_iter().flatten();
            others.into_iter().any(|other| other.value == name.value)
        };
        // A logo and a stand are props, too, and no product.
        let first_prop = props.find_map(|prop| prop.name.clone().filter(|name| !is_other(name)));
        let mut people = draft.characters.iter().flatten();
        let mut places = draft.locations.iter().flatten();
        let first_place = places.next().and_then(|place| place.name.clone());
        let last_place = places.last().and_then(|place| place.name.clone());
        Self {
            product: written(|ad| &ad.product).or(first_prop),
            person: written(|ad| &ad.person)
                .or_else(|| people.find_map(|person| person.name.clone())),
            stage: written(|ad| &ad.stage).or_else(|| first_place.clone()),
            // With a single place, people are seen where the product is.
            setting: written(|ad| &ad.setting).or(last_place).or(first_place),
            product_mark: ad.and_then(|ad| ad.product_mark.clone()),
            logo,
            stand,
            words: ad_words(draft),
            ad,
        }
    }

    /// Returns the placeholders of one beat: those of the ad, its own placeholders, and those of
    /// the beat.
    pub(super) fn placeholder_values(
        &self,
        own: &BeatUseDraft,
        product: Option<&Spanned<String>>,
    ) -> AdPlaceholders {
        let mut values = self.words.placeholder_values();
        if values.get("product_name").is_none() {
            let name = product.map(|name| name.value.replace('_', " "));
            values.set("product_name", name.as_deref().unwrap_or_default());
        }
        let of_ad = self.ad.and_then(|ad| ad.placeholders.as_ref());
        // The beat last: what it says of itself goes before what the ad says of all.
        for (name, value) in [of_ad, own.placeholders.as_ref()]
            .into_iter()
            .flatten()
            .flat_map(OrderedMap::<RawScalar>::iter)
        {
            values.set(&name.value, &value.value);
        }
        values
    }
}

fn ad_words(draft: &ProductionDraft) -> AdWords {
    let none = AdDraft::default();
    let ad = draft.ad.as_ref().unwrap_or(&none);
    let text = |field: &Option<Spanned<String>>| {
        field
            .as_ref()
            .map(|text| text.value.clone())
            .unwrap_or_default()
    };
    let style = draft
        .style
        .clone()
        .map(StyleDraft::from)
        .unwrap_or_default();
    // The look of the film is that of its ad, if the ad names none.
    let or_else = |own: String, other: &Option<Spanned<String>>| {
        if own.is_empty() { text(other) } else { own }
    };
    AdWords {
        product_name: text(&ad.product_name),
        brand_name: text(&ad.brand_name),
        aesthetic: or_else(text(&ad.aesthetic), &style.preset).replace('_', " "),
        mood: or_else(text(&ad.mood), &style.mood),
        palette: ad
            .palette
            .iter()
            .flatten()
            .map(|colour| colour.value.clone())
            .collect(),
        lighting: text(&ad.lighting),
        key_message: text(&ad.key_message),
        call_to_action: text(&ad.call_to_action),
        aspect: film_shape(draft).name(),
    }
}

/// Returns the shape of the first output that says one, else the usual one.
fn film_shape(draft: &ProductionDraft) -> AdShape {
    let outputs = draft.outputs.iter().flatten();
    let mut shapes = outputs.filter_map(|output| match output.resolution.as_ref()? {
        ScalarOrList::One(text) => AdShape::parse(&text.value),
        ScalarOrList::List(sides) => {
            let sides: Vec<&str> = sides.value.iter().map(|side| side.value.as_str()).collect();
            AdShape::parse(&sides.join("x"))
        }
    });
    shapes.next().unwrap_or(AdShape::USUAL)
}
