//! That the sound of a plan or a run was left out, with what did it, for people and for machines.

use crate::base::printable::flatten_escaped;
use crate::model::{Production, SilenceSource};
use serde::Serialize;

/// That a production has sound in its document, and a plan or a run of it has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SilenceFacts {
    /// Always true: without silence there are no such facts.
    pub no_sound: bool,
    /// What left it out, for people: `--no-sound`, the place in settings, or the last run.
    #[serde(rename = "no_sound_from")]
    pub source: String,
    /// Whether only the last run left it out, so that the next one will not.
    #[serde(skip)]
    is_past: bool,
}

impl SilenceFacts {
    /// Returns what left the sound of a production out. `None`: nothing did.
    #[must_use]
    pub fn from_production(production: &Production) -> Option<Self> {
        let silence = production.silence.as_ref()?;
        Some(Self {
            no_sound: true,
            source: match silence {
                SilenceSource::Requested => "--no-sound".to_owned(),
                SilenceSource::Setting(place) => place.clone(),
                SilenceSource::Plan(path) => format!("the plan {}", path.display()),
                SilenceSource::LastRun(revision) => format!("the last run ({revision})"),
            },
            is_past: matches!(silence, SilenceSource::LastRun(_)),
        })
    }

    /// Returns the silence and what chose it as one line.
    #[must_use]
    pub fn line(&self) -> String {
        // The silence of the last run must not be taken for that of the next one.
        let remark = if self.is_past {
            "; a run without --no-sound has sound"
        } else {
            ""
        };
        format!("no sound, from {}{remark}", flatten_escaped(&self.source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_plan;

    fn line(silence: Option<SilenceSource>) -> Option<String> {
        let mut production = test_plan::sample_production();
        production.silence = silence;
        SilenceFacts::from_production(&production).map(|facts| facts.line())
    }

    #[test]
    fn the_line_names_what_left_the_sound_out() {
        assert_eq!(line(None), None);
        for (silence, text) in [
            (SilenceSource::Requested, "no sound, from --no-sound"),
            (
                SilenceSource::Setting("settings.yaml:3:5".to_owned()),
                "no sound, from settings.yaml:3:5",
            ),
            (
                SilenceSource::Plan("plan.json".into()),
                "no sound, from the plan plan.json",
            ),
            (
                SilenceSource::LastRun("rev-0002".to_owned()),
                "no sound, from the last run (rev-0002); a run without --no-sound has sound",
            ),
        ] {
            assert_eq!(line(Some(silence)).as_deref(), Some(text));
        }
    }
}
