//! What every model file must be, whoever it belongs to.

use super::facts::Facts;
use super::findings::Findings;
use super::sources::{Problem, Use, report, used_as};
use crate::model::Production;
use crate::model::production::AssetRef;

/// Extensions of models.
const KINDS: [&str; 3] = ["glb", "gltf", "blend"];

/// Reports every model of this use whose extension no renderer of ours knows. A file that is missing is another mistake.
pub(super) fn report_kinds(
    usage: Use,
    production: &Production,
    facts: &Facts,
    findings: &mut Findings,
) {
    report(used_as(usage, production), findings, |file| {
        let is_known = KINDS
            .iter()
            .any(|extension| file.asset.has_extension(extension));
        let problem = Problem::new("is of an unsupported kind", "not a model file");
        let help = "models are .glb, .gltf or .blend; export it as GLB".to_owned();
        (!is_known && facts.may_exist(file.asset)).then(|| problem.help(help))
    });
}

/// Reports every Blender model of this use that someone draws who is not Blender: what they get is a glTF copy.
pub(super) fn report_blender(usage: Use, production: &Production, findings: &mut Findings) {
    let others = production
        .renderers()
        .filter_map(|renderer| renderer.engine.as_ref());
    let Some(other) = others.into_iter().find(|engine| !engine.is_blender()) else {
        return;
    };
    report(used_as(usage, production), findings, |file| {
        let is_shown = usage != Use::Setup || shows_setup(production, file.asset);
        let said = format!(
            "is a Blender file, of which `{}` draws only a glTF copy",
            other.name()
        );
        let glb = file.asset.path.with_extension("glb");
        let field = if usage == Use::Setup { "set: " } else { "" };
        let help = format!(
            "write `engine: cycles` to have Blender draw it, or export it as glTF Binary yourself and write `{field}{}`",
            glb.display()
        );
        let problem = Problem::new(said, "shapes and plain materials only").help(help);
        (file.asset.has_extension("blend") && is_shown).then_some(problem)
    });
}

/// Returns whether a custom setup is drawn by others than Blender: where a `set` stands beside it, they draw that.
fn shows_setup(production: &Production, setup: &AssetRef) -> bool {
    let mut places = production.locations.iter().filter(|place| {
        place
            .custom_setup
            .as_ref()
            .is_some_and(|own| own.path == setup.path)
    });
    places.any(|place| place.set.is_none())
}
