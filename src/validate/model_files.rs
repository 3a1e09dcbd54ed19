//! Checks that apply to every model, of a character, a prop or a set.

use super::external_facts::ExternalFacts;
use super::file_mentions::{FileUsage, mentions_with_usage};
use super::file_problems::{FileProblem, report_file_problems};
use super::rule::RuleFindings;
use crate::model::Production;
use crate::model::model_format::{MODEL_ENDINGS, ModelFormat};
use crate::model::production::AssetRef;

/// What the rules about Blender files that another engine draws say of them.
pub(super) const BLENDER_FILE_EXPLANATION: &str = "A Blender file is drawn as it is by Blender's \
        own engines, `cycles`, `eevee` and `workbench`. Every other engine draws a glTF copy that \
        Blender makes of it: its shapes, plain materials and clips, without its lights and without \
        what only Blender knows. Let Blender draw, or export glTF Binary yourself, which needs no \
        Blender to run.";

/// Reports every model in this role with an unsupported extension. A missing file has its own rule.
pub(super) fn report_unsupported_models(
    usage: FileUsage,
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_file_problems(mentions_with_usage(usage, production), findings, |file| {
        // By extension, not by content: most files are detected as nothing in particular, and the
        // extension is what the author can see.
        let is_known = ModelFormat::from_path(&file.asset.path).is_some();
        let problem = FileProblem::new("is of an unsupported kind", "not a model file");
        let help = format!("models are {MODEL_ENDINGS}; export it as GLB");
        (!is_known && facts.may_exist(file.asset)).then(|| problem.with_help(help))
    });
}

/// Reports every Blender file in this role if some shot is drawn by another engine, which gets a
/// glTF copy of it.
pub(super) fn report_blender_models(
    usage: FileUsage,
    production: &Production,
    findings: &mut RuleFindings,
) {
    let others = production
        .renderers()
        .filter_map(|renderer| renderer.engine.as_ref());
    // One engine other than Blender is enough: its shots will look different.
    let Some(renderer) = others.into_iter().find(|engine| !engine.is_blender()) else {
        return;
    };
    report_file_problems(mentions_with_usage(usage, production), findings, |file| {
        let is_shown = usage != FileUsage::Setup || shows_setup(production, file.asset);
        let message = format!(
            "is a Blender file, of which `{}` draws only a glTF copy",
            renderer.name()
        );
        let glb = file.asset.path.with_extension("glb");
        // A custom setup cannot be a glTF file; the export belongs under `set:`.
        let field = if usage == FileUsage::Setup {
            "set: "
        } else {
            ""
        };
        let help = format!(
            "write `engine: cycles` to have Blender draw it, or export it as glTF Binary yourself and write `{field}{}`",
            glb.display()
        );
        let problem = FileProblem::new(message, "shapes and plain materials only").with_help(help);
        (file.asset.has_extension("blend") && is_shown).then_some(problem)
    });
}

/// Returns whether engines other than Blender draw a copy of this custom setup.
fn shows_setup(production: &Production, setup: &AssetRef) -> bool {
    let mut places = production.locations.iter().filter(|place| {
        place
            .custom_setup
            .as_ref()
            .is_some_and(|asset| asset.path == setup.path)
    });
    // With a `set` beside it, other engines draw that and never open the setup.
    places.any(|place| place.set.is_none())
}
