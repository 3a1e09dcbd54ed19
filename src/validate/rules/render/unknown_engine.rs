//! The engine is one that this version has. Engines that other versions have are told apart from misspelt ones.

use crate::base::Severity;
use crate::base::nearest::did_you_mean;
use crate::model::Production;
use crate::model::defaults::ENGINE;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::render::unknown_engine",
    severity: Severity::Error,
    needs_whole: false,
    summary: "the render engine exists in this version",
    explanation: "Frames are drawn by an engine, and this version has one, `previz`. A document that names \
        another may have been written for another version or another machine. Write `engine: \
        previz`, or leave the line out.",
    wrong: "\
render_settings:
  engine: previs
",
    right: "\
render_settings:
  engine: previz
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    let engine = &production.render.engine;
    if engine.hole || engine.value == ENGINE {
        return;
    }
    let is_later = is_later(&engine.value);
    let message = match is_later {
        true => format!("render engine `{}` is not in this version", engine.value),
        false => format!("unknown render engine `{}`", engine.value),
    };
    let help = if is_later { None } else { did_you_mean(&engine.value, [ENGINE]) };
    let found = findings.at(engine.origin, message).label("cannot render with this");
    findings.push(
        found.help("write `engine: previz`, the built-in renderer, or leave the line out").maybe_help(help),
    );
}

/// Returns whether this names a provider that is known but not part of this version.
fn is_later(engine: &str) -> bool {
    let engine = engine.to_lowercase();
    engine.starts_with("blender") || ["cycles", "eevee", "command"].contains(&engine.as_str())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{nothing, only};

    #[test]
    fn a_misspelt_engine_offers_previz() {
        let found = only(&RULE, |production, _| production.render.engine.value = "previs".to_owned());
        assert_eq!(found.message, "unknown render engine `previs`");
        assert_eq!(found.help.as_deref(), Some("did you mean `previz`?"));
    }

    #[test]
    fn blender_is_named_as_not_in_this_version() {
        let found =
            only(&RULE, |production, _| production.render.engine.value = "BLENDER_EEVEE_NEXT".to_owned());
        assert_eq!(found.message, "render engine `BLENDER_EEVEE_NEXT` is not in this version");
    }

    #[test]
    fn an_engine_already_reported_is_skipped() {
        nothing(|production, _| {
            production.render.engine.value = "x".to_owned();
            production.render.engine.hole = true;
        });
    }
}
