//! The models inside the binary that ads are made of: products and sets, and the people of the
//! example film.

use include_dir::{Dir, include_dir};

static MODELS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/library");
static PEOPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/examples/short_film/assets");

/// The person of ads.
pub(super) const PERSON_MODEL: &str = "mara.glb";
/// Another person, for those who speak with the first.
pub(super) const SECOND_PERSON_MODEL: &str = "ilya.glb";
/// What small products stand on beside a person.
pub(super) const STAND_MODEL: &str = "stand_plinth.glb";
/// The model of a product whose own is not part of this build.
const ANY_PRODUCT: &str = "lantern_lit.glb";

/// Returns the bytes of a model. `None`: it is not part of this build.
pub(super) fn library_model(name: &str) -> Option<&'static [u8]> {
    let file = MODELS.get_file(name).or_else(|| PEOPLE.get_file(name))?;
    Some(file.contents())
}

/// Returns the name and the bytes of the model of a product.
pub(super) fn product_model(name: &str) -> Option<(&str, &'static [u8])> {
    let own = library_model(name).map(|bytes| (name, bytes));
    own.or_else(|| Some((ANY_PRODUCT, library_model(ANY_PRODUCT)?)))
}
