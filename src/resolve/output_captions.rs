//! Resolves the captions within films.

use super::context::ResolveContext;
use crate::base::Spanned;
use crate::base::suggestions::did_you_mean;
use crate::document::captions_draft::OutputCaptionsDraft;
use crate::document::draft::{OutputDraft, ProductionDraft};
use crate::document::quote::quote_value;
use crate::document::{OneOrMany, TextOr};
use crate::model::production::{Output, OutputCaptions};

/// What the captions of an output are, as one word.
const WORDS: [&str; 3] = ["track", "burn_in", "off"];

/// Gives the outputs their captions. `language` is that of the script.
pub(super) fn resolve_output_captions(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    outputs: &mut [Output],
    language: &str,
) {
    let drafts: Vec<&OutputDraft> = draft.outputs.iter().flatten().collect();
    let mut last: Option<(usize, OutputCaptions)> = None;
    for output in outputs {
        // One entry may be an output for each shot. Its captions are resolved once, so that a
        // mistake in them is reported once.
        let known = last.take().filter(|(entry, _)| *entry == output.entry);
        let captions = known.map(|(_, captions)| captions).or_else(|| {
            // A preset has no captions: they are of one production.
            let written = drafts.get(output.entry)?.captions.as_ref()?;
            Some(output_captions(context, written, output, language))
        });
        let captions = captions.unwrap_or_default();
        output.captions.clone_from(&captions);
        last = Some((output.entry, captions));
    }
}

fn output_captions(
    context: &mut ResolveContext<'_>,
    written: &TextOr<OutputCaptionsDraft>,
    output: &Output,
    language: &str,
) -> OutputCaptions {
    let captions = match written {
        TextOr::Text(word) if word.is_placeholder => return OutputCaptions::default(),
        TextOr::Text(word) => match word.value.trim() {
            "track" => OutputCaptions {
                tracks: vec![word.0.clone().map(|_| language.to_owned())],
                burned: None,
            },
            "burn_in" => OutputCaptions {
                tracks: Vec::new(),
                burned: Some(word.0.clone().map(|_| language.to_owned())),
            },
            "off" | "false" => return OutputCaptions::default(),
            _ => {
                report_unknown_word(context, &word.0);
                return OutputCaptions::default();
            }
        },
        TextOr::Full(fields) => {
            report_no_language(context, fields, output);
            let tracks = fields.track.as_ref();
            OutputCaptions {
                tracks: tracks.map_or_else(Vec::new, |tracks| written_languages(&tracks.value)),
                burned: fields
                    .burn_in
                    .clone()
                    .filter(|language| !language.is_placeholder),
            }
        }
    };
    // Tracks of text are written into these two containers only.
    let extension = output.format.codec.extension();
    if let Some(track) = captions
        .tracks
        .first()
        .filter(|_| !["mp4", "mov"].contains(&extension))
        .cloned()
    {
        let message = format!("`{}` has no track of text", output.name.value);
        let help = "write captions as an output of their own, such as `format: srt`, or deliver a \
                    codec that is in MP4 or QuickTime";
        context.report_error(
            "production::captions::no_track",
            track.origin,
            message,
            Some(help.to_owned()),
        );
        return OutputCaptions {
            tracks: Vec::new(),
            ..captions
        };
    }
    captions
}

/// Reports captions that are written and are in no language, so that the film has none.
fn report_no_language(
    context: &mut ResolveContext<'_>,
    fields: &OutputCaptionsDraft,
    output: &Output,
) {
    let place = match (&fields.track, &fields.burn_in) {
        (None, None) => output.name.origin,
        (Some(tracks), _) if tracks.value.is_empty() && !tracks.is_placeholder => tracks.origin,
        _ => return,
    };
    let message = format!("the captions of `{}` have no language", output.name.value);
    let help = "write the languages, such as `{track: [en, de]}`, `track` for that of the script, \
                or `off`";
    context.report_error(
        "production::captions::unknown_form",
        place,
        message,
        Some(help.to_owned()),
    );
}

fn written_languages(written: &OneOrMany<Spanned<String>>) -> Vec<Spanned<String>> {
    let mut languages: Vec<Spanned<String>> = Vec::new();
    for language in written.iter().filter(|language| !language.is_placeholder) {
        // A language twice would be two tracks of one name.
        if languages.iter().all(|other| other.value != language.value) {
            languages.push(language.clone());
        }
    }
    languages
}

fn report_unknown_word(context: &mut ResolveContext<'_>, word: &Spanned<String>) {
    let near = context
        .allowance
        .search(|| did_you_mean(&word.value, WORDS));
    let help = near.unwrap_or_else(|| {
        "write `track`, `burn_in` or `off`, or languages such as `{track: [en, de]}`".to_owned()
    });
    let message = format!("{} is no form of captions", quote_value(&word.value));
    context.report_error(
        "production::captions::unknown_form",
        word.origin,
        message,
        Some(help),
    );
}

/// Returns whether captions are drawn on the pictures of an output.
pub(super) fn burns_captions(draft: &OutputDraft) -> bool {
    match &draft.captions {
        Some(TextOr::Text(word)) => word.value.trim() == "burn_in",
        Some(TextOr::Full(fields)) => fields.burn_in.is_some(),
        None => false,
    }
}
