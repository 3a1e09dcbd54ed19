//! The extension of an output's path fits its codec: players and muxers go by it.

use crate::base::{Severity, Spanned};
use crate::model::codec::{CODECS, Codec, FilmContainer};
use crate::model::{OutputFormat, Production};
use crate::validate::output_queries::{
    entries_inside_project, has_own_extension, is_inside_project,
};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::path::{Path, PathBuf};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::extension",
    // An error: ffmpeg chooses the container by the extension and would fail, or write one that no
    // player expects.
    severity: Severity::Error,
    // A codec with an error falls back to the default, and the path would be compared with that.
    skip_if_partial: true,
    summary: "the extension of an output's path fits its codec",
    explanation: "Players go by the extension, and each codec belongs in certain files: H.264 and \
        H.265 in .mp4, .mov or .mkv, AV1 in .mp4, .webm or .mkv, VP9 in .webm, .mp4 or .mkv, ProRes \
        in .mov or .mkv, DNxHR in .mov or .mxf, FFV1 in .mkv or .mov. GIF goes to .gif, animated PNG \
        to .png or .apng, animated WebP to .webp, a poster and a contact sheet to .jpg. Picture sequences \
        and HLS go to a folder, a cut list is a .csv, a sprite sheet a .png, and a tile map a .tmx.",
    wrong: "\
outputs:
  - {name: film, codec: prores_422, resolution: 1920x1080, frame_rate: 24, path: out/film.mp4}
",
    right: "\
outputs:
  - {name: film, codec: prores_422, resolution: 1920x1080, frame_rate: 24, path: out/film.mov}
",
    check: report_wrong_extensions,
};

/// Extensions of pictures and films that no codec of ours makes.
const FOREIGN_EXTENSIONS: [&str; 5] = ["tiff", "jpg", "jpeg", "avi", "apng"];

fn report_wrong_extensions(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_wrong_text_extensions(production, findings);
    report_wrong_game_extensions(production, findings);
    for output in entries_inside_project(production) {
        let path = &output.path.value;
        let codec = output.format.codec;
        let wrong = if codec.is_folder() {
            is_file_name(path)
        } else {
            !has_film_extension(path, &output.format)
        };
        if !wrong {
            continue;
        }
        let right = path.with_extension(if codec.is_folder() {
            ""
        } else {
            output.format.extension()
        });
        let kind = if codec.is_folder() {
            folder_words(codec)
        } else {
            "one file"
        };
        let what = format!("{kind} in {}", codec.id());
        report_ending(findings, &output.name.value, &what, &output.path, &right);
    }
}

fn report_ending(
    findings: &mut RuleFindings,
    name: &str,
    what: &str,
    path: &Spanned<PathBuf>,
    right: &Path,
) {
    let message = format!("output `{name}` is {what}, which its path does not fit");
    findings.push(
        findings
            .finding_at(path.origin, message)
            .with_label("wrong ending")
            .with_help(format!("write `{}`", right.display())),
    );
}

fn folder_words(codec: Codec) -> &'static str {
    if codec.is_sequence() {
        "a folder of pictures"
    } else {
        "a folder"
    }
}

fn has_film_extension(path: &Path, format: &OutputFormat) -> bool {
    let other = (format.codec == Codec::Apng).then_some("apng");
    let mut fitting = std::iter::once(format.extension()).chain(other);
    fitting.any(|extension| has_extension(path, extension))
}

/// Reports texts whose path has another extension than their kind.
fn report_wrong_text_extensions(production: &Production, findings: &mut RuleFindings) {
    let exports = production.exports.iter();
    for export in exports.filter(|export| is_inside_project(&export.path)) {
        let path = &export.path.value;
        let extension = export.kind.extension();
        if has_extension(path, extension) {
            continue;
        }
        let what = format!("a `{}`", export.kind.name());
        let right = path.with_extension(extension);
        report_ending(findings, &export.name.value, &what, &export.path, &right);
    }
}

/// Reports deliverables for games whose path has another extension than their kind.
fn report_wrong_game_extensions(production: &Production, findings: &mut RuleFindings) {
    let games = production.game_files();
    let games = games.filter(|files| is_inside_project(files.path));
    for files in games.filter(|files| !has_own_extension(files)) {
        let what = format!("a {}", files.kind.noun());
        let right = files.path.value.with_extension(files.kind.extension());
        report_ending(findings, &files.name.value, &what, files.path, &right);
    }
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension()
        .is_some_and(|own| own.eq_ignore_ascii_case(extension))
}

/// Returns whether the path ends like a picture or a film. Folders may have other dots, as in
/// `v1.2`.
fn is_file_name(path: &Path) -> bool {
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    extension.is_some_and(|extension| {
        CODECS.iter().any(|spec| spec.extension == extension)
            || FilmContainer::from_extension(&extension).is_some()
            || FOREIGN_EXTENSIONS.contains(&extension.as_str())
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::codec::{CODECS, Codec, FilmContainer};
    use crate::validate::sample::{assert_no_findings, only_finding};
    use std::path::PathBuf;

    #[test]
    fn a_film_in_the_wrong_container_is_given_the_right_one() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].path.value = PathBuf::from("out/film.mov");
        });
        assert_eq!(
            found.message,
            "output `film` is one file in h264, which its path does not fit"
        );
        assert_eq!(found.help.as_deref(), Some("write `out/film.mp4`"));
    }

    /// The explanation is written by hand, and the table of codecs grows.
    #[test]
    fn the_explanation_names_the_extension_of_every_film() {
        for spec in CODECS.iter().filter(|spec| !spec.codec.is_folder()) {
            let containers = spec.codec.film_encoding().map(|film| film.containers);
            let extensions = containers
                .into_iter()
                .flatten()
                .map(|container| container.spec().extension)
                .chain([spec.extension]);
            for extension in extensions {
                let extension = format!(".{extension}");
                assert!(RULE.explanation.contains(&extension), "{}", spec.id);
            }
        }
    }

    #[test]
    fn a_container_that_is_written_decides_about_the_extension() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.encoding.container = Some(FilmContainer::Mkv);
        });
        assert_eq!(found.help.as_deref(), Some("write `out/film.mkv`"));
        assert_no_findings(|production, _| {
            production.outputs[0].format.codec = Codec::Apng;
            production.outputs[0].path.value = PathBuf::from("out/film.apng");
        });
    }

    #[test]
    fn pictures_go_to_a_folder() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.codec = Codec::Png;
            production.outputs[0].path.value = PathBuf::from("out/film.png");
        });
        assert_eq!(found.help.as_deref(), Some("write `out/film`"));
    }

    #[test]
    fn a_folder_may_have_a_dot_in_its_name() {
        assert_no_findings(|production, _| {
            production.outputs[0].format.codec = Codec::Png;
            production.outputs[0].path.value = PathBuf::from("out/v1.2");
        });
    }
}
