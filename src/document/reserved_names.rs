//! The reserved newtype names by which a type asks the decoder for a form that serde cannot
//! express.
//!
//! A type passes one of these names to `deserialize_newtype_struct`. `document::de` calls the
//! visitor as each name's line says.

pub(super) use crate::base::spanned_de::SPANNED_NEWTYPE;
use crate::model::output_words::OutputWord;

/// A value or a list of values: the decoder visits a sequence.
pub(super) const ONE_OR_MANY: &str = "$production::one_or_many";
/// A list of entries with `name`, or a map by name: the decoder visits a sequence and fills in the
/// names.
pub(super) const NAMED_LIST: &str = "$production::named_list";
/// Any scalar: the decoder visits its text as written, as [`SPANNED_NEWTYPE`] text.
pub(super) const SCALAR: &str = "$production::scalar";
/// Any value: the decoder visits by shape: unit, newtype (scalar), sequence or map.
pub(super) const WRITTEN: &str = "$production::written";
/// Text or a larger value: the decoder visits a newtype for a scalar, and `visit_some` for a list
/// or map.
pub(super) const TEXT_OR: &str = "$production::text_or";

/// Returns what to write in place of a word of another field of an output, such as `codec: otio`.
/// `name` is that of the type. `None`: the word is of no other field.
pub(super) fn help_of_other_field(name: &str, text: &str) -> Option<String> {
    let own = match name {
        "Codec" => "codec",
        "FilmContainer" => "container",
        _ => return None,
    };
    let word = OutputWord::find(text)?;
    (word.field() != own).then(|| word.help())
}

/// Structs that a named list accepts as text alone, with the fields that the text fills, in order:
/// the first always, the second if nothing else fills it.
const TEXT_ALONE: [(&str, &[&str]); 4] = [
    ("OutputDraft", &["format"]),
    // In a list, text alone cannot be the name too: it is the path of a file.
    ("CharacterDraft", &["model"]),
    ("PropDraft", &["model"]),
    ("LocationDraft", &["preset", "name"]),
];

/// Returns the fields that text alone fills in this struct. Empty if the struct does not accept
/// text.
pub(super) fn fields_of_text(name: &str) -> &'static [&'static str] {
    TEXT_ALONE
        .iter()
        .find(|(known, _)| *known == name)
        .map_or(&[], |(_, fields)| fields)
}
