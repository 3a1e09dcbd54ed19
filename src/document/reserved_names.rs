//! The reserved newtype names by which types of ours ask the decoder for more than serde can say.
//!
//! A type passes one of these to `deserialize_newtype_struct`; `document::de` answers as written beside each name.

pub(super) use crate::base::spanned_de::SPANNED_NEWTYPE;

/// A value or a list of values: answered with a sequence.
pub(super) const ONE_OR_MANY: &str = "$production::one_or_many";
/// A list of entries with `name`, or a map by name: answered with a sequence, names filled in.
pub(super) const NAMED_LIST: &str = "$production::named_list";
/// Any scalar: answered with its text as written, as [`SPANNED_NEWTYPE`] text.
pub(super) const SCALAR: &str = "$production::scalar";
/// Any value: answered by its shape: unit, newtype (scalar), sequence or map.
pub(super) const WRITTEN: &str = "$production::written";
/// Text or something larger: answered with a newtype (scalar text) or, for a list or map, as an optional that is there.
pub(super) const TEXT_OR: &str = "$production::text_or";

/// Structs that a named list may hold as text alone, with the fields that the text is, in order: the first always, the
/// second where nothing else gives it.
const TEXT_ALONE: [(&str, &[&str]); 2] = [
    ("OutputDraft", &["format"]),
    ("LocationDraft", &["preset", "name"]),
];

/// Returns the fields that text alone stands for in this struct.
pub(super) fn fields_of_text(name: &str) -> &'static [&'static str] {
    TEXT_ALONE
        .iter()
        .find(|(known, _)| *known == name)
        .map_or(&[], |(_, fields)| fields)
}
