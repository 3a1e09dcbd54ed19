//! Where a farm run stands, in text.

use crate::farm::Standing;
use crate::model::farm::Farm;
use crate::report::figures::number;

/// Returns where the tasks of a farm run stand.
#[must_use]
pub fn standing(revision: &str, farm: &Farm, standing: &Standing) -> String {
    let Standing { tasks, made, failed, running, queued, held, unknown, answered } = standing;
    let engine = farm.engine.name();
    let mut text = format!(
        "\n{revision} is on the farm `{}` ({engine}): {} of {} tasks made, {} failed\n",
        farm.name,
        number(*made),
        number(*tasks),
        number(*failed)
    );
    if !answered {
        text += &format!("  {engine} does not answer now, so of the other tasks only results are known\n");
        return text;
    }
    if *running > 0 {
        text += &format!("  {} running\n", number(*running));
    }
    for (reason, count) in queued {
        text += &format!("  {} waiting ({reason})\n", number(*count));
    }
    for (job, count) in held {
        text += &format!(
            "  {} held as job {job}, until someone lets them go: scontrol release {job}\n",
            number(*count)
        );
    }
    if *unknown > 0 {
        text += &format!(
            "  {} not sent, dropped or lost; `--resume` sends them again when their turn comes\n",
            number(*unknown)
        );
    }
    text
}
