//! Reports before a submission with which instruments a farm plays music, where they may differ.

use crate::model::farm_profile::FarmProfile;
use crate::model::{Job, JobAction};
use crate::plan::Plan;
use crate::session::production_session::ProductionSession;
use crate::session::session_notice::SessionNotice;

/// Reports what is not certain about the font of the music that machines of the farm will play.
pub(in crate::session) fn report_farm_font(
    farm: &FarmProfile,
    plan: &Plan,
    session: &ProductionSession<'_>,
) {
    let plays_machine_font = |job: &Job| match &job.work {
        JobAction::Music(work) => !work.own_font,
        _ => false,
    };
    let is_played = plan.jobs().any(|(_, planned)| {
        planned.wanted && planned.reason.is_dirty() && plays_machine_font(&planned.job)
    });
    // The font of a machine is only read for music: it has tens of megabytes.
    if !is_played {
        return;
    }
    let here = session.registry.local_instruments();
    if let Some(text) = font_warning(farm, here.as_deref()) {
        session.context.report(&SessionNotice::FontWarning(&text));
    }
}

/// Returns what is not certain. `here` are the instruments of this machine. `None`: nothing.
fn font_warning(farm: &FarmProfile, here: Option<&str>) -> Option<String> {
    let name = &farm.name;
    let here = here.unwrap_or("a SoundFont that cannot be read");
    let Some(there) = farm.nodes.sound_font.as_deref() else {
        let otherwise = if farm.mixed_hosts {
            "plays it differently"
        } else {
            "refuses it"
        };
        return Some(format!(
            "music is planned for what this machine has ({here}); a machine of the farm `{name}` \
             with another font {otherwise}. Put `sound_font` under `nodes` of its profile \
             (`production doctor --for-farm` on one of its machines prints it), or give the \
             production a font of its own (`sound_font` under `sound`)"
        ));
    };
    (there != here).then(|| {
        format!(
            "music is planned for {there}, which the profile of the farm `{name}` names, and this \
             machine has {here}: a run here plays the music again, with other instruments"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warning(there: Option<&str>, here: Option<&str>, mixed_hosts: bool) -> Option<String> {
        let farm: FarmProfile = serde_json::from_value(serde_json::json!({
            "name": "night", "engine": "slurm", "licences": {}, "slots": 1,
            "poll": { "secs": 1, "nanos": 0 }, "lag": { "secs": 1, "nanos": 0 },
            "mixed_hosts": mixed_hosts, "setup": [], "options": [], "path_map": [],
            "nodes": { "programs": {}, "sound_font": there },
        }))
        .unwrap();
        font_warning(&farm, here)
    }

    #[test]
    fn a_farm_with_the_same_font_is_no_reason_to_warn() {
        let font = Some("SoundFont 0123456789ab");
        assert_eq!(warning(font, font, false), None);
    }

    #[test]
    fn a_font_that_is_not_stated_or_differs_is_reported_with_the_remedy() {
        let font = Some("SoundFont 0123456789ab");
        let unstated = warning(None, font, false).unwrap();
        assert!(unstated.contains("(SoundFont 0123456789ab)"), "{unstated}");
        assert!(
            unstated.contains("refuses it. Put `sound_font`"),
            "{unstated}"
        );
        let mixed = warning(None, font, true).unwrap();
        assert!(mixed.contains("plays it differently"), "{mixed}");
        let differs = warning(font, Some("built-in instruments 1"), false).unwrap();
        assert!(
            differs.starts_with("music is planned for SoundFont 0123456789ab"),
            "{differs}"
        );
        assert!(differs.contains("has built-in instruments 1"), "{differs}");
        let broken = warning(font, None, false).unwrap();
        assert!(broken.contains("cannot be read"), "{broken}");
    }
}
