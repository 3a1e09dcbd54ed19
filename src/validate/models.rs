//! What every model file must be, whoever it belongs to.

use super::facts::Facts;
use super::findings::Findings;
use super::sources::{Problem, Use, report, used_as};
use crate::model::Production;

/// Extensions of models.
const KINDS: [&str; 3] = ["glb", "gltf", "blend"];

/// Reports every model of this use whose extension no renderer of ours knows. A file that is missing is another mistake.
pub(super) fn report_kinds(usage: Use, production: &Production, facts: &Facts, findings: &mut Findings) {
    report(used_as(usage, production), findings, |file| {
        let is_known = KINDS.iter().any(|extension| file.asset.has_extension(extension));
        let problem = Problem::new("is of an unsupported kind", "not a model file");
        let help = "models are .glb, .gltf or .blend; export it as GLB".to_owned();
        (!is_known && facts.may_exist(file.asset)).then(|| problem.help(help))
    });
}

/// Reports every Blender model of this use: all engines draw from one stage, which is built of glTF.
pub(super) fn report_blender(usage: Use, production: &Production, findings: &mut Findings) {
    report(used_as(usage, production), findings, |file| {
        let said = "is a Blender file, which this version cannot open";
        let glb = file.asset.path.with_extension("glb");
        let field = if usage == Use::Setup { "set: " } else { "" };
        let help = format!("export it from Blender as glTF Binary and write `{field}{}`", glb.display());
        let problem = Problem::new(said, "no engine opens this").help(help);
        file.asset.has_extension("blend").then_some(problem)
    });
}
