//! What every model file must be, whoever it belongs to.

use super::facts::Facts;
use super::findings::Findings;
use super::sources::{Use, used_as};
use crate::model::Production;
use crate::model::production::Asset;

/// The built-in engine.
pub(super) const PREVIZ: &str = "previz";

/// Reports every model of this use whose extension no renderer of ours knows. A file that is missing is another mistake.
pub(super) fn report_kinds(usage: Use, production: &Production, facts: &Facts, findings: &mut Findings) {
    let known =
        |asset: &Asset| ["glb", "gltf", "blend"].iter().any(|extension| asset.has_extension(extension));
    for file in used_as(usage, production) {
        if known(file.first.asset) || !facts.may_exist(file.first.asset) {
            continue;
        }
        let found =
            findings.at(file.first.asset.origin, format!("{} is of an unsupported kind", file.first.words()));
        let found =
            found.label("not a model file").help("models are .glb, .gltf or .blend; export it as GLB");
        findings.push(file.mark(found));
    }
}

/// Reports every Blender model of this use when the built-in engine renders, which cannot open it.
pub(super) fn report_blender(usage: Use, production: &Production, findings: &mut Findings) {
    if production.render.engine.hole || production.render.engine.value != PREVIZ {
        return;
    }
    for file in used_as(usage, production) {
        if !file.first.asset.has_extension("blend") {
            continue;
        }
        let message =
            format!("{} needs the Blender provider, which this version does not have", file.first.words());
        let found = findings.at(file.first.asset.origin, message).label("`previz` cannot open this");
        let glb = file.first.asset.path.with_extension("glb");
        let field = if usage == Use::Setup { "set: " } else { "" };
        let help = format!("export it from Blender as glTF Binary and write `{field}{}`", glb.display());
        findings.push(file.mark(found.help(help)));
    }
}
