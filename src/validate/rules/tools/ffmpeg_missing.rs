//! Films are encoded by ffmpeg. A warning only: the document is right, and may be run elsewhere.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::outputs::first_film;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::tools::ffmpeg_missing",
    severity: Severity::Warning,
    needs_whole: false,
    summary: "ffmpeg is installed when an output is a film",
    explanation: "Films are encoded by ffmpeg, which was not found on the search path. The document is right, \
        and picture sequences can be made without it. Install ffmpeg; `production doctor` then shows \
        it.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
",
    right: "\
outputs:
  - {name: frames, codec: png, resolution: 1920x1080, frame_rate: 24, path: out/frames}
",
    check,
};

fn check(production: &Production, facts: &Facts, findings: &mut Findings) {
    let Some(film) = first_film(production).filter(|_| !facts.tools.ffmpeg) else {
        return;
    };
    let found = findings.at(
        film.name.origin,
        format!(
            "`ffmpeg` was not found, and output `{}` needs it",
            film.name.value
        ),
    );
    let found = found.with_label(format!("{} is encoded by ffmpeg", film.format.codec.id()));
    findings
        .push(found.with_help("install it with `apt-get install ffmpeg` or `brew install ffmpeg`"));
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Codec;
    use crate::validate::sample::{nothing, only};
    use std::path::PathBuf;

    #[test]
    fn a_film_without_ffmpeg_is_told() {
        let found = only(&RULE, |_, facts| facts.tools.ffmpeg = false);
        assert_eq!(
            found.message,
            "`ffmpeg` was not found, and output `film` needs it"
        );
    }

    #[test]
    fn pictures_need_no_ffmpeg() {
        nothing(|production, facts| {
            facts.tools.ffmpeg = false;
            production.outputs[0].format.codec = Codec::Png;
            production.outputs[0].path.value = PathBuf::from("out/film");
        });
    }
}
