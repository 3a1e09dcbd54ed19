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
        "HdrTransfer" => "hdr",
        "OutputSoundCodec" => "sound",
        _ => return None,
    };
    let word = OutputWord::find(text)?;
    (word.field() != own).then(|| word.help())
}

/// Returns what is added to the list of the words that a field has. `name` is that of the type.
pub(super) fn hint_beside_variants(name: &str) -> &'static str {
    match name {
        // Presets of the project are not known while a document is decoded.
        "Codec" => "; an output preset of yours is named by `format`",
        _ => "",
    }
}

/// Fields that an output has not, and that a word of another field may stand in.
const FIELDS_OF_WORDS: [&str; 10] = [
    "preset",
    "type",
    "kind",
    "encoder",
    "video",
    "video_codec",
    "vcodec",
    "file_format",
    "file_type",
    "extension",
];
/// Fields that an output has not, with those that it has for the same.
const OTHER_FIELDS: [(&str, &str); 14] = [
    ("preset", "format"),
    ("fps", "frame_rate"),
    ("framerate", "frame_rate"),
    ("rate", "frame_rate"),
    ("size", "resolution"),
    ("dimensions", "resolution"),
    ("file", "path"),
    ("filename", "path"),
    ("audio", "sound"),
    ("audio_codec", "sound"),
    ("subtitles", "captions"),
    ("timecode", "burn_in"),
    ("aspect", "resolution"),
    ("bitrate", "bit_rate"),
];

/// Returns what to write in place of a field that an output has not, such as `preset: h264`. `name`
/// is that of the type. `None`: nothing is certain.
pub(super) fn help_of_unknown_field(name: &str, key: &str, value: Option<&str>) -> Option<String> {
    if name != "OutputDraft" {
        return None;
    }
    let key = key.trim().to_lowercase().replace(['-', ' '], "_");
    if FIELDS_OF_WORDS.contains(&key.as_str())
        && let Some(word) = value.and_then(OutputWord::find)
    {
        return Some(word.help());
    }
    let (_, field) = OTHER_FIELDS.iter().find(|(other, _)| *other == key)?;
    Some(format!("write `{field}`"))
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
