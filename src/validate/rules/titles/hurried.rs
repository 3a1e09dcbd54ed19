//! Every title that ends with its shot is seen for as long as it takes to read.

use crate::base::Severity;
use crate::model::Production;
use crate::model::captions::CaptionProfile;
use crate::model::titles::ScreenTitle;
use crate::timeline::TimelineMaker;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::titles::hurried",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every title that ends with its shot can be read before",
    explanation: "A title ends with its shot, and this shot ends before the text can be read: at the \
        reading speed of captions, and not before the shortest time of one. Lengthen the shot, let \
        the title begin earlier, or name a later shot with `until`. A time that `for` gives, and \
        that the shot has, is not judged.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 16}
titles:
  - {text: [Mara Lind, keeper of the lighthouse], style: lower_third, shot: wide, at: 6, for: 48}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 64}
titles:
  - {text: [Mara Lind, keeper of the lighthouse], style: lower_third, shot: wide, at: 6, for: 48}
",
    check: report_hurried_titles,
};

/// A title over pictures, with what is seen of it in the film with all shots.
pub(super) struct ShownTitle<'a> {
    pub(super) title: &'a ScreenTitle,
    /// Frames for which it is seen.
    pub(super) frames: usize,
    /// Frames that it takes to read.
    pub(super) reading: usize,
}

/// Returns the titles over pictures that are seen in the film with all shots.
pub(super) fn shown_titles(production: &Production) -> Vec<ShownTitle<'_>> {
    if production.titles.titles.is_empty() {
        return Vec::new();
    }
    let language = &production.captions.language;
    let profile = production
        .captions
        .profile(language, production.render.rate);
    let timeline = TimelineMaker::new(production).full_timeline();
    let shown = timeline.titles.iter().filter_map(|place| {
        let title = production.titles.titles.get(place.title)?;
        title.backdrop.is_none().then(|| ShownTitle {
            title,
            frames: place.length,
            reading: reading_frames(title, &profile, production),
        })
    });
    shown.collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "titles have a few letters"
)]
fn reading_frames(title: &ScreenTitle, profile: &CaptionProfile, production: &Production) -> usize {
    let texts = title.texts.iter();
    let letters: usize = texts.map(|text| text.value.trim().chars().count()).sum();
    let seconds = letters as f64 / profile.letters_a_second;
    let frames = (seconds * production.render.rate.as_f64()).ceil() as usize;
    // A title of two letters has to be noticed before it can be read.
    frames.max(profile.shortest)
}

impl ShownTitle<'_> {
    /// Returns whether it ends with its shot before it can be read.
    pub(super) fn is_hurried(&self) -> bool {
        let is_as_written = self.title.is_length_written && self.frames == self.title.length;
        self.frames < self.reading && !is_as_written
    }

    /// Returns whether it ends before the shots that it may be over: no title continues over a
    /// card.
    pub(super) fn ends_at_card(&self, production: &Production) -> bool {
        let title = self.title;
        let shots = production.shots.get(title.shot..=title.last_shot);
        let frames = shots
            .unwrap_or_default()
            .iter()
            .map(|shot| shot.frames.len());
        let room = frames.sum::<usize>().saturating_sub(title.start);
        self.frames < title.length.min(room)
    }

    /// Returns the name of the shot behind those that it may be over. `None`: the film ends there.
    pub(super) fn next_shot<'p>(&self, production: &'p Production) -> Option<&'p str> {
        let next = production.shots.get(self.title.last_shot + 1)?;
        Some(&next.name.value)
    }
}

fn report_hurried_titles(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for shown in shown_titles(production) {
        if !shown.is_hurried() {
            continue;
        }
        let message = format!(
            "the title ends with its shot {} frames after it begins, and takes {} to read",
            shown.frames, shown.reading
        );
        let until = match shown.next_shot(production) {
            Some(next) => format!(", or write `until: {next}` to show it there too"),
            None => String::new(),
        };
        let help = format!("lengthen the shot, or let the title begin earlier{until}");
        let finding = findings.finding_at(shown.title.origin, message);
        findings.push(finding.with_label("too short to read").with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{assert_no_findings, only_finding};
    use crate::validate::title_sample::sample_title;

    #[test]
    fn a_title_that_ends_too_early_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            let title = sample_title(
                production,
                "Mara Lind, keeper of the light",
                " ,MLadefghiklnoprt",
            );
            title.start = 40;
        });
        assert_eq!(
            found.message,
            "the title ends with its shot 8 frames after it begins, and takes 36 to read"
        );
    }

    #[test]
    fn a_short_time_that_is_written_and_seen_is_meant() {
        assert_no_findings(|production, _| {
            sample_title(
                production,
                "Mara Lind, keeper of the light",
                " ,MLadefghiklnoprt",
            )
            .length = 8;
        });
    }
}
