//! One piece of music plays at a time.

use crate::base::Severity;
use crate::model::Production;
use crate::model::sound::MusicCue;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::overlapping_music",
    // A warning: a theme of one's own may sound over composed music on purpose.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "one piece of music is heard at a time",
    explanation: "Two cues are over the same shots, so two pieces in different keys and tempos are \
        heard at once. A cue without `from` begins with the first shot, and one without `to` ends \
        with the last. Say where the first ends and where the second begins: `to` names the last \
        shot with the music, so the next cue begins with the shot after it.",
    wrong: "\
music: [elegant, energetic]
",
    right: "\
music: elegant
",
    check: report_overlapping_music,
};

fn report_overlapping_music(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let cues = production.sound.iter().flat_map(|sound| &sound.music);
    let mut cues: Vec<&MusicCue> = cues.collect();
    cues.sort_by_key(|cue| cue.first_shot);
    // The cue that plays longest of those that began.
    let mut longest: Option<&MusicCue> = None;
    for cue in cues {
        if let Some(before) = longest.filter(|before| before.last_shot >= cue.first_shot) {
            report_overlap(production, before, cue, findings);
        }
        let is_longer = longest.is_none_or(|before| cue.last_shot > before.last_shot);
        longest = if is_longer { Some(cue) } else { longest };
    }
}

fn report_overlap(
    production: &Production,
    before: &MusicCue,
    cue: &MusicCue,
    findings: &mut RuleFindings,
) {
    let last = before.last_shot.min(cue.last_shot);
    let shot = |index: usize| {
        let shot = production.shots.get(index);
        shot.map_or("", |shot| shot.name.value.as_str())
    };
    let shots = match (shot(cue.first_shot), shot(last)) {
        (first, last) if first == last => format!("in shot `{first}`"),
        (first, last) => format!("from shot `{first}` to `{last}`"),
    };
    let message = format!(
        "music `{}` is heard together with music `{}` {shots}",
        cue.name.value, before.name.value
    );
    let finding = findings
        .finding_at(cue.name.origin, message)
        .with_label("begins before the other ends")
        .with_related(before.name.origin, "the other");
    findings.push(finding.with_help(
        "end one with `to` at the last shot with it, and begin the next with `from` after it",
    ));
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Production;
    use crate::model::sound::{MusicCue, MusicSource};
    use crate::validate::sample::{assert_no_findings, only_finding, sample_name, sample_sound};

    fn play(production: &mut Production, cues: &[(&str, usize, usize)]) {
        let mut sound = sample_sound();
        let cues = cues.iter().zip(80..);
        sound.music = cues
            .map(|((name, first, last), position)| MusicCue {
                name: sample_name(name, position),
                source: MusicSource::Composed {
                    mood: sample_name("elegant", position),
                    seed: 0,
                },
                first_shot: *first,
                last_shot: *last,
                gain: 0.0,
                fade_in: 0.0,
                fade_out: 0.0,
            })
            .collect();
        production.sound = Some(sound);
    }

    #[test]
    fn two_pieces_over_one_shot_are_reported() {
        let found = only_finding(&RULE, |production, _| {
            play(production, &[("walk", 1, 1), ("theme", 0, 1)]);
        });
        assert_eq!(
            found.message,
            "music `walk` is heard together with music `theme` in shot `close`"
        );
    }

    #[test]
    fn a_cue_may_follow_another() {
        assert_no_findings(|production, _| play(production, &[("b", 1, 1), ("a", 0, 0)]));
    }
}
