//! Queries on captions that several rules share.

use crate::base::FileSpan;
use crate::model::Production;

/// Captions that something asks for.
pub(super) struct WantedCaptions<'a> {
    /// Their language.
    pub(super) language: &'a str,
    /// The place that asks for them.
    pub(super) origin: FileSpan,
}

/// Returns all captions that texts and films ask for, in order.
pub(super) fn wanted_captions(production: &Production) -> Vec<WantedCaptions<'_>> {
    let exports = production.exports.iter();
    let texts = exports
        .filter(|export| export.kind.is_captions())
        .map(|export| WantedCaptions {
            language: export
                .language
                .as_ref()
                .map_or(production.captions.language.as_str(), |language| {
                    language.value.as_str()
                }),
            origin: export
                .language
                .as_ref()
                .map_or(export.name.origin, |language| language.origin),
        });
    let films = production
        .distinct_outputs()
        .flat_map(|output| output.captions.languages());
    let films = films.map(|language| WantedCaptions {
        language: &language.value,
        origin: language.origin,
    });
    texts.chain(films).collect()
}
